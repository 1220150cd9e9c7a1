"""Many people, quickly: rows and their search words, without going through services."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from migdesk.clock import new_device_id, uuid7
from migdesk.models import search
from migdesk.models.local import SearchDoc
from migdesk.models.person import Person
from migdesk.models.store import Store

KEY = b"b" * 32
FAMILY = [
    "Diallo",
    "Ndiaye",
    "Diop",
    "Fall",
    "Sow",
    "Ba",
    "Gueye",
    "Sarr",
    "Faye",
    "Cissé",
    "Sané",
    "Mané",
    "Diatta",
    "Badji",
    "Camara",
    "Touré",
    "Keita",
    "Traoré",
    "Coulibaly",
    "Konaté",
    "Sonko",
    "Gomis",
    "Mendy",
    "Seck",
    "Thiam",
    "Dieng",
    "Niang",
    "Mbaye",
    "Kane",
    "Ly",
]
GIVEN = [
    "Mamadou",
    "Awa",
    "Fatou",
    "Aminata",
    "Ousmane",
    "Ibrahima",
    "Mariama",
    "Aïssatou",
    "Moussa",
    "Cheikh",
    "Khady",
    "Bakary",
    "Lamine",
    "Adama",
    "Souleymane",
    "Marie",
    "Youssouf",
    "Ndèye",
    "Abdoulaye",
    "Coumba",
    "Samba",
    "Oumar",
    "Binta",
    "Alioune",
]


def people(count: int) -> Iterator[dict[str, Any]]:
    """Rows of invented people, the same ones each time but for their ids."""
    chance = random.Random(7)
    for n in range(count):
        yield {
            "id": uuid7(),
            "code": f"P-26-{n:06d}",
            "family_name": chance.choice(FAMILY),
            "given_name": f"{chance.choice(GIVEN)} {chance.choice(GIVEN)}",
            "phone": f"+22177{chance.randrange(10**7):07d}",
            "birth": str(chance.randrange(1950, 2010)),
            "deleted": False,
            "stamps": {"*": f"{n + 1:016x}-{'0' * 16}"},
        }


def filled(folder: Path, count: int, words: bool = True) -> Store:
    """A database with so many people; `words` False leaves the search index empty."""
    store = Store.open(folder / f"{new_device_id()}.db", KEY, create=True)
    engine = store.engine.execution_options(migdesk_write=True)
    with engine.begin() as connection:
        rows = people(count)
        while part := list(itertools.islice(rows, 10_000)):
            connection.execute(sa.insert(Person), part)
            if words:
                connection.execute(sa.insert(SearchDoc), [_doc(row) for row in part])
    return store


def _doc(row: dict[str, Any]) -> dict[str, str]:
    digits = row["phone"][1:]
    names = (row["family_name"], row["given_name"])
    others = (row["code"], digits, digits[-9:], digits[-7:], digits[-4:])
    return {
        "row": row["id"],
        "kind": "person",
        "words": search.index_words(others, names),
    }
