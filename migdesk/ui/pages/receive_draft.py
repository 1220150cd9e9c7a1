"""The draft of a visit: kept while one types, offered when one comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

from migdesk.clock import uuid7
from migdesk.i18n import _
from migdesk.services import drafts
from migdesk.services.drafts import DraftView
from migdesk.ui.desk import Desk

from .receive_bars import DraftBar

DRAFT = "visit:new"
PAUSE_MS = 800

Typed = Callable[[], tuple[str, Mapping[str, Any]]]
"""Title and body of what is typed now."""


class DraftKeeper(QObject):
    """Saves what is typed at each pause, and brings it back when asked.

    While an older draft waits for an answer it is left alone, and what is typed meanwhile
    goes under a name of its own: nothing typed is lost.
    """

    def __init__(
        self,
        desk: Desk,
        typed: Typed,
        put_back: Callable[[Mapping[str, Any]], None],
        page: QObject,
    ) -> None:
        super().__init__(page)  # answers must not outlive the page
        self.desk = desk
        self.dirty = False
        self.offered: DraftView | None = None
        self.bar = DraftBar(self.resume, self.discard)
        self._typed = typed
        self._put_back = put_back
        self._id = DRAFT
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.keep)

    def look(self) -> None:
        """Offer a draft if one waits and nothing is being typed."""
        if not self.dirty:
            self.desk.runner.read(drafts.get, DRAFT, then=self._offer, owner=self)

    def take_up(self, id: str) -> None:
        """Resume a draft by its id."""
        self.desk.runner.read(drafts.get, id, then=self._resume, owner=self)

    def touch(self) -> None:
        """Somebody typed."""
        self.dirty = True
        self._pause.start()

    def keep(self) -> None:
        """Save what is typed now."""
        self._pause.stop()
        if not self.dirty:
            return
        if self.offered is not None and self._id == self.offered.id:
            self._id = f"visit:{uuid7()}"
        title, body = self._typed()
        self.desk.runner.write(
            drafts.put, self._id, "visit", title or _("without a name"), body
        )

    def drop(self) -> None:
        """What was typed is recorded, or given up."""
        self.begin()
        self.desk.runner.write(drafts.drop, self._id)
        self._id = DRAFT

    def begin(self) -> None:
        """Nothing is typed yet."""
        self._pause.stop()
        self.dirty = False

    def _offer(self, draft: DraftView | None) -> None:
        if self.dirty or (draft is not None and "mode" not in draft.body):
            return  # busy, or the draft of the generic form of a visit
        self.offered = draft
        self.bar.setVisible(draft is not None)
        if draft is not None:
            self.bar.offer(draft)

    def resume(self) -> None:
        """Take up the draft that is offered."""
        self._resume(self.offered)

    def _resume(self, draft: DraftView | None) -> None:
        if draft is None:
            return
        self.keep()
        self.offered = None
        self.bar.hide()
        self._id = draft.id
        self._put_back(draft.body)
        self.dirty = True

    def discard(self) -> None:
        """Give up the draft that is offered."""
        if self.offered is not None:
            self.desk.runner.write(drafts.drop, self.offered.id)
        self.offered = None
        self.bar.hide()
