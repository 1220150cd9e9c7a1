"""The directory: finding by name, places by P-code, projects with their partners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models.organisation import Organisation, Participation, Project

from . import records
from .imports import Names
from .views import View, views


class WrongColumns(Mistake):
    """A file for another purpose."""

    code = "DIR-001"
    text = N_("This file lacks the columns: {columns}. Nothing was imported.")


@dataclass(frozen=True)
class ProjectCounts:
    """What an import of projects found: partners counted once, mentions each time."""

    projects: int
    partners: int
    mentions: int
    countries: int


PROJECT_COLUMNS = ("code", "title_fr", "target_country_iso2", "partners", "countries_iso2")


def import_projects(session: Session, rows: Iterable[Mapping[str, str]]) -> ProjectCounts:
    """Projects with their partner organisations, from rows like `jmdi_projects.csv`.

    A project whose code is here already is brought up to date, not doubled; partners are
    recognised by their name. Raises WrongColumns before anything is written.
    """
    found = list(rows)
    lacking = [c for c in PROJECT_COLUMNS if not found or c not in found[0]]
    if lacking:
        raise WrongColumns(columns=", ".join(lacking))
    names = Names(session)
    held = {p.code: p.id for p in session.scalars(sa.select(Project)) if p.code}
    partners: set[str] = set()
    mentions = 0
    for row in found:
        project = records.save(session, "project", held.get(row["code"]), _project(row))
        joined = set(
            session.scalars(
                sa.select(Participation.organisation).where(
                    Participation.project == project, Participation.deleted.is_(False)
                )
            )
        )
        for name in filter(None, (part.strip() for part in row["partners"].split("|"))):
            organisation = names.find_or_make("organisation", name)
            mentions += 1
            partners.add(organisation)
            if organisation not in joined:
                link = {"project": project, "organisation": organisation}
                records.save(session, "participation", None, link)
    _countries_of_partners(session)
    return ProjectCounts(
        len(found), len(partners), mentions, len({row["target_country_iso2"] for row in found})
    )


def _project(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name": row["title_fr"],
        "country": row["target_country_iso2"],
        "countries": row["countries_iso2"].split("|"),
        "note": row.get("notes") or None,
    }


def _countries_of_partners(session: Session) -> None:
    """A partner whose every project lies in one single country is of that country."""
    session.flush()
    seen: dict[str, set[str]] = {}
    rows = session.execute(
        sa.select(Participation.organisation, Project.countries).join(
            Project, Project.id == Participation.project
        )
    )
    for organisation, countries in rows:
        if organisation:
            seen.setdefault(organisation, set()).update(countries or ())
    for organisation, places in seen.items():
        held = session.get(Organisation, organisation)
        if held is not None and held.country is None and len(places) == 1:
            held.country = next(iter(places))


@dataclass(frozen=True)
class Partner:
    """An organisation with what stands on its fact sheet."""

    organisation: View
    contacts: tuple[View, ...]
    projects: tuple[View, ...]
    fellows: tuple[tuple[str, str], ...]


def partner(session: Session, id: str) -> Partner:
    """An organisation, its contacts, its projects and (partner, project) beside it."""
    projects = session.scalars(
        sa.select(Project)
        .join(Participation, Participation.project == Project.id)
        .where(Participation.organisation == id, Participation.deleted.is_(False))
        .order_by(Project.code)
    ).all()
    fellows = session.execute(
        sa.select(Organisation.name, Project.code)
        .join(Participation, Participation.organisation == Organisation.id)
        .join(Project, Project.id == Participation.project)
        .where(Project.id.in_([p.id for p in projects]), Organisation.id != id)
        .order_by(Organisation.name)
    )
    return Partner(
        records.get(session, "organisation", id),
        records.lines_of(session, "contact_person", id),
        views(session, "project", projects),
        tuple((name or "", code or "") for name, code in fellows),
    )
