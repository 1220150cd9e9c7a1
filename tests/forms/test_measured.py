"""Points measured on JavaRosa (see POLICY.md), held here without it."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from migdesk.forms import Form, Run
from migdesk.forms.program import NotChoices, OutsideRepeat
from migdesk.forms.remarks import remarks
from migdesk.forms.sheets import Sheets
from migdesk.forms.submission import write
from tests.forms.build import md

SPACES = (
    'xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms"'
)
AGE = '<input ref="/data/kid/age"><label>Age</label></input>'
ROW = f'<repeat nodeset="/data/kid">{AGE}</repeat>'


def text_of(instance: str, binds: str = "", body: str = "", lists: str = "") -> str:
    return (
        f"<h:html {SPACES}><h:head><h:title>t</h:title><model>"
        f"<instance><data id='t'>{instance}</data></instance>{lists}{binds}</model></h:head>"
        f"<h:body>{body}</h:body></h:html>"
    )


def form(instance: str, binds: str = "", body: str = "", lists: str = "") -> Form:
    return Form.load(text_of(instance, binds, body, lists))


def calculated(source: str) -> str:
    """`source` in a form with three children aged 30, 40 and 5, called a, b and c."""
    run = Run(
        form(
            "<kid><name/><age/></kid><o/>",
            '<bind nodeset="/data/kid/age" type="int"/>'
            f'<bind nodeset="/data/o" calculate="{escape(source, {chr(34): "&quot;"})}"/>',
            ROW,
        )
    )
    for row, (name, age) in enumerate((("a", "30"), ("b", "40"), ("c", "5")), 1):
        if row > 1:
            run.add("/data/kid")
        run.set(f"/data/kid[{row}]/name", name)
        run.set(f"/data/kid[{row}]/age", age)
    return run.node("/data/o").text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("count(/data/kid[/data/kid/age > 17])", "2"),
        ("sum(/data/kid[/data/kid/age > 17]/age)", "70"),
        ("/data/kid[/data/kid/name = 'b']/age", "40"),
        ("count(/data/kid[age > 17][name = 'b'])", "1"),
        ("join(',', /data/kid[age > 1]/name)", "a,b,c"),
        ("if(true(), round('x'), '')", ""),
        ("if(false(), 1, 'x') = 'x'", "1"),
        ("if(true(), 5, 'x') = '5.0'", "1"),
    ],
)
def test_rows_and_values(source: str, expected: str) -> None:
    assert calculated(source) == expected


@pytest.mark.parametrize(
    ("seed", "order"),
    [
        ("0", "cbhafdge"),
        ("1", "gfeachbd"),
        ("42", "afcbhegd"),
        ("-5", "dcabfgeh"),
        ("1.7", "gfeachbd"),
    ],
)
def test_a_seed_gives_the_order_of_both_peers(seed: str, order: str) -> None:
    items = "".join(f"<item><name>{n}</name><label>{n}</label></item>" for n in "abcdefgh")
    one = form(
        "<a/>",
        body=(
            '<select1 ref="/data/a"><label>A</label>'
            f"<itemset nodeset=\"randomize(instance('l')/root/item, {seed})\">"
            '<value ref="name"/><label ref="label"/></itemset></select1>'
        ),
        lists=f'<instance id="l"><root>{items}</root></instance>',
    )
    assert "".join(choice.value for choice in Run(one).node("/data/a").choices) == order


def test_a_new_row_without_template_is_blank() -> None:
    run = Run(form("<kid><name>first</name><age/></kid>", body=ROW))
    run.add("/data/kid")
    assert run.node("/data/kid[1]/name").text == "first"
    assert run.node("/data/kid[2]/name").text == ""


def test_attributes_keep_their_space() -> None:
    one = form('<a odk:tag="x" plain="y"/>')
    written = write(one, Run(one).root)
    assert 'odk:tag="x"' in written and 'plain="y"' in written


def test_a_boolean_is_said_as_a_word() -> None:
    run = Run(
        md(
            """
            | survey |           |      |            |                      |
            |        | type      | name | label      | calculation          |
            |        | integer   | n    | N          |                      |
            |        | calculate | big  |            | ${n} > 3             |
            |        | calculate | said |            | concat(${big}, '.')  |
            |        | calculate | sum  |            | ${big} + 1           |
            |        | note      | told | Big ${big} |                      |
            """
        )
    )
    run.set("/data/n", "5")
    assert run.node("/data/said").text == "true."
    assert run.node("/data/sum").text == "2"
    assert run.node("/data/told").label == "Big true"
    assert run.node("/data/big").text == "1"


def test_choices_from_a_repeat_follow_its_words() -> None:
    run = Run(
        md(
            """
            | survey |                    |      |       |
            |        | type               | name | label |
            |        | begin repeat       | kid  | Kid   |
            |        | text               | name | Name  |
            |        | end repeat         |      |       |
            |        | select_one ${name} | who  | Who   |
            """
        )
    )
    for name in ("Awa", "Binta"):
        run.set("/data/kid[1]/name", name)
        assert [choice.value for choice in run.node("/data/who").choices] == [name]


def test_words_of_choices_are_read_by_who_names_them() -> None:
    body = (
        '<input ref="/data/n"><label>N</label></input><select1 ref="/data/a"><label>A</label>'
        '<item><label>I am <output value="/data/n"/></label><value>x</value></item></select1>'
    )
    calculate = "jr:choice-name(/data/a, '/data/a')"
    run = Run(
        form("<n/><a>x</a><o/>", f'<bind nodeset="/data/o" calculate="{calculate}"/>', body)
    )
    run.set("/data/n", "Awa")
    assert run.node("/data/o").text == "I am Awa"


def test_an_answer_that_stays_blank_sets_off_nothing() -> None:
    body = (
        '<input ref="/data/a"><label>A</label><setvalue event="xforms-value-changed" '
        'ref="/data/b" value="concat(/data/b, \'+\')"/></input>'
    )
    run = Run(form("<a/><b/>", '<bind nodeset="/data/a" type="int"/>', body))
    for text in ("abc", "", "5", "5", ""):
        run.set("/data/a", text)
    assert run.node("/data/b").text == "++"


def test_an_action_beside_the_questions_does_nothing() -> None:
    """Both peers pass over it; the designer is told."""
    body = '<setvalue event="odk-instance-first-load" ref="/data/a">yes</setvalue>'
    read = form("<a/>", body=body)
    assert Run(read).node("/data/a").text == ""
    said = remarks(read, text_of("<a/>", body=body), Sheets({}))
    assert ["setvalue" in str(one.text) for one in said] == [True]


def test_a_value_that_is_there_goes_before_words() -> None:
    body = (
        '<input ref="/data/a"><label>A</label><setvalue event="xforms-value-changed" '
        'ref="/data/b" value="">words</setvalue></input>'
    )
    run = Run(form("<a/><b>old</b>", body=body))
    run.set("/data/a", "x")
    assert run.node("/data/b").text == ""


def test_a_new_row_sets_off_actions_of_its_groups() -> None:
    """Measured on Web Forms; JavaRosa heeds none inside a group."""
    action = '<setvalue event="odk-new-repeat" ref="/data/kid/g/x" value="position(../..)"/>'
    question = '<input ref="/data/kid/g/x"><label>X</label></input>'
    group = f'<group ref="/data/kid/g">{action}{question}</group>'
    body = f'<repeat nodeset="/data/kid">{group}</repeat>'
    run = Run(form("<kid><g><x/></g></kid>", body=body))
    run.add("/data/kid")
    assert [run.node(f"/data/kid[{n}]/g/x").text for n in (1, 2)] == ["", "2"]


def test_a_question_outside_its_repeat_is_refused() -> None:
    with pytest.raises(OutsideRepeat):
        form(
            "<kid><name/><age/></kid>",
            body=f'{ROW}<input ref="/data/kid/name"><label>Name</label></input>',
        )


def test_choices_from_anything_else_are_refused() -> None:
    itemset = '<itemset nodeset="//b | //c"><value ref="b"/><label ref="b"/></itemset>'
    with pytest.raises(NotChoices):
        form("<a/><b/><c/>", body=f'<select1 ref="/data/a"><label>A</label>{itemset}</select1>')
