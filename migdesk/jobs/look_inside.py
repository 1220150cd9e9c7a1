"""Looking into a backup without restoring it: search there, compare, take a record back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from pathlib import Path

from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import attachments, everything, records, take_back
from migdesk.services.records import Query, View
from migdesk.services.take_back import Comparison, Past
from migdesk.task import Task

from . import restore

MOST = 100


class Inside:
    """An opened copy of a backup in a scratch folder of the home; :meth:`close` removes it.
    Nothing is ever written to the backup."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store

    @classmethod
    def open(
        cls, task: Task, path: Path, home: Paths, unlock: restore.Unlock, eyes: Store
    ) -> Inside:
        """Unpack and open, for the eyes of who has `eyes` open. Raises BadBackup,
        NoRoom, WrongKey and what `unlock` raises."""
        from migdesk.keys import KeyFile

        folder = home.home / f".look-{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            paths = restore.unpack(path, folder, task)
            store = Store.open(paths.database, unlock(KeyFile.load(paths.keys)))
            store.look_as(eyes)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return cls(folder, store)

    def find(self, kind: str, words: str) -> tuple[View, ...]:
        """Records of the backup that search finds, or the first of them."""
        page = self._store.read(records.list_page, kind, Query(text=words), "", MOST)
        return page.rows

    def past(self, kind: str, id: str) -> Past:
        """A record with its lines, as the backup holds it."""
        return self._store.read(take_back.past, kind, id)

    def compare(self, today: Store, kind: str, id: str) -> Comparison:
        """The same beside what it is today."""
        return today.read(take_back.compare, self.past(kind, id))

    def take_back(
        self, today: Store, kind: str, id: str, fields: Collection[str], lines: Collection[str]
    ) -> None:
        """Write the chosen parts to the database of today, with the bytes of files that are
        missing there; one transaction, one undo. Raises NotBack."""
        then = self.past(kind, id)
        data = []
        for line in then.lines:
            digest = str(line.values.get("blob") or "") if line.id in lines else ""
            if digest and today.read(everything.data, digest) is None:
                held = self._store.read(everything.data, digest)
                data += [held] if held is not None else []
        for each in data:
            today.write(attachments.store, each)
        today.write(take_back.take_back, then, fields, lines)

    def close(self) -> None:
        """Nothing of it stays."""
        self._store.close()
        shutil.rmtree(self._folder, ignore_errors=True)
