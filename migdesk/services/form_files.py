"""Files of a questionnaire: its lists and its pictures, sound and video.

They are attachments whose `of` is the questionnaire and whose name is the file's name, so
that they travel with it. The same content has the same id on every computer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.forms.needs import Needs, needs
from migdesk.i18n import N_
from migdesk.models.local import Blob
from migdesk.models.office import AttachmentRecord, Questionnaire

from . import attachments, records

FILES = UUID("3a7d0c5e-8b1f-5d64-9e0a-51c2b7f4d6a8")
"""Names the ids of these attachments (RFC 9562, version 5)."""


class NoSuchFile(Mistake):
    """The questionnaire has no file of that name."""

    code = "QUE-002"
    text = N_("The file “{name}” is missing. Add it to the questionnaire with “Files…”.")


def attach(session: Session, questionnaire: str, files: Mapping[str, bytes]) -> None:
    """Keep files of a questionnaire; one of the same name is replaced. Raises TooLarge."""
    for name, data in files.items():
        digest = attachments.store(session, data)
        for row in _rows(session, questionnaire, [name]):
            if row.blob != digest:
                records.delete(session, "attachment", row.id)
        id = str(uuid5(FILES, f"{questionnaire}\n{name}\n{digest}"))
        held = session.get(AttachmentRecord, id)
        if held is None:
            attachments.name(session, name, digest, questionnaire, id)
        elif held.deleted:
            records.restore(session, "attachment", id)


def names_of(session: Session, questionnaire: str) -> tuple[str, ...]:
    """Names of the files that the questionnaire has, in order."""
    return tuple(sorted({row.name or "" for row in _rows(session, questionnaire)}))


def files_of(
    session: Session, questionnaire: str, names: Iterable[str] | None = None
) -> dict[str, bytes]:
    """Name → bytes of the files that are on this computer; only `names`, if given."""
    rows = _rows(session, questionnaire, names)
    digests = [row.blob for row in rows if row.blob]
    found = session.execute(sa.select(Blob.hash, Blob.data).where(Blob.hash.in_(digests)))
    contents: dict[str | None, bytes] = {row.hash: row.data for row in found}
    return {row.name or "": contents[row.blob] for row in rows if row.blob in contents}


def read(session: Session, questionnaire: str, name: str) -> bytes:
    """Bytes of one file. Raises NoSuchFile, NotArrived."""
    rows = _rows(session, questionnaire, [name])
    if not rows:
        raise NoSuchFile(name=name)
    return attachments.read(session, rows[-1].id)[2]


def find(session: Session, questionnaire: str, name: str) -> bytes:
    """Bytes of one file; none where it is missing."""
    return next(iter(files_of(session, questionnaire, [name]).values()), b"")


def needed(session: Session, questionnaire: str) -> Needs:
    """Files that the form asks for, here or not."""
    xform = session.scalar(
        sa.select(Questionnaire.xform).where(Questionnaire.id == questionnaire)
    )
    return needs(xform) if xform else Needs()


def _rows(
    session: Session, questionnaire: str, names: Iterable[str] | None = None
) -> list[AttachmentRecord]:
    """Rows of all files, or of `names` in capitals or not, as a phone's card sees them."""
    query = sa.select(AttachmentRecord).where(
        AttachmentRecord.of == questionnaire, AttachmentRecord.deleted.is_(False)
    )
    rows = session.scalars(query.order_by(AttachmentRecord.id))
    wanted = None if names is None else {name.lower() for name in names}
    return [row for row in rows if wanted is None or (row.name or "").lower() in wanted]
