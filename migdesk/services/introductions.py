"""Introductions: a person and a need are put in touch once both sides said yes (R005, R035).

The office proposes to each side what the other may be told: to the host a masked profile, to
the person the need. Names are given in `introduce` alone, which asks the consent gate; its
letter is made only after that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_, _
from migdesk.models.skills import Introduction

from . import consent_gate, matches, records, rules
from .consent_gate import Override
from .records import View

Side = Literal["person", "other"]
Stage = Literal["asking", "refused", "agreed", "introduced", "ended"]
OPEN = ("open", "proposed")


class Closed(Mistake):
    """A need that nobody can be proposed for."""

    code = "INT-001"
    text = N_("This need is no longer open: nobody can be proposed for it.")


class KeptBack(Mistake):
    """A person who lets nothing be known that would fit."""

    code = "INT-002"
    text = N_("This person lets no skill be known outside the office. Ask first, then note it.")


@dataclass(frozen=True)
class Standing:
    """Where an introduction is, and what is next, in words."""

    view: View
    stage: Stage
    words: str

    def asks(self, side: Side) -> bool:
        """Whether the answer of a side is still waited for."""
        return self.stage == "asking" and self.view.values[f"{side}_answer"] != "yes"


def propose(session: Session, person: str, need: str, today: date | None = None) -> str:
    """Propose a person for a need, to both sides; the id of the introduction, which is the
    one that is under way if there is one. Raises Closed, KeptBack, Gone."""
    day = today or date.today()
    if open_one := _under_way(session, person, need):
        return open_one
    asked = records.get(session, "need", need)
    if asked.values["status"] not in OPEN:
        raise Closed
    shown = [s.values["disclosure"] for s in records.lines_of(session, "skill", person)]
    if not {"masked", "named"} & set(shown):
        raise KeptBack
    fit = matches.needs_why(session, person, need, day)
    reasons = [reason.words for reason in fit.reasons if reason.met] if fit else []
    if asked.values["status"] == "open":
        records.save(session, "need", need, {"status": "proposed"})
    values: dict[str, Any] = {
        "person": person,
        "need": need,
        "organisation": asked.values["organisation"],
        "reason": "\n".join(reasons) or None,
        "proposed": day.isoformat(),
        "person_answer": "asked",
        "other_answer": "asked",
    }
    return records.save(session, "introduction", None, values)


def propose_all(
    session: Session, need: str, people: Sequence[str], today: date
) -> list[str]:
    """Propose some people for a need; the introductions. The day stays with the need."""
    made = [propose(session, person, need, today) for person in people]
    records.save(session, "need", need, {"sent": today.isoformat()})
    return made


def _under_way(session: Session, person: str, need: str) -> str:
    rows = sa.select(Introduction.id).where(
        Introduction.person == person,
        Introduction.need == need,
        Introduction.deleted.is_(False),
        Introduction.result.is_(None) | (Introduction.result == "waiting"),
    )
    return session.scalar(rows.order_by(Introduction.id.desc()).limit(1)) or ""


def standing(session: Session, id: str) -> Standing:
    """Where an introduction is. Raises Gone."""
    view = records.get(session, "introduction", id)
    stage = stage_of(view.values)
    words = {
        "asking": _("Proposed to both sides. Neither is named to the other yet."),
        "refused": _("One side said no: nobody is named."),
        "agreed": _("Both sides said yes. They can be introduced."),
        "introduced": _("Both were introduced. Ask them how it went."),
        "ended": view.shown["result"],
    }[stage]
    if stage == "asking" and "yes" in (_answer(view, "person"), _answer(view, "other")):
        words = _("One side said yes, the other was not heard yet. Nobody is named.")
    return Standing(view, stage, words)


def stage_of(values: Mapping[str, Any]) -> Stage:
    """The stage that the fields of an introduction tell."""
    answers = values.get("person_answer"), values.get("other_answer")
    if values.get("result") not in (None, "waiting"):
        return "ended"
    if values.get("introduced"):
        return "introduced"
    if "no" in answers:
        return "refused"
    return "agreed" if answers == ("yes", "yes") else "asking"


def _answer(view: View, side: Side) -> str:
    return str(view.values[f"{side}_answer"] or "")


def answer(
    session: Session, id: str, side: Side, said: bool, today: date | None = None
) -> None:
    """Keep what a side answered, and when; with a no it ends."""
    day = (today or date.today()).isoformat()
    values = {f"{side}_answer": "yes" if said else "no", f"{side}_answered": day}
    if not said:
        values["result"] = "nothing"
    records.save(session, "introduction", id, values)


def introduce(
    session: Session, id: str, override: Override | None = None, today: date | None = None
) -> None:
    """Name both sides to each other: both said yes, and the consent gate agrees or its
    override is written down. Raises NotBoth, NoConsent, NoReason, NotYours, Gone."""
    view = records.get(session, "introduction", id)
    if stage_of(view.values) not in ("agreed", "introduced"):
        raise rules.NotBoth("introduced")
    recipient = consent_gate.recipient_of(session, "introduction", id)
    people = consent_gate.people_of(session, "introduction", id)
    asked = consent_gate.ask_all(session, people, "introduction", recipient)
    consent_gate.let_go(session, asked, "introduction", id, override)
    day = (today or date.today()).isoformat()
    records.save(session, "introduction", id, {"introduced": day, "result": "waiting"})


def follow(session: Session, id: str, result: str) -> None:
    """Keep what came of it (a code of `introduction_results`). A hire fills the need when
    all its posts are taken."""
    records.save(session, "introduction", id, {"result": result})
    view = records.get(session, "introduction", id)
    if result != "hired" or not view.values["need"]:
        return
    need = records.get(session, "need", view.values["need"])
    hired = [
        each
        for each in records.linked(session, "introduction", "need", need.id)
        if each.values["result"] == "hired"
    ]
    if len(hired) >= (need.values["posts"] or 1):
        records.save(session, "need", need.id, {"status": "filled"})
