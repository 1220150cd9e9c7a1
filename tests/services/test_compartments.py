"""An account without the right learns from no channel that a restricted note exists.

One office with legal work in it: a sealed case with everything that hangs on it, and the
words of it are needles. Beside it the same office without that work: what the agent sees of
both must be the same.
"""

from __future__ import annotations

import inspect
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.orm import Session

from migdesk import services
from migdesk.errors import Fault
from migdesk.jobs.exchange import exchange as exchange_round
from migdesk.jobs.exchange import preview
from migdesk.jobs.export_all import Order, export_all
from migdesk.jobs.export_table import export_table
from migdesk.jobs.print_sheet import print_sheet
from migdesk.models import RECORDS, sealing
from migdesk.models.capture import NotYours
from migdesk.models.kinds import now_utc
from migdesk.models.local import Audit, Draft, OpRow, SearchDoc
from migdesk.models.store import Store
from migdesk.services import (
    attachments,
    conflict_list,
    drafts,
    duplicates,
    erasure,
    everything,
    exchange,
    history,
    merging,
    office,
    records,
    scopes,
    search,
    settle_many,
    to_settle,
    today,
)
from migdesk.services.registry import Scope
from migdesk.services.views import Gone, Query
from migdesk.sync.stores import Memory
from migdesk.task import Task
from tests.tools import Make

NEEDLES = ("Quagga", "Okapi", "Bongo")
TODAY = date.today().isoformat()


class Ground:
    """The office: `person` is known to all; the rest is legal and health work."""

    def __init__(self, store: Store, sealed: bool = True) -> None:
        make = Make(store)
        self.store = store
        self.person = make.person(given_name="Awa", family_name="Diallo")
        self.open_case = make.case(title="Poultry", person=self.person)
        self.lawyer = make.account(name="Lawyer", role="agent", compartments=["legal"])
        self.agent = make.account(name="Agent", role="agent")
        self.head = make.account(name="Head", role="office_head")
        self.ids: list[str] = []
        if sealed:
            store.actor, store.role = self.lawyer, "agent"
            self._seal(make)
        store.actor, store.role = self.agent, "agent"

    def _seal(self, make: Make) -> None:
        about = {"person": self.person, "compartment": "legal", "opened": TODAY}
        self.case = make.case(title="Quagga appeal", adviser=self.lawyer, **about)
        self.step = make.step(case=self.case, what="Okapi hearing", due=TODAY)
        self.visit = make.visit(
            person=self.person, case=self.case, words="Bongo", at=now_utc(),
            appointment=now_utc(),
        )
        self.file = self.store.write(attachments.add, "Quagga.txt", b"Okapi")
        self.paper = make.paper(case=self.case, what="identity", file=self.file)
        self.store.write(records.save, "attachment", self.file, {"of": self.case})
        self.store.write(records.save, "case", self.case, {"decision": "Bongo"})
        self.store.write(drafts.put, "case:new:x", "case", "Quagga", {"title": "Okapi"})
        binned = make.case(title="Okapi binned", **about)
        self.store.write(records.delete, "case", binned)
        self.ids = [self.case, self.step, self.visit, self.file, self.paper, binned]
        self.binned = binned


@pytest.fixture
def ground(store: Store) -> Ground:
    return Ground(store)


def holds(found: object, ground: Ground) -> list[str]:
    """Needles and ids of sealed rows in what an agent was given."""
    text = repr(found)
    return [word for word in (*NEEDLES, *ground.ids) if word in text]


def test_r058_lists_and_counts(ground: Ground) -> None:
    read = ground.store.read
    for kind in ("case", "step", "visit", "paper", "attachment"):
        for query in (Query(), Query(deleted=True), Query(text="Quagga"), Query(sort="-id")):
            page = read(records.list_page, kind, query)
            shown = len(page.rows)
            assert holds(page, ground) == []
            assert read(records.count, kind, query) == shown
        assert read(records.count_up_to, kind, 99) == read(records.count, kind, Query())
    with pytest.raises(Gone):
        read(records.get, "case", ground.case)
    assert holds(read(records.linked, "visit", "case", ground.case), ground) == []
    assert read(records.count, "case", Query()) == 1
    ground.store.actor = ground.lawyer
    assert read(records.count, "case", Query()) == 2
    assert read(records.get, "case", ground.case).title == "Quagga appeal"


