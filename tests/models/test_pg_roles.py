"""Roles inside the database: a forged client with the password of a role does no more than
the role."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors

from migdesk.clock import uuid7
from migdesk.models import RECORDS
from migdesk.models.declare import STAFF
from migdesk.models.meta import set_meta
from migdesk.models.pg import NotGranted, WrongLogin
from migdesk.models.store import Store
from migdesk.services import agency, records
from tests import pg

PASSWORD = "a long sentence of mine"


class Agency:
    """A database that was set up, with a login for each role."""

    def __init__(self, owner: Store, url: str) -> None:
        self.owner, self.url = owner, url
        self.database = url.split("@/")[1].split("?")[0]
        self.accounts: dict[str, str] = {}
        self._open: list[psycopg.Connection[tuple[object, ...]]] = []
        self._stores: list[Store] = []
        owner.write(agency.set_up)
        owner.write(set_meta, "identity", "a private key")
        for role in ("reader", "enumerator", "agent", "office_head", "administrator"):
            account = self.accounts[role] = uuid7()
            owner.write(records.save, "account", account, {"name": role, "role": "agent"})
            owner.write(agency.keep_login, self.name(role), account, role, PASSWORD)
        for role in agency.PROGRAMS:
            owner.write(agency.keep_login, self.name(role), "", role, PASSWORD)

    def name(self, role: str) -> str:
        """Logins belong to the whole server: each database of the tests has its own."""
        return f"{role}_{self.database}".replace("-", "_")

    def raw(self, role: str) -> psycopg.Connection[tuple[object, ...]]:
        """A client of an attacker who has the password."""
        address = pg.plain(self.url).replace("postgres@", f"{self.name(role)}@")
        opened = psycopg.connect(address, password=PASSWORD, autocommit=True)
        self._open.append(opened)
        return opened

    def store(self, role: str) -> Store:
        """Our own program."""
        store = Store.connect(self.url, self.name(role), PASSWORD)
        store.actor, store.role = self.accounts.get(role, ""), role
        if role == "hub":
            store.role = ""
        self._stores.append(store)
        return store

    def close(self) -> None:
        for each in (*self._open, *self._stores):
            each.close()
        for role in (*self.accounts, *agency.PROGRAMS):
            self.owner.write(agency.drop_login, self.name(role))


@pytest.fixture
def shared(pg_store: Store, pg_url: str) -> Iterator[Agency]:
    made = Agency(pg_store, pg_url)
    yield made
    made.close()


Client = psycopg.Connection[tuple[object, ...]]


def refused(client: Client, sql: str, values: Sequence[object] = ()) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        client.execute(sql, values)  # type: ignore[arg-type]


def test_each_role_writes_what_its_records_say(shared: Agency) -> None:
    wanted = {"person": {"family_name": "Diallo"}, "visit": {"request": "funding_search"},
              "office": {"name": "HOM"}}
    for role in ("enumerator", "agent", "office_head", "administrator", "reader"):
        store = shared.store(role)
        for kind, values in wanted.items():
            if role in RECORDS[kind].writers:
                assert store.write(records.save, kind, None, values)
                continue
            store.role = ""  # a program that does not know the rule
            with pytest.raises(NotGranted):
                store.write(records.save, kind, None, values)
            store.role = role
        assert store.read(records.count, "person", records.Query()) >= 0


def test_the_log_is_only_added_to(shared: Agency) -> None:
    shared.store("agent").write(records.save, "person", None, {"family_name": "Diallo"})
    for role in ("reader", "enumerator", "agent"):
        client = shared.raw(role)
        refused(client, "DELETE FROM op")
        refused(client, "UPDATE op SET body = ''")
        refused(client, "TRUNCATE op")
    head = shared.raw("office_head")
    refused(head, "DELETE FROM op")
    changed = "UPDATE op SET body = replace(body, 'Diallo', 'Sow')"
    assert head.execute(changed).rowcount == 0
    refused(head, "UPDATE op SET stamp = stamp || 'x'")
    # Only what an erasure in the log takes away may be emptied.
    assert head.execute("UPDATE op SET body = '' WHERE kind = 'person'").rowcount == 0


def _op(shared: Agency, **changed: str) -> tuple[str, list[object]]:
    """An insert of a line of the log, as an agent's program would write it."""
    with psycopg.connect(pg.plain(shared.url)) as owner:
        row = owner.execute("SELECT value FROM meta WHERE key = 'device'").fetchone()
    assert row
    known = {"kind": "person", "actor": shared.accounts["agent"], "device": str(row[0])}
    known |= changed
    stamp = f"{1:016x}-{known['device']}"
    body = json.dumps({"actor": known["actor"], "fields": {"family_name": "Sow"}})
    sql = (
        'INSERT INTO op (stamp, "row", kind, body, link, parked, origin) '
        "VALUES (%s, %s, %s, %s, '', false, '')"
    )
    return sql, [stamp, uuid7(), known["kind"], body]


