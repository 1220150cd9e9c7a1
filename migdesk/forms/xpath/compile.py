"""Tree → closures: operators, calls, and the choice of the right kind of path."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from migdesk.forms.definition import Definition, Node, Scope
from migdesk.forms.faults import BrokenReference, FormFault
from migdesk.forms.xpath import lists, paths
from migdesk.forms.xpath.ast import (
    Binary,
    Call,
    Expr,
    Literal,
    Negate,
    Number,
    Path,
    Variable,
    to_text,
)
from migdesk.forms.xpath.code import (
    Code,
    Context,
    Dep,
    Fn,
    Frame,
    Nodes,
    Unit,
    any_boolean,
    any_number,
    as_boolean,
    as_flags,
    as_number,
    as_text,
    as_texts,
    as_value,
    as_values,
    as_words,
)
from migdesk.forms.xpath.convert import NAN, text_number
from migdesk.forms.xpath.functions import FUNCTIONS, Function
from migdesk.forms.xpath.parser import parse
from migdesk.forms.xpath.special import SPECIAL
from migdesk.i18n import N_


class UnknownFunction(FormFault):
    code = "FRM-015"
    text = N_("The function “{name}” is not known. Correct its name or write it differently.")


class WrongArguments(FormFault):
    code = "FRM-016"
    text = N_("The function “{name}” has {given} values in its brackets; it takes {wanted}.")


class UnknownVariable(FormFault):
    code = "FRM-017"
    text = N_("“${name}” has no meaning here. Write ${{{name}}} to name a question.")


@dataclass(frozen=True, slots=True, repr=False)
class Expression:
    """A compiled expression of one node. Run it with a row of the node's scope."""

    source: str
    tree: Expr
    code: Code
    deps: frozenset[Dep]
    named: frozenset[Node]
    volatile: bool
    spoken: bool

    def number(self) -> Fn:
        return as_number(self.code)

    def text(self) -> Fn:
        return as_text(self.code)

    def boolean(self) -> Fn:
        return as_boolean(self.code)

    def value(self) -> Fn:
        """The result as it is: float, bool or text."""
        return self.code.run


def compile_text(source: str, owner: Node, definition: Definition) -> Expression:
    """Compile an expression that stands at `owner`. Raises a FormFault without place."""
    tree = parse(source)
    unit = Unit(definition, owner)
    code = compile_tree(tree, Context(unit, owner, owner.scope))
    deps, named = frozenset(unit.deps), frozenset(unit.named)
    return Expression(source, tree, code, deps, named, unit.volatile, unit.spoken)


def compile_tree(expr: Expr, ctx: Context) -> Code:
    match expr:
        case Number(value):
            return Code("number", lambda row, frame: value)
        case Literal(value):
            return Code("text", lambda row, frame: value)
        case Negate(Number(value)):
            return Code("number", lambda row, frame: -value)
        case Negate(operand):
            run = as_number(compile_tree(operand, ctx))
            return Code("number", lambda row, frame: -run(row, frame))
        case Binary():
            return _chain(expr, ctx)
        case Path():
            return _path(expr, ctx)
        case Call():
            return _call(expr, ctx)
        case Variable(name):
            raise UnknownVariable(name=name)


# paths ----------------------------------------------------------------------------


def _path(path: Path, ctx: Context) -> Code:
    base = path.base
    if isinstance(base, Call) and base.name == "instance" and not path.predicates:
        return lists.from_instance(path, ctx, compile_tree)
    if base is None and not path.absolute and ctx.node is None:
        return lists.from_item(path, ctx, compile_tree)
    if base is None or base == Call("current", ()):
        return paths.resolve(path, ctx, compile_tree)
    return _on_set(path, base, ctx)


def _on_set(path: Path, base: Expr, ctx: Context) -> Code:
    """``(set)[predicate]/steps``: predicates see the whole set."""
    start = compile_tree(base, ctx)
    if not isinstance(start, Nodes) or (path.steps and start.node is not None):
        raise BrokenReference(target=to_text(path))
    inner = Context(ctx.unit, start.node, _outermost(ctx.common), nested=True)
    items = start.items
    for predicate in path.predicates:
        items = _kept(items, paths.predicate_of(predicate, inner, compile_tree))
    if start.node is None:
        return lists.follow(path.steps, inner, compile_tree, items)
    slot = start.node.slot

    def texts(row: Any, frame: Frame) -> list[str]:
        return [found.values[slot] for found in items(row, frame)]

    return Nodes("nodes", lambda r, f: next(iter(texts(r, f)), ""), texts, items, start.node)


