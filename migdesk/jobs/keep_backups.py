"""Backups that nobody has to think of: when one is due, where it goes, what became of it.

What is remembered between two runs lies in the settings of this computer, since the
database may be what is lost: moments and codes of faults, no words.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.models.dates import stored_moment
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import office
from migdesk.settings import BACKUP_DAYS, BACKUP_EVERY, BACKUP_SECOND, Settings
from migdesk.task import Task

if TYPE_CHECKING:
    from .back_up import Copy

DUE = "due"
STATE = "backup"
"""State of the settings: `DUE` once something was written that no backup holds."""
HOME, SECOND = "home", "second"
MARK = "MigDesk.txt"
"""A file in the second place that says what lies there: a folder without it is where the
stick would be, and a backup must not fill the disk below it."""


@dataclass(frozen=True)
class Kept:
    """What became of a backup in one place: its path, or why there is none. `away`: the
    second place is not there now, which is no fault."""

    place: str
    path: Path | None = None
    fault: Fault | None = None
    away: bool = False


@dataclass(frozen=True)
class Standing:
    """How backups stand in one place: moment of the last one, "" for never; code of the
    fault that the last try met, "" once it worked; whether the place was away then."""

    place: str
    last: str
    code: str
    away: bool


OLD = 7
"""Days after which a backup is too old."""


def days_since(stored: str) -> float:
    """Days since a stored moment; many for "" and for what is no moment."""
    try:
        return (datetime.now(UTC) - datetime.fromisoformat(stored)).total_seconds() / 86_400
    except (ValueError, TypeError):
        return float("inf")


def choose_second(folder: Path, settings: Settings) -> None:
    """Make a folder the second place. Raises PlaceLost where it cannot be written."""
    words = _(
        "This folder holds backups of MigDesk. They are encrypted: they open in MigDesk with "
        "the password of an account of the office, or with its recovery key. Keep this file: "
        "without it MigDesk writes no backup here."
    )
    from . import back_up

    try:
        (folder / MARK).write_text(words, "utf-8")
    except OSError as error:
        raise back_up.PlaceLost(folder=folder.name, reason=error.strerror) from error
    settings.set(BACKUP_SECOND, str(folder))
    for name in ("last", "code", "away"):
        settings.remember(f"{STATE}.{SECOND}.{name}", "")


def standing(settings: Settings) -> tuple[Standing, ...]:
    """How backups stand in each place that was chosen."""
    places = (HOME, SECOND) if settings.get(BACKUP_SECOND) else (HOME,)
    return tuple(
        Standing(
            place,
            _said(settings, place, "last"),
            _said(settings, place, "code"),
            _said(settings, place, "away") == "1",
        )
        for place in places
    )


def _said(settings: Settings, place: str, name: str) -> str:
    return settings.state(f"{STATE}.{place}.{name}")


def due(settings: Settings, now: datetime, closing: bool) -> bool:
    """Whether a backup is to be made: something was written, and the hours are over (0: at
    each closing). A last backup that lies in the future means a clock that was wrong; a try
    that failed is due again."""
    if settings.state(STATE) != DUE:
        return False
    hours = settings.get(BACKUP_EVERY)
    if hours == 0:
        return closing
    last = _said(settings, HOME, "last")
    if not last or _said(settings, HOME, "code"):
        return True
    try:
        gone = (now - datetime.fromisoformat(last)).total_seconds()
    except (ValueError, TypeError):
        return True
    return gone < 0 or gone >= hours * 3_600


def keep(
    store: Store, task: Task, paths: Paths, second: str = "", daily: int = 7
) -> tuple[Kept, ...]:
    """Write one backup into the home and into the second place, and let old ones go there.

    A place that fails does not keep the other from getting its backup. Raises Cancelled, and
    the fault of the copy itself, of which both would have lived.
    """
    from . import back_up  # Today asks how backups stand, and makes none

    with back_up.verified_copy(store, task, paths) as copy:
        done = [_put(copy, task, HOME, paths.backups, paths.computer, daily)]
        if second:
            folder = Path(second)
            if _there(folder):
                done.append(_put(copy, task, SECOND, folder, paths.computer, daily))
            else:
                done.append(Kept(SECOND, away=True))
    if any(each.path for each in done):
        store.write(office.note, "backup", " ".join(e.place for e in done if e.path))
    return tuple(done)


def _there(folder: Path) -> bool:
    with suppress(OSError):
        return (folder / MARK).is_file()
    return False


def _put(
    copy: Copy, task: Task, place: str, folder: Path, computer: str, daily: int
) -> Kept:
    from . import back_up

    try:
        path = back_up.write_archive(copy, task, folder)
    except Fault as fault:
        return Kept(place, fault=fault)
    with suppress(OSError):
        back_up.prune(folder, computer, daily)
    return Kept(place, path)


def note(settings: Settings, done: tuple[Kept, ...], now: datetime | None = None) -> None:
    """Remember what became of a backup. It is due no more once the home has one."""
    moment = stored_moment(now or datetime.now(UTC))
    for each in done:
        key = f"{STATE}.{each.place}"
        if each.path is not None:
            settings.remember(f"{key}.last", moment)
        settings.remember(f"{key}.code", each.fault.code if each.fault else "")
        settings.remember(f"{key}.away", "1" if each.away else "")
        if each.place == HOME and each.path is not None:
            settings.remember(STATE, "")


def note_fault(settings: Settings, fault: Fault) -> None:
    """Remember that no copy could be made at all."""
    settings.remember(f"{STATE}.{HOME}.code", fault.code)


def options(settings: Settings) -> tuple[str, int]:
    """Second place and days, as `keep` takes them."""
    return settings.get(BACKUP_SECOND), settings.get(BACKUP_DAYS)
