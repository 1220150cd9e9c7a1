"""Documents that are recipes: each names fields that are there, and reads as it should."""

from __future__ import annotations

from typing import Any

import pytest

from migdesk.models import RECORDS
from migdesk.models.meta import set_meta
from migdesk.models.store import Store
from migdesk.printing.recipes import RECIPES, Facts, Lines, Sign, Ticks, Told, Words
from migdesk.services import recipe_papers, records
from tests.tools import NEEDED, pdf_text, printed

LATER = {
    "introduction-letter": {
        "person_answer": "yes",
        "other_answer": "yes",
        "introduced": "2026-01-02",
    }
}
"""What a record must say before a paper is made of it."""


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_names_what_is_there(name: str) -> None:
    recipe = RECIPES[name]
    about = RECORDS[recipe.kind]
    for part in recipe.parts:
        of = getattr(part, "of", "")
        target = RECORDS[about[of].kind.to] if of else about  # type: ignore[attr-defined]
        named: tuple[Any, ...] = ()
        if isinstance(part, Facts):
            named = part.fields
        elif isinstance(part, Told):
            named = (part.field,)
        elif isinstance(part, Ticks):
            named = (part.field,) if part.field else ()
        elif isinstance(part, Words):
            named = (part.needs.partition(".")[0],) if part.needs else ()
        elif isinstance(part, Sign):
            named = tuple(field for _role, field in part.parties if field)
        elif isinstance(part, Lines):
            lines = RECORDS[part.kind]
            by = part.by or lines.owner
            assert getattr(lines[by].kind, "to", "") in (target.kind, "")
            target, named = lines, (*part.columns, *part.total)
        assert set(named) <= set(target.fields), name


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_printed_of_an_empty_record(store: Store, name: str) -> None:
    kind = RECIPES[name].kind
    needed = {
        f.name: _something(f.kind)
        for f in RECORDS[kind].fields.values()
        if f.required and not f.readonly
    }
    values = {**needed, **NEEDED.get(kind, {}), **LATER.get(name, {})}
    if not values and not records.default_values(kind):
        first = next(f for f in RECORDS[kind].fields.values() if not f.hidden)
        values = {first.name: _something(first.kind)}
    id = store.write(records.save, kind, None, values)
    assert str(RECIPES[name].title) in pdf_text(printed(store, name, id=id))


def _something(kind: Any) -> Any:
    from migdesk import codelists

    if hasattr(kind, "codes"):
        code = "SN" if kind.codes == "country" else next(iter(codelists.get(kind.codes))).code
        return [code] if kind.many else code
    tried: tuple[Any, ...] = ("2026-01-02", "2026-01-02T10:00:00Z", "100 XOF", 2, 1, "x")
    for value in tried:
        try:
            kind.check(value)
        except (ValueError, TypeError, AttributeError, records.Mistake):
            continue
        return value
    raise AssertionError(kind)


def test_gaps_reach_linked_records(store: Store) -> None:
    id = store.write(records.save, "person", None, {"given_name": "Awa", "birth": "1990"})
    visit = store.write(records.save, "visit", None, {"person": id, "request": "other"})

    def say(session: Any) -> str:
        from migdesk.i18n import N_

        filling = recipe_papers._Filling(session, records.get(session, "visit", visit))
        return filling.say(N_("{person}, born {person.birth}{case.title}"))

    assert store.read(say) == "Awa, born 1990"


def test_a_file_of_no_office_is_one_of_the_office_that_prints(store: Store) -> None:
    here = store.write(records.save, "office", None, {"name": "HOM Kolda"})
    id = store.write(records.save, "person", None, {"given_name": "Awa"})
    store.write(set_meta, "office", here)
    assert "File opened at HOM Kolda." in pdf_text(printed(store, "file-cover", id=id))
    assert "Period: all that is known" in pdf_text(printed(store, "statistical-note", id=here))


def test_a_letter_to_nobody_has_no_address(store: Store) -> None:
    fund = store.write(records.save, "organisation", None, {"name": "Caisse de Goudomp"})
    for owner in (fund, None):
        lent = {"name": "Loan", "organisation": owner}
        window = store.write(records.save, "window", None, lent)
        person = store.write(records.save, "person", None, {"given_name": "Awa"})
        case = store.write(records.save, "case", None, {"title": "Hens", "person": person})
        asked = {"case": case, "window": window}
        id = store.write(records.save, "application", None, asked)
        text = pdf_text(printed(store, "lender-letter", id=id))
        assert ("To Caisse de Goudomp" in text) == bool(owner)
        assert "To Subject" not in text
