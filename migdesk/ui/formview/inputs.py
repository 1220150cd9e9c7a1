"""Which widget takes the answer of a question: by its type and its appearance."""

from __future__ import annotations

from migdesk.forms import Live

from .choosing import ChoiceInput
from .input import KEYS, Input, NoteInput, looks
from .lines import LineInput, LongInput
from .searching import SearchInput

__all__ = [
    "INPUTS",
    "LOOKS",
    "ChoiceInput",
    "Input",
    "LineInput",
    "LongInput",
    "NoteInput",
    "SearchInput",
    "input_of",
]

INPUTS: dict[str, type[Input]] = {
    "note": NoteInput,
    "select_one": ChoiceInput,
    "select_multiple": ChoiceInput,
    "rank": ChoiceInput,
    "acknowledge": ChoiceInput,
}
"""By type; a type that is not named here is one line."""
LOOKS: dict[tuple[str, str], type[Input]] = {
    ("text", "multiline"): LongInput,
}
"""By type and a word of the appearance: before the type alone."""


def input_of(live: Live) -> type[Input]:
    """Class of the input for a question as it stands now."""
    words = looks(live.appearance)
    found = next((LOOKS[live.type, w] for w in words if (live.type, w) in LOOKS), None)
    found = found or INPUTS.get(live.type, LineInput)
    if found is ChoiceInput:
        count = len(live.choices)
        small = {"minimal", "autocomplete"} & set(words)
        if count > len(KEYS) or (small and count > 10):
            return SearchInput
    return found
