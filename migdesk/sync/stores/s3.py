"""Bundles in S3-compatible object storage, straight over HTTP.

Signing: AWS Signature Version 4 as Amazon's reference describes it (canonical request,
string to sign, derived key). No checksum is sent or asked for beyond the signed hash of the
content: other makers' servers refuse newer ones. Large objects go up in parts; parts that
arrived before a kill are found again and kept.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import IO
from urllib.parse import quote, unquote

from migdesk.i18n import _
from migdesk.task import Task

from .address import Address, Spot, spot
from .gate import BadAddress, Missing, Unreachable
from .remote import Moved, pieces
from .web import Answer, Body, Web, path_of, xml_events

PART = 5 << 20
"""The smallest part that S3 takes, but for the last."""

_EMPTY = hashlib.sha256().hexdigest()
Question = dict[str, str]


class S3:
    """See :class:`~migdesk.sync.stores.remote.Wire`. The address is
    ``https://endpoint/bucket/folder``; without path style the bucket goes before the host."""

    whole = True
    resumes = False

    def __init__(self, address: Address, task: Task) -> None:
        where = spot(address)
        self._bucket, _slash, folder = where.folder.partition("/")
        if not self._bucket:
            raise BadAddress("where", reason=_("it names no bucket"))
        self._folder = f"{folder}/" if folder else ""
        self._base = self._bucket
        if not address.path_style:
            where = Spot(where.scheme, f"{self._bucket}.{where.host}", where.port, "")
            self._base = ""
        self._web = Web(address, where, task)
        self._address = address
        self.cut, self.close = self._web.cut, self._web.close

    def names(self, prefix: str) -> Iterator[str]:
        query = {"list-type": "2", "prefix": self._folder + prefix, "encoding-type": "url"}
        while True:
            keys, more = self._listed(query)
            for key in keys:
                name = key[len(self._folder) :]
                if "/" not in name:
                    yield name
            if not more:
                return
            query["continuation-token"] = more

    def _listed(self, query: Question) -> tuple[list[str], str]:
        keys: list[str] = []
        told = {"NextContinuationToken": "", "IsTruncated": ""}

        def end(element: str, text: str) -> None:
            if element == "Key":
                keys.append(unquote(text))
            elif element in told:
                told[element] = text

        with self._ask("GET", "", query) as answer:
            xml_events(answer.text(_nothing), end)
        more = told["IsTruncated"] == "true"
        return keys, told["NextContinuationToken"] if more else ""

    def size(self, name: str) -> int | None:
        with self._ask("HEAD", name, allow=(404,)) as told:
            return None if told.status == 404 else told.number("content-length")

    def read(self, name: str, start: int, moved: Moved) -> Iterator[bytes]:
        headers = {"range": f"bytes={start}-"} if start else {}
        with self._ask("GET", name, headers=headers, allow=(404,)) as told:
            if told.status == 404:
                raise Missing(name=name)
            yield from told.rest(start, moved)

    def write(self, name: str, source: IO[bytes], size: int, moved: Moved) -> None:
        if size <= PART:
            self._send(name, {}, source, 0, size, moved)
        else:
            self._send_parts(name, source, size, moved)

    def rename(self, name: str, to: str) -> bool:
        raise AssertionError("objects appear whole")

    def remove(self, name: str) -> None:
        with self._ask("DELETE", name, allow=(404,)):
            pass

    def same(self, name: str, source: IO[bytes]) -> bool | None:
        """The tag of an object sent in one piece is its MD5, unless the server encrypts: a
        tag that is ours proves it, another proves nothing."""
        with self._ask("HEAD", name) as told:
            tag = told.headers.get("etag", "").strip('"')
        return True if tag == _md5(source, 0, -1).hex() else None

    def make_folder(self) -> None:
        """Folders are only beginnings of names here: make the bucket where it is missing."""
        with self._ask("HEAD", "", allow=(404,)) as told:
            there = told.status != 404
        if not there:
            with self._ask("PUT", "", headers={"content-length": "0"}):
                pass

    def sweep(self, before: float) -> None:
        """Uploads that nobody ended are kept, and paid for, until they are ended."""
        for each in self._uploads(""):
            began = datetime.fromisoformat(each["Initiated"]).timestamp()
            if began < before and "/" not in each["Key"]:
                query = {"uploadId": each["UploadId"]}
                with self._ask("DELETE", each["Key"], query, allow=(404,)):
                    pass

    # ---- sending

    def _send(
        self, name: str, query: Question, source: IO[bytes], start: int, size: int, moved: Moved
    ) -> str:
        """One object or one part of it; its tag."""
        headers = {"content-length": str(size)}
        body = _first(pieces(source, start, moved), size)
        payload = _hash(source, start, size)
        with self._ask("PUT", name, query, headers, body, payload) as told:
            return told.headers.get("etag", "")

    def _send_parts(self, name: str, source: IO[bytes], size: int, moved: Moved) -> None:
        upload = self._begun(name) or self._begin(name)
        there = self._parts(name, upload)
        tags = []
        for number, start in enumerate(range(0, size, PART), 1):
            length = min(PART, size - start)
            tag = there.get(number, "")
            if tag.strip('"') != _md5(source, start, length).hex():
                query = {"partNumber": str(number), "uploadId": upload}
                tag = self._send(name, query, source, start, length, moved)
            tags.append(tag)
        parts = "".join(
            f"<Part><PartNumber>{n}</PartNumber><ETag>{tag}</ETag></Part>"
            for n, tag in enumerate(tags, 1)
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        self._post(name, {"uploadId": upload}, body, "ETag")

    def _begin(self, name: str) -> str:
        return self._post(name, {"uploads": ""}, b"", "UploadId")

    def _begun(self, name: str) -> str:
        """An upload of this object that was broken off, "" if there is none."""
        uploads = [each for each in self._uploads(name) if each["Key"] == name]
        return uploads[-1]["UploadId"] if uploads else ""

    def _uploads(self, prefix: str) -> list[Question]:
        """Uploads in parts that nobody has ended, by Key (the name), UploadId, Initiated."""
        query = {"uploads": "", "prefix": self._folder + prefix}
        found = self._records("", query, "Upload", ("Key", "UploadId", "Initiated"))
        for each in found:
            each["Key"] = unquote(each["Key"])[len(self._folder) :]
        return found

    def _parts(self, name: str, upload: str) -> dict[int, str]:
        """Number and tag of the parts that arrived."""
        found = self._records(name, {"uploadId": upload}, "Part", ("PartNumber", "ETag"))
        return {int(each["PartNumber"]): each["ETag"] for each in found}

    def _records(
        self, name: str, query: Question, kind: str, wanted: tuple[str, ...]
    ) -> list[Question]:
        """Elements of one kind in an answer; none from a server that cannot tell. Servers
        name what is in them in any order."""
        found: list[Question] = []
        now: Question = {}

        def end(element: str, text: str) -> None:
            if element == kind:
                found.append({each: now.get(each, "") for each in wanted})
                now.clear()
            elif element in wanted:
                now[element] = text

        with self._ask("GET", name, query, allow=(400, 404, 405, 501)) as told:
            if told.status == 200:
                xml_events(told.text(_nothing), end)
        return found

    def _post(self, name: str, query: Question, body: bytes, wanted: str) -> str:
        """Ask, and read one word of the answer. An error may come with status 200."""
        found = ""

        def end(element: str, text: str) -> None:
            nonlocal found
            if element == wanted:
                found = text

        headers = {"content-length": str(len(body))}
        payload = hashlib.sha256(body).hexdigest()
        with self._ask("POST", name, query, headers, [body], payload) as told:
            xml_events(told.text(_nothing), end)
        if not found:
            raise Unreachable(reason=_("the server did not finish"))
        return found

    # ---- signing

    def _ask(
        self,
        method: str,
        name: str,
        query: Question | None = None,
        headers: Question | None = None,
        body: Body = (),
        payload: str = _EMPTY,
        allow: tuple[int, ...] = (),
    ) -> AbstractContextManager[Answer]:
        path = path_of(f"{self._base}/{self._folder}", name) if name else path_of(self._base)
        text = "&".join(
            f"{_quoted(key)}={_quoted(value)}" for key, value in sorted((query or {}).items())
        )
        signed = self._signed(method, path, text, headers or {}, payload)
        target = f"{path}?{text}" if text else path
        return self._web.ask(method, target, signed, body, allow)

    def _signed(
        self, method: str, path: str, query: str, headers: Question, payload: str
    ) -> Question:
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        given = {**headers, "x-amz-content-sha256": payload, "x-amz-date": now}
        # What a proxy may change (the length) is not signed.
        proved = {"host": self._web.spot.origin, **given}
        proved.pop("content-length", None)
        names = sorted(proved)
        lines = "".join(f"{key}:{proved[key]}\n" for key in names)
        listed = ";".join(names)
        request = "\n".join([method, path, query, lines, listed, payload])
        scope = f"{now[:8]}/{self._address.region}/s3/aws4_request"
        digest = hashlib.sha256(request.encode()).hexdigest()
        text = "\n".join(["AWS4-HMAC-SHA256", now, scope, digest])
        key = f"AWS4{self._address.secret}".encode()
        for step in (*scope.split("/"), text):
            key = hmac.digest(key, step.encode(), "sha256")
        given["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self._address.user}/{scope}, "
            f"SignedHeaders={listed}, Signature={key.hex()}"
        )
        return given


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def _first(parts: Iterator[bytes], size: int) -> Iterator[bytes]:
    """So many bytes of what comes."""
    while size > 0:
        piece = next(parts)[:size]
        size -= len(piece)
        yield piece


def _slice(source: IO[bytes], start: int, size: int) -> Iterator[bytes]:
    """From `start`, `size` bytes or all that follow (-1)."""
    source.seek(start)
    while size and (piece := source.read(1 << 16 if size < 0 else min(1 << 16, size))):
        size -= len(piece) if size > 0 else 0
        yield piece


def _md5(source: IO[bytes], start: int, size: int) -> bytes:
    digest = hashlib.md5(usedforsecurity=False)
    for piece in _slice(source, start, size):
        digest.update(piece)
    return digest.digest()


def _hash(source: IO[bytes], start: int, size: int) -> str:
    digest = hashlib.sha256()
    for piece in _slice(source, start, size):
        digest.update(piece)
    return digest.hexdigest()


def _nothing(_count: int) -> None:
    """A listing is no progress of a file."""
