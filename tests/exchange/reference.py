"""What a row is, said a second time: slow, plain, and without a look at `sync.merge`.

It is written from the design of the exchange, so that the model compares two readings of
one text. Nothing here is clever: sets, and questions asked of every pair of ops.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from migdesk.ops import DELETED, ERASED, MERGED, Op

Clash = tuple[str, frozenset[str]]
"""A conflict: the field, and the stamps of the two ops."""


@dataclass(frozen=True)
class Row:
    """A row as it should be: the value of each field, and the conflicts that wait."""

    values: Mapping[str, Any]
    clashes: frozenset[Clash]
    erased: bool = False


def row_of(ops: Collection[Op]) -> Row:
    """The row that a set of ops makes. Emptied ops (stubs) must not be among them."""
    if any(op.fields.get(ERASED) is True for op in ops):
        return Row({DELETED: True}, frozenset(), erased=True)
    values: dict[str, Any] = {}
    clashes: set[Clash] = set()
    for field in {name for op in ops for name in op.fields}:
        heads = _heads(ops, field)
        winner = max(heads, key=lambda op: op.stamp)
        values[field] = winner.fields[field]
        clashes |= {
            (field, frozenset({winner.stamp, head.stamp}))
            for head in heads
            if _differ(head.fields[field], winner.fields[field])
        }
        if field in (DELETED, MERGED):
            clashes |= set(_unseen(ops, field, heads))
    return Row(values, frozenset(clashes))


def _heads(ops: Collection[Op], field: str) -> list[Op]:
    wrote = [op for op in ops if field in op.fields]
    return [
        op for op in wrote if not any(op.stamp in other.bases.get(field, ()) for other in wrote)
    ]


def _differ(one: Any, two: Any) -> bool:
    return repr(one) != repr(two)


def _unseen(ops: Collection[Op], away: str, heads: list[Op]) -> Iterator[Clash]:
    """The last edits that a standing delete (or merge) did not see, and that did not know
    it."""
    for closing in heads:
        if closing.fields[away] in (None, False):
            continue
        for field in {name for op in ops for name in op.fields} - {DELETED, MERGED}:
            missed = [
                op
                for op in ops
                if field in op.fields
                and op is not closing
                and not _precedes(ops, field, op, closing)
                and not _precedes(ops, away, closing, op)
            ]
            for edit in missed:
                if not any(edit.stamp in later.bases.get(field, ()) for later in missed):
                    yield away, frozenset({closing.stamp, edit.stamp})


def _precedes(ops: Collection[Op], field: str, early: Op, late: Op) -> bool:
    """Whether `late` had heard of `early`, going back from base to base on one field."""
    by_stamp = {op.stamp: op for op in ops}
    ahead, seen = list(late.bases.get(field, ())), set[str]()
    while ahead:
        stamp = ahead.pop()
        if stamp == early.stamp:
            return True
        if stamp in by_stamp and stamp not in seen:
            seen.add(stamp)
            ahead += by_stamp[stamp].bases.get(field, ())
    return False


def root_of(id: str, merged: Mapping[str, str]) -> str:
    """The record that stays, when each of `merged` was put into another."""
    path = [id]
    while path[-1] in merged:
        following = merged[path[-1]]
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]
