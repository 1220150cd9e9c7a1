"""Campaigns: all of them, the visits of the person logged in, and one campaign at a time."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from migdesk.i18n import N_, _, ngettext
from migdesk.models.store import Changes
from migdesk.services import campaign_bin, records
from migdesk.services.campaign_bin import Hanging
from migdesk.services.views import View
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.linked import counts_label
from migdesk.ui.recordview.list import RecordTable
from migdesk.ui.recordview.tabs import FlatTabs
from migdesk.ui.widgets import PageHeader

from .campaigns_file import CampaignFile
from .campaigns_visits import VisitsPart


class CampaignTable(RecordTable):
    """All campaigns. What hangs on one is told before it is deleted."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            "campaign",
            purpose=N_("A campaign asks one questionnaire in some places during some weeks."),
            begin=N_("Begin with its questionnaire, its places, its period and its targets."),
            new_words=N_("New campaign"),
        )

    def delete(self) -> None:
        ids = self.selected()
        if self.in_bin or not ids or not self.writes:
            super().delete()
            return
        asked = partial(self._ask_first, ids)
        self.desk.runner.read(campaign_bin.hanging, ids, then=asked, owner=self)

    def _ask_first(self, ids: list[str], hanging: Hanging) -> None:
        title = ngettext("Delete {n} campaign?", "Delete {n} campaigns?", len(ids))
        words = hanging.words()
        if ids != self.selected():
            return  # another row was chosen meanwhile
        if not words or self.desk.asker.confirm(title.format(n=len(ids)), words, _("Delete")):
            super().delete()


class CampaignsPage(Page):
    """The list and my visits as tabs; a campaign covers both. An enumerator begins with
    the visits."""

    name: ClassVar[str] = "campaigns"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setProperty("role", "page")
        self.tabs = FlatTabs()
        self.tabs.add("campaigns", _("Campaigns"))
        self.tabs.add("visits", _("My visits"))
        self.tabs.changed.connect(self._on_tab)
        self.list = CampaignTable(desk)
        self.list.opened.connect(self.show_campaign)
        self.list.new_asked.connect(self.new_campaign)
        self.visits = VisitsPart(desk)
        self.visits.counted.connect(self._on_counted)
        self.views = QStackedWidget()
        self.views.addWidget(self.list)
        self.views.addWidget(self.visits)
        self.all = QWidget()
        inside = QVBoxLayout(self.all)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(PageHeader(_("Campaigns")))
        inside.addWidget(self.tabs)
        inside.addWidget(self.views, 1)
        self.file = CampaignFile(desk)
        self.file.closed.connect(self._on_closed)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.all)
        self.stack.addWidget(self.file)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 16)
        box.addWidget(self.stack)
        if desk.account.role == "enumerator":
            self.tabs.select("visits")

    def _on_tab(self, name: str) -> None:
        self.views.setCurrentWidget(self.visits if name == "visits" else self.list)

    def _on_counted(self, n: int) -> None:
        self.tabs.rename("visits", counts_label(_("My visits"), n))

    def load(self) -> None:
        if self.stack.currentWidget() is self.all:
            self.list.load()
            self.visits.load()
        elif self.file.id:
            self.file.show_campaign(self.file.id)

    def arrive(self, **args: Any) -> None:
        """``kind=…, id=…``: a campaign, or a unit, a draw or a paper of one;
        ``visits=True``: my visits."""
        kind, id = str(args.get("kind") or ""), str(args.get("id") or "")
        if args.get("visits"):
            self._on_closed()
            self.tabs.select("visits")
        elif kind == "campaign" and id:
            self.show_campaign(id)
        elif kind and id:
            self.desk.runner.read(records.get, kind, id, then=self._arrived, owner=self)

    def _arrived(self, view: View) -> None:
        campaign = str(view.values.get("campaign") or "")
        if not campaign:
            return
        tab = "entry" if view.kind == "paper_copy" else "sample"
        self.show_campaign(campaign, tab)
        if view.kind == "paper_copy":
            self.file.show_paper(view)

    def show_campaign(self, id: str, tab: str = "") -> None:
        """Show one campaign on the whole page."""
        self.stack.setCurrentWidget(self.file)
        self.file.show_campaign(id, tab)

    def new_campaign(self) -> None:
        """Show an empty campaign."""
        self.stack.setCurrentWidget(self.file)
        self.file.show_new()

    def _on_closed(self) -> None:
        self.file.leave()
        self.stack.setCurrentWidget(self.all)
        self.list.load()
        self.visits.load()

    def on_changed(self, changes: Changes) -> None:
        self.list.on_changed(changes)
        self.visits.on_changed(changes)
        self.file.on_changed(changes)

    def leave(self) -> None:
        self.file.leave()
