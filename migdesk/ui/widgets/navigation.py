"""The left side of the window: places with their icons, words and counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from migdesk.i18n import Text, _
from migdesk.ui.desk import Desk, Page
from migdesk.ui.icons import dress
from migdesk.ui.theme import px

from .styled import Badge, label, set_property

WIDE, NARROW = 232, 64


MOST = 9_999
"""No badge needs to say more exactly."""


@dataclass(frozen=True)
class Place:
    """A page and where it stands in the navigation.

    `count` is a key of `services.today.counts`; a `tone` colours a count that waits for
    a person; `kinds` are the records that live there; an empty `icon` keeps it out of
    the navigation; `roles` empty means everybody.
    """

    name: str
    label: Text
    make: Callable[[Desk], Page]
    icon: str = ""
    count: str = ""
    tone: str = ""
    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    foot: bool = False

    def open_to(self, role: str) -> bool:
        """May somebody with this role go there?"""
        return not self.roles or role in self.roles


class NavButton(QPushButton):
    """One place: an icon, a word, a count."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.setProperty("role", "nav")
        self.setCheckable(True)
        self.sign = QLabel()
        self.word = label(str(place.label), "word")
        self.badge = Badge("", place.tone)
        self.badge.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(10)
        row.addWidget(self.sign)
        row.addWidget(self.word, 1)
        row.addWidget(self.badge)
        for part in (self.sign, self.word, self.badge):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.narrow = False
        self.key = ""
        self._number = 0
        self.choose(False)
        self.show_count(0)

    def choose(self, chosen: bool) -> None:
        """Mark as the place where we are."""
        self.setChecked(chosen)
        for part in (self, self.word, self.badge):
            set_property(part, "chosen", chosen)
        dress(self.sign, self.place.icon, 20, "deep" if chosen else "muted")

    def show_count(self, number: int) -> None:
        """A count of 0 is not shown."""
        self._number = number
        self.badge.setText(f"{grouped(MOST)}+" if number > MOST else grouped(number))
        self.badge.setVisible(number > 0 and not self.narrow)
        words = str(self.place.label)
        self.setAccessibleName(
            _("{place}: {n}").format(place=words, n=number) if number else words
        )
        parts = (self.accessibleName() if self.narrow else "", self.key)
        self.setToolTip(" · ".join(filter(None, parts)))

    @property
    def number(self) -> int:
        """The count shown."""
        return self._number

    def set_narrow(self, narrow: bool) -> None:
        """Only the icon, or the whole."""
        self.narrow = narrow
        self.word.setVisible(not narrow)
        self.show_count(self._number)


class Navigation(QWidget):
    """The places that a role may see. `chosen(name)` when one is clicked."""

    chosen = Signal(str)

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self.setProperty("role", "nav")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(_("Navigation"))
        self.brand = label("MigDesk", "brand")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 12)
        column.setSpacing(2)
        column.addWidget(self.brand)
        self.buttons = {place.name: NavButton(place) for place in places if place.icon}
        shown = list(self.buttons.values())
        for button in [b for b in shown if not b.place.foot]:
            column.addWidget(button)
        column.addStretch(1)
        for button in [b for b in shown if b.place.foot]:
            column.addWidget(button)
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, name=name: self.chosen.emit(name))
        self.set_narrow(False)

    def serve_keys(self, where: QWidget) -> None:
        """Ctrl+1 and so on lead to the places from anywhere inside `where`."""
        for number, (name, button) in enumerate(list(self.buttons.items())[:9], start=1):
            made = QShortcut(QKeySequence(f"Ctrl+{number}"), where)
            made.activated.connect(partial(self.chosen.emit, name))
            button.key = _("Ctrl {n}").format(n=number)
            button.show_count(button.number)

    def set_narrow(self, narrow: bool) -> None:
        """Icons only, where the window is small."""
        self.brand.setText("M" if narrow else "MigDesk")
        side = 0 if narrow else 12
        self.brand.setContentsMargins(side, 4, side, 12)
        if narrow:
            self.brand.setAlignment(Qt.AlignmentFlag.AlignCenter)
        else:
            self.brand.setAlignment(label("").alignment())
        self.setFixedWidth(px(NARROW) if narrow else max(WIDE, px(WIDE)))
        for button in self.buttons.values():
            button.set_narrow(narrow)

    def show_place(self, name: str) -> None:
        """Mark the place where we are."""
        for key, button in self.buttons.items():
            button.choose(key == name)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Figures beside the words."""
        for button in self.buttons.values():
            if button.place.count:
                button.show_count(counts.get(button.place.count, 0))


def grouped(number: int) -> str:
    """A whole number with thin spaces between thousands, never broken."""
    return f"{number:,}".replace(",", "\u202f") if number else ""
