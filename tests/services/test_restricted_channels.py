"""Channel by channel: who lacks a compartment does not learn that a note of care, a legal note
or a report of danger exists. What an agent sees of an office that has them is what the agent
sees of one that has none. The case that is sealed, with all that hangs on it, is in
`test_compartments`."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from migdesk.errors import Fault
from migdesk.forms import Form, Run
from migdesk.forms.xlsform import convert
from migdesk.jobs import back_up
from migdesk.jobs.export_all import Order, export_all
from migdesk.jobs.export_answers import Wanted, export_answers
from migdesk.jobs.export_table import export_table
from migdesk.jobs.look_inside import Inside
from migdesk.models import RECORDS, sealing
from migdesk.models.dates import stored_moment
from migdesk.models.kinds import Link
from migdesk.models.local import Audit, OpRow
from migdesk.models.store import Store
from migdesk.services import (
    agenda,
    consent_gate,
    dues,
    erasure,
    everything,
    exchange,
    history,
    office,
    pointing,
    readings,
    records,
    reporting,
    scopes,
    search,
    submissions,
    to_settle,
    today,
)
from migdesk.services.registry import Scope
from migdesk.services.views import Gone, Query
from migdesk.task import Task
from tests.jobs.safe import make_home, opened, unlock
from tests.tools import Make, pdf_text, printed

NOW = date.today()
SOON = (NOW + timedelta(days=2)).isoformat()
NEEDLES = ("Zanzibar", "Quetzal", "Manchot", "Tapir")
KINDS = ("care_note", "legal_note", "safety_report")
FORM = """| survey |
| | type | name | label |
| | text | said | What was said |
| settings |
| | form_title | form_id | version |
| | Talk | talk | 1 |
"""


class Office:
    """Everybody knows the person and the household; the rest is known to the nurse, who was
    given every compartment. The agent looks."""

    def __init__(self, store: Store, sealed: bool = True) -> None:
        store.actor = store.role = ""
        make = Make(store)
        self.store = store
        self.place = make.place(name="Goudomp", level="commune")
        self.person = make.person(given_name="Awa", family_name="Sané", origin=self.place)
        self.household = make.household(name="Sané", head=self.person, place=self.place)
        self.referral = make.referral(person=self.person, reason="Listen", status="sent")
        self.form = self._questionnaire()
        self._answer("Everybody may read this")
        self.nurse = make.account(
            name="Nurse", role="agent", compartments=list(sealing.COMPARTMENTS)
        )
        self.agent = make.account(name="Agent", role="agent")
        self.head = make.account(name="Head", role="office_head")
        self.ids: list[str] = []
        if sealed:
            store.actor, store.role = self.nurse, "agent"
            self._seal(make)
        self.as_agent()

    def as_agent(self) -> None:
        self.store.actor, self.store.role = self.agent, "agent"

    def _questionnaire(self) -> str:
        self.xml = convert(FORM, ".md").xml
        form = Form.load(self.xml)
        asked = form.title, form.form_id, form.version, self.xml
        return self.store.write(submissions.add_questionnaire, *asked)

    def _answer(self, said: str, **about: str) -> str:
        run = Run(Form.load(self.xml))
        run.set("/data/said", said)
        instance = f"uuid:{said}"
        id = self.store.write(submissions.finalise, self.form, run.finalise(), instance, {}, "")
        self.store.write(records.save, "submission", id, about)
        return id

    def _seal(self, make: Make) -> None:
        about = {"person": self.person}
        care = make.care_note(
            **about,
            day=NOW.isoformat(),
            signs="Zanzibar",
            given="Zanzibar tea",
            referral=self.referral,
            follow=SOON,
            by=self.nurse,
        )
        legal = make.legal_note(
            **about, question="Quetzal", advice="Appeal", deadline=SOON, day=NOW.isoformat()
        )
        report = make.safety_report(
            **about,
            household=self.household,
            day=NOW.isoformat(),
            signal="Manchot",
            referral=self.referral,
            follow=SOON,
        )
        sent = make.referral(
            **about, reason="Tapir", compartment="health", status="sent", answer_by=SOON
        )
        case = make.case(**about, title="Tapir file", compartment="legal")
        talk = make.visit(
            **about,
            case=case,
            words="Tapir",
            appointment=_at(10),
            room="Office 1",
            adviser=self.agent,
            minutes=60,
        )
        answered = self._answer("Tapir answer", case=case)
        gone = make.care_note(**about, signs="Zanzibar binned")
        self.store.write(records.delete, "care_note", gone)
        self.store.write(readings.note, "care_note", care)
        asked = self.store.read(consent_gate.ask, self.person, "referral")
        self.store.write(
            lambda s: consent_gate.let_go(s, [asked], "care-referral", care, masked=True)
        )
        self.store.write(office.note, "print", f"care_note {care}")
        self.ids = [care, legal, report, sent, case, talk, answered, gone]


def links_to(kind: str) -> dict[str, list[str]]:
    """Records that name one of this kind, by which fields."""
    found: dict[str, list[str]] = {}
    for about in RECORDS.values():
        for field in about.fields.values():
            if isinstance(field.kind, Link) and field.kind.to == kind:
                found.setdefault(about.kind, []).append(field.name)
    return found


def _at(hour: int) -> str:
    return stored_moment(datetime.combine(NOW, time(hour)).astimezone())


@pytest.fixture
def here(store: Store) -> Office:
    return Office(store)


@pytest.fixture
def bare(new_store: Callable[[], Store], here: Office) -> Office:
    """The same office without what is restricted."""
    return Office(new_store(), sealed=False)


def holds(found: object, here: Office) -> list[str]:
    """Needles and ids of sealed rows in what the agent was given."""
    text = found if isinstance(found, str) else repr(found)
    return [word for word in (*NEEDLES, *here.ids) if word in text]


def both(here: Office, bare: Office, ask: Callable[[Office], Any]) -> None:
    """An answer without needles, and the same as in the office that hides nothing."""
    seen = ask(here)
    assert holds(seen, here) == []
    assert seen == ask(bare)


def test_the_nurse_sees_what_the_agent_does_not(here: Office) -> None:
    here.store.actor = here.nurse
    for kind in KINDS:
        assert here.store.read(records.count, kind, Query()) == 1
    assert here.store.read(records.count, "submission", Query()) == 2
    assert len(here.store.read(dues.due, NOW)) == 4


@pytest.mark.parametrize("kind", [*KINDS, "referral", "case", "visit", "submission"])
def test_lists_and_counts(here: Office, bare: Office, kind: str) -> None:
    def ask(of: Office) -> Any:
        queries = (Query(), Query(deleted=True), Query(text="Zanzibar"), Query(text="Tapir"))
        pages = [of.store.read(records.list_page, kind, query) for query in queries]
        assert holds(pages, here) == []
        return [
            (len(page.rows), of.store.read(records.count, kind, query))
            for page, query in zip(pages, queries, strict=True)
        ]

    both(here, bare, ask)
    for id in here.ids:
        with pytest.raises(Gone):
            here.store.read(records.get, kind, id)


def test_the_tabs_of_a_file(here: Office, bare: Office) -> None:
    def of_person(of: Office) -> Any:
        return of.store.read(pointing.counts, links_to("person"), of.person)

    both(here, bare, of_person)
    both(
        here,
        bare,
        lambda of: of.store.read(pointing.counts, links_to("household"), of.household),
    )
    both(
        here, bare, lambda of: of.store.read(pointing.counts, links_to("referral"), of.referral)
    )
    for kind in ("reading", "disclosure", *KINDS):
        assert here.store.read(records.linked, kind, "person", here.person) == ()


def test_search(here: Office) -> None:
    for word in (*NEEDLES, "Appeal", "tea"):
        assert here.store.read(search.find, word) == ()
    assert here.store.read(search.find, "Awa") != ()


def test_tables(here: Office, bare: Office, tmp_path: Path) -> None:
    def ask(of: Office) -> Any:
        found = []
        for kind in (*KINDS, "referral", "visit"):
            path = tmp_path / f"{kind}.csv"
            export_table(of.store, Task(), kind, Query(), (), path)
            text = path.read_text("utf-8-sig")
            assert holds(text, here) == []
            found.append(len(text.splitlines()))
        return found

    both(here, bare, ask)


@pytest.mark.parametrize("kind", ["xlsx", "csv", "sav", "dta", "zip"])
def test_answers_in_every_format(here: Office, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"answers.{kind}"
    assert export_answers(here.store, Task(), Wanted("talk", kind), path) == 1
    assert holds(path.read_bytes().decode("latin-1"), here) == []
    here.store.actor = here.nurse
    assert export_answers(here.store, Task(), Wanted("talk", kind), path) == 2


def test_open_formats(here: Office, tmp_path: Path) -> None:
    here.store.actor, here.store.role = here.head, "office_head"
    export_all(here.store, Task(), Order(tmp_path / "all", "csv", "Archive", "Move"))
    for path in (tmp_path / "all").rglob("*"):
        assert holds(path.name, here) == []
        if path.is_file():
            assert holds(path.read_bytes().decode("latin-1"), here) == [], path.name


OF_THE_PERSON = (
    "file-cover",
    "route-sheet",
    "subject-access",
    "information-pack",
    "disclosure-log",
    "cycle-history",
)
OF_THE_OFFICE = (
    "statistical-note",
    "call-statistics",
    "caseload-sheet",
    "service-directory",
    "arrival-table",
    "contact-list",
)


def test_papers_and_their_figures(here: Office, bare: Office) -> None:
    from migdesk.printing.sheets import SHEETS

    def said(of: Office, sheet: str, **params: str) -> str:
        text = pdf_text(printed(of.store, sheet, **params))
        text = re.sub(r"([A-Z]-\d\d-\d{4})-[A-Z]{2}", r"\1", text)  # codes end as computers
        return text

    for sheet in (name for name in OF_THE_PERSON if name in SHEETS):
        both(here, bare, lambda of, name=sheet: said(of, name, id=of.person))
    for sheet in (name for name in OF_THE_OFFICE if name in SHEETS):
        both(here, bare, lambda of, name=sheet: said(of, name))
    own = {
        "care-referral": here.ids[0],
        "advice-note": here.ids[1],
        "confidential-referral": here.ids[2],
        "referral-letter": here.ids[3],
    }
    for sheet, id in own.items():
        with pytest.raises(Gone):
            printed(here.store, sheet, id=id)
        assert here.store.read(consent_gate.leaving, sheet, id) == ()


def test_history_bin_and_undo(here: Office) -> None:
    store = here.store
    assert holds(store.read(history.history, "person", here.person), here) == []
    assert holds(store.read(everything.ops, 0, 1_000), here) == []
    assert holds(store.read(lambda s: s.scalars(sa.select(OpRow.body)).all()), here) == []
    for kind, id in zip(KINDS, here.ids, strict=False):
        with pytest.raises(Gone):
            store.read(history.history, kind, id)
        with pytest.raises(Gone):
            store.write(records.restore, kind, id)
    for op in store.whole().read(history.ops_of, here.ids[0]):
        with pytest.raises(Fault):
            store.write(history.undo, op.tx)
    assert store.whole().read(records.get, "care_note", here.ids[0]).values["signs"]


def test_to_settle_and_today(here: Office, bare: Office) -> None:
    both(here, bare, lambda of: of.store.read(to_settle.counts))
    both(here, bare, lambda of: of.store.read(today.counts))
    both(here, bare, lambda of: len(of.store.read(dues.due, NOW)))
    assert holds(here.store.read(dues.due, NOW), here) == []

    def first_page(of: Office) -> Any:
        seen = of.store.read(today.today, NOW)
        assert holds(seen, here) == []
        return seen.appointments, seen.due_total, seen.received, seen.opened, seen.conflicts

    both(here, bare, first_page)


def test_the_agenda_and_what_it_warns_of(here: Office, bare: Office) -> None:
    both(here, bare, lambda of: of.store.read(agenda.agenda, NOW, 1))
    wanted = agenda.Wanted(_at(10), 30, "Office 1", here.agent, here.person)
    assert here.store.read(agenda.remarks, wanted) == ()
    both(here, bare, lambda of: of.store.read(agenda.free, NOW, "", of.agent, "Office 1"))


def test_what_waits_to_be_sent_and_what_is_told_of_it(
    here: Office, bare: Office, new_store: Callable[[], Store]
) -> None:
    for of in (here, bare):
        of.store.actor = of.store.role = ""
        other = new_store()
        for each in (of.store, other):
            each.write(exchange.make_card)
        of.store.write(exchange.pair, other.read(exchange.my_card).text)
        of.as_agent()
    waits = [of.store.read(today.exchange_state).waiting for of in (here, bare)]
    hidden = here.store.whole().read(lambda s: s.scalar(_ops())) - here.store.read(
        lambda s: s.scalar(_ops())
    )
    assert hidden > 0
    # Accounts are the only other rows, and both offices made the same.
    assert waits[0] == waits[1]


def _ops() -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(OpRow)


def test_a_bundle_for_a_computer_without_the_compartment(here: Office) -> None:
    whole = here.store.whole()
    for compartments in ((), ("cases",), ("cases", "shelter")):
        scope = Scope(False, (here.place,), (here.form,), compartments)
        found = whole.read(scopes.rows, scope, ())
        assert here.person in found
        assert not found.intersection(here.ids), compartments


def test_audit_log_and_the_log_file(here: Office, tmp_path: Path) -> None:
    lines = here.store.read(lambda s: [(a.what, a.detail) for a in s.scalars(sa.select(Audit))])
    assert holds(lines, here) == []
    for number, id in enumerate(here.ids):
        with pytest.raises(Gone) as told:
            here.store.read(records.get, KINDS[number % 3], id)
        assert holds(f"{told.value} {told.value.code}", here) == []


def test_a_backup_is_looked_into_with_the_same_eyes(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    with opened(home) as store:
        here = Office(store)
        whole = store.whole()
        path = back_up.back_up(whole, Task(), home)
        with closing(Inside.open(Task(), path, home, unlock, store)) as inside:
            for kind in (*KINDS, "case", "visit"):
                assert holds(inside.find(kind, ""), here) == []
                assert holds(inside.find(kind, "Zanzibar"), here) == []
            for kind, id in zip(KINDS, here.ids, strict=False):
                with pytest.raises(Gone):
                    inside.past(kind, id)


def test_what_is_announced_and_what_erasing_tells(here: Office) -> None:
    heard: list[Any] = []
    here.store.listen(heard.append)
    Make(here.store).visit(person=here.person)
    assert holds([sorted(each.ids) for each in heard], here) == []
    here.store.actor, here.store.role = here.head, "office_head"
    assert holds(here.store.read(erasure.plan, "person", here.person), here) == []


def test_figures_for_other_tools(here: Office, bare: Office) -> None:
    def cells(of: Office) -> list[Any]:
        return of.store.read(lambda s: list(reporting.cells(s)))

    both(here, bare, cells)


def test_each_restricted_kind_is_in_these_tests() -> None:
    """A new record with a compartment of its own belongs into this office."""
    own = {kind for kind, about in RECORDS.items() if about.compartment}
    assert own == set(KINDS)
