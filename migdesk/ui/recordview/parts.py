"""Small pieces that the record widgets share: buttons, keys, a flowing row.

Roles and tones are dynamic properties; the one style sheet gives them their looks.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QLayout,
    QLayoutItem,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from migdesk.ui import icons
from migdesk.ui.theme import px
from migdesk.ui.widgets.styled import Badge, Card, label, set_property

__all__ = [
    "Badge",
    "Card",
    "FlowLayout",
    "button",
    "clear",
    "drop",
    "label",
    "pill",
    "set_property",
    "shortcut",
    "tool",
]


def pill(text: str, tone: str = "") -> Badge:
    """A short state in its tone: "", accent, waiting, late or done."""
    made = Badge(text, tone)
    made.setMinimumHeight(px(20))
    return made


def button(text: str, pressed: Callable[[], object], role: str = "") -> QPushButton:
    """A button that calls `pressed`."""
    made = QPushButton(text)
    made.setAutoDefault(True)  # Enter presses it, as Space does
    if role:
        made.setProperty("role", role)
    made.clicked.connect(lambda: pressed())
    return made


def tool(sign: str, name: str, pressed: Callable[[], object], key: str = "") -> QToolButton:
    """A small button with an icon of the set; `name` is what a screen reader says, `key`
    does the same and is named by the tool tip."""
    made = QToolButton()
    made.setIcon(icons.icon(sign))
    made.setIconSize(QSize(px(16), px(16)))
    shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    made.setToolTip(f"{name} ({shown})" if key else name)
    made.setAccessibleName(name)
    if key:
        made.setShortcut(key)
    made.setAutoRaise(True)
    made.clicked.connect(lambda: pressed())
    return made


def drop(menu: QMenu, under: QWidget, place: QRect | None = None) -> None:
    """Open a menu under a widget (or a part of it), wherever the mouse is."""
    rect = place or under.rect()
    corner = under.mapToGlobal(QPoint(rect.left(), rect.bottom() + 1))
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(corner)  # some menus are filled now, and have a width only then
    if under.isRightToLeft():
        menu.move(corner + QPoint(rect.width() - menu.width(), 0))
    if menu.actions():
        menu.setActiveAction(menu.actions()[0])


def shortcut(keys: str, where: QWidget, pressed: Callable[[], object]) -> QShortcut:
    """A key that works while the focus is inside `where`."""
    made = QShortcut(QKeySequence(keys), where)
    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(lambda: pressed())
    return made


class FlowLayout(QLayout):
    """Items side by side, wrapped like words; mirrored where the screen is."""

    def __init__(self, parent: QWidget | None = None, gap: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def insert(self, place: int, widget: QWidget) -> None:
        """Put a widget before the item at `place`."""
        self.addWidget(widget)
        self._items.insert(place, self._items.pop())

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        edges = self.contentsMargins()
        return size + QSize(edges.left() + edges.right(), edges.top() + edges.bottom())

    def _arrange(self, rect: QRect, move: bool) -> int:
        """Height used; places the items if `move`."""
        edges = self.contentsMargins()
        area = rect.marginsRemoved(edges)
        x, y, row = area.x(), area.y(), 0
        line: list[QLayoutItem] = []
        parent = self.parentWidget()
        mirrored = parent is not None and parent.isRightToLeft()
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            size = item.sizeHint()
            stretches = (
                widget is not None
                and widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding
            )
            if x > area.x() and x + size.width() > area.right() + 1:
                _centre(line, y, row)
                x, y, row, line = area.x(), y + row + self._gap, 0, []
            width = area.right() + 1 - x if stretches else min(size.width(), area.width())
            if move:
                left = area.x() + area.right() + 1 - x - width if mirrored else x
                item.setGeometry(QRect(QPoint(left, y), QSize(width, size.height())))
                line.append(item)
            x, row = x + width + self._gap, max(row, size.height())
        _centre(line, y, row)
        return y + row - rect.y() + edges.bottom()


def _centre(line: list[QLayoutItem], top: int, height: int) -> None:
    """Put the items of a line in its middle: a link is lower than a button."""
    for item in line:
        place = item.geometry()
        place.moveTop(top + (height - place.height()) // 2)
        item.setGeometry(place)


def clear(layout: QLayout) -> None:
    """Take every widget out of a layout and delete it."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
