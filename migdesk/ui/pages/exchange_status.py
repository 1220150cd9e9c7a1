"""Where the exchange stands, in plain words: what waits, what is missing, who was heard when,
what came and can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from migdesk.clock import now_ms
from migdesk.i18n import _, ngettext
from migdesk.models.dates import read_moment, show_moment
from migdesk.services import bundles, exchange_notes, transfer_slips
from migdesk.services.bundles import Came, DeviceStatus, ExchangeStatus, UndoneBundle
from migdesk.services.exchange_notes import Notes
from migdesk.services.transfer_slips import Bundle
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_go
from migdesk.ui.widgets import Button, Card, Row, RowList, empty, label

from .pieces import filled, flowing, key_button

LATE_DAYS = 14
"""A computer that was not heard for longer is shown as late."""
SHOWN = 5


def size(n: int) -> str:
    """A size in kB or MB, rounded up."""
    if n < 1_000_000:
        return _("{n} kB").format(n=max(1, -(-n // 1000)))
    return _("{n} MB").format(n=-(-n // 1_000_000))


def ago(moment: str) -> tuple[str, int]:
    """How long since, in words and in days."""
    days = (datetime.now(UTC) - read_moment(moment)).days
    if days < 1:
        return _("today"), 0
    return ngettext("{n} day ago", "{n} days ago", days).format(n=days), days


class StandingCard(Card):
    """What waits to go, and what is missing."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Where it stands"))
        self.desk = desk
        self.words = ""
        self.notes = Notes()

    def load(self, then: Callable[[ExchangeStatus], object]) -> None:
        """Read how it stands; `then` hears of it too."""

        def shown(found: ExchangeStatus) -> None:
            self.show_status(found)
            then(found)

        def noted(notes: Notes) -> None:
            self.notes = notes

        self.desk.runner.read(exchange_notes.notes, now_ms(), then=noted, owner=self)
        self.desk.runner.read(bundles.status, then=shown, owner=self)

    def show_status(self, found: ExchangeStatus) -> None:
        """Tell this instead."""
        empty(self.body)
        lines = [*_waits(found), *_missing(found), *_noted(self.notes)]
        self.words = "\n".join(words for words, _tone in lines)
        for words, tone in lines:
            self.body.addWidget(label(words, wrap=True, tone=tone))
        n = found.refused + found.quarantined
        if n:
            words = ngettext("{n} bundle waits for you", "{n} bundles wait for you", n)
            go = key_button(words.format(n=n), partial(self.desk.go, "settle"))
            self.body.addLayout(flowing(go))


def _waits(found: ExchangeStatus) -> list[tuple[str, str]]:
    if not found.devices:
        return [(_("No other computer yet: enrol one, or exchange keys with an office."), "")]
    lines = []
    if found.waiting:
        words = ngettext(
            "{n} change waits to go (about {size}).",
            "{n} changes wait to go (about {size}).",
            found.waiting,
        )
        told = words.format(n=found.waiting, size=size(found.waiting_bytes))
        lines.append((told, "waiting"))
    else:
        lines.append((_("Nothing waits: all that changed here was put out."), "done"))
    behind = [device.name for device in found.devices if device.waits]
    if behind and not found.waiting:
        words = _("Put out, not confirmed yet by: {names}.")
        lines.append((words.format(names=", ".join(behind)), ""))
    return lines


def _missing(found: ExchangeStatus) -> list[tuple[str, str]]:
    lines = []
    # What a revoked computer made is not asked for: it waits in To settle, or never comes.
    away = {device.name for device in found.devices if device.state != "live"}
    gaps = [name for name in found.gaps if name not in away]
    if gaps:
        words = _(
            "Something of {names} is missing. It is asked for with our next exchange, and "
            "comes with theirs; what came already is here."
        )
        lines.append((words.format(names=", ".join(gaps)), "waiting"))
    if found.not_arrived:
        n = found.not_arrived
        words = ngettext(
            "{n} attachment has not arrived yet.", "{n} attachments have not arrived yet.", n
        )
        lines.append((words.format(n=n), "waiting"))
    return lines


def _noted(notes: Notes) -> list[tuple[str, str]]:
    lines = []
    if notes.clock:
        hours = abs(notes.clock) // 3_600_000
        behind = ngettext(
            "The clock of this computer seems to be {n} hour behind the others: set it.",
            "The clock of this computer seems to be {n} hours behind the others: set it.",
            hours,
        )
        ahead = _("The clock of this computer seems to be years ahead of the others: set it.")
        lines.append((behind.format(n=hours) if notes.clock < 0 else ahead, "late"))
    if notes.unconfirmed:
        words = ngettext(
            "{n} erased record is not confirmed yet by: {names}.",
            "{n} erased records are not confirmed yet by: {names}.",
            notes.erased,
        )
        names = ", ".join(notes.unconfirmed)
        lines.append((words.format(n=notes.erased, names=names), "waiting"))
    return lines


