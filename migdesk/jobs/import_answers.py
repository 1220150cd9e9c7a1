"""Answers in: what Kobo, ODK Central, Briefcase and Collect export becomes submissions.

Read first (`read`): which form each belongs to, what is here already, what the engine finds
wrong, which columns nobody knows. Then, on demand, all of it in one transaction (`take`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from migdesk.errors import Mistake
from migdesk.forms import Form, FormFault
from migdesk.forms.dataset import path_of, plain, tops, variables_of
from migdesk.forms.incoming import (
    Problem,
    Read,
    content_of,
    head_of,
    named_by,
    read_record,
    read_xml,
)
from migdesk.forms.xml import MAX_BYTES
from migdesk.i18n import N_, _
from migdesk.models.dates import parse_moment
from migdesk.models.store import Store
from migdesk.services import answers, form_words
from migdesk.services.answers import Arrival, Here, Version
from migdesk.services.attachments import LIMIT as FILE_LIMIT
from migdesk.sync.odk_crypt import Damaged, OtherKey
from migdesk.task import Task

from . import tables
from .answer_tables import Mapped, Unknown, join
from .exported_files import Contents, TooMuch, contents
from .sealed_files import Key, Tampered, Unsealed
from .tables import Unreadable

TABLES = (".csv", ".xlsx", ".xlsm")
FILES_LIMIT = 600_000_000
"""Bytes of all files of one import: they are written in one transaction."""
PROBLEMS_SHOWN = 200


class NothingFound(Mistake):
    code = "ANS-010"
    text = N_(
        "“{name}” holds no submission: neither XML of ODK nor a table. Export from Kobo or "
        "ODK again, as XML, CSV or XLSX."
    )


class NoSuchForm(Mistake):
    code = "ANS-011"
    text = N_(
        "These submissions belong to the form “{form}”, which is not here. Import its "
        "XLSForm first, or choose the questionnaire that they belong to."
    )


class ChooseForm(Mistake):
    code = "ANS-012"
    text = N_("A table does not say which form it belongs to. Choose the questionnaire.")


@dataclass(frozen=True)
class Preview:
    """What an import would do. `arrivals` are right; `doubtful` have problems, told in
    `problems` as (submission, question, why); `here` are known already."""

    arrivals: tuple[Arrival, ...]
    doubtful: tuple[Arrival, ...]
    here: int
    unreadable: tuple[tuple[str, str], ...]
    problems: tuple[tuple[str, str, str], ...]
    unknown: tuple[Unknown, ...]
    questions: tuple[tuple[str, str, str], ...]
    remarks: tuple[str, ...]
    files: int
    missing_files: int

    @property
    def found(self) -> int:
        """All submissions of the file."""
        return len(self.arrivals) + len(self.doubtful) + self.here + len(self.unreadable)


@dataclass
class _Tally:
    """A preview in the making."""

    arrivals: list[Arrival] = field(default_factory=list)
    doubtful: list[Arrival] = field(default_factory=list)
    here: int = 0
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    questions: list[tuple[str, str, str]] = field(default_factory=list)
    remarks: Counter[str] = field(default_factory=Counter)
    files: int = 0
    missing: int = 0
    weight: int = 0
    seen: set[str] = field(default_factory=set)

    def preview(self) -> Preview:
        return Preview(
            tuple(self.arrivals),
            tuple(self.doubtful),
            self.here,
            tuple(self.unreadable),
            tuple(self.problems[:PROBLEMS_SHOWN]),
            tuple(self.unknown),
            tuple(self.questions),
            tuple(self.remarks),
            self.files,
            self.missing,
        )


def read(
    store: Store,
    task: Task,
    path: Path,
    questionnaire: str = "",
    mapped: Mapped | None = None,
    key: Key | None = None,
) -> Preview:
    """Read a file or a folder without writing. `questionnaire` is an id, needed for tables
    that come alone; `key` opens encrypted submissions. Raises NothingFound, NoSuchForm,
    ChooseForm, TooMuch, Unreadable, Encrypted, BadPrivateKey."""
    found = contents(path) if key is None else Unsealed(contents(path), key)
    xml = [name for name in found if name.lower().endswith(".xml")]
    sheets = [name for name in found if PurePosixPath(name).suffix.lower() in TABLES]
    tally = _Tally()
    forms = _Forms(store, store.read(answers.here, questionnaire))
    if xml:
        _read_xml(forms, task, found, xml, tally)
    elif sheets:
        _read_tables(forms, task, found, sheets, questionnaire, mapped or {}, tally)
    if not tally.preview().found:
        raise NothingFound(name=path.name)
    return tally.preview()


def read_key(store: Store, task: Task, path: Path) -> bytes:
    """Bytes of a small file that holds a private key. Raises Unreadable."""
    del store, task
    try:
        with path.open("rb") as file:
            return file.read(100_000)
    except OSError as error:
        raise Unreadable(name=path.name, why=error.strerror or "") from error


def take(
    store: Store,
    task: Task,
    preview: Preview,
    doubtful: bool = False,
    register: bool = False,
) -> int:
    """Keep what was read, all in one transaction that can be undone as a whole; those with
    problems only if `doubtful`. `register`: make and change the people and other records
    that they speak of, too. Returns how many were kept."""
    chosen = (*preview.arrivals, *(preview.doubtful if doubtful else ()))
    return store.write(answers.take, task, chosen, {}, register)


# files ------------------------------------------------------------------------


def _files(
    found: Contents, read: Read, of: str, tally: _Tally, form: Form
) -> tuple[tuple[str, bytes], ...]:
    """Files that a submission names, with their bytes."""
    made = []
    for name in sorted(read.said_files):
        if "/" in name or "\\" in name or "." not in name or len(name) > 200:
            continue
        place = found.beside(name, of, read.instance)
        if place and found.size(place) <= FILE_LIMIT:
            made.append((name, found[place]))
    tally.files += len(made)
    tally.weight += sum(len(data) for _name, data in made)
    if tally.weight > FILES_LIMIT:
        raise TooMuch(name=found.path.name)
    given = {name for name, _data in made}
    tally.missing += len(_named_files(form, read) - given)
    return tuple(made)


def _named_files(form: Form, read: Read) -> set[str]:
    """Answers of the submission to questions of pictures, sound, video and files."""
    kinds = {"image", "audio", "video", "file"}
    if not any(form.type_of(n) in kinds for n in form.definition.nodes.values() if n.leaf):
        return set()
    endings = (".jpg", ".jpeg", ".png", ".m4a", ".mp3", ".mp4", ".amr", ".3gp", ".wav", ".pdf")
    return {name for name in read.said_files if name.lower().endswith(endings)}


# which form -------------------------------------------------------------------


class _Forms:
    """Versions of forms that are here, opened once. `here` was read at one moment."""

    def __init__(self, store: Store, here: Here) -> None:
        self.store = store
        self.here = here
        self._open: dict[str, Form] = {}

    def of(self, form: str, version: str, tally: _Tally) -> tuple[str, Form]:
        """Questionnaire and form of a submission: its own version if it is here, else the
        one in use. Raises NoSuchForm."""
        held = self.here.versions
        versions: tuple[Version, ...] = held.get(form) or held.get(self.here.chosen, ())
        if not versions:
            raise NoSuchForm(form=form)
        exact = next((v for v in versions if v.version == version), None)
        if exact is None:
            said = _("Version “{version}” is not here; version “{ours}” reads its answers.")
            tally.remarks[said.format(version=version, ours=versions[0].version)] += 1
        return self.open((exact or versions[0]).id)

    def open(self, id: str) -> tuple[str, Form]:
        if id not in self._open:
            self._open[id] = self.store.read(form_words.open_form, id)
        return id, self._open[id]


def _sort(
    here: Here, tally: _Tally, source: str, arrival: Arrival, wrong: Sequence[Problem]
) -> None:
    """New, here already, or with problems; the same twice in a file counts once."""
    known = arrival.instance in tally.seen
    tally.seen.add(arrival.instance)
    if known or arrival.instance in here.instances:
        tally.here += 1
    elif wrong:
        tally.doubtful.append(arrival)
        tally.problems += [(source, each.label, each.words) for each in wrong]
    else:
        tally.arrivals.append(arrival)


# XML --------------------------------------------------------------------------


_APART = (FormFault, NoSuchForm, TooMuch, Unreadable, Damaged, OtherKey, Tampered)
"""What is wrong with one submission only: the others are read."""


def _read_xml(
    forms: _Forms, task: Task, found: Contents, names: Sequence[str], tally: _Tally
) -> None:
    for done, name in enumerate(names):
        task.step(done, len(names), PurePosixPath(name).name)
        try:
            if found.size(name) > MAX_BYTES:
                raise TooMuch(name=name)
            xml = found[name]
            head = head_of(xml)
            if head.form == "html":
                continue  # the form itself, which Briefcase keeps beside its submissions
            id, form = forms.of(head.form, head.version, tally)
            read = read_xml(form, xml)
        except _APART as fault:
            if len(names) == 1:
                raise
            tally.unreadable.append((name, fault.words))
            continue
        arrival = Arrival(
            id, read.instance, read.xml, _moment(read.finished), "",
            _files(found, read, name, tally, form),
        )  # fmt: skip
        _sort(forms.here, tally, read.instance or name, arrival, read.problems)


def _moment(text: str) -> str:
    return (parse_moment(text) or "") if text else ""


# tables -----------------------------------------------------------------------


def _read_tables(
    forms: _Forms,
    task: Task,
    found: Contents,
    names: Sequence[str],
    questionnaire: str,
    mapped: Mapped,
    tally: _Tally,
) -> None:
    if not questionnaire:
        raise ChooseForm
    id, form = forms.open(questionnaire)
    tally.questions += _questions(form)
    joined = join(form, _sheets(found, names), mapped)
    tally.unknown += joined.unknown
    tally.remarks.update(joined.remarks)
    records = joined.records
    same: Counter[str] = Counter()
    for done, (number, record) in enumerate(records):
        task.step(done, len(records))
        if not record.instance:
            # Two people may answer alike: the second such row is another submission.
            content = content_of(record)
            same[content] += 1
            record.instance = named_by(f"{form.form_id} {same[content]} {content}")
        try:
            read = read_record(form, record)
        except FormFault as fault:
            tally.unreadable.append((str(number), fault.words))
            continue
        arrival = Arrival(
            id, read.instance, read.xml, _moment(read.finished), "",
            _files(found, read, names[0], tally, form),
        )  # fmt: skip
        _sort(forms.here, tally, str(number), arrival, read.problems)


def _sheets(found: Contents, names: Sequence[str]) -> dict[str, tables.Table]:
    if any(found.size(name) > tables.LIMIT for name in names):
        raise TooMuch(name=found.path.name)
    return {
        sheet: table
        for name in names
        for sheet, table in tables.read_all(name, found[name]).items()
    }


def _questions(form: Form) -> list[tuple[str, str, str]]:
    """(name of the sheet, path, name) of each question, for a mapping by hand."""
    return [
        (plain(top.name), path_of(node), plain(node.name))
        for top in tops(form)
        for node in variables_of(form, top)
    ]
