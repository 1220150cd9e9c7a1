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
    EXCUSED,
    REFUSED,
    UNABLE_THERE,
    WORKBOOK,
    Verdict,
)

TABLE = Path(__file__).parent / "FORMS.md"
_KINDS = {
    COMPARED: "Same as JavaRosa",
    DIFFERENT: "Different",
    EXCUSED: "Different, explained",
    UNABLE_THERE: "Run here, not by JavaRosa",
    REFUSED: "Refused here",
    WORKBOOK: "Workbook refused",
}
_HEAD = """# Forms of others, beside JavaRosa

Made by `make conformance`, which fetches the forms; do not edit. Each form was filled by
{scripts} random scripts in all, {actions} actions each; after every ten actions each value,
relevance, required, read only, label, hint, choice and constraint was compared, and the XML
at the end. Lists that a corpus names but does not bring were invented. What is different on
purpose is explained by a row of `migdesk/forms/POLICY.md`.
"""


def summary(verdicts: list[Verdict]) -> Iterator[str]:
    """A table: one line a corpus, one column a verdict."""
    counts = Counter((v.given.corpus, v.kind) for v in verdicts)
    names = list(dict.fromkeys(v.given.corpus for v in verdicts))
    yield f"| Corpus | Forms | {' | '.join(_KINDS.values())} |"
    yield "|---|" + "---|" * (len(_KINDS) + 1)
    for name in names:
        row = [counts[name, kind] for kind in _KINDS]
        yield f"| {name} | {sum(row)} | {' | '.join(map(str, row))} |"
    total = Counter(v.kind for v in verdicts)
    row = [total[kind] for kind in _KINDS]
    yield f"| **all** | {sum(row)} | {' | '.join(map(str, row))} |"


def lines(verdicts: list[Verdict], actions: int) -> Iterator[str]:
    """The whole page."""
    scripts = f"{sum(v.scripts for v in verdicts):,}"
    yield _HEAD.format(scripts=scripts, actions=actions)
    yield "Packages: " + ", ".join(f"`{source.package}`" for source in SOURCES) + ".\n"
    yield from summary(verdicts)
    yield "\n## Refused here: what the designer reads\n"
    yield from _list(v for v in verdicts if v.kind in (REFUSED, WORKBOOK))
    yield "\n## What JavaRosa cannot run, and we do\n"
    yield from _list(v for v in verdicts if v.kind == UNABLE_THERE)
    yield "\n## Rows of POLICY.md that were needed\n"
    excuses: Counter[str] = Counter()
    for verdict in verdicts:
        excuses.update(verdict.excuses)
    yield "| Row | Times |\n|---|---|"
    for row, times in sorted(excuses.items()):
        yield f"| {row} | {times:,} |"


def _list(verdicts: Iterable[Verdict]) -> Iterator[str]:
    yield "| Form | Why |\n|---|---|"
    for verdict in verdicts:
        why = re.sub(r"\s+", " ", verdict.why).replace("|", "\\|")
        yield f"| {verdict.given.title} | {why[:200]} |"


def write(page: Iterable[str]) -> None:
    TABLE.write_text("\n".join(page) + "\n", "utf-8")
