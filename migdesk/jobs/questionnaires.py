"""Questionnaires in: a workbook or an XForm with its files; files that come later; ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from migdesk.errors import Mistake
from migdesk.forms.attached import ITEMSETS, read_list
from migdesk.forms.faults import Place, Remark
from migdesk.forms.form import Form
from migdesk.forms.needs import Needs, needs
from migdesk.forms.remarks import remarks
from migdesk.forms.sheets import Sheets
from migdesk.forms.xlsform import Workbook
from migdesk.i18n import N_, _, ngettext
from migdesk.models.store import Store
from migdesk.paths import resource
from migdesk.services import entity_maps, form_files, form_lists, records, submissions
from migdesk.services.form_words import form_of
from migdesk.services.views import View
from migdesk.task import Task

from . import form_parcel

BUILT_IN = ("needs_assessment", "household_survey", "commune_profile")

ABSENT = N_(
    "the file “{name}” is missing. Add it with “Add files…”; until then there is a gap."
)


class FilesMissing(Mistake):
    """A form whose lists are not beside it; `names` are those of the files."""

    code = "QUE-007"
    text = N_("The form needs files that are not beside it: {names}.")

    def __init__(self, form: str, missing: Mapping[str, Place]) -> None:
        self.form = form
        self.missing = missing
        super().__init__(names=", ".join(missing))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.missing)

    @property
    def words(self) -> str:
        """A line for each file and where it is asked for, then what to do."""
        head = ngettext(
            "The form needs a file that is not beside it:",
            "The form needs {n} files that are not beside it:",
            len(self.missing),
        ).format(n=len(self.missing))
        lines = [
            f"– {name} ({place})" if str(place) else f"– {name}" for name, place in self._all
        ]
        todo = _(
            "Import the form together with them: put them in its folder, in a folder called "
            "“{folder}” beside it, or in one .zip with it."
        ).format(folder=f"{self.form}{form_parcel.MEDIA}")
        return "\n".join([head, *lines, todo])

    @property
    def _all(self) -> list[tuple[str, Place]]:
        return list(self.missing.items())


@dataclass(frozen=True)
class Imported:
    """A questionnaire that is now in use, with remarks for its designer, and the names of
    the pictures, sound and video that are still to come. `registers`: it declares entities
    that nobody has mapped yet."""

    questionnaire: View
    warnings: tuple[Remark, ...] = ()
    missing: tuple[str, ...] = ()
    registers: bool = False

    @property
    def title(self) -> str:
        return self.questionnaire.title


@dataclass(frozen=True)
class Added:
    """Files taken for a questionnaire, those that it does not ask for, and those that are
    still missing."""

    taken: tuple[str, ...]
    unasked: tuple[str, ...]
    missing: tuple[str, ...]


def import_xlsform(store: Store, task: Task, path: Path, more: Sequence[Path] = ()) -> Imported:
    """Put a questionnaire in use: a workbook (.xlsx, .xls, .md, .csv) or an XForm (.xml),
    with the files in its folder or in ``<name>-media`` beside it; or a .zip of them. `more`:
    files, folders or archives that complete it.

    Raises FormFault with sheet, row and column where the form is wrong, FilesMissing,
    SameVersion, Unreadable and the faults of `form_parcel`. Nothing is written unless all
    is well.
    """
    read = read_form(store, task, path, more)
    task.step(3, 4, path.name)
    id = store.write(
        submissions.add_questionnaire,
        read.form.title or read.name,
        read.form.form_id,
        read.form.version,
        read.xml,
        read.files,
    )
    view = store.read(records.get, "questionnaire", id)
    _declared, unmapped = store.read(entity_maps.needs_setup, id)
    return Imported(view, read.remarks, read.absent, unmapped > 0)


@dataclass(frozen=True)
class ReadForm:
    """A questionnaire that was read and can run, and is not kept yet. `files` are those
    given, `lists` what it opens with, ours among them."""

    name: str
    xml: str
    form: Form
    files: Mapping[str, bytes]
    lists: Mapping[str, bytes]
    remarks: tuple[Remark, ...]
    absent: tuple[str, ...]


def read_form(store: Store, task: Task, path: Path, more: Sequence[Path] = ()) -> ReadForm:
    """Read a questionnaire as `import_xlsform` does, and keep nothing."""
    task.step(0, 4, path.name)
    parcel = form_parcel.open_parcel(path)
    book = Workbook.read(parcel.data, parcel.kind)
    task.step(1, 4, path.name)
    wanted = needs(book.made.xml)
    files = parcel.take(wanted) | _chosen(wanted, more)
    if book.made.itemsets is not None:
        files[ITEMSETS] = book.made.itemsets.encode()
    lists = _lists(store, parcel.name, wanted, files, book.sheets)
    form = book.load(lists)
    task.step(2, 4, path.name)
    absent = tuple(name for name in wanted.media if name not in files)
    gaps = [Remark(ABSENT(name=name), book.sheets.mention(name)) for name in absent]
    found = [*book.made.warnings, *remarks(form, book.made.xml, book.sheets), *gaps]
    told = tuple(sorted(found, key=lambda remark: remark.place.row or 0))
    return ReadForm(parcel.name, book.made.xml, form, files, lists, told, absent)


def _chosen(wanted: Iterable[str], paths: Sequence[Path]) -> dict[str, bytes]:
    """Those of the files that a person chose which the form asks for."""
    there = {name.lower(): file for name, file in form_parcel.loose(paths).items()}
    return {name: there[name.lower()].read() for name in wanted if name.lower() in there}


def _lists(
    store: Store, form: str, wanted: Needs, files: Mapping[str, bytes], sheets: Sheets
) -> dict[str, bytes]:
    """What the form needs to open: its lists, and ours as they are now."""
    found = {name: files[name] for name in wanted.lists if name in files}
    rest = [name for name in wanted.lists if name not in found]
    own = [name for name in rest if store.read(form_lists.own_list, name) is not None]
    lacking = [name for name in wanted.lists if name not in found and name not in own]
    if lacking:
        raise FilesMissing(form, {name: sheets.mention(name) for name in lacking})
    return found | {name: store.read(form_lists.rows_of, name) for name in own}


def add_files(store: Store, task: Task, questionnaire: str, paths: Sequence[Path]) -> Added:
    """Give files to a questionnaire that is in use; one of the same name is replaced.

    Raises BadList and other faults of the form where a list does not fit it, Unreadable,
    FileTooLarge, UnsafeArchive. Nothing is written unless all is well.
    """
    task.step(0, 2)
    wanted = store.read(form_files.needed, questionnaire)
    files = _chosen(wanted, paths)
    for name in wanted.lists:
        if name in files:
            read_list(name, files)
    lists = store.read(form_lists.lists_of, questionnaire)
    lists |= {name: data for name, data in files.items() if name in wanted.lists}
    if not {name.lower() for name in wanted.lists} - {name.lower() for name in lists}:
        form_of(store.read(submissions.xform, questionnaire), lists)
    task.step(1, 2)
    store.write(form_files.attach, questionnaire, files)
    asked = {name.lower() for name in files}
    unasked = [name for name in form_parcel.loose(paths) if name.lower() not in asked]
    return Added(tuple(files), tuple(unasked), store.read(form_lists.missing, questionnaire))


def install_built_in(store: Store, task: Task) -> None:
    """Put our own questionnaires in use. Those that are here already stay as they are."""
    for done, name in enumerate(BUILT_IN):
        task.step(done, len(BUILT_IN), name)
        import_xlsform(store, task, resource("questionnaires", f"{name}.md"))
