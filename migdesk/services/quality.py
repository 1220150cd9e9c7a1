"""What to look at again among the interviews of a campaign. Nothing is judged or changed.

Sources: robust z-score of Iglewicz & Hoaglin, *How to Detect and Handle Outliers* (1993):
0.6745 (x − median) ÷ MAD, far beyond 3.5; outer fences of Tukey, *Exploratory Data
Analysis* (1977): 3 interquartile ranges outside the quartiles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from itertools import groupby
from statistics import median, quantiles

from babel.numbers import format_decimal

from migdesk.forms import Form
from migdesk.forms.definition import Control
from migdesk.forms.values import NUMERIC
from migdesk.i18n import _, language, ngettext
from migdesk.models.dates import read_moment
from migdesk.models.search import fold

from . import form_words
from . import interviews as held
from .interviews import Answers, Interview

FAR_Z = 3.5
FENCE = 3.0
FEW_NUMBERS = 8
"""Fewer answers than this tell nothing about what is usual."""
FEW_INTERVIEWS = 5
FAST = 0.5
"""Too fast: under this share of the median duration."""
BLANK_SHARE = 0.3
FEW_ASKED = 5
GRID = 4
"""Fewest questions of one grid that may all be answered alike by mistake."""
GRIDS = ("list-nolabel", "likert", "label", "list")


@dataclass(frozen=True)
class Read:
    """An interview with its answers. `minutes` from its start to its end, None if the form
    does not keep them; `who` is the name of the enumerator."""

    interview: Interview
    answers: Answers
    minutes: float | None = None
    who: str = ""

    @property
    def id(self) -> str:
        return self.interview.id


@dataclass(frozen=True)
class Finding:
    """Something to look at. `check` is a code of the list ``quality_checks``; `about` tells
    findings of one check on one submission apart (a question, the twin); `other` is
    another submission to compare with; `note` and `seen` say that somebody looked."""

    check: str
    submission: str
    about: str
    words: str
    other: str = ""
    who: str = ""
    finished: str = ""
    note: str = ""
    seen: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.submission, self.check, self.about)


@dataclass(frozen=True)
class Gap:
    """How often a question that applied was left blank."""

    label: str
    asked: int
    blank: int

    @property
    def share(self) -> float:
        return self.blank / self.asked if self.asked else 0.0


@dataclass(frozen=True)
class Shape:
    """What the checks need of a form: words of the questions asked, those that are numbers,
    and the grids, each a row of paths."""

    asked: Mapping[str, str] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    grids: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Report:
    """What the checks found. `minutes`: the median duration, None if it is not known."""

    interviews: int
    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()
    minutes: float | None = None

    @property
    def unseen(self) -> int:
        return sum(not finding.seen for finding in self.findings)


def shape_of(form: Form) -> Shape:
    """What the checks need of a form, in the language in force."""
    asked = held.asked(form)
    nodes = form.definition.nodes
    numbers = frozenset(path for path in asked if nodes[path].bind.type in NUMERIC)
    grids = [grid for top in form.definition.body for grid in _grids(form, top, asked)]
    return Shape(asked, numbers, tuple(grids))


def _grids(form: Form, top: Control, asked: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Runs of questions with the same choices; a run of yes and no counts only where the
    form shows it as a grid."""
    for control in top.walk():
        for (_choices, worth), run in groupby(control.children, lambda c: _scale(form, c)):
            paths = [c.node.path for c in run if c.node is not None and c.node.path in asked]
            if worth and len(paths) >= GRID:
                yield tuple(paths)


def _scale(form: Form, control: Control) -> tuple[str, bool]:
    """What names the list of a question's choices, and whether a run over it is a grid."""
    if control.kind != "select1":
        return "", False
    choices = form_words.entries(form, form.default_language)[control].choices
    name = control.itemset.nodeset if control.itemset is not None else ""
    name = name or "\n".join(choice.value for choice in choices)
    return name, len(choices) > 2 or bool(set(control.appearance.split()) & set(GRIDS))


