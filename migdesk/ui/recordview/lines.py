"""The lines of a record (budget, consents, members …) as a table that is typed into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from migdesk.i18n import _
from migdesk.models import Field, RecordType
from migdesk.models.kinds import BadValue, Money, Number, add_money, money, split_money
from migdesk.services import records
from migdesk.services.records import View
from migdesk.ui.desk import Desk

from .editor import Editor
from .editors import FieldBox, editor_for
from .parts import Card, button, label, tool
from .sections import is_narrow

MOST_COLUMNS = 5
LineValues = tuple[str | None, dict[str, Any] | None]


def line_amount(about: RecordType, values: Mapping[str, Any]) -> str | None:
    """What a line adds to the total: its money, times its quantity if it has one."""
    name = next((f.name for f in about.fields.values() if isinstance(f.kind, Money)), "")
    price = values.get(name)
    if not price:
        return None
    declared = about.fields.get("quantity")
    if declared is None or not isinstance(declared.kind, Number):
        return str(price)
    amount, currency = split_money(price)
    quantity = values.get("quantity")
    return money(amount * Decimal(str(1 if quantity is None else quantity)), currency)


class Line:
    """One line: the editors of its columns, and boxes for the rest once asked for."""

    def __init__(self, owner: LinesCard, id: str | None) -> None:
        self.id = id
        self.owner = owner
        self.start: dict[str, Any] = {}
        self.shown: Mapping[str, str] = {}
        self.cells: dict[str, Editor] = {}
        self.words = label("", "error", wrap=True)
        self.words.hide()
        self.more: list[FieldBox] = []
        for field in owner.columns:
            cell = editor_for(owner.desk, field, owner)
            cell.changed.connect(owner.on_changed)
            cell.left.connect(self.check)
            self.cells[field.name] = cell
        self.more_button = tool("dots-horizontal", _("More about this line"), self.open_more)
        self.more_button.setVisible(bool(owner.rest))
        self.remove_button = tool("close", _("Remove this line"), lambda: owner.remove(self))

    def fill(self, values: Mapping[str, Any], shown: Mapping[str, str]) -> None:
        """Show stored values."""
        self.start = dict(values)
        self.shown = shown
        for name, cell in self.cells.items():
            cell.set_value(values.get(name), shown.get(name, ""))

    def open_more(self) -> None:
        """Show the fields that are not columns, below the line, or put them away."""
        if self.more:
            hidden = not self.more[0].isHidden()
            for box in self.more:
                box.setHidden(hidden)
            return
        for field in self.owner.rest:
            box = FieldBox(self.owner.desk, field, self.owner)
            box.set_value(self.start.get(field.name), self.shown.get(field.name, ""))
            box.changed.connect(self.owner.on_changed)
            self.more.append(box)
        self.owner.place()

    def editors(self) -> dict[str, Editor]:
        """Every editor that is open, by field."""
        return self.cells | {box.field.name: box.editor for box in self.more}

    def values(self) -> dict[str, Any]:
        """Stored values of the editors that are open; raises BadValue."""
        found: dict[str, Any] = {}
        for name, editor in self.editors().items():
            try:
                found[name] = editor.value()
            except BadValue as bad:
                raise BadValue(bad.why, name) from None
        return found

    def changed(self) -> bool:
        """Whether it differs from what was stored (wrong text counts as different)."""
        try:
            return any(self.start.get(n) != v for n, v in self.values().items())
        except BadValue:
            return True

    def is_empty(self) -> bool:
        """A new line into which nobody has typed yet."""
        return self.id is None and not self.changed()

    def say(self, words: str, name: str = "") -> None:
        """Show what is wrong with the line."""
        self.words.setText(words)
        self.words.setVisible(bool(words))
        for field, editor in self.editors().items():
            editor.set_wrong(words if field == name else "")

    def check(self) -> bool:
        """Say what is wrong with what is typed."""
        try:
            self.values()
        except BadValue as bad:
            self.say(bad.words, bad.field or "")
            return False
        self.say("")
        return True

    def check_all(self) -> bool:
        """As `check`, and what is needed may not be empty."""
        if not self.check():
            return False
        values = self.values()
        for field in (*self.owner.columns, *self.owner.rest):
            name = field.name
            if field.required and values.get(name, self.start.get(name)) in (None, "", []):
                words = _("“{label}” is needed.").format(label=field.label)
                self.say(words, name)
                return False
        return True

    def widgets(self) -> list[QWidget]:
        """All that stands on the card for this line."""
        return [
            *self.cells.values(), *self.more, self.words, self.more_button, self.remove_button
        ]


class LinesCard(Card):
    """All lines of one kind, with a button to add one and sums of money below."""

    changed = Signal()

    def __init__(self, desk: Desk, about: RecordType) -> None:
        super().__init__(str(about.plural))
        self.desk = desk
        self.about = about
        self.columns: list[Field] = about.columns[:MOST_COLUMNS]
        self.rest = [
            f
            for f in about.fields.values()
            if f not in self.columns and not f.hidden and f.name != about.owner
        ]
        self.lines: list[Line] = []
        self.removed: list[str] = []
        self._defaults = records.default_values(about.kind)
        self.count = label("", "muted")
        self.head.addWidget(self.count)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(8)
        self.grid.setVerticalSpacing(6)
        self.body.addLayout(self.grid)
        for column, field in enumerate(self.columns):
            words = f"{field.label} *" if field.required else str(field.label)
            self.grid.addWidget(label(words, "label"), 0, column)
            self.grid.setColumnStretch(column, 1 if is_narrow(field.kind) else 2)
        self.empty = label(_("None yet."), "muted")
        self.body.addWidget(self.empty)
        words = _("Add: {name}").format(name=about.label)
        self.add_button = button(words, self.add_by_hand)
        self.body.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeading)
        self.total = QLabel()
        self.total.setProperty("role", "strong")
        self.total.setTextFormat(Qt.TextFormat.PlainText)
        self.has_total = any(isinstance(f.kind, Money) for f in about.fields.values())
        self.total.setVisible(self.has_total)
        self.body.addWidget(self.total, 0, Qt.AlignmentFlag.AlignTrailing)

    def fill(self, views: Sequence[View]) -> None:
        """Show stored lines."""
        for line in list(self.lines):
            self._drop(line)
        self.removed = []
        for view in views:
            self._add(view.id).fill(view.values, view.shown)
        self.place()

    def add_by_hand(self) -> Line:
        """A new line with its usual values, ready to be typed into."""
        line = self._add(None)
        line.fill(self._defaults, {})
        self.place()
        next(iter(line.cells.values())).setFocus()
        return line

    def _add(self, id: str | None) -> Line:
        line = Line(self, id)
        self.lines.append(line)
        return line

    def remove(self, line: Line) -> None:
        """Take a line away; it goes to the bin when the form is saved."""
        if line.id is not None:
            self.removed.append(line.id)
        self._drop(line)
        self.place()
        self.add_button.setFocus()
        self.on_changed()

    def _drop(self, line: Line) -> None:
        self.lines.remove(line)
        for widget in line.widgets():
            self.grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def place(self) -> None:
        """Put every line on the grid, in order, and in the order of Tab."""
        row, width = 1, len(self.columns)
        before: QWidget | None = None
        for line in self.lines:
            for column, cell in enumerate(line.cells.values()):
                self.grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(line.more_button, row, width)
            self.grid.addWidget(line.remove_button, row, width + 1)
            for offset, box in enumerate(line.more):
                self.grid.addWidget(box, row + 1 + offset // width, offset % width)
            row += 1 + -(-len(line.more) // width)
            self.grid.addWidget(line.words, row, 0, 1, width)
            row += 1
            before = self._tab_order(line, before)
        self.empty.setVisible(not self.lines)
        for column in range(width):
            item = self.grid.itemAtPosition(0, column)
            heading = item.widget() if item is not None else None
            if heading is not None:
                heading.setVisible(bool(self.lines))
        self._sum()

    def _tab_order(self, line: Line, before: QWidget | None) -> QWidget:
        here: list[QWidget] = [*line.cells.values(), *line.more]
        buttons: list[QToolButton] = [line.more_button, line.remove_button]
        last = before
        for widget in [*here, *buttons]:
            if last is not None:
                QWidget.setTabOrder(last, widget)
            last = widget
        assert last is not None
        QWidget.setTabOrder(last, self.add_button)
        return last

    def on_changed(self) -> None:
        """A person typed into a line."""
        self._sum()
        self.changed.emit()

    def _sum(self) -> None:
        self.count.setText(str(len(self.lines)) if self.lines else "")
        if not self.has_total:
            return
        amounts: list[str | None] = []
        for line in self.lines:
            try:
                amounts.append(line_amount(self.about, {**line.start, **line.values()}))
            except BadValue:
                continue
        total = add_money(amounts)
        shown = " + ".join(Money().show(money(a, c)) for c, a in sorted(total.items()))
        self.total.setText(_("Total: {amount}").format(amount=shown) if total else "")
        self.total.setVisible(bool(total))

    def dirty(self) -> bool:
        """Whether saving would change a line."""
        return bool(self.removed) or any(line.changed() for line in self.lines)

    def check_all(self) -> bool:
        """Check every line that somebody typed into."""
        wrong = [line for line in self.lines if not (line.is_empty() or line.check_all())]
        return not wrong

    def to_save(self) -> list[LineValues]:
        """(id or None, changed values, or None to delete); raises BadValue."""
        found: list[LineValues] = []
        for line in self.lines:
            values = line.values()
            if line.id is None and not line.is_empty():
                found.append((None, {n: v for n, v in values.items() if v is not None}))
            elif line.changed():
                changed = {n: v for n, v in values.items() if line.start.get(n) != v}
                found.append((line.id, changed))
        return found + [(id, None) for id in self.removed]

    def typed(self) -> list[Any]:
        """What a draft keeps: (id, what is typed by field) of changed lines; None for
        one that was removed."""
        kept: list[Any] = [
            [line.id, {n: e.typed() for n, e in line.editors().items()}]
            for line in self.lines
            if line.changed()
        ]
        return kept + [[id, None] for id in self.removed]

    def set_typed(self, kept: Sequence[Any]) -> None:
        """Put back what a draft kept."""
        by_id = {line.id: line for line in self.lines if line.id}
        for id, typed in kept:
            line = by_id.get(id)
            if typed is None:
                if line is not None:
                    self.removed.append(str(id))
                    self._drop(line)
                continue
            if line is None:
                line = self._add(None)
                line.fill(self._defaults, {})
            if any(name not in line.cells for name in typed):
                line.open_more()
            for name, editor in line.editors().items():
                if name in typed:
                    editor.set_typed(typed[name])
        self.place()
