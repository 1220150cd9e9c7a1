"""The contract of a transport on real servers, over good lines and bad ones."""

from __future__ import annotations

import hashlib
import io
import os
import random
import resource
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Thread

import pytest

from migdesk.errors import Cancelled, Fault
from migdesk.sync.stores import (
    Address,
    BadName,
    DiskFull,
    Missing,
    NameTaken,
    Patience,
    Remote,
    Unreachable,
    line,
    reach,
    sftp,
)
from migdesk.sync.stores.gate import (
    CertificateNotTrusted,
    ChangedHostKey,
    NoSuchPlace,
    NotAllowed,
    UnknownHostKey,
    WrongCredentials,
)
from migdesk.task import Task
from tests.servers import SERVERS, Server, bad_line, running

BRIEF = Patience(tries=25, first=0.01, longest=0.05, before_first_answer=25)
ONCE = Patience(tries=1, first=0.01, before_first_answer=1)
BIG = random.Random(7).randbytes(700_000)
FOLDERS = count(1)
SOUND = sorted(set(SERVERS) - {"rclone-s3", "rclone-webdav"})


# The slow ones in `make soak` only: each verb of theirs takes long on a busy computer.
SLOW = ("rclone-s3", "rclone-webdav", "samba")
CHOSEN = [
    pytest.param(name, marks=pytest.mark.soak if name in SLOW else ())
    for name in sorted(SERVERS)
]


@pytest.fixture(scope="module", params=CHOSEN)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with running(request.param) as made:
        if made.name == "seaweedfs":
            with using(made.address) as bucket:
                bucket.make_folder()
        yield made


