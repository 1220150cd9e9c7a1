"""Which submissions a page is about: a period, a place, a campaign, a state of review."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from migdesk import codelists
from migdesk.i18n import N_, Text, _
from migdesk.models import RECORDS, Field
from migdesk.models.kinds import BadValue
from migdesk.services import records
from migdesk.services.answers import Limits
from migdesk.services.records import Page, Query
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.edit_dates import DateEditor
from migdesk.ui.recordview.edit_links import Finder, LinkEditor
from migdesk.ui.recordview.parts import FlowLayout
from migdesk.ui.recordview.suggest import Option
from migdesk.ui.theme import px
from migdesk.ui.widgets import label


class _Known(Finder):
    """Finds records, and makes none: here one only looks."""

    def _create(self, text: str, known: object) -> list[Option]:
        return []


def _field(kind: str, name: str, words: Text) -> Field:
    return replace(RECORDS[kind][name], label=words, required=False, readonly=False, hint=None)


class LimitsBar(QWidget):
    """`changed` when a person narrowed or widened; `limits` are those in force."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._last = Limits()
        self.since = DateEditor(desk, _field("case", "opened", N_("Finished from")))
        self.until = DateEditor(desk, _field("case", "opened", N_("until")))
        self.place = LinkEditor(desk, _field("submission", "place", N_("Place")))
        self.place.finder = _Known(self.place, desk, "place")
        self.campaign = QComboBox()
        self.campaign.setAccessibleName(_("Campaign"))
        self.campaign.addItem(_("All campaigns"), "")
        self.state = QComboBox()
        self.state.setAccessibleName(_("Review"))
        self.state.addItem(_("All states"), "")
        for item in codelists.get("review_states"):
            self.state.addItem(item.label(), item.code)
        self.flow = FlowLayout(self, gap=12)
        for part, words, width in (
            (self.since, _("Finished from"), 150),
            (self.until, _("until"), 150),
            (self.place, _("Place"), 210),
            (self.campaign, _("Campaign"), 190),
            (self.state, _("Review"), 150),
        ):
            part.setFixedWidth(px(width))
            self.flow.addWidget(_under(words, part))
        for editor in (self.since, self.until, self.place):
            editor.left.connect(self._tell)
            editor.changed.connect(self._on_typed)
        for choice in (self.campaign, self.state):
            choice.activated.connect(lambda _row: self._tell())

    def load(self) -> None:
        """Read the campaigns that there are."""
        self.desk.runner.read(
            records.list_page, "campaign", Query(), "", 200, then=self._fill, owner=self
        )

    def _fill(self, page: Page) -> None:
        chosen = self.campaign.currentData()
        self.campaign.clear()
        self.campaign.addItem(_("All campaigns"), "")
        for row in page.rows:
            self.campaign.addItem(row.title, row.id)
        self.campaign.setCurrentIndex(max(self.campaign.findData(chosen), 0))

    def limits(self) -> Limits:
        """What is typed; what cannot be read does not limit."""
        return Limits(
            since=self._value(self.since),
            until=self._value(self.until),
            place=self._value(self.place),
            campaign=str(self.campaign.currentData() or ""),
            state=str(self.state.currentData() or ""),
        )

    @staticmethod
    def _value(editor: DateEditor | LinkEditor) -> str:
        try:
            return str(editor.value() or "")
        except BadValue as wrong:
            editor.set_wrong(str(wrong))
            return ""

    def words(self) -> list[tuple[str, str]]:
        """The limits in force for a person to read: (what, value)."""
        shown = (
            (_("Finished from"), self.since.line.text()),
            (_("until"), self.until.line.text()),
            (_("Place"), self.place.line.text()),
            (_("Campaign"), self.campaign.currentText() if self.campaign.currentData() else ""),
            (_("Review"), self.state.currentText() if self.state.currentData() else ""),
        )
        return [(name, text.strip()) for name, text in shown if text.strip()]

    def _on_typed(self) -> None:
        """A calendar or a list gave a whole value at once; typing is heard at its end."""
        if not any(e.line.hasFocus() and e.line.isModified() for e in (self.since, self.until)):
            self._tell()

    def _tell(self) -> None:
        now = self.limits()
        if now != self._last:
            self._last = now
            self.changed.emit()


def _under(words: str, part: QWidget) -> QWidget:
    """A field under its name."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    name = label(words, "caption")
    name.setBuddy(part)
    column.addWidget(name)
    row = QHBoxLayout()
    row.addWidget(part)
    column.addLayout(row)
    return made
