"""The draft of a visit: kept while one types, offered when one comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

from migdesk.i18n import _
from migdesk.services import drafts
from migdesk.services.drafts import DraftView
from migdesk.ui.desk import Desk

from .receive_bars import DraftBar

KEEP_MS = 400
"""What is typed waits no longer than this before it is kept, however fast one types."""

Typed = Callable[[], tuple[str, Mapping[str, Any]]]
"""Title and body of what is typed now."""


class DraftKeeper(QObject):
    """Saves what is typed while it is typed, and brings it back when asked.

    Each reception has a draft of its own, so that one which waits for an answer is left
    alone: nothing typed is lost.
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
        self._id = drafts.fresh(self.key)
        self._held = False
        self._pause = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._pause.timeout.connect(self.keep)

    @property
    def key(self) -> str:
        """Where the drafts of this account lie."""
        return drafts.key("reception", self.desk.account.id)

    @property
    def id(self) -> str:
        """The draft that what is typed now goes into."""
        return self._id

    def look(self) -> None:
        """Offer a draft if one waits and nothing is being typed."""
        if not self.dirty:
            self.desk.runner.read(drafts.newest, self.key, then=self._offer, owner=self)

    def take_up(self, id: str) -> None:
        """Resume a draft by its id."""
        self.desk.runner.read(drafts.get, id, then=self._resume, owner=self)

    def touch(self) -> None:
        """Somebody typed."""
        self.dirty = True
        if not self._pause.isActive():
            self._pause.start()

    def hold(self, held: bool) -> None:
        """Keep nothing while what was typed is being recorded: the draft goes with it."""
        self._held = held

    def keep(self) -> None:
        """Save what is typed now."""
        self._pause.stop()
        if not self.dirty or self._held:
            return
        title, body = self._typed()
        self.desk.runner.write(
            drafts.put, self._id, "visit", title or _("without a name"), body
        )

    def recorded(self) -> None:
        """What was typed is recorded, and its draft gone with the same write."""
        self.begin()
        self.hold(False)
        self._id = drafts.fresh(self.key)

    def begin(self) -> None:
        """Nothing is typed yet."""
        self._pause.stop()
        self.dirty = False

    def _offer(self, draft: DraftView | None) -> None:
        if self.dirty:
            return
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
