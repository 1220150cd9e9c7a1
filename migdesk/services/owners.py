"""Who owns a business, and who may act for the migrant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from migdesk.i18n import _
from migdesk.models.kinds import Number

from .views import View

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Shares:
    """Sums of the shares of the owners, in percent. `left` is what belongs to nobody yet;
    below zero, more than the whole was given away. `open`: owners without a share."""

    total: Decimal
    family: Decimal
    left: Decimal
    open: int

    @property
    def whole(self) -> bool:
        """Whether the shares are all told and make one hundred."""
        return not self.left and not self.open

    def words(self) -> str:
        """What is to be said of them."""
        if self.open:
            return _("an owner has no share yet")
        if self.left > 0:
            return _("{n} % belong to nobody").format(n=percent(self.left))
        if self.left < 0:
            return _("{n} % too much").format(n=percent(-self.left))
        return _("100 %, of which the family {n} %").format(n=percent(self.family))


def percent(value: Decimal) -> str:
    """A percentage for a person, without the sign."""
    return Number(decimals=2).show(float(value))


def shares(owners: Sequence[Mapping[str, Any]]) -> Shares:
    """Sums of stored values of owners."""
    told = [(Decimal(str(o["share"])), o["family"]) for o in owners if o["share"] is not None]
    total = sum((share for share, _family in told), Decimal(0))
    family = sum((share for share, family in told if family), Decimal(0))
    return Shares(total, family, WHOLE - total, len(owners) - len(told))


def in_force(mandate: View, day: date) -> bool:
    """Whether a mandate holds on a day."""
    values, today = mandate.values, day.isoformat()
    begun = (values["begins"] or today) <= today
    ended = (values["until"] or today) < today or (values["revoked"] or "9") <= today
    return begun and not ended
