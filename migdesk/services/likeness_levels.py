"""Levels of likeness, for many pairs of values at once; and the frequency of what agreed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.process import cpdist

from .likeness import Trait
from .likeness_sheet import Codes, Dates, Families, Ints, Numbers, Phrases

Levels = npt.NDArray[np.int8]
UNKNOWN = -1
PHRASE = ("differ", "hint", "part", "near", "called", "sound", "exact")
DATE = ("differ", "part", "typo", "swapped", "exact")
YEAR = ("differ", "around", "near", "exact")
NUMBER = ("differ", "near", "exact")
CODE = ("differ", "exact")
FAMILY = ("beside", "differ", "shared")
ORDER = {"phrase": PHRASE, "number": NUMBER, "code": CODE, "family": FAMILY}


def distinct(
    one: Ints, two: Ints, size: int, compare: Callable[[Ints, Ints], Levels]
) -> Levels:
    """Compare each pair of values once, however many records have them."""
    low, high = np.minimum(one, two), np.maximum(one, two)
    known = low >= 0
    found = np.full(len(one), UNKNOWN, dtype=np.int8)
    pairs, back = np.unique(low[known] * max(size, 1) + high[known], return_inverse=True)
    if len(pairs):
        found[known] = compare(*np.divmod(pairs, max(size, 1)))[back]
    return found


def of_phrases(phrases: Phrases, one: Ints, two: Ints) -> Levels:
    """Levels of PHRASE."""
    return distinct(one, two, len(phrases), partial(_phrases, phrases))


def _phrases(phrases: Phrases, one: Ints, two: Ints) -> Levels:
    found = np.zeros(len(one), dtype=np.int8)
    found[phrases.called.of[one] == phrases.called.of[two]] = PHRASE.index("called")
    found[phrases.key.of[one] == phrases.key.of[two]] = PHRASE.index("sound")
    found[one == two] = PHRASE.index("exact")
    rest = np.flatnonzero(found == 0)
    a, b = one[rest], two[rest]
    left, right = _take(phrases.texts, a), _take(phrases.texts, b)
    length = np.minimum(phrases.length[a], phrases.length[b])
    edits = _measure(left, right, OSA.distance, np.uint8, 3)
    alike = _measure(left, right, JaroWinkler.similarity, np.float32, 0.8)
    level = np.where((alike >= 0.88) | ((edits <= 3) & (length >= 8)), 1, 0)
    level[_part_of(phrases, a, b)] = PHRASE.index("part")
    near = ((edits <= 1) & (length >= 4)) | ((edits <= 2) & (length >= 7))
    level[near | (alike >= 0.94)] = PHRASE.index("near")
    found[rest] = level
    return found


def _part_of(phrases: Phrases, a: Ints, b: Ints) -> Ints:
    """Where the words of one are among those of the other, or one begins the other."""
    many = np.flatnonzero((phrases.parts[a] > 1) | (phrases.parts[b] > 1))
    left, right = _take(phrases.lines, a[many]), _take(phrases.lines, b[many])
    among = many[_measure(left, right, token_set_ratio, np.float32, 99) >= 99]
    begun = np.flatnonzero(phrases.start[a] == phrases.start[b])
    texts = phrases.texts
    starts = [_begins(texts[a[n]], texts[b[n]]) for n in begun]
    return np.concatenate([among, begun[np.array(starts, dtype=bool)]])


def _begins(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    return (len(short) >= 3 or len(short) == 1) and long.startswith(short)


def _take(texts: Sequence[str], at: Ints) -> list[str]:
    return [texts[n] for n in at.tolist()]


def _measure(
    left: list[str], right: list[str], by: Any, dtype: Any, cutoff: float
) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = cpdist(left, right, scorer=by, dtype=dtype, score_cutoff=cutoff)
    return found


def of_numbers(numbers: Numbers, one: Ints, two: Ints) -> tuple[Levels, Ints]:
    """Levels of NUMBER, the best of each column with each, and the number that agreed."""
    best = np.full(len(one), UNKNOWN, dtype=np.int8)
    value = np.full(len(one), 0, dtype=np.int64)
    for first in numbers.columns:
        for second in numbers.columns:
            a, b = first[one], second[two]
            if not ((a >= 0) & (b >= 0)).any():
                continue
            found = distinct(a, b, len(numbers.codes.values), partial(_numbers, numbers))
            better = found > best
            best, value = np.where(better, found, best), np.where(better, a, value)
    return best, value


def _numbers(numbers: Numbers, a: Ints, b: Ints) -> Levels:
    values = numbers.codes.values
    left, right = _take(values, a), _take(values, b)
    edits = _measure(left, right, OSA.distance, np.uint8, 1)
    long = np.array([len(text) >= 4 for text in left], dtype=bool)
    return np.where(a == b, 2, np.where((edits <= 1) & long, 1, 0)).astype(np.int8)


def of_codes(codes: Codes, one: Ints, two: Ints) -> Levels:
    """Levels of CODE."""
    a, b = codes.of[one], codes.of[two]
    return np.where((a < 0) | (b < 0), UNKNOWN, a == b).astype(np.int8)


def of_families(families: Families, one: Ints, two: Ints) -> Levels:
    """Levels of FAMILY."""
    found = np.full(len(one), UNKNOWN, dtype=np.int8)
    homes, beside = families.homes, families.beside
    some = np.fromiter(map(bool, homes), bool, len(homes))
    for n in np.flatnonzero(some[one] & some[two]).tolist():
        a, b = int(one[n]), int(two[n])
        if homes[a] & homes[b]:
            found[n] = 0
        elif beside[a] and beside[b]:
            found[n] = 2 if beside[a] & beside[b] else 1
    return found


def of_dates(dates: Dates, one: Ints, two: Ints) -> tuple[Levels, Levels]:
    """Levels of DATE where both days are known, and of YEAR where one is not."""
    y1, y2 = dates.year[one], dates.year[two]
    m1, m2 = dates.month[one], dates.month[two]
    d1, d2 = dates.day[one], dates.day[two]
    whole = (d1 > 0) & (d2 > 0)
    same = (y1 == y2, m1 == m2, d1 == d2)
    agreed = same[0].astype(np.int8) + same[1] + same[2]
    day = np.where(agreed == 2, DATE.index("part"), 0)
    near = np.flatnonzero(whole & (agreed == 2))
    wrong = _typo(*(part[near] for part in (y1, m1, d1, y2, m2, d2)))
    day[near[wrong]] = DATE.index("typo")
    day[same[0] & (m1 == d2) & (d1 == m2)] = DATE.index("swapped")
    day[agreed == 3] = DATE.index("exact")
    apart = np.abs(y1 - y2)
    year = np.select([apart == 0, apart <= 2, apart <= 5], [3, 2, 1], 0)
    # A first of January is what an office writes who was told a year.
    vague = whole & (((m1 == 1) & (d1 == 1)) ^ ((m2 == 1) & (d2 == 1))) & same[0]
    whole &= ~vague
    known = (y1 > 0) & (y2 > 0) & ~whole
    return (
        np.where(whole, day, UNKNOWN).astype(np.int8),
        np.where(known, year, UNKNOWN).astype(np.int8),
    )


def _typo(y1: Ints, m1: Ints, d1: Ints, y2: Ints, m2: Ints, d2: Ints) -> npt.NDArray[np.bool_]:
    """One digit of eight is wrong, or two neighbours stand in each other's place."""
    one, two = (y1 * 100 + m1) * 100 + d1, (y2 * 100 + m2) * 100 + d2
    tens = 10 ** np.arange(8, dtype=np.int64)
    a, b = one[:, None] // tens % 10, two[:, None] // tens % 10
    wrong = a != b
    count = wrong.sum(axis=1)
    crossed = (a[:, 1:] == b[:, :-1]) & (a[:, :-1] == b[:, 1:])
    neighbours = (wrong[:, 1:] & wrong[:, :-1] & crossed).any(axis=1)
    found: npt.NDArray[np.bool_] = (count == 1) | ((count == 2) & neighbours)
    return found


def order_of(trait: Trait) -> tuple[str, ...]:
    """Levels of a trait, from those that tell apart to those that agree."""
    return ORDER[trait.by]
