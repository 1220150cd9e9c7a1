"""Compartments on a shared database: the server hides what an account was not given, also
from a client that is not ours; the program reads through its own views besides."""

from __future__ import annotations

import pytest
from psycopg import errors

from migdesk.models.store import Store
from migdesk.services import history, office, records, search
from migdesk.services.views import Gone, Query
from tests.models.test_pg_roles import Agency, shared

__all__ = ["shared"]
TABLES = ("case", "step", "visit", "op", "search_doc", "sealed", "attachment")


def lawyer(shared: Agency) -> Store:
    """An agent who was given legal work."""
    store = shared.store("agent")
    account = shared.accounts["agent"]
    shared.owner.write(records.save, "account", account, {"compartments": ["legal"]})
    return store


def test_an_account_without_the_right_finds_nothing_on_the_server(shared: Agency) -> None:
    store = lawyer(shared)
    person = store.write(records.save, "person", None, {"given_name": "Awa"})
    about = {"title": "Quagga", "person": person, "compartment": "legal"}
    case = store.write(records.save, "case", None, about)
    store.write(records.save, "step", None, {"case": case, "what": "Okapi"})
    store.write(records.save, "visit", None, {"case": case, "request": "x", "words": "Quagga"})
    store.write(records.save, "case", case, {"decision": "Okapi"})
    store.write(office.note, "print", f"case {case}")
    assert store.read(records.count, "case", Query()) == 1
    assert store.read(search.find, "Quagga") != ()
    for role in ("reader", "enumerator", "office_head", "administrator"):
        client = shared.raw(role)
        for table in (*TABLES, "audit"):
            rows = client.execute(f'SELECT t::text FROM "{table}" t').fetchall()  # type: ignore[arg-type]
            assert [row for row in rows if "Quagga" in str(row) or case in str(row)] == []
        own = shared.store(role)
        assert own.read(records.count, "case", Query()) == 0
        assert own.read(search.find, "Quagga") == ()
        assert own.read(history.history, "person", person) != ()
        with pytest.raises(Gone):
            own.read(records.get, "case", case)
    hub = shared.store("hub")
    assert hub.read(records.count, "case", Query()) == 1


def test_on_the_server_only_an_administrator_gives_rights(shared: Agency) -> None:
    head, account = shared.raw("office_head"), shared.accounts["office_head"]
    with pytest.raises(errors.InsufficientPrivilege):
        head.execute(
            """UPDATE account SET compartments = '["legal"]' WHERE id = %s""", (account,)
        )
    store = shared.store("administrator")
    store.write(records.save, "account", account, {"compartments": ["legal"]})
    held = shared.store("office_head")
    assert held.granted == {"legal"}


def test_restricted_words_and_masked_names_on_the_server(shared: Agency) -> None:
    owner = shared.owner
    said = {"given_name": "Zuberi", "family_name": "Quokka", "needs": ["refugee"], "note": "X1"}
    person = owner.write(records.save, "person", None, said)
    owner.write(records.save, "person", person, {"note": "X2"})
    store = shared.store("agent")
    view = store.read(records.get, "person", person)
    assert (view.title, view.values["note"]) == ("Z. Q.", None)
    told = store.read(history.history, "person", person)
    assert "Zuberi" not in repr(told) and "X2" not in repr(told)
    store.write(records.save, "person", person, {"skills": "Weaves"})
    assert store.read(records.get, "person", person).values["skills"] == "Weaves"
