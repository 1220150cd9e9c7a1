"""The event log of a filling, and answers taken over, through the real screens."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from migdesk.forms import xlsform
from migdesk.models.store import Store
from migdesk.services import drafts, form_media, submissions
from migdesk.ui.desk import Desk
from migdesk.ui.formview import FormView, StartPanel
from migdesk.ui.pages.questionnaires import QuestionnairesPage

BOOK = """
| survey | | | | | |
| | type | name | label | default | parameters |
| | audit | audit | | | track-changes=true identify-user=true |
| | username | who | | | |
| | text | village | Village | ${last-saved#village} | |
| | text | name | Name | | |
"""
ENTER = Qt.Key.Key_Return


@pytest.fixture
def form_id(store: Store) -> str:
    xml = xlsform.convert(BOOK, ".md").xml
    return store.write(submissions.add_questionnaire, "Log", "data", "1", xml)


@pytest.fixture
def page(desk: Desk, form_id: str, theme: object, qtbot: QtBot) -> QuestionnairesPage:
    made = QuestionnairesPage(desk)
    qtbot.addWidget(made)
    made.resize(1150, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.load()
    return made


def press(qtbot: QtBot, *keys: str | Qt.Key) -> None:
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        if isinstance(key, str):
            qtbot.keyClicks(focus, key)
        else:
            qtbot.keyClick(focus, key)


def begin(page: QuestionnairesPage, form: str) -> FormView:
    page.prepare(form)
    panel = page.pages.currentWidget()
    assert isinstance(panel, StartPanel)
    panel.begin()
    view = page.pages.currentWidget()
    assert isinstance(view, FormView)
    return view


def kept(store: Store, form: str) -> list[str]:
    return [xml for _instance, xml in store.read(submissions.xml_of, form)]


def test_the_log_is_kept_with_the_answers_and_answers_are_taken_over(
    page: QuestionnairesPage, store: Store, form_id: str, qtbot: QtBot
) -> None:
    finished: list[str] = []
    view = begin(page, form_id)
    view.turn("question")
    view.finished.connect(finished.append)
    press(qtbot, "Kanel", ENTER, "Awa", ENTER)
    view.finish()
    (id,) = finished
    log = store.read(form_media.contents, id)["audit.csv"].decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(log)))
    events = [(row["event"], row["node"]) for row in rows]
    assert events[0] == ("form start", "")
    assert events[-1] == ("form finalize", "")
    assert ("question", "/data/village") in events
    assert ("end screen", "") in events
    village = next(row for row in rows if row["new-value"] == "Kanel")
    assert (village["node"], village["old-value"]) == ("/data/village", "")
    assert int(village["start"]) <= int(village["end"])
    assert rows[0]["user"] == page.desk.account.name
    assert f"<who>{page.desk.account.name}</who>" in kept(store, form_id)[0]
    again = begin(page, form_id)
    assert again.filling.run.node("/data/village").text == "Kanel"
    assert again.filling.run.node("/data/name").text == ""


def test_leaving_and_coming_back_stand_in_the_log(
    page: QuestionnairesPage, store: Store, form_id: str, qtbot: QtBot
) -> None:
    view = begin(page, form_id)
    view.turn("question")
    press(qtbot, "Podor", ENTER)
    page.show_home()
    (draft,) = store.read(drafts.list_mine, page.desk.account.id)
    page.resume(draft.id)
    resumed = page.pages.currentWidget()
    assert isinstance(resumed, FormView)
    audit = resumed.filling.run.audit
    assert audit is not None
    events = [event.event for event in audit.events]
    assert events.index("form exit") < events.index("form resume")
    assert events.count("form start") == 1
    assert resumed.filling.run.node("/data/village").text == "Podor"