def test_search(ground: Ground) -> None:
    for word in (*NEEDLES, "appeal", "hearing"):
        assert ground.store.read(search.find, word) == ()
    assert ground.store.read(search.find, "Awa") != ()
    with_words = ground.store.read(lambda s: s.scalars(sa.select(SearchDoc.words)).all())
    assert holds(with_words, ground) == []
    ground.store.actor = ground.lawyer
    assert ground.store.read(search.find, "Quagga") != ()


def test_history_and_the_log(ground: Ground) -> None:
    store = ground.store
    assert holds(store.read(history.history, "person", ground.person), ground) == []
    with pytest.raises(Gone):
        store.read(history.history, "case", ground.case)
    bodies = store.read(lambda s: s.scalars(sa.select(OpRow.body)).all())
    assert holds(bodies, ground) == []
    assert holds(store.read(everything.ops, 0, 1_000), ground) == []


def test_numbers_leave_no_gap(ground: Ground) -> None:
    make = Make(ground.store)
    codes = [ground.open_case, make.case(person=ground.person)]
    numbers = [ground.store.read(records.get, "case", id).code.split("-")[2] for id in codes]
    assert numbers == ["0001", "0002"]
    visit = make.visit(person=ground.person)
    assert ground.store.read(records.get, "visit", visit).code.split("-")[2] == "0001"


def test_undo_takes_back_nothing_hidden(ground: Ground) -> None:
    store = ground.store
    with_case = store.whole().read(history.ops_of, ground.case)
    with pytest.raises(history.CannotUndo):
        store.write(history.undo, with_case[-1].tx)
    mine = store.write(records.save, "step", None, {"case": ground.open_case, "what": "Mine"})
    said = store.write(history.undo_last)
    assert said == "Mine"
    assert store.read(records.get, "step", mine).deleted
    with pytest.raises(NotYours):  # the accounts were made before, and not by this one
        store.write(history.undo_last)
    assert len(store.whole().read(history.ops_of, ground.case)) == len(with_case)


def test_nothing_hidden_is_written(ground: Ground) -> None:
    write = ground.store.write
    with pytest.raises(Gone):
        write(records.save, "case", ground.case, {"title": "Mine"})
    for act in (records.delete, records.restore):
        with pytest.raises(Gone):
            write(act, "case", ground.case)
    with pytest.raises(Gone):
        write(erasure.erase, "case", ground.case, "asked")
    with pytest.raises(NotYours):
        write(records.save, "case", None, {"title": "x", "compartment": "health",
                                           "person": ground.person})
    with pytest.raises(NotYours):
        write(records.save, "step", None, {"case": ground.case, "what": "x"})
    with pytest.raises(NotYours):
        write(records.save, "case", ground.open_case, {"compartment": "legal"})
    with pytest.raises(NotYours):
        write(records.save, "account", ground.agent, {"compartments": ["legal"]})


def test_today_and_to_settle(ground: Ground, new_store: Callable[[], Store]) -> None:
    bare = Ground(new_store(), sealed=False)
    day = date.today()
    seen = ground.store.read(today.today, day)
    assert holds(seen, ground) == []
    plain = bare.store.read(today.today, day)
    for name in ("received", "opened", "financed", "due_total", "conflicts"):
        assert getattr(seen, name) == getattr(plain, name), name
    assert len(seen.drafts) == len(plain.drafts) and seen.appointments == ()
    assert ground.store.read(today.counts) == bare.store.read(today.counts)
    assert ground.store.read(to_settle.counts) == bare.store.read(to_settle.counts)
    assert holds(ground.store.read(to_settle.find_twins), ground) == []


