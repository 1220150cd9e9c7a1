"""A living survey for the demonstration: who was to be asked, who was, and what to look at.

Everything that is said was typed by nobody: `demo_answers` invents it, and the
questionnaire engine takes it as it would take an enumerator's.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.forms import Form, xlsform
from migdesk.models.dates import stored_moment
from migdesk.models.declare import HEADS
from migdesk.models.kinds import now_utc
from migdesk.models.meta import get_meta, set_meta
from migdesk.models.office import Questionnaire
from migdesk.models.survey import SurveyUnit
from migdesk.paths import resource

from . import (
    demo_answers,
    double_entry,
    drafts,
    fieldwork,
    imports,
    records,
    review,
    submissions,
)
from .demo_answers import Answers
from .form_words import form_of
from .views import load

FORM, SECOND = "household_survey", "2-demo"
PLACES = tuple(demo_answers.WHERE)
ENUMERATORS = ("Khady Sonko", "Lamine Danfa")
DRAFT, FORMS = "demo_draft", "demo_forms"
EDITS = (
    (
        r"(?=^\| \| begin_group \| members_part )",
        "| | begin_group | respondent | Personne qui répond | Person who answers |\n"
        "| | select_one sex | respondent_sex | Sexe de la personne | Sex of the person |\n"
        "| | integer | respondent_age | Âge de la personne | Age of the person |\n"
        "| | end_group | respondent |\n",
    ),
    (r"^\| \| select_one yn \| credit .*\n", ""),
    ("Montant total reçu en 12 mois", "Montant total reçu au cours des 12 derniers mois"),
    (
        r"(?=^\| \| channels \| informal )",
        "| | channels | app | Application sur téléphone | Telephone application |\n",
    ),
    (r"\| household_survey \| 1 \|", f"| household_survey | {SECOND} |"),
)
"""What the second version asks otherwise: who answers is new, credit is not asked any
more, an amount is worded anew, a channel is added."""


def workbook(name: str, second: bool = False) -> str:
    """Text of one of our questionnaires; `second`: the household survey's next version."""
    text = resource("questionnaires", f"{name}.md").read_text(encoding="utf-8")
    for old, new in EDITS if second else ():
        text = re.sub(old, new, text, count=1, flags=re.MULTILINE)
    return text


def questionnaire(session: Session, name: str, second: bool = False) -> str:
    """A questionnaire of ours, put in use if it is not here."""
    held = sa.select(Questionnaire.id).where(
        Questionnaire.form == name, Questionnaire.deleted.is_(False)
    )
    id = None if second else session.scalar(held.order_by(Questionnaire.id))
    if id is None:
        xml = xlsform.convert(workbook(name, second), ".md").xml
        form = form_of(xml)
        id = submissions.add_questionnaire(session, form.title, name, form.version, xml)
        set_meta(session, FORMS, f"{get_meta(session, FORMS)} {id}")
    return id


def add(session: Session, names: imports.Names) -> None:
    """The survey, in the transaction of all demonstration data."""
    survey = _Survey(session, names)
    survey.prepare()
    survey.ask()
    survey.papers()
    survey.review()
    survey.begin_one()


def remove(session: Session) -> None:
    """What burying the transaction leaves: the draft, forms that were in the bin before,
    and the version that was in use."""
    drafts.drop(session, get_meta(session, DRAFT))
    for id in get_meta(session, FORMS).split():
        load(session, "questionnaire", id).deleted = True
    set_meta(session, DRAFT, "")
    set_meta(session, FORMS, "")
    session.flush()
    rows = session.scalars(
        sa.select(Questionnaire)
        .where(Questionnaire.form == FORM, Questionnaire.deleted.is_(False))
        .order_by(Questionnaire.id)
    ).all()
    if rows and not any(row.active for row in rows):
        rows[-1].active = True


