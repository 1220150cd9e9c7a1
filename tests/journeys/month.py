"""A month of work in two offices, an agency and with two laptops, as a script for `nodes`.

Whoever is registered carries a word that says where: it is in names, answers, pictures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Fault
from migdesk.forms import Form
from migdesk.models.person import Person
from migdesk.services import (
    attachments,
    demo_answers,
    duplicates,
    erasure,
    form_words,
    records,
    settle,
    submissions,
)
from migdesk.services.records import Query
from migdesk.services.views import Gone
from tests.journeys.nodes import Node

OUTSIDE = "Ouvrexal"
INSIDE = "Interbovik"
LEAVING = "Partizuken"
GUARDED = "Gardezolim"
ERASED = "Oublizemar"
EVERYBODY = (OUTSIDE, INSIDE, LEAVING, GUARDED, ERASED)
CALLED = "Nomduformulaire"
PART = 100


@dataclass(frozen=True)
class Size:
    """How much happens in the month. `conflicts` are fields that both offices write before
    they have heard of each other."""

    people: int
    conflicts: int
    files: int
    erased: int
    days: int = 30


@dataclass(frozen=True)
class Ground:
    """What lies there before the month begins: places, a questionnaire, an answer to it."""

    inside: str
    outside: str
    form: str
    xml: str


def prepared(session: Session, inside: str, outside: str) -> Ground:
    """An interview that every other copies with another name."""
    page = records.list_page(session, "questionnaire", Query(), limit=100)
    (id,) = [one.id for one in page.rows if one.values["form"] == "needs_assessment"]
    form: Form = form_words.open_form(session, id)
    person = {
        "given_name": CALLED,
        "sex": "female",
        "birth": "1988",
        "residence_country": "SN",
    }
    start = datetime(2026, 3, 2, 9, 30).astimezone()
    answers = demo_answers.needs(Random("one"), person, 1)
    return Ground(inside, outside, id, demo_answers.submission(form, answers, start, 31))


class Month:
    """What people do, day after day; the same for the same seed."""

    def __init__(self, size: Size, ground: Ground, seed: int = 1) -> None:
        self.size, self.ground = size, ground
        self.chance = Random(seed)
        self.number = 0

    # registering

    def register(self, node: Node, many: int, marks: Sequence[str], staff: bool) -> None:
        """People come; a hundred in a transaction, as from an import."""
        for start in range(0, many, PART):
            some = min(PART, many - start)
            node.write(self._hour, [self.chance.choice(marks) for _ in range(some)], staff)

    def _hour(self, session: Session, marks: Iterable[str], staff: bool) -> None:
        for mark in marks:
            self.number += 1
            self._person(session, mark, self.number, staff)

    def _person(self, session: Session, mark: str, n: int, staff: bool) -> str:
        save = partial(records.save, session)
        there = self.ground.outside if mark == OUTSIDE else self.ground.inside
        values = {
            "family_name": f"{mark}{n}",
            "given_name": f"Ka{mark.lower()}",
            "origin": there,
            "birth": str(1950 + n % 55),
            "sex": ("female", "male")[n % 2],
            "phone": f"+22177{n % 10_000_000:07d}",
            "note": f"{mark} fears for her life" if mark == GUARDED else None,
        }
        id = save("person", None, values)
        chance = self.chance.random()
        for purpose in ("registration", "contact")[: 1 + (chance < 0.2)]:
            agreed = {"person": id, "purpose": purpose, "answer": "given"}
            save("consent", None, {**agreed, "given": "2026-03-02", "witness": f"{mark} W"})
        if staff:
            self._at_the_counter(session, id, mark, chance)
        if chance < 0.1:
            home = {"name": f"{mark}{n}", "head": id, "place": there}
            household = save("household", None, home)
            for line in range(2):
                member = {"household": household, "name": f"Ci {mark}{line}"}
                save("member", None, {**member, "relation": "child"})
        if chance > 0.94:
            self._interview(session, id, mark, n)
        return id

    def _at_the_counter(self, session: Session, id: str, mark: str, chance: float) -> None:
        save = partial(records.save, session)
        if chance < 0.8:
            said = {"person": id, "request": "funding_search", "words": f"{mark} asks"}
            save("visit", None, {**said, "at": "2026-03-02T10:00:00Z"})
        if chance < 0.2:
            case = save("case", None, {"person": id, "title": f"Poultry of {mark}"})
            save("step", None, {"case": case, "what": f"See {mark}", "due": "2026-04-01"})
            line = {"case": case, "what": "Hens", "quantity": 20.0, "price": "2500 XOF"}
            save("budget_line", None, line)

    def _interview(self, session: Session, person: str, mark: str, n: int) -> None:
        instance = f"uuid:{n:08d}-0000-4000-8000-{self.chance.getrandbits(48):012x}"
        old = demo_answers.instance_of(self.ground.xml)
        xml = self.ground.xml.replace(old, instance).replace(CALLED, f"{mark} {n}")
        links = {"person": person}
        submissions.finalise(session, self.ground.form, xml, instance, links, "fr")

    def attach(self, node: Node, mark: str, many: int, most: int) -> None:
        """Pictures with something in them that a search would find."""
        for id in self.some(node, mark, many):
            size = self.chance.randrange(20_000, most)
            data = mark.encode() + self.chance.randbytes(size)
            node.write(attachments.add, "scan.jpg", data, id)

    # changing

    def some(self, node: Node, mark: str, many: int) -> list[str]:
        """People of a sort whom this computer knows, by chance."""
        known = node.read(known_people, mark)
        return self.chance.sample(known, min(many, len(known)))

    def edit(self, node: Node, mark: str, many: int, turn: int = 0, of: int = 1) -> None:
        """People move. Each office follows its own: those of its `turn` among so many."""
        own = [id for id in node.read(known_people, mark) if int(id[-4:], 16) % of == turn]
        people = self.chance.sample(own, min(many, len(own)))
        for start in range(0, len(people), PART):
            node.write(self._edits, people[start : start + PART], mark)

    def _edits(self, session: Session, people: Iterable[str], mark: str) -> None:
        for id in people:
            town = f"{mark} {self.chance.randrange(1_000)}"
            records.save(session, "person", id, {"residence": town})

    def disagree(self, nodes: Sequence[Node], mark: str, many: int) -> None:
        """Two offices write one field of one person before they heard of each other."""
        both = set(nodes[0].read(known_people, mark)) & set(nodes[1].read(known_people, mark))
        people = self.chance.sample(sorted(both), min(many, len(both)))
        for node in nodes:
            for start in range(0, len(people), PART):
                node.write(self._differ, people[start : start + PART], node.name)

    def _differ(self, session: Session, people: Iterable[str], who: str) -> None:
        for id in people:
            records.save(session, "person", id, {"skills": f"as {who} says"})

    def bin(self, one: Node, other: Node) -> None:
        """Deleted in one office, changed in the other; deleted and taken back."""
        a, b = one.read(known_people, OUTSIDE), set(other.read(known_people, OUTSIDE))
        gone, back = self.chance.sample([id for id in a if id in b], 2)
        one.write(records.delete, "person", gone)
        other.write(records.save, "person", gone, {"skills": "was here yesterday"})
        one.write(records.delete, "person", back)
        one.write(records.restore, "person", back)

    def merge(self, one: Node, other: Node) -> None:
        """One person merged into two others at once; and two merged and separated again."""
        a, b = one.read(known_people, OUTSIDE), set(other.read(known_people, OUTSIDE))
        people = self.chance.sample([id for id in a if id in b], 5)
        one.write(duplicates.merge, "person", people[0], people[1])
        other.write(duplicates.merge, "person", people[0], people[2])
        one.write(duplicates.merge, "person", people[3], people[4])
        other.write(records.save, "person", people[3], {"skills": "under the old number"})
        one.write(duplicates.unmerge, "person", people[3])

    def leave(self, node: Node) -> None:
        """Those who were to leave move away with their households, out of the laptop's
        places."""
        people = node.read(known_people, LEAVING)
        for start in range(0, len(people), PART):
            node.write(self._move, people[start : start + PART])

    def _move(self, session: Session, people: Iterable[str]) -> None:
        for id in people:
            records.save(session, "person", id, {"origin": self.ground.outside})
            for home in records.linked(session, "household", "head", id):
                records.save(session, "household", home.id, {"place": self.ground.outside})

    def forget(self, one: Node, other: Node) -> list[str]:
        """Some ask to be erased, with all that speaks of them; elsewhere somebody writes on
        in their files."""
        people = one.read(known_people, ERASED)
        for id in people:
            if id in other.read(known_people, ERASED):
                other.write(records.save, "person", id, {"skills": f"{ERASED} again"})
            for kind, row in one.read(erasure.plan, "person", id).stays:
                one.write(_erase, kind, row)
            one.write(_erase, "person", id)
        return list(people)

    def settle(self, node: Node, many: int) -> int:
        """Some of the questions that wait are answered."""
        done = 0
        for view in node.read(settle.conflicts)[:many]:
            try:
                node.write(settle.settle, view.id, self.chance.choice(("left", "right")))
            except (Gone, Fault):
                continue  # answered with the one before
            done += 1
        return done


def _erase(session: Session, kind: str, row: str) -> None:
    if not erasure.is_erased(session, row):
        erasure.erase(session, kind, row, "asked")


def known_people(session: Session, mark: str) -> list[str]:
    """Ids of the people of a sort whom a computer shows, the oldest first."""
    named = Person.family_name.startswith(mark)
    query = sa.select(Person.id).where(named, Person.deleted.is_(False))
    return list(session.scalars(query.order_by(Person.id)))


def shares(total: int, days: int) -> Iterator[int]:
    """A number spread over days."""
    for day in range(days):
        yield total * (day + 1) // days - total * day // days
