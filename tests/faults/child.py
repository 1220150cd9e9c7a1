"""A process that does one piece of work while its disk fails it.

    python -m tests.faults.child

Imports everything once and waits; for each line of JSON it forks a process that does the
work of `scenarios` with the injector armed, and answers with what was told until the work
ended or was killed. Where many failures are asked for (`ways`, by moment), the work is done
once: at each of these moments it forks, the child fails there and goes on, what it left is
copied, and its parent puts the files back and goes on as if nothing had been. `inject.so`
must be preloaded.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from migdesk.errors import Fault

INJECTOR = ctypes.CDLL(None)
GO_ON, STOP = "go on", "stop"
Moment = ctypes.CFUNCTYPE(None, ctypes.c_long)


class Report:
    """What the work tells: a line at once, so that a kill loses none."""

    def __init__(self, order: dict[str, Any], pipe: int) -> None:
        self._order, self._pipe = order, pipe
        self._told: list[Any] = []
        self.fails = order["how"] in ("e", "n")
        self._ways, self._home = order["ways"], Path(order["home"])
        self._moment = Moment(self._fork)
        if order["trace"]:
            INJECTOR.fault_trace(os.open(order["trace"], os.O_WRONLY | os.O_CREAT, 0o600))

    def arm(self) -> None:
        if self._ways:
            INJECTOR.fault_each(self._moment)
        INJECTOR.fault_arm(ctypes.c_long(self._order["at"]), ord(self._order["how"]))

    def off(self) -> None:
        self._say("count", INJECTOR.fault_off())

    def ack(self, what: str) -> None:
        """Somebody was told that this is kept."""
        INJECTOR.fault_mark(what.encode())
        self._say("ack", what)

    def attempt(self, work: Callable[[], str]) -> None:
        """Work that may be refused by a fault, which is told; never by anything else."""
        try:
            self.ack(work())
        except Fault as fault:
            self._say("fault", fault.code)

    def bug(self) -> None:
        self._say("bug", traceback.format_exc())

    def _say(self, what: str, value: Any) -> None:
        self._told.append([what, value])
        os.write(self._pipe, (json.dumps([what, value]) + "\n").encode())

    def _fork(self, number: int) -> None:
        """Called in the middle of a change of a file, which has not yet begun."""
        if str(number) not in self._ways:
            return
        try:
            before = Before(self._home)
            for how in self._ways[str(number)]:
                reading, writing = os.pipe()
                child = os.fork()
                if not child:
                    self._fail(how, writing)
                    return
                os.close(writing)
                told = {"at": number, "how": how, **heard(child, reading)}
                left = self._home.with_name(f"{self._home.name}-{number}-{how}")
                shutil.copytree(self._home, left)
                before.put_back()
                print(json.dumps({**told, "home": str(left)}), flush=True)
                if sys.stdin.readline().strip() != GO_ON:  # it was looked at
                    os._exit(0)
            before.drop()
        except BaseException:  # nothing may pass through the C code that called
            self.bug()
            os._exit(1)

    def _fail(self, how: str, pipe: int) -> None:
        self._pipe, told = pipe, self._told
        self._told = []
        for each in told:
            self._say(*each)
        self.fails = how in ("e", "n")
        INJECTOR.fault_now(ord(how))


class Before:
    """The files of a folder as they are, to be put back. The same inodes: the process that
    stands still has them open, and shares with its children how far it has written them."""

    def __init__(self, home: Path) -> None:
        self._home, self._kept = home, home.with_name(f"{home.name}-kept")
        self._kept.mkdir()
        self._folders = sorted(path for path in home.rglob("*") if path.is_dir())
        self._files: list[tuple[Path, Path, bytes]] = []
        for number, path in enumerate(p for p in home.rglob("*") if p.is_file()):
            os.link(path, self._kept / str(number))
            self._files.append((path, self._kept / str(number), path.read_bytes()))
        self._written = dict(_written(home))

    def put_back(self) -> None:
        for path in sorted(self._home.rglob("*"), reverse=True):
            if path.is_file():
                path.unlink()
            elif path not in self._folders:
                path.rmdir()
        for folder in self._folders:
            folder.mkdir(exist_ok=True)
        for path, kept, content in self._files:
            os.link(kept, path)
            with path.open("r+b") as file:
                if file.read() != content:
                    file.seek(0)
                    file.write(content)
                    file.truncate()
        for handle, offset in self._written.items():
            os.lseek(handle, offset, os.SEEK_SET)

    def drop(self) -> None:
        shutil.rmtree(self._kept)


def _written(home: Path) -> Iterator[tuple[int, int]]:
    """Open files of a folder, and the offset of each."""
    for handle in map(int, os.listdir("/proc/self/fd")):
        with suppress(OSError):
            path = os.readlink(f"/proc/self/fd/{handle}")
            if path.startswith(f"{home}/") and not os.path.isdir(path):
                yield handle, os.lseek(handle, 0, os.SEEK_CUR)


def heard(child: int, pipe: int) -> dict[str, Any]:
    """What a child told, and whether it was killed."""
    with os.fdopen(pipe) as lines:
        told = [json.loads(each) for each in lines if each.endswith("\n")]
    _pid, status = os.waitpid(child, 0)
    return {"killed": os.WIFSIGNALED(status), "told": told}


def run(order: dict[str, Any], pipe: int) -> None:
    """One piece of work, in the child."""
    from tests.faults.scenarios import SCENARIOS

    home = Path(order["home"])
    tempfile.tempdir = str(home / "tmp")  # that disk fails too
    report = Report(order, pipe)
    try:
        (home / "tmp").mkdir(exist_ok=True)
        SCENARIOS[order["do"]](home, report)
    except BaseException:
        with suppress(OSError):
            report.bug()
    finally:
        os._exit(0)


def main() -> None:
    from tests.faults import scenarios

    with tempfile.TemporaryDirectory() as folder:
        scenarios.warm(Path(folder))  # the imports that every child needs
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            run(order, writing)
        os.close(writing)
        print(json.dumps(heard(child, reading)), flush=True)


if __name__ == "__main__":
    main()
