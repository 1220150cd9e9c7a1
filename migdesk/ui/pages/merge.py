"""Merge a record with another of its kind, or separate it again from those that were merged
into it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.models.store import Changes
from migdesk.services import duplicates, history, records, search, settle
from migdesk.services.search import Hit
from migdesk.services.views import View, itself, views
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import (
    Card,
    PageHeader,
    Row,
    RowList,
    SearchField,
    empty,
    label,
)

from .merge_card import MergeCard
from .pieces import body_of, key_button

FOUND = 8


class MergePage(Page):
    """One record: find the other, compare, merge. `arrive(kind, id)`."""

    name = "merge"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.kind, self.id = "", ""
        self.view: View | None = None
        self.card: MergeCard | None = None
        self.header = PageHeader(_("Merge"))
        self.back_button = key_button(_("Back to the record"), self.back, role="flat")
        self.header.tools.addWidget(self.back_button)
        self.search = SearchField(_("Search the other one: name, telephone, code"))
        self.search.searched.connect(self._look_for)
        self.hits = RowList()
        self.choice = Card(_("With whom or what?"))
        self.choice.body.addWidget(self.search)
        self.choice.body.addWidget(self.hits)
        self.place = QVBoxLayout()
        self.merged = RowList()
        self.merged_card = Card(_("Merged into this one"))
        hint = _("Open one to see it again by itself: it is separated, and can be merged anew.")
        self.merged_card.body.addWidget(label(hint, "muted", wrap=True))
        self.merged_card.body.addWidget(self.merged)
        box = body_of(self)
        box.addWidget(self.header)
        box.addWidget(self.choice)
        box.addLayout(self.place)
        box.addWidget(self.merged_card)
        box.addStretch(1)
        for key in "123":  # typed into the field they are typed
            shortcut(key, self, partial(self.press, key))

    def arrive(self, **args: Any) -> None:
        self.kind, self.id = str(args["kind"]), str(args["id"])
        self.search.clear()
        self.hits.show_rows([])
        self._put(None)
        self._read()
        self.search.setFocus()

    def on_changed(self, changes: Changes) -> None:
        if self.isVisible() and self.id and changes.touches(self.kind):
            self._read()

    def _read(self) -> None:
        read = self.desk.runner.read
        read(records.get, self.kind, self.id, then=self._on_view, owner=self)
        read(_merged, self.kind, self.id, then=self._on_merged, owner=self)

    def _on_view(self, view: View) -> None:
        self.view = view
        about = RECORDS[self.kind].label
        self.header.show_as(_("Merge: {name}").format(name=view.title), str(about))

    def _on_merged(self, found: tuple[View, ...]) -> None:
        end = _("Separate again")
        self.merged.show_rows(
            [
                Row(
                    f"{view.title} {view.code}".strip(),
                    end=end,
                    end_tone="accent",
                    open=partial(self.separate, view),
                )
                for view in found
            ]
        )
        self.merged_card.setVisible(bool(found))

    def _look_for(self, text: str) -> None:
        if text and self.kind:
            self.desk.runner.read(
                search.find, text, (self.kind,), FOUND, then=self._on_found, owner=self
            )
        else:
            self.hits.show_rows([])

    def _on_found(self, hits: tuple[Hit, ...]) -> None:
        others = [hit for hit in hits if self.view is not None and hit.id != self.view.id]
        rows = [
            Row(
                f"{hit.title} {hit.code}".strip(),
                hit.detail,
                open=partial(self.compare, hit.id),
            )
            for hit in others
        ]
        self.hits.show_rows(rows or [Row(_("Nobody else was found."))])

    def compare(self, id: str) -> None:
        """Put another record beside this one."""
        self.desk.runner.read(records.get, self.kind, id, then=self._on_other, owner=self)

    def _on_other(self, other: View) -> None:
        if self.view is None or other.id == self.view.id:
            return
        card = MergeCard(self.desk, self.view, other)
        card.decided.connect(self._decide)
        self._put(card)
        card.first.setFocus()

    def press(self, key: str) -> None:
        """A digit decides."""
        if self.card is not None:
            self.card.press(key)

    def _put(self, card: MergeCard | None) -> None:
        empty(self.place)
        self.card = card
        if card is not None:
            self.place.addWidget(card)

    def _decide(self, decision: Callable[[Any], object], words: str) -> None:
        done = partial(self._on_done, words)
        self.desk.runner.write(settle.done, decision, then=done, owner=self)

    def _on_done(self, words: str, tx: str) -> None:
        undo = partial(self.desk.runner.write, history.undo, tx)
        self.desk.asker.tell(words, _("Undo"), undo)
        self.back()

    def separate(self, view: View) -> None:
        """Take a record out of this one again."""
        words = _("Separated: {name}.").format(name=view.title)
        decision = partial(_separate, self.kind, view.id)
        done = partial(self._on_separated, words)
        self.desk.runner.write(settle.done, decision, then=done, owner=self)

    def _on_separated(self, words: str, tx: str) -> None:
        undo = partial(self.desk.runner.write, history.undo, tx)
        self.desk.asker.tell(words, _("Undo"), undo)

    def back(self) -> None:
        """To the record; after a merge, to the one that stays."""
        self._put(None)
        self.desk.open(self.kind, self.id)


def _merged(session: Any, kind: str, id: str) -> tuple[View, ...]:
    """The records that were merged into one, as they were."""
    away = duplicates.merged_into(session, kind, id)
    return views(session, kind, [itself(session, kind, each) for each in away])


def _separate(kind: str, id: str, session: Any) -> None:
    duplicates.unmerge(session, kind, id)
