"""Paths: resolved once to slots, so that running one is a few list look-ups.

A *track* is one static way from the context to a node of the form. It climbs `up`
scopes from its start, then runs `ops` (each list of rows → list of rows). A track
without ops is a single slot.

An absolute path is bound to the row we are in: ``/data/kid/age`` read inside `kid` is
this kid's age. Its last step is never bound: ``count(/data/kid)`` counts all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from migdesk.forms.definition import Node, Scope
from migdesk.forms.faults import BrokenReference, FormFault
from migdesk.forms.instance import Row
from migdesk.forms.xpath.ast import Call, Expr, Path, Step, to_text
from migdesk.forms.xpath.code import Code, Context, Dep, Fn, Frame, Nodes, as_boolean
from migdesk.i18n import N_

Op = Callable[[list[Row], Any, Frame], list[Row]]
Compile = Callable[[Expr, Context], Code]


class UnusedAxis(FormFault):
    code = "FRM-013"
    text = N_("“{path}” is no kind of step that forms have. Write the path to a question.")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Track:
    node: Node | None
    up: int
    scope: Scope
    common: Scope
    origin: bool
    ops: tuple[Op, ...] = ()
    deps: tuple[Dep, ...] = ()
    bind: Node | None = None
    """The innermost repeat node that an absolute path may still be bound to."""


def resolve(path: Path, ctx: Context, compile_: Compile) -> Nodes:
    """Node-set of a path on the main instance.

    Raises BrokenReference where the form has no such node.
    """
    if path.steps and path.steps[-1].axis == "attribute":
        return _attribute(path, ctx, compile_)
    first, steps = _candidate(path, ctx) or (_start(path, ctx), path.steps)
    tracks, last = [first], len(steps) - 1
    for at, step in enumerate(steps):
        found = (_advance(track, step, at == last, ctx, compile_) for track in tracks)
        tracks = [after for some in found for after in some]
    if not tracks:
        raise BrokenReference(target=to_text(path))
    return _nodes(tracks, ctx)


def _start(path: Path, ctx: Context) -> Track:
    """The root, the row of the whole expression, or the context."""
    owner = ctx.unit.owner
    if path.absolute:
        root = _root(owner.scope)
        return Track(None, owner.scope.depth, root, root, True, bind=owner)
    if path.base == Call("current", ()):
        return Track(owner, 0, owner.scope, owner.scope, True)
    if path.base is not None or ctx.node is None:
        raise BrokenReference(target=to_text(path))
    return Track(ctx.node, 0, ctx.node.scope, ctx.common, not ctx.nested)


def _candidate(path: Path, ctx: Context) -> tuple[Track, tuple[Step, ...]] | None:
    """Inside a predicate, an absolute path into the repeat that is filtered is about the row
    looked at: ``/data/kid[/data/kid/age > 5]``. The innermost repeat that both share, and
    the steps from there."""
    if not (path.absolute and ctx.nested and ctx.node is not None):
        return None
    found, node = None, None
    for at, step in enumerate(path.steps[:-1], 1):
        inner = [ctx.unit.definition.root] if node is None else node.children
        node = next((n for n in inner if n.name == step.test and not step.predicates), None)
        if node is None or not f"{ctx.node.path}/".startswith(f"{node.path}/"):
            break
        found = (node, at) if node.repeat else found
    if found is None:
        return None
    repeat, at = found
    common, up = ctx.common.common(repeat.scope), ctx.node.scope.depth - repeat.scope.depth
    return Track(repeat, up, repeat.scope, common, False), path.steps[at:]


def _root(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


def _advance(
    track: Track, step: Step, last: bool, ctx: Context, compile_: Compile
) -> Iterator[Track]:
    match step.axis, step.test:
        case "self", _:
            found = [track] if _matches(track.node, step.test) else []
        case "parent", test:
            found = [p for p in (_parent(track),) if _matches(p.node, test)]
        case "child", "text()":
            found = [track] if track.node is not None and track.node.leaf else []
        case "child", test:
            for node in _named(track, test, ctx):
                yield _enter(track, node, last, step, ctx, compile_)
            return
        case "descendant-or-self", test:
            found = [t for t in _descend(track, ctx) if _matches(t.node, test)]
        case "descendant", test:
            found = [
                t for t in _descend(track, ctx) if t is not track and _matches(t.node, test)
            ]
        case (("preceding-sibling" | "following-sibling"), test):
            found = _siblings(track, step.axis, test)
        case (("ancestor" | "ancestor-or-self"), test):
            found = [t for t in _ancestors(track, step.axis) if _matches(t.node, test)]
        case _:
            raise UnusedAxis(path=step.axis)
    for after in found:
        yield _filtered(after, step.predicates, ctx, compile_)


def _matches(node: Node | None, test: str) -> bool:
    return test == "node()" or (node is not None and test in ("*", node.name))


def _children(track: Track, ctx: Context) -> list[Node]:
    return [ctx.unit.definition.root] if track.node is None else track.node.children


def _named(track: Track, test: str, ctx: Context) -> list[Node]:
    if test in ("*", "node()"):
        return _children(track, ctx)
    above = "" if track.node is None else track.node.path
    found = ctx.unit.definition.nodes.get(f"{above}/{test}")
    return [] if found is None else [found]


def _parent(track: Track) -> Track:
    node = track.node
    if node is None or node.parent is None:
        raise BrokenReference(target="..")
    if not node.repeat:
        return replace(track, node=node.parent)
    scope = node.scope.parent
    assert scope is not None
    if track.ops:
        return replace(track, node=node.parent, scope=scope, ops=(*track.ops, _climb))
    common = track.common.common(scope)
    return replace(track, node=node.parent, up=track.up + 1, scope=scope, common=common)


def _climb(rows: list[Row], _row: Any, _frame: Frame) -> list[Row]:
    return list(dict.fromkeys(row.parent for row in rows if row.parent is not None))


def _enter(
    track: Track, node: Node, last: bool, step: Step, ctx: Context, compile_: Compile
) -> Track:
    if not node.repeat:
        t = track
        inner = Track(node, t.up, t.scope, t.common, t.origin, t.ops, t.deps, t.bind)
        return _filtered(inner, step.predicates, ctx, compile_)
    bound = track.bind is not None and not last and not step.predicates and not track.ops
    if bound and _inside(track.bind, node):
        return replace(track, node=node, up=track.up - 1, scope=node.scope, common=node.scope)
    picks = tuple(
        _predicate(p, Context(ctx.unit, node, track.common, nested=True), compile_)
        for p in step.predicates
    )
    return replace(
        track,
        node=node,
        scope=node.scope,
        ops=(*track.ops, _expand(node.place, picks)),
        deps=(*track.deps, Dep(node, True, track.common)),
    )


def _inside(node: Node | None, repeat: Node) -> bool:
    scope: Scope | None = None if node is None else node.scope
    while scope is not None and scope is not repeat.scope:
        scope = scope.parent
    return scope is not None


def _expand(place: int, picks: tuple[Fn, ...]) -> Op:
    if not picks:
        return lambda rows, _row, _frame: [
            kid for row in rows for kid in row.kids[place] if kid.relevant[0]
        ]

    def expand(rows: list[Row], row: Any, frame: Frame) -> list[Row]:
        out: list[Row] = []
        for outer in rows:
            kids = [kid for kid in outer.kids[place] if kid.relevant[0]]
            for pick in picks:
                kids = keep(kids, pick, row, frame)
            out += kids
        return out

    return expand


def keep(candidates: list[Any], pick: Fn, row: Any, frame: Frame) -> list[Any]:
    """Those for which the predicate holds; each sees its own position."""
    origin = row if frame.origin is None else frame.origin
    inner = Frame(frame.env, origin, 0, len(candidates))
    kept = []
    for position, candidate in enumerate(candidates, 1):
        inner.position = position
        if pick(candidate, inner):
            kept.append(candidate)
    return kept


def _predicate(expr: Expr, ctx: Context, compile_: Compile) -> Fn:
    """A predicate; a number is a position."""
    code = compile_(expr, ctx)
    if code.kind == "number":
        run = code.run
        return lambda row, frame: run(row, frame) == frame.position
    return as_boolean(code)


predicate_of = _predicate


def _filtered(track: Track, predicates: tuple[Expr, ...], ctx: Context, c: Compile) -> Track:
    for predicate in predicates:
        inner = Context(ctx.unit, track.node, track.common, nested=True)
        pick = _predicate(predicate, inner, c)
        track = replace(track, ops=(*track.ops, _filter(pick)))
    return track


def _filter(pick: Fn) -> Op:
    """A predicate on a node that exists once in its row: position is always 1 of 1."""
    return lambda rows, row, frame: [r for r in rows if keep([r], pick, row, frame)]


def _descend(track: Track, ctx: Context) -> Iterator[Track]:
    yield track
    for node in _children(track, ctx):
        here = replace(track, node=node)
        if node.repeat:
            here = replace(
                here,
                scope=node.scope,
                ops=(*track.ops, _expand(node.place, ())),
                deps=(*track.deps, Dep(node, True, track.common)),
            )
        yield from _descend(here, ctx)


def _ancestors(track: Track, axis: str) -> Iterator[Track]:
    if axis == "ancestor-or-self":
        yield track
    while track.node is not None and track.node.parent is not None:
        track = _parent(track)
        yield track


def _siblings(track: Track, axis: str, test: str) -> list[Track]:
    node = track.node
    if node is None or not node.repeat or not _matches(node, test):
        return []
    before, place = axis.startswith("preceding"), node.place

    def siblings(rows: list[Row], _row: Any, _frame: Frame) -> list[Row]:
        out = []
        for row in rows:
            assert row.parent is not None
            kids = row.parent.kids[place]
            near = kids[: row.index] if before else kids[row.index + 1 :]
            out += [kid for kid in near if kid.relevant[0]]
        return out

    outer = node.scope.parent
    assert outer is not None
    common = track.common.common(outer)
    deps = (*track.deps, Dep(node, True, common))
    return [replace(track, common=common, ops=(*track.ops, siblings), deps=deps)]


# closures -------------------------------------------------------------------------


def _nodes(tracks: list[Track], ctx: Context) -> Nodes:
    for track in tracks:
        ctx.unit.deps.update(track.deps)
        if track.node is not None:
            ctx.unit.deps.add(Dep(track.node, False, track.common))
    if len(tracks) == 1:
        return _one_track(tracks[0], ctx)
    parts = [_one_track(track, ctx) for track in tracks]

    def texts(row: Any, frame: Frame) -> list[str]:
        return [text for part in parts for text in part.texts(row, frame)]

    def items(row: Any, frame: Frame) -> list[Any]:
        return [item for part in parts for item in part.items(row, frame)]
    return Nodes("nodes", _first(texts), texts, items)


def _first(texts: Fn) -> Fn:
    return lambda row, frame: found[0] if (found := texts(row, frame)) else ""


def _one_track(track: Track, ctx: Context) -> Nodes:
    from_origin = track.origin and ctx.nested
    node = track.node or ctx.unit.definition.root
    slot = node.slot
    rows = _rows(track, from_origin)

    def texts(row: Any, frame: Frame) -> list[str]:
        return [r.values[slot] for r in rows(row, frame) if r.relevant[slot]]

    if track.ops:
        return Nodes("nodes", _first(texts), texts, rows, node)
    return Nodes("nodes", _value(track.up, slot, from_origin), texts, rows, node, single=True)


def _rows(track: Track, from_origin: bool) -> Fn:
    up, ops = track.up, track.ops

    def rows(row: Any, frame: Frame) -> list[Row]:
        start = frame.origin if from_origin else row
        found = [start.up(up)]
        for op in ops:
            found = op(found, row, frame)
        return found

    return rows


def _value(up: int, slot: int, from_origin: bool) -> Fn:
    if from_origin:
        return lambda row, frame: frame.origin.up(up).values[slot]
    if up == 0:
        return lambda row, frame: row.values[slot]
    if up == 1:
        return lambda row, frame: row.parent.values[slot]
    return lambda row, frame: row.up(up).values[slot]


def _attribute(path: Path, ctx: Context, compile_: Compile) -> Nodes:
    """Attributes without a bind never change (form id, version); the others are nodes."""
    above, name = path.steps[:-1], path.steps[-1].test
    owner = resolve(replace(path, steps=above), ctx, compile_)
    if owner.node is not None and owner.node.child(f"@{name}") is not None:
        return resolve(replace(path, steps=(*above, Step("child", f"@{name}"))), ctx, compile_)
    texts = [] if owner.node is None else [*filter(None, [owner.node.attributes.get(name)])]
    return Nodes("nodes", lambda r, f: "".join(texts), lambda r, f: texts, owner.items)


def picked(node: Node, picks: dict[Node, Fn], ctx: Context) -> Nodes:
    """`node` in the rows that `picks` choose (position by repeat, counted from 1, each
    computed where the expression stands); other repeats around it as an absolute path."""
    track = _start(Path((), absolute=True), ctx)
    chain = []
    here: Node | None = node
    while here is not None:
        chain.append(here)
        here = here.parent
    for step in reversed(chain):
        if step in picks:
            track = replace(
                track,
                node=step,
                scope=step.scope,
                ops=(*track.ops, _pick(step.place, picks[step])),
                deps=(*track.deps, Dep(step, True, track.common)),
            )
        else:
            track = _enter(track, step, step is node, Step("child", step.name), ctx, _never)
    return _nodes([track], ctx)


def _pick(place: int, position: Fn) -> Op:
    def pick(rows: list[Row], row: Any, frame: Frame) -> list[Row]:
        at = position(row, frame)
        index = int(at) - 1 if abs(at) < 1e9 else -1
        return [r.kids[place][index] for r in rows if 0 <= index < len(r.kids[place])]

    return pick


def _never(_expr: Expr, _ctx: Context) -> Code:
    raise AssertionError
