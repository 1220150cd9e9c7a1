"""What `migdesk check` looks at, part by part: what follows from the log is compared with
it and, where it differs, written again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import stamp_ms
from migdesk.models import RECORDS
from migdesk.models.capture import record_text
from migdesk.models.local import Blob, ConflictRow, Draft, OpRow, SearchDoc
from migdesk.models.office import AttachmentRecord

from . import aliases, blobs, merging


@dataclass(frozen=True)
class Facts:
    """Figures that are read at once: changes in the log, those of a newer program, files
    that have not arrived, the newest moment in the log (milliseconds since 1970)."""

    ops: int
    parked: int
    not_arrived: int
    newest: int


def facts(session: Session) -> Facts:
    """See `Facts`."""
    ops = sa.select(sa.func.count()).select_from(OpRow)
    held = sa.exists().where(Blob.hash == AttachmentRecord.blob)
    waiting = sa.select(sa.func.count()).select_from(AttachmentRecord)
    waiting = waiting.where(
        AttachmentRecord.deleted.is_(False),
        AttachmentRecord.blob.is_not(None),
        ~held,
    )
    newest = session.scalar(sa.select(sa.func.max(OpRow.stamp)))
    return Facts(
        session.scalar(ops) or 0,
        session.scalar(ops.where(OpRow.parked)) or 0,
        session.scalar(waiting) or 0,
        stamp_ms(newest) if newest else 0,
    )


def doubtful(session: Session, rows: Sequence[str]) -> list[str]:
    """Rows whose list of conflicts is not what the log says."""
    roots = aliases.roots(session)
    meant = {
        row: {each.id for each in merging.waiting(state, row, roots)}
        for row, state in merging.states_of(session, rows).items()
    }
    found: dict[str, set[str]] = {row: set() for row in meant}
    query = sa.select(ConflictRow.row, ConflictRow.id).where(ConflictRow.row.in_(rows))
    for row, id in session.execute(query):
        found.setdefault(row, set()).add(id)
    return [row for row, ids in found.items() if ids != meant.get(row, set())]


def settle_again(session: Session, rows: Sequence[str]) -> None:
    """Write the conflicts of some rows as the log says."""
    merging.refresh_conflicts(session, rows)


def stray(session: Session) -> int:
    """Forget conflicts and words of rows that the log does not know; how many."""
    gone = 0
    for table in (ConflictRow, SearchDoc):
        known = sa.exists().where(OpRow.row == table.row)
        done = session.execute(sa.delete(table).where(~known))
        gone += int(getattr(done, "rowcount", 0))
    return gone


def misspelt(session: Session, kind: str, after: str, limit: int) -> tuple[list[str], str]:
    """Of the rows of a kind after an id, those whose words of search are not those of the
    record; and the last id looked at, "" at the end."""
    about = RECORDS[kind]
    statement = sa.select(about.model).where(about.model.id > after)
    records = list(session.scalars(statement.order_by(about.model.id).limit(limit)))
    if not records:
        return [], ""
    ids = [record.id for record in records]
    held = dict(
        session.execute(sa.select(SearchDoc.row, SearchDoc.words).where(SearchDoc.row.in_(ids)))
        .all()
    )
    wrong = [r.id for r in records if held.get(r.id, "") != record_text(session, about, r)]
    return wrong, ids[-1] if len(ids) == limit else ""


def index_again(session: Session, kind: str, rows: Sequence[str]) -> None:
    """Write the words of some rows anew."""
    about = RECORDS[kind]
    session.execute(sa.delete(SearchDoc).where(SearchDoc.row.in_(rows)))
    records = session.scalars(sa.select(about.model).where(about.model.id.in_(rows)))
    for record in records:
        if text := record_text(session, about, record):
            session.add(SearchDoc(row=record.id, kind=kind, words=text))
    session.flush()


def blob_names(session: Session) -> list[str]:
    """The hash of every file that lies here."""
    return list(session.scalars(sa.select(Blob.hash).order_by(Blob.hash)))


def spoilt(session: Session, names: Sequence[str]) -> list[str]:
    """Files whose bytes are not those of their hash."""
    query = sa.select(Blob.hash, Blob.data).where(Blob.hash.in_(names))
    return [name for name, data in session.execute(query) if _sum(data) != name]


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def forget(session: Session, names: Sequence[str]) -> None:
    """Let go of spoilt bytes, so that the exchange may bring the file again."""
    session.execute(sa.delete(Blob).where(Blob.hash.in_(names)))


def unnamed(session: Session) -> int:
    """Let go of files that neither an attachment nor a draft names; how many."""
    named = sa.select(AttachmentRecord.blob).where(AttachmentRecord.blob.is_not(None))
    lost = set(session.scalars(sa.select(Blob.hash).where(Blob.hash.not_in(named))))
    for draft in session.scalars(sa.select(Draft)) if lost else ():
        lost -= set(blobs.named(draft).values())
    blobs.purge(session, lost)
    return len(lost)


def ownerless(session: Session) -> int:
    """Lines whose owner is not in the log: it has not come yet."""
    total = 0
    for about in RECORDS.values():
        if about.owner:
            owner = getattr(about.model, about.owner)
            lines = sa.select(sa.func.count()).select_from(about.model)
            known = sa.exists().where(OpRow.row == owner)
            lines = lines.where(owner.is_not(None), ~known)
            total += session.scalar(lines.where(about.model.deleted.is_(False))) or 0
    return total
