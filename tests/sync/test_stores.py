"""The contract of every transport, and what is special to a folder."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.errors import Fault, Obstacle
from migdesk.sync.stores import (
    TRANSPORTS,
    Address,
    BadName,
    Folder,
    Missing,
    NameTaken,
    Transport,
    Unreachable,
    folder,
    reach,
)
from migdesk.sync.stores.gate import DiskFull, InClear, NotAsWritten, is_name
from migdesk.task import Task


@pytest.fixture(params=sorted(TRANSPORTS))
def transport(request: pytest.FixtureRequest, tmp_path: Path) -> Transport:
    place = tmp_path / "exchange"
    place.mkdir()
    return TRANSPORTS[request.param](str(place))


def content(transport: Transport, name: str) -> bytes:
    with transport.get(name) as file:
        return file.read()


def test_what_was_put_is_listed_and_read(transport: Transport, tmp_path: Path) -> None:
    assert transport.list() == []
    transport.put("b-2.mdb", b"two")
    transport.put("a-1.mdb", b"")
    (tmp_path / "three").write_bytes(b"three" * 500_000)
    transport.put("b-3.mdb", tmp_path / "three")
    assert transport.list() == ["a-1.mdb", "b-2.mdb", "b-3.mdb"]
    assert transport.list("b-") == ["b-2.mdb", "b-3.mdb"]
    assert transport.list("../") == []
    assert content(transport, "a-1.mdb") == b""
    assert content(transport, "b-2.mdb") == b"two"
    assert content(transport, "b-3.mdb") == b"three" * 500_000


def test_content_can_be_sought_in(transport: Transport) -> None:
    transport.put("a", b"0123456789")
    with transport.get("a") as file:
        file.seek(5)
        assert file.read(2) == b"56"
        file.seek(0)
        assert file.read() == b"0123456789"


def test_names_are_never_overwritten(transport: Transport) -> None:
    transport.put("a", b"one")
    transport.put("a", b"one")
    with pytest.raises(NameTaken):
        transport.put("a", b"two")
    assert content(transport, "a") == b"one"


def test_deleting_twice_is_deleting_once(transport: Transport) -> None:
    transport.put("a", b"one")
    transport.delete("a")
    transport.delete("a")
    assert transport.list() == []
    with pytest.raises(Missing):
        transport.get("a")
    transport.put("a", b"two")
    assert content(transport, "a") == b"two"


def test_a_source_that_is_gone_is_an_obstacle(transport: Transport, tmp_path: Path) -> None:
    with pytest.raises(Obstacle):
        transport.put("a", tmp_path / "nowhere")
    assert transport.list() == []


BAD_NAMES = [
    "",
    ".",
    "..",
    "../a",
    "a/b",
    "a\\b",
    "/etc/passwd",
    "c:a",
    "a..b",
    ".hidden",
    "-rf",
    "A",
    "é",
    "a b",
    "a\n",
    "a\x00",
    "a.",
    "a.tmp",
    "a.tmp.12345678.partial",
    "con",
    "nul.txt",
    "x" * 129,
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_bad_names_pass_no_verb(transport: Transport, name: str) -> None:
    acts = (transport.get, transport.delete, lambda bad: transport.put(bad, b"x"))
    for act in acts:
        with pytest.raises(BadName):
            act(name)
    assert transport.list() == []


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=140))
def test_a_name_that_passes_names_one_file_of_the_folder(name: str) -> None:
    if is_name(name):
        path = Path("folder") / name
        assert path.parent == Path("folder")
        assert path.name == name == name.lower()


# --- folder -----------------------------------------------------------------------


def test_a_missing_folder_is_said_by_every_verb_and_not_made(tmp_path: Path) -> None:
    place = tmp_path / "stick"
    gone = Folder(str(place))
    acts = (
        gone.list,
        lambda: gone.get("a"),
        lambda: gone.put("a", b"x"),
        lambda: gone.delete("a"),
    )
    for act in acts:
        with pytest.raises(Unreachable):
            act()
    assert not place.exists()


def test_what_others_left_there_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "Holiday photo.jpg").write_bytes(b"x")
    (tmp_path / "desktop.ini.TMP").write_bytes(b"x")
    (tmp_path / "half.mdb.tmp").write_bytes(b"x")
    (tmp_path / "subfolder").mkdir()
    Folder(str(tmp_path)).put("ours.mdb", b"x")
    assert Folder(str(tmp_path)).list() == ["ours.mdb"]


def test_what_a_killed_try_left_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.mdb.tmp").write_bytes(b"half of something long")
    Folder(str(tmp_path)).put("a.mdb", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mdb"]
    assert (tmp_path / "a.mdb").read_bytes() == b"whole"


def test_what_killed_uploads_left_is_swept(tmp_path: Path) -> None:
    """Ours, and only what is old: another computer may be writing."""
    ours, young = tmp_path / "a.migbundle.tmp", tmp_path / "b.migpiece.tmp"
    others = tmp_path / "letter.tmp", tmp_path / "a.migbundle"
    for path in (ours, young, *others):
        path.write_bytes(b"x")
    half = tmp_path / "c.migpiece.tmp.890def1c.partial"
    half.write_bytes(b"x")
    for path in (ours, half, *others):
        os.utime(path, (1_000, 1_000))
    Folder(str(tmp_path)).sweep(2_000)
    assert sorted(tmp_path.iterdir()) == sorted([young, *others])


def test_http_is_for_this_computer_or_by_a_word() -> None:
    """Nobody is asked: the refusal comes before a name is looked up."""
    for kind in ("webdav", "s3"):
        with pytest.raises(InClear):
            reach(Address(kind, "http://share.example.org/bundles"), Task())
        for fine in ("http://127.0.0.1:1/b", "http://[::1]:1/b", "http://localhost:1/b"):
            reach(Address(kind, fine), Task()).close()
        reach(Address(kind, "http://share.example.org/bundles", plain=True), Task()).close()
        reach(Address(kind, "https://share.example.org/bundles"), Task()).close()


@pytest.mark.parametrize("verb", ["list", "get", "put", "delete"])
def test_a_stick_that_is_pulled_midway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    place = Folder(str(stick))
    place.put("a.mdb", b"x")
    copy = folder._copy

    def pull(source: IO[bytes], target: Path) -> None:
        copy(source, target)
        shutil.rmtree(stick)

    monkeypatch.setattr(folder, "_copy", pull)
    if verb != "put":
        shutil.rmtree(stick)
    acts: dict[str, Callable[[], object]] = {
        "list": place.list,
        "get": lambda: place.get("a.mdb"),
        "put": lambda: place.put("b.mdb", b"y"),
        "delete": lambda: place.delete("a.mdb"),
    }
    with pytest.raises(Unreachable):
        acts[verb]()
    assert not stick.exists()


@pytest.mark.parametrize(
    ("number", "fault"), [(errno.ENOSPC, DiskFull), (errno.EIO, Unreachable)]
)
def test_a_failing_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, fault: type[Fault]
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(fault):
        Folder(str(tmp_path)).put("a.mdb", b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_room_is_an_obstacle() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs a device that is always full")
    with pytest.raises(DiskFull), folder._faults(), open("/dev/full", "wb") as out:
        out.write(b"x")


def test_what_reads_back_otherwise_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def spoil(source: str, target: Path) -> None:
        replace(source, target)
        target.write_bytes(b"y")

    monkeypatch.setattr(os, "replace", spoil)
    with pytest.raises(NotAsWritten):
        Folder(str(tmp_path)).put("a.mdb", b"x")
    assert list(tmp_path.iterdir()) == []
