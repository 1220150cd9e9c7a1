"""Two computers that exchange through a folder, as their people do it on the screen."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.traveller import Traveller


def choose_folder(computer: Traveller, folder: Path) -> None:
    """The folder that travels, chosen once."""
    page = computer.page("exchange")
    if page.folder is None:
        computer.asker.paths = [folder]
        computer.press(page.choose_button)
        computer.settle()


def send(computer: Traveller) -> str:
    """Write what the others lack; what is said of it."""
    page = computer.page("exchange")
    computer.press(page.export_button)
    computer.settle()
    return str(page.result.words)


def take(computer: Traveller) -> str:
    """Look, and take over; what is said of it."""
    page = computer.page("exchange")
    computer.press(page.look_button)
    computer.settle()
    computer.press(page.bundles.take_button)
    computer.settle()
    return str(page.result.words)


def pair(one: Traveller, other: Traveller, folder: Path) -> None:
    """Each puts its card into the folder. One types the short key read on the other's screen,
    the other pastes the whole card."""
    for computer in (one, other):
        choose_folder(computer, folder)
        computer.asker.paths = [folder]
        computer.press(computer.page("devices").own.put_button)
        computer.settle()
    mine, yours = (c.page("devices").own.own for c in (one, other))
    ours, theirs = one.page("exchange"), other.page("exchange")
    theirs.peers.line.setText(mine.fingerprint)
    other.press(theirs.peers.pair_button)
    other.settle()
    ours.peers.line.setText(yours.card)
    one.press(ours.peers.pair_button)
    one.settle()
