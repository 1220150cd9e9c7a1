"""Reading what came from the field: remarks beside answers, sending back, approving.

A remark is about one copy of a submission (its instance identifier): it is open while the
submission still is that copy, and answered once a corrected copy came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake, Refusal
from migdesk.i18n import N_, _
from migdesk.models.declare import STAFF
from migdesk.models.kinds import now_utc
from migdesk.models.office import Submission
from migdesk.models.survey import ReviewNote

from . import blind, records
from .views import View, load, titles, views

RECEIVED, TO_CORRECT, APPROVED = "received", "to_correct", "approved"
STATES = (RECEIVED, TO_CORRECT, APPROVED)


class NotReviewer(Refusal):
    """Somebody who asks questions judges his own answers."""

    code = "REV-001"
    text = N_("Questionnaires are reviewed by an agent or the head of the office.")


class NothingToCorrect(Mistake):
    """Sent back without a word."""

    code = "REV-002"
    text = N_("Say first what is to be corrected: write a remark beside an answer.")


class CorrectedSince(Mistake):
    """Another copy than the one that was read."""

    code = "REV-003"
    text = N_("“{name}” was corrected since you read it. Read it again first.")


@dataclass(frozen=True)
class Remark:
    """What a reviewer asks. `ref`: question with its positions, "" for the whole."""

    id: str
    ref: str
    question: str
    note: str
    who: str
    at: str

    @property
    def words(self) -> str:
        """Who asks what."""
        return said(self.who, self.note)


@dataclass(frozen=True)
class Returned:
    """A submission that waits to be corrected, and its remarks."""

    submission: View
    remarks: tuple[Remark, ...]


def said(who: str, note: str) -> str:
    """A remark with who made it."""
    return _("{name}: {text}").format(name=who, text=note) if who else note


def may_review(role: str) -> bool:
    """Whether somebody with this role judges submissions; "" is the program itself."""
    return not role or role in STAFF


def may_correct(role: str, account: str, submission: View) -> bool:
    """Whether somebody may correct a submission: an enumerator what they filled, until it is
    approved; agents and heads any."""
    own = submission.values["account"] == account
    return may_review(role) or (own and submission.values["state"] != APPROVED)


def _reviewer(session: Session) -> str:
    """The account that reviews. Raises NotReviewer."""
    scribe = session.info["scribe"]
    if not may_review(scribe.role):
        raise NotReviewer
    return scribe.actor or ""


def submission_row(session: Session, id: str) -> Submission:
    """The row itself, inside services only. Raises Gone."""
    row = load(session, "submission", id)
    assert isinstance(row, Submission)
    return row


def _seen(session: Session, id: str, instance: str) -> Submission:
    """A submission that still is the copy that was read. Raises CorrectedSince."""
    row = submission_row(session, id)
    if (row.instance or "") != instance:
        raise CorrectedSince(name=views(session, "submission", [row])[0].shown["questionnaire"])
    return row


# remarks ------------------------------------------------------------------------


def _notes(session: Session, ids: list[str]) -> list[ReviewNote]:
    found: list[ReviewNote] = []
    for start in range(0, len(ids), 500):
        rows = session.scalars(
            sa.select(ReviewNote)
            .where(
                ReviewNote.submission.in_(ids[start : start + 500]),
                ReviewNote.deleted.is_(False),
            )
            .order_by(ReviewNote.id)
        )
        found += rows
    return found


def _remarks(session: Session, rows: list[ReviewNote]) -> tuple[Remark, ...]:
    people = titles(session, "account", {row.account for row in rows if row.account})
    return tuple(
        Remark(
            row.id,
            row.ref or "",
            row.question or "",
            row.note or "",
            people.get(row.account or "", ""),
            row.at or "",
        )
        for row in rows
    )


def remarks(session: Session, submission: str, instance: str = "") -> tuple[Remark, ...]:
    """Remarks on a copy of a submission, on the present one if none is named."""
    wanted = instance or submission_row(session, submission).instance or ""
    rows = [row for row in _notes(session, [submission]) if (row.instance or "") == wanted]
    return _remarks(session, rows)


def remark(
    session: Session, submission: str, instance: str, ref: str, said: str, text: str
) -> str:
    """Write a remark on one answer of the copy that was read, in the place of the one that
    is there; a blank text takes it away. `said`: number and words of the question, for who
    reads the remark without the form. Returns its id, "" if there is none any more.

    Raises NotReviewer, CorrectedSince.
    """
    actor = _reviewer(session)
    _seen(session, submission, instance)
    held = [
        row
        for row in _notes(session, [submission])
        if (row.ref or "", row.instance or "") == (ref, instance)
    ]
    if not text.strip():
        for row in held:
            records.delete(session, "review_note", row.id)
        return ""
    values = {
        "submission": submission,
        "instance": instance,
        "ref": ref,
        "question": said,
        "note": text.strip(),
        "account": actor or None,
        "at": now_utc(),
    }
    for row in held[1:]:
        records.delete(session, "review_note", row.id)
    return records.save(session, "review_note", held[0].id if held else None, values)


# judging ------------------------------------------------------------------------


def approve(session: Session, seen: Mapping[str, str]) -> dict[str, str]:
    """Approve submissions (id → instance of the copy that was read); returns those that
    were not approved yet with their state before. Raises NotReviewer, CorrectedSince."""
    actor = _reviewer(session)
    before: dict[str, str] = {}
    for id, instance in seen.items():
        row = _seen(session, id, instance)
        if row.state != APPROVED:
            before[id] = row.state or RECEIVED
            row.state, row.reviewer, row.reviewed = APPROVED, actor or None, now_utc()
    session.flush()
    return before


def take_back(session: Session, before: Mapping[str, str]) -> None:
    """Give submissions the state that they had before somebody judged them. Raises
    NotReviewer."""
    _reviewer(session)
    for id, state in before.items():
        row = submission_row(session, id)
        row.state, row.reviewer, row.reviewed = state, None, None
    session.flush()


def send_back(session: Session, submission: str, instance: str) -> None:
    """Ask who filled a submission to correct it. Raises NotReviewer, NothingToCorrect,
    CorrectedSince."""
    actor = _reviewer(session)
    row = _seen(session, submission, instance)
    if not remarks(session, submission):
        raise NothingToCorrect
    row.state, row.reviewer, row.reviewed = TO_CORRECT, actor or None, now_utc()
    session.flush()


def counts(session: Session) -> dict[str, int]:
    """Number of submissions in each state."""
    rows = session.execute(
        sa.select(Submission.state, sa.func.count())
        .where(Submission.deleted.is_(False), Submission.id.not_in(blind.unseen(session)))
        .group_by(Submission.state)
    )
    found = dict.fromkeys(STATES, 0)
    for state, number in rows:
        found[state or RECEIVED] = found.get(state or RECEIVED, 0) + number
    return found


def next_received(session: Session, after: str) -> str:
    """The submission to review after this one, from the newest to the oldest and round
    again; "" if no other waits."""
    waiting = sa.select(Submission.id).where(
        Submission.state == RECEIVED,
        Submission.deleted.is_(False),
        Submission.id != after,
        Submission.id.not_in(blind.unseen(session)),
    )
    order = waiting.order_by(Submission.id.desc()).limit(1)
    return session.scalar(order.where(Submission.id < after)) or session.scalar(order) or ""


def returned(session: Session, account: str, role: str) -> tuple[Returned, ...]:
    """What somebody has to correct, oldest first: what they filled; agents and heads also
    what nobody here filled (it came from a file)."""
    mine: sa.ColumnElement[bool] = Submission.account == account
    if may_review(role):
        mine = sa.or_(mine, Submission.account.is_(None))
    rows = session.scalars(
        sa.select(Submission)
        .where(Submission.state == TO_CORRECT, Submission.deleted.is_(False), mine)
        .order_by(Submission.reviewed, Submission.id)
        .limit(100)
    ).all()
    notes: dict[str, list[ReviewNote]] = {row.id: [] for row in rows}
    for note in _notes(session, list(notes)):
        notes[str(note.submission)].append(note)
    return tuple(
        Returned(
            shown,
            _remarks(session, [n for n in notes[row.id] if n.instance == row.instance]),
        )
        for row, shown in zip(rows, views(session, "submission", rows), strict=True)
    )
