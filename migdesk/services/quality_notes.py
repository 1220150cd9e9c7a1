"""The interviews of a campaign as the checks read them, and what people said of findings."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.kinds import now_utc
from migdesk.models.survey import Campaign, CheckNote

from . import quality, records
from .interviews import Forms, answers, interviews
from .quality import Finding, Read, Report, Shape, minutes_of, shape_of
from .views import load, titles


def report(session: Session, campaign: str) -> Report:
    """Every check over a campaign, with the remarks made before. Raises Gone, FormFault."""
    row = load(session, "campaign", campaign)
    assert isinstance(row, Campaign)
    forms = Forms(session)
    held = interviews(session, row, whole=True)
    names = titles(session, "account", {each.account for each in held if each.account})
    reads = []
    for each in held:
        form = forms.of(each.questionnaire)
        given = answers(form, each.xml)
        who = names.get(each.account, "")
        reads.append(Read(replace(each, xml=""), given, minutes_of(form, given), who))
    shape = Shape()
    for id in dict.fromkeys([*(each.questionnaire for each in held), row.questionnaire or ""]):
        if id:
            shape = _joined(shape, shape_of(forms.of(id)))
    found = quality.check(reads, shape, row.keys or ())
    return replace(found, findings=_with_notes(session, found.findings))


def _joined(one: Shape, other: Shape) -> Shape:
    """Versions of one form side by side; where both know a question, the later speaks."""
    return Shape(
        {**one.asked, **other.asked},
        one.numbers | other.numbers,
        tuple(dict.fromkeys([*one.grids, *other.grids])),
    )


def _with_notes(session: Session, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings with the last remark on each; those that nobody looked at come first."""
    wanted = sorted({finding.submission for finding in findings})
    notes: dict[tuple[str, str, str], str] = {}
    for start in range(0, len(wanted), 500):
        rows = session.scalars(
            sa.select(CheckNote)
            .where(
                CheckNote.submission.in_(wanted[start : start + 500]),
                CheckNote.deleted.is_(False),
            )
            .order_by(CheckNote.id)
        )
        for row in rows:
            notes[row.submission or "", row.check or "", row.about or ""] = row.note or ""
    seen = [
        replace(finding, seen=finding.key in notes, note=notes.get(finding.key, ""))
        for finding in findings
    ]
    return tuple(sorted(seen, key=lambda finding: finding.seen))


def mark_seen(session: Session, finding: Finding, note: str = "") -> str:
    """Say that somebody looked at a finding, with a remark; returns the remark's id."""
    values = {
        "submission": finding.submission,
        "check": finding.check,
        "about": finding.about or None,
        "note": note.strip() or None,
        "account": session.info["scribe"].actor or None,
        "at": now_utc(),
    }
    return records.save(session, "check_note", None, values)


def mark_unseen(session: Session, finding: Finding) -> None:
    """Put a finding back among those to look at."""
    rows = session.scalars(
        sa.select(CheckNote).where(
            CheckNote.submission == finding.submission,
            CheckNote.check == finding.check,
            CheckNote.deleted.is_(False),
        )
    )
    for row in rows:
        if (row.about or "") == finding.about:
            records.delete(session, "check_note", row.id)
