"""Five computers of one office in bad weather, as a state machine for hypothesis.

Each rule is something that a person, a clock, a stick, a thief or a power cut does. What
must come of it is in `ending`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy.orm import Session

from migdesk.errors import Fault
from migdesk.jobs.exchange import accept_quarantined
from migdesk.models import RECORDS, RecordType
from migdesk.models.capture import NotYours
from migdesk.services import (
    attachments,
    devices,
    duplicates,
    enrolment,
    erasure,
    history,
    merging,
    received,
    records,
    settle,
)
from migdesk.services.enrolment import Grant
from migdesk.services.history import CannotUndo
from migdesk.services.registry import Scope
from migdesk.services.views import Gone
from migdesk.task import Task
from tests.exchange.computers import YEAR_MS, Computer, read
from tests.exchange.ending import TOGETHER, Ending
from tests.exchange.office import INSIDE, NAMES, OUTSIDE, role_on
from tests.exchange.weather import Weather, doubled, lose

START_MS = 1_790_000_000_000
"""An autumn day of 2026."""

APART = ((0,), (0, 1), (1,), (1,), (0,))
"""Two sites, and only `b` carries between them."""
OLD = "d"
"""Who has an older program, until it is updated: one that knows no visits."""
LOST, REVOKED = 2, 3
"""Who may get lost for ever, and who may be revoked and goes on."""

computer = st.integers(0, 4)
pick = st.integers(0, 1_000)
seed = st.integers(0, 1 << 30)


class OneOffice(Ending, RuleBasedStateMachine):
    """See the module. `start` is the folder with the files of `an_office`."""

    start: Path

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        Ending.__init__(self)

    @initialize()
    def set_up(self) -> None:
        for name in NAMES:
            path = self.folder / f"{name}.db"
            shutil.copyfile(self.start / path.name, path)
            made = Computer(name, path, START_MS, role_on(name), old=name == OLD)
            made.open()
            self.computers.append(made)

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
            self.attached[sha256(data).hexdigest()] = at

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
        if visits and not self.computers[at].old and (row := self._one(at, which)):
            self._write(at, lambda s: records.save(s, "visit", visits[0], {"person": row}))

    @rule(at=computer, which=pick)
    def guard(self, at: int, which: int) -> None:
        """What is said in confidence makes a record restricted: the laptop loses it."""
        if row := self._one(at, which):
            word = self._word()
            self._note(at, word, lambda s: records.save(s, "person", row, {"note": word}))

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
        if one.backups and not one.away:
            before = one.log().keys()
            one.restore(which)
            held = set[str]().union(*(each.log() for each in self.computers))
            kept = set[str]().union(*(each.contents() for each in self.computers))
            for digest in self.attached.keys() - kept:
                del self.attached[digest]
            for stamp in before - held:
                self.typed.pop(stamp, None)  # nobody else had heard of it
            self.lost |= before - held

    @rule()
    def update(self) -> None:
        """The program is updated: what waited for a newer one is shown."""
        for one in self.computers:
            one.update()

    # What the office decides.

    @rule(chance=st.integers(0, 3))
    def lose_a_computer(self, chance: int) -> None:
        """It fell into the river; nobody tells the office yet."""
        if not chance:
            self.computers[LOST].away = True

    @rule(chance=st.integers(0, 2))
    def revoke(self, chance: int) -> None:
        """A computer is stolen, and goes on writing."""
        if not chance:
            self._revoke(self.computers[REVOKED])

    @rule(at=computer, accept=st.booleans())
    def look_at_quarantine(self, at: int, accept: bool) -> None:
        one = self.computers[at]
        waiting = one.store.read(received.quarantined)
        if waiting and not one.away:
            with suppress(Fault), one.program():
                if accept:
                    accept_quarantined(one.store, Task(), waiting[0].name)
                else:
                    one.store.write(received.drop_quarantined, waiting[0].name)

    @rule(region=st.sampled_from((INSIDE, OUTSIDE, None)))
    def change_scope(self, region: str | None) -> None:
        """The laptop works elsewhere, or becomes one that receives everything."""
        place = self._place(0, region)
        scope = Scope(False, (place,)) if place else Scope(True)
        (own,) = [one.line for one in self.head.store.read(devices.devices) if one.ours]
        self.laptop.forgot = True
        grant = Grant(self.laptop.name, self.laptop.role, scope, own if place else "")
        self._write(0, lambda s: enrolment.change(s, self._line(s, self.laptop), grant))

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
        one = self.computers[at]
        if place not in self.sites[at] or one.away:
            return
        weather = Weather(self.places[place], Random(seed), hidden, cut, broken)
        with suppress(Fault):
            one.exchange(weather)
        self._believes_what_is_true(one)

    @rule(apart=st.booleans())
    def move(self, apart: bool) -> None:
        """The office moves into two houses, or into one again."""
        self.sites = APART if apart else TOGETHER

    @rule(place=st.integers(0, 1), seed=seed)
    def lose_files(self, place: int, seed: int) -> None:
        lose(self.places[place], Random(seed), 0.3)

    @rule(place=st.integers(0, 1), seed=seed)
    def copy_files(self, place: int, seed: int) -> None:
        """Somebody copies bundles, under other names."""
        doubled(self.places[place], self.places[seed % 2], Random(seed), 0.3)

    # How it is done.

    def _place(self, at: int, name: str | None) -> str | None:
        return self.computers[at].place(name) if name else None

    def _word(self) -> str:
        self.words += 1
        return f"word{self.words}x"

    def _one(self, at: int, which: int, deleted: bool = False) -> str:
        if self.computers[at].away:
            return ""
        rows = self.computers[at].rows(deleted=deleted)
        return rows[which % len(rows)] if rows else ""

    def _write(self, at: int, service: Callable[[Any], object]) -> None:
        with suppress(CannotUndo, Gone, Fault):
            self.computers[at].write(service)

    def _receive(self, at: int, person: str) -> None:
        if person and not self.computers[at].old:
            word = self._word()
            values = {"person": person, "request": "funding_search", "words": word}
            self._note(at, word, lambda s: records.save(s, "visit", None, values))

    def _note(self, at: int, word: str, service: Callable[[Any], object]) -> None:
        """A write in which a word is typed."""
        with suppress(NotYours):
            for stamp, body in self.computers[at].write(service).items():
                if word in body:
                    self.typed[stamp] = (read(body).row, word)
                    self.typist[stamp] = at


def _unknown(session: Session, about: RecordType, row: str, word: str) -> None:
    op = session.info["scribe"].op(about, row, {"hobby": word}, {})
    merging.apply_ops(session, [op], "")
