"""All expressions of a form, compiled once and checked: nothing fails later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from migdesk.forms.definition import Action, Control, Definition, Node, Output, TextRef
from migdesk.forms.faults import BrokenReference, FormFault, Place
from migdesk.forms.xpath.ast import Binary, Call, Expr, Path
from migdesk.forms.xpath.code import Dep, Nodes
from migdesk.forms.xpath.compile import Expression, compile_text
from migdesk.forms.xpath.pulled import search_of
from migdesk.i18n import N_

_CONSTANT = {"true()": True, "false()": False, "": False}
_CHOOSING = frozenset({"select1", "select", "rank"})


class NotChoices(FormFault):
    code = "FRM-020"
    text = N_("The choices come from “{source}”, which is neither a list nor a repeat.")


class OutsideRepeat(FormFault):
    code = "FRM-023"
    text = N_("“{name}” belongs to a repeat, but is asked outside of it. Move it inside.")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BoundAction:
    """An `Action` at its node. `owner` is what sets it off."""

    events: frozenset[str]
    target: Node
    value: Expression | None
    text: str
    owner: Node | None
    kind: str


class Program:
    """Compiled rules of a form, by node.

    Raises a FormFault that names the question and the column of the workbook.
    """

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.relevant: dict[Node, Expression] = {}
        self.calculate: dict[Node, Expression] = {}
        self.constraint: dict[Node, Expression] = {}
        self.required: dict[Node, Expression | bool] = {}
        self.readonly: dict[Node, Expression | bool] = {}
        self.count: dict[Node, Expression] = {}
        self.choices: dict[Node, Expression] = {}
        self.lists: dict[Node, Nodes] = {}
        self.outputs: dict[tuple[Node, str], Expression] = {}
        self.controls: dict[Node, Control] = {}
        for node in definition.nodes.values():
            self._binds(node)
        for control in definition.body:
            self._controls(control, definition.root)
        self.actions = [self._action(action) for action in definition.actions]

    def _compile(self, source: str, node: Node, column: str) -> Expression:
        try:
            return compile_text(source, node, self.definition)
        except FormFault as fault:
            raise fault.at(Place(column=column, ref=node.path)) from None

    def _binds(self, node: Node) -> None:
        bind = node.bind
        if bind.relevant not in _CONSTANT or bind.relevant == "false()":
            self.relevant[node] = self._compile(bind.relevant, node, "relevant")
        if bind.calculate:
            self.calculate[node] = self._compile(bind.calculate, node, "calculation")
        if bind.constraint not in _CONSTANT:
            self.constraint[node] = self._compile(bind.constraint, node, "constraint")
        self.required[node] = self._flag(bind.required, node, "required")
        self.readonly[node] = self._flag(bind.readonly, node, "read_only")
        for text, column in (
            (bind.constraint_text, "constraint_message"),
            (bind.required_text, "required_message"),
        ):
            self._text(text, node, column)

    def _flag(self, source: str, node: Node, column: str) -> Expression | bool:
        if source in _CONSTANT:
            return _CONSTANT[source]
        return self._compile(source, node, column)

    def _controls(self, control: Control, around: Node) -> None:
        node = control.node or around
        if control.node is not None:
            outer = node.scope.parent if control.kind == "repeat" else node.scope
            if outer is not around.scope:
                raise OutsideRepeat(Place(ref=node.path), name=node.name)
            self.controls.setdefault(node, control)
        self._text(control.label, node, "label")
        self._text(control.hint, node, "hint")
        if control.count:
            self.count[node] = self._compile(control.count, node, "repeat_count")
        if control.kind in _CHOOSING:
            self._choices(control, node)
        for child in control.children:
            self._controls(child, node)

    def _choices(self, control: Control, node: Node) -> None:
        for item in control.items:
            self._text(item.label, node, "label")
        if control.itemset is None:
            self._search(control, node)
            return
        expression = self._compile(control.itemset.nodeset, node, "choice_filter")
        code = expression.code
        if not isinstance(code, Nodes) or not (code.node or _of_list(expression.tree)):
            raise NotChoices(Place(column="type", ref=node.path), source=expression.source)
        source = code.node
        if source is not None:
            read = [
                self._shown_by(source, name, node)
                for name in (control.itemset.value, control.itemset.label)
            ]
            rows = [dep for dep in expression.deps if dep.rows and dep.node is source]
            more = {Dep(child, False, dep.common) for child in read for dep in rows}
            expression = replace(expression, deps=expression.deps | more)
        self.choices[node] = expression
        self.lists[node] = code
        if control.itemset.label_itext:
            for text_id in self._varying():
                self._text(TextRef(itext=text_id), node, "label")

    def _shown_by(self, repeat: Node, name: str, node: Node) -> Node:
        """The question of a repeat that gives the codes or the words of choices."""
        child = repeat.child(name)
        if child is None:
            raise BrokenReference(Place(column="type", ref=node.path), target=name)
        return child

    def _search(self, control: Control, node: Node) -> None:
        """The appearance search(): the lines of an attached list."""
        source = search_of(control.appearance)
        if source:
            expression = self._compile(source, node, "appearance")
            if not isinstance(expression.code, Nodes):
                raise NotChoices(Place(column="appearance", ref=node.path), source=source)
            self.choices[node] = expression
            self.lists[node] = expression.code

    def said_by_choices(self, node: Node) -> frozenset[Dep]:
        """What the words of a question's choices show."""
        control = self.controls.get(node)
        if control is None:
            return frozenset()
        refs = [item.label for item in control.items]
        if control.itemset is not None and control.itemset.label_itext:
            refs += [TextRef(itext=text_id) for text_id in self._varying()]
        shown = (source for ref in refs for source in self.sources(ref))
        return frozenset().union(*(self.outputs[node, source].deps for source in shown))

    def _varying(self) -> list[str]:
        """Ids of the texts of lists (not of questions) that show values."""
        return [
            text_id
            for texts in self.definition.itext.values()
            for text_id, forms in texts.items()
            if not text_id.startswith("/") and any(_shown(parts) for parts in forms.values())
        ]

    def _text(self, ref: TextRef | None, node: Node, column: str) -> None:
        for source in self.sources(ref):
            if (node, source) not in self.outputs:
                self.outputs[node, source] = self._compile(source, node, column)

    def sources(self, ref: TextRef | None) -> Iterator[str]:
        """Expressions shown in a text, in all languages and forms."""
        if ref is None:
            return
        yield from _shown(ref.parts)
        if ref.itext:
            for texts in self.definition.itext.values():
                for parts in texts.get(ref.itext, {}).values():
                    yield from _shown(parts)

    def _action(self, action: Action) -> BoundAction:
        target = self.definition.nodes.get(action.target)
        if target is None:
            raise BrokenReference(Place(ref=action.target), target=action.target)
        value = self._compile(action.value, target, "default") if action.value else None
        return BoundAction(action.events, target, value, action.text, action.owner, action.kind)


def _of_list(tree: Expr) -> bool:
    """Whether a node-set is made of items of lists."""
    match tree:
        case Call("instance"):
            return True
        case Call("randomize", (inner, *_)) | Path(base=Call() | Path() | Binary() as inner):
            return _of_list(inner)
        case Binary("|", left, right):
            return _of_list(left) and _of_list(right)
    return False


def _shown(parts: tuple[str | Output, ...]) -> Iterator[str]:
    return (part.source for part in parts if isinstance(part, Output))