class ComputersCard(Card):
    """The computers that we exchange with, and how long since each was heard."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Computers"), _("last heard"))
        self.rows = RowList()
        self.body.addWidget(self.rows)
        go = partial(desk.go, "devices")
        self._open = go if may_go(desk, "devices") else None
        self.devices_button = key_button(_("Devices…"), go)
        self.devices_button.setVisible(self._open is not None)
        self.body.addLayout(flowing(self.devices_button))

    def show_status(self, found: ExchangeStatus) -> None:
        """List these instead."""
        self.rows.show_rows([_row(each, self._open) for each in found.devices])


def _row(device: DeviceStatus, opened: Callable[[], object] | None) -> Row:
    notes = {
        "revoked": _("revoked"),
        "replaced": _("replaced"),
    }
    said = [notes.get(device.state, "")]
    if device.waits:
        said.append(_("not all confirmed"))
    if device.missing and device.state == "live":
        said.append(_("a part is missing"))
    words, days = ago(device.heard) if device.heard else (_("never"), 0)
    tone = "late" if days > LATE_DAYS else ("waiting" if not device.heard else "done")
    if device.state != "live":
        tone = ""
    return Row(
        device.name, " · ".join(filter(None, said)), end=words, end_tone=tone, open=opened
    )


class WentCard(Card):
    """Bundles that were put out, newest first; each goes with a slip on paper."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("What went last"))
        self.desk = desk
        self.hide()

    def load(self) -> None:
        """Read what went."""
        self.desk.runner.read(transfer_slips.went, SHOWN, then=self.show_went, owner=self)

    def show_went(self, found: tuple[Bundle, ...]) -> None:
        """List these instead."""
        empty(self.body)
        for went in found:
            count = went.ops
            words = "" if count is None else ngettext("{n} change", "{n} changes", count)
            parts = (", ".join(went.readers), show_moment(went.at), words.format(n=count))
            line = label(" · ".join(filter(None, parts)), wrap=True)
            self.body.addLayout(filled(line, slip_button(self.desk, went.name, line.text())))
        self.setVisible(bool(found))


def slip_button(desk: Desk, name: str, about: str) -> Button:
    """Prints the slip that goes with a bundle."""
    made = key_button(_("Slip"), partial(desk.print, "transfer-slip", name=name))
    made.setToolTip(_("Print the transfer slip: checksum, readers, receipt to sign"))
    made.setAccessibleName(_("Print the transfer slip: {what}").format(what=about))
    return made


class CameCard(Card):
    """Bundles that brought changes, newest first; each can be undone as a whole."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("What came last"))
        self.desk = desk
        self.hide()

    def show_status(self, found: ExchangeStatus) -> None:
        """List these instead."""
        empty(self.body)
        for came in found.came[:SHOWN]:
            words = ngettext("{n} change", "{n} changes", came.ops).format(n=came.ops)
            parts = (came.sender or _("a computer that left"), show_moment(came.at), words)
            line = label(" · ".join(parts), wrap=True)
            slip = slip_button(self.desk, came.name, line.text())
            if came.can_undo:
                undo = key_button(_("Undo…"), partial(self.undo, came))
                undo.setAccessibleName(_("Undo: {what}").format(what=line.text()))
                self.body.addLayout(filled(line, slip, undo))
            else:
                self.body.addLayout(filled(line, slip))
        self.setVisible(bool(found.came))

    def undo(self, came: Came) -> None:
        """Undo an import as a whole, once it is confirmed."""
        words = _(
            "What this bundle made goes to the bin, and what it changed gets its value from "
            "before, here and on every computer. What somebody changed since stays as it is. "
            "The history keeps all of it."
        )
        if self.desk.asker.confirm(_("Undo this import?"), words, _("Undo the import")):
            self.desk.runner.write(
                bundles.undo_bundle, came.name, then=self._on_undone, owner=self
            )

    def _on_undone(self, done: UndoneBundle) -> None:
        words = ngettext(
            "{n} record was taken back.", "{n} records were taken back.", done.rows
        ).format(n=done.rows)
        if done.kept:
            names = ", ".join(title or kind for kind, _row, title in done.kept[:SHOWN])
            more = "…" if len(done.kept) > SHOWN else ""
            left = ngettext(
                "{n} was changed since and stays: {names}",
                "{n} were changed since and stay: {names}",
                len(done.kept),
            )
            words = f"{words} {left.format(n=len(done.kept), names=names + more)}"
        self.desk.asker.tell(words)
