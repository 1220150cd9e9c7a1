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
from migdesk.paths import Paths, credential, default_home
from migdesk.settings import LANGUAGE, Settings
from migdesk.task import Task

from . import office

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


class LeftToDo(str):
    """What a command says when a person must act: exit code 1."""


def _backup(store: Store, task: Task, args: argparse.Namespace, paths: Paths) -> str:
    from migdesk.jobs import keep_backups
    from migdesk.jobs.back_up import back_up

    if args.out is not None:
        return str(back_up(store, task, paths, args.out))
    settings = Settings(paths.settings)
    done = keep_backups.keep(store, task, paths, *keep_backups.options(settings))
    keep_backups.note(settings, done)
    away = _("The second place is not there now.")
    words = "\n".join(str(e.fault or e.path or away) for e in done)
    return LeftToDo(words) if any(each.fault for each in done) else words


def _restore(args: argparse.Namespace, paths: Paths) -> str:
    """Without an open database: it is what may be lost."""
    from migdesk import shares
    from migdesk.jobs import restore

    secret = os.environ.get("MIGDESK_PASSWORD") or getpass.getpass(
        _("Password of the backup, its recovery key, or the words of three sheets (with “/” "
          "between them): ")
    )
    sheets = secret.split("/")
    secret = shares.join(sheets) if len(sheets) == shares.NEEDED else secret
    done = restore.restore(
        args.file, paths.make(), lambda keys: keys.open_by_any(secret), _progress()
    )
    words = _("Restored: {office}.").format(office=done.held.office)
    if done.elsewhere:
        words += " " + _("It comes from another computer: the administrator must let it in.")
    return words


def _check(store: Store, task: Task, _args: argparse.Namespace, paths: Paths) -> str:
    from migdesk.jobs.check import check

    report = check(store, task, paths)
    whole = _("The file is whole: {n} changes in the log.").format(n=report.ops)
    lines = [whole] if report.ops else []
    lines += [f"{each.code} {each.words} {each.advice}" for each in report.findings]
    words = "\n".join(lines)
    return LeftToDo(words) if report.todo else words


def _export_all(store: Store, task: Task, args: argparse.Namespace, _paths: Paths) -> str:
    from migdesk.jobs.export_all import Order, export_all

    password = ""
    if args.target.suffix.lower() == ".zip":
        password = os.environ.get("MIGDESK_ZIP_PASSWORD") or getpass.getpass(
            _("Password of the ZIP: ")
        )
    order = Order(args.target, args.format, args.recipient, args.reason, password)
    done = export_all(store, task, order)
    return _("{rows} rows, {submissions} filled questionnaires, {files} files.").format(
        rows=done.rows, submissions=done.submissions, files=done.files
    )


def _hub(store: Store, task: Task, args: argparse.Namespace, _paths: Paths) -> str:
    from migdesk.jobs import hub

    places = hub.places(args.folder, args.places)
    failed = hub.serve(store, task, places, args.interval * 60, args.once)
    if not failed:
        return _("The hub has stopped.")
    words = i18n.ngettext("{n} place: not reached.", "{n} places: not reached.", failed)
    return LeftToDo(words.format(n=failed))


def _change_password(
    store: Store, _task: Task, args: argparse.Namespace, _paths: Paths
) -> str:
    from migdesk.services import agency

    store.write(agency.change_password, args.account, _new_password())
    return _("Your password was changed.")


def _new_password() -> str:
    given = os.environ.get("MIGDESK_NEW_PASSWORD")
    return given or getpass.getpass(_("New password: "))


def _report(store: Store, task: Task, args: argparse.Namespace, _paths: Paths) -> str:
    from migdesk.jobs.report_files import write_all

    made = write_all(store, task, args.out, args.org_unit)
    return i18n.ngettext("{n} file.", "{n} files.", made).format(n=made)


def _agency_setup(args: argparse.Namespace, _paths: Paths) -> str:
    from migdesk.jobs import agency

    owner = args.account, _password()
    new = None
    if args.login:
        name = args.name or args.login
        new = agency.Newcomer(args.login, name, args.role, _new_password())
    about = {"name": args.office, "country": args.country}
    made = agency.set_up(args.store, owner, _progress(), about, new)
    words = i18n.ngettext("Ready: {n} login.", "Ready: {n} logins.", made)
    return words.format(n=made)


def _password() -> str:
    """From what systemd hands over, the environment, or who sits there; never from the
    command line, which others can read."""
    given = credential("password") or os.environ.get("MIGDESK_PASSWORD")
    return given or getpass.getpass(_("Password: "))


