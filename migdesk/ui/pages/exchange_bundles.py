"""What lies in the folder, and what an export or import did, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from migdesk.i18n import N_, _, ngettext, said_of
from migdesk.jobs.exchange import BundleView, Exchanged, ExportResult, ImportResult
from migdesk.models import RECORDS
from migdesk.models.dates import show_moment
from migdesk.services.bundles import Sample
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import Badge, Button, Card, Row, RowList, empty, label

from .pieces import filled, flowing, key_button

STATUS = {
    "new": (N_("new"), "accent"),
    "known": (N_("already here"), "done"),
    "gap": (N_("one before it is missing"), "waiting"),
    "refused": (N_("refused"), "late"),
}


def counted(counts: dict[str, int]) -> str:
    """Numbers by kind of record, as "People: 3 · Visits: 12"."""
    told = _("{what}: {n}")
    return " · ".join(
        told.format(what=RECORDS[kind].plural if kind in RECORDS else kind, n=n)
        for kind, n in sorted(counts.items(), key=lambda pair: -pair[1])
        if n
    )


class BundlesCard(Card):
    """Bundles of the folder before anything is taken over."""

    def __init__(self, take: Callable[[], object]) -> None:
        super().__init__(_("What came"))
        self.take_button = key_button(_("Import now"), take, role="primary")
        self.samples: list[tuple[Button, RowList]] = []
        self.hide()

    def show_bundles(self, found: tuple[BundleView, ...]) -> None:
        """List what was found, and what taking it over would do."""
        self.take_button.setParent(None)
        self.samples = []
        empty(self.body)
        new = [b for b in found if b.status in ("new", "gap")]
        for bundle in found:
            if bundle.status != "known":
                self._add(bundle)
        known = sum(b.status == "known" for b in found)
        if known:
            words = ngettext(
                "{n} bundle is here already.", "{n} bundles are here already.", known
            )
            self.body.addWidget(label(words.format(n=known), "muted"))
        if not found:
            self.body.addWidget(label(_("No bundle for this computer."), "muted"))
        conflicts = sum(b.conflicts for b in new)
        if conflicts:
            words = ngettext(
                "{n} value was changed here too: it will be listed under To settle.",
                "{n} values were changed here too: they will be listed under To settle.",
                conflicts,
            )
            self.body.addWidget(label(words.format(n=conflicts), "muted", wrap=True))
        self.take_button.setEnabled(bool(new))
        self.take_button.setVisible(bool(new))
        self.body.addLayout(flowing(self.take_button))
        self.show()

    def _add(self, bundle: BundleView) -> None:
        words, tone = STATUS[bundle.status]
        who = bundle.device_name or bundle.name
        name = label(" · ".join(filter(None, (who, show_moment(bundle.made)))), "strong")
        name.setWordWrap(True)
        self.body.addLayout(filled(name, Badge(str(words), tone)))
        detail = bundle.fault or counted(bundle.counts)
        if bundle.status == "gap":
            late = _("It can be taken over; the missing one may come later.")
            detail = " — ".join(filter(None, (detail, late)))
        self.body.addWidget(label(detail, "error" if bundle.fault else "muted", wrap=True))
        if bundle.sample:
            sample = RowList([_row(each) for each in bundle.sample])
            sample.hide()
            look = key_button(_("Some of the changes"), lambda: None, role="link")
            look.setCheckable(True)
            look.toggled.connect(sample.setVisible)
            self.samples.append((look, sample))
            self.body.addLayout(flowing(look))
            self.body.addWidget(sample)


ACTIONS = {
    "created": N_("new"),
    "changed": N_("changed"),
    "deleted": N_("in the bin"),
    "restored": N_("out of the bin"),
}


def _row(sample: Sample) -> Row:
    """A change in words."""
    about = RECORDS[sample.kind]
    told = ", ".join(said_of(name, " ".join(value.split())) for name, value in sample.fields)
    action = str(ACTIONS.get(sample.action, sample.action))
    return Row(f"{about.label} · {sample.title}", told, end=action, end_tone="")


class ResultCard(Card):
    """What was sent, what came, what was refused and why."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Done"))
        self.desk = desk
        self.hide()

    def _say(self, *lines: str) -> None:
        empty(self.body)
        for line in filter(None, lines):
            self.body.addWidget(label(line, wrap=True))
        self.show()

    @property
    def words(self) -> str:
        """All that the card says."""
        places = (self.body.itemAt(n) for n in range(self.body.count()))
        widgets = (place.widget() for place in places if place is not None)
        return "\n".join(w.property("text") for w in widgets if w is not None)

    def tell_export(self, done: ExportResult) -> None:
        """What an export wrote."""
        if not done.name:
            self._say(_("Nothing to send: every paired computer has been sent everything."))
            return
        sent = ngettext("{n} change was written", "{n} changes were written", done.ops)
        for_whom = ngettext("for {n} computer.", "for {n} computers.", done.recipients)
        blobs = ngettext("With {n} attachment.", "With {n} attachments.", done.blobs)
        self._say(
            f"{sent.format(n=done.ops)} {for_whom.format(n=done.recipients)}",
            blobs.format(n=done.blobs) if done.blobs else "",
            _("Take the folder, or this file in it, to the other computer: {name}").format(
                name=done.name
            ),
        )
        go = partial(self.desk.print, "transfer-slip", name=done.name)
        self.body.addLayout(flowing(key_button(_("Print the transfer slip"), go)))

    def tell_round(self, done: Exchanged) -> None:
        """What a whole round did."""
        came = ngettext("{n} change came.", "{n} changes came.", done.taken)
        sent = ngettext("{n} change was put out.", "{n} changes were put out.", done.sent)
        gaps = _("Something is still missing of: {names}.").format(names=", ".join(done.gaps))
        held = ngettext(
            "{n} bundle of a revoked computer was kept apart: see To settle.",
            "{n} bundles of revoked computers were kept apart: see To settle.",
            len(done.quarantined),
        )
        self._say(
            came.format(n=done.taken) if done.taken else _("Nothing new came."),
            sent.format(n=done.sent) if done.sent else _("Nothing was left to put out."),
            gaps if done.gaps else "",
            held.format(n=len(done.quarantined)) if done.quarantined else "",
            *_refused(done.refused),
        )

    def tell_import(self, done: ImportResult) -> None:
        """What an import took over."""
        taken = ngettext(
            "{n} bundle was taken over:", "{n} bundles were taken over:", done.bundles
        )
        changes = ngettext("{n} change", "{n} changes", done.ops).format(n=done.ops)
        rows = ngettext("on {n} record.", "on {n} records.", done.rows).format(n=done.rows)
        self._say(
            f"{taken.format(n=done.bundles)} {changes} {rows}"
            if done.bundles
            else _("Nothing new was taken over."),
            *_refused(done.refused),
        )
        if done.conflicts:
            waits = ngettext("{n} thing to settle", "{n} things to settle", done.conflicts)
            go = key_button(waits.format(n=done.conflicts), lambda: self.desk.go("settle"))
            self.body.addLayout(flowing(go))


def _refused(found: tuple[tuple[str, str], ...]) -> list[str]:
    words = _("Refused: {name}. {why}")
    return [words.format(name=name, why=why) for name, why in found]
