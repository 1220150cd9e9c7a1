"""Nonsense for the parser and the reader: from pieces that they know, and from none."""

from __future__ import annotations

import copy
import random
import time

from lxml import etree

from migdesk.forms import Form, FormFault, Run
from migdesk.forms.xpath.ast import to_text
from migdesk.forms.xpath.parser import DeepExpression, parse
from tests.conformance.play import look

PIECES = (
    "/data/a", "../b", "a", ".", "..", "//", "/", "*", "@id", "[", "]", "(", ")", ",", "'", '"',
    "'x'", "1", "1.5", ".5", "-", "+", "=", "!=", "<", "<=", "or", "and", "div", "mod", "|",
    "position()", "last()", "count(", "sum(", "if(", "instance('l')/root/item", "current()/..",
    "jr:choice-name(", "indexed-repeat(", "::", "child::", "$", "$x", "é", "\u0000", "\ud7ff",
    "concat(", "selected(", "regex(., '(a+)+$')", "once(", "\n", "\t", "9" * 40, "((((((((",
    "[[[[", "not(", "string-length(", "randomize(", "pulldata(", "date(", "true()", "node()",
)  # fmt: skip
RULES = "relevant calculate constraint required readonly nodeset ref value".split()


def expression(rng: random.Random) -> str:
    return " ".join(rng.choice(PIECES) for _ in range(rng.randint(1, 14)))


def parse_one(text: str) -> None:
    """Parsed and printed to the same again, or refused as a fault of the form."""
    try:
        tree = parse(text)
    except FormFault:
        return
    try:
        assert parse(to_text(tree)) == tree
    except DeepExpression:
        return  # printing writes every bracket, which may be one too many


def spoiled(xml: str, rng: random.Random) -> str:
    """A form with some nonsense in it: its elements moved, its rules replaced."""
    root = etree.fromstring(xml.encode())
    for _ in range(rng.randint(1, 4)):
        elements = list(root.iter(etree.Element))
        element = rng.choice(elements)
        parent = element.getparent()
        kind = rng.randrange(6)
        rules = [name for name in RULES if element.get(name) is not None]
        if kind == 0 and parent is not None:
            parent.remove(element)
        elif kind == 1 and parent is not None:
            parent.append(copy.deepcopy(element))
        elif kind == 2 and rules:
            element.set(rng.choice(rules), _plain(expression(rng)))
        elif kind == 3:
            element.text = _plain(expression(rng))
        elif kind == 4 and rules:
            element.set(rng.choice(rules), rng.choice(elements).get("nodeset", "/data"))
        elif kind == 5:
            element.tag = str(rng.choice(elements).tag)
    text = etree.tostring(root, encoding="unicode")
    return text[: rng.randrange(len(text))] if rng.random() < 0.05 else text


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")


def load_one(xml: str, files: dict[str, bytes] | None = None) -> bool:
    """Loaded, opened and looked at, or refused as a fault of the form."""
    try:
        form = Form.load(xml, files)
    except FormFault:
        return False
    look(Run(form, rng=random.Random(1)))
    return True


def fuzz_all(forms: list[str], count: int, seed: int = 1) -> tuple[int, float]:
    """As many expressions and as many spoiled forms. Returns how many forms still opened
    and the longest time of the processor, in seconds, that one took."""
    rng, opened, longest = random.Random(seed), 0, 0.0
    for _ in range(count):
        xml, text = spoiled(rng.choice(forms), rng), expression(rng)
        for work in (lambda text=text: parse_one(text), lambda xml=xml: load_one(xml)):
            start = time.process_time()
            opened += bool(work())
            longest = max(longest, time.process_time() - start)
    return opened, longest
