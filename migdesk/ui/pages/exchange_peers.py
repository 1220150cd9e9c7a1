"""This computer's key, and the computers that we trust."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from migdesk.errors import Fault, Mistake
from migdesk.i18n import _
from migdesk.jobs import exchange as jobs
from migdesk.models.dates import show_moment
from migdesk.services import exchange
from migdesk.services.exchange import CardView, PeerView
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Card, empty, label, set_property

from .pieces import filled, flowing, key_button

PER_LINE = 3


class KeyCard(Card):
    """The public card of this computer: to show, to print, to send; it is no secret."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("This computer"))
        self.desk = desk
        self.folder: Path | None = None
        self.card = CardView("", "", "")
        self.device_name = label("", "muted", wrap=True)
        self.fingerprint = label("", "recovery")
        self.fingerprint.setAccessibleName(_("Key of this computer"))
        hint = _("Read this key to the other office, by telephone or face to face.")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(_("Card of this computer"))
        self.text.setFixedHeight(6 * self.fontMetrics().lineSpacing() + 16)
        self.copy_button = key_button(_("Copy the card"), self.copy)
        self.print_button = key_button(_("Print the card"), self._print)
        self.put_button = key_button(_("Put it in the folder"), self.put)
        for part in (
            self.device_name,
            self.fingerprint,
            label(hint, "muted", wrap=True),
            self.text,
        ):
            self.body.addWidget(part)
        self.body.addLayout(flowing(self.copy_button, self.print_button))
        self.body.addLayout(flowing(self.put_button))

    def load(self) -> None:
        """Read the card; the first time, the keys are made."""
        self.put_button.setEnabled(self.folder is not None)
        self.desk.runner.read(exchange.my_card, then=self._on_card, owner=self)

    def _on_card(self, card: CardView) -> None:
        if not card.text:
            self.desk.runner.write(exchange.make_card, then=self._on_card, owner=self)
            return
        self.card = card
        self.device_name.setText(card.name)
        self.text.setPlainText(card.text)
        groups = card.fingerprint.replace("-", " ").split()
        lines = (groups[n : n + PER_LINE] for n in range(0, len(groups), PER_LINE))
        self.fingerprint.setText("\n".join("  ".join(line) for line in lines))

    def copy(self) -> None:
        """The full card, to be pasted elsewhere."""
        QGuiApplication.clipboard().setText(self.card.text)
        self.desk.asker.tell(_("The card is copied. It holds no secret and may be sent."))

    def _print(self) -> None:
        self.desk.print("pairing-card")

    def put(self) -> None:
        """Put the card in the folder: the other computer then needs the short key only."""
        if self.folder is not None:
            self.desk.runner.job(
                jobs.publish_card,
                self.folder,
                then=lambda _name: self.desk.asker.tell(
                    _("The card lies in the folder. Read the key to the other office.")
                ),
                owner=self,
                title=_("Writing the card"),
            )


class PeersCard(Card):
    """Paired computers, and a line to pair one more."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Paired computers"))
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

    def load(self) -> None:
        """Read who is paired."""
        self.desk.runner.read(exchange.peers, then=self._on_peers, owner=self)

    def _on_peers(self, found: tuple[PeerView, ...]) -> None:
        self.found = found
        empty(self.list.body)
        if not found:
            words = _(
                "None yet. Bundles are written for paired computers only: pair the computer of "
                "the other office, here and there."
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
