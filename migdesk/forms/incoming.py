"""Submissions from elsewhere: XML as ODK writes it, tables as Kobo and ODK Central do.

A table becomes answers, the answers are given to the engine one by one as a person would,
and what the engine finds wrong is said. XML is kept as it is.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from lxml import etree

from migdesk.forms import submission
from migdesk.forms.columns import Columns, Target
from migdesk.forms.dataset import plain
from migdesk.forms.definition import Node
from migdesk.forms.faults import FormFault
from migdesk.forms.form import Form
from migdesk.forms.instance import Row, ref_of
from migdesk.forms.run import Run
from migdesk.forms.xml import JR, local, parse_xml
from migdesk.i18n import N_, _

MOST_ROWS = 1_000
"""Rows of one repeat in one submission."""


class Encrypted(FormFault):
    code = "FRM-120"
    text = N_(
        "This submission is encrypted. Import it together with the private key of its form, "
        "a file that ends with “.pem”."
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer: its reference, its question, and why in words."""

    ref: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Read:
    """A submission that was read. `instance` is its own identifier, or one that follows
    from its content; `finished` is ISO text, "" if unknown; `said_files` the texts that may
    name files."""

    instance: str
    xml: str
    finished: str = ""
    problems: tuple[Problem, ...] = ()
    said_files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Head:
    """What a submission says of itself before its form is known."""

    form: str
    version: str
    instance: str


# XML --------------------------------------------------------------------------


def head_of(xml: bytes | str) -> Head:
    """Form and instance of a submission. Raises NotAForm, UnsafeForm, Encrypted."""
    root = parse_xml(xml)
    if root.get("encrypted") == "yes":
        raise Encrypted
    version = root.get("version") or root.get(f"{JR}version") or ""
    return Head(root.get("id") or local(root), version, _instance(root))


def _instance(root: etree._Element) -> str:
    """``meta/instanceID``, whatever their spaces; else the attribute that Briefcase adds."""
    for meta in root:
        if local(meta) == "meta":
            for part in meta:
                if local(part) == "instanceID" and (part.text or "").strip():
                    return (part.text or "").strip()
    return root.get("instanceID") or ""


def read_xml(form: Form, xml: bytes) -> Read:
    """A submission of `form` in XML, checked by the engine and kept byte for byte. One that
    names another form (a copy under another identifier) is given ours."""
    head = head_of(xml)
    text = _decoded(xml)
    if head.form != form.form_id:
        root = parse_xml(xml)
        root.set("id", form.form_id)
        root.set("version", form.version)
        text = etree.tostring(root, encoding="unicode")
    draft = submission.read(form, text)
    run = Run(form, draft=draft, frozen=True)
    root = parse_xml(xml)
    texts = frozenset((e.text or "").strip() for e in root.iter() if not len(e)) - {""}
    return Read(
        instance=head.instance or named_by(text),
        xml=text,
        finished=_finished(form, run),
        problems=tuple(problems(run)),
        said_files=texts,
    )


