"""The shared database of an agency: opening it, and making it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from migdesk.clock import uuid7
from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models.store import Store
from migdesk.services import agency, office, opening, records
from migdesk.services.views import Query
from migdesk.task import Task


class NoOffice(Mistake):
    """A database without an office, and no name for one."""

    code = "AGE-004"
    text = N_(
        "This database is empty. Say the name of the agency (--office), and a first "
        "administrator (--login, --name)."
    )


@dataclass(frozen=True)
class Newcomer:
    """Somebody (or a program: no `name`) who is to log in."""

    login: str
    name: str
    role: str
    password: str = field(repr=False)


def connect(address: str, login: str, password: str, **options: Any) -> Store:
    """Open the shared database as who logs in. Raises the faults of `models.pg`, NoAccount."""
    store = Store.connect(address, login, password, **options)
    try:
        me = store.read(agency.who)
        store.actor, store.role = me.account, "" if me.role in agency.PROGRAMS else me.role
        store.read(office.settle_in)
        store.write(opening.log_in)
    except BaseException:
        store.close()
        raise
    return store


def set_up(
    address: str,
    owner: tuple[str, str],
    task: Task,
    about: Mapping[str, Any],
    newcomer: Newcomer | None,
) -> int:
    """Make or renew everything in a database that its owner (login, password) made empty:
    tables, office (`about`: name, country), roles, reports, and one more login. An
    administrator may do the last. Returns how many logins there are. Raises NoOffice."""
    store = Store.connect(address, *owner)
    try:
        if store.read(agency.owns):
            store.write(agency.set_up)
        else:
            me = store.read(agency.who)
            store.actor, store.role = me.account, me.role
        task.step(1, 3)
        if store.read(office.this_office) is None:
            _found(store, task, about, newcomer)
        task.step(2, 3)
        if newcomer is not None:
            store.write(_admit, newcomer)
        return len(store.read(agency.logins))
    finally:
        store.close()


def _found(
    store: Store, task: Task, about: Mapping[str, Any], newcomer: Newcomer | None
) -> None:
    from .questionnaires import install_built_in

    if not about.get("name") or newcomer is None or newcomer.role != "administrator":
        raise NoOffice
    store.actor = uuid7()
    store.write(office.begin, about, newcomer.name, store.actor)
    install_built_in(store, task)


def _admit(session: Any, new: Newcomer) -> None:
    """The account of that name, made if there is none, and its login."""
    account = ""
    if new.role not in agency.PROGRAMS:
        query = Query(filters=(("name", new.name), ("active", True)))
        page = records.list_page(session, "account", query, "", 1)
        here = office.this_office(session)
        values = {"role": new.role, "office": here.id if here else None, "active": True}
        held = page.rows[0].id if page.rows else None
        account = records.save(session, "account", held, {"name": new.name, **values})
    agency.keep_login(session, new.login, account, new.role, new.password)
