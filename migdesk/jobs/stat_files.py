"""Answers as files of statistics programs: SPSS (.sav) and Stata (.dta).

Names are made legal and unique, choices become numbers with value labels. A number or a
choice that was left blank is system missing; one that was not asked is a missing value of its
own, labelled so: -99 in SPSS (-999, … where -99 is an answer), .a in Stata. A date without
an answer is system missing, a text without one is empty, whatever the reason: SPSS keeps
eight letters for a missing text only, and Stata none.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from migdesk.errors import Obstacle
from migdesk.forms.dataset import Dataset, Line, Sheet
from migdesk.forms.table import Column, Shape, columns_of, number
from migdesk.forms.values import codec
from migdesk.i18n import N_, _

from .tables import CannotWrite

LONGEST = {".sav": 64, ".dta": 32}
LABEL = {".sav": 255, ".dta": 80}
VALUE_LABEL = {".sav": 120, ".dta": 32_000}
TEXT = {".sav": 32_767, ".dta": 2_045}
"""Bytes of a text: limits of SPSS 14 and of Stata's fixed strings."""
WHOLE = 2**31 - 100
"""Whole numbers up to here are kept as such by both; Stata keeps the last for missing."""

_RESERVED = frozenset(
    (
        "all and by eq ge gt le lt ne not or to with "
        "_all _b _coef _cons _n _pi _pred _rc _skip byte double float if in int long using"
    ).split()
)


class NoWriter(Obstacle):
    """A copy of the program that was made lean, without the library."""

    code = "ANS-014"
    text = N_("This copy of MigDesk cannot write SPSS and Stata files. Export to Excel or CSV.")


@dataclass
class Made:
    """A variable of the file: `values` as the library takes them, None for missing; `skipped`
    is the value that means “not asked”, None where everybody was."""

    name: str
    label: str
    kind: str
    values: list[Any] = field(default_factory=list)
    labels: dict[float | str, str] = field(default_factory=dict)
    skipped: int | str | None = None


def legal(names: Iterable[str], ending: str) -> list[str]:
    """Names that the program accepts, each once whatever its case, in the same order.

    A path gives its last part where that is unique, so that ``group/age`` is ``age``.
    """
    wanted = list(names)
    longest = LONGEST[ending]
    taken: set[str] = set()
    made = []
    for name in wanted:
        last = name.rpartition("/")[2]
        plain = _plain(last)[:longest]
        attempt, count = plain, 1
        while attempt.lower() in taken or attempt.lower() in _RESERVED:
            count += 1
            tail = f"_{count}"
            attempt = plain[: longest - len(tail)] + tail
        taken.add(attempt.lower())
        made.append(attempt)
    return made


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name)
    ascii_only = "".join(c for c in folded if c.isascii())
    text = re.sub(r"\W+", "_", ascii_only, flags=re.ASCII).strip("_")
    # A digit or an underscore may not begin a name in SPSS.
    return text if text[:1].isalpha() else f"v_{text}".rstrip("_")


