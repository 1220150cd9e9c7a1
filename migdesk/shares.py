"""The recovery key in five shares of words, of which any three open (SLIP-39).

A share is 23 English words: whoever finds one or two of them learns nothing. Words of the
list differ in their first four letters, so these are enough to type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.keytext import in_groups, spell_checked, typed_words

SHARES, NEEDED = 5, 3
WORDS = 23
"""Words of a share of a 160-bit secret: 16 of 10 bits, 4 of facts, 3 of checking."""
_ENOUGH = 4


class UnknownWord(Mistake):
    code = "SHR-001"
    text = N_("Word {n} (“{word}”) is not a word of these sheets. Compare it with the paper.")


class AlmostWord(UnknownWord):
    """The same, where the list has a word like it."""

    code = "SHR-002"
    text = N_("Word {n} (“{word}”) is not a word of these sheets. Is it “{near}”?")


class WrongLength(Mistake):
    code = "SHR-003"
    text = N_("A sheet has {wanted} words; {n} were typed.")


class Mistyped(Mistake):
    """Each word exists, together they do not: one is another word of the list."""

    code = "SHR-004"
    text = N_("These words do not belong together: one of them is another than on the paper.")


class SameShare(Mistake):
    code = "SHR-005"
    text = N_("Sheet {n} was typed twice. Take another sheet.")


class OtherSet(Mistake):
    code = "SHR-006"
    text = N_("These sheets were not printed together. Take {needed} with the same mark.")


class TooFew(Mistake):
    code = "SHR-007"
    text = N_("{needed} sheets are needed; {n} were typed.")


@dataclass(frozen=True)
class Share:
    """What a sheet tells of itself: its number from 1, and the mark of those printed
    together with it (five digits)."""

    number: int
    mark: str
    words: tuple[str, ...]


@cache
def words() -> tuple[str, ...]:
    """The 1,024 words of the list, in order."""
    from shamir_mnemonic.wordlist import WORDLIST

    return tuple(WORDLIST)


@cache
def _by_start() -> dict[str, str]:
    return {word[:_ENOUGH]: word for word in words()}


def word(typed: str) -> str:
    """The word that somebody means by it or by its first four letters; "" for none."""
    found = _by_start().get(typed[:_ENOUGH].lower(), "")
    return found if found.startswith(typed.lower()) else ""


def split(secret: bytes) -> tuple[Share, ...]:
    """Five new shares of a secret of 20 bytes; each call makes a set of its own."""
    from shamir_mnemonic import generate_mnemonics

    # The secret is random, so that nothing is gained by making each guess dear.
    (group,) = generate_mnemonics(1, [(NEEDED, SHARES)], secret, iteration_exponent=0)
    return tuple(read(text) for text in group)


def read(text: str) -> Share:
    """A share as somebody typed it. Raises UnknownWord, WrongLength or Mistyped."""
    from shamir_mnemonic.share import Share as Held
    from shamir_mnemonic.utils import MnemonicError

    typed = typed_words(text)
    meant = [_known(n, each) for n, each in enumerate(typed, start=1)]
    if len(meant) != WORDS:
        raise WrongLength(n=len(meant), wanted=WORDS)
    try:
        held = Held.from_mnemonic(" ".join(meant))
    except MnemonicError:
        raise Mistyped from None
    return Share(held.index + 1, f"{held.identifier:05d}", tuple(meant))


def _known(n: int, typed: str) -> str:
    from difflib import get_close_matches

    found = word(typed)
    if not found:
        near = get_close_matches(typed, words(), n=1)
        if near:
            raise AlmostWord(n=n, word=typed, near=near[0])
        raise UnknownWord(n=n, word=typed)
    return found


def fit(shares: Sequence[Share]) -> None:
    """Raises SameShare or OtherSet where they cannot be joined."""
    numbers = [share.number for share in shares]
    for n in numbers:
        if numbers.count(n) > 1:
            raise SameShare(n=n)
    if len({share.mark for share in shares}) > 1:
        raise OtherSet(needed=NEEDED)


def join(texts: Iterable[str]) -> str:
    """The recovery key, as it would be printed, of three shares as they were typed.
    Raises what `read` and `fit` do, TooFew, and Mistyped for a forged one."""
    from shamir_mnemonic import combine_mnemonics
    from shamir_mnemonic.utils import MnemonicError

    held = [read(text) for text in texts]
    fit(held)
    if len(held) < NEEDED:
        raise TooFew(n=len(held), needed=NEEDED)
    try:
        secret = combine_mnemonics(" ".join(share.words) for share in held[:NEEDED])
    except MnemonicError:
        raise Mistyped from None
    return in_groups(spell_checked(secret))
