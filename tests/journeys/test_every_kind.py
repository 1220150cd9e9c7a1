"""Every type and appearance in one questionnaire: imported with its files, filled by
keyboard alone, kept as ODK expects it, and exported."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from migdesk.forms import xlsform
from migdesk.forms.appearances import HONOURED
from migdesk.forms.table import Shape
from migdesk.jobs.export_answers import Wanted, export_answers
from migdesk.jobs.questionnaires import import_xlsform
from migdesk.services import form_media, records
from migdesk.services.records import Query
from migdesk.task import Task
from tests.journeys.clerk import Clerk
from tests.journeys.ground import Ground
from tests.journeys.traveller import Traveller

BOOK = Path(__file__).parent / "forms" / "every_kind.md"
TITLE = "Toutes les questions"
XFORMS = "{http://www.w3.org/2002/xforms}"
ORX = "{http://openrosa.org/xforms}"
TREES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [-15.5, 12.7]},
            "properties": {"id": f"t{n}", "title": f"Baobab {n}"},
        }
        for n in (1, 2)
    ],
}
FILES = {
    "towns.csv": "name,label\nmars,Marsassoum\nsedh,Sédhiou\n",
    "trees.geojson": json.dumps(TREES),
    "facts.xml": "<root><item><name>a</name><value>42</value></item></root>",
}
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)"
SHAPES = {
    "start": STAMP,
    "end": STAMP,
    "today": r"\d{4}-\d\d-\d\d",
    "day": r"\d{4}-\d\d-\d\d",
    "month": r"\d{4}-\d\d-\d\d",
    "year": r"\d{4}-\d\d-\d\d",
    "hour": r"14:30:00\.000",
    "moment": STAMP,
    "point": r"12\.7081 -15\.5569 0(\.0)? 0(\.0)?",
    "trace": r"12\.7 -15\.5 0(\.0)? 0(\.0)?;( ?[\d.-]+ [\d.-]+ 0(\.0)? 0(\.0)?;?)+",
    "shape": r"12\.7 -15\.5 0(\.0)? 0(\.0)?;.*12\.7 -15\.5 0(\.0)? 0(\.0)?;?",
    "seen": "OK",
    "ranked": "rice millet groundnut cashew",
    "slide": "5",
    "stars": "5",
    "secret": "kept",
    "twice": "10",
    "fact": "42",
    "fixed": "fixed",
    "signed": r"signature-\d+-\d+\.png",
    "drawing": r"drawing-\d+-\d+\.png",
}
"""How ODK writes an answer of each type, by question."""


@pytest.fixture(scope="module")
def folder(ground: Ground) -> Path:
    made = ground.open
    shutil.copy(BOOK, made)
    for name, text in FILES.items():
        (made / name).write_text(text, "utf-8")
    photo = QImage(400, 300, QImage.Format.Format_RGB32)
    photo.fill(QColor("#8a6f4d"))
    assert photo.save(str(made / "photo.png"))
    return made


@pytest.fixture(scope="module")
def here(qapp: QApplication, ground: Ground) -> Iterator[Traveller]:
    made = Traveller(ground.folder / "home", ground)
    made.first_start("HOM Sédhiou", "Sédhiou", "Fatou Diatta")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _speaking(here: Traveller) -> None:
    """Each test ends in English; the program goes on in its own language."""
    here.program.speak()


def test_the_workbook_names_all_that_is_honoured() -> None:
    """Whoever teaches the program an appearance adds it to the workbook."""
    rows = [
        [cell.strip() for cell in r.split("|")] for r in BOOK.read_text("utf-8").split("\n")
    ]
    survey = next(n for n, row in enumerate(rows) if "appearance" in row)
    column = rows[survey].index("appearance")
    used = {word for row in rows[survey:] if len(row) > column for word in row[column].split()}
    honoured = {word for words in HONOURED.values() for word in words}
    assert honoured - used == {"hide-input"}  # it hides the field that is typed in


def test_nothing_is_passed_over_at_import(here: Traveller, folder: Path) -> None:
    said = import_xlsform(here.store, Task(), folder / BOOK.name)
    assert [str(remark.text) for remark in said.warnings] == []


@pytest.fixture(scope="module")
def kept(here: Traveller, folder: Path) -> Any:
    """The submission, filled from “Fill” to the end."""
    here.program.speak()
    here.page("questionnaires")
    clerk = Clerk(here, rows=2, picture=folder / "photo.png")
    clerk.go_to_button("Remplir", TITLE)
    here.type(Qt.Key.Key_Return)
    here.settle()
    assert clerk.fill()
    stops = clerk.view.filling.stops
    lacking = [s.key for s in stops if s.live and s.asks and s.live.asks and not s.live.text]
    assert lacking == []
    clerk.finish()
    (row,) = here.store.read(records.list_page, "submission", Query()).rows
    return row


def test_the_submission_is_what_odk_expects(kept: Any, here: Traveller) -> None:
    root = etree.fromstring(str(kept.values["xml"]).encode())
    assert (root.get("id"), root.get("version")) == ("every_kind", "1")
    model = etree.fromstring(xlsform.convert(BOOK.read_bytes(), ".md").xml.encode())
    instance = model.find(f".//{XFORMS}model/{XFORMS}instance")
    assert instance is not None
    check_order(instance[0], root)
    flat = {local(node): node.text or "" for node in root.iter() if not len(node)}
    wrong = {k: flat.get(k) for k, form in SHAPES.items() if not fits(form, flat.get(k))}
    assert wrong == {}
    assert "never" not in flat
    assert re.fullmatch(r"uuid:[0-9a-f-]{36}", flat["instanceID"])
    assert flat["instanceName"] == "Awa / 5"
    assert [len(house.findall("room")) for house in root.findall("house")] == [5, 5, 5]
    files = here.store.read(form_media.contents, kept.id)
    named = {local(n): n.text for n in root.iter() if local(n) in MEDIA}
    assert set(named) == MEDIA and set(named.values()) | {"audit.csv"} == set(files)


MEDIA = {"picture", "camera", "selfie", "drawing", "signed", "noted", "sound", "film", "any"}


def local(node: Any) -> str:
    return str(etree.QName(node).localname)


def fits(form: str, text: str | None) -> bool:
    return text is not None and re.fullmatch(form, text) is not None


def check_order(model: Any, kept: Any) -> None:
    """Nodes come in the order of the form's own instance; what is not relevant is left out,
    rows of a repeat follow one another, templates are gone."""
    names = list(dict.fromkeys(local(child) for child in model))
    found = [local(child) for child in kept]
    assert [names.index(name) for name in found] == sorted(map(names.index, found))
    assert not any("template" in name for name in kept.attrib)
    for child in kept:
        (like, *_rest) = [each for each in model if local(each) == local(child)]
        if len(child):
            check_order(like, child)


def test_every_answer_leaves_in_the_workbook(kept: Any, here: Traveller, folder: Path) -> None:
    path = folder / "out.xlsx"
    shape = Shape(labels=False)
    assert export_answers(here.store, Task(), Wanted("every_kind", "xlsx", shape=shape), path)
    book = openpyxl.load_workbook(path, read_only=True)
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    told = [str(cell) for rows in sheets.values() for row in rows for cell in row if cell]
    heads = {head.rpartition("/")[2] for rows in sheets.values() for head in map(str, rows[0])}
    root = etree.fromstring(str(kept.values["xml"]).encode())
    answered = {local(n) for n in root.iter() if not len(n) and n.text}
    assert answered - heads - {"audit", "instanceID"} == set()
    for words in ("rice millet groundnut cashew", "Marsassoum", "770123456", "kept"):
        assert any(words in cell for cell in told), words
    assert sorted(len(rows) for rows in sheets.values()) == [2, 4, 8, 16]
