"""From a match to an application and to an introduction, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from migdesk.models.store import Store
from migdesk.services import introductions, records
from migdesk.ui.desk import Desk
from migdesk.ui.pages.matches import MatchesPage
from migdesk.ui.pages.money import MoneyPage
from migdesk.ui.pages.services import ServicesPage
from migdesk.ui.pages.skills import NeedDetail, SkillsPage
from migdesk.ui.pages.skills_campaign import InvitationDetail
from migdesk.ui.pages.ways import ApplicationDetail, IntroductionDetail, ReferralDetail
from migdesk.ui.recordview.dossier.case_file import CaseFile
from migdesk.ui.recordview.split import ListAndDetail
from tests.ui.conftest import NotingShell, ScriptedAsker

Maker = Callable[..., str]
KEYS = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def opened(qtbot: QtBot, page: Any) -> tuple[Any, MatchesPage]:
    """The tab of matches, as a person opens it, and the page that holds it."""
    qtbot.addWidget(page)
    page.resize(1100, 680)
    page.show()
    page.load()
    page.tabs.select("matches")
    found = page.part("matches")
    assert isinstance(found, MatchesPage)
    qtbot.waitExposed(page)
    return page, found


def choose(qtbot: QtBot, tab: MatchesPage, typed: str) -> None:
    """Type a few letters, and take the first that is found."""
    line = tab.choosers[tab.way.subject].line
    tab.take()
    qtbot.keyClicks(line, typed)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    qtbot.keyClick(popup, KEYS.Key_Down)
    qtbot.keyClick(popup, KEYS.Key_Return)
    qtbot.waitUntil(lambda: bool(tab.found))


def words(part: QWidget) -> str:
    found = [each.text() for each in part.findChildren(QLabel) if each.isVisibleTo(part)]
    return "\n".join(found)


def press(part: QWidget, text: str, nth: int = 0) -> None:
    """Press a button by its words."""
    found = [b for b in part.findChildren(QPushButton) if b.text() == text]
    shown = [button for button in found if button.isVisibleTo(part)]
    assert len(shown) > nth, [b.text() for b in part.findChildren(QPushButton)]
    shown[nth].click()


@pytest.fixture
def farm(make: Maker) -> str:
    person = make("person", given_name="Awa", sex="female")
    case = make("case", title="Poultry farm", type="project", person=person)
    make("budget_line", case=case, what="Hens", quantity=1000.0, price="2000 XOF")
    good = make("window", name="Fonds Sud", verified="2020-01-01")
    poor = make("window", name="Big fund", verified=date.today().isoformat())
    make("window_condition", window=good, about="amount", how="at_most", value="9000 EUR")
    make("window_condition", window=good, about="education", how="at_least", value="primary")
    make("window_condition", window=poor, about="sex", how="is", value="male")
    return case


def test_from_a_project_to_an_application(
    qtbot: QtBot, desk: Desk, shell: NotingShell, store: Store, farm: str
) -> None:
    page, tab = opened(qtbot, MoneyPage(desk))
    assert not tab.reasons.isVisible()
    choose(qtbot, tab, "poultry")
    assert [match.title for match in tab.found] == ["Fonds Sud", "Big fund"]
    qtbot.waitUntil(lambda: page.focusWidget() is tab.table)
    assert tab.table.rows.item(0, 0).text() == "? may fit"
    told = words(tab.reasons)
    assert "Amount to find at most €9,000" in told
    assert "Known: F\u202fCFA\xa02,000,000" in told
    assert "Education at least Primary" in told and "Known: not known" in told
    assert "not verified for 6 months" in told
    qtbot.keyClick(tab.table, KEYS.Key_Down)
    qtbot.waitUntil(lambda: "✗ does not fit" in words(tab.reasons))
    assert "Sex: Male" in words(tab.reasons)
    qtbot.keyClick(tab.table, KEYS.Key_Return)
    assert shell.opened.pop() == ("window", tab.found[1].id)
    qtbot.keyClick(tab.table, KEYS.Key_Up)
    qtbot.keyClick(tab.table, KEYS.Key_Return, CTRL)
    kind, asked = shell.opened.pop()
    assert kind == "application"
    assert store.read(records.get, kind, asked).values["amount"] == "2000000 XOF"
    tab.load()
    assert tab.found[0].begun == asked
    assert tab.reasons.begin_button.text() == "Open the application"
    qtbot.keyClick(tab.table, KEYS.Key_Return, CTRL)
    assert shell.opened.pop() == ("application", asked)
    qtbot.keyClick(tab.table, KEYS.Key_P, CTRL)
    assert shell.printed == [("source-list", {"id": farm})]


def test_all_projects_in_a_job(qtbot: QtBot, desk: Desk, farm: str) -> None:
    _page, tab = opened(qtbot, MoneyPage(desk))
    tab.every_button.setFocus()
    qtbot.keyClick(tab.every_button, KEYS.Key_Return)
    assert [(t.title, t.fits, t.maybe, t.best) for t in tab.totals] == [
        ("Poultry farm", 0, 1, "Fonds Sud")
    ]
    assert tab.every_button.isEnabled()
    qtbot.keyClick(tab.table, KEYS.Key_Return)
    assert tab.subject == farm and len(tab.found) == 2


def test_an_application_goes_its_way(
    qtbot: QtBot, desk: Desk, asker: ScriptedAsker, make: Maker, store: Store, farm: str
) -> None:
    window = make("window", name="Bank")
    asked = make("application", case=farm, window=window, amount="1 XOF")
    page = MoneyPage(desk)
    qtbot.addWidget(page)
    page.arrive(kind="application", id=asked)
    list_and_detail = page.part("application")
    assert isinstance(list_and_detail, ListAndDetail)
    detail = list_and_detail.detail
    assert isinstance(detail, ApplicationDetail)
    assert "Still needed: The papers of the dossier" in words(detail.way)
    asker.texts = [None, "The bank knows the farm"]
    press(detail.way, "Lodged")
    assert store.read(records.get, "application", asked).values["status"] == "to_lodge"
    press(detail.way, "Lodged")
    values = store.read(records.get, "application", asked).values
    assert values["status"] == "lodged" and values["lodged"] == date.today().isoformat()
    list_and_detail.on_changed(_everything())
    press(detail.way, "Refused")
    list_and_detail.on_changed(_everything())
    assert words(detail.way).endswith("Refused")


def _everything() -> Any:
    from migdesk.models.store import Changes

    return Changes(frozenset(), everything=True)


@pytest.fixture
def nurse(make: Maker) -> str:
    person = make("person", given_name="Mariama", family_name="Baldé", birth="1987")
    make("skill", person=person, occupation="222")
    return person


@pytest.fixture
def need(make: Maker) -> str:
    where = make("organisation", name="Hospital of Kolda")
    made = make("need", name="Theatre nurse", occupation="222", organisation=where)
    make("need_condition", need=made, about="language", how="is", value="ff", wish=True)
    return made


def test_from_a_need_to_an_introduction(
    qtbot: QtBot,
    desk: Desk,
    shell: NotingShell,
    asker: ScriptedAsker,
    store: Store,
    make: Maker,
    nurse: str,
    need: str,
) -> None:
    _page, tab = opened(qtbot, SkillsPage(desk))
    choose(qtbot, tab, "theatre")
    told = words(tab) + tab.table.rows.item(0, 1).text()
    assert "1985–1989" in told and "Mariama" not in told and "Baldé" not in told
    assert "1 registered" in told or "1 fits" in told
    qtbot.keyClick(tab.table, KEYS.Key_Return, CTRL)
    kind, made = shell.opened.pop()
    assert kind == "introduction"
    detail = IntroductionDetail(desk)
    qtbot.addWidget(detail)
    detail.show_record(made)
    assert "Neither is named" in words(detail.way)
    press(detail.way, "said yes")
    detail.on_changed(_everything())
    assert "Hospital of Kolda" in words(detail.way) and "The person" not in words(detail.way)
    press(detail.way, "said yes")
    detail.on_changed(_everything())
    asker.choices = ["ask", "override"]
    asker.texts = ["She leaves tonight"]
    press(detail.way, "Introduce them…")
    assert shell.printed.pop() == ("consent-form", {"id": nurse})
    press(detail.way, "Introduce them…")
    assert shell.printed.pop() == ("introduction-letter", {"id": made})
    (line,) = store.read(records.linked, "disclosure", "person", nurse)
    assert line.values["basis"] == "override"
    detail.on_changed(_everything())
    press(detail.way, "They talked")
    assert store.read(introductions.standing, made).stage == "ended"


def test_needs_for_a_person_and_why_there_are_none(
    qtbot: QtBot, desk: Desk, make: Maker, nurse: str, need: str
) -> None:
    _page, tab = opened(qtbot, SkillsPage(desk))
    tab.arrive(subject="person", id=nurse)
    assert tab.buttons.checkedButton().text() == "Needs for a person"
    assert [match.title for match in tab.found] == ["Theatre nurse"]
    assert "(a preference)" in words(tab.reasons)
    cook = make("person", given_name="Modou")
    make("skill", person=cook, occupation="512", disclosure="nobody")
    tab.choose(cook)
    assert tab.found == () and "lets no skill be known" in tab.said.text()
    lonely = make("need", name="Cook", occupation="222")
    make("need_condition", need=lonely, about="language", how="is", value="ff")
    make("skill", person=make("person", given_name="X", languages=["fr"]), occupation="222")
    make("need_condition", need=lonely, about="age", how="at_least", value="90")
    tab.arrive(subject="need", id=lonely)
    assert tab.found == () and "Language: Pulaar" in words(tab.reasons)


def test_a_referral_is_sent_through_the_gate(
    qtbot: QtBot,
    desk: Desk,
    shell: NotingShell,
    asker: ScriptedAsker,
    make: Maker,
    store: Store,
) -> None:
    person, clinic = make("person", given_name="Awa"), make("organisation", name="Clinic")
    sent = make("referral", person=person, organisation=clinic, reason="Fever")
    page = ServicesPage(desk)
    qtbot.addWidget(page)
    page.arrive(kind="referral", id=sent)
    part = page.part("referral")
    assert isinstance(part, ListAndDetail) and isinstance(part.detail, ReferralDetail)
    press(part.detail.way, "Send, with the letter…")
    assert "was not asked yet" in asker.asked[-1]
    assert store.read(records.get, "referral", sent).values["status"] == "to_send"
    make("consent", person=person, purpose="referral")
    press(part.detail.way, "Send, with the letter…")
    assert shell.printed == [("referral-letter", {"id": sent})]
    part.on_changed(_everything())
    press(part.detail.way, "Accepted")
    assert store.read(records.get, "referral", sent).values["status"] == "accepted"


def test_what_is_old_is_flagged_and_verified(
    qtbot: QtBot, desk: Desk, make: Maker, store: Store
) -> None:
    old = make("window", name="Old", verified="2020-01-01")
    page = MoneyPage(desk)
    qtbot.addWidget(page)
    page.arrive(kind="window", id=old)
    part = page.part("window")
    assert isinstance(part, ListAndDetail)
    model = part.list.model
    column = [field.name for field in model.columns].index("verified")
    assert "to verify" in model.data(model.index(0, column))
    assert model.data(model.index(0, 0), Qt.ItemDataRole.DecorationRole) is not None
    assert "not verified for 6 months" in words(part.detail)
    press(part.detail, "Verified today")
    part.on_changed(_everything())
    assert "to verify" not in model.data(model.index(0, column))
    assert store.read(records.get, "window", old).values["verified_by"] == "acc-1"


def test_a_campaign_is_invited_and_reminded(
    qtbot: QtBot, desk: Desk, asker: ScriptedAsker, make: Maker, store: Store
) -> None:
    first = make("person", given_name="Awa")
    make("person", given_name="Modou")
    asked = make("invitation", campaign="Census", person=first)
    detail = InvitationDetail(desk)
    qtbot.addWidget(detail)
    detail.show_record(asked)
    assert "Census: 1 invited, 0 answered." in words(detail.way)
    asker.confirms = [False, True]
    for _time in range(2):
        press(detail.way, "Invite all who have told no skill for a year…")
    assert asker.told == ["1 invitation was noted."]
    detail.on_changed(_everything())
    press(detail.way, "Remind 2 people…")
    assert detail.preview.isVisible() and detail.preview.pages == 2
    detail.preview.close()
    values = store.read(records.get, "invitation", asked).values
    assert values["reminded"] == date.today().isoformat()


def test_the_way_from_a_need_and_from_a_project(
    qtbot: QtBot, desk: Desk, shell: NotingShell, need: str, farm: str
) -> None:
    detail = NeedDetail(desk)
    qtbot.addWidget(detail)
    detail.show_new()
    assert detail.people_button.isHidden()
    detail.show_record(need)
    detail.people_button.click()
    assert shell.went.pop() == ("skills", {"tab": "matches", "subject": "need", "id": need})
    file = CaseFile(desk)
    qtbot.addWidget(file)
    file.show_case(farm)
    file.money_button.click()
    assert shell.went.pop() == ("money", {"tab": "matches", "subject": "case", "id": farm})


def test_a_need_is_sent_to_all_whom_it_fits(
    qtbot: QtBot, desk: Desk, asker: ScriptedAsker, store: Store, nurse: str, need: str
) -> None:
    page, tab = opened(qtbot, SkillsPage(desk))
    tab.arrive(subject="need", id=need)
    assert len(tab.found) == 1
    press(tab, "Propose to all who fit…")
    assert "1 person is proposed" not in "".join(asker.told) and tab.found[0].begun == ""
    asker.confirms = [True]
    press(tab, "Propose to all who fit…")
    assert tab.preview.pages == 1  # type: ignore[attr-defined]
    tab.preview.close()  # type: ignore[attr-defined]
    assert tab.found[0].begun
    (made,) = store.read(records.linked, "introduction", "person", nurse)
    assert made.values["person_answer"] == "asked" and page is not None
    assert store.read(records.get, "need", need).values["sent"] == date.today().isoformat()
    assert "Propose to all who fit…" not in [
        b.text() for b in tab.findChildren(QPushButton) if b.isVisibleTo(tab)
    ]
