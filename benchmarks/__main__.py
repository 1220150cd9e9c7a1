"""`make bench`: run every benchmark and print ratios beside their limits.

A benchmark module has ``run() -> list[(name, ours in seconds, base in seconds, limit)]``;
ours and base may be bytes where the name says so: only their ratio is judged. The exit
code tells only whether a benchmark crashed: machines differ, so a ratio over its limit is
shown, not failed.
"""

from __future__ import annotations

import sys
import traceback
from importlib import import_module

MODULES = ("bench_pdf", "bench_store", "bench_start")


def main(names: list[str]) -> int:
    """Run the modules named (all by default); 1 if one crashed."""
    crashed = 0
    print(f"{'':52} {'ours':>10} {'base':>10} {'ratio':>7} {'limit':>6}")
    for name in names or MODULES:
        try:
            rows = import_module(f"benchmarks.{name}").run()
        except Exception:
            traceback.print_exc()
            crashed = 1
            continue
        for what, ours, base, limit in rows:
            ratio = ours / base
            verdict = "ok" if ratio <= limit else "OVER"
            print(
                f"{what:52} {_shown(ours)} {_shown(base)} {ratio:7.2f} {limit:6.2f} {verdict}"
            )
    return crashed


def _shown(value: float) -> str:
    return f"{value * 1000:8.2f}ms" if value < 1_000 else f"{value / 1e6:8.1f}MB"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
