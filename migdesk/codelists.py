"""Code lists: closed vocabularies with labels in several languages.

A list is read from its CSV when first asked for. What the office adds lies over the
shipped items, in memory; the store hands it over when it opens.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from babel import Locale

from migdesk import i18n
from migdesk.paths import resource

Labels = Mapping[str, str]

# Codes that Unicode lists beside countries: unions, pseudo regions, and islands that
# ISO 3166-1 counts with another country.
_NOT_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)


@dataclass(frozen=True)
class Item:
    """One code of a list. `order` is its place, from 0; `extra` holds the other
    columns of its row, as text."""

    code: str
    labels: Labels
    order: int
    extra: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str | None = None) -> str:
        """Words for a person, in `language` or the one in force."""
        return _pick(self.labels, language) or self.code


@dataclass(frozen=True)
class CodeList:
    """A vocabulary in its order. `closed`: offer no new items; `ordered`: the order
    means something, so screens keep it rather than sort by label."""

    key: str
    labels: Labels
    items: tuple[Item, ...]
    closed: bool = False
    ordered: bool = False
    _by_code: Mapping[str, Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {item.code: item for item in self.items})

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def item(self, code: str) -> Item | None:
        """The item with this code, if the list has it."""
        return self._by_code.get(code)

    def label(self, language: str | None = None) -> str:
        """Name of the list itself."""
        return _pick(self.labels, language) or self.key

    def label_of(self, code: str, language: str | None = None) -> str:
        """Label of one code; a code we do not know (another office's) shows itself."""
        item = self._by_code.get(code)
        return item.label(language) if item else code

    def find(self, text: str, language: str | None = None) -> list[Item]:
        """Items whose code or label contains `text`, whatever its case and accents;
        those that begin with it first. All items for an empty text."""
        wanted = _fold(text)
        ranked = []
        for item in self.items:
            places = [_fold(item.label(language)).find(wanted), _fold(item.code).find(wanted)]
            hits = [place for place in places if place >= 0]
            if hits:
                ranked.append((min(hits) > 0, item))
        return [item for _later, item in sorted(ranked, key=lambda pair: pair[0])]


_added: dict[str, dict[str, Labels]] = {}


def keys() -> list[str]:
    """Keys of all shipped lists, sorted."""
    return sorted(_index())


@cache
def get(key: str) -> CodeList:
    """The list with the office's items added; KeyError if we ship no such list.
    ``"one+two"`` is the items of several lists after each other."""
    if "+" in key:
        return _joined(key, [get(part) for part in key.split("+")])
    about = _index()[key]
    items = {item.code: item for item in _shipped(key)}
    for code, labels in _added.get(key, {}).items():
        base = items.get(code, Item(code, {}, len(items)))
        items[code] = Item(code, {**base.labels, **labels}, base.order, base.extra)
    return CodeList(
        key,
        _labels(about),
        tuple(items.values()),
        closed=about["closed"] == "yes",
        ordered=about["ordered"] == "yes",
    )


def _joined(key: str, parts: list[CodeList]) -> CodeList:
    """Several lists as one, under the name of the first; each code once."""
    items = {item.code: item for part in reversed(parts) for item in reversed(part.items)}
    found = (Item(i.code, i.labels, n, i.extra) for n, i in enumerate(reversed(items.values())))
    closed = all(part.closed for part in parts)
    return CodeList(key, parts[0].labels, tuple(found), closed, ordered=True)


def label(key: str, code: str, language: str | None = None) -> str:
    """Label of `code` in the list `key`."""
    return get(key).label_of(code, language)


def extend(key: str, code: str, labels: Labels) -> None:
    """Add an item of the office to a list, or give a shipped one other labels.
    KeyError if we ship no such list."""
    if key not in _index():
        raise KeyError(key)
    _added[key] = {**_added.get(key, {}), code: MappingProxyType(dict(labels))}
    get.cache_clear()


def forget() -> None:
    """Drop all that was added: the database that it came from is closed."""
    _added.clear()
    get.cache_clear()


def countries(language: str | None = None) -> CodeList:
    """All countries by ISO 3166-1 code, in the alphabetical order of `language`."""
    return _countries(language or i18n.language())


@cache
def _countries(language: str) -> CodeList:
    names = sorted(_territories(language).items(), key=lambda pair: _fold(pair[1]))
    items = (Item(code, {language: name}, n) for n, (code, name) in enumerate(names))
    return CodeList("country", {"fr": "Pays", "en": "Country"}, tuple(items), closed=True)


@cache
def _territories(language: str) -> Mapping[str, str]:
    names = Locale.parse(language).territories
    return {
        code: name
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }


@cache
def _index() -> Mapping[str, Mapping[str, str]]:
    return {row["key"]: row for row in _rows("index")}


def _shipped(key: str) -> Iterator[Item]:
    for order, row in enumerate(_rows(key)):
        extra = {
            name: value
            for name, value in row.items()
            if value and name != "key" and not name.startswith("label_")
        }
        yield Item(row["key"], _labels(row), order, extra)


def _rows(name: str) -> list[dict[str, str]]:
    with resource("codelists", f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _labels(row: Mapping[str, str]) -> Labels:
    prefix = "label_"
    return {
        name.removeprefix(prefix): value
        for name, value in row.items()
        if value and name.startswith(prefix)
    }


def _pick(labels: Labels, language: str | None) -> str:
    """In the language wanted, else in one that more people read, else in any."""
    for code in (language or i18n.language(), "en", "fr"):
        if labels.get(code):
            return labels[code]
    return next(iter(labels.values()), "")


def _fold(text: str) -> str:
    """Without accents, case and typographic apostrophes, for comparing."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
