"""Beside JavaRosa: ``python -m tests.conformance [--scripts N] [--actions N] [name …]``."""

from __future__ import annotations

import argparse
import collections
import sys
import time
import zlib
from pathlib import Path

from migdesk.forms import Form, FormFault
from tests.conformance import corpora
from tests.conformance.compare import UNABLE, Comparison, Difference, spoken, stale
from tests.conformance.oracle import HOW, Oracle, Silent, available, cache
from tests.conformance.play import play
from tests.conformance.stubs import stubs


def folder_of(given: corpora.Given) -> Path:
    folder = cache() / "files" / given.title.replace("/", "_")
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in given.files.items():
        (folder / name).write_bytes(data)
    return folder


def run_form(given, form, oracle, args, verbose):
    folder = str(folder_of(given))
    comparison = Comparison(form)
    languages = True
    number = 0
    while number < args.scripts:
        seed = zlib.crc32(given.title.encode()) + number
        played = play(form, seed, args.actions, args.every, languages)
        script = {
            "xml": given.xml, "files": folder, "counted": bool(form.program.count), "stale": stale(form) or spoken(form),
            "actions": played.actions,
        }
        try:
            told = oracle.ask(script)
        except Silent:
            told = {"error": "silent", "at": -2}
        differences = comparison.compare(played, told)
        if differences and differences[0].what == "run":
            if "NoLocalized" in differences[0].theirs and languages:
                languages = False
                continue
        if differences:
            if args.verbose:
                for i, a in enumerate(played.actions[:differences[0].at+1]): print("      ", i, a)
            return seed, differences
        number += 1
    return None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--scripts", type=int, default=1)
    parser.add_argument("--actions", type=int, default=200)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    if not available():
        print(HOW)
        return 2
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    with Oracle() as oracle:
        for source in [*corpora.SOURCES, None]:
            for given in corpora.forms(source) if source else corpora.own_forms():
                if args.names and not any(n in given.title for n in args.names):
                    continue
                if given.fault:
                    counts[given.corpus, "no xform"] += 1
                    continue
                given.files = stubs(given.xml)
                try:
                    form = Form.load(given.xml, given.files)
                except FormFault as fault:
                    counts[given.corpus, "refused"] += 1
                    continue
                start = time.perf_counter()
                try:
                    bad = run_form(given, form, oracle, args, True)
                except Exception as e:
                    if args.names: raise
                    bad = 0, [Difference(0, "CRASH", "", repr(e), "")]
                counts[given.corpus, "forms"] += 1
                took = time.perf_counter() - start
                if took > 3: print("  slow", given.title, round(took, 1))
                if bad:
                    seed, differences = bad
                    first = differences[0]
                    if first.what == "run" and (first.at == -1 or UNABLE.search(first.theirs)):
                        counts[given.corpus, "refused there"] += 1
                        print("-", given.title, first.theirs[:150].replace("\n", " "))
                    else:
                        counts[given.corpus, "different"] += 1
                        print("#", given.title, seed)
                        for d in differences[:4]:
                            print("   ", str(d)[:600])
    for key, value in sorted(counts.items()):
        print(*key, value)
    return 0


if __name__ == "__main__":
    sys.exit(main())
