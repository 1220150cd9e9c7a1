"""Contents of attachments on their way: which have not arrived, which pieces are here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.local import Blob, Chunk
from migdesk.models.office import AttachmentRecord
from migdesk.sync import pieces

from .attachments import LIMIT

MOST_LACKING = 1_000
"""Attachments that are told to be lacking; the others are told later."""


@dataclass(frozen=True)
class Content:
    """The content of an attachment: its record, key, SHA-256 and size in bytes."""

    id: str
    key: str
    digest: str
    size: int

    @property
    def names(self) -> list[str]:
        """Names of its pieces in the place, in order."""
        return [
            pieces.name(self.key, self.digest, number)
            for number in range(pieces.count(self.size))
        ]


def _contents(query: sa.Select[AttachmentRecord], session: Session) -> Iterator[Content]:
    for row in session.scalars(query):
        sound = row.blob and row.key and len(row.key) == 43 and len(row.blob) == 64
        if sound and 0 <= (row.size or 0) <= LIMIT:
            yield Content(row.id, str(row.key), str(row.blob), row.size or 0)


def here(session: Session, ids: Sequence[str]) -> tuple[Content, ...]:
    """Of these attachments, the contents that are on this computer."""
    found: list[Content] = []
    for start in range(0, len(ids), 500):
        query = (
            sa.select(AttachmentRecord)
            .join(Blob, Blob.hash == AttachmentRecord.blob)
            .where(AttachmentRecord.id.in_(ids[start : start + 500]))
        )
        found += _contents(query, session)
    return tuple(found)


def not_arrived(session: Session) -> tuple[Content, ...]:
    """Contents that are named by a record here and have not arrived, newest first."""
    query = (
        sa.select(AttachmentRecord)
        .outerjoin(Blob, Blob.hash == AttachmentRecord.blob)
        .where(AttachmentRecord.blob.is_not(None), Blob.hash.is_(None))
        .order_by(AttachmentRecord.id.desc())
    )
    return tuple(_contents(query, session))


def lacking(session: Session) -> tuple[str, ...]:
    """Ids of attachments whose content has not arrived, as told to others."""
    return tuple(sorted(one.id for one in not_arrived(session)[:MOST_LACKING]))


def sealed(session: Session, content: Content, number: int) -> bytes | None:
    """A piece as it lies in the place; None if the content is gone since."""
    at = number * pieces.PIECE + 1  # SQL counts bytes from 1
    query = sa.select(sa.func.substr(Blob.data, at, pieces.PIECE))
    data = session.scalar(query.where(Blob.hash == content.digest))
    if data is None:
        return None
    return pieces.seal(content.key, content.digest, number, bytes(data))


def held(session: Session, content: Content) -> set[int]:
    """Numbers of the pieces that have arrived."""
    return set(session.scalars(sa.select(Chunk.number).where(Chunk.hash == content.digest)))


def put(session: Session, content: Content, number: int, data: bytes) -> bool:
    """Keep a piece; once all are here, the content. True if that is so.

    Content that is not what the record says is thrown away, so that it is fetched again.
    """
    session.merge(Chunk(hash=content.digest, number=number, data=data))
    session.flush()
    if len(held(session, content)) < pieces.count(content.size):
        return False
    rows = sa.select(Chunk.data).where(Chunk.hash == content.digest).order_by(Chunk.number)
    whole = b"".join(session.scalars(rows))
    session.execute(sa.delete(Chunk).where(Chunk.hash == content.digest))
    if len(whole) != content.size or hashlib.sha256(whole).hexdigest() != content.digest:
        return False
    if session.get(Blob, content.digest) is None:
        session.add(Blob(hash=content.digest, data=whole))
    session.info["scribe"].kinds.add("attachment")
    return True
