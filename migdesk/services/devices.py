"""The devices of the office as a page shows them, and this computer among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.i18n import _, ngettext
from migdesk.models.local import Ack
from migdesk.models.office import Questionnaire
from migdesk.models.organisation import PlaceRecord
from migdesk.sync.roll import Line
from migdesk.sync.seal import Card

from . import joining, registry
from .registry import Scope

FEW = 3


@dataclass(frozen=True)
class CardSeen:
    """A card that a person is to compare with the other screen."""

    text: str
    device: str
    name: str
    words: str
    fingerprint: str


def see_card(text: str) -> CardSeen:
    """Read a card that was typed, pasted or scanned. Raises CardMistyped, NotACard."""
    card = Card.parse(text)
    return CardSeen(str(card), card.device, card.name, card.words, card.fingerprint)


def forms(session: Session) -> tuple[tuple[str, str], ...]:
    """Questionnaires that a scope may name: form identifier and title, by title."""
    rows = sa.select(Questionnaire.form, sa.func.max(Questionnaire.name))
    rows = rows.where(Questionnaire.deleted.is_(False), Questionnaire.form.is_not(None))
    found = session.execute(rows.group_by(Questionnaire.form))
    titles = [(str(form), str(name or form)) for form, name in found]
    return tuple(sorted(titles, key=lambda each: each[1]))


@dataclass(frozen=True)
class OwnView:
    """This computer: its card, its short key, its words; and the office's words, "" before
    it belongs to one. `waiting` is the card of new keys that an administrator has not put
    in the place of the old ones yet. `state` is "" if it is not in the register."""

    name: str
    card: str
    fingerprint: str
    words: str
    office_words: str
    holder: bool
    state: str
    waiting: str
    joining: bool


@dataclass(frozen=True)
class DeviceView:
    """One line of the register. `scope_words` says what it receives; `crossed` holds the
    (digest, words) of what two administrators said at once."""

    line: str
    device: str
    name: str
    role: str
    role_words: str
    state: str
    revoked_at: str
    scope: Scope
    scope_words: str
    fed_by: str
    fed_by_name: str
    fingerprint: str
    words: str
    holder: bool
    ours: bool
    heard: str
    crossed: tuple[tuple[str, str], ...]


def own(session: Session) -> OwnView:
    """This computer; its keys exist since it was opened first."""
    mine = registry.identities(session)
    card = mine[0].card
    here, belongs = registry.ourselves(session), registry.office(session)
    newer = [each.card for each in mine[1:] if _waits(session, each.card)]
    return OwnView(
        name=here.name if here else card.name,
        card=str(card),
        fingerprint=card.fingerprint,
        words=card.words,
        office_words=belongs.words if belongs else "",
        holder=registry.office_key(session) is not None,
        state=here.state if here else "",
        waiting=str(newer[0]) if newer else "",
        joining=joining.is_joining(session),
    )


def _waits(session: Session, card: Card) -> bool:
    """Whether a card that we hold was never signed into the register."""
    lines = (entry.line for entry in registry.entries(session).values())
    signers = {Card.parse(text).signer for line in lines for text in line.cards}
    return card.signer not in signers


def devices(session: Session) -> tuple[DeviceView, ...]:
    """The register: this computer first, then those in service, by name."""
    entries = registry.entries(session)
    mine = {each.card.signer for each in registry.identities(session)}
    heard: dict[str, str] = dict(session.execute(sa.select(Ack.device, Ack.at)).all())
    found = []
    for row, entry in entries.items():
        line, card = entry.line, Card.parse(entry.line.cards[0])
        feeder = entries.get(line.fed_by)
        scope = _scope(line)
        crossed = entry.heads if len(entry.heads) > 1 else ()
        found.append(
            DeviceView(
                line=row,
                device=card.device,
                name=line.name,
                role=line.role,
                role_words=codelists.label("roles", line.role),
                state=line.state,
                revoked_at=line.revoked_at,
                scope=scope,
                scope_words=scope_words(session, scope),
                fed_by=line.fed_by,
                fed_by_name=feeder.line.name if feeder else "",
                fingerprint=card.fingerprint,
                words=card.words,
                holder=line.holder,
                ours=card.signer in mine,
                heard=heard.get(card.device, ""),
                crossed=tuple((each.digest, _said(session, each)) for each in crossed),
            )
        )
    return tuple(sorted(found, key=lambda d: (not d.ours, d.state != "live", d.name, d.line)))


def _scope(line: Line) -> Scope:
    return Scope(line.everything, line.places, line.questionnaires, line.compartments)


def _said(session: Session, line: Line) -> str:
    role = codelists.label("roles", line.role)
    return f"{line.name} · {role} · {scope_words(session, _scope(line))}"


def scope_words(session: Session, scope: Scope) -> str:
    """What a device receives, in a few words."""
    if scope.everything:
        return _("everything")
    places = session.scalars(
        sa.select(PlaceRecord.name).where(PlaceRecord.id.in_(scope.places)).order_by("name")
    )
    forms = session.scalars(
        sa.select(Questionnaire.name)
        .where(Questionnaire.form.in_(scope.questionnaires))
        .distinct()
        .order_by(Questionnaire.name)
    )
    parts = [_few([name or "" for name in places], len(scope.places))]
    parts.append(_few([name or "" for name in forms], len(scope.questionnaires)))
    if scope.compartments:
        words = ngettext("{n} compartment", "{n} compartments", len(scope.compartments))
        parts.append(words.format(n=len(scope.compartments)))
    return " · ".join(part for part in parts if part)


def _few(names: Sequence[str], number: int) -> str:
    shown = ", ".join(names[:FEW])
    more = number - min(len(names), FEW)
    if more and shown:
        return _("{names} and {n} more").format(names=shown, n=more)
    return shown if not more else str(more)


def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The QR code of a text, row by row, dark or not. Raises QrTooLong."""
    from migdesk.printing import marks  # loads ReportLab

    return marks.modules(text)
