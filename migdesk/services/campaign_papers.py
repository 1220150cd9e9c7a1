"""Papers of a campaign: where it stands, and the list that an enumerator carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from babel.numbers import format_decimal, format_percent
from sqlalchemy.orm import Session

from migdesk.i18n import _, language, ngettext
from migdesk.models.dates import show_fuzzy
from migdesk.printing.sheets.campaign_progress import CampaignProgress, Cells
from migdesk.printing.sheets.visit_list import PlaceVisits, VisitList

from . import campaigns, fieldwork, records
from .campaigns import Line, Progress, Worker
from .views import View, title_of


def percent(line: Line) -> str:
    """“45 %” as the language in force writes it, "" without a target."""
    if line.percent is None:
        return ""
    return format_percent(line.percent / 100, locale=language())


def days_words(days: int | None) -> str:
    """How much time is left, in words."""
    if days is None:
        return ""
    if days < 1:
        return _("The period is over.")
    return ngettext("{n} day left", "{n} days left", days).format(n=days)


def pace_words(progress: Progress) -> str:
    """Interviews needed a day, to one decimal."""
    if not progress.per_day:
        return ""
    number = format_decimal(round(progress.per_day, 1), locale=language())
    # “0,6 entretien”, “1,5 entretien”, but “0.6 interviews” and “1 interview”.
    count = 2 if progress.per_day >= 2 else int(number == "1")
    words = ngettext("{n} interview a day needed", "{n} interviews a day needed", count)
    return words.format(n=number)


def period_words(campaign: View) -> str:
    """“16/11/2026 – 29/11/2026”, or what is known of it."""
    return " – ".join(filter(None, (campaign.shown["starts"], campaign.shown["ends"])))


def progress_sheet(session: Session, id: str, day: str = "") -> CampaignProgress:
    """Where a campaign stands on a day (today if none is given). Raises Gone."""
    from .papers import imprint

    found = campaigns.progress(session, id, date.fromisoformat(day) if day else date.today())
    shown = found.campaign.shown
    drawn = fieldwork.draws(session, id)
    total = found.total
    return CampaignProgress(
        imprint=imprint(session, found.campaign.code),
        name=found.campaign.title,
        questionnaire=shown["questionnaire"],
        summary=shown["description"],
        facts=(
            (_("State"), shown["state"]),
            (_("Period"), period_words(found.campaign)),
            (_("Places"), shown["places"]),
        ),
        figures=(
            (_("Done"), str(total.done)),
            (_("Wanted"), str(total.wanted or "")),
            (_("Share done"), percent(total)),
            (_("Still to do"), str(total.remaining) if total.wanted else ""),
            (_("Outside the sample"), str(found.outside or "")),
            (_("Time"), days_words(found.days_left)),
            (_("Pace"), pace_words(found)),
        ),
        targets=[_cells(line) for line in found.targets],
        places=[_cells(line) for line in found.places],
        places_total=_sum(found.places),
        workers=[_worked(worker) for worker in found.workers],
        draws=[_drawn(draw) for draw in drawn],
        strata=drawn[0].values["strata"] or () if drawn else (),
        late=_late(found),
    )


def _late(found: Progress) -> str:
    over = found.days_left is not None and found.days_left < 1
    if not over or not found.total.remaining:
        return ""
    left = found.total.remaining
    words = ngettext(
        "The period is over and {n} interview is missing.",
        "The period is over and {n} interviews are missing.",
        left,
    )
    return words.format(n=left)


def _cells(line: Line) -> Cells:
    wanted, left = (str(line.wanted), str(line.remaining)) if line.wanted else ("", "")
    return (line.label, wanted, str(line.done), percent(line), left)


def _sum(lines: Sequence[Line]) -> Cells:
    if len(lines) < 2:
        return ()
    done, wanted = sum(line.done for line in lines), sum(line.wanted for line in lines)
    return _cells(Line(_("Total"), done, wanted))


def _worked(worker: Worker) -> Cells:
    last = show_fuzzy(worker.last) if worker.last else ""
    states = (worker.to_visit, worker.absent, worker.refused)
    return (*_cells(worker)[:4], *(str(n) if n else "" for n in states), last)


def _drawn(draw: View) -> Cells:
    names = ("at", "account", "method", "seed", "size", "frame", "digest")
    return tuple(draw.shown[name] for name in names)


def visit_list(session: Session, account: str, campaign: str = "") -> VisitList:
    """What an enumerator has to visit, in one campaign or in all that are open."""
    from .papers import imprint

    found = fieldwork.my_visits(session, account)
    visits = [visit for visit in found if campaign in ("", visit.campaign.id)]
    about = records.get(session, "campaign", campaign) if campaign else None
    by_place = sorted(visits, key=lambda visit: visit.unit.shown["place"])
    return VisitList(
        imprint=imprint(session, about.code if about else ""),
        name=about.title if about else _("Visits to make"),
        enumerator=title_of(session, "account", account),
        period=period_words(about) if about else "",
        places=tuple(
            PlaceVisits(place, [_unit(visit.unit) for visit in held])
            for place, held in groupby(by_place, key=lambda visit: visit.unit.shown["place"])
        ),
    )


def _unit(unit: View) -> tuple[str, str, str, str]:
    shown = unit.shown
    return (shown["code"], unit.title, shown["address"], shown["phone"])


CAMPAIGN_FILLERS: dict[str, Callable[..., Any]] = {
    "campaign-progress": progress_sheet,
    "visit-list": visit_list,
}
