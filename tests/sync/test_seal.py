"""Identities and cards: what is typed, what is stored, what is refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.sync import seal
from migdesk.sync.seal import Card, Identity

ME = Identity.new("00" * 8, "Bureau de Thiès")
OTHER = Identity.new("11" * 8, "Dakar")


def test_an_identity_comes_back_from_its_bytes() -> None:
    again = Identity.from_bytes(ME.to_bytes())
    assert again.card == ME.card
    assert again.device == "00" * 8
    assert ME.card.verify(again.sign(b"hello"), b"hello")


@pytest.mark.parametrize("data", [b"", b"{}", ME.to_bytes()[:-9], b"\xff", b"[1]"])
def test_damaged_identities_are_refused(data: bytes) -> None:
    with pytest.raises(seal.BrokenIdentity):
        Identity.from_bytes(data)


def test_damaged_keys_inside_an_identity_are_refused() -> None:
    with pytest.raises(seal.BrokenIdentity):
        Identity.from_bytes(ME.to_bytes().replace(b"AGE-SECRET-KEY-1", b"AGE-SECRET-KEY-2"))


def test_no_secret_in_what_a_log_could_show() -> None:
    assert "AGE-SECRET" not in repr(ME) + str(ME)


def test_signatures_tell_signer_and_message() -> None:
    signature = ME.sign(b"hello")
    assert not OTHER.card.verify(signature, b"hello")
    assert not ME.card.verify(signature, b"hellO")
    assert not ME.card.verify(signature[:-1], b"hello")


def test_a_card_survives_careless_typing() -> None:
    text = str(ME.card)
    assert text.startswith("MIGDESK1:")
    assert Card.parse(text) == ME.card
    sloppy = text.lower().replace("-", " \n").replace("0", "o").replace("1", "l")
    assert Card.parse(f"  {sloppy} ") == ME.card
    assert Card.parse(text.replace("-", "").replace("1", "I")) == ME.card


@given(st.text(max_size=30))
def test_a_card_of_any_name_comes_back(name: str) -> None:
    card = Identity.from_bytes(ME.to_bytes()).renamed(name).card
    assert Card.parse(str(card)) == card
    assert card.fingerprint == ME.card.fingerprint
    assert len(card.name.encode()) <= seal.LONGEST_NAME


@pytest.mark.parametrize("text", ["", "hello", "https://example.org", "MIGDESK2:ABCD"])
def test_what_is_no_card(text: str) -> None:
    with pytest.raises(seal.NotACard):
        Card.parse(text)


def test_a_wrong_digit_anywhere_is_noticed() -> None:
    text = str(ME.card)
    for at in range(len("MIGDESK1:"), len(text)):
        if text[at] != "-":
            other = "7" if text[at] != "7" else "8"
            with pytest.raises(seal.CardMistyped):
                Card.parse(text[:at] + other + text[at + 1 :])
    for cut in (text[:-1], text[:40], "MIGDESK1:", "MIGDESK1:é"):
        with pytest.raises(seal.CardMistyped):
            Card.parse(cut)


def test_the_fingerprint_confirms_one_card_only() -> None:
    short = ME.card.fingerprint
    assert [len(group) for group in short.split("-")] == [4] * 6
    assert ME.card.confirmed_by(short.lower().replace("-", " "))
    assert not OTHER.card.confirmed_by(short)
    assert not ME.card.confirmed_by(short[:-1])
    assert not ME.card.confirmed_by("é")


# --- encryption -------------------------------------------------------------------


def encrypted(data: bytes, *cards: Card) -> bytes:
    out = io.BytesIO()
    seal.encrypt(io.BytesIO(data), out, cards)
    return out.getvalue()


def decrypted(data: bytes, identity: Identity = ME) -> bytes:
    out = io.BytesIO()
    identity.decrypt(io.BytesIO(data), out)
    return out.getvalue()


def test_every_recipient_decrypts_and_nobody_else() -> None:
    data = encrypted(b"x" * 200_000, ME.card, OTHER.card)
    assert decrypted(data, ME) == decrypted(data, OTHER) == b"x" * 200_000
    with pytest.raises(seal.NotForIdentity):
        decrypted(data, Identity.new())


def test_a_full_house_of_recipients_can_be_read_and_one_more_cannot_be_written() -> None:
    data = encrypted(b"x", *[OTHER.card] * 63, ME.card)
    assert decrypted(data) == b"x"
    for count in (0, 65):
        with pytest.raises(ValueError, match="recipients"):
            encrypted(b"x", *[ME.card] * count)


@pytest.mark.parametrize("at", [-1, -100_000, 150_000])
def test_a_changed_byte_is_noticed(at: int) -> None:
    data = bytearray(encrypted(b"x" * 200_000, ME.card))
    data[at] ^= 1
    with pytest.raises(seal.NotIntact):
        decrypted(bytes(data))


@pytest.mark.parametrize(
    ("data", "cut"),
    [
        (b"", True),
        (b"age-encry", True),
        (b"PK\x03\x04", False),
        (b"age-encryption.org/v1\n-> X25519 abc\n", True),
        (b"age-encryption.org/v1\n" + b"-> X25519 abc\n" * 40_000, False),
        (b"age-encryption.org/v1\n" + b"-> a b\n" * 67 + b"--- mac\n", False),
    ],
)
def test_headers_out_of_bounds_never_reach_the_library(data: bytes, cut: bool) -> None:
    with pytest.raises(seal.NotAge) as caught:
        decrypted(data)
    assert caught.value.cut is cut


class Broken(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise OSError(5, "input/output error")

    def write(self, data: object) -> int:
        raise OSError(28, "no space left")


def test_errors_of_our_own_streams_come_through_as_they_are() -> None:
    with pytest.raises(OSError, match="input/output"):
        seal.encrypt(Broken(), io.BytesIO(), [ME.card])
    with pytest.raises(OSError, match="no space"):
        seal.encrypt(io.BytesIO(b"x"), Broken(), [ME.card])
    with pytest.raises(OSError, match="no space"):
        ME.decrypt(io.BytesIO(encrypted(b"x", ME.card)), Broken())
