"""pulldata() and search(): lines of attached lists."""

from __future__ import annotations

import pytest

from migdesk.forms import Form, FormFault, Run
from migdesk.forms.xlsform import convert
from migdesk.forms.xpath.pulled import search_of
from migdesk.forms.xpath.special import park_miller
from tests.forms.build import xform

FRUITS = """code,name,region,note,sortby
m,Mangue,Nord,sweet,3
b,Banane,Sud,,1
m2,Mangue greffée,nord,sweet,2
c,"Cajou, noix",Est,nut,10
m,Mangue again,Sud,twice,4
""".encode()
FILES = {"fruits.csv": FRUITS}


def filled(expression: str, **answers: str) -> str:
    binds = {**{name: {} for name in answers}, "out": {"calculate": expression}}
    run = Run(Form.load(with_list(xform(binds)), FILES))
    for name, text in answers.items():
        run.set(f"/data/{name}", text)
    return run.node("/data/out").text


def with_list(xml: str) -> str:
    """pyxform declares a file that pulldata() names as an instance."""
    declared = '<instance id="fruits" src="jr://file-csv/fruits.csv"/>'
    return xml.replace("</instance>", f"</instance>{declared}", 1)


@pytest.mark.parametrize(
    ("expression", "answers", "expected"),
    [
        ("pulldata('fruits', 'name', 'code', 'b')", {}, "Banane"),
        ("pulldata('fruits.csv', 'name', 'code', 'B')", {}, "Banane"),
        ("pulldata('fruits', 'name', 'code', /data/a)", {"a": "c"}, "Cajou, noix"),
        ("pulldata('fruits', 'name', 'code', /data/a)", {"a": "zz"}, ""),
        ("pulldata('fruits', 'code', 'note', /data/a)", {"a": ""}, ""),
        ("pulldata('fruits', /data/a, 'code', 'b')", {"a": "region"}, "Sud"),
        ("pulldata('fruits', 'name', 'code', 'm')", {}, "Mangue"),
    ],
)
def test_pulldata(expression: str, answers: dict[str, str], expected: str) -> None:
    assert filled(expression, **answers) == expected


def form(appearance: str, files: dict[str, bytes] | None = None) -> Form:
    text = f"""
    | survey | | | | |
    | | type | name | label | appearance |
    | | text | want | W | |
    | | text | also | A | |
    | | select_one fr | f | Fruit | minimal {appearance} |
    | | text | said | ${{f}}: S | |
    | choices | | | |
    | | list_name | name | label |
    | | fr | code | name, region |
    | | fr | 99 | Other |
    """
    return Form.load(convert(text, ".md").xml, FILES if files is None else files)


def found(appearance: str, want: str = "", also: str = "") -> list[str]:
    run = Run(form(appearance))
    run.set("/data/want", want)
    run.set("/data/also", also)
    return [choice.value for choice in run.node("/data/f").choices]


@pytest.mark.parametrize(
    ("appearance", "want", "also", "values"),
    [
        ("search('fruits')", "", "", ["b", "m2", "m", "c"]),
        ("search('fruits', 'matches', 'region', ${want})", "NORD", "", ["m2", "m"]),
        ("search('fruits', 'matches', 'region', ${want})", "", "", []),
        ("search('fruits', 'contains', 'name', ${want})", "gref", "", ["m2"]),
        ("search('fruits', 'contains', 'name', ${want})", "", "", ["b", "m2", "m", "c"]),
        ("search('fruits', 'contains', 'name,note', ${want})", "nut", "", ["c"]),
        ("search('fruits', 'startswith', 'name', ${want})", "mang", "", ["m2", "m"]),
        ("search('fruits', 'endswith', 'name', ${want})", "IX", "", ["c"]),
        ("search('fruits', 'contains', 'name', ${want}, 'region', ${also})",
         "mangue", "sud", ["m"]),
        ("search('fruits', ${also}, 'name', ${want})", "a", "nonsense", []),
    ],
)  # fmt: skip
def test_search(appearance: str, want: str, also: str, values: list[str]) -> None:
    assert found(appearance, want, also) == [*values, "99"]


def test_choices_found_have_their_labels_and_follow_the_answers() -> None:
    run = Run(form("search('fruits', 'matches', 'region', ${want})"))
    run.set("/data/want", "Est")
    assert [c.label for c in run.node("/data/f").choices] == ["Cajou, noix, Est", "Other"]
    run.set("/data/f", "c")
    assert run.node("/data/f").violation is None
    assert "/data/f" in run.set("/data/want", "Sud")
    assert run.node("/data/f").violation is not None
    run.set("/data/f", "99")
    assert run.node("/data/f").violation is None


def test_pictures_of_choices_found_are_named_in_a_column() -> None:
    text = """
    | survey | | | | |
    | | type | name | label | appearance |
    | | select_one fr | f | Fruit | search('fruits') |
    | choices | | | | |
    | | list_name | name | label | media::image |
    | | fr | code | name | picture |
    | | fr | 99 | Other | other.png |
    """
    fruits = b"code,name,picture\nm,Mangue,m.png\nb,Banane,\n"
    run = Run(Form.load(convert(text, ".md").xml, {"fruits.csv": fruits}))
    shown = [choice.media.image for choice in run.node("/data/f").choices]
    assert shown == ["m.png", "", "other.png"]


