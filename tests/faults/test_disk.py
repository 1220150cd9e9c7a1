"""A disk that fails at each moment of each piece of work: nothing acknowledged is lost, no
file is spoilt, and the next start needs no question."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import lab
from tests.faults.lab import Ended, Lab

KILL, TEAR, EIO, FULL = "k", "t", "e", "n"
HOW = (KILL, TEAR, EIO, FULL)
SAID = frozenset(
    ["DBS-004", "DBS-005", "BAK-002", "BAK-003", "BAK-004", "DOR-002", "KEY-013", "RES-002",
     "STO-004", "STO-005", "TST-001"]
)  # fmt: skip
"""Faults that a person can act on: no room, or the disk refuses."""
TEMPLATES: dict[str, Callable[[Path], Path]] = {
    "receive": lab.office_home,
    "save": lab.office_home,
    "settings": lab.office_home,
    "backup": lab.office_home,
    "restore": lab.home_with_backup,
    "import": lab.home_with_stick,
    "exchange": lab.home_with_stick,
}
PEOPLE = {
    "receive": {1, 2, 3},
    "save": {1, 2, 3, 4},
    "settings": {1},
    "backup": {1},
    "restore": {1, 2},  # the backup's, or those of before
    "import": {1, 21},  # all of the bundle or nothing
    "exchange": {1, 21},
}


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("injector")
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed: nothing can stand between the program and its disk")
    return lab.compiled(folder)


@pytest.fixture(scope="module")
def bench(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    made = Lab(tools, tmp_path_factory.mktemp("disk"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("templates")
    made: dict[str, Path] = {}

    def template(do: str) -> Path:
        make = TEMPLATES[do]
        if make.__name__ not in made:
            made[make.__name__] = make(folder / make.__name__)
        return made[make.__name__]

    return template


def fail_at(bench: Lab, template: Path, do: str, at: int, how: str) -> Ended:
    """One piece of work, one failure; then everything must hold."""
    home = bench.home(template)
    ended = bench.work(do, home, at, how)
    where = f"{do} {how} {at}: {ended}"
    assert ended.killed or how in (EIO, FULL), where
    assert set(ended.faults) <= SAID, where
    try:
        held = lab.sound(home, ended)
        assert held["person"] in PEOPLE[do], where
        if do in ("import", "exchange"):
            again = bench.work(do, home)  # the next round goes on where this one stopped
            assert (again.bugs, len(again.acks)) == ((), 1), where
            assert lab.sound(home, again)["person"] == 22
    except AssertionError as error:
        raise AssertionError(where) from error
    shutil.rmtree(home)
    return ended


def fail_everywhere(bench: Lab, template: Path, do: str, hows: str, most: int) -> None:
    whole = bench.work(do, bench.home(template), at=0)
    assert whole.bugs == () and whole.count > 1 and whole.acks and not whole.faults
    for how in hows:
        ends = [fail_at(bench, template, do, at, how) for at in lab.points(whole.count, most)]
        # The failure did happen; one alone may hit what is tidied away and can wait.
        assert len(ends) == 1 or any(ended.killed or ended.faults for ended in ends), (do, how)


def test_a_save_that_fails_anywhere(bench: Lab, templates: Callable[[str], Path]) -> None:
    template = templates("receive")
    whole = bench.work("receive", bench.home(template), at=0)
    assert whole.bugs == () and whole.acks and whole.count > 10
    for at in range(1, whole.count + 1):
        fail_at(bench, template, "receive", at, HOW[at % 4])  # all ways in `make soak`


@pytest.mark.parametrize("do", ["settings", "save", "backup", "restore", "import", "exchange"])
@pytest.mark.parametrize("how", HOW)
def test_other_work_that_fails_somewhere(
    bench: Lab, templates: Callable[[str], Path], do: str, how: str
) -> None:
    fail_everywhere(bench, templates(do), do, how, most=2 if how == KILL else 1)


@pytest.mark.soak
@pytest.mark.parametrize("do", list(TEMPLATES))
@pytest.mark.parametrize("how", HOW)
def test_all_work_that_fails_anywhere(
    bench: Lab, templates: Callable[[str], Path], do: str, how: str
) -> None:
    fail_everywhere(bench, templates(do), do, how, most=100_000)


def test_a_first_start_that_fails_anywhere(bench: Lab) -> None:
    first_start(bench, most=1, ways=(KILL, FULL))


@pytest.mark.soak
def test_a_first_start_that_fails_at_each_moment(bench: Lab) -> None:
    first_start(bench, most=100_000)


def first_start(bench: Lab, most: int, ways: tuple[str, ...] = HOW) -> None:
    """The file is made, migrated and filled; whatever stops it, a second try ends it."""
    empty = bench.folder / "empty"
    empty.mkdir(exist_ok=True)
    whole = bench.work("create", bench.home(empty), at=0)
    assert (whole.bugs, whole.acks) == ((), ("founded office",))
    for how in ways:
        for at in lab.points(whole.count, most):
            home = bench.home(empty)
            ended = bench.work("create", home, at, how)
            where = f"{how} {at}: {ended}"
            assert set(ended.faults) <= SAID and ended.bugs == (), where
            again = bench.work("create", home)
            assert (again.bugs, again.acks) == ((), ("founded office",)), f"{where}: {again}"
            lab.sound(home, again)
            shutil.rmtree(home)
