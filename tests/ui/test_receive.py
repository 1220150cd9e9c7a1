"""Receive, driven as an agent drives it: by the keyboard."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from migdesk.errors import Obstacle
from migdesk.i18n import N_
from migdesk.models.store import Store
from migdesk.services import drafts, persons, records
from migdesk.services.records import Query, View
from migdesk.ui.desk import Desk
from migdesk.ui.pages.receive import DONE, KNOWN, REGISTER, SEARCH, TICKET, ReceivePage
from migdesk.ui.pages.receive_words import meant
from migdesk.ui.recordview.editor import LineEditor

Make = Callable[..., str]
KEPT = drafts.key("reception", "acc-1")
DRAFT = f"{KEPT}:1"
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def people(make: Make) -> dict[str, str]:
    """Three who are easily taken for one another."""
    return {
        "modou": make(
            "person",
            family_name="Diallo",
            given_name="Mamadou",
            aliases=["Modou"],
            birth="1985~",
            residence="Barcelone",
            phone="+221771234567",
        ),
        "lamine": make("person", family_name="Diallo", given_name="Mamadou Lamine"),
        "jallow": make("person", family_name="Jallow", given_name="Mohamadou"),
    }


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[ReceivePage]:
    made = ReceivePage(desk)
    qtbot.addWidget(made)
    made.resize(1154, 716)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.load()
    yield made
    made.draft.begin()


def focused(page: ReceivePage) -> QWidget:
    found = page.focusWidget()
    assert found is not None
    return found


def typed(page: ReceivePage, qtbot: QtBot, text: str) -> None:
    qtbot.keyClicks(focused(page), text)


def press(
    page: ReceivePage,
    qtbot: QtBot,
    key: Qt.Key = Qt.Key.Key_Return,
    with_: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.hide()
    qtbot.keyClick(focused(page), key, with_)


def line(page: ReceivePage, name: str) -> str:
    editor = page.register.fields[name].editor
    assert isinstance(editor, LineEditor)
    return editor.line.text()


def visits(store: Store) -> tuple[View, ...]:
    return store.read(records.list_page, "visit", Query()).rows


def count(store: Store, kind: str) -> int:
    return store.read(records.count, kind, Query())


def test_known_person_by_keyboard_only(
    page: ReceivePage, qtbot: QtBot, store: Store, people: dict[str, str], shell: Any
) -> None:
    typed(page, qtbot, "jalow mamadu")
    assert {person.id for person in page.search.found} == set(people.values())
    press(page, qtbot, Qt.Key.Key_Down)
    chosen = page.search.found[1]
    press(page, qtbot)
    assert page.mode == KNOWN
    assert page.who.name.text() == chosen.title
    typed(page, qtbot, "Funding search")
    press(page, qtbot)
    typed(page, qtbot, "Wants a larger hen house")
    press(page, qtbot, Qt.Key.Key_Return, CTRL)
    assert page.mode == DONE
    (visit,) = visits(store)
    assert visit.values["person"] == chosen.id
    assert visit.values["request"] == "funding_search"
    assert visit.values["words"] == "Wants a larger hen house"
    assert visit.values["adviser"] == "acc-1"
    assert shell.printed == [("request-receipt", {"id": visit.id})]
    press(page, qtbot)
    assert page.mode == SEARCH
    assert page.search.text == ""
    assert focused(page) is page.search.line


def test_register_only_after_a_search(page: ReceivePage, qtbot: QtBot) -> None:
    press(page, qtbot, Qt.Key.Key_Return, CTRL)
    assert page.mode == SEARCH
    assert not page.search.register_button.isEnabled()
    typed(page, qtbot, "zzz")
    assert page.search.found == ()
    assert page.search.nobody.isVisible()
    assert page.search.register_button.isEnabled()
    press(page, qtbot)
    assert page.mode == REGISTER


def test_register_with_consents_and_case(
    page: ReceivePage, qtbot: QtBot, store: Store, people: dict[str, str]
) -> None:
    typed(page, qtbot, "diatta fatou 77 765 43 21")
    press(page, qtbot, Qt.Key.Key_Return, CTRL)
    fields = page.register.fields
    assert fields["family_name"].value() == "Diatta"
    assert fields["given_name"].value() == "Fatou"
    press(page, qtbot)
    press(page, qtbot)
    typed(page, qtbot, "Tata Fatou")
    fields["birth"].editor.setFocus()
    typed(page, qtbot, "40 years")
    consents = page.register.consents
    consents.set_typed({"registration": "given", "contact": "refused", "means": "thumb"})
    page.visit.asked["request"].set_value("project_dossier")
    choice = page.visit.case.choice
    choice.setCurrentIndex(choice.count() - 1)
    choice.activated.emit(choice.currentIndex())
    page.visit.case.fields["title"].editor.setFocus()
    typed(page, qtbot, "Hen house")
    page.visit.done["appointment"].editor.setFocus()
    typed(page, qtbot, "24/11/2026 17:30")
    press(page, qtbot, Qt.Key.Key_S, CTRL)
    assert page.mode == DONE
    (visit,) = visits(store)
    person = store.read(records.get, "person", visit.values["person"])
    assert person.values["phone"] == "+221777654321"
    assert person.values["aliases"] == ["Tata Fatou"]
    assert person.values["birth"].endswith("~")
    given = {
        c.values["purpose"]: (c.values["answer"], c.values["means"])
        for c in store.read(persons.consents_of, person.id)
    }
    assert given == {"registration": ("given", "thumb"), "contact": ("refused", "thumb")}
    case = store.read(records.get, "case", visit.values["case"])
    assert case.title == "Hen house"
    assert page.recorded.slip_button.isVisible()
    assert page.recorded.case_button.isVisible()


def test_ticket_without_a_name(page: ReceivePage, qtbot: QtBot, store: Store) -> None:
    page.search.ticket_button.click()
    assert page.mode == TICKET
    assert not page.visit.case.isVisible()
    typed(page, qtbot, "Rights advice")
    press(page, qtbot, Qt.Key.Key_S, CTRL)
    (visit,) = visits(store)
    assert visit.values["person"] is None
    assert visit.values["ticket"] == "0001"
    assert count(store, "person") == 0
    assert "0001" in page.recorded.title.text() + page.recorded.heading.text()
    assert not page.recorded.person_button.isVisible()


def test_needed_is_said_beside_the_field(
    page: ReceivePage, qtbot: QtBot, store: Store, people: dict[str, str]
) -> None:
    typed(page, qtbot, "jallow mohamadou")
    press(page, qtbot)
    press(page, qtbot, Qt.Key.Key_S, CTRL)
    assert page.mode == KNOWN
    assert page.visit.asked["request"].wrong
    assert visits(store) == ()


def test_what_the_service_refuses_is_said_beside_the_field(
    page: ReceivePage, qtbot: QtBot, asker: Any
) -> None:
    typed(page, qtbot, "xxxx")
    press(page, qtbot)
    page._on_failed(records.Needed("family_name", label=N_("A name or an alias")))
    assert "A name or an alias" in page.register.fields["family_name"].wrong
    assert asker.faults == []


def test_save_without_a_person_goes_back_to_the_search(
    page: ReceivePage, qtbot: QtBot, store: Store, asker: Any
) -> None:
    page.visit.asked["request"].set_value("training")
    page.visit.save_button.click()
    assert visits(store) == ()
    assert focused(page) is page.search.line
    assert len(asker.told) == 1


def test_escape_keeps_what_was_typed_about_the_visit(
    page: ReceivePage, qtbot: QtBot, people: dict[str, str]
) -> None:
    typed(page, qtbot, "jallow")
    press(page, qtbot)
    typed(page, qtbot, "Training")
    press(page, qtbot, Qt.Key.Key_Escape)
    assert page.mode == SEARCH
    assert page.person is None
    assert page.visit.asked["request"].value() == "training"


def test_draft_is_offered_and_resumed(
    page: ReceivePage, desk: Desk, qtbot: QtBot, store: Store, people: dict[str, str]
) -> None:
    typed(page, qtbot, "modou")
    press(page, qtbot)
    typed(page, qtbot, "Training")
    page.visit.asked["words"].editor.setFocus()
    typed(page, qtbot, "half a sent")
    page.leave()
    again = ReceivePage(desk)
    qtbot.addWidget(again)
    again.show()
    again.load()
    assert again.draft.bar.isVisible()
    assert "Diallo" in again.draft.bar.words.text()
    again.draft.bar.resume_button.click()
    assert again.mode == KNOWN
    assert again.person is not None and again.person.id == people["modou"]
    assert again.visit.asked["words"].value() == "half a sent"
    again.save(False)
    assert visits(store)[0].values["words"] == "half a sent"
    assert store.read(drafts.list_mine) == ()


def test_draft_of_a_registration(
    page: ReceivePage, desk: Desk, qtbot: QtBot, store: Store
) -> None:
    typed(page, qtbot, "sow aissatou")
    press(page, qtbot)
    page.register.fields["phone"].editor.setFocus()
    typed(page, qtbot, "77 1")
    page.register.consents.set_typed({"registration": "given"})
    page.leave()
    again = ReceivePage(desk)
    qtbot.addWidget(again)
    (kept,) = store.read(drafts.list_mine)
    again.arrive(draft=kept.id)
    assert again.mode == REGISTER
    assert again.register.fields["family_name"].value() == "Sow"
    assert line(again, "phone") == "77 1"
    assert again.register.consents.typed()["registration"] == "given"


def test_unanswered_draft_is_not_overwritten(
    page: ReceivePage, qtbot: QtBot, store: Store, people: dict[str, str]
) -> None:
    store.write(drafts.put, DRAFT, "visit", "Older", page._typed()[1])
    page.load()
    typed(page, qtbot, "jallow")
    press(page, qtbot)
    typed(page, qtbot, "Training")
    page.leave()
    kept = store.read(drafts.list_mine)
    assert len(kept) == 2
    older = store.read(drafts.get, DRAFT)
    assert older is not None and older.title == "Older"


def test_discarded_draft_is_gone(page: ReceivePage, store: Store) -> None:
    store.write(drafts.put, DRAFT, "visit", "Older", page._typed()[1])
    page.load()
    page.draft.bar.discard_button.click()
    assert store.read(drafts.get, DRAFT) is None
    assert not page.draft.bar.isVisible()


def test_stale_answers_are_dropped(page: ReceivePage, people: dict[str, str]) -> None:
    """Answers arrive in the order of the questions; only that to the last words counts."""
    held: list[tuple[str, Callable[[Any], None]]] = []

    class Later:
        def read(self, service: Any, text: str, *, then: Any, **_options: Any) -> None:
            held.append((text, then))

    page.search.desk = replace(page.desk, runner=Later())
    for text in ("d", "di", "jallow mohamadou"):
        page.search.line.setText(text)
    assert [text for text, _then in held] == ["d"]
    held[0][1](page.desk.store.read(persons.candidates, "d"))
    assert page.search.found == ()
    assert [text for text, _then in held] == ["d", "jallow mohamadou"]
    found = page.desk.store.read(persons.candidates, "jallow mohamadou")
    held[1][1](found[:1])
    assert page.mode == SEARCH
    # Enter before the answer: a single candidate is taken when it comes.
    page.search.line.setText("jallow mohamado")
    page.search.take()
    held[2][1](found[:1])
    assert page.mode == KNOWN


def test_full_disk_keeps_everything(
    page: ReceivePage, qtbot: QtBot, asker: Any, people: dict[str, str]
) -> None:
    class Full(Obstacle):
        text = N_("full")

    typed(page, qtbot, "jallow")
    press(page, qtbot)
    page.visit.asked["request"].set_value("training")
    page._saving = True
    page._on_failed(Full())
    assert len(asker.faults) == 1
    assert page.mode == KNOWN
    page.save(False)
    assert page.mode == DONE


def test_arrive_with_a_person(page: ReceivePage, people: dict[str, str]) -> None:
    page.arrive(person=people["jallow"])
    assert page.mode == KNOWN
    assert page.who.name.text() == "Mohamadou Jallow"


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("jallow mamadu", {"family_name": "Jallow", "given_name": "Mamadu"}),
        ("mamadou diallo", {"family_name": "Diallo", "given_name": "Mamadou"}),
        ("DIALLO Mamadou Lamine", {"family_name": "Diallo", "given_name": "Mamadou Lamine"}),
        ("Diatta, Fatou", {"family_name": "Diatta", "given_name": "Fatou"}),
        ("popescu", {"family_name": "Popescu"}),
        ("maria de la cruz", {"family_name": "Cruz", "given_name": "Maria de La"}),
        ("+221 77 123 45 67", {"phone": "+221 77 123 45 67"}),
        ("awa 771234567", {"family_name": "Awa", "phone": "771234567"}),
        ("awa N'Diaye 1985", {"family_name": "N'Diaye", "given_name": "Awa", "birth": "1985"}),
        ("P-26-0004-XM", {}),
        ("  ", {}),
        ("ممادو ديالو", {"family_name": "ديالو", "given_name": "ممادو"}),
    ],
)
def test_words_of_the_search_fill_the_form(words: str, fields: dict[str, str]) -> None:
    assert meant(words) == fields


def test_who_is_perhaps_here_is_told_while_registering(
    page: ReceivePage, people: dict[str, str], qtbot: QtBot
) -> None:
    page.receive_new("Sow")
    assert not page.register.perhaps.isVisible()
    for name, words in (("family_name", "Jallo"), ("given_name", "Modou")):
        page.register.fields[name].editor.set_typed(words)
    page.register.fields["phone"].editor.set_typed("77 123 45 67")
    page.register.perhaps.look()
    [row, *_others] = page.register.perhaps.list.rows
    told = row.accessibleName()
    assert "Mamadou Diallo" in told and "the same telephone" in told
    assert "1234567" not in told.replace(" ", "")
    row.opened.emit()
    assert page.mode == KNOWN and page.person is not None
    assert page.person.id == people["modou"]


def test_a_fault_of_the_look_is_no_fault_of_the_page(
    page: ReceivePage, people: dict[str, str], asker: Any
) -> None:
    page.receive_new("Diallo Modou")
    page.register.perhaps._on_failed(None)
    page.register.fields["family_name"].editor.set_typed("Zzyzx")
    page.register.fields["given_name"].editor.set_typed("Qwerty")
    page.register.perhaps.look()
    assert not page.register.perhaps.isVisible()


def test_a_ticket_is_taken_up_again(
    page: ReceivePage, qtbot: QtBot, store: Store, shell: Any
) -> None:
    page.search.ticket_button.click()
    typed(page, qtbot, "Rights advice")
    press(page, qtbot, Qt.Key.Key_Return, CTRL)
    (first,) = visits(store)
    assert first.values["anonymous"] is True
    assert shell.printed == [("ticket", {"id": first.id})]
    assert page.recorded.receipt_button.text() == "Print the ticket"
    page.begin()
    for number in ("0001", first.code.lower()):
        page.search.start(number)
        (candidate,) = page.search.found
        assert candidate.title == "Ticket 0001" and candidate.code == first.code
    press(page, qtbot)
    assert page.mode == TICKET
    assert page.who.name.text() == "Ticket 0001"
    page.visit.asked["request"].set_value("training")
    page.save(False)
    assert {visit.values["ticket"] for visit in visits(store)} == {"0001"}
    page.begin()
    page.arrive(ticket=first.id)
    assert page.mode == TICKET and page.who.name.text() == "Ticket 0001"
    page.back()
    page.search.ticket_button.click()
    assert page.who.name.text() == "Without a name"


def test_a_visit_is_shown_in_the_file_of_the_person(
    desk: Desk, qtbot: QtBot, people: dict[str, str], make: Make, shell: Any
) -> None:
    from migdesk.ui.pages.people import PeoplePage

    made = PeoplePage(desk)
    qtbot.addWidget(made)
    made.show()
    made.load()
    made.arrive(kind="visit", id=make("visit", person=people["modou"], request="training"))
    assert made.split.detail.id == people["modou"]
    assert made.split.detail.tabs.current == "visit"
    alone = make("visit", request="training", ticket="0007")
    made.arrive(kind="visit", id=alone)
    assert shell.went == [("receive", {"ticket": alone})]
