"""A word that must be nowhere in clear, looked for in everything that a program wrote.

`assert_clean(home, words)` reads every file under a folder: database, log of writes,
backups, bundles, temporary files, settings, journals, crash reports, core dumps; whole, as
they lie on the disk, and once more inside what is packed.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import lzma
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import numpy as np
import zstandard
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

DEEP = 3
START, SOME = 4, 1 << 24
"""Bytes by which the beginning of a word is known, and of a stretch that is read at once."""
MOST = 1 << 28
PAGE, TAIL = 4096, 80
"""Bytes of a page of an encrypted database, and of what SQLCipher puts at its end."""


def spellings(word: str) -> dict[str, bytes]:
    """How a word may lie in a file, by the name of the encoding."""
    found: dict[str, bytes] = {}
    for form, text in _forms(word):
        for code in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "latin-1", "cp1252"):
            with suppress(UnicodeEncodeError):
                found.setdefault(f"{form} {code}", text.encode(code))
        plain = text.encode()
        for shift in range(3):
            found[f"{form} base64+{shift}"] = _inner_base64(plain, shift)
        found[f"{form} hex"] = plain.hex().encode()
        found[f"{form} HEX"] = plain.hex().upper().encode()
        found[f"{form} url"] = quote(text).encode()
        found[f"{form} json"] = json.dumps(text)[1:-1].encode()
    return found


def _forms(word: str) -> Iterator[tuple[str, str]]:
    decomposed = unicodedata.normalize("NFKD", word)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    yield from {
        "as typed": word,
        "lower": word.lower(),
        "upper": word.upper(),
        "decomposed": decomposed,
        "folded": bare.casefold(),
    }.items()


def _inner_base64(plain: bytes, shift: int) -> bytes:
    """The signs of base64 that depend on these bytes alone, `shift` bytes into a group."""
    coded = base64.b64encode(b"\0" * shift + plain)
    first = -(-shift * 8 // 6)
    return coded[first : (shift + len(plain)) * 8 // 6]


class Search:
    """Many words at once in many bytes: what could begin one is found by tables of two bytes,
    and only there is compared. Asking for each word takes an hour for a month of work."""

    def __init__(self, words: Iterable[str]) -> None:
        # One search for each way to write: most encodings of a plain word are the same.
        self.wanted = {word: {w: how for how, w in spellings(word).items()} for word in words}
        self._first, self._next = np.zeros(1 << 16, bool), np.zeros(1 << 16, bool)
        self._ways: dict[bytes, list[tuple[bytes, str, str]]] = {}
        for word, ways in self.wanted.items():
            for way, how in ways.items():
                assert len(way) >= START, f"too short to be looked for: {word}"
                self._first[int.from_bytes(way[:2], "little")] = True
                self._next[int.from_bytes(way[2:START], "little")] = True
                self._ways.setdefault(way[:START], []).append((way, word, how))

    def __call__(self, data: bytes) -> set[tuple[str, str]]:
        """(word, encoding) of each that lies there."""
        hits: set[tuple[str, str]] = set()
        for at in range(0, len(data), SOME):
            for place in self._begun(data, at):
                for way, word, how in self._ways.get(data[place : place + START], ()):
                    if (word, how) not in hits and data.startswith(way, place):
                        hits.add((word, how))
        return hits

    def _begun(self, data: bytes, at: int) -> list[int]:
        """Where in a stretch one of the words may begin."""
        some = min(SOME, len(data) - at - START + 1)
        if some <= 0:
            return []
        low = np.frombuffer(data, np.uint8, some + START - 1, at)
        pairs = low[:-1] | low[1:].astype(np.uint16) << 8
        places = np.flatnonzero(self._first[pairs[:some]])
        return list((places[self._next[pairs[places + 2]]] + at).tolist())


def found(folder: Path, words: Iterable[str]) -> list[tuple[str, str, str]]:
    """(file, word, encoding) of every word that lies in clear under a folder."""
    search = Search(words)
    hits = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
        for where, data in layers(str(path.relative_to(folder)), path.read_bytes()):
            hits += [(where, *hit) for hit in sorted(search(data))]
        hits += [(path.name, word, "name") for word in search.wanted if word in path.name]
    return hits


def layers(where: str, data: bytes, deep: int = DEEP) -> Iterator[tuple[str, bytes]]:
    """The bytes of a file, then those of what is packed in it."""
    yield where, data
    if deep:
        for name, inside in _unpacked(data):
            yield from layers(f"{where}!{name}", inside, deep - 1)


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data[:4] == b"PK\3\4":
        with suppress(zipfile.BadZipFile, RuntimeError), zipfile.ZipFile(io.BytesIO(data)) as z:
            for name in z.namelist():
                yield name, z.read(name)
    elif data[:2] == b"\x1f\x8b":
        with suppress(OSError, EOFError, zlib.error):
            yield "gz", gzip.decompress(data)
    elif data[:6] == b"\xfd7zXZ\0":
        with suppress(lzma.LZMAError):
            yield "xz", lzma.decompress(data)
    elif data[:4] == b"\x28\xb5\x2f\xfd":
        with suppress(zstandard.ZstdError):
            reader = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data))
            yield "zst", reader.read(MOST)


def clear(path: Path, key: bytes) -> bytes:
    """Every page of an encrypted database and of its log, in clear, free space and all."""
    data = path.read_bytes()
    pages = [data[at : at + PAGE] for at in range(0, len(data), PAGE)]
    pages[0] = bytes(16) + pages[0][16:]
    log = Path(f"{path}-wal")
    frames = log.read_bytes()[32:] if log.exists() else b""
    pages += [frames[at + 24 : at + 24 + PAGE] for at in range(0, len(frames), PAGE + 24)]
    opened = []
    for number, page in enumerate(pages):
        mode = modes.CBC(page[PAGE - TAIL : PAGE - TAIL + 16])
        cipher = Cipher(algorithms.AES(key), mode).decryptor()
        opened.append(cipher.update(page[16 if number == 0 else 0 : PAGE - TAIL]))
    return b"".join(opened)


def assert_clean(folder: Path, words: Iterable[str]) -> None:
    """No word lies in clear in any file under a folder."""
    hits = found(folder, words)
    assert hits == [], hits
