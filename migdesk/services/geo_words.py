"""Places, lines and areas of answers in words."""

from __future__ import annotations

from babel.numbers import format_decimal

from migdesk.forms.xpath import geo
from migdesk.i18n import _, language, ngettext

SHOWN = 12
"""Points of a line that are written out."""


def number(value: float, pattern: str = "#,##0.##") -> str:
    """A number as the person writes it."""
    return format_decimal(value, format=pattern, locale=language())


def length_words(metres: float) -> str:
    """“850 m”, “12,4 km”."""
    if metres < 1000:
        return _("{n} m").format(n=number(metres, "0.#" if metres < 10 else "0"))
    return _("{n} km").format(n=number(metres / 1000))


def area_words(square: float) -> str:
    """“640 m²”, “1,25 ha”, “3,4 km²”."""
    if square < 10_000:
        return _("{n} m²").format(n=number(square, "0"))
    if square < 1_000_000:
        return _("{n} ha").format(n=number(square / 10_000))
    return _("{n} km²").format(n=number(square / 1_000_000))


def short(text: str) -> list[str]:
    """Each point without the zeros that say nothing of altitude and accuracy."""
    lines = []
    for part in text.split(";"):
        words = part.split()
        while len(words) > 2 and words[-1].strip("0.") == "":
            words.pop()
        lines.append(" ".join(words))
    return lines


def heights(text: str) -> list[str]:
    """Altitude and accuracy of a point, where they are known."""
    said, words = [], text.split()
    if len(words) > 2 and float(words[2]):
        said.append(_("altitude {n} m").format(n=number(float(words[2]), "0.#")))
    if len(words) > 3 and float(words[3]):
        said.append(_("accuracy {n} m").format(n=number(float(words[3]), "0.#")))
    return said


def measures(kind: str, text: str) -> str:
    """How many points, how long, how large: of a line or an area."""
    found = geo.points_of([text]) or []
    closed = kind == "geoshape" and len(found) > 2 and found[0] == found[-1]
    count = len(found) - closed
    points = ngettext("{n} point", "{n} points", count).format(n=count)
    length = length_words(geo.distance([text]))
    if kind == "geotrace":
        return _("{points} · length {length}").format(points=points, length=length)
    return _("{points} · around {length} · area {area}").format(
        points=points, length=length, area=area_words(geo.area([text]))
    )


def place_words(kind: str, text: str) -> str:
    """An answer for a person to read: coordinates, and what they measure. What is no
    place comes back as it is."""
    if not geo.points_of([text]):
        return text
    if kind == "geopoint":
        return " · ".join((" ".join(text.split()[:2]), *heights(text)))
    lines = [" ".join(line.split()[:2]) for line in short(text)]
    rest = "; …" if len(lines) > SHOWN else ""
    return f"{measures(kind, text)} · {'; '.join(lines[:SHOWN])}{rest}"
