"""Answers that are files: pictures, sound, drawings. The answer stored is the file's name.

While somebody fills a questionnaire the bytes lie in the table `blob` under their hash,
named in the draft's body (``"files": {name: hash}``). At the end they become attachments
of the submission, in the transaction that keeps it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.forms.xml import parse_xml
from migdesk.models.local import Blob, Draft
from migdesk.models.office import AttachmentRecord

from . import attachments, blobs, records

LONGEST = 80
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


@dataclass(frozen=True)
class Kept:
    """A file of a draft: the name that is the answer, and the hash of its bytes."""

    name: str
    digest: str


def keep(session: Session, draft_id: str, name: str, data: bytes, instead: str = "") -> Kept:
    """Keep the bytes of an answer for a draft; the file called `instead` goes.

    The name comes back without what no file name may hold, and with a number where the
    draft has another file of that name. Raises TooLarge.
    """
    held = _named(session, draft_id)
    gone = held.pop(instead, "")
    kept = Kept(free(name, held), attachments.store(session, data))
    held[kept.name] = kept.digest
    _note(session, draft_id, held)
    blobs.purge(session, [gone])
    return kept


def drop(session: Session, draft_id: str, name: str) -> None:
    """Forget a file of a draft; its bytes go, unless something else names them."""
    held = _named(session, draft_id)
    gone = held.pop(name, "")
    _note(session, draft_id, held)
    blobs.purge(session, [gone])


def read(session: Session, digest: str) -> bytes:
    """Bytes under a hash. Raises NotArrived."""
    data = session.scalar(sa.select(Blob.data).where(Blob.hash == digest))
    if data is None:
        raise attachments.NotArrived
    return data


def digest(data: bytes) -> str:
    """The hash under which bytes are kept."""
    return hashlib.sha256(data).hexdigest()


def files(session: Session, submission: str) -> dict[str, str]:
    """Name → hash of the files of a submission."""
    return {row.name or "": row.blob or "" for row in _rows(session, submission)}


def contents(session: Session, submission: str) -> dict[str, bytes]:
    """Name → bytes of the files of a submission that are on this computer."""
    rows = session.execute(
        sa.select(AttachmentRecord.name, Blob.data)
        .join(Blob, Blob.hash == AttachmentRecord.blob)
        .where(AttachmentRecord.of == submission, AttachmentRecord.deleted.is_(False))
    )
    return {name or "": data for name, data in rows}


def settle(session: Session, submission: str, draft_id: str, xml: str) -> None:
    """Make the files that the answers name attachments of the submission.

    What an earlier finish attached stays if it is the same; else it goes to the bin, so
    that the history can still show it. Bytes that no answer names go with the draft.
    """
    fresh, held = _named(session, draft_id), _rows(session, submission)
    if not fresh and not held:
        return
    answers = {(element.text or "").strip() for element in parse_xml(xml).iter()}
    wanted = {name: digest for name, digest in fresh.items() if name in answers}
    for row in held:
        name = row.name or ""
        if name not in answers or wanted.get(name, row.blob) != row.blob:
            records.delete(session, "attachment", row.id)
        else:
            wanted.pop(name, None)
    for name, digest in wanted.items():
        attachments.name(session, name, digest, submission)


def put(session: Session, submission: str, name: str, data: bytes) -> None:
    """Attach a file to a submission, in the place of one of that name."""
    for row in _rows(session, submission):
        if row.name == name:
            records.delete(session, "attachment", row.id)
    attachments.add(session, name, data, submission)


def tidy(name: str) -> str:
    """A file name that every computer takes, and nothing of the folders around it."""
    plain = _UNSAFE.sub("-", unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1]))
    path = PurePosixPath(plain.strip(" .-") or "file")
    ending = path.suffix[:12]
    return f"{path.stem[: LONGEST - len(ending)].strip()}{ending}"


def free(name: str, taken: Mapping[str, str]) -> str:
    """The name, tidy, with a number before its ending if it is taken."""
    plain = tidy(name)
    path, number, found = PurePosixPath(plain), 1, plain
    while found in taken:
        number += 1
        found = f"{path.stem}-{number}{path.suffix}"
    return found


def _rows(session: Session, submission: str) -> list[AttachmentRecord]:
    query = sa.select(AttachmentRecord).where(
        AttachmentRecord.of == submission, AttachmentRecord.deleted.is_(False)
    )
    return list(session.scalars(query.order_by(AttachmentRecord.id)))


def _named(session: Session, draft_id: str) -> dict[str, str]:
    draft = session.get(Draft, draft_id)
    return blobs.named(draft) if draft is not None else {}


def _note(session: Session, draft_id: str, held: Mapping[str, str]) -> None:
    """Write the names into the draft at once: a killed process must find them again. A
    draft that is not there yet gets them with its first answer."""
    draft = session.get(Draft, draft_id)
    if draft is not None:
        draft.body = {**draft.body, "files": dict(held)}
        session.flush()
