"""Drafts: what somebody is typing, kept in the encrypted database until it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import uuid7
from migdesk.models.kinds import now_utc
from migdesk.models.local import Draft

from . import blobs


@dataclass(frozen=True)
class DraftView:
    """A draft; `body` is whatever the form put there."""

    id: str
    kind: str
    title: str
    saved: str
    body: Mapping[str, Any]


def key(kind: str, account: str, id: str | None = None) -> str:
    """How the ids of the drafts begin that an account types into a record, or a new one."""
    return f"{kind}:{id or 'new'}:{account}"


def fresh(key: str) -> str:
    """An id for what is typed from now on; no older draft is ever written over."""
    return f"{key}:{uuid7()}"


def target(draft: DraftView) -> str:
    """Id of the record that a draft belongs to, "" for a new one."""
    _kind, id, *_account = f"{draft.id}:".split(":")
    return "" if id == "new" else id


def put(session: Session, id: str, kind: str, title: str, body: Mapping[str, Any]) -> None:
    """Keep a draft, replacing the one with the same id."""
    scribe = session.info["scribe"]
    session.merge(
        Draft(
            id=id,
            kind=kind,
            title=title,
            account=scribe.actor,
            saved=now_utc(),
            body=dict(body),
        )
    )
    scribe.kinds.add("draft")


def get(session: Session, id: str) -> DraftView | None:
    """The draft, or None."""
    draft = session.get(Draft, id)
    return _view(draft) if draft is not None else None


def newest(session: Session, key: str) -> DraftView | None:
    """The newest draft whose id begins with a key, or None."""
    rows = sa.select(Draft).where(Draft.id.startswith(f"{key}:"))
    draft = session.scalars(rows.order_by(Draft.saved.desc()).limit(1)).first()
    return _view(draft) if draft is not None else None


def drop(session: Session, id: str) -> None:
    """Forget a draft: its record was saved, or the person gave it up. Files that only it
    named go too."""
    draft = session.get(Draft, id)
    files = blobs.named(draft).values() if draft is not None else ()
    session.execute(sa.delete(Draft).where(Draft.id == id))
    blobs.purge(session, files)
    session.info["scribe"].kinds.add("draft")


def list_mine(session: Session, account: str = "") -> tuple[DraftView, ...]:
    """Drafts of one account (all of this computer if none is named), newest first."""
    statement = sa.select(Draft).order_by(Draft.saved.desc())
    if account:
        statement = statement.where(Draft.account == account)
    return tuple(_view(draft) for draft in session.scalars(statement))


def _view(draft: Draft) -> DraftView:
    return DraftView(draft.id, draft.kind, draft.title, draft.saved, draft.body)
