"""Bundles that were refused: from whom, when, why, and what to do about each."""

from __future__ import annotations

from functools import partial

from migdesk.i18n import _
from migdesk.models.dates import show_moment
from migdesk.services import exchange
from migdesk.services.exchange import RefusedView
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Badge, Card, empty, label

from .pieces import filled, flowing, key_button


class RefusedCard(Card):
    """One paragraph for each bundle; nothing of it was taken over."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Bundles refused"))
        self.desk = desk
        self.hide()

    def show_bundles(self, found: tuple[RefusedView, ...]) -> None:
        """List these instead."""
        empty(self.body)
        for bundle in found:
            who = bundle.sender or _("From an unknown computer")
            head = label(" · ".join((who, show_moment(bundle.at))), "strong", wrap=True)
            self.body.addLayout(filled(head, Badge(_("refused"), "late")))
            self.body.addWidget(label(bundle.why, wrap=True))
            named = _("File: {name} ({code})").format(name=bundle.name, code=bundle.code)
            self.body.addWidget(label(named, "caption", wrap=True))
            again = key_button(_("Try again in Exchange"), lambda: self.desk.go("exchange"))
            aside = key_button(_("Take off this list"), partial(self._forget, bundle.name))
            aside.setToolTip(_("If the file is still in the folder, the next import lists it."))
            self.body.addLayout(flowing(again, aside))
            self.body.addSpacing(8)
        self.setVisible(bool(found))

    def _forget(self, name: str) -> None:
        self.desk.runner.write(exchange.forget_refused, name)
