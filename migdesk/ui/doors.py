"""The ways in: opening with a password or the recovery key, founding, restoring.

All of it is slow on purpose (Argon2id) or by nature (files), so it runs on a worker's
thread; a `Opened` comes out.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.keys import USUAL_COST, Cost, KeyFile
from migdesk.paths import Paths
from migdesk.ui.desk import Account
from migdesk.ui.first_start import Founding
from migdesk.ui.gate import BackupView
from migdesk.ui.runner import Worker

if TYPE_CHECKING:
    from migdesk.jobs.back_up import Backup
    from migdesk.models.store import Store

Failed = Callable[[Fault], None]
DEMO_PASSWORD = "demonstration"


@dataclass(frozen=True)
class Opened:
    """An open store, and who opened it; a shared database has no key file. `joining`: it
    still waits for its office."""

    store: Store
    account: Account
    keys: KeyFile | None
    key: bytes = field(repr=False)
    joining: bool = False


class Doors:
    """Opens the database of one home; `entered` gets what was opened."""

    def __init__(
        self, paths: Paths, worker: Worker, entered: Callable[[Opened], object]
    ) -> None:
        self._paths = paths
        self._worker = worker
        self._entered = entered

    def open(self, account: str, password: str, failed: Failed) -> None:
        """With the password of an account."""

        def work() -> Opened:
            keys = KeyFile.load(self._paths.keys)
            return enter(self._paths, keys, keys.open(account, password), account)

        self._worker.run(work, self._entered, failed=failed)

    def recover(self, account: str, recovery: str, password: str, failed: Failed) -> None:
        """With the printed key; the account gets a new password."""

        def work() -> Opened:
            keys = KeyFile.load(self._paths.keys)
            key = keys.open_with_recovery(recovery)
            keys.set_password(key, account, password)
            return enter(self._paths, keys, key, account)

        self._worker.run(work, self._entered, failed=failed)

    def found(
        self, founding: Founding, then: Callable[[Opened, str], None], failed: Failed
    ) -> None:
        """Keys, database, office, first account, built-in questionnaires."""
        self._worker.run(
            lambda: found(self._paths, founding), lambda made: then(*made), failed=failed
        )

    def backups(self, then: Callable[[Sequence[BackupView]], None]) -> None:
        """The backups of this home, newest first."""

        def work() -> list[BackupView]:
            from migdesk.jobs import back_up

            return [backup_view(each) for each in back_up.backups(self._paths.backups)]

        self._worker.run(work, then)

    def read_backup(
        self, path: Path, then: Callable[[BackupView], None], failed: Failed
    ) -> None:
        """A backup that lies elsewhere."""

        def work() -> BackupView:
            from migdesk.jobs import back_up

            return backup_view(back_up.look(path))

        self._worker.run(work, then, failed=failed)

    def look(
        self, backup: BackupView, secret: str, then: Callable[[str], None], failed: Failed
    ) -> None:
        """Say in words what a backup holds."""

        def work() -> str:
            from migdesk.jobs import restore

            folder = self._paths.home / ".look"
            shutil.rmtree(folder, ignore_errors=True)
            held = restore.holding(backup.path, folder, unlock(secret))
            return holding_words(held.office, held.counts)

        self._worker.run(work, then, failed=failed)

    def restore(
        self, backup: BackupView, secret: str, then: Callable[[bool], None], failed: Failed
    ) -> None:
        """Put a backup in the place of the database; the one before is kept. `then` hears
        whether the backup came from another computer."""

        def work() -> bool:
            from migdesk.jobs import restore

            return restore.restore(backup.path, self._paths, unlock(secret)).elsewhere

        self._worker.run(work, then, failed=failed)


def enter(paths: Paths, keys: KeyFile, key: bytes, account: str) -> Opened:
    """Open the store for an account."""
    from migdesk.models.store import Store
    from migdesk.services import joining, office, opening, records, vouching
    from migdesk.services.views import Gone

    store = Store.open(paths.database, key)
    try:
        store.actor = account
        store.read(office.settle_in)
        here = store.read(office.this_office)
        place = here.title if here else ""
        try:
            view = store.read(records.get, "account", account)
            who = Account(account, view.title, view.values["role"] or "agent", place)
        except Gone:
            # A database restored from before this account was added.
            who = Account(account, dict(keys.accounts())[account], "agent", place)
        waits = store.read(joining.is_joining)
        less = store.read(vouching.role_here, who.role)
        if less != who.role:
            who = replace(who, role=less, own_role=who.role)
        store.role = "" if waits else who.role
        store.write(opening.log_in)
    except BaseException:
        store.close()
        raise
    return Opened(store, who, keys, key, waits)


def found(
    paths: Paths, founding: Founding, cost: Cost = USUAL_COST
) -> tuple[Opened, str]:
    """First start. Raises DatabaseThere, CannotFound."""
    from migdesk.jobs import found as job

    def fill(store: Store, account: str) -> None:
        _fill(store, account, founding)

    made = job.found(paths, founding.name, founding.password, fill, cost)
    return enter(paths, KeyFile.load(paths.keys), made.key, made.account), made.recovery


def _fill(store: Store, account: str, founding: Founding) -> None:
    from migdesk.jobs.questionnaires import install_built_in
    from migdesk.services import enrolment, joining, office
    from migdesk.task import Task

    if founding.joins:
        store.write(joining.begin, founding.office, founding.name, account)
        return
    values = {
        "name": founding.office,
        "town": founding.town or None,
        "country": founding.country,
    }
    store.write(office.found, values, founding.name, account)
    store.write(enrolment.found_office)
    install_built_in(store, Task())


def open_demo(paths: Paths, language: str) -> Opened:
    """The database of the demonstration, made with invented people the first time."""
    from migdesk.services import demo

    if paths.keys.exists():
        keys = KeyFile.load(paths.keys)
        account = keys.accounts()[0][0]
        return enter(paths, keys, keys.open(account, DEMO_PASSWORD), account)
    office = "HOM Sédhiou", "Sédhiou", "SN"
    opened, _recovery = found(
        paths, Founding(language, *office, "Fatou Diatta", DEMO_PASSWORD)
    )
    opened.store.write(demo.add)
    return opened


def unlock(secret: str) -> Callable[[KeyFile], bytes]:
    """The key of an archive by the recovery key or the password of any of its accounts."""
    return lambda keys: keys.open_by_any(secret)


def resume(paths: Paths) -> None:
    """End a restore that was killed after it was made ready."""
    if paths.beside.exists():
        from migdesk.jobs import restore

        restore.resume(paths)


def restored_words(elsewhere: bool) -> str:
    """What to say after a restore, of a backup from here or from another computer."""
    words = _("The backup was restored. Log in with one of its accounts.")
    if elsewhere:
        words += " " + _(
            "It comes from another computer: before this one exchanges, the administrator "
            "must let it in as a replacement (Exchange, Devices)."
        )
    return words


def backup_view(backup: Backup) -> BackupView:
    """What the list of backups shows."""
    from migdesk.models.dates import show_moment

    size = _("{n} MB").format(n=max(round(backup.size / 1_000_000), 1))
    return BackupView(backup.path, show_moment(backup.made), size, backup.accounts)


def holding_words(office: str, counts: dict[str, int]) -> str:
    """The office, and how many of what, for kinds that it holds."""
    from migdesk.models import RECORDS

    parts = [
        _("{kind}: {n}").format(kind=RECORDS[kind].plural, n=number)
        for kind, number in counts.items()
        if number
    ]
    return f"{office} — {', '.join(parts)}" if parts else office
