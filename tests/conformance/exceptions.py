"""Differences that POLICY.md explains. Each names its row there, by the row's first words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from migdesk.forms.definition import Node

_ID = re.compile(r"uuid:[0-9a-f-]{36}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]*\w)")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)")
_NEAR = timedelta(minutes=10)
_ROUGH = frozenset(["decimal", "geopoint", "geotrace", "geoshape"])

Said = Callable[[Node | None, str, str], bool]


@dataclass(frozen=True)
class Row:
    """`holds(node, ours, theirs)`: whether this row of POLICY.md explains the difference.
    `kinds`: value, label, hint, choice (one label)."""

    row: str
    kinds: frozenset[str]
    holds: Said


def _numbers(text: str) -> str:
    return _NUMBER.sub(lambda found: repr(float(found[0])), text)


def _same_number(node: Node | None, ours: str, theirs: str) -> bool:
    rough = node is not None and node.bind.type in _ROUGH
    geo = len(theirs.split()) > 1 and ".0" in theirs
    return (rough or geo) and _numbers(ours) == _numbers(theirs)


def _written(_node: Node | None, ours: str, theirs: str) -> bool:
    """The same number, in full here and with an exponent there."""
    if "E" not in theirs:
        return False
    try:
        return math.isclose(float(ours), float(theirs), rel_tol=1e-12)
    except ValueError:
        return False


def _measured(_node: Node | None, ours: str, theirs: str) -> bool:
    """The same number but for its last digits."""
    try:
        return len(ours) > 14 and math.isclose(float(ours), float(theirs), rel_tol=1e-12)
    except ValueError:
        return False


def _same_moment(_node: Node | None, ours: str, theirs: str) -> bool:
    """Written as a date only there."""
    return ours != theirs and _MOMENT.sub(r"\1", ours) == theirs


def _day(_node: Node | None, ours: str, theirs: str) -> bool:
    """Written with a midnight there."""
    return theirs.startswith(f"{ours}T00:00:00.000") and len(ours) == 10


def _same_instant(_node: Node | None, ours: str, theirs: str) -> bool:
    """The same moment, or time of day, under another offset."""
    try:
        a, b = (
            datetime.fromisoformat(t if "-" in t[:5] else f"2000-01-02T{t}")
            for t in (ours, theirs)
        )
        return (
            a.utcoffset() is not None
            and (a - b) % timedelta(days=1) == timedelta(0)
            and ("-" not in ours[:5] or a == b)
        )
    except (ValueError, TypeError):
        return False


def _now(_node: Node | None, ours: str, theirs: str) -> bool:
    """The same moment of the run, some seconds apart."""
    try:
        a, b = datetime.fromisoformat(ours), datetime.fromisoformat(theirs)
        return abs(a - b) < _NEAR and abs(a - datetime.now(a.tzinfo)) < timedelta(hours=1)
    except (ValueError, TypeError):
        return False


def _drawn(_node: Node | None, ours: str, theirs: str) -> bool:
    return _ID.sub("?", ours) == _ID.sub("?", theirs)


def _borrowed(_node: Node | None, ours: str, theirs: str) -> bool:
    return theirs.rpartition("|")[2] == "-" != ours


def _spaces(_node: Node | None, ours: str, theirs: str) -> bool:
    return ours.replace(" ", "") == theirs.replace(" ", "")


def _closed(node: Node | None, ours: str, theirs: str) -> bool:
    points = theirs.split(";")
    shape = node is not None and node.bind.type == "geoshape"
    return shape and _numbers(ours) == _numbers(f"{theirs}; {points[0]}")


def _no_offset(node: Node | None, ours: str, theirs: str) -> bool:
    return node is not None and node.bind.type == "time" and theirs.startswith(f"{ours}")


def _coded(_node: Node | None, ours: str, theirs: str) -> bool:
    """A choice is told as code|label."""
    code, _, label = theirs.partition("|")
    return not label and ours == f"{code}|{code}"


VALUE, WORDS, CHOICE = "value", frozenset(["label", "hint", "choice"]), "choice"
EXCEPTIONS = (
    Row("A decimal or a place", frozenset([VALUE, "label", "hint"]), _same_number),
    Row("Very large numbers", frozenset([VALUE, "label"]), _written),
    Row("Areas and distances", frozenset([VALUE, "label"]), _measured),
    Row("Text of a moment", frozenset([VALUE, "label", "hint"]), _same_moment),
    Row("A day calculated into a text", frozenset([VALUE]), _day),
    Row("Offset of a moment", frozenset([VALUE, "label", "hint"]), _same_instant),
    Row("`today()`, `now()` in a calculation", frozenset([VALUE, "label"]), _now),
    Row("`once()`, `random()`, `uuid()`", frozenset([VALUE, "label"]), _drawn),
    Row("White space between two values", frozenset(["label", "hint"]), _spaces),
    Row("A geoshape that is not closed", frozenset([VALUE]), _closed),
    Row("A time without an offset", frozenset([VALUE]), _no_offset),
    Row("A choice without a label", frozenset(["choice"]), _coded),
    Row("A text missing in a language", WORDS, _borrowed),
)


def excused(kind: str, node: Node | None, ours: str, theirs: str) -> str:
    """Row of POLICY.md that explains a difference; blank where none does."""
    for one in EXCEPTIONS:
        if kind in one.kinds and one.holds(node, ours, theirs):
            return one.row
    return ""


_BESIDE = "An action in the body beside the questions"
FORMS = {
    "enketo-transformer/forms/setvalue-repeat.xml": (
        "`odk-instance-first-load` inside a group inside a repeat"
    ),
    "enketo-transformer/forms/setvalue-radiobuttons-default.xml": _BESIDE,
    "enketo-transformer/forms/setvalue-values.xml": _BESIDE,
}
"""Forms that a row of POLICY.md explains whole."""
