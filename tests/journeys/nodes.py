"""Computers of a journey: homes on a disk, a shared database, and what carries between them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from time import perf_counter
from typing import IO, Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.clock import uuid7
from migdesk.errors import Fault
from migdesk.jobs import agency, enrol, hub, keep_backups
from migdesk.jobs import restore as restoring
from migdesk.jobs.depots import save_depot, try_address, whole_address
from migdesk.jobs.exchange import LARGE, Exchanged, exchange
from migdesk.jobs.exchange_in import open_bundle
from migdesk.jobs.exchange_out import ENDING
from migdesk.keys import Cost, KeyFile
from migdesk.models import RECORDS
from migdesk.models.local import ConflictRow, OpRow
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import depots, devices, enrolment, joining, office, opening
from migdesk.services.enrolment import Grant
from migdesk.settings import Settings
from migdesk.sync.stores import Address, Folder, Transport, opened
from migdesk.task import Task
from tests import pg

ROOT = Path(__file__).resolve().parents[2]
CHEAP = Cost(memory=8 * 1024, passes=1, lanes=1)
PASSWORD = "Wergelanux sous le fromager"
HUB = "thehub"


@dataclass
class Clock:
    """What a computer's clock says, in milliseconds: that of all, or a wrong one."""

    now: int
    wrong: int = 0

    def __call__(self) -> int:
        return self.wrong or self.now


@dataclass
class Carried:
    """What went through a kind of place for one computer: rounds, seconds, bytes."""

    rounds: int = 0
    seconds: float = 0.0
    put: int = 0
    got: int = 0


class Weighed:
    """A transport that counts the bytes it carries."""

    def __init__(self, beneath: Transport, into: Carried) -> None:
        self._beneath, self._into = beneath, into

    def list(self, prefix: str = "") -> list[str]:
        return self._beneath.list(prefix)

    def get(self, name: str) -> IO[bytes]:
        source = self._beneath.get(name)
        self._into.got += source.seek(0, os.SEEK_END)
        source.seek(0)
        return source

    def put(self, name: str, data: bytes | Path) -> None:
        self._beneath.put(name, data)
        self._into.put += data.stat().st_size if isinstance(data, Path) else len(data)

    def delete(self, name: str) -> None:
        self._beneath.delete(name)


@dataclass
class Node:
    """A computer with an open database."""

    name: str
    clock: Clock
    store: Store = field(init=False)
    line: str = ""
    carried: dict[str, Carried] = field(default_factory=dict)
    worked: float = 0.0

    def go(self, name: str, address: Address) -> Exchanged:
        """One round of exchange through a place."""
        into = self.carried.setdefault(name, Carried())
        start = perf_counter()
        try:
            with opened(address, Task()) as place:
                part = LARGE if isinstance(place, Folder) else None
                return exchange(self.store, Task(), Weighed(place, into), part=part)
        finally:
            into.rounds += 1
            into.seconds += perf_counter() - start

    def read(self, *args: Any) -> Any:
        return self.store.read(*args)

    def whole(self, *args: Any) -> Any:
        """What is there, whoever sits before it."""
        return self.store.whole().read(*args)

    def write(self, *args: Any) -> Any:
        start = perf_counter()
        try:
            return self.store.write(*args)
        finally:
            self.worked += perf_counter() - start


class Computer(Node):
    """An office's computer or a laptop: a home with an encrypted database."""

    def __init__(self, home: Path, name: str, clock: Clock) -> None:
        super().__init__(name, clock)
        self.paths = Paths(home).make()
        self.account = uuid7()
        made = KeyFile.create(self.paths.keys, self.account, name, PASSWORD, cost=CHEAP)
        self.key = made[1]
        Store.open(self.paths.database, self.key, create=True).close()
        self.open()

    def open(self) -> None:
        """Start the program, as who sits there."""
        self.store = Store.open(self.paths.database, self.key, now=self.clock)
        self.store.actor = self.account
        self.store.read(office.settle_in)

    def log_in(self) -> None:
        """With the role that the register gave."""
        self.store.role = self.store.read(office.role_of, self.account)
        self.store.write(opening.log_in)

    def keep_places(self, places: dict[str, Address]) -> None:
        """Try the places of exchange and set them up; their passwords go into the
        database."""
        for name, address in places.items():
            try_address(self.store, Task(), address)
            save_depot(self.store, Task(), None, name, address, False, rings=lambda: None)

    def go(self, name: str, address: Address) -> Exchanged:
        view = self.store.read(depots.depot, name)
        return super().go(name, whole_address(self.store, view, rings=lambda: None))

    def back_up(self) -> Path:
        """As the button in the settings does."""
        (done,) = keep_backups.keep(self.store, Task(), self.paths)
        keep_backups.note(Settings(self.paths.settings), (done,))
        assert done.path is not None
        return done.path

    def restore(self, backup: Path) -> None:
        """As the login screen does."""
        self.store.close()
        done = restoring.restore(backup, self.paths, self._unlock)
        assert not done.elsewhere
        self.open()
        self.log_in()

    def _unlock(self, keys: KeyFile) -> bytes:
        return keys.open(self.account, PASSWORD)

    def ask(self, *command: str) -> str:
        """Run a command of the program in a process of its own; what it said."""
        return cli("--home", self.paths.home, "--account", self.name, *command)


