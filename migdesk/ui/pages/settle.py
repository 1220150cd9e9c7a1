"""To settle: everything that waits for a person's decision, one key each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QListView, QSplitter, QVBoxLayout, QWidget

from migdesk.errors import Fault
from migdesk.i18n import _, ngettext
from migdesk.jobs import settle_many as jobs
from migdesk.jobs.exchange_in import accept_quarantined
from migdesk.models import RECORDS
from migdesk.models.store import Changes
from migdesk.services import conflict_list, settle, to_settle
from migdesk.services.conflict_list import ALL, Wanted
from migdesk.services.settle import ConflictView
from migdesk.services.settle_many import Rule
from migdesk.services.to_settle import SORTS, Choice, Item
from migdesk.task import Task
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.theme import px
from migdesk.ui.widgets import PageHeader, Tabs, empty

from .merge_card import MergeCard
from .pieces import Body, filled, key_button
from .settle_cards import SAID, WORDS, card_of, nothing_waits
from .settle_conflict import ConflictCard
from .settle_entities import EntityCard
from .settle_list import WaitingModel
from .settle_many import ManyCard
from .settle_refused import QuarantineCard, by_the_hub

NARROW = 700


class SettlePage(Page):
    """Left what waits, by sort; right the one that is looked at. Digits decide, N and P
    go on and back, U undoes, O opens."""

    name = "settle"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setProperty("role", "page")
        self.card: Any = None
        self.decided: list[str] = []
        """Transactions of what was decided here, the last one last."""
        self._undoing: Task | None = None
        self.counts: dict[str, int] = {}
        self.twins: tuple[Item, ...] = ()
        self._names: dict[str, str] = {}
        self._current = ""
        self._shown = ""
        self.header = PageHeader()
        self.tabs = Tabs()
        self.tabs.setAccessibleName(_("What waits"))
        self.sorts: tuple[str, ...] = ()
        self.only = QComboBox()
        self.only.setAccessibleName(_("Which conflicts"))
        self.only.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.only.setMaximumWidth(px(320))
        self.only.activated.connect(lambda _index: self._ask())
        self.many_button = key_button(_("Settle many…"), self.many, "M")
        self.undo_button = key_button(_("Undo"), self.undo, "U")
        self.header.tools.addWidget(self.undo_button)
        self.header.tools.addWidget(self.many_button)
        self.nothing = nothing_waits(desk)
        self.splitter = self._make_splitter()
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 16)
        box.setSpacing(12)
        box.addWidget(self.header)
        box.addLayout(filled(self.tabs, self.only))
        box.addWidget(self.splitter, 1)
        box.addWidget(self.nothing, 1)
        self.tabs.currentChanged.connect(lambda _index: self._ask())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._make_keys()
        ways = (self.list, self.body, self.tabs, self.only, self.undo_button, self.many_button)
        for one, after in pairwise(ways):
            self.setTabOrder(one, after)

    def _make_keys(self) -> None:
        for key in "1234":
            shortcut(key, self, partial(self.press, key))
        for keys, by in (("N", 1), ("PgDown", 1), ("P", -1), ("PgUp", -1)):
            shortcut(keys, self, partial(self.step, by))
        shortcut("U", self, self.undo)
        shortcut("O", self, self.open)
        shortcut("M", self, self.many)

    def _make_splitter(self) -> QSplitter:
        self.model = WaitingModel(self.desk, self)
        self.model.loaded.connect(self._on_loaded)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(_("What waits"))
        self.list.setMinimumWidth(px(240))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._on_row)
        self.body = Body()
        self.body.box.setContentsMargins(0, 0, 0, 0)
        self.place = QVBoxLayout()
        self.body.box.addLayout(self.place)
        self.body.box.addStretch(1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(16)
        splitter.addWidget(self.list)
        splitter.addWidget(self.body)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 5)
        splitter.setSizes([px(300), px(700)])
        return splitter

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < px(NARROW)
        way = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self.splitter.orientation() != way:
            self.splitter.setOrientation(way)
        super().resizeEvent(event)

    # reading ------------------------------------------------------------------

    def _read(self) -> None:
        role = self.desk.account.role
        self.desk.runner.read(to_settle.computers, then=self._on_computers, owner=self)
        self.desk.runner.read(conflict_list.by_field, then=self._on_fields, owner=self)
        self.desk.runner.read(to_settle.counts, role, then=self._on_counts, owner=self)

    def load(self) -> None:
        self._read()
        self.desk.runner.read(to_settle.find_twins, then=self._on_twins, owner=self)
        self._find_twins()

    def on_changed(self, changes: Changes) -> None:
        # Any record may hold a conflict; a hidden page reads when it is gone to.
        if self.isVisible():
            self._read()

    def _find_twins(self) -> None:
        """What changed is compared beside the lane; what was known is shown meanwhile."""
        words = _("Looking for duplicates")
        self.desk.runner.job(jobs.find_twins, then=self._on_twins, owner=self, title=words)

    def _on_twins(self, found: tuple[Item, ...]) -> None:
        if found != self.twins:
            self.twins = found
            self._read()

    def _on_computers(self, names: dict[str, str]) -> None:
        self._names = {**names, self.desk.store.device: _("this computer")}

    def _on_fields(self, found: tuple[tuple[str, str, int], ...]) -> None:
        """Fill in by what the conflicts may be filtered; keep what was chosen."""
        held = self.only.currentData()
        self.only.clear()
        self.only.addItem(_("All fields and computers"), ALL)
        for kind, name, n in found:
            told = _("{kind}: {field} ({n})")
            words = told.format(
                kind=RECORDS[kind].label, field=conflict_list.label_of(kind, name), n=n
            )
            self.only.addItem(words, Wanted(kind, name))
        for device, name in sorted(self._names.items(), key=lambda pair: pair[1]):
            self.only.addItem(_("Computer: {name}").format(name=name), Wanted(device=device))
        places = (n for n in range(self.only.count()) if self.only.itemData(n) == held)
        self.only.setCurrentIndex(next(places, 0))

    def _on_counts(self, counts: dict[str, int]) -> None:
        self.counts = counts = {**counts, "duplicate": len(self.twins)}
        held = self.sort
        self.sorts = ("", *(sort for sort in SORTS if counts[sort]))
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for sort in self.sorts:
            n = counts[sort] if sort else sum(counts.values())
            self.tabs.addTab(f"{WORDS[sort] if sort else _('All')} {n}")
        self.tabs.setCurrentIndex(self.sorts.index(held) if held in self.sorts else 0)
        self.tabs.blockSignals(False)
        self._ask()

    @property
    def sort(self) -> str:
        """The sort that is shown, "" for all."""
        at = self.tabs.currentIndex()
        return self.sorts[at] if 0 <= at < len(self.sorts) else ""

    @property
    def wanted(self) -> Wanted:
        """Which conflicts are shown."""
        held = self.only.currentData()
        return held if isinstance(held, Wanted) else ALL

    def _ask(self) -> None:
        sorts = (self.sort,) if self.sort else SORTS
        if self.wanted != ALL:
            sorts = ("conflict",)
        some = self.counts.get("conflict", 0) > 1
        self.only.setVisible(some and self.sort in ("", "conflict"))
        self.many_button.setVisible(some)
        role = self.desk.account.role
        self.model.ask(Choice(sorts, self.wanted, role, self.twins))

    def _on_loaded(self) -> None:
        some = bool(self.model.items)
        self.splitter.setVisible(some)
        self.tabs.setVisible(some)
        self.nothing.setVisible(not some)
        self.undo_button.setVisible(bool(self.decided))
        if isinstance(self.card, ManyCard):
            return
        if self.model.place_of(self._current) < 0:
            self._current = self.model.items[0].id if some else ""
        self.choose(self._current, focus=False)

    # showing ------------------------------------------------------------------

    def choose(self, id: str, focus: bool = True) -> None:
        """Look at this one."""
        row = self.model.place_of(id)
        self._current = id
        if row < 0:
            self._put(None, "")
            return
        index = self.model.index(row)
        if self.list.currentIndex() != index:
            self.list.setCurrentIndex(index)  # which shows it
        else:
            self._show(self.model.items[row])
        if focus and self.card is not None:
            self.card.first.setFocus()

    def _on_row(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid() and index.row() < len(self.model.items):
            item = self.model.items[index.row()]
            self._current = item.id
            self._show(item)

    def _show(self, item: Item) -> None:
        if item.sort == "conflict":
            self.desk.runner.read(
                settle.look, item.id, then=self._show_conflict, owner=self, failed=self._gone
            )
        else:
            card = card_of(item, self.desk)
            if isinstance(card, EntityCard):
                card.decided.connect(lambda _view, *decided: self.decide(*decided))
            else:
                card.decided.connect(self.decide)
            if isinstance(card, QuarantineCard):
                card.accepted.connect(self.accept)
            self._put(card, item.sort)

    def _gone(self, _fault: object) -> None:
        """It was settled meanwhile: what follows is read by `load`."""

    def _show_conflict(self, view: ConflictView) -> None:
        if view.id != self._current or isinstance(self.card, ManyCard):
            return
        card = ConflictCard(view, self._names, self.desk)
        card.decided.connect(self.decide)
        self._put(card, "conflict")

    def _put(self, card: Any, sort: str) -> None:
        """Show a card; the keyboard stays in it if it was in the one before."""
        inside = self.card is not None and self.card.isAncestorOf(self.focusWidget() or self)
        empty(self.place)
        self.card = card
        if card is not None:
            self.place.addWidget(card)
            if inside and self.isVisible():
                card.first.setFocus()
        said = str(SAID[sort]) if sort else ""
        self.header.show_as(_("To settle"), said)

    # deciding -----------------------------------------------------------------

    def press(self, key: str) -> None:
        """A digit decides."""
        if self.card is not None:
            self.card.press(key)

    def open(self) -> None:
        """Open what is looked at."""
        if self.card is not None:
            self.card.open()

    def step(self, by: int) -> None:
        """The next one, or the one before."""
        rows = self.model.rowCount()
        if rows and not isinstance(self.card, ManyCard):
            self.choose(self.model.items[(self.list.currentIndex().row() + by) % rows].id)

    def decide(self, decision: Callable[[Any], object], words: str) -> None:
        """Carry out what a person decided; the one after it comes next."""
        ids = [item.id for item in self.model.items]
        at = self.model.place_of(self._current)
        after = ids[at + 1 :] + ids[:at]
        if isinstance(self.card, MergeCard):
            self.twins = tuple(item for item in self.twins if item.id != self._current)
        self.desk.runner.write(
            settle.done,
            decision,
            then=lambda tx: self._on_done(words, tx),
            owner=self,
        )
        self._current = after[0] if after else ""

    def _on_done(self, words: str, tx: str) -> None:
        if tx:
            self.decided.append(tx)
        self.desk.asker.tell(words, _("Undo") if tx else "", self.undo if tx else None)
        self._read()

    def accept(self, name: str) -> None:
        """Take over a bundle that was kept apart; Exchange can undo it as a whole."""
        self.desk.runner.job(
            accept_quarantined,
            name,
            then=self._on_accepted,
            owner=self,
            title=_("Taking over"),
        )

    def _on_accepted(self, done: bool) -> None:
        self._on_done(_("Taken over. Exchange can undo it.") if done else by_the_hub(), "")

    def undo(self) -> None:
        """Undo the last decision that was made here, one at a time: it may be of thousands."""
        if self.decided and not any(job.task is self._undoing for job in self.desk.runner.jobs):
            self._undoing = self.desk.runner.job(
                jobs.undo,
                self.decided[-1],
                then=self._on_undone,
                failed=self._on_not_undone,
                owner=self,
                title=_("Undoing"),
            )

    def _on_not_undone(self, fault: Fault) -> None:
        self.decided.pop()
        self.desk.asker.fault(fault)
        self._read()

    def _on_undone(self, title: str) -> None:
        self.decided.pop()
        self.desk.asker.tell(_("Undone: {title}").format(title=title))
        self.load()

    # many at once -------------------------------------------------------------

    def many(self) -> None:
        """Ask by which rule; the conflicts are those that the list shows."""
        if self.many_button.isHidden():
            return
        about = _("Conflicts: {which}").format(which=self.only.currentText())
        card = ManyCard(self.desk, self.wanted, about)
        card.agreed.connect(self.settle_many)
        card.left.connect(self._leave_many)
        self._put(card, "conflict")
        card.first.setFocus()

    def _leave_many(self) -> None:
        self._put(None, "")
        self._read()

    def settle_many(self, rule: Rule, wanted: Wanted) -> None:
        """Answer all that the rule answers: one transaction, undone as a whole."""
        self._put(None, "")
        self.desk.runner.job(
            jobs.settle_many,
            rule,
            wanted,
            self.desk.account.role,
            then=self._on_many,
            owner=self,
            title=_("Settling conflicts"),
        )

    def _on_many(self, done: tuple[int, str]) -> None:
        n, tx = done
        words = ngettext("{n} conflict was settled.", "{n} conflicts were settled.", n)
        self._on_done(words.format(n=n), tx)
