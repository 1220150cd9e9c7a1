"""Enrolment: the office signs which computers are its own and what each of them receives.

Whoever holds the office's key (a computer) and may write the register (a role) enrols,
changes, replaces and revokes. A revoked computer never comes back under its old keys.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import new_device_id
from migdesk.errors import Mistake, Refusal
from migdesk.i18n import N_
from migdesk.models import RECORDS
from migdesk.models.kinds import now_utc
from migdesk.models.local import OpRow
from migdesk.models.meta import get_meta, set_meta
from migdesk.sync import roll
from migdesk.sync.invitation import ENDING, Invitation, sealed
from migdesk.sync.roll import Line
from migdesk.sync.seal import Card, Identity, OfficeKey

from . import exchange, office, records, registry
from .registry import Entry, Scope


class NoOfficeKey(Refusal):
    code = "ENR-001"
    text = N_(
        "This computer does not hold the key of the office, so it cannot enrol. Use a "
        "computer that does, or ask for the key there (“Give the office’s key”)."
    )


class Enrolled(Mistake):
    code = "ENR-002"
    text = N_("This computer is enrolled already, as “{name}”. Look for it in the list.")


class RevokedKeys(Mistake):
    code = "ENR-003"
    text = N_(
        "The keys of “{name}” were revoked and never count again. Make new keys on that "
        "computer, then enrol it as a new one."
    )


class Nameless(Mistake):
    code = "ENR-004"
    text = N_("The device needs a name, such as “Laptop of Sédhiou”.")


class LastKey(Mistake):
    code = "ENR-005"
    text = N_(
        "“{name}” alone holds the key of the office: without it nobody could enrol any more. "
        "Give the key to another computer first."
    )


class NothingToReceive(Mistake):
    code = "ENR-006"
    text = N_("Choose what this device receives: everything, or at least one place or form.")


@dataclass(frozen=True)
class Grant:
    """What an administrator gives a device. `fed_by` is the line that makes its stream."""

    name: str
    role: str
    scope: Scope
    fed_by: str = ""
    holder: bool = False

    def checked(self) -> Grant:
        """Itself; raises Nameless, NothingToReceive."""
        if not self.name.strip():
            raise Nameless(field="name")
        if not (self.scope.everything or self.scope.places or self.scope.questionnaires):
            raise NothingToReceive(field="scope")
        return self

    def fields(self) -> dict[str, Any]:
        """As a line of the register says it."""
        scope = {} if self.scope.everything else vars(self.scope)
        return {
            "everything": self.scope.everything,
            "places": tuple(scope.get("places", ())),
            "questionnaires": tuple(scope.get("questionnaires", ())),
            "compartments": tuple(scope.get("compartments", ())),
            "name": " ".join(self.name.split()),
            "role": self.role,
            "fed_by": self.fed_by,
            "holder": self.holder,
        }


def found_office(session: Session) -> None:
    """Give the office its key, and this computer the first line of the register; nothing if
    this computer belongs to an office already."""
    if registry.office(session) is not None:
        return
    exchange.make_card(session)
    key = OfficeKey.new()
    set_meta(session, "office_key", base64.b64encode(key.to_bytes()).decode())
    set_meta(session, "office_public", base64.b64encode(key.office.public).decode())
    card = registry.identities(session)[0].card
    here = office.this_office(session)
    name = here.title if here else card.name
    grant = Grant(name or card.device[:4], "administrator", Scope(True), holder=True)
    _enrol(session, card, grant)
    office.note(session, "found_office", key.office.id)


def enrol(session: Session, card_text: str, grant: Grant) -> str:
    """Sign a computer into the register; its line. The person has compared its words.

    Raises CardMistyped, NotACard, Ourselves, Enrolled, RevokedKeys, Nameless,
    NothingToReceive, NoOfficeKey, NotYours.
    """
    found_office(session)
    card = Card.parse(card_text)
    _new_here(session, card)
    line = _enrol(session, card, grant.checked())
    office.note(session, "enrol", card.device)
    return line


def _enrol(session: Session, card: Card, grant: Grant) -> str:
    key, now = _key(session), now_utc()
    line = Line(key.office.id, card.device, "", (str(card),), (now,), "", now)
    return _write(session, msgspec.structs.replace(line, **grant.fields()))


def _new_here(session: Session, card: Card) -> None:
    if card.device in {mine.device for mine in registry.identities(session)}:
        raise exchange.Ourselves(field="card")
    for entry in registry.entries(session).values():
        if card.device in {Card.parse(text).device for text in entry.line.cards}:
            revoked = entry.line.state == roll.REVOKED
            raise (RevokedKeys if revoked else Enrolled)(field="card", name=entry.line.name)


def change(session: Session, line: str, grant: Grant) -> None:
    """Another name, role or scope; it reaches the device with the next bundle, which then
    adds or takes away what the scope says."""
    entry = _living(session, line)
    if entry.line.holder and not grant.holder:
        _not_last(session, entry)
    _write(session, _after(entry, **grant.checked().fields()))
    office.note(session, "change_device", line)


def revoke(session: Session, line: str) -> None:
    """Later bundles exclude it, and what it sends from now on is put in quarantine."""
    entry = _living(session, line)
    _not_last(session, entry)
    _write(session, _after(entry, state=roll.REVOKED, revoked_at=now_utc(), holder=False))
    office.note(session, "revoke_device", line)


def replace(session: Session, line: str, card_text: str) -> None:
    """Another computer, or new keys of the same one, takes the place of this line."""
    entry, card = _living(session, line), Card.parse(card_text)
    held = [Card.parse(text) for text in entry.line.cards]
    if card.signer == held[0].signer:
        raise Enrolled(field="card", name=entry.line.name)
    if card.device != held[0].device and card.device not in _own_devices(session):
        _new_here(session, card)
    _write(session, _with_card(entry, card))
    office.note(session, "replace_device", line)


def settle_crossed(session: Session, line: str, digest: str) -> None:
    """Two administrators changed a device at once: sign the line with this digest anew."""
    entry = registry.entries(session)[line]
    chosen = next((head for head in entry.heads if head.digest == digest), entry.line)
    if entry.line.state == roll.REVOKED:
        chosen = entry.line  # nobody gives back what the other one took away
    fields = {name: getattr(chosen, name) for name in Line.__struct_fields__}
    for given in ("generation", "replaces", "made"):
        del fields[given]
    _write(session, _after(entry, **fields))
    office.note(session, "settle_device", line)


def renew_keys(session: Session) -> bool:
    """New keys for this computer; the old ones are kept for reading. Whether they are in
    use at once: otherwise the old ones sign until an administrator has put the new card in
    the place of the old (`replace`)."""
    mine = registry.identities(session)
    here = registry.ourselves(session)
    lost = here is not None and here.state != "live"
    device = new_device_id() if lost else mine[0].device
    fresh = Identity.new(device, mine[0].card.name)
    entry = _line_of(session, mine[0].card)
    may = registry.office_key(session) is not None and _may_write(session)
    now = entry is None or lost or may
    registry.keep_identities(session, (fresh, *mine) if now else (mine[0], fresh, *mine[1:]))
    if now and entry is not None and not lost:
        _write(session, _with_card(entry, fresh.card))
    office.note(session, "renew_keys", device)
    return now


def heed(session: Session) -> None:
    """After ops came in: use the new keys that the register now knows, and write into the
    audit log what does not verify, once."""
    mine = registry.identities(session)
    known = {
        Card.parse(entry.line.cards[0]).signer for entry in registry.entries(session).values()
    }
    chosen = next((each for each in mine if each.card.signer in known), None)
    if chosen is not None and chosen is not mine[0]:
        others = tuple(each for each in mine if each is not chosen)
        registry.keep_identities(session, (chosen, *others))
    said = set(get_meta(session, "register_said").split())
    for report in registry.reports(session):
        if report.stamp and report.stamp not in said:
            said.add(report.stamp)
            office.note(session, f"register_{report.why}", f"{report.device} {report.stamp}")
    set_meta(session, "register_said", " ".join(sorted(said)))


def invitation(session: Session, line: str, with_key: bool = False) -> tuple[str, bytes]:
    """Name and bytes of the file that lets the device of a line in; `with_key` makes it a
    second computer that may enrol. Only that computer can open it."""
    entry, key = _living(session, line), _key(session)
    if with_key and not entry.line.holder:
        _write(session, _after(entry, holder=True))
        entry = _living(session, line)
    here = office.this_office(session)
    card = Card.parse(entry.line.cards[0])
    made = Invitation(
        office=key.office.public,
        row=here.id if here else "",
        name=here.title if here else "",
        device=line,
        line=roll.signed(entry.line, key),
        ops=_ops(session, here.id if here else ""),
        key=key.to_bytes() if entry.line.holder else b"",
    )
    office.note(session, "invite", line)
    return f"{card.device}{ENDING}", sealed(made, key, card)


def _ops(session: Session, here: str) -> tuple[str, ...]:
    rows = [here, *registry.entries(session)]
    wanted = sa.select(OpRow.body).where(OpRow.row.in_(rows), OpRow.body != "")
    return tuple(session.scalars(wanted.order_by(OpRow.stamp)))


def _may_write(session: Session) -> bool:
    role = session.info["scribe"].role
    return not role or role in RECORDS["device"].writers


def _key(session: Session) -> OfficeKey:
    key = registry.office_key(session)
    if key is None:
        raise NoOfficeKey
    return key


def _living(session: Session, line: str) -> Entry:
    entry = registry.entries(session)[line]
    if entry.line.state == roll.REVOKED:
        raise RevokedKeys(name=entry.line.name)
    return entry


def _line_of(session: Session, card: Card) -> Entry | None:
    for entry in registry.entries(session).values():
        if Card.parse(entry.line.cards[0]).signer == card.signer:
            return entry
    return None


def _own_devices(session: Session) -> set[str]:
    return {mine.device for mine in registry.identities(session)}


def _not_last(session: Session, entry: Entry) -> None:
    others = (e.line for row, e in registry.entries(session).items() if row != entry.line.line)
    if entry.line.holder and not any(o.holder and o.state == roll.LIVE for o in others):
        raise LastKey(name=entry.line.name)


def _after(entry: Entry, **fields: Any) -> Line:
    """The line that replaces all heads of an entry."""
    return msgspec.structs.replace(
        entry.line,
        generation=max(head.generation for head in entry.heads) + 1,
        replaces=tuple(head.digest for head in entry.heads),
        made=now_utc(),
        **fields,
    )


def _with_card(entry: Entry, card: Card) -> Line:
    cards, since = (str(card), *entry.line.cards), (now_utc(), *entry.line.since)
    return _after(entry, cards=cards, since=since)


def _write(session: Session, line: Line) -> str:
    """Sign and keep. Raises NoOfficeKey, NotYours."""
    text = roll.signed(line, _key(session))
    shown = {"name": line.name, "role": line.role, "state": line.state, "signed": text}
    return records.save(session, "device", line.line, shown)
