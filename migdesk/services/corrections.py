"""Correcting a finished submission with its own version of the form.

Every correction writes the state of the review, even one that stays the same, so that
somebody elsewhere who approves the copy before makes a conflict for people and not an
approval of what nobody read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Refusal
from migdesk.forms import Form
from migdesk.forms.editing import DEPRECATED, ROOT, replaced, replacing
from migdesk.forms.events import AUDIT_FILE
from migdesk.i18n import N_
from migdesk.models.office import Submission

from . import drafts, entities, form_device, form_media, form_words, history, records, review
from .drafts import DraftView
from .form_device import Device
from .review import Remark
from .submissions import Filled, written
from .views import views


class MayNotCorrect(Refusal):
    """Answers of somebody else, or approved ones."""

    code = "REV-004"
    text = N_(
        "You may correct the questionnaires that you filled, until they are approved. Ask an "
        "agent or the head of the office to correct this one."
    )


@dataclass(frozen=True)
class Correction:
    """What a correction begins with. `draft`: the one that was begun and put aside."""

    filled: Filled
    form: Form
    device: Device
    remarks: tuple[Remark, ...]
    draft: DraftView | None


def begin(session: Session, submission: str, account: str = "") -> Correction:
    """Everything that a correction needs, or goes on from. Raises Gone, FormFault."""
    filled = form_words.open_filled(session, submission)
    form = form_words.form_of(filled.xform, filled.lists)
    draft = drafts.newest(session, drafts.key("submission", account, submission))
    begun = ""
    if draft is not None:
        form = form_words.open_draft(session, draft.body)
        begun = str(draft.body["replaces"])
    return Correction(
        filled,
        form,
        form_device.device(session, form, account),
        review.remarks(session, submission, begun),
        draft,
    )


def correct(
    session: Session,
    submission: str,
    xml: str,
    instance: str,
    language: str = "",
    draft: str = "",
    log: bytes | None = None,
    comments: Mapping[str, str] | None = None,
) -> str:
    """Keep a corrected copy in the place of the present one, which stays in the history;
    its draft goes, and it waits for a review again. Who filled it, when, and whom it is
    about stay. The event log goes on where it ended. Returns the id. Raises MayNotCorrect.
    """
    row = review.submission_row(session, submission)
    scribe = session.info["scribe"]
    if not review.may_correct(
        scribe.role, scribe.actor, views(session, "submission", [row])[0]
    ):
        raise MayNotCorrect
    _write(
        session,
        row,
        {
            "xml": replacing(xml, row.instance or ""),
            "instance": instance,
            "language": language or None,
            "comments": written(comments),
        },
    )
    earlier = form_media.contents(session, submission).get(AUDIT_FILE, b"")
    form_media.settle(session, submission, draft, xml)
    if log is not None:
        form_media.put(session, submission, AUDIT_FILE, _continued(earlier, log))
    entities.apply(session, submission)
    drafts.drop(session, draft)
    return submission


def _write(session: Session, row: Submission, values: Mapping[str, Any]) -> None:
    """Another copy in the place of the present one, to be reviewed anew."""
    fresh = {**values, "reviewer": None, "reviewed": None}
    records.save(session, "submission", row.id, fresh)
    if row.state == review.RECEIVED:
        session.info["scribe"].note(row, {"state": review.RECEIVED})
    row.state = review.RECEIVED
    session.flush()


def take_in(session: Session, xml: str, instance: str) -> str:
    """A copy from elsewhere that says which one it was made of: kept in its place, if that
    one is the present copy here; returns the id of the submission, "" if it is none."""
    named = replaced(xml)
    held = sa.select(Submission).where(
        Submission.instance.in_(named), Submission.deleted.is_(False)
    )
    row = session.scalar(held.order_by(Submission.id).limit(1)) if named else None
    if row is None:
        return ""
    _write(session, row, {"xml": xml, "instance": instance})
    return row.id


def earlier(session: Session) -> dict[str, str]:
    """Submissions that were corrected, by the identifiers of all their copies."""
    marked = Submission.xml.contains(DEPRECATED) | Submission.xml.contains(ROOT)
    ids = session.scalars(sa.select(Submission.id).where(marked))
    return {
        str(op.fields["instance"]): id
        for id in ids
        for op in history.ops_of(session, id)
        if op.fields.get("instance")
    }


def _continued(earlier: bytes, log: bytes) -> bytes:
    """An event log and what came after it, under one line of headings."""
    head, _newline, lines = log.partition(b"\n")
    if not earlier.startswith(head):
        return earlier + log
    return earlier.rstrip(b"\n") + b"\n" + lines
