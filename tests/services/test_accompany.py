"""Accompanying a project, by capability: the records, the rules, the paper read back."""

from __future__ import annotations

from typing import Any

import pytest

from migdesk.models.store import Store
from migdesk.services import (
    business_plan,
    cases,
    follow_up,
    nearby,
    pipelines,
    records,
    selections,
)
from tests.tools import Make, pdf_text, printed


def paper(store: Store, sheet: str, id: str, language: str = "en") -> str:
    """Words of a document, spaces made plain."""
    text = pdf_text(printed(store, sheet, language, id=id))
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


@pytest.fixture
def farm(make: Make) -> str:
    """A poultry farm in Marsassoum, planned from Montreuil."""
    region = make.place(name="Sédhiou (région)", level="region")
    department = make.place(name="Sédhiou", level="department", parent=region)
    commune = make.place(name="Marsassoum", level="commune", parent=department)
    person = make.person(given_name="Fatoumata", family_name="Diatta", birth="1988-04-12")
    return make.case(
        title="Élevage de volailles",
        person=person,
        sector="livestock",
        place=commune,
        activity="Six cents pondeuses",
        coach=make.coach(name="Jeanne Morel", country="FR", town="Paris"),
        coach_home=make.coach(name="Moussa Sané", country="SN", town="Sédhiou"),
        followed="abroad",
        begun_in="Montreuil, France",
        currency="XOF",
        plan_start="2027-03",
        ownership="migrant_family_joint",
        location="origin",
    )


def test_r010_progress_is_followed_and_printed(store: Store, make: Make, farm: str) -> None:
    store.write(cases.move_to, farm, "elaborate", "Known from the Paris office")
    make.step(case=farm, what="Visit the land", due="2026-12-01")
    text = paper(store, "progress-sheet", farm)
    assert "Project progress sheet" in text
    assert "Known from the Paris office" in text
    assert "Jeanne Morel" in text
    assert "Sales are planned" in text
    assert "Visit the land" in text


def test_r011_the_dossier_says_what_it_lacks_at_each_stage(
    store: Store, make: Make, farm: str
) -> None:
    dossier = store.read(cases.dossier, farm)
    assert [stage.code for stage in dossier.stages] == [
        "identify",
        "elaborate",
        "formalise",
        "create",
        "follow_up",
    ]
    assert dossier.missing == ("The person agreed to be registered: nobody noted an answer",)
    person = dossier.case.values["person"]
    make.consent(person=person, purpose="registration", answer="given", given="2026-01-02")
    assert store.read(cases.dossier, farm).missing == ()
    store.write(cases.move_to, farm, "elaborate")
    assert len(store.read(cases.dossier, farm).missing) == 6
    assert "Élevage de volailles" in paper(store, "project-dossier", farm)


def plan_of(make: Make, farm: str) -> None:
    """600 trays at 2 500 with feed for 1 500; a keeper at 90 000; a house of 1 800 000."""
    make.plan_sale(
        case=farm, what="Trays of eggs", units=600, price="2500 XOF", cost="1500 XOF"
    )
    make.plan_cost(case=farm, what="Keeper", nature="staff", amount="90000 XOF")
    make.plan_cost(case=farm, what="Home", nature="family_living", amount="100000 XOF")
    make.budget_line(case=farm, what="Hen house", price="1800000 XOF", life=5)
    make.finance_line(case=farm, source="Savings", nature="own_funds", amount="1400000 XOF")
    make.finance_line(
        case=farm,
        source="Caisse de Goudomp",
        nature="loan",
        amount="600000 XOF",
        rate=12.0,
        months=12,
        method="principal",
    )


