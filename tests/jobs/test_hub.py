"""The shared database and its hub, from the command line: made, opened, exchanged, reported."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from openpyxl import load_workbook

from migdesk import cli
from migdesk.errors import Cancelled
from migdesk.jobs import agency, hub, report_files
from migdesk.jobs import exchange as exchanging
from migdesk.models.pg import BadAddress, NotEncrypted, NotGranted, WrongLogin, address
from migdesk.models.store import Store
from migdesk.services import exchange, records, reporting
from migdesk.services.agency import NoAccount
from migdesk.services.views import Query
from migdesk.sync.stores import Address, Memory, Transport, Unreachable
from migdesk.task import Task
from tests import pg
from tests.tools import Make

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a sentence for the server"


@pytest.fixture
def place() -> Iterator[str]:
    """Address of an empty database, as a person writes it; its logins go afterwards."""
    url = pg.plain(pg.fresh())
    yield url.replace("postgres@", "")
    with psycopg.connect(url, autocommit=True) as owner:
        for (name,) in owner.execute("SELECT name FROM agency.login").fetchall():
            owner.execute(f'DROP OWNED BY "{name}"')
            owner.execute(f'DROP ROLE "{name}"')


@pytest.fixture
def run(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    monkeypatch.setenv("MIGDESK_PASSWORD", SECRET)
    monkeypatch.setenv("MIGDESK_NEW_PASSWORD", SECRET)
    home = ["--home", str(tmp_path), "--language", "en", "--store", place]
    return lambda who, *rest: cli.run([*home, "--account", who, *map(str, rest)])


@pytest.fixture
def founded(run: Callable[..., int]) -> Callable[..., int]:
    """An agency with an administrator, an agent, a hub."""
    setup = "agency-setup", "--office", "Agency", "--login", "fatou", "--name", "Fatou"
    assert run("postgres", *setup) == 0
    agent = "--login", "awa", "--name", "Awa", "--role", "agent"
    assert run("postgres", "agency-setup", *agent) == 0
    assert run("postgres", "agency-setup", "--login", "thehub", "--role", "hub") == 0
    return run


def test_an_agency_is_made_and_opened_by_name(
    founded: Callable[..., int],
    place: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    store = agency.connect(place, "fatou", SECRET)
    assert store.role == "administrator"
    assert store.read(records.get, "account", store.actor).title == "Fatou"
    assert store.read(records.count, "questionnaire", Query()) > 0
    store.close()
    awa = agency.connect(place, "awa", SECRET)
    made = awa.write(records.save, "person", None, {"family_name": "Diallo"})
    assert awa.read(records.get, "person", made).code
    with pytest.raises(NotGranted):
        awa.role = ""
        awa.write(records.save, "office", None, {"name": "Mine"})
    awa.close()
    with pytest.raises(WrongLogin):
        agency.connect(place, "awa", "something else")
    eve = "agency-setup", "--login", "eve", "--name", "Eve", "--role", "agent"
    assert founded("awa", *eve) == 1
    capsys.readouterr()
    assert founded("fatou", *eve) == 0
    assert founded("eve", "password") == 0
    assert founded("eve", "report", "--out", tmp_path / "figures") == 0


def test_an_empty_database_wants_an_office(run: Callable[..., int], place: str) -> None:
    assert run("postgres", "agency-setup") == 1
    assert run("postgres", "agency-setup", "--office", "A", "--login", "x1", "--name", "X",
               "--role", "agent") == 1


def test_a_login_without_an_account_is_refused(
    founded: Callable[..., int], place: str
) -> None:
    assert founded("postgres", "agency-setup", "--login", "figures", "--role", "reporting") == 0
    with pytest.raises((NoAccount, NotGranted)):
        agency.connect(place, "figures", SECRET)


def test_the_hub_exchanges_with_an_office(
    founded: Callable[..., int], place: str, store: Store, make: Make, tmp_path: Path
) -> None:
    folder = tmp_path / "exchange"
    folder.mkdir()
    served = agency.connect(place, "thehub", SECRET)
    cards = [each.write(exchange.make_card).text for each in (served, store)]
    served.write(exchange.pair, cards[1])
    store.write(exchange.pair, cards[0])
    served.close()
    person = make.person(family_name="Keita")
    exchanging.export_bundle(store, Task(), folder)
    assert founded("thehub", "hub", folder, "--once") == 0
    awa = agency.connect(place, "awa", SECRET)
    assert awa.read(records.get, "person", person).title == "Keita"
    awa.write(records.save, "person", person, {"given_name": "Moussa"})
    awa.close()
    assert founded("thehub", "hub", folder, "--once") == 0
    exchanging.import_bundles(store, Task(), folder)
    assert store.read(records.get, "person", person).title == "Moussa Keita"


@dataclass
class Done:
    taken: int = 3
    refused: tuple[str, ...] = ("x",)
    name: str = "Awa"


def test_a_place_that_is_away_does_not_stop_the_others(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "migdesk.hub")
    asked: list[Transport] = []

    def exchange_with(_store: Store, _task: Task, transport: Transport) -> Done:
        asked.append(transport)
        if isinstance(transport, Memory):
            raise Unreachable(place="memory")
        return Done()

    places = [Address("memory", "a"), Address("folder", str(tmp_path))]
    assert hub.run(store, Task(), places, 60, True, exchange_with) == 1
    assert len(asked) == 2
    said = [record.getMessage() for record in caplog.records]
    assert said == [f"place 1: {Unreachable.code}, try 1", "place 2: taken=3 refused=1"]
    caplog.clear()


def test_the_hub_ends_when_it_is_told(store: Store, tmp_path: Path) -> None:
    task, rounds = Task(), []

    def exchange_with(_store: Store, own: Task, _transport: Transport) -> Done:
        rounds.append(1)
        task.cancel()
        return Done()

    with pytest.raises(Cancelled):
        hub.run(store, task, [Address("folder", str(tmp_path))], 60, False, exchange_with)
    assert len(rounds) == 1


def test_waits_grow_and_a_folder_that_changed_is_gone_to(tmp_path: Path) -> None:
    each = hub.Round(1, Address("folder", str(tmp_path)), due=1e18)
    each.seen = hub._mark(each)
    assert not hub._wanted(each)
    (tmp_path / "new").touch()
    each.seen -= 1
    assert hub._wanted(each)
    each.failed = 1
    assert not hub._wanted(each)


def test_places_are_listed_without_their_secrets(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("hidden\n", "utf-8")
    listed = tmp_path / "places.toml"
    listed.write_text(
        '[[place]]\nkind = "webdav"\nwhere = "https://x/dav"\nuser = "u"\nsecret = "one"\n'
    )
    (found,) = hub.read_places(listed, tmp_path)
    assert (found.kind, found.secret) == ("webdav", "hidden")
    assert "hidden" not in repr(found)
    strange = '[[place]]\nkind = "sftp"\nslow = "x"\n'
    for wrong in (strange, "[[place", '[[place]]\nsecret="no"\n'):
        listed.write_text(wrong)
        with pytest.raises(hub.BadPlaces):
            hub.read_places(listed, tmp_path)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("postgresql://db.example/x?sslmode=require", NotEncrypted),
        ("postgresql://localhost,db.example/x?sslmode=disable", NotEncrypted),
        ("postgresql://localhost/x?host=db.example&sslmode=prefer", NotEncrypted),
        ("postgresql://me:secret@db.example/x", BadAddress),
        ("postgresql://db.example/x?service=mine", BadAddress),
        ("postgresql://db.example/x?passfile=/tmp/x", BadAddress),
        ("postgresql:///x", BadAddress),
        ("postgresql://db.example", BadAddress),
        ("mysql://db.example/x", BadAddress),
        ("nonsense", BadAddress),
    ],
)
def test_addresses_that_are_refused(text: str, fault: type[Exception]) -> None:
    with pytest.raises(fault) as caught:
        address(text)
    assert "secret" not in str(caught.value)


def test_off_this_computer_the_certificate_is_checked() -> None:
    far = address("postgresql://db.example/x")
    assert far.query == {"sslmode": "verify-full", "sslrootcert": "system"}
    own = address("postgresql://db.example/x?sslrootcert=/etc/ca.pem")
    assert own.query == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    for near in ("127.0.0.1", "[::1]", "localhost"):
        assert address(f"postgresql://{near}/x").query == {}


def test_figures_as_files(store: Store, make: Make, tmp_path: Path) -> None:
    for n in range(7):
        make.person(family_name=f"Secret{n}", sex="female", birth="1990")
    person = make.person(family_name="Secret", sex="male", birth="1991")
    for _n in range(6):
        make.visit(person=person, at="2026-10-03T10:00:00Z", channel="office")
    assert report_files.write_all(store, Task(), tmp_path, "OU_1") == 14
    values = json.loads((tmp_path / "dhis2.json").read_text())["dataValues"]
    visits = [v for v in values if v["dataElement"] == "MIGDESK_VISITS_BY_CHANNEL"]
    assert visits == [
        {"dataElement": "MIGDESK_VISITS_BY_CHANNEL", "period": "202610", "orgUnit": "OU_1",
         "categoryOptionCombo": "OFFICE", "value": "6"}
    ]
    assert all(len(v["categoryOptionCombo"]) <= report_files.LONGEST for v in values)
    book = load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == [f.name for f in store.read(reporting.figures)]
    for path in tmp_path.iterdir():
        assert b"Secret" not in path.read_bytes()
    head = (tmp_path / "dhis2.csv").read_text("utf-8-sig").splitlines()[0]
    assert head == "dataelement,period,orgunit,categoryoptioncombo,value"


def test_the_service_is_kept_small() -> None:
    lines = (ROOT / "packaging/systemd/migdesk-hub.service").read_text("utf-8").splitlines()
    told: dict[str, Any] = dict(line.split("=", 1) for line in lines if "=" in line[1:])
    assert told["NoNewPrivileges"] == told["DynamicUser"] == told["ProtectHome"] == "yes"
    assert (told["ProtectSystem"], told["CapabilityBoundingSet"]) == ("strict", "")
    command = told["ExecStart"].split()[1:]
    args = cli.parser().parse_args(command)
    assert (args.command, args.account) == ("hub", "hub")
    assert not any("PASSWORD" in line for line in lines)
