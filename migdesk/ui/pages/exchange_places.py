"""Places of exchange: servers and folders that this computer goes to."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from migdesk.errors import Fault, named
from migdesk.i18n import Text, _, ngettext
from migdesk.jobs import depots as jobs
from migdesk.jobs.exchange import Exchanged
from migdesk.models.dates import show_moment
from migdesk.services import depots
from migdesk.services.depots import DepotView
from migdesk.settings import CARRIER_MINUTES
from migdesk.sync.stores import gate  # its faults are what a visit fails with
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Badge, Card, ElidedLabel, empty, label, set_property

from .exchange_place_form import KINDS, PlaceForm
from .pieces import filled, flowing, key_button


class PlacesCard(Card):
    """The places, how the last visit of each went, or the form of the one being changed;
    `opened(True)` when the form takes their place."""

    opened = Signal(bool)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Places of exchange"))
        self.desk = desk
        self.found: tuple[DepotView, ...] = ()
        self.list = Card()
        self.list.setProperty("role", "")
        self.list.setContentsMargins(-16, -14, -16, -14)
        self.automatic = QCheckBox(_("Exchange by itself"))
        self.automatic.toggled.connect(self._turn)
        self.when = label("", "caption", wrap=True)
        self.add_button = key_button(_("Add a place…"), self.add)
        self.form = PlaceForm(desk, self._on_closed)
        self.form.hide()
        for part in (self.automatic, self.when, self.list):
            self.body.addWidget(part)
        self.body.addLayout(flowing(self.add_button))
        self.body.addWidget(self.form)

    def load(self) -> None:
        """Read the places."""
        self._show_automatic()
        self.desk.runner.read(depots.depots, then=self._on_depots, owner=self)

    def _show_automatic(self) -> None:
        minutes = self.desk.settings.get(CARRIER_MINUTES)
        blocked = self.automatic.blockSignals(True)
        self.automatic.setChecked(minutes > 0)
        self.automatic.blockSignals(blocked)
        on = ngettext(
            "When something waits, when the connection comes back, and at the latest after "
            "{n} minute; through a stick with our folder as soon as it is plugged in.",
            "When something waits, when the connection comes back, and at the latest after "
            "{n} minutes; through a stick with our folder as soon as it is plugged in.",
            minutes,
        )
        off = _("Off: nothing goes or comes until somebody presses “Exchange now”.")
        self.when.setText(on.format(n=minutes) if minutes else off)

    def _turn(self, on: bool) -> None:
        """Exchange by itself, or by hand only."""
        self.desk.settings.set(CARRIER_MINUTES, CARRIER_MINUTES.default if on else 0)
        self.load()

    def _on_depots(self, found: tuple[DepotView, ...]) -> None:
        self.found = found
        empty(self.list.body)
        if not found:
            words = _(
                "None yet. Besides a folder, bundles can lie on a server of the office or of "
                "the agency: SFTP, WebDAV (Nextcloud), S3 or a Windows share."
            )
            self.list.body.addWidget(label(words, "muted", wrap=True))
        for each in found:
            self._add_row(each)

    def _add_row(self, view: DepotView) -> None:
        now = key_button(_("Exchange now"), partial(self.exchange, view))
        now.setAccessibleName(_("Exchange through {name}").format(name=view.name))
        change = key_button(_("Change"), partial(self.change, view), role="link")
        change.setAccessibleName(_("Change {name}").format(name=view.name))
        away = key_button(_("Remove"), partial(self.remove, view), role="link")
        away.setAccessibleName(_("Remove {name}").format(name=view.name))
        goes = view.automatic and self.desk.settings.get(CARRIER_MINUTES) > 0
        way = Badge(_("by itself"), "done") if goes else Badge(_("by hand"))
        self.list.body.addSpacing(8)
        self.list.body.addLayout(filled(label(view.name, "strong", wrap=True), way, now))
        kind = KINDS[view.address.kind]
        # Isolated: an address reads from left to right in every language.
        where = ElidedLabel(f"{kind} · \u2066{view.address.where}\u2069", "muted")
        self.list.body.addWidget(where)
        last = label(last_visit(view), "caption", wrap=True)
        set_property(last, "role", "error" if view.fault else "caption")
        self.list.body.addLayout(filled(last, change, away))

    def add(self) -> None:
        """Describe a new place."""
        self._begin(None)

    def change(self, view: DepotView) -> None:
        """Change a place."""
        self._begin(view)

    def _begin(self, view: DepotView | None) -> None:
        self._show_form(True)
        self.form.begin(view)

    def _show_form(self, shown: bool) -> None:
        for part in (self.automatic, self.when, self.list, self.add_button):
            part.setVisible(not shown)
        self.opened.emit(shown)

    def remove(self, view: DepotView) -> None:
        """Forget a place, once a person has said so."""
        sure = self.desk.asker.confirm(
            _("Remove {name}?").format(name=view.name),
            _("What lies there stays there. Its password is forgotten on this computer."),
            _("Remove"),
        )
        if sure:
            self.desk.runner.job(
                jobs.remove_depot, view.id, then=lambda _none: self.load(), owner=self
            )

    def exchange(self, view: DepotView) -> None:
        """One round through a place, now."""
        self.desk.runner.job(
            jobs.exchange_at,
            view.id,
            then=self._on_exchanged,
            failed=self._on_failed,
            owner=self,
            title=_("Exchange through {name}").format(name=view.name),
        )

    def _on_exchanged(self, done: Exchanged) -> None:
        came = ngettext("{n} change came", "{n} changes came", done.taken)
        went = ngettext("{n} change went", "{n} changes went", done.sent)
        self.desk.asker.tell(f"{came.format(n=done.taken)} · {went.format(n=done.sent)}")
        self.load()

    def _on_failed(self, fault: Fault) -> None:
        self.desk.asker.fault(fault)
        self.load()

    def _on_closed(self) -> None:
        self._show_form(False)
        self.add_button.setFocus()
        self.load()


def last_visit(view: DepotView) -> str:
    """How the last visit went, in words."""
    if not view.tried:
        return _("not gone to yet")
    if not view.fault:
        return _("last exchange {moment}").format(moment=show_moment(view.done))
    kind = named(view.fault) or gate.Unreachable
    why = _plain(kind.text)
    words = _("{moment}: {why}").format(moment=show_moment(view.tried), why=why)
    if view.done:
        words += " · " + _("last exchange {moment}").format(moment=show_moment(view.done))
    return words


def _plain(text: Text) -> str:
    """Words of a fault of which only the code is kept: its gaps show nothing."""
    gaps = ("reason", "fingerprint", "status", "name", "n")
    return str(text(**dict.fromkeys(gaps, "…")))
