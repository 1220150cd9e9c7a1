"""The static shape of a form, for printing it blank: numbers, words, skip logic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from migdesk.forms.choices import Choice
from migdesk.forms.definition import Control, Item, Node, Output, TextRef
from migdesk.forms.form import Form
from migdesk.forms.xpath.ast import Binary, Call, Expr, Literal, Negate, Number, Path, to_text
from migdesk.forms.xpath.code import Nodes
from migdesk.forms.xpath.compile import compile_text
from migdesk.forms.xpath.convert import number_text
from migdesk.forms.xpath.parser import parse


@dataclass(frozen=True, slots=True)
class Condition:
    """`ref` `op` any of `values`. Operators: = != < <= > >= selected (holds the choice)
    unselected; only = and selected have several values. `labels` are the words of the
    choices, or the values themselves. `number`: the question's."""

    ref: str
    number: str
    op: str
    values: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A group, a repeat or a question. `skip`: conditions that must all hold for it to
    be asked, () when it always is, None when they cannot be said so simply (then print
    `relevant`, the expression). `cascade`: references of the answers that filter its
    choices; `choices` are then all of them."""

    ref: str
    kind: str
    type: str
    number: str
    depth: int
    label: str
    hint: str
    appearance: str
    required: bool
    choices: tuple[Choice, ...]
    cascade: tuple[str, ...]
    relevant: str
    skip: tuple[Condition, ...] | None


def outline(form: Form, language: str | None = None) -> tuple[Outline, ...]:
    """Entries in body order, in `language` (default: the form's). A value shown inside a
    text becomes the number of its question, like “[3]”, or “…”."""
    return _Outliner(form, language or form.default_language).entries()


class _Outliner:
    def __init__(self, form: Form, language: str) -> None:
        self.form = form
        self.language = language
        self.numbers: dict[Node, str] = {}
        questions = [c for top in form.definition.body for c in top.walk() if self._asked(c)]
        for count, control in enumerate(questions, 1):
            if control.node is not None:
                self.numbers.setdefault(control.node, str(count))

    def _asked(self, control: Control) -> bool:
        node = control.node
        if node is None or not node.leaf or self.form.is_note(node):
            return False
        # The heading of a grid names choices and takes no answer.
        heads = "label" in control.appearance.split() and control.kind in ("select", "select1")
        return not heads or self.form.program.required[node] is not False

    def entries(self) -> tuple[Outline, ...]:
        root = self.form.definition.root
        return tuple(self._entries(list(self.form.definition.body), root, 0))

    def _entries(self, controls: list[Control], around: Node, depth: int) -> Iterator[Outline]:
        for place, control in enumerate(controls):
            node = control.node or around
            yield self._entry(control, node, depth, f"{around.path}/~{place}")
            yield from self._entries(control.children, node, depth + 1)

    def _entry(self, control: Control, node: Node, depth: int, other: str) -> Outline:
        own = control.node is not None
        kind = control.kind if control.kind in ("group", "repeat") else "question"
        relevant = node.bind.relevant if own else ""
        return Outline(
            ref=node.path if own else other,
            kind=kind,
            type=self.form.type_of(node) if kind == "question" else kind,
            number=self.numbers.get(node, "") if kind == "question" else "",
            depth=depth,
            label=self._words(control.label, node),
            hint=self._words(control.hint, node),
            appearance=control.appearance,
            required=own and self.form.program.required[node] is not False,
            choices=self._choices(control, node),
            cascade=self._cascade(node),
            relevant=relevant,
            skip=self._skip(relevant, node),
        )

    # words --------------------------------------------------------------------

    def _words(self, ref: TextRef | None, node: Node) -> str:
        parts = self.form.parts(ref, self.language)
        return "".join(self._shown(p, node) if isinstance(p, Output) else p for p in parts)

    def _shown(self, part: Output, node: Node) -> str:
        target = self._target(parse(part.source), node)
        return f"[{self.numbers[target]}]" if target in self.numbers else "…"

    def _target(self, expr: Expr, node: Node) -> Node | None:
        """The node that a plain path names, as seen from `node`."""
        if not isinstance(expr, Path):
            return None
        code = compile_text(to_text(expr), node, self.form.definition).code
        return code.node if isinstance(code, Nodes) else None

    def _choices(self, control: Control, node: Node) -> tuple[Choice, ...]:
        fixed = tuple(
            Choice(item.value, self._words(item.label, node)) for item in control.items
        )
        if control.itemset is None or fixed:
            return fixed
        source = parse(control.itemset.nodeset)
        if isinstance(source, Call):
            source = source.args[0]
        if not isinstance(source, Path) or not isinstance(source.base, Call):
            return ()
        return tuple(self._listed(control, source, node))

    def _listed(self, control: Control, source: Path, node: Node) -> Iterator[Choice]:
        """All items of the list, whatever filters it."""
        itemset, call = control.itemset, source.base
        assert itemset is not None and isinstance(call, Call)
        name = call.args[0]
        items: list[Item] = []
        if isinstance(name, Literal):
            items = [self.form.definition.instances[name.value]]
        for step in source.steps:
            items = [c for i in items for c in i.children if step.test in ("*", c.name)]
        for item in items:
            said = item.get(itemset.label)
            label = self._words(TextRef(itext=said), node) if itemset.label_itext else said
            yield Choice(item.get(itemset.value), label or item.get(itemset.value))

    def _cascade(self, node: Node) -> tuple[str, ...]:
        expression = self.form.program.choices.get(node)
        if expression is None:
            return ()
        source = expression.code.node if isinstance(expression.code, Nodes) else None
        read = {dep.node for dep in expression.deps if not dep.rows and dep.node is not source}
        return tuple(sorted(n.path for n in read if n in self.numbers))

    # skip logic ---------------------------------------------------------------

    def _skip(self, relevant: str, node: Node) -> tuple[Condition, ...] | None:
        if not relevant or relevant == "true()":
            return ()
        found: list[Condition] = []
        for part in _conjuncts(parse(relevant)):
            condition = self._condition(part, node)
            if condition is None:
                return None
            found.append(condition)
        return tuple(found)

    def _condition(self, expr: Expr, node: Node) -> Condition | None:
        match expr:
            case Binary("or", left, right):
                return _either(self._condition(left, node), self._condition(right, node))
            case Call("not", (Call("selected", (left, Literal(value))),)):
                return self._about(left, "unselected", value, node)
            case Call("selected", (left, Literal(value))):
                return self._about(left, "selected", value, node)
            case Binary("=" | "!=" | "<" | "<=" | ">" | ">=" as op, left, right):
                given = _constant(right)
                if given is not None:
                    return self._about(left, op, given, node)
                mirrored = _constant(left)
                if mirrored is not None:
                    return self._about(right, _MIRROR[op], mirrored, node)
        return None

    def _about(self, left: Expr, op: str, value: str, node: Node) -> Condition | None:
        target = self._target(left, node)
        if target is None or target not in self.numbers:
            return None
        control = self.form.control(target)
        labels = {c.value: c.label for c in self._choices(control, target)} if control else {}
        if op in ("selected", "unselected") and self.form.type_of(target) == "select_one":
            op = "=" if op == "selected" else "!="
        label = labels.get(value, value)
        return Condition(target.path, self.numbers[target], op, (value,), (label,))


def _either(a: Condition | None, b: Condition | None) -> Condition | None:
    """Two conditions as one: the same question may have one answer or the other."""
    if a is None or b is None or (a.ref, a.op) != (b.ref, b.op):
        return None
    if a.op not in ("=", "selected"):
        return None
    return replace(a, values=a.values + b.values, labels=a.labels + b.labels)


_MIRROR = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _conjuncts(expr: Expr) -> list[Expr]:
    found: list[Expr] = []
    while isinstance(expr, Binary) and expr.op == "and":
        found.append(expr.right)
        expr = expr.left
    return [expr, *reversed(found)]


def _constant(expr: Expr) -> str | None:
    match expr:
        case Literal(value):
            return value
        case Number(value):
            return number_text(value)
        case Negate(Number(value)):
            return number_text(-value)
    return None
