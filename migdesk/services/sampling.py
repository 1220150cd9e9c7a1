"""Draws without chance in them: a seed and a frame give the same sample everywhere, always.

No generator of the standard library is used, since none promises the same numbers for
ever. The place of a unit is the SHA-256 of ``seed / what for / unit``, read as a number: a
uniform random key for each unit (so sorting by it is a simple random permutation, as with
the permanent random numbers of Ohlsson 1995). A unit added to the frame later moves no
other.

Methods (Cochran, *Sampling Techniques*, 1977): simple without replacement (ch. 2), stratified
with proportional or equal allocation (ch. 5), systematic with a fractional interval and one
random start (ch. 8), in the order of the frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from migdesk.errors import Mistake
from migdesk.i18n import N_

Method = Literal["simple", "systematic", "stratified", "stratified_equal"]
BITS = 256


class TooFew(Mistake):
    """More units wanted than there are."""

    code = "SMP-001"
    text = N_("The frame has {held} units that are not drawn yet; {wanted} cannot be drawn.")


class NothingWanted(Mistake):
    """A draw of nothing."""

    code = "SMP-002"
    text = N_("Say how many units to draw: one at least.")


@dataclass(frozen=True)
class Framed:
    """A unit of the frame: its id and its stratum."""

    id: str
    stratum: str = ""


@dataclass(frozen=True)
class Pick:
    """A unit drawn. Ranks begin at 1 in each part of each stratum and say the order in
    which units are visited, and in which reserves are called."""

    id: str
    stratum: str
    rank: int
    reserve: bool = False


@dataclass(frozen=True)
class Sample:
    """What a draw gave. `sizes`: by stratum (units, drawn, reserves)."""

    picks: tuple[Pick, ...]
    sizes: Mapping[str, tuple[int, int, int]]
    digest: str

    @property
    def selected(self) -> tuple[Pick, ...]:
        return tuple(pick for pick in self.picks if not pick.reserve)

    @property
    def reserves(self) -> tuple[Pick, ...]:
        return tuple(pick for pick in self.picks if pick.reserve)


def number(seed: str, purpose: str, name: str = "") -> int:
    """A whole number from 0 to 2**256 - 1, always the same for these words."""
    return int.from_bytes(sha256(f"{seed}\n{purpose}\n{name}".encode()).digest(), "big")


def shuffled(ids: Iterable[str], seed: str, purpose: str = "order") -> list[str]:
    """The ids in the random order that the seed gives; their own order does not matter."""
    return sorted(ids, key=lambda id: (number(seed, purpose, id), id))


def simple(ids: Sequence[str], size: int, seed: str) -> list[str]:
    """`size` of the ids, each as likely, without replacement, in random order."""
    return shuffled(ids, seed)[:size]


def systematic(ids: Sequence[str], size: int, seed: str) -> list[str]:
    """Every (n ÷ size)-th id from one random start, in the order given.

    The interval is a fraction, kept in whole numbers: each id is as likely, and exactly
    `size` are drawn.
    """
    if not size:
        return []
    count = len(ids)
    # Pick k lies at (k + u) × count ÷ size for one u in [0, 1), here u = start ÷ 2**BITS.
    start = number(seed, "start")
    return [ids[((k << BITS) + start) * count // size >> BITS] for k in range(size)]


def proportional(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """Size for each stratum by its share, by largest remainder (Hamilton's method).

    Equal remainders go to the larger stratum, then by name. The sum is `size`; no stratum
    gives more than it has, as long as `size` is at most their sum.
    """
    total = sum(counts.values())
    if not total:
        return dict.fromkeys(counts, 0)
    sizes = {name: count * size // total for name, count in counts.items()}
    by_rest = sorted(
        counts, key=lambda name: (-(counts[name] * size % total), -counts[name], name)
    )
    for name in by_rest[: size - sum(sizes.values())]:
        sizes[name] += 1
    return sizes


def equal(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """The same size for each stratum; what a small one cannot give, the others share."""
    sizes = dict.fromkeys(counts, 0)
    left = size
    while left:
        open_ = sorted(name for name in counts if sizes[name] < counts[name])
        if not open_:
            break
        share = max(left // len(open_), 1)
        for name in open_:
            more = min(share, counts[name] - sizes[name], left)
            sizes[name] += more
            left -= more
    return sizes


def digest(ids: Iterable[str]) -> str:
    """A short mark of a frame: the same units, whatever their order, have the same mark."""
    return sha256("\n".join(sorted(ids)).encode()).hexdigest()[:16]


def draw(
    frame: Sequence[Framed], method: Method, size: int, seed: str, reserve: int = 0
) -> Sample:
    """A sample of `size` units and up to `reserve` units that may replace them.

    `frame` is in the order of the list, which a systematic draw follows. Reserves are drawn
    from what is left of each stratum, shared as the sample is. Raises NothingWanted,
    TooFew.
    """
    if size < 1:
        raise NothingWanted("size")
    if size + reserve > len(frame):
        raise TooFew("size", held=len(frame), wanted=size + reserve)
    stratified = method.startswith("stratified")
    strata: dict[str, list[str]] = {}
    for unit in frame:
        strata.setdefault(unit.stratum if stratified else "", []).append(unit.id)
    counts = {name: len(ids) for name, ids in strata.items()}
    share = equal if method == "stratified_equal" else proportional
    wanted = share(counts, size)
    left = {name: counts[name] - wanted[name] for name in counts}
    # Reserves are shared as the sample is, but no stratum can lend more than it has left.
    spare = _capped(share(counts, reserve), left)
    of = {unit.id: unit.stratum for unit in frame}
    picks: list[Pick] = []
    sizes: dict[str, tuple[int, int, int]] = {}
    for name in sorted(strata):
        ids = strata[name]
        take = systematic if method == "systematic" else simple
        own = f"{seed}\n{name}" if stratified else seed
        chosen = take(ids, wanted[name], own)
        rest = set(ids) - set(chosen)
        waiting = shuffled(rest, own, "reserve")[: spare[name]]
        picks += [Pick(id, of[id], n) for n, id in enumerate(chosen, 1)]
        picks += [Pick(id, of[id], n, reserve=True) for n, id in enumerate(waiting, 1)]
        sizes[name] = (len(ids), len(chosen), len(waiting))
    return Sample(tuple(picks), sizes, digest(of))


def _capped(wanted: Mapping[str, int], left: Mapping[str, int]) -> dict[str, int]:
    """As wanted where there is enough left; the rest comes from the fullest strata."""
    sizes = {name: min(wanted[name], left[name]) for name in wanted}
    missing = sum(wanted.values()) - sum(sizes.values())
    while missing:
        name = max(sizes, key=lambda each: (left[each] - sizes[each], each))
        sizes[name] += 1
        missing -= 1
    return sizes


def next_reserve(
    waiting: Iterable[tuple[str, str, int]], stratum: str, stratified: bool
) -> str | None:
    """Id of the reserve to call: the lowest rank, of the same stratum if the draw was
    stratified. `waiting` holds (id, stratum, rank) of the reserves not called yet."""
    fitting = [(rank, id) for id, of, rank in waiting if not stratified or of == stratum]
    return min(fitting)[1] if fitting else None
