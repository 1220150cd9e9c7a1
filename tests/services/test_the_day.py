"""The first page of the day, and the figures beside the navigation."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from migdesk.models.dates import stored_moment
from migdesk.models.store import Store
from migdesk.services import drafts, exchange, records, standing, streams
from migdesk.services.today import Today, counts, today
from migdesk.sync.seal import Identity
from tests.tools import Make

DAY = date(2026, 3, 12)


def at(day: date, hour: int = 10) -> str:
    return stored_moment(datetime(day.year, day.month, day.day, hour).astimezone())


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def see(store: Store, account: str = "") -> Today:
    return store.read(today, DAY, account)


def test_an_empty_day(any_store: Store) -> None:
    page = see(any_store)
    assert (page.appointments, page.due, page.drafts) == ((), (), ())
    assert (page.due_total, page.conflicts, page.received, page.opened) == (0, 0, 0, 0)
    assert (page.exchange.last, page.exchange.waiting, page.exchange.peers) == ("", 0, 0)


def test_appointments_of_the_day_in_order(any_store: Store, make: Make) -> None:
    wanted = [make.visit(appointment=at(DAY, hour)) for hour in (16, 0, 9, 23)]
    for day in (later(-1), later(1)):
        make.visit(appointment=at(day, 23 if day < DAY else 0))
    gone = make.visit(appointment=at(DAY))
    any_store.write(records.delete, "visit", gone)
    first, second, third, fourth = wanted
    assert [v.id for v in see(any_store).appointments] == [second, third, first, fourth]


def test_steps_due_within_a_week_the_late_ones_first(any_store: Store, make: Make) -> None:
    case = make.case()

    def step(days: int, **values: str) -> str:
        return make.step(case=case, what="x", due=later(days).isoformat(), **values)

    wanted = [step(7), step(-30), step(0), step(1, status="doing")]
    step(8)
    step(0, status="done")
    step(-1, status="dropped")
    make.step(case=case, what="no date")
    page = see(any_store)
    assert [d.days for d in page.due] == [-30, 0, 1, 7]
    assert [d.step.id for d in page.due] == [wanted[1], wanted[2], wanted[3], wanted[0]]
    assert {d.case.id for d in page.due if d.case} == {case}
    assert page.due_total == 4


def test_many_steps_are_counted_but_few_are_shown(any_store: Store, make: Make) -> None:
    case = make.case()
    for _ in range(12):
        make.step(case=case, what="x", due=DAY.isoformat())
    page = see(any_store)
    assert (len(page.due), page.due_total) == (8, 12)


def test_the_figures_of_the_month(any_store: Store, make: Make) -> None:
    for day in (date(2026, 2, 28), date(2026, 3, 1), DAY):
        make.visit(at=at(day, 0))
    cases = [make.case(opened=day) for day in ("2026-02-28", "2026-03-01", "2026-03-31")]
    money = {"source": "Bank", "amount": "1000 XOF"}
    for case in cases:
        for status in ("granted", "paid"):
            make.finance_line(case=case, nature="loan", status=status, **money)
    make.finance_line(case=make.case(), nature="loan", status="to_ask", **money)
    page = see(any_store)
    assert (page.received, page.opened, page.financed) == (2, 2, 3)


def test_drafts_of_one_account(any_store: Store) -> None:
    for actor in ("a", "b"):
        any_store.actor = actor
        any_store.write(drafts.put, f"person:{actor}", "person", actor, {})
    assert [d.id for d in see(any_store, "a").drafts] == ["person:a"]
    assert len(see(any_store).drafts) == 2


def test_what_waits_for_the_slowest_reader(any_store: Store, make: Make) -> None:
    for _ in range(5):
        make.person()
    any_store.write(exchange.make_card)
    assert (see(any_store).exchange.waiting, see(any_store).exchange.peers) == (0, 0)
    for device, upto in (("aa" * 8, 5), ("bb" * 8, 2)):
        any_store.write(exchange.pair, str(Identity.new(device, "x").card))
        run = streams.Run(standing.EVERYTHING, 0, upto, (device,))
        made = streams.Piece(0, upto, (), ())
        any_store.write(streams.mark_sent, device, run, made, {}, "", 1)
    assert (see(any_store).exchange.waiting, see(any_store).exchange.peers) == (3, 2)


def test_counts_beside_the_navigation(any_store: Store, make: Make) -> None:
    person = make.person()
    make.case(person=person)
    make.case(person=person, status="closed")
    any_store.write(records.delete, "person", make.person())
    any_store.write(drafts.put, "person:new", "person", "", {})
    any_store.write(drafts.put, "submission:1", "submission", "", {})
    found = any_store.read(counts)
    assert (found["person"], found["case"], found["draft"], found["settle"]) == (1, 1, 1, 0)
