"""Two records that look like one, and of which a person said that they are two."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import ANYONE, Record, field
from .kinds import AnyLink, Kind


class Distinct(Record):
    """"Not the same": nobody is asked again about these two. Its id comes from theirs, so
    that two offices which say it write one row."""

    __tablename__ = "distinct"
    __kind__ = "distinct"
    __label__ = N_("Not the same")
    __plural__ = N_("Not the same")
    __writers__ = ANYONE

    kind: Mapped[str | None] = field(Kind(), N_("Kind of record"), hidden=True)
    one: Mapped[str | None] = field(AnyLink(), N_("Record"), hidden=True)
    two: Mapped[str | None] = field(AnyLink(), N_("Record"), hidden=True)
