"""The key file: who opens, who waits, and what happens to a damaged one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk import keyfaults
from migdesk.keys import Cost, KeyFile
from migdesk.keytext import (
    in_groups,
    spell,
    spell_checked,
    typed_digits,
    unspell,
    unspell_checked,
)

CHEAP = Cost(memory=8, passes=1, lanes=1)
GOOD = "a rainy morning"


class Now:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.at = 1_795_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def made(path: Path, now: Now) -> tuple[KeyFile, bytes, str]:
    return KeyFile.create(path, "id-1", "Awa", GOOD, cost=CHEAP, now=now)


def load(path: Path, now: Now) -> KeyFile:
    return KeyFile.load(path, cost=CHEAP, now=now)


def test_the_password_opens_after_a_restart(
    made: tuple[KeyFile, bytes, str], path: Path, now: Now
) -> None:
    again = load(path, now)
    assert again.accounts() == [("id-1", "Awa")]
    assert again.open("id-1", GOOD) == made[1]
    assert len(made[1]) == 32


def test_nothing_secret_is_in_the_file(made: tuple[KeyFile, bytes, str], path: Path) -> None:
    _file, key, recovery = made
    text = path.read_text("utf-8")
    assert GOOD not in text
    assert recovery not in text
    assert key not in path.read_bytes()
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_a_password_is_the_same_however_it_was_composed(path: Path, now: Now) -> None:
    file, key, _ = KeyFile.create(path, "i", "n", "été à Thiès", cost=CHEAP, now=now)
    assert file.open("i", "e\u0301te\u0301 a\u0300 Thie\u0300s") == key


def test_an_entry_cannot_be_moved_to_another_account(
    made: tuple[KeyFile, bytes, str], path: Path, now: Now
) -> None:
    file, key, _ = made
    file.add_account(key, "id-2", "Binta", "another long one")
    content = json.loads(path.read_text("utf-8"))
    first, second = content["accounts"]
    second["wrapping"] = first["wrapping"]
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(keyfaults.WrongPassword):
        load(path, now).open("id-2", GOOD)


# --- waiting ----------------------------------------------------------------------


def fail(file: KeyFile, times: int, now: Now) -> list[int]:
    waits = []
    for _ in range(times):
        with pytest.raises(keyfaults.WrongPassword) as caught:
            file.open("id-1", "not this one")
        waits.append(caught.value.seconds)
        now.at += caught.value.seconds
    return waits


def test_each_wrong_password_waits_longer_up_to_five_minutes(
    made: tuple[KeyFile, bytes, str], now: Now
) -> None:
    assert fail(made[0], 12, now) == [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_too_soon_does_not_look_at_the_password_and_survives_a_restart(
    made: tuple[KeyFile, bytes, str], path: Path, now: Now
) -> None:
    fail(made[0], 4, now)
    now.at -= 3
    with pytest.raises(keyfaults.TooSoon) as caught:
        load(path, now).open("id-1", GOOD)
    assert caught.value.seconds == 3
    now.at += 3
    assert load(path, now).open("id-1", GOOD) == made[1]
    assert fail(load(path, now), 3, now) == [0, 0, 2]


@pytest.mark.parametrize("back", [10 * 365 * 86400.0, 1_795_000_000.0, 3600.0])
def test_a_clock_set_back_neither_shortens_the_wait_nor_locks_for_ever(
    made: tuple[KeyFile, bytes, str], path: Path, now: Now, back: float
) -> None:
    fail(made[0], 5, now)
    now.at -= back
    for left in (8, 1):
        with pytest.raises(keyfaults.TooSoon) as caught:
            load(path, now).open("id-1", GOOD)
        assert caught.value.seconds == left
        now.at += 7
    assert load(path, now).open("id-1", GOOD) == made[1]


def test_one_account_waiting_does_not_keep_out_another(
    made: tuple[KeyFile, bytes, str], now: Now
) -> None:
    file, key, recovery = made
    file.add_account(key, "id-2", "Binta", "another long one")
    fail(file, 6, now)
    now.at -= 1
    assert file.open("id-2", "another long one") == key
    assert file.open_with_recovery(recovery) == key


def test_a_failed_save_changes_nothing(
    made: tuple[KeyFile, bytes, str], path: Path, now: Now
) -> None:
    file, key, _ = made
    path.unlink()
    path.parent.rename(path.parent.with_name("gone"))
    with pytest.raises(keyfaults.KeyFileUnreachable):
        file.add_account(key, "id-2", "Binta", "another long one")
    assert fail(file, 3, now) == [0, 0, 2]
    assert file.open("id-1", GOOD) == key
    assert file.accounts() == [("id-1", "Awa")]


# --- accounts ---------------------------------------------------------------------


def test_accounts_come_go_and_change(
    made: tuple[KeyFile, bytes, str], path: Path, now: Now
) -> None:
    file, key, _ = made
    file.add_account(key, "id-2", "Binta", "another long one")
    file.rename_account("id-2", "Binta S.")
    file.set_password(key, "id-1", "a dry evening")
    again = load(path, now)
    assert again.accounts() == [("id-1", "Awa"), ("id-2", "Binta S.")]
    assert again.open("id-1", "a dry evening") == key
    with pytest.raises(keyfaults.WrongPassword):
        again.open("id-1", GOOD)
    again.remove_account("id-1")
    with pytest.raises(keyfaults.NoSuchAccount):
        load(path, now).open("id-1", "a dry evening")
    with pytest.raises(keyfaults.LastAccount):
        again.remove_account("id-2")
    assert load(path, now).open("id-2", "another long one") == key


def test_what_cannot_be_added(made: tuple[KeyFile, bytes, str], path: Path) -> None:
    file, key, _ = made
    before = path.read_bytes()
    with pytest.raises(keyfaults.AccountExists):
        file.add_account(key, "id-1", "Awa", "another long one")
    with pytest.raises(keyfaults.PasswordTooShort) as caught:
        file.add_account(key, "id-2", "Binta", "nine char")
    assert caught.value.field == "password"
    for act in (file.new_recovery, lambda bad: file.set_password(bad, "id-1", GOOD)):
        with pytest.raises(ValueError, match="not the key"):
            act(b"x" * 32)
    assert path.read_bytes() == before
    with pytest.raises(keyfaults.KeyFileExists):
        KeyFile.create(path, "i", "n", GOOD, cost=CHEAP)
    assert path.read_bytes() == before


def test_ten_characters_are_counted_not_bytes(path: Path) -> None:
    with pytest.raises(keyfaults.PasswordTooShort):
        KeyFile.create(path, "i", "n", "ⴰⴱⴲⴳⴴⴵⴶⴷⴸ", cost=CHEAP)
    assert not path.exists()
    KeyFile.create(path, "i", "n", "ⴰⴱⴲⴳⴴⴵⴶⴷⴸⴹ", cost=CHEAP)


# --- the recovery key ---------------------------------------------------------------


def test_the_recovery_key_opens_as_people_type_it(made: tuple[KeyFile, bytes, str]) -> None:
    file, key, recovery = made
    groups = recovery.split("-")
    assert [len(group) for group in groups] == [4] * 9
    sloppy = recovery.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert file.open_with_recovery(recovery) == key
    assert file.open_with_recovery(f"  {sloppy}\n") == key


def test_recovery_mistyped_wrong_and_replaced(
    made: tuple[KeyFile, bytes, str], path: Path, now: Now
) -> None:
    file, key, old = made
    for bad in ("", "é", old[:-1], old + "2", "U" + old[1:], old[:20]):
        with pytest.raises(keyfaults.RecoveryMistyped):
            file.open_with_recovery(bad)
    new = file.new_recovery(key)
    with pytest.raises(keyfaults.WrongRecovery):
        load(path, now).open_with_recovery(old)
    assert load(path, now).open_with_recovery(new) == key


@given(st.binary(max_size=60))
def test_spelled_bytes_come_back(data: bytes) -> None:
    assert unspell(spell(data)) == data
    assert unspell_checked(in_groups(spell_checked(data)).lower()) == data


@given(st.binary(min_size=5, max_size=40), st.data())
def test_a_wrong_digit_is_noticed(data: bytes, draw: st.DataObject) -> None:
    digits = spell_checked(data)
    at = draw.draw(st.integers(0, len(digits) - 1))
    other = draw.draw(st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
    typed = digits[:at] + other + digits[at + 1 :]
    if other == digits[at]:
        assert unspell_checked(typed) == data
    else:
        # 20 bits miss one error in a million; such a miss still never gives `data`.
        try:
            assert unspell_checked(typed) != data
        except ValueError as error:
            assert error.args


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        data = unspell_checked(text)
    except ValueError:
        return
    assert spell_checked(data) == typed_digits(text)


# --- damaged files ------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": 1}',
        b'{"format": "1"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format":1,"check":"","accounts":[],"recovery":{"cost":{},"salt":"","nonce":"","box":""}}',
    ],
)
def test_a_damaged_file_is_refused_and_left(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(keyfaults.BrokenKeyFile):
        KeyFile.load(path)
    assert path.read_bytes() == content


def test_a_file_that_would_exhaust_the_computer_is_refused(
    made: tuple[KeyFile, bytes, str], path: Path
) -> None:
    content = json.loads(path.read_text("utf-8"))
    content["accounts"][0]["wrapping"]["cost"]["memory"] = 2**32 - 1
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(keyfaults.BrokenKeyFile):
        KeyFile.load(path)


def test_a_newer_file_is_refused_and_left(made: tuple[KeyFile, bytes, str], path: Path) -> None:
    content = {"format": 2, "other": "things"}
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(keyfaults.NewerKeyFile):
        KeyFile.load(path)
    assert json.loads(path.read_text("utf-8")) == content


def test_a_missing_file_is_said(path: Path) -> None:
    with pytest.raises(keyfaults.KeyFileUnreachable):
        KeyFile.load(path)


def test_the_usual_cost_is_that_of_the_design() -> None:
    assert Cost() == Cost(memory=64 * 1024, passes=3, lanes=4)
    assert Cost().sane
