"""Pictures and files: the record travels as ops, the bytes under their hash."""

from __future__ import annotations

import hashlib
import mimetypes

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake, Obstacle
from migdesk.i18n import N_
from migdesk.models.local import Blob
from migdesk.models.office import AttachmentRecord
from migdesk.sync import pieces

from . import records

LIMIT = 20 * 1024 * 1024


class TooLarge(Mistake):
    """A file above 20 MB."""

    code = "ATT-001"
    text = N_("This file is too large ({size} MB); at most {limit} MB.")


class NotArrived(Obstacle):
    """The record came by a bundle, its bytes have not."""

    code = "ATT-002"
    text = N_("This file has not arrived on this computer yet.")


def add(session: Session, name: str, data: bytes, of: str = "") -> str:
    """Keep a file; returns the id of its record. The same bytes are stored once."""
    return _record(session, name, store(session, data), len(data), of)


def store(session: Session, data: bytes) -> str:
    """Keep bytes under their hash, which comes back. Raises TooLarge."""
    if len(data) > LIMIT:
        raise TooLarge(size=len(data) // 1_048_576, limit=LIMIT // 1_048_576)
    digest = hashlib.sha256(data).hexdigest()
    if session.get(Blob, digest) is None:
        session.add(Blob(hash=digest, data=data))
    return digest


def name(session: Session, name: str, digest: str, of: str, id: str | None = None) -> str:
    """The record of a file whose bytes are here already; returns its id."""
    query = sa.select(sa.func.length(Blob.data)).where(Blob.hash == digest)
    return _record(session, name, digest, session.scalar(query) or 0, of, id)


def _record(
    session: Session, name: str, digest: str, size: int, of: str, id: str | None = None
) -> str:
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    values = {"name": name, "media": media, "size": size, "blob": digest, "of": of or None}
    held = session.get(AttachmentRecord, id) if id else None
    if held is None or held.blob != digest:
        values["key"] = pieces.new_key()
    return records.save(session, "attachment", id, values)


def read(session: Session, id: str) -> tuple[str, str, bytes]:
    """(name, media type, bytes); raises NotArrived."""
    about = records.get(session, "attachment", id).values
    data = session.scalar(sa.select(Blob.data).where(Blob.hash == about["blob"]))
    if data is None:
        raise NotArrived
    return about["name"], about["media"], data
