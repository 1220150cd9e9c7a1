"""To settle: both sides of each conflict, and a person's decision, which is an ordinary op."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models import RECORDS, Field
from migdesk.models.entity import EntityRecord
from migdesk.models.local import ConflictRow
from migdesk.ops import DELETED, Op
from migdesk.sync.merge import Conflict

from . import history
from .merging import asked, states_of
from .views import Gone, load, title_of, titles

Keep = Literal["left", "right", "both"]
ANSWERS = ("submission", "xml")
WITH_ANSWERS = frozenset({"instance", "comments", "language"})
"""What goes with the answers of a submission that a person keeps: nobody chooses between
the identifiers of two copies."""


@dataclass(frozen=True)
class Side:
    """One of two values: what, by whom, on which computer, when."""

    value: str
    who: str
    device: str
    at: str
    stamp: str


@dataclass(frozen=True)
class ConflictView:
    """A field with two values that did not know each other; `left` is shown everywhere
    until a person decides."""

    id: str
    kind: str
    row: str
    title: str
    label: str
    field: str
    left: Side
    right: Side
    before: str
    can_both: bool


def conflicts(session: Session) -> tuple[ConflictView, ...]:
    """Every conflict that waits, computed afresh from the log."""
    rows = list(session.scalars(sa.select(ConflictRow.row).distinct()))
    found = []
    for row, state in states_of(session, rows).items():
        ops = {op.stamp: op for op in history.ops_of(session, row)}
        found += [
            _view(session, conflict, ops)
            for conflict in state.conflicts
            if asked(conflict) and conflict not in _followers(state.conflicts)
        ]
    return tuple(sorted(found, key=lambda view: view.id))


def count(session: Session) -> int:
    """How many conflicts wait."""
    kind, field = ANSWERS
    answers = sa.select(ConflictRow.row).where(ConflictRow.field == field)
    follows = sa.and_(
        ConflictRow.kind == kind,
        ConflictRow.field.in_(WITH_ANSWERS),
        ConflictRow.row.in_(answers),
    )
    rows = sa.select(sa.func.count()).select_from(ConflictRow).where(sa.not_(follows))
    return session.scalar(rows) or 0


def registrations(session: Session) -> int:
    """How many registrations wait (`entity_settle`, which needs the forms)."""
    waiting = sa.select(sa.func.count()).where(
        EntityRecord.state == "waiting", EntityRecord.deleted.is_(False)
    )
    return session.scalar(waiting) or 0


def _followers(conflicts: Sequence[Conflict]) -> list[Conflict]:
    """Conflicts that are settled with that of the answers of their submission."""
    about_answers = any((each.kind, each.field) == ANSWERS for each in conflicts)
    return [each for each in conflicts if about_answers and each.field in WITH_ANSWERS]


def _view(session: Session, conflict: Conflict, ops: dict[str, Op]) -> ConflictView:
    winner, other = ops[conflict.winner], ops[conflict.other]
    declared = RECORDS[conflict.kind].fields.get(conflict.field)
    before = history.value_before(other, conflict.field, ops)
    mine, theirs = _sides(session, declared, conflict)
    return ConflictView(
        id=conflict.id,
        kind=conflict.kind,
        row=conflict.row,
        title=title_of(session, conflict.kind, conflict.row),
        label=_label(conflict, declared),
        field=conflict.field,
        left=_side(session, winner, mine),
        right=_side(session, other, theirs),
        before=_before(session, declared, conflict, before),
        can_both=declared is not None and _both(session, declared, conflict),
    )


def _label(conflict: Conflict, declared: Field | None) -> str:
    if (conflict.kind, conflict.field) == ANSWERS:
        return _("Answers")
    return str(declared.label) if declared else _("Deleted")


def _before(session: Session, declared: Field | None, conflict: Conflict, value: Any) -> str:
    """The value that both sides replaced, in words."""
    if (conflict.kind, conflict.field) == ANSWERS:
        from . import copies  # as in `_sides`

        old, mine = str(value or conflict.mine), str(conflict.mine or "")
        return copies.told(session, conflict.row, old, mine)[0].replace("\n", " · ")
    return history.shown(session, declared.kind, value) if declared else ""


def _sides(session: Session, declared: Field | None, conflict: Conflict) -> tuple[str, str]:
    """Both values in words; of a questionnaire the answers that are not the same."""
    if (conflict.kind, conflict.field) == ANSWERS:
        from . import copies  # here: Today counts conflicts, and needs no form

        mine, theirs = str(conflict.mine or ""), str(conflict.theirs or "")
        return copies.told(session, conflict.row, mine, theirs)
    return (
        _words(session, declared, conflict, conflict.mine),
        _words(session, declared, conflict, conflict.theirs),
    )


def _both(session: Session, declared: Field, conflict: Conflict) -> bool:
    """Whether there is room for both values: a list, or an empty second field."""
    if declared.kind.many:
        return True
    record = load(session, conflict.kind, conflict.row)
    return bool(declared.both) and not getattr(record, declared.both)


def _words(session: Session, declared: Field | None, conflict: Conflict, value: Any) -> str:
    if (conflict.kind, conflict.field) == ("entity", "record") and value:
        line = load(session, conflict.kind, conflict.row)
        return title_of(session, getattr(line, "target", ""), value) or str(value)
    if declared is not None:
        return history.shown(session, declared.kind, value) or _("(empty)")
    if value:
        return _("Deleted")
    fields = RECORDS[conflict.kind].fields
    labels = ", ".join(str(fields[n].label) for n in conflict.unseen if n in fields)
    return _("Kept, with a change of: {fields}").format(fields=labels)


def _side(session: Session, op: Op, value: str) -> Side:
    who = titles(session, "account", [op.actor]).get(op.actor, "")
    return Side(value, who, op.device, history.moment_of(op.stamp), op.stamp)


def settle(session: Session, id: str, keep: Keep) -> None:
    """Write the value that a person chose, naming both sides as its base.

    "both" keeps the shown value and puts the other one into the field declared for it
    (a second telephone), or joins two lists. Raises Gone if it was settled meanwhile.
    """
    row = session.scalar(sa.select(ConflictRow.row).where(ConflictRow.id == id))
    state = states_of(session, [row])[row] if row else None
    conflict = next((c for c in state.conflicts if c.id == id), None) if state else None
    if state is None or conflict is None:
        raise Gone
    record = load(session, conflict.kind, conflict.row)
    value = conflict.theirs if keep == "right" else conflict.mine
    declared = RECORDS[conflict.kind].fields.get(conflict.field)
    if keep == "both" and declared is not None:
        if declared.kind.many:
            value = list(dict.fromkeys([*(conflict.mine or []), *(conflict.theirs or [])]))
        elif declared.both and not getattr(record, declared.both):
            setattr(record, declared.both, conflict.theirs)
    if conflict.field == DELETED:
        value = bool(value)
    history.decide(session, record, conflict.field, value)
    if (conflict.kind, conflict.field) == ANSWERS:
        for each in _followers(state.conflicts):
            same = (each.winner == conflict.winner) == (keep != "right")
            history.decide(session, record, each.field, each.mine if same else each.theirs)
        from . import entities  # here: Today counts conflicts, and needs no form

        entities.apply(session, conflict.row)
