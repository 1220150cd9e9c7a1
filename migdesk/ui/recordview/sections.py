"""Cards of a form: the fields of a section in one or two columns, as room allows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from migdesk.models import Field, RecordType
from migdesk.models.kinds import LongText
from migdesk.ui.theme import px

from .editors import FieldBox
from .parts import Card

NARROWEST = 260
TWO_FIELDS = 460
TWO_CARDS = 920


def is_wide(field: Field) -> bool:
    """Whether a field takes the whole width of its card."""
    return field.wide or isinstance(field.kind, LongText)


def fields_of(about: RecordType, section: str) -> list[Field]:
    """Fields of a section that a form shows: not hidden, not the owner, not the code
    that the program gives and the head shows."""
    return [
        f
        for f in about.fields.values()
        if f.section == section
        and not f.hidden
        and f.name != about.owner
        and not (f.readonly and f.name == "code")
    ]


class SectionCard(Card):
    """The fields of one section."""

    def __init__(self, title: str, boxes: Sequence[FieldBox]) -> None:
        super().__init__(title)
        self.boxes = list(boxes)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(10)
        self.body.addLayout(self.grid)
        self.body.addStretch(1)
        self._columns = 0
        self.arrange(2)

    def arrange(self, columns: int) -> None:
        """Place the boxes in `columns` columns."""
        if columns == self._columns:
            return
        self._columns = columns
        row = column = 0
        for box in self.boxes:
            span = columns if is_wide(box.field) else 1
            if column + span > columns:
                row, column = row + 1, 0
            self.grid.addWidget(box, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
            column += span
        for number in range(2):
            self.grid.setColumnStretch(number, 1 if number < columns else 0)
            self.grid.setColumnMinimumWidth(number, 0)

    def minimumSizeHint(self) -> QSize:
        # Else a card that was once wide could never become narrow again.
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), NARROWEST), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange(2 if event.size().width() >= px(TWO_FIELDS) else 1)


class CardColumns(QWidget):
    """Cards in two columns of about equal height, in one where it is narrow; wide cards
    (tables of lines) take the whole width below."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[tuple[QWidget, int]] = []
        self._count = 0
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(16)
        self.row = QHBoxLayout()
        self.row.setSpacing(16)
        self.columns = [QVBoxLayout(), QVBoxLayout()]
        for column in self.columns:
            column.setSpacing(16)
            column.setAlignment(Qt.AlignmentFlag.AlignTop)
            self.row.addLayout(column, 1)
        self.below = QVBoxLayout()
        self.below.setSpacing(16)
        outer.addLayout(self.row)
        outer.addLayout(self.below)
        outer.addStretch(1)

    def add(self, card: QWidget, weight: int) -> None:
        """Add a card; `weight` is about how many fields high it is."""
        self._cards.append((card, weight))
        card.setParent(self)

    def add_below(self, card: QWidget) -> None:
        """Add a card that needs the whole width."""
        self.below.addWidget(card)

    def arrange(self, force: bool = False) -> None:
        """Put the visible cards where they fit now."""
        shown = [(card, weight) for card, weight in self._cards if not card.isHidden()]
        count = 2 if self.width() >= px(TWO_CARDS) and len(shown) > 1 else 1
        if count == self._count and not force:
            return
        self._count = count
        for column in self.columns:
            for card, _weight in self._cards:
                column.removeWidget(card)
        half = sum(weight for _card, weight in shown) / 2
        before = 0.0
        for card, weight in shown:
            right = count == 2 and before + weight / 2 > half
            self.columns[1 if right else 0].addWidget(card)
            before += weight
        self.row.setStretch(0, 1)
        self.row.setStretch(1, 1 if count == 2 else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()


def weight_of(fields: Sequence[Field]) -> int:
    """About how many lines a card with these fields is high."""
    return 1 + sum(4 if is_wide(f) else 1 for f in fields)
