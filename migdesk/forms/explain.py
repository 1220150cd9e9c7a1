"""Why a place of a filling is as it is: its rules as their designer wrote them, what each
reads now, what its parts give, and who reads the place in turn.

Nothing here changes a filling; chance (`random()`, `uuid()`) is not asked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from migdesk.forms.definition import Item, Node, Scope
from migdesk.forms.faults import FormFault
from migdesk.forms.form import Form
from migdesk.forms.graph import climb
from migdesk.forms.instance import Row, cell_ref
from migdesk.forms.live import Live
from migdesk.forms.run import Run
from migdesk.forms.xpath import ast
from migdesk.forms.xpath.code import Code, Context, Dep, Nodes, Unit, as_text
from migdesk.forms.xpath.compile import Expression, compile_tree
from migdesk.forms.xpath.convert import any_text

MOST = 24
"""Rows of a repeat, or values of a set, that are named one by one."""
_QUOTED = re.compile(r"""("[^"]*"|'[^']*')""")
_NAMED = re.compile(
    r"(?:(?<= ) )?(?<![\w)\].*])((?:current\(\)/)?(?:\.\./)+|/)"
    r"((?:[\w.\-]+/)*[\w.\-]+)(?![\w(:/*@.])(?: (?= ))?"
)
_AFTER, _BEFORE = re.compile(r"(?<=[(\[]) (?=\$\{)"), re.compile(r"(?<=\}) (?=[),\]])")


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-expression and what it gives now; `varies` where each evaluation would give
    something else, so that it is not evaluated."""

    text: str
    result: str
    parts: tuple[Part, ...] = ()
    varies: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A place that a rule reads: its reference, name, and what is there now."""

    ref: str
    name: str
    value: str
    relevant: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that bears on a place. `owner` is where it stands: the place itself, or a
    group around it, whose relevance it inherits.

    `aspect`: relevant required readonly calculate constraint choices count label event.
    """

    aspect: str
    owner: str
    source: str
    part: Part
    reads: tuple[Read, ...]

    @property
    def result(self) -> str:
        return self.part.result


@dataclass(frozen=True, slots=True)
class Tie:
    """A place that reads another one, and in which rules."""

    ref: str
    name: str
    aspects: tuple[str, ...]


# the rules of a form ----------------------------------------------------------------


def rules_of(form: Form) -> Iterator[tuple[Node, str, Expression, Scope]]:
    """Every rule: whose it is, its aspect, the expression, the scope it is evaluated in."""
    program = form.program
    for aspect, table in (
        ("relevant", program.relevant),
        ("calculate", program.calculate),
        ("constraint", program.constraint),
        ("choices", program.choices),
    ):
        for node, expression in table.items():
            yield node, aspect, expression, node.scope
    for aspect, flags in (("required", program.required), ("readonly", program.readonly)):
        for node, flag in flags.items():
            if not isinstance(flag, bool):
                yield node, aspect, flag, node.scope
    for node, expression in program.count.items():
        yield node, "count", expression, node.scope.parent or node.scope
    for (node, _source), expression in program.outputs.items():
        yield node, "label", expression, node.scope
    for action in program.actions:
        if action.value is not None:
            yield action.target, "event", action.value, action.target.scope


@lru_cache(maxsize=4)
def _rules(form: Form) -> dict[Node, list[tuple[str, Expression]]]:
    found: dict[Node, list[tuple[str, Expression]]] = {}
    for node, aspect, expression, _scope in rules_of(form):
        found.setdefault(node, []).append((aspect, expression))
    return found


@lru_cache(maxsize=4)
def _readers(form: Form) -> dict[Node, list[tuple[Node, str, int, Scope]]]:
    """Of each node: who reads it, in which rule, how far up and down its rows lie."""
    found: dict[Node, list[tuple[Node, str, int, Scope]]] = {}
    for node, aspect, expression, scope in rules_of(form):
        for dep in expression.deps:
            tie = (node, aspect, climb(dep, scope), scope)
            found.setdefault(dep.node, []).append(tie)
    for action in form.actions:
        owner = action.owner
        if owner is not None and owner.leaf:
            common = owner.scope.common(action.target.scope)
            up = owner.scope.depth - common.depth
            tie = (action.target, "event", up, action.target.scope)
            found.setdefault(owner, []).append(tie)
    return found


# why -------------------------------------------------------------------------------


def why(run: Run, live: Live) -> tuple[Rule, ...]:
    """The rules that bear on a place, the relevance of what is around it first."""
    found: list[Rule] = []
    row = _inner(live)
    above = live.node.parent
    while above is not None:
        for aspect, expression in _rules(run.form).get(above, ()):
            if aspect == "relevant":
                found.insert(0, _rule(run, aspect, expression, above, _up(row, above.scope)))
        above = above.parent
    for aspect, expression in _rules(run.form).get(live.node, ()):
        found.append(_rule(run, aspect, expression, live.node, row))
    return tuple(found)


def uses(run: Run, live: Live) -> tuple[Tie, ...]:
    """Places whose rules read this one, in the order of the form."""
    found: dict[str, tuple[Node, dict[str, None]]] = {}
    for node, aspect, up, scope in _readers(run.form).get(live.node, ()):
        for row in _some(_rows(_cell_row(live), up, scope)):
            place = found.setdefault(cell_ref(node, row), (node, {}))
            place[1][aspect] = None
    order = _order(run.form)
    ties = [Tie(ref, node.name, tuple(kinds)) for ref, (node, kinds) in found.items()]
    return tuple(sorted(ties, key=lambda tie: order[found[tie.ref][0]]))


def needs(run: Run, live: Live) -> tuple[Read, ...]:
    """Places that this one depends on, each once."""
    reads = {read.ref: read for rule in why(run, live) for read in rule.reads}
    for action in run.form.actions:
        if action.target is live.node and action.owner is not None and action.owner.leaf:
            common = action.owner.scope.common(live.node.scope)
            up = live.row.scope.depth - common.depth
            for row in _some(_rows(live.row, up, action.owner.scope)):
                reads.setdefault(*_named(_read(action.owner, row)))
    return tuple(reads.values())


def _named(read: Read) -> tuple[str, Read]:
    return read.ref, read


def _rule(run: Run, aspect: str, expression: Expression, node: Node, row: Row) -> Rule:
    part = _part(run, expression.tree, node, row)
    if aspect == "calculate" and part.varies:
        part = Part(part.text, quoted(row.kept[node.slot]), part.parts, True)
    source = written(run.form, expression.source, node)
    at = row.parent if aspect == "count" and row.parent is not None else row
    reads = _reads(run, expression.deps, row)
    return Rule(aspect, cell_ref(node, at), source, part, reads)


def _inner(live: Live) -> Row:
    """A row of the node's own scope, also where it is about all rows of a repeat."""
    if live.row.scope is live.node.scope:
        return live.row
    rows = live.row.kids[live.node.place]
    return rows[0] if rows else Row(live.node.scope, live.row, 0)


