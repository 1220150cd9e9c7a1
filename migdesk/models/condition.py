"""Conditions: what must hold of whoever asks for a window's money, or answers a need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import Record, field
from .kinds import Boolean, Choice, Kind, Link


class Compared(Kind):
    """What a condition compares with: codes, places or a number of its subject, several
    parted by ``|``."""


class Condition:
    """What every condition says. `about` is a code of `condition_subjects`, `how` one of
    `condition_tests`; `value` is told as that subject is stored, several parted by ``|``.
    """

    about: Mapped[str | None] = field(
        Choice(codes="condition_subjects"), N_("What"), column=1, required=True
    )
    how: Mapped[str | None] = field(
        Choice(codes="condition_tests"), N_("How"), column=2, default="is"
    )
    value: Mapped[str | None] = field(Compared(), N_("Value"), column=3, wide=True)
    wish: Mapped[bool | None] = field(Boolean(), N_("Only a preference"), column=4)

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What it is about."""
        return Choice(codes="condition_subjects").show(values.get("about"))


class WindowCondition(Condition, Record):
    """A condition of a financing window (R021)."""

    __tablename__ = "window_condition"
    __kind__ = "window_condition"
    __label__ = N_("Condition")
    __plural__ = N_("Conditions")
    __order__ = "id"

    window: Mapped[str | None] = field(
        Link(to="window", own=True), N_("Financing window"), hidden=True
    )


class NeedCondition(Condition, Record):
    """A condition of a need, a vacancy or a mission (R035, R040)."""

    __tablename__ = "need_condition"
    __kind__ = "need_condition"
    __label__ = N_("Condition")
    __plural__ = N_("Conditions")
    __order__ = "id"

    need: Mapped[str | None] = field(Link(to="need", own=True), N_("Need"), hidden=True)
