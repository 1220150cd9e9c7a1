"""Referrals on their way: sent once the consent gate agrees, then what the service answers
(R057)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.i18n import _

from . import consent_gate, records
from .consent_gate import Override
from .records import View

CODES = "referral_status"
ANSWER_DAYS = 14
"""Days after which an answer is expected where no other day was agreed."""
NEXT: Mapping[str, tuple[str, ...]] = {
    "to_send": ("withdrawn",),
    "sent": ("accepted", "refused", "withdrawn"),
    "accepted": ("done", "failed", "withdrawn"),
}
"""What may be answered in each state; sending is `send`."""


def send(
    session: Session, id: str, override: Override | None = None, today: date | None = None
) -> None:
    """Note that a referral goes to its service: the person agreed, or the override is written
    down. Raises NoConsent, NoReason, NotYours, Gone."""
    day = today or date.today()
    view = records.get(session, "referral", id)
    recipient = consent_gate.recipient_of(session, "referral", id)
    people = consent_gate.people_of(session, "referral", id)
    asked = consent_gate.ask_all(session, people, "referral", recipient)
    consent_gate.let_go(session, asked, "referral", id, override)
    values: dict[str, Any] = {"status": "sent", "sent": day.isoformat()}
    if not view.values["answer_by"]:
        values["answer_by"] = (day + timedelta(days=ANSWER_DAYS)).isoformat()
    records.save(session, "referral", id, values)


def moves(view: View) -> tuple[tuple[str, str], ...]:
    """(state, label) that may follow the state of a referral."""
    states = NEXT.get(view.values["status"] or "to_send", ())
    return tuple((code, codelists.label(CODES, code)) for code in states)


def move(session: Session, id: str, state: str, today: date | None = None) -> None:
    """Keep what the service answered, or that the person withdrew, with the day."""
    day = (today or date.today()).isoformat()
    records.save(session, "referral", id, {"status": state, "answered": day})


def words(view: View, today: date | None = None) -> str:
    """Where a referral is, in words; with a remark where the answer is late."""
    status, until = view.values["status"] or "to_send", view.values["answer_by"]
    day = (today or date.today()).isoformat()
    if status in ("to_send", "sent", "accepted") and until and until < day:
        said = _("{state}: the answer was expected by {day}.")
        return said.format(state=view.shown["status"], day=view.shown["answer_by"])
    return view.shown["status"]
