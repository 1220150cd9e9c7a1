"""When a backup is due, where it goes, and what is remembered of it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from migdesk.jobs import back_up, keep_backups
from migdesk.jobs.keep_backups import DUE, HOME, SECOND, STATE
from migdesk.paths import Paths
from migdesk.settings import BACKUP_EVERY, BACKUP_SECOND, Settings
from migdesk.task import Task
from tests.jobs.safe import make_home, opened

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return make_home(tmp_path / "home")


@pytest.fixture
def settings(home: Paths) -> Settings:
    made = Settings(home.settings)
    made.remember(STATE, DUE)
    return made


def done(settings: Settings, at: datetime) -> None:
    keep_backups.note(settings, (keep_backups.Kept(HOME, Path("x")),), at)


def test_by_default_it_is_made_at_closing(settings: Settings) -> None:
    assert keep_backups.due(settings, NOW, closing=True)
    assert not keep_backups.due(settings, NOW, closing=False)
    done(settings, NOW)
    assert not keep_backups.due(settings, NOW, closing=True)


def test_hours_and_missed_days(settings: Settings) -> None:
    settings.set(BACKUP_EVERY, 24)
    assert keep_backups.due(settings, NOW, closing=False)
    done(settings, NOW)
    assert not keep_backups.due(settings, NOW + timedelta(days=9), closing=False)
    settings.remember(STATE, DUE)
    assert not keep_backups.due(settings, NOW + timedelta(hours=23), closing=True)
    assert keep_backups.due(settings, NOW + timedelta(hours=24), closing=False)
    assert keep_backups.due(settings, NOW + timedelta(days=9), closing=False)
    # A clock that was set back must not stop backups for years.
    assert keep_backups.due(settings, NOW - timedelta(days=900), closing=False)


def test_a_fault_is_remembered_until_a_backup_worked(settings: Settings) -> None:
    settings.set(BACKUP_EVERY, 24)
    done(settings, NOW)
    settings.remember(STATE, DUE)
    keep_backups.note_fault(settings, back_up.NoRoom(folder="backups"))
    (home,) = keep_backups.standing(settings)
    assert (home.code, home.last[:10]) == ("BAK-002", "2026-11-21")
    assert keep_backups.due(settings, NOW, closing=False)
    done(settings, NOW)
    assert keep_backups.standing(settings)[0].code == ""


def test_two_places_and_a_stick_that_comes_and_goes(
    home: Paths, settings: Settings, tmp_path: Path
) -> None:
    stick, drawer = tmp_path / "stick", tmp_path / "drawer"
    stick.mkdir()
    keep_backups.choose_second(stick, settings)
    second, days = keep_backups.options(settings)
    with opened(home) as store:
        one = keep_backups.keep(store, Task(), home, second, days)
        assert [each.place for each in one if each.path] == [HOME, SECOND]
        stick.rename(drawer)
        stick.mkdir()  # the empty folder where the stick is mounted
        two = keep_backups.keep(store, Task(), home, second, days)
        assert two[1].away and two[1].fault is None and list(stick.iterdir()) == []
        keep_backups.note(settings, two)
        assert keep_backups.standing(settings)[1].away
        stick.rmdir()
        drawer.rename(stick)
        keep_backups.note(settings, keep_backups.keep(store, Task(), home, second, days))
    assert not keep_backups.standing(settings)[1].away
    assert back_up.backups(stick)


def test_a_place_that_fails_does_not_stop_the_other(
    home: Paths, settings: Settings, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    keep_backups.choose_second(stick, settings)
    shutil.rmtree(home.backups)
    home.backups.write_text("no folder")
    with opened(home) as store:
        kept = keep_backups.keep(store, Task(), home, settings.get(BACKUP_SECOND))
    assert kept[0].fault is not None and kept[0].fault.code == "BAK-003"
    assert kept[1].path is not None
    keep_backups.note(settings, kept)
    assert [each.code for each in keep_backups.standing(settings)] == ["BAK-003", ""]
    assert settings.state(STATE) == DUE


def test_rotation_spares_what_other_computers_wrote(home: Paths, tmp_path: Path) -> None:
    other = make_home(tmp_path / "other")
    share = tmp_path / "share"
    share.mkdir()
    keep_backups.choose_second(share, Settings(home.settings))
    for each in (home, other, home):
        with opened(each) as store:
            keep_backups.keep(store, Task(), each, str(share))
    assert len(back_up.backups(share)) == 2
