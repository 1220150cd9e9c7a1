"""Closing: drafts first, then a backup beside the screen thread, and a way around it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from migdesk.app import Program
from migdesk.jobs import back_up as backups
from migdesk.jobs import restore
from migdesk.jobs.back_up import PlaceLost
from migdesk.jobs.keep_backups import DUE, STATE
from migdesk.keys import Cost, KeyFile
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import drafts, records
from migdesk.settings import Settings
from migdesk.task import Task
from migdesk.ui.closing import Closing
from migdesk.ui.keeper import Keeper
from migdesk.ui.login import Login
from migdesk.ui.pages.receive import ReceivePage


@pytest.fixture
def program(tmp_path: Path, qapp: QApplication) -> Iterator[Program]:
    """The whole program on a database of invented people."""
    made = Program(qapp, Paths(tmp_path).make(), "en")
    made.demo()
    made.window.show()
    made.keeper._wrote = False
    yield made
    made._hurry()
    made.window.close()
    made.window.deleteLater()


def receive(program: Program) -> ReceivePage:
    program.window.go("receive")
    page = program.window.page
    assert isinstance(page, ReceivePage)
    return page


def test_nothing_written_closes_at_once(program: Program) -> None:
    assert program.window.close()
    assert backups.backups(program.paths.backups) == []


def test_a_backup_holds_the_draft_typed_last(program: Program, qtbot: QtBot) -> None:
    page = receive(program)
    page.receive_ticket()
    page.visit.asked["words"].editor.set_typed("half a sentence")
    page.draft.touch()
    assert program.desk is not None
    program.desk.store.write(records.save, "person", None, {"family_name": "Diallo"})
    key = program.desk.key
    with qtbot.waitSignal(program.window.closed, timeout=30_000):
        assert not program.window.close()
        assert program.window.isVisible()
        assert program.window.findChild(Closing) is not None
    (found,) = backups.backups(program.paths.backups)
    folder = program.paths.home / "look"
    kept = restore.unpack(found.path, folder)
    store = Store.open(kept.database, key)
    (draft,) = [each for each in store.read(drafts.list_mine) if "visit" in each.body]
    assert draft.body["visit"]["fields"]["words"] == "half a sentence"
    store.close()
    assert program.settings.state(STATE) == ""


def test_a_backup_that_was_skipped_is_made_at_the_next_login(
    program: Program, qtbot: QtBot
) -> None:
    program.keeper.wrote()
    with qtbot.waitSignal(program.window.closed, timeout=30_000):
        program.window.close()
        program.window.findChildren(Closing)[-1].skip()
    assert program.settings.state(STATE) == DUE


def test_a_backup_that_is_due_is_made_beside_the_work(program: Program, qtbot: QtBot) -> None:
    program.settings.remember(STATE, DUE)
    program.keeper.tick()
    qtbot.waitUntil(lambda: program.settings.state(STATE) == "", timeout=30_000)
    assert len(backups.backups(program.paths.backups)) == 1


def test_the_gate_keeps_what_is_typed_when_the_look_changes(program: Program) -> None:
    program.lock()
    login = program.window.findChildren(Login)[-1]
    login.password_side.password.setText("half")
    program.theme.apply()
    QApplication.processEvents()
    assert program.window.findChildren(Login)[-1] is login
    assert login.password_side.password.text() == "half"


def test_logging_off_the_computer_does_not_wait(program: Program) -> None:
    program.keeper.wrote()
    program._hurry()
    assert program.window.close()


def test_a_full_disk_is_told_and_may_be_tried_again(
    runner: Any, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    ended: list[bool] = []
    paths = Paths(tmp_path).make()
    KeyFile.create(paths.keys, "acc-1", "Fatou", "a quiet morning", cost=Cost(8, 1, 1))
    blocked = paths.backups
    blocked.rmdir()
    blocked.write_text("a file where a folder should be")
    shown = Closing(runner, Keeper(settings, paths, runner), ended.append)
    qtbot.addWidget(shown)
    shown.show()
    reason = os.strerror(errno.EEXIST)
    assert shown.words.text() == PlaceLost(folder=blocked.name, reason=reason).words
    assert shown.again_button.isVisible()
    shown.skip_button.click()
    assert ended == [False]


def test_what_a_killed_backup_left_is_swept(program: Program) -> None:
    home = program.paths.home
    old, new = home / ".backup-1.db", home / ".backup-2.db"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert program.desk is not None
    backups.back_up(program.desk.store, Task(), program.paths)
    assert not old.exists()
    assert new.exists()
