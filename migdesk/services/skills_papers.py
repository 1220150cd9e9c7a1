"""Computed parts of papers on skills, jobs and training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.models.training import Participant, PlanStep, TrainingSession
from migdesk.printing.blocks import (
    Block,
    CheckItem,
    CheckList,
    Column,
    KeepTogether,
    Paragraph,
    Section,
)
from migdesk.printing.sheets.common import facts, section, table

from . import condition_papers, matches, records, rules
from .cases import shown_tenth
from .matching import Fit
from .records import View
from .views import titles, views

PROPOSED = 10
"""Profiles in a proposal."""
EMPTY_ROWS = 15
"""Rows to write names in, on an attendance list."""


def masked_profile(session: Session, person: View) -> Sequence[Block]:
    """What may be told of a person before both sides agreed: no name, no telephone, the
    year of birth in a band of five, the region, and skills that are not kept back."""
    told, *skills = _profile(session, person)
    return [told, *section(_("Skills"), *skills)]


def _profile(session: Session, person: View) -> list[Block]:
    """What is told of the person, and a table of the skills."""
    skills = [
        skill
        for skill in records.lines_of(session, "skill", person.id)
        if skill.values["disclosure"] in ("masked", "named")
    ]
    if not skills:
        return [Paragraph(_("This person lets nothing be known outside the office."), "hint")]
    shown = person.shown
    blocks: list[Block] = [
        facts(
            [
                (_("Born"), band(person.values["birth"])),
                (_("Country of residence"), shown["residence_country"]),
                (_("Region of origin"), region(session, person.values["origin"])),
                (_("Languages"), shown["languages"]),
                (_("Education"), shown["education"]),
            ]
        )
    ]
    columns = [
        Column(_("Occupation")),
        Column(_("Level")),
        Column(_("Years"), "end"),
        Column(_("Ready for")),
    ]
    rows = [
        (s.shown["occupation"], s.shown["level"], s.shown["years"], s.shown["offers"])
        for s in skills
    ]
    return [*blocks, table(columns, rows)]


def band(birth: str | None) -> str:
    """Five years in which a year of birth lies: 1985–1989."""
    year = (birth or "")[:4]
    if not year.isdecimal():
        return ""
    first = int(year) // 5 * 5
    return f"{first}–{first + 4}"


def region(session: Session, place: str | None) -> str:
    """The region in which a place lies; nothing closer is told."""
    from migdesk.models.organisation import PlaceRecord

    seen: set[str] = set()
    while place and place not in seen:
        seen.add(place)
        row = session.get(PlaceRecord, place)
        if row is None:
            return ""
        if row.level in ("region", "country"):
            return row.name or ""
        place = row.parent
    return ""


def match_checks(fit: Fit, masked: bool = False) -> CheckList:
    """The conditions of a match, each met, not met or not known; `masked`: without what is
    known of the person."""
    items = []
    for reason in fit.reasons:
        remark = "" if masked else reason.remark
        if reason.met is False:
            remark = _("not met ({what})").format(what=remark) if remark else _("not met")
        elif reason.met is None:
            remark = _("not known")
        items.append(CheckItem(reason.words, reason.met is True, remark))
    return CheckList(items)


def candidates(session: Session, need: View) -> Sequence[Block]:
    """Masked profiles that fit a need, with each condition in words."""
    blocks: list[Block] = []
    for fit in matches.people_for(session, need.id)[:PROPOSED]:
        person = records.get(session, "person", fit.id)
        heading = _("Profile {code}: {words}").format(code=person.code, words=fit.words)
        told = [*_profile(session, person), match_checks(fit, masked=True)]
        blocks.append(KeepTogether([Section(heading, level=2), *told]))
    if not blocks:
        words = _("No registered person fits. What is asked for and nobody has:")
        blocks.append(Paragraph(words))
        asked = [words for words, _wish in condition_papers.asked(session, need)]
        asked = [need.shown["occupation"], *asked]
        blocks.append(CheckList([CheckItem(words) for words in asked if words]))
    return blocks


def fitting_needs(session: Session, person: View) -> Sequence[Block]:
    """Open needs that fit a person or may, with each condition in words."""
    fits = [fit for fit in matches.needs_for(session, person.id) if not fit.unmet][:PROPOSED]
    blocks: list[Block] = []
    for fit in fits:
        need = records.get(session, "need", fit.id)
        shown = need.shown
        told = [(str(RECORDS["need"][name].label), shown[name]) for name in _TOLD]
        checks = match_checks(fit)
        heading = Section(f"{need.title}: {fit.words}", level=2)
        blocks.append(KeepTogether([heading, facts([t for t in told if t[1]]), checks]))
    return blocks or [Paragraph(_("No open need asks for these skills yet."), "hint")]


_TOLD = ("organisation", "place", "posts", "contract", "pay", "starts", "deadline")


def overlap(session: Session, _office: View) -> Sequence[Block]:
    """Guidance of the office for which another provider is there, by provider and kind."""
    statement = (
        sa.select(PlanStep.provider, PlanStep.what, sa.func.count())
        .where(PlanStep.deleted.is_(False), PlanStep.provider.is_not(None))
        .group_by(PlanStep.provider, PlanStep.what)
    )
    rows = session.execute(statement).all()
    names = titles(session, "organisation", {row[0] for row in rows if row[0]})
    kind = RECORDS["learning_step"]["what"].kind
    cells = sorted((names.get(p or "", ""), kind.show(what), str(n)) for p, what, n in rows)
    if not cells:
        return [Paragraph(_("Nothing to show."), "hint")]
    columns = [Column(_("Who already offers it")), Column(_("What")), Column(_("Steps"), "end")]
    return [table(columns, cells)]


def attendance(session: Session, view: View) -> Sequence[Block]:
    """Names with room to sign; empty rows for those who come unannounced."""
    rows = [
        (str(number), p.title, p.shown["function"], " ", " ")
        for number, p in enumerate(records.lines_of(session, "participant", view.id), 1)
    ]
    rows += [(str(len(rows) + n), " ", " ", " ", " ") for n in range(1, EMPTY_ROWS + 1)]
    columns = [
        Column(_("No."), share=0.5),
        Column(_("Name"), share=2.5),
        Column(_("Function or service"), share=1.5),
        Column(_("Telephone"), share=1.5),
        Column(_("Signature"), share=2),
    ]
    return [table(columns, rows, write_in=True)]


def test_scores(session: Session, view: View) -> Sequence[Block]:
    """Mean of the tests before and after, of those who took both."""
    both = [
        (p.values["before"], p.values["after"])
        for p in records.lines_of(session, "participant", view.id)
        if p.values["before"] is not None and p.values["after"] is not None
    ]
    came = sum(
        bool(p.values["present"]) for p in records.lines_of(session, "participant", view.id)
    )
    told = [(_("Came"), str(came))]
    if both:
        before, after = (sum(column) / len(both) for column in zip(*both, strict=True))
        told += [
            (_("Took both tests"), str(len(both))),
            (_("Mean before"), shown_tenth(before)),
            (_("Mean after"), shown_tenth(after)),
        ]
    return section(_("Result"), facts(told))


def certificate(session: Session, participant: View) -> Sequence[Block]:
    """Course, days, hours, and the score where there was a test to pass."""
    if not participant.values["session"]:
        return []
    held = records.get(session, "training_session", participant.values["session"])
    told = [(_("Days"), " – ".join(filter(None, (held.shown["starts"], held.shown["ends"]))))]
    if held.values["course"]:
        course = records.get(session, "course", held.values["course"])
        told = [(_("Course"), course.title), *told, (_("Hours"), course.shown["hours"])]
        score, passing = participant.values["after"], course.values["passing"]
        if score is not None:
            best = course.shown["best"]
            told.append((_("Score"), f"{participant.shown['after']} / {best}"))
            if passing is not None:
                words = _("passed the test") if score >= passing else _("took part")
                told.append((_("Result"), words))
    return [facts([*told, (_("Place"), held.shown["place"])])]


def trainer_sessions(session: Session, _office: View) -> Sequence[Block]:
    """How many sessions each trainer has given, and to how many people."""
    given = Counter[str]()
    reached = Counter[str]()
    sessions = sa.select(TrainingSession).where(TrainingSession.deleted.is_(False))
    by_session: dict[str, str] = {}
    for view in views(session, "training_session", session.scalars(sessions)):
        trainer = view.shown["trainer"]
        if trainer:
            given[trainer] += 1
            by_session[view.id] = trainer
    present = sa.select(Participant.session, sa.func.count()).where(
        Participant.deleted.is_(False), Participant.present.is_(True)
    )
    for of, number in session.execute(present.group_by(Participant.session)):
        if of in by_session:
            reached[by_session[of]] += number
    rows = [(name, str(given[name]), str(reached[name])) for name in sorted(given)]
    columns = [
        Column(_("Trainer")),
        Column(_("Sessions given"), "end"),
        Column(_("People reached"), "end"),
    ]
    return section(_("Sessions given"), table(columns, rows)) if rows else []


def introduced(_session: Session, introduction: View) -> Sequence[Block]:
    """Nothing; raises NotBoth if the two are not to be named to each other."""
    if not introduction.values["introduced"]:
        raise rules.NotBoth("introduced")
    return []


MADE = {
    "introduced": introduced,
    "masked-profile": masked_profile,
    "candidates": candidates,
    "fitting-needs": fitting_needs,
    "overlap": overlap,
    "attendance": attendance,
    "test-scores": test_scores,
    "certificate": certificate,
    "trainer-sessions": trainer_sessions,
}
