"""The round numbers that a map needs, and degrees in words."""

from __future__ import annotations

import math

STEPS = (90, 45, 30, 15, 10, 5, 2, 1)
"""Whole degrees between the lines of a grid; then minutes and seconds."""


def round_down(value: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not above `value`."""
    power = 10.0 ** math.floor(math.log10(max(value, 0.01)))
    return max(n * power for n in (1, 2, 5) if n * power <= value or n == 1)


def grid_step(least: float) -> float:
    """Degrees between the lines of a grid, at least `least`: round in degrees, minutes or
    seconds."""
    for unit in (3600, 60):
        for count in (1, 2, 5, 10, 15, 30):
            if count / unit >= least:
                return count / unit
    return float(min((step for step in STEPS if step >= least), default=STEPS[0]))


def degrees_words(value: float, step: float, positive: str, negative: str) -> str:
    """“14° 30′ N”: as exact as the grid needs."""
    seconds = round(abs(value) * 3600)
    degrees, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    words = f"{degrees}°"
    if step < 1:
        words += f" {minutes:02}′"
    if step < 1 / 60:
        words += f" {rest:02}″"
    return words if not seconds else f"{words} {positive if value > 0 else negative}"
