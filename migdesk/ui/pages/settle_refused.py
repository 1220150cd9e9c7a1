"""What came and was not taken over: refused bundles, reports on the register of devices,
changes of a newer version. What, from whom, why, and what to do."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from migdesk.i18n import N_, _, ngettext
from migdesk.models import RECORDS
from migdesk.models.dates import show_moment
from migdesk.models.declare import HEADS
from migdesk.services import received, registry, vouching
from migdesk.services.received import QuarantinedView, RefusedView
from migdesk.services.registry import Report
from migdesk.services.to_settle import Parked
from migdesk.services.vouching import HeldView
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Badge, Button, Card, label

from .pieces import filled, flowing, key_button

REPORTS = {
    "forged": (
        N_("A line of the register of devices is not signed by this office"),
        N_(
            "The line is not believed: what the office signed before goes on to count. Ask who "
            "changed the register; if nobody did, tell the administrator: somebody tried to "
            "let a computer in, or to give it more."
        ),
    ),
    "replayed": (
        N_("An old line of the register of devices was written again"),
        N_(
            "The newer line goes on to count. A restored backup may do this; if nothing was "
            "restored, tell the administrator."
        ),
    ),
    "crossed": (
        N_("Two administrators changed the same device at once"),
        N_("Open Devices and say which of the two stands."),
    ),
}


class NoticeCard(Card):
    """Something to know and perhaps to do: `decided(decision, words)` as of a conflict."""

    decided = Signal(object, str)

    def __init__(self, title: str, badge: str, tone: str) -> None:
        super().__init__()
        self.ways: dict[str, Button] = {}
        head = label(title, "section", wrap=True)
        self.body.addLayout(filled(head, Badge(badge, tone)))

    @property
    def first(self) -> QWidget:
        """The button that the keyboard begins at."""
        return next(iter(self.ways.values()), self)

    def press(self, key: str) -> None:
        """A digit decides."""
        if key in self.ways and self.ways[key].isEnabled():
            self.ways[key].click()

    def open(self) -> None:
        """What O does is the first way."""
        self.press("1")

    def _say(self, words: str, role: str = "") -> None:
        self.body.addWidget(label(words, role, wrap=True))

    def _offer(self, **ways: Button) -> None:
        self.ways = {key.removeprefix("k"): way for key, way in ways.items()}
        self.body.addLayout(flowing(*ways.values()))


class RefusedCard(NoticeCard):
    """A bundle of which nothing was taken over."""

    def __init__(self, view: RefusedView, desk: Desk) -> None:
        who = view.sender or _("From an unknown computer")
        super().__init__(" · ".join((who, show_moment(view.at))), _("refused"), "late")
        self._say(view.why)
        self._say(_("File: {name} ({code})").format(name=view.name, code=view.code), "caption")
        again = _("Try again in Exchange")
        aside = key_button(_("Take off this list"), partial(self._forget, view.name), "2")
        aside.setToolTip(_("If the file is still in the folder, the next import lists it."))
        self._offer(k1=key_button(again, lambda: desk.go("exchange"), "1", "primary"), k2=aside)

    def _forget(self, name: str) -> None:
        decision = partial(_forget, name)
        self.decided.emit(decision, _("Taken off the list. Nothing of it was taken over."))


def _forget(name: str, session: object) -> None:
    """The session comes last, from the store."""
    received.forget_refused(session, name)  # type: ignore[arg-type]


class QuarantineCard(NoticeCard):
    """A bundle of a revoked computer that came after its revocation. `accepted(name)` says
    that a person takes it over all the same, which is a job."""

    accepted = Signal(str)

    def __init__(self, view: QuarantinedView) -> None:
        who = view.sender or view.name
        super().__init__(" · ".join((who, show_moment(view.at))), _("kept apart"), "late")
        words = ngettext(
            "This came from a computer that is revoked or replaced: {n} change, made on "
            "{moment} as it says. Nothing of it was taken over. Accept it only if you know "
            "who made it and that it is right: work done before the revocation, for instance.",
            "This came from a computer that is revoked or replaced: {n} changes, made on "
            "{moment} as it says. Nothing of it was taken over. Accept it only if you know "
            "who made it and that it is right: work done before the revocation, for instance.",
            view.ops,
        )
        self._say(words.format(n=view.ops, moment=show_moment(view.made)))
        self._say(_("File: {name}").format(name=view.name), "caption")
        take = key_button(_("Take it over"), partial(self.accepted.emit, view.name), "1")
        drop = key_button(_("Throw it away"), partial(self._drop, view.name), "2")
        self._offer(k1=take, k2=drop)

    def _drop(self, name: str) -> None:
        words = _("Thrown away. It will not be looked at again.")
        self.decided.emit(partial(_drop, name), words)


def _drop(name: str, session: object) -> None:
    received.drop_quarantined(session, name)  # type: ignore[arg-type]


def by_the_hub() -> str:
    """What a decision says that only the hub of a shared database can carry out."""
    return _("Decided. The hub carries it out at its next round.")


class HeldCard(NoticeCard):
    """Changes that a computer sent and may not make."""

    def __init__(self, view: HeldView, desk: Desk) -> None:
        self.device = view.device
        who = view.sender or view.device
        super().__init__(" · ".join((who, show_moment(view.at))), _("kept apart"), "late")
        words = ngettext(
            "This computer asks for {n} change that its role does not allow.",
            "This computer asks for {n} changes that its role does not allow.",
            view.n,
        )
        self._say(words.format(n=view.n))
        if view.erasures:
            words = ngettext(
                "{n} record would be erased for good. That cannot be undone.",
                "{n} records would be erased for good. That cannot be undone.",
                view.erasures,
            )
            self._say(words.format(n=view.erasures), "strong")
        for each in view.sample:
            kind = RECORDS[each.kind].label if each.kind in RECORDS else each.kind
            told = _("{kind}: {title}, to be erased") if each.erases else _("{kind}: {title}")
            self._say(told.format(kind=kind, title=each.title or "?"), "caption")
        self._say(
            _(
                "Nothing of it was done. Ask who works there before you carry it out: the "
                "other computers will then do the same."
            )
        )
        do = key_button(_("Carry it out"), self._carry_out, "1")
        drop = key_button(_("Throw it away"), self._drop, "2")
        drop.setEnabled(desk.account.role in HEADS)
        here = desk.store.is_sqlite
        do.setEnabled(desk.account.role in (HEADS if here else ("administrator",)))
        if not do.isEnabled():
            self._say(_("Someone with a higher role decides this."), "muted")
        self._done = _("Carried out.") if here else by_the_hub()
        self._offer(k1=do, k2=drop)

    def _carry_out(self) -> None:
        self.decided.emit(partial(_carry_out, self.device), self._done)

    def _drop(self) -> None:
        self.decided.emit(partial(_drop_held, self.device), _("Thrown away."))


def _carry_out(device: str, session: object) -> None:
    vouching.carry_out(session, device)  # type: ignore[arg-type]


def _drop_held(device: str, session: object) -> None:
    vouching.drop(session, device)  # type: ignore[arg-type]


class ReportCard(NoticeCard):
    """Something about the register of devices that an administrator should see."""

    def __init__(self, report: Report, desk: Desk) -> None:
        title, what = REPORTS[report.why]
        super().__init__(str(title), _("device"), "late")
        self._say(report.name or report.device, "strong")
        self._say(str(what))
        go = key_button(_("Open Devices"), lambda: desk.go("devices"), "1", "primary")
        aside = key_button(_("Take off this list"), partial(self._see, report.stamp), "2")
        # Two that were signed at once wait until one of them is chosen.
        self._offer(k1=go, **({"k2": aside} if report.stamp else {}))

    def _see(self, stamp: str) -> None:
        words = _("Taken off the list. It stays in the audit log.")
        self.decided.emit(partial(_see, stamp), words)


def _see(stamp: str, session: object) -> None:
    registry.see(session, stamp)  # type: ignore[arg-type]


class ParkedCard(NoticeCard):
    """Changes that this version cannot show; they are kept and go on to others."""

    def __init__(self, parked: Parked) -> None:
        words = ngettext(
            "{n} change of a newer version", "{n} changes of a newer version", parked.n
        )
        super().__init__(words.format(n=parked.n), _("kept"), "waiting")
        told = _(
            "A computer with a newer MigDesk wrote what this version does not know "
            "({kind}). Nothing is lost: it is kept, and shown once MigDesk is updated here."
        )
        self._say(told.format(kind=parked.kind))
