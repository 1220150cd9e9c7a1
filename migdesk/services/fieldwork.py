"""The sample of a campaign: its frame, its draw, who visits whom, what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models import RECORDS
from migdesk.models.kinds import now_utc
from migdesk.models.office import Account
from migdesk.models.survey import Campaign, Draw, PaperCopy, SurveyUnit

from . import records, sampling
from .sampling import Framed, Method
from .views import Query, View, load, view, views

PLACE_OF = {"person": "origin", "household": "place"}
"""Which field of a record says where the unit is."""
TO_BE_VISITED = ("to_visit", "absent")
PAGE = 500


class ReasonNeeded(Mistake):
    """A replacement without a reason."""

    code = "SMP-003"
    text = N_("Say why this unit is replaced: a sample is judged by its replacements.")


class NoReserve(Mistake):
    """Every reserve is called."""

    code = "SMP-004"
    text = N_("No reserve is left for this unit: all those of its stratum were called.")


class NotInSample(Mistake):
    """A unit of the frame that was not drawn, or is done."""

    code = "SMP-005"
    text = N_("“{name}” is not waiting for a visit.")


@dataclass(frozen=True)
class Visit:
    """A unit to visit: the unit, its campaign, and the questionnaire to fill."""

    unit: View
    campaign: View
    questionnaire: str


# the frame --------------------------------------------------------------------


def frame_from(
    session: Session, campaign: str, kind: str, query: Query, stratum: str = ""
) -> int:
    """Add the records that `query` finds to the frame; returns the number of new units.

    `kind` is person, household or place; `stratum` names the field whose words, as shown,
    are the stratum. A record that is in the frame already is left out.
    """
    held = _held(session, campaign, kind)
    new = 0
    for row in _all(session, kind, query):
        if row.id in held:
            continue
        values = {
            "campaign": campaign,
            "name": row.title,
            "code": row.code or None,
            "place": row.id if kind == "place" else row.values[PLACE_OF[kind]],
            "stratum": row.shown[stratum] if stratum else None,
            "phone": row.values.get("phone"),
        }
        if kind in ("person", "household"):
            values[kind] = row.id
        records.save(session, "survey_unit", None, values)
        new += 1
    return new


def _held(session: Session, campaign: str, kind: str) -> set[str]:
    column = getattr(SurveyUnit, kind)
    wanted = [SurveyUnit.campaign == campaign, SurveyUnit.deleted.is_(False)]
    if kind == "place":
        wanted += [SurveyUnit.person.is_(None), SurveyUnit.household.is_(None)]
    return {id for id in session.scalars(sa.select(column).where(*wanted)) if id}


def _all(session: Session, kind: str, query: Query) -> Iterator[View]:
    after = ""
    while True:
        page = records.list_page(session, kind, query, after, PAGE)
        yield from page.rows
        after = page.next
        if not after:
            return


def strata_fields(kind: str) -> list[tuple[str, str]]:
    """(field, label) that may split records of a kind into strata."""
    return [
        (field.name, str(field.label))
        for field in RECORDS[kind].fields.values()
        if not field.hidden
        and not field.secret
        and (hasattr(field.kind, "codes") or field.kind.name == "place")
        and not field.kind.many
    ]


# the draw ---------------------------------------------------------------------


def waiting_frame(session: Session, campaign: str) -> tuple[Framed, ...]:
    """Units that were not drawn yet, in the order of the list."""
    rows = session.execute(
        sa.select(SurveyUnit.id, SurveyUnit.stratum)
        .where(
            SurveyUnit.campaign == campaign,
            SurveyUnit.deleted.is_(False),
            SurveyUnit.draw.is_(None),
        )
        .order_by(SurveyUnit.id)
    )
    return tuple(Framed(id, stratum or "") for id, stratum in rows)


def make_draw(
    session: Session, campaign: str, method: Method, size: int, seed: str, reserve: int = 0
) -> str:
    """Draw from the units that were not drawn yet, and keep how; returns the draw's id.

    Who drew, when, by what method, with what seed, from what frame are kept with it: the
    same frame and seed give the same sample again. Raises NothingWanted, TooFew.
    """
    frame = waiting_frame(session, campaign)
    sample = sampling.draw(frame, method, size, seed, reserve)
    id = records.save(
        session,
        "draw",
        None,
        {
            "campaign": campaign,
            "at": now_utc(),
            "account": session.info["scribe"].actor or None,
            "method": method,
            "seed": seed,
            "size": size,
            "reserve": reserve,
            "frame": len(frame),
            "digest": sample.digest,
            "strata": [
                f"{name or '—'}: {drawn} + {spare} / {held}"
                for name, (held, drawn, spare) in sample.sizes.items()
            ],
        },
    )
    held = _units(session, [pick.id for pick in sample.picks])
    for pick in sample.picks:
        unit = held[pick.id]
        unit.draw, unit.rank = id, pick.rank
        unit.part = "reserve" if pick.reserve else "sample"
        unit.state = None if pick.reserve else "to_visit"
    session.flush()
    return id


def _units(session: Session, ids: Sequence[str]) -> dict[str, SurveyUnit]:
    found: dict[str, SurveyUnit] = {}
    for start in range(0, len(ids), PAGE):
        part = ids[start : start + PAGE]
        rows = session.scalars(sa.select(SurveyUnit).where(SurveyUnit.id.in_(part)))
        found |= {row.id: row for row in rows}
    return found


def draws(session: Session, campaign: str) -> tuple[View, ...]:
    """Draws of a campaign, newest first."""
    return records.linked(session, "draw", "campaign", campaign)


def counts(session: Session, campaign: str) -> dict[str, int]:
    """Units by state in the order of the list of states; "" those not drawn, then
    ``reserve`` those that wait to be called."""
    rows = session.execute(
        sa.select(SurveyUnit.part, SurveyUnit.state, sa.func.count())
        .where(SurveyUnit.campaign == campaign, SurveyUnit.deleted.is_(False))
        .group_by(SurveyUnit.part, SurveyUnit.state)
    )
    found: dict[str, int] = {}
    for part, state, count in rows:
        key = state or ("reserve" if part == "reserve" else "")
        found[key] = found.get(key, 0) + count
    order = ["", *(item.code for item in codelists.get("unit_states")), "reserve"]
    return {key: found[key] for key in order if key in found}


# visits -----------------------------------------------------------------------


def mark(session: Session, unit: str, state: str, reason: str = "") -> None:
    """What became of a visit: to_visit, absent, refused or done, with a reason if any."""
    row = _unit(session, unit)
    if not row.draw or row.state == "replaced":
        raise NotInSample(name=row.name or "")
    records.save(session, "survey_unit", unit, {"state": state, "reason": reason or None})


def replace(session: Session, unit: str, reason: str) -> str:
    """Call the next reserve, of the same stratum if the draw was stratified, instead of a
    unit that cannot be asked; returns its id. Raises ReasonNeeded, NotInSample, NoReserve.
    """
    row = _unit(session, unit)
    if not reason.strip():
        raise ReasonNeeded("reason")
    if not row.draw or row.state in (None, "done", "replaced"):
        raise NotInSample(name=row.name or "")
    drawn = session.get(Draw, row.draw)
    stratified = bool(drawn and (drawn.method or "").startswith("stratified"))
    waiting = session.execute(
        sa.select(SurveyUnit.id, SurveyUnit.stratum, SurveyUnit.rank).where(
            SurveyUnit.draw == row.draw,
            SurveyUnit.part == "reserve",
            SurveyUnit.deleted.is_(False),
        )
    )
    ranked = [(id, stratum or "", rank or 0) for id, stratum, rank in waiting]
    called = sampling.next_reserve(ranked, row.stratum or "", stratified)
    if called is None:
        raise NoReserve
    values = {
        "part": "replacement",
        "state": "to_visit",
        "replaces": unit,
        "account": row.account,
    }
    records.save(session, "survey_unit", called, values)
    records.save(session, "survey_unit", unit, {"state": "replaced", "reason": reason.strip()})
    return called


def _unit(session: Session, id: str) -> SurveyUnit:
    row = load(session, "survey_unit", id)
    assert isinstance(row, SurveyUnit)
    return row


def assign(session: Session, units: Sequence[str], account: str) -> int:
    """Give units to an enumerator ("" takes them back); returns how many changed."""
    changed = 0
    for row in _units(session, units).values():
        if (row.account or "") != account:
            row.account = account or None
            changed += 1
    session.flush()
    return changed


def assign_place(session: Session, campaign: str, place: str | None, account: str) -> int:
    """Give all that waits for a visit in one place to an enumerator; returns how many
    changed."""
    rows = session.scalars(
        sa.select(SurveyUnit.id).where(
            SurveyUnit.campaign == campaign,
            SurveyUnit.deleted.is_(False),
            SurveyUnit.state.in_(TO_BE_VISITED),
            SurveyUnit.place.is_not_distinct_from(place),
        )
    )
    return assign(session, list(rows), account)


def share_out(session: Session, campaign: str, accounts: Sequence[str]) -> int:
    """Share what nobody visits yet among enumerators, whole places as far as they go, so
    that nobody travels twice; returns the number of units given."""
    rows = session.scalars(
        sa.select(SurveyUnit)
        .where(
            SurveyUnit.campaign == campaign,
            SurveyUnit.deleted.is_(False),
            SurveyUnit.state.in_(TO_BE_VISITED),
            SurveyUnit.account.is_(None),
        )
        .order_by(SurveyUnit.place, SurveyUnit.rank, SurveyUnit.id)
    ).all()
    for place, row in enumerate(rows if accounts else ()):
        row.account = accounts[place * len(accounts) // len(rows)]
    session.flush()
    return len(rows) if accounts else 0


def enumerators(session: Session) -> tuple[View, ...]:
    """Accounts in use, enumerators first."""
    rows = session.scalars(
        sa.select(Account)
        .where(Account.deleted.is_(False), Account.active.is_not(False))
        .order_by(Account.role != "enumerator", Account.name)
    )
    return views(session, "account", rows)


def my_visits(session: Session, account: str) -> tuple[Visit, ...]:
    """Units that an enumerator still has to visit, in campaigns that are not closed:
    by campaign, place and rank."""
    rows = session.execute(
        sa.select(SurveyUnit, Campaign)
        .join(Campaign, Campaign.id == SurveyUnit.campaign)
        .where(
            SurveyUnit.account == account,
            SurveyUnit.deleted.is_(False),
            SurveyUnit.state.in_(TO_BE_VISITED),
            Campaign.deleted.is_(False),
            Campaign.state.is_distinct_from("closed"),
        )
        .order_by(Campaign.ends, Campaign.id, SurveyUnit.place, SurveyUnit.rank)
        .limit(1_000)
    ).all()
    units = views(session, "survey_unit", [unit for unit, _campaign in rows])
    held = {campaign.id: campaign for _unit, campaign in rows}
    shown = {id: view(session, campaign) for id, campaign in held.items()}
    return tuple(
        Visit(unit, shown[campaign.id], campaign.questionnaire or "")
        for unit, (_unit, campaign) in zip(units, rows, strict=True)
    )


# when an interview is finished --------------------------------------------------


def completed(session: Session, links: Mapping[str, str]) -> dict[str, str]:
    """The links of a submission with those that its unit or its paper implies."""
    found = {name: id for name, id in links.items() if id}
    for kind in ("paper_copy", "survey_unit"):
        row = session.get(RECORDS[kind].model, found.get(kind, ""))
        if row is None:
            continue
        implied = {"survey_unit": "unit"} if kind == "paper_copy" else {}
        for name in ("campaign", "survey_unit", "person", "household", "place"):
            value = getattr(row, implied.get(name, name), None)
            if value and name != kind:
                found.setdefault(name, value)
    return found


def visited(session: Session, unit: str) -> None:
    """An interview with a unit is finished."""
    if unit and session.get(SurveyUnit, unit) is not None:
        records.save(session, "survey_unit", unit, {"state": "done", "reason": None})


def take_second(session: Session, paper: str, xml: str, held: str | None) -> str:
    """Keep a second entry on its copy; returns the id of the first entry's submission.

    "" if this is no second entry: no copy, the first one, or a first entry corrected
    (`held`). Whoever typed it, it is kept: refusing here would lose an hour of typing.
    """
    row = session.get(PaperCopy, paper) if paper else None
    if row is None or not row.first or row.state != "second" or held == row.first:
        return ""
    actor = session.info["scribe"].actor or None
    values = {"xml": xml, "second": actor, "state": "compare"}
    records.save(session, "paper_copy", paper, values)
    return row.first


def take_first(session: Session, paper: str, submission: str) -> None:
    """The first entry of a copy is finished."""
    row = session.get(PaperCopy, paper) if paper else None
    if row is not None and not row.first:
        actor = session.info["scribe"].actor or None
        values = {"first": submission, "account": actor, "state": "second"}
        records.save(session, "paper_copy", paper, values)
