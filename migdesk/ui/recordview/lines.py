"""The lines of a record (budget, consents, members …) as a table that is typed into."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from migdesk.i18n import _
from migdesk.models import Field, RecordType
from migdesk.models.kinds import BadValue, Kind, Money, Number, add_money, money, split_money
from migdesk.services import records
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_write
from migdesk.ui.theme import px

from .editors import FieldBox
from .parts import Card, button, label, tool
from .sections import NARROWEST
from .usual import usual

MOST_COLUMNS = 5
MONEY, BUTTONS, APART = 190, 104, 14
LineValues = tuple[str | None, dict[str, Any] | None]


def cell_of(kind: Kind) -> int:
    """Room that a column of a table of lines needs at least, in pixels of the design."""
    if isinstance(kind, Money):
        return MONEY
    return 104 if isinstance(kind, Number) else 136


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


def room_of(box: FieldBox) -> int:
    """Pixels that what stands in a field takes, with the buttons inside it."""
    lines = [line for line in box.findChildren(QLineEdit) if not line.isHidden()]
    boxes = [choice for choice in box.findChildren(QComboBox) if not choice.isHidden()]
    edges = px(30 if isinstance(box.field.kind, Money) else 26)
    return sum(
        line.fontMetrics().horizontalAdvance(line.text())
        + line.textMargins().left()
        + line.textMargins().right()
        + edges
        for line in lines
        if not isinstance(line.parent(), QComboBox)
    ) + sum(choice.sizeHint().width() for choice in boxes)


class Line:
    """One line: a box for each column, and for the other fields once asked for."""

    def __init__(self, owner: LinesCard, id: str | None) -> None:
        self.id = id
        self.owner = owner
        self.start: dict[str, Any] = {}
        self.stamps: Mapping[str, Any] = {}
        self.shown: Mapping[str, str] = {}
        self.boxes: dict[str, FieldBox] = {}
        for field in owner.columns:
            self._add_box(field)
        self.more_button = tool("dots-horizontal", _("More about this line"), self.open_more)
        if not owner.rest:
            self.more_button.hide()
        remove = partial(owner.remove, self)
        self.remove_button = tool("close", _("Remove this line"), remove)
        if owner.readonly:
            self.remove_button.hide()

    def _add_box(self, field: Field) -> FieldBox:
        box = FieldBox(self.owner.desk, field, self.owner)
        if self.owner.readonly:
            box.editor.set_readonly(True)
        box.editor.beside = self.beside
        box.changed.connect(self.owner.on_changed)
        self.boxes[field.name] = box
        return box

    def beside(self, name: str) -> Any:
        """What stands in another box of this line; None while it is wrong."""
        with contextlib.suppress(KeyError, BadValue):
            return self.boxes[name].value()
        return None

    def fill(self, values: Mapping[str, Any], shown: Mapping[str, str]) -> None:
        """Show stored values."""
        self.start = dict(values)
        self.shown = shown
        for name, box in self.boxes.items():
            box.set_value(values.get(name), shown.get(name, ""))

    def open_more(self) -> None:
        """Show the fields that are not columns, below the line, or put them away."""
        rest = [f.name for f in self.owner.rest]
        if rest and rest[0] in self.boxes:
            hidden = not self.boxes[rest[0]].isHidden()
            for name in rest:
                self.boxes[name].setHidden(hidden)
            return
        for field in self.owner.rest:
            value, shown = self.start.get(field.name), self.shown.get(field.name, "")
            self._add_box(field).set_value(value, shown)
        self.owner.place()

    def values(self) -> dict[str, Any]:
        """Stored values of the boxes that are open; raises BadValue."""
        return {name: box.value() for name, box in self.boxes.items()}

    def changed(self) -> bool:
        """Whether it differs from what was stored (wrong text counts as different)."""
        try:
            return any(self.start.get(n) != v for n, v in self.values().items())
        except BadValue:
            return True

    def is_empty(self) -> bool:
        """A new line into which nobody has typed yet."""
        return self.id is None and not self.changed()

    def check_all(self) -> bool:
        """Say what is wrong in each box."""
        return not [box for box in self.boxes.values() if not box.check_all()]

    def widgets(self) -> list[QWidget]:
        """All that stands on the card for this line, in the order of Tab."""
        return [*self.boxes.values(), self.more_button, self.remove_button]


class LinesCard(Card):
    """All lines of one kind, with a button to add one and sums of money below; `readonly`,
    or to a role that may not write such lines, only to be read."""

    changed = Signal()

    def __init__(self, desk: Desk, about: RecordType, readonly: bool = False) -> None:
        super().__init__(str(about.plural))
        self.readonly = readonly or not may_write(desk, about.kind)
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
        self._defaults = {**records.default_values(about.kind), **usual(desk, about.kind)}
        self.count = label("", "muted")
        self.head.addWidget(self.count)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(4)
        self.grid.setVerticalSpacing(6)
        self.body.addLayout(self.grid)
        self.heads: list[QLabel] = []
        for column, field in enumerate(self.columns):
            words = f"{field.label} *" if field.required else str(field.label)
            self.heads.append(label(words, "label"))
            self.grid.addWidget(self.heads[-1], 0, column)
        self.across = len(self.columns)
        self.empty = label(_("None yet."), "muted")
        self.body.addWidget(self.empty)
        words = _("Add: {name}").format(name=about.label)
        self.add_button = button(words, self.add_by_hand)
        if self.readonly:
            self.add_button.hide()
        self.body.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeading)
        self.total = QLabel()
        self.total.setProperty("role", "strong")
        self.total.setTextFormat(Qt.TextFormat.PlainText)
        self.has_total = any(isinstance(f.kind, Money) for f in about.fields.values())
        self.body.addWidget(self.total, 0, Qt.AlignmentFlag.AlignTrailing)

    def fill(self, views: Sequence[View]) -> None:
        """Show stored lines."""
        for line in list(self.lines):
            self._drop(line)
        self.removed = []
        for view in views:
            line = self._add(view.id)
            line.stamps = view.stamps
            line.fill(view.values, view.shown)
        self.place()

    def add_by_hand(self) -> Line:
        """A new line with its usual values, ready to be typed into."""
        line = self._add(None)
        line.fill(self._defaults, {})
        self.place()
        next(iter(line.boxes.values())).editor.setFocus()
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
        """Put every line on the grid, in order: a row where there is room for all
        columns, else a block of boxes with their own labels."""
        wide = self.across == len(self.columns)
        row, last = 1, self.across
        before: QWidget | None = None
        for old in range(self.grid.rowCount()):
            self.grid.setRowMinimumHeight(old, 0)
        for line in self.lines:
            if before is not None and not wide:  # blocks of boxes keep their distance
                self.grid.setRowMinimumHeight(row, px(APART))
                row += 1
            for place, (name, box) in enumerate(line.boxes.items()):
                box.label.setHidden(wide and name in [f.name for f in self.columns])
                down, column = divmod(place, self.across)
                self.grid.addWidget(box, row + down, column, Qt.AlignmentFlag.AlignTop)
            for offset, small in enumerate((line.more_button, line.remove_button)):
                self.grid.addWidget(small, row, last + offset, Qt.AlignmentFlag.AlignTop)
            row += -(-len(line.boxes) // self.across)
            before = self._tab_order(line, before)
        self.empty.setVisible(not self.lines)
        for column in range(len(self.columns) + 2):
            shares = wide and column < len(self.columns)
            share = self._share(self.columns[column]) if shares else int(column < last)
            self.grid.setColumnStretch(column, share)
        for head in self.heads:
            head.setVisible(bool(self.lines) and wide)
        self._sum()

    def _share(self, field: Field) -> int:
        """Pixels that the values of a column would like; the columns share the width so."""
        wanted = [room_of(line.boxes[field.name]) for line in self.lines]
        return min(max([*wanted, px(90)]), px(280))

    def _tab_order(self, line: Line, before: QWidget | None) -> QWidget:
        for widget in line.widgets():
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget
        assert before is not None
        QWidget.setTabOrder(before, self.add_button)
        return before

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = event.size().width() - px(BUTTONS)
        needed = sum(px(cell_of(f.kind)) for f in self.columns)
        across = len(self.columns) if room >= needed else max(1, room // px(MONEY))
        if across != self.across:
            self.across = min(across, len(self.columns))
            self.place()

    def minimumSizeHint(self) -> QSize:
        # Else a card that was once wide could never become narrow again.
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), NARROWEST), hint.height())

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

    def seen(self) -> dict[str, Mapping[str, Any]]:
        """The state of each stored line that is on the screen, as saving wants it."""
        return {line.id: line.stamps for line in self.lines if line.id is not None}

    def typed(self) -> list[Any]:
        """What a draft keeps: (id, what is typed by field) of changed lines; None for
        one that was removed."""
        kept: list[Any] = [
            [line.id, {n: box.editor.typed() for n, box in line.boxes.items()}]
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
            if any(name not in line.boxes for name in typed):
                line.open_more()
            for name, box in line.boxes.items():
                if name in typed:
                    box.editor.set_typed(typed[name])
        self.place()
