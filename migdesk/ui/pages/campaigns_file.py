"""One campaign on the whole page: progress, sample, quality, double entry, its own fields."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from migdesk.i18n import _
from migdesk.models.store import Changes
from migdesk.services import records
from migdesk.services.campaign_papers import period_words
from migdesk.services.views import View
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.form import RecordForm
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.recordview.tabs import FlatTabs
from migdesk.ui.widgets import Badge, Button, PageHeader

from .campaigns_entry import EntryPart
from .campaigns_progress import ProgressPart
from .campaigns_quality import QualityPart
from .campaigns_sample import SamplePart

TONES = {"running": "accent", "closed": "done", "prepared": "waiting"}
COUNTED = ("submission", "campaign", "campaign_target", "survey_unit", "place", "account")


class FieldsPart(QWidget):
    """The campaign's own fields and its targets. `saved(id)`."""

    saved = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.form: RecordForm | None = None
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)

    def load(self, id: str | None, values: dict[str, Any] | None = None) -> None:
        """Show the fields of a campaign, or of a new one."""
        self.leave()
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
        self.form = RecordForm(self.desk, "campaign", id, values or {})
        self.form.saved.connect(self.saved.emit)
        self.box.addWidget(self.form)
        self.form.load()

    def leave(self) -> None:
        """Keep what is being typed as a draft."""
        if self.form is not None:
            self.form.keep_draft()


class CampaignFile(QWidget):
    """`show_campaign(id)`, `show_new()`; `closed` when the person goes back to the list."""

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.id = ""
        self._stale: set[str] = set()
        self._build_parts()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(self._build_head())
        box.addWidget(self.tabs)
        box.addWidget(self.stack, 1)
        shortcut("Alt+Left", self, self.closed.emit)

    def _build_head(self) -> QHBoxLayout:
        self.badge = Badge()
        back = Button("‹", self.closed.emit)
        back.setAccessibleName(_("Back to the campaigns"))
        back.setToolTip(_("Back to the campaigns"))
        self.print_button = Button(_("Print"), self.print)
        self.print_button.setAccessibleName(_("Print the progress"))
        self.print_button.setToolTip(_("Print the progress"))
        self.fill_button = Button(_("Fill a questionnaire"), self.fill)
        tools = [self.badge, self.print_button, self.fill_button]
        self.header = PageHeader("", "", tools)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.header, 1)
        return line

    def _build_parts(self) -> None:
        self.tabs = FlatTabs()
        self.stack = QStackedWidget()
        self.progress = ProgressPart(self.desk)
        self.sample = SamplePart(self.desk)
        self.quality = QualityPart(self.desk)
        self.entry = EntryPart(self.desk)
        self.fields = FieldsPart(self.desk)
        self.fields.saved.connect(self._on_saved)
        self.parts: dict[str, QWidget] = {
            "progress": self.progress,
            "sample": self.sample,
            "quality": self.quality,
            "entry": self.entry,
            "fields": self.fields,
        }
        names = (_("Progress"), _("Sample"), _("Quality"), _("Double entry"), _("Campaign"))
        for (key, part), words in zip(self.parts.items(), names, strict=True):
            self.stack.addWidget(part)
            self.tabs.add(key, words)
        self.tabs.changed.connect(self._on_tab)

    # showing ------------------------------------------------------------------------

    def show_campaign(self, id: str, tab: str = "") -> None:
        """Show a stored campaign, at a tab of it."""
        self.id = id
        self._stale = set(self.parts)
        self.tabs.show()
        for tool in (self.badge, self.print_button, self.fill_button):
            tool.show()
        self._read_head()
        if tab and tab != self.tabs.current:
            self.tabs.select(tab)
        else:
            self._on_tab(self.tabs.current)

    def show_new(self) -> None:
        """Show an empty campaign."""
        self.id = ""
        self.header.show_as(_("New campaign"), "")
        for tool in (self.badge, self.print_button, self.fill_button, self.tabs):
            tool.hide()
        self.stack.setCurrentWidget(self.fields)
        self.fields.load(None)
        if self.fields.form is not None:
            self.fields.form.focus_first()

    def show_paper(self, paper: View) -> None:
        """Show a paper of this campaign."""
        self.entry.show_paper(paper)

    def _on_saved(self, id: str) -> None:
        if id != self.id:
            self.show_campaign(id, "fields")

    def _read_head(self) -> None:
        self.desk.runner.read(
            records.get, "campaign", self.id, then=self._show_head, owner=self
        )

    def _show_head(self, view: View) -> None:
        if view.id != self.id:
            return
        shown = view.shown
        parts = (view.code, shown["questionnaire"], period_words(view), shown["places"])
        self.header.show_as(view.title, " · ".join(filter(None, parts)))
        self.badge.show_as(shown["state"], TONES.get(str(view.values["state"]), ""))
        questionnaire = str(view.values["questionnaire"] or "")
        self.sample.questionnaire = self.entry.questionnaire = questionnaire
        self.fill_button.setEnabled(bool(questionnaire))

    def _on_tab(self, name: str) -> None:
        if name not in self.parts or not self.id:
            return
        part = self.parts[name]
        self.stack.setCurrentWidget(part)
        if name in self._stale:
            self._stale.discard(name)
            part.load(self.id)  # type: ignore[attr-defined]

    def on_changed(self, changes: Changes) -> None:
        """Read again what may have changed, once it is looked at."""
        if not self.id:
            return
        if changes.touches("campaign"):
            self._read_head()
        self.entry.on_changed(changes)
        self.sample.on_changed(changes)
        if changes.touches(*COUNTED):
            self._stale |= {"progress", "quality"}
            if self.tabs.current == "progress" and self.isVisible():
                self._on_tab("progress")

    def leave(self) -> None:
        """Keep drafts."""
        self.fields.leave()

    # doing --------------------------------------------------------------------------

    def fill(self) -> None:
        """Fill the questionnaire for this campaign."""
        self.desk.go(
            "questionnaires",
            questionnaire=self.sample.questionnaire,
            kind="campaign",
            id=self.id,
        )

    def print(self) -> None:
        """Preview the progress on paper."""
        self.desk.print("campaign-progress", id=self.id)
