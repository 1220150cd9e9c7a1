"""Functions that look at their arguments before these are values: `if`, `position`…

`SPECIAL`: name → (least, most number of arguments, builder).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from migdesk.forms.definition import Node
from migdesk.forms.faults import FormFault
from migdesk.forms.xpath.ast import Call, Literal, Path
from migdesk.forms.xpath.code import (
    Code,
    Context,
    Dep,
    Fn,
    Frame,
    Nodes,
    NotNodes,
    Unit,
    as_boolean,
    as_flags,
    as_number,
    as_text,
    as_value,
    as_values,
)
from migdesk.forms.xpath.numbers import as_float
from migdesk.forms.xpath.parser import parse
from migdesk.forms.xpath.paths import Compile, picked, resolve
from migdesk.forms.xpath.pulled import pulldata, search
from migdesk.forms.xpath.words import normalize_space
from migdesk.i18n import N_


class Unpaired(FormFault):
    code = "FRM-021"
    text = N_("The function “{name}” takes its values in pairs: one of them is alone.")


Builder = Callable[[Call, Context, Compile], Code]


def _if(call: Call, ctx: Context, compile_: Compile) -> Code:
    test, then, other = (compile_(arg, ctx) for arg in call.args)
    check = as_boolean(test)
    kind = then.kind if then.kind == other.kind and then.kind != "nodes" else "any"
    a, b = as_value(then), as_value(other)
    return Code(kind, lambda row, frame: a(row, frame) if check(row, frame) else b(row, frame))


def _coalesce(call: Call, ctx: Context, compile_: Compile) -> Code:
    """The first value that is one: neither blank nor a number that is none."""
    codes = [compile_(arg, ctx) for arg in call.args]
    kinds = {code.kind for code in codes}
    runs = [as_value(code) for code in codes]

    def run(row: Any, frame: Frame) -> Any:
        for value in (run(row, frame) for run in runs):
            if value != "" and value == value:
                return value
        return ""

    kind = kinds.pop() if len(kinds) == 1 else "any"
    return Code("any" if kind in ("nodes", "number") else kind, run)


def _once(call: Call, ctx: Context, compile_: Compile) -> Code:
    """The answer that stands, or the value where there is none yet."""
    slot, value = ctx.unit.owner.slot, as_text(compile_(call.args[0], ctx))
    ctx.unit.volatile = True

    def run(row: Any, frame: Frame) -> str:
        here = row if frame.origin is None else frame.origin
        return str(here.kept[slot] or value(row, frame))

    return Code("text", run)


def _string(call: Call, ctx: Context, compile_: Compile) -> Code:
    """XPath: the context node when there is no argument."""
    return Code("text", as_text(_argument(call, ctx, compile_)))


def _string_length(call: Call, ctx: Context, compile_: Compile) -> Code:
    text = as_text(_argument(call, ctx, compile_))
    return Code("number", lambda row, frame: float(len(text(row, frame))))


def _normalize_space(call: Call, ctx: Context, compile_: Compile) -> Code:
    text = as_text(_argument(call, ctx, compile_))
    return Code("text", lambda row, frame: normalize_space(text(row, frame)))


def _argument(call: Call, ctx: Context, compile_: Compile) -> Code:
    return compile_(call.args[0] if call.args else parse("."), ctx)


def _position(call: Call, ctx: Context, compile_: Compile) -> Code:
    if call.args:
        nodes = _nodes(call, 0, ctx, compile_)
        node = nodes.node
        if node is None or not node.repeat:
            return Code("number", lambda row, frame: 1.0)
        items = nodes.items
        _watch_rows(node, ctx)

        def place(row: Any, frame: Frame) -> float:
            found = items(row, frame)
            return float(found[0].index + 1) if found else 0.0

        return Code("number", place)
    if ctx.nested:
        return Code("number", lambda row, frame: float(frame.position))
    repeat = ctx.unit.owner.scope.nodes[0]
    if repeat.repeat:
        _watch_rows(repeat, ctx)
    return Code("number", lambda row, frame: float(row.index + 1))


def _watch_rows(repeat: Node, ctx: Context) -> None:
    outer = repeat.scope.parent
    if outer is not None:
        ctx.unit.deps.add(Dep(repeat, True, ctx.common.common(outer)))


def _last(call: Call, ctx: Context, compile_: Compile) -> Code:
    return Code("number", lambda row, frame: float(frame.size))


def _count(call: Call, ctx: Context, compile_: Compile) -> Code:
    nodes = _nodes(call, 0, ctx, compile_)
    items = nodes.items
    if nodes.node is None:
        return Code("number", lambda row, frame: float(len(items(row, frame))))
    slot = nodes.node.slot
    return Code(
        "number", lambda row, frame: float(sum(r.relevant[slot] for r in items(row, frame)))
    )


def _count_non_empty(call: Call, ctx: Context, compile_: Compile) -> Code:
    texts = _nodes(call, 0, ctx, compile_).texts
    return Code("number", lambda row, frame: float(sum(map(bool, texts(row, frame)))))


def _nodes(call: Call, at: int, ctx: Context, compile_: Compile) -> Nodes:
    code = compile_(call.args[at], ctx)
    if not isinstance(code, Nodes):
        raise NotNodes(name=call.name)
    return code


def _current(call: Call, ctx: Context, compile_: Compile) -> Code:
    return resolve(Path((), base=call), ctx, compile_)


def _instance(call: Call, ctx: Context, compile_: Compile) -> Code:
    return compile_(Path((), base=call), ctx)


def _randomize(call: Call, ctx: Context, compile_: Compile) -> Code:
    """Order by a seed that one run keeps, so that a list does not jump about."""
    nodes = _nodes(call, 0, ctx, compile_)
    seed = _seed(compile_(call.args[1], ctx)) if len(call.args) > 1 else _no_seed
    return Nodes("nodes", nodes.run, nodes.texts, shuffled(nodes.items, seed), nodes.node)


def _seed(code: Code) -> Fn:
    """A number; a text that is none gives the first eight bytes of its SHA-256, as in both
    peers."""
    number, text = as_number(code), as_text(code)

    def run(row: Any, frame: Frame) -> float:
        value: float = number(row, frame)
        said = "" if value == value else text(row, frame)
        if said in ("", "NaN"):
            return value
        return int.from_bytes(sha256(said.encode("utf-8")).digest()[:8], "big", signed=True)

    return run


def _no_seed(row: Any, frame: Frame) -> float:
    return frame.env.seed


def shuffled(items: Fn, seed: Fn) -> Fn:
    def run(row: Any, frame: Frame) -> list[Any]:
        return park_miller(list(items(row, frame)), seed(row, frame))

    return run


def park_miller(items: list[Any], seed: float) -> list[Any]:
    """Shuffled as both peers do: Fisher–Yates from the inside out, with the generator of
    Park and Miller. A seed is cut to a whole number; what is no number counts as 0."""
    whole = int(min(max(seed, -(2**63)), 2**63 - 1)) if seed == seed else 0
    state = abs(whole) % 2147483647 * (1 if whole > 0 else -1)
    if state <= 0:
        state += 2147483646
    drawn: list[Any] = []
    for at, item in enumerate(items):
        state = state * 16807 % 2147483647
        other = int((state - 1) / 2147483646 * (at + 1))
        drawn.append(item)
        drawn[at], drawn[other] = drawn[other], item
    return drawn


def _indexed_repeat(call: Call, ctx: Context, compile_: Compile) -> Code:
    """``indexed-repeat(question, repeat, position, …)``"""
    if len(call.args) % 2 == 0:
        raise NotNodes(name=call.name)
    names = replace(ctx, unit=Unit(ctx.unit.definition, ctx.unit.owner))  # read as names only
    target = _nodes(call, 0, names, compile_).node
    picks: dict[Node, Fn] = {}
    for at in range(1, len(call.args), 2):
        repeat = _nodes(call, at, names, compile_).node
        if repeat is None or not repeat.repeat:
            raise NotNodes(name=call.name)
        picks[repeat] = as_number(compile_(call.args[at + 1], ctx))
    if target is None:
        raise NotNodes(name=call.name)
    return picked(target, picks, ctx)


def _choice_name(call: Call, ctx: Context, compile_: Compile) -> Code:
    """Label of a choice; the second argument is the question's path between quotes."""
    value = as_text(compile_(call.args[0], ctx))
    quoted = call.args[1]
    if not isinstance(quoted, Literal):
        raise NotNodes(name=call.name)
    nodes = compile_(parse(quoted.value), ctx)
    if not isinstance(nodes, Nodes) or nodes.node is None:
        raise NotNodes(name=call.name)
    node, items = nodes.node, nodes.items
    ctx.unit.named.add(node)
    ctx.unit.spoken = True

    def run(row: Any, frame: Frame) -> str:
        rows = items(row, frame)
        return frame.env.choice_label(node, rows[0], value(row, frame)) if rows else ""

    return Code("text", run)


