"""The words of a form that paper and screen share: numbers, answers, skip instructions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_time
from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from migdesk.forms import Form, Live
from migdesk.forms.definition import Control, Node
from migdesk.forms.marks import bare
from migdesk.forms.outline import Outline, outline
from migdesk.forms.xpath import ast
from migdesk.forms.xpath.parser import parse
from migdesk.i18n import N_, _, language
from migdesk.models.dates import show_fuzzy, show_moment

from . import form_lists, submissions
from .geo_words import place_words

_CODE = re.compile(r"\(([A-Za-z]{2,3})(?:[-_]\w+)?\)\s*\Z")
# Words, not signs: many a reader of a form on paper knows no “≥”.
_COMPARED = {
    "=": N_("{question} = {answer}"),
    "!=": N_("{question} is not {answer}"),
    "<": N_("{question} is less than {answer}"),
    "<=": N_("{question} is {answer} or less"),
    ">": N_("{question} is more than {answer}"),
    ">=": N_("{question} is {answer} or more"),
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def form_of(xform: str, lists: Mapping[str, bytes] | None = None) -> Form:
    """The form of an XForm text with its lists; the last ones are kept, since they never
    change. Raises FormFault."""
    return _loaded(xform, tuple(sorted((lists or {}).items())))


@lru_cache(maxsize=8)
def _loaded(xform: str, lists: tuple[tuple[str, bytes], ...]) -> Form:
    return Form.load(xform, dict(lists))


def open_form(session: Session, questionnaire: str, answers: str = "") -> Form:
    """The form of a questionnaire record with its lists; `answers` keep the rows of our
    own lists that they name. Raises Gone, FormFault."""
    xform = submissions.xform(session, questionnaire)
    return form_of(xform, form_lists.lists_of(session, questionnaire, answers))


def open_draft(session: Session, body: Mapping[str, Any]) -> Form:
    """The form of a draft, with the rows of our own lists that its answers name."""
    answers = json.dumps(body, ensure_ascii=False, default=str)
    return open_form(session, str(body["questionnaire"]), answers)


def open_filled(session: Session, id: str) -> submissions.Filled:
    """A submission; its form is then at hand in `form_of`. Raises Gone, FormFault."""
    found = submissions.filled(session, id)
    form_of(found.xform, found.lists)
    return found


def spoken_in(form: Form, code: str) -> str:
    """The form's language for a language code: “Français (fr)” for ``fr``."""
    for name in form.languages:
        found = _CODE.search(name)
        if (found[1].lower() if found else name.lower()) == code:
            return name
    return form.default_language


@lru_cache(maxsize=8)
def entries(form: Form, speech: str) -> dict[Control, Outline]:
    """Number, words and choices of every place of the body, in a language of the form."""
    controls = (control for top in form.definition.body for control in top.walk())
    return dict(zip(controls, outline(form, speech), strict=True))


@lru_cache(maxsize=8)
def numbers(form: Form) -> dict[Control, str]:
    """Number of each question, Q1 and so on, the same on paper and screen; notes have none."""
    found = entries(form, form.default_language)
    return {control: f"Q{entry.number}" for control, entry in found.items() if entry.number}


def answer_text(live: Live) -> str:
    """An answer for a person to read, in the language in force; "" if there is none."""
    text = live.text
    if not text or (live.violation and live.value is None):
        return text
    if live.control is not None and live.control.kind in ("select1", "select", "rank"):
        labels = {choice.value: bare(choice.label) for choice in live.choices}
        given = [text] if live.control.kind == "select1" else text.split()
        return ", ".join(labels.get(value, value) for value in given)
    match live.type:
        case "integer" | "decimal" | "range" if isinstance(number := live.value, int | Decimal):
            # A year is written whole: nothing is grouped below ten thousand.
            return format_decimal(
                number,
                locale=language(),
                decimal_quantization=False,
                group_separator=not -10_000 < number < 10_000,
            )
        case "date":
            return show_fuzzy(text)
        case "time" if isinstance(live.value, time):
            return format_time(live.value, "HH:mm", locale=language())
        case "dateTime":
            return show_moment(text)
        case "acknowledge":
            return _("yes")
        case "geopoint" | "geotrace" | "geoshape":
            return place_words(live.type, text)
    return text


