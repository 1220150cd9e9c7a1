"""Coordinates as people write them → latitude and longitude in degrees.

Read: decimal degrees with a point or a comma (``12.708 -15.556``, ``12,708 -15,556``,
``12.708, -15.556``), degrees, minutes and seconds (``12°42'29"N 15°33'21"W``,
``N 12 42 29 W 15 33 21``, ``12° 42.48' N, 15° 33.36' O``). The letters of the four winds
are those of English, French, Spanish and Portuguese, where O is the west.
"""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)
_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "º": "°", "˚": "°", "’": "'", "′": "'", "‘": "'", "´": "'",
     "″": '"', "”": '"', "“": '"', "„": '"', "\u00a0": " ", "\u202f": " "}
)  # fmt: skip
_WORDS = (
    (re.compile(r"\b(?:north|nord|norte)\b", re.IGNORECASE), "N"),
    (re.compile(r"\b(?:south|sud|sur|sul)\b", re.IGNORECASE), "S"),
    (re.compile(r"\b(?:east|est|este|leste)\b", re.IGNORECASE), "E"),
    (re.compile(r"\b(?:west|ouest|oeste)\b", re.IGNORECASE), "W"),
)
_TOKEN = re.compile(r"[NSEWO]|[-+]?\d+(?:[.,]\d+)?|\.\d+|[°'\"]|[\s,;/]+", re.ASCII)
_WINDS = frozenset("NSEWO")
_MOST = 200
_PLACES = Decimal("0.0000001")
"""A centimetre."""


def numbers_of(typed: str) -> list[Decimal] | None:
    """[latitude, longitude] and, where given, altitude and accuracy in metres; None where
    it is no place on Earth."""
    text = typed.translate(_SIGNS).strip()
    if len(text) > _MOST:
        return None
    for word, letter in _WORDS:
        text = word.sub(letter, text)
    found = _angles(text) if re.search("[°NSEWOnsewo]", text) else _plain(text)
    if found is None or abs(found[0]) > 90 or abs(found[1]) > 180:
        return None
    return found


def _plain(text: str) -> list[Decimal] | None:
    parts = [part.strip(",") for part in re.split(r"[\s;]+", text)]
    parts = [part for part in parts if part]
    if len(parts) == 1:
        parts = _by_commas(parts[0])
    parts = [part.replace(",", ".") if part.count(",") == 1 else part for part in parts]
    if not 2 <= len(parts) <= 4 or not all(_NUMBER.match(part) for part in parts):
        return None
    return [Decimal(part) for part in parts]


def _by_commas(text: str) -> list[str]:
    """Numbers without a space between: ``12.7,-15.5``, or ``12,7,-15,5``."""
    parts = text.split(",")
    if len(parts) == 4 and "." not in text:
        return [f"{parts[0]}.{parts[1]}", f"{parts[2]}.{parts[3]}"]
    return parts


def _angles(text: str) -> list[Decimal] | None:
    """Two angles with marks of degrees, or with letters of winds before or after them."""
    text = text.upper()
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text:
        return None
    tokens = [token for token in tokens if not _SPACE.match(token)]
    cut = _cut(tokens)
    if cut is None:
        return None
    first, second = _angle(tokens[:cut]), _angle(tokens[cut:])
    if first is None or second is None:
        return None
    if (first[1], second[1]) in (("", ""), ("NS", "EW")):
        return [first[0], second[0]]
    return [second[0], first[0]] if (first[1], second[1]) == ("EW", "NS") else None


def _cut(tokens: list[str]) -> int | None:
    """Where the second angle begins."""
    winds = [at for at, token in enumerate(tokens) if token in _WINDS]
    if len(winds) == 2:
        return winds[1] if winds[0] == 0 else winds[0] + 1
    degrees = [at for at, token in enumerate(tokens) if token == "°"]
    return degrees[1] - 1 if len(degrees) == 2 and not winds else None


def _angle(tokens: list[str]) -> tuple[Decimal, str] | None:
    """Degrees, and the axis that a letter names (NS, EW, or none)."""
    if any(token in _WINDS for token in tokens[1:-1]):
        return None
    wind = "".join(token for token in tokens if token in _WINDS)
    written = [token.replace(",", ".") for token in tokens if token[-1].isdigit()]
    if not 1 <= len(written) <= 3 or len(wind) > 1 or any(w[0] in "+-" for w in written[1:]):
        return None
    parts = [abs(Decimal(number)) for number in written]
    if any(part >= 60 for part in parts[1:]):
        return None
    degrees = parts[0]
    if len(parts) > 1:
        exact = sum(part / 60**power for power, part in enumerate(parts))
        degrees = Decimal(exact).quantize(_PLACES).normalize()
    if wind in ("S", "W", "O") or written[0].startswith("-"):
        degrees = -degrees
    return degrees, "" if not wind else "NS" if wind in "NS" else "EW"


_SPACE = re.compile(r"[\s,;/]")