def test_nobody_writes_in_the_name_of_another(shared: Agency) -> None:
    client = shared.raw("agent")
    refused(client, *_op(shared, actor=shared.accounts["office_head"]))
    refused(client, *_op(shared, kind="office"))
    refused(client, *_op(shared, device="0123456789abcdef"))
    assert client.execute(*_op(shared)).rowcount == 1


def test_keys_of_the_exchange_are_not_for_everybody(shared: Agency) -> None:
    for role in ("reader", "enumerator", "agent", "office_head"):
        client = shared.raw(role)
        assert client.execute("SELECT * FROM meta WHERE key = 'identity'").fetchall() == []
        assert client.execute("SELECT * FROM meta WHERE key = 'device'").fetchall() != []
        changed = "UPDATE meta SET value = 'x' WHERE key IN ('identity', 'device', 'office')"
        assert client.execute(changed).rowcount == 0
    for role in ("administrator", "hub"):
        client = shared.raw(role)
        assert client.execute("SELECT * FROM meta WHERE key = 'identity'").fetchall() != []


def test_rows_are_not_removed_and_nothing_is_made(shared: Agency) -> None:
    shared.store("agent").write(records.save, "person", None, {"family_name": "Diallo"})
    for role in ("reader", "enumerator", "agent", "office_head"):
        client = shared.raw(role)
        for sql in (
            "DELETE FROM person",
            "CREATE TABLE mine (a int)",
            "ALTER TABLE op DISABLE ROW LEVEL SECURITY",
            "GRANT migdesk_administrator TO current_user",
            "SET ROLE migdesk_administrator",
            "SELECT * FROM pg_authid",
            "SELECT * FROM agency.login",
            "INSERT INTO agency.login VALUES ('x', 'y', 'administrator')",
            "SELECT agency.keep_login('new', 'a', 'administrator', '')",
            "COPY person TO PROGRAM 'true'",
        ):
            refused(client, sql)


def test_what_a_client_makes_for_itself_fools_no_function(shared: Agency) -> None:
    """Each may make temporary views. A type or a table of one's own is looked up first,
    unless a function that runs with the rights of the owner says otherwise."""
    trusting = shared.owner.read(
        lambda s: s.scalars(
            sa.text(
                "SELECT proname FROM pg_proc WHERE prosecdef "
                "AND 'search_path=pg_catalog, pg_temp' <> ALL (COALESCE(proconfig, '{}'))"
            )
        ).all()
    )
    assert trusting == []
    client = shared.raw("agent")
    client.execute("CREATE TEMP TABLE login (name text, account text, role text)")
    client.execute("INSERT INTO login VALUES (session_user, 'x', 'administrator')")
    assert client.execute("SELECT agency.role()").fetchone() == ("agent",)


def test_drafts_are_their_writers_own(shared: Agency) -> None:
    from migdesk.services import drafts

    shared.store("agent").write(drafts.put, "d", "person", "Awa", {"typed": {}})
    assert shared.raw("enumerator").execute("SELECT * FROM draft").fetchall() == []
    assert shared.raw("reader").execute("SELECT * FROM draft").fetchall() == []
    assert len(shared.raw("agent").execute("SELECT * FROM draft").fetchall()) == 1


def test_bytes_go_only_when_nothing_names_them(shared: Agency) -> None:
    client = shared.raw("agent")
    client.execute("INSERT INTO blob VALUES ('aa', 'x'), ('bb', 'y')")
    store = shared.store("agent")
    store.write(records.save, "attachment", None, {"name": "a.txt", "blob": "aa"})
    assert client.execute("DELETE FROM blob").rowcount == 1
    assert client.execute("SELECT hash FROM blob").fetchall() == [("aa",)]


def test_the_hub_takes_over_for_others(shared: Agency) -> None:
    hub = shared.raw("hub")
    sql, values = _op(shared, kind="office", actor="somebody", device="0123456789abcdef")
    assert hub.execute(sql, values).rowcount == 1
    assert hub.execute("DELETE FROM op").rowcount == 0  # but for one that is kept beside