def test_r012_the_business_plan_is_worked_out_and_printed(
    store: Store, make: Make, farm: str
) -> None:
    """A year: 18 000 000 of sales, 10 800 000 of feed, 1 080 000 for the keeper, 360 000
    written off, 39 000 less the interest of the thirteenth month of interest."""
    plan_of(make, farm)
    view = store.read(business_plan.plan, farm)
    year = view.sums.years[0]
    assert (year.sales, year.goods, year.running) == (18_000_000, 10_800_000, 1_080_000)
    # Eleven of the twelve instalments fall into the first year: 39 000 − 500.
    assert year.interest == 38_500
    assert year.profit == 18_000_000 - 10_800_000 - 1_080_000 - 360_000 - 38_500
    # 1 400 000 + 600 000 − 1 800 000 + 600 000 − 90 000 − 100 000.
    assert view.sums.months[0].cash == 610_000
    assert view.problems == ()
    text = paper(store, "business-plan", farm)
    for words in (
        "18,000,000",
        "5,721,500",
        "610,000",
        "Mar 27",
        "Repayment: Caisse de Goudomp",
    ):
        assert words in text
    french = paper(store, "business-plan", farm, "fr")
    assert "18 000 000" in french


def test_r012_the_market_study_is_printed(store: Store, make: Make, farm: str) -> None:
    plan_of(make, farm)
    make.demand(case=farm, who="Households", number=400, units=2.0, share=25.0)
    make.demand(case=farm, who="Restaurants", number=10, units=20.0, share=50.0)
    make.competitor(case=farm, name="Imported eggs", sells_at="Market", price="2300 XOF")
    view = store.read(business_plan.plan, farm)
    assert (view.wanted, view.planned) == (300, 600)
    assert any("more is planned" in problem for problem in view.problems)
    text = paper(store, "market-study", farm)
    for words in ("Households", "Imported eggs", "Trays of eggs (ours)", "300", "600"):
        assert words in text


def test_r012_one_plan_has_one_currency(store: Store, make: Make, farm: str) -> None:
    plan_of(make, farm)
    make.plan_cost(case=farm, what="Telephone", amount="20 EUR")
    view = store.read(business_plan.plan, farm)
    assert view.sums.years[0].running == 1_080_000
    assert view.problems == ("1 amount in another currency than XOF is left out",)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"nature": "loan", "amount": "100000 XOF"}, "how “Bank” is repaid is not noted"),
        (
            {"nature": "loan", "amount": "100000 XOF", "months": 6, "grace": 6},
            "Bank: The grace period must be shorter than the 6 months of the loan.",
        ),
    ],
)
def test_r012_a_loan_that_cannot_be_worked_out_is_named(
    store: Store, make: Make, farm: str, values: dict[str, Any], words: str
) -> None:
    make.finance_line(case=farm, source="Bank", **values)
    assert words in store.read(business_plan.plan, farm).problems


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("0 0 0 100 100 200 100 100 100 100 0 0", True),
        ("50%;50;50;50;50;50;150;150;150;150;150;100,5", True),
        ("100 100", False),
        ("a b c d e f g h i j k l", False),
        ("-1 0 0 0 0 0 0 0 0 0 0 0", False),
        ("NaN 0 0 0 0 0 0 0 0 0 0 0", False),
        ("", True),
    ],
)
def test_r012_a_season_is_twelve_figures(typed: str, fits: bool) -> None:
    assert (business_plan.read_season(typed) is not None) == fits


def test_r013_sessions_are_logged_and_reported(store: Store, make: Make, farm: str) -> None:
    coach = store.read(records.get, "case", farm).values["coach"]
    session = make.coaching(
        case=farm,
        at="2026-11-03",
        coach=coach,
        side="abroad",
        expertise=["market_study", "business_plan"],
        work="Prices of feed",
        advice="Ask three suppliers in Ziguinchor",
        next_action="Call the cooperative",
        next_date="2026-11-20",
    )
    text = paper(store, "session-report", session)
    for words in ("Jeanne Morel", "Market study", "three suppliers", "Call the cooperative"):
        assert words in text


def test_r014_owners_make_a_hundred_percent(store: Store, make: Make, farm: str) -> None:
    make.owner(case=farm, name="Fatoumata Diatta", share=60.0, family=False, country="FR")
    make.owner(case=farm, name="Ousmane Diatta", share=30.0, family=True, country="SN")
    assert "10 % belong to nobody" in paper(store, "owners-list", farm)
    make.owner(case=farm, name="Awa Diatta", share=10.0, family=True, country="SN")
    text = paper(store, "owners-list", farm)
    assert "The shares do not make 100 %" not in text
    assert "of which the family 40" in text
    assert "Migrant and family" in text or "Joint migrant and family" in text


