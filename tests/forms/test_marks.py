"""Marks of designers in the words of questions."""

import pytest

from migdesk.forms.marks import bare, rich


@pytest.mark.parametrize(
    ("text", "shown", "words"),
    [
        ("Plain words, 2*3 and a_b_c", "", "Plain words, 2*3 and a_b_c"),
        ("**Read** this", "<b>Read</b> this", "Read this"),
        ("Read *this* now", "Read <i>this</i> now", "Read this now"),
        ("_Read_ it", "<i>Read</i> it", "Read it"),
        ("# Part A\nNext", "<b>Part A</b><br>Next", "Part A\nNext"),
        ("See [the map](http://a.b/c)", "See <u>the map</u>", "See the map"),
        ('<span style="color:red">Hot</span> **x**', "Hot <b>x</b>", "Hot x"),
        ("<b>Old</b> & new", "<b>Old</b> &amp; new", "Old & new"),
        (r"**a** \*b\*", "<b>a</b> &#42;b&#42;", "a *b*"),
        ("<img src='x'> **y**", "&lt;img src='x'&gt; <b>y</b>", "<img src='x'> y"),
        ("1 < 2 and 3 > 2", "", "1 < 2 and 3 > 2"),
    ],
)
def test_marks(text: str, shown: str, words: str) -> None:
    assert rich(text) == shown
    assert bare(text) == words
