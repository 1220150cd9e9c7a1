"""Consent gate, rights and the retention calendar on screen."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from migdesk.models.store import Store
from migdesk.services import records
from migdesk.services.views import Query
from migdesk.ui.desk import Desk
from migdesk.ui.letting_go import Note
from migdesk.ui.pages.protection import ProtectionPage
from migdesk.ui.pages.protection_calendar import CalendarPage
from migdesk.ui.pages.settings_rights import RightsCard
from migdesk.ui.printer import Printer
from tests.ui.conftest import ScriptedAsker


class Noting(Printer):
    """Notes what would be made."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(desk, window)
        self.made: list[tuple[str, str, bool]] = []

    def _make(
        self,
        sheet: str,
        params: dict[str, Any],
        spoken: str,
        masked: bool = False,
        note: Note | None = None,
    ) -> None:
        self.made.append((sheet, spoken, masked))
        self._noted(note, lambda: None)


@pytest.fixture
def printer(desk: Desk, qtbot: QtBot) -> Noting:
    window = QWidget()
    qtbot.addWidget(window)
    return Noting(desk, window)


@pytest.fixture
def case(store: Store) -> str:
    person = store.write(records.save, "person", None, {"given_name": "Awa"})
    return store.write(records.save, "case", None, {"title": "Farm", "person": person})


def disclosed(store: Store) -> list[Any]:
    rows = store.read(records.list_page, "disclosure", Query()).rows
    return [row.values["basis"] for row in rows]


def test_r124_a_paper_that_leaves_asks(
    store: Store, asker: ScriptedAsker, printer: Noting, case: str
) -> None:
    params = {"id": case}
    printer.print("project-dossier", params)
    assert printer.made == [] and disclosed(store) == []
    assert "was not asked yet" in asker.asked[0]
    asker.choices = ["masked", "ask", "override"]
    asker.texts = ["The bank", "She waits at the counter of the bank"]
    printer.print("project-dossier", params)
    assert printer.made.pop() == ("project-dossier", "en", True)
    printer.print("project-dossier", params)
    assert printer.made.pop()[0] == "consent-form"
    printer.print("project-dossier", params)
    assert printer.made.pop() == ("project-dossier", "en", False)
    assert sorted(disclosed(store)) == ["masked", "override"]
    asker.choices = ["person"]
    printer.print("project-dossier", params)
    assert printer.made.pop() == ("project-dossier", "en", False)
    assert sorted(disclosed(store)) == ["masked", "override", "person"]
    person = store.read(records.get, "case", case).values["person"]
    consent = {"person": person, "purpose": "referral"}
    store.write(records.save, "consent", None, consent)
    printer.print("project-dossier", params)
    assert printer.made.pop() == ("project-dossier", "en", False)
    assert sorted(disclosed(store))[0] == "consent"
    printer.print("plain-sheet", {"kind": "case", "id": case})
    assert len(disclosed(store)) == 4


def test_what_cannot_be_made_did_not_leave(
    store: Store, desk: Desk, asker: ScriptedAsker, qtbot: QtBot
) -> None:
    """A letter of introduction before both sides said yes."""
    window = QWidget()
    qtbot.addWidget(window)
    person = store.write(records.save, "person", None, {"given_name": "Awa"})
    consent = {"person": person, "purpose": "introduction"}
    store.write(records.save, "consent", None, consent)
    made = store.write(records.save, "introduction", None, {"person": person})
    Printer(desk, window).print("introduction-letter", {"id": made})
    assert [fault.code for fault in asker.faults] == ["RUL-002"]
    assert disclosed(store) == []


def test_r150_papers_for_a_person_speak_her_language(store: Store, printer: Noting) -> None:
    amal = {"given_name": "Amal", "languages": ["wo", "ar"]}
    id = store.write(records.save, "person", None, amal)
    printer.print("consent-form", {"id": id})
    assert printer.made == [("consent-form", "ar", False)]


def test_r126_the_calendar_erases_what_is_ticked(
    store: Store, desk: Desk, asker: ScriptedAsker, case: str, qtbot: QtBot, shell: Any
) -> None:
    ended = {"status": "closed_done", "closed": "2012-01-01"}
    store.write(records.save, "case", case, ended)
    page = CalendarPage(desk)
    qtbot.addWidget(page)
    page.load()
    assert page.list.count() == 1 and not page.erase_button.isEnabled()
    page.list.item(0).setCheckState(Qt.CheckState.Checked)
    page.erase_button.click()
    assert store.read(records.count, "case", Query()) == 1
    asker.confirms = [True]
    page.erase_button.click()
    assert store.read(records.count, "case", Query()) == 0
    assert page.list.count() == 0
    ((sheet, _params),) = shell.printed
    assert sheet == "destruction-report"


def test_an_administrator_gives_compartments(store: Store, desk: Desk, qtbot: QtBot) -> None:
    values = {"name": "Lawyer", "role": "agent"}
    account = store.write(records.save, "account", None, values)
    saved: list[bool] = []
    card = RightsCard(desk, lambda: saved.append(True))
    qtbot.addWidget(card)
    card.show_account(account)
    assert not any(box.isChecked() for box in card.boxes.values())
    card.boxes["legal"].setChecked(True)
    card.save_button.click()
    view = store.read(records.get, "account", account)
    assert view.values["compartments"] == ["legal"] and saved == [True]


def test_the_page_shows_every_tab(desk: Desk, qtbot: QtBot) -> None:
    page = ProtectionPage(desk)
    qtbot.addWidget(page)
    for name in ("calendar", *ProtectionPage.kinds):
        page.arrive(kind=name)
        assert page.tabs.current == name
