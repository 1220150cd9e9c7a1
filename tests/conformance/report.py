"""FORMS.md: what became of every form at hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.conformance.corpora import SOURCES
from tests.conformance.judge import (
    COMPARED,
    DIFFERENT,
    REFUSED,
    UNABLE_THERE,
    WORKBOOK,
    Outcome,
    Verdict,
)
from tests.conformance.webforms import ENGINE

TABLE = Path(__file__).parent / "FORMS.md"
CHANCE = ("`once()`, `random()`, `uuid()`", "`today()`, `now()` in a calculation")
SAME, ONE, EXPLAINED, HALF, NEITHER = "same", "one", "explained", "half", "neither"
_KINDS = {
    SAME: "Same as all",
    ONE: "Same as one",
    EXPLAINED: "Explained",
    HALF: "Only one peer runs it",
    NEITHER: "No peer runs it",
    DIFFERENT: "Unexplained",
    REFUSED: "Refused here",
    WORKBOOK: "Workbook refused",
}
_HEAD = """# Forms of others, beside {peers}

Made by `make conformance`, which fetches the forms and the engines; do not edit. Each form
was filled by random scripts, {scripts} in all, {actions} actions each; after every ten
actions each value, relevance, required, read only, label, hint, choice and constraint was
compared, and the XML at the end. Lists that a corpus names but does not bring were
invented.

*Same*: but for what chance and the clock decide. *Same as one*: where it differs from the
other peer, a row of `migdesk/forms/POLICY.md` says so; *explained*: rows were needed beside
all. A form that only one peer runs was compared with that one, under the same rules.
*Unexplained* must be 0.
"""


def sort_of(verdict: Verdict) -> str:
    """The column of a form in the table."""
    if verdict.kind != COMPARED:
        return verdict.kind
    outcomes = verdict.outcomes.values()
    if any(outcome.kind == DIFFERENT for outcome in outcomes):
        return DIFFERENT
    run = [outcome for outcome in outcomes if outcome.kind != UNABLE_THERE]
    if len(run) < len(outcomes):
        return HALF if run else NEITHER
    same = [outcome for outcome in run if not _needed(outcome)]
    return SAME if len(same) == len(run) else ONE if same else EXPLAINED


def _needed(outcome: Outcome) -> list[str]:
    return [row for row, times in outcome.excuses.items() if times and row not in CHANCE]


def summary(verdicts: list[Verdict]) -> Iterator[str]:
    """A table: one line a corpus, one column a sort."""
    counts = Counter((v.given.corpus, sort_of(v)) for v in verdicts)
    names = list(dict.fromkeys(v.given.corpus for v in verdicts))
    yield f"| Corpus | Forms | {' | '.join(_KINDS.values())} |"
    yield "|---|" + "---|" * (len(_KINDS) + 1)
    for name in names:
        row = [counts[name, kind] for kind in _KINDS]
        yield f"| {name} | {sum(row)} | {' | '.join(map(str, row))} |"
    total = Counter(sort_of(v) for v in verdicts)
    row = [total[kind] for kind in _KINDS]
    yield f"| **all** | {sum(row)} | {' | '.join(map(str, row))} |"


def lines(verdicts: list[Verdict], peers: list[str], actions: int) -> Iterator[str]:
    """The whole page."""
    played = {p: sum(v.outcomes[p].scripts for v in verdicts) for p in peers}
    scripts = " and ".join(f"{count:,} beside {peer}" for peer, count in played.items())
    yield _HEAD.format(peers=" and ".join(peers), scripts=scripts, actions=actions)
    packages = [source.package for source in (*SOURCES, ENGINE)]
    yield "Packages: " + ", ".join(f"`{package}`" for package in packages) + ".\n"
    yield from summary(verdicts)
    yield "\n## Refused here: what the designer reads\n"
    refused = [v for v in verdicts if v.kind in (REFUSED, WORKBOOK)]
    yield from _list((v.given.title, v.why) for v in refused)
    for peer in peers:
        yield f"\n## What {peer} cannot run, and we do\n"
        found = [(v.given.title, v.outcomes[peer]) for v in verdicts]
        yield from _list((t, o.why) for t, o in found if o.kind == UNABLE_THERE)
    yield from _rows(verdicts, peers)


def _rows(verdicts: list[Verdict], peers: list[str]) -> Iterator[str]:
    needed: dict[str, Counter[str]] = {peer: Counter() for peer in peers}
    alone: Counter[str] = Counter()
    for verdict in verdicts:
        alone.update(verdict.alone)
        for peer, outcome in verdict.outcomes.items():
            needed[peer].update(outcome.excuses)
    yield "\n## Rows of POLICY.md that were needed\n"
    yield f"| Row | {' | '.join(peers)} | Both alike, we otherwise |"
    yield "|---|" + "---|" * (len(peers) + 1)
    for row in sorted(set().union(*needed.values())):
        times = [table[row] for table in (*needed.values(), alone)]
        yield f"| {row} | {' | '.join(f'{n:,}' if n else '' for n in times)} |"


def _list(found: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield "| Form | Why |\n|---|---|"
    for title, said in found:
        why = re.sub(r"\s+", " ", said).replace("|", "\\|")
        yield f"| {title} | {why[:200]} |"


def write(page: Iterable[str]) -> None:
    TABLE.write_text("\n".join(page) + "\n", "utf-8")
