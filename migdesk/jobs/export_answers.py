"""Answers out: tables, statistics programs, ODK submissions, and the codebook.

What leaves is personal data: every export is written to the audit log.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path

from migdesk.forms import Form
from migdesk.forms.dataset import Dataset, Merged
from migdesk.forms.table import Shape, flat
from migdesk.i18n import N_, Text, _, language
from migdesk.models.store import Store
from migdesk.paths import write_whole
from migdesk.services import answers, attachments, form_words, office
from migdesk.services.answers import Gathered, Limits, NoSubmissions
from migdesk.services.attachments import NotArrived
from migdesk.services.codebook import describe
from migdesk.services.count_words import Laid, Value
from migdesk.services.frequencies import Subject, subjects
from migdesk.task import Task

from . import stat_files, tables
from .print_sheet import print_sheet
from .sealed_files import seal
from .tables import CannotWrite


@dataclass(frozen=True)
class Format:
    """A kind of file; `ending` "" is a folder."""

    label: Text
    ending: str


FORMATS: dict[str, Format] = {
    "xlsx": Format(N_("Excel workbook"), ".xlsx"),
    "csv": Format(N_("CSV tables"), ".csv"),
    "sav": Format(N_("SPSS"), ".sav"),
    "dta": Format(N_("Stata"), ".dta"),
    "zip": Format(N_("ODK submissions (XML) with their files, zipped"), ".zip"),
    "folder": Format(N_("ODK submissions (XML) with their files, as a folder"), ""),
}


@dataclass(frozen=True)
class Wanted:
    """What to export of a form, and how. `speech`: a language of the form, "" for the one
    of the screen."""

    form: str
    kind: str = "xlsx"
    limits: Limits = field(default_factory=Limits)
    shape: Shape = field(default_factory=Shape)
    speech: str = ""


@dataclass(frozen=True)
class Loaded:
    """Data read from the store, to count and to lay out without reading again."""

    gathered: Gathered
    data: Dataset
    subjects: tuple[Subject, ...] = ()


def load(store: Store, task: Task, form: str, limits: Limits, speech: str = "") -> Loaded:
    """Read all submissions within limits. Raises NoSubmissions, FormFault."""
    gathered = store.read(answers.gather, form, limits)
    if not gathered.entries:
        raise NoSubmissions
    merged = Merged([(form, speech_of(form, speech)) for form in gathered.forms])
    data = merged.dataset()
    for done, entry in enumerate(gathered.entries):
        if done % 50 == 0:
            task.step(done, len(gathered.entries))
        data.add(merged, entry)
    return Loaded(gathered, data, subjects(data))


def speech_of(form: Form, wanted: str) -> str:
    """The language of a form to take words from."""
    return wanted if wanted in form.languages else form_words.spoken_in(form, language())


def export_answers(store: Store, task: Task, wanted: Wanted, path: Path) -> int:
    """Write the answers; returns the number of submissions.

    CSV, SPSS and Stata hold one table a file: those of repeats lie beside `path`, named
    ``path-repeat``. Raises NoSubmissions, CannotWrite, FormFault.
    """
    if wanted.kind in ("zip", "folder"):
        done = _export_xml(store, task, wanted, path)
    else:
        loaded = load(store, task, wanted.form, wanted.limits, wanted.speech)
        WRITERS[wanted.kind](path, loaded.data, wanted.shape)
        done = len(loaded.data.entries)
    store.write(office.note, "export", f"submission {wanted.kind} {done}")
    return done


# tables -----------------------------------------------------------------------


def beside(path: Path, number: int, name: str) -> Path:
    """File of a sheet: the first is `path`, that of a repeat ``path-repeat``."""
    if number == 0:
        return path
    plain = re.sub(r"[^\w.-]+", "_", name)
    return path.with_name(f"{path.stem}-{plain}{path.suffix}")


def in_the_way(path: Path, wanted: Wanted, data: Dataset | None = None) -> tuple[str, ...]:
    """Names of files that an export to `path` would replace without the person having chosen
    them: those of repeats, and a folder of submissions. Without `data` every file that is
    named like one of a repeat."""
    if wanted.kind == "folder":
        return (path.name,) if (path / "instances").exists() else ()
    if wanted.kind not in ("csv", "sav", "dta"):
        return ()
    if data is None:
        named = path.parent.glob(f"{escape(path.stem)}-*{path.suffix}")
        return tuple(sorted(file.name for file in named))
    files = (beside(path, n, sheet.name) for n, sheet in enumerate(data.sheets) if n)
    return tuple(file.name for file in files if file.exists())


def _write_xlsx(path: Path, data: Dataset, shape: Shape) -> None:
    made = flat(data, shape)
    tables.write(path, [(table.name, table.headers, table.rows) for table in made])


def _write_csv(path: Path, data: Dataset, shape: Shape) -> None:
    for number, table in enumerate(flat(data, shape)):
        file = beside(path, number, table.name)
        tables.write(file, [(table.name, table.headers, table.rows)])


def _write_statistics(path: Path, data: Dataset, shape: Shape) -> None:
    for number, sheet in enumerate(data.sheets):
        stat_files.write(beside(path, number, sheet.name), data, sheet, shape.labels)


WRITERS: dict[str, Callable[[Path, Dataset, Shape], None]] = {
    "xlsx": _write_xlsx,
    "csv": _write_csv,
    "sav": _write_statistics,
    "dta": _write_statistics,
}


# XML --------------------------------------------------------------------------


def _export_xml(store: Store, task: Task, wanted: Wanted, path: Path) -> int:
    gathered = store.read(answers.gather, wanted.form, wanted.limits)
    if not gathered.entries:
        raise NoSubmissions
    files = _instances(store, task, gathered)
    try:
        if wanted.kind == "folder":
            for name, data in files:
                place = path / name
                place.parent.mkdir(parents=True, exist_ok=True)
                write_whole(place, data)
        else:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in files:
                    archive.writestr(name, data)
            write_whole(path, out.getvalue())
    except OSError as error:
        raise CannotWrite(name=path.name) from error
    return len(gathered.entries)


def _instances(store: Store, task: Task, gathered: Gathered) -> Iterator[tuple[str, bytes]]:
    """``instances/<instance>/submission.xml`` and the files that it names beside it, as
    ODK Briefcase lays them out."""
    media = store.read(answers.media, gathered.ids)
    for done, (entry, id) in enumerate(zip(gathered.entries, gathered.ids, strict=True)):
        task.step(done, len(gathered.entries))
        folder = f"instances/{safe(entry.key)}"
        files: dict[str, bytes] = {}
        for name, attachment in media.get(id, ()):
            try:
                files[safe(name)] = store.read(attachments.read, attachment)[2]
            except NotArrived:
                continue
        form = gathered.forms[entry.form]
        for name, data in seal(form, entry.key, entry.xml.encode("utf-8"), files):
            yield f"{folder}/{name}", data


def safe(name: str) -> str:
    """A file name for every system: no separators, no colon, no leading point."""
    return re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", name).lstrip(".")[:120] or "_"


def guessed_tags(data: Dataset, known: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Path of each question → (label, HXL tag): chosen before, the form's own, or guessed."""
    from migdesk.forms.hxl import guess

    return {
        variable.path: (
            variable.label or variable.path,
            known.get(variable.path, variable.hxl or guess(variable)),
        )
        for sheet in data.sheets
        for variable in sheet.variables
    }


