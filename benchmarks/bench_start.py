"""Start to usable window, and memory then, beside a bare PySide6 window with one label.

All are processes of their own, timed from their start until they have painted. Ours stops
twice: when a password can be typed, and when the first page shows what it has read from a
database of 100,000 people, with the key in place of the password (Argon2id is slow on
purpose). Between the two the program loads the database's libraries, as it does while a
person types; that time is left out of the first page and told in a line of its own.
Compiled modules are kept in a cache of this run, as an installed program has them.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migdesk.app import Program

ROUNDS = 9
PEOPLE = 100_000
FAMILY = ("Diallo", "Diatta", "Sané", "Ndiaye", "Mané", "Cissé", "Sow", "Baldé")
GIVEN = ("Aminata", "Ibrahima", "Fatou", "Mamadou", "Awa", "Ousmane", "Mariama")
READY = "ready"
ROOT = Path(__file__).resolve().parent.parent

BARE = f"""
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("MigDesk")
label.resize(1366, 768)
label.show()
app.processEvents()
print("{READY}", flush=True)
input()
"""
OURS = f"""
from benchmarks import bench_start
program = bench_start.open_login()
print("{READY}", flush=True)
input()
bench_start.load_the_rest()
print("{READY}", flush=True)
input()
bench_start.open_page(program)
print("{READY}", flush=True)
input()
"""


def open_login() -> Program:
    """In the child: what ``python -m migdesk`` does before somebody logs in."""
    gc.disable()
    from migdesk import cli  # as `__main__` does when it is given a home
    from migdesk.ui.imports import read_no_sources

    cli.parser().parse_args([])
    read_no_sources()
    from PySide6.QtWidgets import QApplication

    from migdesk.app import open_program
    from migdesk.paths import Paths

    program = open_program(Paths(Path(os.environ["MIGDESK_HOME"])))
    program.show_gate()
    program.window.show()
    QApplication.processEvents()
    return program


def load_the_rest() -> None:
    """In the child: what the login does while a person types."""
    from migdesk.app import warm

    warm()


def open_page(program: Program) -> None:
    """In the child: what follows a right password, to the first page."""
    from PySide6.QtWidgets import QApplication

    from migdesk.app import collect
    from migdesk.keys import KeyFile
    from migdesk.ui import doors

    keys = KeyFile.load(program.paths.keys)
    key = bytes.fromhex(os.environ["BENCH_KEY"])
    program.enter(doors.enter(program.paths, keys, key, keys.accounts()[0][0]))
    answered: list[object] = []
    assert program.desk is not None
    # The line keeps its order: when this answers, the first page has its answers too.
    program.desk.runner.read(lambda _session: True, then=answered.append)
    while not answered:
        QApplication.processEvents()
    QApplication.processEvents()
    collect()


def _child(code: str, environment: dict[str, str], stops: int) -> tuple[list[float], float]:
    """(seconds to each stop from the one before, MB held at the last) of one process."""
    begun = time.perf_counter()
    took = []
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=ROOT,
        text=True,
    ) as child:
        assert child.stdout is not None and child.stdin is not None
        for stop in range(stops):
            if stop:
                begun = time.perf_counter()
                print(file=child.stdin, flush=True)
            said = child.stdout.readline().strip()
            took.append(time.perf_counter() - begun)
            if said != READY:
                raise RuntimeError(f"the window did not open: {said!r}")
        held = _resident(child.pid)
        child.kill()
    return took, held


def _resident(process: int) -> float:
    """Resident memory of a process in MB (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def _found(home: Path) -> str:
    """A real first start with many people; the key of the database."""
    import sqlalchemy as sa  # not above: the children import this module too

    from migdesk.models import RECORDS
    from migdesk.paths import Paths
    from migdesk.ui import doors
    from migdesk.ui.first_start import Founding

    founding = Founding("fr", "HOM Sédhiou", "Sédhiou", "SN", "Fatou Diatta", "long password")
    opened, _recovery = doors.found(Paths(home).make(), founding)
    rows = [
        {
            "id": f"00000000-0000-7000-8000-{number:012x}",
            "deleted": False,
            "stamps": {},
            "family_name": FAMILY[number % len(FAMILY)],
            "given_name": f"{GIVEN[number % len(GIVEN)]} {number}",
        }
        for number in range(PEOPLE)
    ]
    with opened.store.engine.begin() as connection:
        connection.execute(sa.insert(RECORDS["person"].model), rows)
    opened.store.close()
    return opened.key.hex()


def run() -> list[tuple[str, float, float, float]]:
    """(name, ours, base, limit of ours / base): seconds, then MB."""
    with tempfile.TemporaryDirectory(prefix="migdesk-bench-") as folder:
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": f"{folder}/compiled",
            "MIGDESK_HOME": f"{folder}/home",
        }
        environment["BENCH_KEY"] = _found(Path(folder) / "home")
        both = ((BARE, 1), (OURS, 3))
        for code, stops in both:
            _child(code, environment, stops)
        rounds = [
            [_child(code, environment, stops) for code, stops in both] for _ in range(ROUNDS)
        ]
    bare = statistics.median(row[0][0][0] for row in rounds)
    login, rest, page = (statistics.median(row[1][0][i] for row in rounds) for i in range(3))
    held = [statistics.median(row[i][1] for row in rounds) for i in range(2)]
    whole = (login + rest + page) / bare
    print(f"  without a login to wait at: {whole:.1f} times the bare window")
    return [
        ("start to the login (s)", login, bare, 4.0),
        (f"login and first page, {PEOPLE:,} people (s)", login + page, bare, 4.0),
        (f"memory with the first page, {PEOPLE:,} people (MB)", held[1], held[0], 3.0),
    ]


if __name__ == "__main__":
    for name, ours, base, limit in run():
        print(f"{name}: {ours:.3f} to {base:.3f}, {ours / base:.2f} (limit {limit})")
