"""What the person logged in may change and open. Screens do not offer what the scribe would
refuse (`models.capture.NotYours`); the records' own declarations say what that is."""

from __future__ import annotations

from migdesk import codelists
from migdesk.i18n import _
from migdesk.models import RECORDS

from .desk import Desk


def may_write(desk: Desk, kind: str) -> bool:
    """Whether the role of who is logged in may write records of a kind."""
    return not desk.account.role or desk.account.role in RECORDS[kind].writers


def may_open(desk: Desk, kind: str) -> bool:
    """Whether a place of the window that shows records of a kind is open to this role."""
    from .places import places_for

    role = desk.account.role
    return any(kind in place.kinds and place.open_to(role) for place in places_for(desk))


def may_go(desk: Desk, name: str) -> bool:
    """Whether a place of the window is open to this role."""
    from .places import places_for

    role = desk.account.role
    return any(place.name == name and place.open_to(role) for place in places_for(desk))


def lives_in(desk: Desk, kind: str) -> tuple[int, str]:
    """The place of the window where records of a kind live, or their owners: its turn in the
    navigation and its words; (99, "") for none."""
    from .places import places_for

    for turn, place in enumerate(places_for(desk)):
        if kind in place.kinds:
            return turn, str(place.label)
    about = RECORDS[kind]
    owner = getattr(about[about.owner].kind, "to", "") if about.owner else ""
    return lives_in(desk, owner) if owner else (99, "")


def only_read(desk: Desk, kind: str) -> str:
    """Words for a list or a form of records that this person may not change here."""
    what = RECORDS[kind].plural
    if desk.account.own_role in RECORDS[kind].writers:
        words = _("On this computer this can only be read ({what}). {why}")
        return words.format(what=what, why=enrolled_for_less(desk))
    return _("Your account may read this ({what}), not change it.").format(what=what)


def enrolled_for_less(desk: Desk) -> str:
    """Why an account may do less on this computer than its role says; "" where it may all."""
    if not desk.account.own_role:
        return ""
    words = _(
        "The office enrolled this computer for the role “{here}”, and you are “{own}”: other "
        "computers would hold back what only you may change. Do it on another computer, or "
        "ask for another role of this one (Devices)."
    )
    roles = desk.account.role, desk.account.own_role
    here, own = (codelists.label("roles", role) for role in roles)
    return words.format(here=here, own=own)


def form_place(desk: Desk, kind: str) -> str:
    """Name of the place where this person may fill in a new record of a kind, "" for none."""
    from .places import FORMS, places_for

    if not may_write(desk, kind):
        return ""
    role = desk.account.role
    found = (p for p in places_for(desk) if p.name in FORMS and kind in p.kinds)
    return next((place.name for place in found if place.open_to(role)), "")
