"""A process that does one piece of work while its disk fails it.

    python -m tests.faults.child

Imports everything once and waits; for each line of JSON it forks a child that does the
work of `scenarios` with the injector armed, and answers with what the child reported until
it ended or was killed. `inject.so` must be preloaded.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from migdesk.errors import Fault

INJECTOR = ctypes.CDLL(None)


class Report:
    """What the child tells: a line at once, so that a kill loses none."""

    def __init__(self, pipe: int, at: int, how: str, trace: str) -> None:
        self._pipe = pipe
        self._at, self._how = at, how
        self.fails = how in ("e", "n")
        if trace:
            INJECTOR.fault_trace(os.open(trace, os.O_WRONLY | os.O_CREAT, 0o600))

    def arm(self) -> None:
        INJECTOR.fault_arm(ctypes.c_long(self._at), ord(self._how))

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
        os.write(self._pipe, (json.dumps([what, value]) + "\n").encode())


def run(order: dict[str, Any], pipe: int) -> None:
    """One piece of work, in the child."""
    from tests.faults.scenarios import SCENARIOS

    report = Report(pipe, order["at"], order["how"], order["trace"])
    try:
        SCENARIOS[order["do"]](Path(order["home"]), report)
    except BaseException:
        with suppress(OSError):
            report.bug()
    finally:
        os._exit(0)


def main() -> None:
    from tests.faults import scenarios  # the imports that every child needs

    assert scenarios.SCENARIOS
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            run(order, writing)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = [json.loads(each) for each in pipe if each.endswith("\n")]
        _pid, status = os.waitpid(child, 0)
        print(json.dumps({"killed": os.WIFSIGNALED(status), "told": told}), flush=True)


if __name__ == "__main__":
    main()