def test_conflicts(ground: Ground) -> None:
    store = ground.store
    whole = store.whole()
    op = whole.read(history.ops_of, ground.case)[-1]
    rival = op.__class__(**{
        **{name: getattr(op, name) for name in op.__struct_fields__},
        "stamp": f"{op.stamp[:-16]}{'f' * 16}",
        "fields": {"decision": "Okapi rival"},
    })
    store.write(lambda s: merging.apply_ops(s, [rival], origin="f" * 16))
    assert whole.read(conflict_list.count) == 1
    assert store.read(conflict_list.count) == 0
    assert holds(store.read(conflict_list.page), ground) == []
    assert store.write(settle_many.settle_many, Task(), "newer", conflict_list.ALL) == (0, "")
    assert whole.read(conflict_list.count) == 1
    (id,) = [row.id for row in whole.read(conflict_list.page).rows]
    from migdesk.services import settle

    with pytest.raises(Fault):
        store.write(settle.settle, id, "left")


def test_drafts_and_audit(ground: Ground) -> None:
    store = ground.store
    assert store.read(drafts.list_mine) == ()
    assert store.read(drafts.newest, "case:new") is None
    assert store.read(lambda s: s.scalars(sa.select(Draft.id)).all()) == []
    store.actor = ground.lawyer
    store.write(office.note, "print", f"case {ground.case}")
    store.actor = ground.agent
    lines = store.read(lambda s: [(a.what, a.detail) for a in s.scalars(sa.select(Audit))])
    assert holds(lines, ground) == []


def test_exports(ground: Ground, tmp_path: Path) -> None:
    store = ground.store
    for kind in ("case", "visit", "step", "person"):
        path = tmp_path / f"{kind}.xlsx"
        export_table(store, Task(), kind, Query(), (), path)
        with zipfile.ZipFile(path) as book:
            texts = [book.read(name).decode() for name in book.namelist()]
        assert holds(texts, ground) == []
    store.actor, store.role = ground.head, "office_head"
    target = tmp_path / "all"
    export_all(store, Task(), Order(target, "csv", "Archive", "Move"))
    for path in target.rglob("*"):
        assert holds(path.name, ground) == []
        if path.is_file():
            assert holds(path.read_bytes(), ground) == [], path.name


def test_prints(ground: Ground) -> None:
    store = ground.store

    def text(sheet: str, **params: Any) -> str:
        data = print_sheet(store, Task(), sheet, params)
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)

    papers = [
        text("list-sheet", kind="case", query=Query()),
        text("plain-sheet", kind="person", id=ground.person, past=True),
        text("file-cover", id=ground.person),
        text("subject-access", id=ground.person),
    ]
    assert holds(papers, ground) == []
    for sheet, id in (("project-dossier", ground.case), ("request-receipt", ground.visit)):
        with pytest.raises(Gone):
            text(sheet, id=id)


def test_erasing_a_person_takes_what_is_hidden_and_does_not_count_it(ground: Ground) -> None:
    store = ground.store
    store.actor, store.role = ground.head, "office_head"
    planned = store.read(erasure.plan, "case", ground.open_case)
    assert store.write(erasure.erase, "case", ground.open_case, "asked") == sum(
        n for _kind, n in planned.gone
    )
    told = store.read(erasure.plan, "person", ground.person)
    assert holds(told, ground) == []
    store.write(erasure.erase, "person", ground.person, "asked")
    assert holds(store.read(erasure.erasures), ground) == []


def test_an_erased_case_stays_hidden(ground: Ground) -> None:
    store = ground.store
    store.actor, store.role = "", ""
    store.write(erasure.erase, "case", ground.case, "asked")
    store.actor, store.role = ground.agent, "agent"
    assert holds(store.read(erasure.erasures), ground) == []
    bodies = store.read(lambda s: s.execute(sa.select(OpRow.row, OpRow.kind)).all())
    assert holds(bodies, ground) == []


