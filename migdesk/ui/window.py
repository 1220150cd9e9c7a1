"""The window: navigation, top bar, message bar, pages, and the gate before them.

While nobody is logged in only the gate is there (`show_gate`). `settle` builds the rest
for a desk; `leave` throws every page away, with all that it shows.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import _
from migdesk.settings import LOCK_MINUTES, WINDOW, Settings
from migdesk.ui.desk import Desk, Page
from migdesk.ui.printer import Printer
from migdesk.ui.theme import px
from migdesk.ui.widgets.jobs_bar import JobsBar
from migdesk.ui.widgets.message_bar import MessageBar
from migdesk.ui.widgets.navigation import MOST, Navigation, Place
from migdesk.ui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from migdesk.models.store import Changes

NARROW_BELOW = 1100
ROOMY = 1500
COUNTS_MS = 400
ACTIVE = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}


@dataclass
class Settled:
    """What exists only while somebody is logged in."""

    desk: Desk
    places: dict[str, Place]
    nav: Navigation
    top: TopBar
    stack: QStackedWidget
    whole: QWidget
    pages: dict[str, Page] = field(default_factory=dict)
    here: str = ""
    args: dict[str, Any] = field(default_factory=dict)


class Window(QMainWindow):
    """Implements `desk.Shell`. Signals: `locked` (pages are already gone), `switched`
    (another account is wanted), `restyled` (apply look and language), `closed`."""

    locked = Signal()
    restyled = Signal()
    switched = Signal()
    closed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.may_close: Callable[[], bool] = lambda: True
        self.setWindowTitle("MigDesk")
        self.setMinimumSize(800, 560)
        self.bar = MessageBar()
        self.jobs = JobsBar()
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self._at: Settled | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._on_idle)
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(COUNTS_MS)
        self._counting.timeout.connect(self.count)
        QGuiApplication.instance().focusWindowChanged.connect(self._watch)  # type: ignore[union-attr]
        self._shortcuts()
        self._restore_geometry()

    # ---- the gate

    def show_gate(self, gate: QWidget) -> None:
        """Show one widget and nothing else: first start, login."""
        self._empty_stack()
        column = QVBoxLayout()
        whole = QWidget()
        whole.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(gate, 1)
        self._stack.addWidget(whole)

    def settle(self, desk: Desk, places: Sequence[Place]) -> None:
        """Build navigation, top and an empty stack of pages for a desk."""
        self._empty_stack()
        allowed = {p.name: p for p in places if p.open_to(desk.account.role)}
        at = Settled(
            desk,
            allowed,
            Navigation(list(allowed.values())),
            TopBar(),
            QStackedWidget(),
            QWidget(),
        )
        self._at = at
        desk.shell = self
        self._lay_out(at)
        self._connect(at)
        self.jobs = JobsBar()
        self.jobs.watch(desk.runner)
        self._main_column.insertWidget(3, self.jobs)
        self._stack.addWidget(at.whole)
        self._fit(self.width())
        self._counting.start()  # counting many people must not hold up the first page
        self._stir()

    def leave(self) -> tuple[str, dict[str, Any]]:
        """Let every page keep its drafts, then throw away all that shows anything; where
        we were, so that unlocking returns there."""
        at = self._at
        if at is None:
            return "", {}
        for page in at.pages.values():
            page.leave()
        at.desk.runner.changed.disconnect(self._on_changed)
        at.desk.shell = None
        self._idle.stop()
        self._counting.stop()
        self.bar.hide()
        self._at = None
        self._empty_stack()
        return at.here, at.args

    def _empty_stack(self) -> None:
        self.bar.setParent(None)
        while (gone := self._stack.widget(0)) is not None:
            self._stack.removeWidget(gone)
            gone.deleteLater()
        # Previews and what a search found hang on the window itself.
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for over in self.findChildren(QWidget, options=direct):
            if isinstance(over, QDialog) or over.property("role") == "popup":
                over.hide()
                over.deleteLater()

    def _lay_out(self, at: Settled) -> None:
        line = QFrame()
        line.setProperty("role", "navline")
        rule = QFrame()
        rule.setProperty("role", "rule")
        row = QHBoxLayout(at.whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(at.nav)
        row.addWidget(line)
        self._main_column = QVBoxLayout()
        self._main_column.setSpacing(0)
        for part in (at.top, rule, self.bar):
            self._main_column.addWidget(part)
        self._main_column.addWidget(at.stack, 1)
        row.addLayout(self._main_column, 1)

    def _connect(self, at: Settled) -> None:
        at.nav.chosen.connect(self.go)
        at.nav.serve_keys(at.whole)
        at.top.show_who(at.desk.account.name, at.desk.account.office)
        at.top.receive.clicked.connect(lambda: self.go("receive"))
        at.top.receive.setVisible("receive" in at.places)
        at.top.exchange.clicked.connect(lambda: self.go("exchange"))
        for words, key, action in (
            (_("Lock"), "Ctrl+L", self.lock),
            (_("Switch account"), "", self.switch),
            (_("Help"), "F1", self.help),
            (_("Quit"), "Ctrl+Q", self.close),
        ):
            made = at.top.menu.addAction(words)
            made.triggered.connect(lambda _on=False, action=action: action())
            # Pressed through the window's own shortcut; here it is only shown.
            made.setText(f"{words}\t{key}" if key else words)
        at.top.finder.serve(
            at.desk.runner,
            [
                (str(p.label), lambda name=p.name: self.go(name))  # type: ignore[misc]
                for p in at.places.values()
            ],
            # What this role cannot open is not found either.
            tuple(kind for p in at.places.values() for kind in p.kinds),
        )
        at.top.finder.opened.connect(self.open)
        at.desk.runner.changed.connect(self._on_changed)

    def _shortcuts(self) -> None:
        for keys, action in (
            ("Ctrl+K", self.search),
            ("F2", lambda: self.go("receive")),
            ("Ctrl+L", self.lock),
            ("Ctrl+Q", self.close),
            ("F1", self.help),
            ("Ctrl+Z", self.undo),
            ("Ctrl+Shift+Z", self.redo),
        ):
            made = QShortcut(QKeySequence(keys), self)
            made.activated.connect(lambda action=action: action())

    # ---- Shell

    @property
    def page(self) -> Page | None:
        """The page shown."""
        return self._at.pages.get(self._at.here) if self._at else None

    def go(self, page: str, **args: Any) -> None:
        """Show a page, made when it is first asked for."""
        at = self._at
        if at is None or page not in at.places:
            return
        if page not in at.pages:
            at.pages[page] = at.places[page].make(at.desk)
            at.stack.addWidget(at.pages[page])
        before = at.pages.get(at.here)
        if before is not None and page != at.here:
            before.leave()
        shown = at.pages[page]
        at.here, at.args = page, args
        at.nav.show_place(page)
        at.stack.setCurrentWidget(shown)
        shown.load()
        if args:
            shown.arrive(**args)
        if not shown.isAncestorOf(self.focusWidget() or self):
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def open(self, kind: str, id: str) -> None:
        """Show a record where records of its kind live."""
        if self._at is not None:
            for place in self._at.places.values():
                if kind in place.kinds:
                    self.go(place.name, kind=kind, id=id)
                    return

    def print(self, sheet: str, **params: Any) -> None:
        """Make a document and preview it."""
        if self._at is not None:
            Printer(self._at.desk, self).print(sheet, params)

    def print_menu(self, kind: str, id: str) -> QMenu:
        """Documents that can be made of a record."""
        if self._at is None:
            return QMenu(self)
        return Printer(self._at.desk, self).menu(kind, id)

    def lock(self) -> None:
        """Clear the screen and ask for the password again."""
        if self._at is not None:
            self.locked.emit()

    # ---- what else the keys do

    def switch(self) -> None:
        """Let somebody else log in."""
        if self._at is not None:
            self.switched.emit()

    def search(self) -> None:
        """Go to the search field."""
        if self._at is not None:
            self._at.top.finder.take()

    def help(self) -> None:
        """Open the guide, in its own window."""
        from migdesk.ui.guide import Guide

        Guide(self).show()

    def undo(self) -> None:
        """Undo the last edit of this computer."""
        from migdesk.services import history

        self._undo(history.undo_last, _("Undone: {title}"))

    def redo(self) -> None:
        """Do again what was undone last."""
        from migdesk.services import history

        self._undo(history.redo_last, _("Done again: {title}"))

    def refresh(self) -> None:
        """The look or the language changed in the settings."""
        self.restyled.emit()

    def _undo(self, service: Any, words: str) -> None:
        at = self._at
        if at is None:
            return

        def told(title: str | None) -> None:
            if title is None:
                at.desk.asker.tell(_("There is nothing more to undo or do again."))
            else:
                at.desk.asker.tell(words.format(title=title))

        at.desk.runner.write(service, then=told, owner=self)

    def count(self) -> None:
        """Read the counts and the state of the exchange again."""
        from migdesk.services import today

        at = self._at
        if at is None:
            return
        at.desk.runner.read(today.counts, MOST + 1, then=at.nav.show_counts, owner=at.nav)
        at.desk.runner.read(
            today.exchange_state,
            then=lambda state: at.top.show_exchange(state, datetime.now(UTC)),
            owner=at.top,
        )

    def _on_changed(self, changes: Changes) -> None:
        if self._at is not None:
            for page in self._at.pages.values():
                page.on_changed(changes)
            self._counting.start()

    # ---- idle

    def _watch(self, window: QObject | None) -> None:
        """Listen to the window that has the keyboard: the events of all widgets would be
        too many to pass through here."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)
            self._stir()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in ACTIVE:
            self._stir()
        return False

    def _stir(self) -> None:
        if self._at is not None:
            self._idle.start(self.settings.get(LOCK_MINUTES) * 60_000)

    def _on_idle(self) -> None:
        if self._at is not None and self._at.desk.runner.jobs:
            self._stir()
        else:
            self.lock()

    # ---- size

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        if self._at is not None:
            self._at.nav.set_narrow(width < px(NARROW_BELOW))
            self._at.top.set_narrow(width < px(NARROW_BELOW))

    def _restore_geometry(self) -> None:
        kept = self.settings.get(WINDOW)
        with suppress(ValueError):
            if kept and self.restoreGeometry(QByteArray(base64.b64decode(kept))):
                return
        screen = self.screen().availableSize()
        self.resize(min(1366, screen.width()), min(768, screen.height()))
        if screen.width() < ROOMY:
            self.setWindowState(Qt.WindowState.WindowMaximized)  # a frame needs room too

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the size; close if `may_close` agrees, else who refused closes later. The
        rest is done by who hears `closed`."""
        self.settings.set(WINDOW, base64.b64encode(self.saveGeometry().data()).decode())
        if self.may_close():
            event.accept()
            self.closed.emit()
        else:
            event.ignore()
