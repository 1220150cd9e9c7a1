"""Roles inside PostgreSQL: what each may do, whatever program it uses.

A person logs in as a role of the server; `agency.login` says which account that is. Its
rights come from one group (`migdesk_agent`, …), whose grants follow the ``__writers__`` of
the records:

- nobody but the owner alters or removes a line of the log; heads and the hub may empty the
  lines of an erased record, and the hub puts one of two lines with the same stamp beside the
  log (`twin`). A new line must be of a kind that the role may write, bear the
  account of who is logged in and the name of this database as its writer;
- rows of records are never removed, since deleting them is a line of the log;
- keys of the exchange (`SECRET_FACTS`) are read by administrators and the hub alone; drafts
  by their writer, and by who erases a record;
- `reporting` sees the schema `report` and nothing else.

The functions of the schema `agency` run as the owner of the database, who needs CREATEROLE.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from . import RECORDS, pg_walls
from .declare import HEADS, Base

STAFF = ("enumerator", "agent", "office_head", "agency", "administrator")
"""Codes of the list `roles` that write."""
GROUPS = ("reader", *STAFF, "hub", "reporting")
"""Every role that a login may have."""
KEEPERS = ("administrator", "hub")
"""Who may hold the keys of the exchange, and all that belongs to it."""

SECRET_FACTS = "(identit|key|joining|secret|password)"
"""Facts of `meta` that are or hold secrets, as a regular expression over their names."""
COUNTERS = "^(clock|code[.]|ticket[.])"
"""Facts that every save moves on."""

DERIVED = ("conflict", "search_doc", "alias", "sealed")
"""Made from the log, and made again from it by `migdesk check`."""
OWN = ("draft", "undone", "blob", "chunk", "audit", "op", "meta", "erasure", "twin")
"""Local tables that staff use, each with rules of its own."""
SHOWN = (
    *("peer", "received", "interval", "ack", "sent", "head", "outbox", "lent"),
    "held_back",
)
"""Of the exchange, what its page shows to everybody."""


def group(role: str) -> str:
    """Name of a group in the server, shared by all databases there."""
    return f"migdesk_{role}"


def _list(roles: tuple[str, ...] | list[str]) -> str:
    return ", ".join(map(group, roles))


def _records() -> dict[str, frozenset[str]]:
    """Table of each record type → roles that write it."""
    return {t.model.__tablename__: t.writers for t in RECORDS.values()}


def statements() -> Iterator[str]:
    """All of it, in order; may be run again after an update of the program."""
    yield from _groups()
    yield _AGENCY
    yield pg_walls.FUNCTIONS
    yield from _closed()
    yield from _record_grants()
    yield from _local_grants()
    yield from _rows()


def _groups() -> Iterator[str]:
    for role in GROUPS:
        yield (
            f"DO $$ BEGIN CREATE ROLE {group(role)} NOLOGIN; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )


def _closed() -> Iterator[str]:
    """Nothing is open to whoever merely can connect."""
    inside = [role for role in GROUPS if role != "reporting"]
    # Temporary: the views before what an account may not see are its connection's own.
    asked = (
        "REVOKE ALL ON DATABASE %I FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE %I TO {_list(list(GROUPS))}",
        f"GRANT TEMPORARY ON DATABASE %I TO {_list(inside)}",
    )
    for sql in asked:
        yield f"DO $$ BEGIN EXECUTE format('{sql}', current_database()); END $$"
    for schema in ("public", "agency"):
        yield f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC"
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {_list(list(GROUPS))}"
        yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC"
        yield f"GRANT USAGE ON SCHEMA {schema} TO {_list(inside)}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {_list([*STAFF, 'reader', 'hub'])}"
    yield f"GRANT SELECT ON alembic_version TO {_list(inside)}"
    yield f"GRANT EXECUTE ON FUNCTION agency.account(), agency.role() TO {_list(inside)}"
    yield f"GRANT EXECUTE ON FUNCTION {pg_walls.GRANTED} TO {_list(inside)}"
    yield f"GRANT EXECUTE ON FUNCTION agency.unnamed(text) TO {_list([*STAFF, 'hub'])}"
    heads = _list([*sorted(HEADS), "hub"])
    yield f"GRANT EXECUTE ON FUNCTION agency.is_erased(text) TO {heads}"
    who = "agency.works_here(text)"
    yield f"GRANT EXECUTE ON FUNCTION {who} TO {group('administrator')}"
    keepers = "agency.keep_login(text, text, text, text), agency.drop_login(text)"
    yield f"GRANT EXECUTE ON FUNCTION {keepers} TO {group('administrator')}"
    yield f"GRANT SELECT ON agency.login TO {_list(list(KEEPERS))}"


def _record_grants() -> Iterator[str]:
    for table, writers in _records().items():
        yield f'GRANT SELECT ON "{table}" TO {_list(["reader", *STAFF, "hub"])}'
        writing = [role for role in STAFF if role in writers]
        yield f'GRANT INSERT, UPDATE ON "{table}" TO {_list([*writing, "hub"])}'


def _local_grants() -> Iterator[str]:
    everybody = _list(["reader", *STAFF, "hub"])
    writing = _list([*STAFF, "hub"])
    for table in DERIVED:
        yield f"GRANT SELECT ON {table} TO {everybody}"
        yield f"GRANT INSERT, UPDATE, DELETE ON {table} TO {writing}"
    yield f"GRANT SELECT ON {', '.join(OWN)} TO {everybody}"
    yield f"GRANT INSERT ON op, undone, blob TO {writing}"
    yield f"GRANT INSERT ON audit, meta TO {everybody}"
    yield f"GRANT UPDATE ON meta TO {everybody}"
    yield f"GRANT INSERT, UPDATE, DELETE ON draft TO {writing}"
    yield f"GRANT UPDATE, DELETE ON undone TO {writing}"
    yield f"GRANT DELETE ON blob, chunk TO {writing}"
    heads = _list([*sorted(HEADS), "hub"])
    yield f"GRANT UPDATE (body, parked) ON op TO {heads}"
    yield f"GRANT INSERT ON erasure TO {heads}"
    yield f"GRANT DELETE ON twin, held_back TO {heads}"
    yield f"GRANT DELETE ON op TO {group('hub')}"
    yield f"GRANT INSERT, UPDATE ON chunk, twin TO {group('hub')}"
    known = {*_records(), *DERIVED, *OWN}
    every = "SELECT, INSERT, UPDATE, DELETE"
    for name in (t.name for t in Base.metadata.sorted_tables if t.name not in known):
        if name in SHOWN:
            yield f'GRANT SELECT ON "{name}" TO {everybody}'
        yield f'GRANT {every} ON "{name}" TO {_list(list(KEEPERS))}'


def _rows() -> Iterator[str]:
    """Which rows of the shared tables a role may see and write."""
    everybody = _list(["reader", *STAFF, "hub"])
    people, hub = _list(["reader", *STAFF]), group("hub")
    yield from pg_walls.rows(_ruled, _policy, people, hub)
    yield from _log_rows(people)
    yield from _own_rows(everybody)


def _log_rows(people: str) -> Iterator[str]:
    yield from _ruled("op")
    yield _policy("op", "seen", "SELECT", people, 'agency.sees("row")')
    yield _policy("op", "whole", "SELECT", group("hub"), "true")
    for role in STAFF:
        kinds = ", ".join(f"'{t.kind}'" for t in RECORDS.values() if role in t.writers)
        yield _policy(
            "op",
            role,
            "INSERT",
            group(role),
            f"kind IN ({kinds}) AND origin = '' AND NOT parked "
            "AND body::jsonb ->> 'actor' = (SELECT agency.account()) "
            "AND substr(stamp, 18) = (SELECT value FROM meta WHERE key = 'device')",
        )
    yield _policy("op", "hub", "INSERT", group("hub"), "true")
    # An invitation brings these; the lines of the register are signed by the office.
    invited = (
        "kind IN ('device', 'office') AND origin = '' AND NOT parked "
        "AND NOT agency.works_here(body::jsonb ->> 'actor')"
    )
    yield _policy("op", "invited", "INSERT", group("administrator"), invited)
    emptied = "body = '' OR body::jsonb -> 'fields' = '{}'"
    gone = 'agency.is_erased("row")'
    yield _policy("op", "emptied", "UPDATE", _list(sorted(HEADS)), gone, emptied)
    yield _policy("op", "taken", "UPDATE", group("hub"), "true", "true")
    kept = "EXISTS (SELECT 1 FROM twin t WHERE t.stamp = op.stamp AND t.link = op.link)"
    yield _policy("op", "twin", "DELETE", group("hub"), kept)


def _own_rows(everybody: str) -> Iterator[str]:
    mine, keepers = "account = (SELECT agency.account())", _list(list(KEEPERS))
    yield from _ruled("meta")
    yield _policy("meta", "seen", "SELECT", everybody, f"key !~ '{SECRET_FACTS}'")
    for does in ("INSERT", "UPDATE"):
        counted = f"key ~ '{COUNTERS}'"
        yield _policy("meta", f"counted_{does}", does, _list(list(STAFF)), counted, counted)
    yield _policy("meta", "kept", "ALL", keepers, "true", "true")
    yield from _ruled("draft")
    yield _policy("draft", "own", "ALL", _list([*STAFF, "hub"]), mine, mine)
    for does in ("SELECT", "DELETE"):  # who erases a record looks for drafts of it
        yield _policy("draft", f"erased_{does}", does, _list(sorted(HEADS)), "true")
    yield from _ruled("audit")
    yield _policy("audit", "noted", "INSERT", everybody, f"{mine} OR account = ''")
    yield _policy("audit", "own", "SELECT", everybody, f"{mine} OR account = ''")
    heads = _list(sorted(HEADS))
    yield _policy("audit", "seen", "SELECT", heads, "NOT agency.tells(detail)")
    yield _policy("audit", "whole", "SELECT", group("hub"), "true")
    for table in ("blob", "chunk"):
        yield from _ruled(table)
        named = f"EXISTS (SELECT 1 FROM attachment a WHERE a.blob = {table}.hash)"
        typed = f"EXISTS (SELECT 1 FROM draft d WHERE strpos(d.body::text, {table}.hash) > 0)"
        seen = f"{named} OR {typed} OR agency.unnamed({table}.hash)"
        yield _policy(table, "seen", "SELECT", _list(["reader", *STAFF]), seen)
        yield _policy(table, "whole", "SELECT", group("hub"), "true")
        yield _policy(table, "added", "INSERT", _list([*STAFF, "hub"]), "true")
        yield _policy(table, "lost", "DELETE", _list([*STAFF, "hub"]), "agency.unnamed(hash)")


def _ruled(table: str) -> Iterator[str]:
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield (
        "DO $$ DECLARE p text; BEGIN FOR p IN SELECT policyname FROM pg_policies "
        f"WHERE schemaname = 'public' AND tablename = '{table.strip(chr(34))}' LOOP "
        f"EXECUTE format('DROP POLICY %I ON {table}', p); END LOOP; END $$"
    )


def _policy(table: str, name: str, does: str, to: str, rows: str, new: str = "") -> str:
    """`rows`: which are seen, or for INSERT which may be added; `new`: how a changed row may
    look."""
    using = f"WITH CHECK ({rows})" if does == "INSERT" else f"USING ({rows})"
    after = f"WITH CHECK ({new})" if new and does != "INSERT" else ""
    return f'CREATE POLICY "{name}" ON {table} FOR {does} TO {to} {using} {after}'


def set_up(connection: sa.Connection) -> None:
    """Make or renew groups, grants, rules and functions; by the owner of the database."""
    for sql in statements():
        connection.exec_driver_sql(sql.replace("%", "%%"))


def is_set_up(connection: sa.Connection) -> bool:
    """Whether people log in here by `agency.login`."""
    found = connection.exec_driver_sql("SELECT to_regprocedure('agency.account()')")
    return found.scalar() is not None


def who(connection: sa.Connection) -> tuple[str, str]:
    """Account and role of who is connected; ("", "") for one that was never given any."""
    found = connection.exec_driver_sql("SELECT agency.account(), agency.role()").one()
    return found[0] or "", found[1] or ""


def is_owner(connection: sa.Connection) -> bool:
    """Whether who is connected owns the tables: no rule holds for the owner."""
    owner = "SELECT relowner FROM pg_class WHERE oid = 'public.op'::regclass"
    found = connection.exec_driver_sql(f"SELECT pg_has_role(({owner}), 'USAGE')")
    return bool(found.scalar())


def change_password(connection: sa.Connection, verifier: str) -> None:
    """A new password of who is connected, as the server keeps it."""
    connection.execute(
        sa.text("SELECT set_config('migdesk.verifier', :verifier, true)"),
        {"verifier": verifier},
    )
    connection.exec_driver_sql(
        "DO $$ BEGIN EXECUTE format('ALTER ROLE %%I PASSWORD %%L', session_user, "
        "current_setting('migdesk.verifier')); END $$"
    )


def keep_login(
    connection: sa.Connection, name: str, account: str, role: str, verifier: str
) -> None:
    """Make a login, or change its role; `verifier` "" leaves the password as it is."""
    connection.execute(
        sa.text("SELECT agency.keep_login(:name, :account, :role, :verifier)"),
        {"name": name, "account": account, "role": role, "verifier": verifier},
    )


def drop_login(connection: sa.Connection, name: str) -> None:
    """This login opens the database no more."""
    connection.execute(sa.text("SELECT agency.drop_login(:name)"), {"name": name})


def logins(connection: sa.Connection) -> list[tuple[str, str, str]]:
    """(name, account, role) of every login; administrators and the hub may ask."""
    rows = connection.exec_driver_sql("SELECT name, account, role FROM agency.login")
    return sorted((name, account or "", role) for name, account, role in rows)


_NAMES = "|".join(GROUPS)
_AGENCY = f"""
CREATE SCHEMA IF NOT EXISTS agency;
CREATE TABLE IF NOT EXISTS agency.login (
  name text PRIMARY KEY,
  account varchar(36),
  role text NOT NULL
);
CREATE OR REPLACE FUNCTION agency.account() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT account FROM agency.login WHERE name = session_user
$$;
CREATE OR REPLACE FUNCTION agency.role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT role FROM agency.login WHERE name = session_user
$$;
CREATE OR REPLACE FUNCTION agency.works_here(who text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM agency.login WHERE account = who)
$$;
CREATE OR REPLACE FUNCTION agency.is_erased(which text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM public.op WHERE "row" = which AND body <> ''
                 AND body::jsonb -> 'fields' ->> 'erased' = 'true')
