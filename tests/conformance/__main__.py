"""Every form at hand beside two engines: ``make conformance ARGS="--scripts 2 roster"``.

Names choose forms whose title holds one of them; ``--engine javarosa`` or ``--engine
webforms`` takes one engine only. A whole run writes FORMS.md. The exit code is 1 if there is
a difference that POLICY.md does not explain. After that, `--steps` random actions check what
must hold without another engine, and nonsense is tried.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from migdesk.forms import Form
from tests.conformance import corpora, oracle, webforms
from tests.conformance.fuzz import fuzz_all
from tests.conformance.judge import COMPARED, DIFFERENT, Verdict, judge
from tests.conformance.peers import JAVAROSA, WEBFORMS
from tests.conformance.report import lines, sort_of, summary, write
from tests.conformance.steps import walk_all

SHOWN, SMALL = 5, 40_000
NAMES = {"javarosa": JAVAROSA.name, "webforms": WEBFORMS.name}
ENGINES: dict[str, Callable[[], oracle.Engine]] = {
    JAVAROSA.name: oracle.Oracle,
    WEBFORMS.name: webforms.WebForms,
}


def main() -> int:
    args = _arguments()
    peers = [NAMES[args.engine]] if args.engine else list(ENGINES)
    for peer, module in zip(ENGINES, (oracle, webforms), strict=True):
        if peer in peers and not module.available():
            print(module.HOW)
            return 2
    start = time.perf_counter()
    verdicts = list(_verdicts(args, peers))
    print("\n".join(summary(verdicts)))
    played = sum(o.scripts for v in verdicts for o in v.outcomes.values())
    print(f"{played} scripts, {time.perf_counter() - start:.0f} s")
    if not args.names and not args.engine:
        page = lines(verdicts, peers, args.actions)
        write([*page, *_alone(verdicts, args.steps)])
    return 1 if any(sort_of(verdict) == DIFFERENT for verdict in verdicts) else 0


def _alone(verdicts: list[Verdict], steps: int) -> Iterator[str]:
    """What must hold without another engine; raises where it does not."""
    texts = [v.given for v in verdicts if v.kind == COMPARED]
    forms = [Form.load(given.xml, given.files) for given in texts]
    done = walk_all(forms, steps)
    small = [given.xml for given in texts if len(given.xml) < SMALL]
    opened, longest = fuzz_all(small, steps // 20)
    yield "\n## Without another engine\n"
    yield (
        f"{done:,} random actions: after every ten, a run made from the draft looked the "
        f"same and went on in its place. {steps // 20:,} nonsensical expressions and as many "
        f"spoiled forms: {opened:,} opened, the others refused with a reason; the slowest took "
        f"{'less than a second' if longest < 1 else f'{longest:.1f} s'}."
    )
    print(f"{done} steps; {steps // 20} spoiled forms, slowest {longest:.2f} s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="conformance", description=__doc__)
    parser.add_argument("names", nargs="*", help="only forms whose title holds one of these")
    parser.add_argument("--engine", choices=NAMES, help="only this one")
    parser.add_argument("--scripts", type=int, default=10, help="for each form")
    parser.add_argument("--actions", type=int, default=200, help="for each script")
    parser.add_argument("--every", type=int, default=10, help="actions between two looks")
    parser.add_argument("--steps", type=int, default=100_000, help="without another engine")
    return parser.parse_args()


def _verdicts(args: argparse.Namespace, peers: list[str]) -> Iterator[Verdict]:
    with ExitStack() as stack:
        engines = {name: stack.enter_context(ENGINES[name]()) for name in peers}
        for given in _given():
            if args.names and not any(name in given.title for name in args.names):
                continue
            verdict = judge(given, engines, args.scripts, args.actions, args.every)
            _tell(verdict)
            yield verdict


def _tell(verdict: Verdict) -> None:
    for name, outcome in verdict.outcomes.items():
        if outcome.kind == DIFFERENT:
            print(f"{verdict.given.title} (seed {outcome.seed}), {name}", flush=True)
            for difference in outcome.differences[:SHOWN]:
                print(f"    {difference}"[:400])


def _given() -> Iterator[corpora.Given]:
    yield from corpora.own_forms()
    for source in corpora.SOURCES:
        try:
            yield from corpora.forms(source)
        except corpora.NotFetched as why:
            print(f"left out: {why}")


if __name__ == "__main__":
    sys.exit(main())
