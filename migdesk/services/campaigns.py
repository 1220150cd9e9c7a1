"""Campaigns: what was wanted, what was done, by whom, and what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models.organisation import PlaceRecord
from migdesk.models.survey import Campaign, CampaignTarget, SurveyUnit

from . import records
from .interviews import Interview, interviews
from .survey_facts import Facts, Reader
from .views import View, load, titles, view

OPEN = ("to_visit", "absent")


@dataclass(frozen=True)
class Line:
    """Done against wanted for one target, place or enumerator; `wanted` 0: no target."""

    label: str
    done: int
    wanted: int = 0
    id: str = ""

    @property
    def percent(self) -> int | None:
        """Whole percent done, None without a target; 100 only when all is done."""
        return self.done * 100 // self.wanted if self.wanted else None

    @property
    def remaining(self) -> int:
        return max(self.wanted - self.done, 0)


@dataclass(frozen=True)
class Worker(Line):
    """An enumerator: interviews done and wanted, units still to visit, absent, refused;
    `last` is the day of the last interview, `days` how many days had one."""

    to_visit: int = 0
    absent: int = 0
    refused: int = 0
    last: str = ""
    days: int = 0


@dataclass(frozen=True)
class Progress:
    """Where a campaign stands on a day. `days_left` is None without an end, negative
    after it; `per_day`: interviews needed each day that is left. Where a sample was drawn,
    only its units count as wanted and done; `outside` are the other interviews."""

    campaign: View
    total: Line
    targets: tuple[Line, ...] = ()
    places: tuple[Line, ...] = ()
    workers: tuple[Worker, ...] = ()
    states: Mapping[str, int] = field(default_factory=dict)
    outside: int = 0
    days_left: int | None = None
    per_day: float | None = None


@dataclass(frozen=True)
class MyTarget:
    """Interviews wanted from one enumerator in one campaign."""

    campaign: View
    line: Line


@dataclass(frozen=True)
class _Done:
    """An interview with what is known of it."""

    interview: Interview
    facts: Facts


def campaigns(session: Session) -> tuple[View, ...]:
    """Campaigns that are not closed, newest first."""
    page = records.list_page(session, "campaign", records.Query(), limit=200)
    return tuple(row for row in page.rows if row.values["state"] != "closed")


def progress(session: Session, campaign: str, day: date) -> Progress:
    """Done against wanted: in all, by target, by place, by enumerator. Raises Gone."""
    row = load(session, "campaign", campaign)
    assert isinstance(row, Campaign)
    targets = _targets(session, campaign)
    fine = any(t.sex or t.age or t.status for t in targets)
    held = interviews(session, row, whole=fine)
    units = _units(session, campaign)
    reader = Reader(session, row, held, fine)
    done = [_Done(each, reader.facts(each)) for each in held]
    parents = _parents(session, {d.facts.place for d in done} | {u.place for u in units})
    sample = [u for u in units if u.part != "reserve" and u.state != "replaced"]
    inside = _of_sample(done, {u.id for u in sample}) if sample else done
    wanted = len(sample) or _sum_of(targets)
    days_left = (date.fromisoformat(row.ends) - day).days + 1 if row.ends else None
    total = Line(_("All interviews"), len(inside), wanted)
    return Progress(
        campaign=view(session, row),
        total=total,
        targets=tuple(_target_lines(session, targets, done, parents)),
        places=tuple(_place_lines(session, row, targets, sample, inside, parents)),
        workers=tuple(_worker_lines(session, targets, units, done)),
        states=Counter(u.state for u in units if u.state),
        outside=len(held) - len(inside),
        days_left=days_left,
        per_day=total.remaining / days_left if days_left and days_left > 0 else None,
    )


def my_targets(session: Session, account: str, day: date) -> tuple[MyTarget, ...]:
    """What is wanted from an enumerator in campaigns that are not closed, and done."""
    rows = session.execute(
        sa.select(CampaignTarget.id, CampaignTarget.campaign)
        .join(Campaign, Campaign.id == CampaignTarget.campaign)
        .where(
            CampaignTarget.account == account,
            CampaignTarget.deleted.is_(False),
            Campaign.deleted.is_(False),
            Campaign.state.is_distinct_from("closed"),
        )
        .order_by(Campaign.ends, CampaignTarget.id)
    ).all()
    mine = {id for id, _campaign in rows}
    found: list[MyTarget] = []
    for campaign in dict.fromkeys(campaign or "" for _id, campaign in rows):
        stands = progress(session, campaign, day)
        found += [MyTarget(stands.campaign, line) for line in stands.targets if line.id in mine]
    return tuple(found)


def _of_sample(done: Iterable[_Done], sample: set[str]) -> list[_Done]:
    """The first interview with each unit of the sample."""
    found: dict[str, _Done] = {}
    for each in done:
        unit = each.interview.links.get("survey_unit", "")
        if unit in sample:
            found.setdefault(unit, each)
    return list(found.values())


def _targets(session: Session, campaign: str) -> list[CampaignTarget]:
    statement = sa.select(CampaignTarget).where(
        CampaignTarget.campaign == campaign, CampaignTarget.deleted.is_(False)
    )
    return list(session.scalars(statement.order_by(CampaignTarget.id)))


def _units(session: Session, campaign: str) -> list[Any]:
    """(id, place, account, part, state) of the units that were drawn."""
    statement = sa.select(
        SurveyUnit.id, SurveyUnit.place, SurveyUnit.account, SurveyUnit.part, SurveyUnit.state
    ).where(
        SurveyUnit.campaign == campaign,
        SurveyUnit.deleted.is_(False),
        SurveyUnit.draw.is_not(None),
    )
    return list(session.execute(statement))


def _sum_of(targets: Iterable[CampaignTarget]) -> int:
    """Interviews wanted in all. Targets by sex and targets by place speak of the same
    people, so only targets that are said alike add up; the largest sum counts."""
    sums: Counter[tuple[bool, ...]] = Counter()
    for t in targets:
        sums[tuple(map(bool, (t.place, t.sex, t.age, t.status, t.account)))] += t.number or 0
    return max(sums.values(), default=0)


# places -----------------------------------------------------------------------


def _parents(session: Session, places: Iterable[str | None]) -> dict[str, str]:
    """Place → the place around it, for these places and all around them."""
    found: dict[str, str] = {}
    wanted = {id for id in places if id}
    while wanted:
        rows = session.execute(
            sa.select(PlaceRecord.id, PlaceRecord.parent).where(PlaceRecord.id.in_(wanted))
        )
        new = {id: parent or "" for id, parent in rows}
        found |= new
        wanted = {parent for parent in new.values() if parent and parent not in found}
    return found


def around(place: str, parents: Mapping[str, str]) -> list[str]:
    """A place and all the places around it, from the inside; safe where two places lie in
    each other by mistake."""
    found: list[str] = []
    while place and place not in found:
        found.append(place)
        place = parents.get(place, "")
    return found


def _place_lines(
    session: Session,
    campaign: Campaign,
    targets: Iterable[CampaignTarget],
    sample: Iterable[Any],
    done: Iterable[_Done],
    parents: Mapping[str, str],
) -> list[Line]:
    """By place: the campaign's places, those of targets; else each where something is."""
    named = {*(campaign.places or ()), *(t.place for t in targets if t.place)}

    def home(place: str | None) -> str:
        return next((p for p in around(place or "", parents) if p in named), place or "")

    counts = Counter(home(d.facts.place) for d in done)
    wanted: Counter[str] = Counter(home(unit.place) for unit in sample)
    if not wanted:
        for place in {t.place for t in targets if t.place}:
            wanted[place] = _sum_of(t for t in targets if t.place == place)
    names = titles(session, "place", sorted({*named, *counts, *wanted} - {""}))
    lines = [
        Line(names.get(id, ""), counts[id], wanted[id], id)
        for id in {*named, *counts, *wanted}
        if id
    ]
    lines.sort(key=lambda line: (line.label.casefold(), line.id))
    if counts[""] or wanted[""]:
        lines.append(Line(_("Place not known"), counts[""], wanted[""]))
    return lines


