"""A directory in HSDS 3 taken over: what it says of organisations, services and windows.

What is here already is known by its id, by the identifier that it had in Open Referral, or by
its name. The record that was verified later stands; else only what it lacks is filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.models.money import Window
from migdesk.models.organisation import Organisation
from migdesk.models.refer import Service
from migdesk.models.search import fold
from migdesk.task import Task

from . import records
from .hsds_out import WINDOW_FIELDS, made_id
from .hsds_read import (
    Reader,
    Row,
    Tables,
    category_of,
    cell,
    conditions_of,
    fee_of,
    hours_of,
    languages_of,
    parsed_json,
)

Change = Literal["new", "later", "fill", "same"]
NOTES = 50


@dataclass(frozen=True)
class Coming:
    """One record that a package tells of: `id` of the one that is here ("" for a new one),
    and what will be written. `foreign` is its id in the package."""

    kind: str
    title: str
    foreign: str
    id: str
    change: Change
    values: Mapping[str, Any]
    conditions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a package would do, and what of it is not understood."""

    coming: tuple[Coming, ...]
    notes: tuple[str, ...]

    def count(self, kind: str, *changes: Change) -> int:
        """How many records of a kind would be changed so."""
        return sum(c.kind == kind and c.change in changes for c in self.coming)


def plan(session: Session, task: Task, tables: Tables) -> Plan:
    """What a package would do; writes nothing."""
    reader = Reader(session, tables)
    services = tables.get("service", ())
    made_up = {made_id("organization of", row["id"]) for row in services}
    coming: list[Coming] = []
    named = _Names(session)
    organisations = [r for r in tables.get("organization", ()) if r["id"] not in made_up]
    total = len(organisations) + len(services)
    for done, row in enumerate(organisations):
        if done % 100 == 0:
            task.step(done, total)
        coming.append(_organisation(reader, row, named))
    here = {c.foreign: c.id for c in coming}
    for done, row in enumerate(services, start=len(organisations)):
        if done % 100 == 0:
            task.step(done, total)
        coming.append(_service(reader, row, here.get(row["organization_id"])))
    return Plan(tuple(coming), tuple(reader.notes[:NOTES]))


class _Names:
    """Our organisations by id and by name; one of another country is another."""

    def __init__(self, session: Session) -> None:
        rows = sa.select(Organisation.id, Organisation.name, Organisation.country)
        live = rows.where(Organisation.deleted.is_(False)).order_by(Organisation.id)
        self._ids: set[str] = set()
        self._named: dict[str, list[tuple[str, str]]] = {}
        for id, name, country in session.execute(live):
            self._ids.add(id)
            held = self._named.setdefault(fold(name or "").strip(), [])
            held.append((id, country or ""))

    def find(self, id: str, name: str, country: str) -> str:
        """The organisation that is here, "" for none."""
        if id in self._ids:
            return id
        for held, where in self._named.get(fold(name).strip(), ()):
            if not where or not country or where == country:
                return held
        return ""


def _organisation(reader: Reader, row: Row, named: _Names) -> Coming:
    title, id = cell(row, "name"), row["id"]
    said = {name: values[0] for name, values in reader.attributes(id).items()}
    location = next(
        (at["id"] for at in reader.of("location", "organization_id", id) if at.get("id")), ""
    )
    description = cell(row, "description")
    told: dict[str, Any] = {
        "name": title,
        "acronym": cell(row, "alternate_name"),
        "description": description if description != title else "",
        "email": cell(row, "email"),
        "website": cell(row, "website") or cell(row, "url"),  # HSDS 2 calls it url
        "phone": reader.first("phone", "organization_id", id, "number"),
        **reader.where(location, title),
    }
    for name in ("types", "sectors", "route"):
        told[name] = parsed_json(said.get(name, ""), None)
    if "country" in said:
        told["country"] = said["country"]
    values = reader.stored("organisation", title, told)
    held = named.find(id, title, values.get("country") or "")
    return _coming(reader.session, "organisation", title, id, held, values, later=False)


def _service(reader: Reader, row: Row, organisation: str | None) -> Coming:
    """A service or window. `organisation`: our id of the one that offers it, "" for one that
    comes with it, None for none."""
    id, title = row["id"], cell(row, "name")
    attributes = reader.attributes(id)
    kind = "window" if "window" in attributes.get("kind", ()) else "service"
    told = {
        "name": title,
        "organisation": "" if organisation is None else row["organization_id"],
        "website": cell(row, "url"),
        "email": cell(row, "email"),
        "phone": reader.first("phone", "service_id", id, "number"),
        "contact": reader.first("contact", "service_id", id, "name"),
        "verified": cell(row, "assured_date")[:10],
        "hsds": id,
    }
    more = _window if kind == "window" else _plain
    told |= more(reader, row, title, attributes)
    values = reader.stored(kind, title, told)
    values["open"] = cell(row, "status").lower() in ("", "active")
    model: Any = Window if kind == "window" else Service
    held = _held(reader.session, model, id, title, organisation)
    conditions = conditions_of(reader, title, attributes) if kind == "window" else ()
    later = False
    if held:
        before = records.get(reader.session, kind, held).values["verified"] or ""
        later = (values.get("verified") or "") > before
    return _coming(reader.session, kind, title, id, held, values, later, conditions)


