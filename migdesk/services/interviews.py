"""Interviews of a campaign: which submissions they are, and what their answers tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.forms import Form
from migdesk.forms.definition import Node, Tree
from migdesk.forms.submission import read
from migdesk.i18n import language
from migdesk.models.dates import read_moment, stored_moment
from migdesk.models.office import Questionnaire, Submission
from migdesk.models.survey import Campaign

from . import form_words

Answers = Mapping[str, tuple[str, ...]]
"""Path of a question → its answers as stored, one for each row of a repeat around it. A
question that did not apply is not there; one left blank is ""."""


@dataclass(frozen=True)
class Interview:
    """One submission of a campaign. `links`: kind of record → id."""

    id: str
    questionnaire: str
    account: str
    finished: str
    links: Mapping[str, str]
    xml: str = field(default="", repr=False)

    @property
    def day(self) -> date | None:
        """Local day on which it was finished."""
        return read_moment(self.finished).date() if self.finished else None


LINKED = ("person", "household", "case", "organisation", "place", "survey_unit", "paper_copy")


def versions(session: Session, questionnaire: str) -> tuple[str, ...]:
    """Ids of every version of the form of a questionnaire, itself included."""
    form = session.scalar(
        sa.select(Questionnaire.form).where(Questionnaire.id == questionnaire)
    )
    if not form:
        return (questionnaire,)
    rows = session.scalars(sa.select(Questionnaire.id).where(Questionnaire.form == form))
    return tuple(dict.fromkeys((questionnaire, *rows)))


def belonging(session: Session, campaign: Campaign) -> sa.ColumnElement[bool]:
    """Which submissions are interviews of a campaign.

    Those begun from it (its page, one of its units or papers); and those of any version of
    its form that name no campaign and were finished within its days, if it has a first day.
    """
    own = Submission.campaign == campaign.id
    if not campaign.starts or not campaign.questionnaire:
        return sa.and_(own, Submission.deleted.is_(False))
    within = [
        Submission.campaign.is_(None),
        Submission.questionnaire.in_(versions(session, campaign.questionnaire)),
        Submission.finished >= _start_of(campaign.starts),
    ]
    if campaign.ends:
        within.append(Submission.finished < _start_of(campaign.ends, 1))
    return sa.and_(sa.or_(own, sa.and_(*within)), Submission.deleted.is_(False))


def _start_of(day: str, later: int = 0) -> str:
    first = date.fromisoformat(day) + timedelta(days=later)
    return stored_moment(datetime(first.year, first.month, first.day).astimezone())


def interviews(
    session: Session, campaign: Campaign, whole: bool = False
) -> tuple[Interview, ...]:
    """Interviews of a campaign, oldest first; `whole` with what was answered."""
    columns = [getattr(Submission, name) for name in LINKED]
    if whole:
        columns.append(Submission.xml)
    rows = session.execute(
        sa.select(
            Submission.id,
            Submission.questionnaire,
            Submission.account,
            Submission.finished,
            *columns,
        )
        .where(belonging(session, campaign))
        .order_by(Submission.finished, Submission.id)
    )
    return tuple(_interview(row, whole) for row in rows)


def _interview(row: Sequence[Any], whole: bool) -> Interview:
    id, questionnaire, account, finished, *links = row
    xml = links.pop() if whole else ""
    held = {name: value for name, value in zip(LINKED, links, strict=True) if value}
    return Interview(id, questionnaire or "", account or "", finished or "", held, xml or "")


def xml_of(session: Session, id: str) -> str:
    """What was answered in one submission."""
    return session.scalar(sa.select(Submission.xml).where(Submission.id == id)) or ""


class Forms:
    """The forms of a campaign's interviews, one for each version."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held: dict[str, Form] = {}

    def of(self, questionnaire: str) -> Form:
        """The form of a version. Raises Gone, FormFault."""
        if questionnaire not in self._held:
            self._held[questionnaire] = form_words.open_form(self._session, questionnaire)
        return self._held[questionnaire]


def answers(form: Form, xml: str) -> dict[str, tuple[str, ...]]:
    """Answers of a submission by path."""
    found: dict[str, list[str]] = {}
    for path, text in _walk(form.definition.root, read(form, xml)["answers"]):
        found.setdefault(path, []).append(text)
    return {path: tuple(texts) for path, texts in found.items()}


def _walk(node: Node, tree: Tree) -> Iterator[tuple[str, str]]:
    for child in node.children:
        if child.name not in tree:
            continue
        value = tree[child.name]
        if child.leaf:
            yield child.path, str(value)
        else:
            rows = [row for row in value if _filled(row)] if child.repeat else (value,)
            for row in rows:
                yield from _walk(child, row)


def _filled(value: Any) -> bool:
    """Whether anything is answered; a repeat opens with a row that may stay blank."""
    if isinstance(value, dict):
        return any(_filled(inner) for inner in value.values())
    return any(map(_filled, value)) if isinstance(value, list) else bool(value)


def asked(form: Form) -> dict[str, str]:
    """Path → words of every question that a person answers, in the order of the form and in
    the language in force: no notes, nothing calculated."""
    entries = form_words.entries(form, form_words.spoken_in(form, language()))
    numbers = form_words.numbers(form)
    found: dict[str, str] = {}
    for control, entry in entries.items():
        node = control.node
        if node is None or not node.leaf or control not in numbers:
            continue
        if node in form.program.calculate or form.type_of(node) == "note":
            continue
        found[node.path] = f"{numbers[control]} {entry.label or node.name}".strip()
    return found


def named(form: Form, names: Sequence[str]) -> str:
    """Path of the first question called by one of these names, "" if there is none."""
    leaves = {n.name.casefold(): p for p, n in form.definition.nodes.items() if n.leaf}
    wanted = (name.strip().casefold() for name in names)
    return next((leaves[name] for name in wanted if name in leaves), "")


def choice_words(form: Form, path: str, value: str) -> tuple[str, ...]:
    """What a chosen value may mean: itself, and its words in each language of the form."""
    control = form.control(form.definition.nodes[path])
    if control is None:
        return (value,)
    found = [value]
    for speech in form.languages or ("",):
        entry = form_words.entries(form, speech)[control]
        found += [choice.label for choice in entry.choices if choice.value == value]
    return tuple(found)
