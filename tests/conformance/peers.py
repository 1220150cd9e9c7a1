"""What each engine of reference does otherwise, and which row of POLICY.md explains it.

A row is named by its first words there. There are two ways of explaining: two values stand
side by side and the difference between them is of a known kind (`rows`); or a rule of the
form uses what the peer reads otherwise, and then all that depends on it is left open
(`rules`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from migdesk.forms import Form
from migdesk.forms.definition import Node
from migdesk.forms.xpath.compile import Expression
from tests.conformance import exceptions as e

Said = Callable[[Node | None, str, str], bool]
Reads = Callable[[Form, Node, Expression], bool]
VALUE, CHOICE = frozenset(["value"]), frozenset(["choice"])
LABEL, SAID = frozenset(["value", "label"]), frozenset(["value", "label", "hint"])
WORDS = frozenset(["label", "hint", "choice"])


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
        return [one.row for one in (*self.rows, *self.rules)] + [*self.forms.values()]


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


BOTH = (
    Row("Areas and distances", LABEL, e.measured),
    Row("`today()`, `now()` in a calculation", LABEL, e.now),
    Row("`once()`, `random()`, `uuid()`", LABEL, e.drawn),
    Row("A geoshape that is not closed", VALUE, e.closed),
)
_BESIDE = "An action in the body beside the questions"
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
        *BOTH,
    ),
    (Rule("`indexed-repeat` with a position below 1, or blank", uses("indexed-repeat")),),
    re.compile(
        r"Invalid cast of data|XPathUnhandledException|cannot handle function|NumberFormat"
        r"|NoLocalizedText|XPathTypeMismatch|Error evaluating field"
    ),
    {
        "enketo-transformer/forms/setvalue-repeat.xml": (
            "`odk-instance-first-load` inside a group inside a repeat"
        ),
        "enketo-transformer/forms/setvalue-radiobuttons-default.xml": _BESIDE,
        "enketo-transformer/forms/setvalue-values.xml": _BESIDE,
    },
)
WEBFORMS = Peer(
    "Web Forms",
    (
        Row("A decimal or a place", SAID, e.same_number),
        Row("Boolean result of a calculation", VALUE, e.said_true),
        Row("Offset of a moment", SAID, e.same_instant),
        *BOTH,
    ),
    (
        Rule("`sum`, `max`, `min` over blank answers", uses(r"\b(sum|max|min)\(")),
    ),
    re.compile(r"^(?!Error: no place)"),
)