def _weighted_checklist(call: Call, ctx: Context, compile_: Compile) -> Code:
    """``weighted-checklist(least, most, answer, weight, …)``; a pair may be two node-sets."""
    if len(call.args) % 2:
        raise Unpaired(name=call.name)
    least, most = (as_number(compile_(arg, ctx)) for arg in call.args[:2])
    flags = [as_flags(compile_(arg, ctx)) for arg in call.args[2::2]]
    weights = [as_values(compile_(arg, ctx)) for arg in call.args[3::2]]

    def run(row: Any, frame: Frame) -> bool:
        held = sum(
            as_float(weight)
            for answer, worth in zip(flags, weights, strict=True)
            for flag, weight in zip(answer(row, frame), worth(row, frame), strict=False)
            if flag
        )
        return bool(least(row, frame) <= held <= most(row, frame))

    return Code("boolean", run)


def _depend(call: Call, ctx: Context, compile_: Compile) -> Code:
    """The first value, calculated again when any other changes."""
    codes = [compile_(arg, ctx) for arg in call.args]
    return codes[0]


def _version(call: Call, ctx: Context, compile_: Compile) -> Code:
    version = ctx.unit.definition.version
    return Code("text", lambda row, frame: version)


def _name(call: Call, ctx: Context, compile_: Compile) -> Code:
    """Name of the first node, with its prefix; `local-name` leaves that out."""
    nodes = _argument(call, ctx, compile_)
    if not isinstance(nodes, Nodes):
        raise NotNodes(name=call.name)
    node, items, bare = nodes.node, nodes.items, call.name == "local-name"

    def run(row: Any, frame: Frame) -> str:
        found = items(row, frame)
        name = "" if not found else found[0].name if node is None else node.name
        return name.rpartition(":")[2] if bare else str(name)

    return Code("text", run)


