"""The retention calendar: files whose time is over, erased after a question."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from migdesk.i18n import _, ngettext
from migdesk.models import RECORDS
from migdesk.models.dates import show_fuzzy
from migdesk.models.store import Changes
from migdesk.services import retention
from migdesk.services.retention import Due
from migdesk.ui.desk import Desk, Page
from migdesk.ui.widgets import Button, FlowRow, label

from .erase import may_erase

PLACE = Qt.ItemDataRole.UserRole


class CalendarPage(Page):
    """What is due today; nothing is chosen until somebody chooses it."""

    name = "calendar"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        box = QVBoxLayout(self)
        box.setSpacing(12)
        self.words = label("", "muted", wrap=True)
        box.addWidget(self.words)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Files whose time is over (space chooses)"))
        self.list.itemChanged.connect(lambda _item: self._count())
        self.list.itemActivated.connect(self._open)
        box.addWidget(self.list, 1)
        self.erase_button = Button(_("Erase for good…"), self.erase, role="danger")
        self.print_button = Button(_("Print the calendar"), self.print)
        box.addLayout(FlowRow(self.erase_button, self.print_button))

    def load(self) -> None:
        self.desk.runner.read(retention.calendar, then=self._show, owner=self)

    def on_changed(self, changes: Changes) -> None:
        if changes.touches("retention", "person", "case", "visit", "authorisation"):
            self.load()

    def _show(self, found: tuple[Due, ...]) -> None:
        self.list.clear()
        for due in found:
            about = RECORDS[due.view.kind]
            then = RECORDS["retention"]["action"].kind.show(due.period.action)
            parts = (due.view.code, due.view.title, about.label, show_fuzzy(due.since), then)
            item = QListWidgetItem(" · ".join(str(part) for part in parts if part))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(PLACE, (due.view.kind, due.view.id))
            self.list.addItem(item)
        words = ngettext(
            "{n} file has been kept for as long as the office said.",
            "{n} files have been kept for as long as the office said.",
            len(found),
        )
        none = _("Nothing is due. What the office keeps how long is under Retention periods.")
        self.words.setText(words.format(n=len(found)) if found else none)
        self._count()

    def chosen(self) -> list[tuple[str, str]]:
        """Kind and id of what is ticked."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return [
            tuple(item.data(PLACE))
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        ]

    def _count(self) -> None:
        self.erase_button.setEnabled(bool(self.chosen()) and may_erase(self.desk))

    def _open(self, item: QListWidgetItem) -> None:
        kind, id = item.data(PLACE)
        self.desk.open(kind, id)

    def print(self) -> None:
        """The calendar on paper."""
        self.desk.print("retention-calendar")

    def erase(self) -> None:
        """After a question: what is ticked goes for ever, and the report is shown."""
        chosen = self.chosen()
        text = ngettext(
            "{n} file with all that belongs to it goes for ever, on every computer.",
            "{n} files with all that belongs to them go for ever, on every computer.",
            len(chosen),
        ).format(n=len(chosen))
        if self.desk.asker.confirm(_("Erase for good?"), text, _("Erase for good")):
            self.desk.runner.write(
                retention.destroy, chosen, then=self._destroyed, owner=self
            )

    def _destroyed(self, report: str) -> None:
        self.desk.print("destruction-report", id=report)
        self.load()
