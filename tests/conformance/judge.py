"""One form: loaded, filled at random by our engine and its peers, and judged."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migdesk.forms import Form, FormFault
from tests.conformance.compare import Comparison, Difference, spoken, stale
from tests.conformance.corpora import Given
from tests.conformance.oracle import Engine, Silent, cache
from tests.conformance.peers import JAVAROSA, WEBFORMS
from tests.conformance.play import Played, play
from tests.conformance.stubs import stubs

WORKBOOK, REFUSED, UNABLE_THERE, EXCUSED, COMPARED, DIFFERENT = (
    "workbook", "refused", "unable", "excused", "compared", "different"
)  # fmt: skip
PEERS = {peer.name: peer for peer in (JAVAROSA, WEBFORMS)}


@dataclass
class Outcome:
    """With one peer. `why`: its fault, or the first difference. `scripts`: how many were
    played to their end; `seed`: of the one that differs."""

    kind: str = COMPARED
    why: str = ""
    scripts: int = 0
    seed: int = 0
    differences: list[Difference] = field(default_factory=list)
    excuses: Counter[str] = field(default_factory=Counter)


@dataclass
class Verdict:
    """`kind`: WORKBOOK, REFUSED or COMPARED; then `outcomes`, by the peer's name, tell more.
    `alone`: row of POLICY.md → how often both peers agreed against us there."""

    given: Given
    kind: str = COMPARED
    why: str = ""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    alone: Counter[str] = field(default_factory=Counter)

    def kinds(self) -> tuple[str, ...]:
        """How it went: one word, or one for each peer."""
        found = tuple(outcome.kind for outcome in self.outcomes.values())
        return found if self.kind == COMPARED else (self.kind,) * len(found)


def judge(
    given: Given, engines: Mapping[str, Engine], scripts: int, actions: int, every: int
) -> Verdict:
    """Load a form and play `scripts` scripts of `actions` actions here and on each engine."""
    verdict = Verdict(given, outcomes={name: Outcome() for name in engines})
    if given.fault:
        verdict.kind, verdict.why = WORKBOOK, given.fault
        return verdict
    given.files = stubs(given.xml)
    try:
        form = Form.load(given.xml, given.files)
    except FormFault as fault:
        verdict.kind, verdict.why = REFUSED, fault.words
        return verdict
    Match(verdict, form, engines).play(scripts, actions, every)
    return verdict


class Match:
    """All scripts of one form."""

    def __init__(self, verdict: Verdict, form: Form, engines: Mapping[str, Engine]) -> None:
        self.verdict, self.form, self.engines = verdict, form, engines
        self.first = zlib.crc32(verdict.given.title.encode())
        self.languages = True
        self.comparisons = {name: Comparison(form, PEERS[name]) for name in engines}

    def play(self, scripts: int, actions: int, every: int) -> None:
        done = 0
        while done < scripts and (names := list(self._able(done))):
            tidy = WEBFORMS.name in names
            played = play(self.form, self.first + done, actions, every, self.languages, tidy)
            found = dict(self._ask(names, played))
            if self.languages and any("NoLocalizedText" in str(f[:1]) for f in found.values()):
                self.languages = False  # JavaRosa wants each text in each language
                continue
            for name, differences in found.items():
                self._note(name, self.first + done, differences)
            self._agreed()
            done += 1

    def _able(self, number: int) -> Iterator[str]:
        """Who plays this script: every fourth is untidy, and for JavaRosa alone."""
        for name, outcome in self.verdict.outcomes.items():
            if outcome.kind == COMPARED and (name != WEBFORMS.name or number % 4 != 3):
                yield name

    def _ask(self, names: list[str], played: Played) -> Iterator[tuple[str, list[Difference]]]:
        sent = script(self.verdict.given, self.form, played)
        for name in names:
            self.engines[name].send(sent)
        for name in names:
            comparison = self.comparisons[name]
            comparison.seen.clear()
            comparison.excuses.clear()
            try:
                told = self.engines[name].receive()
            except Silent:
                told = {"error": f"{name} did not answer", "at": -1}
            yield name, comparison.compare(played, told)

    def _note(self, name: str, seed: int, found: list[Difference]) -> None:
        outcome, title = self.verdict.outcomes[name], self.verdict.given.title
        outcome.excuses.update(self.comparisons[name].excuses)
        if not found:
            outcome.scripts += 1
            return
        first, peer = found[0], PEERS[name]
        outcome.seed, outcome.differences = seed, found
        if first.what == "run" and (first.at == -1 or peer.unable.search(first.theirs)):
            outcome.kind, outcome.why = UNABLE_THERE, " ".join(first.theirs.split())
        elif title in peer.forms:
            outcome.kind, outcome.why = EXCUSED, peer.forms[title]
            outcome.excuses[outcome.why] += 1
        else:
            outcome.kind, outcome.why = DIFFERENT, str(first)

    def _agreed(self) -> None:
        """Count where the peers saw the same, and we something else."""
        tables = [comparison.seen for comparison in self.comparisons.values()]
        for key in set.intersection(*map(set, tables)) if len(tables) > 1 else ():
            if tables[0][key][1] == tables[1][key][1]:
                self.verdict.alone[tables[0][key][0]] += 1


def script(given: Given, form: Form, played: Played) -> dict[str, Any]:
    """What the other program is told; see Oracle.java."""
    return {
        "xml": given.xml,
        "files": str(_folder(given)),
        "counted": bool(form.program.count),
        "stale": stale(form) or spoken(form),
        "actions": played.actions,
        "rows": played.rows,
    }


def _folder(given: Given) -> Path:
    folder = cache() / "files" / given.title.replace("/", "_")
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in given.files.items():
        (folder / name).write_bytes(data)
    return folder
