"""What was filled: by state of the review, approved one by one or many at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout

from migdesk.i18n import N_, _, ngettext
from migdesk.models.kinds.choices import vocabulary
from migdesk.models.store import Changes
from migdesk.services import review
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.list import RecordTable
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import Button, Card, Tabs

ANY = ""


class FilledCard(Card):
    """`read_asked(submission)` on Enter or a double click; `begin_asked` where there is
    nothing and somebody wants to fill the first. `counted(n)`: how many wait for the review
    of the person logged in."""

    read_asked = Signal(str)
    begin_asked = Signal()
    counted = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.states = (ANY, *review.STATES)
        self.tabs = Tabs([_("All"), *("" for _state in review.STATES)])
        self.tabs.setAccessibleName(_("State of the review"))
        self.approve_button = Button(_("Approve"), self.approve, key="A")
        self.approve_button.setVisible(review.may_review(desk.account.role))
        self.table = RecordTable(
            desk,
            "submission",
            purpose=N_("Finished questionnaires come here."),
            begin=N_("Choose “Fill” beside a questionnaire."),
            new_words=N_("Fill a questionnaire"),
        )
        self.table.new_button.hide()
        self.table.new_asked.connect(self.begin_asked)
        self.table.opened.connect(self.read_asked)
        row = QHBoxLayout()
        row.addWidget(self.tabs, 1)
        row.addWidget(self.approve_button)
        self.body.addLayout(row)
        self.body.addWidget(self.table)
        self.tabs.currentChanged.connect(self._turn)
        self.table.filters.changed.connect(self._follow)
        self.table.table.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        self.table.model.modelReset.connect(self._allow)
        shortcut("A", self.table.table, self.approve)
        self._show_counts(dict.fromkeys(review.STATES, 0))
        self._allow()

    def load(self) -> None:
        """Read the list and the figures."""
        self.table.load()
        self._count()

    def on_changed(self, changes: Changes) -> None:
        """Something was written."""
        self.table.on_changed(changes)
        if changes.touches("submission"):
            self._count()

    def _count(self) -> None:
        self.desk.runner.read(review.counts, then=self._show_counts, owner=self)

    def _show_counts(self, counts: dict[str, int]) -> None:
        names = vocabulary("review_states")
        for place, state in enumerate(review.STATES, 1):
            n = counts[state]
            name = names.label_of(state)
            self.tabs.setTabText(place, f"{name} · {n}" if n else name)
        judges = review.may_review(self.desk.account.role)
        self.counted.emit(counts[review.RECEIVED] if judges else 0)

    def _turn(self, place: int) -> None:
        """Only those in one state."""
        state = self.states[place]
        if state:
            self.table.filters.set("state", state)
        else:
            self.table.filters.drop("state")

    def _follow(self) -> None:
        """A filter was taken away or chosen elsewhere."""
        state = self.table.filters.filters.get("state", ANY)
        with QSignalBlocker(self.tabs):
            self.tabs.setCurrentIndex(self.states.index(state) if state in self.states else 0)

    def _waiting(self) -> dict[str, str]:
        """Of the selected rows those that are not approved, with the copy shown."""
        wanted = set(self.table.selected())
        return {
            row.id: str(row.values["instance"] or "")
            for row in self.table.model.rows
            if row.id in wanted and row.values["state"] != review.APPROVED
        }

    def _allow(self) -> None:
        self.approve_button.setEnabled(bool(self._waiting()) and not self.table.in_bin)

    def approve(self) -> None:
        """Approve what is selected, all at once."""
        seen = self._waiting()
        if seen and self.approve_button.isVisible() and not self.table.in_bin:
            self.desk.runner.write(review.approve, seen, then=self._on_approved, owner=self)

    def _on_approved(self, before: dict[str, str]) -> None:
        n = len(before)
        words = ngettext(
            "{n} questionnaire approved.", "{n} questionnaires approved.", n
        ).format(n=n)
        undo = partial(self.desk.runner.write, review.take_back, before)
        self.desk.asker.tell(words, _("Undo"), undo)
