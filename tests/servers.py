"""Real servers on the loopback, and bad lines to them.

Each is a process of its own with a folder of its own, listens on 127.0.0.1 only, and ends
with the tests. WsgiDAV, rclone and SeaweedFS come from the package index; OpenSSH, Apache
and Samba from the system (``packaging/system.sh servers``); a test that wants one that is
not there is skipped and says so.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

import pytest

from migdesk.sync.stores import Address

TEMP = tempfile.gettempdir()
"""As it is when the tests begin: a test may have a folder of its own, where nobody enters."""
USER, SECRET = "fatou", "Kalimba-2041"
START_SECONDS = 60.0


@dataclass(frozen=True)
class Server:
    """A running server. `root` is its folder on the disk where files lie as they are named,
    None where it keeps them otherwise."""

    name: str
    address: Address
    port: int
    root: Path | None
    process: subprocess.Popen[bytes]

    def at(self, folder: str, port: int = 0) -> Address:
        """The address of a folder there, perhaps through another port (a bad line)."""
        where = self.address.where.replace(f":{self.port}", f":{port or self.port}")
        return replace(self.address, where=f"{where}/{folder}")


Make = Callable[[Path, int], tuple[list[str], Address, Path | None]]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def tool(name: str) -> str:
    """A program beside this Python, or of the system; the test is skipped without it."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name, path="/usr/sbin:/usr/bin")
    if not found:
        pytest.skip(f"{name} is not installed (packaging/system.sh servers)")
    return found


@contextmanager
def running(name: str) -> Iterator[Server]:
    """One server of :data:`SERVERS`, until the end of the block."""
    home = Path(tempfile.mkdtemp(prefix="migdesk-server-", dir=TEMP))
    home.chmod(0o755)
    port = free_port()
    process = None
    try:
        command, address, root = SERVERS[name](home, port)
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=home,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        _wait(port, process, home)
        yield Server(name, address, port, root, process)
    finally:
        if process is not None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(home, ignore_errors=True)


