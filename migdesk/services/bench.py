"""The design bench: versions of questionnaires, and what there is to say of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from migdesk.errors import Fault
from migdesk.forms.entities import Declared, declared
from migdesk.forms.faults import FormFault, Place, Remark
from migdesk.forms.form import Form
from migdesk.forms.inventory import Inventory, inventory
from migdesk.forms.needs import Needs, needs
from migdesk.forms.remarks import remarks
from migdesk.forms.sheets import Sheets
from migdesk.i18n import _
from migdesk.models.office import Questionnaire
from migdesk.printing.sheets.bench_report import BenchReport, BenchTable

from . import form_files, form_lists, submissions
from .form_words import form_of
from .views import load


@dataclass(frozen=True)
class Version:
    """A version of a questionnaire that is here, and how often it was filled."""

    id: str
    form: str
    version: str
    name: str
    active: bool
    count: int


@dataclass(frozen=True)
class FileState:
    """A file that a form asks for. `state`: given, missing, own (one of our lists)."""

    name: str
    list: bool
    state: str


@dataclass(frozen=True)
class Subject:
    """A form on the bench: a version that is here (`questionnaire`), or a file that was only
    read. `form` is None where it cannot run: `fault` says why."""

    title: str
    form: Form | None
    questionnaire: str = ""
    xml: str = field(default="", repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    remarks: tuple[Remark, ...] = ()
    fault: Fault | None = None
    states: tuple[FileState, ...] = ()
    entities: tuple[Declared, ...] = ()
    counted: Inventory | None = None

    @property
    def version(self) -> str:
        return self.form.version if self.form is not None else ""


def versions(session: Session) -> tuple[Version, ...]:
    """Every version of every questionnaire: by title, the one in use first, then the newest."""
    found = submissions.with_counts(session)
    found.sort(key=lambda each: str(each[0].stamps.get("xform", "")), reverse=True)
    found.sort(key=lambda each: (_title(each[0]), each[0].form or "", not each[0].active))
    return tuple(
        Version(row.id, row.form or "", row.version or "", row.name or "", bool(row.active), n)
        for row, n in found
    )


def _title(row: Questionnaire) -> str:
    return (row.name or row.form or "").casefold()


def subject(session: Session, questionnaire: str) -> Subject:
    """A version that is here. A form that cannot run any more says why. Raises Gone."""
    record = load(session, "questionnaire", questionnaire)
    assert isinstance(record, Questionnaire)
    xml = submissions.xform(session, questionnaire)
    held = form_files.names_of(session, questionnaire)
    made = Subject(record.name or "", None, questionnaire, xml)
    try:
        form = form_of(xml, form_lists.lists_of(session, questionnaire))
    except FormFault as fault:
        return replace(made, fault=fault, states=states(needs(xml), held))
    return described(replace(made, form=form, remarks=remarks(form, xml, Sheets())), held)


def described(made: Subject, held: Sequence[str]) -> Subject:
    """With all that is told of a form that runs; `held`: names of the files it has."""
    assert made.form is not None
    return replace(
        made,
        states=states(needs(made.xml), held),
        entities=declared(made.xml),
        counted=inventory(made.form),
    )


def states(wanted: Needs, held: Sequence[str]) -> tuple[FileState, ...]:
    """What became of each file that a form asks for."""
    there = {name.lower() for name in held}
    found = []
    for name in wanted:
        state = "given" if name.lower() in there else "missing"
        if state == "missing" and name.lower() in form_lists.LISTS:
            state = "own"
        found.append(FileState(name, name in wanted.lists, state))
    return tuple(found)


def registered(old: Subject, new: Subject) -> BenchTable | None:
    """What is registered otherwise: properties of entities, and the questions they are
    taken from. None where nothing is."""
    before, after = _saved(old), _saved(new)
    rows = [
        (f"{dataset}: {name}", before.get((dataset, name), ""), after.get((dataset, name), ""))
        for dataset, name in {**before, **after}
        if before.get((dataset, name)) != after.get((dataset, name))
    ]
    heads = (_("Entity list"), _("Before"), _("After"))
    return BenchTable(_("Entities"), heads, rows, (3, 4, 4)) if rows else None


def _saved(subject: Subject) -> dict[tuple[str, str], str]:
    """Question of each property, by entity list and name."""
    return {
        (each.dataset, name): path.rpartition("/")[2]
        for each in subject.entities
        for name, path in each.properties.items()
    }


def place_of(fault: Fault) -> Place:
    """Where a fault says that its designer should look."""
    return fault.place if isinstance(fault, FormFault) else Place()


def report_sheet(
    session: Session,
    title: str,
    kicker: str,
    subject: str,
    facts: Sequence[tuple[str, str]],
    tables: Sequence[BenchTable],
) -> BenchReport:
    """A report that was made already, on the paper of this office."""
    from .papers import imprint

    return BenchReport(imprint(session), title, kicker, subject, tuple(facts), tuple(tables))


BENCH_FILLERS: dict[str, Any] = {"bench-report": report_sheet}
