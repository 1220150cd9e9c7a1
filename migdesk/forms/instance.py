"""Rows of slots: the answers of one person, and nothing that knows a rule."""

from __future__ import annotations

from collections.abc import Iterator

from migdesk.forms.definition import Node, Scope, Tree


class Row:
    """One instance of a scope.

    kept      text of each slot as it was given or calculated, relevant or not
    values    the same, but blank where not relevant or not valid: what expressions see
    relevant  of each slot
    kids      rows of each repeat directly inside, in order
    spare     rows that a shrinking count took away, last first, given back if it grows
    """

    __slots__ = ("index", "kept", "kids", "parent", "relevant", "scope", "spare", "values")

    def __init__(self, scope: Scope, parent: Row | None, index: int) -> None:
        size = len(scope.nodes)
        self.scope = scope
        self.parent = parent
        self.index = index
        self.kept = [""] * size
        self.values = [""] * size
        self.relevant = [True] * size
        self.kids: list[list[Row]] = [[] for _ in scope.repeats]
        self.spare: list[list[Row]] = [[] for _ in scope.repeats]

    def up(self, levels: int) -> Row:
        """The row that many scopes above."""
        row = self
        for _ in range(levels):
            assert row.parent is not None
            row = row.parent
        return row

    def below(self, scope: Scope) -> Iterator[Row]:
        """All rows of `scope`, which is this row's or one inside it, in document order."""
        if scope is self.scope:
            yield self
            return
        chain = []
        while scope is not self.scope:
            chain.append(scope.nodes[0].place)
            assert scope.parent is not None
            scope = scope.parent
        rows = [self]
        for place in reversed(chain):
            rows = [kid for row in rows for kid in row.kids[place]]
        yield from rows

    def all(self) -> Iterator[Row]:
        """This row and every row inside it."""
        yield self
        for rows in self.kids:
            for row in rows:
                yield from row.all()


def fill(row: Row, node: Node, tree: Tree) -> None:
    """Put the answers of `tree`, which has the shape of `node`, into `row`.

    Repeats named in `tree` get exactly its rows; a tree may carry spare rows under
    ``"~name"`` (drafts do).
    """
    for child in node.children:
        value = tree.get(child.name)
        if child.repeat:
            row.kids[child.place] = [] if value is not None else row.kids[child.place]
            for inner in value or ():
                add_row(row, child, inner)
            for inner in tree.get(f"~{child.name}", ()):
                spare = Row(child.scope, row, 0)
                fill(spare, child, inner)
                row.spare[child.place].append(spare)
        elif child.children:
            fill(row, child, value if isinstance(value, dict) else {})
        elif isinstance(value, str):
            row.kept[child.slot] = value


def add_row(row: Row, repeat: Node, tree: Tree, at: int | None = None) -> Row:
    """A new row of `repeat` in `row`, filled from its template and then from `tree`."""
    rows = row.kids[repeat.place]
    new = Row(repeat.scope, row, 0)
    fill(new, repeat, repeat.template)
    fill(new, repeat, tree)
    rows.insert(len(rows) if at is None else at, new)
    number(rows)
    return new


def number(rows: list[Row]) -> None:
    """Set the index of each row to its place in the list."""
    for index, row in enumerate(rows):
        row.index = index


def dump(row: Row, node: Node) -> Tree:
    """All answers kept in `row` below `node`, not relevant ones and spare rows too."""
    tree: Tree = {}
    for child in node.children:
        if child.repeat:
            tree[child.name] = [dump(kid, child) for kid in row.kids[child.place]]
            if row.spare[child.place]:
                tree[f"~{child.name}"] = [dump(kid, child) for kid in row.spare[child.place]]
        elif child.children:
            tree[child.name] = dump(row, child)
        else:
            tree[child.name] = row.kept[child.slot]
    return tree


def ref_of(node: Node, row: Row) -> str:
    """Reference with positions, counted from 1: ``/data/kid[2]/age``."""
    if row.parent is None:
        return node.path
    inner = row.scope.nodes[0]
    head = f"{ref_of(inner, row.parent)}[{row.index + 1}]"
    return head + node.path[len(inner.path) :]


def cell_ref(node: Node, row: Row) -> str:
    """Reference of a cell; of the whole repeat where the row is one around it."""
    if node.repeat and row.scope is not node.scope:
        assert node.parent is not None
        return f"{ref_of(node.parent, row)}/{node.name}"
    return ref_of(node, row)
