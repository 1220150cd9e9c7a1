"""Review on the screen: remarks, sending back, correcting, earlier copies, approving."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from migdesk.forms import xlsform
from migdesk.models.store import Store
from migdesk.services import copies, drafts, records, review, submissions
from migdesk.services.records import Query
from migdesk.ui.desk import Account, Desk
from migdesk.ui.formview import FormView
from migdesk.ui.formview.correcting import CorrectView
from migdesk.ui.pages.questionnaires import QuestionnairesPage
from migdesk.ui.pages.review import CopyView, ReviewView
from migdesk.ui.pages.review_copies import CopiesView
from migdesk.ui.pages.today import TodayPage
from migdesk.ui.widgets import Button
from tests.ui.conftest import KEY, NotingShell, ScriptedAsker

BOOK = """
| survey |
| | type | name | label | required |
| | text | called | Name | |
| | integer | age | Age | yes |
| | select_one yn | back | Came back? | |
| | begin_repeat | kid | Children | |
| | text | nick | First name | |
| | end_repeat | kid | | |
| | text | words | Words | |
| choices |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
| settings |
| | form_title | form_id | version |
| | Visit | visit | {version} |
"""
NEWER = BOOK.replace("| | text | words | Words | |\n", "").replace("Age", "How old")
CTRL = Qt.KeyboardModifier.ControlModifier
ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture(scope="module")
def xml() -> str:
    return xlsform.convert(BOOK.format(version=1), ".md").xml


@pytest.fixture
def form_id(store: Store, xml: str) -> str:
    return store.write(submissions.add_questionnaire, "Visit", "visit", "1", xml)


class Hands:
    """Presses keys wherever the focus is, as whoever is logged in."""

    def __init__(self, qtbot: QtBot, desk: Desk, store: Store) -> None:
        self.qtbot, self.desk, self.store = qtbot, desk, store
        self.sat: list[QuestionnairesPage] = []
        self.page = self.sit("acc-1", "Fatou Diatta", "office_head")

    def sit(self, id: str, name: str, role: str) -> QuestionnairesPage:
        """Log in, and open the page of the questionnaires."""
        for old in self.sat:
            old.leave()
            old.hide()
        self.desk.account = Account(id, name, role)
        self.store.actor, self.store.role = id, role
        self.page = QuestionnairesPage(self.desk)
        self.sat.append(self.page)
        self.qtbot.addWidget(self.page)
        self.page.resize(1150, 700)
        with self.qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()
        self.page.load()
        self.desk.runner.changed.connect(self.page.on_changed)
        return self.page

    def press(self, *keys: str | Qt.Key) -> None:
        for key in keys:
            focus = QApplication.focusWidget()
            assert focus is not None
            if isinstance(key, str):
                self.qtbot.keyClicks(focus, key)
            else:
                self.qtbot.keyClick(focus, key)

    def hold(self, key: Qt.Key, held: Qt.KeyboardModifier = CTRL) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        self.qtbot.keyClick(focus, key, held)

    def over(self, kind: type[QWidget]) -> Any:
        """What is over the list."""
        found = self.page.pages.currentWidget()
        assert isinstance(found, kind), type(found)
        return found

    def words(self) -> str:
        labels = self.over(QWidget).findChildren(QLabel)
        return "\n".join(part.text() for part in labels if not part.isHidden())

    def fill(self, form_id: str, name: str, age: str) -> str:
        """A questionnaire filled by keyboard; its id."""
        self.page.arrive(questionnaire=form_id)
        self.press(ENTER, name, ENTER, age, ENTER)
        self.hold(ENTER)
        id: str = self.over(ReviewView).view.id
        self.press(ESC)
        return id


@pytest.fixture
def hands(qtbot: QtBot, desk: Desk, store: Store, form_id: str, theme: object) -> Hands:
    store.write(records.save, "account", "acc-2", {"name": "Moussa Sané", "role": "enumerator"})
    return Hands(qtbot, desk, store)


@pytest.fixture
def filled(hands: Hands, form_id: str) -> str:
    """What Moussa filled; Fatou sits at the desk again."""
    hands.sit("acc-2", "Moussa Sané", "enumerator")
    id = hands.fill(form_id, "Awa", "140")
    hands.sit("acc-1", "Fatou Diatta", "office_head")
    return id


def values(store: Store, id: str) -> Any:
    return store.read(records.get, "submission", id).values


def lies_apart(page: QWidget) -> bool:
    """Whether no words lie over others."""
    QApplication.processEvents()
    shown = [part for part in page.findChildren(QLabel) if part.isVisible() and part.text()]
    return not any(
        one.parent() is other.parent() and one.geometry().intersects(other.geometry())
        for place, one in enumerate(shown)
        for other in shown[place + 1 :]
    )


def sent_back(hands: Hands, id: str) -> None:
    """A remark on the age, and the questionnaire back to Moussa: by keyboard alone."""
    hands.page.arrive(kind="submission", id=id)
    hands.press(Qt.Key.Key_Down, ENTER, "Is she that old?", ENTER)
    hands.press("r")


def test_to_correct_and_back(hands: Hands, filled: str, store: Store, asker: Any) -> None:
    hands.page.arrive(kind="submission", id=filled)
    view: ReviewView = hands.over(ReviewView)
    assert not view.back_button.isEnabled() and view.badge.text() == "Received"
    hands.press(Qt.Key.Key_Down, ENTER)
    assert view.line.words.text() == "Remark: Q2 Age"
    hands.press("Is she that old? acrn", ENTER)
    assert lies_apart(view)
    assert "Fatou Diatta: Is she that old? acrn" in hands.words()
    focus = QApplication.focusWidget()
    assert focus is view.slots["/data/age"].button
    hands.press("r")
    assert asker.told[-1] == "Sent back to Moussa Sané."
    assert view.badge.text() == "To correct"
    assert values(store, filled)["state"] == review.TO_CORRECT

    hands.sit("acc-2", "Moussa Sané", "enumerator")
    (row,) = hands.page.home.returned.rows.rows
    row.setFocus()
    hands.press(ENTER)
    form: CorrectView = hands.over(CorrectView)
    assert form.filling.key == "/data/age"
    assert "Fatou Diatta: Is she that old? acrn" in hands.words()
    assert "1 remark waits:" in form.asked.count.text()
    before = values(store, filled)
    hands.hold(Qt.Key.Key_A)
    hands.press("41", ENTER)
    assert "No remark waits" in form.asked.count.text()
    assert values(store, filled) == before
    hands.hold(ENTER)
    hands.over(ReviewView)
    after = values(store, filled)
    assert after["state"] == review.RECEIVED
    root = etree.fromstring(after["xml"].encode())
    assert root.findtext("age") == "41"
    told = {etree.QName(e).localname: e.text for e in root.iter()}
    assert told["deprecatedID"] == before["instance"] != told["instanceID"]
    assert told["instanceID"] == after["instance"]
    assert store.read(drafts.list_mine) == ()
    hands.press(ESC)
    assert hands.page.home.returned.isHidden()


def test_an_enumerator_judges_nothing(hands: Hands, filled: str, store: Store) -> None:
    hands.sit("acc-2", "Moussa Sané", "enumerator")
    assert not hands.page.home.filled.approve_button.isVisible()
    hands.page.arrive(kind="submission", id=filled)
    view: ReviewView = hands.over(ReviewView)
    shown = {name for name, button in view.keys.items() if button.isVisible()}
    assert shown == {"C"}
    assert not [b for b in view.findChildren(QPushButton) if b.text() == "✎"]
    hands.press("a", "r")
    assert values(store, filled)["state"] == review.RECEIVED
    store.role = "office_head"
    store.write(review.approve, {filled: view.instance})
    store.role = "enumerator"
    hands.page.arrive(kind="submission", id=filled)
    assert not hands.over(ReviewView).correct_button.isVisible()


def test_finishing_without_an_answer_asks(
    hands: Hands, filled: str, store: Store, asker: ScriptedAsker
) -> None:
    sent_back(hands, filled)
    hands.sit("acc-2", "Moussa Sané", "enumerator")
    hands.page.arrive(correct=filled)
    hands.press(Qt.Key.Key_PageUp)
    hands.hold(ENTER)
    assert asker.asked == ["Finish without answering the remarks?"]
    form: CorrectView = hands.over(CorrectView)
    assert form.filling.key == "/data/age"
    hands.hold(Qt.Key.Key_M)
    hands.press("Her card says so", ENTER)
    assert "No remark waits" in form.asked.count.text()
    hands.hold(ENTER)
    assert values(store, filled)["state"] == review.RECEIVED
    assert "Her card says so" in hands.words()


def test_f7_goes_from_remark_to_remark(hands: Hands, filled: str) -> None:
    hands.page.arrive(kind="submission", id=filled)
    hands.press(ENTER, "Whole name", ENTER, "w", "Good work", ENTER)
    hands.page.arrive(kind="submission", id=filled)
    hands.press(*[Qt.Key.Key_Down] * 4, ENTER, "Say more", ENTER)
    hands.page.arrive(correct=filled)
    form: CorrectView = hands.over(CorrectView)
    assert form.filling.key == "/data/called"
    assert "Whole name" in hands.words()
    hands.press(Qt.Key.Key_PageDown)
    assert "Good work" in hands.words()
    hands.press(Qt.Key.Key_F7)
    assert form.filling.key == "/data/words"
    assert "Say more" in hands.words()
    hands.press("More", Qt.Key.Key_F7)
    assert form.filling.key == "/data/called"


def test_killed_half_way(hands: Hands, filled: str, store: Store, tmp_path: Path) -> None:
    sent_back(hands, filled)
    before = values(store, filled)
    hands.page.arrive(correct=filled)
    hands.hold(Qt.Key.Key_A)
    hands.press("41", ENTER, "2")
    # Nothing is closed here: another process opens the same file.
    other = Store.open(tmp_path / "migdesk.db", KEY)
    (draft,) = other.read(drafts.list_mine)
    assert other.read(records.get, "submission", filled).values == before
    other.close()
    assert draft.title == "Correction: Visit"
    hands.sit("acc-1", "Fatou Diatta", "office_head")
    hands.page.arrive(draft=draft.id)
    form: CorrectView = hands.over(CorrectView)
    assert form.filling.run.node("/data/age").text == "41"
    assert form.filling.run.node("/data/back").text == "no"
    assert [each.before for each in form.filling.asked] == ["140"]
    hands.hold(ENTER)
    hands.over(ReviewView)
    assert store.read(drafts.list_mine) == ()
    assert "<age>41</age>" in values(store, filled)["xml"]


def test_looking_only_leaves_no_draft(hands: Hands, filled: str, store: Store) -> None:
    hands.page.arrive(kind="submission", id=filled)
    hands.press("c", Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, ESC)
    assert store.read(drafts.list_mine) == ()


def test_earlier_copies(hands: Hands, filled: str, store: Store) -> None:
    hands.page.arrive(kind="submission", id=filled)
    assert not hands.over(ReviewView).copies_button.isVisible()
    sent_back(hands, filled)
    hands.press("c")
    hands.hold(Qt.Key.Key_A)
    hands.press("41", ENTER)
    hands.hold(ENTER)
    view: ReviewView = hands.over(ReviewView)
    assert view.copies_button.text() == "1 earlier copy"
    hands.press("e")
    list_: CopiesView = hands.over(CopiesView)
    (copy,) = list_.table.things
    assert list_.table.model.rows[0][1:] == ("Moussa Sané", "Finished")
    assert list_.found.model.rows == [("Q2 Age", "140", "41")]
    hands.press(ENTER)
    hands.over(CopyView)
    assert "140" in hands.words() and "Is she that old?" in hands.words()
    assert copy == store.read(copies.copies, filled)[1]
    hands.press(ESC)
    hands.over(CopiesView)
    hands.press(ESC)
    hands.over(ReviewView)


def test_one_key_approves_and_the_next_comes(
    hands: Hands, form_id: str, store: Store, asker: ScriptedAsker
) -> None:
    ids = [hands.fill(form_id, name, "40") for name in ("Awa", "Binta")]
    hands.page.arrive(kind="submission", id=ids[1])
    hands.press("a")
    assert asker.told[-1] == "Approved."
    view: ReviewView = hands.over(ReviewView)
    assert view.badge.text() == "Approved" and "Fatou Diatta" in view.words.text()
    hands.press("n")
    assert hands.over(ReviewView).view.id == ids[0]
    hands.press("a")
    assert not hands.over(ReviewView).next_button.isVisible()
    assert asker.then is not None
    asker.then()
    assert hands.over(ReviewView).badge.text() == "Received"


def test_many_are_approved_in_the_list(
    hands: Hands, form_id: str, store: Store, asker: ScriptedAsker
) -> None:
    ids = [hands.fill(form_id, name, "40") for name in ("Awa", "Binta", "Coumba")]
    hands.page.setFocus()
    hands.hold(Qt.Key.Key_PageDown)
    assert hands.page.home.tabs.tabText(1) == "Filled · 3 to review"
    card = hands.page.home.filled
    assert [card.tabs.tabText(n) for n in range(4)] == [
        "All", "Received · 3", "To correct", "Approved"
    ]  # fmt: skip
    table = card.table.table
    table.setFocus()
    table.clearSelection()
    assert not card.approve_button.isEnabled()
    flags = QItemSelectionModel.SelectionFlag
    for row in (0, 1):
        index = card.table.model.index(row, 0)
        table.selectionModel().select(index, flags.Select | flags.Rows)
    hands.press("a")
    assert asker.told[-1] == "2 questionnaires approved."
    assert [values(store, id)["state"] for id in ids] == ["received", "approved", "approved"]
    assert card.tabs.tabText(3) == "Approved · 2"
    card.tabs.setCurrentIndex(1)
    assert [row.id for row in card.table.model.rows] == ids[:1]
    card.table.filters.drop("state")
    assert card.tabs.currentIndex() == 0
    assert len(card.table.model.rows) == 3


def test_today_leads_to_the_first_remark(
    hands: Hands, filled: str, qtbot: QtBot, shell: NotingShell
) -> None:
    sent_back(hands, filled)
    hands.sit("acc-2", "Moussa Sané", "enumerator")
    today = TodayPage(hands.desk)
    qtbot.addWidget(today)
    today.show()
    today.load()
    (row,) = today.returned.rows.rows
    assert "Is she that old?" in row.accessibleName()
    row.opened.emit()
    assert shell.went == [("questionnaires", {"correct": filled})]


def test_corrected_by_somebody_else_meanwhile(
    hands: Hands, filled: str, store: Store, asker: ScriptedAsker
) -> None:
    hands.page.arrive(correct=filled)
    hands.press("Awa Mane", ENTER, ESC)
    hands.sit("acc-2", "Moussa Sané", "enumerator")
    hands.page.arrive(correct=filled)
    hands.press(Qt.Key.Key_PageDown)
    hands.hold(Qt.Key.Key_A)
    hands.press("39", ENTER)
    hands.hold(ENTER)
    hands.sit("acc-1", "Fatou Diatta", "office_head")
    hands.page.arrive(correct=filled)
    assert "corrected by somebody else" in asker.told[-1]
    hands.hold(ENTER)
    assert len(store.read(copies.copies, filled)) == 3
    assert "Awa Mane" in values(store, filled)["xml"]


def test_a_draft_goes_on_after_version_2_is_imported(
    hands: Hands, form_id: str, store: Store, asker: ScriptedAsker, tmp_path: Path
) -> None:
    """Begun with version 1, put aside, version 2 imported on the page, resumed, finished,
    corrected: always with version 1."""
    hands.page.arrive(questionnaire=form_id)
    hands.press(ENTER, "Awa", ENTER, "4", ESC)
    book = tmp_path / "visit.md"
    book.write_text(NEWER.format(version=2), "utf-8")
    asker.paths = [book]
    hands.page.home.import_button.setFocus()
    hands.press(Qt.Key.Key_Space)
    (used,) = [v for v in store.read(submissions.questionnaires) if v.values["form"] == "visit"]
    assert used.values["version"] == "2"
    hands.page.load()
    QApplication.processEvents()
    buttons = hands.page.home.to_resume.findChildren(Button)
    (resume,) = [b for b in buttons if b.text() == "Resume" and b.isVisible()]
    resume.setFocus()
    hands.press(ENTER)
    form: FormView = hands.over(FormView)
    assert (form.filling.run.form.version, form.filling.key) == ("1", "/data/age")
    assert "Age" in hands.words() and "How old" not in hands.words()
    hands.press(Qt.Key.Key_End, "1", ENTER, "1", ENTER)
    hands.hold(ENTER)
    (row,) = store.read(records.list_page, "submission", Query()).rows
    root = etree.fromstring(str(row.values["xml"]).encode())
    assert (root.get("version"), root.findtext("age")) == ("1", "41")
    assert row.values["questionnaire"] == form_id
    hands.press("c")
    assert hands.over(CorrectView).filling.run.form.version == "1"
    hands.press("Binta", ENTER)
    hands.hold(ENTER)
    assert 'version="1"' in values(store, row.id)["xml"]


def test_the_page_of_a_newcomer(
    qtbot: QtBot, desk: Desk, theme: object, asker: ScriptedAsker, store: Store
) -> None:
    page = QuestionnairesPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.load()
    QApplication.processEvents()
    (button,) = [b for b in page.home.in_use.findChildren(Button) if b.isVisible()]
    assert button.text() == "Import a questionnaire"
    button.click()
    assert asker.asked == ["Import a questionnaire"]


def test_refused_at_the_end_keeps_what_was_typed(
    hands: Hands, filled: str, store: Store, asker: ScriptedAsker
) -> None:
    """Approved by somebody while the enumerator corrects."""
    hands.sit("acc-2", "Moussa Sané", "enumerator")
    hands.page.arrive(correct=filled)
    hands.press("Binta", ENTER)
    store.role = "office_head"
    store.write(review.approve, {filled: values(store, filled)["instance"]})
    store.role = "enumerator"
    hands.hold(ENTER)
    assert [fault.code for fault in asker.faults] == ["REV-004"]
    hands.over(CorrectView)
    (draft,) = store.read(drafts.list_mine)
    assert draft.body["run"]["answers"]["called"] == "Binta"
    assert "<called>Awa</called>" in values(store, filled)["xml"]


def test_mirrored(hands: Hands, filled: str, qapp: QApplication) -> None:
    """In Arabic the answers stand at the left of the questions, the remarks beyond them."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        sent_back(hands, filled)
        hands.page.arrive(kind="submission", id=filled)
        view: ReviewView = hands.over(ReviewView)
        QApplication.processEvents()
        slot = view.slots["/data/age"]
        assert slot.button is not None and slot.words is not None
        assert slot.button.geometry().right() < slot.words.geometry().left()
        approve, correct = view.approve_button.geometry(), view.correct_button.geometry()
        assert approve.right() < correct.left()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
