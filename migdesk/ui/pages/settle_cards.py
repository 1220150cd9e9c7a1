"""The sorts of what waits: their words, and the card on which each is looked at."""

from __future__ import annotations

from migdesk.i18n import N_, _
from migdesk.services.received import QuarantinedView
from migdesk.services.to_settle import Item
from migdesk.services.vouching import HeldView
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import EmptyState

from .merge_card import MergeCard, reasons
from .settle_entities import EntityCard
from .settle_refused import (
    HeldCard,
    NoticeCard,
    ParkedCard,
    QuarantineCard,
    RefusedCard,
    ReportCard,
)

WORDS = {
    "registration": N_("Registrations"),
    "conflict": N_("Conflicts"),
    "duplicate": N_("Possible duplicates"),
    "bundle": N_("Bundles"),
    "report": N_("Devices"),
    "parked": N_("Newer version"),
}
SAID = {
    "registration": N_("A questionnaire speaks of somebody who is perhaps here already."),
    "conflict": N_(
        "Two people changed the same thing. Nothing is lost: both values stay in the history."
    ),
    "duplicate": N_("These are perhaps the same. Merging can be undone."),
    "bundle": N_("This came and was not taken over."),
    "report": N_("Something about the register of devices does not fit."),
    "parked": N_("A newer version wrote what this one does not know."),
}


def nothing_waits(desk: Desk) -> EmptyState:
    """What the page is for, while nothing waits."""
    return EmptyState(
        "check-circle-outline",
        _("Nothing to settle"),
        _(
            "When two computers change the same field before they have exchanged, both "
            "values are listed here, and a person chooses. Nothing is lost meanwhile: the "
            "newest value is shown everywhere, the other one stays in the history. "
            "Somebody whom a questionnaire registers and who is perhaps here already "
            "waits here too."
        ),
        _("Go to Exchange"),
        lambda: desk.go("exchange"),
    )


def card_of(item: Item, desk: Desk) -> EntityCard | MergeCard | NoticeCard:
    """The card of anything but a conflict, which is read first."""
    if item.sort == "registration":
        return EntityCard(item.what, "", desk)
    if item.sort == "duplicate":
        one, two = item.what.views
        return MergeCard(desk, one, two, reasons(item.what.why))
    if item.sort == "report":
        return ReportCard(item.what, desk)
    if item.sort == "parked":
        return ParkedCard(item.what)
    if isinstance(item.what, HeldView):
        return HeldCard(item.what, desk)
    if isinstance(item.what, QuarantinedView):
        return QuarantineCard(item.what)
    return RefusedCard(item.what, desk)
