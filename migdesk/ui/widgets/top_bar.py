"""The top of the window: search, receive, where the exchange stands, who is logged in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from migdesk.i18n import _, ngettext
from migdesk.ui.theme import px

from .buttons import Button, PrimaryButton
from .finder import Finder

if TYPE_CHECKING:
    from migdesk.services.today import Exchange


class TopBar(QWidget):
    """Parts: `finder`, `receive`, `exchange`, `who` (with `menu`)."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.finder = Finder()
        self.finder.setMinimumWidth(200)
        self.finder.setMaximumWidth(px(470))
        self.receive = PrimaryButton(_("Receive"), key="F2")
        self.exchange = Button("", role="link")
        self.who = Button("", role="who")
        self._who = ("", "")
        self._narrow = False
        self.menu = QMenu(self)
        self.who.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 12, 8)
        row.setSpacing(16)
        row.addWidget(self.finder, 20)
        row.addWidget(self.receive)
        row.addStretch(1)
        row.addWidget(self.exchange)
        row.addWidget(self.who)

    def show_who(self, name: str, office: str) -> None:
        """Who is logged in, and where."""
        self._who = name, office
        words = " · ".join(filter(None, self._who))
        self.who.setAccessibleName(_("Logged in: {name}").format(name=words))
        self.who.setToolTip(words)
        self._name()

    def show_exchange(self, state: Exchange, now: datetime) -> None:
        """Days since the last exchange, changes that wait."""
        words = exchange_words(state, now)
        self.exchange.setText(words)
        self.exchange.setAccessibleName(words)

    def set_narrow(self, narrow: bool) -> None:
        """On a small screen the state of the exchange stays on its page, the office on
        the tool tip."""
        self._narrow = narrow
        self.exchange.setVisible(not narrow)
        self._name()

    def _name(self) -> None:
        shown = self._who[:1] if self._narrow else self._who
        self.who.setText(f"{' · '.join(filter(None, shown))}  ▾")


def exchange_words(state: Exchange, now: datetime) -> str:
    """The state of the exchange in a few words; "" where nothing was ever paired."""
    if not state.peers:
        return ""
    parts = [_("No exchange yet")]
    if state.last:
        last = datetime.fromisoformat(state.last)
        last = last if last.tzinfo else last.replace(tzinfo=UTC)
        days = max((now - last).days, 0)
        parts = [
            ngettext("Exchange {n} day ago", "Exchange {n} days ago", days).format(n=days)
            if days
            else _("Exchange today")
        ]
    if state.waiting:
        waiting = ngettext("{n} to send", "{n} to send", state.waiting)
        parts.append(waiting.format(n=state.waiting))
    return " · ".join(parts)
