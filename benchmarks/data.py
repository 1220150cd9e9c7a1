"""Databases full of invented people, made once in a run and gone at its end.

The names are usual ones of Senegal, The Gambia, Mali and Guinea, drawn at random with the
weights of a village: few family names, more given names. Rows go in with the driver's own
bulk insert, as an import does; without a change log, which no list and no search reads.
"""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import now_ms, uuid7
from migdesk.models import RECORDS
from migdesk.models.capture import search_text
from migdesk.models.local import SearchDoc
from migdesk.models.person import Person
from migdesk.models.store import Store

KEY = bytes(range(32))

FAMILY = (
    "Diallo Ndiaye Diop Fall Sow Ba Diatta Sané Mané Cissé Baldé Camara Traoré Touré Keita "
    "Coulibaly Sarr Faye Sy Gueye Mbaye Diouf Badji Sagna Coly Sonko Jallow Ceesay Njie Jammeh "
    "Sidibé Dembélé Konaté Kanté Barry Bah Kane Ly Wade Thiam Samb Seck Dieng Niang Lô Cissokho"
)
GIVEN = (
    "Mamadou Fatou Aminata Awa Ousmane Ibrahima Mariama Moussa Aïssatou Abdoulaye Khady "
    "Cheikh Modou Ndèye Seydou Oumar Bintou Adama Mame Alioune Rokhaya Souleymane Binta Lamine "
    "Fatoumata Boubacar Coumba Idrissa Astou Malick Yacine Pape Sokhna Samba Ramatoulaye Demba "
    "Kadiatou Amadou Salimata Youssouf Assane Dieynaba Babacar Nafissatou Saliou Penda Habib"
)
TOWNS = "Dakar Thiès Kolda Sédhiou Ziguinchor Paris Lyon Milano Madrid Almería Lisboa"


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="migdesk-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def path(count: int, searched: bool = False) -> Path:
    """Encrypted database file with `count` people, in the index of search or not."""
    return _filled(count, searched)


@cache
def _filled(count: int, searched: bool) -> Path:
    file = _folder() / f"{count}{'-searched' if searched else ''}.db"
    store = Store.open(file, KEY, create=True)
    store.write(_fill, count, searched)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return file


def people(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Columns of `count` people, the same ones at each run but for their ids."""
    chance = random.Random(seed)
    family_names, given_names, towns = FAMILY.split(), GIVEN.split(), TOWNS.split()
    weights = [1 / (n + 3) for n in range(len(family_names))]
    stamp = f"{now_ms() << 16:016x}-{'0' * 16}"
    families = chance.choices(family_names, weights, k=count)
    for number, family in enumerate(families):
        yield {
            "id": uuid7(),
            "deleted": False,
            "stamps": {"*": stamp},
            "code": f"P-26-{number:04d}-KD",
            "family_name": family,
            "given_name": chance.choice(given_names),
            "aliases": [chance.choice(given_names)] if number % 5 == 0 else None,
            "sex": chance.choice(("female", "male")),
            "birth": f"{chance.randint(1940, 2008)}~",
            "phone": f"+22177{chance.randint(0, 9_999_999):07d}",
            "residence": chance.choice(towns),
            "residence_country": "SN",
            "status": "prefers_not_to_say",
        }


def _fill(session: Session, count: int, searched: bool) -> None:
    about = RECORDS["person"]
    connection = session.connection()
    part: list[dict[str, Any]] = []
    for number, values in enumerate(people(count), start=1):
        part.append(values)
        if len(part) == 5_000 or number == count:
            connection.execute(sa.insert(Person.__table__), part)  # type: ignore[arg-type]
            if searched:
                docs = [
                    {
                        "row": v["id"],
                        "kind": "person",
                        "words": search_text(session, about, v.get),
                    }
                    for v in part
                ]
                connection.execute(sa.insert(SearchDoc), docs)
            part = []
