"""Sets of log positions as intervals (after, upto]: what is here, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""The positions above the first number, up to and with the second."""


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same positions in as few spans as can be, in order."""
    found: list[Span] = []
    for after, upto in sorted(spans):
        if after >= upto:
            continue
        if found and after <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], upto))
        else:
            found.append((after, upto))
    return found


def missing(spans: Iterable[Span], upto: int) -> list[Span]:
    """The positions from 1 to `upto` that are in none of the spans."""
    found: list[Span] = []
    at = 0
    for after, end in joined(spans):
        if after >= upto:
            break
        if after > at:
            found.append((at, after))
        at = max(at, end)
    if at < upto:
        found.append((at, upto))
    return found


def without(spans: Iterable[Span], positions: Iterable[int]) -> list[Span]:
    """The positions of the spans but for these."""
    found = joined(spans)
    for at in positions:
        found = [
            part
            for after, upto in found
            for part in ((after, min(upto, at - 1)), (max(after, at), upto))
            if part[0] < part[1]
        ]
    return found


def held(spans: Iterable[Span]) -> int:
    """The position up to which nothing is missing."""
    whole = joined(spans)
    return whole[0][1] if whole and whole[0][0] == 0 else 0


def end(spans: Iterable[Span]) -> int:
    """The highest position, 0 if there is none."""
    return max((upto for _after, upto in spans), default=0)
