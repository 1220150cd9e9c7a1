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
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

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
    smb,
)
from migdesk.sync.stores.address import SYSTEM
from migdesk.sync.stores.gate import (
    CertificateNotTrusted,
    ChangedHostKey,
    NoSuchPlace,
    NotAllowed,
    NotWhatWasAsked,
    UnknownHostKey,
    WrongCredentials,
)
from migdesk.sync.stores.s3 import PART, S3
from migdesk.task import Task
from tests.proxies import Connect, Socks, proxy
from tests.servers import SECRET, SERVERS, USER, Server, bad_line, certificate, running

BRIEF = Patience(tries=25, first=0.01, longest=0.05, before_first_answer=25)
ONCE = Patience(tries=1, first=0.01, before_first_answer=1)
BIG = random.Random(7).randbytes(700_000)
FOLDERS = count(1)


QUICK = ("rclone-s3", "wsgidav")
"""Those of `make test`; the others in `make soak` only."""
CHOSEN = [
    pytest.param(name, marks=() if name in QUICK else pytest.mark.soak)
    for name in sorted(SERVERS)
]
# The library's handle of a file on a line that broke cannot be closed any more.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed SMB handle")


@pytest.fixture(scope="module", params=CHOSEN)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with running(request.param) as made:
        if made.name == "seaweedfs":
            with using(made.address) as bucket:
                bucket.make_folder()
        yield made


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server here answers at once or never."""
    monkeypatch.setattr(line, "WAIT", 5.0)
    monkeypatch.setattr(sftp, "WAIT", 5.0)
    monkeypatch.setattr(smb, "WAIT", 5.0)


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


def test_what_killed_uploads_left_is_swept(server: Server, there: Remote, folder: str) -> None:
    there.put("whole.mdb", b"whole")
    if isinstance(there._wire, S3):
        there._wire._begin("left.migbundle")
    else:
        for name in ("left.migbundle.tmp", "notes.tmp"):
            there._wire.write(name, io.BytesIO(b"part"), 4, there._moved)
    there.sweep(time.time() - 3_600)
    assert left_there(there) == 1 + (not there._wire.whole)
    there.sweep(time.time() + 3_600)
    assert left_there(there) == (not there._wire.whole)
    assert there.list() == ["whole.mdb"]


def left_there(transport: Remote) -> int:
    wire = transport._wire
    if isinstance(wire, S3):
        return len(wire._uploads(""))
    return len([name for name in wire.names("") if name.endswith(".tmp")])


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
    if server.name == "rclone-sftp":
        pytest.skip("rclone's SFTP keeps files in a cache of its own, which is not full")
    if server.name == "wsgidav":
        pytest.skip("WsgiDAV only says 500, and keeps saying it")
    full = server.root / "full"
    with using(server.at("full")) as made:
        made.make_folder()
    full.mkdir(exist_ok=True)  # folders of an object store are not made
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=777", "tmpfs", str(full)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("no small disk can be made here")
    try:
        with using(server.at("full"), ONCE) as small:
            # rclone's WebDAV says 405, its S3 500.
            with pytest.raises((DiskFull, Unreachable, NotWhatWasAsked)) as refused:
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
    """Or more than a page of an object store, where only it can make files, or in haste."""
    some = 1_050 if server.root is None or server.name == "rclone-s3" else 10_000
    names = [f"{number:05d}-{number * 7919:09x}" for number in range(some)]
    for name in names:
        if server.root:
            (server.root / folder).mkdir(parents=True, exist_ok=True)
            (server.root / folder / name).touch()
        else:
            there.put(name, b"")
    # A server may remember for a moment what was there before.
    for _look in range(60):
        found = there.list()
        if len(found) == some or Event().wait(0.1):
            break
    assert found == names
    assert there.list("0099") == names[990:1_000]


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


def test_a_certificate_of_our_own(server: Server, tmp_path: Path) -> None:
    _only(server, "rclone-webdav", "wsgidav")
    with using(server.at(""), ONCE) as trusted:
        trusted.list()
    other = certificate(tmp_path)[0].read_text()
    for ca in ("", other):
        with (
            using(replace(server.at(""), ca=ca), ONCE) as strange,
            pytest.raises(CertificateNotTrusted),
        ):
            strange.list()
    # The certificate names 127.0.0.1 and nobody else.
    where = server.address.where.replace("127.0.0.1", "localhost")
    with (
        using(replace(server.address, where=where), ONCE) as named_otherwise,
        pytest.raises(CertificateNotTrusted),
    ):
        named_otherwise.list()


def test_an_object_in_parts_after_a_cut(server: Server, there: Remote, folder: str) -> None:
    """Of four parts two arrived before the line broke: they are not sent again."""
    _only(server, "seaweedfs", "rclone-s3")
    large = BIG * 23
    with (
        bad_line(server.port) as bad,
        using(server.at(folder, bad.port), ONCE) as cut_off,
    ):
        cut_off.list()
        bad.break_at(bad.carried + 2 * PART + 1_000_000)
        with pytest.raises(Unreachable):
            cut_off.put("large.mdb", large)
    assert there.list() == []
    assert isinstance(there._wire, S3)
    sent: list[int] = []
    there._wire.write("large.mdb", io.BytesIO(large), len(large), sent.append)
    assert sum(sent) <= len(large) - 2 * PART
    assert content(there, "large.mdb") == large
    there.put("large.mdb", large)
    assert there._wire._uploads("") == []


@pytest.mark.parametrize("kind", [Connect, Socks])
def test_through_a_proxy(
    server: Server, there: Remote, folder: str, kind: type[Connect], monkeypatch: Any
) -> None:
    if server.address.kind == "smb":
        pytest.skip("proxies do not carry SMB")
    scheme = "http" if kind is Connect else "socks5"
    with proxy(kind, f"{USER}:{SECRET}") as (port, came):
        ours = f"{scheme}://{USER}:{SECRET}@127.0.0.1:{port}"
        with using(replace(server.at(folder), proxy=ours), ONCE) as through:
            through.put("a.mdb", b"through")
            assert through.list() == ["a.mdb"]
        strange = f"{scheme}://nobody:x@127.0.0.1:{port}"
        with (
            using(replace(server.at(folder), proxy=strange), ONCE) as refused,
            pytest.raises(Unreachable),
        ):
            refused.list()
        assert set(came[:-1]) == {("127.0.0.1", server.port, f"{USER}:{SECRET}")}
        assert came[-1][2] == "nobody:x"
        count = len(came)
        for each in ("http_proxy", "https_proxy", "all_proxy", "socks_proxy"):
            monkeypatch.setenv(each, ours)
        monkeypatch.delenv("no_proxy", raising=False)
        with using(replace(server.at(folder), proxy=SYSTEM), ONCE) as by_system:
            assert content(by_system, "a.mdb") == b"through"
        assert len(came) > count
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        count = len(came)
        with using(replace(server.at(folder), proxy=SYSTEM), ONCE) as past:
            assert past.list() == ["a.mdb"]
        assert len(came) == count


# ---- the long run


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(SERVERS))
def test_twenty_kilobytes_a_second_with_failures(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a bad day of 3G: 20 kB/s, three connections of ten fail at once, the others
    somewhere."""
    for module in (line, sftp, smb):  # an answer takes its time on such a line
        monkeypatch.setattr(module, "WAIT", 40.0)
    with running(name) as server, ExitStack() as stack:
        with using(server.at("far")) as near:
            near.make_folder()
        bad = stack.enter_context(
            bad_line(server.port, rate=20_000, failing=0.3, lasts=200_000)
        )
        patient = Patience(tries=30, first=0.1, longest=1.0, before_first_answer=30)
        with using(server.at("far", bad.port), patient) as far:
            for number in range(2):
                part = random.Random(number).randbytes(150_000)
                far.put(f"part-{number}.mdb", part)
                assert content(far, f"part-{number}.mdb") == part
            assert len(far.list()) == 2


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(SERVERS))
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