def test_changes_are_announced_without_ids_of_others(ground: Ground) -> None:
    heard: list[Any] = []
    ground.store.listen(heard.append)
    Make(ground.store).step(case=ground.open_case, what="Mine")
    assert holds([sorted(each.ids) for each in heard], ground) == []


def test_bundles_to_devices(ground: Ground) -> None:
    whole = ground.store.whole()
    place = whole.write(records.save, "place", None, {"name": "Sédhiou", "level": "region"})
    whole.write(records.save, "case", ground.case, {"place": place})
    for compartments in ((), ("cases",), ("cases", "protection", "health")):
        found = whole.read(scopes.rows, Scope(False, (place,), (), compartments), ())
        assert not found.intersection(ground.ids)
    found = whole.read(scopes.rows, Scope(False, (place,), (), ("cases", "legal")), ())
    assert {ground.case, ground.step} <= found


def test_the_seal_follows_a_record_and_is_the_same_when_made_again(ground: Ground) -> None:
    whole = ground.store.whole()

    def sealed(session: Session) -> list[Any]:
        rows = sa.select(sealing.Sealed.row, sealing.Sealed.compartment, sealing.Sealed.masked)
        return sorted(map(tuple, session.execute(rows)))

    before = whole.read(sealed)
    assert {row for row, _of, _masked in before} == set(ground.ids)
    whole.write(lambda s: sealing.seal_all(s.connection()))
    assert whole.read(sealed) == before
    whole.write(records.save, "case", ground.case, {"compartment": None})
    assert {row for row, *_rest in whole.read(sealed)} == {ground.binned}
    whole.write(records.save, "case", ground.case, {"compartment": "health"})
    assert {of for row, of, _m in whole.read(sealed) if row != ground.binned} == {"health"}
    ground.store.actor = ground.lawyer
    assert ground.store.read(records.count, "case", Query()) == 1


def test_a_right_that_is_given_or_taken_counts_at_once(ground: Ground) -> None:
    store = ground.store
    assert store.read(records.count, "case", Query()) == 1

    def grant(*codes: str) -> None:
        store.whole()._is_program = True
        store.actor, store.role = "", ""
        store.write(records.save, "account", ground.agent, {"compartments": list(codes)})
        store.actor, store.role = ground.agent, "agent"

    grant("legal")
    assert store.read(records.count, "case", Query()) == 2
    grant("health")
    assert store.read(records.count, "case", Query()) == 1
    grant(*sealing.COMPARTMENTS)
    assert store.read(records.count, "case", Query()) == 2


def _calls() -> Iterator[tuple[str, Callable[..., Any], list[str]]]:
    """Every service that reads, with what it asks for."""
    for found in iter_modules(services.__path__):
        module = import_module(f"migdesk.services.{found.name}")
        for name, service in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or service.__module__ != module.__name__:
                continue
            asked = list(inspect.signature(service).parameters.values())
            if asked and asked[0].name == "session":
                yield f"{found.name}.{name}", service, [
                    p.name for p in asked[1:] if p.default is p.empty
                ]


def test_walk_over_all_services_that_read(ground: Ground) -> None:
    """Whatever service can be asked with what an agent knows, or guesses."""
    store, asked = ground.store, 0
    usual = {
        "text": "Quagga", "query": Query(), "limit": 50, "after": "", "day": date.today(),
        "most": 50, "choice": to_settle.Choice(), "at": to_settle.START, "role": "agent",
        "account": ground.agent, "actor": ground.agent, "device": store.device,
    }
    for name, service, wanted in _calls():
        done: set[str] = set()
        for kind in ("case", "visit", "person"):
            for id in (ground.person, ground.case, ground.visit):
                known = {**usual, "kind": kind, "id": id, "row": id, "case": id, "person": id,
                         "ids": [id], "rows": [id], "owner": id, "record": id, "visit": id}
                if not all(each in known for each in wanted):
                    continue
                given = [known[each] for each in wanted]
                if repr(given) in done:
                    continue
                done.add(repr(given))
                found: Any = None
                with suppress(Exception):  # writers, and what needs more than ids
                    found = store.read(_asked(service), *given)
                    asked += 1
                told = [w for w in holds(found, ground) if w not in map(str, given)]
                assert told == [], name
    assert asked > 150


