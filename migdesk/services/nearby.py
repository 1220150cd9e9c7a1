"""Similar businesses nearby: the same sector, in the same place or the same department."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.case import Case
from migdesk.models.organisation import PlaceRecord

from . import records
from .views import View, views

AREA = "department"
WIDER = ("country", "region")
DEEPEST = 12
DROPPED = ("closed_dropped",)


@dataclass(frozen=True)
class Similar:
    """A dossier like the one asked about; `same_place`: in the very same commune or village,
    else in the same department."""

    case: View
    same_place: bool


def similar(session: Session, id: str) -> tuple[Similar, ...]:
    """Dossiers of the same sector around a case that were not given up, those of the same
    place first. Nothing while sector or place are not known."""
    case = records.get(session, "case", id)
    sector, place = case.values["sector"], case.values["place"]
    if not sector or not place:
        return ()
    inside = area(session, place)
    found = session.scalars(
        sa.select(Case).where(
            Case.sector == sector,
            Case.place.in_(inside),
            Case.id != id,
            Case.deleted.is_(False),
            sa.or_(Case.status.is_(None), Case.status.not_in(DROPPED)),
        )
    )
    near = [
        Similar(view, view.values["place"] == place) for view in views(session, "case", found)
    ]
    return tuple(sorted(near, key=lambda s: (not s.same_place, s.case.id)))


def area(session: Session, place: str) -> set[str]:
    """Ids of the department around a place and of all that lies in it; of the place alone
    where no department is known or the place is larger than one."""
    top = _department(session, place)
    if top is None:
        return {place}
    found = fresh = {top, place}
    while fresh:
        inside = session.scalars(
            sa.select(PlaceRecord.id).where(
                PlaceRecord.parent.in_(fresh), PlaceRecord.deleted.is_(False)
            )
        )
        fresh = set(inside) - found
        found = found | fresh
    return found


def area_name(session: Session, place: str) -> str:
    """Name of the department around a place, or of the place."""
    top = session.get(PlaceRecord, _department(session, place) or place)
    return (top.name or "") if top is not None else ""


def _department(session: Session, place: str) -> str | None:
    """The department in which a place lies; a ring of places, or one that has not arrived,
    ends the search."""
    here: str | None = place
    for _step in range(DEEPEST):
        row = session.get(PlaceRecord, here) if here else None
        if row is None or row.level in WIDER:
            return None
        if row.level == AREA:
            return row.id
        here = row.parent
    return None
