"""Paths inside secondary instances (choice lists, attached files), with an index.

``instance('x')/root/item[column = expression]`` is answered from a hash of `column`,
built the first time and shared by all runs of the form: a list of 50,000 villages
filters as fast as one of ten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from migdesk.forms.definition import LAST_SAVED, Item
from migdesk.forms.faults import FormFault
from migdesk.forms.xpath.ast import Binary, Call, Expr, Literal, Path, Step, to_text, walk
from migdesk.forms.xpath.code import Code, Context, Fn, Frame, Nodes, as_boolean, as_number
from migdesk.forms.xpath.convert import text_number
from migdesk.forms.xpath.paths import UnusedAxis, keep, predicate_of
from migdesk.i18n import N_

Compile = Callable[[Expr, Context], Code]
Items = Callable[[Any, Frame], list[Item]]


class NoList(FormFault):
    code = "FRM-014"
    text = N_("The list “{name}” does not exist in the form. Correct its name or add it.")


def from_instance(path: Path, ctx: Context, compile_: Compile) -> Nodes:
    """``instance('id')/step/…``; the id must be written, not calculated."""
    call = path.base
    assert isinstance(call, Call)
    name = call.args[0] if call.args else None
    if not isinstance(name, Literal) or name.value not in ctx.unit.definition.instances:
        raise NoList(name=name.value if isinstance(name, Literal) else "")
    top = ctx.unit.definition.instances[name.value]
    if top is LAST_SAVED:
        return follow(path.steps, ctx, compile_, lambda row, frame: [frame.env.last_saved()])
    start = [top]
    return follow(path.steps, ctx, compile_, _constant(start), start)


def from_item(path: Path, ctx: Context, compile_: Compile) -> Nodes:
    """A relative path where the context is an item of a list."""
    if _simple(path):
        return _column(path.steps[0].test)
    return follow(path.steps, ctx, compile_, lambda row, frame: [row])


def follow(
    steps: tuple[Step, ...],
    ctx: Context,
    compile_: Compile,
    items: Items,
    fixed: list[Item] | None = None,
) -> Nodes:
    """`fixed` are the items where they are known now, which ends at the first predicate."""
    inner = Context(ctx.unit, None, ctx.common, nested=True)
    for step in steps:
        move = _move(step)
        if fixed is not None and not _counted(step, move(fixed)):
            fixed = move(fixed)
            items = _constant(fixed)
            for predicate in step.predicates:
                if fixed is not None:
                    items = _indexed(fixed, predicate, inner, compile_)
                    fixed = None
                else:
                    items = _where(items, predicate_of(predicate, inner, compile_))
        elif step.predicates:
            picks = [predicate_of(each, inner, compile_) for each in step.predicates]
            items, fixed = _each(items, move, picks), None
        else:
            items = _then(items, move)
    attribute = steps[-1].test if steps and steps[-1].axis == "attribute" else ""
    return _nodes(items, attribute)


def _simple(path: Path) -> bool:
    step = path.steps[0] if len(path.steps) == 1 else None
    plain = step is not None and step.axis == "child" and not step.predicates
    return plain and step is not None and step.test not in ("*", "node()", "text()")


def _column(name: str) -> Nodes:
    def texts(row: Item, _frame: Frame) -> list[str]:
        return row.texts(name)

    def items(row: Item, _frame: Frame) -> list[Item]:
        return [child for child in row.children if child.name == name]

    return Nodes("nodes", lambda row, frame: row.get(name), texts, items, single=True)


def _constant(fixed: list[Item]) -> Items:
    return lambda row, frame: fixed


def _then(items: Items, move: Callable[[list[Item]], list[Item]]) -> Items:
    return lambda row, frame: move(items(row, frame))


def _each(items: Items, move: Callable[[list[Item]], list[Item]], picks: list[Fn]) -> Items:
    """A step from each item by itself: places are counted among what one item has."""

    def run(row: Any, frame: Frame) -> list[Item]:
        found: list[Item] = []
        for item in items(row, frame):
            near = move([item])
            for pick in picks:
                near = keep(near, pick, row, frame)
            found += near
        return list(dict.fromkeys(found))

    return run


def _counted(step: Step, found: list[Item]) -> bool:
    """Whether places are counted, and among the children of several items."""
    places = any(_positional(each) for each in step.predicates)
    return places and len({id(item.parent) for item in found}) > 1


def _where(items: Items, pick: Fn) -> Items:
    return lambda row, frame: keep(items(row, frame), pick, row, frame)


def _move(step: Step) -> Callable[[list[Item]], list[Item]]:
    test = step.test

    def matches(item: Item) -> bool:
        return test in ("*", "node()", item.name)

    match step.axis:
        case "child" if test == "text()":
            return lambda items: items
        case "child":
            return lambda items: [c for i in items for c in i.children if matches(c)]
        case "self":
            return lambda items: [i for i in items if matches(i)]
        case "parent":
            return lambda items: list(
                dict.fromkeys(i.parent for i in items if i.parent and matches(i.parent))
            )
        case "attribute":
            return lambda items: [i for i in items if test in i.attributes]
        case "descendant-or-self" | "descendant":
            first = step.axis == "descendant-or-self"
            return lambda items: [d for i in items for d in _below(i, first) if matches(d)]
        case "ancestor" | "ancestor-or-self":
            itself = step.axis == "ancestor-or-self"
            return lambda items: [a for i in items for a in _above(i, itself) if matches(a)]
        case "following-sibling" | "preceding-sibling":
            after = step.axis == "following-sibling"
            return lambda items: [b for i in items for b in _beside(i, after) if matches(b)]
    raise UnusedAxis(path=step.axis)


def _above(item: Item, itself: bool) -> list[Item]:
    """Nearest first; the nameless top is no element."""
    found, here = [], item if itself else item.parent
    while here is not None and here.parent is not None:
        found.append(here)
        here = here.parent
    return found


def _beside(item: Item, after: bool) -> list[Item]:
    """Children of the same parent, nearest first."""
    row = list(item.parent.children) if item.parent is not None else [item]
    place = next((n for n, each in enumerate(row) if each is item), len(row))
    return row[place + 1 :] if after else row[:place][::-1]


def _below(item: Item, itself: bool) -> list[Item]:
    found, stack = [], [item]
    while stack:
        here = stack.pop()
        found.append(here)
        stack.extend(reversed(here.children))
    return found if itself else found[1:]


def _nodes(items: Items, attribute: str) -> Nodes:
    def text(item: Item) -> str:
        return item.attributes.get(attribute, "") if attribute else item.text

    def texts(row: Any, frame: Frame) -> list[str]:
        return [text(item) for item in items(row, frame)]

    def one(row: Any, frame: Frame) -> str:
        found = items(row, frame)
        return text(found[0]) if found else ""

    return Nodes("nodes", one, texts, items)


# index ----------------------------------------------------------------------------


class Index:
    """Items of a fixed list by the text and by the number in one column."""

    def __init__(self, items: list[Item], column: str) -> None:
        self.items = items
        self.column = column
        self._texts: dict[str, list[Item]] = {}
        self._numbers: dict[float, list[Item]] | None = None
        self._built = False

    def by_text(self, key: str) -> list[Item]:
        if not self._built:
            for item in self.items:
                for text in set(item.texts(self.column)):
                    self._texts.setdefault(text, []).append(item)
            self._built = True
        return self._texts.get(key, [])

    def by_number(self, key: float) -> list[Item]:
        if self._numbers is None:
            self._numbers = {}
            for item in self.items:
                for text in item.texts(self.column):
                    self._numbers.setdefault(text_number(text), []).append(item)
        return self._numbers.get(key, [])


def _indexed(fixed: list[Item], predicate: Expr, ctx: Context, compile_: Compile) -> Items:
    """The first equality between a column and something known outside uses an index;
    the rest of the `and` filters what it found."""
    parts = _conjuncts(predicate)
    if not any(_positional(part) for part in parts):
        for at, part in enumerate(parts):
            sides = _equality(part)
            key = None if sides is None else compile_(sides[1], ctx)
            if sides is not None and key is not None and _one_value(key):
                found = _lookup(Index(fixed, sides[0]), key)
                rest = [as_boolean(compile_(p, ctx)) for p in parts[:at] + parts[at + 1 :]]
                for pick in rest:
                    found = _where(found, pick)
                return found
    return _where(_constant(fixed), predicate_of(predicate, ctx, compile_))


def _one_value(key: Code) -> bool:
    """Sets and booleans compare by rules of their own."""
    return key.single if isinstance(key, Nodes) else key.kind != "boolean"


def _lookup(index: Index, key: Code) -> Items:
    run = key.run
    if key.kind == "number":
        return lambda row, frame: index.by_number(run(row, _outside(row, frame)))
    if isinstance(key, Nodes) and key.numeric:
        number = as_number(key)

        def typed(row: Any, frame: Frame) -> list[Item]:
            outer = _outside(row, frame)
            text = run(row, outer)
            return index.by_number(number(row, outer)) if text else index.by_text("")

        return typed
    return lambda row, frame: index.by_text(run(row, _outside(row, frame)))


def _outside(row: Any, frame: Frame) -> Frame:
    return frame if frame.origin is not None else Frame(frame.env, row, 1, 1)


def _conjuncts(expr: Expr) -> list[Expr]:
    parts: list[Expr] = []
    while isinstance(expr, Binary) and expr.op == "and":
        parts.append(expr.right)
        expr = expr.left
    return [expr, *reversed(parts)]


def _equality(expr: Expr) -> tuple[str, Expr] | None:
    """Column name and the other side, when that does not read the item itself."""
    if not isinstance(expr, Binary) or expr.op != "=":
        return None
    for column, other in ((expr.left, expr.right), (expr.right, expr.left)):
        if isinstance(column, Path) and column.base is None and not column.absolute:
            short = replace(column, steps=column.steps[1:]) if _dot(column) else column
            if short.steps and _simple(short) and _known_outside(other):
                return short.steps[0].test, other
    return None


def _dot(path: Path) -> bool:
    return to_text(Path(path.steps[:1])) == "."


def _known_outside(expr: Expr) -> bool:
    """Whether the item has no part in it."""
    return not any(_reads_item(part) for part in walk(expr))


def _reads_item(expr: Expr) -> bool:
    return isinstance(expr, Path) and expr.base is None and not expr.absolute


def _positional(expr: Expr) -> bool:
    return any(isinstance(e, Call) and e.name in ("position", "last") for e in walk(expr)) or (
        not isinstance(expr, Binary | Call)
    )
