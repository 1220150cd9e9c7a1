"""An organisation at a glance: who it is, whom to call, what it does with whom."""

from __future__ import annotations

from dataclasses import dataclass

from migdesk.i18n import _
from migdesk.printing.blocks import Column, Document, Paragraph, Title
from migdesk.printing.sheets.common import Facts, Imprint, facts, page, section, spoken, table


@dataclass(frozen=True)
class Contact:
    """A person to call at the organisation."""

    name: str
    role: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class PartnerProject:
    """A project of the organisation, and the other partners in it."""

    title: str
    role: str = ""
    places: str = ""
    period: str = ""
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartnerSheet:
    """`partners` are the organisations met in the same projects, with how often."""

    imprint: Imprint
    name: str
    kind: str = ""
    acronym: str = ""
    countries: tuple[str, ...] = ()
    facts: Facts = ()
    description: str = ""
    contacts: tuple[Contact, ...] = ()
    projects: tuple[PartnerProject, ...] = ()
    partners: tuple[tuple[str, str], ...] = ()


@spoken
def lay_out(data: PartnerSheet) -> Document:
    """The parts that hold something, most used first."""
    title = _("Partner fact sheet")
    subtitle = " · ".join(part for part in (data.acronym, data.kind) if part)
    countries = (_("Countries"), ", ".join(data.countries))
    contacts = [(c.name, c.role, c.phone, c.email) for c in data.contacts]
    projects = [
        (p.title, p.role, p.places, p.period, ", ".join(p.partners)) for p in data.projects
    ]
    contact_columns = [
        Column(_("Name")),
        Column(_("Role")),
        Column(_("Phone")),
        Column(_("E-mail")),
    ]
    project_columns = [
        Column(_("Project")),
        Column(_("Role")),
        Column(_("Places")),
        Column(_("Period")),
        Column(_("Partners")),
    ]
    blocks = [
        Title(data.name, kicker=title, subtitle=subtitle),
        facts([countries, *data.facts]),
        Paragraph(data.description),
        *section(_("Contacts"), table(contact_columns, contacts)),
        *section(_("Projects"), table(project_columns, projects), aside=_count(len(projects))),
        *section(
            _("Partners of the same projects"),
            table([Column(_("Organisation")), Column(_("Projects"), "end")], data.partners),
        ),
    ]
    return page(data.imprint, title, blocks)


def _count(number: int) -> str:
    return str(number) if number > 1 else ""
