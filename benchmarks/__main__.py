"""Run every ``bench_*.py`` beside this file: ``python -m benchmarks [name …]``.

A module offers ``run() -> list[tuple[name, our seconds, the base's seconds, limit]]``;
the limit is the highest ratio allowed. OVER is told, not punished: a busy computer measures
badly. Only a benchmark that breaks ends the run with an error.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from time import perf_counter

Result = tuple[str, float, float, float]

LONG = ("snapshot",)
"""Those that take minutes: run by name only."""


def names() -> list[str]:
    """The benchmarks there are: ``bench_store`` is named ``store``."""
    found = Path(__file__).parent.glob("bench_*.py")
    return sorted(path.stem.removeprefix("bench_") for path in found)


def line(result: Result) -> str:
    """One line of the table: milliseconds, ratio, verdict."""
    name, ours, base, limit = result
    ratio = ours / base
    verdict = "PASS" if ratio <= limit else "OVER"
    times = f"{ours * 1000:10.2f} {base * 1000:10.2f}"
    return f"{name:<54}{times} {ratio:7.2f} {limit:6.1f}  {verdict}"


def main(wanted: list[str]) -> int:
    """Print the table; 2 if a name is unknown."""
    known = names()
    if unknown := set(wanted) - set(known):
        print(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
        return 2
    print(f"{'':<54}{'ours ms':>10} {'base ms':>10} {'ratio':>7} {'limit':>6}")
    for name in wanted or [name for name in known if name not in LONG]:
        start = perf_counter()
        for result in importlib.import_module(f"benchmarks.bench_{name}").run():
            print(line(result), flush=True)
        print(f"  {name}: {perf_counter() - start:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
