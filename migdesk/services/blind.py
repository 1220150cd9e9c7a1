"""Blindness of the second entry: while a paper waits to be typed again, nobody but who typed
it first sees its first entry, so that whoever types it second has not read it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models.office import Submission
from migdesk.models.survey import PaperCopy


class Unseen(Mistake):
    """A first entry, asked for by somebody who may type the second."""

    code = "DBE-006"
    text = N_(
        "This is the first entry of the paper “{name}”, which waits to be typed a second "
        "time. It is shown once both entries are there."
    )


def unseen(session: Session) -> sa.Select[str | None]:
    """Ids of submissions that whoever asks must not see now; none to the program itself."""
    return _waiting(session).with_only_columns(PaperCopy.first)


def count(session: Session) -> int:
    """How many submissions whoever asks must not see now."""
    there = sa.and_(Submission.id == PaperCopy.first, Submission.deleted.is_(False))
    ids = _waiting(session).join(Submission, there).with_only_columns(Submission.id)
    counted = sa.select(sa.func.count()).select_from(ids.distinct().subquery())
    return session.scalar(counted) or 0


def look(session: Session, submission: str) -> None:
    """Raises Unseen for a submission that whoever asks must not see now."""
    statement = _waiting(session).where(PaperCopy.first == submission)
    if paper := session.scalar(statement.limit(1)):
        raise Unseen(name=paper.name or "")


def _waiting(session: Session) -> sa.Select[PaperCopy]:
    actor = str(session.info.get("actor") or "")
    return sa.select(PaperCopy).where(
        PaperCopy.state == "second",
        PaperCopy.deleted.is_(False),
        PaperCopy.first.is_not(None),
        PaperCopy.account.is_distinct_from(actor) if actor else sa.false(),
    )
