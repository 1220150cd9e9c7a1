"""The office of the model, as each example begins with it."""

from __future__ import annotations

from pathlib import Path

from migdesk.models.store import Store
from migdesk.services import devices, enrolment, joining, office, records
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from tests.tools import KEY

NAMES = ("a", "b", "c", "d", "laptop")
LAPTOP = NAMES[-1]
CARRIER = "b"
"""Who goes to and fro when the office works in two houses."""
INSIDE, OUTSIDE = "Region inside", "Region outside"


def an_office(folder: Path) -> Path:
    """Five files that each example begins with: four computers of an office that receive
    everything, and a laptop that receives one region."""
    folder.mkdir()
    made = []
    for name in NAMES:
        path = folder / f"{name}.db"
        Store.open(path, KEY, create=True).close()
        made.append(Store.open(path, KEY))
    head = made[0]
    head.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Awa Mballo", "a-1")
    head.write(enrolment.found_office)
    (line,) = [one.line for one in head.read(devices.devices) if one.ours]
    inside = head.write(records.save, "place", None, {"name": INSIDE})
    head.write(records.save, "place", None, {"name": OUTSIDE})
    for name, store in zip(NAMES[1:], made[1:], strict=True):
        store.write(joining.begin, name, "Binta Sow", f"acc-{name}")
        scope = Scope(False, (inside,)) if name == LAPTOP else Scope(True)
        grant = Grant(name, role_on(name), scope, line if name == LAPTOP else "")
        enrolled = head.write(enrolment.enrol, store.read(devices.own).card, grant)
        store.write(joining.join, head.write(enrolment.invitation, enrolled)[1])
    for store in made:
        store.close()
    return folder


def role_on(computer: str) -> str:
    """Who works there. An enumerator writes no visits and erases nothing, and would not be
    believed elsewhere; nor would an office head be who carries between two houses what only
    an administrator may say, which then waits for a person."""
    return {LAPTOP: "enumerator", CARRIER: "administrator"}.get(computer, "office_head")
