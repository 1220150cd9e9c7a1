"""Proxies on the loopback that say who came through them: CONNECT and SOCKS 5."""

from __future__ import annotations

import base64
import socket
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import ClassVar

Came = tuple[str, int, str]
"""Host and port asked for, and ``user:password``."""


class _Handler(socketserver.BaseRequestHandler):
    needs: ClassVar[str]
    came: ClassVar[list[Came]]

    def handle(self) -> None:
        with suppress(OSError):
            target = self.shake()
            if target is None:
                return
            with socket.create_connection(target, 5) as onward:
                self.agree()
                back = Thread(target=_pump, args=(onward, self.request), daemon=True)
                back.start()
                _pump(self.request, onward)
                back.join(5)

    def shake(self) -> tuple[str, int] | None:
        raise NotImplementedError

    def agree(self) -> None:
        raise NotImplementedError

    def take(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.request.recv(size - len(data))
            if not piece:
                raise ConnectionError
            data += piece
        return data

    def note(self, host: str, port: int, who: str) -> bool:
        self.came.append((host, port, who))
        return who == self.needs


class Connect(_Handler):
    """RFC 9110, 9.3.6."""

    def shake(self) -> tuple[str, int] | None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.take(1)
        first, *lines = head.decode().splitlines()
        verb, target, _version = first.split()
        headers = dict(line.split(": ", 1) for line in lines if line)
        token = headers.get("Proxy-Authorization", "Basic ").removeprefix("Basic ")
        host, _colon, port = target.rpartition(":")
        if not self.note(host, int(port), base64.b64decode(token).decode()):
            self.request.sendall(b"HTTP/1.1 407 Who are you\r\n\r\n")
            return None
        return (host, int(port)) if verb == "CONNECT" else None

    def agree(self) -> None:
        self.request.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")


class Socks(_Handler):
    """RFC 1928 with a name, RFC 1929."""

    def shake(self) -> tuple[str, int] | None:
        _version, count = self.take(2)
        method = b"\x02" if b"\x02" in self.take(count) else b"\x00"
        self.request.sendall(b"\x05" + method)
        who = ""
        if method == b"\x02":
            user = self.take(self.take(2)[1]).decode()
            who = f"{user}:{self.take(self.take(1)[0]).decode()}"
        if who != self.needs:
            self.note("", 0, who)
            self.request.sendall(b"\x01\x01")
            return None
        if method == b"\x02":
            self.request.sendall(b"\x01\x00")
        assert self.take(4)[3] == 3
        host = self.take(self.take(1)[0]).decode()
        port = int.from_bytes(self.take(2), "big")
        self.note(host, port, who)
        return host, port

    def agree(self) -> None:
        self.request.sendall(b"\x05\x00\x00\x01" + bytes(6))


def _pump(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(1 << 16):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def proxy(kind: type[_Handler], needs: str = "") -> Iterator[tuple[int, list[Came]]]:
    """A proxy that lets in who says `needs` (``user:password``): its port, and who came."""
    came: list[Came] = []
    handler = type("Handler", (kind,), {"needs": needs, "came": came})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1], came
        finally:
            server.shutdown()
            thread.join(5)
