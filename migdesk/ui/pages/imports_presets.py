"""Tables whose columns we know, and what is said once they are taken over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from migdesk.i18n import N_, Text, _, ngettext
from migdesk.jobs import import_projects as jobs
from migdesk.services.directory import ProjectCounts


@dataclass(frozen=True)
class Preset:
    """A table whose columns we know: the job that takes it over, and what it says then."""

    label: Text
    job: Callable[..., Any]
    done: Callable[[Any], str]


def _projects_done(counts: ProjectCounts) -> str:
    return _(
        "{projects} projects, {partners} partners, {mentions} mentions of partners, "
        "{countries} countries."
    ).format(
        projects=counts.projects,
        partners=counts.partners,
        mentions=counts.mentions,
        countries=counts.countries,
    )


def _places_done(made: int) -> str:
    return ngettext("{n} new place.", "{n} new places.", made).format(n=made)


PRESETS: dict[str, Preset] = {
    "preset:projects": Preset(
        N_("Projects of the JMDI, with their partners"), jobs.import_projects, _projects_done
    ),
    "preset:places": Preset(N_("Places with P-codes"), jobs.import_places, _places_done),
}
