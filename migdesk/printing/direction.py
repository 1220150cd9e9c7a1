"""Right to left: the order in which a line of mixed scripts is drawn (UAX #9)."""

from __future__ import annotations

import re
import unicodedata

from bidi import algorithm
from bidi.mirror import MIRRORED

from migdesk.printing import fonts

_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_NUMBERS = re.compile(r"(?<![\w+])\+?\(?\d[\d \u00a0\u202f\-/().]*\d")
_MARK = "\u200e"
_UNDRAWN = "\u200e\u200f"


def has_right_to_left(text: str) -> bool:
    """True when a letter of a right-to-left script is in the text."""
    return _RIGHT.search(text) is not None


def base_is_rtl(text: str, page_rtl: bool) -> bool:
    """Direction of a paragraph: the page's, unless every letter goes the other way."""
    right = has_right_to_left(text)
    if not page_rtl:
        return right and not any(unicodedata.bidirectional(char) == "L" for char in text)
    return right


def hold_numbers(text: str) -> str:
    """Mark groups of digits (a phone, a date) so that a right-to-left line keeps
    their order, sign first, and no line breaks between them."""
    return _NUMBERS.sub(lambda found: _MARK + found.group().replace(" ", "\u00a0"), text)


def drawn_order(line: str, base_rtl: bool, style: str) -> list[fonts.Run]:
    """Runs of a line from left to right, each ready to draw.

    A run in the joined face stays in logical order, since shaping turns it; any
    other right-to-left run (spaces, brackets) is turned and mirrored here.
    """
    levels = _levels(line, base_rtl)
    visible = [i for i, char in enumerate(line) if char not in _UNDRAWN]
    text = "".join([line[i] for i in visible])
    level = [levels[i] for i in visible]
    runs = fonts.runs_of(text, style, lambda i: level[i] != level[i - 1])
    starts = [sum(len(run.text) for run in runs[:i]) for i in range(len(runs))]
    order = _reorder([level[start] for start in starts])
    return [_turned(runs[i], level[starts[i]]) for i in order]


def _turned(run: fonts.Run, level: int) -> fonts.Run:
    if run.shaped or level % 2 == 0:
        return run
    return run._replace(text="".join([MIRRORED.get(c, c) for c in reversed(run.text)]))


def _levels(line: str, base_rtl: bool) -> list[int]:
    base = int(base_rtl)
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels(line, storage)
    for index, char in enumerate(storage["chars"]):
        char["index"] = index
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    # Joiners are taken out by the algorithm; they keep the level of what precedes.
    found = {char["index"]: char["level"] for char in storage["chars"]}
    levels: list[int] = []
    for index in range(len(line)):
        levels.append(found.get(index, levels[-1] if levels else base))
    for index in range(len(line.rstrip()), len(line)):
        levels[index] = base
    return levels


def _reorder(levels: list[int]) -> list[int]:
    """Rule L2: indexes of runs in visual order."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = None
        for place in range(len(order) + 1):
            inside = place < len(order) and levels[order[place]] >= level
            if inside and start is None:
                start = place
            elif not inside and start is not None:
                order[start:place] = reversed(order[start:place])
                start = None
    return order