@pytest.mark.parametrize(
    ("appearance", "code"),
    [
        ("search('fruits', 'like', 'name', 'a')", "FRM-022"),
        ("search('fruits', 'matches')", "FRM-022"),
        ("search('fruits', 'matches', 'colour', 'a')", None),
    ],
)
def test_a_search_that_cannot_work_is_refused(appearance: str, code: str | None) -> None:
    with pytest.raises(FormFault) as caught:
        form(appearance)
    assert code is None or caught.value.code == code
    assert "f" in str(caught.value.place.ref)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(FormFault, match="fruits") as caught:
        form("search('fruits')", files={})
    assert caught.value.code == "FRM-004"


@pytest.mark.parametrize(
    ("appearance", "call"),
    [
        ("minimal search('a', 'matches', 'b', concat(/x, ')')) w1",
         "search('a', 'matches', 'b', concat(/x, ')'))"),
        ("search", ""),
        ("autocomplete", ""),
        ("research('a')", ""),
        ("my-search('a')", ""),
        ("search ('a')", "search ('a')"),
    ],
)  # fmt: skip
def test_the_call_is_cut_out_of_the_appearance(appearance: str, call: str) -> None:
    assert search_of(appearance) == call


def test_fifty_thousand_lines_are_read_once() -> None:
    lines = "\n".join(f"k{n},name {n},r{n % 50}" for n in range(50_000))
    big = f"code,name,region\n{lines}\n".encode()
    run = Run(form("search('fruits', 'matches', 'region', ${want})", {"fruits.csv": big}))
    run.set("/data/want", "r7")
    first = run.options(run.node("/data/f").node, run.root)
    run.set("/data/want", "r8")
    assert len(run.node("/data/f").choices) == 1_001
    run.set("/data/want", "r7")
    assert run.options(run.node("/data/f").node, run.root) is first


TREE = """<instance id="tree"><root>
<region code="N"><name>Nord</name><town pop="5"><name>Podor</name></town>
<town><name>Matam</name></town></region>
<region code="S"><name>Sud</name><town><name>Kolda</name></town></region>
</root></instance>"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/root/region/town[1]/name", "Podor|Kolda"),
        ("/root/region/town[position() = last()]/name", "Matam|Kolda"),
        ("/root/region[2]/town[1]/name", "Kolda"),
        ("/root/region[@code = 'N']/town[2]/name", "Matam"),
        ("//town/name", "Podor|Matam|Kolda"),
        ("//town[@pop]/name", "Podor"),
        ("//town[name = 'Kolda']/../name", "Sud"),
        ("//town[name = 'Kolda']/parent::region/@code", "S"),
        ("//town[name = 'Kolda']/ancestor::region/name", "Sud"),
        ("//town[name = 'Podor']/following-sibling::town/name", "Matam"),
        ("//town[name = 'Matam']/preceding-sibling::town/name", "Podor"),
        ("//town[name = 'Matam']/preceding-sibling::*[1]/name", "Podor"),
        ("/root/descendant::name[. = 'Sud']", "Sud"),
        ("/root/region/self::region/name", "Nord|Sud"),
        ("/root/region[town/name = 'Matam']/name", "Nord"),
        ("/root/region[count(town) = 1]/name", "Sud"),
        ("/root/region[name = /data/a]/town/name", "Kolda"),
        ("/root/region[name = current()/../a]/town/name", "Kolda"),
        ("/root/region/name/text()", "Nord|Sud"),
        ("/root/*[2]/name", "Sud"),
        ("/root/region[town[2]]/name", "Nord"),
    ],
)
def test_steps_inside_a_list(path: str, expected: str) -> None:
    source = f"join('|', instance('tree'){path})"
    xml = xform({"a": {}, "out": {"calculate": source}})
    run = Run(Form.load(xml.replace("</instance>", f"</instance>{TREE}", 1)))
    run.set("/data/a", "Sud")
    assert run.node("/data/out").text == expected


LETTERS = "".join(
    f"<item><name>{letter}</name><label>{letter}</label></item>" for letter in "abcdef"
)


@pytest.mark.parametrize(
    ("seed", "order"),
    [
        ("42", "afcbde"),
        ("'42'", "afcbde"),
        ("-7.5", "afcebd"),
        ("true()", "bfeacd"),
        ("99999999999", "bacfde"),
        ("''", "cbeafd"),
        ("0.5", "cbeafd"),
    ],
)
def test_a_seed_shuffles_as_on_the_phone(seed: str, order: str) -> None:
    source = f"join('', randomize(instance('l')/root/item, {seed})/name)"
    xml = xform({"out": {"calculate": source}})
    listed = f"<instance id='l'><root>{LETTERS}</root></instance>"
    run = Run(Form.load(xml.replace("</instance>", f"</instance>{listed}", 1)))
    assert run.node("/data/out").text == order


def test_a_text_is_a_seed_by_its_digest() -> None:
    """SHA-256 of “Hello” begins with 185f8db32271fe25."""
    source = "join('', randomize(instance('l')/root/item, {})/name)"
    xml = xform(
        {
            "a": {"calculate": source.format("'Hello'")},
            "b": {"calculate": source.format("'hello'")},
        }
    )
    listed = f"<instance id='l'><root>{LETTERS}</root></instance>"
    run = Run(Form.load(xml.replace("</instance>", f"</instance>{listed}", 1)))
    expected = park_miller(list("abcdef"), 0x185F8DB32271FE25)
    assert run.node("/data/a").text == "".join(expected)
    assert run.node("/data/b").text != run.node("/data/a").text
