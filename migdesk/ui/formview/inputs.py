"""Which widget takes the answer of a question: by its type and its appearance."""

from __future__ import annotations

from migdesk.forms import Live

from .choosing import ChoiceInput, LikertInput
from .dates import DateInput, MomentInput, TimeInput
from .input import KEYS, Input, NoteInput, looks
from .lines import DigitsInput, LineInput, LinkInput, LongInput, MaskedInput, NumberInput
from .media_inputs import MEDIA, MEDIA_LOOKS
from .ranges import PickerInput, RangeInput, RatingInput, values_of
from .ranking import RankInput
from .searching import MinimalInput, SearchInput
from .unsure import keys_for

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
    "rank": RankInput,
    "acknowledge": ChoiceInput,
    "integer": NumberInput,
    "decimal": NumberInput,
    "range": RangeInput,
    "date": DateInput,
    "time": TimeInput,
    "dateTime": MomentInput,
    **MEDIA,
}
"""By type; a type that is not named here is one line."""
LOOKS: dict[tuple[str, str], type[Input]] = {
    ("text", "multiline"): LongInput,
    ("text", "masked"): MaskedInput,
    ("text", "url"): LinkInput,
    ("text", "numbers"): DigitsInput,
    ("select_one", "minimal"): MinimalInput,
    ("select_one", "autocomplete"): SearchInput,
    ("select_one", "search"): SearchInput,
    ("select_one", "likert"): LikertInput,
    ("select_multiple", "minimal"): MinimalInput,
    ("select_multiple", "autocomplete"): SearchInput,
    ("select_multiple", "search"): SearchInput,
    ("range", "rating"): RatingInput,
    ("range", "picker"): PickerInput,
    **MEDIA_LOOKS,
}
"""By type and a word of the appearance: before the type alone."""
FEW_STEPS = 11
"""Steps that a scale or a row of stars has room for."""


def input_of(live: Live) -> type[Input]:
    """Class of the input for a question as it stands now."""
    words = looks(live.appearance)
    found = next((LOOKS[live.type, w] for w in words if (live.type, w) in LOOKS), None)
    found = found or INPUTS.get(live.type, LineInput)
    if found is LineInput and live.control is not None and live.control.attributes.get("rows"):
        found = LongInput
    if found is LikertInput and len(live.choices) > FEW_STEPS:
        found = ChoiceInput
    if found is RatingInput and len(values_of(live)) > FEW_STEPS:
        found = RangeInput
    if found is ChoiceInput and len(live.choices) > len(KEYS) and "" in keys_for(live.choices):
        return SearchInput
    return found
