"""An invitation: what a new computer needs to believe its office, sealed to that computer.

The office's signature lies inside the encryption. It proves nothing to a computer that does
not know the office yet: there, a person compares the office's words on both screens.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import msgspec

from migdesk.errors import Refusal
from migdesk.i18n import N_

from . import roll
from .roll import Line
from .seal import (
    Card,
    Identity,
    NotAge,
    NotForIdentity,
    NotIntact,
    Office,
    OfficeKey,
    encrypt,
)

ENDING = ".migdesk-invitation"
MOST_BYTES = 8 * 1024 * 1024
_PURPOSE = b"MigDesk invitation 1\n"
_SIGNATURE = 64


class NotInvited(Refusal):
    code = "INV-001"
    text = N_(
        "This invitation is for another computer. Ask for one that was made for the key of "
        "this computer."
    )


class BrokenInvitation(Refusal):
    code = "INV-002"
    text = N_(
        "This invitation is damaged or was altered. Nothing was taken over; ask for it again."
    )


class Invitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`office` is the office's public key, `row` and `name` those of its record, `line` the
    signed line of the invited device in the row `device`; `ops` are lines of the change log
    (the office and its register). `key` is the office's private key, for an administrator."""

    office: bytes
    row: str
    name: str
    device: str
    line: str
    ops: tuple[str, ...]
    key: bytes = b""

    @property
    def says(self) -> Line:
        """What the office says of the invited device; `opened` has verified it."""
        return roll.read(self.line, Office(self.office), self.device)


def sealed(invitation: Invitation, key: OfficeKey, card: Card) -> bytes:
    """The file for the computer of this card."""
    body = msgspec.json.encode(invitation, order="deterministic")
    out = BytesIO()
    encrypt(BytesIO(key.sign(_PURPOSE + body) + body), out, [card])
    return out.getvalue()


def opened(data: bytes, mine: Iterable[Identity]) -> Invitation:
    """The invitation that `data` holds for one of our keys. Raises NotInvited,
    BrokenInvitation."""
    for identity in mine:
        out = _Bounded()
        try:
            identity.decrypt(BytesIO(data), out)
        except NotForIdentity:
            continue
        except (NotAge, NotIntact, _TooLong):
            raise BrokenInvitation from None
        return _verified(out.getvalue(), identity)
    raise NotInvited


def _verified(plain: bytes, identity: Identity) -> Invitation:
    proof, body = plain[:_SIGNATURE], plain[_SIGNATURE:]
    try:
        found = msgspec.json.decode(body, type=Invitation)
        cards = [Card.parse(text) for text in found.says.cards]
    except (msgspec.MsgspecError, ValueError, roll.Unsigned):
        raise BrokenInvitation from None
    if not Office(found.office).verify(proof, _PURPOSE + body):
        raise BrokenInvitation
    if found.key and OfficeKey(found.key).office.public != found.office:
        raise BrokenInvitation
    if cards[0].signer != identity.card.signer:
        raise NotInvited
    return found


class _TooLong(Exception):
    """More than an invitation can hold."""


class _Bounded(BytesIO):
    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(data) > MOST_BYTES:
            raise _TooLong
        return super().write(data)
