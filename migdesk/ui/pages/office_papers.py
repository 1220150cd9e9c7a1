"""Documents of the whole office: which, and of what period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from migdesk.i18n import _
from migdesk.models.dates import show_fuzzy
from migdesk.ui.desk import Desk

from .my_office import KEY as OFFICES


def documents_menu(desk: Desk, names: Sequence[str], parent: QWidget) -> QMenu:
    """A line for each document; those of a period ask which. They tell of my office, or of
    all where all are shown on the pages too."""
    from migdesk.printing.recipes import RECIPES
    from migdesk.printing.recipes.parts import of_period

    menu = QMenu(_("Print"), parent)
    whole = {"everywhere": True} if desk.settings.state(OFFICES) == "all" else {}
    for name in names:
        recipe = RECIPES[name]
        if not of_period(recipe):
            menu.addAction(str(recipe.title), partial(desk.print, name))
            continue
        inside = menu.addMenu(str(recipe.title))
        for words, since, until in periods(date.today()):
            asked = partial(desk.print, name, since=since, until=until, **whole)
            inside.addAction(words, asked)
    return menu


def periods(today: date) -> list[tuple[str, str, str]]:
    """Periods that an office reports on: words, first and last day ("" for all)."""
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    year = today.replace(month=1, day=1)
    last_year = year.replace(year=year.year - 1)
    spans = (
        (_("This month"), month, today),
        (_("Last month"), before, month - timedelta(days=1)),
        (_("This quarter"), quarter, today),
        (_("This year"), year, today),
        (_("Last year"), last_year, year - timedelta(days=1)),
    )
    shown = [
        (f"{words} ({show_fuzzy(str(a))} – {show_fuzzy(str(b))})", str(a), str(b))
        for words, a, b in spans
    ]
    return [*shown, (_("All days"), "", "")]
