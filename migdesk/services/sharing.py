"""One file, two offices: which may do what with it, from when to when (requirement R145).

What a sharing does: it is a disclosure, so it begins behind the consent gate and is written
in the log of the person; it holds from its first to its last day, as long as the consent (or
the override that was written down for it) holds. While it holds, computers whose scope covers
a commune of the other office receive the file of the person, and the case that it names if
the rights include the case; once it ends they put them away again, as with all that leaves a
scope (`services.scopes`). The access table and the transfer note say all of this on paper.

What it does not do: on one register, where accounts of both offices work on one database, it
hides nothing; who may see legal, health, shelter or protection notes is decided by
compartments alone, and what an account may write by its role. A computer that receives
everything receives what is not shared too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import N_, Text, _
from migdesk.models.disclosure import Disclosure
from migdesk.models.reception import Sharing
from migdesk.printing.blocks import Block, Column, Paragraph
from migdesk.printing.sheets.common import section, table

from . import consent_gate, records
from .consent_gate import Override
from .views import View, titles, views

PURPOSE = "sharing"
CASE_RIGHTS = frozenset({"read_case", "write_case"})
State = Literal["holds", "later", "ended", "no_consent"]

WORDS: dict[State, Text] = {
    "holds": N_("In force"),
    "later": N_("Not begun"),
    "ended": N_("Ended"),
    "no_consent": N_("Without consent"),
}


@dataclass(frozen=True)
class Shared:
    """A sharing that holds: ids; `case` is "" where the rights leave the case out."""

    id: str
    person: str
    case: str
    office: str
    rights: frozenset[str]


def begin(
    session: Session, id: str, override: Override | None = None, today: date | None = None
) -> None:
    """Hand a file over: the person agreed, or the override is written down. Raises NoConsent,
    NoReason, NotYours, Gone."""
    view = records.get(session, "sharing", id)
    asked = [each.verdict for each in consent_gate.of_record(session, "sharing", id, PURPOSE)]
    consent_gate.let_go(session, asked, "sharing", id, override)
    if not view.values["starts"]:
        day = (today or date.today()).isoformat()
        records.save(session, "sharing", id, {"starts": day})


def end(session: Session, id: str, today: date | None = None) -> None:
    """Share no longer: today is the last day."""
    day = (today or date.today()).isoformat()
    starts = records.get(session, "sharing", id).values["starts"]
    records.save(session, "sharing", id, {"ends": max(day, starts or day)})


def states(
    session: Session, found: Sequence[View], today: date | None = None
) -> dict[str, State]:
    """Where each sharing stands, by its id."""
    agreed = _agreed(session, [_row(view) for view in found])
    day = (today or date.today()).isoformat()
    return {
        view.id: _state(view.values["starts"], view.values["ends"], view.id in agreed, day)
        for view in found
    }


def in_force(session: Session, today: date | None = None) -> tuple[Shared, ...]:
    """All sharings that hold on a day."""
    day = (today or date.today()).isoformat()
    statement = sa.select(Sharing).where(
        Sharing.deleted.is_(False),
        Sharing.person.is_not(None),
        Sharing.office.is_not(None),
        Sharing.starts <= day,
        sa.or_(Sharing.ends.is_(None), Sharing.ends >= day),
    )
    rows = session.scalars(statement).all()
    agreed = _agreed(session, [(r.id, r.person or "", r.office or "") for r in rows])
    return tuple(
        Shared(
            row.id,
            row.person or "",
            (row.case or "") if CASE_RIGHTS.intersection(row.rights or ()) else "",
            row.office or "",
            frozenset(row.rights or ()),
        )
        for row in rows
        if row.id in agreed
    )


def mark(session: Session) -> str:
    """Changes with what is shared, also when only a day passed: what was made of it before
    is to be made again."""
    return " ".join(sorted(f"{one.id}{one.case}" for one in in_force(session)))


def may(session: Session, office: str, person: str, right: str) -> bool:
    """Whether an office has a right (code of `sharing_rights`) on somebody's file today."""
    return any(
        one.office == office and one.person == person and right in one.rights
        for one in in_force(session)
    )


def _state(starts: str | None, ends: str | None, agreed: bool, day: str) -> State:
    if ends and ends < day:
        return "ended"
    if not starts or starts > day:
        return "later"
    return "holds" if agreed else "no_consent"


def _row(view: View) -> tuple[str, str, str]:
    return view.id, view.values["person"] or "", view.values["office"] or ""


def _agreed(session: Session, rows: Iterable[tuple[str, str, str]]) -> set[str]:
    """Those of the sharings (id, person, office) to which the person agrees now, or for which
    an override was written down."""
    found: set[str] = set()
    by_office: dict[str, list[tuple[str, str]]] = {}
    for id, person, office in rows:
        by_office.setdefault(office, []).append((id, person))
    names = titles(session, "office", by_office)
    for office, shared in by_office.items():
        people = [person for _id, person in shared]
        yes = consent_gate.agreeing(session, people, PURPOSE, names.get(office, ""))
        found.update(id for id, person in shared if person in yes)
    ids = [id for shared in by_office.values() for id, _person in shared]
    overridden = sa.select(Disclosure.record).where(
        Disclosure.record.in_(ids),
        Disclosure.purpose == PURPOSE,
        Disclosure.basis == "override",
        Disclosure.deleted.is_(False),
    )
    return found | {str(record) for record in session.scalars(overridden)}


def access_table(session: Session, person: View) -> list[Block]:
    """Who may see a file, and whether that holds today."""
    statement = sa.select(Sharing).where(
        Sharing.deleted.is_(False), Sharing.person == person.id
    )
    found = views(session, "sharing", session.scalars(statement.order_by(Sharing.starts)))
    if not found:
        return [Paragraph(_("The file is shared with no other office."), "hint")]
    stand = states(session, found)
    names = ("office", "role", "case", "rights", "starts", "ends")
    heads: list[Any] = [_("Office"), _("Role"), _("Case"), _("It may"), _("From"), _("Until")]
    rows = [
        (*(view.shown[name] for name in names), str(WORDS[stand[view.id]])) for view in found
    ]
    columns = [Column(str(words)) for words in (*heads, _("Today"))]
    return section(_("Offices that share it"), table(columns, rows))


MADE = {"access-table": access_table}
