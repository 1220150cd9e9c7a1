"""The few colours of paper: ink, one accent, one warning, and their tints."""

from __future__ import annotations

from typing import TypeAlias

Colour: TypeAlias = tuple[float, float, float]
"""Red, green and blue, 0 to 1: ReportLab parses a name anew at each use."""


def _rgb(code: str) -> Colour:
    red, green, blue = (int(code[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


INK = _rgb("#1d2733")
MUTED = _rgb("#5b6673")
HAIR = _rgb("#d3dae0")
PALE = _rgb("#f3f5f7")
ACCENT = _rgb("#0f6b6b")
TINT = _rgb("#e9f3f2")
WARN = _rgb("#8a4500")
WARN_TINT = _rgb("#fdf3e6")

SERIES = tuple(map(_rgb, "#0f6b6b #e0a458 #4f6d9c #b5d1ae #8c4a5e #b9bec4 #7a8f2e".split()))
"""Series of a chart, neighbours apart in lightness too: most offices print in grey."""
