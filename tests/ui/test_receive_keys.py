"""How many keys receiving takes, pressed one by one wherever the keyboard is.

Words that have to be typed are counted apart. A hand that has learnt the program is reckoned
with the keystroke-level model of Card, Moran and Newell (Communications of the ACM 23(7),
1980): 0.2 s for a key, 1.35 s to think before each field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from migdesk.models.store import Store
from migdesk.services import persons, records
from migdesk.services.records import Query, View
from migdesk.ui.pages.receive import DONE, KNOWN, REGISTER, SEARCH, ReceivePage
from tests.ui.test_receive import page

__all__ = ["page"]

Make = Callable[..., str]
ENTER, TAB, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Down
CTRL = Qt.KeyboardModifier.ControlModifier
KEY, THINK = 0.2, 1.35


@dataclass
class Hand:
    """Types and presses; `keys` are those beyond the text typed."""

    page: ReceivePage
    keys: int = 1  # F2, which the window takes
    letters: int = 0
    fields: int = 0
    at: list[str] = field(default_factory=list)

    def _target(self) -> object:
        popup = QApplication.activePopupWidget()
        if popup is not None and popup.isVisible():
            return popup
        found = self.page.focusWidget()
        assert found is not None
        name = found.accessibleName()
        if self.at[-1:] != [name]:
            self.at.append(name)
        return found

    def write(self, text: str) -> None:
        """Letters into whatever has the focus."""
        self.letters += len(text)
        self.fields += 1
        for letter in text:
            QTest.keyClicks(self._target(), letter)  # type: ignore[call-overload]

    def press(self, *keys: Qt.Key) -> None:
        """One key after the other."""
        for key in keys:
            self.keys += 1
            QTest.keyClick(self._target(), key)  # type: ignore[call-overload]
            QApplication.processEvents()

    def chord(self, key: Qt.Key) -> None:
        """Ctrl and a key: two."""
        self.keys += 2
        QTest.keyClick(self._target(), key, CTRL)  # type: ignore[call-overload]
        QApplication.processEvents()

    @property
    def seconds(self) -> float:
        """What a trained hand needs."""
        return (self.keys + self.letters) * KEY + self.fields * THINK


def visit_of(store: Store) -> View:
    (found,) = store.read(records.list_page, "visit", Query()).rows
    return found


def test_a_known_person_with_one_request(
    page: ReceivePage, store: Store, make: Make
) -> None:
    jallow = make("person", family_name="Jallow", given_name="Mohamadou")
    make("person", family_name="Diallo", given_name="Mamadou")
    hand = Hand(page)
    hand.write("jallow moha")
    row = [person.id for person in page.search.found].index(jallow)
    hand.press(*[DOWN] * row, ENTER)
    assert page.mode == KNOWN
    hand.write("fund")
    hand.press(ENTER)
    hand.write("a larger hen house")
    hand.chord(ENTER)
    assert page.mode == DONE
    visit = visit_of(store)
    assert (visit.values["person"], visit.values["request"]) == (jallow, "funding_search")
    assert visit.values["words"] == "a larger hen house"
    assert hand.keys <= 8


def test_a_known_person_to_the_next_step(
    page: ReceivePage, store: Store, make: Make
) -> None:
    """What was done and what follows are noted too."""
    make("person", family_name="Diallo", given_name="Mamadou")
    hand = Hand(page)
    hand.write("diallo mamadou")
    hand.press(ENTER)
    assert page.mode == KNOWN
    hand.write("fund")
    hand.press(ENTER)
    hand.write("hen house")
    hand.press(TAB, TAB)  # past the case
    hand.write("advice")
    hand.press(ENTER)
    hand.write("bring three quotes")
    hand.chord(ENTER)
    assert page.mode == DONE, hand.at
    visit = visit_of(store)
    assert visit.values["request"] == "funding_search"
    assert (visit.values["outcome"], visit.values["next_step"]) == (
        "advised",
        "bring three quotes",
    )
    assert hand.keys <= 8, hand.at


def test_the_next_one_begins_with_enter(page: ReceivePage, make: Make) -> None:
    make("person", family_name="Jallow", given_name="Mohamadou")
    hand = Hand(page)
    hand.write("jallow")
    hand.press(ENTER)
    hand.write("fund")
    hand.chord(ENTER)
    assert page.mode == DONE
    before = hand.keys
    hand.press(ENTER)
    assert page.mode == SEARCH and hand.keys == before + 1


def test_a_new_person_in_forty_seconds(page: ReceivePage, store: Store, make: Make) -> None:
    make("place", name="Marsassoum", level="commune")
    hand = Hand(page)
    hand.write("sane awa 77 123 45 67")
    hand.press(ENTER)
    assert page.mode == REGISTER
    hand.press(ENTER, ENTER, ENTER)
    for text in ("fem", "1990", "marsa", "Lyon", "france"):
        hand.write(text)
        hand.press(ENTER)
    hand.press(ENTER)
    hand.write("wolof")
    hand.press(ENTER)
    hand.write("g")
    hand.press(TAB)
    hand.write("g")
    hand.press(TAB, TAB, TAB)
    hand.write("spoken")
    hand.press(TAB, TAB)
    hand.write("proj")
    hand.press(ENTER)
    hand.write("a hen house")
    hand.chord(ENTER)
    assert page.mode == DONE, hand.at
    visit = visit_of(store)
    person = store.read(records.get, "person", visit.values["person"])
    assert person.title == "Awa Sane"
    about = ("sex", "birth", "residence", "residence_country", "phone", "languages")
    assert [person.values[name] for name in about] == [
        *("female", "1990", "Lyon", "FR", "+221771234567", ["wo"])
    ]
    assert person.shown["origin"] == "Marsassoum"
    given = {
        consent.values["purpose"]: consent.values["means"]
        for consent in store.read(persons.consents_of, person.id)
    }
    assert given == {"registration": "oral_witness", "contact": "oral_witness"}
    assert visit.values["request"] == "project_dossier"
    assert hand.seconds <= 40, (hand.keys, hand.letters, hand.fields)