class Conditions:
    """Skip instructions in words: “If Q4 = Yes; otherwise go to Q9”."""

    def __init__(self, form: Form, speech: str) -> None:
        self.form = form
        self.entries = entries(form, speech)
        self.numbers = numbers(form)

    def of(self, control: Control) -> str:
        """Instruction of a question, group or repeat; "" if it is always asked."""
        source = self.entries[control].relevant
        if control.node is None or not source or source == "true()":
            return ""
        words = self._said(parse(source), control.node) or self._raw(source)
        after = self._after(control, source)
        if not after:
            return _("If {condition}").format(condition=words)
        return _("If {condition}; otherwise go to {number}").format(
            condition=words, number=after
        )

    def _after(self, control: Control, source: str) -> str:
        """Number of the next question that does not hang on the same condition."""
        inside, passed = set(control.walk()), False
        for each, number in self.numbers.items():
            if each in inside:
                passed = True
            elif passed and self.entries[each].relevant != source:
                return number
        return ""

    def _raw(self, source: str) -> str:
        """The expression with numbers, or else names, for paths: no words are known."""
        known = {path: node.name for path, node in self.form.definition.nodes.items()}
        known |= {c.node.path: number for c, number in self.numbers.items() if c.node}
        for path in sorted(known, key=len, reverse=True):
            source = source.replace(path, known[path])
        return " ".join(source.split())

    def _said(self, expr: ast.Expr, owner: Node) -> str:
        match expr:
            case ast.Binary("and" | "or" as op, left, right):
                a, b = self._said(left, owner), self._said(right, owner)
                joined = _("{a} and {b}") if op == "and" else _("{a} or {b}")
                return joined.format(a=a, b=b) if a and b else ""
            case ast.Binary(op, left, right) if op in _COMPARED:
                return self._compared(op, left, right, owner) or self._compared(
                    _TURNED.get(op, op), right, left, owner
                )
            case ast.Call("selected", (path, ast.Literal(value))):
                return self._holds(path, value, owner, True)
            case ast.Call("not", (ast.Call("selected", (path, ast.Literal(value))),)):
                return self._holds(path, value, owner, False)
            case ast.Call("not", (inner,)):
                said = self._said(inner, owner)
                return _("not ({condition})").format(condition=said) if said else ""
        return ""

    def _compared(self, op: str, path: ast.Expr, value: ast.Expr, owner: Node) -> str:
        asked, plain = self._asked(path, owner), _plain(value)
        if asked is None or plain is None:
            return ""
        number = self.numbers[asked]
        if not plain and op in ("=", "!="):
            words = _("{question} is blank") if op == "=" else _("{question} is answered")
            return words.format(question=number)
        return str(_COMPARED[op](question=number, answer=self._label(asked, plain)))

    def _holds(self, path: ast.Expr, value: str, owner: Node, does: bool) -> str:
        asked = self._asked(path, owner)
        if asked is None:
            return ""
        number, label = self.numbers[asked], self._label(asked, value)
        if self.entries[asked].type == "select_one":
            return str(_COMPARED["=" if does else "!="](question=number, answer=label))
        if does:
            return _("{question} includes “{answer}”").format(question=number, answer=label)
        words = _("{question} does not include “{answer}”")
        return words.format(question=number, answer=label)

    def _label(self, control: Control, value: str) -> str:
        choices = self.entries[control].choices
        return next((bare(c.label) for c in choices if c.value == value), value)

    def _asked(self, path: ast.Expr, owner: Node) -> Control | None:
        """The numbered question that a plain path leads to."""
        if not isinstance(path, ast.Path) or path.predicates:
            return None
        if path.base is not None and path.base != ast.Call("current", ()):
            return None
        here: Node | None = None if path.absolute else owner
        for place, step in enumerate(path.steps):
            if step == ast.PARENT:
                here = here.parent if here else None
            elif path.absolute and place == 0:
                root = self.form.definition.root
                here = root if step.test == root.name else None
            elif step != ast.SELF:
                here = here.child(step.test) if here else None
        control = self.form.control(here) if here is not None else None
        return control if control in self.numbers else None


def _plain(value: ast.Expr) -> str | None:
    match value:
        case ast.Literal(text):
            return text
        case ast.Number() | ast.Negate(ast.Number()):
            return ast.to_text(value)
    return None
