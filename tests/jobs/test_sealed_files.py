"""Encrypted submissions of ODK: sealed, opened, refused."""

from __future__ import annotations

import base64
import hashlib
import shutil
from functools import lru_cache
from itertools import islice
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from migdesk.forms import Run, encryption
from migdesk.forms.incoming import Encrypted
from migdesk.forms.xlsform import convert
from migdesk.jobs import export_answers, import_answers
from migdesk.jobs.export_answers import Wanted
from migdesk.jobs.exported_files import contents
from migdesk.jobs.sealed_files import Key, Tampered, Unsealed
from migdesk.models.store import Store
from migdesk.services import attachments, form_words, submissions
from migdesk.sync import odk_crypt
from migdesk.sync.odk_crypt import BadPrivateKey, BadPublicKey, Damaged, OtherKey
from migdesk.task import Task

FORM = """
| survey | | | |
| | type | name | label |
| | text | who | Who |
| | image | photo | Photo |
| settings | | | |
| | form_id | version | public_key |
| | sealed | 3 | {key} |
"""


@lru_cache
def pair(number: int = 0, password: str = "") -> tuple[str, bytes]:
    """(public key as in a form's settings, private key as in its file)"""
    private = _private(number)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    locked = (
        serialization.BestAvailableEncryption(password.encode())
        if password
        else serialization.NoEncryption()
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked
    )
    return base64.b64encode(public).decode(), pem


