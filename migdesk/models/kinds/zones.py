"""Time zones, chosen by a town."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from migdesk.i18n import N_, language

from .base import BadValue, Kind, clean

AREAS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)

PRIMARY = {"DE": "Europe/Berlin", "ES": "Europe/Madrid", "PT": "Europe/Lisbon"}
"""Zone in which nearly all of a country with several lives (CLDR, primaryZones)."""


@dataclass(frozen=True)
class TimeZone(Kind):
    """Name of a zone of the IANA time zone database: ``Europe/Paris``. A person types the
    town, in the language in force or in English."""

    name = "time_zone"

    def parse(self, typed: str) -> Any:
        text = " ".join(clean(typed).split())
        if not text:
            return None
        zone = towns("en").get(_fold(text)) or towns(language()).get(_fold(text))
        if zone is None:
            raise BadValue(N_("Name a large town of that time zone, for example Paris."))
        return zone

    def show(self, value: Any) -> str:
        return town(value, language()) if value else ""


def zones_like(text: str) -> list[tuple[str, str]]:
    """Zones whose town begins with this, or has a word that does, in the language in force:
    (zone, town), in the order of the towns."""
    typed = _fold(text.strip())
    named = {zone: town(zone, language()) for zone in towns(language()).values()}
    fitting = [
        (not (folded := _fold(name)).startswith(typed), folded, zone)
        for zone, name in named.items()
        if f" {typed}" in f" {_fold(name)}" or _fold(zone).startswith(typed)
    ]
    return [(zone, named[zone]) for _later, _town, zone in sorted(fitting)]


def zone_there(country: str, place: str = "") -> str:
    """The zone of a town that bears the name of one, else of a country (ISO code) that has
    one for nearly everybody; "" where that would be a guess."""
    from babel.core import get_global

    zones = [str(zone) for zone in get_global("territory_zones").get(country, [])]
    wanted = _fold(place.strip())
    for zone in zones if wanted else ():
        if wanted in (_fold(town(zone, "en")), _fold(town(zone, language()))):
            return zone
    return zones[0] if len(zones) == 1 else PRIMARY.get(country, "")


@cache
def town(zone: str, language: str) -> str:
    """The town that stands for a zone, in a language; the zone itself if it has none."""
    from babel.dates import get_timezone_location

    try:
        return get_timezone_location(zone, locale=language, return_city=True)
    except LookupError:
        return zone


@cache
def towns(language: str) -> dict[str, str]:
    """Zones by their folded town in a language, and by their own name."""
    from zoneinfo import available_timezones

    zones = sorted(zone for zone in available_timezones() if zone.startswith(AREAS))
    found = {_fold(zone): zone for zone in zones}
    found |= {_fold(zone.rpartition("/")[2].replace("_", " ")): zone for zone in zones}
    found |= {_fold(town(zone, language)): zone for zone in zones}
    return found


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
