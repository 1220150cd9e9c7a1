"""The outline beside the questions: ✓ done, ! wrong, grey where it does not apply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from migdesk.i18n import N_, _
from migdesk.ui.theme import px, tokens

from .filling import Entry

Index = QModelIndex | QPersistentModelIndex
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
        words = f"✎ {entry.text}" if entry.noted else entry.text
        text = painter.fontMetrics().elidedText(words, elide, room.width())
        painter.drawText(room, align, text)
        painter.restore()


class Entries(QAbstractListModel):
    """The lines of the outline; only those that changed are painted again."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show other lines."""
        old, self.entries = self.entries, entries
        if len(old) != len(entries):
            self.beginResetModel()
            self.endResetModel()
            return
        pairs = enumerate(zip(old, entries, strict=True))
        changed = [row for row, (was, now) in pairs if was is not now and was != now]
        for row in changed:
            index = self.index(row, 0)
            self.dataChanged.emit(index, index)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.text
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            noted = _("with a comment") if entry.noted else ""
            return ", ".join(filter(None, (entry.text, str(_SPOKEN[entry.state]), noted)))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        row = index.row()
        known = 0 <= row < len(self.entries) and bool(self.entries[row].key)
        return usable if known else Qt.ItemFlag.NoItemFlags


class Side(QListView):
    """`asked(key)` when a person wants to go to a stop."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.lines = Entries()
        self.setModel(self.lines)
        self.setProperty("role", "flat")
        self.setItemDelegate(_Line(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Outline"))
        self.clicked.connect(self._ask)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show the outline, where the person stands in sight."""
        before = self.lines.entries
        if tuple(entries) == before:
            return
        self.lines.show_entries(tuple(entries))
        here = [row for row, entry in enumerate(entries) if entry.here]
        if here and (self.currentIndex().row() != here[-1] or len(before) != len(entries)):
            index = self.lines.index(here[-1], 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def take_enter(self) -> None:
        """Go to the line with the focus."""
        self._ask(self.currentIndex())

    def _ask(self, index: Index) -> None:
        if index.isValid() and (key := self.lines.entries[index.row()].key):
            self.asked.emit(key)
