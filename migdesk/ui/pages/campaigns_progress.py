"""Progress of a campaign: figures, then bars by target, place and enumerator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from migdesk.i18n import _, ngettext
from migdesk.jobs.campaigns import measure_progress
from migdesk.models.dates import show_fuzzy
from migdesk.services.campaign_papers import pace_words, percent
from migdesk.services.campaigns import Progress, Worker
from migdesk.ui.desk import Desk
from migdesk.ui.widgets import EmptyState, label

from .campaigns_parts import Bars, Figures
from .pieces import body_of


class ProgressPart(QWidget):
    """`load(campaign)` measures and shows."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.id = ""
        column = body_of(self)
        column.setContentsMargins(0, 0, 12, 16)
        self.figures = Figures()
        self.late = label("", "strong", wrap=True, tone="late")
        self.targets = Bars(_("Targets"))
        self.places = Bars(_("By place"))
        self.workers = Bars(_("By enumerator"))
        self.nothing = EmptyState(
            "chart-bar",
            _("Nothing is done and nothing is wanted yet."),
            _(
                "Set targets under “Campaign”, or draw a sample under “Sample”. Each interview "
                "that is finished is then counted here, by place and by enumerator."
            ),
        )
        for part in (
            self.figures,
            self.late,
            self.targets,
            self.places,
            self.workers,
            self.nothing,
        ):
            column.addWidget(part)
            part.hide()
        column.addStretch(1)

    def load(self, id: str) -> None:
        """Measure how far the campaign is today."""
        self.id = id
        self.desk.runner.job(
            measure_progress,
            id,
            date.today(),
            then=self._show,
            owner=self,
            title=_("Progress of a campaign"),
        )

    def _show(self, found: Progress) -> None:
        if found.campaign.id != self.id:
            return
        total = found.total
        some = bool(total.done or total.wanted or found.outside)
        done = f"{total.done} / {total.wanted}" if total.wanted else str(total.done)
        self.figures.show_figures(
            [
                (done, ngettext("interview done", "interviews done", total.done)),
                (percent(total), _("of what is wanted")),
                (str(total.remaining) if total.wanted else "", _("left to do")),
                (str(found.outside or ""), _("outside the sample")),
                *self._time(found),
            ]
        )
        self.figures.setVisible(some)
        over = found.days_left is not None and found.days_left < 1 and total.remaining > 0
        self.late.setText(_("The period is over and interviews are missing."))
        self.late.setVisible(over)
        self.targets.show_lines(found.targets)
        self.places.show_lines(found.places)
        self.workers.show_lines(found.workers, _worked(found.workers))
        self.nothing.setVisible(not some)

    def _time(self, found: Progress) -> list[tuple[str, str]]:
        if found.days_left is None or found.days_left < 1:
            return []
        end = show_fuzzy(str(found.campaign.values["ends"]))
        until = _("until {day}").format(day=end)
        left = ngettext("day left", "days left", found.days_left)
        return [(str(found.days_left), f"{left} · {pace_words(found) or until}")]


def _worked(workers: Sequence[Worker]) -> list[str]:
    """What else is known of each enumerator."""
    said = []
    for each in workers:
        parts = (
            _counted(_("{n} to visit"), each.to_visit),
            _counted(ngettext("{n} absent", "{n} absent", each.absent), each.absent),
            _counted(ngettext("{n} refused", "{n} refused", each.refused), each.refused),
            _("last on {day}").format(day=show_fuzzy(each.last)) if each.last else "",
        )
        said.append(" · ".join(filter(None, parts)))
    return said


def _counted(words: str, n: int) -> str:
    return words.format(n=n) if n else ""
