"""Bytes that nobody names any more, and who names them. Knows no record but attachments."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.local import Blob, Chunk, Draft
from migdesk.models.office import AttachmentRecord


def purge(session: Session, digests: Iterable[str]) -> None:
    """Forget bytes that neither an attachment (be it in the bin) nor a draft names."""
    lost = {digest for digest in digests if digest}
    if not lost:
        return
    session.flush()
    named_by = AttachmentRecord.blob
    lost -= set(session.scalars(sa.select(named_by).where(named_by.in_(lost))))
    for draft in session.scalars(sa.select(Draft)) if lost else ():
        lost -= set(named(draft).values())
    session.execute(sa.delete(Blob).where(Blob.hash.in_(lost)))
    session.execute(sa.delete(Chunk).where(Chunk.hash.in_(lost)))


def named(draft: Draft) -> dict[str, str]:
    """Name → hash of the files of a draft."""
    return dict(draft.body.get("files") or {})
