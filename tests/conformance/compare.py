"""What the two engines saw, side by side; what POLICY.md explains is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from migdesk.forms import Form
from migdesk.forms.definition import Node
from migdesk.forms.xpath.compile import Expression
from tests.conformance.exceptions import excused
from tests.conformance.play import Look, Played

_PLACE = re.compile(r"\[\d+\]")
_PREFIX = re.compile(r"/[\w.\-]+:")
UNABLE = re.compile(
    r"Invalid cast of data|XPathUnhandledException|cannot handle function|NumberFormat"
    r"|NoLocalizedText|XPathTypeMismatch|Error evaluating field"
)
"""What JavaRosa says where it stops and cannot go on, the form being as it is."""


@dataclass(frozen=True)
class Difference:
    """`at`: number of the action after which it was seen; -1 is the opened form."""

    at: int
    what: str
    ref: str
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        return f"after {self.at}: {self.what} of {self.ref}: {self.ours!r} / {self.theirs!r}"


class Comparison:
    """Of one form. `excuses` counts the rows of POLICY.md that were needed."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.nodes = {_plain(path): node for path, node in form.definition.nodes.items()}
        self.chance = chancy(form)
        self.before_first = spread(
            form, {n for n, rule in _rules(form) if "indexed-repeat" in rule.source}
        )
        self.excuses: dict[str, int] = {}

    def compare(self, played: Played, told: dict[str, Any]) -> list[Difference]:
        """All differences at the first look that has any, else of the final XML."""
        if "error" in told:
            return [Difference(told["at"], "run", told.get("where", ""), "", told["error"])]
        cells: dict[str, Any] = {}
        shown: dict[str, Any] = {}
        for look in told["looks"]:
            _forget(cells, look["gone"])
            _forget(shown, look["hidden"])
            cells.update(look["cells"])
            shown.update(look["shown"])
            found = list(self._look(look["at"], played.looks[look["at"]], cells, shown))
            if found:
                return found
        return list(self._xml(len(played.actions), played.xml, told["xml"]))

    def _node(self, ref: str) -> Node | None:
        return self.nodes.get(_PLACE.sub("", ref))

    def _same(self, kind: str, node: Node | None, ours: str, theirs: str) -> bool:
        if ours == theirs:
            return True
        row = excused(kind, node, ours, theirs)
        if row:
            self._count(row)
        return row != ""

    def _count(self, row: str) -> None:
        self.excuses[row] = self.excuses.get(row, 0) + 1

    def _look(
        self, at: int, ours: Look, cells: dict[str, Any], shown: dict[str, Any]
    ) -> Iterator[Difference]:
        mine = {_plain(ref): cell for ref, cell in ours.cells.items()}
        for ref in sorted(mine.keys() | cells.keys()):
            if ref not in mine or ref not in cells:
                yield Difference(at, "presence", ref, ref in mine, ref in cells)
            elif self._node(ref) in self.before_first and mine[ref] != tuple(cells[ref]):
                self._count("`indexed-repeat` with a position below 1, or blank")
            elif self._node(ref) not in self.chance:
                yield from self._cell(at, ref, mine[ref], cells[ref])
        seen = {_plain(ref): one for ref, one in ours.shown.items()}
        for ref in sorted(seen.keys() & shown.keys()):
            yield from self._shown(at, ref, seen[ref], shown[ref])

    def _cell(self, at: int, ref: str, ours: Any, theirs: Any) -> Iterator[Difference]:
        if ours[1] != theirs[1]:
            yield Difference(at, "relevance", ref, ours[1], theirs[1])
        elif ours[1]:
            if not self._same("value", self._node(ref), ours[0], theirs[0]):
                yield Difference(at, "value", ref, ours[0], theirs[0])
            for index, what in ((2, "required"), (3, "readonly")):
                if ours[index] != theirs[index]:
                    yield Difference(at, what, ref, ours[index], theirs[index])

    def _shown(self, at: int, ref: str, ours: Any, theirs: Any) -> Iterator[Difference]:
        node = self._node(ref)
        if node is None or self._by_chance(node):
            return
        for index, what in ((0, "label"), (1, "hint")):
            if not self._same(what, node, _line(ours[index]), _line(theirs[index])):
                yield Difference(at, what, ref, ours[index], theirs[index])
        if ours[2] != theirs[2]:
            yield Difference(at, "constraint", ref, ours[2], theirs[2])
        yield from self._choices(at, ref, node, ours[3], theirs[3])

    def _choices(
        self, at: int, ref: str, node: Node, ours: Any, theirs: Any
    ) -> Iterator[Difference]:
        mine = [f"{value}|{_line(said)}" for value, said in ours]
        others = [f"{value}|{_line(said)}" for value, said in theirs]
        if "|" in others:
            others = [said for said in others if said != "|"]
            self._count("Rows offered as choices")
        control = self.form.control(node)
        if control is not None and (
            "query" in control.attributes or "search(" in control.appearance
        ):
            self._count("Lists that JavaRosa leaves to its client")
        elif self._shuffled(node) and sorted(mine) == sorted(others):
            self._count("`once()`, `random()`, `uuid()`")
        elif len(mine) != len(others) or not all(
            self._same("choice", node, a, b) for a, b in zip(mine, others, strict=True)
        ):
            yield Difference(at, "choices", ref, mine, others)

    def _shuffled(self, node: Node) -> bool:
        """Whether the order of its choices comes from chance: randomize without a seed."""
        expression = self.form.program.choices.get(node)
        source = "" if expression is None else expression.source.replace(" ", "")
        return source.startswith("randomize(") and not _seeded(source)

    def _by_chance(self, node: Node) -> bool:
        """Whether what is shown or allowed here depends on chance."""
        program = self.form.program
        rules = [e for (owner, _), e in program.outputs.items() if owner is node]
        rules += [t[node] for t in (program.constraint, program.choices) if node in t]
        return (
            node in self.chance
            or any(
                rule.volatile or dep.node in self.chance for rule in rules for dep in rule.deps
            )
            or any(rule.volatile for rule in rules)
        )

    def _xml(self, at: int, ours: str, theirs: str) -> Iterator[Difference]:
        mine, others = list(_flat(ours)), list(_flat(theirs))
        paths, others_paths = [path for path, _, _ in mine], [path for path, _, _ in others]
        if paths != others_paths:
            only = sorted(set(paths) ^ set(others_paths))[:6]
            yield Difference(at, "xml elements", "/", len(mine), (len(others), only))
            return
        for (path, text, attributes), (_, text2, attributes2) in zip(mine, others, strict=True):
            node = self._node(path)
            hidden = node in self.chance or node in self.before_first
            if not hidden and not self._same("value", node, text, text2):
                yield Difference(at, "xml", path, text, text2)
            if self._lasting(path, attributes) != self._lasting(path, attributes2):
                yield Difference(at, "xml attributes", path, attributes, attributes2)

    def _lasting(self, path: str, attributes: dict[str, str]) -> dict[str, str]:
        """Attributes that chance does not decide."""
        found = attributes.items()
        return {n: t for n, t in found if self._node(f"{path}/@{n}") not in self.chance}


