"""Everything that a database holds, piece by piece, for the export to open formats.

Past the lists of the screens: rows in the bin are here too (marked), and what is hidden from
whoever types a second entry, because the office may take out all that is its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS
from migdesk.models.kinds import Link, Links
from migdesk.models.local import Blob, OpRow
from migdesk.models.office import AttachmentRecord, Questionnaire, Submission

from .views import View, views

LEFT_OUT = {"questionnaire": ("xform",), "submission": ("xml",), "attachment": ("blob",)}
"""Fields that become files of their own."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the file, what it means, and how it is read."""

    name: str
    label: str
    kind: str
    field: str
    shown: bool


def columns(kind: str) -> tuple[Column, ...]:
    """The columns of a kind: the stored value under the field's name, and beside it, where a
    person would read something else, the words under the same name with ``.label``."""
    found = []
    for declared in RECORDS[kind].fields.values():
        if declared.name in LEFT_OUT.get(kind, ()):
            continue
        words, name = type(declared.kind).__name__, declared.name
        found.append(Column(name, str(declared.label), words, name, False))
        coded = getattr(declared.kind, "codes", "") or words in ("Country", "Place")
        if coded or isinstance(declared.kind, Link | Links):
            found.append(Column(f"{name}.label", str(declared.label), words, name, True))
    return tuple(found)


def count(session: Session, kind: str) -> int:
    """Rows of a kind, those in the bin too."""
    model = RECORDS[kind].model
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def rows(session: Session, kind: str, after: str, limit: int) -> tuple[View, ...]:
    """Rows of a kind in the order of their ids, from an id on."""
    model = RECORDS[kind].model
    statement = sa.select(model).where(model.id > after).order_by(model.id).limit(limit)
    found = views(session, kind, session.scalars(statement))
    session.expunge_all()
    return found


def cells(view: View, wanted: Sequence[Column]) -> list[Any]:
    """A row as the table holds it; lists as JSON."""
    made = []
    for column in wanted:
        value: Any = view.values[column.field]
        if column.shown:
            value = view.shown[column.field]
        elif isinstance(value, list | dict):
            value = json.dumps(value, ensure_ascii=False)
        made.append(value)
    return made


def ops(session: Session, after: int, limit: int) -> list[tuple[int, str]]:
    """Position and JSON of changes in the order in which they came."""
    statement = sa.select(OpRow.seq, OpRow.body).where(OpRow.seq > after)
    found = session.execute(statement.order_by(OpRow.seq).limit(limit))
    return [(seq, body) for seq, body in found]


def forms(session: Session) -> Iterator[tuple[str, str, str, str]]:
    """(id, form, version, XForm) of each questionnaire."""
    for row in session.scalars(sa.select(Questionnaire).order_by(Questionnaire.id)):
        if row.xform:
            yield row.id, row.form or "", row.version or "", row.xform


def filled(session: Session, after: str, limit: int) -> list[tuple[str, str, str]]:
    """(id, questionnaire, XML) of submissions from an id on."""
    found = sa.select(Submission.id, Submission.questionnaire, Submission.xml)
    found = found.where(Submission.id > after, Submission.xml.is_not(None))
    return [
        (id, of or "", xml or "")
        for id, of, xml in session.execute(found.order_by(Submission.id).limit(limit))
    ]


def attached(session: Session, after: str, limit: int) -> list[tuple[str, str, str, str]]:
    """(id, file name, hash, owner) of attachments from an id on."""
    a = AttachmentRecord
    found = sa.select(a.id, a.name, a.blob, a.of).where(a.id > after, a.blob.is_not(None))
    return [
        (id, name or "", blob or "", of or "")
        for id, name, blob, of in session.execute(found.order_by(a.id).limit(limit))
    ]


def data(session: Session, digest: str) -> bytes | None:
    """Bytes of a file, None if they have not arrived."""
    return session.scalar(sa.select(Blob.data).where(Blob.hash == digest))