def _decoded(xml: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        try:
            return xml.decode(encoding)
        except UnicodeDecodeError:
            continue
    return xml.decode("utf-8", "replace")


NAMES = UUID("b2f0a6de-2f5b-5c2e-8b3a-64d5d3d1c7aa")
"""Names submissions that have no identifier of their own (RFC 9562, version 5)."""


def named_by(text: str) -> str:
    """An identifier for a submission that has none: the same content, the same name."""
    return f"uuid:{uuid5(NAMES, text)}"


def _finished(form: Form, run: Run) -> str:
    for node in form.definition.nodes.values():
        if node.bind.preload == "timestamp" and node.bind.preload_params == "end":
            return run.root.kept[node.slot] if node.scope is run.root.scope else ""
    return ""


def problems(run: Run) -> Iterator[Problem]:
    """What a person would have been told while filling."""
    for live in run.walk():
        if live.kind != "question" or not live.relevant:
            continue
        said = live.violation or live.lacking
        if said:
            yield Problem(live.ref, live.label or plain(live.node.name), said)


# tables -----------------------------------------------------------------------


@dataclass(slots=True)
class Record:
    """One row of a table: texts by what they answer, and the rows of repeats inside it."""

    cells: dict[Node, str] = field(default_factory=dict)
    inside: dict[Node, list[Record]] = field(default_factory=dict)
    instance: str = ""
    finished: str = ""


def record_of(
    columns: Columns, cells: Sequence[str], targets: Sequence[Target | None]
) -> Record:
    """Texts of a row by question; the parts of split answers are put together."""
    made = Record()
    parts: dict[Node, list[tuple[Target, str]]] = {}
    for text, target in zip(cells, targets, strict=True):
        if target is None or target.node is None or not text.strip():
            continue
        parts.setdefault(target.node, []).append((target, text.strip()))
    for node, given in parts.items():
        made.cells[node] = columns.text(node, given)
    return made


def read_record(form: Form, record: Record) -> Read:
    """Give the answers of a record to the engine, as a person would. Calculated answers
    that came with it are kept as they came: they were true when it was filled."""
    # Chance gives the identifiers of entities: the same for the same row, wherever it is read.
    run = Run(form, rng=random.Random(record.instance or content_of(record)))
    wrong: list[Problem] = []
    for _round in range(2):
        # A second time where an answer given later set off a change of an earlier one.
        _fill(run, form.definition.root, run.root, record, wrong if not _round else [])
    found = list(problems(run))
    _keep_calculated(run, form.definition.root, run.root, record)
    xml = submission.write(form, run.root)
    instance = record.instance or head_of(xml).instance
    return Read(
        instance=instance or named_by(xml),
        xml=xml,
        finished=record.finished or _finished(form, run),
        problems=(*wrong, *found),
        said_files=frozenset(record_texts(record)),
    )


def content_of(record: Record) -> str:
    """Everything that a record says, in one text: what it is recognised by."""
    said = sorted((node.path, text) for node, text in record.cells.items())
    inside = [
        (node.path, [content_of(row) for row in rows]) for node, rows in record.inside.items()
    ]
    return repr((said, sorted(inside)))


def record_texts(record: Record) -> Iterator[str]:
    """All texts of a record and of the rows inside it."""
    yield from record.cells.values()
    for rows in record.inside.values():
        for row in rows:
            yield from record_texts(row)


def _fill(run: Run, top: Node, row: Row, record: Record, wrong: list[Problem]) -> None:
    for node in top.children:
        if node.repeat:
            _fill_rows(run, node, row, record.inside.get(node, []), wrong)
        elif node.children:
            _fill(run, node, row, record, wrong)
        elif node not in run.form.program.calculate and not node.attribute:
            text = record.cells.get(node, "")
            if node.name.rpartition(":")[2] == "instanceID":
                text = record.instance or text or row.kept[node.slot]
            if row.kept[node.slot] != text:
                run.set(ref_of(node, row), text)


def _fill_rows(
    run: Run, repeat: Node, row: Row, records: Sequence[Record], wrong: list[Problem]
) -> None:
    rows = row.kids[repeat.place]
    ref = f"{ref_of(repeat.parent, row) if repeat.parent else ''}/{repeat.name}"
    control = run.form.control(repeat)
    fixed = control is not None and bool(control.count or control.fixed)
    while not fixed and len(rows) < min(len(records), MOST_ROWS):
        run.add(ref)
    while not fixed and len(rows) > len(records):
        run.remove(f"{ref}[{len(rows)}]")
    if len(rows) != len(records):
        words = _("{given} rows came, the form makes {made}.")
        said = words.format(given=len(records), made=len(rows))
        wrong.append(Problem(ref, plain(repeat.name), said))
    for kid, record in zip(list(rows), records, strict=False):
        _fill(run, repeat, kid, record, wrong)


def _keep_calculated(run: Run, top: Node, row: Row, record: Record) -> None:
    for node in top.children:
        if node.repeat:
            pairs = zip(row.kids[node.place], record.inside.get(node, []), strict=False)
            for kid, inner in pairs:
                _keep_calculated(run, node, kid, inner)
        elif node.children:
            _keep_calculated(run, node, row, record)
        elif node in run.form.program.calculate and node in record.cells:
            row.kept[node.slot] = record.cells[node]
