"""Which cells of a table of counts to hide, so that nobody can be told from them.

First the small counts themselves. Then, since rows and columns add up to their totals, a
single hidden cell could be computed: so each hidden cell must lie on a cycle of hidden
cells. A table with its totals is a graph (rows and columns are the knots, cells the edges),
and a hidden cell can be computed exactly when its edge is a bridge of the hidden ones; the
cheapest path round it is hidden too. (Gusfield, “A graph theoretic approach to statistical
data security”, SIAM J. Comput. 17, 1988.)
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence

Spot = tuple[int, int]
_LAST_RESORT = 10**12
"""Cost of hiding a zero: it hides nothing where it is known that no count is negative."""


def protect(
    table: Sequence[Sequence[int]],
    threshold: int,
    many_rows: bool,
    many_columns: bool,
    also: Collection[Spot] = (),
) -> set[Spot]:
    """Cells to hide. The last row and the last column are totals; a table of one column
    has a total at its foot only. `many_rows`: the rows of a column do not add up to its
    total, because several answers are possible; `many_columns` likewise. `also`: cells
    that must be hidden anyhow, because another table hides them."""
    hidden = {
        (r, c)
        for r, line in enumerate(table)
        for c, count in enumerate(line)
        if 0 < count < threshold
    } | set(also)
    if not hidden:
        return hidden
    down = [] if many_rows else [[(r, c) for r in range(len(table))] for c in _wide(table)]
    across = []
    if len(table[0]) > 1 and not many_columns:
        across = [[(r, c) for c in _wide(table)] for r in range(len(table))]
    if down and across:
        _close_cycles(table, hidden)
    else:
        for spots in down or across:
            _never_alone(table, hidden, spots)
    return hidden


def _wide(table: Sequence[Sequence[int]]) -> range:
    return range(len(table[0]))


def _never_alone(table: Sequence[Sequence[int]], hidden: set[Spot], line: list[Spot]) -> None:
    """One equation: a single hidden cell takes the smallest other count with it."""
    if sum(spot in hidden for spot in line) != 1:
        return
    free = [spot for spot in line if spot not in hidden]
    if free:
        hidden.add(min(free, key=lambda spot: _cost(table, spot)))


def _cost(table: Sequence[Sequence[int]], spot: Spot) -> int:
    return table[spot[0]][spot[1]] or _LAST_RESORT


def _close_cycles(table: Sequence[Sequence[int]], hidden: set[Spot]) -> None:
    while bridges := sorted(_bridges(table, hidden)):
        path = _way_round(table, hidden, bridges[0])
        if not path - hidden:
            return
        hidden |= path


def _bridges(table: Sequence[Sequence[int]], hidden: set[Spot]) -> Iterator[Spot]:
    """Hidden cells that the others do not bypass."""
    for spot in hidden:
        row, column = spot
        seen, waiting = {("r", row)}, [("r", row)]
        while waiting:
            side, place = waiting.pop()
            for other in hidden:
                if other == spot or other[side == "c"] != place:
                    continue
                following = ("c", other[1]) if side == "r" else ("r", other[0])
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        if ("c", column) not in seen:
            yield spot


def _way_round(table: Sequence[Sequence[int]], hidden: set[Spot], spot: Spot) -> set[Spot]:
    """Cells of the cheapest path from the row of `spot` to its column, but for itself."""
    start, goal = ("r", spot[0]), ("c", spot[1])
    best = {start: 0}
    came: dict[tuple[str, int], tuple[tuple[str, int], Spot]] = {}
    queue = [(0, start)]
    while queue:
        spent, here = heapq.heappop(queue)
        if here == goal:
            break
        if spent > best[here]:
            continue
        for cell, there in _neighbours(table, here):
            if cell == spot:
                continue
            cost = spent + (0 if cell in hidden else _cost(table, cell))
            if cost < best.get(there, 10**18):
                best[there], came[there] = cost, (here, cell)
                heapq.heappush(queue, (cost, there))
    path: set[Spot] = set()
    at = goal
    while at in came:
        at, cell = came[at]
        path.add(cell)
    return path


def _neighbours(
    table: Sequence[Sequence[int]], here: tuple[str, int]
) -> Iterator[tuple[Spot, tuple[str, int]]]:
    side, place = here
    if side == "r":
        yield from (((place, c), ("c", c)) for c in _wide(table))
    else:
        yield from (((r, place), ("r", r)) for r in range(len(table)))
