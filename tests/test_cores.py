"""A program that crashes leaves nothing of its memory behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has reports, not cores", allow_module_level=True)

import resource

ROOT = Path(__file__).resolve().parents[1]
CRASH = """
import os, signal, sys
from migdesk import __main__, cli, cores
if "forbid" not in sys.argv:
    cores.forbid = lambda: None
cli.run = lambda given: os.kill(os.getpid(), signal.SIGSEGV)
__main__.main(["check"])
"""


def cores_may_be_written() -> None:
    """As a person's shell may have it; a limit that is nought cannot be lifted."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def crashed(folder: Path, *arguments: str) -> list[Path]:
    """What lies in the folder of a program that crashed at its first piece of work."""
    done = subprocess.run(
        [sys.executable, "-c", CRASH, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=cores_may_be_written,
        check=False,
    )
    assert done.returncode == -signal.SIGSEGV
    return list(folder.iterdir())


def test_no_core_is_left(tmp_path: Path) -> None:
    without, with_it = tmp_path / "without", tmp_path / "with"
    without.mkdir()
    with_it.mkdir()
    assert crashed(with_it, "forbid") == []
    if not crashed(without):
        pytest.skip("this system puts cores elsewhere, or writes none at all")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of Linux alone")
def test_nobody_collects_one() -> None:
    """A collector fed through a pipe does not ask for the limit: the process says no."""
    ask = (
        "import ctypes, resource; from migdesk import cores; cores.forbid();"
        "print(ctypes.CDLL(None).prctl(3), *resource.getrlimit(resource.RLIMIT_CORE))"
    )
    command = [sys.executable, "-c", ask]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["0", "0", "0"]
