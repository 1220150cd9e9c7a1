"""Finders of duplicates beside each other: ``make bench-duplicates``.

    python -m benchmarks.duplicates [--scan ROWS]

Each finder runs on each set in a process of its own, one after the other. The probability
from which on a pair counts is chosen for each finder on FEBRL 1 and 2 (for FEBRL) and on an
invented register with another seed (for names), where its F1 is best; nobody's is chosen on
what it is measured on. `best` tells beside it what the best of all thresholds would have
given there.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from time import perf_counter
from typing import Any

from benchmarks.duplicates_data import data
from benchmarks.duplicates_finders import FINDERS

TRIED = [*(n / 100 for n in range(1, 100)), 0.995, 0.999, 0.9995, 0.9999, 0.99999]
LEARNT = {"febrl": ("febrl1", "febrl2"), "names": ("names-20000-1",)}
MEASURED = ("febrl1", "febrl2", "febrl3", "febrl4", "names-20000-7")
LONGEST = 1_800
"""Seconds after which a finder is given up."""


def measure(finder: str, name: str, quality: bool) -> dict[str, Any]:
    """Seconds, memory (MB) and, by threshold, pairs found and right."""
    import numpy as np

    found = data(name)
    start = perf_counter()
    one, two, probable = FINDERS[finder](found)
    result: dict[str, Any] = {"seconds": perf_counter() - start, "pairs": len(one)}
    result |= {"memory": _peak(), "rows": len(found.rows), "same": len(found.same)}
    n = len(found.rows)
    wanted = np.array([a * n + b for a, b in found.same], dtype=np.int64)
    right = np.isin(one.astype(np.int64) * n + two.astype(np.int64), wanted)
    tried = TRIED if quality else [0.3, 0.5, 0.9]
    result["by"] = {
        str(t): (int((probable >= t).sum()), int((right & (probable >= t)).sum()))
        for t in tried
    }
    return result


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _run(finder: str, name: str, quality: bool = True) -> dict[str, Any] | None:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.duplicates"]
    command += ["--one", finder, name, *(["--quality"] if quality else [])]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        print(done.stderr[-2_000:], file=sys.stderr)
        return None
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def scores(result: dict[str, Any], threshold: str) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    found, right = result["by"][threshold]
    precision, recall = right / max(found, 1), right / result["same"]
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _chosen(learnt: list[dict[str, Any]]) -> str:
    """The middle of the thresholds that are best on what is learnt from."""
    means = {
        t: round(sum(scores(each, t)[2] for each in learnt) / len(learnt), 6)
        for t in learnt[0]["by"]
    }
    best = [t for t, f in means.items() if f == max(means.values())]
    return str(best[len(best) // 2])


def table(finders: list[str]) -> None:
    """Print the table of quality."""
    print("| data | finder | threshold | precision | recall | F1 | best | seconds | MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in MEASURED:
        family = name.split("-")[0].rstrip("1234")
        for finder in finders:
            learnt = [_kept(finder, each) for each in LEARNT[family]]
            result = _kept(finder, name)
            if result is None or None in learnt:
                print(f"| {name} | {finder} | did not end |||||||", flush=True)
                continue
            t = _chosen([each for each in learnt if each])
            precision, recall, f1 = scores(result, t)
            best = max(scores(result, each)[2] for each in result["by"])
            print(
                f"| {name} | {finder} | {t} | {precision:.4f} | {recall:.4f} | {f1:.4f} "
                f"| {best:.4f} | {result['seconds']:.1f} | {result['memory']} |",
                flush=True,
            )


_HELD: dict[tuple[str, str], dict[str, Any] | None] = {}


def _kept(finder: str, name: str) -> dict[str, Any] | None:
    if (finder, name) not in _HELD:
        _HELD[finder, name] = _run(finder, name)
    return _HELD[finder, name]


def scan(finders: list[str], rows: int) -> None:
    """Print the table of time."""
    print(f"\n| {rows:,} people | seconds | pairs compared or kept | MB |\n|---|---|---|---|")
    for finder in finders:
        result = _run(finder, f"names-{rows}-7", quality=False)
        if result is None:
            print(f"| {finder} | more than {LONGEST}, or ended |||", flush=True)
            continue
        print(
            f"| {finder} | {result['seconds']:.1f} | {result['pairs']:,} "
            f"| {result['memory']} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--one", nargs=2)
    parser.add_argument("--quality", action="store_true")
    parser.add_argument("--scan", type=int, default=200_000)
    parser.add_argument("--only", nargs="*", default=list(FINDERS))
    wanted = parser.parse_args()
    if wanted.one:
        finder, name = wanted.one
        print(json.dumps(measure(finder, name, wanted.quality)))
        return
    table(wanted.only)
    if wanted.scan:
        scan(wanted.only, wanted.scan)


if __name__ == "__main__":
    main()
