"""Rules of the office that a record must keep beside those of its fields: asked whenever a
person saves one, on whatever screen. What others wrote elsewhere is taken over as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models.refer import Referral
from migdesk.models.savings import GroupMember

Values = Mapping[str, Any]
MOST_MEMBERS = 50
"""Members of a savings group (requirement R052)."""


class GroupFull(Mistake):
    """A member too many."""

    code = "RUL-001"
    text = N_("A savings group has at most {n} members: found a second group.")


class NotBoth(Mistake):
    """Two people who would be named to each other before both agreed."""

    code = "RUL-002"
    text = N_("Nobody is named before both sides have said yes. Ask the other side first.")


class EndsBefore(Mistake):
    """A last day before the first."""

    code = "RUL-003"
    text = N_("The last day is before the first.")


def check(session: Session, kind: str, id: str, values: Values) -> None:
    """Raises the Mistake of the first rule that a record with these values would break."""
    for first, last in SPANS:
        if (since := values.get(first)) and (until := values.get(last)) and until < since:
            raise EndsBefore(last)
    rule = RULES.get(kind)
    if rule is not None:
        rule(session, id, values)


SPANS = (
    ("starts", "ends"),
    ("opens", "closes"),
    ("lodged", "answered"),
    ("sent", "answered"),
    ("here_from", "here_until"),
)
"""Pairs of days, whatever the record."""


def _group_member(session: Session, id: str, values: Values) -> None:
    if values.get("left") or not values.get("group"):
        return
    others = sa.select(sa.func.count()).where(
        GroupMember.group == values["group"],
        GroupMember.left.is_(None),
        GroupMember.deleted.is_(False),
        GroupMember.id != id,
    )
    if (session.scalar(others) or 0) >= MOST_MEMBERS:
        raise GroupFull("name", n=MOST_MEMBERS)


def _introduction(_session: Session, _id: str, values: Values) -> None:
    both = values.get("person_answer") == values.get("other_answer") == "yes"
    if values.get("introduced") and not both:
        raise NotBoth("introduced")


def _referral(session: Session, id: str, values: Values) -> None:
    """What waited to be sent goes through the consent gate. One that is entered as sent was
    sent before it came here."""
    held = session.get(Referral, id)
    if held is None or held.sent or held.status not in (None, "to_send"):
        return
    if not values.get("sent") and values.get("status") not in ("sent", "accepted"):
        return
    from . import consent_gate  # it saves records itself

    if consent_gate.was_given(session, "referral", id):
        return
    refused = [
        each
        for each in consent_gate.of_record(session, "referral", id, "referral")
        if not each.verdict.allowed
    ]
    if refused:
        raise consent_gate.NoConsent("status", why=refused[0].words)


RULES: dict[str, Callable[[Session, str, Values], None]] = {
    "group_member": _group_member,
    "introduction": _introduction,
    "referral": _referral,
}
