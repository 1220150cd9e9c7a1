"""Counting answers: frequencies, cross tables, means and medians, and hiding small cells.

A cell is hidden when its count is 1 up to the threshold less one. Others are hidden with
it, so that no hidden cell follows from the totals (`forms.suppress`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Literal

from migdesk.forms.suppress import protect

Percent = Literal["none", "row", "column", "total"]
Count = int | None
"""None: hidden."""

THRESHOLD = 5


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something to count by. `codes` and `labels` are its categories in order; `values`
    has, for each row of the data, the codes that hold (several for a select_multiple, none
    where there is no answer)."""

    name: str
    label: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    many: bool = False


@dataclass(frozen=True, slots=True)
class Cross:
    """Counts of rows by columns, with small cells hidden.

    `cells[r][c]`; `row_totals` and `column_totals` count people, not ticks, so they are
    less than the sums where several answers are possible (`many`). `missing` are rows of
    the data without an answer to either. `hidden`: how many cells are hidden.
    Without a column dimension there is one column, equal to the row totals.
    """

    row_label: str
    column_label: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Count, ...], ...]
    row_totals: tuple[Count, ...]
    column_totals: tuple[Count, ...]
    total: Count
    missing: int
    many: bool
    threshold: int
    hidden: int

    @property
    def plain(self) -> bool:
        """A frequency table: no columns to compare."""
        return not self.column_label

    def share(self, row: int, column: int, of: Percent) -> float | None:
        """Percentage of a cell (0 to 100); None where it or its base is hidden or 0.
        `row` or `column` may be -1 for the total."""
        count = self.count(row, column)
        base = {
            "row": self.count(row, -1),
            "column": self.count(-1, column),
            "total": self.total,
        }.get(of)
        if count is None or not base:
            return None
        return 100 * count / base

    def count(self, row: int, column: int) -> Count:
        """A cell; -1 for a total."""
        if row < 0:
            return self.total if column < 0 else self.column_totals[column]
        return self.row_totals[row] if column < 0 else self.cells[row][column]


@dataclass(frozen=True, slots=True)
class Summary:
    """A number in one group; None where the group is too small to show."""

    label: str
    count: Count
    mean: float | None
    median: float | None


@dataclass(frozen=True, slots=True)
class Means:
    """A number summed up by groups; the last is all of them together."""

    row_label: str
    column_label: str
    groups: tuple[Summary, ...]
    missing: int
    threshold: int
    hidden: int


def cross(rows: Dimension, columns: Dimension | None, threshold: int = THRESHOLD) -> Cross:
    """Count `rows` by `columns` (or alone). `threshold` 0 hides nothing."""
    over = columns or Dimension("", "", ("",), ("",), (("",),) * len(rows.values))
    table, missing = _counted(rows, over)
    if columns is None:
        table = [line[-1:] for line in table]
    hidden = protect(table, threshold, rows.many, over.many)
    shown = [
        [None if (r, c) in hidden else n for c, n in enumerate(line)]
        for r, line in enumerate(table)
    ]
    return Cross(
        row_label=rows.label,
        column_label=columns.label if columns else "",
        rows=rows.labels,
        columns=over.labels if columns else (),
        cells=tuple(tuple(line[:-1]) for line in shown[:-1]) if columns else (),
        row_totals=tuple(line[-1] for line in shown[:-1]),
        column_totals=tuple(shown[-1][:-1]) if columns else (),
        total=shown[-1][-1],
        missing=missing,
        many=rows.many or over.many,
        threshold=threshold,
        hidden=len(hidden),
    )


def _counted(rows: Dimension, columns: Dimension) -> tuple[list[list[int]], int]:
    """Counts with their totals in a last row and a last column; and rows of the data that
    have no answer to one of the two."""
    wide, high = len(columns.codes), len(rows.codes)
    table = [[0] * (wide + 1) for _ in range(high + 1)]
    row_at = {code: place for place, code in enumerate(rows.codes)}
    column_at = {code: place for place, code in enumerate(columns.codes)}
    missing = 0
    for given, compared in zip(rows.values, columns.values, strict=True):
        down = [row_at[code] for code in given if code in row_at]
        across = [column_at[code] for code in compared if code in column_at]
        if not down or not across:
            missing += 1
            continue
        for row in (*down, high):
            for column in (*across, wide):
                table[row][column] += 1
    return table, missing


def means(
    label: str,
    numbers: Sequence[Decimal | None],
    by: Dimension | None,
    threshold: int = THRESHOLD,
) -> Means:
    """Mean and median of a number, in all and in each group. Groups smaller than the
    threshold are hidden, and another with a single one of them."""
    groups: list[list[Decimal]] = [[] for _ in (by.codes if by else ())]
    everyone: list[Decimal] = []
    missing = 0
    place_of = {code: place for place, code in enumerate(by.codes)} if by else {}
    for row, number in enumerate(numbers):
        places = [place_of[c] for c in by.values[row] if c in place_of] if by else []
        if number is None or (by is not None and not places):
            missing += 1
            continue
        everyone.append(number)
        for place in places:
            groups[place].append(number)
    table = [[len(group)] for group in groups] + [[len(everyone)]]
    hidden = protect(table, threshold, bool(by and by.many), False)
    names = (*(by.labels if by else ()), "")
    return Means(
        row_label=by.label if by else "",
        column_label=label,
        groups=tuple(
            _summary(name, group, (place, 0) in hidden)
            for place, (name, group) in enumerate(zip(names, [*groups, everyone], strict=True))
        ),
        missing=missing,
        threshold=threshold,
        hidden=len(hidden),
    )


def _summary(label: str, numbers: list[Decimal], hidden: bool) -> Summary:
    if hidden:
        return Summary(label, None, None, None)
    if not numbers:
        return Summary(label, 0, None, None)
    mean = float(sum(numbers) / len(numbers))
    return Summary(label, len(numbers), mean, float(median(numbers)))


# bands of numbers -------------------------------------------------------------

AGES = (0, 5, 15, 18, 25, 35, 60)
"""Lower bounds of age bands, usable for children, youth and the working ages."""


def bands(
    name: str, label: str, numbers: Sequence[Decimal | None], bounds: Sequence[int]
) -> Dimension:
    """Numbers in bands; `bounds` are the lower ends, the last band is open above. What lies
    below the first is left out."""
    ends = sorted(set(bounds))
    codes = tuple(str(low) for low in ends)
    values = []
    for number in numbers:
        below = [low for low in ends if number is not None and number >= low]
        values.append((str(below[-1]),) if below else ())
    return Dimension(name, label, codes, tuple(_band_labels(ends)), tuple(values))


def _band_labels(ends: Sequence[int]) -> Iterator[str]:
    for place, low in enumerate(ends):
        if place + 1 == len(ends):
            yield f"{low}+"
        elif ends[place + 1] == low + 1:
            yield str(low)
        else:
            yield f"{low}–{ends[place + 1] - 1}"


def nice_bounds(numbers: Sequence[Decimal | None], most: int = 8) -> tuple[int, ...]:
    """Lower bounds of at most `most` bands of a round width that hold all the numbers."""
    given = [number for number in numbers if number is not None]
    if not given:
        return (0,)
    low, high = min(given), max(given)
    for power in range(19):
        for digit in (1, 2, 5):
            step = digit * 10**power
            first = int(low // step) * step
            if low < first:
                first -= step
            count = int((high - first) // step) + 1
            if count <= most:
                return tuple(first + step * n for n in range(count))
    return (int(low),)
