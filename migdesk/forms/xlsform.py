"""Workbook (.xlsx, .xlsm, .xls, markdown, CSV) → XForm XML, by pyxform.

pyxform never calls its validators here, so nothing leaves the computer and no other
program runs. Its English messages become faults with sheet, row and column in plain
words; so do ours, because a designer knows the workbook and not the XForm.
"""

from __future__ import annotations

import errno
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from lxml.etree import tostring
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import DefinitionData, get_xlsform
from pyxform.xls2xform import convert as pyxform_convert

from migdesk.errors import Obstacle
from migdesk.forms import entities, pyxform_words
from migdesk.forms.attached import ITEMSETS, BadList, MissingFile
from migdesk.forms.faults import FormFault, Place, Remark
from migdesk.forms.form import Form
from migdesk.forms.sheets import Sheets
from migdesk.forms.xml import parse_xml
from migdesk.i18n import N_

KINDS = (".xlsx", ".xlsm", ".xls", ".md", ".csv")
XFORM = ".xml"
MAX_BYTES = 20_000_000
MAX_UNPACKED = 300_000_000


class NotAWorkbook(FormFault):
    code = "FRM-071"
    text = N_(
        "This file is not a questionnaire workbook. "
        "Give an XLSForm: .xlsx, .xls, or its text as .md or .csv."
    )


class NoScratch(Obstacle):
    """The library keeps a workbook in a temporary file, and the disk refuses it."""

    code = "FRM-096"
    text = N_("This computer has no room for what comes ({reason}). Make room, then retry.")


class TooLarge(FormFault):
    code = "FRM-072"
    text = N_("The workbook is too large for a questionnaire. Remove pictures and empty rows.")


@dataclass(frozen=True, slots=True)
class Converted:
    """XForm text, pyxform's remarks, and the list that pyxform splits off into
    `itemsets.csv` where the form uses external choices."""

    xml: str
    warnings: tuple[Remark, ...]
    itemsets: str | None = None


class Workbook:
    """A questionnaire as its designer gave it: the XForm, and where in the workbook each
    part of it stands. An XForm itself (``.xml``) has no sheets."""

    def __init__(self, made: Converted, sheets: Sheets) -> None:
        self.made = made
        self.sheets = sheets

    @classmethod
    def read(cls, data: bytes | str, kind: str) -> Workbook:
        """Workbook of a file's content. Raises WorkbookFault, NotAWorkbook, TooLarge,
        NotAForm, UnsafeForm."""
        if kind == XFORM:
            return cls(Converted(_text(data), ()), Sheets())
        content, sheets = _checked(data, kind), Sheets()
        try:
            workbook = get_xlsform(content, file_type=kind)
            sheets = Sheets(
                workbook.survey or (), workbook.choices or (), workbook.entities or ()
            )
            made = pyxform_convert(_shielded(workbook), validate=False)
        except PyXFormError as error:
            fault = pyxform_words.fault(str(error), NotAWorkbook())
            raise _placed(fault, str(error), sheets) from error
        except _BROKEN as error:
            if isinstance(error, OSError) and error.errno in _REFUSED:
                raise NoScratch(reason=error.strerror) from error
            raise NotAWorkbook() from error
        xml = made.xform.translate(_UNSHIELD)
        sheets.lists = entities.lists(xml)
        said = tuple(pyxform_words.remarks(made.warnings))
        return cls(Converted(xml, said, made.itemsets), sheets)

    def load(self, files: Mapping[str, bytes] | None = None) -> Form:
        """Form with its files; a fault of the form is told with its sheet and row."""
        held = dict(files or {})
        if self.made.itemsets is not None:
            held.setdefault(ITEMSETS, self.made.itemsets.encode())
        try:
            return Form.load(self.made.xml, held)
        except (MissingFile, BadList) as fault:
            place = self.sheets.mention(fault.name)
            raise fault.at(place if place.row else fault.place) from None
        except FormFault as fault:
            raise fault.at(self.sheets.place_of(fault.place)) from None


def convert(data: bytes | str, kind: str) -> Converted:
    """XForm of a workbook. `kind`: one of `KINDS`. Raises WorkbookFault, NotAWorkbook,
    TooLarge."""
    return Workbook.read(data, kind).made


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
_REFUSED = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)
"""A disk that is full, or refuses: no fault of the workbook."""


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
    return Workbook.read(data, kind).load(files)


_NAMED = re.compile(r"'([^']+)'|\$\{([^}]+)\}|: (\S+)\Z|\b(quality|seed|max-pixels)\b")


def _placed(fault: FormFault, message: str, sheets: Sheets) -> FormFault:
    """The fault with its row, where pyxform told only what is wrong: by the names in its
    sentence."""
    place = fault.place
    if place.row is not None:
        return fault
    if place.column == "type":
        found = sheets.of_type(fault.gaps.get("name", "select"))
    else:
        names = (next(filter(None, each)) for each in _NAMED.findall(message))
        known = (sheets.question(name) or sheets.mention(name, whole=True) for name in names)
        found = next((each for each in known if each.row), Place())
    if not found.row:
        return fault
    return fault.at(Place(found.sheet, found.row, place.column or found.column))


def _text(data: bytes | str) -> str:
    """An XForm as text, exactly as it was where it is in UTF-8. Raises NotAForm."""
    root = parse_xml(data)
    try:
        return data if isinstance(data, str) else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return tostring(root, encoding="unicode")


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
