"""The PostgreSQL side of the store: where it may connect to, and what its errors mean.

Off this computer the connection is always encrypted, and the certificate of the server is
checked against its name (``sslmode=verify-full``). A password is handed over beside the
address and never written into it: addresses are seen in lists of processes.
"""

from __future__ import annotations

import ipaddress
from typing import Any

import sqlalchemy as sa

from migdesk.errors import Fault, Mistake, Obstacle, Refusal
from migdesk.i18n import N_

OPTIONS = frozenset({"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl"})
"""What an address may say after its ``?``: nothing that leads elsewhere than it seems."""

WAIT_MS = 15_000
"""How long a save waits for those of others."""
CONNECT_SECONDS = 8
IDLE_MS = 120_000
"""A client that fell silent within a transaction is cut off: everybody waits for it."""

ONE_WRITER = sa.text("SELECT pg_advisory_xact_lock(2026)")
"""What BEGIN IMMEDIATE is to SQLite. All clients of one database are one writer with one
clock and one chain of ops, so their saves come one after the other; that is also why
positions of the log are committed in their order, and a reader never misses one."""


class BadAddress(Mistake):
    """Not an address of a PostgreSQL database that we would open."""

    code = "PGS-001"
    text = N_(
        "This is not an address of a database: {reason}. It is written "
        "postgresql://server/database."
    )


class NotEncrypted(Refusal):
    """A connection over a network without a verified certificate."""

    code = "PGS-002"
    text = N_(
        "The way to this server is not safe: write sslmode=verify-full, with the certificate "
        "of the server’s authority in sslrootcert. Only a server on this very computer may "
        "do without."
    )


class WrongLogin(Mistake):
    """The server knows no such name with this password."""

    code = "PGS-003"
    text = N_("The server refuses this name, this password or this database.")


class NotGranted(Refusal):
    """The role in the database does not allow it, whatever program asks."""

    code = "PGS-004"
    text = N_(
        "The database does not let your account do this. Ask the administrator if it should."
    )


class Untrusted(Refusal):
    """The server's certificate is not the one of its name."""

    code = "PGS-005"
    text = N_(
        "The server could not prove that it is {host}. Nothing was sent. Ask the "
        "administrator for the certificate of its authority (sslrootcert)."
    )


class NoServer(Obstacle):
    code = "DBS-006"
    text = N_(
        "The database server does not answer. What you typed stays on the screen. Check the "
        "network and try again."
    )


def address(text: str) -> sa.URL:
    """Where a store lies; raises BadAddress, NotEncrypted."""
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise BadAddress(reason=N_("it cannot be read")) from None
    if url.get_backend_name() != "postgresql":
        raise BadAddress(reason=N_("it does not begin with postgresql://"))
    if url.password is not None:
        raise BadAddress(reason=N_("a password stands in it, where others can read it"))
    if not url.database:
        raise BadAddress(reason=N_("the name of the database is missing"))
    if strange := sorted(set(url.query) - OPTIONS):
        raise BadAddress(reason=", ".join(strange))
    hosts = [url.host, *_listed(url.query.get("host"))]
    if not any(hosts):
        raise BadAddress(reason=N_("the name of the server is missing"))
    if all(map(_is_here, filter(None, hosts))):
        return url.set(drivername="postgresql+psycopg")
    if url.query.get("sslmode", "verify-full") != "verify-full":
        raise NotEncrypted
    safe = {"sslmode": "verify-full", "sslrootcert": "system", **url.query}
    return url.set(drivername="postgresql+psycopg", query=safe)


def _listed(value: str | tuple[str, ...] | None) -> list[str]:
    texts = [value] if isinstance(value, str) else value or ()
    return [host for text in texts for host in text.split(",")]


def _is_here(host: str) -> bool:
    """Whether a host is this computer: a socket, or the loopback address."""
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def engine(url: sa.URL, password: str = "") -> sa.Engine:
    """Connections to an `address`. They notice within seconds that the server is gone, and
    cannot hold the others up for ever."""
    return sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_size=4,
        hide_parameters=True,  # an error's text goes to the log, names must not
        connect_args={
            **({"password": password} if password else {}),
            "connect_timeout": CONNECT_SECONDS,
            "keepalives_idle": 20,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
            "application_name": "migdesk",
            "options": f"-c lock_timeout={WAIT_MS} "
            f"-c idle_in_transaction_session_timeout={IDLE_MS}",
        },
    )


def server_fault(error: BaseException) -> Fault | None:
    """What an error of the driver means, by its five-character SQLSTATE; a connection that
    never was has none. Classes 08 and 57: connection lost, shutting down; 28: no such login;
    53: out of resources."""
    from .store import Busy, DiskFull

    state, name = str(getattr(error, "sqlstate", None) or ""), type(error).__name__
    if state in ("42501", "3F000"):  # no such right; not even one to see the schema
        return NotGranted()
    if state.startswith("28"):
        return WrongLogin("password")
    if state.startswith("53"):
        return DiskFull()
    if state in ("55P03", "40P01"):  # lock not available, deadlock
        return Busy()
    if state[:2] in ("08", "57") or state == "25P03":  # and: idle in a transaction too long
        return NoServer()
    if not state and name == "OperationalError":
        return _not_connected(error)
    return None


def _not_connected(error: BaseException) -> Fault:
    """Why there was no connection: libpq says it in words alone."""
    about: Any = getattr(error, "pgconn", None)
    text = str(error)
    if "no encryption" in text or "SSL off" in text:  # the server wants TLS, the address not
        return NotEncrypted()
    if "certificate" in text or "SSL" in text:
        host = about.host.decode() if about is not None and about.host else ""
        return Untrusted(host=host)
    if about is not None and (about.used_password or about.needs_password):
        return WrongLogin("password")
    return NoServer()


def verifier(connection: sa.Connection, login: str, password: str) -> str:
    """What the server keeps of a password (SCRAM-SHA-256): the password itself is never
    sent to it, not even when it is set."""
    driver: Any = connection.connection.driver_connection
    made: bytes = driver.pgconn.encrypt_password(
        password.encode(), login.encode(), b"scram-sha-256"
    )
    return made.decode()