COMMANDS: dict[str, Command] = {
    "hub": _hub,
    "report": _report,
    "password": _change_password,
    "import": _import,
    "print": _print,
    "export-bundle": _export_bundle,
    "import-bundle": _import_bundle,
    "backup": _backup,
    "check": _check,
    "export-all": _export_all,
    "pair": office.pair,
    "join": office.join,
    "quarantine": office.quarantine,
}


WHILE_JOINING = frozenset({"join", "check", "backup"})
"""Commands of a computer that has no office yet."""
WITHOUT_STORE = {"restore": _restore, "agency-setup": _agency_setup}
"""Commands that open no database, or not as an account."""


def parser() -> argparse.ArgumentParser:
    """The whole command line, with help."""
    top = argparse.ArgumentParser(prog="migdesk", description=_("The help office, offline."))
    top.add_argument("--home", type=Path, help=_("folder of the database (a USB stick, …)"))
    top.add_argument("--demo", action="store_true", help=_("open with demonstration data"))
    top.add_argument("--store", default="", metavar="ADDRESS",
                     help=_("shared database of an agency (postgresql://server/database)"))
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
    back = commands.add_parser("restore", help=_("put a backup in the place of the database"))
    back.add_argument("file", type=Path)
    everything = commands.add_parser(
        "export-all", help=_("write everything in open formats, to a folder or a .zip")
    )
    everything.add_argument("target", type=Path)
    everything.add_argument("--format", choices=["xlsx", "csv"], default="xlsx")
    everything.add_argument("--to", dest="recipient", required=True, metavar="WHOM")
    everything.add_argument("--reason", required=True)
    _agency_parsers(commands)
    office.add_parsers(commands)
    return top


def finish_restore(paths: Paths) -> None:
    """End a restore that was killed after it was made ready."""
    from migdesk.jobs import restore

    if paths.beside.exists():
        restore.resume(paths)


def _agency_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    setup = commands.add_parser("agency-setup", help=_("make the shared database ready"))
    setup.add_argument("--office", default="", help=_("name of the agency"))
    setup.add_argument("--country", default="SN")
    setup.add_argument("--login", default="", help=_("a name to log in with, to make or renew"))
    setup.add_argument("--name", default="", help=_("whose account it is"))
    setup.add_argument("--role", default="administrator")
    hub = commands.add_parser("hub", help=_("exchange without a screen, until stopped"))
    hub.add_argument("folder", type=Path, nargs="*")
    hub.add_argument("--places", type=Path, help=_("list of places (TOML)"))
    hub.add_argument("--interval", type=float, default=10.0, metavar="MINUTES")
    hub.add_argument("--once", action="store_true", help=_("one round, then stop"))
    commands.add_parser("password", help=_("change one's password of the shared database"))
    report = commands.add_parser("report", help=_("write figures without personal data"))
    report.add_argument("--out", type=Path, required=True)
    report.add_argument("--org-unit", default="", help=_("code of the unit in DHIS2"))


@contextmanager
def _opened(args: argparse.Namespace, paths: Paths) -> Iterator[Store]:
    if args.store:
        from migdesk.jobs import agency

        store = agency.connect(args.store, args.account, _password())
        try:
            yield store
        finally:
            store.close()
        return
    from migdesk.keys import KeyFile
    from migdesk.models.store import Store
    from migdesk.services import joining, opening, vouching
    from migdesk.services import office as offices

    finish_restore(paths)
    if args.command == "join" and not paths.database.exists():
        office.begin(args, paths, _password())
    if not (paths.database.exists() and paths.keys.exists()):
        raise NoDatabase
    keys = KeyFile.load(paths.keys)
    accounts = keys.accounts()
    mine = [id for id, name in accounts if not args.account or name == args.account]
    if len(mine) != 1:
        raise NoAccount(names=", ".join(name for _id, name in accounts))
    store = Store.open(paths.database, keys.open(mine[0], _password()))
    store.actor = mine[0]
    try:
        store.read(offices.settle_in)
        waits = store.read(joining.is_joining)
        if waits and args.command not in WHILE_JOINING:
            raise office.StillJoining
        role = store.read(vouching.role_here, store.read(offices.role_of, mine[0]))
        store.role = "" if waits else role
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
        if args.command in WITHOUT_STORE:
            print(WITHOUT_STORE[args.command](args, paths))
            return 0
        with _opened(args, paths) as store:
            said = COMMANDS[args.command](store, _progress(), args, paths)
        print(said)
        return 1 if isinstance(said, LeftToDo) else 0
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, Cancelled):
        print(_("Stopped; nothing was written."), file=sys.stderr)
        return 130
