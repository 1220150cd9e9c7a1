"""The first start: keys and a database, made ready beside and put in their place at once.

Killed at any moment, the next start finds a database or none, and no half of one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field

from migdesk.clock import uuid7
from migdesk.errors import Obstacle, Refusal
from migdesk.i18n import N_
from migdesk.keys import USUAL_COST, Cost, KeyFile
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import joining

from . import restore
from .back_up import NoRoom


class DatabaseThere(Refusal):
    """Founding must never touch what somebody wrote before."""

    code = "DOR-001"
    text = N_(
        "There is a database here without its key file. It was left as it is: put the key "
        "file back from a backup, or start in another folder."
    )


class CannotFound(Obstacle):
    """The disk refuses the new database."""

    code = "DOR-002"
    text = N_("The database could not be created here. Free some space, then try again.")


@dataclass(frozen=True)
class Founded:
    """The first account, the key of the database, and the recovery key to be printed."""

    account: str
    key: bytes = field(repr=False)
    recovery: str = field(repr=False)


def found(
    paths: Paths,
    person: str,
    password: str,
    fill: Callable[[Store, str], None],
    cost: Cost = USUAL_COST,
) -> Founded:
    """A new database, in which `fill` writes for the first account what it begins with.
    Raises DatabaseThere, CannotFound."""
    if paths.database.exists():
        raise DatabaseThere
    account, beside = uuid7(), paths.beside
    try:
        shutil.rmtree(beside, ignore_errors=True)
        fresh = Paths(beside).make()
        _keys, key, recovery = KeyFile.create(
            fresh.keys, account, person, password, cost=cost
        )
        with closing(Store.open(fresh.database, key, create=True)) as store:
            store.actor = account
            fill(store, account)
        restore.put_in_place(paths, "before-first-start")
    except BaseException as error:
        shutil.rmtree(beside, ignore_errors=True)
        with suppress(OSError):
            paths.database.unlink(missing_ok=True)
        if isinstance(error, OSError | NoRoom | restore.NotEnded):
            raise CannotFound from error
        raise
    return Founded(account, key, recovery)


def to_join(paths: Paths, computer: str, person: str, password: str) -> Founded:
    """The database of a computer that joins an office: keys and a card, no office yet.
    Raises as `found`."""

    def fill(store: Store, account: str) -> None:
        store.write(joining.begin, computer, person, account)

    return found(paths, person, password, fill)
