"""Which appearances, attributes and columns of a form the program honours.

The tables are what a designer is told at import. Whoever teaches the screen, the paper
or the engine to honour another word adds it here.
"""

from __future__ import annotations

import re

WIDTH = re.compile(r"w\d{1,2}")
COLUMNS = re.compile(r"(columns|compact)-\d{1,2}")

_MANY = frozenset(
    ["minimal", "autocomplete", "search", "columns", "columns-pack", "columns-flex",
     "no-buttons", "compact", "horizontal", "horizontal-compact", "label", "list",
     "list-nolabel"]
)  # fmt: skip
_GEO = frozenset({"maps", "placement-map", "hide-input"})
_NONE: frozenset[str] = frozenset()

HONOURED: dict[str, frozenset[str]] = {
    "text": frozenset({"multiline", "url", "masked", "numbers"}),
    "integer": frozenset({"thousands-sep", "bearing", "counter"}),
    "decimal": frozenset({"thousands-sep", "bearing"}),
    "range": frozenset({"no-slider", "vertical", "rating", "picker", "no-ticks"}),
    "date": frozenset({"no-calendar", "month-year", "year"}),
    "time": _NONE,
    "dateTime": frozenset({"no-calendar"}),
    "select_one": _MANY | {"likert", "quick"},
    "select_multiple": _MANY,
    "rank": _NONE,
    "acknowledge": _NONE,
    "note": _NONE,
    "image": frozenset({"new", "new-front", "draw", "signature", "annotate"}),
    "audio": _NONE,
    "video": _NONE,
    "file": _NONE,
    "barcode": _NONE,
    "geopoint": _GEO,
    "geotrace": _GEO,
    "geoshape": _GEO,
    "group": frozenset({"field-list", "table-list"}),
    "repeat": frozenset({"field-list"}),
}
"""Words of `appearance` by question type. A type that is not named here has no widget of
its own: it is answered as text."""


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
     "id", "track-changes", "track-changes-reasons", "identify-user", "quality"]
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
