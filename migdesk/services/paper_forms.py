"""A questionnaire as it stands on paper, and the words that paper and screen share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time
from decimal import Decimal
from functools import lru_cache
from typing import cast

from babel.dates import format_time
from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from migdesk.forms import Choice, Form, Live, Run
from migdesk.forms import submission as submission_xml
from migdesk.forms.definition import Control, Node
from migdesk.forms.instance import Row
from migdesk.forms.outline import Outline, outline
from migdesk.forms.xpath import ast
from migdesk.forms.xpath.parser import parse
from migdesk.i18n import _, language
from migdesk.models import RECORDS
from migdesk.models.dates import show_fuzzy, show_moment
from migdesk.printing.sheets.questionnaire import (
    Kind,
    Look,
    PaperChoice,
    PaperGroup,
    PaperItem,
    PaperQuestion,
    PaperRepeat,
    Questionnaire,
)

from . import submissions
from .submissions import LINKS
from .views import Gone, load

_CODE = re.compile(r"\(([A-Za-z]{2,3})(?:[-_]\w+)?\)\s*\Z")
_KINDS: dict[str, Kind] = {
    "integer": "integer",
    "decimal": "decimal",
    "range": "decimal",
    "date": "date",
    "time": "time",
    "dateTime": "datetime",
    "select_one": "one",
    "select_multiple": "many",
    "rank": "many",
    "acknowledge": "many",
    "note": "note",
}
_SIGNS = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@lru_cache(maxsize=8)
def form_of(xform: str) -> Form:
    """The form of an XForm text; the last ones are kept, since they never change."""
    return Form.load(xform)


def open_form(session: Session, questionnaire: str) -> Form:
    """The form of a questionnaire record. Raises Gone, FormFault."""
    return form_of(submissions.xform(session, questionnaire))


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
        labels = {choice.value: choice.label for choice in live.choices}
        given = [text] if live.control.kind == "select1" else text.split()
        return ", ".join(labels.get(value, value) for value in given)
    match live.type:
        case "integer" | "decimal" | "range" if isinstance(live.value, int | Decimal):
            # A year is written whole: nothing is grouped below ten thousand.
            return format_decimal(
                live.value,
                locale=language(),
                decimal_quantization=False,
                group_separator=abs(live.value) >= 10_000,
            )
        case "date":
            return show_fuzzy(text)
        case "time" if isinstance(live.value, time):
            return format_time(live.value, "HH:mm", locale=language())
        case "dateTime":
            return show_moment(text)
        case "acknowledge":
            return _("yes")
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
            case ast.Binary(op, left, right) if op in _SIGNS:
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
        return f"{number} {_SIGNS[op]} {self._label(asked, plain)}"

    def _holds(self, path: ast.Expr, value: str, owner: Node, does: bool) -> str:
        asked = self._asked(path, owner)
        if asked is None:
            return ""
        number, label = self.numbers[asked], self._label(asked, value)
        if self.entries[asked].type == "select_one":
            return f"{number} {'=' if does else '≠'} {label}"
        if does:
            return _("{question} includes “{answer}”").format(question=number, answer=label)
        words = _("{question} does not include “{answer}”")
        return words.format(question=number, answer=label)

    def _label(self, control: Control, value: str) -> str:
        return next((c.label for c in self.entries[control].choices if c.value == value), value)

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


class _Paper:
    """Turns the body of a form into items: blank where there is no `run`."""

    def __init__(self, form: Form, speech: str, blank_rows: int, run: Run | None = None):
        self.form = form
        self.run = run
        self.blank_rows = blank_rows
        self.entries = entries(form, speech)
        self.numbers = numbers(form)
        self.conditions = Conditions(form, speech)

    def all(self) -> tuple[PaperItem, ...]:
        """The whole body."""
        about = self.form.definition
        return tuple(self._items(about.body, about.root, self.run.root if self.run else None))

    def _live(self, control: Control, node: Node, row: Row | None, kind: str) -> Live | None:
        return Live(self.run, kind, control, node, row) if self.run and row else None

    def _items(
        self, controls: Sequence[Control], around: Node, row: Row | None
    ) -> Iterator[PaperItem]:
        for control in controls:
            node = control.node or around
            kind = "repeat" if control.kind == "repeat" else "question"
            live = self._live(control, node, row, kind)
            if live is not None and not live.relevant:
                continue
            if control.kind == "group":
                yield PaperGroup(
                    label=self._words(control, node, row),
                    items=tuple(self._items(control.children, node, row)),
                    hint=self.entries[control].hint,
                    condition=self.conditions.of(control),
                )
            elif control.kind == "repeat":
                yield from self._repeats(control, node, row)
            else:
                yield self._question(control, node, row)

    def _words(self, control: Control, node: Node, row: Row | None) -> str:
        if self.run is not None and row is not None:
            return self.run.words(control.label, node, row)
        return self.entries[control].label

    def _question(self, control: Control, node: Node, row: Row | None) -> PaperQuestion:
        live = self._live(control, node, row, "question")
        entry = self.entries[control]
        offered = live.choices if live else entry.choices
        given = live.text.split() if live else []
        if control.kind == "trigger":
            offered = (Choice("OK", _("Read and understood")),)
        return PaperQuestion(
            number=self.numbers.get(control, ""),
            label=self._words(control, node, row),
            kind=_KINDS.get(entry.type, "text"),
            hint=entry.hint,
            choices=tuple(
                PaperChoice(choice.label, str(place), choice.value in given)
                for place, choice in enumerate(offered, 1)
            ),
            condition=self.conditions.of(control),
            required=entry.required,
            answer=answer_text(live) if live else "",
        )

    def _repeats(self, control: Control, node: Node, row: Row | None) -> Iterator[PaperRepeat]:
        """A table, and one more for each repeat inside it."""
        columns = list(self._columns(control, node))
        rows = row.kids[node.place] if row is not None else []
        first = rows[0] if rows else None
        asked = [self._question(each, inner, first) for each, inner in columns]
        # A column has no room for its condition; it stands above the table.
        limits = [f"{q.number}\u00a0: {q.condition}" for q in asked if q.condition]
        yield PaperRepeat(
            number="",
            label=self._words(control, node, first),
            questions=tuple(asked),
            rows=tuple(
                tuple(self._cell(each, inner, kid) for each, inner in columns) for kid in rows
            ),
            blank_rows=self.blank_rows,
            hint="\n".join(filter(None, (self.entries[control].hint, *limits))),
            condition=self.conditions.of(control),
        )
        outer: Sequence[Row | None] = [None] if row is None else rows
        for inside, inner in self._inner_repeats(control, node):
            for kid in outer:
                yield from self._repeats(inside, inner, kid)

    def _columns(self, control: Control, node: Node) -> Iterator[tuple[Control, Node]]:
        for child in control.children:
            inner = child.node or node
            if child.kind == "group":
                yield from self._columns(child, inner)
            elif child.kind != "repeat" and child in self.numbers:
                yield child, inner

    def _inner_repeats(self, control: Control, node: Node) -> Iterator[tuple[Control, Node]]:
        for child in control.children:
            inner = child.node or node
            if child.kind == "repeat":
                yield child, inner
            elif child.kind == "group":
                yield from self._inner_repeats(child, inner)

    def _cell(self, control: Control, node: Node, row: Row) -> str:
        live = self._live(control, node, row, "question")
        return answer_text(live) if live is not None and live.relevant else ""


def questionnaire_sheet(
    session: Session,
    questionnaire: str = "",
    id: str = "",
    look: str = "blank",
    blank_rows: int = 6,
) -> Questionnaire:
    """The sheet of a questionnaire: blank from its record, or filled from a submission.

    `id` is that of a submission, or of a questionnaire (then blank). `look` may ask for
    the "compact" list of a filled one. Raises Gone, FormFault.
    """
    if id and not questionnaire:
        try:
            return _filled(session, id, look)
        except Gone:
            questionnaire = id
    return _blank(session, questionnaire, blank_rows)


def _blank(session: Session, questionnaire: str, blank_rows: int) -> Questionnaire:
    from .papers import imprint

    load(session, "questionnaire", questionnaire)
    form = open_form(session, questionnaire)
    return Questionnaire(
        imprint=imprint(session),
        title=form.title,
        items=_Paper(form, spoken_in(form, language()), blank_rows).all(),
        version=form.version,
        facts=tuple(
            (name, "") for name in (_("Name or code"), _("Place"), _("Filled by"), _("Date"))
        ),
    )


def _filled(session: Session, id: str, look: str) -> Questionnaire:
    from .papers import imprint

    found = submissions.filled(session, id)
    form = form_of(found.xform)
    run = Run(form, spoken_in(form, language()), draft=submission_xml.read(form, found.xml))
    shown = found.submission.shown
    about = RECORDS["submission"]
    names = (*LINKS, "finished", "account")
    return Questionnaire(
        imprint=imprint(session),
        title=form.title,
        items=_Paper(form, run.language, 0, run).all(),
        look=cast(Look, look if look == "compact" else "filled"),
        version=form.version,
        facts=tuple((str(about[name].label), shown[name]) for name in names if shown[name]),
    )