$$;
CREATE OR REPLACE FUNCTION agency.unnamed(digest text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (SELECT 1 FROM public.attachment WHERE blob = digest)
     AND NOT EXISTS (SELECT 1 FROM public.draft WHERE strpos(body::text, digest) > 0)
$$;
CREATE OR REPLACE FUNCTION agency.keep_login(named text, who text, what text, verifier text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE held text;
BEGIN
  IF named !~ '^[a-z][a-z0-9._-]{{1,40}}$' OR named ~ '^(migdesk_|pg_)'
     OR what !~ '^({_NAMES})$'
     OR (verifier <> '' AND verifier NOT LIKE 'SCRAM-SHA-256$%')
     OR (what IN ('hub', 'reporting')) <> (who = '') THEN
    RAISE EXCEPTION 'refused' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = named)
     AND NOT EXISTS (SELECT 1 FROM agency.login WHERE name = named) THEN
    RAISE EXCEPTION 'taken' USING ERRCODE = '42501';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = named) THEN
    EXECUTE format('CREATE ROLE %I LOGIN', named);
  END IF;
  IF verifier <> '' THEN
    EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', named, verifier);
  END IF;
  FOR held IN SELECT r.rolname FROM pg_auth_members m
      JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles l ON l.oid = m.member
      WHERE l.rolname = named AND r.rolname LIKE 'migdesk\\_%' LOOP
    EXECUTE format('REVOKE %I FROM %I', held, named);
  END LOOP;
  EXECUTE format('GRANT %I TO %I', 'migdesk_' || what, named);
  INSERT INTO agency.login VALUES (named, nullif(who, ''), what)
    ON CONFLICT (name) DO UPDATE SET account = excluded.account, role = excluded.role;
END $$;
CREATE OR REPLACE FUNCTION agency.drop_login(named text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE held text;
BEGIN
  DELETE FROM agency.login WHERE name = named;
  IF NOT FOUND THEN RETURN; END IF;
  EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', named);
  FOR held IN SELECT r.rolname FROM pg_auth_members m
      JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles l ON l.oid = m.member
      WHERE l.rolname = named AND r.rolname LIKE 'migdesk\\_%' LOOP
    EXECUTE format('REVOKE %I FROM %I', held, named);
  END LOOP;
END $$
"""