def _wait(port: int, process: subprocess.Popen[bytes], home: Path) -> None:
    """Until it listens. The only way to know is to knock."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError((home / "log").read_text("utf-8", "replace")[-2000:])


def _root(home: Path, name: str = "root") -> Path:
    made = home / name
    made.mkdir()
    made.chmod(0o777)
    return made


# ---- WebDAV


def _wsgidav(home: Path, port: int) -> tuple[list[str], Address, Path]:
    root = _root(home)
    cert, key = certificate(home)
    config = {
        "ssl_certificate": str(cert),
        "ssl_private_key": str(key),
        "ssl_adapter": "builtin",
        "host": "127.0.0.1",
        "port": port,
        "provider_mapping": {"/": str(root)},
        "http_authenticator": {"accept_digest": False, "default_to_digest": False},
        "simple_dc": {"user_mapping": {"*": {USER: {"password": SECRET}}}},
        "logging": {"enable": False},
        "verbose": 1,
    }
    (home / "conf.json").write_text(json.dumps(config), "utf-8")
    command = [tool("wsgidav"), "--config", str(home / "conf.json")]
    where = f"https://127.0.0.1:{port}"
    return command, Address("webdav", where, USER, SECRET, ca=cert.read_text(), proxy=""), root


def certificate(home: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 signed by itself, and its key."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    paths = home / "cert.pem", home / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def _rclone_webdav(home: Path, port: int) -> tuple[list[str], Address, Path]:
    root = _root(home)
    cert, key = certificate(home)
    command = [tool("rclone"), "serve", "webdav", str(root), "--addr", f"127.0.0.1:{port}"]
    command += ["--user", USER, "--pass", SECRET, "--cert", str(cert), "--key", str(key)]
    command += _rclone(home)
    where = f"https://127.0.0.1:{port}"
    return command, Address("webdav", where, USER, SECRET, ca=cert.read_text(), proxy=""), root


def _rclone(home: Path) -> list[str]:
    (home / "rclone.conf").touch()
    """Not with a cache of 0 s: it would read the folder again for each name in a listing."""
    return ["--config", str(home / "rclone.conf"), "--dir-cache-time", "1s"]


def _apache(home: Path, port: int) -> tuple[list[str], Address, Path]:
    program, root = tool("apache2"), _root(home)
    modules = "/usr/lib/apache2/modules"
    htpasswd = [tool("htpasswd"), "-cbB", str(home / "users"), USER, SECRET]
    subprocess.run(htpasswd, check=True, capture_output=True)
    (home / "users").chmod(0o644)
    state = _root(home, "state")
    names = "mpm_event authn_core authn_file authz_core authz_user auth_basic dav dav_fs"
    loads = [f"LoadModule {n}_module {modules}/mod_{n}.so" for n in names.split()]
    config = [
        *loads,
        f"ServerRoot {home}",
        "ServerName 127.0.0.1",
        f"Listen 127.0.0.1:{port}",
        f"PidFile {state}/pid",
        f"ErrorLog {state}/errors",
        f"DavLockDB {state}/locks",
        f"DocumentRoot {root}",
        f"<Directory {root}>",
        "Dav On",
        "AuthType Basic",
        "AuthName exchange",
        f"AuthUserFile {home}/users",
        "Require valid-user",
        "</Directory>",
    ]
    if os.getuid() == 0:
        config += ["User www-data", "Group www-data"]
    (home / "apache.conf").write_text("\n".join(config) + "\n")
    command = [program, "-f", str(home / "apache.conf"), "-DFOREGROUND"]
    where = f"http://127.0.0.1:{port}"
    return command, Address("webdav", where, USER, SECRET, proxy=""), root


# ---- S3


def _rclone_s3(home: Path, port: int) -> tuple[list[str], Address, Path]:
    root = _root(home)
    (root / "bundles").mkdir()
    command = [tool("rclone"), "serve", "s3", str(root), "--addr", f"127.0.0.1:{port}"]
    command += ["--auth-key", f"{USER},{SECRET}", "--vfs-cache-mode", "off", *_rclone(home)]
    where = f"http://127.0.0.1:{port}/bundles"
    return command, Address("s3", where, USER, SECRET, proxy=""), root / "bundles"


def _seaweed(home: Path, port: int) -> tuple[list[str], Address, None]:
    config = {
        "identities": [
            {
                "name": "office",
                "credentials": [{"accessKey": USER, "secretKey": SECRET}],
                "actions": ["Admin", "Read", "Write", "List", "Tagging"],
            }
        ]
    }
    (home / "s3.json").write_text(json.dumps(config))
    command = [tool("weed"), "-logtostderr", "server", f"-dir={_root(home)}"]
    command += ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", f"-s3.port={port}"]
    command += [f"-s3.config={home / 's3.json'}", "-master.telemetry=false"]
    command += ["-volume.max=8", "-master.volumeSizeLimitMB=64", "-s3.iam=false"]
    for part in ("master", "volume", "filer"):
        number = free_port()
        command += [f"-{part}.port={number}", f"-{part}.port.grpc={free_port()}"]
    command += [f"-s3.port.grpc={free_port()}", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    where = f"http://127.0.0.1:{port}/bundles"
    return command, Address("s3", where, USER, SECRET, proxy=""), None


# ---- SFTP


def _host_key(home: Path) -> tuple[Path, str]:
    import paramiko
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    path = home / "host"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        )
    )
    path.chmod(0o600)
    public = paramiko.Ed25519Key.from_private_key_file(str(path))
    return path, f"ssh-ed25519 {public.get_base64()}"


def _openssh(home: Path, port: int) -> tuple[list[str], Address, Path]:
    program, root = tool("sshd"), _root(home)
    path, host = _host_key(home)
    client = _root(home, "client")
    private, public = _host_key(client)
    (home / "authorized").write_text(f"{public}\n")
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    config = [
        f"ListenAddress 127.0.0.1:{port}",
        f"HostKey {path}",
        f"AuthorizedKeysFile {home}/authorized",
        "PasswordAuthentication no",
        "UsePAM no",
        "StrictModes no",
        "PermitRootLogin yes",
        "MaxStartups 100",
        "PidFile none",
        "Subsystem sftp internal-sftp",
    ]
    (home / "sshd.conf").write_text("\n".join(config) + "\n")
    import getpass

    address = Address(
        "sftp",
        f"sftp://127.0.0.1:{port}/{root}",
        getpass.getuser(),
        key=private.read_text(),
        host_key=host,
        proxy="",
    )
    return [program, "-D", "-e", "-f", str(home / "sshd.conf")], address, root


def _rclone_sftp(home: Path, port: int) -> tuple[list[str], Address, Path]:
    root = _root(home)
    path, host = _host_key(home)
    command = [tool("rclone"), "serve", "sftp", str(root), "--addr", f"127.0.0.1:{port}"]
    command += ["--user", USER, "--pass", SECRET, "--key", str(path), *_rclone(home)]
    command += ["--vfs-cache-mode", "writes", "--cache-dir", str(_root(home, "cache"))]
    command += ["--vfs-write-back", "0s"]
    where = f"sftp://127.0.0.1:{port}"
    return command, Address("sftp", where, USER, SECRET, host_key=host, proxy=""), root


# ---- SMB


def _samba(home: Path, port: int) -> tuple[list[str], Address, Path]:
    program, root = tool("smbd"), _root(home)
    if os.getuid() != 0:
        pytest.skip("Samba's server wants root")
    state = _root(home, "state")
    state.chmod(0o755)
    folders = "lock directory", "state directory", "cache directory", "pid directory"
    config = [
        "[global]",
        "interfaces = 127.0.0.1/8",
        "bind interfaces only = yes",
        f"smb ports = {port}",
        "server role = standalone server",
        f"passdb backend = tdbsam:{state}/users.tdb",
        f"private dir = {state}",
        f"ncalrpc dir = {state}/ncalrpc",
        *(f"{each} = {state}" for each in folders),
        "load printers = no",
        "disable spoolss = yes",
        "[bundles]",
        f"path = {root}",
        "read only = no",
        "force user = root",
    ]
    path = home / "smb.conf"
    path.write_text("\n".join(config) + "\n")
    add = [tool("smbpasswd"), "-c", str(path), "-a", "-s", "root"]
    subprocess.run(add, input=f"{SECRET}\n{SECRET}\n".encode(), check=True, capture_output=True)
    command = [program, "-F", "--no-process-group", "-s", str(path), "-p", str(port)]
    where = f"smb://127.0.0.1:{port}/bundles"
    return command, Address("smb", where, "root", SECRET, proxy=""), root


SERVERS: dict[str, Make] = {
    "apache": _apache,
    "openssh": _openssh,
    "rclone-s3": _rclone_s3,
    "rclone-sftp": _rclone_sftp,
    "rclone-webdav": _rclone_webdav,
    "samba": _samba,
    "seaweedfs": _seaweed,
    "wsgidav": _wsgidav,
}


# ---- bad lines


class BadLine:
    """A forwarder to a port of this computer that is slow and breaks.

    `rate` bytes a second (0: as fast as it goes); a share `failing` of the connections
    breaks before 2,000 bytes, the others after about `lasts` bytes (0: never). `broken`
    lets nothing through from then on.
    """

    def __init__(
        self, port: int, *, rate: int = 0, failing: float = 0.0, lasts: int = 0, seed: int = 1
    ) -> None:
        self._target, self._rate, self._failing, self._lasts = port, rate, failing, lasts
        self._chance = random.Random(seed)
        self.broken = False
        self._end = float("inf")
        self.cuts = self.carried = self.connections = 0
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0)
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def break_at(self, carried: int) -> None:
        """Break for good once so many bytes have been carried."""
        self._end = carried

    def pause(self) -> None:
        """Let the line carry on for a moment."""
        self._thread.join(0.01)

    def close(self) -> None:
        async def end() -> None:
            self._server.close()
            for writer in tuple(self._open):
                writer.transport.abort()
            await asyncio.sleep(0)
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _budget(self) -> float:
        if self.broken:
            return 0
        if self._chance.random() < self._failing:
            return self._chance.uniform(0, 2_000)
        return self._chance.expovariate(1 / self._lasts) if self._lasts else float("inf")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        left = [self._budget()]
        other, onward = await asyncio.open_connection("127.0.0.1", self._target)
        self._open |= {writer, onward}
        pumps = (self._pump(reader, onward, left), self._pump(other, writer, left))
        tasks = [asyncio.ensure_future(pump) for pump in pumps]
        try:
            with suppress(asyncio.CancelledError):
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in (writer, onward):
                self._open.discard(end)
                end.transport.abort()
            for task in tasks:
                task.cancel()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: list[float]
    ) -> None:
        with suppress(OSError):
            while piece := await reader.read(4096):
                left[0] -= len(piece)
                self.carried += len(piece)
                self.broken = self.broken or self.carried > self._end
                if left[0] < 0 or self.broken:
                    self.cuts += 1
                    return
                writer.write(piece)
                await writer.drain()
                if self._rate:
                    await asyncio.sleep(len(piece) / self._rate)
            await asyncio.sleep(0.05)  # what goes the other way has its last word


@contextmanager
def bad_line(port: int, **how: float) -> Iterator[BadLine]:
    """A :class:`BadLine` until the end of the block."""
    line = BadLine(port, **how)  # type: ignore[arg-type]
    try:
        yield line
    finally:
        line.close()