# the codebook and tables of counts --------------------------------------------


def export_codebook(
    store: Store, task: Task, form: str, limits: Limits, path: Path, speech: str = ""
) -> int:
    """Write the codebook as a workbook or as PDF; returns the number of variables."""
    if path.suffix.lower() == ".pdf":
        data = print_sheet(store, task, "codebook", {"form": form, "limits": limits})
        _keep(path, data)
        return 0
    loaded = load(store, task, form, limits, speech)
    forms = [(each, speech_of(each, speech)) for each in loaded.gathered.forms]
    found = describe(loaded.data, forms)
    heads = [_("Sheet"), _("Variable"), _("Question"), _("Type"), _("Condition")]
    counts = [_("Answered"), _("Missing"), _("Not asked")]
    rows: list[list[str | int]] = [
        [d.sheet, d.path, d.label, d.type, d.condition, d.answered, d.missing, d.not_asked]
        for d in found
    ]
    choices = [[d.sheet, d.path, code, words] for d in found for code, words in d.choices]
    sheets: list[tuple[str, list[str], Sequence[Sequence[str | int]]]] = [
        (_("Variables"), [*heads, *counts], rows),
        (_("Choices"), [_("Sheet"), _("Variable"), _("Code"), _("Choice")], choices),
    ]
    tables.write(path, sheets)
    return len(found)


def export_counts(
    store: Store, task: Task, laid: Laid, paper: Mapping[str, object], path: Path
) -> None:
    """Write a table of counts: XLSX (counts, then percentages), CSV, or PDF with its chart.
    `paper`: what the printed sheet takes beside the table."""
    ending = path.suffix.lower()
    if ending == ".pdf":
        _keep(path, print_sheet(store, task, "cross-table", {"laid": laid, **paper}))
        return
    sheets = [(_("Numbers"), laid.heads, [*laid.raw, *_under(laid)])]
    if laid.shares:
        sheets.append((_("Percentages"), laid.heads, [*laid.shares]))
    tables.write(path, sheets)


def _under(laid: Laid) -> list[tuple[Value, ...]]:
    """The notes, under an empty row."""
    return [(), *((note,) for note in laid.notes)] if laid.notes else []


def _keep(path: Path, data: bytes) -> None:
    try:
        write_whole(path, data)
    except OSError as error:
        raise CannotWrite(name=path.name) from error
