"""The outline beside the questions: ✓ done, ! wrong, grey where it does not apply."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from migdesk.i18n import N_, _
from migdesk.ui.theme import px, tokens

from .filling import Entry

ENTRY = Qt.ItemDataRole.UserRole
_SIGNS = {"done": "✓", "wrong": "!"}
_SPOKEN = {
    "done": N_("done"),
    "wrong": N_("to correct"),
    "off": N_("does not apply"),
    "todo": N_("to do"),
}


class _Line(QStyledItemDelegate):
    """Paints an entry: sign, indent, words."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(px(120), px(30))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry = index.data(ENTRY)
        colours = tokens()
        rect: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if entry.here or focused:
            painter.setPen(QColor(colours.accent) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.wash if entry.here else colours.surface))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 5, 5)
        tone = {"wrong": colours.late, "off": colours.muted}.get(entry.state, colours.text)
        painter.setPen(QColor(colours.deep if entry.here and entry.state != "wrong" else tone))
        font = QFont(option.font)
        font.setBold(entry.here)
        painter.setFont(font)
        side = option.direction
        lead = px(8 + 10 * min(entry.depth, 4))
        sign = QStyle.visualRect(side, rect, rect.adjusted(lead, 0, 0, 0))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        align = QStyle.visualAlignment(side, flags)
        painter.drawText(sign, align, _SIGNS.get(entry.state, ""))
        room = QStyle.visualRect(side, rect, rect.adjusted(lead + px(20), 0, -px(6), 0))
        elide = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(entry.text, elide, room.width())
        painter.drawText(room, align, text)
        painter.restore()


class Side(QListWidget):
    """`asked(key)` when a person wants to go to a stop."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "flat")
        self.setItemDelegate(_Line(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Outline"))
        self.itemClicked.connect(self._on_item)
        self._entries: tuple[Entry, ...] = ()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show the outline; what is the same line stays the same item."""
        if tuple(entries) == self._entries:
            return
        self._entries = tuple(entries)
        while self.count() > len(entries):
            self.takeItem(self.count() - 1)
        for row, entry in enumerate(entries):
            item = self.item(row)
            if item is None:
                item = QListWidgetItem(self)
            item.setData(ENTRY, entry)
            item.setToolTip(entry.text)
            spoken = f"{entry.text}, {_SPOKEN[entry.state]}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            item.setFlags(usable if entry.key else Qt.ItemFlag.NoItemFlags)
        here = [row for row, entry in enumerate(entries) if entry.here]
        if here:
            self.setCurrentRow(here[-1])
            self.scrollToItem(self.item(here[-1]))

    def take_enter(self) -> None:
        """Go to the line with the focus."""
        item = self.currentItem()
        if item is not None:
            self._on_item(item)

    def _on_item(self, item: QListWidgetItem) -> None:
        entry = item.data(ENTRY)
        if entry.key:
            self.asked.emit(entry.key)
