"""Who must be recalculated after whom: one vertex per rule and node, ranked once.

Three kinds of vertex: RELEVANT, VALUE (a calculation) and COUNT (rows of a repeat).
Everything else (labels, choices, constraints, required, read only) is computed when it
is asked for; the graph only tells that it may have changed.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from migdesk.forms.definition import Node, Scope
from migdesk.forms.faults import FormFault, Place
from migdesk.forms.program import Program
from migdesk.forms.xpath.code import Dep
from migdesk.i18n import N_


class Cycle(FormFault):
    code = "FRM-030"
    text = N_("These questions depend on each other in a circle: {names}. Break the circle.")


class Kind(Enum):
    RELEVANT = auto()
    VALUE = auto()
    COUNT = auto()


@dataclass(eq=False, slots=True, repr=False)
class Vertex:
    """`scope`: one evaluation in each of its rows. `looped`: a calculation that reads
    the same question in other rows (a running total)."""

    kind: Kind
    node: Node
    scope: Scope
    rank: int = 0
    looped: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Link:
    """From a changed row climb `up`, then take every row of `scope` below."""

    rank: int
    node: Node
    up: int
    scope: Scope


class Graph:
    """`order`: vertices by rank. `cells`, `rows`: links to vertices of who reads a node's
    value, or a repeat's list of rows. `seen_cells`, `seen_rows`: the same for what is
    computed only when asked."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._vertices: dict[tuple[Kind, Node], Vertex] = {}
        self._reads: dict[Vertex, frozenset[Dep]] = {}
        self.cells: dict[Node, list[Link]] = {}
        self.rows: dict[Node, list[Link]] = {}
        self.seen_cells: dict[Node, list[Link]] = {}
        self.seen_rows: dict[Node, list[Link]] = {}
        self._make_vertices()
        self.order = self._rank()
        self._link()
        self._link_seen()

    def get(self, kind: Kind, node: Node) -> Vertex | None:
        return self._vertices.get((kind, node))

    def _make_vertices(self) -> None:
        for node in self._program.definition.nodes.values():
            relevant = self._program.relevant.get(node)
            above = node.parent is not None and (Kind.RELEVANT, node.parent) in self._vertices
            if node in self._program.count:
                outer = node.scope.parent or node.scope
                self._add(Kind.COUNT, node, outer, self._program.count[node].deps)
            if relevant is not None or above:
                deps = frozenset() if relevant is None else relevant.deps
                self._add(Kind.RELEVANT, node, node.scope, deps)
            if node in self._program.calculate:
                self._add(Kind.VALUE, node, node.scope, self._calculated(node))

    def _calculated(self, node: Node) -> frozenset[Dep]:
        """What a calculation reads, with the filters and the words of the choices that it
        names."""
        program = self._program
        expression, choices = program.calculate[node], program.choices
        filters = (choices[named].deps for named in expression.named if named in choices)
        words = (program.said_by_choices(named) for named in expression.named)
        return expression.deps.union(*filters, *words)

    def _add(self, kind: Kind, node: Node, scope: Scope, deps: frozenset[Dep]) -> None:
        vertex = Vertex(kind, node, scope)
        self._vertices[kind, node] = vertex
        self._reads[vertex] = deps

    def _producers(self, dep: Dep) -> Iterator[Vertex]:
        """Vertices whose evaluation can change what `dep` reads."""
        kinds = (Kind.COUNT, Kind.RELEVANT) if dep.rows else (Kind.VALUE, Kind.RELEVANT)
        for kind in kinds:
            vertex = self.get(kind, dep.node)
            if vertex is not None:
                yield vertex

    def _before(self, vertex: Vertex) -> Iterator[Vertex]:
        """Vertices that must be settled first."""
        for dep in self._reads[vertex]:
            for producer in self._producers(dep):
                if producer is vertex and vertex.kind is Kind.VALUE and _elsewhere(dep, vertex):
                    vertex.looped = True
                else:
                    yield producer
        parent = vertex.node.parent
        if vertex.kind is Kind.RELEVANT and parent is not None:
            above = self.get(Kind.RELEVANT, parent)
            if above is not None:
                yield above
        scope: Scope | None = vertex.scope
        while scope is not None and scope.parent is not None:
            count = self.get(Kind.COUNT, scope.nodes[0])
            if count is not None:
                yield count
            scope = scope.parent

    def _rank(self) -> list[Vertex]:
        """Topological order, document order among equals. Raises Cycle."""
        vertices = list(self._vertices.values())
        place = {vertex: at for at, vertex in enumerate(vertices)}
        waiting: dict[Vertex, int] = {}
        after: dict[Vertex, list[Vertex]] = {vertex: [] for vertex in vertices}
        for vertex in vertices:
            first = set(self._before(vertex))
            waiting[vertex] = len(first)
            for producer in first:
                after[producer].append(vertex)
        ready = [place[vertex] for vertex in vertices if not waiting[vertex]]
        order: list[Vertex] = []
        while ready:
            vertex = vertices[heapq.heappop(ready)]
            vertex.rank = len(order)
            order.append(vertex)
            for later in after[vertex]:
                waiting[later] -= 1
                if not waiting[later]:
                    heapq.heappush(ready, place[later])
        if len(order) < len(vertices):
            raise self._cycle({v for v in vertices if waiting[v]})
        return order

    def _cycle(self, stuck: set[Vertex]) -> Cycle:
        """Walk back among the stuck until one comes again: that is the circle."""
        vertex = min(stuck, key=lambda v: v.node.path)
        trail: list[Vertex] = []
        while vertex not in trail:
            trail.append(vertex)
            vertex = next(v for v in self._before(vertex) if v in stuck)
        circle = trail[trail.index(vertex) :]
        names = ", ".join(dict.fromkeys(v.node.name for v in reversed(circle)))
        first = next(v for v in self._vertices.values() if v in circle)
        column = {Kind.RELEVANT: "relevant", Kind.COUNT: "repeat_count"}.get(
            first.kind, "calculation"
        )
        return Cycle(Place(column=column, ref=first.node.path), names=names)

    def _link(self) -> None:
        for vertex in self.order:
            for dep in self._reads[vertex]:
                target = Link(vertex.rank, vertex.node, climb(dep, vertex.scope), vertex.scope)
                table = self.rows if dep.rows else self.cells
                table.setdefault(dep.node, []).append(target)

    def _link_seen(self) -> None:
        for node, scope, deps in self._shown():
            for dep in deps:
                link = Link(-1, node, climb(dep, scope), scope)
                table = self.seen_rows if dep.rows else self.seen_cells
                table.setdefault(dep.node, []).append(link)

    def _shown(self) -> Iterator[tuple[Node, Scope, Iterable[Dep]]]:
        program = self._program
        for table in (program.constraint, program.choices):
            for node, expression in table.items():
                yield node, node.scope, expression.deps
        for flags in (program.required, program.readonly):
            for node, flag in flags.items():
                if not isinstance(flag, bool):
                    yield node, node.scope, flag.deps
        for node, expression in program.relevant.items():
            if node.repeat and node.scope.parent is not None:
                yield node, node.scope.parent, expression.deps
        for (node, _), expression in program.outputs.items():
            yield node, node.scope, expression.deps


def climb(dep: Dep, reader: Scope) -> int:
    """Levels from where the change is up to the row that it shares with the reader."""
    scope = dep.node.scope
    if dep.rows:
        scope = scope.parent or scope
    return scope.depth - dep.common.common(reader).common(scope).depth


def _elsewhere(dep: Dep, vertex: Vertex) -> bool:
    return dep.common.depth < vertex.scope.depth
