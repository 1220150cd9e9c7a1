"""Accounts of this computer: the key file and the record of each, changed together.

Called on the runner's line (`Runner.run`), since a password is slow to wrap.
"""

from __future__ import annotations

from dataclasses import dataclass

from migdesk.errors import Refusal
from migdesk.i18n import N_
from migdesk.keys import KeyFile
from migdesk.shares import Share
from migdesk.ui.desk import Desk

MANAGERS = ("administrator", "office_head")


class NotAllowed(Refusal):
    """Only who manages the office does this."""

    code = "STF-001"
    text = N_("Only an administrator or the head of the office may change accounts.")


class NotYourself(Refusal):
    """Who works now would lock the door behind."""

    code = "STF-002"
    text = N_("You cannot deactivate the account that you are using.")


@dataclass(frozen=True)
class Member:
    """An account as the page lists it; `role` is its label."""

    id: str
    name: str
    role: str
    opens_here: bool


def keys_of(desk: Desk) -> KeyFile:
    """The key file; a desk without one is a test's."""
    if desk.keys is None:
        raise NotAllowed
    return desk.keys


def manages(desk: Desk) -> bool:
    """May this person change accounts?"""
    return desk.account.role in MANAGERS and desk.keys is not None


def members(desk: Desk) -> tuple[Member, ...]:
    """Accounts that are active, by name."""
    from migdesk.services import records
    from migdesk.services.views import Query

    query = Query(filters=(("active", True),), sort="name")
    page = desk.store.read(records.list_page, "account", query, "", 500)
    here = {id for id, _name in desk.keys.accounts()} if desk.keys else set()
    return tuple(Member(v.id, v.title, v.shown["role"], v.id in here) for v in page.rows)


def add(desk: Desk, name: str, role: str, password: str) -> str:
    """A new account with its first password; returns its id."""
    from migdesk.clock import uuid7
    from migdesk.services import office, records

    if not manages(desk):
        raise NotAllowed
    keys, id = keys_of(desk), uuid7()
    keys.add_account(desk.key, id, name, password)
    try:
        here = desk.store.read(office.this_office)
        values = {
            "name": name,
            "role": role,
            "office": here.id if here else None,
            "active": True,
        }
        desk.store.write(records.save, "account", id, values)
    except BaseException:
        keys.remove_account(id)
        raise
    return id


def deactivate(desk: Desk, id: str) -> None:
    """This account opens the database no more; what it wrote stays under its name."""
    from migdesk.services import records

    if not manages(desk):
        raise NotAllowed
    if id == desk.account.id:
        raise NotYourself
    keys = keys_of(desk)
    if id in dict(keys.accounts()):
        keys.remove_account(id)
    desk.store.write(records.save, "account", id, {"active": False})


def change_password(desk: Desk, old: str, new: str) -> None:
    """One's own password; the old one proves who asks."""
    keys = keys_of(desk)
    keys.set_password(keys.open(desk.account.id, old), desk.account.id, new)


def new_recovery(desk: Desk) -> str:
    """A new recovery key; the printed one, whole or in sheets, stops working."""
    from migdesk.services import office

    if not manages(desk):
        raise NotAllowed
    made = keys_of(desk).new_recovery(desk.key)
    desk.store.write(office.note, "recovery", "whole")
    return made


def split_recovery(desk: Desk) -> tuple[Share, ...]:
    """A new recovery key in five sheets; the printed one, whole or in sheets, stops working."""
    from migdesk.services import office

    if not manages(desk):
        raise NotAllowed
    made = keys_of(desk).split_recovery(desk.key)
    desk.store.write(office.note, "recovery", "split")
    return made


def rehearse(desk: Desk, recovery: str) -> None:
    """Prove that a recovery key opens this database. Raises RecoveryMistyped, WrongRecovery."""
    from migdesk.services import office

    keys_of(desk).rehearse(recovery)
    desk.store.write(office.note, "rehearsal")
