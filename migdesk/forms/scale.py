"""The numbers that a range offers: from, to, in steps of."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from migdesk.i18n import _

if TYPE_CHECKING:
    from migdesk.forms.live import Live


def ends_of(live: Live) -> tuple[Decimal, Decimal, Decimal]:
    """(start, end, step) of a range; 0, 10 and 1 where the form says nothing usable."""
    given = live.control.attributes if live.control is not None else {}
    found = []
    for name, usual in (("start", 0), ("end", 10), ("step", 1)):
        text = given.get(name, "").strip()
        plain = text.replace("-", "", 1).replace(".", "", 1)
        found.append(Decimal(text) if plain.isdecimal() and plain.isascii() else Decimal(usual))
    return found[0], found[1], abs(found[2]) or Decimal(1)


def off_scale(live: Live) -> str | None:
    """What to say of a number that a range does not offer; None if it does."""
    value = live.value
    if not isinstance(value, int | Decimal):
        return None
    start, end, step = ends_of(live)
    if min(start, end) <= value <= max(start, end) and (value - start) % step == 0:
        return None
    words = _("Choose a number from {start} to {end}, in steps of {step}.")
    return words.format(start=start, end=end, step=step)
