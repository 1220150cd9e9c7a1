"""The log of disclosures: what was given to whom, why, by whom (requirement R125)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import HEADS, Record, field
from .kinds import Kind, Link, Moment


class Disclosure(Record):
    """One disclosure of personal data. `what` is a code of the export that was made."""

    __tablename__ = "disclosure"
    __kind__ = "disclosure"
    __label__ = N_("Disclosure")
    __plural__ = N_("Disclosures")
    __writers__ = HEADS

    at: Mapped[str | None] = field(Moment(), N_("When"), column=1, readonly=True)
    account: Mapped[str | None] = field(
        Link(to="account"), N_("By whom"), column=2, readonly=True
    )
    what: Mapped[str | None] = field(Kind(), N_("What"), column=3, readonly=True)
    recipient: Mapped[str | None] = field(Kind(), N_("To whom"), column=4, readonly=True)
    reason: Mapped[str | None] = field(Kind(), N_("Why"), column=5, readonly=True)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """When, and to whom."""
        return f"{Moment().show(values.get('at'))} {values.get('recipient') or ''}".strip()