def _window(
    reader: Reader, row: Row, title: str, attributes: Mapping[str, list[str]]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "purpose": cell(row, "description"),
        "terms": cell(row, "application_process"),
        "address": next(iter(attributes.get("address", ())), ""),
    }
    for name in WINDOW_FIELDS:
        if held := attributes.get(name):
            found[name] = parsed_json(held[0], None) if name in ("rate", "months") else held[0]
    return found


def _plain(
    reader: Reader, row: Row, title: str, attributes: Mapping[str, list[str]]
) -> dict[str, Any]:
    id = row["id"]
    at = reader.first("service_at_location", "service_id", id, "location_id")
    where = reader.where(at, title)
    where.pop("country", None)
    accessible = bool(reader.of("accessibility", "location_id", at)) if at else False
    ages = [cell(row, name) for name in ("minimum_age", "maximum_age")]
    who = [cell(row, "eligibility_description")]
    if any(ages):
        who.append(_("age {low}–{high}").format(low=ages[0], high=ages[1]))
    how, fee = cell(row, "application_process"), fee_of(reader, id)
    if not fee and cell(row, "fees_description"):
        how = "\n".join(filter(None, (how, cell(row, "fees_description"))))
    said = {name: values[0] for name, values in attributes.items()}
    return {
        "description": cell(row, "description"),
        "who": " · ".join(filter(None, who)),
        "how": how,
        "fee": fee,
        "category": category_of(reader, id, title, said.get("category", "")),
        "languages": languages_of(reader, id, title),
        "hours": hours_of(reader, id, at),
        "no_papers": parsed_json(said.get("no_papers", ""), None),
        "accessible": accessible or parsed_json(said.get("accessible", ""), None),
        **where,
    }


def _held(
    session: Session, model: Any, foreign: str, title: str, organisation: str | None
) -> str:
    """The record that is here: by what Open Referral calls it, by its id, or by its name if
    nobody else offers it."""
    same = [model.organisation.is_(None)]
    if organisation:
        same.append(model.organisation == organisation)
    live = sa.select(model.id).where(model.deleted.is_(False))
    for which in (
        model.hsds == foreign,
        model.id == foreign,
        sa.and_(sa.func.lower(model.name) == title.lower(), sa.or_(*same)),
    ):
        if found := session.scalar(live.where(which).order_by(model.id).limit(1)):
            return str(found)
    return ""


def _coming(
    session: Session,
    kind: str,
    title: str,
    foreign: str,
    held: str,
    values: dict[str, Any],
    later: bool,
    conditions: tuple[Mapping[str, Any], ...] = (),
) -> Coming:
    if not held:
        return Coming(kind, title, foreign, "", "new", values, conditions)
    now = records.get(session, kind, held).values
    about = RECORDS[kind]
    given = {n: v for n, v in values.items() if n != "organisation" or not now[n]}
    differ = {n: v for n, v in given.items() if now[n] != v}
    lacking = {n: v for n, v in differ.items() if now[n] in (None, "", [])}
    written = {n: v for n, v in (differ if later else lacking).items() if n in about.fields}
    if held == foreign:  # our own record needs no other name
        written.pop("hsds", None)
    lines = records.lines_of(session, "window_condition", held) if conditions else ()
    fresh = conditions if later or not lines else ()
    change: Change = "later" if later and (written or fresh) else "fill"
    if not written and not fresh:
        change = "same"
    return Coming(kind, title, foreign, held, change, written, fresh)


def write(session: Session, task: Task, found: Plan) -> tuple[int, str]:
    """Do what a plan says; how many records were written, and the transaction by which all
    of it is undone."""
    ids: dict[str, str] = {c.foreign: c.id for c in found.coming if c.id}
    written = 0
    for done, coming in enumerate(found.coming):
        if done % 50 == 0:
            task.step(done, len(found.coming))
        if coming.change == "same":
            continue
        values = dict(coming.values)
        if "organisation" in values:
            values["organisation"] = ids.get(values["organisation"])
        id = records.save(session, coming.kind, coming.id or None, values)
        ids[coming.foreign] = id
        written += 1
        _write_conditions(session, id, coming.conditions)
    session.flush()
    return written, str(session.info["scribe"].tx)


def _write_conditions(
    session: Session, window: str, conditions: Iterable[Mapping[str, Any]]
) -> None:
    lines = list(conditions)
    for line in records.lines_of(session, "window_condition", window) if lines else ():
        records.delete(session, "window_condition", line.id)
    for values in lines:
        records.save(session, "window_condition", None, {**values, "window": window})
