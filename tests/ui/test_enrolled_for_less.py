"""An administrator at a computer that the office enrolled for an agent: what the others would
hold back is not offered, and the window says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from migdesk.jobs.exchange import exchange
from migdesk.models.capture import NotYours
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import devices, enrolment, joining, office, records, vouching
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from migdesk.sync.stores import Memory
from migdesk.task import Task
from migdesk.ui import doors
from migdesk.ui.desk import Desk
from migdesk.ui.doors import Opened
from migdesk.ui.first_start import Founding
from migdesk.ui.recordview.list import RecordTable
from migdesk.ui.rights import enrolled_for_less, may_write
from tests.jobs.safe import CHEAP

PASSWORD = "a quiet morning"


def entered(tmp_path: Path, head: Store, device: str, account: str) -> Opened:
    """Log in with an account of one role on a computer that was enrolled for another."""
    paths = Paths(tmp_path / "laptop").make()
    founding = Founding("en", "Laptop", "", "SN", "Binta Sow", PASSWORD, joins=True)
    opened, _recovery = doors.found(paths, founding, CHEAP)
    laptop, id = opened.store, opened.account.id
    line = head.write(
        enrolment.enrol, laptop.read(devices.own).card, Grant("Laptop", device, Scope(True))
    )
    laptop.write(joining.join, head.write(enrolment.invitation, line)[1])
    place = Memory()
    for store in (laptop, head):
        exchange(store, Task(), place)
    head.write(records.save, "account", id, {"role": account})
    for store in (head, laptop):
        exchange(store, Task(), place)
    laptop.close()
    assert opened.keys is not None
    return doors.enter(paths, opened.keys, opened.key, id)


@pytest.fixture
def head(store: Store) -> Store:
    store.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Awa Mballo", "a-1")
    store.write(enrolment.found_office)
    return store


@pytest.mark.parametrize(
    "device, account, role",
    [
        ("agent", "administrator", "agent"),
        ("enumerator", "agent", "enumerator"),
        ("office_head", "agency", "agency"),  # which may less
        ("administrator", "agent", "agent"),
        ("office_head", "administrator", "administrator"),  # nothing would be held back
    ],
)
def test_the_lesser_of_the_two_roles_counts(
    device: str, account: str, role: str, tmp_path: Path, head: Store
) -> None:
    opened = entered(tmp_path, head, device, account)
    assert (opened.account.role, opened.store.role) == (role, role)
    assert opened.account.own_role == (account if role != account else "")
    opened.store.close()


def test_the_window_says_so_before_the_work_is_done(
    tmp_path: Path, head: Store, desk: Desk, qtbot: QtBot
) -> None:
    opened = entered(tmp_path, head, "agent", "administrator")
    desk.account = opened.account
    assert not may_write(desk, "account")
    why = enrolled_for_less(desk)
    assert "“Agent”" in why and "“Administrator”" in why
    table = RecordTable(desk, "room")
    qtbot.addWidget(table)
    table.resize(900, 600)
    table.show()
    table.load()
    qtbot.waitUntil(lambda: why in words(table))
    with pytest.raises(NotYours):
        opened.store.write(records.save, "office", None, {"name": "Mine"})
    opened.store.close()
    desk.account = replace(opened.account, role="administrator", own_role="")
    assert enrolled_for_less(desk) == "" and may_write(desk, "account")


def words(table: RecordTable) -> str:
    return " ".join(each.text() for each in table.findChildren(QLabel))


def test_what_it_does_not_offer_is_never_held_back(tmp_path: Path, head: Store) -> None:
    opened, place = entered(tmp_path, head, "agent", "administrator"), Memory()
    made = opened.store.write(records.save, "visit", None, {"request": "funding_search"})
    for store in (opened.store, head):
        exchange(store, Task(), place)
    assert head.read(records.get, "visit", made) and head.read(vouching.held_back) == ()
    opened.store.close()


