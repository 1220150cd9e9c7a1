"""The window on a shared database: name and password, work, the server goes and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from migdesk import app
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import agency, office, records
from migdesk.ui import shared
from migdesk.ui.recordview.form import RecordForm
from tests import pg

PASSWORD = "a sentence for the server"


@pytest.fixture
def place(pg_store: Store, pg_url: str) -> Iterator[tuple[str, str]]:
    """Address, and the name of an agent's login."""
    store, name = pg_store, "awa_" + pg_url.split("@/")[1].split("?")[0]
    store.write(office.found, {"name": "Agency", "country": "SN"}, "Fatou", "acc")
    store.write(agency.set_up)
    account = store.write(records.save, "account", None, {"name": "Awa", "role": "agent"})
    store.write(agency.keep_login, name, account, "agent", PASSWORD)
    yield pg.plain(pg_url).replace("postgres@", ""), name
    store.write(agency.drop_login, name)


@pytest.fixture
def program(
    place: tuple[str, str], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[app.Program]:
    monkeypatch.setattr(shared, "kept", lambda _address, _login: (False, ""))
    running = QApplication.instance()
    assert isinstance(running, QApplication)
    made = app.Program(running, Paths(tmp_path / "home").make(), "en")
    made.address = place[0]
    qtbot.addWidget(made.window)
    made.show_gate()
    made.window.show()
    yield made
    made._hurry()
    made.end()


def login(program: app.Program) -> shared.SharedLogin:
    return program.window.findChild(shared.SharedLogin)  # type: ignore[no-any-return]


def enter(program: app.Program, name: str, qtbot: QtBot) -> None:
    gate = login(program)
    gate.login.setText(name)
    gate.password.setText(PASSWORD)
    gate.submit()
    qtbot.waitUntil(lambda: program.desk is not None, timeout=20_000)


def test_a_wrong_password_is_said_beside_the_field(
    program: app.Program, place: tuple[str, str], qtbot: QtBot
) -> None:
    gate = login(program)
    gate.login.setText(place[1])
    gate.password.setText("something else")
    gate.submit()
    qtbot.waitUntil(gate.enter.isEnabled, timeout=20_000)
    assert "refuses this name" in gate.error.text()
    assert program.desk is None and not program.paths.keys.exists()


def test_what_is_typed_stays_while_the_server_is_gone(
    program: app.Program, place: tuple[str, str], pg_store: Store, qtbot: QtBot
) -> None:
    enter(program, place[1], qtbot)
    desk = program.desk
    assert desk is not None and (desk.account.name, desk.account.role) == ("Awa", "agent")
    assert desk.store.role == "agent"
    person = pg_store.write(records.save, "person", None, {"family_name": "Diallo"})
    form = RecordForm(desk, "person", person)
    qtbot.addWidget(form)
    form.load()
    qtbot.waitUntil(lambda: form.view is not None, timeout=20_000)
    form.boxes["given_name"].editor.set_typed("Awa")
    faults: list[Any] = []
    desk.asker.fault = lambda fault, retry=None: faults.append((fault, retry))  # type: ignore[method-assign]
    database = place[0].split("/")[3].split("?")[0]
    _close(database, place[1], False)
    form.save()
    qtbot.waitUntil(lambda: bool(faults) and not form._saving, timeout=20_000)
    assert {fault.code for fault, _retry in faults} <= {"DBS-006", "PGS-003"}
    assert form.dirty()
    assert form.boxes["given_name"].value() == "Awa"
    _close(database, place[1], True)
    form.save()
    qtbot.waitUntil(lambda: not form.dirty(), timeout=20_000)
    assert pg_store.read(records.get, "person", person).title == "Awa Diallo"


def _close(database: str, name: str, again: bool) -> None:
    """The server lets this login in no more (and again), and cuts what it has open."""
    with psycopg.connect(pg.plain(pg.start()), autocommit=True) as owner:
        owner.execute(f'ALTER ROLE "{name}" {"LOGIN" if again else "NOLOGIN"}')
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = %s AND usename = %s",
            [database, name],
        )