@lru_cache
def _private(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def test_vectors_count_on_byte_by_byte() -> None:
    key = bytes(range(32))
    seed = bytearray(hashlib.md5(b"uuid:1" + key).digest())
    found = list(islice(encryption.starts("uuid:1", key), 17))
    seed[0] = (seed[0] + 1) % 256
    assert found[0] == bytes(seed)
    seed[1] = (seed[1] + 1) % 256
    assert found[1] == bytes(seed)
    assert found[16][0] == (found[0][0] + 1) % 256
    assert len(set(found)) == 17


def test_the_cipher_is_cfb_with_full_padding() -> None:
    """NIST SP 800-38A, F.3.17: CFB128-AES256, first block; then padding of a whole block."""
    key = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
    start = bytes.fromhex("000102030405060708090a0b0c0d0e0f")
    plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    closed = odk_crypt.encrypt(key, start, plain)
    assert closed[:16].hex() == "dc7e84bfda79164b7ecd8486985d3860"
    assert len(closed) == 32
    assert odk_crypt.decrypt(key, start, closed) == plain


@given(st.binary(max_size=100), st.binary(min_size=16, max_size=16))
def test_ciphers_there_and_back(data: bytes, start: bytes) -> None:
    key = odk_crypt.new_key()
    closed = odk_crypt.encrypt(key, start, data)
    assert len(closed) % 16 == 0 and len(closed) > len(data)
    assert odk_crypt.decrypt(key, start, closed) == data


def test_keys_that_are_none() -> None:
    for text in ("", "MIIB", "not base64 at all", base64.b64encode(b"x" * 99).decode()):
        with pytest.raises(BadPublicKey):
            odk_crypt.Lock(text)
    with pytest.raises(BadPrivateKey):
        odk_crypt.Opener(b"nothing")
    with pytest.raises(BadPrivateKey):
        odk_crypt.Opener(pair(0, "secret")[1], "wrong")
    odk_crypt.Opener(pair(0, "secret")[1], "secret")


def test_the_manifest_says_what_the_specification_wants() -> None:
    public, pem = pair()
    lock, opener = odk_crypt.Lock(public), odk_crypt.Opener(pem)
    manifest, files = encryption.sealed(
        ("sealed", "3", "uuid:1"), b"<data/>", {"a.jpg": b"picture"}, bytes(32),
        odk_crypt.encrypt, lock.close,
    )  # fmt: skip
    assert set(files) == {"a.jpg.enc", "submission.xml.enc"}
    assert encryption.is_manifest(manifest)
    read = encryption.read_manifest(manifest)
    assert (read.form, read.version, read.instance) == ("sealed", "3", "uuid:1")
    assert read.files == ("a.jpg.enc", "submission.xml.enc")
    assert opener.open(read.closed_key) == bytes(32)
    key_text = base64.b64encode(read.closed_key).decode()
    picture, xml = (hashlib.md5(data).hexdigest() for data in (b"picture", b"<data/>"))
    signed = f"sealed\n3\n{key_text}\nuuid:1\na.jpg::{picture}\nsubmission.xml::{xml}\n"
    assert opener.open(read.signature) == hashlib.md5(signed.encode()).digest()
    plain = dict(encryption.opened(read, files, bytes(32), odk_crypt.decrypt))
    assert plain == {"a.jpg": b"picture", "submission.xml": b"<data/>"}


def test_a_manifest_without_its_parts_is_refused() -> None:
    with pytest.raises(encryption.BadManifest):
        encryption.read_manifest(b'<data id="a" encrypted="yes"/>')
    assert not encryption.is_manifest(b"<data/>")
    assert not encryption.is_manifest(b"encrypted, but no XML")


@pytest.fixture
def form(store: Store) -> str:
    xform = convert(FORM.format(key=pair()[0]), ".md").xml
    return store.write(submissions.add_questionnaire, "S", "sealed", "3", xform)


@pytest.fixture
def exported(store: Store, form: str, tmp_path: Path) -> Path:
    """A folder with one sealed submission; the store has lost it."""
    run = Run(store.read(form_words.open_form, form))
    run.set("/data/who", "Awa Ndiaye")
    run.set("/data/photo", "awa.jpg")
    instance = run.node("/data/meta/instanceID").text
    id = store.write(submissions.finalise, form, run.finalise(), instance, {})
    store.write(attachments.add, "awa.jpg", b"picture of Awa", id)
    folder = tmp_path / "out"
    folder.mkdir()
    export_answers.export_answers(store, Task(), Wanted("sealed", "folder"), folder)
    return folder


def test_what_leaves_is_sealed(exported: Path) -> None:
    files = {path.name: path.read_bytes() for path in exported.rglob("*") if path.is_file()}
    assert set(files) == {"submission.xml", "submission.xml.enc", "awa.jpg.enc"}
    assert all(b"Awa" not in data and b"picture" not in data for data in files.values())


def test_it_opens_with_the_private_key(exported: Path) -> None:
    found = Unsealed(contents(exported), Key(pair()[1]))
    (answers_at,) = [name for name in found if name.endswith(".xml")]
    assert b"<who>Awa Ndiaye</who>" in found[answers_at]
    (photo,) = found.by_name["awa.jpg"]
    assert found[photo] == b"picture of Awa"
    assert found.beside("awa.jpg", answers_at, "") == photo
    assert found.size(photo) > 0
    assert not any(name.endswith(".enc") for name in found)


def test_another_office_imports_it(exported: Path, second: tuple[Store, str]) -> None:
    store, form = second
    with pytest.raises(Encrypted):
        import_answers.read(store, Task(), exported)
    preview = import_answers.read(store, Task(), exported, key=Key(pair()[1]))
    assert (preview.found, preview.files) == (1, 1)
    assert import_answers.take(store, Task(), preview, doubtful=True) == 1
    (kept,) = store.read(submissions.xml_of, form)
    assert "<who>Awa Ndiaye</who>" in kept[1]


@pytest.fixture
def second(tmp_path: Path) -> tuple[Store, str]:
    from tests.jobs.test_import_answers import open_store

    made = open_store(tmp_path / "second.db")
    xform = convert(FORM.format(key=pair()[0]), ".md").xml
    return made, made.write(submissions.add_questionnaire, "S", "sealed", "3", xform)


def test_another_key_opens_nothing(exported: Path) -> None:
    found = Unsealed(contents(exported), Key(pair(1)[1]))
    with pytest.raises(OtherKey):
        found[next(name for name in found if name.endswith(".xml"))]


def test_damage_is_noticed(exported: Path, tmp_path: Path) -> None:
    for number, name in enumerate(("submission.xml.enc", "awa.jpg.enc")):
        copy = tmp_path / f"copy{number}"
        shutil.copytree(exported, copy)
        (path,) = copy.rglob(name)
        data = bytearray(path.read_bytes())
        data[0] ^= 1
        path.write_bytes(bytes(data))
        found = Unsealed(contents(copy), Key(pair()[1]))
        with pytest.raises((Tampered, Damaged)):
            found[next(each for each in found if each.endswith(".xml"))]


def test_a_missing_picture_does_not_keep_the_answers_shut(exported: Path) -> None:
    (path,) = exported.rglob("awa.jpg.enc")
    path.unlink()
    found = Unsealed(contents(exported), Key(pair()[1]))
    assert b"Awa" in found[next(name for name in found if name.endswith(".xml"))]


def test_a_form_without_key_leaves_as_it_is(store: Store, tmp_path: Path) -> None:
    book = FORM.format(key="").replace("| public_key |", "|").replace("| 3 |  |", "| 3 |")
    xform = convert(book, ".md").xml
    id = store.write(submissions.add_questionnaire, "S", "sealed", "3", xform)
    run = Run(store.read(form_words.open_form, id))
    run.set("/data/who", "Awa")
    store.write(submissions.finalise, id, run.finalise(), "uuid:9", {})
    export_answers.export_answers(store, Task(), Wanted("sealed", "folder"), tmp_path)
    (path,) = tmp_path.rglob("submission.xml")
    assert b"<who>Awa</who>" in path.read_bytes()
