"""Places of exchange of this computer: where they are, how the last visit went."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import uuid7
from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models.kinds import now_utc
from migdesk.models.local import Depot
from migdesk.sync.stores.address import Address

from . import office

_SECRETS = ("secret", "key")
_KNOWN = frozenset(f.name for f in fields(Address))


class NoSuchDepot(Mistake):
    """Removed meanwhile, in another window."""

    code = "EXC-030"
    text = N_("This place of exchange is not in the list any more.")


@dataclass(frozen=True)
class DepotView:
    """One place. `address` has no secret. `tried` and `done` are moments of the last visit
    and of the last that went well; `fault` is the code of the last, "" if it went well."""

    id: str
    name: str
    address: Address
    automatic: bool
    tried: str
    done: str
    fault: str


def depots(session: Session) -> tuple[DepotView, ...]:
    """All places, by name."""
    return tuple(map(_view, session.scalars(sa.select(Depot).order_by(Depot.name, Depot.id))))


def depot(session: Session, id: str) -> DepotView:
    """One place, by its id or its name. :class:`NoSuchDepot`."""
    return _view(_row(session, id))


def held_secret(session: Session, id: str) -> str:
    """What the database keeps of it where no keyring does, "" for nothing."""
    return _row(session, id).secret


def save(
    session: Session, id: str | None, name: str, address: Address, automatic: bool, held: str
) -> str:
    """Add or change a place; its id. `held` is what the database must keep itself."""
    row = session.get(Depot, id) if id else None
    if row is None:
        row = Depot(id=id or uuid7(), tried="", done="", fault="")
        session.add(row)
    plain = {key: value for key, value in asdict(address).items() if key not in _SECRETS}
    row.name, row.address, row.automatic, row.secret = name, plain, automatic, held
    office.note(session, "save_depot", row.id)
    _told(session)
    return row.id


def remove(session: Session, id: str) -> None:
    """Forget a place; what lies there stays."""
    session.execute(sa.delete(Depot).where(Depot.id == id))
    office.note(session, "remove_depot", id)
    _told(session)


def trust_host(session: Session, id: str, host_key: str) -> None:
    """A person has compared the fingerprint of the server."""
    row = _row(session, id)
    row.address = {**row.address, "host_key": host_key}
    office.note(session, "trust_host", id)
    _told(session)


def visited(session: Session, id: str, fault: str = "") -> None:
    """A visit ended, well or with a fault."""
    row = _row(session, id)
    row.tried, row.fault = now_utc(), fault
    if not fault:
        row.done = row.tried
    _told(session)


def _row(session: Session, id: str) -> Depot:
    found = session.get(Depot, id)
    if found is None:
        found = session.scalars(sa.select(Depot).where(Depot.name == id)).first()
    if found is None:
        raise NoSuchDepot
    return found


def _view(row: Depot) -> DepotView:
    known: dict[str, Any] = {k: v for k, v in row.address.items() if k in _KNOWN}
    address = replace(Address("folder", ""), **known)
    return DepotView(row.id, row.name, address, row.automatic, row.tried, row.done, row.fault)


def _told(session: Session) -> None:
    session.info["scribe"].kinds.add("exchange")