def _kept(items: Fn, pick: Fn) -> Fn:
    return lambda row, frame: paths.keep(items(row, frame), pick, row, frame)


def _outermost(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


# operators ------------------------------------------------------------------------

_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": lambda a, b: _divide(a, b),
    "mod": lambda a, b: NAN if b == 0 or math.isinf(a) else math.fmod(a, b),
}
_RELATION: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _divide(a: float, b: float) -> float:
    if b == 0:
        if a == 0 or a != a:
            return NAN
        return math.copysign(math.inf, a) * math.copysign(1, b)
    return a / b


def _chain(expr: Binary, ctx: Context) -> Code:
    """`a + b + c …` as one step, so that a long sum does not nest a thousand deep."""
    same = _ARITHMETIC if expr.op in _ARITHMETIC else (expr.op,)
    links: list[tuple[str, Expr]] = []
    left: Expr = expr
    while isinstance(left, Binary) and left.op in same:
        links.append((left.op, left.right))
        left = left.left
    links.reverse()
    if expr.op in ("and", "or"):
        return _logical(expr.op, [left, *(right for _, right in links)], ctx)
    code = compile_tree(left, ctx)
    if expr.op in _ARITHMETIC:
        return _sums(code, [(op, compile_tree(right, ctx)) for op, right in links])
    for op, right in links:
        code = _compare(op, code, compile_tree(right, ctx))
    return code


def _logical(op: str, operands: list[Expr], ctx: Context) -> Code:
    runs = [as_boolean(compile_tree(operand, ctx)) for operand in operands]
    if len(runs) == 2:
        a, b = runs
        if op == "and":
            return Code("boolean", lambda row, frame: a(row, frame) and b(row, frame))
        return Code("boolean", lambda row, frame: a(row, frame) or b(row, frame))
    test = all if op == "and" else any
    return Code("boolean", lambda row, frame: test(run(row, frame) for run in runs))


def _sums(first: Code, links: list[tuple[str, Code]]) -> Code:
    start = as_number(first)
    steps = [(_ARITHMETIC[op], as_number(code)) for op, code in links]
    if len(steps) == 1:
        (apply, right) = steps[0]
        return Code("number", lambda row, frame: apply(start(row, frame), right(row, frame)))

    def run(row: Any, frame: Frame) -> float:
        total: float = start(row, frame)
        for apply, operand in steps:
            total = apply(total, operand(row, frame))
        return total

    return Code("number", run)


def _compare(op: str, a: Code, b: Code) -> Code:
    if op == "|":
        return _union(a, b)
    if _many(a) or _many(b):
        return _compare_sets(op, a, b)
    if op in _RELATION:
        return _pairwise(_RELATION[op], as_number(a), as_number(b))
    equal = _equal(a, b)
    if op == "=":
        return Code("boolean", equal)
    return Code("boolean", lambda row, frame: not equal(row, frame))


def _pairwise(relation: Callable[[float, float], bool], a: Fn, b: Fn) -> Code:
    return Code("boolean", lambda row, frame: relation(a(row, frame), b(row, frame)))


def _many(code: Code) -> bool:
    return isinstance(code, Nodes) and not code.single


def _equal(a: Code, b: Code) -> Fn:
    kinds = (a.kind, b.kind)
    left: Fn
    right: Fn
    if "boolean" in kinds:
        left, right = as_boolean(a), as_boolean(b)
    elif "any" in kinds:
        left, right = as_value(a), as_value(b)
        return lambda row, frame: same_value(left(row, frame), right(row, frame))
    elif "number" in kinds:
        left, right = as_number(a), as_number(b)
    elif any(isinstance(code, Nodes) and code.numeric for code in (a, b)):
        left, right = as_text(a), as_text(b)
        return lambda row, frame: same_number(left(row, frame), right(row, frame))
    elif any(isinstance(code, Nodes) and code.calculated for code in (a, b)):
        left, right = as_text(a), as_text(b)
        return lambda row, frame: same_flag(left(row, frame), right(row, frame))
    else:
        left, right = as_text(a), as_text(b)
    return lambda row, frame: left(row, frame) == right(row, frame)


