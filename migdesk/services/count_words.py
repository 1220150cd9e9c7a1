"""A table of counts in words and figures, the same on screen, on paper and in a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from babel.numbers import format_decimal

from migdesk.forms.stats import Count, Cross, Means, Percent
from migdesk.i18n import _, language, ngettext

HIDDEN = "•"
"""Stands for a hidden cell."""
Value = str | int | float | None


@dataclass(frozen=True)
class Laid:
    """`heads`, `rows` and `total` are ready to read; `raw` are the same rows for a
    spreadsheet, `shares` their percentages if asked for. Of the chart: a bar for each of
    `categories` and `series`, `bars[series][category]`, None where hidden; `axis` says what
    the bars measure, `legend` what the series are."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]
    notes: tuple[str, ...]
    raw: tuple[tuple[Value, ...], ...]
    shares: tuple[tuple[Value, ...], ...]
    categories: tuple[str, ...]
    series: tuple[str, ...]
    bars: tuple[tuple[float | None, ...], ...]
    unit: str = ""
    axis: str = ""
    legend: str = ""

    @property
    def caption(self) -> str:
        """What the bars of the chart are."""
        if not self.legend or len(self.series) < 2:
            return self.axis
        return _("{measure}. Colours: {groups}").format(measure=self.axis, groups=self.legend)


def figure(number: float, digits: int = 1) -> str:
    """A number in the language in force, with at most `digits` decimals."""
    shown = round(number, digits)
    return format_decimal(shown, locale=language(), decimal_quantization=False)


def count_text(count: Count) -> str:
    """A count, or the sign of a hidden one."""
    return HIDDEN if count is None else figure(count)


def percent_text(share: float | None) -> str:
    """A percentage with one decimal."""
    if share is None:
        return ""
    number = format_decimal(share, "0.0", locale=language())
    return _("{number} %").format(number=number)


def lay(made: Cross | Means, percent: Percent = "none") -> Laid:
    """Words and figures of a table, in the language in force."""
    return _means(made) if isinstance(made, Means) else _cross(made, percent)


def _cross(made: Cross, percent: Percent) -> Laid:
    columns = (*range(len(made.columns)), -1)
    heads = (made.row_label, *made.columns, _("Total"))
    lines = [(name, place) for place, name in enumerate(made.rows)]
    cells = [
        (name, *(_cell(made, row, column, percent) for column in columns))
        for name, row in lines
    ]
    total = (_("Total"), *(_cell(made, -1, column, percent) for column in columns))
    every = [*lines, (_("Total"), -1)]
    raw = tuple((name, *(_raw(made.count(row, c)) for c in columns)) for name, row in every)
    shares: tuple[tuple[Value, ...], ...] = ()
    if percent != "none":
        shares = tuple(
            (name, *(_share(made, row, column, percent) for column in columns))
            for name, row in every
        )
    inner = columns[:-1] or (-1,)
    bars = [tuple(_bar(made, row, column, percent) for _name, row in lines) for column in inner]
    # A group that nobody is in would only spread the others; the table still has it.
    drawn = [n for n, bar in enumerate(bars) if any(v != 0 for v in bar)] or range(len(bars))
    return Laid(
        title=_title(made.row_label, made.column_label),
        heads=heads,
        rows=tuple(cells),
        total=total,
        notes=tuple(_notes(made)),
        raw=raw,
        shares=shares,
        categories=made.rows,
        series=tuple(made.columns[n] for n in drawn) if made.columns else (),
        bars=tuple(bars[n] for n in drawn),
        unit="%" if percent != "none" else "",
        axis=_axis(percent),
        legend=made.column_label,
    )


def _bar(made: Cross, row: int, column: int, percent: Percent) -> float | None:
    """Length of a bar: none where hidden, nothing where there is nobody to take a share of."""
    count = made.count(row, column)
    share = None if percent == "none" else made.share(row, column, percent)
    return count if percent == "none" or not count else share


def _axis(percent: Percent) -> str:
    return {
        "none": _("Numbers of answers"),
        "row": _("Percentages of the row"),
        "column": _("Percentages of the column"),
        "total": _("Percentages of the total"),
    }[percent]


def _title(rows: str, columns: str) -> str:
    if not columns:
        return rows
    return _("{rows} by {columns}").format(rows=rows, columns=columns)


def _cell(made: Cross, row: int, column: int, percent: Percent) -> str:
    said = count_text(made.count(row, column))
    share = made.share(row, column, percent)
    if share is None:
        return said
    return f"{said}\u00a0\u00a0({percent_text(share)})".replace(" ", "\u00a0")


def _raw(count: Count) -> Value:
    return HIDDEN if count is None else count


def _share(made: Cross, row: int, column: int, percent: Percent) -> Value:
    share = made.share(row, column, percent)
    if share is None:
        return HIDDEN if made.count(row, column) is None else None
    return round(share, 2)


def _means(made: Means) -> Laid:
    heads = (made.row_label, _("Number"), _("Mean"), _("Median"))
    everyone = made.groups[-1]
    named = [*made.groups[:-1]]
    rows = [
        (g.label, count_text(g.count), _mean(g.count, g.mean), _mean(g.count, g.median))
        for g in named
    ]
    total = (
        _("Total"),
        count_text(everyone.count),
        _mean(everyone.count, everyone.mean),
        _mean(everyone.count, everyone.median),
    )
    shown = [*named, everyone]
    return Laid(
        title=_title(made.column_label, made.row_label),
        heads=heads,
        rows=tuple(rows),
        total=total,
        notes=tuple(_notes(made)),
        raw=tuple((g.label or _("Total"), _raw(g.count), g.mean, g.median) for g in shown),
        shares=(),
        categories=tuple(g.label for g in named) or (_("Total"),),
        series=(_("Mean"),),
        bars=(tuple(g.mean for g in named) or (everyone.mean,),),
        axis=_("Mean of {name}").format(name=made.column_label),
    )


def _mean(count: Count, number: float | None) -> str:
    if count is None:
        return HIDDEN
    return "" if number is None else figure(number, 2)


def _notes(made: Cross | Means) -> Iterator[str]:
    if made.missing:
        words = ngettext(
            "{n} row without an answer is left out.",
            "{n} rows without an answer are left out.",
            made.missing,
        )
        yield words.format(n=figure(made.missing))
    if isinstance(made, Cross) and made.many:
        yield _("Several answers were possible: the total counts people, not answers.")
    if made.threshold > 1:
        yield _(
            "{sign} stands for fewer than {n}, or for a cell that would give such a one away "
            "by subtraction from the totals."
        ).format(sign=HIDDEN, n=made.threshold)
        # Each table is protected by itself: the difference of two is not.
        yield _(
            "Do not publish this table together with one of other filters (period, place, "
            "campaign …): subtracting one from the other may give a hidden number away."
        )
