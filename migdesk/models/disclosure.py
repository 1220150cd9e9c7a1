"""The log of disclosures: what was given to whom, why, by whom (requirement R125)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import ANYONE, Record, field
from .kinds import AnyLink, Choice, Kind, Link, Moment


class Disclosure(Record):
    """One disclosure of personal data. `what` is a code of the export that was made."""

    __tablename__ = "disclosure"
    __kind__ = "disclosure"
    __label__ = N_("Disclosure")
    __plural__ = N_("Disclosures")
    __writers__ = ANYONE | {"reader"}

    at: Mapped[str | None] = field(Moment(), N_("When"), column=1, readonly=True)
    account: Mapped[str | None] = field(
        Link(to="account"), N_("By whom"), column=2, readonly=True
    )
    what: Mapped[str | None] = field(Kind(), N_("What"), column=3, readonly=True)
    recipient: Mapped[str | None] = field(Kind(), N_("To whom"), column=4, readonly=True)
    reason: Mapped[str | None] = field(Kind(), N_("Why"), column=5, readonly=True)
    person: Mapped[str | None] = field(
        Link(to="person", held=True), N_("About"), column=6, readonly=True, index=True
    )
    purpose: Mapped[str | None] = field(
        Choice(codes="consent_purposes"), N_("Purpose"), readonly=True
    )
    basis: Mapped[str | None] = field(
        Choice(codes="disclosure_bases"), N_("By what right"), column=7, readonly=True
    )
    consent: Mapped[str | None] = field(Link(to="consent"), N_("Consent"), readonly=True)
    record: Mapped[str | None] = field(AnyLink(), N_("Record"), hidden=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """When, and to whom."""
        return f"{Moment().show(values.get('at'))} {values.get('recipient') or ''}".strip()
