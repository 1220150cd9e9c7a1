"""Applications for money on their way: lodged, examined, granted, paid out, closed (R021).

The way is a pipeline (`pipelines`): what a stage needs before it is passed is looked at, and
who goes on all the same says why. Each move writes its day. Some moves lead aside: papers are
asked for, the answer is no, the promoter withdraws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.i18n import N_, _
from migdesk.models.money import Application

from . import match_facts, records
from .pipelines import (
    Answer,
    Check,
    Condition,
    Facts,
    NotYet,
    Pipeline,
    Stage,
    filled,
    left_before,
    staged,
)
from .records import View

KIND, CODES = "application", "application_status"
NEXT: Mapping[str, tuple[str, ...]] = {
    "to_lodge": ("lodged", "withdrawn"),
    "lodged": ("examined", "granted", "incomplete", "refused", "withdrawn"),
    "incomplete": ("lodged", "withdrawn"),
    "examined": ("granted", "incomplete", "refused", "withdrawn"),
    "granted": ("paying", "withdrawn"),
    "paying": ("closed",),
}
"""Where an application may go from each state."""
DAYS = {"lodged": "lodged", "granted": "answered", "refused": "answered"}
"""The field that keeps the day of a move."""
PLANNED = {"lodged": "lodged", "granted": "granted", "refused": "refused", "closed": "paid"}
"""What a move says of the line of the finance plan."""
AFTER = {"incomplete": "lodged", "refused": "examined", "withdrawn": "to_lodge"}
"""Where a state that leads aside stands on the way."""
OVER = ("refused", "withdrawn", "closed")


@dataclass(frozen=True)
class Way:
    """An application and where it may go: (state, its label)."""

    view: View
    stages: tuple[Stage, ...]
    moves: tuple[tuple[str, str], ...]
    words: str


def _papers(facts: Facts) -> Answer:
    case = facts.view("case")
    papers = records.lines_of(facts.session, "paper", case.id) if case else ()
    if not papers:
        return Answer("unknown", _("no paper is noted in the dossier"))
    left = [p.title for p in papers if p.values["status"] not in ("held", "not_applicable")]
    return Answer("unmet", ", ".join(left[:4])) if left else Answer("met", str(len(papers)))


def _instalments(facts: Facts) -> Answer:
    found = facts.lines("instalment")
    return Answer("met", str(len(found))) if found else Answer("unmet", _("none is noted yet"))


def _all_paid(facts: Facts) -> Answer:
    left = [line.title for line in facts.lines("instalment") if not line.values["done"]]
    return Answer("unmet", ", ".join(left[:4])) if left else Answer("met")


WAY = Pipeline(
    CODES,
    {
        "to_lodge": (
            filled("amount", KIND),
            Condition(N_("The papers of the dossier are there"), _papers),
        ),
        "examined": (filled("granted", KIND),),
        "granted": (Condition(N_("Instalments are planned"), _instalments),),
        "paying": (Condition(N_("Every instalment is done"), _all_paid),),
    },
    only=("to_lodge", "lodged", "examined", "granted", "paying", "closed"),
)


def begin(session: Session, case: str, window: str) -> str:
    """An application of a project to a window; the one under way if there is one. It asks for
    what is still to be found, as far as the window gives it."""
    rows = sa.select(Application.id).where(
        Application.case == case,
        Application.window == window,
        Application.deleted.is_(False),
        sa.or_(Application.status.is_(None), Application.status.not_in(OVER)),
    )
    if found := session.scalar(rows.order_by(Application.id.desc()).limit(1)):
        return str(found)
    values: dict[str, Any] = {"case": case, "window": window, "status": "to_lodge"}
    if session.info.get("actor"):
        values["follower"] = session.info["actor"]
    if amount := match_facts.to_find(session, case):
        values["amount"] = amount
    return records.save(session, KIND, None, values)


def way(session: Session, id: str) -> Way:
    """Where an application is, and where it may go. Raises Gone."""
    view = records.get(session, KIND, id)
    state = view.values["status"] or "to_lodge"
    found = staged(WAY, Facts(session, view), AFTER.get(state, state))
    moves = tuple((code, codelists.label(CODES, code)) for code in NEXT.get(state, ()))
    words = view.shown["status"] if state in AFTER or state == "closed" else ""
    return Way(view, found, moves, words)


def lacking(session: Session, id: str, state: str) -> tuple[Check, ...]:
    """What is still needed before an application moves to `state`."""
    if state in AFTER:
        return ()
    return left_before(way(session, id).stages, state)


def move(
    session: Session, id: str, state: str, reason: str = "", today: date | None = None
) -> None:
    """Move an application, with its day. Going on although something is lacking needs a
    reason, which is kept in the note: raises NotYet without one."""
    left = lacking(session, id, state)
    if left and not reason.strip():
        words = "; ".join(check.said for check in left)
        raise NotYet("note", stage=codelists.label(CODES, state), lacking=words)
    view = records.get(session, KIND, id)
    day = (today or date.today()).isoformat()
    values: dict[str, Any] = {"status": state}
    if (name := DAYS.get(state)) and not view.values[name]:
        values[name] = day
    if reason.strip():
        said = f"{day} {codelists.label(CODES, state)}: {reason.strip()}"
        values["note"] = "\n".join(filter(None, (view.values["note"], said)))
    records.save(session, KIND, id, values)
    if state in PLANNED:
        _plan(session, records.get(session, KIND, id), PLANNED[state])


def _plan(session: Session, view: View, state: str) -> None:
    """Keep the finance plan of the project in step: its line of this window tells what was
    asked for, then what was granted."""
    values, shown = view.values, view.shown
    case, source = values["case"], shown["window"]
    amount = values["granted"] or values["amount"]
    if not case or not amount:
        return
    window = records.get(session, "window", values["window"])
    told = {"status": state, "amount": amount, "lodged": values["lodged"]}
    lines = records.lines_of(session, "finance_line", case)
    line = next((each for each in lines if each.title.casefold() == source.casefold()), None)
    if line is None:
        told |= {"case": case, "source": source, "nature": window.values["nature"]}
    records.save(session, "finance_line", line.id if line else None, told)
