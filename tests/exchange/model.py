"""Five computers of one office in bad weather, as a state machine for hypothesis.

Each rule is something that a person, a clock, a stick or a power cut does. At the end the
weather clears, everybody exchanges until nothing moves, and all must hold the same: the
same log, the same records, the same open conflicts, which are those that the plain
`reference` finds; every word ever typed is in every log, unless its record was erased.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy.orm import Session

from migdesk.clock import stamp_device
from migdesk.errors import Fault
from migdesk.jobs.exchange import exchange as exchange_round
from migdesk.models import RECORDS, RecordType
from migdesk.models.capture import NotYours
from migdesk.services import (
    attachments,
    chunks,
    duplicates,
    erasure,
    history,
    integrity,
    merging,
    records,
    registry,
    scopes,
    settle,
    standing,
)
from migdesk.services.history import CannotUndo
from migdesk.services.views import Gone
from migdesk.sync.stores import Memory
from migdesk.task import Task
from tests.exchange.computers import (
    YEAR_MS,
    Computer,
    answer_every_question,
    drift,
    expected,
    read,
)
from tests.exchange.office import INSIDE, NAMES, OUTSIDE, role_on
from tests.exchange.weather import Weather, lose

START_MS = 1_790_000_000_000
"""An autumn day of 2026."""

TOGETHER: tuple[tuple[int, ...], ...] = ((0, 1),) * len(NAMES)
"""The places to which each computer goes: all to both."""
APART = ((0,), (0, 1), (1,), (1,), (0,))
"""Two sites, and only `b` carries between them."""
ROUNDS = 16

computer = st.integers(0, 4)
pick = st.integers(0, 1_000)
seed = st.integers(0, 1 << 30)


class OneOffice(RuleBasedStateMachine):
    """See the module. `start` is the folder with the files of `an_office`."""

    start: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="migdesk-model-"))
        self.places = (Memory("share"), Memory("stick"))
        self.words = 0
        self.typed: dict[str, tuple[str, str]] = {}
        """Stamp of an op → the row it is about and the word that was typed."""
        self.lost: set[str] = set()
        """Stamps of which nobody had heard when their writer was restored."""
        self.sites = TOGETHER
        self.computers: list[Computer] = []

    @initialize()
    def set_up(self) -> None:
        for name in NAMES:
            path = self.folder / f"{name}.db"
            shutil.copyfile(self.start / path.name, path)
            made = Computer(name, path, START_MS, role_on(name))
            made.open()
            self.computers.append(made)

    @property
    def full(self) -> list[Computer]:
        """Those that receive everything."""
        return self.computers[:-1]

    @property
    def laptop(self) -> Computer:
        return self.computers[-1]

    # What people do.

    @rule(at=computer, place=st.sampled_from((INSIDE, OUTSIDE, None)))
    def register(self, at: int, place: str | None) -> None:
        word = self._word()
        values = {"family_name": word, "origin": self._place(at, place)}
        self._note(at, word, lambda s: records.save(s, "person", None, values))

    @rule(at=computer, which=pick, place=st.sampled_from((INSIDE, OUTSIDE)))
    def travel(self, at: int, which: int, place: str) -> None:
        """A person comes into the region of the laptop, or leaves it."""
        if row := self._one(at, which):
            values = {"origin": self._place(at, place)}
            self._write(at, lambda s: records.save(s, "person", row, values))

    @rule(at=computer, which=pick)
    def attach(self, at: int, which: int) -> None:
        if row := self._one(at, which):
            data = self._word().encode() * 50_000
            self._write(at, lambda s: attachments.add(s, "scan.jpg", data, row))

    @rule(at=computer, which=pick)
    def of_a_newer_program(self, at: int, which: int) -> None:
        """What this version cannot show is kept, and goes on."""
        if row := self._one(at, which):
            pet = replace(RECORDS["person"], kind="pet")
            word = self._word()
            self._note(at, word, lambda s: _unknown(s, RECORDS["person"], row, word))
            word = self._word()
            self._note(at, word, lambda s: _unknown(s, pet, f"pet-{word}", word))

    @rule(at=computer, which=pick, field=st.sampled_from(("given_name", "contact_note")))
    def edit(self, at: int, which: int, field: str) -> None:
        if row := self._one(at, which):
            word = self._word()
            self._note(at, word, lambda s: records.save(s, "person", row, {field: word}))

    @rule(at=computer, which=pick)
    def agree(self, at: int, which: int) -> None:
        """Two who type the same do not disagree."""
        if row := self._one(at, which):
            self._write(at, lambda s: records.save(s, "person", row, {"sex": "female"}))

    @rule(at=computer, which=pick)
    def receive(self, at: int, which: int) -> None:
        self._receive(at, self._one(at, which))

    @rule(at=computer, which=pick)
    def receive_from_an_old_list(self, at: int, which: int) -> None:
        """It stood on the screen before the person was merged, or deleted."""
        self._receive(at, self._one(at, which, deleted=True))

    @rule(at=computer, which=pick)
    def correct(self, at: int, which: int) -> None:
        """The first visit was that of somebody else."""
        visits = self.computers[at].rows("visit")
        if visits and (row := self._one(at, which)):
            self._write(at, lambda s: records.save(s, "visit", visits[0], {"person": row}))

    @rule(at=computer, which=pick)
    def delete(self, at: int, which: int) -> None:
        if row := self._one(at, which):
            self._write(at, lambda s: records.delete(s, "person", row))

    @rule(at=computer, which=pick)
    def bring_back(self, at: int, which: int) -> None:
        if row := self._one(at, which, deleted=True):
            self._write(at, lambda s: records.restore(s, "person", row))

    @rule(at=computer, which=pick)
    def merge(self, at: int, which: int) -> None:
        rows = self.computers[at].rows()
        if len(rows) > 1:
            away, stays = rows[which % len(rows)], rows[(which + 1) % len(rows)]
            self._write(at, lambda s: duplicates.merge(s, "person", away, stays))

    @rule(at=computer, which=pick)
    def separate(self, at: int, which: int) -> None:
        if row := self._one(at, which, deleted=True):
            self._write(at, lambda s: duplicates.unmerge(s, "person", row))

    @rule(at=computer, which=pick)
    def erase(self, at: int, which: int) -> None:
        if row := self._one(at, which):
            self._write(at, lambda s: erasure.erase(s, "person", row, "asked"))

    @rule(at=computer, which=pick, keep=st.sampled_from(("left", "right")))
    def decide(self, at: int, which: int, keep: settle.Keep) -> None:
        waiting = self.computers[at].store.read(settle.conflicts)
        if waiting:
            id = waiting[which % len(waiting)].id
            self._write(at, lambda s: settle.settle(s, id, keep))

    @rule(at=computer)
    def undo(self, at: int) -> None:
        self._write(at, history.undo_last)

    # What happens to computers.

    @rule(at=computer, minutes=st.integers(0, 3_000))
    def wait(self, at: int, minutes: int) -> None:
        self.computers[at].turn_clock(minutes * 60_000)

    @rule(at=computer, years=st.integers(-50, 50))
    def set_clock(self, at: int, years: int) -> None:
        self.computers[at].turn_clock(years * YEAR_MS)

    @rule(at=computer)
    def back_up(self, at: int) -> None:
        self.computers[at].back_up()

    @rule(at=computer, which=pick)
    def restore(self, at: int, which: int) -> None:
        one = self.computers[at]
        # Not the one that feeds the laptop: restored, it does not know any more what it
        # gave away since the backup, and cannot call it back.
        if one.backups and at > 0:
            before = one.log().keys()
            one.restore(one.backups[which % len(one.backups)])
            held = set[str]().union(*(each.log() for each in self.computers))
            for stamp in before - held:
                self.typed.pop(stamp, None)  # nobody else had heard of it
            self.lost |= before - held

    # What happens between them.

    @rule(
        at=computer,
        place=st.integers(0, 1),
        seed=seed,
        hidden=st.sampled_from((0.0, 0.5)),
        cut=st.sampled_from((0.0, 0.3)),
        broken=st.sampled_from((0.0, 0.2)),
    )
    def exchange(
        self, at: int, place: int, seed: int, hidden: float, cut: float, broken: float
    ) -> None:
        if place not in self.sites[at]:
            return
        weather = Weather(self.places[place], Random(seed), hidden, cut, broken)
        one = self.computers[at]
        before = one.log().keys()
        with suppress(Fault):
            exchange_round(one.store, Task(), weather)
        one.heard(before)
        self._believes_what_is_true(one)

    @rule(apart=st.booleans())
    def move(self, apart: bool) -> None:
        """The office moves into two houses, or into one again."""
        self.sites = APART if apart else TOGETHER

    @rule(place=st.integers(0, 1), seed=seed)
    def lose_files(self, place: int, seed: int) -> None:
        lose(self.places[place], Random(seed), 0.3)

    # What must come of it.

    def teardown(self) -> None:
        try:
            if self.computers:
                self._clear_up()
                self._compare()
                self._keep_every_word()
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
        before: list[dict[str, str]] = []
        stick = self.places[1].list()  # one that is empty need not be carried about
        for _round in range(ROUNDS):
            for one, places in zip(self.computers, self.sites, strict=True):
                one.now = latest = latest + 60_000
                for place in places if stick or self.sites is APART else places[:1]:
                    exchange_round(one.store, Task(), self.places[place])
            logs = [one.log() for one in self.computers]
            full = logs[: len(self.full)]
            if logs == before and all(one == two for one, two in pairwise(full)):
                return
            before = logs
        sizes = {one.name: len(one.log()) for one in self.computers}
        raise AssertionError(f"after {ROUNDS} rounds the logs still differ: {sizes}")

    def _compare(self) -> None:
        shown, waiting = expected(self.computers[0].log().values())
        for one in self.full:
            mine = one.shown()
            assert mine == {key: mine[key] for key in shown}, one.name
            assert mine == shown, one.name
            assert one.clashes() == waiting, one.name
            assert one.store.read(chunks.not_arrived) == (), one.name
        for one in self.computers:
            assert drift(one.store) == {}, one.name
            report = one.store.read(integrity.verify)
            assert not report.broken, (one.name, report)
            if one is not self.laptop:
                gaps = Counter(map(stamp_device, self.lost))
                assert all(n <= gaps[writer] for writer, n in report.missing), report
            assert one.contents() <= one.files(), one.name
        self._compare_laptop()

    def _compare_laptop(self) -> None:
        """It holds what is in its scope as the others do, and of others not a word."""
        device = self.laptop.store.read(registry.identities)[0].device
        head = self.computers[0].store
        scope = head.read(registry.trusted)[device].scope
        writers = self.laptop.store.read(standing.own_writers)
        belongs = head.read(scopes.rows, scope, writers)
        head_log, log = self.computers[0].log(), self.laptop.log()
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
        log = self.computers[0].log()
        for stamp, (row, word) in self.typed.items():
            assert stamp in log, word
            assert word in log[stamp] or self._erased(row), word
        for word, row in ((word, row) for row, word in self.typed.values()):
            if self._erased(row):
                assert not any(word in body for body in log.values()), word

    def _erased(self, row: str) -> bool:
        return self.computers[0].store.read(erasure.is_erased, row)

    # How it is done.

    def _place(self, at: int, name: str | None) -> str | None:
        found = {
            values["name"]: id
            for (kind, id), values in self.computers[at].shown().items()
            if kind == "place"
        }
        return found.get(name)

    def _word(self) -> str:
        self.words += 1
        return f"word{self.words}x"

    def _one(self, at: int, which: int, deleted: bool = False) -> str:
        rows = self.computers[at].rows(deleted=deleted)
        return rows[which % len(rows)] if rows else ""

    def _write(self, at: int, service: Callable[[Any], object]) -> None:
        with suppress(CannotUndo, Gone, Fault):
            self.computers[at].store.write(service)

    def _receive(self, at: int, person: str) -> None:
        if person:
            word = self._word()
            values = {"person": person, "request": "funding_search", "words": word}
            self._note(at, word, lambda s: records.save(s, "visit", None, values))

    def _note(self, at: int, word: str, service: Callable[[Any], object]) -> None:
        """A write in which a word is typed."""
        one = self.computers[at]
        before = one.log().keys()
        with suppress(NotYours):
            one.store.write(service)
        assert all(stamp > one.followed for stamp in one.log().keys() - before)
        one.heard(before)
        for stamp, body in one.log().items():
            if stamp not in before and word in body:
                self.typed[stamp] = (read(body).row, word)


def _unknown(session: Session, about: RecordType, row: str, word: str) -> None:
    op = session.info["scribe"].op(about, row, {"hobby": word}, {})
    merging.apply_ops(session, [op], "")
