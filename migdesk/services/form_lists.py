"""Lists of choices made from our own records: people, households, organisations, places.

A form names ``people.csv`` as it would name any attached list. The rows are read when a
filling opens, never kept with the form, never sent with it. A draft or a submission goes
on seeing the rows that its answers name, even once these are in the bin.

An entity list that forms fill is such a list too: those whom a form registers in
``migrants`` are in ``migrants.csv``, with the properties of that form.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS, RecordType
from migdesk.models.entity import EntityMap, EntityRecord
from migdesk.models.kinds import Link

from . import form_files, sights
from .entity_fields import LABEL
from .entity_maps import mapping_of
from .views import titles

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OPEN = ("", "personal")


@dataclass(frozen=True)
class OwnList:
    """`columns` of the list and the fields that they show; a column called ``…_name`` holds
    the words of the link beside it. `named`: fields that the title is made of. `dataset`:
    only those registered in that entity list, their codes said as its form does."""

    kind: str
    columns: Mapping[str, str]
    named: tuple[str, ...] = ("name", "code")
    dataset: str = ""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


LISTS: Mapping[str, OwnList] = {
    "people.csv": OwnList(
        "person",
        {
            "code": "code",
            "family_name": "family_name",
            "given_name": "given_name",
            "sex": "sex",
            "birth": "birth",
            "nationality": "nationality",
            "village": "origin",
            "village_name": "origin",
            "residence": "residence",
            "country": "residence_country",
            "phone": "phone",
            "education": "education",
            "occupation": "occupation",
        },
        ("given_name", "family_name", "aliases", "code"),
    ),
    "households.csv": OwnList(
        "household",
        {
            "code": "code",
            "head": "head",
            "head_name": "head",
            "village": "place",
            "village_name": "place",
            "phone": "phone",
        },
    ),
    "organisations.csv": OwnList(
        "organisation",
        {
            "code": "code",
            "acronym": "acronym",
            "types": "types",
            "sectors": "sectors",
            "country": "country",
            "village": "place",
            "village_name": "place",
        },
    ),
    "places.csv": OwnList(
        "place",
        {
            "level": "level",
            "inside": "parent",
            "inside_name": "parent",
            "country": "country",
            "pcode": "pcode",
        },
        ("name", "pcode"),
    ),
}
"""By file name. Every list begins with the columns `name` (the id) and `label`."""
NAMES = {own.kind: own.named for own in LISTS.values()}
"""Kinds of which lists are made, and the fields that their titles are made of."""


def own_list(session: Session, name: str) -> OwnList | None:
    """The list of a file's name that is made of our records, if it is one."""
    return LISTS.get(name) or _registered(session, name.removesuffix(".csv"))


def _registered(session: Session, dataset: str) -> OwnList | None:
    """The list of those whom forms register under a name."""
    rows = session.scalars(
        sa.select(EntityMap)
        .where(EntityMap.name == dataset, EntityMap.deleted.is_(False))
        .order_by(EntityMap.id)
    )
    found = [each for each in map(mapping_of, rows) if each.target in NAMES]
    if not found:
        return None
    kind = found[0].target
    columns: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    for each in found:
        for column, to in each.fields.items() if each.target == kind else ():
            if to in RECORDS[kind].fields and column != LABEL:
                columns.setdefault(column, to)
                back = {ours: code for code, ours in each.codes.get(column, {}).items()}
                codes.setdefault(column, back)
    return OwnList(kind, columns, NAMES[kind], dataset, codes)


def columns_of(name: str) -> tuple[str, ...]:
    """Columns of one of `LISTS`."""
    return _columns(LISTS[name])


def _columns(own: OwnList) -> tuple[str, ...]:
    """Columns of a list. What is declared as more than personal is never among them."""
    fields = RECORDS[own.kind].fields
    shown = (c for c, f in own.columns.items() if fields[f].secret in _OPEN)
    return ("name", "label", *shown)


def ids_in(text: str) -> frozenset[str]:
    """Ids of records that answers name; `text`: a submission or a draft as JSON."""
    return frozenset(_ID.findall(text))


