"""What can be counted in answers, and counting it: by a question, or by what is known of
the person that a submission is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from migdesk.errors import Mistake
from migdesk.forms.dataset import Dataset, Sheet, Variable
from migdesk.forms.stats import (
    AGES,
    THRESHOLD,
    Cross,
    Dimension,
    Means,
    bands,
    cross,
    means,
    nice_bounds,
)
from migdesk.forms.table import number
from migdesk.i18n import N_, _
from migdesk.models import RECORDS
from migdesk.models.kinds import Choice, Choices, vocabulary

CATEGORIES = 30
"""Different texts up to which a question without choices can be counted."""
RESTRICTED = frozenset({"status", "needs"})
"""Known of a person, but never shown of few: the usual threshold cannot be lowered."""


_ORIGINS = ("origin_region", "origin")
_COUNTED = frozenset({"date", "dateTime", "acknowledge"})
_UNCOUNTED = frozenset("image audio video file geopoint geotrace geoshape".split())


class CannotCross(Mistake):
    """Two repeats side by side: no row of the one belongs to a row of the other."""

    code = "ANS-002"
    text = N_("These two questions are asked about different things. Choose another.")


class NothingToCount(Mistake):
    code = "ANS-003"
    text = N_("This question cannot be counted: its answers are all different.")


@dataclass(frozen=True)
class Subject:
    """Something to count: `key` is ``2:group/question`` (third sheet) or ``@sex``."""

    key: str
    label: str
    numeric: bool = False
    sheet: str = ""


@dataclass(frozen=True)
class Asked:
    """A table to make. `measure`: a numeric subject whose mean and median are wanted, ""
    to count. `bounds`: lower ends of the bands of numbers, () for round ones."""

    rows: str
    columns: str = ""
    measure: str = ""
    threshold: int = THRESHOLD
    bounds: tuple[int, ...] = ()


def subjects(data: Dataset) -> tuple[Subject, ...]:
    """All that can be counted, in the order of the form; what is known of people last."""
    return (*_questions(data), *_people(data))


def _questions(data: Dataset) -> Iterator[Subject]:
    for place, sheet in enumerate(data.sheets):
        for n, variable in enumerate(sheet.variables):
            if variable.name in ("instanceID", "instanceName") or not _countable(sheet, n):
                continue
            label = variable.label or variable.name
            inner = (sheet.label or sheet.name) if place else ""
            yield Subject(f"{place}:{variable.path}", label, _is_number(sheet, n), inner)


def _countable(sheet: Sheet, place: int) -> bool:
    variable = sheet.variables[place]
    if variable.choices or variable.numeric or variable.type in _COUNTED:
        return True
    if variable.type in _UNCOUNTED:
        return False
    return 0 < len(_different(sheet, place)) <= CATEGORIES or _is_number(sheet, place)


def _different(sheet: Sheet, place: int) -> list[str]:
    return sorted({line.values[place] or "" for line in sheet.rows} - {""})


def _is_number(sheet: Sheet, place: int) -> bool:
    """A number by its type, or a calculation that only ever gave numbers."""
    variable = sheet.variables[place]
    if variable.numeric:
        return True
    texts = _different(sheet, place) if variable.type == "calculate" else []
    return bool(texts) and all(not isinstance(number(text), str) for text in texts)


def _people(data: Dataset) -> Iterator[Subject]:
    present = {name for entry in data.entries for name in entry.traits}
    for name in ("sex", "age", *_ORIGINS, "residence_country", "phase", "status", "needs"):
        if name in present:
            label = _trait_label(name)
            said = _("{label} (person’s file)").format(label=label)
            yield Subject(f"@{name}", said, name == "age")
    for name in ("region", "place"):
        if name in present:
            yield Subject(f"@{name}", _trait_label(name))


def _trait_label(name: str) -> str:
    if name == "age":
        return _("Age")
    if name == "region":
        return _("Region")
    if name == "origin_region":
        return _("Region of origin")
    owner = "submission" if name == "place" else "person"
    return str(RECORDS[owner][name].label)


# one table --------------------------------------------------------------------


def table(data: Dataset, asked: Asked) -> Cross | Means:
    """Count or sum up. Raises CannotCross, NothingToCount."""
    keys = [key for key in (asked.rows, asked.columns, asked.measure) if key]
    sheet = _unit(data, keys)
    threshold = asked.threshold
    if any(key.removeprefix("@") in RESTRICTED for key in keys):
        threshold = max(threshold, THRESHOLD)
    rows = dimension(data, sheet, asked.rows, asked.bounds) if asked.rows else None
    if asked.measure:
        label, texts = _column(data, sheet, asked.measure)
        return means(label, [_number(text) for text in texts], rows, threshold)
    if rows is None:
        raise NothingToCount
    columns = dimension(data, sheet, asked.columns, ()) if asked.columns else None
    return cross(rows, columns, threshold)


def _unit(data: Dataset, keys: Sequence[str]) -> Sheet:
    """The sheet whose rows are counted: the innermost of those asked about."""
    sheets = [data.sheets[int(key.partition(":")[0])] for key in keys if key[0] != "@"]
    deepest = max(sheets or [data.main], key=lambda sheet: len(_around(sheet)))
    if any(all(sheet is not outer for outer in _around(deepest)) for sheet in sheets):
        raise CannotCross
    return deepest


def _around(sheet: Sheet) -> list[Sheet]:
    """The sheet and those around it."""
    found = [sheet]
    while (outer := found[-1].parent) is not None:
        found.append(outer)
    return found


def _column(data: Dataset, sheet: Sheet, key: str) -> tuple[str, list[str | None]]:
    """Label and values of a subject, one for each row of `sheet`."""
    if key.startswith("@"):
        return _trait_label(key[1:]), data.traits(sheet, key[1:])
    source, place = _find(data, key)
    variable = source.variables[place]
    return variable.label or variable.name, data.column(sheet, source, place)


def _find(data: Dataset, key: str) -> tuple[Sheet, int]:
    at, _colon, path = key.partition(":")
    sheet = data.sheets[int(at)]
    place = sheet.place(path)
    if place < 0:
        raise NothingToCount
    return sheet, place


def dimension(data: Dataset, sheet: Sheet, key: str, bounds: Sequence[int]) -> Dimension:
    """A subject as categories, for each row of `sheet`. Numbers fall in bands."""
    label, texts = _column(data, sheet, key)
    if key.startswith("@"):
        return _trait(key[1:], label, texts, bounds)
    source, place = _find(data, key)
    variable = source.variables[place]
    if variable.choices:
        return _chosen(variable, label, texts)
    if _is_number(source, place):
        numbers = [_number(text) for text in texts]
        return bands(key, label, numbers, bounds or nice_bounds(numbers))
    if variable.type in ("date", "dateTime"):
        return _dates(key, label, texts)
    return _texts(key, label, texts)


def _number(text: str | None) -> Decimal | None:
    value = number(text) if text else None
    return None if value is None or isinstance(value, str) else Decimal(value)


def _chosen(variable: Variable, label: str, texts: Sequence[str | None]) -> Dimension:
    words = {choice.value: choice.label or choice.value for choice in variable.choices}
    values = [
        tuple((text or "").split()) if variable.many else ((text,) if text else ())
        for text in texts
    ]
    for value in values:
        for code in value:
            words.setdefault(code, code)
    if len(words) > CATEGORIES:  # of a long list, only what was answered
        given = {code for value in values for code in value}
        words = {code: said for code, said in words.items() if code in given}
    return Dimension(
        variable.path, label, tuple(words), tuple(words.values()), tuple(values), variable.many
    )


def _trait(
    name: str, label: str, texts: Sequence[str | None], bounds: Sequence[int]
) -> Dimension:
    if name == "age":
        return bands(name, label, [_number(text) for text in texts], bounds or AGES)
    if name in (*_ORIGINS, "region", "place"):
        return _texts(name, label, texts)
    kind = RECORDS["person"][name].kind
    assert isinstance(kind, Choice | Choices)
    given = {code for text in texts for code in (text or "").split()}
    items = [item for item in vocabulary(kind.codes) if item.code in given]
    known = {item.code: item.label() for item in items}
    known |= {code: code for code in sorted(given - known.keys())}
    values = tuple(tuple((text or "").split()) for text in texts)
    return Dimension(name, label, tuple(known), tuple(known.values()), values, kind.many)


def _texts(name: str, label: str, texts: Sequence[str | None]) -> Dimension:
    different = tuple(sorted({text for text in texts if text}, key=str.casefold))
    if not different:
        raise NothingToCount
    values = tuple((text,) if text else () for text in texts)
    return Dimension(name, label, different, different, values)


def _dates(name: str, label: str, texts: Sequence[str | None]) -> Dimension:
    """Dates by month, or by year where they span more than two."""
    months = [text[:7] if text else None for text in texts]
    spans = sorted({month[:4] for month in months if month})
    wide = bool(spans) and int(spans[-1]) - int(spans[0]) > 2
    return _texts(name, label, [month[:4] if month and wide else month for month in months])
