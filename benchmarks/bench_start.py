"""Start to usable window, and memory then, beside a bare PySide6 window with one label.

All are processes of their own, timed from their start until they have painted. Ours are
two: until a password can be typed (the database loads meanwhile), and until the first page
shows what it has read from a database of 100,000 people, with the key in place of the login
(Argon2id is slow on purpose). Compiled modules are kept in a cache of this run, as an
installed program has them.
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

import sqlalchemy as sa

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
LOGIN, PAGE = (
    f"""
from benchmarks import bench_start
kept = bench_start.{name}()
print("{READY}", flush=True)
input()
"""
    for name in ("open_login", "open_page")
)


def open_login() -> object:
    """In the child: what ``python -m migdesk`` does before somebody logs in."""
    gc.disable()
    from PySide6.QtWidgets import QApplication

    from migdesk.app import open_program
    from migdesk.paths import Paths

    program = open_program(Paths(Path(os.environ["MIGDESK_HOME"])))
    program.show_gate()
    program.window.show()
    QApplication.processEvents()
    return program


def open_page() -> object:
    """In the child: what the program does from its start to the first page."""
    gc.disable()
    from migdesk import cli  # as `__main__` does when it is given a home

    cli.parser().parse_args([])
    from PySide6.QtWidgets import QApplication

    from migdesk.app import collect, open_program
    from migdesk.keys import KeyFile
    from migdesk.paths import Paths
    from migdesk.ui import doors

    paths = Paths(Path(os.environ["MIGDESK_HOME"]))
    program = open_program(paths)
    keys = KeyFile.load(paths.keys)
    key = bytes.fromhex(os.environ["BENCH_KEY"])
    program.enter(doors.enter(paths, keys, key, keys.accounts()[0][0]))
    program.window.show()
    answered: list[object] = []
    assert program.desk is not None
    # The line keeps its order: when this answers, the first page has its answers too.
    program.desk.runner.read(lambda _session: True, then=answered.append)
    while not answered:
        QApplication.processEvents()
    QApplication.processEvents()
    collect()
    return program


def _child(code: str, environment: dict[str, str]) -> tuple[float, float]:
    """(seconds until it was ready, MB it then holds) of one process."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=ROOT,
        text=True,
    ) as child:
        assert child.stdout is not None and child.stdin is not None
        said = child.stdout.readline().strip()
        took = time.perf_counter() - begun
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
        codes = (BARE, LOGIN, PAGE)
        for code in codes:
            _child(code, environment)
        rounds = [[_child(code, environment) for code in codes] for _ in range(ROUNDS)]
    took = [statistics.median(row[i][0] for row in rounds) for i in range(3)]
    held = [statistics.median(row[i][1] for row in rounds) for i in range(3)]
    return [
        ("start to the login (s)", took[1], took[0], 4.0),
        (f"start to the first page, {PEOPLE:,} people (s)", took[2], took[0], 4.0),
        (f"memory with the first page, {PEOPLE:,} people (MB)", held[2], held[0], 3.0),
    ]


if __name__ == "__main__":
    for name, ours, base, limit in run():
        print(f"{name}: {ours:.3f} to {base:.3f}, {ours / base:.2f} (limit {limit})")
