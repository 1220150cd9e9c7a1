"""Papers of keys: what opens the office when nobody knows a password, and the card of a
computer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models.dates import show_moment, stored_moment
from migdesk.printing.sheets.pairing_card import PairingCard
from migdesk.printing.sheets.recovery_key import RecoveryKey
from migdesk.printing.sheets.recovery_share import RecoveryShare

from . import devices, office
from .views import title_of


def recovery_key(session: Session, key: str) -> RecoveryKey:
    """The office's recovery key, in groups to copy by hand; never stored."""
    here = office.this_office(session)
    return RecoveryKey(
        imprint=_imprint(session),
        office=here.title if here else "",
        groups=tuple(key.replace("-", " ").split()),
        qr=key,
        made_on=show_moment(stored_moment(datetime.now(UTC))),
        made_by=title_of(session, "account", session.info.get("actor", "")),
    )


def recovery_share(
    session: Session, number: int, mark: str, words: tuple[str, ...]
) -> RecoveryShare:
    """One of the five sheets of the office's recovery key; never stored."""
    here = office.this_office(session)
    return RecoveryShare(
        imprint=_imprint(session),
        office=here.title if here else "",
        number=number,
        mark=mark,
        words=tuple(words),
        made_on=show_moment(stored_moment(datetime.now(UTC))),
        made_by=title_of(session, "account", session.info.get("actor", "")),
    )


def pairing_card(session: Session) -> PairingCard:
    """This computer's public card, to be typed or scanned on another one."""
    own = devices.own(session)
    card = devices.see_card(own.waiting or own.card)
    return PairingCard(
        imprint=_imprint(session),
        computer=own.name,
        fingerprint=tuple(card.fingerprint.replace("-", " ").split()),
        card=card.text,
        facts=((_("Words of this computer"), card.words),),
    )


def _imprint(session: Session) -> Any:
    from .papers import imprint

    return imprint(session)


KEY_FILLERS: dict[str, Callable[..., Any]] = {
    "recovery-key": recovery_key,
    "recovery-share": recovery_share,
    "pairing-card": pairing_card,
}
