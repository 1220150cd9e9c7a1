"""Places in expressions: `distance`, `area`, `geofence`, `intersects`.

A point is ``latitude longitude [altitude [accuracy]]`` in degrees and metres; a line or
an area is points parted by semicolons. The Earth is a sphere with the radius of its
equator (ODK XForms specification, "Geographic functions"): JavaRosa's numbers, to the
last metre. Altitude has no part in it.
"""

from __future__ import annotations

import math
from itertools import pairwise

from migdesk.forms.xpath.convert import NAN

RADIUS = 6_378_100.0
_DEGREE = math.pi * RADIUS / 180

Point = tuple[float, float]


def points_of(texts: list[str]) -> list[Point] | None:
    """Points of answers, in order; blank ones are left out. None where one is no point."""
    found = []
    for text in texts:
        for part in text.split(";"):
            numbers = part.split()
            if not numbers:
                continue
            try:
                latitude, longitude = float(numbers[0]), float(numbers[1])
            except (ValueError, IndexError):
                return None
            if not (abs(latitude) <= 90 and abs(longitude) <= 180):
                return None
            found.append((latitude, longitude))
    return found


def _gathered(sets: tuple[list[str], ...]) -> list[Point] | None:
    return points_of([text for texts in sets for text in texts])


def distance(*sets: list[str]) -> float:
    """Metres along all points, in order; NaN where something is no point."""
    points = _gathered(sets)
    if points is None:
        return NAN
    return math.fsum(_apart(a, b) for a, b in pairwise(points))


def _apart(a: Point, b: Point) -> float:
    """Great circle by the spherical law of cosines."""
    north, south = math.radians(a[0]), math.radians(b[0])
    turn = math.cos(math.radians(a[1] - b[1]))
    cosine = math.sin(north) * math.sin(south) + math.cos(north) * math.cos(south) * turn
    return math.acos(min(1.0, max(-1.0, cosine))) * RADIUS


def area(*sets: list[str]) -> float:
    """Square metres inside the points, whether or not the last one closes the ring; 0 for
    fewer than three points, NaN where something is no point."""
    points = _gathered(sets)
    if points is None:
        return NAN
    if len(points) < 3:
        return 0.0
    first = points[0]
    flat = [_flattened(first, point) for point in points]
    doubled = math.fsum(ya * xb - xa * yb for (xa, ya), (xb, yb) in pairwise(flat))
    return abs(doubled) / 2


def _flattened(first: Point, point: Point) -> Point:
    """Metres east and north of the first point, each at its own latitude."""
    east = (point[1] - first[1]) * math.cos(math.radians(point[0])) * _DEGREE
    return east, (point[0] - first[0]) * _DEGREE


def geofence(place: str, ring: str) -> bool:
    """Whether a point lies inside a ring: a ray to the east crosses it an odd number of
    times."""
    points, fence = points_of([place]), points_of([ring])
    if not points or not fence:
        return False
    latitude, longitude = points[0]
    inside = False
    for (south, west), (north, east) in pairwise(fence):
        if (south > latitude) == (north > latitude):
            continue
        if longitude < west + (east - west) * (latitude - south) / (north - south):
            inside = not inside
    return inside


def intersects(line: str) -> bool:
    """Whether a line crosses itself. Pieces that only touch at a point do not cross."""
    points = points_of([line]) or []
    pieces = sorted(pairwise(points), key=_southmost)
    near: list[tuple[Point, Point]] = []
    for piece in pieces:
        # Those that end south of where this one begins meet none of the pieces to come.
        begins = _southmost(piece)
        near = [other for other in near if max(other[0][0], other[1][0]) > begins]
        if any(_overlap(piece, other) and _cross(*piece, *other) for other in near):
            return True
        near.append(piece)
    return False


def _southmost(piece: tuple[Point, Point]) -> float:
    return min(piece[0][0], piece[1][0])


def _overlap(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two pieces have a longitude in common."""
    (_, a), (_, b) = one
    (_, c), (_, d) = other
    return (a if a > b else b) >= (c if c < d else d) and (c if c > d else d) >= (
        a if a < b else b
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, c, d) * _side(b, c, d) < 0 and _side(a, b, c) * _side(a, b, d) < 0


def _side(a: Point, b: Point, c: Point) -> int:
    """On which side of the line from `a` to `b` the point `c` lies: -1, 0 or 1."""
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (turn > 0) - (turn < 0)
