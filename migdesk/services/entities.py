"""Entities of submissions become people, households, organisations, places here.

Each entity of a submission has a line of its own (`EntityRecord`), which says what it became
and keeps what was said, so that a corrected submission changes only what it corrects. An
entity keeps its identifier as the id of its record, and so the lists that forms make of our
records name it. Who is perhaps here already is not made twice: the line waits for a person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.forms.entities import Entity, entities_of
from migdesk.models import RECORDS
from migdesk.models import search as words
from migdesk.models.entity import EntityRecord
from migdesk.models.local import OpRow
from migdesk.models.office import Questionnaire, Submission
from migdesk.task import Task

from . import entity_maps, persons, records
from .entity_fields import LABEL, NAMED, EntityMapping
from .entity_values import Given, given
from .resemblance import likely
from .views import load, stays

ENTITIES = UUID("c1f7d6f2-3a1e-5b5c-9f63-7b2d0e4a9c58")
"""Names the ids of lines, consents, and entities without a proper identifier (RFC 9562)."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ORDER = ("place", "organisation", "household", "person", "member")
"""Those that others belong to come first."""
_LINKED = ("person", "household", "organisation", "place")
WAITING, CREATED, UPDATED, SAME, ASIDE = "waiting", "created", "updated", "same", "aside"


@dataclass(frozen=True)
class Said:
    """What a submission says of one entity. `around`: identifier of the entity around it."""

    values: Mapping[str, str]
    creates: bool
    updates: bool
    around: str = ""

    @classmethod
    def of(cls, row: EntityRecord) -> Said:
        """What a line keeps."""
        held = json.loads(row.said or "{}")
        return cls(
            held.get("values", {}),
            bool(held.get("creates")),
            bool(held.get("updates")),
            held.get("around", ""),
        )

    @property
    def json(self) -> str:
        kept = {"values": dict(self.values), "creates": self.creates, "updates": self.updates}
        return json.dumps({**kept, "around": self.around}, ensure_ascii=False)


# applying -------------------------------------------------------------------------


def apply(session: Session, submission: str) -> int:
    """Register what a submission says, as far as its lists are mapped; returns the number
    of its entities. Applied again, it changes only what the submission says anew."""
    row = _submission(session, submission)
    form = session.get(Questionnaire, row.questionnaire or "")
    maps = entity_maps.of_form(session, form.form or "") if form is not None else {}
    if form is None or not maps:
        return 0
    told = entities_of(form.xform or "", row.xml or "")
    ids = [_identifier(form.form or "", each) for each in told]
    lines: list[tuple[EntityRecord, EntityMapping, Said | None]] = []
    for place, (id, each) in enumerate(zip(ids, told, strict=True)):
        if each.dataset in maps:
            around = ids[each.around] if each.around >= 0 else ""
            target = maps[each.dataset].target
            line, before = _line(session, row, id, around, each, target)
            if before is None and RECORDS[target].owner:
                line.record = _in_order(row.id, place, id)
            lines.append((line, maps[each.dataset], before))
    lines.sort(key=lambda found: _ORDER.index(found[1].target))
    for line, mapping, before in lines:
        _settle(session, row, line, mapping, before)
    return len(lines)


def _submission(session: Session, id: str) -> Submission:
    row = load(session, "submission", id)
    assert isinstance(row, Submission)
    return row


def _identifier(form: str, entity: Entity) -> str:
    """The entity's own identifier if it can be the id of a record, else one made of it."""
    id = entity.id.lower()
    return id if _UUID.fullmatch(id) else named(form, entity.dataset, entity.id or entity.label)


def named(*parts: str) -> str:
    """An id that is the same on every computer for the same words."""
    return str(uuid5(ENTITIES, "\n".join(parts)))


def _in_order(submission: str, place: int, id: str) -> str:
    """Id of a line of another record (a member): lines stand in the order of their ids, and
    so in that of the questionnaire. The same on every computer."""
    start = submission.replace("-", "")[:12]
    return str(UUID(f"{start}8{place:03x}8{named(submission, id).replace('-', '')[:15]}"))


