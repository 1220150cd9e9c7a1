"""Functions of text: cutting, searching, patterns."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from migdesk.forms.faults import FormFault
from migdesk.forms.xpath.numbers import round_number, whole
from migdesk.i18n import N_


class BadPattern(FormFault):
    code = "FRM-018"
    text = N_("The pattern “{pattern}” of regex() cannot be read. Check its brackets.")


def concat(*sets: list[str]) -> str:
    return "".join("".join(texts) for texts in sets)


def join(separator: list[str], *sets: list[str]) -> str:
    glue = separator[0] if separator else ""
    return glue.join(text for texts in sets for text in texts)


def substr(text: str, start: float, end: float = math.inf) -> str:
    """ODK: counted from 0, `end` excluded; below 0 counts from the end."""
    return text[slice(_place(whole(start), len(text)), _place(whole(end), len(text)))]


def _place(at: float, size: int) -> int:
    if math.isinf(at):
        return size if at > 0 else 0
    return max(0, int(at) + size) if at < 0 else int(at)


def substring(text: str, start: float, length: float = math.inf) -> str:
    """XPath 1.0: counted from 1, both numbers rounded."""
    first, stop = round_number(start), round_number(start) + round_number(length)
    return "".join(c for at, c in enumerate(text, 1) if first <= at < stop)


def substring_before(text: str, mark: str) -> str:
    before, found, _ = text.partition(mark) if mark else ("", "", "")
    return before if found else ""


def substring_after(text: str, mark: str) -> str:
    return text.partition(mark)[2] if mark else text


def translate(text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for at, char in enumerate(old):
        table.setdefault(ord(char), new[at] if at < len(new) else None)
    return text.translate(table)


def normalize_space(text: str) -> str:
    return " ".join(text.split())


def regex(text: str, source: str) -> bool:
    """The whole text must match (POLICY.md)."""
    return pattern(source).fullmatch(text) is not None


def check_pattern(given: list[str | None]) -> None:
    """Refuses at load a pattern that can be read by nobody."""
    if given[1] is not None:
        pattern(given[1])


# patterns, written for Java -------------------------------------------------------

_LAST = 0x3FFFF
_ASCII = {"d": "0-9", "w": "a-zA-Z_0-9", "s": r" \t\n\x0b\f\r", "h": r" \t\xa0"}
_POSIX = {
    "Lower": "a-z", "Upper": "A-Z", "ASCII": r"\x00-\x7f", "Alpha": "a-zA-Z", "Digit": "0-9",
    "Alnum": "a-zA-Z0-9", "Punct": r"!-/:-@\[-`{-~", "Space": r" \t\n\x0b\f\r",
    "XDigit": "0-9a-fA-F", "Blank": r" \t", "IsAlphabetic": "", "IsDigit": "",
}  # fmt: skip
_CATEGORIES = {"IsAlphabetic": "L", "IsDigit": "Nd"}
_PIECE = re.compile(
    r"""\\(?P<negated>[pP])(?:\{\^?(?P<property>\w+)\}|(?P<letter>\w))
      | \\Q(?P<quoted>.*?)(?:\\E|\Z)
      | \\(?P<escape>.)
      | (?P<named>\(\?<(?![=!]))
      | (?P<open>\[\^?\]?)
      | (?P<close>\])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=512)
def pattern(source: str) -> re.Pattern[str]:
    """Compiled pattern, written for Java: its \\d, \\w and \\s are those of ASCII, its \\p
    names Unicode categories. Raises BadPattern."""
    parts, depth = [], 0
    for piece in _PIECE.finditer(source):
        if piece["open"]:
            depth += 1
        elif piece["close"] and depth:
            depth -= 1
        parts.append(_translated(piece, depth > 0))
    try:
        return re.compile("".join(parts))
    except (re.error, OverflowError, RecursionError) as error:
        raise BadPattern(pattern=source) from error


def _translated(piece: re.Match[str], inside: bool) -> str:
    """One piece in Python's manner; `inside` square brackets a class loses its own."""
    if piece["negated"]:
        name = piece["property"] or piece["letter"]
        ranges = _POSIX.get(name) or _category(_CATEGORIES.get(name, name.removeprefix("Is")))
        if not ranges:
            raise BadPattern(pattern=piece.string)
        return _bracketed(ranges, inside, piece["negated"] == "P")
    if piece["quoted"] is not None:
        return re.escape(piece["quoted"])
    if escape := piece["escape"]:
        if escape.lower() in _ASCII:
            return _bracketed(_ASCII[escape.lower()], inside, escape.isupper())
        return {"z": r"\Z", "R": r"(?:\r\n|[\n\x0b\f\r])"}.get(escape, piece[0])
    return "(?P<" if piece["named"] else piece[0]


def _bracketed(ranges: str, inside: bool, negated: bool) -> str:
    if not inside:
        return f"[{'^' if negated else ''}{ranges}]"
    return _outside(ranges) if negated else ranges


@lru_cache(maxsize=64)
def _category(prefix: str) -> str:
    """The characters of a Unicode category, as ranges of a class; blank if there is none."""
    return _ranges(lambda char: unicodedata.category(char).startswith(prefix))


@lru_cache(maxsize=64)
def _outside(ranges: str) -> str:
    inside = re.compile(f"[{ranges}]")
    return _ranges(lambda char: inside.match(char) is None)


def _ranges(belongs: Callable[[str], bool]) -> str:
    """Of the four planes that hold characters; the others are private or empty."""
    found, start = [], -1
    for at in range(_LAST + 2):
        here = at <= _LAST and belongs(chr(at))
        if here and start < 0:
            start = at
        elif not here and start >= 0:
            found.append(f"{_coded(start)}-{_coded(at - 1)}")
            start = -1
    return "".join(found)


def _coded(at: int) -> str:
    return f"\\U{at:08x}"
