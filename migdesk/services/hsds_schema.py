"""Tables of the Human Services Data Specification 3.0 (Open Referral) that a directory fills.

Names of tables, files and fields, and what is required, are those of the specification
(github.com/openreferral/specification, ``schema/``, CC BY-SA 4.0). In the notation below
``!`` is required, ``:date`` a type that is not text, ``>table`` a reference to its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

VERSION = "3.0"


@dataclass(frozen=True)
class Column:
    """A field of a table."""

    name: str
    type: str
    required: bool
    to: str


@dataclass(frozen=True)
class Resource:
    """A table: the file that holds it, and its fields."""

    path: str
    notation: str

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its fields, in order."""
        found = []
        for word in self.notation.split():
            word, _arrow, to = word.partition(">")
            word, _colon, kind = word.partition(":")
            found.append(Column(word.rstrip("!"), kind or "string", word.endswith("!"), to))
        return tuple(found)


RESOURCES: Mapping[str, Resource] = {
    "organization": Resource(
        "organizations.csv",
        "id! name! alternate_name description! email website tax_status tax_id "
        "year_incorporated:number legal_status logo uri parent_organization_id",
    ),
    "service": Resource(
        "services.csv",
        "id! organization_id!>organization program_id name! alternate_name description url "
        "email status! interpretation_services application_process fees_description "
        "wait_time fees accreditations eligibility_description minimum_age:number "
        "maximum_age:number assured_date:date assurer_email licenses alert",
    ),
    "location": Resource(
        "locations.csv",
        "id! location_type! url organization_id>organization name alternate_name "
        "description transportation latitude:number longitude:number external_identifier "
        "external_identifier_type",
    ),
    "service_at_location": Resource(
        "service_at_location.csv",
        "id! service_id!>service location_id!>location description",
    ),
    "phone": Resource(
        "phones.csv",
        "id! location_id>location service_id>service organization_id>organization "
        "contact_id>contact service_at_location_id number! extension:number type "
        "description",
    ),
    "contact": Resource(
        "contacts.csv",
        "id! organization_id>organization service_id>service service_at_location_id "
        "location_id>location name title department email",
    ),
    "address": Resource(
        "addresses.csv",
        "id! location_id>location attention address_1! address_2 city! region "
        "state_province! postal_code! country! address_type!",
    ),
    "schedule": Resource(
        "schedules.csv",
        "id! service_id>service location_id>location service_at_location_id "
        "valid_from:date valid_to:date dtstart:date timezone:number until:date "
        "count:number wkst freq interval:number byday byweekno bymonthday byyearday "
        "description opens_at:time closes_at:time schedule_link attending_type notes",
    ),
    "funding": Resource(
        "funding.csv", "id! organization_id>organization service_id>service source"
    ),
    "language": Resource(
        "languages.csv",
        "id! service_id>service location_id>location phone_id>phone name code note",
    ),
    "accessibility": Resource(
        "accessibility.csv", "id! location_id>location description details url"
    ),
    "cost_option": Resource(
        "cost_options.csv",
        "id! service_id!>service valid_from:date valid_to:date option currency "
        "amount:number amount_description",
    ),
    "taxonomy": Resource("taxonomies.csv", "id! name! description! uri version"),
    "taxonomy_term": Resource(
        "taxonomy_terms.csv",
        "id! code name! description! parent_id taxonomy language "
        "taxonomy_id>taxonomy term_uri",
    ),
    "attribute": Resource(
        "attributes.csv",
        "id! link_id! taxonomy_term_id!>taxonomy_term link_type link_entity! value",
    ),
}

NEEDED = ("organization", "service")
"""Tables without which a package is no directory."""
STATUS = ("active", "inactive", "defunct", "temporarily closed")


def descriptor(title: str, counts: Mapping[str, int]) -> dict[str, object]:
    """What ``datapackage.json`` says of a package with these tables."""
    return {
        "name": "human_services_data",
        "title": title,
        "version": VERSION,
        "homepage": "https://docs.openreferral.org",
        "profile": "tabular-data-package",
        "resources": [_resource(name) for name in counts],
    }


def _resource(name: str) -> dict[str, object]:
    resource = RESOURCES[name]
    fields = [
        {
            "name": column.name,
            "type": column.type,
            "constraints": {"required": column.required, "unique": column.name == "id"},
        }
        for column in resource.columns
    ]
    keys = [
        {"fields": column.name, "reference": {"resource": column.to, "fields": "id"}}
        for column in resource.columns
        if column.to
    ]
    return {
        "name": name,
        "path": resource.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
        "schema": {"fields": fields, "primaryKey": "id", "foreignKeys": keys},
    }