def test_r015_similar_businesses_are_told_without_names(
    store: Store, make: Make, farm: str
) -> None:
    own = store.read(records.get, "case", farm).values["place"]
    department = store.read(records.get, "place", own).values["parent"]
    beside = make.place(name="Diendé", level="commune", parent=department)
    village = make.place(name="Samine", level="village", parent=beside)
    far = make.place(name="Kolda", level="commune")
    other = make.person(given_name="Ibrahima", family_name="Mané")

    def dossier(place: str, **values: Any) -> str:
        filled = {"title": "Poules d’Ibrahima", "person": other, "sector": "livestock"}
        return make.case(place=place, **{**filled, **values})

    same = dossier(own)
    near = dossier(village)
    dossier(far)
    dossier(own, sector="trade")
    dossier(beside, status="closed_dropped")
    found = store.read(nearby.similar, farm)
    assert [(each.case.id, each.same_place) for each in found] == [(same, True), (near, False)]
    assert len(store.read(cases.dossier, farm).similar) == 2
    text = paper(store, "local-business-note", farm)
    assert "2 other dossiers of this sector are known in Sédhiou." in text
    assert "Samine" in text
    assert not [name for name in ("Ibrahima", "Mané", "Diatta", "Poules") if name in text]


def judged(store: Store, make: Make) -> tuple[str, list[str], list[str]]:
    selection = make.selection(
        title="Spring call", access="selected_advanced", places=1, chair="A. Ndiaye"
    )
    asked = [
        make.selection_criterion(selection=selection, name="Market", weight=2.0, most=5),
        make.selection_criterion(
            selection=selection, name="Jobs", weight=1.0, most=10, least=4
        ),
    ]
    people = [
        make.selection_candidate(selection=selection, case=make.case(title=title))
        for title in ("Farm", "Shop", "Mill")
    ]
    given = ((5, 5), (4, 10), (5, 3))
    for candidate, points in zip(people, given, strict=True):
        for criterion, amount in zip(asked, points, strict=True):
            store.write(selections.give, candidate, criterion, float(amount))
    return selection, asked, people


def test_r016_points_ranks_decisions_and_minutes(store: Store, make: Make) -> None:
    """Farm: (2·5/5 + 1·5/10) ÷ 3 = 83.33 %; Shop: (2·4/5 + 1) ÷ 3 = 86.67 %; Mill 76.67 %."""
    selection, asked, (farm, shop, mill) = judged(store, make)
    found = store.read(selections.selection, selection)
    assert [(s.candidate.id, str(s.score), s.rank) for s in found.standings] == [
        (shop, "86.67", 1),
        (farm, "83.33", 2),
        (mill, "76.67", 3),
    ]
    assert found.standings[2].below == ("Jobs",)
    store.write(selections.decide, shop, "accepted")
    with pytest.raises(selections.NoReason) as told:
        store.write(selections.decide, farm, "accepted")
    assert "rank 2" in told.value.words
    store.write(selections.decide, farm, "conditions", "A second grant was found")
    with pytest.raises(selections.NoReason):
        store.write(selections.decide, mill, "accepted")
    store.write(selections.decide, mill, "refused", "Too few jobs")
    with pytest.raises(selections.TooMany):
        store.write(selections.give, mill, asked[0], 6.0)
    text = paper(store, "selection-minutes", selection)
    for words in ("86.67", "A second grant was found", "Too few jobs", "A. Ndiaye"):
        assert words in text
    assert "2 dossiers are supported." in text


def test_r016_support_open_to_all_weighs_nothing(store: Store, make: Make) -> None:
    selection = make.selection(title="Advice", access="open_to_all")
    candidate = make.selection_candidate(selection=selection, case=make.case())
    store.write(selections.decide, candidate, "accepted")
    with pytest.raises(selections.NoReason):
        store.write(selections.decide, candidate, "refused")
    assert "open to all" in paper(store, "selection-minutes", selection)


def test_r016_points_meet_in_one_row(store: Store, make: Make) -> None:
    _selection, asked, (farm, *_others) = judged(store, make)
    first = store.write(selections.give, farm, asked[0], 3.0)
    assert store.write(selections.give, farm, asked[0], 4.0) == first


