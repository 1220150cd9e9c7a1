"""The recovery key in shares: any three open, two do not, and slips are named."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from migdesk import keyfaults, shares
from migdesk.keys import Cost, KeyFile

CHEAP = Cost(memory=8, passes=1, lanes=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def create(path: Path) -> tuple[KeyFile, bytes, str]:
    return KeyFile.create(path, "id-1", "Awa", "a rainy morning", cost=CHEAP)


def test_three_shares_of_five_open_and_two_do_not(path: Path) -> None:
    file, key, whole = create(path)
    sheets = file.split_recovery(key)
    assert [sheet.number for sheet in sheets] == [1, 2, 3, 4, 5]
    assert file.recovery.mark == sheets[0].mark
    texts = [" ".join(sheet.words) for sheet in sheets]
    for chosen in combinations(texts, 3):
        assert file.open_with_recovery(shares.join(chosen)) == key
    with pytest.raises(shares.TooFew):
        shares.join(texts[:2])
    with pytest.raises(keyfaults.WrongRecovery):
        file.open_with_recovery(whole)


def test_a_new_key_makes_the_old_shares_useless(path: Path) -> None:
    file, key, _whole = create(path)
    old = [" ".join(sheet.words) for sheet in file.split_recovery(key)]
    new = [" ".join(sheet.words) for sheet in file.split_recovery(key)]
    with pytest.raises(shares.OtherSet):
        shares.join([*old[:2], new[3]])
    with pytest.raises(keyfaults.WrongRecovery):
        file.open_with_recovery(shares.join(old[:3]))
    assert file.open_with_recovery(shares.join(new[2:])) == key
    whole = file.new_recovery(key)
    assert file.recovery.mark == ""
    with pytest.raises(keyfaults.WrongRecovery):
        file.open_with_recovery(shares.join(new[2:]))
    assert file.open_with_recovery(whole) == key


def test_shares_may_be_typed_short_with_numbers_and_capitals(path: Path) -> None:
    file, key, _whole = create(path)
    sheets = file.split_recovery(key)
    typed = [
        "\n".join(f"{n}. {word[:4].upper()}" for n, word in enumerate(sheet.words, 1))
        for sheet in sheets[1:4]
    ]
    assert file.open_with_recovery(shares.join(typed)) == key


def test_each_slip_of_a_share_has_its_own_words(path: Path) -> None:
    file, key, _whole = create(path)
    sheets = file.split_recovery(key)
    words = list(sheets[0].words)
    with pytest.raises(shares.UnknownWord) as caught:
        shares.read(" ".join([*words[:5], "zzzz", *words[6:]]))
    assert caught.value.gaps["n"] == 6
    with pytest.raises(shares.AlmostWord) as near:
        shares.read(" ".join(["acedemic", *words[1:]]))
    assert near.value.gaps["near"] == "academic"
    with pytest.raises(shares.WrongLength):
        shares.read(" ".join(words[:-1]))
    other = next(word for word in shares.words() if word != words[7])
    with pytest.raises(shares.Mistyped):
        shares.read(" ".join([*words[:7], other, *words[8:]]))
    with pytest.raises(shares.SameShare):
        shares.join([" ".join(words)] * 3)


def test_a_rehearsal_proves_what_lies_on_the_disk(path: Path) -> None:
    file, key, whole = create(path)
    assert file.recovery.rehearsed == ""
    with pytest.raises(keyfaults.RecoveryMistyped):
        file.rehearse(whole[:-1])
    file.rehearse(whole)
    assert KeyFile.load(path).recovery.rehearsed == file.recovery.rehearsed != ""
    file.new_recovery(key)
    assert file.recovery.rehearsed == ""
    with pytest.raises(keyfaults.WrongRecovery):
        file.rehearse(whole)