def same_value(a: str | float | bool, b: str | float | bool) -> bool:
    """Equality by the types that two values have (XPath 1.0)."""
    if isinstance(a, bool) or isinstance(b, bool):
        return any_boolean(a) == any_boolean(b)
    if isinstance(a, float) or isinstance(b, float):
        return any_number(a) == any_number(b)
    return a == b


def same_number(a: str, b: str) -> bool:
    """Equality where one side is typed as a number: blank equals only blank."""
    return a == b or (a != "" and b != "" and text_number(a) == text_number(b))


_BLANK = ("",)
_FLAGS = {"1": "true", "0": "false"}


def same_flag(a: str, b: str) -> bool:
    """Equality where one side is calculated, and may be a boolean stored as 1 or 0."""
    return a == b or _FLAGS.get(a) == b or _FLAGS.get(b) == a


def _compare_sets(op: str, a: Code, b: Code) -> Code:
    """True if it holds for some node of one side and some of the other (XPath 1.0). An
    empty set counts as one blank."""
    numbers = op in _RELATION or "number" in (a.kind, b.kind)
    if "boolean" in (a.kind, b.kind) and op not in _RELATION:
        equal = _equal(a, b)
        return Code("boolean", equal if op == "=" else lambda r, f: not equal(r, f))
    test: Callable[[Any, Any], bool] = _RELATION.get(
        op, operator.eq if op == "=" else operator.ne
    )
    left, right = as_texts(a), as_texts(b)
    convert: Callable[[str], Any] = text_number if numbers else str

    def run(row: Any, frame: Frame) -> bool:
        others = [convert(text) for text in right(row, frame) or _BLANK]
        return any(
            test(convert(text), other)
            for text in left(row, frame) or _BLANK
            for other in others
        )

    return Code("boolean", run)


def _union(a: Code, b: Code) -> Nodes:
    if not isinstance(a, Nodes) or not isinstance(b, Nodes):
        raise BrokenReference(target="|")
    ta, tb, ia, ib = a.texts, b.texts, a.items, b.items

    def texts(row: Any, frame: Frame) -> list[str]:
        return [*ta(row, frame), *tb(row, frame)]

    def items(row: Any, frame: Frame) -> list[Any]:
        return [*ia(row, frame), *ib(row, frame)]

    return Nodes("nodes", lambda r, f: next(iter(texts(r, f)), ""), texts, items)


# calls ----------------------------------------------------------------------------


def _call(call: Call, ctx: Context) -> Code:
    special = SPECIAL.get(call.name)
    if special is not None:
        least, most, build = special
        _count(call, least, most)
        return build(call, ctx, compile_tree)
    function = FUNCTIONS.get(call.name)
    if function is None:
        raise UnknownFunction(name=call.name)
    _count(call, function.least, function.most)
    if function.check is not None:
        function.check([a.value if isinstance(a, Literal) else None for a in call.args])
    if function.volatile:
        ctx.unit.volatile = True
    if function.spoken:
        ctx.unit.spoken = True
    return Code(function.returns, _applied(function, _arguments(function, call, ctx)))


def _count(call: Call, least: int, most: int | None) -> None:
    given = len(call.args)
    if given < least or (most is not None and given > most):
        wanted = str(least) if most == least else f"{least}–{most if most is not None else '…'}"
        raise WrongArguments(name=call.name, given=given, wanted=wanted)


_AS: dict[str, Callable[[Code], Fn]] = {
    "t": as_text,
    "n": as_number,
    "b": as_boolean,
    "s": as_texts,
    "v": as_values,
    "f": as_flags,
}


def _arguments(function: Function, call: Call, ctx: Context) -> list[Fn]:
    letters = function.letters
    kinds = [letters[min(index, len(letters) - 1)] for index in range(len(call.args))]
    said = _AS | {"s": as_words} if function.returns == "text" else _AS
    return [said[k](compile_tree(arg, ctx)) for k, arg in zip(kinds, call.args, strict=True)]


def _applied(function: Function, args: list[Fn]) -> Fn:
    run = function.run
    if function.env:
        return lambda row, frame: run(frame.env, *[arg(row, frame) for arg in args])
    match args:
        case [a]:
            return lambda row, frame: run(a(row, frame))
        case [a, b]:
            return lambda row, frame: run(a(row, frame), b(row, frame))
    return lambda row, frame: run(*[arg(row, frame) for arg in args])
