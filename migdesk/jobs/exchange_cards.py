"""Cards of computers through a folder: put ours there, pair the one with a short key."""

from __future__ import annotations

from pathlib import Path

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.models.store import Store
from migdesk.services import exchange
from migdesk.services.exchange import CardView, PeerView
from migdesk.sync.seal import Card
from migdesk.sync.stores import Folder, NameTaken
from migdesk.task import Task

CARD_ENDING = ".migcard"


class NoSuchCard(Mistake):
    """A short key that fits no card of the folder."""

    code = "EXC-003"
    text = N_("No card in this folder has this key. Type it again, or paste the whole card.")


def publish_card(store: Store, task: Task, folder: Path) -> str:
    """Put this computer's card into the folder; its name there."""
    task.step(0, 1)
    card = store.write(exchange.make_card)
    name = f"{card.device}{CARD_ENDING}"
    transport = Folder(str(folder))
    try:
        transport.put(name, card.text.encode())
    except NameTaken:
        transport.delete(name)
        transport.put(name, card.text.encode())
    return name


def cards_in(store: Store, task: Task, folder: Path) -> tuple[CardView, ...]:
    """Cards of other computers that lie in the folder; unreadable ones are left out."""
    transport = Folder(str(folder))
    found = []
    names = [name for name in transport.list() if name.endswith(CARD_ENDING)]
    mine = store.write(exchange.make_card).device
    for done, name in enumerate(names):
        task.step(done, len(names))
        with transport.get(name) as source:
            text = source.read(4096).decode("ascii", "replace")
        try:
            card = Card.parse(text)
        except Mistake:
            continue
        if card.device != mine:
            found.append(CardView(str(card), card.fingerprint, card.name, card.device))
    return tuple(found)


def pair_by_key(store: Store, task: Task, folder: Path, typed: str) -> PeerView:
    """Pair the computer whose card lies in the folder and has the short key `typed`.

    Raises NoSuchCard. The short key was read on the other screen: who could forge a card
    with the same one would have to find a collision of 120 bits.
    """
    for card in cards_in(store, task, folder):
        if Card.parse(card.text).confirmed_by(typed):
            return store.write(exchange.pair, card.text)
    raise NoSuchCard
