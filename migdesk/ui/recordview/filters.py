"""Filters of a list by its choice fields, and the choice of its columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from migdesk.i18n import _, said_of
from migdesk.models import Field, RecordType
from migdesk.models.kinds import Boolean, Choice, vocabulary
from migdesk.ui.desk import Desk

from .parts import FlowLayout, button, clear

Filters = dict[str, Any]


def filterable(about: RecordType) -> list[Field]:
    """Fields by whose codes a list can be narrowed."""
    return [
        f
        for f in about.fields.values()
        if isinstance(f.kind, Choice | Boolean) and not f.hidden and f.secret != "restricted"
    ]


def values_of(field: Field) -> list[tuple[Any, str]]:
    """(stored value, words) that a field may be narrowed to; None: nothing said."""
    kind = field.kind
    if isinstance(kind, Choice):
        found: list[tuple[Any, str]] = [(i.code, i.label()) for i in vocabulary(kind.codes)]
    else:
        found = [(True, kind.show(True)), (False, kind.show(False))]
    return found if kind.many else [*found, (None, _("(empty)"))]


class FilterBar(QWidget):
    """The filters in force as chips; `changed` when one comes or goes."""

    changed = Signal()

    def __init__(self, about: RecordType) -> None:
        super().__init__()
        self.about = about
        self.filters: Filters = {}
        self.flow = FlowLayout(self)
        self.hide()

    def menu(self, parent: QWidget) -> QMenu:
        """A menu with a submenu for each field; filled when it is opened."""
        made = QMenu(parent)
        for field in filterable(self.about):
            sub = made.addMenu(str(field.label))
            sub.aboutToShow.connect(partial(self._fill, sub, field))
        return made

    def _fill(self, menu: QMenu, field: Field) -> None:
        menu.clear()
        for value, words in values_of(field):
            action = QAction(words, menu)
            action.setCheckable(True)
            here = field.name in self.filters
            action.setChecked(here and self.filters[field.name] == value)
            action.triggered.connect(partial(self._toggle, field.name, value))
            menu.addAction(action)

    def _toggle(self, name: str, value: Any, on: bool = True) -> None:
        if on:
            self.set(name, value)
        else:
            self.drop(name)

    def set(self, name: str, value: Any) -> None:
        """Narrow to one value of a field."""
        self.filters[name] = value
        self._show()

    def drop(self, name: str) -> None:
        """Take a filter away."""
        self.filters.pop(name, None)
        self._show()

    def words(self, name: str) -> str:
        """What a filter says: "Sex: women"."""
        field = self.about[name]
        value = self.filters[name]
        shown = field.kind.show([value] if field.kind.many else value) or _("(empty)")
        return said_of(field.label, shown)

    def _show(self) -> None:
        clear(self.flow)
        for name in self.filters:
            chip = button(f"{self.words(name)}  ✕", partial(self.drop, name), "chip")
            chip.setAccessibleName(_("Remove the filter {name}").format(name=self.words(name)))
            self.flow.addWidget(chip)
        self.setVisible(bool(self.filters))
        self.changed.emit()


class ColumnChooser:
    """Which columns a list shows, remembered for this computer."""

    def __init__(self, desk: Desk, about: RecordType) -> None:
        self.desk = desk
        self.about = about
        self._key = f"columns.{about.kind}"

    def columns(self) -> list[Field]:
        """The columns chosen, else those of the declaration."""
        names = self.desk.settings.state(self._key).split(",")
        found = [self.about[n] for n in names if n in self.about.fields]
        return found or self.about.columns

    def menu(self, parent: QWidget, chosen: Callable[[list[Field]], None]) -> QMenu:
        """A menu of all fields with a mark on those shown."""
        made = QMenu(parent)
        made.aboutToShow.connect(partial(self._fill, made, chosen))
        return made

    def _fill(self, menu: QMenu, chosen: Callable[[list[Field]], None]) -> None:
        menu.clear()
        shown = {f.name for f in self.columns()}
        for field in self.about.fields.values():
            if field.hidden:
                continue
            action = QAction(str(field.label), menu)
            action.setCheckable(True)
            action.setChecked(field.name in shown)
            action.triggered.connect(partial(self._toggle, field, chosen))
            menu.addAction(action)

    def _toggle(self, field: Field, chosen: Callable[[list[Field]], None], on: bool) -> None:
        columns = [f for f in self.columns() if f.name != field.name]
        if on:
            columns.append(field)
        if columns:
            self.desk.settings.remember(self._key, ",".join(f.name for f in columns))
            chosen(columns)
