"""A new computer joins an office: it shows its card, takes an invitation, and a person
compares the office's words before anything of it is believed."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from sqlalchemy.orm import Session

from migdesk.clock import uuid7
from migdesk.errors import Refusal
from migdesk.i18n import N_
from migdesk.models.meta import get_meta, set_meta
from migdesk.ops import decode
from migdesk.sync.invitation import Invitation, opened
from migdesk.sync.roll import Line
from migdesk.sync.seal import Identity, Office

from . import enrolment, merging, office, records, registry
from .registry import Scope

ACCOUNT = "administrator", "office_head", "agency", "agent", "enumerator"


class OtherOffice(Refusal):
    code = "ENR-007"
    text = N_(
        "This computer belongs to another office already. To join “{name}”, start MigDesk in "
        "another folder."
    )


@dataclass(frozen=True)
class InvitationView:
    """What an invitation says, before it is believed: the office and its words, and what
    this computer shall be. `key`: it also brings the key of the office."""

    office: str
    words: str
    name: str
    role: str
    scope: Scope
    key: bool


def begin(session: Session, computer: str, person: str, account: str) -> None:
    """First start of a computer that joins: keys and a card, but no office yet."""
    mine = Identity.new(get_meta(session, "device"), computer)
    registry.keep_identities(session, (mine,))
    set_meta(session, "incarnation", uuid7())
    set_meta(session, "joining", f"{account} {person}")


def is_joining(session: Session) -> bool:
    """Whether this computer still waits for its invitation."""
    return bool(get_meta(session, "joining"))


def look(session: Session, data: bytes) -> InvitationView:
    """Read an invitation without believing it. Raises NotInvited, BrokenInvitation,
    OtherOffice."""
    found = _opened(session, data)
    line = found.says
    scope = Scope(line.everything, line.places, line.questionnaires, line.compartments)
    office_ = Office(found.office)
    return InvitationView(
        found.name, office_.words, line.name, line.role, scope, bool(found.key)
    )


def decline(session: Session) -> None:
    """The words differed: nothing is taken over, and that is noted."""
    office.note(session, "decline_invitation")


def join(session: Session, data: bytes) -> None:
    """A person compared the words: this computer is of that office from now on.

    For a computer of the office already (it is given the key, or a newer register) only
    what is new counts. Raises as `look`.
    """
    found = _opened(session, data)
    set_meta(session, "office_public", base64.b64encode(found.office).decode())
    if found.key:
        set_meta(session, "office_key", base64.b64encode(found.key).decode())
    if found.row and not get_meta(session, "office"):
        set_meta(session, "office", found.row)
    ops = [decode(body.encode()) for body in found.ops]
    merging.apply_ops(session, ops, "")
    _make_account(session, found.says)
    enrolment.heed(session)
    office.note(session, "join_office", Office(found.office).id)


def _opened(session: Session, data: bytes) -> Invitation:
    found = opened(data, registry.identities(session))
    held = registry.office(session)
    if held is not None and held.public != found.office:
        raise OtherOffice(name=found.name)
    return found


def _make_account(session: Session, line: Line) -> None:
    """The person who began here gets an account with the role of the computer."""
    account, _space, person = get_meta(session, "joining").partition(" ")
    if account:
        role = line.role if line.role in ACCOUNT else "enumerator"
        values = {
            "name": person,
            "role": role,
            "office": get_meta(session, "office") or None,
            "active": True,
        }
        records.save(session, "account", account, values)
        set_meta(session, "joining", "")
