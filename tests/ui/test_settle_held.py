"""What a computer asked for that its role does not allow: told, carried out, thrown away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from migdesk.jobs.exchange import exchange
from migdesk.models.store import Store
from migdesk.services import devices, enrolment, erasure, joining, office, records
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from migdesk.sync.stores import Memory
from migdesk.task import Task
from migdesk.ui.desk import Desk
from migdesk.ui.pages.settle import SettlePage
from migdesk.ui.pages.settle_refused import HeldCard


@pytest.fixture
def asked(store: Store, new_store: Callable[[], Store]) -> str:
    """A record that an agent's computer erased."""
    store.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Awa Mballo", "a-1")
    store.write(enrolment.found_office)
    laptop, place = new_store(), Memory()
    laptop.write(joining.begin, "Laptop 2", "Binta Sow", "acc-l")
    grant = Grant("Laptop 2", "agent", Scope(True))
    line = store.write(enrolment.enrol, laptop.read(devices.own).card, grant)
    laptop.write(joining.join, store.write(enrolment.invitation, line)[1])
    id = store.write(records.save, "person", None, {"family_name": "Diatta"})
    for each in (store, laptop, store):
        exchange(each, Task(), place)
    laptop.write(erasure.erase, "person", id, "asked")
    for each in (laptop, store):
        exchange(each, Task(), place)
    return id


def shown(desk: Desk, qtbot: QtBot) -> SettlePage:
    page = SettlePage(desk)
    qtbot.addWidget(page)
    desk.runner.changed.connect(page.on_changed)
    page.resize(1024, 600)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    page.load()
    page.setFocus()
    assert isinstance(page.card, HeldCard)
    qtbot.waitUntil(page.card.isVisible)
    return page


@pytest.mark.parametrize("key", [Qt.Key.Key_1, Qt.Key.Key_2])
def test_a_person_decides(
    key: Qt.Key, asked: str, desk: Desk, store: Store, qtbot: QtBot, asker: Any
) -> None:
    page = shown(desk, qtbot)
    words = " ".join(each.text() for each in page.card.findChildren(QLabel))
    assert "Laptop 2" in words and "Diatta" in words and "erased for good" in words
    qtbot.keyClick(page.focusWidget() or page, key)
    qtbot.waitUntil(page.nothing.isVisible)
    assert store.read(erasure.is_erased, asked) is (key == Qt.Key.Key_1)


def test_only_a_head_decides(asked: str, desk: Desk, store: Store, qtbot: QtBot) -> None:
    desk.account = replace(desk.account, role="agent")
    page = shown(desk, qtbot)
    assert any("higher role" in each.text() for each in page.card.findChildren(QLabel))
    qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_1)
    assert not store.read(erasure.is_erased, asked) and page.splitter.isVisible()
