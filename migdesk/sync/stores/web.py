"""HTTP to one server on one connection: what WebDAV and S3 have in common."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote
from xml.parsers import expat

from migdesk import __version__
from migdesk.i18n import _
from migdesk.task import Task

from .address import Address, Spot
from .gate import (
    BadAddress,
    Busy,
    DiskFull,
    InClear,
    NoSuchPlace,
    NotAllowed,
    NotWhatWasAsked,
    Unreachable,
    WrongCredentials,
)
from .line import cut, dial, faults
from .remote import PIECE, Moved

LONGEST_ANSWER = 64 << 20
"""Bytes of a listing: 10,000 names take 6 MB on the wordiest server."""

Body = Iterable[bytes]
_FAULTS: dict[int, Callable[[], Exception]] = {
    401: WrongCredentials,
    403: NotAllowed,
    404: NoSuchPlace,
    409: NoSuchPlace,
    413: DiskFull,
    507: DiskFull,
}
_BUSY = (408, 423, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Answer:
    """Status and headers (lower case); the body must be read before the next question."""

    status: int
    headers: Mapping[str, str]
    body: http.client.HTTPResponse

    def number(self, header: str) -> int | None:
        text = self.headers.get(header, "")
        return int(text) if text.isascii() and text.isdecimal() else None

    def pieces(self, moved: Moved) -> Iterator[bytes]:
        """The body as it comes; one that ends early is an obstacle."""
        left = self.body.length
        while piece := self.body.read(PIECE if left is None else min(PIECE, max(left, 1))):
            moved(len(piece))
            left = None if left is None else left - len(piece)
            yield piece
        if left:
            raise Unreachable(reason=_("the connection was cut"))

    def rest(self, start: int, moved: Moved) -> Iterator[bytes]:
        """What follows `start`, also from a server that sends the whole all the same: what
        is had already is no progress. Some say 200 and send the range."""
        ranged = self.headers.get("content-range", "").startswith(f"bytes {start}-")
        skip = 0 if ranged else start
        for piece in self.pieces(lambda _count: moved(0)):
            if skip < len(piece):
                moved(len(piece) - skip)
                yield piece[skip:]
            skip = max(0, skip - len(piece))

    def text(self, moved: Moved) -> Iterator[bytes]:
        """The same, bounded: for what is read into memory."""
        size = 0
        for piece in self.pieces(moved):
            size += len(piece)
            if size > LONGEST_ANSWER:
                raise NotWhatWasAsked(status=self.status)
            yield piece


class _Line(http.client.HTTPConnection):
    def __init__(self, spot: Spot, address: Address, task: Task) -> None:
        super().__init__(spot.host, spot.port)
        self._spot, self._address, self._task = spot, address, task
        self.handle: socket.socket | None = None

    def connect(self) -> None:
        spot, address = self._spot, self._address
        context = trust(address.ca) if spot.secure else None
        sock = dial(spot.host, spot.port, address.proxy, spot.scheme, self._task)
        # TLS takes the socket away from here; the copy cuts the same connection.
        self.handle = sock.dup()
        if context is not None:
            sock = context.wrap_socket(sock, server_hostname=spot.host)
        self.sock = sock

    def close(self) -> None:
        super().close()
        if self.handle is not None:
            self.handle.close()
            self.handle = None


def trust(ca: str) -> ssl.SSLContext:
    """What the computer trusts, and an authority of the office."""
    import truststore  # beside the start of the program

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca:
        try:
            context.load_verify_locations(cadata=ca)
        except (ssl.SSLError, ValueError):
            words = _("this is no certificate file (PEM)")
            raise BadAddress("ca", reason=words) from None
    return context


class Web:
    """Asks one server, on a connection that is kept as long as it lasts."""

    def __init__(self, address: Address, spot: Spot, task: Task) -> None:
        if not (spot.secure or spot.here or address.plain):
            raise InClear("plain")
        self.spot = spot
        self._address, self._task = address, task
        self._line: _Line | None = None

    @contextmanager
    def ask(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: Body = (),
        allow: tuple[int, ...] = (),
    ) -> Iterator[Answer]:
        """One question; its answer is 2xx or one of `allow`, anything else a fault."""
        with faults():
            try:
                answer = self._ask(method, target, headers, body)
                if answer.status not in allow and not 200 <= answer.status < 300:
                    raise self._fault(answer)
                yield answer
                if not answer.body.isclosed() and answer.body.read(PIECE):
                    self.close()  # more than anybody wanted: not worth waiting for
            except http.client.HTTPException as error:
                self.close()
                raise Unreachable(reason=_("the connection was cut")) from error
            except BaseException:
                self.close()
                raise

    def _ask(self, method: str, target: str, headers: Mapping[str, str], body: Body) -> Answer:
        if self._line is None:
            self._line = _Line(self.spot, self._address, self._task)
        line = self._line
        line.putrequest(method, target, skip_host=True)
        line.putheader("Host", self.spot.origin)
        line.putheader("User-Agent", f"MigDesk/{__version__}")
        for key, value in headers.items():
            line.putheader(key, value)
        try:
            line.endheaders()
            for piece in body:
                line.send(piece)
        except (BrokenPipeError, ConnectionResetError):
            # A server that refuses what comes may say so and hang up before all was sent.
            if line.sock is None:
                raise
        reply = line.getresponse()
        return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply)

    def _fault(self, answer: Answer) -> Exception:
        if answer.status in _FAULTS:
            return _FAULTS[answer.status]()
        if answer.status in _BUSY:
            return Busy(status=answer.status)
        if 300 <= answer.status < 400:
            where = answer.headers.get("location", "")
            words = _("the server sends us on to {address}").format(address=where)
            return BadAddress("where", reason=words)
        return NotWhatWasAsked(status=answer.status)

    def cut(self) -> None:
        """End what waits, from any thread."""
        line = self._line
        cut(line.handle if line is not None else None)

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


def path_of(folder: str, name: str = "") -> str:
    """An absolute path, quoted as S3 signs it (RFC 3986's unreserved stay)."""
    steps = [quote(step, safe="-_.~") for step in folder.split("/") if step]
    return "/" + "/".join([*steps, quote(name, safe="-_.~")])


def xml_events(text: Iterable[bytes], end: Callable[[str, str], None]) -> None:
    """Read an XML answer as it comes; `end` gets each element's name (without its
    namespace) and text. A document type (entities that grow) is refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    words: list[str] = []

    def refuse(*_about: object) -> None:
        raise NotWhatWasAsked(status="DOCTYPE")

    def finished(name: str) -> None:
        end(name.rpartition(" ")[2], "".join(words).strip())
        words.clear()

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda _name, _attributes: words.clear()
    parser.CharacterDataHandler = words.append
    parser.EndElementHandler = finished
    try:
        for piece in text:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise NotWhatWasAsked(status="XML") from None


def basic(user: str, secret: str) -> str:
    """Value of the header Authorization (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()
