"""Erase a record for good: what goes, what nobody can promise, who has confirmed."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from migdesk.i18n import N_, _, ngettext
from migdesk.models import RECORDS
from migdesk.models.declare import HEADS
from migdesk.models.store import Changes
from migdesk.services import erasure, records
from migdesk.services.erasure import REASONS, Confirmation, Plan
from migdesk.services.views import View
from migdesk.ui.desk import Desk, Page
from migdesk.ui.theme import px
from migdesk.ui.widgets import Card, PageHeader, Row, RowList, empty, label

from .exchange_bundles import counted
from .pieces import body_of, flowing, key_button

WHY = {
    "asked": N_("The person asked for it"),
    "mistake": N_("It was written by mistake"),
    "law": N_("The time for keeping it is over"),
    "other": N_("Another reason"),
}


def may_erase(desk: Desk) -> bool:
    """Whether the role of who is logged in may erase for good."""
    return not desk.account.role or desk.account.role in HEADS


class ErasePage(Page):
    """One record. `arrive(kind, id)`; nothing is erased before the word is typed."""

    name = "erase"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.kind, self.id, self.title = "", "", ""
        self.header = PageHeader(_("Erase for good"))
        self.back_button = key_button(_("Back"), self.back, role="flat")
        self.header.tools.addWidget(self.back_button)
        self.plan_card = Card(_("What goes"))
        self.limits_card = self._make_limits()
        self.ask_card = self._make_ask()
        self.done_card = Card(_("Erased here"))
        self.devices = RowList()
        box = body_of(self)
        box.addWidget(self.header)
        for card in (self.plan_card, self.limits_card, self.ask_card, self.done_card):
            box.addWidget(card)
        box.addStretch(1)

    def _make_limits(self) -> Card:
        card = Card(_("What cannot be promised"))
        for words in (
            _("This cannot be undone. Not by you, not by anybody."),
            _(
                "The other computers erase it when they next exchange; this page says which "
                "have confirmed."
            ),
            _(
                "Backups made before, bundles on sticks, exported tables and printed papers "
                "keep what they hold: look for them and destroy them."
            ),
        ):
            card.body.addWidget(label(words, wrap=True))
        return card

    def _make_ask(self) -> Card:
        card = Card(_("Are you sure?"))
        self.reason = QComboBox()
        self.reason.setAccessibleName(_("Why it is erased"))
        for code in REASONS:
            self.reason.addItem(str(WHY[code]), code)
        self.word = QLineEdit()
        for field in (self.reason, self.word):
            field.setMaximumWidth(px(420))
        self.word.textChanged.connect(lambda _text: self._check())
        self.word.returnPressed.connect(self.erase)
        self.asked = label("", wrap=True)
        self.erase_button = key_button(_("Erase for good"), self.erase, role="danger")
        card.body.addWidget(label(_("Why it is erased"), "caption"))
        card.body.addWidget(self.reason)
        card.body.addWidget(self.asked)
        card.body.addWidget(self.word)
        card.body.addLayout(flowing(self.erase_button))
        return card

    def arrive(self, **args: Any) -> None:
        self.kind, self.id = str(args["kind"]), str(args["id"])
        self.word.clear()
        words = _("Type the word “{word}”").format(word=self.wanted)
        self.asked.setText(words)
        self.word.setAccessibleName(words)
        for card in (self.plan_card, self.limits_card, self.ask_card):
            card.show()
        self.done_card.hide()
        self._check()
        self.desk.runner.read(records.get, self.kind, self.id, then=self._on_view, owner=self)
        self.desk.runner.read(erasure.plan, self.kind, self.id, then=self._on_plan, owner=self)

    def on_changed(self, changes: Changes) -> None:
        if self.isVisible() and self.done_card.isVisible():
            self._read_confirmed()

    @property
    def wanted(self) -> str:
        """The word that is to be typed."""
        return _("erase")

    def _on_view(self, view: View) -> None:
        self.title = view.title
        self.header.show_as(
            _("Erase for good: {name}").format(name=view.title),
            str(RECORDS[self.kind].label),
        )

    def _on_plan(self, plan: Plan) -> None:
        empty(self.plan_card.body)
        going = counted(dict(plan.gone))
        self.plan_card.body.addWidget(label(going, "strong", wrap=True))
        words = _("With every earlier value, in the history too.")
        self.plan_card.body.addWidget(label(words, "muted", wrap=True))
        if plan.stays:
            counts: dict[str, int] = {}
            for kind, _id in plan.stays:
                counts[kind] = counts.get(kind, 0) + 1
            told = _("These speak of it and stay; erase them by themselves: {what}")
            line = label(told.format(what=counted(counts)), wrap=True, tone="waiting")
            self.plan_card.body.addWidget(line)

    def _check(self) -> None:
        right = self.word.text().strip().casefold() == self.wanted.casefold()
        self.erase_button.setEnabled(right and may_erase(self.desk))

    def erase(self) -> None:
        """Erase it here, and ask the other computers to."""
        if self.erase_button.isEnabled():
            self.erase_button.setEnabled(False)
            reason = str(self.reason.currentData())
            self.desk.runner.write(
                erasure.erase, self.kind, self.id, reason, then=self._on_erased, owner=self
            )

    def _on_erased(self, n: int) -> None:
        self.title = ""
        about = RECORDS[self.kind].label
        self.header.show_as(_("Erased for good"), str(about))
        for card in (self.plan_card, self.limits_card, self.ask_card):
            card.hide()
        empty(self.done_card.body)
        words = ngettext(
            "{n} record was erased on this computer.",
            "{n} records were erased on this computer.",
            n,
        )
        self.done_card.body.addWidget(label(words.format(n=n), "strong", wrap=True))
        self.devices = RowList()
        self.done_card.body.addWidget(self.devices)
        self.done_card.show()
        self._read_confirmed()

    def _read_confirmed(self) -> None:
        self.desk.runner.read(
            erasure.confirmations, self.id, then=self._on_confirmed, owner=self
        )

    def _on_confirmed(self, found: tuple[Confirmation, ...]) -> None:
        rows = [
            Row(
                each.name,
                end=_("has confirmed") if each.confirmed else _("not yet"),
                end_tone="done" if each.confirmed else "waiting",
            )
            for each in found
        ]
        self.devices.show_rows(rows or [Row(_("No other computer holds it."))])

    def back(self) -> None:
        """To the record; once it is erased, to Today."""
        if self.title:
            self.desk.open(self.kind, self.id)
        else:
            self.desk.go("today")