class _Survey:
    """The campaign while it is made. The same seed invents the same answers."""

    def __init__(self, session: Session, names: imports.Names) -> None:
        self.session = session
        self.names = names
        self.rng = Random("migdesk")
        self.places = {name: names.find_or_make("place", name) for name in PLACES}
        self.me = session.info["scribe"].actor or ""
        self.first = questionnaire(session, FORM)
        self.second = questionnaire(session, FORM, second=True)
        self.team: dict[str, str] = {}
        self.kept: dict[str, str] = {}
        self.campaign = ""

    def save(self, kind: str, id: str | None, **values: Any) -> str:
        return records.save(self.session, kind, id, values)

    def form(self, questionnaire: str) -> Form:
        return form_of(submissions.xform(self.session, questionnaire))

    # before the field -----------------------------------------------------------

    def prepare(self) -> None:
        """Campaign, targets, enumerators, frame, draw, assignments."""
        today = date.today()
        self.campaign = self.save(
            "campaign",
            None,
            name="Ménages et transferts, région de Sédhiou",
            questionnaire=self.second,
            state="running",
            starts=(today - timedelta(days=13)).isoformat(),
            ends=(today + timedelta(days=8)).isoformat(),
            places=list(self.places.values()),
            sex_question="respondent_sex",
            age_question="respondent_age",
            place_question="village",
        )
        self._staff()
        for place in self.places.values():
            for sex in ("female", "male"):
                self.save(
                    "campaign_target",
                    None,
                    campaign=self.campaign,
                    place=place,
                    sex=sex,
                    number=3,
                )
        mine = {"campaign": self.campaign, "account": self.team["Sédhiou"] or None}
        self.save("campaign_target", None, **mine, place=self.places["Sédhiou"], number=6)
        with resource("demo", "units.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                place = self.places[row["place"]]
                unit = {**row, "phone": row["phone"] or None, "place": place}
                self.save(
                    "survey_unit", None, **unit, stratum=row["place"], campaign=self.campaign
                )
        fieldwork.make_draw(self.session, self.campaign, "stratified", 18, "2026-SED", 6)
        for name, place in self.places.items():
            if self.team[name]:
                fieldwork.assign_place(self.session, self.campaign, place, self.team[name])

    def _staff(self) -> None:
        """Two enumerators; who opened the program visits the town."""
        role = self.session.info["scribe"].role
        for place, name in zip(PLACES, ENUMERATORS, strict=False):
            self.team[place] = (
                self.save("account", None, name=name, role="enumerator", active=True)
                if not role or role in HEADS
                else self.me
            )
        self.team[PLACES[-1]] = self.me

    # in the field ---------------------------------------------------------------

    def ask(self) -> None:
        """Three interviews with the first version to try it, then the sample."""
        for number, place in enumerate(PLACES):
            answers = demo_answers.household(self.rng, place)
            self._keep(self.first, answers, place, 12, number, 31 + number)
        for place in PLACES:
            units = self._units(place)
            asked = 5 if place != PLACES[-1] else 3
            for number, unit in enumerate(units[:asked]):
                self._visit(place, unit, number)
            self._unwilling(units[asked:])

    def _units(self, place: str) -> list[str]:
        """The sample of a place, in the order of visits."""
        rows = self.session.scalars(
            sa.select(SurveyUnit.id)
            .where(
                SurveyUnit.campaign == self.campaign,
                SurveyUnit.place == self.places[place],
                SurveyUnit.part == "sample",
            )
            .order_by(SurveyUnit.rank)
        )
        return list(rows)

    def _visit(self, place: str, unit: str, number: int) -> None:
        """An interview with a unit; some are such that somebody should look again."""
        sex = ("female", "male")[number % 2]
        answers = demo_answers.household(self.rng, place, sex)
        minutes, days, comments = self.rng.randint(27, 46), 9 - number, {}
        match place, number:
            case "Marsassoum", 1:
                minutes = 7
            case "Marsassoum", 3:
                answers["survey/remittances/receives"] = "yes"
                answers |= self._received(9_600_000)
                comments = {
                    "/data/survey/remittances/received/received_year": (
                        "Montant dit deux fois : vente d’une maison en Espagne."
                    )
                }
            case "Diattacounda", 2:
                answers = demo_answers.thinned(answers)
                comments = {
                    "/data/survey/members_part/household_size": (
                        "Personne pressée, à revoir un soir."
                    )
                }
        id = self._keep(self.second, answers, place, days, number, minutes, unit, comments)
        fieldwork.visited(self.session, unit)
        if (place, number) == ("Marsassoum", 1):
            note = "Vu avec Khady : ménage de deux questions seulement, rappelé le soir."
            about = {"submission": id, "check": "fast", "about": "", "note": note}
            self.save("check_note", None, **about, account=self.me or None, at=now_utc())
        if (place, number) == ("Diattacounda", 4):
            self._keep(self.second, answers, place, days - 1, 6, minutes + 4, unit)

    def _received(self, total: int) -> Answers:
        """A household that received much more than the others."""
        answers = {
            "received_year": str(total),
            "often": "once",
            "remittance_channels": "formal",
            "remittance_uses": "investment",
            "fee": "1500",
        }
        return {f"{demo_answers.RECEIVED}/{name}": text for name, text in answers.items()}

    def _unwilling(self, units: list[str]) -> None:
        """One absent, one refused, one replaced: each once, in the order of the places."""
        states = fieldwork.counts(self.session, self.campaign)
        if "absent" not in states:
            fieldwork.mark(self.session, units[0], "absent", "Aux champs jusqu’à la nuit")
        elif "replaced" not in states:
            fieldwork.replace(self.session, units[0], "Parti vivre à Ziguinchor")
        else:
            fieldwork.mark(self.session, units[0], "refused", "Ne souhaite pas parler d’argent")

    def _keep(
        self,
        questionnaire: str,
        answers: Answers,
        place: str,
        days: int,
        number: int,
        minutes: int,
        unit: str = "",
        comments: Mapping[str, str] | None = None,
        paper: str = "",
    ) -> str:
        """A finished interview of some days ago."""
        day = date.today() - timedelta(days=days)
        start = datetime.combine(day, time(9)).astimezone() + timedelta(minutes=75 * number)
        xml = demo_answers.submission(self.form(questionnaire), answers, start, minutes)
        instance = demo_answers.instance_of(xml)
        id = self.save(
            "submission",
            None,
            questionnaire=questionnaire,
            xml=xml,
            instance=instance,
            finished=stored_moment(start + timedelta(minutes=minutes)),
            language="Français (fr)",
            account=self.team[place] or None,
            campaign=self.campaign,
            place=self.places[place],
            survey_unit=unit or None,
            paper_copy=paper or None,
            comments=json.dumps(comments, ensure_ascii=False) if comments else None,
        )
        self.kept[id] = instance
        return id

    # at the office --------------------------------------------------------------

    def papers(self) -> None:
        """Three papers typed: one settled, one to compare, one to type again; one waits."""
        khady, lamine = (self.team[place] or None for place in PLACES[:2])
        for number, state in enumerate(("settled", "compare", "second"), 1):
            paper = double_entry.add_paper(self.session, self.campaign, f"P-00{number}")
            place = PLACES[number % 2]
            answers = demo_answers.household(self.rng, place, "female")
            first = self._keep(self.second, answers, place, 2, number, 30, paper=paper)
            self.save("paper_copy", paper, first=first, account=khady, state="second")
            if state == "second":
                continue
            again = demo_answers.mistyped(answers)
            start = datetime.now().astimezone() - timedelta(days=1)
            xml = demo_answers.submission(self.form(self.second), again, start, 25)
            self.save("paper_copy", paper, xml=xml, second=lamine, state="compare")
            if state == "settled":
                found = double_entry.compare(self.session, paper).differences
                right = {d.ref: d.second if d.ref.endswith("/age") else d.first for d in found}
                double_entry.settle(self.session, paper, right)
        double_entry.add_paper(self.session, self.campaign, "P-004")

    def review(self) -> None:
        """The first interviews are approved, one of the town goes back with a remark."""
        if not review.may_review(self.session.info["scribe"].role):
            return
        first = list(self.kept.items())
        review.approve(self.session, dict(first[:6]))
        id, instance = first[14]
        question = "/data/survey/members_part/household_size"
        said, words = "Q8", "Compter aussi les enfants confiés à une autre famille."
        review.remark(self.session, id, instance, question, said, words)
        review.send_back(self.session, id, instance)

    def begin_one(self) -> None:
        """An interview begun with the first version, left in the middle."""
        answers = demo_answers.household(self.rng, PLACES[-1])
        kept = {ref: text for ref, text in answers.items() if "/plans/" not in ref}
        form = self.form(self.first)
        run = demo_answers.begun(form, kept, demo_answers.Watch(datetime.now().astimezone()))
        about = {"kind": "campaign", "id": self.campaign, "title": "Ménages et transferts"}
        body = {
            "questionnaire": self.first,
            "about": [about],
            "run": run.draft(),
            "at": "/data/survey/plans/institutions",
            "seen": [f"/data/{ref}" for ref in kept],
        }
        id = drafts.fresh("submission")
        title = f"{about['title']} · {form.title}"
        drafts.put(self.session, id, "submission", title, body)
        set_meta(self.session, DRAFT, id)
