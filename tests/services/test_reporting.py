"""Figures for others: no personal field, small cells hidden, the same on both databases, and
a role that sees nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors

from migdesk.models import RECORDS, pg_report
from migdesk.models.store import Store
from migdesk.services import agency, records, reporting
from tests import pg
from tests.services import field
from tests.tools import Make

PASSWORD = "figures and nothing else"


def people(make: Make) -> None:
    """12 women and 9 men grown up, 3 girls; one man from Mali. Among the phases a word that
    somebody typed, which is a name."""
    for n in range(12):
        make.person(family_name=f"Secret{n}", sex="female", birth="1990", nationality="SN")
    for n in range(9):
        make.person(family_name=f"Hidden{n}", sex="male", birth="1985~", nationality="SN")
    for n in range(3):
        make.person(family_name=f"Child{n}", sex="female", birth="2020", nationality="SN")
    make.person(family_name="Keita", sex="male", birth="1991", nationality="ML")
    make.person(family_name="Sow", sex="male", birth="1991", phase="wants to see Aminata")


def figure(store: Store, name: str) -> dict[tuple[str, str], Any]:
    """(row, column) → value of one figure."""
    found = {each.name: each for each in store.read(reporting.figures)}[name]
    at = [n for n, c in enumerate(found.columns) if not c.endswith(("_fr", "_en"))]
    rows = [[row[n] for n in at] for row in found.rows]
    assert all((value is None) == hidden for *_codes, value, hidden in rows)
    return {(row[-4], row[-3]): row[-2] for row in rows}


def test_small_cells_are_hidden_and_cannot_be_computed(any_store: Store, make: Make) -> None:
    people(make)
    ages = figure(any_store, "people_by_age")
    assert ages["total", "total"] == 26
    assert ages["5-14", "female"] is None
    nations = figure(any_store, "people_by_nationality")
    assert nations["ML", "male"] is None
    for name in ("people_by_age", "people_by_nationality", "people_by_phase"):
        cells = figure(any_store, name)
        assert all(value is None or value == 0 or value >= 5 for value in cells.values())
        for side in (0, 1):
            for code in {pair[side] for pair in cells}:
                line = [v for pair, v in cells.items() if pair[side] == code]
                assert line.count(None) != 1, (name, code)


def test_what_one_figure_hides_no_other_tells(any_store: Store, make: Make) -> None:
    people(make)
    below = [
        {c: v for (r, c), v in figure(any_store, name).items() if r == "total"}
        for name in pg_report.SHAPES
        if name.startswith("people")
    ]
    assert all(each == below[0] for each in below)


def test_a_word_beside_the_list_is_not_repeated(any_store: Store, make: Make) -> None:
    people(make)
    told = str(any_store.read(reporting.figures))
    for needle in ("Aminata", "Secret", "Keita", "Hidden"):
        assert needle not in told
    assert ("other_word", "male") in figure(any_store, "people_by_phase")


def test_no_figure_counts_by_a_secret_field() -> None:
    class Spy:
        """Notes which fields are asked of the records."""

        def execute(self, statement: Any) -> Any:
            asked.update(
                (column.table.name, column.name) for column in statement.selected_columns
            )
            return Empty()

    class Empty:
        def all(self) -> list[Any]:
            return []

        def __iter__(self) -> Iterator[Any]:
            return iter(())

    asked: set[tuple[str, str]] = set()
    list(reporting._counted(Spy()))  # type: ignore[arg-type]
    list(reporting._money(Spy()))  # type: ignore[arg-type]
    declared = {t.model.__tablename__: t for t in RECORDS.values()}
    secret = {(t, n) for t, n in asked if declared[t][n].secret}
    assert len(asked) >= 12 and secret == {("person", "birth")}
    assert reporting._age_band("1985-03-02") == "35-59"


def test_money_is_told_only_of_many(any_store: Store, make: Make) -> None:
    case = make.case()
    for n in range(6):
        line = {"case": case, "source": f"S{n}", "status": "granted", "amount": "1000 XOF"}
        any_store.write(records.save, "finance_line", None, line)
    one = {"case": case, "source": "Awa", "status": "to_ask", "amount": "777 XOF"}
    any_store.write(records.save, "finance_line", None, one)
    told = figure(any_store, "money_by_state")
    assert told["to_ask", "XOF"] is told["granted", "XOF"] is None
    assert told["total", "XOF"] == 6777


def test_answers_are_counted_with_words_of_both_languages(store: Store) -> None:
    form = field.questionnaire(store)
    assert form
    assert {each.name for each in store.read(reporting.figures)} == set(pg_report.SHAPES)


@pytest.fixture
def reader(pg_store: Store, pg_url: str) -> Iterator[psycopg.Connection[Any]]:
    """Who has the login of the reports."""
    pg_store.write(agency.set_up)
    name = "reports_" + pg_url.split("@/")[1].split("?")[0]
    pg_store.write(agency.keep_login, name, "", "reporting", PASSWORD)
    address = pg.plain(pg_url).replace("postgres@", f"{name}@")
    with psycopg.connect(address, password=PASSWORD, autocommit=True) as connection:
        yield connection
    pg_store.write(agency.drop_login, name)


def test_the_schema_has_the_figures_and_no_more_than_once_a_day(
    pg_store: Store, make: Make, reader: psycopg.Connection[Any]
) -> None:
    people(make)
    assert pg_store.write(reporting.refresh)
    rows = reader.execute("SELECT * FROM report.people_by_age").fetchall()
    (expected,) = [f for f in pg_store.read(reporting.figures) if f.name == "people_by_age"]
    assert set(rows) == set(expected.rows)
    make.person(family_name="Late", sex="female", birth="1990")
    assert not pg_store.write(reporting.refresh)
    total = "SELECT people FROM report.people_by_age WHERE age_band = 'total' AND sex = 'total'"
    assert reader.execute(total).fetchone() == (26,)
    assert pg_store.write(reporting.refresh, again=True)
    assert reader.execute(total).fetchone() == (27,)
    views = reader.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'report'"
    ).fetchall()
    assert {name for (name,) in views} == {*pg_report.SHAPES, "about"}


def test_the_reporting_role_sees_nothing_else(
    pg_store: Store, reader: psycopg.Connection[Any]
) -> None:
    for table in ("person", "op", "search_doc", "meta", "account", "draft", "audit", "blob"):
        with pytest.raises(errors.InsufficientPrivilege):
            reader.execute(f"SELECT * FROM public.{table}")
    for sql in (
        "SELECT * FROM agency.login",
        "SELECT * FROM agency.cell",
        "DELETE FROM report.people_by_age",
        "SELECT agency.account()",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            reader.execute(sql)
    seen = reader.execute(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('public', 'agency') AND c.relkind IN ('r', 'v') "
        "AND has_table_privilege(c.oid, 'SELECT')"
    )
    assert seen.fetchone() == (0,)