def _namespace(call: Call, ctx: Context, compile_: Compile) -> Code:
    prefixed = _name(call, ctx, compile_).run
    spaces = ctx.unit.definition.namespaces
    return Code(
        "text", lambda row, frame: spaces.get(prefixed(row, frame).rpartition(":")[0], "")
    )


def _itext(call: Call, ctx: Context, compile_: Compile) -> Code:
    text_id = as_text(compile_(call.args[0], ctx))
    ctx.unit.spoken = True
    return Code("text", lambda row, frame: frame.env.itext(text_id(row, frame)))


SPECIAL: dict[str, tuple[int, int | None, Builder]] = {
    "if": (3, 3, _if),
    "coalesce": (2, None, _coalesce),
    "once": (1, 1, _once),
    "string": (0, 1, _string),
    "string-length": (0, 1, _string_length),
    "normalize-space": (0, 1, _normalize_space),
    "position": (0, 1, _position),
    "last": (0, 0, _last),
    "count": (1, 1, _count),
    "count-non-empty": (1, 1, _count_non_empty),
    "weighted-checklist": (2, None, _weighted_checklist),
    "depend": (1, None, _depend),
    "version": (0, 0, _version),
    "name": (0, 1, _name),
    "local-name": (0, 1, _name),
    "namespace-uri": (0, 1, _namespace),
    "current": (0, 0, _current),
    "instance": (1, 1, _instance),
    "randomize": (1, 2, _randomize),
    "indexed-repeat": (3, 11, _indexed_repeat),
    "jr:choice-name": (2, 2, _choice_name),
    "jr:itext": (1, 1, _itext),
    "pulldata": (4, 4, pulldata),
    "search": (1, 6, search),
}
