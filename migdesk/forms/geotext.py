"""Places as other programs write them: links of maps, WKT, GeoJSON, KML, GPX.

Nothing is asked of the network. What comes back is an answer as stored: ``latitude
longitude altitude accuracy``, points parted by ``; ``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote

from lxml import etree

from migdesk.forms.faults import FormFault
from migdesk.forms.values import BadAnswer, codec
from migdesk.forms.xml import local, parse_xml
from migdesk.i18n import N_

Numbers = tuple[str, ...]
"""Latitude, longitude, then altitude and accuracy if known, as digits."""
TYPES = ("geopoint", "geotrace", "geoshape")
MOST = 20_000
"""Points of one line at most; a track of a whole day has fewer."""

_N = r"([-+]?\d{1,3}(?:\.\d+)?)"
_LINKS = (
    re.compile(rf"!3d{_N}!4d{_N}"),
    re.compile(rf"[?&]mlat={_N}&mlon={_N}"),
    re.compile(
        rf"[?&](?:q|ll|query|destination|daddr|center|cp|point)=(?:loc:)?{_N}[,~+ ]+{_N}"
    ),
    re.compile(rf"#map=\d+(?:\.\d+)?/{_N}/{_N}"),
    re.compile(rf"[/@]{_N},{_N}(?:,[\d.]+[zma]|\b)"),
    re.compile(rf"[?&]lat={_N}&(?:lon|lng)={_N}"),
)
_GEO = re.compile(rf"geo:{_N},{_N}(?:,{_N})?(?:;.*?\bu=(\d+(?:\.\d+)?))?", re.IGNORECASE)
_WKT = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(POINT|LINESTRING|POLYGON)\s*(?:Z|M|ZM)?\s*\((.*)\)\s*\Z",
    re.IGNORECASE | re.DOTALL,
)


class NoPlaces(FormFault):
    """A file or a link without coordinates that we can read."""

    code = "GEO-001"
    text = N_(
        "No coordinates were found in it. Give a GPX, KML, GeoJSON or WKT file, or a link "
        "that holds latitude and longitude (short links do not)."
    )


class TooManyPoints(FormFault):
    """A line longer than any that a person walks."""

    code = "GEO-002"
    text = N_("This line has {count} points; at most {most} are taken. Give a shorter part.")


def typed(text: str, kind: str) -> str:
    """What was typed or pasted, as the type takes it: a link or a geometry becomes its
    coordinates, anything else stays as it is. `kind` is one of `TYPES`."""
    words = text.strip()
    found = _link(words) if "://" in words or words.startswith("geo:") else _geometry(words)
    return (stored(found, kind) if found else "") or text


def from_file(data: bytes, kind: str) -> str:
    """The answer that a file holds. Raises NoPlaces, TooManyPoints."""
    words = data.decode("utf-8-sig", "replace").strip()
    found = _marked(data) if words.startswith("<") else _geometry(words)
    if not found:
        lines = [line for line in re.split(r"[\r\n;]+", words) if line.strip()]
        found = _columns(lines)
    answer = stored(found, kind) if found else ""
    if not answer:
        raise NoPlaces()
    return answer


def stored(points: Sequence[Numbers], kind: str) -> str:
    """Points as an answer: the first one for a point, a closed ring for an area. "" where
    there are none that are on the Earth."""
    if len(points) > MOST:
        raise TooManyPoints(count=len(points), most=MOST)
    parse = codec("geopoint").parse
    try:
        texts = [parse(" ".join(point)) for point in points]
    except BadAnswer:
        return ""
    if kind == "geopoint":
        return texts[0] if texts else ""
    if kind == "geoshape" and len(texts) > 2 and texts[0] != texts[-1]:
        texts.append(texts[0])
    return "; ".join(texts)


def _link(text: str) -> list[Numbers]:
    """Coordinates in a link of a map."""
    words = unquote(text)
    if found := _GEO.match(words):
        latitude, longitude, altitude, accuracy = found.groups()
        return [(latitude, longitude, altitude or "0", accuracy or "0")]
    for pattern in _LINKS:
        if found := pattern.search(words):
            return [(found[1], found[2])]
    return []


def _geometry(text: str) -> list[Numbers]:
    """Coordinates of WKT or GeoJSON."""
    if found := _WKT.match(text):
        inside = found[2].strip()
        ring = re.match(r"\(([^()]*)\)", inside)
        body = ring[1] if ring else inside
        return [_turned(part.split()) for part in body.split(",") if len(part.split()) > 1]
    if text.startswith("{"):
        try:
            return _best(list(_shapes(json.loads(text))))
        except (ValueError, RecursionError):
            return []
    return []


def _turned(parts: Sequence[Any]) -> Numbers:
    """Longitude and latitude, as files write them, the other way round."""
    try:
        numbers = [format(Decimal(str(part)), "f") for part in parts[:3]]
    except InvalidOperation:
        return ("", "")
    return (numbers[1], numbers[0], *numbers[2:])


def _best(lines: list[list[Numbers]]) -> list[Numbers]:
    """The longest line; where there are only points, all of them in order."""
    if all(len(line) == 1 for line in lines):
        return [point for line in lines for point in line]
    return max(lines, key=len, default=[])


def _shapes(found: Any) -> Iterator[list[Numbers]]:
    """Lines and points of a GeoJSON object, however deep."""
    if not isinstance(found, dict):
        return
    inside = found.get("features") or found.get("geometries")
    for each in inside if isinstance(inside, list) else ():
        yield from _shapes(each)
    if found.get("geometry"):
        yield from _shapes(found["geometry"])
    yield from _lines(found.get("coordinates"))


def _lines(coordinates: Any) -> Iterator[list[Numbers]]:
    if not isinstance(coordinates, list) or not coordinates:
        return
    if _is_point(coordinates):
        yield [_turned(coordinates)]
    elif all(_is_point(each) for each in coordinates):
        yield [_turned(each) for each in coordinates]
    else:
        for each in coordinates:
            yield from _lines(each)


def _is_point(found: Any) -> bool:
    if not isinstance(found, list) or len(found) < 2:
        return False
    return all(isinstance(part, int | float) for part in found[:2])


def _marked(data: bytes) -> list[Numbers]:
    """Coordinates of KML or GPX."""
    try:
        root = parse_xml(data)
    except FormFault:
        return []
    read: dict[str, Callable[[etree._Element], list[list[Numbers]]]] = {
        "kml": _kml,
        "gpx": _gpx,
    }
    found = read.get(local(root))
    return _best(found(root)) if found else []


def _kml(root: etree._Element) -> list[list[Numbers]]:
    lines = []
    for element in root.iter():
        words = (element.text or "").split()
        if local(element) == "coordinates":
            lines.append([_turned(w.split(",")) for w in words if w.count(",")])
    track = [e.text.split() for e in root.iter() if local(e) == "coord" and e.text]
    return [line for line in (*lines, [_turned(w) for w in track if len(w) > 1]) if line]


def _gpx(root: etree._Element) -> list[list[Numbers]]:
    lines: list[list[Numbers]] = []
    for line in root.iter():
        name = local(line)
        if name in ("trkseg", "rte"):
            lines.append([_gpx_point(e) for e in line if e.get("lat")])
        elif name == "wpt":
            lines.append([_gpx_point(line)])
    return [line for line in lines if line]


def _gpx_point(element: etree._Element) -> Numbers:
    height = next((e.text for e in element if local(e) == "ele" and e.text), "0")
    return str(element.get("lat")), str(element.get("lon")), height.strip()


def _columns(lines: Sequence[str]) -> list[Numbers]:
    """One place a line, in any notation that a person may type."""
    parse = codec("geopoint").parse
    found = []
    for line in lines[: MOST + 1]:
        try:
            found.append(tuple(parse(line).split()))
        except BadAnswer:
            continue
    return found
