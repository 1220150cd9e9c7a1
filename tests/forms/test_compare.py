"""Two versions side by side, and what the newer one does to answers."""

from __future__ import annotations

from migdesk.forms import Form, Run
from migdesk.forms.compare import Comparison, Pair, compare
from migdesk.forms.effects import Effect, Scales, Weighed
from tests.forms.build import md

HEAD = (
    "| | type | name | label::English (en) | label::Français (fr) "
    "| relevant | constraint | calculation | required |"
)
OLD = """
| survey |
HEAD
| | text | who | Name | Nom | | | | |
| | integer | age | Age | Âge | | . < 120 | | |
| | begin group | work | Work | Travail | ${age} > 14 | | | |
| | select_one trade | trade | Trade | Métier | | | | |
| | select_multiple tool | tools | Tools | Outils | ${trade} != 'none' | | | |
| | text | boss | Employer | Employeur | | | | |
| | end group | | | | | | | |
| | text | note1 | Remark | Remarque | | | | |
| | calculate | twice | | | | | ${age} * 2 | |
| choices |
| | list_name | name | label::English (en) | label::Français (fr) |
| | trade | farm | Farmer | Cultivateur |
| | trade | fish | Fisher | Pêcheur |
| | trade | none | None | Aucun |
| | tool | hoe | Hoe | Houe |
| | tool | net | Net | Filet |
| settings |
| | form_title | form_id | version | default_language |
| | Work | work | 1 | English (en) |
""".replace("HEAD", HEAD)
NEW = """
| survey |
HEAD
| | integer | age | Age in years | Âge | | . < 60 | | |
| | text | who | Name | Nom | | | | yes |
| | begin group | job | Work | Travail | ${age} > 17 | | | |
| | select_one trade | trade | Trade | Métier | | | | |
| | select_multiple tool | tools | Tools | Outils | ${trade} != 'none' | | | |
| | text | employer | Employer | Employeur | | | | |
| | end group | | | | | | | |
| | integer | note1 | Remark | Remarque | | | | |
| | text | phone | Telephone | Téléphone | | | | |
| | calculate | twice | | | | | ${age} * 3 | |
| choices |
| | list_name | name | label::English (en) | label::Français (fr) |
| | trade | farm | Farmer | Paysan |
| | trade | none | None | Aucun |
| | trade | trader | Trader | Commerçant |
| | tool | hoe | Hoe | Houe |
| | tool | net | Net | Filet |
| settings |
| | form_title | form_id | version | default_language |
| | Work | work | 2 | English (en) |
""".replace("HEAD", HEAD)


def by_name(found: Comparison) -> dict[str, Pair]:
    return {pair.node.name: pair for pair in found.pairs}


def aspects(pair: Pair) -> set[tuple[str, str]]:
    return {(change.aspect, change.language) for change in pair.changes}


def test_the_same_form_is_the_same() -> None:
    found = compare(md(OLD), md(OLD))
    assert found.different == ()
    assert not found.languages_added and not found.languages_removed


def test_what_changed() -> None:
    found = compare(md(OLD), md(NEW))
    pairs = by_name(found)
    assert pairs["phone"].status == "added"
    assert aspects(pairs["age"]) == {("label", "English (en)"), ("constraint", "")}
    [rule] = [c for c in pairs["age"].changes if c.aspect == "constraint"]
    assert (rule.before, rule.after) == (". < 120", ". < 60")
    # One of the two went past the other; which one is a matter of taste, but only one did.
    assert sum(pairs[name].has("order") for name in ("who", "age")) == 1
    assert ("required", "") in aspects(pairs["who"])
    assert {("type", ""), ("data_type", "")} <= aspects(pairs["note1"])
    assert aspects(pairs["twice"]) == {("calculate", "")}


def test_groups_and_questions_with_another_name() -> None:
    pairs = by_name(compare(md(OLD), md(NEW)))
    assert aspects(pairs["job"]) == {("name", ""), ("relevant", "")}
    # What is inside of a renamed group did not move; a path in a rule is the same question.
    assert pairs["tools"].status == "same"
    assert aspects(pairs["employer"]) == {("name", "")}


def test_choices() -> None:
    trade = by_name(compare(md(OLD), md(NEW)))["trade"]
    told = [(c.aspect, c.before, c.after, c.language) for c in trade.changes]
    assert ("choice_removed", "fish · Fisher", "", "") in told
    assert ("choice_added", "", "trader · Trader", "") in told
    assert ("choice_label", "farm · Cultivateur", "farm · Paysan", "Français (fr)") in told
    assert [choice.value for choice in trade.gone] == ["fish"]


