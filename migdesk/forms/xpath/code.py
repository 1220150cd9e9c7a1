"""Compiled expressions: closures over slots, and what they depend on.

A closure takes `(row, frame)`. `row` is the context: a `Row` of answers or, inside a
predicate on a list, an `Item`. `frame` carries what the context row cannot say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from migdesk.forms.definition import Definition, Item, Node, Scope
from migdesk.forms.faults import FormFault
from migdesk.forms.xpath.ast import Binary, Call, Expr
from migdesk.forms.xpath.convert import (
    NAN,
    any_text,
    number_boolean,
    number_text,
    text_boolean,
    text_number,
)
from migdesk.forms.xpath.parser import parse
from migdesk.i18n import N_

Fn = Callable[[Any, "Frame"], Any]
EXACT = 15
"""Longest text of a number that a float still holds digit by digit."""


class NotNodes(FormFault):
    code = "FRM-012"
    text = N_("The function “{name}” needs the name of a question or of a repeat here.")


class Environment(Protocol):
    """What an expression may ask of the living form. `seed` orders shuffled lists."""

    seed: float

    def now(self) -> datetime: ...
    def random(self) -> float: ...
    def uuid(self) -> str: ...
    def property(self, name: str) -> str: ...
    def itext(self, text_id: str) -> str: ...
    def choice_label(self, node: Node, row: Any, value: str) -> str: ...
    def locale(self) -> str: ...
    def last_saved(self) -> Item: ...


class Frame:
    """Where we are inside predicates: `origin` is the row of the whole expression."""

    __slots__ = ("env", "origin", "position", "size")

    def __init__(self, env: Environment, origin: Any, position: int, size: int) -> None:
        self.env = env
        self.origin = origin
        self.position = position
        self.size = size


@dataclass(frozen=True, slots=True, repr=False)
class Dep:
    """Reads `node` (or, with `rows`, the list of rows of a repeat) in every row that
    shares the row of `common` with the reader."""

    node: Node
    rows: bool
    common: Scope


@dataclass(eq=False, slots=True, repr=False)
class Unit:
    """One expression of a form: whose it is, and what compiling it found out.

    `named` are the questions whose choices it names; `volatile` differs at each
    evaluation (random, uuid); `spoken` depends on the language in use.
    """

    definition: Definition
    owner: Node
    deps: set[Dep] = field(default_factory=set)
    named: set[Node] = field(default_factory=set)
    volatile: bool = False
    spoken: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Context:
    """Static context of a sub-expression. `node` is None inside a list's items."""

    unit: Unit
    node: Node | None
    common: Scope
    nested: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Code:
    """`kind`: number, text, boolean, any or nodes; `run` returns float, str, bool, one of
    these (any: known only when it is run) or, for nodes, the text of the first one (blank
    when there is none)."""

    kind: str
    run: Fn


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Nodes(Code):
    """A node-set. `node` is set when all come from one place of the form, and `single`
    when there is always exactly one. `items` gives rows, or items of a list."""

    texts: Fn
    items: Fn
    node: Node | None = None
    single: bool = False

    @property
    def calculated(self) -> bool:
        """Its text may stand for a boolean: 1 or 0."""
        return self.node is not None and self.node.bind.calculate != ""

    @property
    def flag(self) -> bool:
        """Its text, 1 or 0, is a boolean and is said as one."""
        return self.calculated and self.node is not None and is_flag(self.node.bind.calculate)

    @property
    def numeric(self) -> bool:
        return self.node is not None and self.node.bind.type in ("int", "decimal")


_TRUTHS = frozenset(
    ["true", "false", "boolean", "boolean-from-string", "not", "regex", "contains",
     "starts-with", "ends-with", "selected", "is-selected", "checklist",
     "weighted-checklist", "geofence", "intersects"]
)  # fmt: skip
_CONDITIONS = frozenset(["=", "!=", "<", "<=", ">", ">=", "and", "or"])
_SAID = {"1": "true", "0": "false"}


def is_flag(source: str) -> bool:
    """Whether an expression always gives a boolean."""
    try:
        return _is_flag(parse(source))
    except FormFault:
        return False


