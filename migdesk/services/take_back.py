"""One record as a backup holds it, beside what it is today; and taking parts of it back.

What is taken back is written as ordinary changes: it is in the history, it travels, and it
can be undone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Refusal
from migdesk.i18n import N_
from migdesk.models import RECORDS, children_of
from migdesk.models.local import Erasure
from migdesk.models.office import AttachmentRecord

from . import records
from .views import View, load, view, views

State = Literal["here", "deleted", "absent", "erased", "merged"]
LineState = Literal["same", "changed", "gone"]


class NotBack(Refusal):
    """What a person erased for good must not come back by a side door."""

    code = "TBK-001"
    text = N_(
        "This record was erased for good, or merged into another. It does not come back from "
        "a backup; separate merged records on the page of the one that stays."
    )


@dataclass(frozen=True)
class Past:
    """A record and its lines, as a backup holds them."""

    record: View
    lines: tuple[View, ...]


@dataclass(frozen=True)
class FieldThen:
    """One field, then and now, in words."""

    name: str
    label: str
    then: str
    now: str
    differs: bool


@dataclass(frozen=True)
class LineThen:
    """A line of the past, and what became of it."""

    line: View
    kind: str
    state: LineState


@dataclass(frozen=True)
class Comparison:
    """Then and now, side by side. Fields that are hidden count as one that is taken with
    the record only when it is not here any more."""

    title: str
    state: State
    fields: tuple[FieldThen, ...]
    lines: tuple[LineThen, ...]


def past(session: Session, kind: str, id: str) -> Past:
    """Read a record and its lines; on the database of the backup. Raises Gone."""
    lines: list[View] = []
    for child in children_of(kind):
        lines += records.lines_of(session, child.kind, id)
    files = sa.select(AttachmentRecord).where(
        AttachmentRecord.of == id, AttachmentRecord.deleted.is_(False)
    )
    lines += views(session, "attachment", session.scalars(files))
    return Past(records.get(session, kind, id), tuple(lines))


def compare(session: Session, then: Past) -> Comparison:
    """What of a past record differs from today; on the database of today."""
    about, old = RECORDS[then.record.kind], then.record
    state, now = _today(session, old.kind, old.id)
    fields = []
    for declared in about.fields.values():
        if declared.hidden:
            continue
        before = old.values[declared.name]
        after = now.values[declared.name] if now else None
        shown = now.shown[declared.name] if now else ""
        if before is not None or after is not None:
            fields.append(
                FieldThen(
                    declared.name,
                    str(declared.label),
                    old.shown[declared.name],
                    shown,
                    before != after,
                )
            )
    lines = tuple(
        LineThen(line, str(RECORDS[line.kind].label), _line_state(session, line))
        for line in then.lines
    )
    return Comparison(old.title, state, tuple(fields), lines)


def _today(session: Session, kind: str, id: str) -> tuple[State, View | None]:
    if session.get(Erasure, id) is not None:
        return "erased", None
    record = session.get(RECORDS[kind].model, id)
    if record is None:
        return "absent", None
    if record.merged and record.merged != id:
        return "merged", None
    return ("deleted" if record.deleted else "here"), view(session, record)


def _line_state(session: Session, line: View) -> LineState:
    state, now = _today(session, line.kind, line.id)
    if state != "here" or now is None:
        return "gone"
    return "same" if now.values == line.values else "changed"


def take_back(
    session: Session, then: Past, fields: Collection[str], lines: Collection[str]
) -> None:
    """Bring a record back if it is not here any more, give the chosen fields the values of
    then, and bring the chosen lines back. Raises NotBack."""
    old = then.record
    state, _now = _today(session, old.kind, old.id)
    if state in ("erased", "merged"):
        raise NotBack
    if state == "absent":
        records.save(session, old.kind, old.id, _given(old))
    if state == "deleted":
        load(session, old.kind, old.id).deleted = False
        session.flush()
    if fields and state != "absent":
        records.save(session, old.kind, old.id, {name: old.values[name] for name in fields})
    for line in then.lines:
        if line.id in lines:
            _bring(session, line)


def _bring(session: Session, line: View) -> None:
    state, _now = _today(session, line.kind, line.id)
    if state in ("erased", "merged"):
        return
    if state == "deleted":
        load(session, line.kind, line.id).deleted = False
        session.flush()
    values = _given(line) if state == "absent" else line.values
    records.save(session, line.kind, line.id, values)


def _given(old: View) -> dict[str, object]:
    return {name: value for name, value in old.values.items() if value is not None}
