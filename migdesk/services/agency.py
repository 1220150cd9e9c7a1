"""An agency's shared database: who may log in to it, and with which role.

On PostgreSQL an account has no key file. Its password belongs to a login of the server, and
the server itself keeps each role to its rights (`models.pg_roles`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from migdesk.errors import Mistake, Refusal
from migdesk.i18n import N_
from migdesk.keys import SHORTEST_PASSWORD
from migdesk.models import pg, pg_report, pg_roles

from . import office

PROGRAMS = ("hub", "reporting")
"""Roles of programs: their logins belong to nobody's account."""


class NotShared(Mistake):
    """What only a server does was asked of a file."""

    code = "AGE-001"
    text = N_("This works on the shared database of an agency only (--store postgresql://…).")


class NoAccount(Refusal):
    """A login of the server that belongs to no account."""

    code = "AGE-002"
    text = N_("This name opens the server, but belongs to no account of MigDesk.")


class ShortPassword(Mistake):
    """Too easy to guess."""

    code = "AGE-003"
    text = N_("The password is too short: at least {n} characters.")


@dataclass(frozen=True)
class Login:
    """A login of the server; `account` is "" for a program."""

    name: str
    account: str
    role: str


def is_shared(session: Session) -> bool:
    """Whether this is a server on which people log in by name."""
    connection = session.connection()
    return connection.dialect.name == "postgresql" and pg_roles.is_set_up(connection)


def set_up(session: Session) -> None:
    """Make or renew the roles of the database; only its owner can."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        raise NotShared
    pg_roles.set_up(connection)
    pg_report.set_up(connection)
    office.note(session, "agency_setup")


def owns(session: Session) -> bool:
    """Whether who is connected owns the database, and may change what it is made of."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        raise NotShared
    return pg_roles.is_owner(connection)


def who(session: Session) -> Login:
    """Who is connected. The owner of a database and whoever opens one that was not set up
    is the program itself: no account, no role. Raises NoAccount."""
    if not is_shared(session):
        return Login("", "", "")
    account, role = pg_roles.who(session.connection())
    if role in ("", "reporting") and not pg_roles.is_owner(session.connection()):
        raise NoAccount
    return Login("", account, role)


def keeps_keys(session: Session) -> bool:
    """Whether who is connected may hold the keys of the exchange."""
    if not is_shared(session):
        return True
    return pg_roles.who(session.connection())[1] in (*pg_roles.KEEPERS, "")


def leaves_to_hub(session: Session) -> bool:
    """Whether who is connected may decide what comes in and not write it: on a shared
    database a person writes in the own name alone, and the hub for others."""
    connection = session.connection()
    if not is_shared(session) or pg_roles.is_owner(connection):
        return False
    return pg_roles.who(connection)[1] != "hub"


def keep_login(
    session: Session, name: str, account: str, role: str, password: str = ""
) -> None:
    """Make a login for an account (or for a program: `account` ""), or change its role; no
    password leaves the one it has. The password itself is never sent to the server.

    Raises ShortPassword, or NotGranted for who may not and for a name that cannot be.
    """
    if password and len(password) < SHORTEST_PASSWORD:
        raise ShortPassword("password", n=SHORTEST_PASSWORD)
    connection = session.connection()
    proof = pg.verifier(connection, name, password) if password else ""
    pg_roles.keep_login(connection, name, account, role, proof)
    office.note(session, "login_kept", account or role)


def drop_login(session: Session, name: str) -> None:
    """This login opens the database no more; what its account wrote stays."""
    pg_roles.drop_login(session.connection(), name)
    office.note(session, "login_dropped")


def logins(session: Session) -> tuple[Login, ...]:
    """Every login, by name."""
    return tuple(Login(*row) for row in pg_roles.logins(session.connection()))


def change_password(session: Session, name: str, password: str) -> None:
    """One's own password."""
    if len(password) < SHORTEST_PASSWORD:
        raise ShortPassword("password", n=SHORTEST_PASSWORD)
    connection = session.connection()
    pg_roles.change_password(connection, pg.verifier(connection, name, password))
