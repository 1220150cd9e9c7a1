"""Dates to keep on Today: late answers and old directories open the thing itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from migdesk.ui.desk import Desk
from migdesk.ui.pages.today_dates import SHOWN, DatesCard
from tests.ui.conftest import NotingShell

Maker = Callable[..., str]


def test_late_answers_and_old_directories(
    qtbot: QtBot, desk: Desk, shell: NotingShell, make: Maker
) -> None:
    card = DatesCard(desk)
    qtbot.addWidget(card)
    card.load()
    assert card.isHidden()
    person = make("person", given_name="Awa", family_name="Sané")
    late = (date.today() - timedelta(days=2)).isoformat()
    sent = make("referral", person=person, reason="Fever", answer_by=late, status="sent")
    make("service", name="Clinic", verified="2020-01-01")
    card.load()
    first, second = card.rows.rows
    assert first.accessibleName() == "2 days late · Answer to a referral · Awa Sané"
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert shell.opened == [("referral", sent)]
    assert second.accessibleName() == "Services · not verified for six months · 1 to verify"
    qtbot.keyClick(second, Qt.Key.Key_Return)
    assert shell.went == [("services", {"kind": "service"})]
    for number in range(SHOWN):
        make("referral", person=person, reason=f"Reason {number}", answer_by=late)
    card.load()
    assert len(card.rows.rows) == SHOWN + 1 and card.more.text() == "1 more"