def _line(
    session: Session, row: Submission, id: str, around: str, entity: Entity, target: str
) -> tuple[EntityRecord, Said | None]:
    """The line of an entity, and what it said before."""
    key = named(row.id, id)
    held = session.get(EntityRecord, key)
    before = Said.of(held) if held is not None else None
    said = Said({LABEL: entity.label, **entity.values}, entity.creates, entity.updates, around)
    values = {
        "submission": row.id,
        "name": (entity.label or entity.id)[:200],
        "target": target,
        "dataset": entity.dataset,
        "entity": id,
        "said": said.json,
    }
    records.save(session, "entity", key, values)
    line = load(session, "entity", key)
    assert isinstance(line, EntityRecord)
    return line, before


def _settle(
    session: Session,
    row: Submission,
    line: EntityRecord,
    mapping: EntityMapping,
    before: Said | None,
) -> None:
    """Write the record of a line, or let the line wait for a person."""
    said = Said.of(line)
    if line.state == ASIDE or (said == before and line.state != WAITING):
        return
    found = values_of(session, row, mapping, said)
    problem = _problem(session, row, line, mapping, said, found)
    if problem:
        keep(session, line, {"state": WAITING, "problem": problem}, found)
    else:
        changed = None if before is None else {
            name for name, text in said.values.items() if before.values.get(name) != text
        }
        write(session, line, found, changed)


def values_of(
    session: Session, row: Submission, mapping: EntityMapping, said: Said
) -> Given:
    """What was said, as values of the fields here."""
    return given(
        mapping, said.values, day_of(row), lambda kind, text: find(session, kind, text)
    )


def day_of(row: Submission) -> date:
    """The day on which a submission was finished."""
    try:
        return date.fromisoformat((row.finished or "")[:10])
    except ValueError:
        return date.today()


def _problem(
    session: Session,
    row: Submission,
    line: EntityRecord,
    mapping: EntityMapping,
    said: Said,
    found: Given,
) -> str:
    """Why a person must decide; "" where the record may be written."""
    target = mapping.target
    if not may_write(session, target):
        return "role"
    id = record_of(session, line)
    held = session.get(RECORDS[target].model, id)
    if held is not None:
        return "gone" if held.deleted else ""
    if not said.creates:
        return "gone"
    kinds = session.scalars(sa.select(OpRow.kind).where(OpRow.row == id).limit(1)).all()
    if kinds and kinds[0] != target:
        return "other_kind"
    mine = [each.record or each.entity or "" for each in lines_of(session, row.id)]
    return "duplicate" if likely(session, target, found.filled, mine) else ""


def may_write(session: Session, target: str) -> bool:
    """Whether who is logged in may write such records."""
    role = session.info["scribe"].role
    return not role or role in RECORDS[target].writers


def lines_of(session: Session, submission: str) -> Sequence[EntityRecord]:
    """Lines of a submission."""
    return session.scalars(
        sa.select(EntityRecord)
        .where(EntityRecord.submission == submission, EntityRecord.deleted.is_(False))
        .order_by(EntityRecord.id)
    ).all()


def record_of(session: Session, line: EntityRecord) -> str:
    """Id of the record that a line is about, here or not."""
    id = line.record or _known_as(session, line.entity or "") or line.entity or ""
    return stays(session, line.target, id) if line.target else id


def _known_as(session: Session, entity: str) -> str | None:
    """The record that an entity was found to be."""
    return session.scalar(
        sa.select(EntityRecord.record).where(
            EntityRecord.entity == entity,
            EntityRecord.record.is_not(None),
            EntityRecord.deleted.is_(False),
        )
    )


# writing --------------------------------------------------------------------------


def write(
    session: Session, line: EntityRecord, found: Given, changed: Iterable[str] | None
) -> None:
    """Make or change the record of a line. `changed`: properties that say something new;
    None: all do."""
    target, id = line.target or "", record_of(session, line)
    about = RECORDS[target]
    held = session.get(about.model, id)
    try:
        if held is None:
            records.save(session, target, id, _new(session, line, found))
            state = CREATED
        else:
            records.save(session, target, id, _changes(target, found, changed))
            state = line.state if line.state in (CREATED, SAME) else UPDATED
    except records.Needed:
        keep(session, line, {"state": WAITING, "problem": "needed"}, found)
        return
    consents(session, line, id, found)
    keep(session, line, {"state": state, "problem": None, "record": id}, found)
    link(session, line, id)


def keep(
    session: Session, line: EntityRecord, values: Mapping[str, Any], found: Given
) -> None:
    """Note on the line what became of it."""
    records.save(session, "entity", line.id, {**values, "left_out": list(found.left_out)})


