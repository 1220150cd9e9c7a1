"""The search for words in clear finds them wherever they may hide."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from pathlib import Path
from random import Random

import pytest
import zstandard

from tests.needles import SOME, Search, assert_clean, found

WORD = "Ndèye Diémé"


def packed(data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", data)
    return held.getvalue()


HIDDEN = {
    "plain": WORD.encode(),
    "wide": WORD.encode("utf-16-le"),
    "upper": WORD.upper().encode(),
    "folded": b"ndeye dieme",
    "hex": WORD.encode().hex().encode(),
    **{
        f"base64, {n} before": base64.b64encode(b"x" * n + WORD.encode() + b"yy")
        for n in range(5)
    },
    "json": b'{"name": "Nd\\u00e8ye Di\\u00e9m\\u00e9"}',
    "gzip": gzip.compress(b"a" + WORD.encode()),
    "zip": packed(b"b" + WORD.encode()),
    "zip in zip": packed(packed(WORD.encode())),
    "zstd": zstandard.compress(WORD.encode() * 3),
}
"""Named, because an archive holds its hour and each worker must collect the same tests."""


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_a_word_is_found(tmp_path: Path, hidden: bytes) -> None:
    (tmp_path / "deep").mkdir()
    frame = b"" if hidden[:2] in (b"PK", b"\x1f\x8b", b"\x28\xb5") else bytes(77)
    (tmp_path / "deep" / "file").write_bytes(frame + hidden + frame)
    assert {word for _where, word, _how in found(tmp_path, [WORD])} == {WORD}
    with pytest.raises(AssertionError):
        assert_clean(tmp_path, [WORD])


def test_a_name_of_a_file_counts(tmp_path: Path) -> None:
    (tmp_path / f"{WORD}.pdf").write_bytes(b"")
    assert found(tmp_path, [WORD])


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(range(256)) * 99)
    (tmp_path / "b.zip").write_bytes(packed(b"Nd\xc3\xa8ye"))
    assert_clean(tmp_path, [WORD, "Badji"])


def test_the_search_finds_what_lies_there_and_nothing_else() -> None:
    search, chance = Search([WORD, "Badji"]), Random(1)
    ways = {way: (word, how) for word, w in search.wanted.items() for way, how in w.items()}
    for _turn in range(300):
        way = chance.choice(list(ways))
        before, after = chance.randbytes(chance.randrange(40)), chance.randbytes(2)
        assert ways[way] in search(before + way + after)
        cut = before + way[:-1]
        assert search(cut) == {said for other, said in ways.items() if other in cut}


@pytest.mark.parametrize("before", [SOME - 1, SOME - 3, SOME, SOME + 1])
def test_a_word_is_found_across_two_stretches(before: int) -> None:
    assert Search(["Badji"])(b"B" * before + b"Badji")
    assert Search(["Badji"])(b"B" * before + b"Badj") == set()