def _is_flag(tree: Expr) -> bool:
    if isinstance(tree, Call):
        branches = tree.args[1:] if tree.name == "if" else ()
        return tree.name in _TRUTHS or (bool(branches) and all(map(_is_flag, branches)))
    return isinstance(tree, Binary) and tree.op in _CONDITIONS


def as_value(code: Code) -> Fn:
    """The value with its own type: a blank number is a blank text."""
    run = code.run
    if isinstance(code, Nodes) and code.numeric:
        return lambda row, frame: _number_or_text(run(row, frame))
    return run


def _number_or_text(text: str) -> float | str:
    return float(text) if text and len(text) <= EXACT else text


def any_number(value: str | float | bool) -> float:
    """Number of any XPath value."""
    return text_number(value) if isinstance(value, str) else float(value)


def any_boolean(value: str | float | bool) -> bool:
    """Truth of any XPath value."""
    return text_boolean(value) if isinstance(value, str) else number_boolean(float(value))


def as_number(code: Code) -> Fn:
    run = code.run
    if code.kind == "number":
        return run
    if code.kind == "any":
        return lambda row, frame: any_number(run(row, frame))
    if code.kind == "boolean":
        return lambda row, frame: 1.0 if run(row, frame) else 0.0
    if isinstance(code, Nodes) and code.numeric:
        return lambda row, frame: float(text) if (text := run(row, frame)) else NAN
    return lambda row, frame: text_number(run(row, frame))


def as_text(code: Code) -> Fn:
    run = code.run
    if isinstance(code, Nodes) and code.flag:
        return lambda row, frame: _SAID.get(text := run(row, frame), text)
    if code.kind in ("text", "nodes"):
        return run
    if code.kind == "number":
        return lambda row, frame: number_text(run(row, frame))
    return lambda row, frame: any_text(run(row, frame))


def as_boolean(code: Code) -> Fn:
    run = code.run
    if code.kind == "boolean":
        return run
    if code.kind == "number":
        return lambda row, frame: number_boolean(run(row, frame))
    if code.kind == "any":
        return lambda row, frame: any_boolean(run(row, frame))
    if not isinstance(code, Nodes):
        return lambda row, frame: text_boolean(run(row, frame))
    if code.numeric and code.single:
        return lambda row, frame: number_boolean(float(run(row, frame) or 0))
    if code.node is not None and not code.node.leaf:
        items = code.items
        return lambda row, frame: bool(items(row, frame))
    texts = code.texts
    if code.calculated:
        return lambda row, frame: any(text not in ("", "0") for text in texts(row, frame))
    if code.node is not None:
        return lambda row, frame: any(texts(row, frame))
    items = code.items
    return lambda row, frame: any(texts(row, frame)) or any(map(_branch, items(row, frame)))


def _branch(found: Any) -> bool:
    """An element of a list that holds others: it is there, though it has no text."""
    return isinstance(found, Item) and bool(found.children)


def as_texts(code: Code) -> Fn:
    """A list of texts: each node's, or the one value. A node that is always there gives a
    blank where it is not relevant; one of several is left out."""
    if isinstance(code, Nodes) and not code.single:
        return code.texts
    one = code.run if isinstance(code, Nodes) else as_text(code)
    return lambda row, frame: [one(row, frame)]


def as_words(code: Code) -> Fn:
    """`as_texts` for a reader: a boolean is true or false."""
    texts = as_texts(code)
    if isinstance(code, Nodes) and code.flag:
        return lambda row, frame: [_SAID.get(text, text) for text in texts(row, frame)]
    return texts


def as_values(code: Code) -> Fn:
    """As `as_texts`, for functions of numbers: what is a number already stays one."""
    if code.kind not in ("number", "boolean"):
        return as_texts(code)
    number = as_number(code)
    return lambda row, frame: [number(row, frame)]


def as_flags(code: Code) -> Fn:
    """A list of truths: each node's, or the one value."""
    if not isinstance(code, Nodes) or code.single:
        one = as_boolean(code)
        return lambda row, frame: [one(row, frame)]
    texts = code.texts
    if code.numeric:
        return lambda row, frame: [number_boolean(text_number(t)) for t in texts(row, frame)]
    false = ("", "0") if code.calculated else ("",)
    return lambda row, frame: [text not in false for text in texts(row, frame)]
