"""Everything that the office holds about a person, in plain words, for that person (R125).

What is said of others stays out: of a link to somebody else only that there is one. What
only some of the staff read is in it as far as who prints it reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models import RECORDS, Field, RecordType, children_of
from migdesk.models.kinds import AnyLink, Link, Links, LongText
from migdesk.models.office import AttachmentRecord
from migdesk.printing.blocks import Block, Column, Paragraph, Title
from migdesk.printing.sheets.common import facts, section, table
from migdesk.printing.sheets.record_sheet import RecordSheet

from . import papers, records
from .views import View

APART = frozenset({"reading", "disclosure", "distinct", "entity"})
"""Kinds that are told in a part of their own, or say nothing to a person."""
OTHERS = frozenset({"person", "household", "member"})
"""Kinds whose names are those of people."""


def sheet(session: Session, id: str) -> RecordSheet:
    """The paper. Raises Gone."""
    person = records.get(session, "person", id)
    blocks: list[Block] = [Paragraph(_opening())]
    blocks += _fields(RECORDS["person"], person, id)
    for kind, views in _about(session, id):
        for view in views:
            blocks += _record(session, kind, view, id)
    blocks += _files(session, id)
    blocks += _given(session, id)
    imprint = papers.imprint(session, person.code)
    return RecordSheet(imprint, _("What we hold about you"), person.title, tuple(blocks))


def _opening() -> str:
    return _(
        "This is all that this office holds about you. You may ask us to correct it, to erase "
        "it, or to give it to nobody. What concerns other people is left out."
    )


def _about(session: Session, id: str) -> Iterator[tuple[str, list[View]]]:
    """Records that name the person, kind by kind."""
    for kind, about in RECORDS.items():
        found: dict[str, View] = {}
        for f in about.fields.values() if kind not in APART else ():
            if isinstance(f.kind, Link) and f.kind.to == "person":
                found |= {v.id: v for v in records.linked(session, kind, f.name, id)}
        if found:
            yield kind, list(found.values())


def _record(session: Session, kind: str, view: View, person: str) -> list[Block]:
    about = RECORDS[kind]
    blocks: list[Block] = [Title(view.code or view.title, kicker=str(about.label))]
    blocks += _fields(about, view, person)
    for child in children_of(kind):
        if lines := records.lines_of(session, child.kind, view.id):
            blocks += _lines(child, lines, person)
    return blocks


def _told(declared: Field, view: View, person: str) -> str:
    """What a field says, without the names of others."""
    if isinstance(declared.kind, AnyLink) or declared.hidden:
        return ""
    if isinstance(declared.kind, Link | Links) and declared.kind.to in OTHERS:
        value = view.values[declared.name]
        return "" if value in (None, person) else _("(somebody else)")
    return view.shown[declared.name]


def _fields(about: RecordType, view: View, person: str) -> list[Block]:
    blocks: list[Block] = []
    for key, title in about.sections.items():
        said = [
            (f, words)
            for f in about.fields.values()
            if f.section == key and (words := _told(f, view, person))
        ]
        short = [(str(f.label), words) for f, words in said if not _is_long(f)]
        long = [Paragraph(f"{f.label}: {words}") for f, words in said if _is_long(f)]
        blocks += section(str(title), facts(short) if short else None, *long)
    return blocks


def _is_long(declared: Field) -> bool:
    return isinstance(declared.kind, LongText)


def _lines(about: RecordType, lines: Sequence[View], person: str) -> list[Block]:
    fields = about.columns
    rows = [[_told(f, line, person) for f in fields] for line in lines]
    made = table([Column(str(f.label)) for f in fields], rows)
    return section(str(about.plural), made)


def _files(session: Session, id: str) -> list[Block]:
    here = sa.select(AttachmentRecord.name).where(
        AttachmentRecord.of == id, AttachmentRecord.deleted.is_(False)
    )
    names = [[name or ""] for name in session.scalars(here)]
    return section(_("Files"), table([Column(_("File name"))], names) if names else None)


def _given(session: Session, id: str) -> list[Block]:
    """To whom something was given, and by what right."""
    about = RECORDS["disclosure"]
    lines = records.linked(session, "disclosure", "person", id)
    if not lines:
        return section(_("To whom it was given"), Paragraph(_("To nobody.")))
    names = ("at", "what", "recipient", "reason", "basis")
    rows = [[what(line) if n == "what" else line.shown[n] for n in names] for line in lines]
    columns = [Column(str(about[n].label)) for n in names]
    return section(_("To whom it was given"), table(columns, rows))


def what(line: View) -> str:
    """What was given, in words: the name of a document, of an export."""
    from migdesk.printing.sheets import SHEETS

    code = line.values["what"] or ""
    return str(SHEETS[code].title) if code in SHEETS else code


FILLERS = {"subject-access": sheet}
