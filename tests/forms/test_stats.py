"""Counting answers and hiding small cells."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migdesk.forms.stats import AGES, Dimension, bands, cross, means, nice_bounds
from migdesk.forms.suppress import protect


def dimension(name: str, values: list[str], many: bool = False) -> Dimension:
    given_ = [tuple(value.split()) for value in values]
    codes = tuple(sorted({code for value in given_ for code in value}))
    return Dimension(name, name.title(), codes, codes, tuple(given_), many)


SEX = dimension("sex", ["f"] * 12 + ["m"] * 8 + [""])
AREA = dimension("area", ["n"] * 6 + ["s"] * 6 + ["n"] * 8 + ["s"])


def test_frequencies() -> None:
    table = cross(SEX, None)
    assert table.rows == ("f", "m") and table.plain
    assert (table.row_totals, table.total, table.missing) == ((12, 8), 20, 1)
    assert table.share(0, -1, "total") == 60


def test_cross_and_percentages() -> None:
    table = cross(AREA, SEX)
    assert table.cells == ((6, 8), (6, 0))
    assert (table.row_totals, table.column_totals, table.total) == ((14, 6), (12, 8), 20)
    assert table.share(0, 0, "column") == 50
    assert table.share(1, 0, "row") == 100
    assert table.share(0, 1, "total") == 40
    assert table.share(0, 1, "none") is None
    assert table.hidden == 0


def test_several_answers_count_people_once() -> None:
    uses = dimension("uses", ["food rent", "food", "rent food", "", *["food"] * 9], many=True)
    table = cross(uses, None, threshold=0)
    assert table.row_totals == (12, 2)
    assert (table.total, table.missing) == (12, 1)
    assert table.many


def test_a_small_cell_is_hidden_with_what_would_betray_it() -> None:
    rows = dimension("a", ["x"] * 2 + ["y"] * 10 + ["z"] * 7)
    alone = cross(rows, None)
    assert alone.row_totals == (None, 10, None)
    assert alone.total == 19 and alone.hidden == 2
    columns = dimension("b", ["p", "q"] + ["p"] * 5 + ["q"] * 5 + ["p"] * 7)
    table = cross(rows, columns)
    assert table.cells[0] == (None, None)
    assert table.share(0, 0, "row") is None
    assert table.hidden >= 4


def test_nothing_is_hidden_at_zero() -> None:
    assert cross(dimension("a", ["x"]), None, threshold=0).row_totals == (1,)


def solvable(table: list[list[int]], hidden: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Hidden cells that linear algebra finds from what is shown (exact elimination)."""
    order = sorted(hidden)
    high, wide = len(table) - 1, len(table[0]) - 1
    rows = []
    for r in range(high + 1):
        rows.append({(r, c): 1 if c < wide else -1 for c in range(wide + 1)})
    for c in range(wide + 1):
        rows.append({(r, c): 1 if r < high else -1 for r in range(high + 1)})
    matrix = [[Fraction(line.get(spot, 0)) for spot in order] for line in rows]
    rank = 0
    for column in range(len(order)):
        pivot = next((r for r in range(rank, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[rank], matrix[pivot] = matrix[pivot], matrix[rank]
        head = matrix[rank][column]
        matrix[rank] = [value / head for value in matrix[rank]]
        for r, line in enumerate(matrix):
            if r != rank and line[column]:
                times = line[column]
                matrix[r] = [a - times * b for a, b in zip(line, matrix[rank], strict=True)]
        rank += 1
    return {
        order[next(i for i, value in enumerate(line) if value)]
        for line in matrix
        if sum(bool(value) for value in line) == 1
    }


@settings(max_examples=300)
@given(
    st.integers(1, 6).flatmap(
        lambda wide: st.lists(
            st.lists(st.integers(0, 14), min_size=wide, max_size=wide), min_size=1, max_size=6
        )
    )
)
def test_no_hidden_cell_follows_from_the_totals(counts: list[list[int]]) -> None:
    table = [[*line, sum(line)] for line in counts]
    table.append([sum(column) for column in zip(*table, strict=True)])
    hidden = protect(table, 5, False, False)
    small = {(r, c) for r, line in enumerate(table) for c, n in enumerate(line) if 0 < n < 5}
    assert small <= hidden
    assert not solvable(table, hidden)


def test_means_and_medians() -> None:
    numbers = [Decimal(n) for n in range(1, 21)] + [None]
    table = means("Age", numbers, SEX)
    women, men, all_ = table.groups
    assert (women.count, women.mean, women.median) == (12, 6.5, 6.5)
    assert (men.mean, all_.mean, all_.count, table.missing) == (16.5, 10.5, 20, 1)
    small = means("Age", numbers, dimension("a", ["x"] * 2 + ["y"] * 10 + ["z"] * 9))
    assert [group.count for group in small.groups] == [None, 10, None, 20]
    assert small.groups[0].mean is None and small.hidden == 2
    assert means("Age", [None], None).groups[0].mean is None


def test_bands() -> None:
    numbers = [Decimal(n) for n in (0, 4, 17, 18, 99)] + [None, Decimal(-1)]
    made = bands("age", "Age", numbers, AGES)
    assert made.labels == ("0–4", "5–14", "15–17", "18–24", "25–34", "35–59", "60+")
    assert [value[0] if value else "" for value in made.values] == [
        "0", "0", "15", "18", "60", "", ""
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([1, 3], (1, 2, 3)), ([0, 70], tuple(range(0, 71, 10))), ([], (0,)), ([-7, 3], None)],
)
def test_round_bands_hold_everything(numbers: list[int], expected: tuple[int, ...]) -> None:
    bounds = nice_bounds([Decimal(n) for n in numbers])
    assert expected is None or bounds == expected
    assert len(bounds) <= 8
    assert not numbers or bounds[0] <= min(numbers)
