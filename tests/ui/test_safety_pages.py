"""Backups and safety in Settings, and what Today says of them: real widgets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from migdesk import shares
from migdesk.jobs import back_up, keep_backups
from migdesk.keys import Cost, KeyFile
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import records
from migdesk.services.records import Query
from migdesk.task import Task
from migdesk.ui.desk import Desk
from migdesk.ui.pages.settings import SettingsPage
from migdesk.ui.pages.settings_backups import BackupsSide
from migdesk.ui.pages.settings_safety import CheckCard, ExportCard, RecoveryCard, SafetySide
from migdesk.ui.pages.today import TodayPage
from migdesk.ui.recovery import RecoveryEntry
from migdesk.ui.widgets.row_list import RowWidget
from tests.ui.conftest import KEY, NotingShell, ScriptedAsker

CHEAP = Cost(memory=64, passes=1, lanes=1)


@pytest.fixture
def home(desk: Desk, tmp_path: Path) -> Paths:
    """The desk with a key file and a home around its database."""
    desk.paths = Paths(tmp_path).make()
    file, key, _recovery = KeyFile.create(
        desk.paths.keys, "acc-1", "Fatou", "a quiet morning", cost=CHEAP
    )
    desk.keys, desk.key = file, key
    return desk.paths


def texts(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel))


def test_tabs_lead_there(desk: Desk, home: Paths, qtbot: QtBot) -> None:
    page = SettingsPage(desk)
    qtbot.addWidget(page)
    page.load()
    page.arrive(tab="backups")
    assert isinstance(page.stack.currentWidget(), BackupsSide)
    page.arrive(tab="safety")
    assert isinstance(page.stack.currentWidget(), SafetySide)
    page.leave()


def test_a_backup_now_in_both_places(
    desk: Desk, home: Paths, asker: ScriptedAsker, qtbot: QtBot, tmp_path: Path
) -> None:
    side = BackupsSide(desk)
    qtbot.addWidget(side)
    side.load()
    side.now_button.click()
    assert len(back_up.backups(home.backups)) == 1
    stick = tmp_path / "stick"
    stick.mkdir()
    asker.paths = [stick]
    side.choose_button.click()
    assert len(back_up.backups(stick)) == 1
    stick.rename(tmp_path / "drawer")
    side.now_button.click()
    assert "not there now" in texts(side.stands)
    assert "The second place was not there" in asker.told[-1]
    assert asker.faults == []
    side.drop_button.click()
    assert len(keep_backups.standing(desk.settings)) == 1


def test_a_record_is_taken_back_on_screen(
    desk: Desk, home: Paths, store: Store, make: Callable[..., str], qtbot: QtBot
) -> None:
    desk.key = KEY
    person = make("person", family_name="Sané", given_name="Awa")
    path = back_up.back_up(store, Task(), home)
    store.write(records.save, "person", person, {"given_name": "Fatou"})
    side = BackupsSide(desk)
    qtbot.addWidget(side)
    side.load()
    side.look(path)
    view = side.inside
    assert view is not None
    (row,) = view.found.findChildren(RowWidget)
    row.opened.emit()
    assert set(view.fields) == {"given_name"}
    view.fields["given_name"].setChecked(True)
    view.take_button.click()
    assert store.read(records.get, "person", person).values["given_name"] == "Awa"
    assert view.fields == {}
    view.back_button.click()
    assert side.inside is None and list(home.home.glob(".look-*")) == []


def test_five_sheets_then_a_rehearsal(
    desk: Desk, home: Paths, asker: ScriptedAsker, shell: NotingShell, qtbot: QtBot
) -> None:
    card = RecoveryCard(desk)
    qtbot.addWidget(card)
    card.split_button.click()
    assert not card.findChildren(QPushButton, "sheet")  # refused: nothing was changed
    asker.confirms = [True]
    card.split_button.click()
    for button in card.findChildren(QPushButton, "sheet"):
        button.click()
    sheets = [params for name, params in shell.printed if name == "recovery-share"]
    assert [sheet["number"] for sheet in sheets] == [1, 2, 3, 4, 5]
    for entry, sheet in zip(card.entry.sheets, sheets[1:4], strict=True):
        entry.words.setPlainText(" ".join(sheet["words"]))
    card.prove_button.click()
    assert "Yes" in card.verdict.text() and "Proved on" in card.state.text()
    card.entry.sheets[0].words.setPlainText(" ".join(sheets[0]["words"][:22]))
    card.prove_button.click()
    assert str(shares.WORDS) in card.verdict.text()


def test_words_are_judged_while_they_are_typed(qtbot: QtBot) -> None:
    entry = RecoveryEntry(split=True)
    qtbot.addWidget(entry)
    one, two, three = shares.split(b"x" * 20)[:3]
    other = shares.split(b"y" * 20)[3]
    first = entry.sheets[0]
    first.words.setPlainText("acad")
    assert first.verdict.text() == "1 of 23 words"
    first.words.setPlainText("acedemic ")
    assert "academic" in first.verdict.text()
    first.words.setPlainText(" ".join(one.words))
    assert one.mark in first.verdict.text()
    entry.sheets[1].words.setPlainText(" ".join(one.words))
    assert "typed twice" in entry.together.text()
    entry.sheets[1].words.setPlainText(" ".join(other.words))
    assert "not printed together" in entry.together.text()
    entry.sheets[1].words.setPlainText(" ".join(two.words))
    entry.sheets[2].words.setPlainText(" ".join(three.words))
    assert entry.together.text() == "" and len(entry.key()) > 30


def test_the_check_says_what_is_to_be_done(desk: Desk, home: Paths, qtbot: QtBot) -> None:
    card = CheckCard(desk)
    qtbot.addWidget(card)
    card.button.click()
    said = texts(card)
    assert "CHK-013" in said and "Back up now" in said


def test_everything_goes_out_only_with_a_reason(
    desk: Desk, home: Paths, asker: ScriptedAsker, qtbot: QtBot, tmp_path: Path, store: Store
) -> None:
    card = ExportCard(desk)
    qtbot.addWidget(card)
    card.button.click()
    assert card.error.text() and asker.asked == []
    card.recipient.setText("The agency")
    card.reason.setText("Audit")
    card.button.click()
    assert "12" in card.error.text()
    card.password.setText("twelve letters")
    asker.paths = [tmp_path / "all.zip"]
    card.button.click()
    assert (tmp_path / "all.zip").exists() and card.password.text() == ""
    card.form.setCurrentIndex(1)
    asker.texts, asker.paths = ["yes"], [tmp_path]
    card.button.click()
    assert not list(tmp_path.glob("MigDesk everything*"))
    asker.texts = ["IN CLEAR"]
    card.button.click()
    (folder,) = tmp_path.glob("MigDesk everything*")
    assert (folder / "tables/office.xlsx").exists()
    assert store.read(records.count, "disclosure", Query()) == 2


def test_today_speaks_only_when_something_is_wrong(
    desk: Desk, home: Paths, qtbot: QtBot
) -> None:
    page = TodayPage(desk)
    qtbot.addWidget(page)
    page.load()
    assert page.safety.isHidden()
    keep_backups.note_fault(desk.settings, back_up.NoRoom(folder="backups"))
    page.load()
    assert not page.safety.isHidden() and "failed" in texts(page.safety)
    keep_backups.note(desk.settings, (keep_backups.Kept(keep_backups.HOME, Path("x")),))
    page.load()
    assert page.safety.isHidden()
