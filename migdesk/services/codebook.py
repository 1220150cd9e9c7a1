"""The codebook of a form: each variable in words, and how often it was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migdesk.forms import Form
from migdesk.forms.dataset import Dataset, Sheet, Variable, path_of, tops
from migdesk.i18n import N_, Text

from .form_words import Conditions

TYPES: Mapping[str, Text] = {
    "text": N_("text"),
    "integer": N_("whole number"),
    "decimal": N_("number"),
    "range": N_("number on a scale"),
    "date": N_("date"),
    "time": N_("time"),
    "dateTime": N_("date and time"),
    "select_one": N_("one choice"),
    "select_multiple": N_("several choices"),
    "rank": N_("choices in order"),
    "acknowledge": N_("acknowledgement"),
    "calculate": N_("calculated"),
    "hidden": N_("kept by the form"),
    "geopoint": N_("position"),
    "geotrace": N_("line"),
    "geoshape": N_("area"),
    "image": N_("picture"),
    "audio": N_("sound"),
    "video": N_("video"),
    "file": N_("file"),
    "barcode": N_("bar code"),
}


@dataclass(frozen=True)
class Described:
    """A variable. `answered` of those asked, `missing` left blank, `not_asked` skipped by
    the form; `condition` in words, "" if it is always asked."""

    sheet: str
    name: str
    path: str
    label: str
    type: str
    choices: tuple[tuple[str, str], ...]
    condition: str
    answered: int
    missing: int
    not_asked: int


def describe(data: Dataset, forms: Sequence[tuple[Form, str]]) -> tuple[Described, ...]:
    """Every variable, in the order of the form; `forms` with their language, newest first."""
    said: dict[tuple[str, str], str] = {}
    for form, speech in reversed(forms):
        said |= _conditions(form, speech)
    return tuple(
        _described(sheet, place, variable, said)
        for sheet in data.sheets
        for place, variable in enumerate(sheet.variables)
    )


def _conditions(form: Form, speech: str) -> dict[tuple[str, str], str]:
    """Condition of each question, with those of the groups around it."""
    words = Conditions(form, speech)
    found: dict[tuple[str, str], str] = {}
    for top in tops(form):
        sheet = path_of(top)
        for node in top.scope.nodes:
            lines = []
            above = node if node.leaf else None
            while above is not None and above is not top.parent:
                control = form.control(above)
                if control is not None and (line := words.of(control)):
                    lines.append(line)
                above = above.parent
            if lines:
                found[sheet, path_of(node)] = "\n".join(reversed(lines))
    return found


def _described(
    sheet: Sheet, place: int, variable: Variable, said: Mapping[tuple[str, str], str]
) -> Described:
    values = [line.values[place] for line in sheet.rows]
    skipped = sum(value is None for value in values)
    blank = sum(value == "" for value in values)
    return Described(
        sheet=sheet.name if sheet.parent is not None else "",
        name=variable.name,
        path=variable.path,
        label=variable.label,
        type=str(TYPES.get(variable.type, variable.type)),
        choices=tuple((choice.value, choice.label) for choice in variable.choices),
        condition=said.get((sheet.path, variable.path), ""),
        answered=len(values) - skipped - blank,
        missing=blank,
        not_asked=skipped,
    )
