"""A connection to a server: through a proxy where one is set, cut at once when asked.

Everything here ends: looking up a name and connecting within :data:`CONNECT` seconds,
every later wait within :data:`WAIT`. SOCKS: RFC 1928 and RFC 1929; CONNECT: RFC 9110.
"""

from __future__ import annotations

import base64
import socket
import ssl
import struct
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from migdesk.i18n import _
from migdesk.task import Task

from .address import DIRECT, SYSTEM
from .gate import BadAddress, CertificateNotTrusted, TimedOut, Unreachable

R = TypeVar("R")
CONNECT, WAIT = 20.0, 40.0
_GLANCE = 0.1
_UNSENT = 64 * 1024
_LONGEST_ANSWER = 16 * 1024


@contextmanager
def faults() -> Iterator[None]:
    """Errors of sockets, names and certificates, in words."""
    try:
        yield
    except TimeoutError as error:
        raise TimedOut() from error
    except ssl.SSLCertVerificationError as error:
        raise CertificateNotTrusted(reason=error.verify_message or error.reason) from error
    except ssl.SSLError as error:
        raise Unreachable(reason=error.reason or "TLS") from error
    except socket.gaierror as error:
        raise Unreachable(reason=_("no server of this name is known")) from error
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or _("the connection was cut")
        raise Unreachable(reason=reason) from error


def cut(sock: socket.socket | None) -> None:
    """End every wait on a socket, from any thread."""
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def dial(host: str, port: int, proxy: str, scheme: str, task: Task) -> socket.socket:
    """A connected socket. Errors are those of the system: call it under :func:`faults`."""
    via = _proxy(proxy, scheme, host)
    if via is None:
        return _connect(host, port, task)
    sock = _connect(via.hostname or "", via.port or (1080 if _is_socks(via) else 3128), task)
    try:
        with task.cutting(lambda: cut(sock)):
            (_socks if _is_socks(via) else _tunnel)(sock, via, host, port)
    except BaseException:
        sock.close()
        raise
    return sock


def _is_socks(via: SplitResult) -> bool:
    return via.scheme.startswith("socks")


def _connect(host: str, port: int, task: Task) -> socket.socket:
    # No system lets a look-up of a name be stopped.
    sock = aside(task, 2 * CONNECT, lambda: socket.create_connection((host, port), CONNECT))
    sock.settimeout(WAIT)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # What waits in the system counts as sent: on a slow line the answer to megabytes in there
    # would come long after every patience.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT)
    return sock


def aside(
    task: Task,
    seconds: float,
    work: Callable[[], R],
    errors: tuple[type[Exception], ...] = (OSError,),
) -> R:
    """Do what cannot be stopped on a thread of its own: who cancels waits no longer."""
    done: Future[R] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except errors as error:
            done.set_exception(error)

    Thread(target=run, daemon=True, name="aside").start()
    for _glance in range(int(seconds / _GLANCE)):
        task.heed()
        if wait([done], _GLANCE).done:
            return done.result()
    raise TimeoutError


def _proxy(setting: str, scheme: str, host: str) -> SplitResult | None:
    """Which proxy leads to a host, None for none."""
    if setting == SYSTEM:
        known = urllib.request.getproxies()
        # A proxy for the web seldom lets another port through.
        kinds = (scheme, "all") if scheme in ("http", "https") else ("socks", "all")
        setting = next((known[kind] for kind in kinds if known.get(kind)), DIRECT)
        if setting and urllib.request.proxy_bypass(host):
            setting = DIRECT
    if not setting:
        return None
    parts = urlsplit(setting if "://" in setting else f"http://{setting}")
    if parts.scheme not in ("http", "socks5", "socks5h", "socks") or not parts.hostname:
        words = _("a proxy begins with http:// or socks5://")
        raise BadAddress("proxy", reason=words)
    return parts


def _account(via: SplitResult) -> tuple[str, str]:
    return unquote(via.username or ""), unquote(via.password or "")


def _tunnel(sock: socket.socket, via: SplitResult, host: str, port: int) -> None:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    user, password = _account(via)
    if user:
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {token}")
    sock.sendall("\r\n".join([*lines, "", ""]).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        # One by one: what follows the empty line belongs to the server behind.
        answer += _exactly(sock, 1)
        if len(answer) > _LONGEST_ANSWER:
            raise Unreachable(reason=_("the proxy does not answer as one"))
    status = answer.split(b" ", 2)[1:2]
    if status != [b"200"]:
        raise _refused(status[0].decode("ascii", "replace") if status else "")


def _socks(sock: socket.socket, via: SplitResult, host: str, port: int) -> None:
    user, password = _account(via)
    sock.sendall(b"\x05\x01\x02" if user else b"\x05\x01\x00")
    version, method = _exactly(sock, 2)
    if version != 5 or method not in (0, 2):
        raise _refused(str(method))
    if method == 2:
        name, word = user.encode()[:255], password.encode()[:255]
        sock.sendall(b"\x01" + bytes([len(name)]) + name + bytes([len(word)]) + word)
        if _exactly(sock, 2)[1] != 0:
            raise _refused("1")
    # The proxy looks the name up: a name of the office may be known there only.
    name = host.encode("idna")
    sock.sendall(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + struct.pack(">H", port))
    _version, status, _rest, kind = _exactly(sock, 4)
    if status != 0:
        raise _refused(str(status))
    length = {1: 4, 4: 16}.get(kind) or _exactly(sock, 1)[0]
    _exactly(sock, length + 2)


def _refused(status: str) -> Unreachable:
    return Unreachable(reason=_("the proxy refused: {status}").format(status=status))


def _exactly(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data
