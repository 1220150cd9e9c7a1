"""Lists and media that lie beside a form."""

from __future__ import annotations

import json

import pytest

from migdesk.forms import Form, Run
from migdesk.forms.attached import BadList, MissingFile, NoColumn, columns_of, read_list
from migdesk.forms.media import Media
from migdesk.forms.xlsform import convert

PLACES = b"name,label,zone\nk,Kolda,s\nd,Dakar,w\n"


def rows(name: str, data: bytes) -> list[dict[str, str]]:
    root = read_list(name, {name: data}).children[0]
    return [{cell.name: cell.text for cell in item.children} for item in root.children]


# tables ---------------------------------------------------------------------------


def test_a_table_is_read_as_odk_does() -> None:
    assert rows("a.csv", PLACES)[1] == {"name": "d", "label": "Dakar", "zone": "w"}
    assert columns_of(read_list("a.csv", {"a.csv": PLACES})) == ("name", "label", "zone")


@pytest.mark.parametrize(
    "data",
    [
        b"name;label\nk;Kolda, la ville\n",
        b"\xef\xbb\xbfname;label\r\n k ; Kolda, la ville \r\n\r\n",
        'name\tlabel\nk\t"Kolda, la ville"\n'.encode("utf-16"),
        b'name,label\nk,"Kolda, la ville",more\n,,\n',
    ],
)
def test_what_spreadsheets_write_is_read(data: bytes) -> None:
    assert rows("a.csv", data) == [{"name": "k", "label": "Kolda, la ville"}]


@pytest.mark.parametrize(
    ("name", "data", "line", "said"),
    [
        ("a.csv", b"name,label\nk,Kolda\nz,Zigu\xe9\n", 3, "UTF-8"),
        ("a.csv", b"", 1, "names of the columns"),
        ("a.csv", b"\n\nname,label\n", 1, "names of the columns"),
        ("a.csv", b"name,name\n1,2\n", 1, "two columns are called"),
        ("a.csv", b'name,label\nk,"' + b"x" * 200_000 + b'"\n', 2, "no table"),
        ("a.xml", b"<root>\n<item>\n</root>", 3, "XML"),
        ("a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><root/>", 1, "entities"),
        ("a.geojson", b'{\n"type": \n}', 3, "JSON"),
        ("a.geojson", b'{"type": "Feature"}', 1, "FeatureCollection"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [3]}', 1, "element 1"),
        (
            "a.geojson",
            b'{"type": "FeatureCollection", "features": '
            b'[{"type": "Feature", "geometry": {"type": "Point", "coordinates": ["x"]}}]}',
            1,
            "feature 1",
        ),
    ],
)
def test_a_list_that_cannot_be_read_says_where(
    name: str, data: bytes, line: int, said: str
) -> None:
    with pytest.raises(BadList) as caught:
        read_list(name, {name: data})
    assert caught.value.line == line, caught.value.words
    assert said in caught.value.words and name in caught.value.words


def test_the_same_bytes_are_read_once() -> None:
    assert read_list("a.csv", {"a.csv": PLACES}) is read_list("A.csv", {"A.csv": PLACES}) or (
        read_list("a.csv", {"a.csv": PLACES}) is read_list("a.csv", {"a.csv": bytes(PLACES)})
    )
    with pytest.raises(MissingFile):
        read_list("b.csv", {"a.csv": PLACES})


# in a form ------------------------------------------------------------------------


def form(survey: str, files: dict[str, bytes]) -> Form:
    return Form.load(convert(survey, ".md").xml, files)


def offered(run: Run, ref: str) -> list[tuple[str, str]]:
    return [(choice.value, choice.label) for choice in run.node(ref).choices]


def test_columns_named_by_parameters() -> None:
    book = """
| survey |
| | type | name | label | parameters |
| | select_one_from_file p.csv | p | P | value=zone, label=name |
"""
    assert offered(Run(form(book, {"p.csv": PLACES})), "/data/p") == [("s", "k"), ("w", "d")]
    with pytest.raises(NoColumn) as caught:
        form(book.replace("zone", "district"), {"p.csv": PLACES})
    assert "district" in caught.value.words and "name, label, zone" in caught.value.words
    assert caught.value.place.ref == "/data/p"


