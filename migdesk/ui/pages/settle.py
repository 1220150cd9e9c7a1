"""To settle: fields with two values that did not know each other, and registrations of
people who are perhaps here already; a person decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.models.dates import show_moment
from migdesk.models.store import Changes
from migdesk.services import entity_settle, exchange, history, settle
from migdesk.services.entity_settle import WaitingView
from migdesk.services.exchange import PeerView
from migdesk.services.history import Event
from migdesk.services.settle import ConflictView, Keep, Side
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import (
    Card,
    ElidedLabel,
    EmptyState,
    PageHeader,
    Row,
    RowList,
    empty,
    label,
    set_property,
)

from .pieces import GAP, body_of, flowing, key_button
from .settle_entities import EntityCard, row_of
from .settle_refused import RefusedCard

SHORT = 48
KEYS: dict[str, Keep] = {"1": "left", "2": "right", "3": "both"}


class SideCard(Card):
    """One of the two values, with who wrote it, where and when. `kept` says that a person
    wants it; the second card also offers to keep both, where the field has room."""

    kept = Signal(str)

    def __init__(self, side: Side, device: str, keep: Keep, both: bool) -> None:
        super().__init__()
        first = keep == "left"
        if len(side.value) <= SHORT and "\n" not in side.value:
            self.body.addWidget(label(side.value, "figure", wrap=True))
        else:
            text = QPlainTextEdit(side.value)
            text.setReadOnly(True)
            text.setTabChangesFocus(True)
            self.body.addWidget(text)
        parts = (side.who, device, show_moment(side.at))
        self.body.addWidget(label(" · ".join(filter(None, parts)), "muted", wrap=True))
        self.body.addStretch(1)
        self.button = key_button(
            _("Keep this one"),
            partial(self.kept.emit, keep),
            "1" if first else "2",
            "primary" if first else "",
        )
        self.button.setAccessibleDescription(side.value)
        ways = [self.button]
        if both:
            ways.append(key_button(_("Keep both"), partial(self.kept.emit, "both"), "3"))
        self.body.addLayout(flowing(*ways))
        set_property(self, "chosen", first)


class ConflictCard(Card):
    """One conflict: both sides, what stood there before, the way to the record."""

    decided = Signal(object, str)

    def __init__(
        self, view: ConflictView, place: str, names: Mapping[str, str], desk: Desk
    ) -> None:
        super().__init__(f"{view.label} · {view.title}", place)
        self.view = view
        self.title.setWordWrap(True)
        self.sides = {
            "left": SideCard(view.left, names.get(view.left.device, ""), "left", False),
            "right": SideCard(
                view.right, names.get(view.right.device, ""), "right", view.can_both
            ),
        }
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for side in self.sides.values():
            side.kept.connect(partial(self.decided.emit, view))
            row.addWidget(side, 1)
        self.body.addLayout(row)
        before = _("Before: {value}").format(value=view.before or _("(empty)"))
        foot = QHBoxLayout()
        foot.addWidget(ElidedLabel(before, "muted"), 1)
        opened = key_button(
            _("Open {kind}").format(kind=str(RECORDS[view.kind].label).lower()),
            partial(desk.open, view.kind, view.row),
            role="link",
        )
        foot.addWidget(opened)
        self.body.addLayout(foot)

    @property
    def first(self) -> QWidget:
        """The button that the keyboard begins at."""
        return self.sides["left"].button

    def press(self, key: str) -> None:
        """A digit decides."""
        if key in KEYS and (key != "3" or self.view.can_both):
            self.decided.emit(self.view, KEYS[key])


class SettlePage(Page):
    """One at a time, registrations first, the others listed under it; digits decide."""

    name = "settle"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.views: tuple[ConflictView, ...] = ()
        self.waiting: tuple[WaitingView, ...] = ()
        self.card: ConflictCard | EntityCard | None = None
        self._current = ""
        self._names: dict[str, str] = {}
        self.header = PageHeader()
        self.box = body_of(self)
        self.box.addWidget(self.header)
        self.place = QHBoxLayout()
        self.box.addLayout(self.place)
        self.others = RowList()
        self.others_card = Card(_("Afterwards"))
        self.others_card.body.addWidget(self.others)
        self.box.addWidget(self.others_card)
        self.refused_card = RefusedCard(self.desk)
        self.box.addWidget(self.refused_card)
        self.nothing = EmptyState(
            "check-circle-outline",
            _("Nothing to settle"),
            _(
                "When two computers change the same field before they have exchanged, both "
                "values are listed here, and a person chooses. Nothing is lost meanwhile: the "
                "newest value is shown everywhere, the other one stays in the history. "
                "Somebody whom a questionnaire registers and who is perhaps here already "
                "waits here too."
            ),
            _("Go to Exchange"),
            lambda: self.desk.go("exchange"),
        )
        self.box.addWidget(self.nothing)
        self.box.addStretch(1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for key in (*KEYS, "4"):
            shortcut(key, self, partial(self.press, key))
        shortcut("PgDown", self, partial(self.step, 1))
        shortcut("PgUp", self, partial(self.step, -1))

    def load(self) -> None:
        self.desk.runner.read(exchange.peers, then=self._on_peers, owner=self)
        shown = self.refused_card.show_bundles
        self.desk.runner.read(exchange.refused, then=shown, owner=self)
        role = self.desk.account.role
        self.desk.runner.read(entity_settle.waiting, role, then=self._on_waiting, owner=self)
        self.desk.runner.read(settle.conflicts, then=self._on_conflicts, owner=self)

    def on_changed(self, changes: Changes) -> None:
        # Any record may hold a conflict; a hidden page reads when it is gone to.
        if self.isVisible():
            self.load()

    def _on_peers(self, peers: tuple[PeerView, ...]) -> None:
        self._names = {peer.device: peer.name for peer in peers}
        self._names[self.desk.store.device] = _("this computer")

    def _on_waiting(self, found: tuple[WaitingView, ...]) -> None:
        self.waiting = found

    def _on_conflicts(self, found: tuple[ConflictView, ...]) -> None:
        self.views = found
        ids = self._ids
        if self._current not in ids:
            self._current = ids[0] if ids else ""
        self._show()

    @property
    def _all(self) -> list[WaitingView | ConflictView]:
        return [*self.waiting, *self.views]

    @property
    def _ids(self) -> list[str]:
        return [view.id for view in self._all]

    def _show(self) -> None:
        held = self.isVisible() and (self.focusWidget() is not None or self.hasFocus())
        empty(self.place)
        self.card = None
        some = bool(self._ids)
        words = _(
            "Two people changed the same thing. Nothing is lost: both values stay in the "
            "history."
        )
        self.nothing.setVisible(not some and self.refused_card.isHidden())
        total = len(self._ids)
        for number, view in enumerate(self._all, start=1):
            if view.id == self._current:
                self.card = self._card(view, _("{n} of {total}").format(n=number, total=total))
                self.place.addWidget(self.card)
                if held:
                    self.card.first.setFocus()
        doubt = _("A questionnaire speaks of somebody who is perhaps here already.")
        said = doubt if isinstance(self.card, EntityCard) else words
        self.header.show_as(_("To settle"), said if some else "")
        self._show_others()

    def _card(self, view: WaitingView | ConflictView, place: str) -> ConflictCard | EntityCard:
        if isinstance(view, WaitingView):
            waits = EntityCard(view, place, self.desk)
            waits.decided.connect(self.register)
            return waits
        card = ConflictCard(view, place, self._names, self.desk)
        card.decided.connect(self.decide)
        return card

    def _show_others(self) -> None:
        rows = [
            row_of(view, partial(self.choose, view.id))
            for view in self.waiting
            if view.id != self._current
        ]
        rows += [
            Row(
                f"{view.label} · {view.title}",
                muted=_("{one} or {other}").format(
                    one=view.left.value.replace("\n", " · "),
                    other=view.right.value.replace("\n", " · "),
                ),
                end=_("2 values"),
                end_tone="waiting",
                open=partial(self.choose, view.id),
            )
            for view in self.views
            if view.id != self._current
        ]
        self.others.show_rows(rows)
        self.others_card.setVisible(bool(rows))

    def choose(self, id: str) -> None:
        """Show this one."""
        self._current = id
        self._show()
        if self.card is not None:
            self.card.first.setFocus()

    def step(self, by: int) -> None:
        """The next one, or the one before."""
        ids = self._ids
        if ids:
            self.choose(ids[(ids.index(self._current) + by) % len(ids)])

    def press(self, key: str) -> None:
        """A digit decides."""
        if self.card is not None:
            self.card.press(key)

    def _go_on(self, id: str) -> None:
        """The one after it comes next."""
        ids = self._ids
        after = ids[ids.index(id) + 1 :] + ids[: ids.index(id)]
        self._current = after[0] if after else ""

    def register(self, view: WaitingView, decision: Callable[[Any], None], words: str) -> None:
        """Write what a person decided on a registration."""
        self._go_on(view.id)
        done = partial(self._on_done, "submission", view.submission, words)
        self.desk.runner.write(decision, then=lambda _done: done(), owner=self)

    def decide(self, view: ConflictView, keep: Keep) -> None:
        """Write what a person chose; the other value stays in the history."""
        self._go_on(view.id)
        self.desk.runner.write(
            settle.settle,
            view.id,
            keep,
            then=lambda _done: self._on_settled(view, keep),
            owner=self,
        )

    def _on_settled(self, view: ConflictView, keep: Keep) -> None:
        kept = {"left": view.left.value, "right": view.right.value}.get(keep, "")
        words = (
            _("Kept: {value}. The other value stays in the history.").format(value=_short(kept))
            if kept
            else _("Both values are kept.")
        )
        self._on_done(view.kind, view.row, words)

    def _on_done(self, kind: str, row: str, words: str) -> None:
        self.desk.runner.read(
            history.history,
            kind,
            row,
            then=lambda events: self._tell(words, events),
            owner=self,
        )
        self.load()

    def _tell(self, words: str, events: tuple[Event, ...]) -> None:
        undo = partial(self.desk.runner.write, history.undo, events[0].tx)
        self.desk.asker.tell(words, _("Undo"), undo)


def _short(value: str) -> str:
    """A value short enough for one line of a message."""
    line = " ".join(value.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"
