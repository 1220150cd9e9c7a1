"""What each engine of reference does otherwise, and which row of POLICY.md explains it.

A row is named by its first words there. There are two ways of explaining: two values stand
side by side and the difference between them is of a known kind (`rows`); or a rule of the
form uses what the peer reads otherwise, and then all that depends on it is left open
(`rules`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from migdesk.forms import Form
from migdesk.forms.definition import Node
from migdesk.forms.xpath.ast import Binary, Call, Expr, Path
from migdesk.forms.xpath.compile import Expression
from tests.conformance import exceptions as e

Said = Callable[[Node | None, str, str], bool]
Reads = Callable[[Form, Node, Expression], bool]
_ROOTED = re.compile(r"(?<![\w.)\]*])/\w")
VALUE, CHOICE = frozenset(["value"]), frozenset(["choice"])
LABEL, SAID = frozenset(["value", "label"]), frozenset(["value", "label", "hint"])
WORDS = frozenset(["label", "hint", "choice", "guided"])
HIDDEN, ADDED = frozenset(["hidden row"]), frozenset(["added"])


@dataclass(frozen=True)
class Row:
    """`holds(node, ours, theirs)`: whether this row of POLICY.md explains the difference.
    `kinds`: value, label, hint, choice (one label)."""

    row: str
    kinds: frozenset[str]
    holds: Said


@dataclass(frozen=True)
class Rule:
    """`holds(form, node, rule)`: whether the peer reads this rule of the node otherwise."""

    row: str
    holds: Reads


@dataclass(frozen=True)
class Peer:
    """`unable`: what it says where it stops and cannot go on, the form being as it is.
    `forms`: title of a form that a row explains whole → that row."""

    name: str
    rows: tuple[Row, ...]
    rules: tuple[Rule, ...]
    unable: re.Pattern[str]
    forms: dict[str, str] = field(default_factory=dict)

    def row_of(self, form: Form, node: Node, rule: Expression) -> str:
        return next((one.row for one in self.rules if one.holds(form, node, rule)), "")

    def named(self) -> list[str]:
        """Rows of POLICY.md that are named."""
        named = [one.row for one in self.rows] + [one.row for one in self.rules]
        return [*named, *self.forms.values()]


def excused(
    rows: tuple[Row, ...], kind: str, node: Node | None, ours: str, theirs: str
) -> str:
    """The row of POLICY.md that explains a difference; blank where none does."""
    for one in rows:
        if kind in one.kinds and one.holds(node, ours, theirs):
            return one.row
    return ""


def uses(pattern: str) -> Reads:
    """Whether the rule's text matches."""
    found = re.compile(pattern)
    return lambda form, node, rule: found.search(rule.source) is not None


def bare(form: Form, node: Node, rule: Expression) -> bool:
    """Whether a question stands alone where yes or no is wanted."""
    return any(isinstance(one, Path) for one in _conditions(rule.tree))


def _conditions(tree: Expr) -> Iterator[Expr]:
    match tree:
        case Call("if" | "boolean" | "not", args) if args:
            yield args[0]
            for arg in args:
                yield from _conditions(arg)
        case Call(_, args):
            for arg in args:
                yield from _conditions(arg)
        case Binary(op, left, right):
            yield from (left, right) if op in ("and", "or") else ()
            yield from _conditions(left)
            yield from _conditions(right)
        case _:
            return


def reads_boolean(form: Form, node: Node, rule: Expression) -> bool:
    """Whether the rule does more than show a calculation that gives yes or no."""
    found = (form.program.calculate.get(dep.node) for dep in rule.deps)
    return not isinstance(rule.tree, Path) and any(
        one is not None and one.code.kind == "boolean" for one in found
    )


def searched(form: Form, node: Node, rule: Expression) -> bool:
    control = form.control(node)
    return control is not None and (
        "query" in control.attributes or "search(" in control.appearance
    )


def moment_into_day(form: Form, node: Node, rule: Expression) -> bool:
    return node.bind.type == "date" and "now(" in rule.source


def set_off_by_rules(form: Form, node: Node, rule: Expression) -> bool:
    """Whether an action waits for what other actions or rules decide, or stands in rows."""
    actions = form.program.actions
    made = {one.target for one in actions} | form.program.calculate.keys()
    return any(
        one.value is rule
        and "xforms-value-changed" in one.events
        and (one.owner in made or node.scope.depth > 0)
        for one in actions
    )


def counts_days(form: Form, node: Node, rule: Expression) -> bool:
    """Whether, outside of Greenwich, the rule works with the number of a date."""
    away = datetime.now().astimezone().utcoffset() != timedelta(0)
    days = any(dep.node.bind.type in ("date", "dateTime") for dep in rule.deps)
    return away and days and not isinstance(rule.tree, Path)


def counts_hidden(form: Form, node: Node, rule: Expression) -> bool:
    """Whether the rule looks at rows that may be not relevant."""
    hidden = _hidden(form)
    return any(dep.rows and dep.node in hidden for dep in rule.deps)


def counted_by_rule(form: Form, node: Node, rule: Expression) -> bool:
    """Whether the rows are counted by what rules can blank."""
    ruled, counts = _hidden(form) | form.program.calculate.keys(), form.program.count.values()
    return any(one is rule for one in counts) and any(d.node in ruled for d in rule.deps)


