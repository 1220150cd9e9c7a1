"""What a package in HSDS 3 says of one organisation or service, in the words of our fields."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.errors import Mistake
from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.models.kinds import BadValue
from migdesk.models.organisation import PlaceRecord

from . import records
from .hsds_out import CATEGORIES, NOTHING, TAXONOMY

Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]


@dataclass
class Reader:
    """The tables of a package, each row found by what it belongs to; `notes` gathers what is
    not understood."""

    session: Session
    tables: Tables
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.by: dict[tuple[str, str], dict[str, list[Row]]] = {}
        self.terms = {row["id"]: row for row in self.tables.get("taxonomy_term", ())}
        self.locations = {row["id"]: row for row in self.tables.get("location", ())}

    def of(self, table: str, name: str, id: str) -> list[Row]:
        """Rows of a table whose field is `id`."""
        if (table, name) not in self.by:
            found: dict[str, list[Row]] = {}
            for row in self.tables.get(table, ()):
                found.setdefault(row.get(name, ""), []).append(row)
            self.by[table, name] = found
        return self.by[table, name].get(id, [])

    def note(self, title: str, words: str) -> None:
        """Keep something that is not understood."""
        self.notes.append(f"{title}: {words}")

    def attributes(self, id: str) -> dict[str, list[str]]:
        """What attributes of our own taxonomy say of something."""
        found: dict[str, list[str]] = {}
        for row in self.of("attribute", "link_id", id):
            term: Row = self.terms.get(row.get("taxonomy_term_id", ""), {})
            ours = term.get("taxonomy") in (TAXONOMY, CATEGORIES)
            if ours and row.get("link_type"):
                found.setdefault(row["link_type"], []).append(row.get("value", ""))
        return found

    def first(self, table: str, name: str, id: str, wanted: str) -> str:
        """The first filled field of the rows of something."""
        return next((v for row in self.of(table, name, id) if (v := cell(row, wanted))), "")

    def where(self, location: str, title: str) -> dict[str, Any]:
        """Place and address of a location."""
        row: Row = self.locations.get(location, {})
        address: Row = next(iter(self.of("address", "location_id", location)), {})
        place = self._place(row, address)
        lines = [cell(address, name) for name in ("address_1", "address_2")]
        if not place:  # a town that is none of our places stays in words
            lines += [cell(address, name) for name in ("postal_code", "city")]
        found = {"place": place, "address": ", ".join(filter(None, lines))}
        country = cell(address, "country").upper()
        return {**found, "country": country} if len(country) == 2 else found

    def _place(self, row: Row, address: Row) -> str:
        """The place by its P-code or id, else by the name of the town."""
        code, city = cell(row, "external_identifier"), cell(address, "city")
        ways = [PlaceRecord.pcode == code, PlaceRecord.id == code] if code else []
        if city:
            ways.append(sa.func.lower(PlaceRecord.name) == city.lower())
        live = sa.select(PlaceRecord.id).where(PlaceRecord.deleted.is_(False))
        found = (self.session.scalar(live.where(way).limit(1)) for way in ways)
        return next((id for id in found if id), "")

    def stored(self, kind: str, title: str, told: Mapping[str, Any]) -> dict[str, Any]:
        """Values that the fields of a kind take; the others are told."""
        found: dict[str, Any] = {}
        for name, value in told.items():
            if value in (None, "", []):
                continue
            try:
                found |= records.checked(kind, {name: value})
            except (BadValue, Mistake) as mistake:
                self.note(title, f"{RECORDS[kind][name].label}: {mistake.words}")
        return found


def cell(row: Row, name: str) -> str:
    """A field of a row, "" where nothing is said."""
    value = (row.get(name) or "").strip()
    return "" if value == NOTHING else value


def fee_of(reader: Reader, id: str) -> str:
    """Price of a service, as money."""
    for row in reader.of("cost_option", "service_id", id):
        amount, currency = cell(row, "amount"), cell(row, "currency").upper()
        if amount and len(currency) == 3:
            return f"{amount} {currency}"
    return ""


def category_of(reader: Reader, id: str, title: str, code: str) -> str:
    """Our code of the category of a service, "" where it has none that we know."""
    listed = codelists.get(CATEGORIES)
    if code and listed.item(code):
        return code
    linked = reader.of("attribute", "link_id", id)
    terms = [reader.terms.get(row.get("taxonomy_term_id", ""), {}) for row in linked]
    names = [term.get("name", "") for term in terms if term.get("taxonomy") != TAXONOMY]
    for item in listed:
        if item.label() in names:
            return item.code
    foreign = ", ".join(dict.fromkeys(filter(None, names)))
    if foreign and not code:
        reader.note(title, _("category not known here: {names}").format(names=foreign))
    return ""


def languages_of(reader: Reader, id: str, title: str) -> list[str]:
    """Codes of the languages that a service is given in."""
    listed = codelists.get("languages")
    found = []
    for row in reader.of("language", "service_id", id):
        code, name = cell(row, "code").lower(), cell(row, "name")
        known = code if listed.item(code) else ""
        known = known or next((i.code for i in listed if i.label() == name), "")
        if known:
            found.append(known)
        else:
            words = _("language not known here: {name}")
            reader.note(title, words.format(name=name or code))
    return list(dict.fromkeys(found))


def hours_of(reader: Reader, id: str, location: str) -> str:
    """Opening hours in words."""
    rows = reader.of("schedule", "service_id", id) or (
        reader.of("schedule", "location_id", location) if location else []
    )
    told = []
    for row in rows:
        ends = (cell(row, "opens_at")[:5], cell(row, "closes_at")[:5])
        times = "–".join(filter(None, ends))
        plain = " ".join(filter(None, (cell(row, "byday"), times)))
        told.append(cell(row, "description") or plain)
    return " · ".join(filter(None, told))


def conditions_of(
    reader: Reader, title: str, attributes: Mapping[str, list[str]]
) -> tuple[Mapping[str, Any], ...]:
    """Conditions of a window, as they are stored."""
    found = []
    for text in attributes.get("condition", ()):
        try:
            about, how, value, wish = json.loads(text)
            told = {"about": about, "how": how, "value": value, "wish": wish}
            found.append(records.checked("window_condition", told))
        except (ValueError, TypeError, BadValue):
            reader.note(title, _("a condition is not understood"))
    return tuple(found)


def parsed_json(text: str, otherwise: Any) -> Any:
    """What a text says as JSON, or `otherwise`."""
    try:
        return json.loads(text)
    except ValueError:
        return otherwise
