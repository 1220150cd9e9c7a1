"""Workbooks and form XML from outside: converted, or refused in plain words."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migdesk.forms import Form, FormFault, Run
from migdesk.forms.attached import MissingFile
from migdesk.forms.xlsform import NotAWorkbook, convert, load
from migdesk.forms.xml import NotAForm, UnsafeForm, parse_xml
from tests.forms.build import HEAD, md, xform


def workbook(*rows: tuple[str, ...]) -> bytes:
    """An .xlsx with type, name, label, relevant, calculation on its survey sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for row in (("type", "name", "label", "relevant", "calculation"), *rows):
        sheet.append(row)
    choices = book.create_sheet("choices")
    choices.append(("list_name", "name", "label"))
    choices.append(("yn", "yes", "Yes"))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_workbook_becomes_a_form() -> None:
    form = load(workbook(("text", "a", "A"), ("integer", "b", "B", "${a} != ''")), ".xlsx")
    assert [node.name for node in form.definition.root.children][:2] == ["a", "b"]
    assert form.not_yet() == ()


@pytest.mark.parametrize(
    ("rows", "row", "column", "said"),
    [
        ([("text", "a", "A"), ("text", "b", "B", "${nobody} = 1")], 3, "relevant", "nobody"),
        ([("text", "a", "A"), ("", "", ""), ("text", "a", "B")], 4, "name", "twice"),
        ([("text", "1a", "A")], 2, "name", "letter"),
        ([("begin group", "g", "G"), ("text", "a", "A")], 2, None, "end"),
        ([("text", "a", "A"), ("end group", "", "")], 3, None, "begin"),
        ([("select_one nolist", "a", "A")], 2, None, "nolist"),
        ([("text", "a", "A"), ("calculate", "c", "")], 3, None, "calculation"),
        ([("text", "a", "A"), ("calculate", "c", "", "", "frob(1)")], 3, "calculation", "frob"),
        ([("text", "a", "A", "1 +")], 2, "relevant", "1 +"),
        (
            [
                ("begin group", "g", "G"),
                ("text", "a", "A", "${b} = 1"),
                ("end group", "g", ""),
                ("text", "b", "B", "${a} = 1"),
            ],
            3,
            "relevant",
            "circle",
        ),
    ],
)
def test_a_broken_workbook_says_where(
    rows: list[tuple[str, ...]], row: int, column: str | None, said: str
) -> None:
    with pytest.raises(FormFault) as caught:
        load(workbook(*rows), ".xlsx")
    fault = caught.value
    assert (fault.place.sheet, fault.place.row) == ("survey", row), fault.words
    assert column in (None, fault.place.column)
    assert said in fault.words and f"row {row}" in fault.words


@pytest.mark.parametrize("kind", [".xlsx", ".xls", ".md", ".csv", ".docx"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 damaged", b"\xff\xfe\x00", b"a,b\n1,2"])
def test_what_is_no_workbook_is_refused(kind: str, data: bytes) -> None:
    with pytest.raises(FormFault):
        convert(data, kind)


def test_an_unknown_kind_of_file() -> None:
    with pytest.raises(NotAWorkbook):
        convert(b"x", ".pdf")


def test_typographic_marks_survive_in_words_and_not_in_expressions() -> None:
    form = md("""
| survey |
| | type | name | label | relevant |
| | text | a | L’âge de “Awa” | |
| | text | b | B | ${a} = ’x’ |
""")
    label = form.program.controls[form.definition.nodes["/data/a"]].label
    assert label is not None and label.parts == ("L’âge de “Awa”",)
    assert form.definition.nodes["/data/b"].bind.relevant.endswith("'x'")


# XML ------------------------------------------------------------------------------

BOMB = (
    """<?xml version="1.0"?><!DOCTYPE h [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;">]>"""
    + HEAD.replace(">", ">&c;", 1)
    + "</h:html>"
)
OUTSIDE = """<!DOCTYPE h [<!ENTITY x SYSTEM "file:///etc/hostname">]><h>&x;</h>"""


@pytest.mark.parametrize(
    "text", [BOMB, OUTSIDE, "<!DOCTYPE h SYSTEM 'http://example.org/x'><h/>"]
)
def test_entities_and_document_types_are_refused(text: str) -> None:
    with pytest.raises(UnsafeForm):
        Form.load(text)
    with pytest.raises(UnsafeForm):
        parse_xml(text.encode("utf-16"))


@pytest.mark.parametrize("text", ["", "no xml", "<a>", "<a/>", HEAD + "</h:html>"])
def test_other_xml_is_no_form(text: str) -> None:
    with pytest.raises(NotAForm):
        Form.load(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse_xml(data)
    except (NotAForm, UnsafeForm):
        return
    assert b"<" in data


def test_a_bind_without_its_node_is_refused() -> None:
    broken = xform({"a": {}}).replace('nodeset="/data/a"', 'nodeset="/data/z"')
    with pytest.raises(FormFault) as caught:
        Form.load(broken)
    assert caught.value.code == "FRM-003" and "/data/z" in caught.value.words


def test_an_attached_list_is_needed_and_used() -> None:
    xml = convert(
        """
| survey |
| | type | name | label | choice_filter |
| | text | zone | Zone | |
| | select_one_from_file places.csv | place | Place | zone = ${zone} |
""",
        ".md",
    ).xml
    with pytest.raises(MissingFile) as caught:
        Form.load(xml)
    assert "places.csv" in caught.value.words
    run = Run(Form.load(xml, {"places.csv": b"name,label,zone\nk,Kolda,s\nd,Dakar,w\n"}))
    run.set("/data/zone", "s")
    assert [(c.value, c.label) for c in run.node("/data/place").choices] == [("k", "Kolda")]
