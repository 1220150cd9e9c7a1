"""Questionnaires in and answers out: import a workbook, install ours, export to a table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from migdesk.forms import xlsform
from migdesk.i18n import _
from migdesk.models.store import Store
from migdesk.paths import resource
from migdesk.services import records, submissions
from migdesk.services.views import View
from migdesk.task import Task

from . import tables

BUILT_IN = ("needs_assessment", "household_survey", "commune_profile")


@dataclass(frozen=True)
class Imported:
    """A questionnaire that is now in use, with remarks for its designer."""

    questionnaire: View
    warnings: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.questionnaire.title


def import_xlsform(store: Store, task: Task, path: Path) -> Imported:
    """Put a workbook (.xlsx, .xls, .md, .csv) in use.

    Raises FormFault with sheet, row and column where the workbook is wrong, SameVersion,
    Unreadable when the file cannot be read. Nothing is written unless all is well.
    """
    task.step(0, 3, path.name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise tables.Unreadable(name=path.name, why=error.strerror or "") from error
    kind = path.suffix.lower()
    made = xlsform.convert(data, kind)
    task.step(1, 3, path.name)
    form = xlsform.load(data, kind)
    task.step(2, 3, path.name)
    id = store.write(
        submissions.add_questionnaire,
        form.title or path.stem,
        form.form_id,
        form.version,
        made.xml,
    )
    later = (
        _("“{name}” ({type}) is answered as text for now.").format(
            name=ref.rpartition("/")[2], type=kind_of
        )
        for ref, kind_of in form.not_yet()
    )
    return Imported(store.read(records.get, "questionnaire", id), (*made.warnings, *later))


def install_built_in(store: Store, task: Task) -> None:
    """Put our own questionnaires in use. Those that are here already stay as they are."""
    for done, name in enumerate(BUILT_IN):
        task.step(done, len(BUILT_IN), name)
        import_xlsform(store, task, resource("questionnaires", f"{name}.md"))