def _new(session: Session, line: EntityRecord, found: Given) -> dict[str, Any]:
    """Values of a new record: named at least by the label, and a line of its owner."""
    target = line.target or ""
    about, values = RECORDS[target], found.filled
    label = Said.of(line).values.get(LABEL)
    if label and not about.title(values):
        values[NAMED.get(target, "name")] = label
    if about.owner and about.owner not in values:
        owner = _owner(session, line, getattr(about[about.owner].kind, "to", ""))
        if owner:
            values[about.owner] = owner
    return values


def _owner(session: Session, line: EntityRecord, kind: str) -> str:
    """The entity around a line, or the record that the submission is about."""
    around = Said.of(line).around
    for other in lines_of(session, line.submission or ""):
        if other.target == kind and around in ("", other.entity):
            return record_of(session, other)
    return str(getattr(_submission(session, line.submission or ""), kind, "") or "")


def _changes(target: str, found: Given, changed: Iterable[str] | None) -> dict[str, Any]:
    """What an entity changes: a question left blank empties its field, but never one that a
    record needs."""
    fields = RECORDS[target].fields
    wanted = None if changed is None else set(changed)
    return {
        name: value
        for name, value in found.values.items()
        if (wanted is None or found.sources[name] in wanted)
        and not (value is None and fields[name].required)
    }


def consents(session: Session, line: EntityRecord, person: str, found: Given) -> None:
    """Keep the consents that the form asked for; none is made of a registration alone."""
    row = _submission(session, line.submission or "")
    for purpose, answer in found.consents.items():
        id = named(row.id, person, purpose)
        held = session.get(RECORDS["consent"].model, id)
        if held is None and answer == "given" and persons.consents_to(session, person, purpose):
            continue
        values = {"person": person, "purpose": purpose, "answer": answer}
        records.save(
            session, "consent", id, {**values, "given": day_of(row).isoformat()}
        )


def link(session: Session, line: EntityRecord, id: str) -> None:
    """Link the submission to the record, if it is the only one of its kind there."""
    target = line.target or ""
    row = _submission(session, line.submission or "")
    alone = sum(each.target == target for each in lines_of(session, row.id)) == 1
    if target in _LINKED and alone and not getattr(row, target):
        records.save(session, "submission", row.id, {target: id})


# finding --------------------------------------------------------------------------


def find(session: Session, kind: str, text: str) -> str | None:
    """The record that a submission means: by its id, that of its entity, its code, or the
    whole of its name; None where there is none, or several."""
    id = text.strip().removeprefix("uuid:").lower()
    model = RECORDS[kind].model
    if _UUID.fullmatch(id):
        if session.get(model, id) is not None:
            return id
        row = session.scalar(sa.select(EntityRecord.id).where(EntityRecord.entity == id))
        return (_known_as(session, id) or id) if row else None
    wanted = words.split(text)
    hits = [id for _kind, id, _words in words.find(session, text, [kind], 200)]
    rows = session.scalars(sa.select(model).where(model.id.in_(hits)))
    names = ("name", "code", "pcode", "acronym")
    same = [
        row.id
        for row in rows
        if any(words.split(str(getattr(row, name, None) or "")) == wanted for name in names)
        or words.split(RECORDS[kind].title(_values(row))) == wanted
    ]
    return same[0] if len(same) == 1 else None


def _values(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in RECORDS[row.__kind__].fields}


# later ----------------------------------------------------------------------------


def not_applied(session: Session, form: str) -> tuple[str, ...]:
    """Submissions of a form of which nothing was registered yet, oldest first."""
    done = sa.select(EntityRecord.submission).where(EntityRecord.submission.is_not(None))
    rows = session.scalars(
        sa.select(Submission.id)
        .join(Questionnaire, Questionnaire.id == Submission.questionnaire)
        .where(
            Questionnaire.form == form,
            Submission.deleted.is_(False),
            Submission.id.not_in(done),
        )
        .order_by(Submission.id)
    )
    return tuple(rows)


def apply_all(session: Session, task: Task, submissions: Sequence[str]) -> int:
    """Register what many submissions say, in one transaction that can be undone as a whole;
    returns the number of entities."""
    made = 0
    for done, id in enumerate(submissions):
        if done % 20 == 0:
            task.step(done, len(submissions))
        made += apply(session, id)
    return made
