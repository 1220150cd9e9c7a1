"""What can be done with any record: list, get, save, delete, restore."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from migdesk import i18n
from migdesk.models import RECORDS, children_of
from migdesk.models.capture import NotYours
from migdesk.models.kinds import BadValue
from migdesk.models.store import Store
from migdesk.services import history, records
from migdesk.services.records import Gone, Needed, Query, Unknown
from tests.tools import Make, ops


def fill(session: Session) -> None:
    """300 persons and 40 organisations, many of them equal or empty in a field."""
    names = ["Ba", "Diallo", None, "Sow", "Ndiaye", "sow", "Élan"]
    for n in range(300):
        values = {
            "family_name": names[n % 7],
            "given_name": f"N{n % 11}" if n % 5 else None,
            "aliases": ["x"] if n % 3 else ["y", "é"],
            "sex": [None, "female", "male"][n % 3],
            "birth": None if n % 4 else str(1950 + n % 50),
            "languages": [None, ["fr"], ["wo", "fr"]][n % 3],
        }
        records.save(session, "person", None, values)
    for n in range(40):
        values = {"name": f"Org {n % 4}", "types": [["ngo"], None, ["bank", "ngo"]][n % 3]}
        records.save(session, "organisation", None, values)


def walk(store: Store, kind: str, query: Query, limit: int = 37) -> list[records.View]:
    """All rows, page by page."""
    rows: list[records.View] = []
    after = ""
    while True:
        page = store.read(records.list_page, kind, query, after, limit)
        rows += page.rows
        assert len(page.rows) == limit or not page.next
        if not page.next:
            return rows
        after = page.next


def test_every_sort_shows_every_row_once(any_store: Store) -> None:
    any_store.write(fill)
    for kind, total in (("person", 300), ("organisation", 40)):
        for name in ["", "id", *RECORDS[kind].fields]:
            for sort in (name, f"-{name}") if name else ("",):
                rows = walk(any_store, kind, Query(sort=sort), limit=total // 8)
                assert len({row.id for row in rows}) == len(rows) == total, sort
                if name in ("family_name", "birth", "given_name"):
                    check_order([row.values[name] for row in rows], sort.startswith("-"))


def check_order(values: list[Any], down: bool) -> None:
    held = [value for value in values if value is not None]
    assert held == sorted(held, reverse=down)
    assert values[: len(held)] == held  # empty ones come last, either way


def test_the_newest_come_first_unless_the_type_says_otherwise(
    any_store: Store, make: Make
) -> None:
    people = [make.person() for _ in range(3)]
    case = make.case()
    steps = [make.step(case=case, what="x", due=due) for due in ("2026-05-01", "2026-04-01")]
    assert [v.id for v in walk(any_store, "person", Query())][1:] == people[::-1]
    assert [v.id for v in walk(any_store, "step", Query(owner=case))] == steps[::-1]


def test_a_page_stays_right_while_others_write(any_store: Store, make: Make) -> None:
    ids = [make.person(family_name=name) for name in "abcdef"]
    query = Query(sort="family_name")
    first = any_store.read(records.list_page, "person", query, "", 3)
    any_store.write(records.delete, "person", ids[0])
    make.person(family_name="aa")
    rest = any_store.read(records.list_page, "person", query, first.next, 3)
    assert [v.title for v in rest.rows] == ["d", "e", "f"]
    assert rest.next == ""


FILTERS: list[tuple[tuple[tuple[str, Any], ...], int]] = [
    ((("sex", "female"),), 100),
    ((("sex", None),), 100),
    ((("languages", "fr"),), 200),
    ((("languages", "wo"), ("sex", "male")), 100),
    ((("aliases", "é"),), 100),
    ((("aliases", "_"),), 0),
    ((("aliases", "%"),), 0),
    ((("aliases", "\\"),), 0),
    ((("family_name", "sow"),), 43),
]


def test_filters(any_store: Store) -> None:
    any_store.write(fill)
    for filters, expected in FILTERS:
        query = Query(filters=filters)
        assert any_store.read(records.count, "person", query) == expected, filters
        assert len(walk(any_store, "person", query)) == expected


def test_a_list_can_be_searched_filtered_and_sorted_at_once(any_store: Store) -> None:
    any_store.write(fill)
    query = Query(text="sow", filters=(("sex", "male"),), sort="-given_name")
    rows = walk(any_store, "person", query, limit=5)
    assert {row.values["family_name"].lower() for row in rows} == {"sow"}
    assert {row.values["sex"] for row in rows} == {"male"}
    assert len(rows) == any_store.read(records.count, "person", query) > 5
    check_order([row.values["given_name"] for row in rows], True)


def test_only_the_fields_given_change(any_store: Store, make: Make) -> None:
    id = make.person(given_name="Awa", sex="female")
    assert any_store.write(records.save, "person", id, {"given_name": ""}) == id
    values = any_store.read(records.get, "person", id).values
    assert (values["given_name"], values["family_name"]) == (None, "Diallo")
    assert values["sex"] == "female"


def test_a_new_record_starts_with_its_defaults_and_a_code(any_store: Store, make: Make) -> None:
    first, second = make.case(), make.case(status="closed")
    views = [any_store.read(records.get, "case", id) for id in (first, second)]
    assert [v.values["status"] for v in views] == ["open", "closed"]
    assert views[0].values["type"] == "project"
    assert views[0].code.split("-")[::2] == ["S", "0001"]
    assert views[1].code.split("-")[::2] == ["S", "0002"]
    assert views[0].values["stage"] == "identify"


def test_the_id_may_come_from_elsewhere(any_store: Store) -> None:
    id = any_store.write(records.save, "account", "mine", {"name": "Awa"})
    assert id == "mine"
    assert any_store.read(records.get, "account", "mine").values["role"] == "agent"


REQUIRED = {
    kind: {f.name for f in about.fields.values() if f.required and f.default is None}
    for kind, about in RECORDS.items()
} | {"person": {"family_name"}}


@pytest.mark.parametrize("kind", [kind for kind, names in REQUIRED.items() if names])
def test_what_is_required_is_asked_for(any_store: Store, kind: str) -> None:
    with pytest.raises(Needed) as caught:
        any_store.write(records.save, kind, None, {})
    assert caught.value.field in REQUIRED[kind]
    assert caught.value.words
    assert ops(any_store) == []


def test_what_is_required_may_not_be_emptied(any_store: Store, make: Make) -> None:
    id = make.case()
    with pytest.raises(Needed) as caught:
        any_store.write(records.save, "case", id, {"title": " "})
    assert caught.value.field == "title"


def test_an_alias_is_enough_for_a_person(any_store: Store, make: Make) -> None:
    id = make.person(family_name=None, aliases=["Mame"])
    assert any_store.read(records.get, "person", id).title == "Mame"
    with pytest.raises(Needed):
        any_store.write(records.save, "person", id, {"aliases": []})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"birth": "soon"}, "birth"),
        ({"phone": "12"}, "phone"),
        ({"given_name": "x" * 1001}, "given_name"),
    ],
)
def test_a_wrong_value_names_its_field(
    any_store: Store, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadValue) as caught:
        any_store.write(records.save, "person", None, {"family_name": "Ba", **values})
    assert caught.value.field == field
    assert ops(any_store) == []


def test_an_unknown_field_is_refused(any_store: Store) -> None:
    with pytest.raises(Unknown):
        any_store.write(records.save, "person", None, {"family_name": "Ba", "stamps": {}})


def test_values_of_every_kind_come_back_as_stored(any_store: Store, make: Make) -> None:
    case = make.case(jobs=3.0, sales=150_000, costs="1 250,50 €", opened="12/3/2026")
    line = make.budget_line(case=case, what="Feed", quantity="2,5", price="7500 F")
    account = make.account(name="Awa", active=1)
    values = any_store.read(records.get, "case", case).values
    assert (values["jobs"], values["sales"], values["costs"], values["opened"]) == (
        3,
        "150000 XOF",
        "1250.5 EUR",
        "2026-03-12",
    )
    assert any_store.read(records.get, "budget_line", line).values["quantity"] == 2.5
    assert any_store.read(records.get, "account", account).values["active"] is True


def test_a_view_shows_links_by_title_in_the_language(any_store: Store, make: Make) -> None:
    place = make.place(name="Kolda")
    id = make.person(given_name="Awa", origin=place, sex="female", residence_country="SN")
    case = make.case(person=id)
    i18n.use("fr")
    view = any_store.read(records.get, "person", id)
    assert view.title == "Awa Diallo"
    assert (view.shown["origin"], view.shown["residence_country"]) == ("Kolda", "Sénégal")
    assert any_store.read(records.get, "case", case).shown["person"] == "Awa Diallo"
    assert any_store.read(records.title_of, "person", id) == "Awa Diallo"
    assert any_store.read(records.titles, "person", [id, "none"]) == {id: "Awa Diallo"}
    assert any_store.read(records.title_of, "person", "none") == ""
    assert view.changed.endswith("Z")


def test_a_case_with_its_lines_is_one_transaction(any_store: Store, make: Make) -> None:
    person = make.person()
    case = any_store.write(
        records.save_all,
        "case",
        None,
        {"title": "Shop", "person": person},
        {
            "step": [(None, {"what": "Visit"}), (None, {"what": "Call"})],
            "budget_line": [(None, {"what": "Shelf", "price": "5000 XOF"})],
        },
    )
    made = ops(any_store)[1:]
    assert {op.tx for op in made} == {made[0].stamp}
    lines = any_store.read(records.children, "case", case)
    assert set(lines) == {t.kind for t in children_of("case")}
    first, second = lines["step"]
    again = {"step": [(first.id, {"what": "Visit again"}), (second.id, None)]}
    any_store.write(records.save_all, "case", case, {"title": "Kiosk"}, again)
    lines = any_store.read(records.children, "case", case)
    assert [v.title for v in lines["step"]] == ["Visit again"]
    assert [v.title for v in lines["budget_line"]] == ["Shelf"]


def test_a_wrong_line_writes_nothing_of_the_case(any_store: Store, make: Make) -> None:
    case = make.case()
    before = ops(any_store)
    lines = {"budget_line": [(None, {"what": "a", "price": "1"}), (None, {"what": "b"})]}
    with pytest.raises(Needed) as caught:
        any_store.write(records.save_all, "case", case, {"title": "Other"}, lines)
    assert caught.value.field == "price"
    assert ops(any_store) == before


def test_the_bin_takes_and_gives_the_lines_too(any_store: Store, make: Make) -> None:
    case = make.case()
    kept, dropped = (make.step(case=case, what=what) for what in ("kept", "dropped"))
    other = make.step(case=make.case(), what="other")
    any_store.write(records.delete, "step", dropped)
    any_store.write(records.delete, "case", case)
    assert any_store.read(records.get, "case", case).deleted
    assert any_store.read(records.get, "step", kept).deleted
    assert not any_store.read(records.get, "step", other).deleted
    assert any_store.read(records.count, "case", Query()) == 1
    assert [v.id for v in walk(any_store, "case", Query(deleted=True))] == [case]
    any_store.write(records.restore, "case", case)
    assert [v.id for v in any_store.read(records.children, "case", case)["step"]] == [kept]
    any_store.write(records.delete, "case", case)
    any_store.write(records.restore, "case", case)
    assert [v.id for v in any_store.read(records.children, "case", case)["step"]] == [kept]


def test_what_is_not_here_is_gone(any_store: Store) -> None:
    for service in (records.get, records.delete, records.restore):
        with pytest.raises(Gone):
            any_store.write(service, "person", "none")


@pytest.mark.parametrize(
    ("role", "kind", "values", "may"),
    [
        ("enumerator", "person", {"family_name": "Sow"}, True),
        ("enumerator", "place", {"name": "Kolda"}, False),
        ("enumerator", "account", {"name": "Me", "role": "administrator"}, False),
        ("agent", "place", {"name": "Kolda"}, True),
        ("agent", "account", {"name": "Me", "role": "administrator"}, False),
        ("office_head", "account", {"name": "New", "role": "agent"}, True),
    ],
)
def test_a_role_writes_what_is_its_work(
    any_store: Store, role: str, kind: str, values: dict[str, str], may: bool
) -> None:
    any_store.role = role
    if may:
        assert any_store.write(records.save, kind, None, values)
        return
    with pytest.raises(NotYours):
        any_store.write(records.save, kind, None, values)
    assert any_store.read(records.count, kind, Query()) == 0


def test_a_role_neither_changes_nor_undoes_what_is_not_its_work(any_store: Store) -> None:
    id = any_store.write(records.save, "place", None, {"name": "Kolda"})
    any_store.role = "enumerator"
    for service, arguments in (
        (records.save, ("place", id, {"name": "Sédhiou"})),
        (records.delete, ("place", id)),
        (history.undo_last, ()),
    ):
        with pytest.raises(NotYours):
            any_store.write(service, *arguments)
    assert any_store.read(records.get, "place", id).title == "Kolda"


def test_the_lines_of_a_record_have_no_limit(any_store: Store) -> None:
    def fill(session: Session) -> str:
        household = records.save(session, "household", None, {"name": "Sané"})
        for number in range(1_205):
            values = {"household": household, "name": f"M{number}"}
            records.save(session, "member", None, values)
        return household

    household = any_store.write(fill)
    lines = any_store.read(records.lines_of, "member", household)
    assert len({line.id for line in lines}) == len(lines) == 1_205


def test_a_count_is_told_no_further_than_asked(any_store: Store, make: Make) -> None:
    ids = [make.person(family_name=f"Sow {n}") for n in range(5)]
    any_store.write(records.delete, "person", ids[0])
    any_store.write(records.delete, "person", ids[4])
    told = [any_store.read(records.count_up_to, "person", most) for most in (1, 2, 3, 4, 100)]
    assert told == [1, 2, 3, 3, 3]


def test_a_record_without_anything_in_it_is_not_made(store: Store) -> None:
    with pytest.raises(records.Needed) as told:
        store.write(records.save, "household_budget", None, {})
    assert told.value.field == "household"
