"""Filling a questionnaire as an interviewer does: by keyboard, with a person waiting."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from migdesk.forms import Run, xlsform
from migdesk.models.store import DiskFull, Store
from migdesk.printing.sheets.questionnaire import PaperQuestion
from migdesk.services import drafts, form_words, office, paper_forms, records, submissions
from migdesk.services.records import Query
from migdesk.ui.desk import Desk
from migdesk.ui.formview import Filling, FormView, ReadView, StartPanel
from migdesk.ui.formview.ends import EndBox, MoreBox
from migdesk.ui.formview.field import QuestionBox
from migdesk.ui.formview.inputs import ChoiceInput, LongInput
from migdesk.ui.formview.lines import NumberInput
from migdesk.ui.formview.searching import MinimalInput
from migdesk.ui.pages.questionnaires import QuestionnairesPage
from migdesk.ui.runner import DirectRunner
from tests.ui.conftest import KEY, NotingShell, ScriptedAsker

WORDS = "label::Français (fr) | label::English (en)"
RULES = "relevant | required | constraint | constraint_message::English (en) | appearance"
BOOK = (
    f"""
| survey |
| | type | name | {WORDS} | {RULES} |
| | note | hello | Bonjour | Hello | | | | | |
| | select_one yn | migrated | A migré ? | Migrated? | | yes | | | |
| | select_multiple uses | use | Usages | Uses | ${{migrated}} = 'yes' | | | | |
| | integer | age | Âge | Age | | yes | . < 120 | Too old. | |
| | date | back | Retour | Return | | | | | |
| | begin_repeat | child | Enfants | Children | | | | | |
| | text | called | Prénom | First name | | | | | |
| | integer | years | Âge de ${{called}} | Age of ${{called}} | | | | | |
| | end_repeat | child | | | | | | | |
| | begin_group | last | Fin | Last | | | | | |
| | select_one towns | town | Ville | Town | | | | | minimal |
| | text | words | Mots | Words | | | | | multiline |
| | acknowledge | read | Lu ? | Read? | | | | | |
| | end_group | last | | | | | | | |
| choices |
| | list_name | name | {WORDS} |
| | yn | yes | Oui | Yes |
| | yn | no | Non | No |
| | uses | food | Nourriture | Food |
| | uses | school | École | School |
| | uses | house | Maison | House |
"""
    + "".join(f"| | towns | t{n} | Ville {n} | Town {n} |\n" for n in range(12))
    + """
