"""Write what a list shows to XLSX or CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from migdesk.i18n import _
from migdesk.models import RECORDS, children_of
from migdesk.models.kinds import Link
from migdesk.models.store import Store
from migdesk.services import consent_gate, office, records, sights
from migdesk.services.consent_gate import Override, Verdict
from migdesk.services.records import Query, View
from migdesk.task import Task

from . import tables


@dataclass(frozen=True)
class Outgoing:
    """A table that leaves the office: for which purpose (code of `consent_purposes`), to whom,
    and which way: without names, only those who agreed, or all with a reason."""

    recipient: str
    way: Literal["masked", "agreed", "override"]
    purpose: str = "sharing"
    override: Override | None = None


def export_table(
    store: Store,
    task: Task,
    kind: str,
    query: Query,
    columns: Sequence[str],
    path: Path,
    outgoing: Outgoing | None = None,
) -> int:
    """Write the rows that `query` finds; returns their number.

    XLSX gets a sheet for each kind of line too when every column is asked for
    (`columns` empty). What leaves the office (`outgoing`) passes the consent gate first.
    Raises CannotWrite, and what the gate raises.
    """
    about = RECORDS[kind]
    masked = outgoing is not None and outgoing.way == "masked"
    whole = not columns and not masked
    names = list(columns) or [f.name for f in about.fields.values() if not f.hidden]
    found = list(_rows(store, task, kind, query, masked))
    if outgoing is not None:
        found = _let_go(store, kind, found, outgoing)
    shown = [[view.shown[name] for name in names] for view in found]
    sheets = [(str(about.plural), [str(about[name].label) for name in names], shown)]
    if whole and path.suffix.lower() != ".csv":
        sheets += [_lines(store, child.kind, found) for child in children_of(kind)]
    tables.write(path, sheets)
    store.write(office.note, "export", f"{kind} {len(found)}")
    return len(found)


def _let_go(store: Store, kind: str, found: list[View], out: Outgoing) -> list[View]:
    """The rows that may leave, after it was written down whom they tell of."""
    if out.way == "masked":
        nobody = Verdict("", out.purpose, out.recipient, "unknown")
        store.write(consent_gate.note, nobody, f"table {kind}", "masked", _("Without names"))
        return found
    people = {view.id: _people(kind, view) for view in found}
    everybody = sorted({id for ids in people.values() for id in ids})
    asked = store.read(consent_gate.ask_all, everybody, out.purpose, out.recipient)
    if out.way == "agreed":
        yes = {verdict.person for verdict in asked if verdict.allowed}
        found = [view for view in found if yes.issuperset(people[view.id])]
        told = {id for view in found for id in people[view.id]}
        asked = tuple(verdict for verdict in asked if verdict.person in told)
    store.write(consent_gate.let_go, asked, f"table {kind}", "", out.override)
    return found


def _people(kind: str, view: View) -> tuple[str, ...]:
    if kind == "person":
        return (view.id,)
    return tuple(v for name in about_people(kind) if (v := view.values[name]))


def about_people(kind: str) -> tuple[str, ...]:
    """Fields by which records of a kind tell of people."""
    fields = RECORDS[kind].fields.values()
    return tuple(f.name for f in fields if isinstance(f.kind, Link) and f.kind.to == "person")


def _rows(
    store: Store, task: Task, kind: str, query: Query, masked: bool
) -> Iterator[View]:
    total = store.read(records.count, kind, query)
    after, done = "", 0
    while True:
        if masked:
            page = store.read(
                sights.without_names, records.list_page, kind, query, after, 500
            )
        else:
            page = store.read(records.list_page, kind, query, after, 500)
        yield from page.rows
        done += len(page.rows)
        task.step(done, total)
        after = page.next
        if not after:
            return


def _lines(
    store: Store, kind: str, owners: list[View]
) -> tuple[str, list[str], list[list[str]]]:
    about = RECORDS[kind]
    names = [f.name for f in about.fields.values() if not f.hidden]
    rows = [
        [owner.code or owner.title, *(line.shown[name] for name in names)]
        for owner in owners
        for line in store.read(records.lines_of, kind, owner.id)
    ]
    heads = [str(RECORDS[owners[0].kind].label) if owners else ""]
    return str(about.plural), heads + [str(about[name].label) for name in names], rows
