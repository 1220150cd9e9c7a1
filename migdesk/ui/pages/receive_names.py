"""How a person is named and told apart where people are received."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from migdesk.services.persons import Candidate
from migdesk.services.records import View

ALIAS = Qt.ItemDataRole.UserRole + 1


def candidate_of(view: View) -> Candidate:
    """A person who was not searched for but handed over, with what the bar shows."""
    shown = view.shown
    return Candidate(
        id=view.id,
        title=view.title,
        aliases=shown["aliases"],
        birth=shown["birth"],
        origin=shown["origin"],
        residence=", ".join(filter(None, (shown["residence"], shown["residence_country"]))),
        phone="",  # the screen faces the visitor too
        last_visit="",
        code=view.code,
    )


class NameDelegate(QStyledItemDelegate):
    """Draws the name in bold and, after it, what the person is called besides."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        self.initStyleOption(option, index)
        name, option.text = option.text, ""
        widget = option.widget
        widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, option, painter, widget
        )
        painter.save()
        area: QRect = option.rect.adjusted(8, 0, -8, 0)
        bold = QFont(option.font)
        bold.setBold(True)
        palette: QPalette = option.palette
        used = self._draw(painter, area, bold, palette.color(QPalette.ColorRole.Text), name)
        alias = index.data(ALIAS)
        if alias:
            mirrored = option.direction == Qt.LayoutDirection.RightToLeft
            rest = area.adjusted(0, 0, -used, 0) if mirrored else area.adjusted(used, 0, 0, 0)
            pale = palette.color(QPalette.ColorRole.PlaceholderText)
            self._draw(painter, rest, option.font, pale, f"  {alias}")
        painter.restore()

    def _draw(self, painter: QPainter, area: QRect, font: QFont, pen: QColor, text: str) -> int:
        measure = QFontMetrics(font)
        shown = measure.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.setFont(font)
        painter.setPen(pen)
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        painter.drawText(area, align, shown)
        return measure.horizontalAdvance(shown)
