"""Our directories as tables of HSDS 3: organisations, services, financing windows.

A financing window is a service that gives money. What HSDS has no field for (its ceiling, its
conditions) is said in attributes, each with a term of a taxonomy of ours, so that another
office of this program reads it back whole and others can show it. Contact persons of partners
and protected addresses stay here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.models import RECORDS
from migdesk.models.kinds import split_money
from migdesk.models.organisation import PlaceRecord

from . import match_facts, records
from .hsds_schema import NEEDED, RESOURCES
from .matching import parsed, words_of
from .records import Query, View
from .skills_papers import region

OURS = UUID("3b0c5f1e-6f52-5d0e-9c57-0d7a4c1f2e11")
NOTHING = "-"
"""Stands in a field that HSDS requires and of which nothing is known."""
TAXONOMY = "MigDesk"
CATEGORIES = "service_categories_003"
Rows = list[dict[str, Any]]
Tables = dict[str, Rows]
WINDOW_FIELDS = (
    "source",
    "lender",
    "nature",
    "floor",
    "ceiling",
    "rate",
    "months",
    "guarantee",
    "deadline",
)
"""Fields of a window that are told as attributes."""
OPEN = {True: "active", None: "active", False: "inactive"}


def made_id(*parts: str) -> str:
    """An id that the same thing has at each export."""
    return str(uuid5(OURS, "\n".join(parts)))


class Directory:
    """Fills the tables."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.tables: Tables = {name: [] for name in RESOURCES}
        self._terms: dict[str, str] = {}
        self._organisations: set[str] = set()

    def add(self, table: str, **values: Any) -> str:
        """Add a row, and say its id."""
        kept = {name: value for name, value in values.items() if value not in (None, "")}
        id = kept.get("id") or made_id(table, json.dumps(kept, sort_keys=True, default=str))
        self.tables[table].append({**kept, "id": id})
        return str(id)

    # ---- what there is

    def organisation(self, view: View) -> None:
        """A partner, with its telephone and place."""
        values, shown = view.values, view.shown
        self._organisations.add(view.id)
        self.add(
            "organization",
            id=view.id,
            name=view.title,
            alternate_name=values["acronym"],
            description=values["description"] or view.title,
            email=values["email"],
            website=values["website"],
            legal_status=shown["types"],
        )
        if values["phone"]:
            self.add("phone", organization_id=view.id, number=values["phone"], type="voice")
        self._located(view, organization_id=view.id)
        for name in ("types", "sectors", "route", "country"):
            self._attribute(view.id, "organization", name, values[name])

    def service(self, view: View) -> None:
        """A service of the directory."""
        values = view.values
        id = self._service(view, eligibility_description=values["who"], how=values["how"])
        if values["category"]:
            self._attribute(id, "service", "category", values["category"])
        for code in values["languages"] or ():
            name = codelists.label("languages", code)
            self.add("language", service_id=id, code=code, name=name)
        if values["hours"]:
            self.add("schedule", service_id=id, description=values["hours"])
        if values["fee"]:
            amount, currency = split_money(values["fee"])
            self.add("cost_option", service_id=id, amount=f"{amount:f}", currency=currency)
        if values["no_papers"] is not None:
            self._attribute(id, "service", "no_papers", values["no_papers"])
        location = self._located(view, service_id=id)
        if location and values["accessible"]:
            words = str(RECORDS["service"]["accessible"].label)
            self.add("accessibility", location_id=location, description=words)
        elif values["accessible"] is not None:
            self._attribute(id, "service", "accessible", values["accessible"])

    def window(self, view: View) -> None:
        """A financing window, as a service that gives money."""
        values, shown = view.values, view.shown
        lines = records.lines_of(self.session, "window_condition", view.id)
        ages = _ages(lines)
        id = self._service(
            view,
            eligibility_description="\n".join(self._conditions(lines)),
            how=values["terms"],
            minimum_age=ages.get("at_least"),
            maximum_age=ages.get("at_most"),
        )
        self._attribute(id, "service", "kind", "window")
        for name in WINDOW_FIELDS:
            self._attribute(id, "service", name, values[name])
        for line in lines:
            told = [line.values[n] for n in ("about", "how", "value", "wish")]
            self._attribute(id, "service", "condition", told, line.id)
        if values["source"]:
            self.add("funding", service_id=id, source=shown["source"])
        if values["address"]:
            self._attribute(id, "service", "address", values["address"])

    # ---- parts

    def _service(self, view: View, how: str | None, **more: Any) -> str:
        values, id = view.values, view.values["hsds"] or view.id
        organisation = values["organisation"]
        if organisation not in self._organisations:  # HSDS has no service without one
            organisation = made_id("organization of", id)
            about = {"name": view.title, "description": view.title}
            self.add("organization", id=organisation, **about)
        self.add(
            "service",
            id=id,
            organization_id=organisation,
            name=view.title,
            description=values.get("description") or values.get("purpose"),
            url=values["website"],
            email=values["email"],
            status=OPEN[values["open"]],
            application_process=how,
            fees_description=view.shown.get("fee"),
            assured_date=values["verified"],
            **more,
        )
        if values["phone"]:
            self.add("phone", service_id=id, number=values["phone"], type="voice")
        if values["contact"]:
            self.add("contact", service_id=id, name=values["contact"])
        return str(id)

    def _located(self, view: View, **whose: str) -> str:
        """The place of a record, and its address; the id of the location, "" for none."""
        values = view.values
        if not values["place"] and not values["address"]:
            return ""
        place = self.session.get(PlaceRecord, values["place"]) if values["place"] else None
        id = made_id("location", *whose.values())
        name = (place.name if place else "") or view.title
        self.add(
            "location",
            id=id,
            location_type="physical",
            name=name,
            organization_id=whose.get("organization_id"),
            external_identifier=(place.pcode or place.id) if place else None,
            external_identifier_type=("P-code" if place.pcode else TAXONOMY) if place else None,
        )
        if service := whose.get("service_id"):
            self.add("service_at_location", service_id=service, location_id=id)
        country = (place.country if place else None) or values.get("country")
        self.add(
            "address",
            location_id=id,
            address_1=values["address"] or NOTHING,
            city=(place.name if place else None) or NOTHING,
            state_province=region(self.session, values["place"]) or NOTHING,
            postal_code=NOTHING,
            country=country or NOTHING,
            address_type="physical",
        )
        return id

    def _conditions(self, lines: Iterable[View]) -> list[str]:
        told = [
            parsed(str(v["about"]), v["how"], v["value"], v["wish"]) for v in _values(lines)
        ]
        pairs = [(condition.about, value) for condition in told for value in condition.values]
        show = match_facts.Words(self.session, pairs)
        return [words_of(condition, show) for condition in told]

    def _attribute(
        self, of: str, entity: str, name: str, value: Any, line: str = ""
    ) -> None:
        if value in (None, "", []):
            return
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        self.add(
            "attribute",
            id=made_id("attribute", of, name, line),
            link_id=of,
            link_entity=entity,
            link_type=name,
            taxonomy_term_id=self._term(name, said if name == "category" else ""),
            value=said,
        )

    def _term(self, name: str, code: str) -> str:
        """The term of our taxonomy for a field, or for a category of services."""
        key = f"{name} {code}".strip()
        if key not in self._terms:
            if not self._terms:
                self.add(
                    "taxonomy", id=made_id(TAXONOMY), name=TAXONOMY, description=TAXONOMY
                )
            words = codelists.label(CATEGORIES, code) if code else name
            self._terms[key] = self.add(
                "taxonomy_term",
                code=code or name,
                name=words,
                description=words,
                taxonomy=CATEGORIES if code else TAXONOMY,
                taxonomy_id=made_id(TAXONOMY),
            )
        return self._terms[key]


def _values(lines: Iterable[View]) -> Iterable[Mapping[str, Any]]:
    return (line.values for line in lines)


def _ages(lines: Iterable[View]) -> dict[str, str]:
    found = (v for v in _values(lines) if v["about"] == "age" and not v["wish"])
    told = {str(v["how"]): str(v["value"] or "") for v in found}
    return {how: age for how, age in told.items() if age.isdecimal()}


def tables(session: Session) -> Tables:
    """The whole directory; tables with nothing in them are left out."""
    made = Directory(session)
    for kind, add in (
        ("organisation", made.organisation),
        ("service", made.service),
        ("window", made.window),
    ):
        after = ""
        while True:
            page = records.list_page(session, kind, Query(sort="id"), after, 500)
            for view in page.rows:
                add(view)
            after = page.next
            if not after:
                break
    return {name: rows for name, rows in made.tables.items() if rows or name in NEEDED}


def count(session: Session) -> int:
    """How many records an export tells of."""
    kinds = ("organisation", "service", "window")
    return sum(records.count(session, kind, Query()) for kind in kinds)

