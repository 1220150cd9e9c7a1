"""Which record an entity list of a form means.

A mapping belongs to the form, not to one version of it, and travels like any record.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.forms.entities import declared
from migdesk.i18n import N_
from migdesk.models.entity import EntityMap
from migdesk.models.office import Questionnaire

from . import records
from .entity_fields import TARGETS, EntityMapping

MAPS = UUID("5b0f4a3e-95a1-5d0b-8c1c-3f1fb2c6a7d4")
"""Names the ids of mappings (RFC 9562, version 5): one for each form and list."""
class NoTarget(Mistake):
    """A mapping to something that no form can register."""

    code = "ENT-001"
    text = N_("Choose what the entity list “{name}” registers.")


def map_id(form: str, dataset: str) -> str:
    """Id of the mapping of a list, the same on every computer."""
    return str(uuid5(MAPS, f"{form}\n{dataset}"))


def of_form(session: Session, form: str) -> dict[str, EntityMapping]:
    """Mappings of a form that register something, by list."""
    rows = session.scalars(
        sa.select(EntityMap).where(EntityMap.form == form, EntityMap.deleted.is_(False))
    )
    found = {row.name or "": mapping_of(row) for row in rows}
    return {name: each for name, each in found.items() if each.target in TARGETS}


def mapping_of(row: EntityMap) -> EntityMapping:
    """What a record says."""
    codes: dict[str, dict[str, str]] = {}
    for line in row.codes or ():
        name, _is, rest = line.partition("=")
        code, _is, ours = rest.rpartition("=")
        codes.setdefault(name, {})[code] = ours
    fields = dict(line.split("=", 1) for line in row.fields or () if "=" in line)
    return EntityMapping(row.form or "", row.name or "", row.target or "", fields, codes)


def save(session: Session, mapping: EntityMapping) -> str:
    """Keep a mapping. Raises NoTarget."""
    if mapping.target and mapping.target not in TARGETS:
        raise NoTarget(name=mapping.dataset)
    values = {
        "form": mapping.form,
        "name": mapping.dataset,
        "target": mapping.target or None,
        "fields": [f"{name}={to}" for name, to in mapping.fields.items() if to],
        "codes": [
            f"{name}={code}={ours}"
            for name, table in mapping.codes.items()
            for code, ours in table.items()
            if ours
        ],
    }
    id = map_id(mapping.form, mapping.dataset)
    held = session.get(EntityMap, id)
    if held is not None and held.deleted:
        records.restore(session, "entity_map", id)
    return records.save(session, "entity_map", id, values)


def needs_setup(session: Session, questionnaire: str) -> tuple[int, int]:
    """(entity lists that a questionnaire declares, those that nobody has mapped yet)."""
    row = session.get(Questionnaire, questionnaire)
    if row is None or not row.xform:
        return 0, 0
    names = {each.dataset for each in declared(row.xform)}
    ids = [map_id(row.form or "", name) for name in names]
    held = session.scalars(
        sa.select(EntityMap.id).where(EntityMap.id.in_(ids), EntityMap.deleted.is_(False))
    ).all()
    return len(names), len(names) - len(held)


def registers(session: Session, questionnaires: Iterable[str]) -> bool:
    """Whether the answers of some of these questionnaires register something here."""
    forms = session.scalars(
        sa.select(Questionnaire.form).where(Questionnaire.id.in_(set(questionnaires)))
    )
    return any(of_form(session, form or "") for form in set(forms))