def _forget(table: dict[str, Any], refs: list[str]) -> None:
    for ref in refs:
        table.pop(ref, None)


def _line(text: str) -> str:
    """White space as it is laid out on a screen."""
    return " ".join(text.split())


def _plain(path: str) -> str:
    """Reference without prefixes of namespaces."""
    return _PREFIX.sub("/", path)


def _seeded(source: str) -> bool:
    depth = 0
    for sign in source[len("randomize(") : -1]:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            return True
    return False


def _flat(xml: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Path, text and attributes of each element, in document order."""
    root = etree.fromstring(xml.encode())
    yield from _below(root, "")


def _below(element: etree._Element, above: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """POLICY “Rows added to a repeat that had none”: ours stand in the order of the form,
    theirs last, so children are taken name by name."""
    path = f"{above}/{etree.QName(element).localname}"
    attributes = {str(k): str(v) for k, v in element.attrib.items()}
    yield path, "" if len(element) else element.text or "", attributes
    for child in sorted(element, key=lambda e: str(e.tag)):
        yield from _below(child, path)


def stale(form: Form) -> bool:
    """Whether rows read other rows: there JavaRosa forgets to calculate again."""
    return any(
        dep.node.scope.parent is not None and dep.common.depth < dep.node.scope.depth
        for _, rule in _rules(form)
        for dep in rule.deps
    )


def spoken(form: Form) -> bool:
    """Whether calculations show words of the form, which JavaRosa leaves in the language
    that they were first made in."""
    return len(form.languages) > 1 and any(rule.spoken for _, rule in _rules(form))


def chancy(form: Form) -> set[Node]:
    """Nodes that chance decides (random, uuid), directly or through others."""
    return spread(form, {node for node, rule in _rules(form) if rule.volatile})


def _rules(form: Form) -> list[tuple[Node, Expression]]:
    program = form.program
    found = [*program.calculate.items(), *program.relevant.items()]
    found += [(a.target, a.value) for a in program.actions if a.value is not None]
    flags = [*program.required.items(), *program.readonly.items()]
    return [*found, *((node, rule) for node, rule in flags if not isinstance(rule, bool))]


def spread(form: Form, found: set[Node]) -> set[Node]:
    """`found` and all that depends on it."""
    rules = _rules(form)
    while True:
        more = {
            below
            for node, rule in rules
            if node not in found and any(dep.node in found for dep in rule.deps)
            for below in node.walk()
        }
        if not more - found:
            return found
        found |= more