def lists_of(session: Session, questionnaire: str, answers: str = "") -> dict[str, bytes]:
    """Lists that a questionnaire needs: those attached to it, and our own as they are now.
    `answers` (a submission, or a draft as JSON) keep the rows that they name."""
    wanted = form_files.needed(session, questionnaire).lists
    found = form_files.files_of(session, questionnaire, wanted) if wanted else {}
    held = {name.lower() for name in found}
    for name in wanted:
        if name not in held and own_list(session, name) is not None:
            found[name] = rows_of(session, name, ids_in(answers))
    return found


def missing(session: Session, questionnaire: str) -> tuple[str, ...]:
    """Names of the files that the form asks for and does not have."""
    held = {name.lower() for name in form_files.names_of(session, questionnaire)}
    wanted = form_files.needed(session, questionnaire)
    lacking = (name for name in wanted if name.lower() not in held)
    return tuple(name for name in lacking if own_list(session, name) is None)


def state(session: Session, questionnaire: str) -> tuple[int, int]:
    """(files that may be given to a questionnaire, those that are missing)."""
    wanted = form_files.needed(session, questionnaire)
    asked = sum(own_list(session, name) is None for name in wanted)
    return asked, len(missing(session, questionnaire))


def rows_of(session: Session, name: str, kept: Iterable[str] = ()) -> bytes:
    """A list as CSV, by label; with the records `kept`, be they in the bin."""
    own = own_list(session, name) or LISTS[name]
    about = RECORDS[own.kind]
    columns = _columns(own)[2:]
    found = list(_records(session, about, own, frozenset(kept)))
    words = _words(session, about, own, found)
    hidden = sights.masked(session, about, [id for id, _values in found])
    names = {id: sights.veil(about, values)[1] for id, values in found if id in hidden}
    found = [
        (id, sights.veil(about, values)[0] if id in hidden else values) for id, values in found
    ]
    rows = [
        (
            id,
            names.get(id) or about.title(values) or id,
            *(_cell(own, c, values, words) for c in columns),
        )
        for id, values in found
    ]
    rows.sort(key=lambda row: (row[1].casefold(), row[0]))
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([("name", "label", *columns), *rows])
    return out.getvalue().encode()


def _records(
    session: Session, about: RecordType, own: OwnList, kept: frozenset[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(id, values): columns only, because a list may be long."""
    model = about.model
    fields = list(dict.fromkeys((*own.named, *own.columns.values())))
    query = sa.select(model.id, *(getattr(model, field) for field in fields))
    present = query.where(model.deleted.is_(False))
    if own.dataset:
        registered = sa.select(EntityRecord.record).where(
            EntityRecord.dataset == own.dataset, EntityRecord.deleted.is_(False)
        )
        present = present.where(model.id.in_(registered))
    for row in session.execute(present):
        yield row[0], dict(zip(fields, row[1:], strict=True))
    asked = sorted(kept)
    for start in range(0, len(asked), 500):
        held = query.where(model.deleted.is_(True), model.id.in_(asked[start : start + 500]))
        for row in session.execute(held):
            yield row[0], dict(zip(fields, row[1:], strict=True))


def _words(
    session: Session, about: RecordType, own: OwnList, rows: list[tuple[str, dict[str, Any]]]
) -> dict[str, str]:
    """Titles of the linked records whose words a list shows."""
    found: dict[str, str] = {}
    for column, shown in own.columns.items():
        kind = about[shown].kind
        if column.endswith("_name") and isinstance(kind, Link):
            found |= titles(session, kind.to, {v[shown] for _id, v in rows if v[shown]})
    return found


def _cell(
    own: OwnList, column: str, values: Mapping[str, Any], words: Mapping[str, str]
) -> str:
    value = values[own.columns[column]]
    if value is None:
        return ""
    to = own.columns[column]
    if column.endswith("_name") and isinstance(RECORDS[own.kind][to].kind, Link):
        return words.get(value, "")
    back = own.codes.get(column, {})
    if isinstance(value, list):
        return " ".join(back.get(part, part) for part in value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return back.get(text, text)
