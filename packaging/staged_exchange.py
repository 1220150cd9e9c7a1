"""What the pictures of the exchange show: the computers of an office, some in trouble."""

from __future__ import annotations

from pathlib import Path

import msgspec

from migdesk.jobs import exchange as rounds
from migdesk.models.store import Store
from migdesk.services import (
    depots,
    devices,
    enrolment,
    history,
    joining,
    merging,
    received,
    records,
    registry,
)
from migdesk.services.enrolment import Grant
from migdesk.services.records import Query
from migdesk.services.registry import Scope
from migdesk.sync import roll
from migdesk.sync.seal import OfficeKey
from migdesk.sync.stores import Address, Folder
from migdesk.task import Task

CLOUD = "https://nuage.exemple.sn/remote.php/dav/files/bureau/migdesk"
GIVEN = ("Khady", "KHADY", "Khády", "Cadi")


def furnish(here: Store, home: Path, folder: Path) -> None:
    """Three more computers: one of an enumerator with a scope, one that was revoked and still
    sends; two write what they may not; places of exchange; conflicts."""
    town = first(here, "place")
    tablet = computer(here, home / "tablet", "Tablette enquête", Scope(False, (town,)))
    laptop = computer(here, home / "laptop", "Portable terrain", Scope(True))
    stolen = computer(here, home / "stolen", "Ancien portable", Scope(True))
    for store in (here, tablet, laptop, stolen, here):
        go(store, folder)
    disagree(here, laptop, folder)
    revoked_work(here, stolen, folder)
    for store in (laptop, tablet):
        smuggled(here, store, folder)
    newer(here, laptop)
    places(here)
    alike(here)
    here.write(received.refuse, "5f1e0c2d9a7b4e36-18.migbundle", "BUN-006")
    for store in (tablet, laptop, stolen):
        store.close()


def computer(here: Store, home: Path, name: str, scope: Scope) -> Store:
    """One more computer of the office."""
    made = Store.open(home.with_suffix(".db"), name.encode().ljust(32)[:32], create=True)
    made.write(joining.begin, name, "Binta Sow", f"acc-{home.name}")
    grant = Grant(name, "administrator" if scope.everything else "enumerator", scope)
    line = here.write(enrolment.enrol, made.read(devices.own).card, grant)
    made.write(joining.join, here.write(enrolment.invitation, line)[1])
    return made


def line_of(here: Store, name: str) -> str:
    return next(each.line for each in here.read(devices.devices) if each.name == name)


def go(store: Store, folder: Path) -> None:
    rounds.exchange(store, Task(), Folder(str(folder)))


def first(store: Store, kind: str) -> str:
    return store.read(records.list_page, kind, Query()).rows[0].id


def disagree(here: Store, there: Store, folder: Path) -> None:
    """Given names written in several ways, here and there."""
    rows = here.read(records.list_page, "person", Query()).rows[:8]
    for n, row in enumerate(rows):
        here.write(records.save, "person", row.id, {"given_name": GIVEN[n % 2]})
        there.write(records.save, "person", row.id, {"given_name": GIVEN[2 + n % 2]})
    for store in (here, there, here):
        go(store, folder)


def revoked_work(here: Store, there: Store, folder: Path) -> None:
    """A computer that is revoked, and sends what was done on it afterwards."""
    here.write(enrolment.revoke, line_of(here, "Ancien portable"))
    for name in ("Ndiaye", "Sané"):
        there.write(records.save, "person", None, {"family_name": name, "given_name": "Awa"})
    go(there, folder)
    go(here, folder)


def smuggled(here: Store, there: Store, folder: Path) -> None:
    """A line of the register that the office did not sign. What an enumerator's computer
    may not write is kept apart, whatever it says."""
    line = line_of(here, "Tablette enquête")
    held = here.read(registry.entries)[line].line
    forged = roll.signed(msgspec.structs.replace(held, generation=9), OfficeKey.new())
    there.write(records.save, "device", line, {"name": "Tablette enquête", "signed": forged})
    go(there, folder)
    go(here, folder)


def newer(here: Store, there: Store) -> None:
    """A change of a version that is not out yet."""
    made = there.write(records.save, "person", None, {"family_name": "Sow"})
    [op] = there.read(history.ops_of, made)
    here.write(merging.apply_ops, [msgspec.structs.replace(op, kind="robot")], there.device)


def places(here: Store) -> None:
    """A server that answers, one that does not."""
    cloud = Address("webdav", CLOUD, user="bureau")
    done = here.write(depots.save, None, "Nuage de l’agence", cloud, True, "")
    here.write(depots.visited, done)
    host = Address("sftp", "sftp://serveur.exemple.sn/migdesk", user="migdesk", slow=True)
    lost = here.write(depots.save, None, "Serveur de Dakar", host, False, "")
    here.write(depots.visited, lost, "STO-010")


def alike(here: Store) -> None:
    """Somebody who was registered twice."""
    told = {"family_name": "Cissé", "phone": "+221776665544", "birth": "1988-05-02"}
    for given in ("Mamadou", "Mamadu"):
        here.write(records.save, "person", None, {**told, "given_name": given})
