"""From a record to paper: the menu, the preview, the file, the printer; settings live."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from migdesk.jobs.print_sheet import print_sheet
from migdesk.models.store import Store
from migdesk.printing.raster import count_pages, draw_page
from migdesk.settings import ALL, TEXT_SIZE, THEME, Settings
from migdesk.task import Task
from migdesk.ui.desk import Desk
from migdesk.ui.guide import Guide
from migdesk.ui.pages.settings import SettingsPage
from migdesk.ui.pages.settings_editors import choices_of
from migdesk.ui.preview import ZOOMS, CannotSave, Preview
from migdesk.ui.printer import Printer
from migdesk.ui.theme import Theme
from tests.ui.conftest import NotingShell, ScriptedAsker

KEY = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345-6789-ABCD"


@pytest.fixture
def pdf(store: Store) -> bytes:
    return print_sheet(store, Task(), "recovery-key", {"key": KEY}, "fr")


@pytest.fixture
def preview(pdf: bytes, asker: ScriptedAsker, theme: Theme, qtbot: QtBot) -> Preview:
    made = Preview(asker, "Recovery key", "recovery-key", pdf, "fr")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def test_pages_fit_and_grow(preview: Preview, pdf: bytes) -> None:
    assert preview.list.count() == count_pages(pdf)
    before = preview.paper.width()
    assert before <= preview.area.viewport().width()
    for _n in ZOOMS:
        preview.step_zoom(1)
    assert preview.zoom == ZOOMS[-1]
    assert preview.paper.width() > before


def test_the_file_is_the_document(
    preview: Preview, pdf: bytes, asker: ScriptedAsker, tmp_path: Path
) -> None:
    asker.paths = [None, tmp_path / "key.pdf"]
    preview.save_file()
    assert list(tmp_path.glob("*.pdf")) == []
    preview.save_file()
    assert (tmp_path / "key.pdf").read_bytes() == pdf
    assert asker.told == ["Saved: key.pdf"]


def test_a_folder_that_refuses(
    preview: Preview, asker: ScriptedAsker, tmp_path: Path
) -> None:
    asker.paths = [tmp_path / "nowhere" / "key.pdf"]
    preview.save_file()
    assert isinstance(asker.faults[0], CannotSave)


def test_what_is_printed_covers_the_page(preview: Preview, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    printer.setResolution(100)
    printer.setFullPage(True)
    preview.paint_on(printer)
    printed = (tmp_path / "out.pdf").read_bytes()
    assert count_pages(printed) == preview.pages
    page = draw_page(printed, 0, 30)
    dark = sum(value < 100 for value in page.rgba[0::4])
    assert dark > 50


def test_another_language_is_asked_for(preview: Preview, qtbot: QtBot) -> None:
    preview.languages.setCurrentIndex(preview.languages.findData("en"))
    with qtbot.waitSignal(preview.language_wanted) as wanted:
        preview.languages.activated.emit(preview.languages.currentIndex())
    assert wanted.args == ["en"]


def test_the_menu_of_a_record(
    desk: Desk, make: Callable[..., str], theme: Theme, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    menu = Printer(desk, window).menu("person", make("person", family_name="Diallo"))
    menu.aboutToShow.emit()
    usual = [action.text() for action in menu.actions() if not action.menu()]
    other = next(a for a in menu.actions() if a.text() == "Other documents")
    named = [action.text() for action in other.menu().actions()]
    assert usual[0] == "Intake form" and "File cover sheet" in named
    assert named == sorted(named) and not set(named) & set(usual)
    record = next(action for action in menu.actions() if action.text() == "Record")
    record.trigger()
    shown = window.findChild(Preview)
    assert shown is not None and shown.pages >= 1
    shown.close()


@pytest.fixture
def page(desk: Desk, theme: Theme, qtbot: QtBot) -> SettingsPage:
    made = SettingsPage(desk)
    qtbot.addWidget(made)
    made.load()
    return made


def editor(page: SettingsPage, words: str) -> Any:
    return next(w for w in page.findChildren(QWidget) if w.accessibleName() == words)


def test_every_declared_setting_has_its_editor(page: SettingsPage) -> None:
    for setting in ALL:
        if setting.label is not None:
            page.arrive(tab=setting.tab)
            made = editor(page, str(setting.label))
            wanted = QComboBox if choices_of(setting) else QSpinBox
            assert isinstance(made, wanted)


def test_a_look_takes_effect_at_once(
    page: SettingsPage, settings: Settings, shell: NotingShell
) -> None:
    size = editor(page, str(TEXT_SIZE.label))
    size.setValue(130)
    assert settings.get(TEXT_SIZE) == 130
    look = editor(page, str(THEME.label))
    look.setCurrentIndex(look.findData("dark"))
    look.activated.emit(look.currentIndex())
    look.activated.emit(look.currentIndex())
    assert settings.get(THEME) == "dark"
    assert shell.refreshed == 2


def test_words_of_the_office_count_at_once(
    page: SettingsPage, desk: Desk, make: Callable[..., str]
) -> None:
    from migdesk import codelists

    desk.runner.changed.connect(page.on_changed)
    words = {"list": "visit_channels", "code": "radio", "label_fr": "Radio"}
    make("code_item", **words)
    assert "radio" in codelists.get("visit_channels")
    codelists.forget()


def test_the_tab_is_remembered(page: SettingsPage, settings: Settings) -> None:
    page.arrive(tab="about")
    assert settings.state("settings.tab") == "about"


def test_the_guide_speaks(theme: Theme, qtbot: QtBot) -> None:
    guide = Guide()
    guide.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(guide)
    assert len(guide.text.toPlainText()) > 200
