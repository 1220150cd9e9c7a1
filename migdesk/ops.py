"""The op: one change to one row, as the change log and the bundle hold it."""

from __future__ import annotations

import math
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any, TypeAlias

import msgspec

from migdesk.clock import are_stamps, is_stamp, stamp_device
from migdesk.errors import Refusal
from migdesk.i18n import N_

JSON: TypeAlias = Any
"""A plain JSON value: None, boolean, number, text, list or mapping of these."""

DELETED = "deleted"
"""The boolean field of every row that says whether it is deleted."""

MERGED = "merged"
"""The field of every row that names the row with which it was merged: None, not merged."""

ERASED = "erased"
"""The field by which a row is erased: true, for ever (:func:`erasing`)."""

CLOSING = (DELETED, MERGED)
"""Fields that put a row away: their writer says what he saw of all of it."""

MAX_NAME = 128
"""Longest name of a kind, row, field, account or program, in characters."""


class BadOp(Refusal):
    """A change that no healthy program writes."""

    code = "OPS-001"
    text = N_(
        "A change could not be read ({reason}). Nothing was taken over. "
        "Ask the sender to update the program and to export again."
    )


class Op(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A change to one row.

    `bases` names, for each field, the stamps of the heads that the writer saw. For a
    field that the op writes they are what it replaces (absent or empty: first write).
    A base on a field that the op does *not* write means "seen" and replaces nothing.
    `tx` is the stamp of the first op of the same transaction. `program` is the version
    of the writing program. Treat `fields` and `bases` as frozen.

    The ops of one writer are a chain: `number` counts them from 1, `link` is a hash of the
    link before and of this op (:class:`Chain`), and `salt` keeps an erased value from being
    guessed out of it. Of an *emptied* op, whose row was erased, only stamp, kind, row, tx,
    number and link are left.
    """

    stamp: str
    kind: str
    row: str
    fields: dict[str, JSON]
    bases: dict[str, list[str]]
    tx: str
    actor: str
    program: str
    number: int
    salt: str
    link: str

    @property
    def device(self) -> str:
        """The device that wrote it."""
        return stamp_device(self.stamp)

    @property
    def emptied(self) -> bool:
        """Whether what it said was erased."""
        return not self.fields

    def empty(self) -> Op:
        """What is left of it once its row is erased."""
        if self.emptied or self.fields.get(ERASED) is True:
            return self
        left = self.tx, "", "", self.number, "", self.link
        return Op(self.stamp, self.kind, self.row, {}, {}, *left)


@dataclass
class Chain:
    """Where the chain of one writer ends: how many ops, and the link of the last."""

    number: int = 0
    link: str = ""

    def add(
        self,
        stamp: str,
        kind: str,
        row: str,
        fields: dict[str, JSON],
        bases: dict[str, list[str]],
        tx: str,
        actor: str,
        program: str,
    ) -> Op:
        """The next op of this writer; the chain then ends with it."""
        salt = _text(secrets.token_bytes(8))
        what = (stamp, kind, row, fields, bases, tx, actor, program)
        self.number += 1
        self.link = link_after(self.link, Op(*what, self.number, salt, ""))
        return Op(*what, self.number, salt, self.link)


def link_after(previous: str, op: Op) -> str:
    """The link of an op, 22 characters, after an op of the same writer with the link
    `previous` ("" for the first): BLAKE2b-128 of that link and of all the op says."""
    said = _encode(op)
    said = said[: -len(op.link) - len(_LINK_END)]
    return _text(blake2b(previous.encode() + said, digest_size=16).digest())


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def bases_for(
    heads: Mapping[str, Iterable[str]], fields: Collection[str]
) -> dict[str, list[str]]:
    """The bases of a local op that writes `fields` of a row with these heads.

    `heads` is what the writer saw (``RowState.heads``). A write of ``deleted`` names all
    it saw of the row, and so does one of ``merged``; any other write also says which of
    these it knew.
    """
    wanted = {*fields, *CLOSING}
    closes = any(field in fields for field in CLOSING)
    return {
        field: list(stamps)
        for field, stamps in heads.items()
        if stamps and (field in wanted or closes)
    }


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Op).decode
_LINK_END = ',"link":""}'
_SALT = re.compile(r"[\w-]{11}", re.ASCII)
_LINK = re.compile(r"[\w-]{22}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_UNFIT = re.compile(r"[\x00\ud800-\udfff]")


def check(op: Op) -> Op:
    """Return `op` itself, if it may enter a change log.

    Refused (:class:`BadOp`): NUL or a lone surrogate in any text (PostgreSQL and UTF-8
    cannot hold them), numbers that JSON cannot hold, malformed stamps or stamps beyond
    the year 2200, an op that names itself as its base, empty or overlong names, an op that
    says nothing and is not emptied, what cannot be a place in a chain.
    """
    _check_stamps(op)
    _check_names(op)
    _check_chain(op)
    for value in op.fields.values():
        _check_value(value)
    return op


def plain(op: Op) -> bytes:
    """The same as `encode` for an op that :func:`decode` gave: it is checked already."""
    return _encode(op)


def encode(op: Op) -> bytes:
    """One checked op as one line of JSON, without the line's end."""
    return _encode(check(op))


def decode(line: bytes) -> Op:
    """The op on one line of JSON; :class:`BadOp` unless :func:`check` would pass it."""
    try:
        op = _decode(line)
    except msgspec.ValidationError:
        raise BadOp(reason=N_("a part is missing or of the wrong kind")) from None
    except (ValueError, RecursionError):
        raise BadOp(reason=N_("it is not written as JSON")) from None
    _check_stamps(op)
    _check_names(op)
    _check_chain(op)
    # The decoder already refuses lone surrogates and numbers out of range; NUL can only
    # have come as this escape, so most lines need no walk through their values.
    if b"\\u0000" in line:
        for value in op.fields.values():
            _check_value(value)
    return op


def decode_again(line: bytes) -> Op:
    """An op on a line that :func:`decode` passed before: it is checked already."""
    return _decode(line)


def encode_lines(ops: Iterable[Op]) -> Iterator[bytes]:
    """JSON Lines, each with its line's end."""
    for op in ops:
        yield encode(op) + b"\n"


def decode_lines(data: bytes) -> Iterator[Op]:
    """The ops of JSON Lines; empty lines are refused like any other bad line."""
    lines = data.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return map(decode, lines)


def _check_stamps(op: Op) -> None:
    if not op.bases:
        good = is_stamp(op.stamp) and (op.tx == op.stamp or is_stamp(op.tx))
    else:
        based = set().union(*op.bases.values())
        if op.stamp in based:
            raise BadOp(reason=N_("it replaces itself"))
        good = are_stamps({op.stamp, op.tx, *based})
    if not good:
        raise BadOp(reason=N_("its time cannot be"))


def _check_names(op: Op) -> None:
    # A row names itself; who wrote what, and with which program, comes again and again.
    others = (op.kind, op.actor or "-", op.program or "-", *op.fields, *op.bases)
    if not (_is_name(op.row) and _are_names(others)):
        raise BadOp(reason=N_("a name in it cannot be"))


def _check_chain(op: Op) -> None:
    if op.emptied:
        whole = not (op.bases or op.salt or op.actor or op.program)
    else:
        whole = _SALT.fullmatch(op.salt) is not None
    if not whole or not 0 < op.number < 1 << 53 or _LINK.fullmatch(op.link) is None:
        raise BadOp(reason=N_("its place in the log of its writer cannot be"))


def _is_name(text: str) -> bool:
    return 0 < len(text) <= MAX_NAME and _CONTROL.search(text) is None


@lru_cache(maxsize=4096)
def _are_names(texts: tuple[str, ...]) -> bool:
    """Of a kind, its writer and its fields: the same few, met again in every op."""
    return all(map(_is_name, texts))


def _check_value(value: JSON) -> None:
    match value:
        case str():
            if _UNFIT.search(value):
                raise BadOp(reason=N_("a text holds characters that cannot be kept"))
        case float():
            if not math.isfinite(value):
                raise BadOp(reason=N_("a number cannot be kept"))
        case None | bool() | int():
            pass
        case list():
            for item in value:
                _check_value(item)
        case dict():
            for key, item in value.items():
                if not isinstance(key, str) or _UNFIT.search(key):
                    raise BadOp(reason=N_("a text holds characters that cannot be kept"))
                _check_value(item)
        case _:
            raise BadOp(reason=N_("a value cannot be kept"))
