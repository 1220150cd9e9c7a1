"""Commands of an office of many computers: joining it, and what waits for a person."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from migdesk import codelists
from migdesk.errors import Mistake, Refusal
from migdesk.i18n import N_, _, ngettext
from migdesk.paths import Paths
from migdesk.task import Task

if TYPE_CHECKING:
    from migdesk.jobs.enrol import Found
    from migdesk.models.store import Store


class OtherWords(Refusal):
    """The two screens show different words: somebody stands between them."""

    code = "CLI-004"
    text = N_(
        "The words are not the same, so this invitation may come from somebody else. Nothing "
        "was taken over. Ask the office for a new one."
    )


class StillJoining(Mistake):
    """A computer without an office is asked for anything else."""

    code = "CLI-005"
    text = N_("This computer waits for its office: migdesk join INVITATION.")


class NoNames(Mistake):
    """A new computer without a name."""

    code = "CLI-006"
    text = N_("Say the name of this computer (--computer) and who works there (--name).")


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`join`, `pair` and `quarantine`."""
    join = commands.add_parser(
        "join", help=_("show the card of a new computer, or take the office’s invitation")
    )
    join.add_argument("invitation", type=Path, nargs="?", help=_("file, or the folder of it"))
    join.add_argument("--computer", default="", help=_("name of a new computer"))
    join.add_argument("--name", default="", help=_("who works there"))
    join.add_argument("--card", type=Path, metavar="FOLDER", help=_("put the card there"))
    join.add_argument(
        "--words", default="", help=_("the office’s words, as its screen shows them")
    )
    kept = commands.add_parser(
        "quarantine", help=_("what came from revoked computers: list, accept, drop")
    )
    kept.add_argument("do", choices=["list", "accept", "drop"], nargs="?", default="list")
    kept.add_argument("file", nargs="*", metavar="NAME")
    pair_ = commands.add_parser("pair", help=_("show this computer's card, or pair another"))
    pair_.add_argument("card", nargs="?", default="")


# joining ----------------------------------------------------------------------


def begin(args: argparse.Namespace, paths: Paths, password: str) -> None:
    """Make the database of a computer that joins, where there is none. The recovery key is
    shown this once. Raises NoNames, PasswordTooShort."""
    from migdesk.jobs import found

    if not (args.computer and args.name):
        raise NoNames
    made = found.to_join(paths.make(), args.computer, args.name, password)
    words = _("Recovery key of this computer, to be printed or written down now:")
    print(f"{words}\n{made.recovery}\n", file=sys.stderr)


def join(store: Store, task: Task, args: argparse.Namespace, _paths: Paths) -> str:
    """Without an invitation: the card. With one: compare, then believe it."""
    from migdesk.jobs import enrol
    from migdesk.services import joining

    if args.invitation is None:
        return _card(store, task, args)
    look = enrol.find_in if args.invitation.is_dir() else enrol.look_at
    found = look(store, task, args.invitation)
    if not _compared(found, args.words):
        store.write(joining.decline)
        raise OtherWords
    store.write(joining.join, found.data)
    return _("This computer belongs to {office} now.").format(office=found.view.office)


def _card(store: Store, task: Task, args: argparse.Namespace) -> str:
    from migdesk.jobs import enrol
    from migdesk.services import devices

    own = store.read(devices.own)
    if args.card is not None:
        print(enrol.put_card(store, task, args.card), file=sys.stderr)
    return "\n".join((own.name, own.fingerprint, own.words, own.card))


def _compared(found: Found, given: str) -> bool:
    """Whether a person says that the office's screen shows the same words."""
    view = found.view
    role = codelists.label("roles", view.role)
    print(f"{view.office}\n{view.name} · {role}\n\n    {view.words}\n", file=sys.stderr)
    if given:
        return given.casefold().split() == view.words.casefold().split()
    yes = _("yes")
    asked = _("Does the office’s screen show the same words? Write “{yes}”: ").format(yes=yes)
    print(asked, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() == yes.casefold()


def pair(store: Store, _task: Task, args: argparse.Namespace, _paths: Paths) -> str:
    from migdesk.services import exchange

    if args.card:
        return store.write(exchange.pair, args.card).name
    card = store.write(exchange.make_card)
    return f"{card.fingerprint}\n{card.text}"


# what waits -------------------------------------------------------------------


def quarantine(store: Store, task: Task, args: argparse.Namespace, _paths: Paths) -> str:
    """List what waits, or decide on some of it by name (of a bundle, or of a computer whose
    role does not allow what it sent)."""
    if args.do == "list" or not args.file:
        return _list(store)
    decide = _accept if args.do == "accept" else _drop
    return "\n".join(f"{name}: {decide(store, task, name)}" for name in args.file)


def _list(store: Store) -> str:
    from migdesk.models.dates import show_moment
    from migdesk.services import received, vouching

    lines = [
        f"{one.name}  {show_moment(one.at)}  {one.sender or '?'}  {_changes(one.ops)}"
        for one in store.read(received.quarantined)
    ]
    lines += [
        f"{one.device}  {show_moment(one.at)}  {one.sender or '?'}  {_changes(one.n)}  "
        + _("not allowed to its role, {n} would erase").format(n=one.erasures)
        for one in store.read(vouching.held_back)
    ]
    return "\n".join(lines) or _("Nothing is kept apart.")


def _changes(n: int) -> str:
    return ngettext("{n} change", "{n} changes", n).format(n=n)


def _accept(store: Store, task: Task, name: str) -> str:
    from migdesk.jobs.exchange import accept_quarantined
    from migdesk.services import vouching

    if name in _computers(store):
        done = store.write(vouching.carry_out, name)
    else:
        done = accept_quarantined(store, task, name)
    return _("taken over") if done else _("decided; the hub takes it over at its next round")


def _drop(store: Store, _task: Task, name: str) -> str:
    from migdesk.services import received, vouching

    held = name in _computers(store)
    store.write(vouching.drop if held else received.drop_quarantined, name)
    return _("thrown away")


def _computers(store: Store) -> set[str]:
    from migdesk.services import vouching

    return {one.device for one in store.read(vouching.held_back)}