def minutes_of(form: Form, answers: Answers) -> float | None:
    """Minutes from the start to the end that the form kept, None if it did not."""
    try:
        start, end = (read_moment(answers.get(path, ("",))[0]) for path in _edges(form))
    except ValueError:
        return None
    return (end - start).total_seconds() / 60


@lru_cache(maxsize=8)
def _edges(form: Form) -> tuple[str, str]:
    """Paths of the questions that keep the start and the end, "" for none."""
    found = {
        node.bind.preload_params: path
        for path, node in form.definition.nodes.items()
        if node.bind.preload == "timestamp"
    }
    return found.get("start", ""), found.get("end", "")


# checks -----------------------------------------------------------------------


def check(reads: Sequence[Read], shape: Shape, keys: Sequence[str] = ()) -> Report:
    """Every check over the interviews of one form. `keys` are names of questions whose
    answers together should not come twice; none given: all answers."""
    minutes = _durations(reads)
    findings = [
        *twins(reads, shape, keys),
        *outliers(reads, shape),
        *fast(reads, minutes),
        *missing(reads, shape),
        *straight(reads, shape),
    ]
    whole = {read.id: read for read in reads}
    named = tuple(
        replace(
            found,
            who=whole[found.submission].who,
            finished=whole[found.submission].interview.finished,
        )
        for found in findings
    )
    usual = median(minutes.values()) if minutes else None
    return Report(len(reads), named, tuple(gaps(reads, shape)), usual)


def twins(reads: Sequence[Read], shape: Shape, keys: Sequence[str]) -> Iterator[Finding]:
    """Interviews with the same paper, unit, person or household, or with the same key
    answers; each after the first is a finding."""
    for kind in ("paper_copy", "survey_unit", "household", "person"):
        words = {
            "paper_copy": _("The same paper was entered before, on another computer."),
            "survey_unit": _("The same unit was asked before."),
            "household": _("The same household was asked before."),
            "person": _("The same person was asked before."),
        }[kind]
        yield from _repeated(reads, partial(_linked, kind), kind, words)
    names = {name.casefold() for name in keys}
    paths = [p for p in shape.asked if not names or p.rpartition("/")[2].casefold() in names]
    said = (
        _("The same answers to {questions}.").format(
            questions=", ".join(shape.asked[path] for path in paths)
        )
        if names
        else _("Every answer is the same as in another interview.")
    )
    yield from _repeated(reads, lambda r: _signature(r, paths), "answers", said)


def _linked(kind: str, read: Read) -> str:
    return read.interview.links.get(kind, "")


def _signature(read: Read, paths: Iterable[str]) -> str:
    texts = ["|".join(read.answers.get(path, ())) for path in paths]
    return fold("\n".join(texts)) if any(text.strip("|") for text in texts) else ""


def _repeated(
    reads: Sequence[Read], key: Callable[[Read], str], about: str, words: str
) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for read in reads:
        value = key(read)
        if value and value in first:
            yield Finding("twin", read.id, about, words, other=first[value])
        elif value:
            first[value] = read.id


def outliers(reads: Sequence[Read], shape: Shape) -> Iterator[Finding]:
    """Numbers far from the others: beyond 3.5 robust deviations, or outside the outer
    fences. All rows of a repeat count."""
    for path in shape.asked:
        if path not in shape.numbers:
            continue
        given = [(read, n) for read in reads for n in _numbers(read.answers.get(path, ()))]
        if len(given) < FEW_NUMBERS:
            continue
        far = far_out([value for _read, value in given])
        usual = median(value for _read, value in given)
        seen: set[str] = set()
        for read, value in given:
            if far(value) and read.id not in seen:
                seen.add(read.id)
                words = _("{question}: {value}, where the middle is {usual}.").format(
                    question=shape.asked[path], value=_figure(value), usual=_figure(usual)
                )
                yield Finding("outlier", read.id, path, words)


