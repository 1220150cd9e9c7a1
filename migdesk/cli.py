"""The command line: the same services and jobs as the window, without a screen.

Exit codes: 0 done, 1 refused or failed (the reason is on standard error), 2 wrong use,
130 stopped. The password is asked for, or read from ``MIGDESK_PASSWORD``.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from migdesk import i18n
from migdesk.errors import Cancelled, Fault, Mistake
from migdesk.i18n import N_, _
from migdesk.paths import Paths, default_home
from migdesk.settings import LANGUAGE, Settings
from migdesk.task import Task

if TYPE_CHECKING:
    from migdesk.models.store import Store


class NoAccount(Mistake):
    """Nobody of that name on this computer, or several to choose from."""

    code = "CLI-001"
    text = N_("Say who you are with --account. Known here: {names}.")


class NoDatabase(Mistake):
    """Nothing to work on."""

    code = "CLI-002"
    text = N_("There is no MigDesk database in this folder. Start MigDesk once to make one.")


Command = Callable[["Store", Task, argparse.Namespace, Paths], str]


def _import(store: Store, task: Task, args: argparse.Namespace, _paths: Paths) -> str:
    from migdesk.jobs import import_projects, import_table
    from migdesk.models import RECORDS

    if args.kind == "projects":
        counts = import_projects.import_projects(store, task, args.file)
        return _(
            "{projects} projects, {partners} partners ({mentions} mentions), "
            "{countries} target countries."
        ).format(
            projects=counts.projects,
            partners=counts.partners,
            mentions=counts.mentions,
            countries=counts.countries,
        )
    if args.kind == "places":
        made = import_projects.import_places(store, task, args.file)
        return i18n.ngettext("{n} new place.", "{n} new places.", made).format(n=made)
    if args.kind == "questionnaire":
        from migdesk.jobs.questionnaires import import_xlsform

        return import_xlsform(store, task, args.file).title
    if args.kind not in RECORDS:
        raise NoKind(names=", ".join(["projects", "places", "questionnaire", *RECORDS]))
    table = import_table.read_table(store, task, args.file)
    mapping = import_table.guess(table, args.kind)
    made = import_table.import_table(store, task, table, args.kind, mapping).rows
    return i18n.ngettext("{n} row imported.", "{n} rows imported.", made).format(n=made)


class NoKind(Mistake):
    """An unknown word after --as."""

    code = "CLI-003"
    text = N_("After --as say one of: {names}.")


def _print(store: Store, task: Task, args: argparse.Namespace, _paths: Paths) -> str:
    from migdesk.jobs import print_sheet

    args.out.mkdir(parents=True, exist_ok=True)
    if args.all:
        made = print_sheet.print_all(store, task, args.sheet, args.out, args.language or "")
    else:
        params = {"id": args.id} if args.id else {}
        data = print_sheet.print_sheet(store, task, args.sheet, params, args.language or "")
        (args.out / f"{args.sheet}{'-' + args.id if args.id else ''}.pdf").write_bytes(data)
        made = 1
    return i18n.ngettext("{n} document.", "{n} documents.", made).format(n=made)


def _export_bundle(store: Store, task: Task, args: argparse.Namespace, _paths: Paths) -> str:
    from migdesk.jobs.exchange import export_bundle

    result = export_bundle(store, task, args.folder)
    return _("{name}: {n} changes.").format(name=result.name or "—", n=result.ops)


def _import_bundle(store: Store, task: Task, args: argparse.Namespace, _paths: Paths) -> str:
    from migdesk.jobs.exchange import import_bundles

    result = import_bundles(store, task, args.folder)
    for name, words in result.refused:
        print(f"{name}: {words}", file=sys.stderr)
    return _("{bundles} bundles, {ops} changes, {conflicts} to settle.").format(
        bundles=result.bundles, ops=result.ops, conflicts=result.conflicts
    )


def _backup(store: Store, task: Task, args: argparse.Namespace, paths: Paths) -> str:
    from migdesk.jobs.back_up import back_up

    return str(back_up(store, task, paths, args.out))


def _check(store: Store, task: Task, _args: argparse.Namespace, _paths: Paths) -> str:
    from migdesk.jobs.check import check

    report = check(store, task)
    lines = [_("The file is whole: {n} changes in the log.").format(n=report.ops)]
    lines += [
        _("{kind}: {n} rows differ from the log.").format(kind=k, n=n) for k, n in report.drift
    ]
    if report.drift:
        lines.append(_("They were rebuilt from the log."))
    return "\n".join(lines)


def _pair(store: Store, _task: Task, args: argparse.Namespace, _paths: Paths) -> str:
    from migdesk.services import exchange

    if args.card:
        return store.write(exchange.pair, args.card).name
    card = store.write(exchange.make_card)
    return f"{card.fingerprint}\n{card.text}"


COMMANDS: dict[str, Command] = {
    "import": _import,
    "print": _print,
    "export-bundle": _export_bundle,
    "import-bundle": _import_bundle,
    "backup": _backup,
    "check": _check,
    "pair": _pair,
}


def parser() -> argparse.ArgumentParser:
    """The whole command line, with help."""
    top = argparse.ArgumentParser(prog="migdesk", description=_("The help office, offline."))
    top.add_argument("--home", type=Path, help=_("folder of the database (a USB stick, …)"))
    top.add_argument("--demo", action="store_true", help=_("open with demonstration data"))
    top.add_argument("--account", default="", help=_("name of the account"))
    top.add_argument("--language", default="", choices=["", *i18n.LANGUAGES])
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    add = commands.add_parser("import", help=_("import a table or a questionnaire"))
    add.add_argument("file", type=Path)
    add.add_argument("--as", dest="kind", required=True, metavar="KIND")
    paper = commands.add_parser("print", help=_("print documents to PDF"))
    paper.add_argument("sheet")
    paper.add_argument("--all", action="store_true")
    paper.add_argument("--id", default="")
    paper.add_argument("--out", type=Path, default=Path())
    for name, words in (
        ("export-bundle", _("write what changed for the paired computers")),
        ("import-bundle", _("take over what other computers sent")),
    ):
        exchange = commands.add_parser(name, help=words)
        exchange.add_argument("folder", type=Path)
    backup = commands.add_parser("backup", help=_("write an encrypted backup"))
    backup.add_argument("--out", type=Path, default=None)
    commands.add_parser("check", help=_("verify the file and its log"))
    pair = commands.add_parser("pair", help=_("show this computer's card, or pair another"))
    pair.add_argument("card", nargs="?", default="")
    return top


@contextmanager
def _opened(args: argparse.Namespace, paths: Paths) -> Iterator[Store]:
    from migdesk.keys import KeyFile
    from migdesk.models.store import Store
    from migdesk.services import office, opening

    if not (paths.database.exists() and paths.keys.exists()):
        raise NoDatabase
    keys = KeyFile.load(paths.keys)
    accounts = keys.accounts()
    mine = [id for id, name in accounts if not args.account or name == args.account]
    if len(mine) != 1:
        raise NoAccount(names=", ".join(name for _id, name in accounts))
    password = os.environ.get("MIGDESK_PASSWORD") or getpass.getpass(_("Password: "))
    store = Store.open(paths.database, keys.open(mine[0], password))
    store.actor = mine[0]
    try:
        store.read(office.settle_in)
        store.role = store.read(office.role_of, mine[0])
        store.write(opening.log_in)
        yield store
    finally:
        store.close()


def _progress() -> Task:
    if not sys.stderr.isatty():
        return Task()

    def report(done: int, total: int, text: str) -> None:
        end = "\n" if total and done >= total else ""
        print(f"\r{done}/{total or '?'} {text}\x1b[K", end=end, file=sys.stderr, flush=True)

    return Task(report)


def run(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    args = parser().parse_args(argv)
    paths = Paths(args.home or default_home())
    i18n.use(args.language or Settings(paths.settings).get(LANGUAGE) or i18n.system_language())
    try:
        with _opened(args, paths) as store:
            print(COMMANDS[args.command](store, _progress(), args, paths))
        return 0
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, Cancelled):
        print(_("Stopped; nothing was written."), file=sys.stderr)
        return 130
