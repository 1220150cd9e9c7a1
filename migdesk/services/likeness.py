"""Are two records one person? What is compared, and what each outcome is worth.

Fellegi and Sunter (1969): the outcome of comparing one trait is weighed by how often it is
met among pairs that are the same, against pairs that are not. We know three sorts of pairs
and not two: *the same* person, *kin* (twins, a father and his son, a wife: one family name,
one telephone, one village), and *strangers*. Without the second, twins who live together
look more alike than somebody and their own file of ten years ago.

A trait is told as a level; a table gives for each level its share among the same, among kin
and among strangers. Where a value was the same, the share among strangers is the frequency of
that value here: to agree on Ndiaye says less than to agree on Sagnane. The shares of the same
were counted on FEBRL 1 and 2 and on invented West African registers with the errors of such
(`benchmarks/names.py`), and rounded; those of kin are judgement, held by tests. Unknown
values say nothing.

This module is words only; what counts (`likeness_sheet`, `likeness_levels`) loads numpy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Comparing = Literal["names", "phrase", "date", "number", "code", "family"]


@dataclass(frozen=True)
class Share:
    """How often a level is met among pairs that are the same, among kin, among strangers.
    `other` None: the frequency of the value that both have. `why`: told of it."""

    same: float
    kin: float
    other: float | None
    why: str = ""


Table = Mapping[str, Share]

GIVEN: Table = {
    "differ": Share(0.015, 0.88, 1.0),
    "hint": Share(0.035, 0.02, 0.02),
    "part": Share(0.05, 0.03, 0.004),
    "near": Share(0.10, 0.01, None, "spelling"),
    "called": Share(0.05, 0.015, None, "called"),
    "sound": Share(0.10, 0.01, None, "sound"),
    "exact": Share(0.65, 0.035, None, "name"),
}
FAMILY: Table = {
    "differ": Share(0.04, 0.16, 1.0),
    "hint": Share(0.03, 0.01, 0.02),
    "part": Share(0.03, 0.02, 0.004),
    "near": Share(0.10, 0.04, None, "spelling"),
    "called": Share(0.01, 0.01, None, "called"),
    "sound": Share(0.10, 0.08, None, "sound"),
    "exact": Share(0.69, 0.68, None, "name"),
}
SWAPPED = 0.08
"""Share of the same whose family and given names stand in each other's place."""
DATE: Table = {
    "differ": Share(0.025, 0.96, 0.987),
    "part": Share(0.05, 0.012, 0.0050),
    "typo": Share(0.06, 0.003, 0.0020, "birth_typo"),
    "swapped": Share(0.03, 0.0002, 0.00005, "birth_swapped"),
    "exact": Share(0.835, 0.025, None, "birth_day"),
}
YEAR: Table = {
    "differ": Share(0.02, 0.66, 0.74),
    "around": Share(0.08, 0.18, 0.13),
    "near": Share(0.23, 0.12, 0.08, "birth_near"),
    "exact": Share(0.67, 0.04, None, "birth"),
}
PHONE: Table = {
    "differ": Share(0.35, 0.64, 1.0),
    "near": Share(0.05, 0.01, 0.0002, "phone_typo"),
    "exact": Share(0.60, 0.35, None, "phone"),
}
EMAIL: Table = {
    "differ": Share(0.30, 0.93, 1.0),
    "near": Share(0.10, 0.02, 0.0005, "email"),
    "exact": Share(0.60, 0.05, None, "email"),
}
SEX: Table = {"differ": Share(0.015, 0.5, 0.5), "exact": Share(0.985, 0.5, 0.5)}
NATION: Table = {"differ": Share(0.06, 0.06, 0.5), "exact": Share(0.94, 0.94, None)}
ORIGIN: Table = {"differ": Share(0.15, 0.2, 1.0), "exact": Share(0.85, 0.8, None, "place")}
TOWN: Table = {
    "differ": Share(0.40, 0.4, 1.0),
    "hint": Share(0.04, 0.04, 0.02),
    "part": Share(0.04, 0.04, 0.01),
    "near": Share(0.06, 0.06, 0.004),
    "called": Share(0.01, 0.01, 0.01),
    "sound": Share(0.05, 0.05, None),
    "exact": Share(0.40, 0.40, None, "town"),
}
KINDRED: Table = {
    "beside": Share(0.01, 0.85, 0.01),
    "differ": Share(0.59, 0.10, 0.988),
    "shared": Share(0.40, 0.05, 0.002, "family"),
}
"""Two members of one household are two people; members of two households with the same
others in them are one, who was counted twice."""
NAME: Table = {
    "differ": Share(0.04, 0.3, 1.0),
    "hint": Share(0.03, 0.05, 0.01),
    "part": Share(0.10, 0.3, 0.01, "part"),
    "near": Share(0.08, 0.05, None, "spelling"),
    "called": Share(0.02, 0.05, 0.01),
    "sound": Share(0.08, 0.05, None, "sound"),
    "exact": Share(0.65, 0.2, None, "name"),
}
"""Name of a household or an organisation; its kin are the neighbours, and its branches."""


