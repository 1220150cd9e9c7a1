"""Correcting a finished submission with its own version of the form.

Every correction writes the state of the review, even one that stays the same, so that
somebody elsewhere who approves the copy before makes a conflict for people and not an
approval of what nobody read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from migdesk.errors import Refusal
from migdesk.forms import Form
from migdesk.forms.editing import replacing
from migdesk.forms.events import AUDIT_FILE
from migdesk.i18n import N_

from . import drafts, entities, form_device, form_media, form_words, records, review
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
    values = {
        "xml": replacing(xml, row.instance or ""),
        "instance": instance,
        "language": language or None,
        "comments": written(comments),
        "reviewer": None,
        "reviewed": None,
    }
    records.save(session, "submission", submission, values)
    if row.state == review.RECEIVED:
        scribe.note(row, {"state": review.RECEIVED})
    row.state = review.RECEIVED
    session.flush()
    earlier = form_media.contents(session, submission).get(AUDIT_FILE, b"")
    form_media.settle(session, submission, draft, xml)
    if log is not None:
        form_media.put(session, submission, AUDIT_FILE, _continued(earlier, log))
    entities.apply(session, submission)
    drafts.drop(session, draft)
    return submission


def _continued(earlier: bytes, log: bytes) -> bytes:
    """An event log and what came after it, under one line of headings."""
    head, _newline, lines = log.partition(b"\n")
    if not earlier.startswith(head):
        return earlier + log
    return earlier.rstrip(b"\n") + b"\n" + lines
