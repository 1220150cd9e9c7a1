"""Exchange: where it stands, a round now, what came; the computers that we trust."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from migdesk.i18n import _
from migdesk.jobs import exchange as jobs
from migdesk.jobs.exchange import BundleView, Exchanged, ExportResult, ImportResult
from migdesk.models.dates import show_moment
from migdesk.models.store import Changes
from migdesk.services.bundles import ExchangeStatus
from migdesk.settings import EXCHANGE_FOLDER
from migdesk.sync.stores import Folder
from migdesk.ui.desk import Desk, Page
from migdesk.ui.widgets import Card, ElidedLabel, PageHeader, label, set_property

from .exchange_bundles import BundlesCard, ResultCard
from .exchange_peers import PeersCard
from .exchange_places import PlacesCard
from .exchange_status import CameCard, ComputersCard, StandingCard, WentCard
from .exchange_sticks import SticksCard
from .pieces import Columns, body_of, filled, flowing, key_button, stacked


class ExchangePage(Page):
    """Left: what waits, the ways, what came. Right: the computers, and other offices."""

    name = "exchange"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.header = PageHeader(_("Exchange"))
        self.standing = StandingCard(desk)
        self.came = CameCard(desk)
        self.went = WentCard(desk)
        self.computers = ComputersCard(desk)
        self.result = ResultCard(desk)
        self.bundles = BundlesCard(self.take)
        self.sticks = SticksCard(desk)
        self.places = PlacesCard(desk)
        self.peers = PeersCard(desk)
        box = body_of(self)
        box.addWidget(self.header)
        self.way = self._make_folder()
        above = self.standing, self.sticks, self.way, self.result, self.bundles
        left = stacked(*above, self.places, self.came, self.went)
        self.places.opened.connect(self._on_place)
        right = stacked(self.computers, self.peers)
        box.addWidget(Columns((left, 3), (right, 2)))
        box.addStretch(1)

    def _on_place(self, opened: bool) -> None:
        """The form of a place has the page for itself."""
        for card in (self.standing, self.way):
            card.setVisible(not opened)
        if opened:
            self.bundles.hide()
            self.result.hide()

    def _make_folder(self) -> Card:
        card = Card(_("Through a folder"))
        self.folder_words = ElidedLabel("", "strong")
        hint = _(
            "A USB stick, a shared folder, or any folder that travels. Bundles are sealed: "
            "only computers that we trust can read them."
        )
        self.now_button = key_button(_("Exchange now"), self.exchange, role="primary")
        self.look_button = key_button(_("See what came"), self.look)
        self.export_button = key_button(_("Only export"), self.export)
        self.choose_button = key_button(_("Choose the folder…"), self.choose)
        card.body.addLayout(filled(self.folder_words, self.choose_button))
        card.body.addWidget(label(hint, "muted", wrap=True))
        self.ways = (self.now_button, self.look_button, self.export_button)
        card.body.addLayout(flowing(*self.ways))
        return card

    @property
    def folder(self) -> Path | None:
        """The folder chosen, None before that."""
        held = self.desk.settings.get(EXCHANGE_FOLDER)
        return Path(held) if held else None

    def load(self) -> None:
        self._show_folder()
        self.peers.load()
        self.places.load()
        self.sticks.load()
        self._read_status()

    def _read_status(self) -> None:
        self.standing.load(self._on_status)
        self.went.load()

    def on_changed(self, changes: Changes) -> None:
        if not self.isVisible():
            return
        self._read_status()
        if changes.everything or changes.touches("exchange"):
            self.peers.load()
            self.places.load()

    def _on_status(self, found: ExchangeStatus) -> None:
        last = _("Last exchange: {moment}").format(moment=show_moment(found.last))
        words = last if found.last else _("Nothing was exchanged yet")
        self.header.show_as(_("Exchange"), words)
        for card in (self.computers, self.came):
            card.show_status(found)

    def _show_folder(self) -> None:
        folder = self.folder
        # Isolated: a path reads from left to right in every language.
        path = f"\u2066{folder}\u2069" if folder else _("No folder is chosen yet.")
        self.folder_words.setText(path)
        for way in self.ways:
            way.setVisible(folder is not None)
        set_property(self.choose_button, "role", "" if folder else "primary")
        self.peers.folder = folder

    def choose(self) -> None:
        """Choose the folder, remembered on this computer."""
        folder = self.desk.asker.folder(_("Folder of the exchange"))
        if folder is not None:
            self.desk.settings.set(EXCHANGE_FOLDER, str(folder))
            self.bundles.hide()
            self._lead(importing=False)
            self._show_folder()

    def exchange(self) -> None:
        """A whole round through the folder: take over, put out, clean."""
        folder = self.folder
        if folder is not None:
            self.desk.runner.job(
                jobs.exchange,
                Folder(str(folder)),
                then=self._on_exchanged,
                owner=self,
                title=_("Exchanging"),
            )

    def _on_exchanged(self, done: Exchanged) -> None:
        self.bundles.hide()
        self._lead(importing=False)
        self.result.tell_round(done)
        self.load()

    def export(self) -> None:
        """Write what others have not been sent."""
        folder = self.folder
        if folder is not None:
            self.desk.runner.job(
                jobs.export_bundle,
                folder,
                then=self._on_exported,
                owner=self,
                title=_("Exporting"),
            )

    def _on_exported(self, done: ExportResult) -> None:
        self.result.tell_export(done)
        self.load()

    def look(self) -> None:
        """What an import would do; nothing is written."""
        folder = self.folder
        if folder is not None:
            self.desk.runner.job(
                jobs.preview_bundles,
                folder,
                then=self._on_looked,
                owner=self,
                title=_("Looking through the folder"),
            )

    def _on_looked(self, found: tuple[BundleView, ...]) -> None:
        self.bundles.show_bundles(found)
        waits = self.bundles.take_button.isEnabled()
        self._lead(importing=waits)
        if waits:
            self.bundles.take_button.setFocus()

    def _lead(self, importing: bool) -> None:
        """One main thing to do: import what waits, else export."""
        set_property(self.now_button, "role", "" if importing else "primary")

    def take(self) -> None:
        """Take over what came, each bundle whole or not at all."""
        folder = self.folder
        if folder is not None:
            self.desk.runner.job(
                jobs.import_bundles,
                folder,
                then=self._on_imported,
                owner=self,
                title=_("Importing"),
            )

    def _on_imported(self, done: ImportResult) -> None:
        self.bundles.hide()
        self._lead(importing=False)
        self.result.tell_import(done)
        self.load()
