"""Which pairs of records are compared at all: those that share something in one of several
ways, so that no single mistake keeps two files apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from .likeness_sheet import NONE, Codes, Dates, Ints, Names, Numbers, Phrases, Sheet

CROWD = 120
"""A group that shares more than this many is not compared: what so many have in common
proves nothing, and the finer ways hold who shares more."""
_DATES = ("year", "day", "birth")
_NAMES = ("given", "family", "start", "begin")


def pairs(sheet: Sheet, changed: npt.NDArray[np.bool_] | None = None) -> tuple[Ints, Ints]:
    """Numbers of the records of each pair, the smaller first, every pair once. `changed`:
    only pairs with one of these."""
    found = [np.empty(0, dtype=np.int64)]
    for ways in sheet.looks.blocks:
        for owner, code in _coded(sheet, ways):
            together = _within(owner, code, sheet.n)
            if changed is not None:
                one, two = np.divmod(together, max(sheet.n, 1))
                together = together[changed[one] | changed[two]]
            found.append(together)
    one, two = np.divmod(_once(np.concatenate(found)), max(sheet.n, 1))
    return one, two


def _once(values: Ints) -> Ints:
    """Each value once, in order; several times as fast here as `numpy.unique`."""
    values = np.sort(values)
    return values[np.r_[True, values[1:] != values[:-1]]] if len(values) else values


def _coded(sheet: Sheet, ways: tuple[str, ...]) -> Iterator[tuple[Ints, Ints]]:
    """(record, number of what is shared) for each way to read the parts of a block."""
    names = next((c for c in sheet.columns.values() if isinstance(c, Names)), None)
    base = np.arange(sheet.n)
    if names is not None and set(ways) & set(_NAMES):
        base = names.owner
    codes = [np.zeros(len(base), dtype=np.int64)]
    if "given" in ways and "family" in ways and names is not None:
        given, family = _part(sheet, "given", base), _part(sheet, "family", base)
        low, high = np.minimum(given, family), np.maximum(given, family)
        size = int(high.max(initial=0)) + 1
        codes = [np.where(low >= 0, low * size + high, NONE)]
        ways = tuple(way for way in ways if way not in ("given", "family"))
    for way in ways:
        column = sheet.columns.get(way)
        if isinstance(column, Numbers):
            values = [each[base] for each in column.columns]
        else:
            values = [_part(sheet, way, base)]
        codes = [_joined(code, value) for code in codes for value in values]
    if len(codes) > 1:
        base, codes = np.tile(base, len(codes)), [np.concatenate(codes)]
    known = codes[0] >= 0
    yield base[known], codes[0][known]


def _joined(code: Ints, value: Ints) -> Ints:
    size = int(value.max(initial=0)) + 1
    if int(code.max(initial=0)) > 2**62 // size:
        code = np.unique(code, return_inverse=True)[1]
    both: Ints = np.where((code >= 0) & (value >= 0), code * size + value, NONE)
    return both


def _part(sheet: Sheet, way: str, base: Ints) -> Ints:
    names = next((c for c in sheet.columns.values() if isinstance(c, Names)), None)
    if way in _NAMES and names is not None:
        which = "family" if way in ("family", "start") else "given"
        held = names.phrases.columns[which]
        of = names.phrases.start if way in ("start", "begin") else names.phrases.head
        return _known(held, of)
    if way in _DATES:
        dates = next(c for c in sheet.columns.values() if isinstance(c, Dates))
        day = np.where(dates.day > 0, dates.month * 32 + dates.day, NONE)
        found = {"year": np.where(dates.year > 0, dates.year, NONE), "day": day}
        whole = np.where(day >= 0, dates.year * 512 + day, NONE)
        return found.get(way, whole)[base]
    column = sheet.columns[way]
    if isinstance(column, Phrases):
        return _known(column.columns[way], column.key.of)[base]
    assert isinstance(column, Codes)
    return column.of[base]


def _known(held: Ints, of: Ints) -> Ints:
    found: Ints = np.where(held >= 0, of[held], NONE) if len(of) else held
    return found


def _within(owner: Ints, code: Ints, n: int) -> Ints:
    """Pairs within each group that is no crowd, as one number each."""
    order = np.argsort(code, kind="stable")
    owner, code = owner[order], code[order]
    starts = np.flatnonzero(np.r_[True, code[1:] != code[:-1]]) if len(code) else code
    sizes = np.diff(np.r_[starts, len(code)])
    keep = np.repeat((sizes > 1) & (sizes <= CROWD), sizes)
    owner, code = owner[keep], code[keep]
    found = [np.empty(0, dtype=np.int64)]
    for step in range(1, len(code)):
        at = np.flatnonzero(code[step:] == code[:-step])
        if not len(at):
            break
        one, two = owner[at], owner[at + step]
        low, high = np.minimum(one, two), np.maximum(one, two)
        found.append((low * n + high)[low != high])
    return _once(np.concatenate(found))
