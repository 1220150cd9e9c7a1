"""Tables over all records of a kind, for documents: registers, and counts without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from migdesk.forms.stats import THRESHOLD
from migdesk.forms.suppress import protect
from migdesk.i18n import _
from migdesk.models import RECORDS, Field, RecordType
from migdesk.models.kinds import Link, Money, Number, add_money
from migdesk.printing.blocks import Block, Column, Paragraph, Total
from migdesk.printing.recipes import Counts, Roll, Sums
from migdesk.printing.sheets.common import facts, section, table

from .cases import shown_sum
from .views import View, titles, views

MOST = 5_000
"""Rows of a register on paper; more are told of, not printed."""
BATCH = 500
OF_AN_OFFICE = ("person", "visit", "case")
"""Kinds of which each belongs to an office."""


@dataclass(frozen=True)
class Period:
    """Days from `since` to `until`, both included; "" where it is open. `office`: an id where
    only its people, visits and cases are wanted, and those that belong to none."""

    since: str = ""
    until: str = ""
    office: str = ""

    def holds(self, column: Any) -> Iterator[Any]:
        """Conditions on a column of days or moments."""
        if self.since:
            yield column >= self.since
        if self.until:
            yield column < self.until + "~"  # after all moments of that day


ALWAYS = Period()


def roll(session: Session, part: Roll, period: Period) -> list[Block]:
    """The register, a table for each group."""
    about = RECORDS[part.kind]
    statement = _wanted(about, part.where, part.day, period)
    order = about.order.lstrip("-")
    column = getattr(about.model, order)
    total = session.scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0
    down = about.order.startswith("-") and not part.day
    if part.day:
        column = getattr(about.model, part.day)
    ordered = statement.order_by(column.desc() if down else column).limit(MOST)
    found = views(session, part.kind, session.scalars(ordered))
    blocks: list[Block] = []
    for heading, rows in _grouped(found, part.group):
        words = heading or str(part.title or about.plural)
        made = _rows(about, part, rows)
        blocks += section(words, made, aside=str(len(rows)) if rows else "")
    if total > MOST:
        words = _("Only the first {n} of {total} are printed.")
        blocks.append(Paragraph(words.format(n=MOST, total=total), "hint"))
    return blocks


def _wanted(
    about: RecordType, where: Sequence[tuple[str, str]], day: str, period: Period
) -> sa.Select[Any]:
    model = about.model
    statement = sa.select(model).where(model.deleted.is_(False))
    for name, value in where:
        statement = statement.where(getattr(model, name) == _typed(about[name], value))
    if day:
        statement = statement.where(*period.holds(getattr(model, day)))
    if period.office and about.kind in OF_AN_OFFICE:
        office: Any = about.model.__table__.c.office
        statement = statement.where(sa.or_(office == period.office, office.is_(None)))
    return statement


def _typed(field: Field, value: str) -> Any:
    return value == "true" if field.kind.name == "boolean" else value


def _grouped(found: Sequence[View], group: str) -> Iterator[tuple[str, list[View]]]:
    if not group:
        yield "", list(found)
        return
    ordered = sorted(found, key=lambda view: view.shown[group].casefold())
    for words, rows in groupby(ordered, key=lambda view: view.shown[group]):
        yield words or _("Others"), list(rows)


def _rows(about: RecordType, part: Roll, rows: Sequence[View]) -> Block | None:
    declared = [about[name] for name in part.columns]
    cells = [[row.shown[f.name] for f in declared] for row in rows]
    cells += [[" "] * len(declared) for _row in range(part.rows)]
    columns = [
        Column(str(f.label), "end" if isinstance(f.kind, Number | Money) else "start")
        for f in declared
    ]
    if not cells:
        return Paragraph(_("Nothing to show."), "hint")
    return table(columns, cells, write_in=bool(part.rows))


def sums(session: Session, part: Sums, period: Period) -> list[Block]:
    """Each field's words and its sum; money by currency."""
    about = RECORDS[part.kind]
    wanted = _wanted(about, part.where, part.day, period)
    pairs = []
    for name in part.fields:
        declared = about[name]
        values = session.scalars(wanted.with_only_columns(getattr(about.model, name))).all()
        if isinstance(declared.kind, Money):
            told = shown_sum(add_money(list(values)))
        else:
            told = declared.kind.show(sum(value or 0 for value in values))
        pairs.append((str(declared.label), told))
    return section(str(part.title), facts(pairs, 3)) if part.title else [facts(pairs, 3)]


def counts(session: Session, part: Counts, period: Period) -> list[Block]:
    """The table with its totals; small cells are hidden (`forms.suppress`)."""
    about = RECORDS[part.kind]
    pairs = Counter(_pairs(session, about, part, period))
    downs = sorted({down for down, _across in pairs}, key=_last)
    acrosses = sorted({across for _down, across in pairs}, key=_last)
    title = str(part.title or about.plural)
    if not pairs:
        return section(title, Paragraph(_("Nothing to show."), "hint"))
    cells = [[pairs[down, across] for across in acrosses] for down in downs]
    cells = [[*line, sum(line)] if part.across else line for line in cells]
    cells.append([sum(column) for column in zip(*cells, strict=True)])
    hidden = protect(cells, THRESHOLD, False, False)
    shown = [
        ["…" if (r, c) in hidden else str(count) for c, count in enumerate(line)]
        for r, line in enumerate(cells)
    ]
    heads = [Column(""), *(Column(across or _("Number"), "end") for across in acrosses)]
    if part.across:
        heads.append(Column(_("Total"), "end"))
    body = [[down, *line] for down, line in zip(downs, shown[:-1], strict=True)]
    made = table(heads, body, totals=[Total((_("Total"), *shown[-1]))])
    note = Paragraph(_("Numbers below {n} are hidden.").format(n=THRESHOLD), "hint")
    return section(title, made, note if hidden else None)


def _last(words: str) -> tuple[bool, str]:
    """In the order of the words, what is not known at the end."""
    return words == _("not known"), words.casefold()


def _pairs(
    session: Session, about: RecordType, part: Counts, period: Period
) -> Iterator[tuple[str, str]]:
    statement = _wanted(about, part.where, part.day, period)
    asked = [name for name in (part.by, part.across) if name]
    columns = []
    for name in asked:
        link, _dot, inner = name.partition(".")
        if not inner:
            columns.append(getattr(about.model, link))
            continue
        other = aliased(RECORDS[_kind(about, link)].model)
        statement = statement.outerjoin(other, other.id == getattr(about.model, link))
        columns.append(getattr(other, inner))
    rows = session.execute(statement.with_only_columns(*columns)).all()
    shown = [
        _words(session, about, name, {row[n] for row in rows if _one(row[n])})
        for n, name in enumerate(asked)
    ]
    for row in rows:
        told = [
            shown[n].get(value, _("not known")) if _one(value) else _("several")
            for n, value in enumerate(row)
        ]
        yield told[0], told[1] if len(told) > 1 else ""


def _one(value: Any) -> bool:
    return not isinstance(value, list)


def _kind(about: RecordType, link: str) -> str:
    return str(getattr(about[link].kind, "to", ""))


def _words(session: Session, about: RecordType, name: str, values: set[Any]) -> dict[Any, str]:
    link, _dot, inner = name.partition(".")
    kind = (RECORDS[_kind(about, link)][inner] if inner else about[link]).kind
    known = {value for value in values if value is not None}
    if isinstance(kind, Link):
        return titles(session, kind.to, known)
    return {value: kind.show(value) for value in known}
