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
from tests.conformance.peers import Peer, excused
from tests.conformance.play import Look, Played

_PLACE = re.compile(r"\[\d+\]")
_LOCAL = re.compile(r"^(\{.*\}|\w+:)")
_PREFIX = re.compile(r"/[\w.\-]+:")


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
    """Of one form with one peer. `excuses` counts the rows of POLICY.md that were needed;
    `seen` tells what the peer said there: (action, what, reference) → its value."""

    def __init__(self, form: Form, peer: Peer) -> None:
        self.form = form
        self.peer = peer
        self.nodes = {_plain(path): node for path, node in form.definition.nodes.items()}
        self.chance = chancy(form)
        self.owed = owed(form, peer)
        self.owed_shown = owed_shown(form, peer, self.owed)
        self.guided = _guided(form)
        self.excuses: dict[str, int] = {}
        self.seen: dict[tuple[int, str, str], tuple[str, Any]] = {}

    def compare(self, played: Played, told: dict[str, Any]) -> list[Difference]:
        """All differences at the first look that has any, else of the final XML."""
        if "error" in told:
            return [Difference(told["at"], "run", told.get("where", ""), "", told["error"])]
        cells: dict[str, Any] = {}
        shown: dict[str, Any] = {}
        for look in told["looks"]:
            _forget(cells, look["gone"])
            _forget(shown, look["hidden"])
            cells.update((_plain(ref), cell) for ref, cell in look["cells"].items())
            shown.update((_plain(ref), one) for ref, one in look["shown"].items())
            found = list(self._look(look["at"], played.looks[look["at"]], cells, shown))
            if found:
                return found
        return list(self._xml(len(played.actions), played.xml, told["xml"]))

    def _node(self, ref: str) -> Node | None:
        return self.nodes.get(_PLACE.sub("", ref))

    def _excused(self, at: int, what: str, ref: str, ours: Any, theirs: Any) -> bool:
        """Whether a row of POLICY.md explains the difference; then it is counted."""
        node = self._node(ref)
        row = ""
        if isinstance(ours, str):
            row = excused(self.peer.rows, what, node, ours, theirs)
        if not row and node is not None:
            shown = what in ("label", "hint", "constraint", "choices")
            row = (self.owed_shown if shown else self.owed).get(node, "")
        if row:
            self._count(row)
            self.seen[at, what, ref] = row, theirs
        return row != ""

    def _count(self, row: str) -> None:
        self.excuses[row] = self.excuses.get(row, 0) + 1

    def _pair(
        self, at: int, what: str, ref: str, ours: Any, theirs: Any
    ) -> Iterator[Difference]:
        if ours != theirs and not self._excused(at, what, ref, ours, theirs):
            yield Difference(at, what, ref, ours, theirs)

    def _look(
        self, at: int, ours: Look, cells: dict[str, Any], shown: dict[str, Any]
    ) -> Iterator[Difference]:
        mine = {_plain(ref): cell for ref, cell in ours.cells.items()}
        for ref in sorted(mine.keys() | cells.keys()):
            if ref not in mine or ref not in cells:
                hidden = not (mine.get(ref) or cells[ref])[1]
                what = "hidden row" if hidden else "presence"
                what = "added" if self._node(ref) is None and "/meta" in ref else what
                yield from self._pair(at, what, ref, str(ref in mine), str(ref in cells))
            elif self._node(ref) not in self.chance:
                yield from self._cell(at, ref, mine[ref], cells[ref])
        seen = {_plain(ref): one for ref, one in ours.shown.items()}
        for ref in sorted(seen.keys() & shown.keys()):
            yield from self._shown(at, ref, seen[ref], shown[ref])

    def _cell(self, at: int, ref: str, ours: Any, theirs: Any) -> Iterator[Difference]:
        yield from self._pair(at, "relevance", ref, ours[1], theirs[1])
        if ours[1] and theirs[1]:
            yield from self._pair(at, "value", ref, ours[0], theirs[0])
        if ours[1] == theirs[1]:
            for index, what in ((2, "required"), (3, "readonly")):
                yield from self._pair(at, what, ref, ours[index], theirs[index])

    def _shown(self, at: int, ref: str, ours: Any, theirs: Any) -> Iterator[Difference]:
        node = self._node(ref)
        if node is None or self._by_chance(node):
            return
        guided = "guided" if node in self.guided else "hint"
        for index, what in ((0, "label"), (1, guided)):
            yield from self._pair(at, what, ref, _line(ours[index]), _line(theirs[index]))
        yield from self._pair(at, "constraint", ref, ours[2], theirs[2])
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
            a == b or self._excused(at, "choice", ref, a, b)
            for a, b in zip(mine, others, strict=True)
        ):
            yield from self._pair(at, "choices", ref, tuple(mine), tuple(others))

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
        mine, others = self._flat(ours), self._flat(theirs)
        paths, others_paths = [path for path, _, _ in mine], [path for path, _, _ in others]
        if paths != others_paths:
            only = sorted(set(paths) ^ set(others_paths))[:6]
            yield Difference(at, "xml elements", "/", len(mine), (len(others), only))
            return
        for (path, text, attributes), (_, text2, attributes2) in zip(mine, others, strict=True):
            if self._node(path) not in self.chance:
                yield from self._pair(at, "value", path, text, text2)
            one, other = self._lasting(path, attributes), self._lasting(path, attributes2)
            for name in sorted(one.keys() | other.keys()):
                at_name = f"{path}/@{name}"
                mine_, theirs_ = (found.get(name, "(none)") for found in (one, other))
                yield from self._pair(at, "value", at_name, mine_, theirs_)

    def _flat(self, xml: str) -> list[tuple[str, str, dict[str, str]]]:
        """All elements but those that a row of POLICY.md leaves open."""
        known = [one for one in _flat(xml) if self._node(one[0]) or "/meta" not in one[0]]
        return [one for one in known if self._node(one[0]) not in self.owed]

    def _lasting(self, path: str, attributes: dict[str, str]) -> dict[str, str]:
        """Attributes that chance does not decide; Web Forms leaves marks of templates."""
        found = [(name, text) for name, text in attributes.items() if name != "template"]
        return {n: t for n, t in found if self._node(f"{path}/@{n}") not in self.chance}


