"""What must come of a story of `model`.

At the end the weather clears, everybody exchanges until nothing moves, and all must hold the
same: the same log, the same records, the same open conflicts, which are those that the plain
`reference` finds; every word ever typed is in every log, unless its record was erased, or its
computer was lost with it. The laptop holds its scope, and not a row more. Nothing that
everybody has lies in the places any more.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import stamp_device
from migdesk.errors import Fault
from migdesk.models.local import HeldBack
from migdesk.services import (
    chunks,
    devices,
    enrolment,
    erasure,
    integrity,
    registry,
    scopes,
    standing,
    streams,
    vouching,
)
from migdesk.services.registry import Trusted
from migdesk.sync.stores import Memory
from tests.exchange.computers import (
    Computer,
    answer_every_question,
    drift,
    expected,
    read,
)
from tests.exchange.office import NAMES

TOGETHER: tuple[tuple[int, ...], ...] = ((0, 1),) * len(NAMES)
"""The places to which each computer goes: all to both."""
ROUNDS = 16
IN_MEMORY = "/dev/shm"
"""Where Linux keeps files in memory: no story needs a disk."""


class Ending:
    """The computers, the places between them, and what was typed."""

    def __init__(self) -> None:
        memory = IN_MEMORY if os.path.isdir(IN_MEMORY) else None
        self.folder = Path(tempfile.mkdtemp(prefix="migdesk-model-", dir=memory))
        self.places = (Memory("share"), Memory("stick"))
        self.words = 0
        self.typed: dict[str, tuple[str, str]] = {}
        """Stamp of an op → the row it is about and the word that was typed."""
        self.typist: dict[str, int] = {}
        """Stamp of an op → the computer on which it was typed."""
        self.attached: dict[str, int] = {}
        """Hash of a file → the computer on which it was attached."""
        self.lost: set[str] = set()
        """Stamps of which nobody had heard when their writer was restored."""
        self.sites = TOGETHER
        self.computers: list[Computer] = []

    @property
    def head(self) -> Computer:
        """Who founded the office."""
        return self.computers[0]

    @property
    def laptop(self) -> Computer:
        """Who has a scope, and may be given all."""
        return self.computers[-1]

    def _line(self, session: Session, one: Computer) -> str:
        (line,) = [each.line for each in devices.devices(session) if each.name == one.name]
        return line

    def _seen(self, one: Computer) -> Trusted:
        """A computer as the head knows it."""
        known = self.head.store.read(registry.trusted).values()
        (seen,) = [each for each in known if each.name == one.name]
        return seen

    def _revoke(self, one: Computer) -> None:
        with suppress(Fault):
            self.head.store.write(lambda s: enrolment.revoke(s, self._line(s, one)))

    def _lives(self, one: Computer) -> bool:
        return one is self.head or (not one.away and self._seen(one).state == "live")

    @property
    def full(self) -> list[Computer]:
        """Those that live and receive everything."""
        return [
            one
            for one in self.computers
            if one is self.head or (self._lives(one) and self._seen(one).scope.everything)
        ]

    def teardown(self) -> None:
        try:
            if self.computers:
                self._clear_up()
                self._compare()
                self._keep_every_word()
                self._keep_every_file()
                answer_every_question(self.computers[0])
        finally:
            for one in self.computers:
                one.store.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _believes_what_is_true(self, one: Computer) -> None:
        """What others are believed to hold is not sent to them: they hold it, unless a copy
        was put in its place and they have not told yet."""
        believed = one.believed()
        for other in self.full:
            if not other.forgot:
                assert believed.get(other.device(), set()) <= other.log().keys(), other.name

    def _clear_up(self) -> None:
        """Good weather: everybody exchanges until nothing moves."""
        latest = max(one.now for one in self.computers)
        for one in self.computers:
            one.update()
            if one.away:
                self._revoke(one)
        for turn in range(ROUNDS):
            self._decide_on_held_back()
            moved = False
            for one, places in zip(self.computers, self.sites, strict=True):
                one.now = latest = latest + 60_000
                if not self._lives(one):
                    continue
                # Where all meet at the share, nobody needs to carry the stick any more.
                for place in places[:1] if turn and self.sites is TOGETHER else places:
                    moved |= one.exchange(self.places[place])
            logs = {one.name: one.log() for one in self.computers if self._lives(one)}
            full = [logs[one.name] for one in self.full]
            same = all(one == two for one, two in pairwise(full))
            if same and not moved and not any(self._left_over().values()):
                return
        sizes = {name: len(log) for name, log in logs.items()}
        said = f"logs {sizes}, moving {moved}, left over {self._left_over()}"
        raise AssertionError(f"after {ROUNDS} rounds not at rest: {said}")

    def _decide_on_held_back(self) -> None:
        """What came through a computer that may not write it, of one that lives no more: a
        person at the head accepts it."""
        away = {w for one in self.computers if not self._lives(one) for w in _writers(one)}
        kept = sa.select(HeldBack.device, HeldBack.stamp)
        for device, stamp in self.head.store.read(lambda s: s.execute(kept).all()):
            if stamp_device(stamp) in away:
                with suppress(vouching.NothingHeld):
                    self.head.store.write(vouching.carry_out, device)

    def _left_over(self) -> dict[str, int]:
        """Computer → changes that still lie in its bundles, though all have them. Two houses
        never hear each other's acknowledgements."""
        found: dict[str, int] = {}
        if self.sites is not TOGETHER:
            return found
        for one, places in zip(self.computers, self.sites, strict=True):
            if not self._lives(one):
                continue
            names = self.places[places[0]].list()
            there = one.store.read(streams.lying, names)
            found[one.name] = sum(each.ops for each in there)
        return found

    def _compare(self) -> None:
        shown, waiting = expected(self.head.log().values())
        gaps = Counter(map(stamp_device, self.lost))
        away = {w for one in self.computers if not self._lives(one) for w in _writers(one)}
        held = set().union(*(one.contents() for one in self.computers if self._lives(one)))
        for one in self.full:
            mine = one.shown()
            assert mine == {key: mine[key] for key in shown}, one.name
            assert mine == shown, one.name
            assert one.clashes() == waiting, one.name
            lacking = {content.digest for content in one.store.read(chunks.not_arrived)}
            assert not lacking & held, one.name  # of others, only who is gone had the bytes
            report = one.store.read(integrity.verify)
            missing = {writer: n for writer, n in report.missing if writer not in away}
            assert one is self.laptop or all(n <= gaps[w] for w, n in missing.items()), report
        for one in filter(self._lives, self.computers):
            assert drift(one.store) == {}, one.name
            report = one.store.read(integrity.verify)
            assert not report.broken, (one.name, report)
            assert one.contents() <= one.files(), one.name
        if self._lives(self.laptop) and self.laptop not in self.full:
            self._compare_laptop()

    def _compare_laptop(self) -> None:
        """It holds what is in its scope as the others do, and of others not a word."""
        scope = self._seen(self.laptop).scope
        belongs = self.head.store.read(scopes.rows, scope, _writers(self.laptop))
        head_log, log = self.head.log(), self.laptop.log()
        assert {read(body).row for body in log.values()} <= belongs
        for stamp, body in head_log.items():
            if read(body).row in belongs:
                assert log.get(stamp) == body, body
        for stamp, (row, word) in self.typed.items():
            if row not in belongs:
                assert word not in log.get(stamp, ""), (row, word)
        shown, waiting = expected(log.values())
        assert self.laptop.shown() == shown
        assert self.laptop.clashes() == waiting

    def _keep_every_word(self) -> None:
        log = self.head.log()
        for stamp, (row, word) in self.typed.items():
            if stamp not in log and not self._lives(self.computers[self.typist[stamp]]):
                continue  # nobody who lives had heard of it, or a person dropped it
            assert stamp in log, word
            assert word in log[stamp] or self._erased(row), word
        for word, row in ((word, row) for row, word in self.typed.values()):
            if self._erased(row):
                assert not any(word in body for body in log.values()), word

    def _keep_every_file(self) -> None:
        head = self.head
        for digest in self.attached.keys() & (head.files() - head.contents()):
            assert not self._lives(self.computers[self.attached[digest]]), digest

    def _erased(self, row: str) -> bool:
        return self.head.store.read(erasure.is_erased, row)


def _writers(one: Computer) -> list[str]:
    return one.store.read(standing.own_writers)
