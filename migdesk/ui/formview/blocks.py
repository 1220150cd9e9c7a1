"""How the stops of a screen are laid out: one under the other, side by side, as a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .stops import Stop, heads_grid, width

GRID = frozenset({"list", "list-nolabel"})


@dataclass(frozen=True)
class Cell:
    """What one box shows: a stop, the rows of a grid (`head`: the question that only names
    the choices), or a title. `span`: its share of the line."""

    key: str
    stops: tuple[Stop, ...] = ()
    head: Stop | None = None
    title: str = ""
    span: int = 1

    @property
    def guess(self) -> int:
        """Height to reckon with until the box was seen, in pixels of the design."""
        if not self.stops:
            return 24
        if self.head is not None:
            return 60 + 44 * len(self.stops)
        live = self.stops[0].live
        kind = live.type if live is not None else ""
        few = min(len(live.choices), 10) if live and kind.startswith("select") else 0
        return 60 + 52 * few if few else 110


Line = tuple[Cell, ...]


def lines(stops: Sequence[Stop], alone: bool, narrow: bool) -> list[Line]:
    """Stops in lines. `alone`: one at a time, without titles; `narrow`: no room for two
    side by side."""
    found: list[Line] = []
    heads: tuple[str, ...] = ()
    place = 0
    while place < len(stops):
        stop = stops[place]
        if not alone and stop.heads != heads:
            heads = stop.heads
            if heads:
                title = " › ".join(heads)
                found.append((Cell(f"#title {stop.key}", title=title),))
        grid = _grid(stops, place)
        if grid:
            found.append((grid,))
            place += len(grid.stops) + (grid.head is not None)
            continue
        row = [stop] if narrow else _row(stops, place)
        found.append(tuple(Cell(s.key, (s,), span=width(s.looks) or s.room) for s in row))
        place += len(row)
    return found


def _grid(stops: Sequence[Stop], place: int) -> Cell | None:
    """The grid that begins here: a question that names the choices, and those under it."""
    head = stops[place]
    if head.live is None or not heads_grid(head.live):
        return None
    found: list[Stop] = []
    for stop in stops[place + 1 :]:
        if stop.box != head.box or not GRID & set(stop.looks) or stop.live is None:
            break
        if stop.live.type not in ("select_one", "select_multiple"):
            break
        found.append(stop)
    return Cell(found[0].key, tuple(found), head) if found else None


def _row(stops: Sequence[Stop], place: int) -> list[Stop]:
    """Stops that share a line, because their appearance asks for a part of it."""
    first = stops[place]
    found, used = [first], width(first.looks)
    room = max(first.room, used)
    for stop in stops[place + 1 :] if used else ():
        wide = width(stop.looks)
        if not wide or stop.box != first.box or used + wide > room:
            break
        found.append(stop)
        used += wide
    return found
