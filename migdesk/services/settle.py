"""To settle: both sides of each conflict, and a person's decision, which is an ordinary op."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models import RECORDS, Field
from migdesk.models.local import ConflictRow
from migdesk.ops import DELETED, Op
from migdesk.sync.merge import Conflict

from . import history
from .merging import states_of
from .views import Gone, load, title_of, titles

Keep = Literal["left", "right", "both"]


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
        found += [_view(session, conflict, ops) for conflict in state.conflicts]
    return tuple(sorted(found, key=lambda view: view.id))


def _view(session: Session, conflict: Conflict, ops: dict[str, Op]) -> ConflictView:
    winner, other = ops[conflict.winner], ops[conflict.other]
    declared = RECORDS[conflict.kind].fields.get(conflict.field)
    before = history.value_before(other, conflict.field, ops)
    return ConflictView(
        id=conflict.id,
        kind=conflict.kind,
        row=conflict.row,
        title=title_of(session, conflict.kind, conflict.row),
        label=str(declared.label) if declared else _("Deleted"),
        field=conflict.field,
        left=_side(session, winner, _words(session, declared, conflict, conflict.mine)),
        right=_side(session, other, _words(session, declared, conflict, conflict.theirs)),
        before=history.shown(session, declared.kind, before) if declared else "",
        can_both=declared is not None and _both(session, declared, conflict),
    )


def _both(session: Session, declared: Field, conflict: Conflict) -> bool:
    """Whether there is room for both values: a list, or an empty second field."""
    if declared.kind.many:
        return True
    record = load(session, conflict.kind, conflict.row)
    return bool(declared.both) and not getattr(record, declared.both)


def _words(session: Session, declared: Field | None, conflict: Conflict, value: Any) -> str:
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
