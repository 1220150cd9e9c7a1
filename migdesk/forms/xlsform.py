"""Workbook (.xlsx, .xlsm, .xls, markdown, CSV) → XForm XML, by pyxform.

pyxform never calls its validators here, so nothing leaves the computer and no other
program runs. Its English messages become faults with sheet, row and column in plain
words; so do ours, because a designer knows the workbook and not the XForm.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import DefinitionData, get_xlsform
from pyxform.xls2xform import convert as pyxform_convert

from migdesk.forms.faults import FormFault, Place
from migdesk.forms.form import Form
from migdesk.i18n import N_, Text

KINDS = (".xlsx", ".xlsm", ".xls", ".md", ".csv")
MAX_BYTES = 20_000_000
MAX_UNPACKED = 300_000_000


class WorkbookFault(FormFault):
    """Something in a workbook that its designer must change."""

    code = "FRM-070"
    text = N_("The workbook cannot be used here: {detail}")

    def __init__(self, place: Place, words: Text, **gaps: Any) -> None:
        self.reason = words(**gaps)
        super().__init__(place, **gaps)

    def said(self) -> str:
        return str(self.reason)


class NotAWorkbook(FormFault):
    code = "FRM-071"
    text = N_(
        "This file is not a questionnaire workbook. "
        "Give an XLSForm: .xlsx, .xls, or its text as .md or .csv."
    )


class TooLarge(FormFault):
    code = "FRM-072"
    text = N_("The workbook is too large for a questionnaire. Remove pictures and empty rows.")


@dataclass(frozen=True, slots=True)
class Converted:
    """XForm text, pyxform's remarks (English, for the designer), and the list that
    pyxform splits off into `itemsets.csv` where the form uses external choices."""

    xml: str
    warnings: tuple[str, ...]
    itemsets: str | None = None


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
    )
)


def convert(data: bytes | str, kind: str) -> Converted:
    """XForm of a workbook. `kind`: one of `KINDS`. Raises WorkbookFault, NotAWorkbook,
    TooLarge."""
    content = _checked(data, kind)
    try:
        workbook = _shielded(get_xlsform(content, file_type=kind))
        made = pyxform_convert(workbook, validate=False)
    except PyXFormError as error:
        raise _translated(str(error)) from error
    except _BROKEN as error:
        raise NotAWorkbook() from error
    return Converted(made.xform.translate(_UNSHIELD), tuple(made.warnings), made.itemsets)


_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)
"""What a damaged or nonsensical workbook makes pyxform and its readers raise."""


_WORDS = re.compile(r"\s*(label|hint|guidance_hint|\w+_message|form_title)\b", re.IGNORECASE)
_SHIELD = {ord(mark): 0xF8F0 + at for at, mark in enumerate("‘’“”")}
_KEPT = {"hxl": "instance::hxl"}
"""Columns that pyxform would drop: HXL tags travel as an attribute of the question."""
_UNSHIELD = {private: mark for mark, private in _SHIELD.items()}


def _shielded(workbook: DefinitionData) -> dict[str, Any]:
    """The workbook with the typographic quotes of its words hidden from pyxform, which
    would straighten them (it must, in expressions; in words they are right)."""
    sheets = {f.name: getattr(workbook, f.name) for f in fields(workbook)}
    for name in ("survey", "choices", "settings"):
        sheets[name] = [
            {
                _KEPT.get(head, head): cell.translate(_SHIELD) if _WORDS.match(head) else cell
                for head, cell in row.items()
            }
            for row in sheets[name] or ()
        ] or sheets[name]
    sheets["survey_header"] = [
        {_KEPT.get(head, head): kept for head, kept in heads.items()}
        for heads in sheets["survey_header"] or ()
    ] or sheets["survey_header"]
    return sheets


def load(data: bytes | str, kind: str, files: Mapping[str, bytes] | None = None) -> Form:
    """Form of a workbook; a fault of the form is told with its sheet and row."""
    xml = convert(data, kind).xml
    try:
        return Form.load(xml, files)
    except FormFault as fault:
        ref = fault.place.ref
        if ref is None:
            raise
        row = _survey_row(_survey(data, kind), ref)
        place = Place("survey", row, fault.place.column, ref)
        raise fault.at(place if row else fault.place) from None


def _checked(data: bytes | str, kind: str) -> bytes:
    content = data.encode("utf-8") if isinstance(data, str) else data
    if kind not in KINDS:
        raise NotAWorkbook()
    if len(content) > MAX_BYTES:
        raise TooLarge()
    if kind in (".xlsx", ".xlsm"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                size = sum(entry.file_size for entry in archive.infolist())
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise NotAWorkbook() from error
        if size > MAX_UNPACKED:
            raise TooLarge()
    return content


def _translated(message: str) -> FormFault:
    """A fault in plain words from pyxform's sentence."""
    row = _ROW.search(message)
    sheet = _SHEET.search(message)
    column = _COLUMN.search(message)
    place = Place(
        sheet=next(filter(None, sheet.groups()), None) if sheet else "survey" if row else None,
        row=int(row[1]) if row else None,
        column=column[1] if column else None,
    )
    for pattern, words in _REASONS:
        found = pattern.search(message)
        if found is not None:
            return WorkbookFault(place, words, **found.groupdict())
    if "was not recognized as a supported type" in message or "Error reading" in message:
        return NotAWorkbook()
    detail = _ROW.sub("", message).strip()
    return WorkbookFault(place, WorkbookFault.text, detail=detail)


def _survey(data: bytes | str, kind: str) -> Sequence[dict[str, Any]]:
    return get_xlsform(_checked(data, kind), file_type=kind).survey or ()


def _survey_row(rows: Sequence[dict[str, Any]], ref: str) -> int | None:
    """Row of the survey sheet that made the node: follow begin and end to its path."""
    names = re.sub(r"\[\d+\]", "", ref).split("/")[2:]
    within: list[str] = []
    for number, row in enumerate(rows, 2):
        kind = " ".join(str(row.get("type", "")).replace("_", " ").split())
        name = str(row.get("name", ""))
        if kind.startswith("end "):
            within = within[:-1]
            continue
        if [*within, name] == names:
            return number
        if kind.startswith("begin "):
            within.append(name)
    return None
