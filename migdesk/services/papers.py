"""Filling printed documents: from records to the frozen data of a sheet.

Everything is shown in the language of the document, whatever the screen speaks. What is
marked restricted never goes on paper by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.i18n import _, language, speaking
from migdesk.models import RECORDS, Field, children_of
from migdesk.models.dates import read_moment, show_fuzzy, show_moment
from migdesk.models.kinds import Boolean, Choice, Link, LongText, Money, Number, Picture
from migdesk.printing.blocks import Letterhead
from migdesk.printing.sheets import Imprint
from migdesk.printing.sheets.appointment_slip import AppointmentSlip
from migdesk.printing.sheets.intake_form import IntakeField, IntakeForm, IntakeSection
from migdesk.printing.sheets.list_sheet import ListSheet
from migdesk.printing.sheets.partner_sheet import Contact, PartnerProject, PartnerSheet
from migdesk.printing.sheets.plain_sheet import Children, HistoryLine, PlainSection, PlainSheet
from migdesk.printing.sheets.request_receipt import RequestReceipt

from . import agenda, attachments, directory, history, office, records
from .cases import dossier
from .dossier_paper import dossier_sheet
from .records import Query, View
from .views import Gone, title_of


def imprint(session: Session, code: str = "", date: str = "") -> Imprint:
    """Letterhead of the office in whose name whoever prints works, the language in force,
    and the day of printing."""
    here = office.my_office(session)
    shown = here.shown if here else {}
    lines = [shown.get("agency", ""), shown.get("address", "").replace("\n", ", ")]
    lines.append(
        " · ".join(filter(None, (shown.get("town"), shown.get("phone"), shown.get("email"))))
    )
    head = Letterhead(
        office=here.title if here else "MigDesk",
        lines=[line for line in lines if line],
        hours=shown.get("hours", ""),
        logo=picture(session, here.values["logo"]) if here else b"",
    )
    day = date or show_fuzzy(datetime.now().date().isoformat())
    return Imprint(language=language(), letterhead=head, code=code, date=day)


def picture(session: Session, id: str | None) -> bytes:
    """Bytes of a picture, empty if there is none or it has not arrived."""
    if not id:
        return b""
    try:
        return attachments.read(session, id)[2]
    except (Gone, attachments.NotArrived):
        return b""


def contact_line(session: Session) -> str:
    """How to reach the office, in one line."""
    here = office.my_office(session)
    if here is None:
        return ""
    shown = here.shown
    return " · ".join(filter(None, (here.title, shown["phone"], shown["hours"])))


def request_receipt(session: Session, id: str) -> RequestReceipt:
    """What a person takes home from a visit."""
    visit = records.get(session, "visit", id)
    shown = visit.shown
    papers: tuple[str, ...] = ()
    if visit.values["case"]:
        lines = records.lines_of(session, "paper", visit.values["case"])
        papers = tuple(
            p.title for p in lines if p.values["status"] in ("required", "asked_for")
        )
    return RequestReceipt(
        imprint=imprint(session, visit.code),
        person=_visitor(visit),
        subject=shown["request"],
        received_on=shown["at"],
        received_by=shown["adviser"],
        details="\n".join(filter(None, (shown["words"], shown["outcome"]))),
        next_step=shown["next_step"],
        answer_by=shown["appointment"],
        papers=papers,
        contact=contact_line(session),
    )


def _visitor(visit: View) -> str:
    if visit.shown["person"]:
        return visit.shown["person"]
    return _("Ticket {number}").format(number=visit.shown["ticket"])


def appointment_slip(session: Session, id: str) -> AppointmentSlip:
    """When to come back (A5)."""
    visit = records.get(session, "visit", id)
    here = office.my_office(session)
    place = visit.shown["room"] or (here.title if here else "")
    person = _person_of(session, visit)
    if visit.values["callback"]:
        phone = person.shown["phone"] if person else ""
        place = _("We call you: {phone}").format(phone=phone) if phone else _("We call you")
    moment, zone = visit.values["appointment"], person.values["time_zone"] if person else ""
    theirs = agenda.there(read_moment(moment), zone) if moment else ""
    return AppointmentSlip(
        imprint=imprint(session, visit.code),
        person=_visitor(visit),
        when=_long_moment(moment) or "—",
        place=" · ".join(filter(None, (theirs, place))),
        with_whom=visit.shown["adviser"],
        subject=visit.shown["next_step"] or visit.shown["request"],
        directions=here.shown["address"] if here and not visit.values["callback"] else "",
        contact=contact_line(session),
    )


def _person_of(session: Session, visit: View) -> View | None:
    try:
        id = visit.values["person"]
        return records.get(session, "person", id) if id else None
    except Gone:
        return None


def _long_moment(value: str | None) -> str:
    if not value:
        return ""
    from babel.dates import format_date, format_time

    moment = read_moment(value)
    day = format_date(moment, "full", language())
    hour = format_time(moment, "HH:mm", locale=language())
    return _("{day} at {hour}").format(day=day[:1].upper() + day[1:], hour=hour)


def intake_form(session: Session, id: str = "") -> IntakeForm:
    """The registration form: blank to fill by hand, or with the content of a file."""
    about = RECORDS["person"]
    person = records.get(session, "person", id) if id else None
    sections = []
    for key, title in about.sections.items():
        fields = [f for f in about.fields.values() if f.section == key and not f.hidden]
        made = [
            _intake_field(f, person)
            for f in fields
            if f.secret != "restricted" and not isinstance(f.kind, Picture)
        ]
        if made:
            sections.append(IntakeSection(str(title), tuple(made)))
    return IntakeForm(
        imprint=imprint(session, person.code if person else ""),
        sections=tuple(sections),
        blank=person is None,
        person=person.title if person else "",
        photo=picture(session, person.values["photo"]) if person else b"",
        notice=_(
            "No identity paper is needed. You may leave any question without an answer, see "
            "your file, have it corrected, and withdraw your consent at any time."
        ),
    )


def _intake_field(declared: Field, person: View | None) -> IntakeField:
    choices: tuple[str, ...] = ()
    kind = declared.kind
    if isinstance(kind, Choice) and kind.codes not in ("country", "occupations", "languages"):
        choices = tuple(item.label() for item in codelists.get(kind.codes))
        choices = choices if len(choices) <= 10 else ()
    if isinstance(kind, Boolean):
        choices = (_("yes"), _("no"))
    return IntakeField(
        label=str(declared.label),
        value=person.shown[declared.name] if person else "",
        choices=choices,
        many=kind.many,
        lines=2 if isinstance(kind, LongText) else 0,
    )


def partner_sheet(session: Session, id: str) -> PartnerSheet:
    """An organisation, its people, its projects and whom it meets there."""
    partner = directory.partner(session, id)
    view = partner.organisation
    by_code: dict[str, list[str]] = {}
    met: dict[str, int] = {}
    for name, code in partner.fellows:
        by_code.setdefault(code, []).append(name)
        met[name] = met.get(name, 0) + 1
    countries = [view.shown["country"]] + [p.shown["country"] for p in partner.projects]
    labels = ("place", "address", "phone", "email", "website", "sectors")
    about = RECORDS["organisation"]
    return PartnerSheet(
        imprint=imprint(session, view.code),
        name=view.title,
        kind=view.shown["types"],
        acronym=view.shown["acronym"],
        countries=tuple(dict.fromkeys(filter(None, countries))),
        facts=tuple((str(about[n].label), view.shown[n]) for n in labels),
        description=view.shown["description"],
        contacts=tuple(
            Contact(c.title, c.shown["role"], c.shown["phone"], c.shown["email"])
            for c in partner.contacts
        ),
        projects=tuple(
            PartnerProject(
                title=f"{p.code} · {p.title}" if p.code else p.title,
                places=p.shown["countries"],
                partners=tuple(by_code.get(p.code, ())),
            )
            for p in partner.projects
        ),
        partners=tuple((name, str(n)) for name, n in sorted(met.items())),
    )


def plain_sheet(session: Session, kind: str, id: str, past: bool = False) -> PlainSheet:
    """Any record: its sections, its lines, on demand its history."""
    about = RECORDS[kind]
    view = records.get(session, kind, id)
    sections = []
    for key, title in about.sections.items():
        facts = tuple(
            (str(f.label), view.shown[f.name])
            for f in about.fields.values()
            if f.section == key
            and not f.hidden
            and f.secret != "restricted"
            and not isinstance(f.kind, Picture)
            and view.shown[f.name]
        )
        if facts:
            sections.append(PlainSection(str(title), facts))
    lines = records.children(session, kind, id)
    events = history.history(session, kind, id) if past else ()
    return PlainSheet(
        imprint=imprint(session, view.code),
        kind=str(about.label),
        title=view.title,
        sections=tuple(sections),
        children=tuple(
            _table(t.kind, lines[t.kind]) for t in children_of(kind) if lines[t.kind]
        ),
        history=tuple(
            HistoryLine(show_moment(e.at), e.who, label, before, after)
            for e in events
            for label, before, after in e.changes
        ),
    )


def _table(kind: str, lines: Iterable[View]) -> Children:
    about = RECORDS[kind]
    columns = about.columns
    numbers = [n for n, f in enumerate(columns) if isinstance(f.kind, Number | Money)]
    return Children(
        str(about.plural),
        [str(f.label) for f in columns],
        [[line.shown[f.name] for f in columns] for line in lines],
        tuple(numbers),
    )


def list_sheet(
    session: Session, kind: str, query: Query, columns: tuple[str, ...] = ()
) -> ListSheet:
    """The list that a screen shows, at most 2,000 rows."""
    about = RECORDS[kind]
    shown = [about[name] for name in columns] or about.columns
    page = records.list_page(session, kind, query, limit=2_000)
    said = [query.text, *(_said(session, about[name], value) for name, value in query.filters)]
    return ListSheet(
        imprint=imprint(session),
        title=str(about.plural),
        columns=[str(f.label) for f in shown],
        rows=[[row.shown[f.name] for f in shown] for row in page.rows],
        filter=" · ".join(filter(None, said)),
        numbers=tuple(n for n, f in enumerate(shown) if isinstance(f.kind, Number | Money)),
    )


def _said(session: Session, field: Field, value: Any) -> str:
    value = value[0] if isinstance(value, tuple) else value
    if value and isinstance(field.kind, Link):
        return f"{field.label}: {title_of(session, field.kind.to, value)}"
    return f"{field.label}: {field.kind.show(value)}"


def project_dossier(session: Session, id: str) -> Any:
    """The dossier of a project: what a lender reads."""
    return dossier_sheet(dossier(session, id), imprint(session, ""))


Filler = Callable[..., Any]

FILLERS: dict[str, Filler] = {
    "request-receipt": request_receipt,
    "appointment-slip": appointment_slip,
    "intake-form": intake_form,
    "project-dossier": project_dossier,
    "partner-sheet": partner_sheet,
    "plain-sheet": plain_sheet,
    "list-sheet": list_sheet,
}

_SHEETS_OF: dict[str, tuple[str, ...]] = {
    "person": ("intake-form", "information-notice", "consent-form", "subject-access"),
    "visit": ("request-receipt", "appointment-slip"),
    "case": ("project-dossier",),
    "organisation": ("partner-sheet",),
    "submission": ("questionnaire",),
    "questionnaire": ("questionnaire",),
    "campaign": ("campaign-progress",),
}


def sheets_of(kind: str) -> tuple[str, ...]:
    """Documents that can be made of a record, beside the plain sheet that fits every kind."""
    from migdesk.printing.recipes import RECIPES

    cooked = (name for name, recipe in RECIPES.items() if recipe.kind == kind)
    return (*_SHEETS_OF.get(kind, ()), *cooked)


def kind_of(sheet: str) -> str:
    """Kind of record that a document is made of, "" for one that needs more than that."""
    from migdesk.printing.recipes import RECIPES

    if sheet in RECIPES:
        return RECIPES[sheet].kind
    return next((kind for kind, sheets in _SHEETS_OF.items() if sheet in sheets), "")


def fill(session: Session, sheet: str, document_language: str, params: dict[str, Any]) -> Any:
    """Data of a sheet in the language of the document."""
    from migdesk.printing.recipes import RECIPES

    from .agenda_papers import AGENDA_FILLERS
    from .answer_papers import ANSWER_FILLERS
    from .bench import BENCH_FILLERS
    from .campaign_papers import CAMPAIGN_FILLERS
    from .key_papers import KEY_FILLERS
    from .paper_forms import questionnaire_sheet
    from .protection_papers import PROTECTION_FILLERS
    from .recipe_papers import record_sheet
    from .transfer_slips import SLIP_FILLERS

    fillers = {
        **FILLERS,
        **AGENDA_FILLERS,
        **ANSWER_FILLERS,
        **BENCH_FILLERS,
        **CAMPAIGN_FILLERS,
        **KEY_FILLERS,
        **PROTECTION_FILLERS,
        **SLIP_FILLERS,
        "questionnaire": questionnaire_sheet,
        **{name: partial(record_sheet, sheet=name) for name in RECIPES},
    }
    with speaking(document_language):
        data = fillers[sheet](session, **params)
        return replace(data, imprint=replace(data.imprint, language=document_language))
