"""Money: windows, applications, calls; remittances, savings, loans — with their papers."""

from __future__ import annotations

from datetime import date

import pytest

from migdesk.models.store import Store
from migdesk.services import matches, records, rules, savings
from tests.tools import Make, pdf_text, printed


def poultry(make: Make, **values: object) -> str:
    """A project of 2,000,000 with 500,000 of its own, in a commune inside a region."""
    region = make.place(name="Sédhiou", level="region")
    place = make.place(name="Marsassoum", level="commune", parent=region)
    person = make.person(given_name="Awa", family_name="Diallo", sex="female", birth="1990")
    about = {"person": person, "title": "Poultry", "sector": "agriculture", "place": place}
    case = make.case(**{**about, **values})
    make.budget_line(case=case, what="Hens", quantity=1000.0, price="2000 XOF")
    make.finance_line(case=case, source="Savings", nature="own_funds", amount="500000 XOF")
    return case


def test_r020_windows_are_in_the_directory(store: Store, make: Make) -> None:
    make.window(name="Fonds Sud", source="philanthropic_organisations", ceiling="5000000 XOF")
    make.window(name="Closed one", open=False)
    text = pdf_text(printed(store, "funding-directory"))
    assert "Fonds Sud" in text and "5,000,000" in text and "Philanthropic" in text
    assert "Closed one" not in text


def test_r021_each_condition_is_met_not_met_or_unknown(store: Store, make: Make) -> None:
    case = poultry(make)
    region = store.read(records.list_page, "place", records.Query("Sédhiou")).rows[0].id
    fits, other = make.window(name="Fits"), make.window(name="Does not")
    for about, how, value in (
        ("place", "inside", region),
        ("amount", "at_most", "5000000 XOF"),
        ("own_share", "at_least", "20"),
        ("sex", "is", "female"),
        ("education", "at_least", "secondary"),
    ):
        make.window_condition(window=fits, about=about, how=how, value=value)
    make.window_condition(window=other, about="age", how="at_most", value="25")
    found = store.read(matches.windows_for, case, date(2026, 11, 21))
    assert [fit.id for fit in found] == [fits, other]
    met = {reason.words: reason.met for reason in found[0].reasons}
    assert list(met.values()) == [True, True, True, True, None]
    assert "Place of the project inside Sédhiou" in met
    assert (found[0].unmet, found[0].unknown) == (0, 1)
    assert found[1].unmet == 1 and found[1].reasons[0].remark == "36"
    asked = pdf_text(printed(store, "window-sheet", id=fits))
    assert "Place of the project inside Sédhiou" in asked and region not in asked
    text = pdf_text(printed(store, "source-list", id=case))
    assert "Fits: may fit, something is not known" in text and "Does not: does not fit" in text


def test_r021_an_application_is_followed_to_its_instalments(store: Store, make: Make) -> None:
    case, window = poultry(make), make.window(name="Fonds Sud")
    asked = make.application(
        case=case, window=window, amount="1500000 XOF", status="paying", granted="1400000 XOF"
    )
    make.instalment(application=asked, amount="700000 XOF", due="2026-02-01", done="2026-02-03")
    make.instalment(application=asked, amount="700000 XOF", due="2026-06-01")
    text = pdf_text(printed(store, "application-tracking", id=case))
    assert "1,400,000" in text and "Being paid out" in text
    assert "Paid out F CFA 700,000" in text
    with pytest.raises(rules.EndsBefore):
        make.application(case=case, window=window, lodged="2026-03-01", answered="2026-02-01")


def test_r022_the_lender_gets_a_letter(store: Store, make: Make) -> None:
    bank = make.organisation(name="Caisse rurale")
    window = make.window(name="Crédit agricole", organisation=bank, lender="bank")
    asked = make.application(
        case=poultry(make), window=window, amount="1500000 XOF", own_share="500000 XOF"
    )
    text = pdf_text(printed(store, "lender-letter", id=asked))
    assert "To Caisse rurale" in text and "Poultry" in text and "Marsassoum" in text
    assert "1,500,000" in text


def test_r023_gifts_in_kind_and_the_gap_are_in_the_finance_plan(
    store: Store, make: Make
) -> None:
    case = poultry(make)
    make.finance_line(case=case, source="Cousin", nature="in_kind", amount="300000 XOF")
    text = pdf_text(printed(store, "finance-plan", id=case))
    assert "Of it in kind" in text and "300,000" in text
    assert "Still to find" in text and "1,200,000" in text


def test_r024_a_call_is_marked_by_several_readers(store: Store, make: Make) -> None:
    call = make.call(name="Young farmers", closes="2026-12-31", text="For farms.")
    jobs = make.criterion(call=call, name="Jobs", best=10, weight=2.0)
    money = make.criterion(call=call, name="Own money", best=20, weight=1.0)
    window, case = make.window(name="Region"), poultry(make)
    good = make.application(case=case, window=window, call=call, amount="1 XOF")
    poor = make.application(case=case, window=window, call=call, amount="2 XOF")
    one, two = make.account(name="Reader 1"), make.account(name="Reader 2")
    for reader, mark in ((one, 9.0), (two, 7.0)):
        make.mark(application=good, criterion=jobs, reader=reader, mark=mark)
    make.mark(application=good, criterion=money, reader=one, mark=10.0)
    make.mark(application=poor, criterion=jobs, reader=one, mark=3.0)
    # (2 × 8/10 + 1 × 10/20) / 3 = 70 %; 3/10 = 30 %
    text = pdf_text(printed(store, "call-scores", id=call))
    assert text.index("70.0") < text.index("30.0")
    assert "Jobs 8 10" in pdf_text(printed(store, "decision-letter", id=good))
    assert "For farms." in pdf_text(printed(store, "call-notice", id=call))


