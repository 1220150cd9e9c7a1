"""Figures without personal data, for DHIS2, Power BI, R and whoever the agency reports to.

Counts of people, cases, visits and answers, and sums of money, by fields that are not
declared personal or restricted (an age is told as a band only). Small cells are hidden, and
whatever would give them away: also across tables that share their totals.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.forms.dataset import Merged, collect
from migdesk.forms.stats import AGES, THRESHOLD
from migdesk.forms.suppress import Spot, protect
from migdesk.models import RECORDS, pg_report
from migdesk.models.case import FinanceLine
from migdesk.models.kinds import Choice, now_utc
from migdesk.models.kinds.numbers import split_money

from . import answers, form_words, frequencies

TOTAL, UNKNOWN, OTHER = "total", "unknown", "other_word"
LANGUAGES = ("fr", "en")
_WORDS = {
    TOTAL: ("Total", "Total"),
    UNKNOWN: ("Non connu", "Not known"),
    OTHER: ("Autre mot", "Other word"),
}

Words = Callable[[str], tuple[str, str]]
"""Words of a code in French and English."""


@dataclass(frozen=True)
class Figure:
    """One table of the report: names of its columns, and its rows in their order."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class _Axis:
    """What a figure counts by: a field (of `DERIVED`, something made of it)."""

    field: str
    words: Words
    code: Callable[[Any], str]


@dataclass(frozen=True)
class _Counted:
    """Counts of pairs of codes; several with the same `shared` have equal totals below."""

    figure: str
    shared: str
    rows: _Axis
    columns: _Axis
    counts: Mapping[tuple[str, str], int]


def figures(session: Session) -> tuple[Figure, ...]:
    """All figures as they are now."""
    by_figure: dict[str, list[dict[str, Any]]] = {name: [] for name in pg_report.SHAPES}
    for cell in cells(session):
        by_figure[cell["figure"]].append(cell)
    return tuple(
        Figure(
            name,
            tuple(shown for _own, shown in pg_report.columns(name)),
            tuple(
                tuple(cell[own] for own, _shown in pg_report.columns(name)) for cell in found
            ),
        )
        for name, found in by_figure.items()
    )


def refresh(session: Session, again: bool = False) -> bool:
    """Renew the schema `report`, at most once a day: from figures of each hour one could
    tell who came in between. Whether it was done."""
    today = now_utc()[:10]
    connection = session.connection()
    if not again and pg_report.refreshed(connection) == today:
        return False
    pg_report.replace(connection, cells(session), today, THRESHOLD)
    return True


def cells(session: Session) -> Iterator[dict[str, Any]]:
    """Every cell of every figure, as the tables of the schema `report` hold them."""
    for group in _together(_counted(session)):
        for counted, hidden in zip(group, _hidden(group), strict=True):
            yield from _cells(counted, hidden)
    yield from _money(session)
    yield from _answers(session)


# counting ---------------------------------------------------------------------


def _counted(session: Session) -> Iterator[_Counted]:
    sex = _choice("person", "sex")
    named = partial(answers.regions_of, session)
    regions = _Axis("origin", _same, str)
    for name, axis in (
        ("people_by_age", _Axis("birth", _same, _age_band)),
        ("people_by_nationality", _choice("person", "nationality")),
        ("people_by_residence", _choice("person", "residence_country")),
        ("people_by_phase", _choice("person", "phase")),
    ):
        yield _count(session, name, "person", axis, sex)
    yield _count(session, "people_by_region", "person", regions, sex, named)
    status, month = _choice("case", "status"), _Axis("at", _same, lambda at: str(at)[:7])
    for name, field in (("cases_by_stage", "stage"), ("cases_by_sector", "sector")):
        yield _count(session, name, "case", _choice("case", field), status)
    for name, field in (("visits_by_request", "request"), ("visits_by_channel", "channel")):
        yield _count(session, name, "visit", _choice("visit", field), month)


def _count(
    session: Session,
    figure: str,
    kind: str,
    rows: _Axis,
    columns: _Axis,
    named: Callable[[Collection[str]], Mapping[str, str]] | None = None,
) -> _Counted:
    model = RECORDS[kind].model
    one, two = getattr(model, rows.field), getattr(model, columns.field)
    living = sa.select(one, two).where(model.deleted.is_(False))
    pairs = session.execute(living).all()
    names = named({value for value, _other in pairs if value}) if named else None
    counts = Counter(
        (_code(rows, value, names), _code(columns, other, None)) for value, other in pairs
    )
    return _Counted(figure, kind, rows, columns, counts)


def _code(axis: _Axis, value: Any, names: Mapping[str, str] | None) -> str:
    if names is not None:
        value = names.get(value)
    return (axis.code(value) or UNKNOWN) if value else UNKNOWN


def _same(code: str) -> tuple[str, str]:
    return code, code


def _choice(kind: str, field: str) -> _Axis:
    """A field with a list of codes. What somebody typed beside the list may be anything, a
    name too: it is counted as another word."""
    declared = RECORDS[kind][field].kind
    assert isinstance(declared, Choice)
    if declared.codes == "country":
        lists = [codelists.countries(language) for language in LANGUAGES]
    else:
        lists = [codelists.get(declared.codes)] * len(LANGUAGES)

    def words(code: str) -> tuple[str, str]:
        french, english = (
            known.label_of(code, language)
            for known, language in zip(lists, LANGUAGES, strict=True)
        )
        return french, english

    return _Axis(field, words, lambda code: code if code in lists[0] else OTHER)


