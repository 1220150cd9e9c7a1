"""Earlier copies of a submission, read from the change log, and what became of each answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.forms import Form, Live, Run
from migdesk.forms import submission as submission_xml
from migdesk.i18n import N_, _, language
from migdesk.models.office import AttachmentRecord
from migdesk.ops import DELETED, Op

from . import blind, form_lists, form_words, history, review, submissions
from .review import Remark
from .submissions import Filled
from .views import Gone, load, titles, view

FINISHED, CORRECTED, SETTLED = "finished", "corrected", "settled"
WHY = {
    FINISHED: N_("Finished"),
    CORRECTED: N_("Corrected"),
    SETTLED: N_("Changed"),
}


Said = tuple[str, str, str]
"""Number, words and answer of a question."""
NOT_ASKED: Said = ("", "", "")
TOLD = 5
"""Answers that are told of two copies; more are only hinted at."""


@dataclass(frozen=True)
class Copy:
    """One state of the answers. `stamp` names it; `why`: finished, corrected (it has another
    instance than the one before) or settled (the same answers compared with a second entry,
    or taken back). `present`: it is what the submission holds now."""

    stamp: str
    at: str
    who: str
    why: str
    instance: str
    present: bool


@dataclass(frozen=True)
class Change:
    """A question answered differently. `number` is that on paper; `before` and `now` are
    words, "" where the question was left blank or not asked."""

    ref: str
    number: str
    label: str
    before: str
    now: str


def copies(session: Session, submission: str) -> tuple[Copy, ...]:
    """Every copy that the log knows, the newest first. Raises Gone."""
    row = load(session, "submission", submission)
    written = _written(session, submission)
    people = titles(session, "account", {op.actor for op in written})
    held = str(getattr(row, "xml", "") or "")
    # What was taken back and done again is one copy.
    first = {str(op.fields["xml"]): op for op in reversed(written)}
    found = []
    instance = None
    for op in sorted(first.values(), key=lambda op: op.stamp):
        fresh = str(op.fields.get("instance", instance) or "")
        why = FINISHED if instance is None else SETTLED if fresh == instance else CORRECTED
        instance = fresh
        moment, who = history.moment_of(op.stamp), people.get(op.actor, "")
        present = str(op.fields["xml"]) == held
        found.append(Copy(op.stamp, moment, who, why, fresh, present))
    return tuple(reversed(found))


def _written(session: Session, submission: str) -> list[Op]:
    """The ops that wrote answers, oldest first."""
    ops = history.ops_of(session, submission)
    return [op for op in ops if op.kind == "submission" and op.fields.get("xml")]


def open_copy(session: Session, submission: str, stamp: str) -> Filled:
    """A copy as it was, with its files and its comments; its form is then at hand in
    `form_words.form_of`. Raises Gone, FormFault, blind.Unseen."""
    blind.look(session, submission)
    written = _written(session, submission)
    op = next((each for each in written if each.stamp == stamp), None)
    if op is None:
        raise Gone
    shown = view(session, load(session, "submission", submission))
    questionnaire, xml = str(shown.values["questionnaire"]), str(op.fields["xml"])
    notes = _at(history.ops_of(session, submission), "comments", stamp)
    filled = Filled(
        shown,
        submissions.xform(session, questionnaire),
        xml,
        _files(session, submission, op.tx),
        form_lists.lists_of(session, questionnaire, xml),
        json.loads(str(notes or "{}")),
    )
    form_words.form_of(filled.xform, filled.lists)
    return filled


def open_with_remarks(
    session: Session, submission: str, copy: Copy
) -> tuple[Filled, tuple[Remark, ...]]:
    """A copy as `open_copy` gives it, and what a reviewer said of it."""
    said = review.remarks(session, submission, copy.instance)
    return open_copy(session, submission, copy.stamp), said


def _at(ops: list[Op], name: str, stamp: str) -> Any:
    """Value of a field as the newest op up to `stamp` left it."""
    told = [op.fields[name] for op in ops if op.stamp <= stamp and name in op.fields]
    return told[-1] if told else None


def _files(session: Session, submission: str, tx: str) -> dict[str, str]:
    """Name → hash of the files that the submission had when a transaction ended."""
    rows = session.scalars(
        sa.select(AttachmentRecord)
        .where(AttachmentRecord.of == submission)
        .order_by(AttachmentRecord.id)
    )
    found: dict[str, str] = {}
    for row in rows:
        past = [op for op in history.ops_of(session, row.id) if op.tx <= tx]
        gone = [op.fields[DELETED] for op in past if DELETED in op.fields]
        if past and not (gone and gone[-1]):
            found[row.name or ""] = row.blob or ""
    return found


def changes(session: Session, submission: str, stamp: str) -> tuple[Change, ...]:
    """What the present copy answers otherwise than an earlier one, in the order of the form;
    what is not asked any more comes last. Raises Gone, FormFault."""
    earlier = open_copy(session, submission, stamp)
    present = form_words.open_filled(session, submission)
    now, before = _answers(present), _answers(earlier)
    return tuple(
        Change(ref, *(now.get(ref) or before[ref])[:2], before=old, now=new)
        for ref in dict.fromkeys((*now, *before))
        if (old := before[ref][2] if ref in before else "")
        != (new := now[ref][2] if ref in now else "")
    )


def told(session: Session, submission: str, one: str, other: str) -> tuple[str, str]:
    """Two XMLs of a submission, in words: the answers that are not the same."""
    questionnaire = str(getattr(load(session, "submission", submission), "questionnaire", ""))
    form = form_words.open_form(session, questionnaire, one + other)
    first, second = _read(form, one), _read(form, other)
    refs = [
        ref
        for ref in dict.fromkeys((*first, *second))
        if first.get(ref, NOT_ASKED)[2] != second.get(ref, NOT_ASKED)[2]
    ]
    lines = [
        tuple(_line(found.get(ref), first.get(ref) or second[ref]) for found in (first, second))
        for ref in refs[:TOLD]
    ]
    more = ["…"] if len(refs) > TOLD else []
    left, right = ("\n".join([*(line[side] for line in lines), *more]) for side in (0, 1))
    return left, right


def _line(answer: Said | None, asked: Said) -> str:
    words = answer[2] if answer else ""
    question = f"{asked[0]} {asked[1]}".strip()
    return _("{name}: {text}").format(name=question, text=words or _("(empty)"))


def _answers(filled: Filled) -> Mapping[str, Said]:
    return _read(form_words.form_of(filled.xform, filled.lists), filled.xml)


def _read(form: Form, xml: str) -> Mapping[str, Said]:
    """Reference → number, words and answer of every question that applied."""
    speech = form_words.spoken_in(form, language())
    draft = submission_xml.read(form, xml)
    run = Run(form, speech, draft=draft, frozen=True)
    numbers = form_words.numbers(form)
    return {
        live.ref: (_number(live, numbers), live.label, form_words.answer_text(live))
        for live in run.walk()
        if live.kind == "question" and live.relevant and live.control and live.type != "note"
    }


def _number(live: Live, numbers: Mapping[Any, str]) -> str:
    """“Q4”, and in a repeat whose: “Q4 · 2”."""
    rows = [part.partition("]")[0] for part in live.ref.split("[")[1:]]
    number = numbers.get(live.control, "") if live.control else ""
    return " · ".join(filter(None, (number, ".".join(rows))))
