"""Kinds of difference between two values: each says whether (ours, theirs) is of its kind."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

from migdesk.forms.definition import Node

_ID = re.compile(r"uuid:[0-9a-f-]{36}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]*\w)")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)")
_NEAR = timedelta(minutes=10)
_ROUGH = frozenset(["decimal", "geopoint", "geotrace", "geoshape"])

def _numbers(text: str) -> str:
    return _NUMBER.sub(lambda found: repr(float(found[0])), text)


def same_number(node: Node | None, ours: str, theirs: str) -> bool:
    rough = node is not None and node.bind.type in _ROUGH
    geo = len(theirs.split()) > 1 and ".0" in theirs
    return (rough or geo) and _numbers(ours) == _numbers(theirs)


def written(_node: Node | None, ours: str, theirs: str) -> bool:
    """The same number, in full here and with an exponent there."""
    if "E" not in theirs:
        return False
    try:
        return math.isclose(float(ours), float(theirs), rel_tol=1e-12)
    except ValueError:
        return False


def measured(_node: Node | None, ours: str, theirs: str) -> bool:
    """The same number but for its last digits."""
    try:
        return len(ours) > 14 and math.isclose(float(ours), float(theirs), rel_tol=1e-12)
    except ValueError:
        return False


def same_moment(_node: Node | None, ours: str, theirs: str) -> bool:
    """Written as a date only there."""
    return ours != theirs and _MOMENT.sub(r"\1", ours) == theirs


def day(_node: Node | None, ours: str, theirs: str) -> bool:
    """Written with a midnight there."""
    return theirs.startswith(f"{ours}T00:00:00.000") and len(ours) == 10


def same_instant(_node: Node | None, ours: str, theirs: str) -> bool:
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


def now(_node: Node | None, ours: str, theirs: str) -> bool:
    """The same moment of the run, some seconds apart."""
    try:
        a, b = datetime.fromisoformat(ours), datetime.fromisoformat(theirs)
        return abs(a - b) < _NEAR and abs(a - datetime.now(a.tzinfo)) < timedelta(hours=1)
    except (ValueError, TypeError):
        return False


def drawn(_node: Node | None, ours: str, theirs: str) -> bool:
    return _ID.sub("?", ours) == _ID.sub("?", theirs)


def borrowed(_node: Node | None, ours: str, theirs: str) -> bool:
    return theirs.rpartition("|")[2] == "-" != ours


def spaces(_node: Node | None, ours: str, theirs: str) -> bool:
    return ours.replace(" ", "") == theirs.replace(" ", "")


def closed(node: Node | None, ours: str, theirs: str) -> bool:
    points = theirs.split(";")
    shape = node is not None and node.bind.type == "geoshape"
    return shape and _numbers(ours) == _numbers(f"{theirs}; {points[0]}")


def no_offset(node: Node | None, ours: str, theirs: str) -> bool:
    return node is not None and node.bind.type == "time" and theirs.startswith(f"{ours}")


def coded(_node: Node | None, ours: str, theirs: str) -> bool:
    """A choice is told as code|label."""
    code, _, label = theirs.partition("|")
    return not label and ours == f"{code}|{code}"


def said_true(_node: Node | None, ours: str, theirs: str) -> bool:
    """A boolean is 1 or 0 here, a word there."""
    return {"1": "true", "0": "false"}.get(ours) == theirs
