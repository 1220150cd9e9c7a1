"""One computer of a journey: the real program on a folder, with hands on its keyboard."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from pypdf import PdfReader
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QRadioButton, QWidget

from migdesk.app import Program
from migdesk.errors import Fault
from migdesk.models import RECORDS
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.ui.asker import WindowAsker
from migdesk.ui.desk import Desk
from migdesk.ui.first_start import FirstStart
from migdesk.ui.login import Login
from migdesk.ui.preview import Preview
from migdesk.ui.recordview.editor import LineEditor
from migdesk.ui.recordview.editors import FieldBox
from tests.journeys.ground import Ground

W = TypeVar("W", bound=QWidget)
ENTER, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
PATIENCE = 30.0
PASSWORD = "un baobab au bord du fleuve"


def type_into(widget: QWidget, words: str) -> None:
    """Type words; QTest itself knows only the keys of an American keyboard."""
    for char in words:
        if char.isascii():
            QTest.keyClick(widget, char)
            continue
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, char)
            QApplication.sendEvent(widget, event)


class ScriptedFiles(WindowAsker):
    """Real messages; files, folders and answers come from lists, faults are noted. A question
    that nobody foresaw is a fault, and refused: a dialog would wait for ever."""

    paths: list[Path]
    faults: list[str]
    answers: list[Any]

    def _answer(self, title: str, text: str) -> Any:
        if self.answers:
            return self.answers.pop(0)
        self.faults.append(f"nobody answers: {title}: {text}")
        return None

    def confirm(self, title: str, text: str, yes: str) -> bool:
        return bool(self._answer(title, text))

    def text(
        self, title: str, label: str, value: str = "", secret: bool = False
    ) -> str | None:
        found: str | None = self._answer(title, label)
        return found

    def choose(
        self, title: str, text: str, ways: Sequence[tuple[str, str]]
    ) -> str | None:
        found: str | None = self._answer(title, text)
        assert found is None or found in dict(ways), ways
        return found

    def open_file(self, title: str, filters: str) -> Path | None:
        return self.paths.pop(0)

    def open_files(self, title: str, filters: str) -> list[Path]:
        return [self.paths.pop(0)]

    def save_file(self, title: str, name: str, filters: str) -> Path | None:
        return self.paths.pop(0)

    def folder(self, title: str) -> Path | None:
        return self.paths.pop(0)

    def fault(self, fault: Fault, retry: Callable[[], None] | None = None) -> None:
        self.faults.append(str(fault))

    def bug(self, code: str) -> None:
        self.faults.append(f"bug {code}")


class Traveller:
    """Starts the program on `home`, waits for it, types into it. `ground`, if there is one,
    learns what was said of people."""

    def __init__(self, home: Path, ground: Ground | None = None) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.ground = ground
        self.paths = Paths(home).make()
        self.program = Program(app, self.paths)
        self.window = self.program.window
        self.asker = ScriptedFiles(self.window, self.window.bar, self.paths.log)
        self.asker.paths, self.asker.faults, self.asker.answers = [], [], []
        self.program.asker = self.asker
        self.program.show_gate()
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        self.pump()

    # ---- waiting

    @staticmethod
    def pump() -> None:
        for _round in range(5):
            QApplication.processEvents()

    def wait(self, ready: Callable[[], object]) -> None:
        """Let the program work until something holds."""
        end = time.monotonic() + PATIENCE
        while not ready():
            assert time.monotonic() < end, f"waited in vain; {self.asker.faults}"
            QApplication.processEvents()

    def settle(self) -> None:
        """Until what was asked of the store has been answered and jobs have ended."""
        for _round in range(3):
            answered: list[bool] = []
            self.desk.runner.read(lambda _session: True, then=answered.append)
            self.wait(lambda answered=answered: answered and not self.desk.runner.jobs)
            self.pump()
        assert self.asker.faults == [], self.asker.faults

    @property
    def desk(self) -> Desk:
        assert self.program.desk is not None
        return self.program.desk

    @property
    def store(self) -> Store:
        return self.desk.store

    def page(self, name: str, **args: Any) -> Any:
        """Go to a page, as the navigation does."""
        self.window.go(name, **args)
        self.settle()
        return self.window.page

    def here(self, kind: type[W]) -> W:
        """The part of the window of a class, the newest if there are several."""
        return self.window.findChildren(kind)[-1]

    # ---- hands

    def focus(self) -> QWidget:
        """Where the keyboard writes, in the window of this computer."""
        if not self.window.isActiveWindow():
            self.window.activateWindow()
            self.wait(self.window.isActiveWindow)
        return self.window.focusWidget() or self.window

    def type(self, *keys: str | Qt.Key) -> None:
        """Type words and keys wherever the focus is."""
        for key in keys:
            if isinstance(key, str):
                type_into(self.focus(), key)
            else:
                QTest.keyClick(self.focus(), key)

    def hold(self, key: Qt.Key, held: Qt.KeyboardModifier = CTRL) -> None:
        QTest.keyClick(self.focus(), key, held)

    def press(self, button: QWidget) -> None:
        """Click a button that a person can see."""
        self.wait(button.isVisible)
        self.pump()
        assert button.isEnabled(), button.accessibleName()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.pump()

    def write(self, box: FieldBox, words: str) -> None:
        """Type into a field and leave it; a list that opened is put away."""
        editor = box.editor
        editor.setFocus()
        assert isinstance(editor, LineEditor)
        editor.line.selectAll()
        type_into(editor.line, words)
        suggester = getattr(editor, "suggester", None)
        if suggester is not None:
            suggester.close()
        editor.line.clearFocus()
        self.pump()
        assert not box.wrong, box.wrong

    def pick(self, box: FieldBox, words: str) -> None:
        """Type a name into a field that links, and take what is offered for it."""
        editor: Any = box.editor
        self.focus()
        editor.setFocus()
        type_into(editor.line, words)
        self.take_offered(editor.suggester, words)
        self.settle()
        self.wait(box.check)
        assert box.value()

    def take_offered(self, suggester: Any, words: str) -> None:
        """Go down the list that opened to what these words name, and take it. On a slow
        computer a list for the first letters comes before the one for all of them."""

        def fitting() -> list[int]:
            if QApplication.activePopupWidget() is None:
                return []
            texts = [option.label.casefold() for option in suggester.options]
            return [n for n, text in enumerate(texts) if words.casefold() in text]

        self.wait(fitting)
        popup = QApplication.activePopupWidget()
        for _step in range(fitting()[0] + 1):
            QTest.keyClick(popup, Qt.Key.Key_Down)
        QTest.keyClick(popup, ENTER)

    def choose(self, combo: QComboBox, data: str) -> None:
        """Choose in a closed list, as a person does."""
        combo.setCurrentIndex(combo.findData(data))
        assert combo.currentData() == data
        combo.activated.emit(combo.currentIndex())

    # ---- the gate

    def speak_french(self) -> None:
        """Choose the language in the first step."""
        first = self.here(FirstStart)
        french = next(b for b in first.findChildren(QRadioButton) if b.text() == "Français")
        self.press(french)
        self.wait(lambda: self.here(FirstStart) is not first)

    def first_start(self, office: str, town: str, person: str) -> None:
        """The three steps, in French."""
        self.speak_french()
        first = self.here(FirstStart)
        assert first.title.text() == "Bienvenue dans MigDesk"
        self.press(first.next_language)
        self.wait(first.office.isVisible)
        for line, words in ((first.office, office), (first.town, town), (first.name, person)):
            line.setFocus()
            type_into(line, words)
        QTest.keyClick(first.name, ENTER)
        self.wait(first.password.first.isVisible)
        type_into(first.password.first, PASSWORD)
        type_into(first.password.again, PASSWORD)
        QTest.keyClick(first.password.again, ENTER)
        self.wait(lambda: first.sides.currentWidget() is first.key_side)
        assert not first.finish.isEnabled()
        self.press(first.kept)
        first.kept.setChecked(True)
        self.press(first.finish)
        self.wait(lambda: self.window.page)
        self.settle()

    def log_in(self) -> None:
        """With the password."""
        login = self.here(Login)
        type_into(login.password_side.password, PASSWORD)
        QTest.keyClick(login.password_side.password, ENTER)
        self.wait(lambda: self.window.page)
        self.settle()

    def close(self) -> None:
        """Close the window, as its cross does: drafts are kept, a backup is written."""
        if self.ground is not None:
            self.store.read(self.ground.note)
        ended: list[bool] = []
        self.window.closed.connect(lambda: ended.append(True))
        self.window.close()
        self.wait(lambda: ended)
        self.window.deleteLater()
        self.pump()

    # ---- paper

    def printed(self, folder: Path, name: str) -> str:
        """Save what is previewed now as PDF; its text, spaces made plain."""
        self.settle()
        preview = self.here(Preview)
        path = folder / f"{name}.pdf"
        self.asker.paths = [path]
        preview.save_file()
        preview.close()
        self.pump()
        pages = PdfReader(io.BytesIO(path.read_bytes())).pages
        return " ".join("\n".join(page.extract_text() for page in pages).split())

    def print_menu(self, kind: str, id: str, words: str) -> None:
        """Choose a document in the print menu of a record, or in the first menu inside it."""
        menu = self.desk.print_menu(kind, id)
        menu.aboutToShow.emit()
        listed = [a for a in menu.actions() if a.menu() is None]
        for inside in filter(None, (a.menu() for a in menu.actions())):
            assert isinstance(inside, QMenu)
            listed += inside.actions()
        action = next(a for a in listed if a.text() == words)
        action.trigger()
        self.settle()


def content(store: Store) -> dict[str, Any]:
    """Every record of a database: what two computers must agree on."""
    return store.read(
        lambda s: {
            (kind, row.id): (row.deleted, {f: getattr(row, f) for f in about.fields})
            for kind, about in RECORDS.items()
            for row in s.scalars(sa.select(about.model))
        }
    )
