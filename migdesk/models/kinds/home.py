"""Where this office is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Home:
    """Where this office is: how bare telephone numbers and amounts are read."""

    country: str = "SN"
    currency: str = "XOF"


HOME = Home()
