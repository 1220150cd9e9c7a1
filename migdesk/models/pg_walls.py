"""Compartments inside PostgreSQL: rows that a login does not see, whatever program it uses.

The program reads through temporary views (`sealing.walls`), which also leave out single
fields and masked names. These policies are the wall behind them: rows of a compartment that
an account was not given, with their lines, words, changes and files, are not there for it.
Who erases or deletes a person on a shared database does so with what is seen; what is hidden
waits for who sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from . import RECORDS
from .sealing import sealable

Policy = Callable[..., str]

FUNCTIONS = """
CREATE OR REPLACE FUNCTION agency.compartments() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT COALESCE((SELECT ARRAY(SELECT json_array_elements_text(a.compartments))
    FROM public.account a WHERE a.id = agency.account() AND a.compartments IS NOT NULL),
    '{}'::text[])
$$;
CREATE OR REPLACE FUNCTION agency.sees(named text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (SELECT 1 FROM public.sealed z WHERE z."row" = named
    AND NOT z.masked AND z.compartment <> ALL (agency.compartments()))
$$;
CREATE OR REPLACE FUNCTION agency.tells(said text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM public.sealed z WHERE strpos(said, z."row") > 0
    AND z.compartment <> ALL (agency.compartments()))
$$;
CREATE OR REPLACE FUNCTION agency.keep_rights() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF COALESCE(agency.role(), 'administrator') NOT IN ('administrator', 'hub')
     AND new.compartments::text IS DISTINCT FROM
         (CASE WHEN TG_OP = 'UPDATE' THEN old.compartments::text END) THEN
    RAISE EXCEPTION 'refused' USING ERRCODE = '42501';
  END IF;
  RETURN new;
END $$;
DROP TRIGGER IF EXISTS keep_rights ON public.account;
CREATE TRIGGER keep_rights BEFORE INSERT OR UPDATE ON public.account
  FOR EACH ROW EXECUTE FUNCTION agency.keep_rights();
"""
"""`keep_rights`: compartments are given by administrators, and travel with the hub."""

GRANTED = "agency.compartments(), agency.sees(text), agency.tells(text)"


def rows(
    ruled: Callable[[str], Iterator[str]], policy: Policy, people: str, hub: str
) -> Iterator[str]:
    """The policies. `people` and `hub` are groups; `ruled` and `policy` write statements."""
    tables = {RECORDS[kind].model.__tablename__: "id" for kind in sealable()}
    tables |= dict.fromkeys(("conflict", "search_doc", "alias"), '"row"')
    for table, key in tables.items():
        yield from ruled(f'"{table}"')
        yield from _seen(policy, f'"{table}"', f"agency.sees({key})", people, hub)
    yield from ruled("sealed")
    mine = "masked OR compartment = ANY (agency.compartments())"
    yield from _seen(policy, "sealed", mine, people, hub, mine)
    for table in ("erasure", "twin", "held_back"):
        yield from ruled(table)
        yield from _seen(policy, table, 'agency.sees("row")', people, hub)


def _seen(
    policy: Policy, table: str, rows: str, people: str, hub: str, new: str = "true"
) -> Iterator[str]:
    yield policy(table, "seen", "SELECT", people, rows)
    yield policy(table, "added", "INSERT", people, new)
    yield policy(table, "changed", "UPDATE", people, rows, new)
    yield policy(table, "gone", "DELETE", people, rows)
    yield policy(table, "whole", "ALL", hub, "true", "true")