def far_out(values: Sequence[float]) -> _Far:
    """A test of a value against the others; nothing is far where nothing varies."""
    middle = median(values)
    spread = median(abs(value - middle) for value in values)
    low, _middle, high = quantiles(values, n=4, method="inclusive")
    return _Far(middle, spread, low, high)


@dataclass(frozen=True)
class _Far:
    middle: float
    spread: float
    low: float
    high: float

    def __call__(self, value: float) -> bool:
        if self.spread and abs(0.6745 * (value - self.middle) / self.spread) > FAR_Z:
            return True
        room = FENCE * (self.high - self.low)
        return bool(room) and not self.low - room <= value <= self.high + room


def _numbers(texts: Iterable[str]) -> Iterator[float]:
    for text in texts:
        try:
            value = Decimal(text)
        except InvalidOperation:
            continue
        if value.is_finite():
            yield float(value)


def _figure(value: float) -> str:
    return str(format_decimal(value, locale=language()))


def _durations(reads: Sequence[Read]) -> dict[str, float]:
    """Minutes of each interview: from its own start and end; else, where the form keeps
    neither, since the one that the same enumerator finished before on that day."""
    known = {read.id: read.minutes for read in reads if read.minutes is not None}
    if known:
        return {id: max(minutes, 0.0) for id, minutes in known.items()}
    found: dict[str, float] = {}
    before: dict[str, Interview] = {}
    for read in reads:
        now = read.interview
        last = before.get(now.account)
        if last is not None and now.finished and last.day == now.day:
            gap = read_moment(now.finished) - read_moment(last.finished)
            found[now.id] = gap.total_seconds() / 60
        if now.finished:
            before[now.account] = now
    return found


def fast(reads: Sequence[Read], minutes: Mapping[str, float]) -> Iterator[Finding]:
    """Interviews that took less than half of the median time."""
    if len(minutes) < FEW_INTERVIEWS:
        return
    usual = median(minutes.values())
    for read in reads:
        took = minutes.get(read.id)
        if took is not None and took < FAST * usual:
            words = _("{n} minutes, where the middle is {usual}.").format(
                n=_figure(round(took, 1)), usual=_figure(round(usual, 1))
            )
            yield Finding("fast", read.id, "", words)


def missing(reads: Sequence[Read], shape: Shape) -> Iterator[Finding]:
    """Interviews with many blanks among the questions that applied."""
    for read in reads:
        texts = [text for path in shape.asked for text in read.answers.get(path, ())]
        blank = sum(not text for text in texts)
        if len(texts) >= FEW_ASKED and blank / len(texts) > BLANK_SHARE:
            words = ngettext(
                "{n} answer of {total} is missing.",
                "{n} answers of {total} are missing.",
                blank,
            )
            yield Finding("missing", read.id, "", words.format(n=blank, total=len(texts)))


def gaps(reads: Sequence[Read], shape: Shape) -> list[Gap]:
    """How often each question was left blank where it applied; the worst first."""
    asked: Counter[str] = Counter()
    blank: Counter[str] = Counter()
    for read in reads:
        for path in shape.asked:
            for text in read.answers.get(path, ()):
                asked[path] += 1
                blank[path] += not text
    found = [Gap(shape.asked[path], asked[path], blank[path]) for path in asked if blank[path]]
    return sorted(found, key=lambda gap: (-gap.share, gap.label))


def straight(reads: Sequence[Read], shape: Shape) -> Iterator[Finding]:
    """Grids where every question got the same answer."""
    for grid in shape.grids:
        for read in reads:
            columns = [read.answers.get(path, ()) for path in grid]
            rows = zip(*columns, strict=False)
            if any(len(set(row)) == 1 and row[0] for row in rows):
                words = _("The {n} questions from {question} on have the same answer.").format(
                    n=len(grid), question=shape.asked[grid[0]]
                )
                yield Finding("straight", read.id, grid[0], words)
