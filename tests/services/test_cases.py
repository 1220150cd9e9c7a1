"""The project dossier: sums, gaps, what is missing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk import i18n
from migdesk.i18n import _
from migdesk.models.kinds import money, split_money
from migdesk.models.store import Store
from migdesk.services import cases, pipelines, records
from migdesk.services.cases import DossierView
from migdesk.services.records import Gone, View
from tests.tools import Make


@pytest.fixture(autouse=True)
def _french() -> None:
    i18n.use("fr")


PAPERS = "All papers are held"


def dossier(store: Store, case: str) -> DossierView:
    return store.read(cases.dossier, case)


def plain(text: str) -> str:
    """The words without the spaces that French typography sets."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def lines(make: Make, case: str, budget: list[Any], finance: list[Any]) -> None:
    for quantity, price in budget:
        make.budget_line(case=case, what="x", quantity=quantity, price=price)
    for status, amount in finance:
        make.finance_line(case=case, source="y", status=status, amount=amount)


def test_an_empty_dossier(any_store: Store, make: Make) -> None:
    view = dossier(any_store, make.case())
    assert view.person
    assert view.person.title == "Diallo"
    assert plain(view.budget_total) == plain(view.gap) == "0 F CFA"
    assert view.gap_sign == 0
    assert len(view.missing) == 5  # sector, place, activity, a coach, consent


def test_sums_with_quantities(any_store: Store, make: Make) -> None:
    case = make.case()
    lines(
        make,
        case,
        [(2.5, "1000 XOF"), (None, "500 XOF"), (0, "9999 XOF"), (3, "0.5 XOF")],
        [("granted", "1000 XOF"), ("refused", "5000 XOF"), ("to_ask", "2 XOF")],
    )
    view = dossier(any_store, case)
    # A line saved without a quantity is one; its default stands in the record.
    assert plain(view.budget_total) == "3 001,5 F CFA"
    assert plain(view.finance_total) == "1 002 F CFA"
    assert plain(view.gap) == "1 999,5 F CFA"
    assert view.gap_sign == 1
    assert [plain(t) for t in view.line_totals[:3]] == ["2 500 F CFA", "500 F CFA", "0 F CFA"]


def test_currencies_are_never_added(any_store: Store, make: Make) -> None:
    case = make.case()
    lines(make, case, [(1, "100 EUR"), (1, "5000 XOF")], [("paid", "100 EUR")])
    view = dossier(any_store, case)
    assert plain(view.budget_total) == "100 € + 5 000 F CFA"
    assert plain(view.finance_total) == "100 €"
    assert plain(view.gap) == "0 € + 5 000 F CFA"
    assert view.gap_sign == 1
    lacking = any_store.read(pipelines.lacking, case, "formalise")
    assert any("5 000" in plain(check.why) for check in lacking)


def test_a_plan_that_adds_up_lacks_no_money(any_store: Store, make: Make) -> None:
    place = make.place(name="Kolda")
    case = make.case(sector="livestock", place=place, activity="Poules")
    lines(make, case, [(1, "5000 XOF")], [("granted", "3000 XOF"), ("to_ask", "2000 XOF")])
    view = dossier(any_store, case)
    assert view.gap_sign == 0
    assert not [word for word in view.missing if "F CFA" in word]
    make.finance_line(case=case, source="z", amount="1 XOF")
    assert dossier(any_store, case).gap_sign == -1


def test_papers_held_and_asked_for(any_store: Store, make: Make) -> None:
    case = make.case(sector="livestock", place="p", activity="x")
    lines(make, case, [(1, "1 XOF")], [("paid", "1 XOF")])
    for status in ("held", "held", "required", "asked_for"):
        make.paper(case=case, what="id_card", status=status)
    view = dossier(any_store, case)
    assert view.papers_held == 2
    lacking = any_store.read(pipelines.lacking, case, "create")
    assert [check.why for check in lacking if check.words == _(PAPERS)] == ["id_card, id_card"]


def test_deleted_lines_do_not_count(any_store: Store, make: Make) -> None:
    case = make.case()
    line = make.budget_line(case=case, what="x", price="5000 XOF")
    any_store.write(records.delete, "budget_line", line)
    assert plain(dossier(any_store, case).budget_total) == "0 F CFA"


def test_a_promoter_who_has_not_arrived(any_store: Store, make: Make) -> None:
    case = make.case(person="not-here-yet")
    assert dossier(any_store, case).person is None
    with pytest.raises(Gone):
        dossier(any_store, "none")


def test_stages_are_moved_and_listed(any_store: Store, make: Make) -> None:
    case = make.case()
    codes = [code for code, _label in cases.stages()]
    assert any_store.read(records.get, "case", case).values["stage"] == codes[0]
    any_store.write(cases.move_to, case, codes[1], "so agreed")
    assert any_store.read(records.get, "case", case).values["stage"] == codes[1]


@given(st.integers(0, 10**6), st.integers(0, 10**9))
def test_a_line_is_exact(hundredths: int, cents: int) -> None:
    """Quantities have two decimals; no amount is lost to binary fractions."""
    values = {"quantity": hundredths / 100, "price": f"{cents / 100:.2f} EUR"}
    total = cases.line_total(View("budget_line", "", "", "", values, {}))
    assert total
    amount, currency = split_money(total)
    assert amount * 10_000 == hundredths * cents
    assert currency == "EUR"
    assert money(amount, currency) == total
