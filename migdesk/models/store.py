"""The store opens the database and runs services in transactions.

``store.read(service, …)`` and ``store.write(service, …)``: a service is a plain function
``(session, …)``; a write is one transaction, rolled back unless it ends well, and
announces what it changed. SQLite is encrypted by SQLCipher with a raw 256-bit key; the
settings below were measured (see the exchange design): ``synchronous=FULL`` because a
power cut must not lose an acknowledged save, a large cache because decryption costs,
``secure_delete`` so that an erased name leaves the file, BEGIN IMMEDIATE because two
writers otherwise lose updates without an error.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.orm import Session, configure_mappers, sessionmaker

from migdesk import __version__
from migdesk.clock import new_device_id
from migdesk.errors import Fault, Obstacle, Refusal
from migdesk.i18n import N_
from migdesk.task import Task

from . import RECORDS, capture, meta, pg, search, upkeep
from .cipher import is_cut, sqlite_engine
from .migrations import HEAD, KNOWN
from .sealing import Granted
from .sight import Sight

P = ParamSpec("P")
R = TypeVar("R")


class WrongKey(Refusal):
    code = "DBS-001"
    text = N_("This file cannot be opened with this key. It was not changed.")


class Damaged(Refusal):
    code = "DBS-002"
    text = N_("The database file is damaged. It was not changed; restore a backup.")


class NewerFile(Refusal):
    code = "DBS-003"
    text = N_(
        "This database was written by a newer version of MigDesk. "
        "It was not changed; install the newer version."
    )


class DiskFull(Obstacle):
    code = "DBS-004"
    text = N_(
        "The disk is full or refuses to be written. What you typed is kept on the screen; "
        "free some space and try again."
    )


class Busy(Obstacle):
    code = "DBS-005"
    text = N_("Another window is saving. Please try again.")


class Missing(Obstacle):
    code = "STO-007"
    text = N_("The database file is not there. If it is on a stick, plug it in.")


@dataclass(frozen=True)
class Changes:
    """Kinds and ids that a write touched; `everything` after an import or a restore."""

    kinds: frozenset[str]
    ids: frozenset[str] = frozenset()
    everything: bool = False

    def touches(self, *kinds: str) -> bool:
        """True if a row of one of these kinds may have changed."""
        return self.everything or not self.kinds.isdisjoint(kinds)


def warm() -> None:
    """Do what the first session would wait for, before there is one."""
    configure_mappers()


def fault_of(error: BaseException) -> Fault | None:
    """The fault that a driver's error means for a person; None: it is our bug."""
    text = str(error).lower()
    if "file is not a database" in text or "file is encrypted" in text:
        return WrongKey()
    if any(sign in text for sign in ("malformed", "hmac check failed", "vtable constructor")):
        return Damaged()
    if "disk is full" in text or "disk i/o" in text or "readonly database" in text:
        return DiskFull()
    if "unable to open" in text:
        return DiskFull()
    if "database is locked" in text or "database table is locked" in text:
        return Busy()
    # The encrypted file's driver has errors of the same names, which mean our own bugs.
    return pg.server_fault(error) if type(error).__module__.startswith("psycopg") else None


