"""What pages are laid out with: the header, an empty place, flat tabs, a stage bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import _
from migdesk.ui.icons import dress

from .buttons import PrimaryButton
from .styled import ElidedLabel, label, set_property


class PageHeader(QWidget):
    """Title, subtitle, and the actions of the page at the far side."""

    def __init__(
        self, title: str = "", subtitle: str = "", actions: Sequence[QWidget] = ()
    ) -> None:
        super().__init__()
        self.title = ElidedLabel(title, "title")
        self.subtitle = ElidedLabel(subtitle, "subtitle")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        for action in actions:
            self.tools.addWidget(action)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addLayout(self.tools)
        self.show_as(title, subtitle)

    def show_as(self, title: str, subtitle: str = "") -> None:
        """Other words."""
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))
        self.setAccessibleName(title)


class EmptyState(QWidget):
    """An empty place that says what it is for and how to begin."""

    def __init__(
        self,
        icon: str,
        purpose: str,
        how: str = "",
        action: str = "",
        begin: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 32, 24, 32)
        column.setSpacing(8)
        column.addStretch(1)
        self.picture = label("")
        dress(self.picture, icon, 40)
        self.purpose = label(purpose, "section", wrap=True)
        self.how = label(how, "muted", wrap=True)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        for part in (self.purpose, self.how):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        self.how.setVisible(bool(how))
        if action:
            self.button = PrimaryButton(action, begin)
            column.addSpacing(8)
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.setAccessibleName(f"{purpose} {how}".strip())


class Tabs(QTabBar):
    """Flat tabs under a header; `currentChanged` says which."""

    def __init__(self, names: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "flat")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        for name in names:
            self.addTab(name)


@dataclass(frozen=True)
class Stage:
    """One stage: done, current or ahead, and what is missing to leave it."""

    text: str
    state: str = ""
    missing: str = ""


class StageBar(QWidget):
    """Stages side by side, numbered; the state is a sign and words, not only a colour."""

    def __init__(self, stages: Sequence[Stage] = ()) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_stages(stages)

    def show_stages(self, stages: Sequence[Stage]) -> None:
        """Show these stages instead."""
        empty(self._row)
        spoken = []
        for number, stage in enumerate(stages, start=1):
            words = f"{number} {stage.text}"
            if stage.state == "done":
                words += " ✓"
            if stage.missing:
                words += f" · {stage.missing}"
            part = ElidedLabel(words, "stage")
            set_property(part, "state", stage.state)
            self._row.addWidget(part, 3 if stage.state == "current" else 2)
            spoken.append(words)
        self.setAccessibleName(_("Stages: {stages}").format(stages=", ".join(spoken)))


class FlowRow(QHBoxLayout):
    """Actions in a row from the leading side, 8 pixels apart."""

    def __init__(self, *parts: QWidget) -> None:
        super().__init__()
        self.setSpacing(8)
        for part in parts:
            self.addWidget(part)
        self.addStretch(1)


def scrolled(inside: QWidget) -> QScrollArea:
    """A page higher than the window scrolls; it never scrolls sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inside.setProperty("role", "page")
    inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    area.setWidget(inside)
    return area


def page_column(inside: QWidget) -> QVBoxLayout:
    """The column of a page, with the margins that every page has."""
    column = QVBoxLayout(inside)
    column.setContentsMargins(24, 20, 24, 24)
    column.setSpacing(16)
    return column


def empty(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            empty(inner)
