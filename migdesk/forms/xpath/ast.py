"""The tree of an XPath 1.0 expression, and its canonical text.

`parse(to_text(tree)) == tree` for every tree: the property test rests on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from migdesk.forms.xpath.convert import number_text


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Literal:
    """Text between quotes. XPath cannot write both kinds of quote in one literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class Negate:
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """`op` is one of: or and = != < <= > >= + - * div mod |"""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """`test` is a name, `*`, `prefix:*`, `node()` or `text()`."""

    axis: str
    test: str
    predicates: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the root (`absolute`), from `base`, or from the context node."""

    steps: tuple[Step, ...]
    absolute: bool = False
    base: Expr | None = None
    predicates: tuple[Expr, ...] = ()


Expr = Number | Literal | Variable | Negate | Binary | Call | Path

SELF = Step("self", "node()")
PARENT = Step("parent", "node()")
DESCENDANTS = Step("descendant-or-self", "node()")


def to_text(expr: Expr) -> str:
    """Canonical text: every operation in brackets, abbreviations where XPath has them."""
    match expr:
        case Number(value):
            return number_text(value)
        case Literal(value):
            return f'"{value}"' if "'" in value else f"'{value}'"
        case Variable(name):
            return f"${name}"
        case Negate(operand):
            return f"-{to_text(operand)}"
        case Binary():
            return _chain_text(expr)
        case Call(name, args):
            return f"{name}({', '.join(to_text(arg) for arg in args)})"
        case Path():
            return _path_text(expr)


def _chain_text(expr: Expr) -> str:
    """A long sum leans to the left: it is followed there without recursion."""
    rights: list[str] = []
    while isinstance(expr, Binary):
        rights.append(f" {expr.op} {to_text(expr.right)})")
        expr = expr.left
    return "(" * len(rights) + to_text(expr) + "".join(reversed(rights))


def _path_text(path: Path) -> str:
    steps = "/".join(_step_text(step) for step in path.steps)
    if path.base is not None:
        base = to_text(path.base)
        if not isinstance(path.base, Call):
            base = f"({base})"
        return base + _predicates_text(path.predicates) + (f"/{steps}" if steps else "")
    if path.absolute:
        return f"/{steps}" if steps else "(/)"
    return steps


def _step_text(step: Step) -> str:
    if step == SELF:
        return "."
    if step == PARENT:
        return ".."
    axis = {"child": "", "attribute": "@"}.get(step.axis, f"{step.axis}::")
    return f"{axis}{step.test}{_predicates_text(step.predicates)}"


def _predicates_text(predicates: tuple[Expr, ...]) -> str:
    return "".join(f"[{to_text(predicate)}]" for predicate in predicates)


def children(expr: Expr) -> tuple[Expr, ...]:
    """Direct sub-expressions, predicates included."""
    match expr:
        case Negate(operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, args):
            return args
        case Path():
            inner = [p for step in expr.steps for p in step.predicates]
            base = () if expr.base is None else (expr.base,)
            return (*base, *expr.predicates, *inner)
        case _:
            return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and everything in it, without recursion (chains may be long)."""
    stack = [expr]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(children(here))
