"""What another version of a form does to the answers that are here: counted, never guessed.

Each submission is read with its own version, its answers are put where the new version has
the same questions, and the new version judges them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from migdesk.forms.compare import Comparison, Pair
from migdesk.forms.definition import Node, Scope, Tree
from migdesk.forms.faults import FormFault
from migdesk.forms.instance import Row
from migdesk.forms.live import Live
from migdesk.forms.run import Run
from migdesk.forms.submission import read
from migdesk.forms.values import BadAnswer, codec

Key = tuple[str, Pair, str]
_REFUSING = ("constraint", "choices", "type", "data_type")
MANY = frozenset({"select_multiple", "rank"})


@dataclass(frozen=True, slots=True)
class Effect:
    """`kind`: no_column (the question is gone), renamed, other_sheet (it went into a repeat,
    out of one, or to another), code_gone, not_of_type, not_allowed (its rule or its choices
    refuse the answer), not_asked (the answer would be dropped), lacking (now required),
    recalculated. `code` is that of `code_gone`; `answers` in `submissions` of them."""

    kind: str
    pair: Pair
    answers: int
    submissions: int
    code: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Effects on `read` submissions; `unread` could not be read."""

    effects: tuple[Effect, ...]
    read: int
    unread: int


class Scales:
    """Weighs submissions of the old version, one by one."""

    def __init__(self, comparison: Comparison) -> None:
        self._old, self._new = comparison.old, comparison.new
        self._pairs = [pair for pair in comparison.pairs if pair.node.leaf]
        self._by_new = {pair.new: pair for pair in self._pairs if pair.new is not None}
        self._by_old = {pair.old: pair for pair in self._pairs if pair.old is not None}
        self._old_of = {p.new: p.old for p in comparison.pairs if p.new and p.old}
        self._old_of[self._new.definition.root] = self._old.definition.root
        self._gone = {p.old: {c.value: c.label for c in p.gone} for p in self._pairs if p.gone}
        self._answers: Counter[Key] = Counter()
        self._submissions: Counter[Key] = Counter()
        self._order = {id(pair): place for place, pair in enumerate(comparison.pairs)}
        self._different = bool(comparison.different)
        self.read = self.unread = 0

    def put(self, xml: str) -> None:
        """Weigh one submission."""
        try:
            tree: Tree = read(self._old, xml)["answers"]
        except FormFault:
            self.unread += 1
            return
        self.read += 1
        if not self._different:
            return
        found: Counter[Key] = Counter()
        root = self._old.definition.root
        for node, text in _leaves(root, tree):
            pair = self._by_old.get(node)
            if pair is not None and text:
                self._answer(pair, node, text, found)
        self._judge(self._carried(self._new.definition.root, {root.scope: tree}), found)
        self._answers.update(found)
        self._submissions.update(found.keys())

    def _answer(self, pair: Pair, node: Node, text: str, found: Counter[Key]) -> None:
        """What the answer itself tells, whatever the other answers are."""
        if pair.new is None:
            if not self._old.is_note(node):
                found["no_column", pair, ""] += 1
            return
        if pair.has("name"):
            found["renamed", pair, ""] += 1
        if self._old_of.get(pair.new.scope.nodes[0]) is not node.scope.nodes[0]:
            found["other_sheet", pair, ""] += 1
        gone = self._gone.get(node, {})
        many = self._old.type_of(node) in MANY
        for code in text.split() if many else [text]:
            if code in gone:
                found["code_gone", pair, code] += 1

    def _judge(self, tree: Tree, found: Counter[Key]) -> None:
        """Open the answers with the new version and see what it says."""
        form = self._new
        try:
            run = Run(form, draft={"form": form.form_id, "answers": tree})
        except FormFault:
            return
        for node, row, given in _given(run.root, form.definition.root, tree):
            pair = self._by_new.get(node)
            if pair is not None and pair.old is not None:
                kind = self._verdict(pair, Live.of(run, node, row, True), given, found)
                if kind:
                    found[kind, pair, ""] += 1

    def _verdict(self, pair: Pair, live: Live, given: str, found: Counter[Key]) -> str:
        node = live.node
        if node in self._new.program.calculate:
            other = given and pair.has("calculate") and live.text != given
            return "recalculated" if other else ""
        if not given:
            return "lacking" if pair.has("required") and live.lacking else ""
        if not live.relevant:
            return "not_asked"
        if _unfit(node, given):
            return "not_of_type"
        if any((kind, each) == ("code_gone", pair) for kind, each, _code in found):
            return ""
        return "not_allowed" if pair.has(*_REFUSING) and live.violation else ""

    def _carried(self, node: Node, rows: Mapping[Scope, Tree]) -> Tree:
        """The answers in the shape of the new version. `rows`: where we are in the old
        answers, by the scope of the old version."""
        made: Tree = {}
        for child in node.children:
            old = self._old_of.get(child)
            if child.repeat:
                outer = old.scope.parent if old is not None and old.repeat else None
                if old is not None and outer is not None and outer in rows:
                    held = _inside(rows[outer], old, outer) or []
                    made[child.name] = [
                        self._carried(child, {**rows, old.scope: row}) for row in held
                    ]
            elif child.children:
                made[child.name] = self._carried(child, rows)
            elif old is not None and old.scope in rows:
                text = _inside(rows[old.scope], old, old.scope)
                if isinstance(text, str):
                    made[child.name] = text
        return made

    def weighed(self) -> Weighed:
        """What was found, question by question in the order of the form."""
        effects = [
            Effect(key[0], key[1], times, self._submissions[key], key[2], self._said(*key[1:]))
            for key, times in self._answers.items()
        ]
        effects.sort(key=lambda each: (self._order[id(each.pair)], each.kind, each.code))
        return Weighed(tuple(effects), self.read, self.unread)

    def _said(self, pair: Pair, code: str) -> str:
        return self._gone[pair.old].get(code, code) if code and pair.old else ""


def _leaves(node: Node, tree: Tree) -> Iterator[tuple[Node, str]]:
    """Every answer of a submission, those in rows too."""
    for child in node.children:
        value = tree.get(child.name)
        if child.repeat:
            for row in value or ():
                yield from _leaves(child, row)
        elif child.children:
            yield from _leaves(child, value or {})
        elif isinstance(value, str):
            yield child, value


def _given(row: Row, node: Node, tree: Tree) -> Iterator[tuple[Node, Row, str]]:
    """Every question of a run, its row, and what `tree` had there."""
    for child in node.children:
        value = tree.get(child.name)
        if child.repeat:
            for kid, held in zip(row.kids[child.place], value or (), strict=False):
                yield from _given(kid, child, held)
        elif child.children:
            yield from _given(row, child, value or {})
        else:
            yield child, row, value or ""


def _inside(tree: Tree, node: Node, scope: Scope) -> Any:
    """What a tree of a row of `scope` has for a node of it, or for a repeat in it."""
    names: list[str] = []
    here: Node | None = node
    while here is not None and here is not scope.nodes[0]:
        names.insert(0, here.name)
        here = here.parent
    found: Any = tree
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _unfit(node: Node, text: str) -> bool:
    try:
        codec(node.bind.type).parse(text)
    except BadAnswer:
        return True
    return False
