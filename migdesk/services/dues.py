"""Dates to keep beside the steps of cases: answers that are late, reviews, instalments.

What is watched is declared: a kind, its day, and when it is no longer waited for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from migdesk.i18n import N_, Text
from migdesk.models import RECORDS

from . import records
from .records import View
from .views import Gone, views

AHEAD = 7
MOST = 100


@dataclass(frozen=True)
class Watch:
    """A day of a kind of record: `words` say what is due. It is waited for as long as the
    status is one of `states` (if told) and the field `done` is empty; with `newest`, a link,
    only in the newest record that names the same: another talk answers the one before."""

    kind: str
    day: str
    words: Text
    states: tuple[str, ...] = ()
    done: str = ""
    newest: str = ""


WATCHED = (
    Watch(
        "referral",
        "answer_by",
        N_("Answer to a referral"),
        ("to_send", "sent", "accepted"),
        "answered",
    ),
    Watch(
        "application",
        "expected",
        N_("Answer of a lender"),
        ("lodged", "incomplete", "examined"),
        "answered",
    ),
    Watch("instalment", "due", N_("Instalment"), done="done"),
    Watch(
        "claim",
        "answer_by",
        N_("Answer to a claim"),
        ("gathering", "lodged", "papers_asked", "appeal"),
    ),
    Watch("claim", "appeal_by", N_("Last day to appeal"), ("refused", "partly")),
    Watch("care_agreement", "review", N_("Care agreement to be looked at")),
    Watch("contact_plan", "review", N_("Contact plan to be looked at")),
    Watch("return_plan", "review", N_("Return plan to be looked at")),
    Watch("return_step", "due", N_("Step of a return"), ("to_do", "doing")),
    Watch(
        "placement",
        "follow",
        N_("Follow-up of a placement"),
        ("applied", "selected", "interviewed", "hired", "in_post"),
    ),
    Watch("legal_note", "deadline", N_("Legal deadline")),
    Watch("care_note", "follow", N_("Somebody to be seen again"), newest="person"),
    Watch("safety_report", "follow", N_("Report to be looked at again")),
    Watch("formality", "answer_by", N_("Answer to a formality"), done="answered"),
    Watch("home_visit", "next_visit", N_("Household to be visited"), newest="household"),
)


@dataclass(frozen=True)
class Kept:
    """A date to keep; `days` is negative when it is over, 0 today. `kind` and `id` are of
    the record to open."""

    words: str
    about: str
    days: int
    kind: str
    id: str


def due(session: Session, today: date, ahead: int = AHEAD) -> tuple[Kept, ...]:
    """Everything that is over or due within days, the latest first to be seen."""
    found = [kept for watch in WATCHED for kept in _of(session, watch, today, ahead)]
    return tuple(sorted(found, key=lambda each: (each.days, each.words, each.id)))


def _of(session: Session, watch: Watch, today: date, ahead: int) -> Sequence[Kept]:
    about = RECORDS[watch.kind]
    model = about.model
    day = getattr(model, watch.day)
    rows = sa.select(model).where(
        model.deleted.is_(False), day <= (today + timedelta(days=ahead)).isoformat()
    )
    if watch.states:
        status = getattr(model, "status")  # noqa: B009  (not every record has one)
        rows = rows.where(sa.or_(status.is_(None), status.in_(watch.states)))
    if watch.newest:
        later = aliased(model)
        same = getattr(later, watch.newest) == getattr(model, watch.newest)
        rows = rows.where(
            ~sa.exists().where(same, later.id > model.id, later.deleted.is_(False))
        )
    if watch.done:
        rows = rows.where(getattr(model, watch.done).is_(None))
    found = session.scalars(rows.order_by(day).limit(MOST))
    return [_kept(session, watch, view, today) for view in views(session, watch.kind, found)]


def _kept(session: Session, watch: Watch, view: View, today: date) -> Kept:
    days = (date.fromisoformat(str(view.values[watch.day])[:10]) - today).days
    about = RECORDS[view.kind]
    opened, subject = view, view
    if about.owner:  # a line is opened with its owner
        owner = getattr(about[about.owner].kind, "to", "")
        try:
            opened = records.get(session, owner, view.values[about.owner] or "")
        except Gone:
            opened = view
        subject = opened
    names = (subject.shown.get(n) for n in ("person", "case", "parent", "household"))
    who = next(filter(None, names), "")
    known = {who, view.code, view.shown.get("status")}
    told = [part for part in view.title.split(" · ") if part not in known]
    towards = (subject.shown.get(n) for n in ("window", "service", "organisation"))
    where = next(filter(None, towards), " · ".join(told))
    return Kept(
        str(watch.words),
        " · ".join(dict.fromkeys(filter(None, (who, where)))),
        days,
        opened.kind,
        opened.id,
    )