def _asked(service: Callable[..., Any]) -> Callable[..., Any]:
    """A service that cannot write: in a reading there is no scribe."""

    def ask(session: Session, *args: Any) -> Any:
        found = service(session, *args)
        return list(found) if inspect.isgenerator(found) else found

    return ask


def test_every_table_with_rows_stands_behind_a_wall() -> None:
    """A record that may be sealed, and what is made of its rows."""
    before = {sql.split('"')[1] for sql in sealing.walls("sqlite", frozenset(), "x")}
    tables = {RECORDS[kind].model.__tablename__ for kind in sealing.sealable()}
    assert tables | {"person", "op", "conflict", "search_doc", "draft", "audit"} <= before
    assert {"case", "step", "visit", "attachment"} <= sealing.sealable()
    assert "person" not in sealing.sealable()


def test_restricted_fields_are_in_no_index() -> None:
    searched = [f"{k}.{f}" for k, t in RECORDS.items() for f in t.sealed if t[f].weight]
    assert searched == []


def test_masked_names_are_in_no_channel(ground: Ground) -> None:
    store = ground.store
    make = Make(store.whole())
    hidden = make.person(given_name="Zuberi", family_name="Quokka", phone="+221771112233",
                         needs=["refugee"], note="Flees", status="refugee")
    make.visit(person=hidden, at=now_utc(), appointment=now_utc())
    make.case(person=hidden, title="Bakery")
    store.whole().write(records.save, "person", hidden, {"family_name": "Quokkas"})
    words = ("Zuberi", "Quokka", "771112233", "Flees", "refugee")
    found = [
        store.read(records.list_page, "person", Query()),
        store.read(records.list_page, "visit", Query()),
        store.read(records.list_page, "case", Query()),
        store.read(history.history, "person", hidden),
        store.read(search.find, "Zuberi"),
        store.read(today.today, date.today()),
        store.read(duplicates.possible, "person"),
        store.read(everything.rows, "person", "", 100),
    ]
    assert [w for w in words if w in repr(found)] == []
    assert "Z. Q." in repr(found)
    named = Query(filters=(("family_name", "Quokkas"),))
    assert store.read(records.count, "person", named) == 0
    code = store.read(records.get, "person", hidden).code
    assert [hit.id for hit in store.read(search.find, code)] == [hidden]
    assert store.read(records.count, "person", Query(text=code)) == 1


def test_a_round_of_exchange_carries_all_and_tells_what_may_be_known(
    ground: Ground, new_store: Callable[[], Store]
) -> None:
    store, other = ground.store, new_store()
    store.actor, store.role = "", ""
    for each in (store, other):
        each.write(exchange.make_card)
    for one, two in ((store, other), (other, store)):
        one.write(exchange.pair, two.read(exchange.my_card).text)
    store.actor, store.role = ground.agent, "agent"
    place = Memory()
    done = exchange_round(store, Task(), place)
    visible = store.read(lambda s: s.scalar(sa.select(sa.func.count()).select_from(OpRow)))
    assert done.sent == visible
    taken = exchange_round(other, Task(), place)
    assert taken.taken > done.sent
    assert other.read(records.get, "case", ground.case).title == "Quagga appeal"
    other.actor, other.role = ground.agent, "agent"
    assert other.read(records.count, "case", Query()) == 1
    other.actor, other.role = "", ""
    other.write(records.save, "case", ground.case, {"decision": "Bongo again"})
    exchange_round(other, Task(), place)
    assert [b.counts for b in preview(store, Task(), place) if b.status == "new"] == [{}]
    assert exchange_round(store, Task(), place).taken == 0
    assert store.whole().read(records.get, "case", ground.case).values["decision"] == (
        "Bongo again"
    )
