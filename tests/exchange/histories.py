"""Chance histories of one row: what `sync.merge` makes of them, and what must be true.

Writers with wrong clocks edit, delete, merge, erase and decide, and hear of each other late,
in part, twice and in any order. The merge must say what the plain `reference` says; whoever
saw everything can answer every question, and from then on asks none himself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import msgspec

from migdesk.clock import Clock
from migdesk.models.capture import bases, pack_stamps
from migdesk.ops import DELETED, ERASED, MERGED, Chain, Op, bases_for, check
from migdesk.sync.merge import RowState, settle, settling
from tests.exchange.reference import row_of

YEAR_MS = 365 * 24 * 3600 * 1000
NOW_MS = 1_795_000_000_000
FIELDS = ("name", "phone")
VALUES: Sequence[Any] = ("a", "b", True, 1, 0, False, None, "", ["a"], [True], [1], {"a": 1})
"""What differs must differ here too: true is not 1."""
AWAY = ("r2", "r3", None)
VERBS = {"edit": 8, "send": 8, "delete": 3, "merge": 3, "decide": 3, "clock": 1, "twin": 0.5}
STEPS = 24


@dataclass
class Writer:
    """A computer with a clock that may be wrong, and the ops that it holds."""

    number: int
    wall: int = NOW_MS
    ops: list[Op] = field(default_factory=list)
    chain: Chain = field(default_factory=Chain)

    def __post_init__(self) -> None:
        self.clock = Clock(f"{self.number:016x}", now=lambda: self.wall)

    @property
    def state(self) -> RowState:
        return settle(self.ops)

    def save(self, name: str, value: Any) -> Op:
        """As a page does it: the bases come from the stamps of the row (`models.capture`)."""
        known = pack_stamps(self.state.heads)
        return self._write({name: value}, bases(known, (name,), set(FIELDS)))

    def tell(self, name: str, value: Any) -> Op:
        """As a service does it: the bases come from the heads (`ops`)."""
        return self._write({name: value}, bases_for(self.state.heads, (name,)))

    def erase(self) -> Op:
        return self._write({DELETED: True, ERASED: True}, {})

    def decide(self, which: int, theirs: bool) -> None:
        """Answer one of the questions that are open here."""
        if waiting := self.state.conflicts:
            one = waiting[which % len(waiting)]
            value = one.theirs if theirs else one.mine
            self._write({one.field: value}, settling(self.state, one.field))

    def hear(self, ops: Sequence[Op]) -> None:
        self.clock.observe_all(op.stamp for op in ops)
        self.ops.extend(ops)

    def _write(self, fields: dict[str, Any], seen: dict[str, list[str]]) -> Op:
        stamp = self.clock.tick()
        what = (stamp, "person", "r1", fields, seen, stamp, "acc", "0.1")
        self.ops.append(check(self.chain.add(*what)))
        return self.ops[-1]


def told(seed: int) -> list[Writer]:
    """Two to four writers with a history behind them."""
    random = Random(seed)
    writers = [Writer(number) for number in range(random.randint(2, 4))]
    erases = random.random() < 0.1
    for verb in random.choices(list(VERBS), list(VERBS.values()), k=STEPS):
        _act(random.choice(writers), verb, random, random.choice(writers))
    if erases:
        random.choice(writers).erase()
    return writers


def _act(one: Writer, verb: str, random: Random, other: Writer) -> None:
    write = random.choice((one.save, one.tell))
    match verb:
        case "edit":
            write(random.choice(FIELDS), random.choice(VALUES))
        case "delete":
            write(DELETED, random.random() < 0.7)
        case "merge":
            write(MERGED, random.choice(AWAY))
        case "decide":
            one.decide(random.randrange(9), random.random() < 0.5)
        case "clock":
            one.wall = NOW_MS + random.randint(-50, 50) * YEAR_MS
        case "twin" if one.ops:
            # Of a computer that was copied: another op with the same stamp.
            said = random.choice(one.ops)
            other.hear([msgspec.structs.replace(said, fields={"name": random.random()})])
        case "send":
            part = random.sample(one.ops, random.randint(0, len(one.ops)))
            other.hear(random.choice((one.ops, part, [*part, *part])))


def compare(ops: Sequence[Op], random: Random) -> None:
    """The merge and the reference read the same out of these ops, in any order."""
    state = settle(ops)
    mixed = [*ops, *random.sample(ops, len(ops) // 2)]
    random.shuffle(mixed)
    assert settle(mixed) == state
    # Of two ops with one stamp the reference is given the one that counts.
    counted = {op.stamp: op for op in _one_each(ops)}
    wanted = row_of(counted.values()) if counted else None
    if wanted is not None and wanted.erased:
        assert state.erased and state.deleted and not state.conflicts
        return
    values = {} if wanted is None else wanted.values
    assert _exactly(state.values) == _exactly(values)
    asked = {(c.field, frozenset({c.winner, c.other})) for c in state.conflicts}
    assert asked == (set() if wanted is None else wanted.clashes)


def _one_each(ops: Sequence[Op]) -> list[Op]:
    ranked = sorted(ops, key=lambda op: msgspec.json.encode(op, order="deterministic"))
    return [op for op in ranked if not op.emptied]


def _exactly(values: Any) -> dict[str, str]:
    return {name: repr(value) for name, value in values.items()}


def bring_together(writers: Sequence[Writer]) -> Writer:
    """One of them hears everything."""
    first, *others = writers
    for other in others:
        first.hear(other.ops)
    return first


def answer(one: Writer, random: Random) -> None:
    """Whoever saw everything answers every question, and then there is none."""
    for _each in range(12):
        one.decide(random.randrange(9), random.random() < 0.5)
    assert one.state.conflicts == ()


def ask_nothing(one: Writer, random: Random) -> None:
    """Whoever saw everything and disputes nothing can do what he likes."""
    for _each in range(8):
        verb = random.choice(("edit", "edit", "delete", "merge"))
        _act(one, verb, random, one)
        assert one.state.conflicts == (), verb


def examine(seed: int) -> None:
    """Tell a history and look at all this; raises AssertionError."""
    writers, random = told(seed), Random(-seed)
    for one in writers:
        compare(one.ops, random)
    first = bring_together(writers)
    compare(first.ops, random)
    if first.state.erased:
        return
    answer(first, random)
    compare(first.ops, random)
    ask_nothing(first, random)
    compare(first.ops, random)
