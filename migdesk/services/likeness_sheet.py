"""Records as columns of numbers, so that millions of pairs are compared in seconds.

Loads numpy: import it inside the function that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from migdesk.models.search import split
from migdesk.models.spelling import PARTICLES, called, latin, sound

from .likeness import LEAST, Looks, Trait, Values

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
NONE = -1
PRIOR = 500.0
"""Records that the usual frequency of a value weighs as much as."""
KEPT = 5
"""Who carries a name with fewer others is not counted in a census, which outlives them."""
_SON = frozenset("ben bin ibn bent bint".split())
_HYPHEN = re.compile(r"(?<=\w)[-‐‑–](?=\w)")


@dataclass(frozen=True)
class Phrase:
    """A name or a few words: as written, as it sounds, as the person is called."""

    words: tuple[str, ...]
    key: str
    called: str
    head: str
    """As the person is called by the first word alone."""

    @property
    def joined(self) -> str:
        return "".join(self.words)


@lru_cache(maxsize=100_000)
def phrase(text: str) -> Phrase:
    """What two spellings of a name have in common: particles aside, Ben Ali as Benali."""
    words: list[str] = []
    son = ""
    for word in split(_HYPHEN.sub(" ", text)):
        if word in _SON:
            son = "ben"
        elif word not in PARTICLES:
            words.append(son + latin(word))
            son = ""
    words = words or [latin(word) for word in split(text)]
    keys = [sound(word) or word for word in words]
    usual = [min(called(key)) for key in keys]
    head = usual[0] if usual else ""
    return Phrase(tuple(words), " ".join(sorted(keys)), " ".join(sorted(usual)), head)


@dataclass(frozen=True)
class Census:
    """How often values are met in a register of `total` records: by column and key."""

    total: int = 0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Codes:
    """Values of one column by number; equal values have one."""

    def __init__(self, values: Iterable[str]) -> None:
        held: dict[str, int] = {"": NONE}
        add = held.setdefault
        self.of: Ints = np.array([add(v, len(held) - 1) for v in values], dtype=np.int64)
        del held[""]
        self.values = list(held)

    def shared(self, name: str, usual: float, rare: float, census: Census | None) -> Floats:
        """Frequency of each value."""
        return _shares(name, self.values, self.of, usual, rare, census)


def _shares(
    name: str,
    values: Sequence[str],
    codes: Ints,
    usual: float,
    rare: float,
    census: Census | None,
) -> Floats:
    if census is None:
        counts = np.bincount(codes[codes >= 0], minlength=len(values)).astype(np.float64)
        total = int((codes >= 0).sum())
    else:
        known = census.counts.get(name, {})
        counts = np.fromiter((known.get(v, 2) for v in values), np.float64, len(values))
        total = census.total
    # Without the two that are compared: what only they have is not known to be frequent.
    others = np.maximum(counts - 2, 0)
    found: Floats = np.maximum((others + PRIOR * usual) / (total + PRIOR), rare)
    return found


class Phrases:
    """Phrases by number, with the frequency of each as written, sounded, called."""

    def __init__(self, columns: Mapping[str, Sequence[str]], census: Census | None) -> None:
        lengths = [len(texts) for texts in columns.values()]
        raw = Codes(text for texts in columns.values() for text in texts)
        self.told = [phrase(text) for text in raw.values]
        written = Codes(" ".join(each.words) for each in self.told)
        # Two texts that fold alike are one value from here on.
        first = np.zeros(max(len(written.values), 1), dtype=np.int64)
        first[written.of[::-1]] = np.arange(len(self.told))[::-1]
        codes = np.where(raw.of >= 0, first[written.of[raw.of]] if self.told else NONE, NONE)
        self.columns = dict(zip(columns, np.split(codes, np.cumsum(lengths)[:-1]), strict=True))
        self.key = Codes(each.key for each in self.told)
        self.called = Codes(each.called for each in self.told)
        self.census = census
        self.texts = [each.joined for each in self.told]
        self.lines = [" ".join(each.words) for each in self.told]
        self.head = Codes(each.head for each in self.told).of
        self.start = Codes(each.joined[:2] for each in self.told).of
        self.length: Ints = np.fromiter(map(len, self.texts), np.int64, len(self.texts))
        self.parts: Ints = np.fromiter((len(p.words) for p in self.told), np.int64)

    def __len__(self) -> int:
        return len(self.told)

    def frequencies(self, column: str, usual: float, rare: float) -> tuple[Floats, ...]:
        """Of each phrase among those of a column: as written, sounded, called."""
        held = self.columns[column]
        held = held[held >= 0]
        found = []
        for name, among in ((column, self.key), (f"{column}*", self.called)):
            of = among.of[held] if len(held) else held
            shares = _shares(name, among.values, of, usual, rare, self.census)
            found.append(shares[among.of] if len(among.of) else shares)
        if self.census is not None:  # which counts sounds only
            return found[0], *found
        return _shares(column, self.texts, held, usual, rare, None), *found


@dataclass(frozen=True)
class Names:
    """Names of people: each record is known by one pair of names or several."""

    owner: Ints
    first: Ints
    many: Ints
    phrases: Phrases


@dataclass(frozen=True)
class Dates:
    """Parts of dates, 0 for unknown."""

    year: Ints
    month: Ints
    day: Ints
    codes: Codes


@dataclass(frozen=True)
class Numbers:
    """One column or several of digits; a number is one value in whichever it stands."""

    columns: tuple[Ints, ...]
    codes: Codes


@dataclass(frozen=True)
class Families:
    """Households of a record, and how those sound who are in them beside it."""

    homes: list[frozenset[str]]
    beside: list[frozenset[str]]


Column = Names | Dates | Numbers | Families | Phrases | Codes


class Sheet:
    """Records of one kind, encoded. `census`: how frequent values are; None: as here."""

    def __init__(
        self, looks: Looks, rows: Sequence[Values], census: Census | None = None
    ) -> None:
        self.looks, self.census, self.n = looks, census, len(rows)
        self.size = max(census.total if census else self.n, LEAST)
        self.columns: dict[str, Column] = {
            each.name: _encoded(each, rows, census) for each in looks.traits
        }

    def counted(self) -> Census:
        """How often values are met here; rare ones are left out."""
        counts: dict[str, dict[str, int]] = {}
        for trait in self.looks.traits:
            column = self.columns[trait.name]
            if isinstance(column, Names):
                for name, held in column.phrases.columns.items():
                    counts[name] = _count(column.phrases.key, held)
                    counts[f"{name}*"] = _count(column.phrases.called, held)
            elif isinstance(column, Phrases):
                counts[trait.name] = _count(column.key, column.columns[trait.name])
            elif isinstance(column, Dates):
                years = Codes(str(y) if y else "" for y in column.year.tolist())
                counts["year"] = _count(years, np.arange(len(years.of)))
            elif isinstance(column, Codes):
                counts[trait.name] = _count(column, np.arange(len(column.of)))
        return Census(self.n, counts)


def _count(among: Codes, held: Ints) -> dict[str, int]:
    held = held[held >= 0]
    codes = among.of[held] if len(held) else held
    found = np.bincount(codes[codes >= 0], minlength=len(among.values)).tolist()
    return {v: n for v, n in zip(among.values, found, strict=True) if n >= KEPT}


def _encoded(trait: Trait, rows: Sequence[Values], census: Census | None) -> Column:
    if trait.by == "names":
        return _names(trait, rows, census)
    [name, *more] = trait.fields
    if trait.by == "date":
        return _dates([str(row.get(name) or "") for row in rows])
    if trait.by == "number":
        found = Codes(_digits(row.get(each)) for each in trait.fields for row in rows)
        return Numbers(tuple(np.split(found.of, len(trait.fields))), found)
    if trait.by == "family":
        pairs = [row.get(name) or ((), ()) for row in rows]
        return Families([frozenset(h) for h, _b in pairs], [frozenset(b) for _h, b in pairs])
    texts = [row.get(name) or "" for row in rows]
    if more:
        texts = [" ".join(str(row.get(n) or "") for n in trait.fields).strip() for row in rows]
    return Phrases({trait.name: texts}, census) if trait.by == "phrase" else Codes(texts)


def _digits(value: Any) -> str:
    """The national part of a number: how the country was written does not matter."""
    return re.sub(r"\D", "", str(value or ""))[-9:]


_ISO = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def _dates(texts: Sequence[str]) -> Dates:
    parts = {text: _parts(text) for text in set(texts)}
    held = np.array([parts[text] for text in texts], dtype=np.int64).reshape(-1, 3)
    codes = Codes(text[:10] if parts[text][2] else "" for text in texts)
    return Dates(held[:, 0], held[:, 1], held[:, 2], codes)


def _parts(text: str) -> tuple[int, int, int]:
    found = _ISO.match(text)
    if found is None:
        return 0, 0, 0
    year, month, day = (int(part or 0) for part in found.groups())
    return year, month, day


def _names(trait: Trait, rows: Sequence[Values], census: Census | None) -> Names:
    given, family, owner, many = [], [], [], []
    for number, row in enumerate(rows):
        ways = variants(trait, row)
        many.append(len(ways))
        for one, two in ways:
            given.append(one)
            family.append(two)
            owner.append(number)
    phrases = Phrases({"given": given, "family": family}, census)
    count = np.array(many, dtype=np.int64)
    return Names(np.array(owner, dtype=np.int64), np.cumsum(count) - count, count, phrases)


def variants(trait: Trait, row: Values) -> list[tuple[str, str]]:
    """(given, family) names that a record is known by; the first is what it is called. A
    whole name in one field is two names, an alias takes the place of what it stands for."""
    given_in, family_in, *others = trait.fields
    given, family = str(row.get(given_in) or ""), str(row.get(family_in) or "")
    if not (given and family):
        head, _gap, tail = (given or family).strip().rpartition(" ")
        if head:
            given, family = head, tail
    found = [(given, family)] if given or family else []
    for name in others:
        for alias in row.get(name) or ():
            if isinstance(alias, (tuple, list)):
                found.append((str(alias[0] or ""), str(alias[1] or "")))
                continue
            head, _gap, tail = str(alias).strip().rpartition(" ")
            found.append((head, tail) if head else (tail, family))
    return list(dict.fromkeys(found)) or [("", "")]
