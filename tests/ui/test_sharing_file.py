"""A shared file on screen: behind the gate, then its note, then its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from pytestqt.qtbot import QtBot

from migdesk.models.store import Store
from migdesk.services import records
from migdesk.ui.desk import Desk
from migdesk.ui.pages.office import OfficePage
from migdesk.ui.pages.office_sharing import SharingDetail
from migdesk.ui.recordview.split import ListAndDetail

Make = Callable[..., str]


def nexts(detail: SharingDetail) -> dict[str, Any]:
    row = detail.way.row
    widgets = [row.itemAt(place).widget() for place in range(row.count())]
    return {widget.text(): widget for widget in widgets}


def test_sharing_begins_behind_the_gate_and_ends(
    desk: Desk, qtbot: QtBot, store: Store, make: Make, asker: Any, shell: Any
) -> None:
    awa = make("person", given_name="Awa")
    id = make("sharing", person=awa, office=make("office", name="Guichet Lyon"))
    page = OfficePage(desk)
    qtbot.addWidget(page)
    desk.runner.changed.connect(page.on_changed)
    page.show()
    page.load()
    page.arrive(kind="sharing", id=id)
    part = page.part("sharing")
    assert isinstance(part, ListAndDetail)
    detail = part.detail
    assert isinstance(detail, SharingDetail)
    assert detail.way.words.text() == "Not begun"
    asker.choices = ["ask", "override"]
    nexts(detail)["Share the file, with the note…"].click()
    assert shell.printed == [("consent-form", {"id": awa})]
    asker.texts = ["She is in danger there"]
    nexts(detail)["Share the file, with the note…"].click()
    assert shell.printed[1] == ("transfer-note", {"id": id})
    assert detail.way.words.text() == "In force"
    nexts(detail)["Share no longer"].click()
    ended = store.read(records.get, "sharing", id).values["ends"]
    assert ended == date.today().isoformat()


def test_the_offices_of_the_register_have_a_list(
    desk: Desk, qtbot: QtBot, make: Make
) -> None:
    make("office", name="Antenne Kolda")
    page = OfficePage(desk)
    qtbot.addWidget(page)
    page.show()
    page.load()
    page.arrive(kind="office")
    part = page.part("office")
    assert isinstance(part, ListAndDetail)
    assert {row.title for row in part.list.model.rows} == {"HOM Sédhiou", "Antenne Kolda"}
