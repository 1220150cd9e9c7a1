"""What the person logged in may change and open. Screens do not offer what the scribe would
refuse (`models.capture.NotYours`); the records' own declarations say what that is."""

from __future__ import annotations

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


def only_read(kind: str) -> str:
    """Words for a list or a form of records that this person may not change."""
    words = _("Your account may read this ({what}), not change it.")
    return words.format(what=RECORDS[kind].plural)
