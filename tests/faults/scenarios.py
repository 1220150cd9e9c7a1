"""The work during which a disk fails: each is done with the injector armed by `report`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from migdesk.errors import Fault
from migdesk.jobs import back_up, exchange, restore
from migdesk.keys import KeyFile
from migdesk.models.store import Store
from migdesk.paths import Paths, write_whole
from migdesk.services import attachments, erasure, records
from migdesk.sync.stores import Folder
from migdesk.task import Task
from migdesk.ui import doors
from migdesk.ui.first_start import Founding
from tests.jobs.safe import CHEAP, PASSWORD, opened, saved, unlock


class Report(Protocol):
    """What the work is told and tells: `tests.faults.child.Report`."""

    fails: bool

    def arm(self) -> None: ...
    def off(self) -> None: ...
    def ack(self, what: str) -> None: ...
    def attempt(self, work: Callable[[], str]) -> None: ...


FILE = bytes(range(256)) * 40
OFFICE, STICK = "office", "stick"
"""Folders: the home of the program, and beside it a stick."""


def save(home: Path, report: Report) -> None:
    """A person is received, corrected, gets a file, and another is deleted."""
    with opened(Paths(home / OFFICE)) as store:
        old = store.read(records.list_page, "person", records.Query()).rows[0].id
        report.arm()
        report.attempt(lambda: "new " + new(store, "Sané"))
        report.attempt(lambda: "changed " + change(store, old, "Badji"))
        report.attempt(lambda: "file " + store.write(attachments.add, "a.bin", FILE, old))
        report.attempt(lambda: "gone " + gone(store))
        report.off()
        if report.fails:  # the disk has room again: the same window goes on
            report.ack("new " + new(store, "Bâ"))


def receive(home: Path, report: Report) -> None:
    """A person is received."""
    with opened(Paths(home / OFFICE)) as store:
        report.arm()
        report.attempt(lambda: "new " + new(store, "Sané"))
        report.off()
        if report.fails:
            report.ack("new " + new(store, "Bâ"))


def new(store: Store, name: str) -> str:
    return store.write(records.save, "person", None, {"family_name": name})


def change(store: Store, id: str, name: str) -> str:
    return store.write(records.save, "person", id, {"family_name": name})


def gone(store: Store) -> str:
    id = new(store, "Coly")
    store.write(records.delete, "person", id)
    return id


def create(home: Path, report: Report) -> None:
    """The first start: keys, an empty file, all migrations, the office."""
    paths = Paths(home / OFFICE).make()
    report.arm()
    report.attempt(lambda: "founded " + found(paths))
    report.off()


def found(paths: Paths) -> str:
    """As a start does that finds what an earlier one left: an office, or none."""
    doors.resume(paths)
    if paths.keys.exists():
        keys = KeyFile.load(paths.keys)
        account = keys.accounts()[0][0]
        opened = doors.enter(paths, keys, keys.open(account, PASSWORD), account)
    else:
        founding = Founding("fr", "HOM Ziguinchor", "Ziguinchor", "SN", "Fatou", PASSWORD)
        opened, _recovery = doors.found(paths, founding, CHEAP)
    opened.store.close()
    return "office"


def backup(home: Path, report: Report) -> None:
    """A backup into the home."""
    paths = Paths(home / OFFICE)
    with opened(paths) as store:
        report.arm()
        report.attempt(lambda: back_up.back_up(store, Task(), paths).name)
        report.off()
        if report.fails:
            report.ack(back_up.back_up(store, Task(), paths).name)


def take_back(home: Path, report: Report) -> None:
    """A backup, which lies in the home, is restored."""
    paths = Paths(home / OFFICE)
    (archive,) = paths.backups.glob(f"*{back_up.ENDING}")
    report.arm()
    report.attempt(lambda: str(restore.restore(archive, paths, unlock).elsewhere))
    report.off()


def bring(home: Path, report: Report) -> None:
    """Bundles of another computer are taken over from a stick."""
    with opened(Paths(home / OFFICE)) as store:
        report.arm()
        report.attempt(lambda: brought(store, home))
        report.off()
        if report.fails:
            report.ack(brought(store, home))


def brought(store: Store, home: Path) -> str:
    result = exchange.import_bundles(store, Task(), home / STICK)
    if result.refused:
        raise Refused(*result.refused)
    return "brought"


class Refused(AssertionError):
    """A good bundle was refused."""


def swap(home: Path, report: Report) -> None:
    """A whole round of exchange: look, take over, publish, clean."""
    with opened(Paths(home / OFFICE)) as store:
        report.arm()
        report.attempt(lambda: swapped(store, home))
        report.off()
        if report.fails:
            report.ack(swapped(store, home))


def swapped(store: Store, home: Path) -> str:
    done = exchange.exchange(store, Task(), Folder(str(home / STICK)))
    if done.refused:
        raise Refused(*done.refused)
    return "swapped"


def erase(home: Path, report: Report) -> None:
    """A person with a file is erased for good."""
    with opened(Paths(home / OFFICE)) as store:
        id = new(store, "Sané")
        store.write(attachments.add, "a.bin", FILE, id)
        report.arm()
        report.attempt(lambda: "erased " + erased(store, id))
        report.off()
        if report.fails and not store.read(erasure.is_erased, id):
            report.ack("erased " + erased(store, id))


def erased(store: Store, id: str) -> str:
    store.write(erasure.erase, "person", id, "asked")
    return id


def scrub(home: Path, report: Report) -> None:
    """Somebody was erased: the file is written anew."""
    with opened(Paths(home / OFFICE)) as store:
        report.arm()
        report.attempt(lambda: scrubbed(store))
        report.off()
        if report.fails:
            report.ack(scrubbed(store))


def scrubbed(store: Store) -> str:
    if not store.scrub(Task()):
        raise NotKept  # it waits for the next time
    return "scrubbed"


def settings(home: Path, report: Report) -> None:
    """A small file is replaced: settings, keys."""
    report.arm()

    def work() -> str:
        try:
            write_whole(home / OFFICE / "settings.json", b'{"language": "fr"}')
        except OSError as error:
            raise NotKept from error
        return "kept"

    report.attempt(work)
    report.off()


def warm(folder: Path) -> None:
    """Load what the work needs, once for all children."""
    home = Paths(folder / "warm").make()
    found(home)
    store = Store.open(home.database, unlock(KeyFile.load(home.keys)))
    try:
        store.actor = store.read(records.list_page, "account", records.Query()).rows[0].id
        saved(home)
        (folder / STICK).mkdir()
        exchange.exchange(store, Task(), Folder(str(folder / STICK)))
        erased(store, new(store, "Sané"))
    finally:
        store.close()


class NotKept(Fault):
    """A file could not be replaced."""

    code = "TST-001"


def loop(home: Path, report: Report) -> None:
    """Save for ever; killed from outside."""
    with opened(Paths(home / OFFICE)) as store:
        while True:
            report.ack("new " + new(store, "Sané"))


SCENARIOS: dict[str, Callable[[Path, Report], None]] = {
    "receive": receive,
    "save": save,
    "create": create,
    "backup": backup,
    "restore": take_back,
    "import": bring,
    "exchange": swap,
    "clean": swap,
    "erase": erase,
    "scrub": scrub,
    "settings": settings,
    "loop": loop,
}