def test_r025_life_after_the_outside_money(store: Store, make: Make) -> None:
    case = poultry(make)
    make.continuity(case=case, what="Vaccines", cost="60000 XOF", source="Sales")
    make.continuity(case=case, what="Guard", cost="40000 XOF")
    text = pdf_text(printed(store, "continuity-plan", id=case))
    assert "Vaccines" in text and "100,000" in text


def test_r047_transfer_channels_are_compared_by_what_is_lost(store: Store, make: Make) -> None:
    same = {"source": "Paris", "target": "Dakar", "sent": "200 EUR"}
    make.transfer(name="Dear", fee="14 EUR", **same)
    make.transfer(name="Cheap", fee="2 EUR", **same)
    text = pdf_text(printed(store, "transfer-comparison"))
    assert text.index("Cheap") < text.index("Dear")
    assert "1.0" in text and "6.5" in text  # 2/202, 14/214


def test_r049_a_family_sees_what_is_left(store: Store, make: Make) -> None:
    budget = make.household_budget(month="2026-11-01", reserve="150000 XOF", aim="School")
    for side, amount in (("income", 80), ("transfer", 70), ("spending", 100), ("saving", 20)):
        make.household_budget_line(
            budget=budget, side=side, what=side, amount=f"{amount}000 XOF"
        )
    text = pdf_text(printed(store, "household-budget", id=budget))
    assert "30,000" in text and "covers: 1.5" in text and "School" in text


def test_r050_what_nobody_offers_is_told(store: Store, make: Make) -> None:
    make.product(name="Housing loan from abroad", missing=True, gap="Asked for by 40 people")
    offered = make.product(name="Savings card", conditions="No fee")
    text = pdf_text(printed(store, "product-gaps"))
    assert "Asked for by 40 people" in text
    assert "No fee" in pdf_text(printed(store, "product-sheet", id=offered))


def test_r052_a_group_of_at_most_fifty_keeps_its_book(store: Store, make: Make) -> None:
    group = make.savings_group(name="Jappo", share="1000 XOF")
    members = [make.group_member(group=group, name=f"Member {n}") for n in range(50)]
    with pytest.raises(rules.GroupFull):
        make.group_member(group=group, name="One more")
    store.write(records.save, "group_member", members[49], {"left": "2026-10-01"})
    make.group_member(group=group, name="One more")
    for what, amount in (("deposit", 5000), ("loan", 3000), ("repayment", 1000)):
        make.group_entry(
            group=group, day="2026-11-01", member=members[0], what=what, amount=f"{amount} XOF"
        )
    make.group_decision(group=group, day="2026-11-01", what="Buy a mill")
    first = store.read(savings.balances, group)[0]
    assert (first.saved, first.owed) == ({"XOF": 5000}, {"XOF": 2000})
    assert store.read(savings.balance_of_group, group) == {"XOF": 3000}
    text = pdf_text(printed(store, "savings-register", id=group))
    assert "Buy a mill" in text and "In the box" in text
    assert "5,000" in pdf_text(printed(store, "member-statement", id=members[0]))


def test_r053_an_investor_reads_what_came_of_the_money(store: Store, make: Make) -> None:
    fund, case = make.fund(name="Casamance"), poultry(make)
    investor = make.investor(fund=fund, person=make.person(given_name="Lamine"))
    book = (
        ("2026-01-01", "paid_in", investor, None, "1000000 XOF"),
        ("2026-02-01", "invested", None, case, "800000 XOF"),
        ("2026-10-01", "returned", None, case, "90000 XOF"),
        ("2026-11-01", "distributed", investor, None, "90000 XOF"),
    )
    for day, what, who, where, amount in book:
        make.fund_entry(fund=fund, day=day, what=what, investor=who, case=where, amount=amount)
    text = pdf_text(printed(store, "investor-statement", id=investor))
    assert "Lamine" in text and "910,000" in text and "800,000" in text


def test_r054_a_loan_has_a_schedule_to_the_last_franc(store: Store, make: Make) -> None:
    loan = make.loan(
        person=make.person(given_name="Fatou"),
        sender=make.person(given_name="Moussa"),
        amount="120000 XOF",
        rate=12.0,
        months=12,
        method="constant_principal",
        starts="2026-01-31",
    )
    make.repayment(loan=loan, day="2026-02-28", amount="11200 XOF")
    text = pdf_text(printed(store, "loan-schedule", id=loan))
    # 10,000 a month; interest 1 % of what is owed: 1,200 … 100, 7,800 in all
    assert "127,800" in text and "28/02/2026" in text
    assert "Still to pay: F CFA 116,600" in text
    at_end = make.loan(
        person=make.person(given_name="Ami"),
        amount="100000 XOF",
        months=3,
        rate=0.0,
        method="at_the_end",
    )
    assert "100,000" in pdf_text(printed(store, "loan-schedule", id=at_end))