def _forget(table: dict[str, Any], refs: list[str]) -> None:
    for ref in refs:
        table.pop(_plain(ref), None)


def _line(text: str) -> str:
    """White space as it is laid out on a screen."""
    return " ".join(text.split())


def _plain(path: str) -> str:
    """Reference without prefixes of namespaces."""
    return _PREFIX.sub("/", path)


def _guided(form: Form) -> set[Node]:
    """Questions whose hint has words of guidance."""
    tables = form.definition.itext.values()
    ids = {i for table in tables for i, texts in table.items() if "guidance" in texts}
    controls = form.program.controls.items()
    return {node for node, one in controls if one.hint is not None and one.hint.itext in ids}


def _seeded(source: str) -> bool:
    depth = 0
    for sign in source[len("randomize(") : -1]:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            return True
    return False


def _flat(xml: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Path, text and attributes of each element, in document order."""
    root = etree.fromstring(xml.encode(), etree.XMLParser(recover=True))
    yield from _below(root, "")


def _below(element: etree._Element, above: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """POLICY “Rows added to a repeat that had none”: ours stand in the order of the form,
    theirs last, so children are taken name by name."""
    path = f"{above}/{etree.QName(element).localname}"
    attributes = {_LOCAL.sub("", str(k)): str(v) for k, v in element.attrib.items()}
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
    return set(spread(form, {n: "chance" for n, rule in _rules(form) if rule.volatile}))


def owed(form: Form, peer: Peer) -> dict[Node, str]:
    """Nodes that depend on a rule which the peer reads otherwise → row of POLICY.md."""
    found: dict[Node, str] = {}
    for node, rule in [*_rules(form), *form.program.choices.items()]:
        row = peer.row_of(form, node, rule)
        if row:
            found.update(dict.fromkeys(node.walk(), row))
    return spread(form, found)


def owed_shown(form: Form, peer: Peer, owed: dict[Node, str]) -> dict[Node, str]:
    """The same for what is shown and allowed: labels, hints, choices, constraints."""
    program, found = form.program, {}
    rules = [(node, rule) for (node, _), rule in program.outputs.items()]
    rules += [*program.constraint.items(), *program.choices.items()]
    for node, rule in rules:
        row = peer.row_of(form, node, rule) or _reads(rule, owed)
        if row:
            found[node] = row
    return found


def _reads(rule: Expression, owed: dict[Node, str]) -> str:
    return next((owed[dep.node] for dep in rule.deps if dep.node in owed), "")


def _rules(form: Form) -> list[tuple[Node, Expression]]:
    program = form.program
    found = [*program.calculate.items(), *program.relevant.items(), *program.count.items()]
    found += [(a.target, a.value) for a in program.actions if a.value is not None]
    flags = [*program.required.items(), *program.readonly.items()]
    return [*found, *((node, rule) for node, rule in flags if not isinstance(rule, bool))]


def spread(form: Form, found: dict[Node, str]) -> dict[Node, str]:
    """`found` and all that depends on it, for the same reason."""
    rules, more = _rules(form), True
    while more:
        more = False
        for node, rule in rules:
            row = _reads(rule, found)
            for below in node.walk() if row else ():
                if below not in found:
                    found[below], more = row, True
    return found
