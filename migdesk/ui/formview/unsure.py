"""The choices that say “does not know” and “refuses to answer”, and their keys 8 and 9."""

from __future__ import annotations

from collections.abc import Sequence

from migdesk.forms import Choice

from .input import KEYS, plain


def _folded(*words: str) -> tuple[str, ...]:
    return tuple(plain(word) for word in words)


UNKNOWN, REFUSED = "8", "9"
_NAMES = {
    UNKNOWN: frozenset(
        "dk dnk idk nsp dont_know don_t_know do_not_know does_not_know unknown ne_sait_pas "
        "sait_pas ns inconnu no_sabe".split()
    ),
    REFUSED: frozenset(
        "refused refuse refus refusal rf ref no_answer prefer_not prefer_not_to_say pnta "
        "nrp pas_de_reponse no_responde".split()
    ),
}
_WORDS = {
    UNKNOWN: _folded(
        "ne sait pas", "ne sais pas", "nsp", "don't know", "don’t know", "does not know",
        "do not know", "doesn't know", "no sabe", "لا يعرف", "لا أعرف", "لا اعرف",
    ),
    REFUSED: _folded(
        "refus", "ne veut pas repondre", "prefere ne pas", "prefer not", "prefers not",
        "no answer", "pas de reponse", "no responde", "رفض", "يرفض",
    ),
}  # fmt: skip
LEFT = 7
"""Other choices that still leave 8 and 9 free."""


def unsure(choices: Sequence[Choice]) -> dict[str, Choice]:
    """Key → choice of the answers that are none. Known by the name that the designer gave
    or by its words; a number alone says nothing. Offered in short lists only."""
    found: dict[str, Choice] = {}
    if len(choices) > LEFT + len(_NAMES):
        return found
    for choice in choices:
        for key in (UNKNOWN, REFUSED):
            if key not in found and _says(choice, key):
                found[key] = choice
                break
    return found if len(choices) - len(found) <= LEFT else {}


def _says(choice: Choice, key: str) -> bool:
    if choice.value.casefold() in _NAMES[key]:
        return True
    words = plain(choice.label)
    return words.startswith(_WORDS[key])


def keys_for(choices: Sequence[Choice]) -> list[str]:
    """The key of each choice, "" where the keys have run out."""
    special = {choice.value: key for key, choice in unsure(choices).items()}
    keys = iter(KEYS)
    return [special.get(choice.value) or next(keys, "") for choice in choices]
