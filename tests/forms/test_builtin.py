"""The questionnaires we ship: they load, fill, finalise, and come back the same."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from migdesk.forms import Form, Live, Run
from migdesk.forms.outline import outline
from migdesk.forms.submission import OtherSubmission, read
from migdesk.forms.table import tables
from migdesk.forms.xlsform import convert, load

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "questionnaires"
NAMES = ["commune_profile", "household_survey", "needs_assessment"]
FRENCH, ENGLISH = "Français (fr)", "English (en)"
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture(scope="module", params=NAMES)
def form(request: pytest.FixtureRequest) -> Form:
    return load((FOLDER / f"{request.param}.md").read_text("utf-8"), ".md")


def household() -> Form:
    return load((FOLDER / "household_survey.md").read_text("utf-8"), ".md")


def start(form: Form, language: str = FRENCH) -> Run:
    return Run(form, language=language, now=lambda: NOW, rng=random.Random(5))


def answer(live: Live, rng: random.Random) -> str:
    """An answer that its type and, mostly, its constraint accept."""
    match live.type:
        case "select_one":
            return rng.choice(live.choices).value if live.choices else ""
        case "select_multiple":
            return " ".join(
                c.value for c in live.choices if c.value != "no_answer" and rng.random() < 0.6
            )
        case "integer" | "decimal":
            return str(rng.choice([1, 2, 3, 18, 40]))
        case "date":
            return date(2020, 1, rng.randint(1, 28)).isoformat()
    return rng.choice(["Awa", "Kolda & <co>", "L’été « 2026 »"])


def pending(run: Run, done: set[str]) -> Iterator[Live]:
    return (live for live in run.walk() if live.asks and live.ref not in done)


def fill(run: Run, seed: int) -> None:
    """Answer every question as it comes, then correct what is missing or wrong."""
    rng, done = random.Random(seed), set[str]()
    while (live := next(pending(run, done), None)) is not None:
        done.add(live.ref)
        run.set(live.ref, "yes" if live.ref == "/data/consent" else answer(live, rng))
    for _ in range(20):
        for ref in run.missing():
            live = run.node(ref)
            years = "year" in ref
            run.set(ref, "" if not live.required else "2020" if years else answer(live, rng))


def test_every_word_is_there_in_both_languages(form: Form) -> None:
    assert form.languages == (FRENCH, ENGLISH)
    french, english = outline(form, FRENCH), outline(form, ENGLISH)
    for a, b in zip(french, english, strict=True):
        assert a.label and b.label, a.ref
        assert len(a.choices) == len(b.choices)
        assert all(choice.label for choice in (*a.choices, *b.choices))
    assert form.not_yet() == ()


def test_french_typography() -> None:
    for name in NAMES:
        text = (FOLDER / f"{name}.md").read_text("utf-8")
        form = load(text, ".md")
        for entry in outline(form, FRENCH):
            for words in (entry.label, entry.hint, *(c.label for c in entry.choices)):
                assert not re.search(r"[ \w][?!;:](?:\s|$)", words), words
                assert "'" not in words and not re.search("« | »", words), words
        assert "'" not in form.title


def test_refusing_is_always_possible(form: Form) -> None:
    if form.form_id == "commune_profile":  # asks about a place, never about a person
        return
    for entry in outline(form, ENGLISH):
        if entry.required:
            assert "no_answer" in {choice.value for choice in entry.choices}, entry.ref
        assert not re.search(r"passport|identity (card|number)", entry.label, re.IGNORECASE)


@pytest.mark.parametrize("seed", range(6))
def test_fill_finalise_and_round_trip(form: Form, seed: int) -> None:
    run = start(form)
    fill(run, seed)
    assert run.missing() == []
    assert run.draft() == Run(form, draft=run.draft(), now=lambda: NOW).draft()
    xml = run.finalise()
    again = Run(form, draft=read(form, xml), now=lambda: NOW)
    assert again.finalise() == xml
    assert "instanceID>uuid:" in xml


def test_the_ten_items_are_the_code_list() -> None:
    form = load((FOLDER / "commune_profile.md").read_text("utf-8"), ".md")
    items = [
        "countries", "regions_cities", "employment_rate", "migrant_businesses",
        "associations_csos", "education_level", "health", "social_programmes",
        "remittance_distribution_use", "remittance_savings",
    ]  # fmt: skip
    groups = [e.ref for e in outline(form) if e.kind == "group" and e.depth == 0]
    assert [g.removeprefix("/data/") for g in groups][1:-1] == items


def test_a_household_adds_up() -> None:
    run = start(household(), ENGLISH)
    run.set("/data/consent", "yes")
    run.set("/data/survey/members_part/household_size", "3")
    member = "/data/survey/members_part/member"
    for place, (age, migration, sends) in enumerate(
        [("40", "abroad", "50000"), ("12", "never", ""), ("65", "internal", "7000")], 1
    ):
        run.set(f"{member}[{place}]/age", age)
        run.set(f"{member}[{place}]/migration", migration)
        if sends:
            run.set(f"{member}[{place}]/sends", "yes")
            run.set(f"{member}[{place}]/sends_monthly", sends)
    top = "/data/survey/members_part"
    totals = ("migrants", "children", "monthly_from_members")
    assert [run.node(f"{top}/{name}").text for name in totals] == ["1", "1", "57000"]
    run.set(f"{member}[1]/first_name", "Awa")
    assert run.node(f"{member}[1]/age").label == "Age of Awa, even approximate"
    assert run.node(f"{member}[2]/age").label == "Age of #2, even approximate"
    run.set(f"{top}/household_size", "1")
    assert run.node(f"{top}/monthly_from_members").text == "50000"


def test_the_outline_says_skips_simply() -> None:
    entries = {entry.ref.rpartition("/")[2]: entry for entry in outline(household(), ENGLISH)}
    where = entries["where_lives"].skip
    assert where is not None and len(where) == 1
    assert (where[0].op, where[0].values) == ("=", ("abroad", "returned"))
    assert where[0].labels == ("Lives abroad", "Returned from abroad")
    assert where[0].number == entries["migration"].number
    assert entries["main_use"].skip is None and entries["main_use"].relevant
    assert entries["sex"].skip == ()
    assert entries["department"].cascade == ("/data/survey/place/region",)


def test_submissions_become_tables() -> None:
    form = household()
    pairs = []
    for seed in range(3):
        run = start(form)
        fill(run, seed)
        pairs.append((f"key{seed}", run.finalise()))
    main, members = tables(form, pairs)
    key = main.headers.index("_uuid")
    assert [row[key] for row in main.rows] == ["key0", "key1", "key2"]
    assert members.headers[-3:] == ["_parent_table_name", "_parent_index", "_submission__uuid"]
    size = main.headers.index("survey/members_part/household_size")
    assert len(members.rows) == sum(int(str(row[size])) for row in main.rows)
    worded, _ = tables(form, pairs, labels=True, language=ENGLISH)
    at = worded.headers.index("Does the person agree to answer?")
    assert {row[at] for row in worded.rows} == {"Yes"}
    split, _ = tables(form, pairs, split=True)
    place = split.headers.index("survey/remittances/received/remittance_uses/savings")
    assert {row[place] for row in split.rows} <= {0, 1, None}
    assert all(len(row) == len(t.headers) for t in (main, members, split) for row in t.rows)


def test_a_submission_of_another_form_is_refused() -> None:
    with pytest.raises(OtherSubmission):
        read(household(), "<data id='other'/>")


def test_conversion_is_quiet() -> None:
    for name in NAMES:
        assert convert((FOLDER / f"{name}.md").read_text("utf-8"), ".md").warnings == ()
