"""`migdesk check`: the file is whole, every row is what its ops make it, nothing is lost
behind the desk; and what to do where that is not so.

What follows from the log (rows, conflicts, words of search) is repaired at once. The rest is
told with advice: a person decides.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from migdesk.errors import Fault
from migdesk.i18n import _, ngettext, said_of
from migdesk.keys import KeyFile
from migdesk.models import RECORDS
from migdesk.models.store import Damaged, Store
from migdesk.paths import Paths
from migdesk.services import inspection, integrity, merging, office
from migdesk.settings import Settings
from migdesk.task import Task

from . import keep_backups

CHUNK = 2_000
FILES = 20
DAY = 86_400
TIGHT = 500_000_000

State = Literal["repaired", "todo", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing that was found: a code, what it is, and what was or is to be done.

    `repaired`: it was put right here. `todo`: a person must act. `note`: nothing is wrong,
    it is only good to know.
    """

    code: str
    state: State
    words: str
    advice: str


@dataclass(frozen=True)
class Report:
    """Ops in the log, (kind, rows that were rebuilt), and everything that was found."""

    ops: int
    drift: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def todo(self) -> bool:
        """Whether something is left to do."""
        return any(finding.state == "todo" for finding in self.findings)


def check(store: Store, task: Task, paths: Paths | None = None) -> Report:
    """Verify everything; `paths` adds the disk, the backups and the key file."""
    task.step(0, 0, _("Every page of the file"))
    store = store.whole()
    try:
        store.check(task)
    except Damaged as fault:
        advice = _(
            "Close MigDesk, copy its folder to another disk, then restore the latest backup "
            "from the login screen. Replace the disk: it is failing."
        )
        return Report(0, findings=(Finding("CHK-001", "todo", fault.words, advice),))
    facts = store.read(inspection.facts)
    drift, findings = _against_log(store, task)
    findings += [*_files(store, task), *_chains(store, task), *_told(facts)]
    findings += [*_lines(store), *(_around(paths) if paths is not None else ())]
    left = sum(finding.state == "todo" for finding in findings)
    store.write(office.note, "check", f"{sum(n for _kind, n in drift)} {left}")
    order = ("todo", "repaired", "note")
    findings.sort(key=lambda finding: order.index(finding.state))
    return Report(facts.ops, drift, tuple(findings))


def _against_log(
    store: Store, task: Task
) -> tuple[tuple[tuple[str, int], ...], list[Finding]]:
    """Rows, conflicts and words, compared with the log and written again."""
    _total, rows = store.read(merging.logged_rows)
    drift: dict[str, int] = {}
    conflicts = 0
    for start in range(0, len(rows), CHUNK):
        task.step(start, len(rows), _("Records against the log"))
        part = rows[start : start + CHUNK]
        for kind, n in store.write(merging.rebuild, part).items():
            drift[kind] = drift.get(kind, 0) + n
        if doubtful := store.read(inspection.doubtful, part):
            store.write(inspection.settle_again, doubtful)
            conflicts += len(doubtful)
    stray = store.write(inspection.stray)
    words = _words(store, task) + stray
    return tuple(sorted(drift.items())), list(_repaired(drift, conflicts, words))


def _repaired(drift: dict[str, int], conflicts: int, misspelt: int) -> Iterator[Finding]:
    if drift:
        rows = ", ".join(said_of(RECORDS[kind].plural, n) for kind, n in sorted(drift.items()))
        words = _("Rows that differed from the log ({rows}).").format(rows=rows)
        yield Finding("CHK-002", "repaired", words, _("They were rebuilt from the log."))
    if conflicts:
        words = _("Lists of conflicts that differed from the log: {n}.").format(n=conflicts)
        yield Finding("CHK-003", "repaired", words, _("They were made again."))
    if misspelt:
        words = _("Records that search did not find as they are: {n}.").format(n=misspelt)
        yield Finding("CHK-004", "repaired", words, _("Their words were written again."))


def _words(store: Store, task: Task) -> int:
    wrong = 0
    for about in RECORDS.values():
        after, more = "", bool(about.searched)
        while more:
            task.step(0, 0, _("Words of search"))
            rows, after = store.read(inspection.misspelt, about.kind, after, CHUNK)
            if rows:
                store.write(inspection.index_again, about.kind, rows)
                wrong += len(rows)
            more = bool(after)
    return wrong


def _files(store: Store, task: Task) -> Iterator[Finding]:
    names = store.read(inspection.blob_names)
    spoilt: list[str] = []
    for start in range(0, len(names), FILES):
        task.step(start, len(names), _("Attached files"))
        spoilt += store.read(inspection.spoilt, names[start : start + FILES])
    if spoilt:
        store.write(inspection.forget, spoilt)
        words = ngettext("{n} attached file was damaged.", "{n} attached files were damaged.",
                         len(spoilt)).format(n=len(spoilt))
        advice = _(
            "It was let go. If another computer holds it, an exchange brings it again; else "
            "open a backup in Settings and take the record back from there."
        )
        yield Finding("CHK-005", "todo", words, advice)
    if gone := store.write(inspection.unnamed):
        words = ngettext("{n} file that no record names.", "{n} files that no record names.",
                         gone).format(n=gone)
        yield Finding("CHK-006", "repaired", words, _("It was removed."))


