"""Filling the documents that are recipes (`printing.recipes`) from the records.

What a recipe names is read as the person who prints may read it; what is marked restricted
goes on paper only where a recipe names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.i18n import Text, _
from migdesk.models import RECORDS, Field
from migdesk.models.dates import show_fuzzy
from migdesk.models.kinds import Link, Money, Number
from migdesk.models.kinds.numbers import add_money
from migdesk.printing import recipes
from migdesk.printing.blocks import (
    Block,
    Boxes,
    CheckItem,
    Choices,
    Column,
    Grid,
    KeepTogether,
    Note,
    Pair,
    Paragraph,
    Party,
    Question,
    Section,
    Signatures,
    Total,
)
from migdesk.printing.recipes import RECIPES, Recipe
from migdesk.printing.sheets.common import facts, section, table
from migdesk.printing.sheets.record_sheet import RecordSheet

from . import office, recipe_lists, records
from .cases import shown_sum
from .papers import imprint
from .recipe_lists import ALWAYS, Period
from .records import View
from .views import Gone, title_of

Maker = Callable[[Session, View], Sequence[Block]]


class _Gap:
    """The name of a record in a text, and its fields: ``{person}``, ``{person.birth}``."""

    def __init__(self, view: View | None, words: str) -> None:
        self._shown = view.shown if view else {}
        self._words = words

    def __format__(self, _how: str) -> str:
        return self._words

    def __getattr__(self, name: str) -> str:
        return self._shown.get(name, "")


class _Filling:
    """One record while its document is made."""

    def __init__(self, session: Session, view: View, period: Period = ALWAYS) -> None:
        self.session = session
        self.view = view
        self.period = period
        self.heading = ""
        self._linked: dict[str, View | None] = {"": view}

    def of(self, link: str) -> View | None:
        """The record that a link names; None where it is empty or not here."""
        if link not in self._linked:
            self._linked[link] = self._read(link)
        return self._linked[link]

    def _read(self, link: str) -> View | None:
        kind = RECORDS[self.view.kind][link].kind
        id = self.view.values[link]
        if not id or not isinstance(kind, Link):
            return None
        try:
            return records.get(self.session, kind.to, id)
        except Gone:
            return None

    def say(self, text: Text) -> str:
        """The words with their gaps filled."""
        gaps: dict[str, Any] = {
            name: _Gap(self.of(name), self.view.shown[name])
            if isinstance(f.kind, Link)
            else self.view.shown[name]
            for name, f in RECORDS[self.view.kind].fields.items()
        }
        told = {name: gap for name, gap in gaps.items() if self.view.shown[name]}
        return str(text).format(**{**gaps, **self._here, **told})

    @cached_property
    def _here(self) -> dict[str, str]:
        days = [show_fuzzy(day) for day in (self.period.since, self.period.until) if day]
        head = imprint(self.session)
        account = title_of(self.session, "account", self.session.info.get("actor", ""))
        return {
            "office": head.letterhead.office,
            "today": head.date,
            "account": account,
            "period": " – ".join(days) or _("all that is known"),
        }


def record_sheet(
    session: Session,
    sheet: str,
    id: str = "",
    since: str = "",
    until: str = "",
    everywhere: bool = False,
) -> RecordSheet:
    """Data of a document by the name of its recipe; of this office where it names none.
    `since` and `until` are the days of the period that a register or figures cover. With
    several offices on the register, figures of an office are those of its own work, or of all
    offices `everywhere`.

    Raises Gone.
    """
    recipe = RECIPES[sheet]
    view = records.get(session, recipe.kind, id) if id else _office(session)
    several = recipe.kind == "office" and office.offices(session).count > 1
    period = Period(since, until, view.id if several and not everywhere else "")
    filling = _Filling(session, view, period)
    filling.heading = filling.say(recipe.heading) if recipe.heading else view.title
    if several and everywhere:
        filling.heading = _("All offices")
    blocks = [block for part in recipe.parts for block in _blocks(filling, part)]
    head = imprint(session, view.code)
    return RecordSheet(
        head, str(recipe.title), filling.heading, tuple(blocks), recipe.size
    )


def _office(session: Session) -> View:
    """This office; an empty one where none was founded."""
    fields = RECORDS["office"].fields
    nothing = dict.fromkeys(fields)
    empty = View("office", "", "", "MigDesk", nothing, dict.fromkeys(fields, ""))
    return office.my_office(session) or empty


def _blocks(filling: _Filling, part: recipes.Part) -> list[Block]:
    match part:
        case recipes.Facts():
            return _facts(filling, part)
        case recipes.Lines():
            return _lines(filling, part)
        case recipes.Words():
            return _words(filling, part)
        case recipes.Told():
            return _told(filling, part)
        case recipes.Ticks():
            return _ticks(filling, part)
        case recipes.Advice():
            return [Note(filling.say(part.text), _title(part.title), part.tone)]
        case recipes.Write():
            room = Boxes(part.pattern, 0 if part.pattern else part.lines)
            return [Question("", str(part.label), [room])]
        case recipes.Sign():
            return [_sign(filling, part)]
        case recipes.Roll():
            return recipe_lists.roll(filling.session, part, filling.period)
        case recipes.Counts():
            return recipe_lists.counts(filling.session, part, filling.period)
        case recipes.Sums():
            return recipe_lists.sums(filling.session, part, filling.period)
        case recipes.Made():
            return list(_makers()[part.name](filling.session, filling.view))


def _makers() -> dict[str, Maker]:
    """Blocks that services compute, by the names that recipes use: a line a service."""
    from . import (
        accompany_papers,
        condition_papers,
        money_papers,
        office_papers,
        plan_papers,
        refer_papers,
        savings_papers,
        sharing,
        skills_papers,
    )

    parts = (
        accompany_papers,
        condition_papers,
        money_papers,
        office_papers,
        plan_papers,
        refer_papers,
        savings_papers,
        sharing,
        skills_papers,
    )
    return {name: make for part in parts for name, make in part.MADE.items()}


def _title(text: Text | None) -> str:
    return str(text) if text else ""


def _under(title: Text | None, *blocks: Block) -> list[Block]:
    return section(str(title), *blocks) if title else list(blocks)


def _facts(filling: _Filling, part: recipes.Facts) -> list[Block]:
    view = filling.of(part.of)
    if view is None and not part.blank:
        return []
    kind = view.kind if view else getattr(RECORDS[filling.view.kind][part.of].kind, "to", "")
    about = RECORDS[kind]
    pairs = [(str(about[n].label), view.shown[n] if view else "") for n in part.fields]
    if part.blank:
        grid = Grid([Pair(label, value, blank=not value) for label, value in pairs])
        return _under(part.title, grid)
    held = [(label, value) for label, value in pairs if value and value != filling.heading]
    return _under(part.title, facts(held, part.columns)) if held else []


def _lines(filling: _Filling, part: recipes.Lines) -> list[Block]:
    about = RECORDS[part.kind]
    owner = filling.of(part.of)
    if owner is None:
        return []
    if part.by:
        rows = records.linked(filling.session, part.kind, part.by, owner.id)
    else:
        rows = records.lines_of(filling.session, part.kind, owner.id)
    declared = [about[name] for name in part.columns]
    columns = [Column(str(f.label), "end" if _is_number(f) else "start") for f in declared]
    cells = [[row.shown[f.name] for f in declared] for row in rows]
    cells += [[" "] * len(declared) for _row in range(part.rows)]
    if not cells:
        return []
    totals = [_total(declared, part.total, rows)] if part.total and rows else []
    made = table(columns, cells, totals=totals, write_in=bool(part.rows))
    return _under(part.title or about.plural, made)


def _is_number(field: Field) -> bool:
    return isinstance(field.kind, Number | Money)


def _total(declared: Sequence[Field], names: Iterable[str], rows: Sequence[View]) -> Total:
    wanted = set(names)
    cells = []
    for place, f in enumerate(declared):
        if f.name not in wanted:
            cells.append(_("Total") if place == 0 else "")
        elif isinstance(f.kind, Money):
            cells.append(shown_sum(add_money([row.values[f.name] for row in rows])))
        else:
            cells.append(f.kind.show(sum(row.values[f.name] or 0 for row in rows)))
    return Total(cells)


def _words(filling: _Filling, part: recipes.Words) -> list[Block]:
    shown = filling.view.shown
    link, _dot, field = part.needs.rpartition(".")
    about = filling.of(link) if link else filling.view
    if (field and not (about and about.shown[field])) or (part.lacks and shown[part.lacks]):
        return []
    return _under(part.title, Paragraph(filling.say(part.text), part.style))


def _told(filling: _Filling, part: recipes.Told) -> list[Block]:
    view = filling.of(part.of)
    if view is None or not view.shown[part.field]:
        return []
    label = part.title or RECORDS[view.kind][part.field].label
    return section(str(label), Paragraph(view.shown[part.field]))


def _ticks(filling: _Filling, part: recipes.Ticks) -> list[Block]:
    held = filling.view.values[part.field] if part.field else None
    ticked = set(held if isinstance(held, list) else filter(None, [held]))
    listed = codelists.get(part.codes)
    items = [CheckItem(item.label(), item.code in ticked) for item in listed]
    return section(str(part.title) if part.title else listed.label(), Choices(items, many=True))


def _sign(filling: _Filling, part: recipes.Sign) -> Block:
    parties = [
        Party(str(role), filling.view.shown[name] if name else "")
        for role, name in part.parties
    ]
    return KeepTogether([Section(_("Signatures"), level=2), Signatures(parties)])


def consent_for(sheet: str) -> str:
    """Purpose of the consent that a document needs, "" for none."""
    recipe: Recipe | None = RECIPES.get(sheet)
    return recipe.leaves if recipe else ""
