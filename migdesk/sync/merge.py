"""What a row is, given all that was ever written to it.

Words used here. An op *writes* the fields in ``op.fields``. Its *bases* on a field are
the stamps that its writer saw there. On a field that it writes they are what it
replaces; on any other field they only say "seen". On one field:

- the *heads* are the ops that write it and that no other op writing it names as base;
- the *winner* is the head with the highest stamp. A causal successor of an op is never
  beaten by it, whatever the clocks say, because the op is then no head any more;
- each head whose value differs from the winner's is a *conflict*. Heads of equal value
  agree, and are all replaced by the next local change.

Deleting writes the ordinary field ``deleted`` and names as base every field that it saw
(:func:`migdesk.ops.bases_for`). An edit is *concurrent* with a delete on field f if the
delete did not see it (its stamp is not reached from the delete's bases on f by following
bases on f) and the edit did not know the delete (the delete is not reached from the
edit's bases on ``deleted``). While the delete is a head of ``deleted`` with the value
true, each concurrent edit that no other concurrent edit of f has replaced is a conflict
on ``deleted``. A writer on a row that was once deleted or restored must therefore carry
its bases on ``deleted``, also when it writes something else. The same holds of the field
``merged`` with the name of another row as its value: it too puts the row away.

An op that writes ``erased`` as true beats everything, for ever: nothing else of the row
counts, whenever it was written. Emptied ops say nothing.

While an op is missing on the way (its base here, its successor here, itself not) both may
show as heads; the conflict goes when it arrives. A loop of bases, which only a forger can
write, leaves a field without heads: then all ops that write it count as heads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b

import msgspec

from migdesk.ops import CLOSING, DELETED, ERASED, JSON, MERGED, Op, bases_for


class Conflict(msgspec.Struct, frozen=True):
    """Two changes that did not know each other and do not agree.

    `winner` and `other` are stamps; `mine` is the value shown now, `theirs` the one kept
    beside it. A delete against an edit: field ``deleted``, `winner` is the delete,
    `other` the edit, `mine` true, `theirs` false ("the row should live"), and `unseen`
    names the edited fields that the delete did not see. A merge against an edit is the same
    on the field ``merged``; `theirs` is then None. Elsewhere `unseen` is empty.
    To settle: one op that writes the chosen value with :func:`settling` as its bases.
    The id is the same on every computer.
    """

    id: str
    kind: str
    row: str
    field: str
    winner: str
    other: str
    mine: JSON
    theirs: JSON
    unseen: tuple[str, ...] = ()


class RowState(msgspec.Struct, frozen=True):
    """A row as its ops make it.

    `heads` holds, for each field, the stamps of the heads that agree with the shown value,
    the winner first: the bases of the next local change. `values` and `heads` have the
    same fields, ``deleted`` among them once anybody wrote it.
    """

    values: dict[str, JSON]
    heads: dict[str, list[str]]
    conflicts: tuple[Conflict, ...] = ()

    @property
    def deleted(self) -> bool:
        """Whether the row is deleted, as far as one value can say it."""
        return self.values.get(DELETED) is True

    @property
    def erased(self) -> bool:
        """Whether everything it ever said is gone for good."""
        return self.values.get(ERASED) is True


def settle(ops: Iterable[Op]) -> RowState:
    """The state of one row: a pure function of the *set* of its ops.

    Order and repetition do not matter. All ops must be of the same kind and row
    (`ValueError` otherwise). Cost is linear in the ops and their bases.
    """
    unique = _unique(ops)
    if len(unique) == 1:
        return _alone(*unique.values())
    if erasures := [op.stamp for op in unique.values() if op.fields.get(ERASED) is True]:
        erasures.sort(reverse=True)
        gone = (DELETED, ERASED)
        return RowState(dict.fromkeys(gone, True), {field: list(erasures) for field in gone})
    if not unique:
        return RowState({}, {})
    first = next(iter(unique.values()))
    if any(op.row != first.row or op.kind != first.kind for op in unique.values()):
        raise ValueError("ops of several rows")
    values: dict[str, JSON] = {}
    agreeing: dict[str, list[str]] = {}
    conflicts: list[Conflict] = []
    for field, wrote in _writers(unique.values()).items():
        heads = _heads(wrote, field) if len(wrote) > 1 else wrote
        winner = heads[0]
        values[field] = winner.fields[field]
        agreeing[field] = [winner.stamp]
        for head in heads[1:]:
            if _same(head.fields[field], winner.fields[field]):
                agreeing[field].append(head.stamp)
            else:
                conflicts.append(_differing(field, winner, head))
        if field in CLOSING:
            conflicts.extend(_against_edits(unique, heads, field))
    conflicts.sort(key=lambda conflict: (conflict.field, conflict.winner, conflict.other))
    return RowState(values, agreeing, tuple(conflicts))


def _alone(op: Op) -> RowState:
    """The state of a row that was written once, as most were: all its fields share one list
    of heads."""
    heads = [op.stamp]
    if op.fields.get(ERASED) is not True:
        return RowState(op.fields, dict.fromkeys(op.fields, heads))
    gone = (DELETED, ERASED)
    return RowState(dict.fromkeys(gone, True), {field: list(heads) for field in gone})


def settling(state: RowState, field: str) -> dict[str, list[str]]:
    """The bases of an op that settles every conflict on `field` by writing it.

    These are all heads of the field, and what :func:`bases_for` adds; for ``deleted`` all
    heads of every field, so that a confirmed delete leaves no edit unseen.
    """
    bases = bases_for(state.heads, (field,))
    for conflict in state.conflicts:
        if conflict.field in bases and not conflict.unseen:
            bases[conflict.field].append(conflict.other)
    return bases


def _unique(ops: Iterable[Op]) -> dict[str, Op]:
    """By stamp. Two different ops with one stamp come only from a copied computer; one of
    them is taken by its content, so that all computers take the same. What was emptied
    gives way to what was not."""
    unique: dict[str, Op] = {}
    for op in ops:
        known = unique.setdefault(op.stamp, op)
        if known is not op and known != op:
            unique[op.stamp] = stronger(known, op)
    return unique


def stronger(one: Op, two: Op) -> Op:
    """Which of two ops with one stamp counts, wherever they meet."""
    return max(one, two, key=_content)


def _content(op: Op) -> tuple[bool, bytes]:
    return not op.emptied, msgspec.json.encode(op, order="deterministic")


def _writers(ops: Iterable[Op]) -> dict[str, list[Op]]:
    """Who wrote each field; most fields of most rows were written once."""
    writers: dict[str, list[Op]] = {}
    for op in ops:
        for field in op.fields:
            if field in writers:
                writers[field].append(op)
            else:
                writers[field] = [op]
    return writers


def _heads(wrote: list[Op], field: str) -> list[Op]:
    """The heads of a field that these ops wrote, highest stamp first."""
    replaced = {base for op in wrote for base in op.bases.get(field, ())}
    heads = [op for op in wrote if op.stamp not in replaced] or wrote
    return sorted(heads, key=lambda op: op.stamp, reverse=True)


def _same(one: JSON, two: JSON) -> bool:
    """Equality of JSON values: 1 is 1.0, but true is not 1, wherever it lies."""
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(_same, one, two))
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(_same(one[key], two[key]) for key in one)
    return isinstance(one, bool) == isinstance(two, bool) and bool(one == two)


def _conflict_id(op: Op, field: str, other: Op) -> str:
    """32 hex digits, the same whichever of the two won."""
    parts = (op.kind, op.row, field, *sorted((op.stamp, other.stamp)))
    return blake2b(msgspec.json.encode(parts), digest_size=16).hexdigest()


def _differing(field: str, winner: Op, other: Op) -> Conflict:
    return Conflict(
        id=_conflict_id(winner, field, other),
        kind=winner.kind,
        row=winner.row,
        field=field,
        winner=winner.stamp,
        other=other.stamp,
        mine=winner.fields[field],
        theirs=other.fields[field],
    )


def _reached(ops: Mapping[str, Op], field: str, start: Iterable[str]) -> set[str]:
    """Stamps reached from `start`, itself included, by following bases on `field`."""
    reached: set[str] = set()
    ahead = list(start)
    while ahead:
        stamp = ahead.pop()
        if stamp not in reached:
            reached.add(stamp)
            if stamp in ops:
                ahead.extend(ops[stamp].bases.get(field, ()))
    return reached


def _against_edits(
    ops: Mapping[str, Op], heads: list[Op], field: str
) -> Iterator[Conflict]:
    """Conflicts between the ops among the heads of ``deleted`` or ``merged`` that put the
    row away, and what these missed."""
    for closing in heads:
        value = closing.fields[field]
        if value is True or (field == MERGED and value is not None):
            for edit, unseen in _missed(ops, closing, field).items():
                yield Conflict(
                    id=_conflict_id(closing, field, ops[edit]),
                    kind=closing.kind,
                    row=closing.row,
                    field=field,
                    winner=closing.stamp,
                    other=edit,
                    mine=value,
                    theirs=False if field == DELETED else None,
                    unseen=tuple(sorted(unseen)),
                )


def _missed(ops: Mapping[str, Op], closing: Op, register: str) -> dict[str, list[str]]:
    """Edits concurrent with an op that puts the row away by writing `register`, by stamp,
    and on which fields; only the last ones of each field."""
    concurrent: dict[str, list[Op]] = {}
    knowing = _knowing(ops, closing.stamp, register)
    seen: dict[str, set[str]] = {}
    for op in ops.values():
        if op.stamp in knowing:
            continue
        for field in op.fields:
            if field in CLOSING:
                continue
            if field not in seen:
                seen[field] = _reached(ops, field, closing.bases.get(field, ()))
            if op.stamp not in seen[field]:
                concurrent.setdefault(field, []).append(op)
    missed: dict[str, list[str]] = {}
    for field, edits in concurrent.items():
        replaced = {base for edit in edits for base in edit.bases.get(field, ())}
        for edit in edits:
            if edit.stamp not in replaced:
                missed.setdefault(edit.stamp, []).append(field)
    return missed


def _knowing(ops: Mapping[str, Op], closing: str, register: str) -> set[str]:
    """The op itself, and the ops from whose bases on `register` it is reached."""
    above: dict[str, list[str]] = {}
    for op in ops.values():
        for base in op.bases.get(register, ()):
            above.setdefault(base, []).append(op.stamp)
    knowing: set[str] = set()
    ahead = [closing]
    while ahead:
        stamp = ahead.pop()
        if stamp not in knowing:
            knowing.add(stamp)
            ahead.extend(above.get(stamp, ()))
    return knowing
