"""Many questions at once, where the answer is plain: with a preview, in one transaction.

Only questions between values are answered so: what a deletion, a merge or two copies of
answers mean, a person looks at one by one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models import RECORDS, Record
from migdesk.models.capture import bases
from migdesk.models.local import ConflictRow
from migdesk.task import Task

from . import history
from .conflict_list import Wanted, count, label_of, pairs, places_of, plain, values_of
from .merging import refresh_conflicts
from .views import title_of

Rule = Literal["full", "alike", "newer"]
RULES: tuple[Rule, ...] = ("full", "alike", "newer")
PART = 300
NOTHING: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True)
class Line:
    """One question as a rule would answer it, in words."""

    title: str
    label: str
    kept: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a rule would do: how many of the questions it answers, and the first of them."""

    rule: Rule
    asked: int
    answered: int
    sample: tuple[Line, ...]


@dataclass(frozen=True)
class _Answer:
    """A question, its sides, and the value that a rule keeps."""

    first: ConflictRow
    values: dict[str, Any]
    kept: Any


def plan(
    session: Session, rule: Rule, wanted: Wanted, role: str = "", sample: int = 20
) -> Plan:
    """What `settle_many` would do, without writing."""
    lines: list[Line] = []
    answered = 0
    for part in _parts(session, rule, wanted, role):
        answered += len(part)
        lines += [_line(session, each) for each in part[: sample - len(lines)]]
    return Plan(rule, count(session, wanted), answered, tuple(lines))


def settle_many(
    session: Session, task: Task, rule: Rule, wanted: Wanted, role: str = ""
) -> tuple[int, str]:
    """Answer every question that a rule answers; how many, and the transaction by which
    all of it can be undone ("" if there were none). Raises Cancelled; nothing is then
    written."""
    total, answered = count(session, wanted), 0
    for part in _parts(session, rule, wanted, role):
        task.step(answered, total)
        _write(session, part)
        answered += len(part)
    return answered, str(session.info["scribe"].tx) if answered else ""


def _parts(session: Session, rule: Rule, wanted: Wanted, role: str) -> Iterator[list[_Answer]]:
    """The questions that a rule answers, some at a time."""
    places, after = places_of(session, wanted, "", PART)
    while places:
        held = pairs(session, places)
        values = values_of(session, held)
        asked = [held[place][0] for place in places if _may(held[place][0], role)]
        found = (_answer(rule, each, values[each.row, each.field]) for each in asked)
        yield [each for each in found if each is not None]
        places, after = places_of(session, wanted, after, PART) if after else ([], "")


def _may(first: ConflictRow, role: str) -> bool:
    if not plain(first.kind, first.field):
        return False
    return not role or role in RECORDS[first.kind].writers


def _answer(rule: Rule, first: ConflictRow, values: dict[str, Any]) -> _Answer | None:
    sides = list(values.values())
    if rule == "newer":
        return _Answer(first, values, values[max(values)])
    if rule == "full":
        full = [value for value in sides if value not in NOTHING]
        alone = len(full) < len(sides) and len({repr(value) for value in full}) == 1
        return _Answer(first, values, full[0]) if alone else None
    if not all(isinstance(value, str) for value in sides):
        return None
    if len({_folded(value) for value in sides}) > 1:
        return None
    return _Answer(first, values, max(sides, key=_care))


def _folded(text: str) -> str:
    """A text without case, accents and spaces."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in bare if not unicodedata.combining(c) and not c.isspace())


def _care(text: str) -> tuple[int, bool, int]:
    """How carefully a text was typed: accents, then small and capital letters, then no
    spaces too many. Of two as good, the one that is shown now stays."""
    marks = sum(map(bool, map(unicodedata.combining, unicodedata.normalize("NFD", text))))
    mixed = text not in (text.upper(), text.lower())
    return marks, mixed, -len(text) + len(" ".join(text.split()))


def _line(session: Session, answer: _Answer) -> Line:
    first = answer.first
    kind = RECORDS[first.kind][first.field].kind
    words = [history.shown(session, kind, value) or _("(empty)") for value in _values(answer)]
    title, label = title_of(session, first.kind, first.row), label_of(first.kind, first.field)
    return Line(title, label, words[0], tuple(dict.fromkeys(words[1:])))


def _values(answer: _Answer) -> list[Any]:
    """The value kept, then the others."""
    return [answer.kept, *(v for v in answer.values.values() if v != answer.kept)]


def _write(session: Session, part: Sequence[_Answer]) -> None:
    """Answer some questions; each op names all the sides that it replaces."""
    by_kind: dict[str, list[str]] = {}
    for each in part:
        by_kind.setdefault(each.first.kind, []).append(each.first.row)
    records: dict[str, Record] = {}
    for kind, rows in by_kind.items():
        model = RECORDS[kind].model
        found = session.scalars(sa.select(model).where(model.id.in_(rows)))
        records |= {record.id: record for record in found}
    for each in part:
        record = records[each.first.row]
        _decide(session, record, each.first.field, each)
    if records:
        refresh_conflicts(session, list(records))


def _decide(session: Session, record: Record, name: str, answer: _Answer) -> None:
    known = dict(record.stamps)
    heads = bases(known, [name], set(RECORDS[record.__kind__].fields)).get(name, [])
    record.stamps = {**known, name: list(dict.fromkeys([*heads, *answer.values]))}
    if getattr(record, name) == answer.kept:
        session.info["scribe"].note(record, {name: answer.kept})
    else:
        setattr(record, name, answer.kept)
