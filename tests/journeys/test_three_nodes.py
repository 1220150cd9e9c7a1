"""Two offices, an agency on PostgreSQL and two laptops with a scope: a month of work, carried
by an S3 server and by a stick in turns, with all that happens in a month."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

import pytest

from migdesk.jobs.check import check
from migdesk.jobs.exchange import accept_quarantined
from migdesk.jobs.questionnaires import install_built_in
from migdesk.services import (
    bundles,
    chunks,
    enrolment,
    office,
    received,
    records,
    registry,
    scopes,
    standing,
)
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from migdesk.sync.stores import Address, opened
from migdesk.task import Task
from tests.journeys import nodes
from tests.journeys.ground import Ground
from tests.journeys.month import (
    ERASED,
    EVERYBODY,
    GUARDED,
    INSIDE,
    LEAVING,
    OUTSIDE,
    Month,
    Size,
    known_people,
    prepared,
    shares,
)
from tests.journeys.nodes import Agency, Clock, Computer, Node
from tests.needles import clear
from tests.servers import SECRET, running

SMALL = Size(people=150, conflicts=12, files=6, erased=3)
LARGE = Size(people=50_000, conflicts=300, files=200, erased=20)
DAY_MS = 24 * 3600 * 1000
IN_1980 = 315_532_800_000
OFFICE_SHARE, LAPTOP_SHARE = 0.4, 0.1
ROUNDS = 16

FEED, FORGET, SAVE, LEAVE, REVOKE, RESTORE = 3, 14, 12, 16, 18, 19
"""Days on which something happens: a laptop joins late, people are erased, an office makes
the backup, people move away, a laptop is revoked, the backup is restored."""
CARRIED = dict(zip((2, 5, 8, 12, 15, 20, 25, 28), cycle(("S3", "stick")), strict=False))
"""Day → what carries bundles on it; on the others nobody goes anywhere."""
WRONG_CLOCK = range(8, 11)


class Journey:
    """The computers, what lies between them, and the days."""

    def __init__(self, folder: Path, database: str, server: Address, size: Size) -> None:
        self.folder, self.size, self.held = folder, size, ""
        folder.mkdir()
        start = time.time_ns() // 1_000_000 - (size.days + 2) * DAY_MS
        self.clock = Clock(start)
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.places = {
            "S3": server,
            "stick": Address("folder", str(self.stick)),
        }
        self.head = self._computer("Sédhiou")
        self.other = self._computer("Kolda")
        self.agency = Agency(database, Clock(start))
        self.laptop = self._computer("Laptop")
        self.lost = self._computer("Old laptop")
        self.full: list[Node] = [self.head, self.other, self.agency]
        self.all: list[Node] = [*self.full, self.laptop, self.lost]

    def _computer(self, name: str) -> Computer:
        return Computer(self.folder / name, name, Clock(self.clock.now))

    # before the month

    def found(self) -> None:
        """An office is founded, and lets the others in."""
        head = self.head
        about = {"name": "HOM Sédhiou", "country": "SN"}
        head.write(office.found, about, head.name, head.account)
        head.log_in()
        install_built_in(head.store, Task())
        head.write(enrolment.found_office)
        region = head.write(records.save, "place", None, {"name": "Sédhiou"})
        village = {"name": "Diannah", "parent": region}
        inside = head.write(records.save, "place", None, village)
        outside = head.write(records.save, "place", None, {"name": "Kolda"})
        ground = head.read(prepared, inside, outside)
        self.month = Month(self.size, ground)
        for new in (self.other, self.laptop, self.lost):
            nodes.join(new)
        nodes.admit(head, self.other, Grant("Kolda", "office_head", Scope(True)), self.stick)
        nodes.admit(head, self.agency, Grant("Agency", "agency", Scope(True)), self.stick)
        self._admit_enumerator(self.laptop, Scope(False, (region,), ("needs_assessment",)))
        self._admit_enumerator(self.lost, Scope(False, (outside,), ("needs_assessment",)))
        for one in (self.head, self.other, self.laptop, self.lost):
            one.keep_places(self.places)

    def _admit_enumerator(self, laptop: Computer, scope: Scope) -> None:
        grant = Grant(laptop.name, "enumerator", scope, self.other.line)
        nodes.admit(self.head, laptop, grant, self.stick)

    # the days

    def live(self) -> None:
        """The month, without its end."""
        for day, many in enumerate(shares(self.size.people, self.size.days)):
            self._dawn(day)
            self._work(day, many)
            self._events(day)
            if day in CARRIED:
                away = self._absent(day)
                self.carry(CARRIED[day], [one for one in self.all if one is not away])

    def _absent(self, day: int) -> Node | None:
        """Who does not come by that day."""
        return {8: self.laptop, 15: self.other, 20: self.agency, 25: self.head}.get(day)

    def _dawn(self, day: int) -> None:
        for number, one in enumerate(self.all):
            one.clock.now = self.clock.now + day * DAY_MS + number * 60_000
        self.other.clock.wrong = IN_1980 + day * DAY_MS if day in WRONG_CLOCK else 0

    def _work(self, day: int, many: int) -> None:
        month, early = self.month, day <= 6
        marks = [OUTSIDE] * 6 + [INSIDE] * 2 + [GUARDED]
        office = max(2, round(many * OFFICE_SHARE))
        month.register(self.head, office, marks, True)
        month.register(self.other, office, marks, True)
        if day < LEAVE:
            month.register(self.other, max(1, many // 20), [LEAVING], True)
        month.register(self.agency, max(1, many // 10), marks, True)
        if day > FEED:
            month.register(self.laptop, max(1, many // 10), [INSIDE], False)
            month.edit(self.laptop, INSIDE, max(1, many // 4))
            month.register(self.lost, 1, [OUTSIDE], False)
        if early:
            month.register(self.head, -(-self.size.erased // 7), [ERASED], True)
        for turn, one in enumerate(self.full):
            month.edit(one, OUTSIDE, many // 3, turn, len(self.full))

    def _events(self, day: int) -> None:
        month, size = self.month, self.size
        if day in (5, 13, 22):
            for one, mark in ((self.head, OUTSIDE), (self.other, INSIDE), (self.head, ERASED)):
                month.attach(one, mark, max(1, size.files // 9), 700_000)
        if day in (7, 9, 21, 27):
            many = -(-size.conflicts // 4)
            month.disagree([self.head, self.other], OUTSIDE, many - many // 4)
            month.disagree([self.head, self.other], INSIDE, many // 4)
        if day in (11, 23):
            month.bin(self.head, self.other)
            month.merge(self.other, self.head)
        if day in (12, 25):
            month.settle(self.agency, size.conflicts // 4)
        self._events_once(day)

    def _events_once(self, day: int) -> None:
        if day == FORGET:
            assert self.month.forget(self.head, self.other)
        elif day == SAVE:
            self.backup = self.other.back_up()
        elif day == LEAVE:
            assert self.laptop.read(known_people, LEAVING)
            self.month.leave(self.other)
        elif day == REVOKE:
            self.head.write(enrolment.revoke, self.lost.line)
        elif day == RESTORE:
            for place in self.places:  # what it wrote until now is with others
                self.carry(place, [self.other, self.head])
            self.other.restore(self.backup)

    def carry(self, place: str, who: list[Node]) -> int:
        """One after the other goes to a place; how many changes moved."""
        moved = 0
        for one in who:
            done = one.go(place, self.places[place])
            assert done.refused == (), (one.name, done.refused)
            moved += done.taken
        return moved

    # the end

    def serve(self) -> None:
        """The hub as a service runs it: a process that knows the places by a list."""
        server, listed = self.places["S3"], self.folder / "hub" / "places.toml"
        listed.parent.mkdir()
        (listed.parent / "s3").write_text(SECRET)
        told = (
            f'[[place]]\nkind = "folder"\nwhere = "{self.stick}"\n'
            f'[[place]]\nkind = "{server.kind}"\nwhere = "{server.where}"\n'
            f'user = "{server.user}"\nsecret = "s3"\nproxy = ""\n'
        )
        listed.write_text(told, "utf-8")
        said = self.agency.serve(listed)
        assert "place 1: taken=" in said and "place 2: taken=" in said, said
        (listed.parent / "s3").unlink()  # systemd hands it over, it lies nowhere

    def converge(self) -> None:
        """All clocks are right, everybody goes everywhere until nothing moves."""
        waiting = self.head.read(received.quarantined)
        assert waiting
        for view in waiting:
            accept_quarantined(self.head.store, Task(), view.name)
        for one in (self.other, self.agency):
            for view in one.read(received.quarantined):
                one.write(received.drop_quarantined, view.name)
        living = [one for one in self.all if one is not self.lost]
        for place in islice(cycle(self.places), ROUNDS):
            moved = self.carry(place, living)
            marks = {one.whole(nodes.stamps) for one in self.full}
            if not moved and len(marks) == 1:
                return
        told = {one.name: one.whole(nodes.stamps)[0] for one in living}
        raise AssertionError(f"after {ROUNDS} rounds: {told}")

    def close(self) -> None:
        self.agency.close()
        for one in (self.head, self.other, self.laptop, self.lost):
            one.store.close()


@pytest.fixture
def journey(request: pytest.FixtureRequest, ground: Ground) -> Iterator[Journey]:
    size, name = request.param
    ground.expect((*EVERYBODY, *(f"Ka{word}" for word in EVERYBODY), SECRET, nodes.PASSWORD))
    with ExitStack() as stack:
        server = stack.enter_context(running(name))
        database = stack.enter_context(nodes.database())
        made = Journey(ground.folder / name, database, server.at("office"), size)
        stack.callback(made.close)
        yield made


def whole(journey: Journey) -> None:
    journey.found()
    journey.live()
    journey.serve()
    journey.converge()
    same_on_all(journey)
    its_scope_only(journey)
    sound(journey)
    said_nowhere(journey)


def same_on_all(journey: Journey) -> None:
    first, *others = journey.full
    content, log = first.whole(nodes.content), first.whole(nodes.log)
    clashes = first.whole(nodes.clashes)
    assert clashes
    journey.held = f"{len(content)} records, {len(log)} ops, {len(clashes)} conflicts wait"
    for one in others:
        assert one.whole(nodes.log) == log, one.name
        assert one.whole(nodes.content) == content, one.name
        assert one.whole(nodes.clashes) == clashes, one.name
    for one in journey.full:
        assert one.whole(chunks.not_arrived) == () and one.whole(bundles.gaps) == (), one.name


def its_scope_only(journey: Journey) -> None:
    """The laptop shows what is in its scope as the others do, and nothing else."""
    device = journey.laptop.whole(registry.identities)[0].device
    scope = journey.other.whole(registry.trusted)[device].scope
    writers = journey.laptop.whole(standing.own_writers)
    belongs = journey.other.whole(scopes.rows, scope, writers)
    there = journey.other.whole(nodes.content)
    mine = journey.laptop.whole(nodes.content)
    assert mine == {key: said for key, said in there.items() if key[1] in belongs}
    assert len(journey.laptop.read(known_people, INSIDE)) > 1


def sound(journey: Journey) -> None:
    """`migdesk check` finds nothing to do, nor anything to repair."""
    for one in journey.all:
        paths = None
        if isinstance(one, Computer):
            one.back_up()
            paths = one.paths
        report = check(one.store, Task(), paths)
        wrong = [each for each in report.findings if each.state != "note"]
        assert wrong == [] and report.drift == (), (one.name, wrong)
    assert "The file is whole" in journey.other.ask("check")


def said_nowhere(journey: Journey) -> None:
    """What lies in the places is laid down, for the search of the ground; the erased are
    nowhere at all; on the laptop, opened with its key, nobody is who does not belong to its
    places."""
    readers = [one for one in journey.all if one is not journey.agency]
    left = 0
    for name, address in journey.places.items():
        with opened(address, Task()) as place:
            dump = journey.folder / f"{name} as it lies"
            dump.mkdir()
            for file in place.list():
                with place.get(file) as source:
                    (dump / file).write_bytes(source.read())
            for _bundle, said in nodes.readable(readers, place):
                assert ERASED.lower() not in said.lower()
                left += 1
    assert left
    journey.close()
    assert nodes.says(journey.agency.place, (ERASED,)) == []
    assert nodes.says(journey.agency.place, (OUTSIDE,))
    for one in (journey.head, journey.other, journey.laptop, journey.lost):
        pages = clear(one.paths.database, one.key).lower()
        banned = (ERASED,)
        if one is journey.laptop:
            assert INSIDE.lower().encode() in pages
            banned = (ERASED, OUTSIDE, LEAVING, GUARDED)
        found = [word for word in banned if word.lower().encode() in pages]
        assert found == [], one.name


@pytest.mark.parametrize("journey", [(SMALL, "rclone-s3")], indirect=True)
def test_a_month_of_three_nodes_and_a_laptop(journey: Journey) -> None:
    whole(journey)


@pytest.mark.soak
@pytest.mark.parametrize("journey", [(LARGE, "seaweedfs")], indirect=True)
def test_a_month_of_fifty_thousand_people(
    journey: Journey, capsys: pytest.CaptureFixture[str]
) -> None:
    whole(journey)
    with capsys.disabled():
        print("\n" + "\n".join(told(journey)))


def told(journey: Journey) -> Iterator[str]:
    """Size and memory of the whole; time and bytes by computer and kind of place."""
    yield f"{journey.held}; at most {_most_memory():.0f} MB in the process of all"
    for one in journey.all:
        yield f"{one.name}: work {one.worked:.0f} s"
        for place, did in one.carried.items():
            put, got = did.put / 1e6, did.got / 1e6
            yield (
                f"  {place}: {did.rounds} rounds, {did.seconds:.0f} s, "
                f"{put:.1f} MB put, {got:.1f} MB got"
            )


def _most_memory() -> float:
    with open("/proc/self/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