class Store:
    """An open database with the clock and the name of this computer."""

    def __init__(
        self,
        engine: sa.Engine,
        now: Callable[[], int] | None = None,
        key: bytes = b"",
        connect: Callable[[], sa.Engine] | None = None,
    ) -> None:
        self.engine = engine
        self._sight = Sight(connect or (lambda: engine))
        self._is_program = False
        self._key = key
        self.actor = ""
        self.role = ""
        self._now = now
        self._listeners: list[Callable[[Changes], None]] = []
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._types = {t.model: t for t in RECORDS.values()}
        self.device = ""
        self._heard = ""
        self._stains = False
        capture.listen(self._sessions)

    @classmethod
    def open(cls, path: Path, key: bytes, create: bool = False, **options: Any) -> Store:
        """Open (or create) the encrypted file; brings its schema up to date.

        Raises Missing, WrongKey, Damaged, NewerFile or DiskFull; the file is then untouched.
        """
        if create:
            try:
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            except OSError as error:
                raise DiskFull from error
        elif not path.exists():
            raise Missing
        elif is_cut(path):
            raise Damaged
        again = partial(sqlite_engine, path, key, False)
        store = cls(sqlite_engine(path, key, create), key=key, connect=again, **options)
        store.prepare()
        return store

    @classmethod
    def connect(cls, url: str, login: str = "", password: str = "", **options: Any) -> Store:
        """Open a PostgreSQL database (``postgresql://…``); same models and migrations.

        Raises the faults of `migdesk.models.pg`, or NewerFile.
        """
        address = pg.address(url)
        if login:
            address = address.set(username=login)
        again = partial(pg.engine, address, password)
        store = cls(pg.engine(address, password), connect=again, **options)
        store.prepare()
        return store

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def prepare(self) -> None:
        """Migrate if needed, and learn or make the identity of this computer."""
        try:
            with self._faults():
                version = self._version()
                if version not in KNOWN:
                    raise NewerFile
                if version != HEAD:
                    from .migrations import upgrade

                    upgrade(self.engine)
                self.device = self.read(meta.get_meta, "device") or self.write(_new_device)
                self._heard = self.read(meta.get_meta, "clock")
        except BaseException:
            self.engine.dispose()
            raise

    def _version(self) -> str:
        with self.engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return ""
            found = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
            return str(found.scalar() or "")

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except Fault:
            raise
        except (exc.DBAPIError, OSError) as error:
            fault = fault_of(getattr(error, "orig", None) or error)
            if fault is None:
                raise
            raise fault from error
        except self._driver_error as error:
            fault = fault_of(error)
            if fault is None:
                raise
            raise fault from error

    @property
    def _driver_error(self) -> type[Exception]:
        kind: type[Exception] = self.engine.dialect.loaded_dbapi.Error
        return kind

    def read(
        self,
        service: Callable[Concatenate[Session, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run a service that changes nothing, on what the account may see."""
        with self._faults():
            granted = self.granted
            info = {"actor": self.actor, "granted": granted}
            eyes = self.engine if granted is None else self._sight.eyes(granted)
            with self._sessions(bind=eyes, info=info) as session:
                return service(session, *args, **kwargs)

    def whole(self) -> Store:
        """The same database as the program itself sees it: for what must miss nothing, and
        shows nothing (exchange, backup, check)."""
        twin = copy.copy(self)
        twin._is_program = True
        return twin

    def look_as(self, other: Store | None = None) -> None:
        """Read with the eyes of the account of another store, whatever its rights were when
        this file was written; of none: of an account without any compartment."""
        if other is None:
            self.actor, self.role = self.actor or "nobody", self.role or "reader"
            self._sight.keep(frozenset(), self.actor)
        else:
            self.actor, self.role = other.actor, other.role
            self._is_program = other._is_program
            self._sight.keep(other.granted, other.actor)

    @property
    def granted(self) -> Granted:
        """Compartments of the account; None: everything is seen."""
        if self._is_program or not self.role or not self.actor:
            return None
        return self._sight.granted(self.engine, self.actor)

    def write(
        self,
        service: Callable[Concatenate[Session, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run a service in one transaction; tell the listeners what it changed."""
        with self._faults(), self._sessions() as session:
            connection = session.connection(execution_options={"migdesk_write": True})
            if not self.is_sqlite:
                session.execute(pg.ONE_WRITER)
            scribe = self._scribe(connection)
            session.info.update(scribe=scribe, actor=self.actor, granted=scribe.granted)
            result = service(session, *args, **kwargs)
            session.flush()
            if scribe.ends != scribe.began:
                meta.write(connection, "clock", scribe.ends)
            if session.info.get("erased"):
                search.forget(connection)
                upkeep.stain(connection)
            session.commit()
            if self._heard == scribe.began:  # else others wrote, and nobody was told yet
                self._heard = scribe.ends
        self._stains |= bool(session.info.get("erased"))
        if self._stains:
            self._stains = not self._scour()
        changes = Changes(
            frozenset(scribe.kinds),
            frozenset(scribe.ids),
            session.info.get("everything", False),
        )
        if changes.kinds or changes.everything:
            self.announce(changes)
        return result

    def _scour(self) -> bool:
        """After an erasure: nothing of it stays in the log of the file either. Not with a
        reader in the way or a disk that refuses: what was written stands all the same, and
        the log goes after the next write, or when the file is closed."""
        if not self.is_sqlite:
            return True
        try:
            with self._faults(), self.engine.connect() as connection:
                run = connection.exec_driver_sql
                busy: int = run("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        except Obstacle:
            return False
        return not busy

    def _scribe(self, connection: sa.Connection) -> capture.Scribe:
        # The clock is read inside the write lock: another process may have written.
        began = meta.read(connection, "clock")
        clock, chain = capture.resume(began, self.device or "0" * 16, self._now)
        who = self.actor, self.role, __version__, self._types
        return capture.Scribe(connection, clock, chain, began, *who, self.granted)

    def listen(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        """Hear of changes (on the writing thread); the answer stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def announce(self, changes: Changes) -> None:
        """Tell every listener."""
        if changes.touches("account"):
            self._sight.forget()
        for listener in list(self._listeners):
            listener(changes)

    def copy_to(self, path: Path, progress: Callable[[int, int], None]) -> None:
        """Copy the encrypted file page by page; `progress` gets (pages left, pages)."""
        with self._faults():
            upkeep.copy_pages(self.engine, self._key, path, progress)

    def open_copy(self, path: Path) -> Store:
        """Open a copy of this file, with the same key and for the same eyes as now."""
        held = Store.open(path, self._key)
        held.look_as(self)
        return held

    def check(self, task: Task | None = None) -> None:
        """Read every page and verify its checksum and structure; raises Damaged, and
        Cancelled as soon as the task is asked to stop."""
        with self._faults():
            if not self.is_sqlite:
                with self.engine.connect() as connection:
                    connection.execute(sa.text("SELECT 1"))
            elif not upkeep.is_whole(self.engine, task or Task()):
                raise Damaged

    def scrub(self, task: Task) -> bool:
        """Write the file anew if something was erased since that was done last, so that
        nothing of it stays in unused space either; whether it is clean. A disk that refuses
        leaves it as it is, for the next time. Raises Cancelled."""
        mark = self.read(meta.get_meta, upkeep.STAINED) if self.is_sqlite else ""
        if not mark:
            return True
        try:
            with self._faults():
                done = upkeep.write_anew(self.engine, task)
        except Obstacle:
            return False
        if done:
            self.write(upkeep.clean, mark)
        return done

    def heed_others(self) -> bool:
        """Whether another process wrote since we last wrote or looked; if so, tell the
        listeners. Cheap: it reads the clock that every write leaves behind."""
        clock = self.read(meta.get_meta, "clock")
        if clock == self._heard:
            return False
        self._heard = clock
        self.announce(Changes(frozenset(), everything=True))
        return True

    def close(self) -> None:
        """Close every connection and forget the key."""
        self._sight.close()
        self.engine.dispose()
        self._key = b""


def _new_device(session: Session) -> str:
    found = meta.get_meta(session, "device")
    if not found:
        found = new_device_id()
        meta.set_meta(session, "device", found)
    return found