def chosen_by_rule(form: Form, node: Node, rule: Expression) -> bool:
    """Whether the rule chooses, not a person."""
    control = form.control(node)
    choosing = control is not None and control.kind in ("select1", "select", "rank")
    return choosing and form.program.calculate.get(node) is rule


def inner_choices(form: Form, node: Node, rule: Expression) -> bool:
    """Whether the choices come from rows that stand in rows."""
    program = form.program
    repeat = program.lists[node].node if program.choices.get(node) is rule else None
    return repeat is not None and repeat.scope.depth > 1


def bound(form: Form, node: Node, rule: Expression) -> bool:
    """Whether a path from the root means the row that the rule is in."""
    inside = any(dep.common.depth > 0 for dep in rule.deps)
    rooted = "indexed-repeat" in rule.source or _ROOTED.search(rule.source) is not None
    return inside and rooted


def _hidden(form: Form) -> set[Node]:
    return {below for one in form.program.relevant for below in one.walk()}


BOTH = (
    Row("Areas and distances", LABEL, e.measured),
    Row("`today()`, `now()` in a calculation", LABEL, e.now),
    Row("`once()`, `random()`, `uuid()`", LABEL, e.drawn),
    Row("A geoshape that is not closed", VALUE, e.closed),
    Row("Event log", VALUE, e.log_named),
)
_REF = "What an action aims at"
JAVAROSA = Peer(
    "JavaRosa",
    (
        Row("A decimal or a place", SAID, e.same_number),
        Row("Very large numbers", LABEL, e.written),
        Row("Text of a moment", SAID, e.same_moment),
        Row("A day calculated into a text", VALUE, e.day),
        Row("Offset of a moment", SAID, e.same_instant),
        Row("White space between two values", frozenset(["label", "hint"]), e.spaces),
        Row("A time without an offset", VALUE, e.no_offset),
        Row("A choice without a label", CHOICE, e.coded),
        Row("A text missing in a language", WORDS, e.borrowed),
        Row("`jr:count` blank, negative or not a number", HIDDEN, e.present),
        *BOTH,
    ),
    (Rule("`indexed-repeat` with a position below 1, or blank", uses("indexed-repeat")),),
    re.compile(
        r"Invalid cast of data|XPathUnhandledException|cannot handle function|NumberFormat"
        r"|NoLocalizedText|XPathTypeMismatch|Error evaluating field"
    ),
    {
        "enketo-transformer/forms/setvalue-repeat.xml": (
            "`odk-instance-first-load` or `odk-new-repeat` inside a group"
        ),
    },
)
WEBFORMS = Peer(
    "Web Forms",
    (
        Row("A decimal or a place", SAID, e.same_numbers),
        Row("Boolean result of a calculation", VALUE, e.said_true),
        Row("Offset of a moment", SAID, e.same_instant),
        Row("A choice without a label", CHOICE, e.coded),
        Row("A text missing in a language", WORDS, e.borrowed),
        Row("Several choices", VALUE, e.ordered),
        Row("A day calculated into a text", VALUE, e.other_midnight),
        Row("A form without `meta`", ADDED, e.present),
        Row("`jr:count` blank, negative or not a number", HIDDEN, e.present),
        Row("What is no number, inside a text", LABEL, e.no_nan),
        Row("`date()`, `date-time()`, `decimal-time()` of what is no date", LABEL, e.no_date),
        Row("A time of day", SAID, e.same_time),
        Row("Words of guidance", frozenset(["guided"]), e.guided),
        *BOTH,
    ),
    (
        Rule("`sum`, `max`, `min` over blank answers", uses(r"\b(sum|max|min)\(")),
        Rule("`round(-2.5)`", uses(r"\bround\(.*,")),
        Rule("Number of a date", counts_days),
        Rule("`regex()`", uses(r"\bregex\(")),
        Rule("Choices from the rows of an inner repeat", inner_choices),
        Rule("Absolute path in a predicate", uses(r"\[[^\]]*(?<![\w.)\]*])/\w")),
        Rule("`boolean(${n})`, `if(${n}, …)`", bare),
        Rule("Boolean result of a calculation", reads_boolean),
        Rule("Lists that JavaRosa leaves to its client", searched),
        Rule("A moment calculated into a day", moment_into_day),
        Rule("`xforms-value-changed`", set_off_by_rules),
        Rule("A node that is not there", uses("__last-saved")),
        Rule("Rows that are not relevant", counts_hidden),
        Rule("`jr:count` blank, negative or not a number", counted_by_rule),
        Rule("A choice that is no longer offered", chosen_by_rule),
        Rule("Absolute path inside a repeat", bound),
    ),
    re.compile(r"^(?!Error: no place)"),
    {
        "pyxform/example_xls/or_other.xlsx": "A node that is not there",
        "enketo-transformer/forms/image-default.xml": "A file by default",
        "enketo-transformer/forms/oc-351-setvalue.xml": _REF,
        "enketo-transformer/forms/temp1.xml": _REF,
        "enketo-transformer/forms/setvalue-relative-ref.xml": _REF,
        "enketo-transformer/forms/setgeopoint-value-changed-multiple.xml": "`odk:setgeopoint`",
        "enketo-transformer/forms/setvalue-value-changed-multiple.xml": (
            "An answer of the wrong type"
        ),
        "enketo-transformer/forms/setvalue.xml": "`xforms-value-changed`",
        "enketo-core/forms/repeat-count-nested-2.xml": "Absolute path inside a repeat",
        "cht/app/samu.xml": "White space where a number is wanted",
    },
)
