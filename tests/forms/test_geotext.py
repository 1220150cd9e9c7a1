"""Places as maps, telephones and other programs write them."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.forms import geotext
from migdesk.forms.geotext import NoPlaces, TooManyPoints

DAKAR = "14.6928 -17.4467 0 0"


@pytest.mark.parametrize(
    "link",
    [
        "https://maps.google.com/?q=14.6928,-17.4467",
        "https://www.google.com/maps?q=14.6928%2C-17.4467&z=17",
        "https://www.google.com/maps/place/Dakar/@14.76,-17.36,12z/data=!3d14.6928!4d-17.4467!16z",
        "https://www.google.com/maps/@14.6928,-17.4467,15z",
        "https://www.google.com/maps/search/?api=1&query=14.6928%2C-17.4467",
        "https://www.google.com/maps/dir/?api=1&destination=14.6928,-17.4467",
        "https://www.openstreetmap.org/?mlat=14.6928&mlon=-17.4467#map=15/14.1/-17.1",
        "https://www.openstreetmap.org/#map=15/14.6928/-17.4467",
        "https://maps.apple.com/?ll=14.6928,-17.4467&q=Home",
        "geo:14.6928,-17.4467",
        "POINT (-17.4467 14.6928)",
        "SRID=4326;POINT(-17.4467 14.6928)",
        '{"type": "Point", "coordinates": [-17.4467, 14.6928]}',
    ],
)
def test_a_link_or_a_geometry_is_its_place(link: str) -> None:
    assert geotext.typed(link, "geopoint") == DAKAR


def test_altitude_and_accuracy_come_along() -> None:
    assert geotext.typed("geo:14.5,-17.5,12;u=8.5", "geopoint") == "14.5 -17.5 12 8.5"
    assert geotext.typed("POINT Z (-17.5 14.5 33)", "geopoint") == "14.5 -17.5 33 0"


@pytest.mark.parametrize(
    "words", ["14,6928 -17,4467", "Dakar", "https://maps.app.goo.gl/x", "{", "POINT ()", ""]
)
def test_anything_else_stays_as_it_is(words: str) -> None:
    assert geotext.typed(words, "geopoint") == words


def test_lines_and_areas() -> None:
    line = "LINESTRING (-17 14, -17.1 14.2 9)"
    assert geotext.typed(line, "geotrace") == "14 -17 0 0; 14.2 -17.1 9 0"
    ring = "POLYGON((-17 14, -17 15, -16 14), (0 0, 0 1, 1 0, 0 0))"
    closed = "14 -17 0 0; 15 -17 0 0; 14 -16 0 0; 14 -17 0 0"
    assert geotext.typed(ring, "geoshape") == closed
    again = "POLYGON((-17 14, -17 15, -16 14, -17 14))"
    assert geotext.typed(again, "geoshape") == closed


def test_a_place_off_the_earth_is_not_taken() -> None:
    words = "POINT (-17 914)"
    assert geotext.typed(words, "geopoint") == words


GPX = b"""<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="1" lon="2"/><trk><trkseg><trkpt lat="14.1" lon="-17.1"><ele>5</ele></trkpt>
<trkpt lat="14.2" lon="-17.2"/><trkpt lat="14.3" lon="-17.1"/></trkseg></trk></gpx>"""
KML = b"""<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Polygon><outerBoundaryIs>
<LinearRing><coordinates>-17,14,0 -17,15,0
-16,14,0 -17,14,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>"""


def test_files() -> None:
    track = "14.1 -17.1 5 0; 14.2 -17.2 0 0; 14.3 -17.1 0 0"
    assert geotext.from_file(GPX, "geotrace") == track
    assert geotext.from_file(GPX, "geopoint") == "14.1 -17.1 5 0"
    ring = "14 -17 0 0; 15 -17 0 0; 14 -16 0 0; 14 -17 0 0"
    assert geotext.from_file(KML, "geoshape") == ring
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-17.5, 14.5]}}
    collection = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    assert geotext.from_file(b"\xef\xbb\xbf" + collection, "geopoint") == "14.5 -17.5 0 0"
    plain = b"14.5 -17.5\r\n14,6 -17,6\n"
    assert geotext.from_file(plain, "geotrace") == "14.5 -17.5 0 0; 14.6 -17.6 0 0"


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"hello", b"<kml/>", b"<!DOCTYPE a><kml/>"])
def test_a_file_without_places_is_said(data: bytes) -> None:
    with pytest.raises(NoPlaces):
        geotext.from_file(data, "geopoint")


def test_a_line_has_an_end() -> None:
    points = ",".join(f"{n / 1000} 14" for n in range(geotext.MOST + 1))
    with pytest.raises(TooManyPoints):
        geotext.typed(f"LINESTRING({points})", "geotrace")


@given(st.binary(max_size=200))
def test_no_file_surprises(data: bytes) -> None:
    for kind in geotext.TYPES:
        with contextlib.suppress(NoPlaces):
            assert geotext.from_file(data, kind)


_json = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["coordinates", "features", "geometry", "x"]), inner)
    ),
    max_leaves=12,
)


@given(_json)
def test_no_json_surprises(value: object) -> None:
    words = json.dumps({"coordinates": value, "features": [value]})
    assert isinstance(geotext.typed(words, "geotrace"), str)
