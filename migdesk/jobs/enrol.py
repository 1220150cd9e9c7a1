"""Invitations and cards as files: into a folder or a stick, and out of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from migdesk.errors import Fault
from migdesk.models.store import Store
from migdesk.services import devices, enrolment, joining
from migdesk.services.devices import CardSeen
from migdesk.services.joining import InvitationView
from migdesk.sync.invitation import ENDING, MOST_BYTES, BrokenInvitation, NotInvited
from migdesk.sync.seal import Card
from migdesk.sync.stores.folder import Folder
from migdesk.sync.stores.gate import NameTaken, Unreachable
from migdesk.task import Task

from .exchange_cards import CARD_ENDING, NoSuchCard, cards_in


@dataclass(frozen=True)
class Found:
    """An invitation that this computer can open."""

    data: bytes
    view: InvitationView


def write_invitation(
    store: Store, task: Task, line: str, folder: Path, with_key: bool = False
) -> Path:
    """Put the invitation of a device into a folder, instead of an older one; its path.

    Raises RevokedKeys, NoOfficeKey, NotYours, and the Obstacles of the folder.
    """
    task.step(0, 2)
    name, data = store.write(enrolment.invitation, line, with_key)
    task.step(1, 2)
    _put(folder, name, data)
    return folder / name


def put_card(store: Store, task: Task, folder: Path) -> Path:
    """Put the card of this computer (of its new keys, if they wait) into a folder."""
    task.step(0, 1)
    own = store.read(devices.own)
    card = Card.parse(own.waiting or own.card)
    name = f"{card.device}{CARD_ENDING}"
    _put(folder, name, str(card).encode())
    return folder / name


def _put(folder: Path, name: str, data: bytes) -> None:
    """Write a file, instead of an older one of the same name."""
    place = Folder(str(folder))
    try:
        place.put(name, data)
    except NameTaken:
        place.delete(name)
        place.put(name, data)


def look_at(store: Store, task: Task, path: Path) -> Found:
    """Open an invitation without believing it; the file may have any name. Raises
    NotInvited, BrokenInvitation, OtherOffice, Unreachable."""
    task.step(0, 1)
    try:
        with path.open("rb") as source:
            data = source.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreachable(reason=error.strerror) from error
    if len(data) > MOST_BYTES:
        raise BrokenInvitation
    return Found(data, store.read(joining.look, data))


def find_in(store: Store, task: Task, folder: Path) -> Found:
    """The invitation for this computer that lies in a folder. Raises NotInvited if there is
    none, else as `look_at`."""
    names = [name for name in Folder(str(folder)).list() if name.endswith(ENDING)]
    worst: Fault = NotInvited()
    for done, name in enumerate(names):
        task.step(done, len(names))
        try:
            return look_at(store, task, folder / name)
        except (NotInvited, BrokenInvitation) as fault:
            worst = fault if isinstance(fault, BrokenInvitation) else worst
    raise worst


def card_in(store: Store, task: Task, folder: Path, typed: str) -> CardSeen:
    """The card in a folder whose short key was typed; with nothing typed, the only one.

    Raises NoSuchCard, and the Obstacles of the folder.
    """
    found = cards_in(store, task, folder)
    for card in found:
        if Card.parse(card.text).confirmed_by(typed) or (not typed and len(found) == 1):
            return devices.see_card(card.text)
    raise NoSuchCard
