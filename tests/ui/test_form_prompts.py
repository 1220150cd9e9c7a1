"""Pictures and sound of the questions, as an enumerator meets them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from migdesk.forms.xlsform import convert
from migdesk.models.store import Store
from migdesk.services import form_files, submissions
from migdesk.ui.desk import Desk
from migdesk.ui.formview import FormView
from migdesk.ui.formview.camera import why_no_sound
from migdesk.ui.formview.field import QuestionBox
from migdesk.ui.formview.media import Large
from migdesk.ui.formview.mediachoice import MediaChoice
from migdesk.ui.pages.questionnaires import QuestionnairesPage
from tests.ui.conftest import ScriptedAsker

SURVEY = (
    ("type", "name", "label::en", "label::wo", "image", "big-image", "audio::en", "audio::wo"),
    ("select_one w", "roof", "What roof?", "Kaw?", "house.png", "large.png", "", "roof.mp3"),
    ("text", "other", "And the walls?", "Mur bi?", "gone.png", "", "walls.mp3", ""),
)
CHOICES = (
    ("list_name", "name", "label::en", "label::wo", "image", "audio"),
    ("w", "straw", "Straw", "Ñax", "straw.png", "straw.mp3"),
    ("w", "iron", "Iron sheets", "Tol", "", ""),
)


def sheet(name: str, rows: tuple[tuple[str, ...], ...]) -> str:
    return f"| {name} |\n" + "".join(f"| | {' | '.join(row)} |\n" for row in rows)


BOOK = sheet("survey", SURVEY) + sheet("choices", CHOICES)


def png(width: int, height: int, colour: bytes) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    rows = (b"\0" + colour * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


FILES = {
    "house.png": png(400, 200, b"\xb0\x60\x20"),
    "large.png": png(900, 900, b"\x20\x60\xb0"),
    "straw.png": png(64, 64, b"\xe0\xc0\x40"),
    "roof.mp3": b"sound",
    "straw.mp3": b"sound",
}


@pytest.fixture
def view(qtbot: QtBot, desk: Desk, theme: object, store: Store) -> Iterator[FormView]:
    xml = convert(BOOK, ".md").xml
    id = store.write(submissions.add_questionnaire, "Roof", "roof", "1", xml, FILES)
    page = QuestionnairesPage(desk)
    qtbot.addWidget(page)
    page.resize(1366, 768)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.arrive(questionnaire=id)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    shown = page.pages.currentWidget()
    assert isinstance(shown, FormView)
    yield shown


def box(view: FormView) -> QuestionBox:
    found = view.sheet.boxes[view.filling.key]
    assert isinstance(found, QuestionBox)
    return found


def choices(view: FormView) -> list[MediaChoice]:
    return [b for b in box(view).findChildren(MediaChoice) if b.isVisible()]


def test_pictures_of_a_question_and_of_its_choices(qtbot: QtBot, view: FormView) -> None:
    strip = box(view).media
    assert strip.isVisible()
    size = strip.picture.pixmap().deviceIndependentSize()
    assert size.width() == 2 * size.height() and 140 <= size.height() <= 200
    assert "roof" in strip.picture.accessibleName()
    [straw] = choices(view)
    assert straw.text() == "Straw" and straw.pixmap.width() == 64
    assert straw.height() >= 64
    qtbot.keyClick(QApplication.focusWidget(), "1")
    assert straw.isChecked()


def test_a_larger_picture_by_keyboard(qtbot: QtBot, view: FormView) -> None:
    button = box(view).media.closer_button
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    [large] = view.window().findChildren(Large)
    assert large.isVisible()
    qtbot.waitUntil(large.isActiveWindow)
    qtbot.keyClick(large.close_button, Qt.Key.Key_Escape)
    assert not large.isVisible()


def test_sound_in_the_language_in_use(
    qtbot: QtBot, view: FormView, asker: ScriptedAsker, tmp_path: Path
) -> None:
    strip = box(view).media
    assert not strip.listen_button.isVisible()
    view.speak("wo")
    assert strip.listen_button.isVisible()
    if not why_no_sound():
        pytest.skip("this computer has sound")
    other = next(b for b in box(view).input.buttons if b.text() == "Tol")  # type: ignore[attr-defined]
    other.setFocus()
    qtbot.keyClick(other, Qt.Key.Key_F4)
    assert strip.note.text() == why_no_sound()
    target = tmp_path / "roof.mp3"
    asker.paths = [target]
    qtbot.keyClick(strip.save_button, Qt.Key.Key_Space)
    assert target.read_bytes() == b"sound"
    choices(view)[0].setFocus()
    qtbot.keyClick(choices(view)[0], Qt.Key.Key_F4)
    assert asker.told[-1] == why_no_sound()


def test_what_is_missing_is_said(qtbot: QtBot, view: FormView, store: Store) -> None:
    qtbot.keyClick(QApplication.focusWidget(), "1")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    strip = box(view).media
    assert "gone.png" in strip.note.text() and strip.note.isVisible()
    assert not strip.picture.isVisible()


def test_a_question_without_files_shows_nothing(store: Store, view: FormView) -> None:
    id = view.filling.questionnaire
    assert store.read(form_files.find, id, "gone.png") == b""