| settings |
| | form_title | form_id | version | default_language |
| | Essai | essai | 3 | Français (fr) |
"""
)
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ENTER = Qt.Key.Key_Return


@pytest.fixture(scope="module")
def xml() -> str:
    return xlsform.convert(BOOK, ".md").xml


@pytest.fixture
def form_id(store: Store, xml: str) -> str:
    return store.write(submissions.add_questionnaire, "Essai", "essai", "3", xml)


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


class Hands:
    """Presses keys wherever the focus is."""

    def __init__(self, qtbot: QtBot, page: QuestionnairesPage) -> None:
        self.qtbot = qtbot
        self.page = page

    def type(self, *keys: "str | Qt.Key") -> None:
        for key in keys:
            focus = QApplication.focusWidget()
            assert focus is not None
            if isinstance(key, str):
                self.qtbot.keyClicks(focus, key)
            else:
                self.qtbot.keyClick(focus, key)

    def hold(self, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        self.qtbot.keyClick(focus, key, held)

    @property
    def view(self) -> FormView:
        view = self.page.pages.currentWidget()
        assert isinstance(view, FormView)
        return view

    @property
    def at(self) -> str:
        return self.view.filling.key.rpartition("/")[2]

    @property
    def box(self) -> QuestionBox:
        box = self.view.sheet.boxes[self.view.filling.key]
        assert isinstance(box, QuestionBox)
        return box


@pytest.fixture
def hands(qtbot: QtBot, page: QuestionnairesPage) -> Hands:
    return Hands(qtbot, page)


@pytest.fixture
def begun(hands: Hands, page: QuestionnairesPage, form_id: str) -> Hands:
    """At the first question, about nobody."""
    page.arrive(questionnaire=form_id)
    hands.type(ENTER)
    return hands


def saved(store: Store) -> dict[str, object]:
    (draft,) = store.read(drafts.list_mine)
    answers: dict[str, object] = draft.body["run"]["answers"]
    return answers


def test_from_a_person_to_the_linked_record(
    hands: Hands,
    page: QuestionnairesPage,
    store: Store,
    form_id: str,
    make: Callable[..., str],
    asker: ScriptedAsker,
    shell: NotingShell,
) -> None:
    person = make("person", family_name="Diatta", given_name="Awa")
    page.arrive(kind="person", id=person, questionnaire=form_id)
    assert isinstance(page.pages.currentWidget(), StartPanel)
    hands.type(ENTER, ENTER, "1", ENTER, "1", "3", ENTER, "41", ENTER, "12/3/89", ENTER)
    hands.type("Binta", ENTER, "9", ENTER)
    assert isinstance(hands.view.sheet.boxes[hands.view.filling.key], MoreBox)
    hands.type("1", "Sira", ENTER, "7", ENTER, "2")
    hands.type("town 11", ENTER, ENTER)
    hands.type("Beaucoup")
    hands.type(Qt.Key.Key_PageDown, "1", ENTER)
    assert isinstance(hands.view.sheet.boxes["#end"], EndBox)
    hands.hold(ENTER, CTRL)
    assert asker.faults == []
    assert isinstance(page.pages.currentWidget(), ReadView)
    (row,) = store.read(records.list_page, "submission", Query()).rows
    assert row.values["person"] == person
    assert row.values["questionnaire"] == form_id
    assert store.read(drafts.list_mine) == ()
    root = etree.fromstring(str(row.values["xml"]).encode())
    assert root.get("id") == "essai"
    assert root.findtext("migrated") == "yes"
    assert root.findtext("use") == "food house"
    assert root.findtext("age") == "41"
    assert root.findtext("back") == "1989-03-12"
    assert [c.findtext("called") for c in root.findall("child")] == ["Binta", "Sira"]
    assert root.findtext("last/town") == "t11"
    assert root.findtext("last/words") == "Beaucoup"
    assert root.findtext("last/read") == "OK"
    assert row.values["instance"].startswith("uuid:")
    hands.hold(Qt.Key.Key_P, CTRL)
    assert shell.printed == [("questionnaire", {"id": row.id})]


def test_draft_survives_a_killed_process(
    begun: Hands, store: Store, form_id: str, tmp_path: Path, desk: Desk, qtbot: QtBot
) -> None:
    begun.type(ENTER, "1", ENTER, "2", ENTER, "3")
    begun.box.flush()
    # Nothing is closed here: another process opens the same file.
    other = Store.open(tmp_path / "migdesk.db", KEY)
    (draft,) = other.read(drafts.list_mine)
    assert draft.title == "Essai"
    form = other.read(form_words.open_form, draft.body["questionnaire"])
    again = Filling.resume(form, draft.id, draft.body)
    other.close()
    assert again.key.endswith("/age")
    assert again.run.node(again.key).text == "3"
    root = form.definition.root.path
    assert again.run.node(f"{root}/use").text == "school"


def test_resume_and_finish(begun: Hands, page: QuestionnairesPage, store: Store) -> None:
    begun.type(ENTER, "2", ENTER, "30", ENTER)
    assert begun.at == "back"
    begun.type(Qt.Key.Key_Escape)
    assert page.pages.currentWidget() is page.home
    (draft,) = store.read(drafts.list_mine)
    page.arrive(draft=draft.id)
    assert begun.at == "back"
    begun.hold(ENTER, CTRL)
    assert isinstance(page.pages.currentWidget(), ReadView)
    assert store.read(drafts.list_mine) == ()


def test_a_draft_keeps_its_version(
    begun: Hands, page: QuestionnairesPage, store: Store, xml: str, form_id: str
) -> None:
    begun.type(ENTER, "2", Qt.Key.Key_Escape)
    newer = xml.replace('version="3"', 'version="4"')
    assert newer != xml
    store.write(submissions.add_questionnaire, "Essai", "essai", "4", newer)
    (draft,) = store.read(drafts.list_mine)
    page.arrive(draft=draft.id)
    assert begun.view.filling.questionnaire == form_id
    assert begun.view.filling.run.form.version == "3"


def test_wrong_answer_holds_once(begun: Hands) -> None:
    begun.type(ENTER, "2", ENTER)
    begun.type("500")
    begun.type(ENTER)
    assert begun.at == "age"
    assert begun.box.error.text() == "Too old."
    begun.type(ENTER)
    assert begun.at == "back"
    wrong = [entry.ref for entry in begun.view.filling.outline() if entry.state == "wrong"]
    assert [ref.rpartition("/")[2] for ref in wrong] == ["age"]


def test_finishing_shows_what_is_missing_and_goes_there(begun: Hands, store: Store) -> None:
    begun.hold(ENTER, CTRL)
    assert begun.at == "migrated"
    assert not begun.view.sheet.hunt.isHidden()
    assert begun.box.error.text()
    begun.type("2", Qt.Key.Key_F8)
    assert begun.at == "age"
    begun.type("44")
    begun.hold(ENTER, CTRL)
    assert store.read(records.count, "submission", Query()) == 1


def test_back_and_forth(begun: Hands) -> None:
    begun.type(ENTER, "2", ENTER)
    assert begun.at == "age"
    begun.hold(ENTER, SHIFT)
    assert begun.at == "migrated"
    begun.type("1", Qt.Key.Key_PageDown)
    assert begun.at == "use"
    begun.type(Qt.Key.Key_PageUp)
    assert begun.at == "migrated"


def test_what_does_not_apply_is_grey_and_skipped(begun: Hands) -> None:
    begun.type(ENTER, "2")
    (use,) = [e for e in begun.view.filling.outline() if e.ref.endswith("/use")]
    assert (use.state, use.key) == ("off", "")
    begun.type(ENTER)
    assert begun.at == "age"


def test_language_while_filling(begun: Hands) -> None:
    begun.type(ENTER)
    assert begun.box.words.text().startswith("Migrated?")
    begun.type("1")
    begun.view.speak("Français (fr)")
    assert begun.box.words.text().startswith("A migré")
    assert isinstance(begun.box.input, ChoiceInput)
    assert begun.box.input.buttons[0].text() == "Oui"
    assert begun.box.input.buttons[0].isChecked()


def test_ways(begun: Hands, desk: Desk) -> None:
    begun.view.turn("group")
    assert len(begun.view.sheet.boxes) == 4
    begun.view.turn("page")
    assert 4 < len(begun.view.sheet.boxes) <= len(begun.view.filling.stops)
    assert desk.settings.state("formview.way") == "page"
    begun.type(ENTER)
    assert begun.at == "migrated"
    begun.type("1")
    begun.type(ENTER)
    assert begun.at == "use"
    begun.type("2", ENTER, "33", ENTER, ENTER)
    assert begun.at == "called"


def test_removing_a_row_asks_first(begun: Hands, asker: ScriptedAsker, store: Store) -> None:
    root = begun.view.filling.run.form.definition.root.path
    begun.view.go(f"{root}/child[1]/called")
    begun.type("Binta", ENTER, ENTER, "1")
    begun.type("Sira", ENTER)
    asker.confirms = [False, True]
    begun.view.remove_row(f"{root}/child[1]")
    assert len(saved(store)["child"]) == 2  # type: ignore[arg-type]
    begun.view.remove_row(f"{root}/child[1]")
    (left,) = saved(store)["child"]  # type: ignore[misc]
    assert left["called"] == "Sira"


def test_inputs_by_type(begun: Hands) -> None:
    root = begun.view.filling.run.form.definition.root.path
    expected = {"age": NumberInput, "last/town": MinimalInput, "last/words": LongInput}
    for name, kind in expected.items():
        begun.view.go(f"{root}/{name}")
        assert type(begun.box.input) is kind


def test_nothing_typed_leaves_no_draft(
    begun: Hands, page: QuestionnairesPage, store: Store
) -> None:
    begun.type(ENTER, ENTER, Qt.Key.Key_Escape)
    assert store.read(drafts.list_mine) == ()


def test_locking_keeps_half_a_word(
    begun: Hands, page: QuestionnairesPage, store: Store
) -> None:
    begun.type(ENTER, "2", ENTER, "4")
    page.leave()
    assert saved(store)["age"] == "4"


class FullDisk(DirectRunner):
    """Has no room for the first submission."""

    full = True

    def write(self, service: Any, *args: Any, **options: Any) -> None:
        if service is submissions.finalise and self.full:
            self.full = False
            options["failed"](DiskFull())
        else:
            super().write(service, *args, **options)


def test_a_full_disk_loses_nothing(
    desk: Desk, begun: Hands, page: QuestionnairesPage, asker: ScriptedAsker, store: Store
) -> None:
    desk.runner = FullDisk(store, asker)
    begun.type(ENTER, "2", ENTER, "40")
    begun.hold(ENTER, CTRL)
    assert [type(fault) for fault in asker.faults] == [DiskFull]
    assert saved(store)["age"] == "40"
    begun.hold(ENTER, CTRL)
    assert store.read(records.count, "submission", Query()) == 1
    assert store.read(drafts.list_mine) == ()
    desk.runner.close()


def test_read_view_says_the_answers(
    page: QuestionnairesPage, store: Store, form_id: str
) -> None:
    form = store.read(form_words.open_form, form_id)
    run = Run(form)
    root = form.definition.root.path
    run.set(f"{root}/migrated", "yes")
    run.set(f"{root}/use", "school house")
    run.set(f"{root}/age", "41")
    id = store.write(submissions.finalise, form_id, run.finalise(), "uuid:7", {}, "")
    page.arrive(kind="submission", id=id)
    view = page.pages.currentWidget()
    assert isinstance(view, ReadView)
    names = {
        child.accessibleName()
        for child in view.findChildren(type(page.home.report.words))
        if child.accessibleName()
    }
    assert any(name.endswith("41") for name in names)
    assert sum("school" in name.lower() or "École" in name for name in names) == 1


def test_start_finds_a_person(
    hands: Hands, page: QuestionnairesPage, form_id: str, make: Callable[..., str], qtbot: QtBot
) -> None:
    person = make("person", family_name="Diatta", given_name="Awa")
    page.arrive(questionnaire=form_id)
    panel = page.pages.currentWidget()
    assert isinstance(panel, StartPanel)
    qtbot.keyClicks(panel.line, "diatta")
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    for key in (Qt.Key.Key_Down, ENTER):
        # A page's own Enter must not take the list's: real keys ask for shortcuts first.
        asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(panel.line, asked)
        assert asked.isAccepted() or key != ENTER
        qtbot.keyClick(popup, key)
    qtbot.waitUntil(lambda: "person" in panel.about)
    hands.type(ENTER)
    assert hands.view.filling.links == {"person": person}


def test_home_lists_drafts_and_counts(
    begun: Hands, page: QuestionnairesPage, asker: ScriptedAsker, store: Store
) -> None:
    begun.type(ENTER, "2", Qt.Key.Key_Escape)
    (draft,) = store.read(drafts.list_mine)
    page.home.discard(draft)
    assert store.read(drafts.list_mine) == (draft,)
    asker.confirms = [True]
    page.home.discard(draft)
    assert store.read(drafts.list_mine) == ()


def test_broken_workbook_is_explained_on_the_page(
    page: QuestionnairesPage, asker: ScriptedAsker, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "broken.md"
    path.write_text(
        "| survey |\n| | type | name | label | relevant |\n"
        "| | text | who | Who? | |\n| | text | why | Why? | ${nobody} = 1 |\n",
        "utf-8",
    )
    asker.paths = [path]
    before = len(store.read(submissions.questionnaires))
    page.home.import_form()
    words = page.home.report.words.text()
    assert "nobody" in words
    assert "broken.md" in words
    assert len(store.read(submissions.questionnaires)) == before


def test_right_to_left(begun: Hands, qapp: QApplication, page: QuestionnairesPage) -> None:
    page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    for _ in range(5):
        begun.type(Qt.Key.Key_PageDown)
        assert not page.grab().isNull()


def test_account_of_the_submission(begun: Hands, store: Store) -> None:
    assert store.read(office.this_office) is not None
    begun.type(ENTER, "2", ENTER, "20")
    begun.hold(ENTER, CTRL)
    (row,) = store.read(records.list_page, "submission", Query()).rows
    assert row.values["account"] == "acc-1"


def test_a_pause_of_the_fingers_keeps_half_a_word(
    begun: Hands, store: Store, qtbot: QtBot
) -> None:
    begun.type(ENTER, "2", ENTER, "4")
    qtbot.waitUntil(lambda: saved(store).get("age") == "4")
    begun.view.go("/data/last/words")
    begun.type("Beau")
    qtbot.waitUntil(lambda: saved(store)["last"].get("words") == "Beau")  # type: ignore[attr-defined]


def test_killed_at_every_answer(begun: Hands, store: Store, tmp_path: Path) -> None:
    steps: list[str | Qt.Key] = [
        ENTER, "1", ENTER, "1", "3", ENTER, "41", ENTER, "12/3/89", ENTER, "Binta", ENTER
    ]  # fmt: skip
    for step in steps:
        begun.type(step)
        begun.view.sheet.flush()
        now = begun.view.filling
        if not now.progress()[0]:
            continue
        other = Store.open(tmp_path / "migdesk.db", KEY)
        (draft,) = other.read(drafts.list_mine)
        other.close()
        again = Filling.resume(now.run.form, draft.id, draft.body)
        assert again.run.draft()["answers"] == now.run.draft()["answers"]
        assert again.key == now.key


def test_a_draft_of_version_1_finishes_after_version_2_came(
    begun: Hands, page: QuestionnairesPage, store: Store, xml: str, form_id: str
) -> None:
    begun.type(ENTER, "2", ENTER, "30", Qt.Key.Key_Escape)
    newer = xml.replace('version="3"', 'version="4"')
    store.write(submissions.add_questionnaire, "Essai", "essai", "4", newer)
    assert {view.values["version"] for view in store.read(submissions.questionnaires)} == {"4"}
    (draft,) = store.read(drafts.list_mine)
    page.arrive(draft=draft.id)
    begun.type("5", ENTER)
    begun.hold(ENTER, CTRL)
    assert isinstance(page.pages.currentWidget(), ReadView)
    (row,) = store.read(records.list_page, "submission", Query()).rows
    assert row.values["questionnaire"] == form_id
    root = etree.fromstring(str(row.values["xml"]).encode())
    assert (root.get("version"), root.findtext("age")) == ("3", "5")


def test_a_comment_goes_with_the_submission_and_to_paper(
    begun: Hands, page: QuestionnairesPage, store: Store
) -> None:
    begun.type(ENTER, "2", ENTER, "30")
    begun.hold(Qt.Key.Key_M, CTRL)
    begun.type("About thirty", ENTER)
    begun.hold(ENTER, CTRL)
    view = page.pages.currentWidget()
    assert isinstance(view, ReadView)
    assert any("About thirty" in part.text() for part in view.findChildren(QLabel))
    (row,) = store.read(records.list_page, "submission", Query()).rows
    filled = store.read(submissions.filled, row.id)
    assert filled.comments == {"/data/age": "About thirty"}
    sheet = store.read(paper_forms.questionnaire_sheet, id=row.id)
    noted = [item.comment for item in sheet.items if isinstance(item, PaperQuestion)]
    assert "About thirty" in noted


def test_comments_move_with_their_rows(begun: Hands, asker: ScriptedAsker) -> None:
    filling = begun.view.filling
    filling.run.add("/data/child")
    filling.run.add("/data/child")
    filling.refresh()
    for n in (1, 2, 3):
        filling.comment(f"/data/child[{n}]/called", f"about {n}")
    asker.confirms = [True]
    begun.view.remove_row("/data/child[2]")
    assert filling.comments == {
        "/data/child[1]/called": "about 1",
        "/data/child[2]/called": "about 3",
    }