# targets and people -------------------------------------------------------------


def _target_lines(
    session: Session,
    targets: Iterable[CampaignTarget],
    done: list[_Done],
    parents: Mapping[str, str],
) -> Iterable[Line]:
    for target in targets:
        shown = view(session, target).shown
        names = ("place", "sex", "age", "status", "account")
        label = " · ".join(filter(None, (shown[name] for name in names)))
        count = sum(_fits(target, each, parents) for each in done)
        yield Line(label or _("Everybody"), count, target.number or 0, target.id)


def _fits(target: CampaignTarget, done: _Done, parents: Mapping[str, str]) -> bool:
    facts = done.facts
    return (
        (not target.place or target.place in around(facts.place, parents))
        and (not target.sex or target.sex == facts.sex)
        and (not target.age or target.age == facts.age)
        and (not target.status or target.status == facts.status)
        and (not target.account or target.account == done.interview.account)
    )


def _worker_lines(
    session: Session,
    targets: Iterable[CampaignTarget],
    units: list[Any],
    done: list[_Done],
) -> list[Worker]:
    """One line for everybody who has units, a target or interviews."""
    given = {unit.id: unit.account for unit in units}

    def by(interview: Interview) -> str:
        """Who asked: of a paper whoever was given the unit, not whoever typed it."""
        asked = given.get(interview.links.get("survey_unit", ""))
        return (asked if "paper_copy" in interview.links else "") or interview.account

    counts = Counter(by(d.interview) for d in done)
    days: dict[str, set[date]] = {}
    for each in done:
        if each.interview.day:
            days.setdefault(by(each.interview), set()).add(each.interview.day)
    wanted: Counter[str] = Counter()
    for target in targets:
        wanted[target.account or ""] += target.number or 0
    states: dict[str, Counter[str]] = {}
    for unit in units:
        if unit.account and unit.part != "reserve":
            states.setdefault(unit.account, Counter())[unit.state or ""] += 1
    everybody = {*counts, *wanted, *states} - {""}
    names = titles(session, "account", sorted(everybody))
    lines = [
        _worker(
            id, names, counts[id], wanted[id], states.get(id, Counter()), days.get(id, set())
        )
        for id in everybody
    ]
    return sorted(lines, key=lambda line: (line.label.casefold(), line.id))


def _worker(
    id: str,
    names: Mapping[str, str],
    done: int,
    wanted: int,
    states: Counter[str],
    days: set[date],
) -> Worker:
    return Worker(
        label=names.get(id, ""),
        done=done,
        wanted=wanted or sum(states.values()) - states["replaced"],
        id=id,
        to_visit=states["to_visit"],
        absent=states["absent"],
        refused=states["refused"],
        last=max(days).isoformat() if days else "",
        days=len(days),
    )