@dataclass(frozen=True)
class Trait:
    """What is compared: one field or several that mean the same. `rare`: the least
    frequency that strangers are thought to share a value with; `usual`: its frequency where
    nobody was counted yet."""

    name: str
    by: Comparing
    fields: tuple[str, ...]
    shares: Table = field(default_factory=dict)
    rare: float = 1e-5
    usual: float = 0.01


@dataclass(frozen=True)
class Looks:
    """How records of a kind are compared. `blocks`: traits that two records must share to
    be compared at all, in any of these ways. `again`: how often somebody is here once more;
    `kin`: how many kin somebody has here."""

    traits: tuple[Trait, ...]
    blocks: tuple[tuple[str, ...], ...]
    again: float = 0.1
    kin: float = 0.7

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields to read."""
        found = dict.fromkeys(name for each in self.traits for name in each.fields)
        return tuple(found)


PERSON = Looks(
    (
        Trait("name", "names", ("given_name", "family_name", "aliases")),
        Trait("birth", "date", ("birth",), DATE, 1 / 18_000, 1 / 50),
        Trait("phone", "number", ("phone", "phone_2"), PHONE, 2e-6, 2e-5),
        Trait("email", "phrase", ("email",), EMAIL, 1e-5, 1e-5),
        Trait("sex", "code", ("sex",), SEX),
        Trait("nationality", "code", ("nationality",), NATION, 1e-4, 0.7),
        Trait("origin", "code", ("origin",), ORIGIN, 1e-4, 0.03),
        Trait("residence", "phrase", ("residence",), TOWN, 1e-4, 0.05),
        Trait("family", "family", ("family",), KINDRED),
    ),
    (
        ("given", "family"),
        ("given", "family", "year"),
        ("given", "day"),
        ("family", "day"),
        ("birth",),
        ("phone",),
        ("email",),
        ("given", "year", "origin"),
        ("family", "year", "origin"),
        ("given", "year", "residence"),
        ("given", "start", "year"),
        ("family", "begin", "year"),
        ("given", "start", "origin"),
        ("family", "begin", "origin"),
    ),
)
HOME: Table = {
    **NAME,
    "differ": Share(0.15, 0.6, 1.0),
    "exact": Share(0.54, 0.1, None, "name"),
}
HOUSEHOLD = Looks(
    (
        Trait("name", "phrase", ("name",), HOME, 1e-5, 0.005),
        Trait(
            "head",
            "code",
            ("head",),
            {"differ": Share(0.1, 0.98, 1.0), "exact": Share(0.9, 0.01, None, "head")},
            1e-7,
            1e-4,
        ),
        Trait("phone", "number", ("phone",), PHONE, 1e-5, 1e-5),
        Trait("place", "code", ("place",), ORIGIN, 1e-4, 0.05),
    ),
    (("head",), ("phone",), ("name", "place"), ("name", "phone")),
    again=0.3,
    kin=0.5,
)
FIRM: Table = {
    **NAME,
    "differ": Share(0.04, 0.45, 1.0),
    "exact": Share(0.65, 0.05, None, "name"),
}
ORGANISATION = Looks(
    (
        Trait("name", "phrase", ("name",), FIRM, 1e-5, 2e-4),
        Trait(
            "acronym",
            "phrase",
            ("acronym",),
            {"differ": Share(0.15, 0.7, 1.0), "exact": Share(0.85, 0.3, None, "acronym")},
            1e-4,
            5e-4,
        ),
        Trait(
            "country",
            "code",
            ("country",),
            {"differ": Share(0.01, 0.6, 0.6), "exact": Share(0.99, 0.4, None, "country")},
            1e-3,
            0.3,
        ),
        Trait("phone", "number", ("phone",), PHONE, 1e-5, 1e-5),
        Trait("email", "phrase", ("email",), EMAIL, 1e-5, 1e-5),
    ),
    (("name",), ("acronym",), ("phone",), ("email",)),
    again=0.2,
    kin=0.2,
)
_EXCEPT: Table = {"differ": Share(0.001, 0.9, 0.9), "exact": Share(0.999, 0.1, 0.1)}
PLACE = Looks(
    (
        Trait("name", "phrase", ("name",), NAME, 1e-5, 2e-3),
        Trait("level", "code", ("level",), _EXCEPT),
        Trait("parent", "code", ("parent",), _EXCEPT),
        Trait("pcode", "code", ("pcode",), _EXCEPT),
    ),
    (("name",),),
    kin=0.5,
)

LOOKS: Mapping[str, Looks] = {
    "person": PERSON,
    "household": HOUSEHOLD,
    "organisation": ORGANISATION,
    "place": PLACE,
}
"""Kinds of which somebody may be here twice."""

LISTED = 0.3
"""From this probability on, two records are asked about in To settle."""
PROPOSED = 0.2
"""From this probability on, a new one is asked about before it is made: the question costs
less then."""
SURE = 0.95
"""From this probability on, an import takes a row for the record that is here unless a
person says otherwise."""
LEAST = 50
"""A register is never thought to be smaller: it will grow."""

Values = Mapping[str, Any]
