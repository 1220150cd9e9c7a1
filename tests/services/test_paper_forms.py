"""Questionnaires on paper: numbers, skip logic in words, repeats, answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from migdesk.forms import Form, Run, xlsform
from migdesk.i18n import speaking
from migdesk.jobs.questionnaires import BUILT_IN
from migdesk.models.store import Store
from migdesk.paths import resource
from migdesk.printing.sheets.questionnaire import (
    PaperGroup,
    PaperItem,
    PaperQuestion,
    PaperRepeat,
)
from migdesk.services import form_words, office, paper_forms, records, submissions
from migdesk.services.views import Gone

BOOK = """
| survey |
|| type | name | label::Français (fr) | label::English (en) | relevant |required|calculation|
| | note | hello | Bonjour | Hello | | | |
| | select_one yn | migrated | A migré ? | Migrated? | | yes | |
| | select_multiple lands | where | Où ? | Where? | ${migrated} = 'yes' | | |
| | date | back | Retour | Return | ${migrated} = 'yes' and not(selected(${where}, 'mr')) | | |
| | integer | age | Âge | Age | | | |
| | decimal | land | Terre | Land | ${age} >= 18 or ${migrated} = 'no' | | |
| | text | why | Pourquoi ${age} ? | Why ${age}? | ${land} != '' | | |
| | begin_repeat | child | Enfants | Children | | | |
| | text | called | Prénom | First name | | | |
| | integer | years | Âge | Age | ${called} != '' | | |
| | end_repeat | child | | | | | |
| | calculate | sums | | | | | sum(${years}) |
| | text | odd | Autre | Other | string-length(${why}) > 3 | | |
| choices |
| | list_name | name | label::Français (fr) | label::English (en) |
| | yn | yes | Oui | Yes |
| | yn | no | Non | No |
| | lands | es | Espagne | Spain |
| | lands | mr | Mauritanie | Mauritania |
| settings |
| | form_title | form_id | version | default_language |
| | Essai | essai | 3 | Français (fr) |
"""


@pytest.fixture(scope="module")
def xml() -> str:
    return xlsform.convert(BOOK, ".md").xml


@pytest.fixture
def form(xml: str) -> Form:
    return form_words.form_of(xml)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(tmp_path / "a.db", bytes(32), create=True)
    made.write(office.found, {"name": "HOM", "country": "SN"}, "Fatou", "acc-1")
    made.actor = "acc-1"
    yield made
    made.close()


def said(form: Form, speech: str) -> dict[str, str]:
    """Instruction of each numbered question."""
    conditions = form_words.Conditions(form, speech)
    numbers = form_words.numbers(form)
    return {number: conditions.of(control) for control, number in numbers.items()}


def test_questions_are_numbered_and_notes_are_not(form: Form) -> None:
    found = {
        control.node.name: number
        for control, number in form_words.numbers(form).items()
        if control.node is not None
    }
    assert found["migrated"] == "Q1"
    assert found["years"] == "Q8"
    assert "hello" not in found
    assert "sums" not in found


def test_skip_logic_in_words(form: Form) -> None:
    words = said(form, "English (en)")
    assert words["Q1"] == ""
    assert words["Q2"] == "If Q1 = Yes; otherwise go to Q3"
    assert words["Q3"] == "If Q1 = Yes and Q2 does not include “Mauritania”; otherwise go to Q4"
    assert words["Q5"] == "If Q4 is 18 or more or Q1 = No; otherwise go to Q6"
    assert words["Q6"] == "If Q5 is answered; otherwise go to Q7"
    assert words["Q9"] == "If string-length( Q6 ) > 3"


def test_skip_logic_uses_the_words_of_the_language(form: Form) -> None:
    assert "Oui" in said(form, "Français (fr)")["Q2"]


def test_language_of_a_form(form: Form) -> None:
    assert form_words.spoken_in(form, "en") == "English (en)"
    assert form_words.spoken_in(form, "ar") == "Français (fr)"


def test_blank_sheet(store: Store, xml: str) -> None:
    id = store.write(submissions.add_questionnaire, "Essai", "essai", "3", xml)
    with speaking("en"):
        sheet = store.read(paper_forms.questionnaire_sheet, id, "", "blank", 4)
        by_id = store.read(paper_forms.questionnaire_sheet, "", id)
    assert (sheet.look, sheet.title, sheet.version) == ("blank", "Essai", "3")
    assert by_id.look == "blank"
    questions = [item for item in sheet.items if isinstance(item, PaperQuestion)]
    assert questions[0].kind == "note"
    assert [choice.label for choice in questions[1].choices] == ["Yes", "No"]
    assert questions[1].required
    assert questions[2].kind == "many"
    (table,) = [item for item in sheet.items if isinstance(item, PaperRepeat)]
    assert (table.label, table.blank_rows, len(table.questions)) == ("Children", 4, 2)
    assert "Q8" in table.hint


def finished(store: Store, xml: str) -> str:
    form = form_words.form_of(xml)
    run = Run(form, "Français (fr)")
    root = form.definition.root.path
    for name, value in (
        ("migrated", "yes"),
        ("where", "es"),
        ("back", "2024-05-17"),
        ("age", "41"),
    ):
        run.set(f"{root}/{name}", value)
    run.set(f"{root}/land", "1.5")
    run.set(f"{root}/child[1]/called", "Awa")
    run.set(f"{root}/child[1]/years", "9")
    person = store.write(records.save, "person", None, {"family_name": "Diatta"})
    held = store.write(submissions.add_questionnaire, "Essai", "essai", "3", xml)
    return store.write(
        submissions.finalise, held, run.finalise(), "uuid:1", {"person": person}, "fr"
    )


def test_filled_sheet(store: Store, xml: str) -> None:
    id = finished(store, xml)
    with speaking("fr"):
        sheet = store.read(paper_forms.questionnaire_sheet, "", id)
        compact = store.read(paper_forms.questionnaire_sheet, "", id, "compact")
    assert (sheet.look, compact.look) == ("filled", "compact")
    answers = {i.number: i.answer for i in sheet.items if isinstance(i, PaperQuestion)}
    assert answers["Q1"] == "Oui"
    assert answers["Q2"] == "Espagne"
    assert answers["Q3"] == "17/05/2024"
    assert answers["Q5"] == "1,5"
    assert "Q9" not in answers
    (why,) = [i for i in sheet.items if isinstance(i, PaperQuestion) and i.number == "Q6"]
    assert "41" in why.label
    (table,) = [item for item in sheet.items if isinstance(item, PaperRepeat)]
    assert table.rows == (("Awa", "9"),)
    assert any("Diatta" in value for _name, value in sheet.facts)


def test_wide_repeats_are_cut_into_readable_tables() -> None:
    book = resource("questionnaires", "household_survey.md").read_bytes()
    form = xlsform.load(book, ".md")
    paper = paper_forms._Paper(form, form_words.spoken_in(form, "fr"), 3)

    def tables(items: tuple[PaperItem, ...]) -> list[PaperRepeat]:
        inside = [t for i in items if isinstance(i, PaperGroup) for t in tables(i.items)]
        return inside + [i for i in items if isinstance(i, PaperRepeat)]

    found = tables(paper.all())
    assert len(found) > 1
    assert all(len(table.questions) <= paper_forms.WIDE for table in found)
    asked = [question.number for table in found for question in table.questions]
    assert len(asked) == len(set(asked))


def test_what_is_printed_has_a_glyph() -> None:
    """Instructions hold no sign that the fonts of the paper lack."""
    for name in BUILT_IN:
        form = xlsform.load(resource("questionnaires", f"{name}.md").read_bytes(), ".md")
        for speech in form.languages:
            words = "".join(said(form, speech).values())
            assert not set("≠≤≥") & set(words)


def test_unknown_record(store: Store) -> None:
    with pytest.raises(Gone):
        store.read(paper_forms.questionnaire_sheet, "", "nobody")


def test_groups_of_the_built_in_form() -> None:
    book = resource("questionnaires", "commune_profile.md").read_bytes()
    form = xlsform.load(book, ".md")
    paper = paper_forms._Paper(form, form_words.spoken_in(form, "fr"), 3)
    groups = [item for item in paper.all() if isinstance(item, PaperGroup)]
    assert len(groups) >= 10
    assert all(group.items for group in groups)


def test_marks_of_the_designer_are_not_printed() -> None:
    book = """