class Agency(Node):
    """A shared database on PostgreSQL: its administrator settles, the hub exchanges."""

    def __init__(self, place: str, clock: Clock) -> None:
        super().__init__("Agency", clock)
        self.place = place
        self._enter = {"MIGDESK_NEW_PASSWORD": PASSWORD}
        first = "--office", "Agency", "--login", "fatou", "--name", "Fatou"
        setup = "--store", place, "--account", "postgres", "agency-setup"
        cli(*setup, *first, **self._enter)
        cli(*setup, "--login", HUB, "--role", "hub", **self._enter)
        self.store = agency.connect(place, "fatou", PASSWORD, now=clock)
        self._hub = agency.connect(place, HUB, PASSWORD, now=clock)

    def serve(self, listed: Path) -> str:
        """One round of ``migdesk hub`` as a process of its own; its log."""
        who = "--store", self.place, "--account", HUB
        return cli(*who, "hub", "--places", listed, "--once")

    def go(self, name: str, address: Address) -> Exchanged:
        """The same without another process."""
        into = self.carried.setdefault(name, Carried())
        done: list[Exchanged] = []

        def weighed(store: Store, task: Task, transport: Transport) -> Exchanged:
            done.append(exchange(store, task, Weighed(transport, into)))
            return done[-1]

        start = perf_counter()
        assert hub.run(self._hub, Task(), [address], 60, True, weighed) == 0
        into.rounds += 1
        into.seconds += perf_counter() - start
        return done[-1]

    def close(self) -> None:
        self.store.close()
        self._hub.close()


def cli(*args: Any, **more: str) -> str:
    """A command of the program; what it said on both ways out."""
    env = {**os.environ, "MIGDESK_PASSWORD": PASSWORD, **more}
    command = [sys.executable, "-W", "ignore", "-m", "migdesk", "--language", "en"]
    command = [*command, *map(str, args)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout + done.stderr


@contextmanager
def database() -> Iterator[str]:
    """Address of an empty database, as a person writes it; its logins go afterwards."""
    url = pg.plain(pg.fresh())
    try:
        yield url.replace("postgres@", "")
    finally:
        with psycopg.connect(url, autocommit=True) as owner:
            for (name,) in owner.execute("SELECT name FROM agency.login").fetchall():
                owner.execute(f'DROP OWNED BY "{name}"')
                owner.execute(f'DROP ROLE "{name}"')


# enrolment ----------------------------------------------------------------------


def admit(head: Computer, new: Node, grant: Grant, stick: Path) -> None:
    """Let a computer into the office, as two persons do it with a stick: each compares the
    words on the other's screen."""
    enrol.put_card(new.store, Task(), stick)
    fingerprint = new.read(devices.own).fingerprint
    seen = enrol.card_in(head.store, Task(), stick, fingerprint)
    assert seen.words == new.read(devices.own).words
    new.line = head.write(enrolment.enrol, seen.text, grant)
    enrol.write_invitation(head.store, Task(), new.line, stick)
    found = enrol.find_in(new.store, Task(), stick)
    assert found.view.words == head.read(devices.own).office_words
    new.store.write(joining.join, found.data)
    for path in stick.iterdir():
        path.unlink()


def join(new: Computer) -> None:
    """First start of a computer that joins."""
    new.store.write(joining.begin, new.name, new.name, new.account)


# what they hold -----------------------------------------------------------------


def content(session: Session) -> dict[tuple[str, str], str]:
    """(kind, id) → digest of all that is shown of a record, and of whether it is deleted."""
    found = {}
    for kind, about in RECORDS.items():
        table: sa.Table = about.model.__table__  # type: ignore[assignment]
        names = ["deleted", *sorted(about.fields)]
        rows = session.execute(sa.select(table.c.id, *(table.c[name] for name in names)))
        for id, *values in rows:
            found[kind, id] = _digest([bool(values[0]), *values[1:]])
    return found


def _digest(said: Any) -> str:
    return blake2b(json.dumps(said).encode(), digest_size=12).hexdigest()


def log(session: Session) -> dict[str, str]:
    """Stamp → digest of each op, with its link."""
    rows = session.execute(sa.select(OpRow.stamp, OpRow.body, OpRow.link))
    return {stamp: _digest([body, link]) for stamp, body, link in rows}


def stamps(session: Session) -> tuple[int, str]:
    """How many ops there are, and a mark of which."""
    mark = blake2b(digest_size=16)
    count = 0
    for stamp in session.scalars(sa.select(OpRow.stamp).order_by(OpRow.stamp)):
        mark.update(stamp.encode())
        count += 1
    return count, mark.hexdigest()


def clashes(session: Session) -> set[tuple[str, str, frozenset[str]]]:
    """(row, field, two stamps) of each conflict that waits."""
    columns = ConflictRow.row, ConflictRow.field, ConflictRow.winner, ConflictRow.other
    rows = session.execute(sa.select(*columns))
    return {(row, name, frozenset(pair)) for row, name, *pair in rows}


def says(place: str, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """(table, word) of every word that a table of a shared database holds."""
    found = []
    with psycopg.connect(place.replace("://", "://postgres@")) as owner:
        tables = owner.execute(
            "SELECT schemaname, tablename FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            for word in words:
                rows = f'"{schema}"."{table}" AS t WHERE t::text ILIKE %s'
                asked = f"SELECT 1 FROM {rows} LIMIT 1"
                if owner.execute(asked, (f"%{word}%",)).fetchone():
                    found.append((table, word))
    return found


def readable(nodes: list[Node], place: Transport) -> Iterator[tuple[str, str]]:
    """(bundle, words of its ops) of all that lies in a place, as any of these read it."""
    for name in place.list():
        for node in nodes if name.endswith(ENDING) else ():
            with suppress(Fault), closing(place.get(name)) as source:
                told = open_bundle(node.store, source)
                yield name, "\n".join(str(op) for op in told.ops())
                break


