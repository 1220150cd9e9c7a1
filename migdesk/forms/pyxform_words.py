"""What pyxform says, in plain words: its errors as faults, its warnings as remarks.

pyxform speaks English to programmers; a designer knows the workbook. Each sentence that
is known becomes one of ours, with sheet, row and column; another is passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from migdesk.forms.entity_words import REASONS as OF_ENTITIES
from migdesk.forms.faults import FormFault, Place, Remark
from migdesk.i18n import N_, Text


class WorkbookFault(FormFault):
    """Something in a workbook that its designer must change."""

    code = "FRM-070"
    text = N_("The workbook cannot be used here: {detail}")

    def __init__(self, place: Place, words: Text, **gaps: Any) -> None:
        self.reason = words(**gaps)
        super().__init__(place, **gaps)

    def said(self) -> str:
        return str(self.reason)


_ROW = re.compile(r"\[row : (\d+)\]")
_SHEET = re.compile(r"(?:[Oo]n the|for) '(\w+)' sheet|for sheet: '(\w+)'|the (\w+) sheet")
_COLUMN = re.compile(r"the '([\w:]+)' value")

_REASONS: tuple[tuple[re.Pattern[str], Text], ...] = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (
            r"Could not find the name '(?P<name>[^']*)'",
            N_("no question is called “{name}”. Correct the name between ${{ and }}."),
        ),
        (
            r"The name '(?P<name>[^']*)' appears more than once",
            N_("several questions are called “{name}”. Give each its own name."),
        ),
        (
            r"Reference variables must start",
            N_("a reference is not written well: a dollar sign, then the name in braces."),
        ),
        (
            r"'name' value '(?P<name>[^']*)' is invalid.*must be unique",
            N_("the name “{name}” is used twice in the same group. Change one of them."),
        ),
        (
            r"'name' value '(?P<name>[^']*)' is invalid.*[Rr]epeat names must",
            N_("another repeat or the form itself is called “{name}” too. Change the name."),
        ),
        (
            r"Names must begin with a letter",
            N_("a name must begin with a letter and hold only letters, digits, _ - and point."),
        ),
        (r"with no name", N_("the question has no name. Fill the column “name”.")),
        (r"Question with no type", N_("the question has no type. Fill the column “type”.")),
        (r"Missing calculation", N_("the question has no calculation. Write one.")),
        (
            r"Unmatched 'end_(?P<kind>\w+)'",
            N_("“end {kind}” has no “begin {kind}” above it. Remove it or add the beginning."),
        ),
        (
            r"Unmatched 'begin_(?P<kind>\w+)'.*for the name '(?P<name>[^']*)'",
            N_("“begin {kind}” of “{name}” has no “end {kind}” below it. Add the end."),
        ),
        (
            r"[Ll]ist name not in (?:external )?choices sheet: (?P<name>\S+)",
            N_("the list “{name}” is not on the sheet of choices. Add it or correct its name."),
        ),
        (
            r"There should be a choices sheet",
            N_("a question chooses from a list, but there is no sheet “choices”. Add it."),
        ),
        (r"Choices must have a name", N_("a choice has no name. Fill the column “name”.")),
        (r"Choices should have a label", N_("a choice has no label. Fill the column “label”.")),
        (
            r"Choice names must be unique",
            N_("two choices of one list have the same name. Change one of them."),
        ),
        (
            r"Unknown question type '(?P<name>[^']*)'",
            N_("the question type “{name}” is not known. Correct its spelling."),
        ),
        (
            r"required column headers were not found: (?P<name>.*?)\.",
            N_("these columns are missing: {name}. Add them to the first row."),
        ),
        (
            r"different names for the same column were found: (?P<name>.*?)\. ",
            N_("two columns mean the same: {name}. Remove one."),
        ),
        (
            r"must have a sheet named '?survey|'survey' sheet.*not found|"
            r"sheet named '?survey'?",
            N_("there is no sheet called “survey”. Name the sheet with the questions so."),
        ),
        (
            r"question or group with no label|no label or hint",
            N_("the question has neither label nor hint. Fill the column “label”."),
        ),
        (
            r"Duplicate column header: (?P<name>.+)",
            N_("two columns are called “{name}”. Rename one."),
        ),
        (
            r"accepted parameter keys for this question type are '(?P<names>[^']*)'",
            N_("a parameter is not known for this type. Known are: {names}."),
        ),
        (
            r"Parameters must be in the form",
            N_("parameters are written like this: start=1 end=10 step=1."),
        ),
        (
            r"parameter '(?P<name>[^']*)' must be a number",
            N_("the parameter “{name}” must be a number."),
        ),
        (
            r"(?P<name>[\w-]+) must be set to (?:true or false|on-form-edit)",
            N_("the parameter “{name}” has a value that is not possible. Correct it."),
        ),
        (
            r"Invalid value for (?P<name>quality)|Parameter (?P<other>[\w-]+) must",
            N_("a parameter has a value that is not possible. Correct it."),
        ),
        (
            r"Audits must always be named",
            N_("an audit has no name of its own. Leave the column “name” blank."),
        ),
        (
            r"To include location information in the audit",
            N_(
                "an audit with places needs location-priority, location-min-interval and "
                "location-max-age together."
            ),
        ),
        (
            r"seed value must be",
            N_("the seed must be a number or a reference to a question."),
        ),
        (
            r"must include randomize=true",
            N_("a seed needs randomize=true beside it."),
        ),
        (
            r"same instance id will be generated.*Instance name: '(?P<name>[^']*)'",
            N_("two different lists would be called “{name}”. Rename one of them."),
        ),
        (
            r"Instance names must be unique.*The name '(?P<name>[^']*)'",
            N_("the list “{name}” is declared several times. Keep one."),
        ),
        (
            r"File name for '(?P<name>[^']*)' should end",
            N_("the file of “{name}” must end in .csv, .geojson or .xml."),
        ),
        (
            r"question \$\{(?P<name>[^}]*)\} is not user-visible",
            N_("“{name}” is not shown to anybody, and so cannot trigger a calculation."),
        ),
        (
            r"section has not been included",
            N_("“include” is not done here. Copy the questions into this workbook."),
        ),
        (
            r"List name not in columns sheet: (?P<name>\S+)",
            N_("the list “{name}” of the loop is not on the sheet “columns”. Add it."),
        ),
    )
)

_COLUMN_OF = {
    r"with no name": "name",
    r"Question with no type": "type",
    r"Missing calculation": "calculation",
    r"Unmatched 'end_(?P<kind>\w+)'": "type",
    r"Unmatched 'begin_(?P<kind>\w+)'.*for the name '(?P<name>[^']*)'": "type",
    r"[Ll]ist name not in (?:external )?choices sheet: (?P<name>\S+)": "type",
    r"There should be a choices sheet": "type",
    r"Unknown question type '(?P<name>[^']*)'": "type",
    r"question or group with no label|no label or hint": "label",
    r"Audits must always be named": "name",
    r"File name for '(?P<name>[^']*)' should end": "type",
}
"""Columns of what pyxform says without naming one."""

_NOTES: tuple[tuple[re.Pattern[str], Text], ...] = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (
            r"(?:Repeat|Group) has no label.*'name': '(?P<name>[^']*)'",
            N_("“{name}” has no label. People will not know what is asked about."),
        ),
        (
            r"'disabled' column",
            N_("the column “disabled” is old. Write a condition under “relevant” instead."),
        ),
        (
            r"Row without name, text, or label",
            N_("the row has neither type, name nor label, and is left out."),
        ),
        (
            r"Language '(?P<language>[^']*)' is missing the (?P<sheet>\w+) (?:columns )?"
            r"(?P<columns>.*?)(?: column)?\.\Z",
            N_("the language “{language}” lacks these columns: {columns}."),
        ),
        (
            r"valid machine-readable codes: (?P<names>.*?)\. Learn",
            N_("these languages have no code: {names}. Write for example “Français (fr)”."),
        ),
        (
            r"'name' value '(?P<name>[^']*)' is problematic",
            N_("another name differs from “{name}” in capitals only. Change one."),
        ),
        (
            r"max-pixels",
            N_("pictures stay large. Write max-pixels=1024 under “parameters” to save room."),
        ),
        (
            r"or_other and translations",
            N_("“or_other” adds words in English only. Write the choice “other” yourself."),
        ),
        (
            r"(?P<name>\w+) is no longer supported on most devices",
            N_("“{name}” is empty on most devices."),
        ),
        (
            r"form_id and id_string",
            N_("the columns “form_id” and “id_string” mean the same. Remove “id_string”."),
        ),
        (
            r"select one external is only meant for filtered",
            N_("without “choice_filter”, use “select_one” and the sheet “choices”."),
        ),
        (
            r"'label' value is invalid",
            N_("the choice has no label: its name is shown."),
        ),
        (
            r"sheet named '(?P<sheet>[^']*)', the following sheets with similar names were "
            r"found: (?P<names>.*?)\.",
            N_("there is no sheet “{sheet}”, but {names}. Is a name misspelt?"),
        ),
    )
)


def fault(message: str, nothing: FormFault) -> FormFault:
    """A fault in plain words from pyxform's sentence; `nothing` where it could not even
    read the workbook."""
    place = _place(message)
    for pattern, words in (*OF_ENTITIES, *_REASONS):
        found = pattern.search(message)
        if found is not None:
            column = place.column or _COLUMN_OF.get(pattern.pattern)
            known = Place(place.sheet, place.row, column)
            return WorkbookFault(known, words, **found.groupdict())
    if "was not recognized as a supported type" in message or "Error reading" in message:
        return nothing
    detail = _ROW.sub("", message).strip()
    return WorkbookFault(place, WorkbookFault.text, detail=detail)


def remarks(warnings: Iterable[str]) -> Iterator[Remark]:
    """What pyxform remarks, one thing at a time."""
    for warning in warnings:
        lines = warning.split("\n") if warning.startswith("Language '") else [warning]
        yield from (_remark(line) for line in lines)


def _remark(message: str) -> Remark:
    place = _place(message)
    for pattern, words in _NOTES:
        found = pattern.search(message)
        if found is not None:
            gaps = found.groupdict()
            sheet = gaps.get("sheet") or place.sheet
            return Remark(words(**gaps), Place(sheet, place.row, place.column))
    return Remark(Text(_ROW.sub("", message).strip()), place)


def _place(message: str) -> Place:
    row = _ROW.search(message)
    sheet = _SHEET.search(message)
    column = _COLUMN.search(message)
    return Place(
        sheet=next(filter(None, sheet.groups()), None) if sheet else "survey" if row else None,
        row=int(row[1]) if row else None,
        column=column[1] if column else None,
    )