| survey |
|| type | name | label | hint |
| | begin_group | g | # Part **one** | |
| | select_one yn | q | Is it **true**? | <b>Only</b> one |
| | begin_repeat | r | **Rows** | |
| | text | t | *Word* | |
| | end_repeat | | | |
| | end_group | | | |
| choices |
| | list_name | name | label |
| | yn | yes | **Yes** |
"""
    form = form_words.form_of(xlsform.convert(book, ".md").xml)
    run = Run(form)
    run.set("/data/g/q", "yes")
    for paper in (
        paper_forms._Paper(form, "", 2),
        paper_forms._Paper(form, "", 0, run),
    ):
        (group,) = paper.all()
        assert isinstance(group, PaperGroup)
        asked, rows = group.items
        assert isinstance(asked, PaperQuestion) and isinstance(rows, PaperRepeat)
        assert group.label == "Part one"
        assert (asked.label, asked.hint) == ("Is it true?", "Only one")
        assert [choice.label for choice in asked.choices] == ["Yes"]
        assert (rows.label, rows.questions[0].label) == ("Rows", "Word")
        assert asked.answer == ("Yes" if paper.run else "")


def test_a_ranking_keeps_its_order_on_paper() -> None:
    book = """
| survey |
|| type | name | label |
| | rank things | r | Rank them |
| choices |
| | list_name | name | label |
| | things | a | Air |
| | things | b | Bread |
"""
    form = form_words.form_of(xlsform.convert(book, ".md").xml)
    run = Run(form)
    run.set("/data/r", "b a")
    (blank,) = paper_forms._Paper(form, "", 2).all()
    (filled,) = paper_forms._Paper(form, "", 0, run).all()
    assert isinstance(blank, PaperQuestion) and isinstance(filled, PaperQuestion)
    assert (blank.kind, len(blank.choices)) == ("many", 2)
    assert "1 beside the first" in blank.hint
    assert (filled.kind, filled.answer) == ("text", "1. Bread\n2. Air")


def test_heads_of_a_filled_repeat_name_nobody() -> None:
    """The words of a head are about every row, not about the first one."""
    book = """
| survey |
|| type | name | label |
| | begin_repeat | r | Rows |
| | text | who | Name |
| | integer | age | Age of ${who} |
| | end_repeat | | |
"""
    form = form_words.form_of(xlsform.convert(book, ".md").xml)
    run = Run(form)
    run.set("/data/r[1]/who", "Awa")
    run.add("/data/r")
    run.set("/data/r[2]/who", "Binta")
    (rows,) = paper_forms._Paper(form, "", 0, run).all()
    assert isinstance(rows, PaperRepeat)
    assert [question.label for question in rows.questions] == ["Name", "Age of [1]"]
    assert [row[0] for row in rows.rows] == ["Awa", "Binta"]