GEO = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "w1",
            "geometry": {"type": "Point", "coordinates": [-14.95, 12.89]},
            "properties": {"id": "old", "title": "Puits", "deep": 12, "dry": False},
        },
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4, 5]]},
            "properties": {"id": "w2", "title": "Piste"},
        },
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]]]},
            "properties": {"id": "w3", "title": "Champ", "deep": None},
        },
        {"type": "Feature", "geometry": None, "properties": {"id": "w4", "title": "?"}},
    ],
}


def test_places_from_geojson() -> None:
    book = """
| survey |
| | type | name | label | calculation |
| | select_one_from_file wells.geojson | w | Well | |
| | calculate | where | | instance('wells')/root/item[id = ${w}]/geometry |
| | calculate | deep | | instance('wells')/root/item[id = ${w}]/deep |
"""
    run = Run(form(book, {"wells.geojson": json.dumps(GEO).encode()}))
    assert offered(run, "/data/w")[:2] == [("w1", "Puits"), ("w2", "Piste")]
    found = {}
    for id in ("w1", "w2", "w3", "w4"):
        run.set("/data/w", id)
        found[id] = (run.node("/data/where").text, run.node("/data/deep").text)
    assert found == {
        "w1": ("12.89 -14.95 0 0", "12"),
        "w2": ("2 1 0 0; 4 3 0 0", ""),
        "w3": ("2 1 0 0; 4 3 0 0; 2 1 0 0", ""),
        "w4": ("", ""),
    }


def test_an_xml_list() -> None:
    book = """
| survey |
| | type | name | label |
| | select_multiple_from_file l.xml | l | L |
"""
    data = b"<root><item><name>a</name><label>A</label></item></root>"
    assert offered(Run(form(book, {"l.xml": data})), "/data/l") == [("a", "A")]


def test_external_choices() -> None:
    made = convert(
        """
| survey |
| | type | name | label | choice_filter |
| | text | st | State | |
| | select_one_external cities | city | City | state=${st} |
| external_choices |
| | list_name | name | label | state |
| | cities | k | Kolda | s |
| | cities | d | Dakar | w |
| | rivers | r | River | s |
""",
        ".md",
    )
    assert made.itemsets is not None
    with pytest.raises(MissingFile):
        Form.load(made.xml)
    run = Run(Form.load(made.xml, {"itemsets.csv": made.itemsets.encode()}))
    assert run.node("/data/city").type == "select_one"
    run.set("/data/st", "s")
    assert offered(run, "/data/city") == [("k", "Kolda")]


def test_the_list_of_a_search_comes_with_the_form() -> None:
    book = """
| survey |
| | type | name | label | appearance |
| | select_one l | fruit | Fruit | search('fruits') minimal |
| choices |
| | list_name | name | label |
| | l | key | name |
"""
    with pytest.raises(MissingFile) as caught:
        form(book, {})
    assert "fruits.csv" in caught.value.words
    made = form(book, {"fruits.csv": b"key,name\nm,Mangue\n"})
    assert columns_of(made.definition.attached["fruits.csv"]) == ("key", "name")


# media ----------------------------------------------------------------------------

PICTURES = """
| survey |
| | type | name | label::en | label::fr | image::en | image::fr | audio::fr | hint::en |
| | select_one c | q | Q | Q | house.png | maison.png | maison.mp3 | |
| | text | t | T | T | | | | |
| choices |
| | list_name | name | label::en | label::fr | image | big-image | video |
| | c | a | A | A | a.png | a-big.png | a.mp4 |
| | c | b | B | B | | | |
"""


def test_media_in_the_language_in_use() -> None:
    run = Run(Form.load(convert(PICTURES, ".md").xml), language="en")
    assert run.node("/data/q").media == Media(image="house.png")
    assert not run.node("/data/t").media
    run.language = "fr"
    live = run.node("/data/q")
    assert live.media == Media(image="maison.png", audio="maison.mp3")
    first, second = live.choices
    assert first.media == Media("a.png", "a-big.png", "", "a.mp4")
    assert not second.media