def _sound(server: Server) -> None:
    """rclone's servers are for the plain verbs: seen here, their cache of files leaves an
    object whose upload broke locked, and answers no question about it for minutes."""
    if server.name in ("rclone-s3", "rclone-webdav"):
        pytest.skip(f"{server.name} does not survive a broken upload")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server here answers at once or never."""
    monkeypatch.setattr(line, "WAIT", 5.0)
    monkeypatch.setattr(sftp, "WAIT", 5.0)


@pytest.fixture
def folder() -> str:
    return f"folder {next(FOLDERS)}/é"


@pytest.fixture
def there(server: Server, folder: str) -> Iterator[Remote]:
    """A new empty folder on the server."""
    with using(server.at(folder)) as made:
        made.make_folder()
        made.make_folder()
        yield made


@contextmanager
def using(
    address: Address, patience: Patience = BRIEF, task: Task | None = None
) -> Iterator[Remote]:
    made = reach(address, task or Task(), patience)
    try:
        yield made
    finally:
        made.close()


def content(transport: Remote, name: str) -> bytes:
    with transport.get(name) as file:
        return file.read()


def test_four_verbs(there: Remote, tmp_path: Path) -> None:
    assert there.list() == []
    there.put("b-2.mdb", b"two")
    there.put("a-1.mdb", b"")
    (tmp_path / "three").write_bytes(BIG)
    there.put("b-3.mdb", tmp_path / "three")
    assert there.list() == ["a-1.mdb", "b-2.mdb", "b-3.mdb"]
    assert there.list("b-") == ["b-2.mdb", "b-3.mdb"]
    assert there.list("../") == []
    assert content(there, "a-1.mdb") == b""
    with there.get("b-3.mdb") as file:
        file.seek(500_000)
        assert file.read(10) == BIG[500_000:500_010]
        file.seek(0)
        assert file.read() == BIG
    there.delete("b-2.mdb")
    there.delete("b-2.mdb")
    with pytest.raises(Missing):
        there.get("b-2.mdb")
    assert there.list() == ["a-1.mdb", "b-3.mdb"]


def test_names_are_never_overwritten(there: Remote) -> None:
    there.put("a", b"one")
    there.put("a", b"one")
    for other in (b"two", b"three"):
        with pytest.raises(NameTaken):
            there.put("a", other)
    assert content(there, "a") == b"one"
    assert there.list() == ["a"]


@pytest.mark.parametrize("name", ["", "..", "../a", "a/b", "a\\b", "A", "é", "a\n", "con"])
def test_hostile_names_pass_no_verb(there: Remote, name: str) -> None:
    acts = (there.get, there.delete, lambda bad: there.put(bad, b"x"))
    for act in acts:
        with pytest.raises(BadName):
            act(name)


def test_renaming_onto_what_another_has_put(server: Server, there: Remote) -> None:
    """Two computers publish the same content at once; or, by a bug, another."""
    _sound(server)
    wire = there._wire
    if wire.whole:
        pytest.skip("objects are not renamed")
    there.put("a", b"one")
    for said in (b"one", b"two"):
        part = io.BytesIO(said)
        wire.write("a.tmp", part, len(said), there._moved)
        if said == b"one":
            there._publish("a.tmp", "a", part, len(said))
        else:
            with pytest.raises(NameTaken):
                there._publish("a.tmp", "a", part, len(said))
    assert content(there, "a") == b"one"


def test_an_upload_that_was_killed_is_replaced(
    server: Server, there: Remote, folder: str
) -> None:
    """Broken off at several places: never listed, and the next try ends well."""
    _sound(server)
    for lasts in (40_000, 200_000, 600_000):
        name = f"big-{lasts}.mdb"
        with (
            bad_line(server.port) as bad,
            using(server.at(folder, bad.port), ONCE) as cut_off,
        ):
            cut_off.list()
            bad.break_at(bad.carried + lasts)
            with pytest.raises(Unreachable):
                cut_off.put(name, BIG)
        assert name not in there.list()
        there.put(name, BIG)
        assert content(there, name) == BIG


def test_what_an_earlier_try_left_of_something_else(
    server: Server, there: Remote, folder: str
) -> None:
    _sound(server)
    if server.root is None or there._wire.whole:
        pytest.skip("nothing is left in parts here")
    path = server.root / folder / "a.mdb.tmp"
    for left in (b"x" * 10, b"x" * 2_000_000, b"x" * len(BIG)):
        path.write_bytes(left)
        path.chmod(0o666)
        there.put("a.mdb", BIG)
        assert content(there, "a.mdb") == BIG
        assert not path.exists()
        there.delete("a.mdb")


def test_a_line_that_breaks_all_the_time(server: Server, there: Remote, folder: str) -> None:
    """A third of the connections fail at once, the others after some 150 kB."""
    _sound(server)
    small = BIG[:150_000]
    with (
        bad_line(server.port, failing=0.3, lasts=150_000, seed=3) as bad,
        using(server.at(folder, bad.port)) as far,
    ):
        far.put("one.mdb", small)
        far.put("two.mdb", b"two")
        assert content(far, "one.mdb") == small
        assert far.list() == ["one.mdb", "two.mdb"]
        far.delete("two.mdb")
        assert bad.cuts > 0
    assert there.list() == ["one.mdb"]


def test_wrong_credentials(server: Server, folder: str) -> None:
    wrong = replace(server.at(folder), secret="not it", user="nobody-here")
    with using(wrong, ONCE) as refused, pytest.raises((WrongCredentials, NotAllowed)):
        refused.list()


def test_a_folder_that_is_not_there(server: Server, folder: str) -> None:
    if server.address.kind == "s3":
        pytest.skip("folders of object stores are beginnings of names")
    with using(server.at(folder), ONCE) as nowhere:
        for act in (nowhere.list, lambda: nowhere.get("a"), lambda: nowhere.put("a", b"x")):
            with pytest.raises((NoSuchPlace, Missing)):
                act()


def test_nobody_listens(server: Server) -> None:
    with bad_line(server.port) as bad:
        bad.broken = True
        with using(server.at("a", bad.port), ONCE) as gone, pytest.raises(Unreachable):
            gone.list()
    with using(server.at("a", bad.port), ONCE) as gone, pytest.raises(Unreachable):
        gone.list()


def test_cancelling_cuts_a_line_that_hangs(server: Server, there: Remote, folder: str) -> None:
    """At 2 kB/s the upload would take minutes."""
    _sound(server)
    task = Task()
    with (
        bad_line(server.port, rate=2_000) as bad,
        using(server.at(folder, bad.port), BRIEF, task) as slow,
    ):
        told: list[BaseException] = []

        def put() -> None:
            try:
                slow.put("a.mdb", BIG)
            except (Cancelled, Fault) as error:
                told.append(error)

        thread = Thread(target=put)
        thread.start()
        while bad.carried < 3_000 and thread.is_alive():
            thread.join(0.02)
        task.cancel()
        thread.join(20)
        assert not thread.is_alive()
        assert [type(error) for error in told] == [Cancelled]
    assert "a.mdb" not in there.list()


def test_a_full_server(server: Server) -> None:
    if server.root is None or os.getuid() != 0:
        pytest.skip("a small disk is made by root only")
    if server.name == "wsgidav":
        pytest.skip("WsgiDAV only says 500, and keeps saying it")
    full = server.root / "full"
    full.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=777", "tmpfs", str(full)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("no small disk can be made here")
    try:
        with using(server.at("full"), ONCE) as small:
            with pytest.raises((DiskFull, Unreachable)) as refused:
                small.put("a.mdb", BIG)
            assert small.list() == []
            for left in full.iterdir():
                left.unlink()
            small.put("b.mdb", b"small")
            assert small.list() == ["b.mdb"]
        print(server.name, refused.type.__name__)
    finally:
        subprocess.run(["umount", "-l", str(full)], check=True)


def test_ten_thousand_names(server: Server, there: Remote, folder: str) -> None:
    if server.root is None or server.name == "samba":
        for number in range(1_050):  # more than one page of a listing
            there.put(f"{number:05d}.mdb", b"")
        assert len(there.list()) == 1_050
        return
    names = [f"{number:05d}-{number * 7919:09x}" for number in range(10_000)]
    for name in names:
        (server.root / folder / name).touch()
    assert there.list() == names
    assert there.list("0999") == names[9_990:]


def test_memory_stays_bounded(
    server: Server, there: Remote, folder: str, tmp_path: Path
) -> None:
    """A file of 24 MB goes up and down with less than that in memory."""
    source = tmp_path / "big"
    with source.open("wb") as out:
        for _piece in range(24):
            out.write(random.randbytes(1 << 20))
    there.put("warm.mdb", BIG)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    there.put("big.mdb", source)
    with there.get("big.mdb") as file:
        assert hashlib.file_digest(file, "md5").digest() == _md5(source)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 16_000  # KiB


def _md5(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").digest()


# ---- what is special to a kind


def _only(server: Server, *names: str) -> None:
    if server.name not in names:
        pytest.skip(f"about {', '.join(names)}")


def test_host_keys(server: Server, folder: str) -> None:
    _only(server, "openssh")
    known = server.at("").host_key
    with (
        using(replace(server.at(""), host_key=""), ONCE) as new,
        pytest.raises(UnknownHostKey) as met,
    ):
        new.list()
    assert met.value.gaps["key"] == known
    assert met.value.gaps["fingerprint"].startswith("SHA256:")
    other = known[:-6] + "AAAAAA"
    with (
        using(replace(server.at(""), host_key=other), ONCE) as changed,
        pytest.raises(ChangedHostKey) as refused,
    ):
        changed.list()
    assert refused.value.gaps["key"] == known


def test_a_certificate_of_our_own(server: Server) -> None:
    _only(server, "rclone-webdav")
    with using(server.at(""), ONCE) as trusted:
        trusted.list()
    with (
        using(replace(server.at(""), ca=""), ONCE) as strange,
        pytest.raises(CertificateNotTrusted),
    ):
        strange.list()


def test_an_object_in_parts_after_a_cut(server: Server, there: Remote, folder: str) -> None:
    # rclone's S3 does not answer any more about an object whose upload broke.
    _only(server, "seaweedfs")
    large = BIG * 17
    with (
        bad_line(server.port) as bad,
        using(server.at(folder, bad.port), ONCE) as cut_off,
    ):
        cut_off.list()
        bad.break_at(bad.carried + 8_000_000)
        with pytest.raises(Unreachable):
            cut_off.put("large.mdb", large)
    there.put("large.mdb", large)
    assert content(there, "large.mdb") == large


# ---- the long run


@pytest.mark.soak
@pytest.mark.parametrize("name", SOUND)
def test_twenty_kilobytes_a_second_with_failures(name: str) -> None:
    """As on a bad day of 3G: 20 kB/s, three connections of ten fail at once."""
    with running(name) as server, ExitStack() as stack:
        with using(server.at("far")) as near:
            near.make_folder()
        bad = stack.enter_context(
            bad_line(server.port, rate=20_000, failing=0.3, lasts=200_000)
        )
        patient = Patience(tries=30, first=0.1, longest=1.0, before_first_answer=30)
        with using(server.at("far", bad.port), patient) as far:
            for number in range(3):
                part = random.Random(number).randbytes(300_000)
                far.put(f"part-{number}.mdb", part)
                assert content(far, f"part-{number}.mdb") == part
            assert len(far.list()) == 3


@pytest.mark.soak
@pytest.mark.parametrize("name", SOUND)
def test_an_upload_whose_computer_dies(name: str, tmp_path: Path) -> None:
    """kill -9 in the middle, ten times at ten places; then once to the end."""
    program = textwrap.dedent(
        """
        import pickle, sys
        from migdesk.sync.stores import reach
        from migdesk.task import Task
        address, name = pickle.loads(sys.stdin.buffer.read())
        data = open(sys.argv[1], "rb").read()
        print("go", flush=True)
        reach(address, Task()).put(name, data)
        """
    )
    import pickle

    (tmp_path / "data").write_bytes(BIG)
    with running(name) as server, using(server.at("kill")) as near:
        near.make_folder()
        for kill_at in range(20_000, 600_000, 60_000):
            with bad_line(server.port, rate=2_000_000) as bad:
                child = subprocess.Popen(
                    [sys.executable, "-c", program, str(tmp_path / "data")],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
                assert child.stdin is not None and child.stdout is not None
                child.stdin.write(pickle.dumps((server.at("kill", bad.port), "a.mdb")))
                child.stdin.close()
                child.stdout.readline()
                while bad.carried < kill_at and child.poll() is None:
                    bad.pause()
                child.kill()
                child.wait()
                child.stdout.close()
            names = near.list()
            assert names in ([], ["a.mdb"])
            if names:
                assert content(near, "a.mdb") == BIG
                near.delete("a.mdb")
        near.put("a.mdb", BIG)
        assert content(near, "a.mdb") == BIG
