"""Questionnaires and what was filled: each version kept, each submission exact."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.errors import Mistake
from migdesk.forms.events import AUDIT_FILE
from migdesk.i18n import N_
from migdesk.models.kinds import now_utc
from migdesk.models.office import Questionnaire, Submission

from . import blind, drafts, entities, fieldwork, form_files, form_lists, form_media, records
from .views import View, load, view, views

FORMS = UUID("6f2c1a90-53b4-5e1f-9a57-0d1f4cbb1e27")
"""Names the ids of questionnaires (RFC 9562, version 5)."""
LINKS = (
    "person",
    "household",
    "case",
    "organisation",
    "place",
    "campaign",
    "survey_unit",
    "paper_copy",
)


class SameVersion(Mistake):
    """Another content under a version that is in use."""

    code = "QUE-001"
    text = N_(
        "Version “{version}” of “{form}” is here already with other content. Give the "
        "workbook another version in its settings sheet and import it again."
    )


@dataclass(frozen=True)
class Filled:
    """A submission with the form it was filled in. `files`: name → hash of its own;
    `lists`: name → bytes of the form's. `comments`: reference of a question with its
    positions → what was noted there."""

    submission: View
    xform: str
    xml: str
    files: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, bytes] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)


def add_questionnaire(
    session: Session,
    name: str,
    form: str,
    version: str,
    xform: str,
    files: Mapping[str, bytes] | None = None,
) -> str:
    """Keep a version of a questionnaire with its files and put it in use; returns its id."""
    id = _kept(session, name, form, version, xform)
    form_files.attach(session, id, files or {})
    return id


def _kept(session: Session, name: str, form: str, version: str, xform: str) -> str:
    """The record of a version.

    The same version with the same content is the same record. Older versions stay, for the
    drafts and submissions made with them, but are no longer offered.
    """
    held = session.scalars(
        sa.select(Questionnaire).where(
            Questionnaire.form == form, Questionnaire.deleted.is_(False)
        )
    ).all()
    for other in held:
        if (other.version or "") == version:
            if other.xform != xform:
                raise SameVersion(version=version, form=form)
            other.active = True
            return other.id
    for other in held:
        other.active = False
    values = {"name": name, "form": form, "version": version, "xform": xform, "active": True}
    # The same content has the same id on every computer, so that two offices which both
    # installed our questionnaires hold them once after an exchange.
    id = str(uuid5(FORMS, f"{form}\n{version}\n{xform}"))
    if session.get(Questionnaire, id) is not None:
        records.restore(session, "questionnaire", id)  # it was in the bin
    return records.save(session, "questionnaire", id, values)


def questionnaires(session: Session) -> tuple[View, ...]:
    """Questionnaires in use, by title."""
    rows = session.scalars(
        sa.select(Questionnaire)
        .where(Questionnaire.deleted.is_(False), Questionnaire.active.is_(True))
        .order_by(Questionnaire.name)
    )
    return views(session, "questionnaire", rows)


def xform(session: Session, id: str) -> str:
    """XForm of a questionnaire; raises Gone."""
    record = load(session, "questionnaire", id)
    return str(getattr(record, "xform", "") or "")


def finalise(
    session: Session,
    questionnaire: str,
    xml: str,
    instance: str,
    links: Mapping[str, str],
    language: str = "",
    draft: str = "",
    log: bytes | None = None,
    comments: Mapping[str, str] | None = None,
) -> str:
    """Keep a finished submission, linked to whom it is about, and register its entities; its
    draft goes. The same instance is kept once: finishing again replaces its content, and the
    earlier one stays in the history. The second entry of a paper is kept beside the first
    one, whose id is then returned. `log`: the event log that the form asked for; `comments`:
    what was noted beside questions, by reference with positions.
    """
    same = sa.and_(Submission.instance == instance, Submission.instance != "")
    held = session.scalar(sa.select(Submission.id).where(same))
    links = fieldwork.completed(session, links)
    paper = links.get("paper_copy", "")
    first = fieldwork.take_second(session, paper, xml, held)
    if first:
        drafts.drop(session, draft)
        return first
    values = {
        "questionnaire": questionnaire,
        "xml": xml,
        "instance": instance,
        "finished": now_utc(),
        "language": language or None,
        "account": session.info["scribe"].actor or None,
        "comments": written(comments),
        **{name: id for name, id in links.items() if name in LINKS and id},
    }
    id = records.save(session, "submission", held, values)
    form_media.settle(session, id, draft, xml)
    if log is not None:
        form_media.put(session, id, AUDIT_FILE, log)
    fieldwork.visited(session, links.get("survey_unit", ""))
    fieldwork.take_first(session, paper, id)
    entities.apply(session, id)
    drafts.drop(session, draft)
    return id


def written(comments: Mapping[str, str] | None) -> str | None:
    """Comments on answers as they are stored."""
    return json.dumps(dict(comments), ensure_ascii=False) if comments else None


def filled(session: Session, id: str) -> Filled:
    """A submission with its own version of the form. Raises Gone, blind.Unseen."""
    blind.look(session, id)
    record = load(session, "submission", id)
    values = view(session, record)
    questionnaire, xml = str(values.values["questionnaire"]), str(values.values["xml"] or "")
    form = xform(session, questionnaire)
    lists = form_lists.lists_of(session, questionnaire, xml)
    comments = json.loads(str(values.values["comments"] or "{}"))
    return Filled(values, form, xml, form_media.files(session, id), lists, comments)


def count_of(session: Session, questionnaire: str) -> int:
    """Number of submissions of one version."""
    query = records.Query(filters=(("questionnaire", questionnaire),))
    return records.count(session, "submission", query)


def xml_of(session: Session, questionnaire: str) -> tuple[tuple[str, str], ...]:
    """(instance, XML) of every submission of one version, oldest first."""
    rows = session.execute(
        sa.select(Submission.instance, Submission.xml)
        .where(Submission.questionnaire == questionnaire, Submission.deleted.is_(False))
        .order_by(Submission.id)
    )
    return tuple((instance or "", xml or "") for instance, xml in rows)


def with_counts(session: Session) -> list[tuple[Questionnaire, int]]:
    """Every version of every questionnaire, with the number of its submissions."""
    counted = (
        sa.select(Submission.questionnaire, sa.func.count().label("n"))
        .where(Submission.deleted.is_(False))
        .group_by(Submission.questionnaire)
        .subquery()
    )
    rows = session.execute(
        sa.select(Questionnaire, counted.c.n)
        .outerjoin(counted, counted.c.questionnaire == Questionnaire.id)
        .where(Questionnaire.deleted.is_(False))
    )
    return [(row, int(n or 0)) for row, n in rows]
