"""The office's register of devices: who exchanges with us, signed by the office."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from migdesk.i18n import N_

from .declare import Record, field
from .kinds import Choice, Kind, Source


class Device(Record):
    """An enrolled computer. Only `signed` counts (`migdesk.sync.roll`): the other columns
    are for people to read, and are written with it."""

    __tablename__ = "device"
    __kind__ = "device"
    __label__ = N_("Device")
    __plural__ = N_("Devices")
    __order__ = "name"
    __writers__ = frozenset({"office_head", "administrator"})

    name: Mapped[str | None] = field(
        Kind(), N_("Name"), column=1, required=True, readonly=True, quiet=True
    )
    role: Mapped[str | None] = field(
        Choice(codes="roles"), N_("Role"), column=2, readonly=True, quiet=True
    )
    state: Mapped[str | None] = field(
        Choice(codes="device_states"), N_("State"), column=3, readonly=True, quiet=True
    )
    signed: Mapped[str | None] = field(Source(), N_("Signed line"), hidden=True, quiet=True)
