"""Who is here already and may be the one that a questionnaire speaks of."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS, Record
from migdesk.models import search as words
from migdesk.models.search import Term

LOOKED_AT = 60
SHOWN = 5
YEARS = 2
"""Ages are told from memory: years of birth so far apart may be of one person."""
_SEXES = frozenset({"female", "male"})
_LONG = 4


def likely(
    session: Session, target: str, values: Mapping[str, Any], without: Collection[str] = ()
) -> tuple[str, ...]:
    """Ids of records that are perhaps the same, the most alike first; none for kinds that
    nobody has twice. `without`: records that are known to be others."""
    alike = _ALIKE.get(target)
    if alike is None:
        return ()
    name, phone = _name(target, values), str(values.get("phone") or "")
    terms = words.match_terms(name)
    asked = [name, phone] if len(re.sub(r"\D", "", phone)) > 6 else [name]
    hits = (hit for text in asked for hit in words.find(session, text, [target], LOOKED_AT))
    ids = {id for _kind, id, _words in hits}
    model = RECORDS[target].model
    wanted = sorted(ids - set(without))
    rows = session.scalars(
        sa.select(model).where(model.id.in_(wanted), model.deleted.is_(False))
    )
    scores = {row.id: alike(terms, values, row) for row in rows}
    found = sorted((-score, id) for id, score in scores.items() if score)
    return tuple(id for _score, id in found[:SHOWN])


def _name(target: str, values: Mapping[str, Any]) -> str:
    if target != "person":
        return str(values.get("name") or "")
    aliases = values.get("aliases") or []
    named = " ".join(filter(None, (values.get("given_name"), values.get("family_name"))))
    return named or " ".join(aliases[:1])


def _person(terms: list[Term], values: Mapping[str, Any], row: Record) -> int:
    """How alike two people are, 0 if they are not."""
    get = _getter(row)
    names = [get("given_name"), get("family_name"), *(get("aliases") or ())]
    named = _named(terms, names)
    same_phone = _same_phone(values, get)
    sexes = {values.get("sex"), get("sex")} & _SEXES
    born, was_born = year_of(values.get("birth")), year_of(get("birth"))
    both_born = born is not None and was_born is not None
    if len(sexes) == 2 or (both_born and abs((born or 0) - (was_born or 0)) > YEARS):
        return 0
    same_place = bool(values.get("origin")) and values.get("origin") == get("origin")
    signs = both_born + same_place + 2 * same_phone
    if not named:
        return 1 if same_phone else 0
    apart = _differ(values, get, "origin") + (_differ(values, get, "phone") and not same_phone)
    if apart == 2 and not both_born:
        return 0
    # One word alone is the name of thousands.
    return 1 + signs if signs or len(terms) > 1 else 0


def _household(terms: list[Term], values: Mapping[str, Any], row: Record) -> int:
    get = _getter(row)
    phone = _same_phone(values, get)
    head = bool(values.get("head")) and values.get("head") == get("head")
    if head or phone:
        return 3
    named = _named(terms, [get("name")])
    if not named or _differ(values, get, "place") or _differ(values, get, "phone"):
        return 0
    return 2 if values.get("place") and get("place") else 1


def _organisation(terms: list[Term], values: Mapping[str, Any], row: Record) -> int:
    get = _getter(row)
    if _differ(values, get, "country"):
        return 0
    acronym = str(values.get("acronym") or "")
    same = bool(acronym) and words.fold(acronym) == words.fold(str(get("acronym") or ""))
    return same + _named(terms, [get("name"), get("acronym")])


def _place(terms: list[Term], values: Mapping[str, Any], row: Record) -> int:
    get = _getter(row)
    if any(_differ(values, get, name) for name in ("level", "parent", "pcode")):
        return 0
    names = (get("name"), *str(get("other_names") or "").split(","))
    wanted = words.split(str(values.get("name") or ""))
    return int(any(words.split(str(name or "")) == wanted for name in names))


_ALIKE = {
    "person": _person,
    "household": _household,
    "organisation": _organisation,
    "place": _place,
}


def _getter(row: Record) -> Any:
    return lambda name: getattr(row, name, None)


def _named(terms: list[Term], names: list[Any]) -> bool:
    """Whether each word of a name is one of the other name, or sounds like one."""
    held = [word for name in names for word in words.split(str(name or ""))]
    keys = {words.sound(word) for word in held} - {""}
    return bool(terms) and all(
        key in keys or any(_begins(word, other) for other in held) for word, key in terms
    )


def _begins(word: str, other: str) -> bool:
    """The same word, or a short form of it: Fatou and Fatoumata."""
    if word == other:
        return True
    short, long = sorted((word, other), key=len)
    return len(short) >= _LONG and long.startswith(short)


def _same_phone(values: Mapping[str, Any], get: Any) -> bool:
    given = {values.get("phone"), values.get("phone_2")} - {None, ""}
    return bool(given & {get("phone"), get("phone_2")})


def _differ(values: Mapping[str, Any], get: Any, name: str) -> bool:
    """Both are known, and not the same."""
    return bool(values.get(name) and get(name)) and values.get(name) != get(name)


def year_of(value: Any) -> int | None:
    """The year that a fuzzy date begins with."""
    found = re.match(r"\d{4}", str(value or ""))
    return int(found[0]) if found else None
