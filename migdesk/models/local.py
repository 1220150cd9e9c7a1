"""Tables of this computer: the change log and what is derived from it or never leaves."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .declare import Base


class OpRow(Base):
    """One op of the change log (`migdesk.ops.Op`) in the order it arrived here.

    `body` is the op's JSON, `link` its place in the chain of its writer. `tx` is None for
    the op that began its transaction, since its stamp names it: most have no other, and the
    index stays small. `parked` marks an op with a kind or field that this version does not
    know; it is replayed once a newer version does.
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
    link: Mapped[str] = mapped_column(sa.String(22))
    parked: Mapped[bool] = mapped_column(sa.Boolean(), default=False)
    origin: Mapped[str] = mapped_column(sa.String(40), default="")

    __table_args__ = (
        sa.Index(
            "ix_op_tx",
            "tx",
            sqlite_where=sa.text("tx IS NOT NULL"),
        ),
        sa.Index(
            "ix_op_parked",
            "kind",
            sqlite_where=sa.text("parked"),
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


class Alias(Base):
    """A row that was merged into another, as the log says it (derived from ops); the column
    `merged` of the row says where that leads in the end."""

    __tablename__ = "alias"

    row: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    target: Mapped[str] = mapped_column(sa.String(36), index=True)


class Erasure(Base):
    """A row that was erased, and the stamp of the first op that says so (derived)."""

    __tablename__ = "erasure"

    row: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    stamp: Mapped[str] = mapped_column(sa.String(40))


class Twin(Base):
    """An op with the stamp of another: a computer was copied, or the log altered."""

    __tablename__ = "twin"

    stamp: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    link: Mapped[str] = mapped_column(sa.String(22), primary_key=True)
    row: Mapped[str] = mapped_column(sa.String(36), index=True)
    body: Mapped[str] = mapped_column(sa.Text())
    origin: Mapped[str] = mapped_column(sa.String(40))


class Resemblance(Base):
    """Two records that may be one, as last compared: how probable, and the codes of why,
    with a space between. Made from the records, and made again from them."""

    __tablename__ = "resemblance"

    one: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    two: Mapped[str] = mapped_column(sa.String(36), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    probability: Mapped[float] = mapped_column(sa.Float())
    why: Mapped[str] = mapped_column(sa.Text())

    __table_args__ = (sa.Index("ix_resemblance_kind", "kind", "probability"),)


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
    """A computer of another office that a person paired by its card."""

    __tablename__ = "peer"

    device: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text())
    card: Mapped[str] = mapped_column(sa.Text())


class Received(Base):
    """A bundle that was looked at. `state`: applied, refused (with the fault's code),
    foreign (not for us), quarantined, dropped, undone.

    `first` and `last` are the positions that its new ops took in our log (0: none). `size`
    and `hash` (SHA-256 in hex) are those of its file. `given` is what it gives once its
    stream is here up to its end: JSON of sender → (incarnation, position), "" if nothing or
    done.
    """

    __tablename__ = "received"

    id: Mapped[str] = mapped_column(sa.String(128), primary_key=True)
    device: Mapped[str] = mapped_column(sa.String(32), default="", index=True)
    incarnation: Mapped[str] = mapped_column(sa.String(40), default="")
    stream: Mapped[str] = mapped_column(sa.String(80), default="")
    upto: Mapped[int] = mapped_column(sa.BigInteger(), default=0)
    made: Mapped[str] = mapped_column(sa.String(30), default="")
    at: Mapped[str] = mapped_column(sa.String(30))
    state: Mapped[str] = mapped_column(sa.String(12))
    fault: Mapped[str] = mapped_column(sa.String(20), default="")
    ops: Mapped[int] = mapped_column(sa.Integer(), default=0)
    first: Mapped[int] = mapped_column(sa.BigInteger(), default=0)
    last: Mapped[int] = mapped_column(sa.BigInteger(), default=0)
    given: Mapped[str] = mapped_column(sa.Text(), default="")
    size: Mapped[int] = mapped_column(sa.BigInteger(), default=0)
    hash: Mapped[str] = mapped_column(sa.String(64), default="")


class Interval(Base):
    """Positions (after, upto] of a sender's stream that are here; neighbours are one row."""

    __tablename__ = "interval"

    device: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    incarnation: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    stream: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    after: Mapped[int] = mapped_column(
        sa.BigInteger(), primary_key=True, autoincrement=False
    )
    upto: Mapped[int] = mapped_column(sa.BigInteger())


class Ack(Base):
    """What a device told last: how much it holds of the stream that we make for it
    (`position`), the rest of its news as JSON (`sync.bundle.News`), and the holes that it
    named twice (`asked`). `at` is the moment here, `made` its own."""

    __tablename__ = "ack"

    device: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    position: Mapped[int] = mapped_column(sa.BigInteger())
    incarnation: Mapped[str] = mapped_column(sa.String(40))
    sequence: Mapped[int] = mapped_column(sa.BigInteger())
    at: Mapped[str] = mapped_column(sa.String(30))
    made: Mapped[str] = mapped_column(sa.String(30))
    news: Mapped[str] = mapped_column(sa.Text())
    asked: Mapped[str] = mapped_column(sa.Text())


class Sent(Base):
    """A bundle of ours: what it covers, for whom, and a mark of what it told. `readers`
    are devices, `files` attachment → names of its pieces; `log` is the end of our log when
    it was made, `hash` the SHA-256 of its file in hex."""

    __tablename__ = "sent"

    name: Mapped[str] = mapped_column(sa.String(128), primary_key=True)
    stream: Mapped[str] = mapped_column(sa.String(80))
    after: Mapped[int] = mapped_column(sa.BigInteger())
    upto: Mapped[int] = mapped_column(sa.BigInteger())
    readers: Mapped[list[str]] = mapped_column(sa.JSON())
    files: Mapped[dict[str, list[str]]] = mapped_column(sa.JSON())
    ops: Mapped[int] = mapped_column(sa.Integer())
    size: Mapped[int] = mapped_column(sa.BigInteger())
    told: Mapped[str] = mapped_column(sa.String(32))
    log: Mapped[int] = mapped_column(sa.BigInteger())
    at: Mapped[str] = mapped_column(sa.String(30))
    hash: Mapped[str] = mapped_column(sa.String(64), default="")


class Outbox(Base):
    """The stream of a device with a scope, line by line: the position of an op in our log, or
    0 for a row that the device is to let go. `left`: the row is out of the scope since, and
    the line is no longer said."""

    __tablename__ = "outbox"

    device: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    n: Mapped[int] = mapped_column(sa.BigInteger(), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(sa.BigInteger())
    row: Mapped[str] = mapped_column(sa.String(36))
    left: Mapped[bool] = mapped_column(sa.Boolean(), default=False)

    __table_args__ = (sa.Index("ix_outbox_device_row", "device", "row"),)


class Lent(Base):
    """What a feeder said of a row, on the device with a scope that it feeds: that it is in
    our scope, or that it is `gone` from it; `upto` is the end of the bundle that said so."""

    __tablename__ = "lent"

    device: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    incarnation: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    row: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    upto: Mapped[int] = mapped_column(sa.BigInteger())
    gone: Mapped[bool] = mapped_column(sa.Boolean())


class Head(Base):
    """The newest op of a writer that a device holds, as it told; `said_by` is "" for what
    is here."""

    __tablename__ = "head"

    writer: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    said_by: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    stamp: Mapped[str] = mapped_column(sa.String(40))
    link: Mapped[str] = mapped_column(sa.String(40))


class Quarantine(Base):
    """A sealed bundle of a revoked device, kept whole until a person decides."""

    __tablename__ = "quarantine"

    name: Mapped[str] = mapped_column(sa.String(128), primary_key=True)
    data: Mapped[bytes] = mapped_column(sa.LargeBinary())


class HeldBack(Base):
    """An op that its sender may not make, outside the log until a person decides or
    somebody brings it who may. `device` signed for it; `at` is the moment here."""

    __tablename__ = "held_back"

    stamp: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    device: Mapped[str] = mapped_column(sa.String(32), index=True)
    row: Mapped[str] = mapped_column(sa.String(36), index=True)
    at: Mapped[str] = mapped_column(sa.String(30))
    body: Mapped[str] = mapped_column(sa.Text())


class Chunk(Base):
    """A piece of an attachment that has not arrived whole, under the hash of the whole."""

    __tablename__ = "chunk"

    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    number: Mapped[int] = mapped_column(sa.Integer(), primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(sa.LargeBinary())


class Depot(Base):
    """A place of exchange that this computer goes to. `address` holds no secret; `secret`
    is empty where the keyring of the system keeps it. `fault` is the code of the last try,
    empty if it went well."""

    __tablename__ = "depot"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text())
    address: Mapped[dict[str, Any]] = mapped_column(sa.JSON())
    secret: Mapped[str] = mapped_column(sa.Text(), default="")
    automatic: Mapped[bool] = mapped_column(sa.Boolean(), default=False)
    tried: Mapped[str] = mapped_column(sa.String(30), default="")
    done: Mapped[str] = mapped_column(sa.String(30), default="")
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


class Sealed(Base):
    """A row that not every account may know of, or (`masked`) read the names in; made from
    the records, and made again from them (`models.sealing`)."""

    __tablename__ = "sealed"

    row: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    compartment: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    masked: Mapped[bool] = mapped_column(sa.Boolean(), default=False)
