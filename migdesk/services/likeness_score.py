"""How probable it is that two records are one, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import likeness_levels as levels
from .likeness import DATE, FAMILY, GIVEN, SWAPPED, YEAR, Table, Trait
from .likeness_levels import Levels
from .likeness_sheet import (
    Codes,
    Dates,
    Families,
    Floats,
    Ints,
    Names,
    Numbers,
    Phrases,
    Sheet,
)

PART = 500_000
"""Pairs that are compared at once: what bounds the memory."""


@dataclass
class Bits:
    """Evidence for the same, in bits: against strangers, and against kin."""

    strangers: Floats
    kin: Floats

    @classmethod
    def none(cls, n: int) -> Bits:
        return cls(np.zeros(n), np.zeros(n))

    def add(self, other: Bits) -> None:
        self.strangers += other.strangers
        self.kin += other.kin


@dataclass(frozen=True)
class Told:
    """Levels of one trait, by which table they are read."""

    order: tuple[str, ...]
    table: Table
    found: Levels


def probabilities(sheet: Sheet, one: Ints, two: Ints) -> Floats:
    """Of each pair, that it is the same."""
    parts = [
        _probable(sheet, one[at : at + PART], two[at : at + PART])
        for at in range(0, len(one), PART)
    ]
    return np.concatenate(parts) if parts else np.empty(0)


def reasons(sheet: Sheet, one: Ints, two: Ints) -> list[tuple[str, ...]]:
    """Why each pair may be the same: codes, the traits in their order."""
    found: list[list[str]] = [[] for _pair in one]
    for trait in sheet.looks.traits:
        _bits, told = _compared(sheet, trait, one, two)
        for each in told:
            whys = [getattr(each.table.get(level), "why", "") for level in each.order]
            for n, level in enumerate(each.found.tolist()):
                if level >= 0 and whys[level] and whys[level] not in found[n]:
                    found[n].append(whys[level])
    return [tuple(each) for each in found]


def _probable(sheet: Sheet, one: Ints, two: Ints) -> Floats:
    total = Bits.none(len(one))
    for trait in sheet.looks.traits:
        total.add(_compared(sheet, trait, one, two)[0])
    looks = sheet.looks
    strangers = total.strangers - np.log2(sheet.size / looks.again)
    kin = total.kin - np.log2(looks.kin / looks.again)
    with np.errstate(over="ignore"):
        found: Floats = 1 / (1 + np.exp2(-strangers) + np.exp2(-kin))
    return found


def _compared(sheet: Sheet, trait: Trait, one: Ints, two: Ints) -> tuple[Bits, list[Told]]:
    column = sheet.columns[trait.name]
    if isinstance(column, Names):
        return _names(column, trait, one, two)
    if isinstance(column, Dates):
        return _dates(sheet, column, trait, one, two)
    order = levels.order_of(trait)
    frequency: Floats | None = None
    if isinstance(column, Phrases):
        codes = column.columns[trait.name]
        found = levels.of_phrases(column, codes[one], codes[two])
        if len(column):
            ways = column.frequencies(trait.name, trait.usual, trait.rare)
            frequency = _frequency(found, ways, codes[one], codes[two])
    elif isinstance(column, Numbers):
        found, value = levels.of_numbers(column, one, two)
        if column.codes.values:
            shares = column.codes.shared(trait.name, trait.usual, trait.rare, sheet.census)
            frequency = shares[value]
    elif isinstance(column, Families):
        found = levels.of_families(column, one, two)
    else:
        found = levels.of_codes(column, one, two)
        frequency = _shared(sheet, trait, column, one)
    return _bits(order, trait.shares, found, frequency), [Told(order, trait.shares, found)]


def _shared(sheet: Sheet, trait: Trait, codes: Codes, one: Ints) -> Floats | None:
    if not codes.values:
        return None
    shares = codes.shared(trait.name, trait.usual, trait.rare, sheet.census)
    return shares[codes.of[one]]


def _bits(
    order: tuple[str, ...], table: Table, found: Levels, frequency: Floats | None
) -> Bits:
    """Evidence of each pair. A level that the table does not name is `differ`."""
    shares = [table.get(level, table["differ"]) for level in order]
    same = np.array([each.same for each in shares])
    kin = np.array([each.kin for each in shares])
    other = np.array([np.nan if each.other is None else each.other for each in shares])
    at = np.maximum(found, 0)
    strangers = other[at]
    if frequency is not None:
        strangers = np.where(np.isnan(strangers), frequency, strangers)
    bits = np.log2(same[at] / strangers)
    known = found >= 0
    return Bits(np.where(known, bits, 0.0), np.where(known, np.log2(same / kin)[at], 0.0))


def _frequency(found: Levels, ways: tuple[Floats, ...], one: Ints, two: Ints) -> Floats:
    """How often strangers agree as these do: the more frequent of two values that differ
    is what the other was meant to be."""
    written, sounded, called = ways
    exact = written[one]
    heard = np.maximum(sounded[one], sounded[two])
    known_as = np.maximum(called[one], called[two])
    frequency: Floats = np.where(
        found == levels.PHRASE.index("exact"),
        exact,
        np.where(found == levels.PHRASE.index("called"), known_as, heard),
    )
    return frequency


def _dates(
    sheet: Sheet, dates: Dates, trait: Trait, one: Ints, two: Ints
) -> tuple[Bits, list[Told]]:
    day, year = levels.of_dates(dates, one, two)
    frequency = np.full(len(one), trait.rare)
    if dates.codes.values and sheet.census is None:
        shares = dates.codes.shared(trait.name, trait.rare, trait.rare, None)
        frequency = shares[dates.codes.of[one]]
    whole = trait.shares or DATE
    bits = _bits(levels.DATE, whole, day, frequency)
    usual = np.full(len(one), trait.usual)
    bits.add(_bits(levels.YEAR, YEAR, year, usual))
    return bits, [Told(levels.DATE, whole, day), Told(levels.YEAR, YEAR, year)]


# names ----------------------------------------------------------------------------


def _names(names: Names, trait: Trait, one: Ints, two: Ints) -> tuple[Bits, list[Told]]:
    """The best of all ways in which the two are known, straight or swapped."""
    index, left, right = _ways(names, one, two)
    phrases = names.phrases
    if not len(phrases):
        return Bits.none(len(one)), []
    given, family = phrases.columns["given"], phrases.columns["family"]
    g_ways = phrases.frequencies("given", trait.usual, trait.rare)
    f_ways = phrases.frequencies("family", trait.usual, trait.rare)

    def compared(
        a: Ints, b: Ints, table: Table, ways: tuple[Floats, ...]
    ) -> tuple[Bits, Levels]:
        found = levels.of_phrases(phrases, a, b)
        return _bits(levels.PHRASE, table, found, _frequency(found, ways, a, b)), found

    straight, g = compared(given[left], given[right], GIVEN, g_ways)
    more, f = compared(family[left], family[right], FAMILY, f_ways)
    straight.add(more)
    # Names change places: only looked at where they do not agree as they stand.
    odd = np.flatnonzero(straight.strangers < 4)
    a, b = left[odd], right[odd]
    crossed, cg = compared(given[a], family[b], GIVEN, g_ways)
    more, cf = compared(family[a], given[b], FAMILY, f_ways)
    crossed.add(more)
    swapped = np.log2(SWAPPED)
    better = crossed.strangers + swapped > straight.strangers[odd]
    at = odd[better]
    straight.strangers[at] = crossed.strangers[better] + swapped
    straight.kin[at] = crossed.kin[better]  # which are swapped as easily
    g[at], f[at] = cg[better], cf[better]
    best = _best(index, straight.strangers, len(one))
    bits = Bits(straight.strangers[best], straight.kin[best])
    return bits, [
        Told(levels.PHRASE, GIVEN, g[best]),
        Told(levels.PHRASE, FAMILY, f[best]),
    ]


def _ways(names: Names, one: Ints, two: Ints) -> tuple[Ints, Ints, Ints]:
    """Every name of the one with every name of the other: number of the pair, names."""
    counts = names.many[one] * names.many[two]
    index = np.repeat(np.arange(len(one)), counts)
    begin = np.cumsum(counts) - counts
    step = np.arange(len(index)) - begin[index]
    width = names.many[two][index]
    left, right = names.first[one][index], names.first[two][index]
    return index, left + step // width, right + step % width


def _best(index: Ints, bits: Floats, n: int) -> Ints:
    """Place of the best of each pair."""
    if len(index) == n:
        return index
    order = np.lexsort((bits, index))
    last: Ints = order[np.flatnonzero(np.r_[np.diff(index[order]) > 0, True])]
    return last


def likely(
    sheet: Sheet, one: Ints, two: Ints, least: float
) -> Iterator[tuple[int, int, float, tuple[str, ...]]]:
    """(record, record, probability, why) of the pairs that are probable enough."""
    found = probabilities(sheet, one, two)
    at: npt.NDArray[np.int64] = np.flatnonzero(found >= least)
    whys = reasons(sheet, one[at], two[at])
    rows = zip(one[at].tolist(), two[at].tolist(), found[at].tolist(), whys, strict=True)
    yield from rows
