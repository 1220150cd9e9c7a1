"""Which appearances, attributes and columns of a form the program honours.

The tables are what a designer is told at import. Whoever teaches the screen, the paper
or the engine to honour another word adds it here.
"""

from __future__ import annotations

import re

WIDTH = re.compile(r"w\d{1,2}")
COLUMNS = re.compile(r"columns-\d{1,2}")

_SELECT = frozenset(
    ["minimal", "autocomplete", "search", "quick", "quickcompact", "columns", "columns-pack",
     "columns-flex", "no-buttons", "compact", "horizontal", "horizontal-compact", "likert",
     "label", "list", "list-nolabel", "image-map", "full"]
)  # fmt: skip
_NUMBER = frozenset({"thousands-sep", "bearing", "counter", "numbers"})
_DATE = frozenset({"no-calendar", "month-year", "year"})
_GEO = frozenset({"maps", "placement-map", "hide-input"})

HONOURED: dict[str, frozenset[str]] = {
    "text": frozenset({"multiline", "numbers", "url", "masked"}),
    "integer": _NUMBER,
    "decimal": _NUMBER,
    "range": frozenset({"no-slider", "vertical", "rating", "picker", "no-ticks"}),
    "date": _DATE,
    "dateTime": frozenset({"no-calendar"}),
    "time": frozenset(),
    "select_one": _SELECT,
    "select_multiple": _SELECT,
    "rank": frozenset(),
    "acknowledge": frozenset(),
    "note": frozenset(),
    "image": frozenset({"new", "draw", "signature", "annotate"}),
    "geopoint": _GEO,
    "geotrace": _GEO,
    "geoshape": _GEO,
    "group": frozenset({"field-list", "table-list", "page"}),
    "repeat": frozenset({"field-list"}),
}
"""Words of `appearance` by question type. A type that is not named honours none."""


def honoured(kind: str, word: str) -> bool:
    """Whether a word of an appearance does something for a type of question."""
    if WIDTH.fullmatch(word):
        return True
    if kind.startswith("select") and COLUMNS.fullmatch(word):
        return True
    return word in HONOURED.get(kind, ())


BODY_ATTRIBUTES = frozenset(
    ["ref", "nodeset", "bind", "appearance", "mediatype", "start", "end", "step", "query",
     "rows", "count", "noAddRemove", "accuracyThreshold", "unacceptableAccuracyThreshold",
     "class", "autoplay"]
)  # fmt: skip
"""Attributes of questions and groups in the body, without their prefixes."""

BIND_ATTRIBUTES = frozenset(
    ["nodeset", "type", "relevant", "calculate", "constraint", "required", "readonly",
     "constraintMsg", "requiredMsg", "preload", "preloadParams", "saveto", "max-pixels",
     "id", "location-priority", "location-min-interval", "location-max-age", "track-changes"]
)  # fmt: skip
"""Attributes of binds, without their prefixes."""

SURVEY_COLUMNS = frozenset(
    ["type", "name", "label", "hint", "guidance_hint", "caption", "command", "tag", "value",
     "constraint", "constraint_message", "constraining_message", "required",
     "required_message", "requiredmsg", "relevant", "relevance", "read_only", "readonly",
     "default", "calculation", "calculate", "appearance", "parameters", "choice_filter",
     "repeat_count", "count", "image", "big-image", "audio", "video", "media", "trigger",
     "autoplay", "rows", "save_to", "hxl", "note", "notes", "comment", "comments",
     "disabled", "bind", "body", "control", "instance"]
)  # fmt: skip
"""Columns of the sheet of questions, without language or sub-column."""