def _cell_row(live: Live) -> Row:
    """Where a change of the place is noticed: a repeat changes in the row around it."""
    if live.node.repeat and live.row.scope is live.node.scope:
        return live.row.parent or live.row
    return live.row


def _up(row: Row, scope: Scope) -> Row:
    return row.up(row.scope.depth - scope.depth)


def _rows(row: Row, up: int, scope: Scope) -> Iterator[Row]:
    return row.up(min(up, row.scope.depth)).below(scope)


def _some(rows: Iterable[Row]) -> Iterator[Row]:
    for _place, row in zip(range(MOST), rows, strict=False):
        yield row


@lru_cache(maxsize=4)
def _order(form: Form) -> dict[Node, int]:
    return {node: place for place, node in enumerate(form.definition.nodes.values())}


def _reads(run: Run, deps: Iterable[Dep], row: Row) -> tuple[Read, ...]:
    order = _order(run.form)
    found: dict[str, Read] = {}
    for dep in sorted(deps, key=lambda dep: (order[dep.node], dep.rows)):
        scope = dep.node.scope
        if dep.rows:
            scope = scope.parent or scope
        shared = dep.common.common(row.scope).common(scope)
        for place in _some(_up(row, shared).below(scope)):
            read = _read(dep.node, place)
            found.setdefault(read.ref, read)
    return tuple(found.values())


def _read(node: Node, row: Row) -> Read:
    if node.repeat and row.scope is not node.scope:
        return Read(cell_ref(node, row), node.name, str(len(row.kids[node.place])))
    if not node.leaf:
        return Read(cell_ref(node, row), node.name, "", row.relevant[node.slot])
    value = quoted(row.values[node.slot])
    return Read(cell_ref(node, row), node.name, value, row.relevant[node.slot])


