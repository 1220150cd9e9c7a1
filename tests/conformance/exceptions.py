"""Kinds of difference between two values: each says whether (ours, theirs) is of its kind."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

from migdesk.forms.definition import Node

_ID = re.compile(r"uuid:[0-9a-f-]{36}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]*\w)")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_NEAR = timedelta(minutes=10)
_ROUGH = frozenset(["decimal", "geopoint", "geotrace", "geoshape"])

def _numbers(text: str) -> str:
    text = re.sub(r";\s*", "; ", text)
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


def other_midnight(_node: Node | None, ours: str, theirs: str) -> bool:
    """A day here; there the moment at which it began in Greenwich."""
    try:
        day, moment = datetime.fromisoformat(f"{ours}T00:00Z"), datetime.fromisoformat(theirs)
        return moment.utcoffset() is not None and moment == day
    except ValueError:
        return False


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
    """The same moments of the run, some seconds apart."""
    if _MOMENT.sub("", ours) != _MOMENT.sub("", theirs):
        return False
    mine, others = (_moments(text) for text in (ours, theirs))
    same = len(mine) == len(others)
    return same and all(_near(a, b) for a, b in zip(mine, others, strict=True))


def _moments(text: str) -> list[datetime]:
    return [datetime.fromisoformat(found[0]) for found in _MOMENT.finditer(text)]


def _near(a: datetime, b: datetime) -> bool:
    return abs(a - b) < _NEAR and abs(a - datetime.now(a.tzinfo)) < timedelta(hours=1)


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


def no_nan(_node: Node | None, ours: str, theirs: str) -> bool:
    """What is no number is a word here, nothing there."""
    return "NaN" in ours and ours.replace("NaN", "") == theirs


def no_date(_node: Node | None, ours: str, theirs: str) -> bool:
    return theirs == "Invalid Date" and ours in ("", "NaN")


def same_time(_node: Node | None, ours: str, theirs: str) -> bool:
    """A time of day with its thousandths here, as it was written there."""
    return ours.removesuffix(":00.000") == theirs or ours.removesuffix(".000") == theirs


def guided(_node: Node | None, ours: str, theirs: str) -> bool:
    return ours in theirs or theirs.endswith("-")


def same_numbers(_node: Node | None, ours: str, theirs: str) -> bool:
    """The same numbers in a text, some with a nought at their end there."""
    return ".0" in theirs and _numbers(ours) == _numbers(theirs)


def log_named(node: Node | None, ours: str, theirs: str) -> bool:
    return (ours, theirs) == ("audit.csv", "") and node is not None and node.name == "audit"


def ordered(_node: Node | None, ours: str, theirs: str) -> bool:
    """The same choices in another order."""
    return sorted(ours.split()) == sorted(theirs.split())


def present(_node: Node | None, ours: str, theirs: str) -> bool:
    return ours != theirs
