"""Field kinds: how a value is typed, checked, stored, shown and searched.

The stored value is a plain JSON value and is the same in the row, in the change log
and in a bundle. `parse` takes what a person typed (or a cell of a table) and returns
the stored value, None for nothing; it raises BadValue, which the form shows beside
the field. `show` returns text in the language in force.
"""

from __future__ import annotations

from .base import BadValue, Kind, LongText, Source, Texts, clean
from .choices import Boolean, Choice, Choices, Country, Language, find_code, vocabulary
from .contact import Email, Phone
from .home import HOME, Home
from .links import AnyLink, Attachment, Link, Links, Picture, Place
from .numbers import Money, Number, add_money, decimal_of, money, places_of, split_money
from .times import Date, FuzzyDate, Moment, now_utc
from .zones import TimeZone, zone_there, zones_like

__all__ = [
    "HOME",
    "AnyLink",
    "Attachment",
    "BadValue",
    "Boolean",
    "Choice",
    "Choices",
    "Country",
    "Date",
    "Email",
    "FuzzyDate",
    "Home",
    "Kind",
    "Language",
    "Link",
    "Links",
    "LongText",
    "Moment",
    "Money",
    "Number",
    "Phone",
    "Picture",
    "Place",
    "Source",
    "Texts",
    "TimeZone",
    "add_money",
    "clean",
    "decimal_of",
    "find_code",
    "money",
    "now_utc",
    "places_of",
    "split_money",
    "vocabulary",
    "zone_there",
    "zones_like",
]
