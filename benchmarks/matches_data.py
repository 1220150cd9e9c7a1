"""A register in which matches are looked for: people with skills, needs, dossiers, windows.

Skills are unequal, as they are: one person in seven has the commonest. Rows go in as in
`data`, without a change log, which no match reads.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks import data
from migdesk import codelists
from migdesk.clock import uuid7
from migdesk.models import RECORDS
from migdesk.models.store import Store

PEOPLE, NEEDS, CASES, WINDOWS = 100_000, 1_000, 5_000, 500
BASE: dict[str, Any] = {"deleted": False, "stamps": {}}
COUNTRIES = "SN FR IT ES GM ML MA MD DE BE".split()
LANGUAGES = "fr wo ff en mnk ar it es".split()
PART = 5_000
Rows = Iterator[dict[str, Any]]


@cache
def path() -> Path:
    """The encrypted file, made once in a run."""
    file = data.path(1).with_name("matches.db")
    store = Store.open(file, data.KEY, create=True)
    store.write(_fill)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return file


def _fill(session: Session) -> None:
    chance = random.Random(7)
    places = [uuid7() for _n in range(600)]
    _put(session, "place", _places(places))
    people = [uuid7() for _n in range(PEOPLE)]
    _put(session, "person", _people(chance, people, places))
    _put(session, "skill", _skills(chance, people))
    needs = [uuid7() for _n in range(NEEDS)]
    _put(session, "need", _needs(chance, needs))
    _put(session, "need_condition", _conditions(chance, "need", needs, places, _OF_PEOPLE))
    cases = [uuid7() for _n in range(CASES)]
    _put(session, "case", _cases(chance, cases, people, places))
    for kind, rows in _lines(chance, cases).items():
        _put(session, kind, iter(rows))
    windows = [uuid7() for _n in range(WINDOWS)]
    _put(session, "window", ({**BASE, "id": id, "name": "Window"} for id in windows))
    asked = _conditions(chance, "window", windows, places, _OF_CASES)
    _put(session, "window_condition", asked)


def _put(session: Session, kind: str, rows: Rows) -> None:
    table = RECORDS[kind].model.__table__
    while part := list(islice(rows, PART)):
        session.connection().execute(sa.insert(table), part)  # type: ignore[arg-type]


def _codes(codes: str) -> list[str]:
    return [item.code for item in codelists.get(codes)]


def _unequal(chance: random.Random, codes: list[str]) -> str:
    return chance.choices(codes, [1 / (n + 1) for n in range(len(codes))])[0]


def _places(ids: list[str]) -> Rows:
    """Twenty regions, and villages in them."""
    for n, id in enumerate(ids):
        parent = None if n < 20 else ids[n % 20]
        level = "village" if parent else "region"
        yield {**BASE, "id": id, "name": f"Place {n}", "level": level, "parent": parent}


def _people(chance: random.Random, ids: list[str], places: list[str]) -> Rows:
    phases, studies = _codes("migration_cycle_phases"), _codes("education_levels")
    for id, row in zip(ids, data.people(len(ids)), strict=True):
        known = chance.random() < 0.8
        yield {
            **row,
            "id": id,
            "residence_country": chance.choice(COUNTRIES),
            "nationality": "SN",
            "phase": chance.choice(phases) if known else None,
            "education": chance.choice(studies) if known else None,
            "origin": chance.choice(places),
            "languages": chance.sample(LANGUAGES, 2),
        }


def _skills(chance: random.Random, people: list[str]) -> Rows:
    codes, offers = _codes("isco08"), _codes("skill_offers")
    for person in people:
        for _n in range(chance.choice((1, 1, 2))):
            yield {
                **BASE,
                "id": uuid7(),
                "person": person,
                "occupation": _unequal(chance, codes),
                "offers": chance.sample(offers, 2),
                "disclosure": chance.choice(("masked", "masked", "masked", "nobody")),
            }


def _needs(chance: random.Random, ids: list[str]) -> Rows:
    codes = _codes("isco08")
    for n, id in enumerate(ids):
        yield {
            **BASE,
            "id": id,
            "name": f"Need {n}",
            "type": "vacancy",
            "occupation": _unequal(chance, codes),
            "status": "open",
        }


_OF_PEOPLE = ("residence_country", "language", "age", "origin", "education")
_OF_CASES = ("sector", "amount", "own_share", "place", "age", "paper")


def _conditions(
    chance: random.Random,
    owner: str,
    ids: list[str],
    places: list[str],
    subjects: tuple[str, ...],
) -> Rows:
    """Four or five for each, one of them a wish."""
    sectors, studies = _codes("business_sectors"), _codes("education_levels")
    papers = _codes("required_papers")
    for id in ids:
        for n, about in enumerate(chance.sample(subjects, chance.choice((4, 5)))):
            told = {
                "residence_country": ("is", "|".join(chance.sample(COUNTRIES, 3))),
                "language": ("is", chance.choice(LANGUAGES)),
                "age": ("at_most", str(chance.choice((35, 45, 60)))),
                "origin": ("inside", chance.choice(places[:20])),
                "place": ("inside", chance.choice(places[:20])),
                "education": ("at_least", chance.choice(studies)),
                "sector": ("is", "|".join(chance.sample(sectors, 3))),
                "amount": ("at_most", f"{chance.choice((1, 3, 10))}000000 XOF"),
                "own_share": ("at_least", str(chance.choice((10, 20)))),
                "paper": ("holds", chance.choice(papers)),
            }[about]
            row = {"about": about, "how": told[0], "value": told[1], "wish": n == 3}
            yield {**BASE, "id": uuid7(), owner: id, **row}


def _cases(chance: random.Random, ids: list[str], people: list[str], places: list[str]) -> Rows:
    sectors, stages = _codes("business_sectors"), _codes("enterprise_pipeline_stages")
    for n, id in enumerate(ids):
        yield {
            **BASE,
            "id": id,
            "code": f"C-26-{n:04d}-KD",
            "title": f"Project {n}",
            "person": chance.choice(people),
            "type": "project",
            "status": "open",
            "sector": chance.choice(sectors),
            "stage": chance.choice(stages),
            "place": chance.choice(places),
        }


def _lines(chance: random.Random, cases: list[str]) -> dict[str, list[dict[str, Any]]]:
    papers = _codes("required_papers")
    found: dict[str, list[dict[str, Any]]] = {
        kind: [] for kind in ("budget_line", "finance_line", "paper")
    }
    for case in cases:
        for _n in range(4):
            price = f"{chance.randint(10, 1000) * 1000} XOF"
            row = {"id": uuid7(), "case": case, "what": "Thing", "quantity": 2.0}
            found["budget_line"].append({**BASE, **row, "price": price})
        own = {"id": uuid7(), "case": case, "source": "Own", "nature": "own_funds"}
        found["finance_line"].append({**BASE, **own, "amount": "200000 XOF"})
        for what in chance.sample(papers, 3):
            row = {"id": uuid7(), "case": case, "what": what, "status": "held"}
            found["paper"].append({**BASE, **row})
    return found
