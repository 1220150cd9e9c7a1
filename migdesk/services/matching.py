"""Conditions, and how a subject meets them: each met, not met, or unknown, in words.

One engine for whoever offers and whoever asks: a project and financing windows (R021), a
person and needs or vacancies (R035, R040). A subject is a mapping of facts; a condition names
one (a code of `condition_subjects`), a test and values. Pure: `match_facts` reads the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from migdesk import codelists
from migdesk.i18n import _, said_of

Fact = Collection[str] | Decimal | None
"""Codes or ids that hold (a place with all that it lies in), a number, or not known."""
Facts = Mapping[str, Fact]
Shower = Callable[[str, str], str]
"""Words of a code or id of a subject of conditions: (subject, value) → words."""

NUMBERS = frozenset({"amount", "own_share", "jobs", "age"})
CODES = {
    "sector": "business_sectors",
    "stage": "enterprise_pipeline_stages",
    "ownership": "enterprise_ownership",
    "paper": "required_papers",
    "sex": "sex",
    "phase": "migration_cycle_phases",
    "status": "migration_status",
    "education": "education_levels",
    "occupation": "occupations",
    "skill": "isco08",
    "language": "languages",
    "availability": "skill_offers",
}
"""Subjects of conditions that are codes, with their lists."""
CFA = frozenset({"XOF", "XAF"})
PARITY = Decimal("655.957")
"""CFA francs for one euro, fixed since 1 January 1999 (Council decision 98/683/EC)."""
COUNTRIES = frozenset({"residence_country", "nationality"})
PLACES = frozenset({"place", "origin"})


@dataclass(frozen=True)
class Condition:
    """What must hold. `wish`: it only makes an offer fit better."""

    about: str
    how: str
    values: tuple[str, ...]
    wish: bool = False


@dataclass(frozen=True)
class Reason:
    """One condition in words; `met` is None where it is not known; `remark` says what is
    known of the subject."""

    words: str
    met: bool | None
    wish: bool
    remark: str = ""


@dataclass(frozen=True)
class Fit:
    """How an offer with this id fits. The best have nothing unmet, then least unknown, then
    most wishes met."""

    id: str
    unmet: int
    unknown: int
    wishes: int
    reasons: tuple[Reason, ...] = ()

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """Sorts the fittest first."""
        return (self.unmet, self.unknown, -self.wishes, self.id)

    @property
    def words(self) -> str:
        """The whole in a word or two."""
        if self.unmet:
            return _("does not fit")
        return _("may fit, something is not known") if self.unknown else _("fits")


@cache
def parsed(about: str, how: str | None, value: str | None, wish: bool | None) -> Condition:
    """A condition from its stored fields."""
    parts = (part.strip() for part in (value or "").split("|"))
    return Condition(about, how or "is", tuple(filter(None, parts)), bool(wish))


def holds(condition: Condition, facts: Facts) -> bool | None:
    """Whether a condition holds; None where the fact is not known, or the condition names
    nothing that can be compared."""
    fact = facts.get(condition.about)
    if fact is None or not condition.values:
        return None
    if isinstance(fact, Decimal):
        return _compared(condition, fact, _currency(facts))
    if condition.how in ("at_least", "at_most"):
        return _in_order(condition, fact)
    common = any(value in fact for value in condition.values)
    return not common if condition.how == "is_not" else common


@cache
def limit_of(value: str) -> Decimal | None:
    """The number that a condition names, without its currency; None if it is none."""
    try:
        return Decimal(value.split(" ")[0].replace(",", "."))
    except (InvalidOperation, IndexError):
        return None


def _currency(facts: Facts) -> str:
    """Currency of the amounts of a subject, "" if none is known."""
    held = facts.get("currency")
    return "" if held is None or isinstance(held, Decimal) else next(iter(held), "")


@cache
def in_currency(value: str, currency: str) -> Decimal | None:
    """The number that a condition names, in another currency. Between the euro and the CFA
    francs the parity is fixed (655.957); no other rate is known here: None."""
    limit = limit_of(value)
    named = value.partition(" ")[2].strip()
    if limit is None or not named or not currency or named == currency:
        return limit
    if named == "EUR" and currency in CFA:
        return limit * PARITY
    if named in CFA and currency == "EUR":
        return limit / PARITY
    return limit if named in CFA and currency in CFA else None


def _compared(condition: Condition, fact: Decimal, currency: str) -> bool | None:
    if condition.about == "amount":
        limit = in_currency(condition.values[0], currency)
    else:
        limit = limit_of(condition.values[0])
    if limit is None:
        return None
    if condition.how == "at_least":
        return fact >= limit
    if condition.how == "at_most":
        return fact <= limit
    return (fact == limit) is (condition.how != "is_not")


def _in_order(condition: Condition, fact: Collection[str]) -> bool | None:
    """Codes of an ordered list: a stage, a level of education."""
    key = CODES.get(condition.about)
    listed = codelists.get(key) if key else None
    if listed is None or condition.values[0] not in listed:
        return None
    limit = listed.item(condition.values[0])
    orders = [item.order for code in fact if (item := listed.item(code))]
    if limit is None or not orders:
        return None
    if condition.how == "at_least":
        return max(orders) >= limit.order
    return min(orders) <= limit.order


class Offers:
    """Offers with their conditions, read once for many subjects. A condition that several
    offers share is looked at once for a subject."""

    def __init__(self, conditions: Mapping[str, Sequence[Condition]]) -> None:
        self.conditions = conditions
        asked: dict[tuple[str, str, tuple[str, ...]], int] = {}
        self._asked: list[Condition] = []
        self._offers: list[tuple[str, list[int], list[int]]] = []
        for id, all_of in conditions.items():
            hard: list[int] = []
            wishes: list[int] = []
            for condition in all_of:
                key = condition.about, condition.how, condition.values
                place = asked.setdefault(key, len(self._asked))
                if place == len(self._asked):
                    self._asked.append(condition)
                (wishes if condition.wish else hard).append(place)
            self._offers.append((id, hard, wishes))

    def weigh(self, facts: Facts) -> list[Fit]:
        """All offers, the fittest first."""
        met = [holds(condition, facts) for condition in self._asked]
        found = []
        for id, hard, wishes in self._offers:
            answers = [met[place] for place in hard]
            unmet, unknown = answers.count(False), answers.count(None)
            found.append(Fit(id, unmet, unknown, sum(met[n] is True for n in wishes)))
        return sorted(found, key=lambda each: each.rank)


def fit(id: str, conditions: Iterable[Condition], facts: Facts) -> Fit:
    """How an offer fits, without words: for lists of thousands."""
    unmet = unknown = wishes = 0
    for condition in conditions:
        met = holds(condition, facts)
        if condition.wish:
            wishes += met is True
        elif met is None:
            unknown += 1
        elif not met:
            unmet += 1
    return Fit(id, unmet, unknown, wishes)


def explained(id: str, conditions: Sequence[Condition], facts: Facts, show: Shower) -> Fit:
    """How an offer fits, with each condition in words."""
    plain = fit(id, conditions, facts)
    reasons = tuple(_reason(condition, facts, show) for condition in conditions)
    return Fit(id, plain.unmet, plain.unknown, plain.wishes, reasons)


def words_of(condition: Condition, show: Shower) -> str:
    """What a condition asks, in a phrase."""
    about = codelists.label("condition_subjects", condition.about)
    how = codelists.label("condition_tests", condition.how)
    values = _(" or ").join(show(condition.about, value) for value in condition.values)
    if condition.how == "is" and values:
        return said_of(about, values)
    return f"{about} {how} {values}".strip()


def _reason(condition: Condition, facts: Facts, show: Shower) -> Reason:
    words = words_of(condition, show)
    fact = facts.get(condition.about)
    if fact is None:
        known = _("not known")
    elif isinstance(fact, Decimal):
        plain = f"{fact.to_integral_value():f}" if fact % 1 == 0 else f"{fact:f}"
        money = f" {_currency(facts)}" if condition.about == "amount" else ""
        known = show(condition.about, f"{plain}{money}".strip())
    elif condition.about in PLACES:  # the first is the place itself
        known = show(condition.about, next(iter(fact), ""))
    else:
        known = ", ".join(show(condition.about, code) for code in sorted(fact)) or _("none")
    return Reason(words, holds(condition, facts), condition.wish, known)
