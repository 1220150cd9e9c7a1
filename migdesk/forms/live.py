"""One place of a filling, as a client sees it. Holds no state: always current."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from migdesk.forms.choices import Choice
from migdesk.forms.definition import Control, Node
from migdesk.forms.instance import Row, cell_ref, ref_of
from migdesk.forms.media import NO_MEDIA, Media, media_of
from migdesk.forms.scale import off_scale
from migdesk.forms.values import BadAnswer, Value, codec
from migdesk.forms.xpath.compile import Expression
from migdesk.i18n import _

if TYPE_CHECKING:
    from migdesk.forms.run import Run

_CHOOSING = frozenset({"select1", "select", "rank"})


class Live:
    """`kind`: question, group, repeat (all its rows) or instance (one row of it).

    `ref` has positions: ``/data/kid`` is the repeat, ``/data/kid[2]`` its second row. A
    group that exists in the body only is named by its place: ``/data/~3``.
    """

    __slots__ = ("_ref", "_run", "control", "depth", "kind", "node", "row")

    def __init__(
        self,
        run: Run,
        kind: str,
        control: Control | None,
        node: Node,
        row: Row,
        depth: int = 0,
        ref: str = "",
    ) -> None:
        self._run = run
        self.kind = kind
        self.control = control
        self.node = node
        self.row = row
        self.depth = depth
        self._ref = ref

    @classmethod
    def of(cls, run: Run, node: Node, row: Row, exact: bool) -> Live:
        """The place of a node that the body may not show."""
        kind = "question" if node.leaf else "instance" if node.repeat and exact else "group"
        if node.repeat and not exact:
            kind = "repeat"
        return cls(run, kind, run.form.control(node), node, row)

    @property
    def ref(self) -> str:
        if self._ref:
            return self._ref
        if self.kind == "repeat":
            return cell_ref(self.node, self.row)
        return ref_of(self.node, self.row)

    @property
    def type(self) -> str:
        """Question type as XLSForm names it (`integer`, `select_one`, `note`…)."""
        return self._run.form.type_of(self.node) if self.kind == "question" else self.kind

    @property
    def label(self) -> str:
        return self._words("label")

    @property
    def hint(self) -> str:
        return self._words("hint")

    @property
    def media(self) -> Media:
        """Files that go with the label, or else with the hint, in the language in use."""
        if self.control is None:
            return NO_MEDIA
        row = self._own_row()
        label = media_of(self._run, self.control.label, self.node, row)
        return label or media_of(self._run, self.control.hint, self.node, row)

    @property
    def appearance(self) -> str:
        return "" if self.control is None else self.control.appearance

    def _words(self, part: str) -> str:
        if self.control is None:
            return ""
        ref = self.control.label if part == "label" else self.control.hint
        return self._run.words(ref, self.node, self._own_row())

    def _own_row(self) -> Row:
        """A row of the node's own scope; a repeat without rows lends an empty one."""
        if self.kind != "repeat":
            return self.row
        rows = self.row.kids[self.node.place]
        return rows[0] if rows else Row(self.node.scope, self.row, 0)

    # state --------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The answer as kept (a wrong one as it was typed); blank outside questions."""
        return self.row.kept[self.node.slot] if self.node.leaf else ""

    @property
    def value(self) -> Value:
        """The answer as a program reads it; None when blank, wrong or not relevant."""
        if not self.node.leaf:
            return None
        text = self.row.values[self.node.slot]
        if self.type in ("select_multiple", "rank"):
            return tuple(text.split()) or None
        return codec(self.node.bind.type).value(text)

    @property
    def relevant(self) -> bool:
        if self.kind != "repeat":
            return self.row.relevant[self.node.slot]
        outer = self.node.parent
        if outer is not None and not self.row.relevant[outer.slot]:
            return False
        rule = self._run.form.program.relevant.get(self.node)
        if rule is None:
            return True
        return bool(self._run.evaluate(rule.boolean(), self._own_row()))

    @property
    def required(self) -> bool:
        return self._flag(self._run.form.program.required)

    @property
    def readonly(self) -> bool:
        """Not for typing: by its rule, or because the form calculates it."""
        program = self._run.form.program
        return self.node in program.calculate or self._flag(program.readonly)

    def _flag(self, table: dict[Node, Expression | bool]) -> bool:
        rule = table[self.node]
        if isinstance(rule, bool):
            return rule
        return bool(self._run.evaluate(rule.boolean(), self._own_row()))

    @property
    def choices(self) -> tuple[Choice, ...]:
        if self.control is None or self.control.kind not in _CHOOSING:
            return ()
        return self._run.options(self.node, self.row).choices

    @property
    def count(self) -> int:
        """Rows of a repeat."""
        return len(self.row.kids[self.node.place]) if self.kind == "repeat" else 0

    @property
    def can_change_rows(self) -> bool:
        control = self.control
        return self.kind == "repeat" and not (control and (control.count or control.fixed))

    # verdict ------------------------------------------------------------------

    @property
    def violation(self) -> str | None:
        """What is wrong with the answer given, in words; None when it is right or blank."""
        if not self.node.leaf or not self.relevant or not self.text:
            return None
        if not self.row.values[self.node.slot]:
            return self._not_of_type()
        if self.control is not None and self.control.kind == "range":
            return off_scale(self) or self._not_allowed()
        return self._not_offered() or self._not_allowed()

    def _not_of_type(self) -> str | None:
        try:
            codec(self.node.bind.type).parse(self.text)
        except BadAnswer as fault:
            return fault.words
        return None

    def _not_offered(self) -> str | None:
        if self.control is None or self.control.kind not in _CHOOSING:
            return None
        given = self.text.split() if self.control.kind != "select1" else [self.text]
        offered = self._run.options(self.node, self.row).labels
        if all(value in offered for value in given):
            return None
        return _("This choice is no longer offered. Choose again.")

    def _not_allowed(self) -> str | None:
        rule = self._run.form.program.constraint.get(self.node)
        if rule is None or self._run.evaluate(rule.boolean(), self.row):
            return None
        said = self._run.words(self.node.bind.constraint_text, self.node, self.row)
        return said or _("This answer is not allowed here.")

    @property
    def lacking(self) -> str | None:
        """What to say of a required question that is still blank; else None."""
        if self.text or not self.asks or not self.required:
            return None
        said = self._run.words(self.node.bind.required_text, self.node, self.row)
        return said or _("An answer is needed here.")

    @property
    def asks(self) -> bool:
        """Relevant, and waiting for a person's answer."""
        return (
            self.kind == "question"
            and self.relevant
            and self.type != "note"
            and not self.readonly
        )

    @property
    def blocking(self) -> bool:
        """Stands in the way of finalising."""
        return self.kind == "question" and (self.violation or self.lacking) is not None


def body(
    run: Run, controls: tuple[Control, ...] | list[Control], around: Node, row: Row, depth: int
) -> Iterator[Live]:
    """Live nodes of `controls` in `row`, each before what it holds."""
    for place, control in enumerate(controls):
        node = control.node or around
        if control.kind == "repeat":
            yield Live(run, "repeat", control, node, row, depth)
            for kid in row.kids[node.place]:
                yield Live(run, "instance", control, node, kid, depth + 1)
                yield from body(run, control.children, node, kid, depth + 2)
        elif control.kind == "group":
            ref = "" if control.node is not None else f"{ref_of(around, row)}/~{place}"
            yield Live(run, "group", control, node, row, depth, ref)
            yield from body(run, control.children, node, row, depth + 1)
        else:
            yield Live(run, "question", control, node, row, depth)
