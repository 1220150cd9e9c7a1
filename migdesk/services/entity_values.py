"""What a submission says of an entity, as values of the fields here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from migdesk.models import RECORDS, RecordType, dates
from migdesk.models.kinds import BadValue, Boolean, Choice, FuzzyDate, Kind, Link, Links

from .entity_fields import CONSENT, EntityMapping, code_like, yes_or_no

Find = Callable[[str, str], str | None]
"""(kind, what the submission says) → id of the record that it means."""
_LONGEST = 200


@dataclass(frozen=True)
class Given:
    """`values`: by field, None where a question was left blank; `sources`: the property
    that gave each; `consents`: purpose → answer; `left_out`: what fits no field."""

    values: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def filled(self) -> dict[str, Any]:
        """Values without the blanks."""
        return {name: value for name, value in self.values.items() if value is not None}


def given(mapping: EntityMapping, said: Mapping[str, str], day: date, find: Find) -> Given:
    """Values of the fields that a mapping fills. `said`: by property; `day`: when it was
    said, from which ages count."""
    about = RECORDS[mapping.target]
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    consents: dict[str, str] = {}
    left: list[str] = []
    for name, to in mapping.fields.items():
        text = said.get(name)
        if text is None:
            continue
        codes = mapping.codes.get(name, {})
        if to.startswith(CONSENT):
            answer = _consent(text, codes)
            if answer:
                consents[to.removeprefix(CONSENT)] = answer
            lost = [] if answer or not text else [text]
        elif to in about.fields:
            values[to], lost = _value(about, to, text, codes, day, find)
            sources[to] = name
            if lost and values[to] is None:
                del values[to]
        else:
            lost = [text] if text else []  # a field of a newer version
        left += [f"{name}: {word}"[:_LONGEST] for word in lost]
    return Given(values, sources, consents, tuple(left))


def _consent(text: str, codes: Mapping[str, str]) -> str:
    if codes.get(text):
        return codes[text]
    found = yes_or_no(text)
    if found is None:
        return code_like("consent_answers", text) or ""
    return "given" if found else "refused"


def _value(
    about: RecordType, to: str, text: str, codes: Mapping[str, str], day: date, find: Find
) -> tuple[Any, list[str]]:
    """(value, the words that fit nothing)."""
    kind = about[to].kind
    if not text:
        return None, []
    if kind.many and isinstance(kind, Choice | Links):
        words = [text] if codes.get(text) else re.split(r"[ |;,]+", text)
        pairs = [(word, _one(kind, word, codes, day, find)) for word in words if word]
        found = list(dict.fromkeys(value for _word, value in pairs if value))
        return found or None, [word for word, value in pairs if not value]
    value = _one(kind, text, codes, day, find)
    return value, [text] if value is None else []


def _one(kind: Kind, text: str, codes: Mapping[str, str], day: date, find: Find) -> Any:
    if isinstance(kind, Link | Links):
        return find(kind.to, text)
    if isinstance(kind, Choice):
        return codes.get(text) or code_like(kind.codes, text)
    if isinstance(kind, Boolean) and codes.get(text):
        return codes[text] == "true"
    if isinstance(kind, FuzzyDate):
        # A bare number is an age where nobody can be so old a year.
        aged = text.isdigit() and int(text) <= 130
        return dates.parse_fuzzy(f"{text} ans" if aged else text, day)
    try:
        return kind.parse(text)
    except BadValue:
        return None
