"""Long questionnaires, filled from the first question to the last by keyboard only."""

import re

import pytest
from lxml import etree
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from migdesk.forms import Form, Run, xlsform
from migdesk.models.store import Store
from migdesk.paths import resource
from migdesk.services import records, submissions
from migdesk.services.records import Query
from migdesk.ui.desk import Desk
from migdesk.ui.formview import Filling, FormView
from tests.ui.typist import Typist

FRENCH, ARABIC = "Français (fr)", "العربية (ar)"
ALPHABET = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابثدهفغحيجكلمنوبقرستوفوخيز")


def in_arabic(book: str) -> str:
    """The workbook with its English words written in Arabic letters."""
    made, columns = [], set[int]()
    for line in book.splitlines():
        cells = line.split("|")
        if any("::English (en)" in cell for cell in cells):
            columns = {n for n, cell in enumerate(cells) if "::English (en)" in cell}
            cells = [cell.replace("English (en)", ARABIC) for cell in cells]
        else:
            cells = [_arabic(c) if n in columns else c for n, c in enumerate(cells)]
        made.append("|".join(cells))
    return "\n".join(made)


def _arabic(cell: str) -> str:
    parts = re.split(r"(\$\{[^}]*\})", cell.lower())
    return "".join(p if p.startswith("$") else p.translate(ALPHABET) for p in parts)


@pytest.mark.parametrize(
    ("name", "language", "way"),
    [
        ("household_survey", FRENCH, "page"),
        ("household_survey", ARABIC, "question"),
        ("needs_assessment", FRENCH, "question"),
        ("needs_assessment", ARABIC, "group"),
        ("commune_profile", FRENCH, "group"),
        ("commune_profile", ARABIC, "page"),
    ],
)
def test_filled_by_keyboard_only(
    name: str, language: str, way: str, desk: Desk, store: Store, theme: object, qtbot: QtBot
) -> None:
    book = (resource("questionnaires") / f"{name}.md").read_text("utf-8")
    xml = xlsform.convert(in_arabic(book), ".md").xml
    form = Form.load(xml)
    id = store.write(submissions.add_questionnaire, name, form.form_id, "9", xml)
    desk.settings.remember("formview.way", way)
    view = FormView(desk, Filling(Run(form, language), id))
    qtbot.addWidget(view)
    view.resize(812, 548)
    with qtbot.waitActive(view):
        view.show()
        view.activateWindow()
    view.begin()
    arabic = language == ARABIC
    assert (view.sheet.roll.layoutDirection() == Qt.LayoutDirection.RightToLeft) is arabic
    typist = Typist(view, rows=2)
    with qtbot.waitSignal(view.finished):
        typist.fill()
    assert typist.stuck == []
    (row,) = store.read(records.list_page, "submission", Query()).rows
    root = etree.fromstring(str(row.values["xml"]).encode())
    answered, asked = view.filling.progress()
    assert answered == asked > 20
    assert root.get("id") == form.form_id
