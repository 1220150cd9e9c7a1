"""The search for words in clear finds them wherever they may hide."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from pathlib import Path

import pytest
import zstandard

from tests.needles import assert_clean, found

WORD = "Ndèye Diémé"


def packed(data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", data)
    return held.getvalue()


@pytest.mark.parametrize(
    "hidden",
    [
        WORD.encode(),
        WORD.encode("utf-16-le"),
        WORD.upper().encode(),
        b"ndeye dieme",
        WORD.encode().hex().encode(),
        *(base64.b64encode(b"x" * n + WORD.encode() + b"yy") for n in range(5)),
        b'{"name": "Nd\\u00e8ye Di\\u00e9m\\u00e9"}',
        gzip.compress(b"a" + WORD.encode()),
        packed(b"b" + WORD.encode()),
        packed(packed(WORD.encode())),
        zstandard.compress(WORD.encode() * 3),
    ],
)
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
