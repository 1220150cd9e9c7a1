"""A computer without a screen joins an office, and decides on what was kept apart."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from migdesk import cli
from migdesk.jobs import enrol, found
from migdesk.jobs.exchange import exchange
from migdesk.keys import KeyFile
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import devices, enrolment, erasure, joining, office, received, records
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope
from migdesk.sync.stores import Folder
from migdesk.task import Task
from tests.jobs.safe import CHEAP

PASSWORD = "a quiet morning"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def head(store: Store) -> Store:
    store.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Awa Mballo", "a-1")
    store.write(enrolment.found_office)
    return store


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command line of the new computer."""
    monkeypatch.setenv("MIGDESK_PASSWORD", PASSWORD)
    home = ["--home", str(tmp_path / "hub"), "--language", "en"]
    return lambda *args: cli.run([*home, *map(str, args)])


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def invited(head: Store, stick: Path, said: str) -> str:
    """The office enrols the card that was shown; the line."""
    *_name, words, card = said.strip().splitlines()
    assert devices.see_card(card).words == words
    line = head.write(enrolment.enrol, card, Grant("Hub", "agent", Scope(True)))
    enrol.write_invitation(head, Task(), line, stick)
    return line


NEW = "join", "--computer", "Hub", "--name", "Binta Sow"


def test_a_hub_joins(
    run: Callable[..., int], head: Store, stick: Path, capsys: Captured
) -> None:
    assert run(*NEW, "--card", stick) == 0
    said, told = capsys.readouterr()
    assert "Recovery key" in told and len(list(stick.iterdir())) == 1
    assert run("export-bundle", stick) == 1
    assert "CLI-005" in capsys.readouterr().err
    invited(head, stick, said)
    words = head.read(devices.own).office_words
    assert run("join", stick, "--words", words.upper()) == 0
    said, told = capsys.readouterr()
    assert words in told and "HOM Kolda" in said
    head.write(records.save, "person", None, {"family_name": "Diatta"})
    exchange(head, Task(), Folder(str(stick)))
    assert run("hub", stick, "--once") == 0
    exchange(head, Task(), Folder(str(stick)))
    assert head.read(devices.devices)[1].heard


@pytest.mark.parametrize("answer", ["no\n", "", "yes\n"])
def test_the_words_are_asked_for(
    answer: str, run: Callable[..., int], head: Store, stick: Path, capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert run(*NEW) == 0
    invited(head, stick, capsys.readouterr().out)
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert run("join", stick) == (answer != "yes\n")
    assert ("CLI-004" in capsys.readouterr().err) is (answer != "yes\n")


def test_other_words_take_nothing_over(
    run: Callable[..., int], head: Store, stick: Path, capsys: Captured
) -> None:
    assert run(*NEW) == 0
    said = capsys.readouterr().out
    invited(head, stick, said)
    words = head.read(devices.own).office_words.split()
    assert run("join", stick, "--words", " ".join(reversed(words))) == 1
    assert run("hub", stick, "--once") == 1
    assert capsys.readouterr().err.count("CLI-00") == 2
    assert run("join") == 0 and capsys.readouterr().out == said  # the same card as before


def test_a_new_computer_needs_names(run: Callable[..., int], capsys: Captured) -> None:
    assert run("join") == 1
    assert "CLI-006" in capsys.readouterr().err


def test_what_was_kept_apart_is_listed_and_decided(
    new_store: Callable[[], Store], run: Callable[..., int], stick: Path, capsys: Captured
) -> None:
    """The hub's own office: a laptop asks for what it may not, then is revoked and sends."""
    paths, laptop = Paths(stick.parent / "hub"), new_store()

    def fill(store: Store, account: str) -> None:
        store.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Awa", account)
        store.write(enrolment.found_office)

    made = found.found(paths.make(), "Awa", PASSWORD, fill, CHEAP)
    place = Folder(str(stick))
    with closing(Store.open(paths.database, made.key)) as head:
        laptop.write(joining.begin, "Laptop", "Binta", "acc-l")
        card = laptop.read(devices.own).card
        line = head.write(enrolment.enrol, card, Grant("Laptop", "agent", Scope(True)))
        laptop.write(joining.join, head.write(enrolment.invitation, line)[1])
        ids = [
            head.write(records.save, "person", None, {"family_name": name})
            for name in ("Diatta", "Badji")
        ]
        for store in (head, laptop, head):
            exchange(store, Task(), place)
        laptop.write(erasure.erase, "person", ids[0], "asked")
        exchange(laptop, Task(), place)
        exchange(head, Task(), place)
        head.write(enrolment.revoke, line)
        late = laptop.write(records.save, "person", None, {"family_name": "Sané"})
        exchange(laptop, Task(), place)
    assert run("hub", stick, "--once") == 0
    capsys.readouterr()
    assert run("quarantine") == 0
    said = capsys.readouterr().out.splitlines()
    (kept,) = [each for each in said if "migbundle" in each]
    (asks,) = [each for each in said if "1 would erase" in each]
    assert "Laptop" in kept and "Laptop" in asks
    assert run("quarantine", "drop", asks.split()[0]) == 0
    assert run("quarantine", "accept", kept.split()[0]) == 0
    assert "thrown away" in (said_ := capsys.readouterr().out) and "taken over" in said_
    assert run("quarantine", "list") == 0
    assert "Nothing is kept apart." in capsys.readouterr().out
    assert run("quarantine", "drop", "no-such-thing") == 1
    key = KeyFile.load(paths.keys).open(made.account, PASSWORD)
    with closing(Store.open(paths.database, key)) as head:
        assert head.read(records.get, "person", late).title == "Sané"
        assert not head.read(erasure.is_erased, ids[0])
        assert head.read(received.count_waiting) == 0