# sub-expressions -------------------------------------------------------------------


def _part(run: Run, expr: ast.Expr, node: Node, row: Row) -> Part:
    unit = Unit(run.form.definition, node)
    text = written(run.form, _plain(ast.to_text(expr)), node)
    inner = [each for each in _operands(expr) if not isinstance(each, ast.Literal | ast.Number)]
    parts = tuple(_part(run, each, node, row) for each in inner)
    try:
        code = compile_tree(expr, Context(unit, node, node.scope))
    except FormFault:
        return Part(text, "", parts)  # means something only inside of what holds it
    if unit.volatile:
        return Part(text, "", parts, True)
    return Part(text, _shown(run, code, row), parts)


def _operands(expr: ast.Expr) -> tuple[ast.Expr, ...]:
    """Parts that stand for themselves. What is inside a path is about the items of a list;
    a chain of one operator is one step."""
    match expr:
        case ast.Negate(operand):
            return (operand,)
        case ast.Call(_, args):
            return args
        case ast.Binary(op):
            found: list[ast.Expr] = []
            here: ast.Expr = expr
            while isinstance(here, ast.Binary) and here.op == op:
                found.append(here.right)
                here = here.left
            return (here, *reversed(found))
    return ()


def _plain(text: str) -> str:
    """Without the brackets around the whole of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for place, sign in enumerate(_QUOTED.sub(lambda found: "_" * len(found[0]), text)):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return text[1:-1] if place == len(text) - 1 else text
    return text


def _shown(run: Run, code: Code, row: Row) -> str:
    if isinstance(code, Nodes) and code.node is not None and not code.node.leaf:
        return f"({len(run.evaluate(code.items, row))})"
    if isinstance(code, Nodes) and not code.single:
        texts = [_said(*each) for each in _found(run, code, row)]
        more = f", … ({len(texts)})" if len(texts) > MOST else ""
        return f"({', '.join(map(quoted, texts[:MOST]))}{more})"
    if isinstance(code, Nodes):
        return quoted(run.evaluate(as_text(code), row))
    value: Any = run.evaluate(code.run, row)
    return quoted(value) if isinstance(value, str) else any_text(value)


def _found(run: Run, code: Nodes, row: Row) -> Iterable[tuple[str, Any]]:
    """Texts of a set; choices and lines of a list with what they are."""
    if code.node is None:
        return [("", item) for item in run.evaluate(code.items, row)]
    return [(text, None) for text in run.evaluate(code.texts, row)]


def _said(text: str, item: Any) -> str:
    if isinstance(item, Item) and item.children:
        return item.get("name") or item.children[0].text
    return item.text if isinstance(item, Item) else text


def quoted(text: str) -> str:
    """A value as a reader of expressions writes it: numbers bare, text between quotes."""
    return text if re.fullmatch(r"-?\d+(\.\d+)?", text) else f'"{text}"'


# as written ------------------------------------------------------------------------


def written(form: Form, source: str, node: Node) -> str:
    """An expression with ``${name}`` where the workbook had it. pyxform writes a path with
    a space on each side; what is between quotes stays."""
    pieces = _QUOTED.split(source)
    for place in range(0, len(pieces), 2):
        piece = _NAMED.sub(lambda found: _name(form, found, node), pieces[place])
        pieces[place] = _BEFORE.sub("", _AFTER.sub("", piece))
    return "".join(pieces).strip()


def _name(form: Form, found: re.Match[str], node: Node) -> str:
    start, rest = found[1], found[2]
    if start == "/":
        target = form.definition.nodes.get(f"/{rest}")
    else:
        here: Node | None = node
        for _step in range(start.count("../")):
            here = here.parent if here is not None else None
        target = None if here is None else form.definition.nodes.get(f"{here.path}/{rest}")
    return found[0] if target is None else f"${{{short(form, target)}}}"


def short(form: Form, node: Node) -> str:
    """Name of a node; with the groups around it where another one has that name too."""
    return node.name if _names(form)[node.name] == 1 else node.path.partition("/")[2]


@lru_cache(maxsize=4)
def _names(form: Form) -> dict[str, int]:
    found: dict[str, int] = {}
    for node in form.definition.nodes.values():
        found[node.name] = found.get(node.name, 0) + 1
    return found
