"""One form: loaded, filled at random by both engines, and judged."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migdesk.forms import Form, FormFault
from tests.conformance.compare import UNABLE, Comparison, Difference, spoken, stale
from tests.conformance.corpora import Given
from tests.conformance.exceptions import FORMS
from tests.conformance.oracle import Oracle, Silent, cache
from tests.conformance.play import Played, play
from tests.conformance.stubs import stubs

WORKBOOK, REFUSED, UNABLE_THERE, EXCUSED, COMPARED, DIFFERENT = (
    "workbook", "refused", "unable", "excused", "compared", "different"
)  # fmt: skip


@dataclass
class Verdict:
    """`kind`: one of the words above; `why`: the fault, or the first difference.
    `scripts`: how many were played to their end; `seed`: of the one that differs."""

    given: Given
    kind: str = COMPARED
    why: str = ""
    scripts: int = 0
    seed: int = 0
    differences: list[Difference] = field(default_factory=list)
    excuses: Counter[str] = field(default_factory=Counter)


def judge(given: Given, oracle: Oracle, scripts: int, actions: int, every: int) -> Verdict:
    """Load a form and play `scripts` scripts of `actions` actions on both engines."""
    if given.fault:
        return Verdict(given, WORKBOOK, given.fault)
    given.files = stubs(given.xml)
    try:
        form = Form.load(given.xml, given.files)
    except FormFault as fault:
        return Verdict(given, REFUSED, fault.words)
    verdict = Verdict(given)
    _play_all(verdict, form, oracle, scripts, actions, every)
    return verdict


def _play_all(
    verdict: Verdict, form: Form, oracle: Oracle, scripts: int, actions: int, every: int
) -> None:
    given, languages = verdict.given, True
    comparison = Comparison(form)
    first = zlib.crc32(given.title.encode())
    while verdict.scripts < scripts:
        seed = first + verdict.scripts
        played = play(form, seed, actions, every, languages)
        told = _ask(oracle, script(given, form, played))
        found = comparison.compare(played, told)
        verdict.excuses.update(comparison.excuses)
        comparison.excuses.clear()
        if found and languages and "NoLocalizedText" in str(found[0].theirs):
            languages = False  # JavaRosa wants each text in each language, or none spoken
            continue
        if found:
            _blame(verdict, seed, found)
            return
        verdict.scripts += 1


def script(given: Given, form: Form, played: Played) -> dict[str, Any]:
    """What the Java program is told; see Oracle.java."""
    return {
        "xml": given.xml,
        "files": str(_folder(given)),
        "counted": bool(form.program.count),
        "stale": stale(form) or spoken(form),
        "actions": played.actions,
    }


def _ask(oracle: Oracle, sent: dict[str, Any]) -> dict[str, Any]:
    try:
        return oracle.ask(sent)
    except Silent:
        return {"error": "JavaRosa did not answer", "at": -1}


def _folder(given: Given) -> Path:
    folder = cache() / "files" / given.title.replace("/", "_")
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in given.files.items():
        (folder / name).write_bytes(data)
    return folder


def _blame(verdict: Verdict, seed: int, found: list[Difference]) -> None:
    first = found[0]
    verdict.seed, verdict.differences = seed, found
    if first.what == "run" and (first.at == -1 or UNABLE.search(first.theirs)):
        verdict.kind, verdict.why = UNABLE_THERE, " ".join(first.theirs.split())
    elif verdict.given.title in FORMS:
        verdict.kind, verdict.why = EXCUSED, FORMS[verdict.given.title]
        verdict.excuses[verdict.why] += 1
    else:
        verdict.kind, verdict.why = DIFFERENT, str(first)
