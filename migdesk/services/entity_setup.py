"""The mapping screen of a questionnaire: its entity lists, guessed or agreed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from migdesk.forms import Form
from migdesk.forms.choices import Choice as Offered
from migdesk.forms.entities import Declared, declared
from migdesk.forms.outline import outline
from migdesk.models.entity import EntityMap

from . import entities, form_words, records, submissions
from .entity_fields import LABEL, EntityMapping, Property, guess
from .entity_maps import map_id, mapping_of, needs_setup, registers, save


@dataclass(frozen=True)
class Setup:
    """All that the mapping screen shows of one list. `saved`: a person agreed to it."""

    mapping: EntityMapping
    properties: tuple[Property, ...]
    saved: bool


def setups(session: Session, questionnaire: str) -> tuple[Setup, ...]:
    """Every list of a questionnaire with its mapping, or with a guess. Raises Gone,
    FormFault."""
    form = form_words.open_form(session, questionnaire)
    lists = declared(submissions.xform(session, questionnaire))
    found = []
    for name, those in _properties(form, lists).items():
        held = session.get(EntityMap, map_id(form.form_id, name))
        saved = held is not None and not held.deleted
        if held is not None and saved:
            mapping = mapping_of(held)
        else:
            mapping = guess(form.form_id, name, those)
        found.append(Setup(mapping, tuple(those), saved))
    return tuple(found)


def _properties(form: Form, lists: Iterable[Declared]) -> dict[str, list[Property]]:
    """Properties of each list, the label first."""
    labels: dict[str, str] = {}
    choices: dict[str, dict[str, list[str]]] = {}
    for language in form.languages or ("",):
        for entry in outline(form, language):
            labels.setdefault(entry.ref, entry.label)
            words = choices.setdefault(entry.ref, {})
            for choice in entry.choices:
                words.setdefault(choice.value, []).append(choice.label)
    found: dict[str, list[Property]] = {}
    for each in lists:
        those = found.setdefault(each.dataset, [Property(LABEL, "")])
        for name, path in each.properties.items():
            offered = tuple(
                Offered(code, " / ".join(dict.fromkeys(filter(None, said))))
                for code, said in choices.get(path, {}).items()
            )
            those.append(Property(name, labels.get(path, ""), offered))
    return found


def save_all(session: Session, mappings: Iterable[EntityMapping]) -> None:
    """Keep what a person agreed to. Raises NoTarget."""
    for mapping in mappings:
        save(session, mapping)


def state(session: Session, questionnaire: str) -> tuple[int, int, int]:
    """(entity lists that a questionnaire declares, those that nobody has mapped yet,
    submissions that have registered nothing yet although they may)."""
    lists, new = needs_setup(session, questionnaire)
    if not lists or not registers(session, [questionnaire]):
        return lists, new, 0
    form = str(records.get(session, "questionnaire", questionnaire).values["form"] or "")
    return lists, new, len(entities.not_applied(session, form))
