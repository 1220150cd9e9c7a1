"""To settle: both sides of a conflict, computed from the log, and a person's decision, which
is an ordinary op."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models import RECORDS, Field, Record
from migdesk.models.local import ConflictRow
from migdesk.ops import DELETED, Op, bases_for
from migdesk.sync.merge import Conflict, RowState

from . import history
from .conflict_list import (
    ALL,
    ANSWERS,
    WITH_ANSWERS,
    count,
    label_of,
    pairs,
    places_of,
    plain,
)
from .merging import states_of, write_op
from .views import Gone, itself, load, title_of, titles

Keep = Literal["left", "right", "both"]
PAST = 20
"""Values of the history of a field that are told."""


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
    """A question with two of its values; `left` is shown everywhere until a person
    decides. `more`: other values, asked about afterwards. `past`: what the field held,
    newest first, both sides among it."""

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
    more: int = 0
    past: tuple[Side, ...] = ()


# one of them ----------------------------------------------------------------------


def conflicts(session: Session) -> tuple[ConflictView, ...]:
    """Every question that waits, as `look` shows it."""
    places, _end = places_of(session, ALL, "", count(session) + 1)
    ids = [rows[0].id for rows in pairs(session, places).values()]
    return tuple(sorted((look(session, id) for id in ids), key=lambda view: view.id))


def look(session: Session, id: str) -> ConflictView:
    """One question with all that a person needs to decide. Raises Gone."""
    state, conflict = _find(session, id)
    ops = {op.stamp: op for op in history.ops_of(session, conflict.row)}
    winner, other = ops[conflict.winner], ops[conflict.other]
    declared = RECORDS[conflict.kind].fields.get(conflict.field)
    before = history.value_before(other, conflict.field, ops)
    mine, theirs = _sides(session, declared, conflict)
    return ConflictView(
        id=conflict.id,
        kind=conflict.kind,
        row=conflict.row,
        title=title_of(session, conflict.kind, conflict.row),
        label=label_of(conflict.kind, conflict.field),
        field=conflict.field,
        left=_side(session, winner, mine),
        right=_side(session, other, theirs),
        before=_before(session, declared, conflict, before),
        can_both=declared is not None and _both(session, declared, conflict),
        more=len({repr(each.theirs) for each in _left_over(state, conflict)}),
        past=tuple(_past(session, conflict, ops.values())),
    )


def _find(session: Session, id: str) -> tuple[RowState, Conflict]:
    """The state of the row and the conflict, from the log; of a deletion, with all the
    changes that it did not see. Raises Gone if it was settled meanwhile."""
    row = session.scalar(sa.select(ConflictRow.row).where(ConflictRow.id == id))
    state = states_of(session, [row])[row] if row else None
    conflict = next((c for c in state.conflicts if c.id == id), None) if state else None
    if state is None or conflict is None:
        raise Gone
    if conflict.unseen:
        unseen = {name for each in state.conflicts for name in each.unseen}
        conflict = msgspec.structs.replace(conflict, unseen=tuple(sorted(unseen)))
    return state, conflict


def _left_over(state: RowState, conflict: Conflict) -> list[Conflict]:
    """Conflicts on the same field about a third value, which a decision between two does
    not answer. A deletion is decided once, whatever it did not see."""
    if conflict.field == DELETED:
        return []
    same = [each for each in state.conflicts if each.field == conflict.field]
    return [each for each in same if repr(each.theirs) != repr(conflict.theirs)]


def _followers(conflicts: Sequence[Conflict]) -> list[Conflict]:
    """Conflicts that are settled with that of the answers of their submission."""
    about_answers = any((each.kind, each.field) == ANSWERS for each in conflicts)
    return [each for each in conflicts if about_answers and each.field in WITH_ANSWERS]


def _past(session: Session, conflict: Conflict, ops: Iterable[Op]) -> Iterable[Side]:
    """What the field held, newest first."""
    if not plain(conflict.kind, conflict.field):
        return
    kind = RECORDS[conflict.kind][conflict.field].kind
    wrote = sorted((op for op in ops if conflict.field in op.fields), key=lambda op: op.stamp)
    for op in wrote[: -PAST - 1 : -1]:
        value = history.shown(session, kind, op.fields[conflict.field])
        yield _side(session, op, value or _("(empty)"))


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
    if conflict.field != DELETED:
        name = title_of(session, conflict.kind, value) if value else ""
        return _("Merged into {name}").format(name=name or "?") if value else _("Separate")
    if value:
        return _("Deleted")
    fields = RECORDS[conflict.kind].fields
    labels = ", ".join(str(fields[n].label) for n in conflict.unseen if n in fields)
    return _("Kept, with a change of: {fields}").format(fields=labels)


def _side(session: Session, op: Op, value: str) -> Side:
    who = titles(session, "account", [op.actor]).get(op.actor, "")
    return Side(value, who, op.device, history.moment_of(op.stamp), op.stamp)


# deciding -------------------------------------------------------------------------


def done(session: Session, decision: Callable[[Session], object]) -> str:
    """Carry out a decision of any sort; the transaction, by which it can be undone ("" if
    nothing was written)."""
    decision(session)
    session.flush()
    return str(session.info["scribe"].tx)


def settle(session: Session, id: str, keep: Keep) -> None:
    """Write the value that a person chose, naming both sides as its base.

    "both" keeps the shown value and puts the other one into the field declared for it
    (a second telephone), or joins two lists. A third value stays a question. Raises Gone
    if it was settled meanwhile.
    """
    state, conflict = _find(session, id)
    record = itself(session, conflict.kind, conflict.row)
    value = conflict.theirs if keep == "right" else conflict.mine
    declared = RECORDS[conflict.kind].fields.get(conflict.field)
    if keep == "both" and declared is not None:
        if declared.kind.many:
            value = list(dict.fromkeys([*(conflict.mine or []), *(conflict.theirs or [])]))
        elif declared.both and not getattr(record, declared.both):
            setattr(record, declared.both, conflict.theirs)
    if conflict.field == DELETED:
        value = bool(value)
    if _left_over(state, conflict):
        _between(session, record, state, conflict, value)
    else:
        history.decide(session, record, conflict.field, value)
    if (conflict.kind, conflict.field) == ANSWERS:
        for each in _followers(state.conflicts):
            same = (each.winner == conflict.winner) == (keep != "right")
            history.decide(session, record, each.field, each.mine if same else each.theirs)
        from . import entities  # here: Today counts conflicts, and needs no form

        entities.apply(session, conflict.row)


def _between(
    session: Session, record: Record, state: RowState, conflict: Conflict, value: Any
) -> None:
    """Decide between two of three values and more: the others stay beside the answer."""
    name = conflict.field
    bases = bases_for(state.heads, (name,))
    open_ = _left_over(state, conflict)
    settled = [c.other for c in state.conflicts if c.field == name and c not in open_]
    bases[name] = [*bases[name], *settled]
    write_op(session, conflict.kind, record.id, {name: value}, bases)
