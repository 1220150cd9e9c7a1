"""A process that saves for ever and is killed: what it was told is kept is there."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import lab
from tests.faults.lab import ROOT, Ended

Saver = subprocess.Popen[str]
SAVER = """
import sys
from pathlib import Path
from migdesk.paths import Paths
from tests.faults.scenarios import new
from tests.jobs.safe import opened
import os
def say(words):
    os.write(1, f"{words}\\n".encode())  # whole or not at all, whoever is killed meanwhile
say("ready")
for line in sys.stdin:
    if not os.fork():
        with opened(Paths(Path(line.strip()) / "office")) as store:
            say(os.getpid())
            while True:
                say("new " + new(store, "Sané"))
    os.wait()
    say("dead")
"""


@pytest.fixture(scope="module")
def saver() -> Iterator[Saver]:
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SAVER],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.stdin.close()


def killed_after(saver: Saver, home: Path, saves: int) -> list[str]:
    """Let it save so often, kill it at once, and read what it had said by then."""
    assert saver.stdin is not None and saver.stdout is not None
    saver.stdin.write(f"{home}\n")
    saver.stdin.flush()
    child = int(saver.stdout.readline())
    acks = [saver.stdout.readline().strip() for _save in range(saves)]
    os.kill(child, signal.SIGKILL)
    while (line := saver.stdout.readline().strip()) != "dead":
        acks.append(line)
    return acks


def loop(saver: Saver, folder: Path, times: int, seed: int) -> None:
    rng = random.Random(seed)
    home = lab.office_home(folder / "home")
    kept: list[str] = []
    for time in range(times):
        kept += killed_after(saver, home, rng.randrange(1, 8))
        last = time == times - 1
        if last or time % 10 == 0:
            held = lab.sound(home, Ended(True, tuple(kept if last else kept[-12:]), (), (), 0))
            # One more than was said each time, at most; `sound` itself leaves one.
            assert len(kept) < held["person"] <= len(kept) + 1 + 2 * (time + 1)
    shutil.rmtree(home)


def test_fifty_kills(saver: Saver, tmp_path: Path) -> None:
    loop(saver, tmp_path, 50, 1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_kills(saver: Saver, tmp_path: Path, seed: int) -> None:
    loop(saver, tmp_path, 100, seed)
