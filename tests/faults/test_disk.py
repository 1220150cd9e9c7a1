"""A disk that fails at each moment of each piece of work: nothing acknowledged is lost, no
file is spoilt, and the next start needs no question."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from migdesk.paths import Paths
from migdesk.ui import doors
from tests.faults import lab
from tests.faults.lab import Ended, Lab
from tests.faults.scenarios import OFFICE

KILL, TEAR, EIO, FULL = "k", "t", "e", "n"
HOW = KILL + TEAR + EIO + FULL
SAID = frozenset(
    "BUN-001 DBS-004 DBS-005 BAK-002 BAK-003 BAK-004 DOR-002 FRM-096 KEY-013 RES-002 "
    "STO-004 STO-005 TST-001".split()
)
"""Faults that a person can act on: no room, or the disk refuses."""
TEMPLATES: dict[str, Callable[[Path], Path]] = {
    "receive": lab.office_home,
    "save": lab.office_home,
    "erase": lab.office_home,
    "scrub": lab.stained_home,
    "settings": lab.office_home,
    "backup": lab.office_home,
    "restore": lab.home_with_backup,
    "import": lab.home_with_stick,
    "exchange": lab.home_with_stick,
    "clean": lab.home_to_clean,
}
PEOPLE = {
    "receive": {1, 2, 3},
    "save": {1, 2, 3, 4},
    "erase": {1, 2},
    "scrub": {1},
    "settings": {1},
    "backup": {1},
    "restore": {1, 2},  # the backup's, or those of before
    "import": {1, 21},  # all of the bundle or nothing
    "exchange": {1, 21},
    "clean": {5},
}
AGAIN = {"import": 22, "exchange": 22, "clean": 6}
"""Work that goes on where it stopped, and how many people there are then."""


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("injector")
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed: nothing can stand between the program and its disk")
    return lab.compiled(folder)


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    """In memory, where there is such a place: what is synced need not wait for a real one."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def bench(tools: Path, disk: Path) -> Iterator[Lab]:
    (disk / "fails").mkdir()
    made = Lab(tools, disk / "fails")
    yield made
    made.close()


@pytest.fixture(scope="module")
def templates(disk: Path) -> Callable[[str], Path]:
    made: dict[str, Path] = {}

    def template(do: str) -> Path:
        make = TEMPLATES[do]
        if make.__name__ not in made:
            made[make.__name__] = make(disk / "templates" / make.__name__)
        return made[make.__name__]

    return template


class Judge:
    """Looks at what each failure left; two that left the same, once."""

    def __init__(self, do: str) -> None:
        self._do = do
        self._seen: set[object] = set()
        self.happened = 0

    def see(self, ended: Ended) -> None:
        assert ended.killed or ended.how in (EIO, FULL), ended
        assert set(ended.faults) <= SAID and ended.bugs == (), ended
        self.happened += ended.killed or bool(ended.faults)
        if self._do == "create":
            doors.resume(Paths(ended.home / OFFICE))  # what the next start begins with
        left = lab.content(ended.home), ended.acks
        if left not in self._seen:
            self._seen.add(left)
            try:
                self._sound(ended)
            except AssertionError as error:
                raise AssertionError(f"{self._do}: {ended}") from error

    def _sound(self, ended: Ended) -> None:
        do, home = self._do, ended.home
        if do != "create":
            assert lab.sound(home, ended)["person"] in PEOPLE[do]
        if do == "create" or do in AGAIN:
            again = lab.again(do, home)
            assert len(again.acks) == 1
            assert lab.sound(home, again)["person"] == AGAIN.get(do, 0)


Choose = Callable[[int], Mapping[int, str]]
"""Of so many changes of files, the ways in which each fails."""


def everywhere(total: int) -> Mapping[int, str]:
    return dict.fromkeys(range(1, total + 1), HOW)


def somewhere(total: int) -> Mapping[int, str]:
    return {at: HOW[n % 4] for n, at in enumerate(lab.points(total, 6))}


def everywhere_in_turn(total: int) -> Mapping[int, str]:
    return {at: HOW[at % 4] for at in range(1, total + 1)}


def fail(bench: Lab, template: Path, do: str, choose: Choose) -> None:
    whole = bench.work(do, bench.home(template))
    assert whole.bugs == () and whole.count > 1 and whole.acks and not whole.faults
    judge, ways = Judge(do), choose(whole.count)
    with closing(bench.fail(do, template, ways)) as failures:
        for ended in failures:
            judge.see(ended)
    # The others met what is only tidied away and can wait.
    assert 2 * judge.happened > len(ways)


@pytest.mark.parametrize("do", list(TEMPLATES))
def test_work_that_fails_somewhere(
    bench: Lab, templates: Callable[[str], Path], do: str
) -> None:
    choose = everywhere_in_turn if do == "receive" else somewhere
    fail(bench, templates(do), do, choose)


@pytest.mark.soak
@pytest.mark.parametrize("do", list(TEMPLATES))
def test_work_that_fails_anywhere(
    bench: Lab, templates: Callable[[str], Path], do: str
) -> None:
    fail(bench, templates(do), do, everywhere)


def test_a_first_start_that_fails_somewhere(bench: Lab, disk: Path) -> None:
    """The file is made, migrated and filled; whatever stops it, a second try ends it."""
    fail(bench, empty(disk), "create", somewhere)


@pytest.mark.soak
def test_a_first_start_that_fails_anywhere(bench: Lab, disk: Path) -> None:
    fail(bench, empty(disk), "create", everywhere)


def empty(disk: Path) -> Path:
    folder = disk / "empty"
    folder.mkdir(exist_ok=True)
    return folder