def _chains(store: Store, task: Task) -> Iterator[Finding]:
    """The log of each writer is a chain; what is not as it was written is told, never
    repaired: nobody could say any more what stood there."""
    words = _("The chain of changes")
    found = store.read(integrity.verify, step=lambda done: task.step(done, 0, words))
    advice = _(
        "Keep this database and its backups as they are, and compare with another computer "
        "of the office. Tell the agency: a disk erred, or somebody altered the file."
    )
    if n := len(found.altered):
        words = ngettext("{n} change is not as it was written.",
                         "{n} changes are not as they were written.", n).format(n=n)
        yield Finding("CHK-016", "todo", words, advice)
    if found.forked:
        words = _("Two computers wrote under one name: a folder of MigDesk was copied.")
        advice = _(
            "Use only one of the two. On the other restore a backup: it then writes under a "
            "name of its own."
        )
        yield Finding("CHK-017", "todo", words, advice)
    if n := len(found.lost):
        words = ngettext("{n} change that was sent from here is not here any more.",
                         "{n} changes that were sent from here are not here any more.",
                         n).format(n=n)
        advice = _(
            "An old copy of the file was put back by hand. Exchange: the others send it back. "
            "Next time use “Restore a backup” on the login screen."
        )
        yield Finding("CHK-018", "todo", words, advice)


def _told(facts: inspection.Facts) -> Iterator[Finding]:
    if facts.not_arrived:
        n = facts.not_arrived
        words = ngettext("{n} attached file has not arrived yet.",
                         "{n} attached files have not arrived yet.", n).format(n=n)
        yield Finding("CHK-007", "note", words, _("It comes with the next exchanges."))
    if facts.parked:
        n = facts.parked
        words = ngettext("{n} change comes from a newer MigDesk.",
                         "{n} changes come from a newer MigDesk.", n).format(n=n)
        yield Finding("CHK-008", "note", words, _("Install the newer version to see them."))
    if facts.newest > (time.time() + DAY) * 1_000:
        moment = datetime.fromtimestamp(min(facts.newest, 32e12) / 1_000, UTC)
        words = _("The newest change is dated {day}, in the future.").format(day=moment.date())
        advice = _(
            "A clock is or was wrong, here or on another computer. Look at the date and the "
            "hour of this computer; nothing is lost by it."
        )
        yield Finding("CHK-009", "note", words, advice)


def _lines(store: Store) -> Iterator[Finding]:
    if n := store.read(inspection.ownerless):
        words = ngettext("{n} line belongs to a record that has not come yet.",
                         "{n} lines belong to records that have not come yet.", n).format(n=n)
        yield Finding("CHK-010", "note", words, _("Exchange with the office that wrote it."))


def _around(paths: Paths) -> Iterator[Finding]:
    for look in (_disk, _backups, _key_file):
        yield from look(paths)


def _disk(paths: Paths) -> Iterator[Finding]:
    try:
        free = shutil.disk_usage(paths.home).free
        need = max(2 * paths.database.stat().st_size, TIGHT)
    except OSError:
        return
    if free < need:
        words = _("The disk has {free} MB left; a backup may need {need} MB.").format(
            free=free // 1_000_000, need=need // 1_000_000
        )
        yield Finding("CHK-011", "todo", words, _("Free some space, or use a larger disk."))


def _backups(paths: Paths) -> Iterator[Finding]:
    for stands in keep_backups.standing(Settings(paths.settings)):
        second = stands.place == keep_backups.SECOND
        place = _("the second place") if second else _("this computer")
        if stands.code:
            words = _("The last backup to {place} failed ({code}).").format(
                place=place, code=stands.code
            )
            advice = _("Open Settings, Backups, and press “Back up now”: it says why.")
            yield Finding("CHK-012", "todo", words, advice)
        elif keep_backups.days_since(stands.last) > keep_backups.OLD:
            words = _("There is no backup of the last {n} days on {place}.").format(
                n=keep_backups.OLD, place=place
            )
            advice = _("Press “Back up now” in Settings; for a stick, plug it in first.")
            yield Finding("CHK-013", "todo", words, advice)


def _key_file(paths: Paths) -> Iterator[Finding]:
    try:
        about = KeyFile.load(paths.keys).recovery
    except Fault as fault:
        advice = _("Do not close MigDesk before a backup was put beside: ask for help.")
        yield Finding("CHK-014", "todo", fault.words, advice)
        return
    if about.due:
        words = _("Nobody proved in the last year that the printed recovery key opens.")
        advice = _("Rehearse it in Settings, Safety: it takes five minutes.")
        yield Finding("CHK-015", "note", words, advice)


