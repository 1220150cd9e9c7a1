"""What a designer is told: faults and remarks with sheet, row and column."""

from __future__ import annotations

import pytest

from migdesk.forms import FormFault
from migdesk.forms.remarks import remarks
from migdesk.forms.xlsform import Workbook


def sheet(name: str, *rows: str) -> str:
    return f"| {name} |\n" + "".join(f"| | {row} |\n" for row in rows)


CHOICES = sheet("choices", "list_name | name | label", "l | a | A", "l | b | B")


@pytest.mark.parametrize(
    ("rows", "row", "column", "said"),
    [
        (["calculate | c | | | | frob(1)"], 3, "calculate", "frob"),
        (["calculate | c | | | | if(1)"], 3, "calculate", "if"),
        (["text | b | B | ${d} = 1", "text | d | D | ${b} = 1"], 3, "relevance", "circle"),
        (["select_one_from_file x.csv | b | B"], 3, "type", "x.csv"),
        (["csv-external | bx | "], 3, "name", "bx.csv"),
        (["calculate | b | | | | pulldata('q', 'a', 'b', ${a})"], 3, "calculate", "q.csv"),
        (["text | b | Is it ${zz}?"], 3, "label", "zz"),
        (["calculate | b | | | | /data/zz + 1"], 3, "calculate", "zz"),
        (["text | a | A"], 3, "name", "twice"),
        (["select_one nolist | b | B"], 3, "type", "nolist"),
        (["calculate | b | | | | instance('nolist')/root/item"], 3, "calculate", "nolist"),
        (["select_one l | b | B | | foo(1)"], 3, "choice_filter", "foo"),
        (["foo | b | B"], 3, "type", "foo"),
        (
            ["begin repeat | r | R | | | | foo(1)", "text | b | B", "end repeat | | "],
            3,
            "repeat_count",
            "foo",
        ),
        (["text | b | B | | | | | foo(1)"], 3, "default", "foo"),
    ],
)
def test_a_fault_says_where(rows: list[str], row: int, column: str, said: str) -> None:
    head = (
        "type | name | label | relevance | choice_filter | calculate | repeat_count | default"
    )
    width = head.count("|")
    filled = [line + " | " * (width - line.count("|")) for line in ["text | a | A", *rows]]
    with pytest.raises(FormFault) as caught:
        Workbook.read(sheet("survey", head, *filled) + CHOICES, ".md").load()
    place = caught.value.place
    assert (place.sheet, place.row, place.column) == ("survey", row, column)
    assert said in caught.value.words


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("audit | audit | | track-changes=foo", "parameters", "track-changes"),
        ("audit | audit | | location-priority=balanced", "parameters", "location-max-age"),
        ("audit | mine | ", "name", "blank"),
        ("text | b | ", "label", "neither label nor hint"),
        ("select_one l | b | B | foo=1", "parameters", "randomize, seed"),
        ("select_one l | b | B | randomize=true,seed=x", "parameters", "seed"),
        ("range | b | B | start=x", "parameters", "start"),
        ("range | b | B | start", "parameters", "start=1 end=10"),
        ("select_one_from_file x.pdf | b | B", "type", ".geojson"),
        ("image | b | B | max-pixels=x", "parameters", "not possible"),
        ("audio | b | B | quality=x", "parameters", "not possible"),
    ],
)
def test_what_pyxform_says_without_a_row(row: str, column: str, said: str) -> None:
    rows = ["text | a | A | ", row + " | " * (3 - row.count("|")), "select_one l | z | Z | "]
    with pytest.raises(FormFault) as caught:
        survey = sheet("survey", "type | name | label | parameters", *rows)
        Workbook.read(survey + CHOICES, ".md").load()
    place = caught.value.place
    assert (place.sheet, place.row, place.column) == ("survey", 3, column)
    assert said in caught.value.words


def test_a_choice_named_twice_says_where() -> None:
    choices = sheet("choices", "list_name | name | label", "l | a | A", "l | a | B")
    survey = sheet("survey", "type | name | label", "select_one l | q | Q")
    with pytest.raises(FormFault) as caught:
        Workbook.read(survey + choices, ".md")
    assert (caught.value.place.sheet, caught.value.place.row) == ("choices", 3)


def test_a_form_without_choices_says_where() -> None:
    with pytest.raises(FormFault) as caught:
        rows = ("type | name | label", "text | a | A", "select_one l | q | Q")
        Workbook.read(sheet("survey", *rows), ".md")
    assert (caught.value.place.row, caught.value.place.column) == (3, "type")


SURVEY = sheet(
    "survey",
    "type | name | label | appearance | parameters | kuid | bind::odd | body::bar | hint::fr",
    "begin group | g | G | field-list w3 | | | | | ",
    "select_one l | a | A | minimal columns-3 blink | | x | | | u",
    "image | im | Im | new selfie | max-pixels=100 | | yes | no | ",
    "geopoint | gp | P | maps | capture-accuracy=3 | | | | ",
    "background-audio | ba | P | | quality=low | | | | ",
    "end group | | | | | | | | ",
    "begin repeat | rp | | | | | | | ",
    "text | q | Q | ex:org.app(a='b') | rows=3 | | | | ",
    "end repeat | | | | | | | | ",
    " | | | | | a comment | | | ",
)


def test_nothing_is_silently_ignored() -> None:
    book = Workbook.read(SURVEY + CHOICES, ".md")
    form = book.load()
    told = [*book.made.warnings, *remarks(form, book.made.xml, book.sheets)]
    said = {(r.place.row, r.place.column, str(r.text)) for r in told}
    appearance = "the appearance “{}” does nothing for this type here; the question works."
    assert said == {
        (None, None, "the language “default” lacks these columns: hint."),
        (None, None, "the language “fr” lacks these columns: label."),
        (1, "kuid", "the column “kuid” is not known here and does nothing."),
        (3, "appearance", appearance.format("blink")),
        (4, "appearance", appearance.format("selfie")),
        (4, "bind::odd", "“odd” does nothing here."),
        (4, "body::bar", "“bar” does nothing here."),
        (8, None, "“rp” has no label. People will not know what is asked about."),
        (9, "appearance", appearance.format("ex:org.app(a='b')")),
        (11, None, "the row has neither type, name nor label, and is left out."),
    }
    assert all(r.place.sheet == "survey" for r in told)


def test_what_the_form_asks_of_a_server_is_told() -> None:
    survey = sheet("survey", "type | name | label", "text | a | A")
    settings = sheet(
        "settings",
        "style | submission_url | auto_send",
        "pages theme-grid | http://x.org | yes",
    )
    book = Workbook.read(survey + settings, ".md")
    told = {str(r.text) for r in remarks(book.load(), book.made.xml, book.sheets)}
    assert told == {
        "the style “pages” of the form does nothing here.",
        "“action” of the form does nothing here: answers travel by Exchange.",
        "“auto-send” of the form does nothing here: answers travel by Exchange.",
    }


def test_an_xform_has_names_instead_of_rows() -> None:
    xml = Workbook.read(SURVEY + CHOICES, ".md").made.xml
    book = Workbook.read(xml.encode("utf-8"), ".xml")
    refs = {r.place.ref for r in remarks(book.load(), book.made.xml, book.sheets)}
    assert "/data/g/a" in refs
    with pytest.raises(FormFault) as caught:
        broken = xml.replace('ref="/data/g/a"', 'ref="/data/g/zz"')
        Workbook.read(broken, ".xml").load()
    assert "zz" in caught.value.words