def test_moved_to_another_group() -> None:
    line = "| | text | boss | Employer | Employeur | | | | |\n"
    newer = OLD.replace(line, "").replace("| | text | note1", f"{line}| | text | note1")
    found = compare(md(OLD), md(newer))
    [pair] = found.different
    assert pair.status == "moved" and pair.node.name == "boss"
    assert [(c.aspect, c.before, c.after) for c in pair.changes] == [("place", "work", "/")]


def test_removed_stands_where_it_was() -> None:
    newer = (
        OLD.replace("| | integer | age | Age | Âge | | . < 120 | | |\n", "")
        .replace("${age} > 14", "true()")
        .replace("${age} * 2", "2")
    )
    names = [pair.node.name for pair in compare(md(OLD), md(newer)).pairs]
    assert names.index("who") < names.index("age") < names.index("work")


def test_languages() -> None:
    newer = OLD.replace("Français (fr)", "Wolof (wo)")
    found = compare(md(OLD), md(newer))
    assert found.languages_added == ("Wolof (wo)",)
    assert found.languages_removed == ("Français (fr)",)
    assert found.different == ()


def test_a_language_written_otherwise_is_the_same() -> None:
    assert compare(md(OLD), md(OLD.replace("Français (fr)", "French (fr)"))).different == ()


# effects ----------------------------------------------------------------------------


def answered(form: Form, **answers: str) -> str:
    run = Run(form)
    for name, text in answers.items():
        ref = next(path for path in form.definition.nodes if path.endswith(f"/{name}"))
        run.set(ref, text)
    return run.finalise()


def weighed(old: Form, new: Form, *xmls: str) -> Weighed:
    scales = Scales(compare(old, new))
    for xml in xmls:
        scales.put(xml)
    return scales.weighed()


def told(found: Weighed) -> dict[tuple[str, str], Effect]:
    return {(each.kind, each.code or each.pair.node.name): each for each in found.effects}


def test_effects_on_answers() -> None:
    old = md(OLD)
    found = weighed(
        old,
        md(NEW),
        answered(old, who="A", age="40", trade="fish", tools="hoe net", note1="12"),
        answered(old, who="B", age="70", trade="farm", boss="C", note1="none"),
        answered(old, age="16", trade="fish", tools="net"),
        "<work",
    )
    assert (found.read, found.unread) == (3, 1)
    effects = told(found)
    gone = effects["code_gone", "fish"]
    assert (gone.submissions, gone.label) == (2, "Fisher")
    assert effects["renamed", "employer"].submissions == 1
    assert effects["not_of_type", "note1"].answers == 1
    assert effects["not_allowed", "age"].submissions == 1
    assert effects["lacking", "who"].submissions == 1
    # The boy of sixteen is not asked about work any more.
    assert effects["not_asked", "trade"].submissions == 1
    assert effects["not_asked", "tools"].submissions == 1
    assert effects["recalculated", "twice"].submissions == 3
    assert ("not_allowed", "trade") not in effects


def test_no_column_any_more() -> None:
    old = md(OLD)
    newer = md(OLD.replace("| | text | note1 | Remark | Remarque | | | | |\n", ""))
    found = weighed(old, newer, answered(old, who="A", note1="x"), answered(old, who="B"))
    [effect] = found.effects
    assert (effect.kind, effect.pair.node.name, effect.submissions) == ("no_column", "note1", 1)


REPEAT = """
| survey |
| | type | name | label |
| | begin repeat | kid | Child |
| | text | first | Name |
| | integer | years | Age |
| | end repeat | | |
| | text | last | Remark |
| settings |
| | form_title | form_id |
| | Kids | kids |
"""


def test_rows_are_carried_over() -> None:
    old = md(REPEAT)
    newer = md(
        REPEAT.replace("repeat | kid", "repeat | child")
        .replace("| Age |", "| Age | . < 10 |")
        .replace("| | type | name | label |", "| | type | name | label | constraint |")
    )
    run = Run(old)
    run.set("/data/kid[1]/years", "4")
    run.add("/data/kid")
    run.set("/data/kid[2]/years", "12")
    found = weighed(old, newer, run.finalise())
    effects = told(found)
    assert (effects["not_allowed", "years"].answers, len(effects)) == (1, 1)


def test_out_of_a_repeat() -> None:
    old = md(REPEAT)
    line = "| | text | first | Name |\n"
    newer = md(REPEAT.replace(line, "").replace("| | text | last", f"{line}| | text | last"))
    run = Run(old)
    run.set("/data/kid[1]/first", "A")
    effects = told(weighed(old, newer, run.finalise()))
    assert set(effects) == {("other_sheet", "first")}