def test_r017_profit_or_loss_of_each_month(store: Store, make: Make, farm: str) -> None:
    months = (("2027-05", 900_000, 950_000), ("2027-06", 1_500_000, 1_000_000))
    visits = [
        make.follow_visit(
            case=farm,
            month=month,
            income=f"{income} XOF",
            spending=f"{spending} XOF",
            jobs=3,
            problems="Feed is dear",
        )
        for month, income, spending in months
    ]
    make.follow_visit(case=farm, month="2027-07", income="1 EUR", spending="1 XOF")
    found = follow_up.results(store.read(records.linked, "follow_visit", "case", farm))
    assert [each.result for each in found] == ["-50000 XOF", "500000 XOF"]
    assert follow_up.total(found) == "450000 XOF"
    first, second = (paper(store, "follow-up-sheet", visit) for visit in visits)
    assert "A loss in" in first
    assert "A profit in" in second
    assert "450,000" in first
    assert "Feed is dear" in first
    checks = {
        check.words: check.state
        for stage in store.read(cases.dossier, farm).stages
        for check in stage.checks
    }
    assert checks["The business does not lose money"] == "met"


def test_r018_a_mandate_has_limits_and_dates(store: Store, make: Make, farm: str) -> None:
    giver = store.read(records.get, "case", farm).values["person"]
    mandate = make.mandate(
        case=farm,
        giver=giver,
        holder=make.person(given_name="Ousmane", family_name="Diatta"),
        link="sibling",
        powers=["buy", "formalities"],
        ceiling="200000 XOF",
        limits="The land is not sold",
        begins="2026-12-01",
        until="2027-12-01",
    )
    text = paper(store, "mandate-form", mandate)
    for words in (
        "Mandate given to Ousmane Diatta",
        "I, Fatoumata Diatta",
        "Buy equipment and goods",
        "200,000",
        "The land is not sold",
        "to 01/12/2027",
    ):
        assert words in text


def test_r019_a_value_chain_from_production_to_sale(store: Store, make: Make) -> None:
    chain = make.value_chain(
        name="Cashew",
        sector="agriculture",
        place=make.place(name="Sédhiou"),
        producers=1200,
        label="Organic",
        markets=["local", "export"],
        credit="Campaign credit of the savings bank",
    )
    for stage, bought, sold in (("production", 300, 450), ("processing", 450, 1600)):
        make.chain_link(
            chain=chain, stage=stage, bought=f"{bought} XOF", sold=f"{sold} XOF", number=3
        )
    text = paper(store, "value-chain-sheet", chain)
    for words in ("Cashew", "1,200", "Organic", "1,150", "150", "Campaign credit"):
        assert words in text


def test_r147_a_project_followed_in_two_countries(store: Store, make: Make, farm: str) -> None:
    store.write(cases.move_to, farm, "elaborate", "agreed by telephone")
    store.write(records.save, "case", farm, {"followed": "home"})
    store.write(cases.move_to, farm, "formalise", "papers are under way")
    case = store.read(records.get, "case", farm).values
    for coach, side, day in (
        (case["coach"], "abroad", "03"),
        (case["coach_home"], "home", "17"),
    ):
        make.coaching(case=farm, at=f"2026-11-{day}", coach=coach, side=side)
    sides = [move.values["followed"] for move in store.read(pipelines.moves, farm)]
    assert sides == ["abroad", "home"]
    text = paper(store, "two-country-sheet", farm)
    for words in ("Montreuil, France", "Jeanne Morel", "Moussa Sané", "Marsassoum", "At home"):
        assert words in text


def test_what_belongs_to_a_case_goes_to_the_bin_with_it(
    store: Store, make: Make, farm: str
) -> None:
    plan_of(make, farm)
    make.coaching(case=farm, at="2026-11-03")
    make.follow_visit(case=farm, month="2027-05")
    store.write(cases.move_to, farm, "elaborate", "x")
    store.write(records.delete, "case", farm)
    for kind in ("plan_sale", "plan_cost", "coaching", "follow_visit", "stage_move"):
        assert store.read(records.count, kind, records.Query()) == 0
    store.write(records.restore, "case", farm)
    assert store.read(records.count, "stage_move", records.Query()) == 1
