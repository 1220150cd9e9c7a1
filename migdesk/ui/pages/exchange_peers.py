"""Computers of other offices that we trust: paired by their card or their short key."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from migdesk.errors import Fault, Mistake
from migdesk.i18n import _
from migdesk.jobs import exchange as jobs
from migdesk.models.dates import show_moment
from migdesk.services import exchange
from migdesk.services.exchange import PeerView
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Card, empty, label, set_property

from .pieces import filled, flowing, key_button


class PeersCard(Card):
    """Paired computers, and a line to pair one more."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Other offices"))
        self.desk = desk
        self.folder: Path | None = None
        self.found: tuple[PeerView, ...] = ()
        self.line = QLineEdit()
        self.line.setAccessibleName(_("Card or key of the other computer"))
        self.line.setPlaceholderText(_("Paste its card, or type its key"))
        self.line.returnPressed.connect(self.pair)
        self.line.textEdited.connect(lambda _text: self._say(""))
        self.words = label("", "error", wrap=True)
        self.words.hide()
        self.pair_button = key_button(_("Pair"), self.pair)
        self.list = Card()
        self.list.setProperty("role", "")
        self.list.setContentsMargins(-16, -14, -16, -14)
        self.body.addWidget(self.list)
        self.body.addLayout(filled(self.line, self.pair_button))
        self.body.addWidget(self.words)
        hint = _(
            "The key has 24 characters and works for a card that lies in the folder; a whole "
            "card begins with MIGDESK1."
        )
        self.body.addWidget(label(hint, "caption", wrap=True))
        go = partial(desk.go, "devices")
        self.own_button = key_button(_("The card of this computer"), go, role="link")
        self.body.addLayout(flowing(self.own_button))

    def load(self) -> None:
        """Read who is paired."""
        self.desk.runner.read(exchange.peers, then=self._on_peers, owner=self)

    def _on_peers(self, found: tuple[PeerView, ...]) -> None:
        self.found = found
        empty(self.list.body)
        if not found:
            words = _(
                "Computers of this office are enrolled under Devices. To exchange with another "
                "office, pair a computer of theirs here, and this one there."
            )
            self.list.body.addWidget(label(words, "muted", wrap=True))
        for peer in found:
            self._add(peer)

    def _add(self, peer: PeerView) -> None:
        away = key_button(_("Unpair"), partial(self.unpair, peer), role="link")
        away.setAccessibleName(_("Unpair {name}").format(name=peer.name))
        self.list.body.addLayout(filled(label(peer.name, "strong", wrap=True), away))
        heard = (
            _("last heard {moment}").format(moment=show_moment(peer.heard))
            if peer.heard
            else _("not heard yet")
        )
        state = _("has been sent everything") if peer.sent_all else _("changes wait for it")
        self.list.body.addWidget(label(f"{heard} · {state}", "muted", wrap=True))
        self.list.body.addWidget(label(peer.fingerprint, "caption", wrap=True))

    def pair(self) -> None:
        """Trust the computer whose card or key was typed."""
        typed = self.line.text().strip()
        if not typed:
            return
        if "MIGDESK" in typed.upper():
            self.desk.runner.write(
                exchange.pair, typed, then=self._on_paired, owner=self, failed=self._on_failed
            )
        elif self.folder is None:
            self._say(_("Choose the folder first: the short key finds a card in it."))
        else:
            self.desk.runner.job(
                jobs.pair_by_key,
                self.folder,
                typed,
                then=self._on_paired,
                owner=self,
                failed=self._on_failed,
                title=_("Looking for the card"),
            )

    def _on_paired(self, peer: PeerView) -> None:
        self.line.clear()
        self._say("")
        self.desk.asker.tell(
            _("Paired with {name}. Pair this computer there as well.").format(name=peer.name)
        )
        self.load()

    def _on_failed(self, fault: Fault) -> None:
        if isinstance(fault, Mistake):
            self._say(fault.words)
            self.line.setFocus()
        else:
            self.desk.asker.fault(fault)

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        set_property(self.line, "wrong", bool(words))

    def unpair(self, peer: PeerView) -> None:
        """Trust it no more, once a person has said so."""
        sure = self.desk.asker.confirm(
            _("Unpair {name}?").format(name=peer.name),
            _(
                "Later bundles will not be readable there, and those of that computer will be "
                "refused. What was exchanged stays."
            ),
            _("Unpair"),
        )
        if sure:
            self.desk.runner.write(
                exchange.unpair, peer.device, then=lambda _done: self.load(), owner=self
            )
