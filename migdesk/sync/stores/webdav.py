"""Bundles on a WebDAV server (RFC 4918): Nextcloud, ownCloud, Apache, nginx, a NAS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from email.utils import parsedate_to_datetime
from typing import IO
from urllib.parse import unquote, urlsplit

from migdesk.task import Task

from .address import Address, spot
from .gate import Missing, NoSuchPlace, is_litter
from .remote import Moved, pieces
from .web import Answer, Web, basic, path_of, xml_events

_ASK = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<propfind xmlns="DAV:"><prop><getcontentlength/></prop></propfind>'
)


class WebDav:
    """See :class:`~migdesk.sync.stores.remote.Wire`."""

    whole = False
    resumes = False

    def __init__(self, address: Address, task: Task) -> None:
        where = spot(address)
        self._folder = where.folder
        self._web = Web(address, where, task)
        self._scheme = where.scheme
        self._who = (
            {"Authorization": basic(address.user, address.secret)} if address.user else {}
        )
        self.cut, self.close = self._web.cut, self._web.close

    def names(self, prefix: str) -> list[str]:
        found: list[str] = []

        def end(element: str, text: str) -> None:
            if element == "href":
                found.append(unquote(urlsplit(text).path).rpartition("/")[2])

        with self._ask_about("", "1") as told:
            xml_events(told.text(_nothing), end)
        return found

    def size(self, name: str) -> int | None:
        """By PROPFIND: Apache does not say the length of an empty file otherwise."""
        told_size = 0

        def end(element: str, text: str) -> None:
            nonlocal told_size
            if element == "getcontentlength" and text.isdecimal():
                told_size = int(text)

        with self._ask_about(name, "0") as told:
            if told.status == 404:
                return None
            xml_events(told.text(_nothing), end)
        return told_size

    def _ask_about(self, name: str, depth: str) -> AbstractContextManager[Answer]:
        headers = {
            **self._who,
            "Depth": depth,
            "Content-Type": "application/xml",
            "Content-Length": str(len(_ASK)),
        }
        allow = (404,) if name else ()
        return self._web.ask("PROPFIND", self._path(name), headers, [_ASK], allow)

    def read(self, name: str, start: int, moved: Moved) -> Iterator[bytes]:
        headers = {**self._who, "Range": f"bytes={start}-"} if start else self._who
        with self._web.ask("GET", self._path(name), headers, allow=(404,)) as told:
            if told.status == 404:
                raise Missing(name=name)
            yield from told.rest(start, moved)

    def write(self, name: str, source: IO[bytes], size: int, moved: Moved) -> None:
        headers = {
            **self._who,
            "Content-Length": str(size),
            "Content-Type": "application/octet-stream",
        }
        with self._web.ask("PUT", self._path(name), headers, pieces(source, 0, moved)):
            pass

    def rename(self, name: str, to: str) -> bool:
        goal = f"{self._scheme}://{self._web.spot.origin}{self._path(to)}"
        headers = {**self._who, "Destination": goal, "Overwrite": "F"}
        # 412: the name is taken; 404: a try whose answer was lost has done it already.
        with self._web.ask("MOVE", self._path(name), headers, allow=(404, 412)) as told:
            return told.status < 300

    def remove(self, name: str) -> None:
        with self._web.ask("DELETE", self._path(name), self._who, allow=(404,)):
            pass

    def same(self, name: str, source: IO[bytes]) -> bool | None:
        return None

    def make_folder(self) -> None:
        """And those above it: 405 says that it is there."""
        steps, made = self._folder.split("/"), False
        for count in range(1, len(steps) + 1):
            folder = path_of("/".join(steps[:count])) + "/"
            with self._web.ask("MKCOL", folder, self._who, allow=(405, 403, 409)) as told:
                made = told.status < 300 or told.status == 405
        if not made:
            raise NoSuchPlace("where")

    def sweep(self, before: float) -> None:
        for name in filter(is_litter, self.names("")):
            with self._web.ask("HEAD", self._path(name), self._who, allow=(404,)) as told:
                changed = told.headers.get("last-modified", "")
            with suppress(ValueError):  # a date that nobody understands: it stays
                if parsedate_to_datetime(changed).timestamp() < before:
                    self.remove(name)

    def _path(self, name: str) -> str:
        return path_of(self._folder, name)


def _nothing(_count: int) -> None:
    """A listing is no progress of a file."""
