"""The living state of one filling: set, add, remove, and what follows from them.

Changes go through a heap of vertex ranks, so that each rule is evaluated at most once
per change and only if something that it reads has really changed.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

from migdesk.forms.definition import Node, Scope, Tree
from migdesk.forms.form import Form
from migdesk.forms.graph import Kind, Link, Vertex
from migdesk.forms.instance import Row, add_row, fill, number
from migdesk.forms.values import BadAnswer, codec
from migdesk.forms.xpath.code import Frame

Cell = tuple[Node, Row]
"""A node in a row. A repeat with a row of the scope around it is its list of rows."""
Update = Callable[[Row], None]
MAX_ROWS = 10_000


def canonical(node: Node, text: str) -> str | None:
    """Stored text of an answer, or None where it is not of the question's type."""
    if not text:
        return text
    try:
        return codec(node.bind.type).parse(text)
    except BadAnswer:
        return None


class Engine:
    """`root` holds all answers. `changed` gathers what the last action changed, until
    `take_changed`; `born` the rows added, whose "odk-new-repeat" is still to come."""

    def __init__(
        self, form: Form, frame: Frame, tree: Tree, *, restored: bool, frozen: bool = False
    ) -> None:
        self.form = form
        self.frame = frame
        self.changed: set[Cell] = set()
        self.born: list[Cell] = []
        self._order = form.graph.order
        self._runs = [self._update_of(vertex) for vertex in self._order]
        self._pending: list[dict[Row, None] | None] = [None] * len(self._order)
        self._heap: list[int] = []
        self._restored = restored
        self._frozen = frozen
        self._below = self._relevance_below()
        root = form.definition.root
        self.root = Row(root.scope, None, 0)
        self._values_of = self._vertices_by_scope()
        fill(self.root, root, tree)
        for row in self.root.all():
            self._admit(row)
            number_all(row)
        self._schedule_all(self.root)
        self.settle()
        self._restored = False

    # set up -------------------------------------------------------------------

    def _vertices_by_scope(self) -> dict[Scope, list[Vertex]]:
        found: dict[Scope, list[Vertex]] = {}
        for vertex in self._order:
            found.setdefault(vertex.scope, []).append(vertex)
        return found

    def _relevance_below(self) -> dict[Node, list[Vertex]]:
        below: dict[Node, list[Vertex]] = {}
        for vertex in self._order:
            parent = vertex.node.parent
            if vertex.kind is Kind.RELEVANT and parent is not None:
                below.setdefault(parent, []).append(vertex)
        return below

    def _admit(self, row: Row) -> None:
        """Bring answers from outside into stored form; wrong ones stay, unseen by rules."""
        for node in row.scope.nodes:
            text = row.kept[node.slot]
            if text:
                stored = canonical(node, text)
                row.kept[node.slot] = text if stored is None else stored
                row.values[node.slot] = stored or ""

    def _schedule_all(self, row: Row) -> None:
        for inner in row.all():
            for vertex in self._values_of.get(inner.scope, ()):
                if not (self._restored and self._stands(vertex)):
                    self._schedule(vertex.rank, inner)

    def _stands(self, vertex: Vertex) -> bool:
        """A restored draft keeps what chance once gave (POLICY.md), a record everything."""
        if vertex.kind is not Kind.VALUE:
            return False
        return self._frozen or self.form.program.calculate[vertex.node].volatile

    # change -------------------------------------------------------------------

    def write(self, node: Node, row: Row, text: str, stored: str | None) -> None:
        """Keep `text`; rules see `stored` (None: the answer is not of its type)."""
        row.kept[node.slot] = text if stored is None else stored
        self.changed.add((node, row))
        self._show(node, row, (stored or "") if row.relevant[node.slot] else "")

    def _show(self, node: Node, row: Row, value: str) -> None:
        if row.values[node.slot] != value:
            row.values[node.slot] = value
            self.changed.add((node, row))
            links = self.form.graph.cells.get(node)
            if links:
                self._notify(links, row)

    def insert(self, repeat: Node, outer: Row, at: int | None = None) -> Row:
        """A new row, everything in it scheduled. Call `settle` after."""
        spare = outer.spare[repeat.place]
        rows = outer.kids[repeat.place]
        if spare and at is None and repeat in self.form.program.count:
            row = spare.pop()
            rows.append(row)
        else:
            row = add_row(outer, repeat, {}, at)
            self.born.append((repeat, row))
        for inner in row.all():
            self._admit(inner)
            number_all(inner)
        number(rows)
        self._schedule_all(row)
        self._rows_changed(repeat, outer)
        return row

    def delete(self, repeat: Node, row: Row) -> None:
        """Take a row away for good. Call `settle` after."""
        outer = row.parent
        assert outer is not None
        rows = outer.kids[repeat.place]
        rows.remove(row)
        self._forget(row)
        number(rows)
        self._rows_changed(repeat, outer)

    def _forget(self, row: Row) -> None:
        gone = set(row.all())
        for bucket in self._pending:
            if bucket:
                for inner in gone & bucket.keys():
                    del bucket[inner]
        self.changed = {cell for cell in self.changed if cell[1] not in gone}

    def _rows_changed(self, repeat: Node, outer: Row) -> None:
        self.changed.add((repeat, outer))
        for row in outer.kids[repeat.place]:
            self.changed.add((repeat, row))
        self._notify(self.form.graph.rows.get(repeat, ()), outer)
        for link in self.form.graph.seen_rows.get(repeat, ()):
            for row in outer.up(link.up).below(link.scope):
                self.changed.add((link.node, row))

    # propagate ----------------------------------------------------------------

    def _schedule(self, rank: int, row: Row) -> None:
        bucket = self._pending[rank]
        if bucket is None:
            self._pending[rank] = {row: None}
            heapq.heappush(self._heap, rank)
        else:
            bucket[row] = None

    def _notify(self, links: list[Link] | tuple[Link, ...], row: Row) -> None:
        here = row.scope
        for link in links:
            if link.up == 0 and link.scope is here:
                self._schedule(link.rank, row)
            else:
                for target in row.up(link.up).below(link.scope):
                    self._schedule(link.rank, target)

    def settle(self) -> None:
        """Evaluate all that is scheduled, in order, until nothing changes any more."""
        while self._heap:
            rank = heapq.heappop(self._heap)
            rows, self._pending[rank] = self._pending[rank], None
            if self._order[rank].looped:
                self._settle_loop(rank, list(rows or ()))
                continue
            run = self._runs[rank]
            for row in rows or ():
                run(row)

    def _settle_loop(self, rank: int, rows: list[Row]) -> None:
        """Rows that read each other: pass after pass, stopped after one pass per row."""
        run, vertex = self._runs[rank], self._order[rank]
        for _ in range(len(list(self.root.below(vertex.scope))) + 1):
            if not rows:
                return
            for row in sorted(rows, key=_document_order):
                run(row)
            again, self._pending[rank] = self._pending[rank], None
            if again is not None:
                self._heap = [other for other in self._heap if other != rank]
                heapq.heapify(self._heap)
            rows = list(again or ())

    def _update_of(self, vertex: Vertex) -> Update:
        if vertex.kind is Kind.RELEVANT:
            return self._relevance(vertex)
        if vertex.kind is Kind.VALUE:
            return self._calculation(vertex)
        return self._counting(vertex)

    def _calculation(self, vertex: Vertex) -> Update:
        node, slot = vertex.node, vertex.node.slot
        result = self.form.program.calculate[node].value()
        coerce = codec(node.bind.type).coerce
        frame, show = self.frame, self._show

        def update(row: Row) -> None:
            text = coerce(result(row, frame))
            row.kept[slot] = text
            shown = text if row.relevant[slot] else ""
            if row.values[slot] != shown:
                show(node, row, shown)

        return update

    def _relevance(self, vertex: Vertex) -> Update:
        node, slot, parent = vertex.node, vertex.node.slot, vertex.node.parent
        expression = self.form.program.relevant.get(node)
        test = None if expression is None else expression.boolean()

        def update(row: Row) -> None:
            outer = row.parent if node.repeat else row
            inside = parent is None or outer is None or outer.relevant[parent.slot]
            relevant = inside and (test is None or bool(test(row, self.frame)))
            if row.relevant[slot] != relevant:
                row.relevant[slot] = relevant
                self._relevance_changed(node, row)

        return update

    def _relevance_changed(self, node: Node, row: Row) -> None:
        graph, slot = self.form.graph, node.slot
        self.changed.add((node, row))
        if node.leaf:
            text = canonical(node, row.kept[slot]) or ""
            row.values[slot] = text if row.relevant[slot] else ""
        self._notify(graph.cells.get(node, ()), row)
        if node.repeat and row.parent is not None:
            self.changed.add((node, row.parent))
            self._notify(graph.rows.get(node, ()), row.parent)
        for vertex in self._below.get(node, ()):
            if vertex.node.repeat:
                self.changed.add((vertex.node, row))
            for inner in row.kids[vertex.node.place] if vertex.node.repeat else (row,):
                self._schedule(vertex.rank, inner)

    def _counting(self, vertex: Vertex) -> Update:
        repeat = vertex.node
        count = self.form.program.count[repeat].number()

        def update(outer: Row) -> None:
            wanted = count(Row(repeat.scope, outer, 0), self.frame)
            size = int(min(max(wanted, 0), MAX_ROWS)) if wanted == wanted else 0
            rows = outer.kids[repeat.place]
            while len(rows) < size:
                self.insert(repeat, outer)
            while len(rows) > size:
                last = rows[-1]
                self.delete(repeat, last)
                outer.spare[repeat.place].append(last)

        return update

    def respeak(self) -> None:
        """Schedule the calculations that show words of the form; the language changed."""
        for vertex in self._order:
            if vertex.kind is Kind.VALUE and self.form.program.calculate[vertex.node].spoken:
                for row in self.root.below(vertex.scope):
                    self._schedule(vertex.rank, row)

    # look ---------------------------------------------------------------------

    def take_changed(self) -> set[Cell]:
        """Cells changed since the last call, with those whose looks depend on them."""
        seen = self.form.graph.seen_cells
        found = set(self.changed)
        for node, row in self.changed:
            if node.repeat and row.scope is not node.scope:
                continue
            for link in seen.get(node, ()):
                targets = row.up(link.up).below(link.scope)
                found.update((link.node, target) for target in targets)
        self.changed = set()
        return found

    def rows_of(self, node: Node) -> Iterator[Row]:
        """Every row in which `node` lives."""
        return self.root.below(node.scope)


def number_all(row: Row) -> None:
    for rows in row.kids:
        number(rows)


def _document_order(row: Row) -> list[int]:
    places = []
    here: Row | None = row
    while here is not None:
        places.append(here.index)
        here = here.parent
    return places[::-1]