def test_an_administrator_makes_logins_of_people_only(shared: Agency) -> None:
    store = shared.store("administrator")
    name = shared.name("late")
    account = store.write(records.save, "account", None, {"name": "Late", "role": "agent"})
    store.write(agency.keep_login, name, account, "agent", PASSWORD)
    assert (name, account, "agent") in {
        (each.name, each.account, each.role) for each in store.read(agency.logins)
    }
    for wrong in ("postgres", "migdesk_agent", "pg_monitor", 'x"; --'):
        with pytest.raises(NotGranted):
            store.write(agency.keep_login, wrong, account, "agent", PASSWORD)
    with pytest.raises(NotGranted):
        store.write(agency.keep_login, name, account, "superuser", PASSWORD)
    with pytest.raises(agency.ShortPassword):
        store.write(agency.keep_login, name, account, "agent", "short")
    late = Store.connect(shared.url, name, PASSWORD)
    assert late.read(agency.who) == agency.Login("", account, "agent")
    late.write(agency.change_password, name, PASSWORD + "!")
    late.close()
    with pytest.raises(WrongLogin):
        Store.connect(shared.url, name, PASSWORD)
    store.write(agency.drop_login, name)
    with pytest.raises(WrongLogin):
        Store.connect(shared.url, name, PASSWORD + "!")


def test_setting_up_again_changes_nothing_and_keeps_logins(shared: Agency) -> None:
    shared.owner.write(agency.set_up)
    shared.store("agent").write(records.save, "person", None, {"family_name": "Diallo"})
    assert len(shared.owner.read(agency.logins)) == len(shared.accounts) + 2


def test_staff_of_the_code_list_have_their_groups() -> None:
    from migdesk import codelists
    from migdesk.models import pg_roles

    assert {item.code for item in codelists.get("roles")} <= set(pg_roles.GROUPS)
    assert set(pg_roles.STAFF) >= STAFF


def test_merging_and_erasing_keep_to_the_roles(shared: Agency) -> None:
    from migdesk.models.capture import NotYours
    from migdesk.services import duplicates, erasure

    agent, head = shared.store("agent"), shared.store("office_head")
    one, two = (
        agent.write(records.save, "person", None, {"family_name": name})
        for name in ("Diallo", "Jallow")
    )
    agent.write(duplicates.merge, "person", two, one, {})
    agent.write(duplicates.unmerge, "person", two)
    with pytest.raises(NotYours):
        agent.write(erasure.erase, "person", two, "asked")
    agent.role = ""  # a program that does not know the rule
    with pytest.raises(NotGranted):
        agent.write(erasure.erase, "person", two, "asked")
    assert head.write(erasure.erase, "person", two, "asked") == 1
    bodies = shared.raw("agent").execute("SELECT body FROM op").fetchall()
    assert "Jallow" not in str(bodies) and "Diallo" in str(bodies)


def test_nobody_writes_the_office_in_the_name_of_a_colleague(shared: Agency) -> None:
    """An invitation brings lines of another office; a forger would use that way."""
    client = shared.raw("administrator")
    for role in ("agent", "office_head"):
        refused(client, *_op(shared, kind="office", actor=shared.accounts[role]))
    other = _op(shared, kind="office", actor=uuid7(), device="0123456789abcdef")
    assert client.execute(*other).rowcount == 1


def test_an_erasure_cannot_be_pretended(shared: Agency) -> None:
    id = shared.store("agent").write(records.save, "person", None, {"family_name": "Diallo"})
    head = shared.raw("office_head")
    head.execute(
        'INSERT INTO erasure ("row", kind, stamp) VALUES (%s, %s, %s)', (id, "person", "x")
    )
    assert head.execute("UPDATE op SET body = ''").rowcount == 0


def test_temporary_tables_fool_no_function(shared: Agency) -> None:
    """Names of the catalogue are looked for there, and not among a client's own tables."""
    client = shared.raw("administrator")
    client.execute("CREATE TEMP TABLE pg_roles (rolname name, oid oid)")
    client.execute("CREATE TEMP TABLE pg_auth_members (roleid oid, member oid)")
    values = "postgres", shared.accounts["agent"], "administrator", "SCRAM-SHA-256$x"
    refused(client, "SELECT agency.keep_login(%s, %s, %s, %s)", values)
    client.execute("CREATE TEMP TABLE login (name text, account text, role text)")
    client.execute("INSERT INTO login VALUES (session_user, 'x', 'hub')")
    role = client.execute("SELECT agency.role()").fetchone()
    assert role == ("administrator",)


def test_what_only_the_owner_may(shared: Agency) -> None:
    for role in ("reader", "agent", "office_head", "administrator", "hub"):
        client = shared.raw(role)
        refused(client, "UPDATE agency.login SET role = 'administrator'")
        refused(client, "INSERT INTO agency.login VALUES ('eve', NULL, 'hub')")
        refused(client, "ALTER TABLE op DISABLE ROW LEVEL SECURITY")
        refused(client, "CREATE TABLE public.mine (x int)")
        refused(client, "CREATE FUNCTION agency.role() RETURNS text LANGUAGE sql AS 'SELECT 1'")
        refused(client, "SET ROLE postgres")
        refused(client, "COPY op TO PROGRAM 'cat'")
        refused(client, "SELECT pg_read_file('/etc/hostname')")
        refused(client, "SELECT setval('op_seq_seq', 1)")
