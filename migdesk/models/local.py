"""Tables of this computer: the change log and what is derived from it or never leaves."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .declare import Base


class OpRow(Base):
    """One op of the change log (`migdesk.ops.Op`) in the order it arrived here.

    `body` is the op's JSON. `tx` is None for the op that began its transaction, since its
    stamp names it: most have no other, and the index stays small. `parked` marks an op
    with a kind or field that this version does not know; it is replayed once a newer
    version does.
    """

    __tablename__ = "op"

    seq: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
        autoincrement=True,
    )
    stamp: Mapped[str] = mapped_column(sa.String(40), unique=True)
    row: Mapped[str] = mapped_column(sa.String(36), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    tx: Mapped[str | None] = mapped_column(sa.String(40))
    body: Mapped[str] = mapped_column(sa.Text())
    parked: Mapped[bool] = mapped_column(sa.Boolean(), default=False)
    origin: Mapped[str] = mapped_column(sa.String(40), default="")

    __table_args__ = (
        sa.Index(
            "ix_op_tx",
            "tx",
            sqlite_where=sa.text("tx IS NOT NULL"),
        ),
    )

    @classmethod
    def transaction(cls) -> sa.ColumnElement[str]:
        """Name of the transaction that an op belongs to."""
        return sa.func.coalesce(cls.tx, cls.stamp)

    @classmethod
    def within(cls, *tx: str) -> sa.ColumnElement[bool]:
        """Ops of some transactions."""
        return sa.or_(cls.stamp.in_(tx), cls.tx.in_(tx))


class ConflictRow(Base):
    """Two values of one field, neither of which knew of the other (derived from ops)."""

    __tablename__ = "conflict"

    id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    row: Mapped[str] = mapped_column(sa.String(36), index=True)
    field: Mapped[str] = mapped_column(sa.String(60))
    winner: Mapped[str] = mapped_column(sa.String(40))
    other: Mapped[str] = mapped_column(sa.String(40))


class SearchDoc(Base):
    """Words of one record for search; an FTS5 or tsvector index lies over it."""

    __tablename__ = "search_doc"

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
        autoincrement=True,
    )
    row: Mapped[str] = mapped_column(sa.String(36), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    words: Mapped[str] = mapped_column(sa.Text())


class Meta(Base):
    """Facts of this database: device, counters, cursors."""

    __tablename__ = "meta"

    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[str] = mapped_column(sa.Text())


class Draft(Base):
    """What somebody is typing, saved at each pause; gone once the record is saved."""

    __tablename__ = "draft"

    id: Mapped[str] = mapped_column(sa.String(160), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.Text())
    account: Mapped[str] = mapped_column(sa.String(36))
    saved: Mapped[str] = mapped_column(sa.String(30))
    body: Mapped[dict[str, Any]] = mapped_column(sa.JSON())


class Peer(Base):
    """Another computer that we trust: its card, and how far our exchange went."""

    __tablename__ = "peer"

    device: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text())
    card: Mapped[str] = mapped_column(sa.Text())
    sent: Mapped[int] = mapped_column(sa.BigInteger(), default=0)
    heard: Mapped[str] = mapped_column(sa.String(30), default="")


class Received(Base):
    """A bundle that was applied; or was refused, with the fault's code."""

    __tablename__ = "received"

    id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    device: Mapped[str] = mapped_column(sa.String(32))
    incarnation: Mapped[str] = mapped_column(sa.String(40))
    sequence: Mapped[int] = mapped_column(sa.Integer())
    name: Mapped[str] = mapped_column(sa.Text())
    at: Mapped[str] = mapped_column(sa.String(30))
    fault: Mapped[str] = mapped_column(sa.String(20), default="")


class Undone(Base):
    """A transaction that was undone, and the one that undid it."""

    __tablename__ = "undone"

    tx: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    by: Mapped[str] = mapped_column(sa.String(40), index=True)


class Blob(Base):
    """Bytes of an attachment under their SHA-256."""

    __tablename__ = "blob"

    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(sa.LargeBinary())


class Audit(Base):
    """What must be provable: logins, refusals, exports, restores. Codes, never names."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        primary_key=True,
        autoincrement=True,
    )
    at: Mapped[str] = mapped_column(sa.String(30))
    account: Mapped[str] = mapped_column(sa.String(36))
    what: Mapped[str] = mapped_column(sa.String(60))
    detail: Mapped[str] = mapped_column(sa.Text(), default="")