def _age_band(birth: str) -> str:
    years = answers.age(birth, now_utc())
    if not years:
        return ""
    low = max((bound for bound in AGES if bound <= int(years)), default=None)
    if low is None:
        return ""
    after = [bound for bound in AGES if bound > low]
    return f"{low}-{after[0] - 1}" if after else f"{low}+"


# hiding -----------------------------------------------------------------------


def _together(found: Iterable[_Counted]) -> list[list[_Counted]]:
    groups: dict[str, list[_Counted]] = defaultdict(list)
    for counted in found:
        groups[counted.shared].append(counted)
    return list(groups.values())


def _codes(counted: _Counted, side: int) -> list[str]:
    """Codes of one side that occur, in order, those that say least last."""
    last = (OTHER, UNKNOWN)
    found = {pair[side] for pair in counted.counts}
    return [*sorted(found - set(last)), *(code for code in last if code in found)]


def _table(counted: _Counted, columns: Sequence[str]) -> list[list[int]]:
    """Counts with their totals in the last row and column."""
    lines = [
        [counted.counts.get((row, column), 0) for column in columns]
        for row in _codes(counted, 0)
    ]
    lines.append([sum(line[place] for line in lines) for place in range(len(columns))])
    return [[*line, sum(line)] for line in lines]


def _hidden(group: Sequence[_Counted]) -> list[set[Spot]]:
    """Cells to hide in figures of the same rows of the database. Their last lines are the
    same, so what one hides there the others hide too; until nothing changes."""
    columns = _codes(group[0], 1)
    tables = [_table(counted, columns) for counted in group]
    below: set[int] = set()
    while True:
        hidden = [
            protect(table, THRESHOLD, False, False, {(len(table) - 1, c) for c in below})
            for table in tables
        ]
        found = {
            column
            for table, spots in zip(tables, hidden, strict=True)
            for row, column in spots
            if row == len(table) - 1
        }
        if found == below:
            return hidden
        below = found


def _cells(counted: _Counted, hidden: set[Spot]) -> Iterator[dict[str, Any]]:
    rows, columns = [*_codes(counted, 0), TOTAL], [*_codes(counted, 1), TOTAL]
    table = _table(counted, columns[:-1])
    for r, row in enumerate(rows):
        for c, column in enumerate(columns):
            away = (r, c) in hidden
            yield _cell(
                counted.figure,
                (row, *_said(counted.rows.words, row)),
                (column, *_said(counted.columns.words, column)),
                None if away else table[r][c],
            )


def _said(words: Words, code: str) -> tuple[str, str]:
    return _WORDS.get(code) or words(code)


def _cell(
    figure: str,
    row: tuple[str, str, str],
    column: tuple[str, str, str],
    value: int | Decimal | None,
    part: tuple[str, str, str] = ("", "", ""),
) -> dict[str, Any]:
    names = [c.name for c in pg_report.CELL.columns]
    return dict(zip(names, (figure, *part, *row, *column, value, value is None), strict=True))


# money and answers ------------------------------------------------------------


def _money(session: Session) -> Iterator[dict[str, Any]]:
    """Sums of the lines of finance, each shown if its count would be."""
    state = _choice("finance_line", "status")
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    counts: Counter[tuple[str, str]] = Counter()
    living = FinanceLine.deleted.is_(False)
    lines = sa.select(FinanceLine.status, FinanceLine.amount).where(living)
    for value, money in session.execute(lines):
        if money:
            figure, currency = split_money(money)
            pair = (_code(state, value, None), currency)
            sums[pair] += figure
            counts[pair] += 1
    counted = _Counted("money_by_state", "", state, _Axis("amount", _same, str), counts)
    if not counts:
        return
    (hidden,) = _hidden([counted])
    rows = _codes(counted, 0)
    for c, currency in enumerate(_codes(counted, 1)):
        of = [sums.get((row, currency), Decimal(0)) for row in rows]
        for r, (row, amount_) in enumerate(zip([*rows, TOTAL], [*of, sum(of)], strict=True)):
            words = row, *_said(state.words, row)
            shown = None if (r, c) in hidden else Decimal(amount_)
            yield _cell("money_by_state", words, (currency, currency, currency), shown)


def _answers(session: Session) -> Iterator[dict[str, Any]]:
    """Counts of each question with choices, of all questionnaires."""
    for form, title, number in answers.forms_here(session):
        if number:
            gathered = answers.gather(session, form, answers.Limits())
            yield from _of_form((form, title, title), gathered)


def _of_form(
    part: tuple[str, str, str], gathered: answers.Gathered
) -> Iterator[dict[str, Any]]:
    french, english = (
        [(form, form_words.spoken_in(form, language)) for form in gathered.forms]
        for language in LANGUAGES
    )
    data = collect(french, gathered.entries)
    main, other = data.main, Merged(english).dataset().main
    for place, variable in enumerate(main.variables):
        if not variable.choices:
            continue
        found = frequencies.dimension(data, main, f"0:{variable.path}", ())
        known = {choice.value: choice.label or choice.value for choice in variable.choices}
        said = {c.value: c.label or c.value for c in other.variables[place].choices}
        given = Counter(
            (code if code in known else OTHER) for codes in found.values for code in codes
        )
        whole = sum(1 for codes in found.values if codes)
        table = [[given[code]] for code in given] + [[whole]]
        hidden = protect(table, THRESHOLD, found.many, False)
        question = (
            variable.path,
            variable.label or variable.path,
            other.variables[place].label or variable.path,
        )
        for row, code in enumerate([*given, TOTAL]):
            words = _WORDS.get(code) or (known[code], said.get(code, known[code]))
            shown = None if (row, 0) in hidden else table[row][0]
            yield _cell("answers", question, (code, *words), shown, part)
