"""Stages of a case, and what each needs before it may be passed.

A pipeline is a code list of stages in order and, for each, conditions over the case, its
lines and what is linked to it. A condition answers *met*, *not met* or *not known* and says
why in words. Nobody is stopped: who moves a case on although something is lacking says why,
and that is kept (`stage_move`) and undone with the move itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.errors import Mistake
from migdesk.i18n import N_, Text, _, said_of
from migdesk.models import RECORDS
from migdesk.models.case import stages_of
from migdesk.models.kinds import now_utc

from . import records
from .views import Gone, View

State = Literal["met", "unmet", "unknown"]


class NotYet(Mistake):
    """A stage that needs more than is there; with a reason it is passed all the same."""

    code = "PIP-001"
    text = N_("Before “{stage}”: {lacking}. Settle it, or say why the case goes on.")


@dataclass(frozen=True)
class Answer:
    """What a condition found; `why` in words for the person."""

    state: State
    why: str = ""


class Facts:
    """A case, or another record that goes through stages, while its conditions are looked
    at; each kind of line is read once."""

    def __init__(self, session: Session, case: View) -> None:
        self.session = session
        self.case = case
        self._read: dict[tuple[str, str], tuple[View, ...]] = {}

    def lines(self, kind: str) -> tuple[View, ...]:
        """Lines of the case."""
        return self.linked(kind, RECORDS[kind].owner)

    def linked(self, kind: str, name: str = "case") -> tuple[View, ...]:
        """Records whose link `name` is the case."""
        if (kind, name) not in self._read:
            found = records.linked(self.session, kind, name, self.case.id)
            self._read[kind, name] = found
        return self._read[kind, name]

    def view(self, name: str) -> View | None:
        """The record that a link of the case names, if it is here."""
        id = self.case.values[name]
        if not id:
            return None
        try:
            return records.get(self.session, RECORDS[self.case.kind][name].kind.to, id)  # type: ignore[attr-defined]
        except Gone:
            return None


@dataclass(frozen=True)
class Condition:
    """Something that a stage needs: what is asked, and how it is looked at."""

    words: Text
    look: Callable[[Facts], Answer]


@dataclass(frozen=True)
class Pipeline:
    """Stages (`codes` names their list) and what each needs before it is passed. `only`: the
    codes of the list that are on the way, where others lead aside."""

    codes: str
    needs: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    only: tuple[str, ...] = ()

    def stages(self) -> tuple[tuple[str, str], ...]:
        """(code, label) in order."""
        listed = codelists.get(self.codes)
        on_the_way = (i for i in listed if not self.only or i.code in self.only)
        return tuple((item.code, item.label()) for item in on_the_way)


@dataclass(frozen=True)
class Check:
    """A condition that was looked at, in words."""

    words: str
    state: State
    why: str

    @property
    def said(self) -> str:
        """One line for a list of what is lacking."""
        return said_of(self.words, self.why) if self.why else self.words


@dataclass(frozen=True)
class Stage:
    """A stage of one case: done, current or next, with its checks."""

    code: str
    label: str
    place: Literal["done", "current", "next"]
    checks: tuple[Check, ...]

    @property
    def lacking(self) -> tuple[Check, ...]:
        """What is not met or not known."""
        return tuple(check for check in self.checks if check.state != "met")


# conditions --------------------------------------------------------------------


def filled(name: str, kind: str = "case") -> Condition:
    """A field of the case (or of a record of another kind) holds something."""
    label = RECORDS[kind][name].label

    def look(facts: Facts) -> Answer:
        if facts.case.values[name] in (None, "", []):
            return Answer("unmet", _("still empty"))
        return Answer("met", facts.case.shown[name][:60])

    return Condition(label, look)


def any_of(words: Text, *names: str) -> Condition:
    """One of several fields of the case holds something."""

    def look(facts: Facts) -> Answer:
        held = [name for name in names if facts.case.values[name]]
        if held:
            return Answer("met", facts.case.shown[held[0]][:60])
        labels = ", ".join(str(RECORDS["case"][name].label) for name in names)
        return Answer("unmet", _("one of: {labels}").format(labels=labels))

    return Condition(words, look)


def some(kind: str, least: int = 1, words: Text | None = None) -> Condition:
    """The case has lines, or records linked to it, of a kind."""
    about = RECORDS[kind]

    def look(facts: Facts) -> Answer:
        found = len(facts.linked(kind))
        said = _("{n} of {least}").format(n=found, least=least)
        return Answer("met" if found >= least else "unmet", said)

    return Condition(words or about.plural, look)


def every(words: Text, kind: str, name: str, codes: Collection[str]) -> Condition:
    """The field `name` of all lines of a kind is one of `codes`; there has to be one."""

    def look(facts: Facts) -> Answer:
        lines = facts.linked(kind)
        if not lines:
            return Answer("unmet", _("none is noted yet"))
        left = [line.title for line in lines if line.values[name] not in codes]
        return Answer("unmet", ", ".join(left[:4])) if left else Answer("met", str(len(lines)))

    return Condition(words, look)


def consent(words: Text, purpose: str) -> Condition:
    """The person of the case agreed to something; nobody asked yet: not known."""

    def look(facts: Facts) -> Answer:
        person = facts.case.values["person"]
        said = [
            line
            for line in records.lines_of(facts.session, "consent", person or "")
            if line.values["purpose"] == purpose
        ]
        if not said:
            return Answer("unknown", _("nobody noted an answer"))
        last = max(said, key=_said_at)
        given = last.values["answer"] == "given" and not last.values["withdrawn"]
        return Answer("met" if given else "unmet", last.shown["answer"])

    return Condition(words, look)


def _said_at(consent: View) -> tuple[str, str]:
    """When something was last said by a consent."""
    values = consent.values
    return max(values["given"] or "", values["withdrawn"] or ""), consent.id


# looking -----------------------------------------------------------------------


@cache
def _table() -> Mapping[str, Pipeline]:
    from .pipeline_table import PIPELINES  # here: areas declare theirs with the above

    return {found.codes: found for found in PIPELINES}


def pipeline(case_type: str | None) -> Pipeline:
    """The pipeline of a type of case."""
    codes = stages_of(case_type)
    return _table().get(codes) or Pipeline(codes)


def stages(session: Session, case: View) -> tuple[Stage, ...]:
    """All stages of a case with their checks, in order."""
    return staged(pipeline(case.values["type"]), Facts(session, case), case.values["stage"])


def staged(found: Pipeline, facts: Facts, stage: str | None) -> tuple[Stage, ...]:
    """All stages of whatever is in `stage` now, with their checks, in order."""
    codes = [code for code, _label in found.stages()]
    here = _place(codes, stage)
    return tuple(
        Stage(
            code,
            label,
            "done" if place < here else "current" if place == here else "next",
            tuple(_check(facts, condition) for condition in found.needs.get(code, ())),
        )
        for place, (code, label) in enumerate(found.stages())
    )


def _check(facts: Facts, condition: Condition) -> Check:
    answer = condition.look(facts)
    return Check(str(condition.words), answer.state, answer.why)


def _place(codes: list[str], stage: Any) -> int:
    return codes.index(stage) if stage in codes else 0


def lacking(session: Session, id: str, stage: str) -> tuple[Check, ...]:
    """What the stages between a case and `stage` still need."""
    return left_before(stages(session, records.get(session, "case", id)), stage)


def left_before(found: Sequence[Stage], stage: str) -> tuple[Check, ...]:
    """What the stages between the current one and `stage` still need."""
    codes = [each.code for each in found]
    if stage not in codes:
        return ()
    here = next(n for n, each in enumerate(found) if each.place == "current")
    return tuple(c for each in found[here : codes.index(stage)] for c in each.lacking)


def move(session: Session, id: str, stage: str, reason: str = "") -> str:
    """Put a case into a stage and note it; the id of the note. Going on although something
    is lacking needs a reason: raises NotYet without one. Going back needs none."""
    case = records.get(session, "case", id)
    left = lacking(session, id, stage)
    if left and not reason.strip():
        words = "; ".join(check.said for check in left)
        raise NotYet(
            "reason",
            stage=codelists.label(stages_of(case.values["type"]), stage),
            lacking=words,
        )
    before = case.values["stage"]
    records.save(session, "case", id, {"stage": stage})
    return records.save(
        session,
        "stage_move",
        None,
        {
            "case": id,
            "at": now_utc(),
            "came_from": before,
            "went_to": stage,
            "account": session.info.get("actor") or None,
            "followed": case.values["followed"],
            "unmet": [check.said for check in left],
            "reason": reason.strip() or None,
        },
    )


def moves(session: Session, id: str) -> tuple[View, ...]:
    """Changes of stage of a case, oldest first."""
    return tuple(reversed(records.linked(session, "stage_move", "case", id)))
