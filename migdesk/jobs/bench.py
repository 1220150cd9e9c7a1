"""Long work of the design bench: reading a workbook, weighing answers, files of reports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from migdesk.errors import Fault
from migdesk.forms.compare import Comparison, compare
from migdesk.forms.effects import Scales, Weighed
from migdesk.forms.form import Form
from migdesk.forms.trial import NotAScript, Played, Script, Trial, read_script, replay, script
from migdesk.models.store import Store
from migdesk.paths import write_whole
from migdesk.printing.sheets.bench_report import BenchTable
from migdesk.services import bench, submissions
from migdesk.services.bench import Subject
from migdesk.task import Task

from . import tables
from .questionnaires import read_form

LARGEST = 20_000_000


def examine(store: Store, task: Task, path: Path, more: Sequence[Path] = ()) -> Subject:
    """Read a questionnaire from a file, and keep nothing. What makes it unusable is a part
    of what is told."""
    try:
        read = read_form(store, task, path, more)
    except Fault as fault:
        return Subject(path.name, None, fault=fault)
    made = Subject(
        read.form.title or read.name,
        read.form,
        xml=read.xml,
        files=read.files,
        remarks=read.remarks,
    )
    return bench.described(made, tuple(read.files))


def weigh(
    store: Store, task: Task, old: Form, new: Form, questionnaire: str
) -> tuple[Comparison, Weighed]:
    """Compare two versions, and weigh what the new one does to the submissions of the old
    one (`questionnaire`; none for a form that was only read)."""
    comparison = compare(old, new)
    scales = Scales(comparison)
    held = store.read(submissions.xml_of, questionnaire) if questionnaire else ()
    for done, (_instance, xml) in enumerate(held):
        task.step(done, len(held))
        scales.put(xml)
    return comparison, scales.weighed()


def export(store: Store, task: Task, sections: Sequence[BenchTable], path: Path) -> int:
    """Write the tables of a report to XLSX, a sheet each (CSV: the first). Returns how many
    rows. Raises CannotWrite."""
    filled = [each for each in sections if each.heads]
    tables.write(path, [(each.title, each.heads, each.rows) for each in filled])
    return sum(len(each.rows) for each in filled)


def save_script(store: Store, task: Task, trial: Trial, path: Path) -> None:
    """Keep a test run in a file of its own. Raises CannotWrite."""
    text = json.dumps(script(trial), ensure_ascii=False, indent=1)
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise tables.CannotWrite(name=path.name) from error


def open_script(store: Store, task: Task, path: Path) -> Script:
    """A test run that was kept. Raises NotAScript, Unreadable."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError as error:
        raise tables.Unreadable(name=path.name, why=error.strerror or "") from error
    return read_script(_values(data))


def _values(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotAScript() from error


def play(
    store: Store, task: Task, form: Form, kept: Script, properties: Mapping[str, str]
) -> Played:
    """Play a test run again on a form, filled on a computer with these properties."""
    return replay(form, kept, properties)