def cut(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, whole characters only."""
    return text.encode()[:limit].decode("utf-8", "ignore")


def variables(data: Dataset, sheet: Sheet, ending: str, labels: bool) -> list[Made]:
    """Every variable of a sheet with its values; several choices are split into 0 and 1.
    `labels`: value labels in words, else the codes of the form."""
    columns = list(columns_of(sheet, Shape(several="split")))
    heads = [_short(column) for column in columns] + _keys(sheet)
    names = legal(heads, ending)
    made = [
        _variable(name, column, sheet.rows, labels, ending)
        for name, column in zip(names, columns, strict=False)
    ]
    for variable, column in zip(made, columns, strict=True):
        skipped = [line.values[column.place] is None for line in sheet.rows]
        _mark_skipped(variable, skipped, ending)
    for name, key in zip(names[len(columns) :], _keys(sheet), strict=True):
        values = [_key(data, line, key) for line in sheet.rows]
        made.append(Made(name, _KEYS[key](), "text" if "uuid" in key else "whole", values))
    return made


def _short(column: Column) -> str:
    """``question_choice`` for a split column, without the groups."""
    name = column.variable.name
    return f"{name}_{column.choice}" if column.choice else name


_KEYS = {
    "_index": lambda: _("Row"),
    "_parent_index": lambda: _("Row of the sheet around"),
    "_uuid": lambda: _("Submission"),
    "_submission__uuid": lambda: _("Submission"),
}


def _keys(sheet: Sheet) -> list[str]:
    if sheet.parent is None:
        return ["_uuid", "_index"]
    return ["_index", "_parent_index", "_submission__uuid"]


def _key(data: Dataset, line: Line, key: str) -> Any:
    if key == "_index":
        return line.index
    return line.parent if key == "_parent_index" else data.entries[line.entry].key


def _variable(
    name: str, column: Column, rows: Sequence[Line], labels: bool, ending: str
) -> Made:
    variable = column.variable
    texts = [line.values[column.place] or "" for line in rows]
    label = variable.label or variable.path
    if column.choice:
        said = next((c.label for c in variable.choices if c.value == column.choice), "")
        made = Made(name, f"{label} · {said or column.choice}", "whole")
        made.values = [int(column.choice in text.split()) if text else None for text in texts]
        made.labels = {0: _("no"), 1: _("yes")}
        return made
    if variable.type == "select_one":
        return _chosen(Made(name, label, "whole"), column, texts, labels)
    if variable.numeric:
        numbers = [number(text) if text else None for text in texts]
        if all(not isinstance(value, str) for value in numbers):
            whole = all(isinstance(v, int) and abs(v) < WHOLE for v in numbers if v is not None)
            values = [None if v is None else v if whole else float(v) for v in numbers]
            return Made(name, label, "whole" if whole else "float", values)
    if variable.type in ("date", "dateTime"):
        moments = [codec(variable.type).value(text) for text in texts]
        if variable.type == "date":
            dates = [v if isinstance(v, date) else None for v in moments]
            return Made(name, label, "date", dates)
        # Neither program knows zones: the hour that the clock on the wall showed.
        walls = [v.replace(tzinfo=None) if isinstance(v, datetime) else None for v in moments]
        return Made(name, label, "moment", walls)
    return Made(name, label, "text", [cut(text, TEXT[ending]) for text in texts])


def _mark_skipped(made: Made, skipped: Sequence[bool], ending: str) -> None:
    """Give “not asked” a missing value of its own, in a variable that is a number."""
    if made.kind not in ("whole", "float") or not any(skipped):
        return
    taken = {*made.values, *made.labels}
    free = (code for code in (1 - 10**n for n in range(2, 9)) if code not in taken)
    made.skipped = "a" if ending == ".dta" else next(free)
    made.labels[made.skipped] = _("not asked")
    made.values = [
        made.skipped if skip else value
        for skip, value in zip(skipped, made.values, strict=True)
    ]


def _chosen(made: Made, column: Column, texts: list[str], labels: bool) -> Made:
    """One choice as a number: the code itself where all codes are whole numbers, else its
    place in the list, from 1. Answers that no version offers come after."""
    choices = {choice.value: choice.label for choice in column.variable.choices}
    for text in texts:
        if text:
            choices.setdefault(text, text)
    own = all(re.fullmatch(r"-?\d{1,9}", code) and str(int(code)) == code for code in choices)
    numbers = {code: int(code) if own else n for n, code in enumerate(choices, 1)}
    made.values = [numbers[text] if text else None for text in texts]
    made.labels = {
        numbers[code]: (words or code) if labels else code for code, words in choices.items()
    }
    return made


def write(path: Path, data: Dataset, sheet: Sheet, labels: bool) -> None:
    """Write one sheet; the ending of `path` says for which program. The file is replaced
    whole or not at all. Raises CannotWrite, NoWriter."""
    try:
        import pandas
        import pyreadstat
    except ImportError as error:
        raise NoWriter from error

    ending = path.suffix.lower()
    made = variables(data, sheet, ending, labels)
    frame = pandas.DataFrame({v.name: _series(pandas, v) for v in made})
    said: dict[str, Any] = {
        "column_labels": {v.name: cut(v.label, LABEL[ending]) for v in made},
        "variable_value_labels": {
            v.name: {_key_of(v, n): cut(s, VALUE_LABEL[ending]) for n, s in v.labels.items()}
            for v in made
            if v.labels
        },
        "file_label": cut(data.title, 60),
    }
    skipped = {v.name: [v.skipped] for v in made if v.skipped is not None}
    half = path.with_name(f".{path.stem}.half{ending}")
    try:
        if ending == ".sav":
            formats = {v.name: "F8.0" for v in made if v.kind == "whole"}
            said |= {"variable_format": formats, "missing_ranges": skipped}
            pyreadstat.write_sav(frame, str(half), **said)
        else:
            said["missing_user_values"] = skipped
            pyreadstat.write_dta(frame, str(half), version=15, **said)
        os.replace(half, path)
    except (OSError, pyreadstat.PyreadstatError, pyreadstat.ReadstatError) as error:
        raise CannotWrite(name=path.name) from error
    finally:
        half.unlink(missing_ok=True)


def _key_of(made: Made, value: float | str) -> float | str:
    """A labelled value in the type of its column."""
    return float(value) if made.kind == "float" and not isinstance(value, str) else value


def _series(pandas: Any, made: Made) -> Any:
    if isinstance(made.skipped, str):  # a letter among numbers
        return pandas.Series(made.values, dtype=object)
    kinds = {"whole": "Int32", "float": "Float64", "moment": "datetime64[us]"}
    return pandas.Series(made.values, dtype=kinds.get(made.kind, object))
