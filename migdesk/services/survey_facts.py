"""Who was asked, and where: from the records that an interview is about, else its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk import codelists
from migdesk.models import Record
from migdesk.models.household import Household
from migdesk.models.organisation import PlaceRecord
from migdesk.models.person import Person
from migdesk.models.search import fold
from migdesk.models.survey import Campaign, SurveyUnit

from .interviews import Answers, Forms, Interview, answers, choice_words, named, xml_of

# Names that designers give to these questions, in French and English.
PLACE_NAMES = ("place", "lieu", "village", "commune", "locality", "localite")
SEX_NAMES = ("sex", "sexe", "gender", "genre")
AGE_NAMES = ("age", "âge", "age_years", "age_annees")
STATUS_NAMES = ("status", "statut", "migration_status", "statut_migratoire")

UNSAID = ("prefers_not_to_say", "not_asked")
# How a sex is written in forms, folded; the first letters stand for themselves.
SEXES = {
    "female": ("f", "female", "femme", "feminin", "woman", "girl", "fille"),
    "male": ("m", "h", "male", "homme", "masculin", "man", "boy", "garcon"),
    "other": ("other", "autre", "non binary", "non binaire"),
}


@dataclass(frozen=True)
class Facts:
    """What progress is counted by; "" where it is not known. `age` is an age group."""

    place: str = ""
    sex: str = ""
    age: str = ""
    status: str = ""


class Reader:
    """Reads the facts of interviews. `fine`: also sex, age and status, which may cost the
    reading of every answer."""

    def __init__(
        self, session: Session, campaign: Campaign, held: Sequence[Interview], fine: bool = True
    ) -> None:
        self._session = session
        self._campaign = campaign
        self._fine = fine
        self._units = self._linked("survey_unit", held, SurveyUnit, "place")
        self._homes = self._linked("household", held, Household, "place")
        self._people = self._linked("person", held, Person, "origin", "sex", "birth", "status")
        self._forms = Forms(session)
        self._places: dict[str, str] = {}
        self._paths: dict[str, dict[str, str]] = {}

    def facts(self, interview: Interview) -> Facts:
        """What is known of one interview."""
        person = self._people.get(interview.links.get("person", ""))
        place = self._place(interview)
        if place and not self._fine:
            return Facts(place)
        read: tuple[Answers, dict[str, str]] | None = None
        found = {"place": place, "sex": "", "age": "", "status": ""}
        if person is not None and self._fine:
            _origin, sex, birth, status = person
            found["sex"] = sex or ""
            found["age"] = age_group(_age(birth, interview.day))
            found["status"] = "" if status in UNSAID else status or ""
        for name in ("place", "sex", "age", "status") if self._fine else ("place",):
            asked = getattr(self._campaign, f"{name}_question")
            if found[name] and not asked:
                continue
            read = read or self._read(interview)
            found[name] = self._answer(interview, name, *read) or found[name]
        return Facts(**found)

    def _linked(
        self, link: str, held: Sequence[Interview], model: type[Record], *names: str
    ) -> dict[str, tuple[Any, ...]]:
        """Some values of the records that the interviews are about, by id."""
        ids = list({each.links[link] for each in held if link in each.links})
        columns = [getattr(model, name) for name in names]
        found: dict[str, tuple[Any, ...]] = {}
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            rows = self._session.execute(
                sa.select(model.id, *columns).where(model.id.in_(part))
            )
            found |= {id: tuple(values) for id, *values in rows}
        return found

    def _place(self, interview: Interview) -> str:
        """Where it was: said of the interview itself, else of what it is about."""
        links = interview.links
        if "place" in links:
            return links["place"]
        for kind, known in (
            ("survey_unit", self._units),
            ("household", self._homes),
            ("person", self._people),
        ):
            place = known.get(links.get(kind, ""), (None,))[0]
            if place:
                return str(place)
        return ""

    # answers --------------------------------------------------------------------

    def _read(self, interview: Interview) -> tuple[Answers, dict[str, str]]:
        """The answers, and the paths of the questions that tell the facts."""
        form, own = self._forms.of(interview.questionnaire), self._campaign
        if interview.questionnaire not in self._paths:
            self._paths[interview.questionnaire] = {
                "place": named(form, _names(own.place_question, PLACE_NAMES)),
                "sex": named(form, _names(own.sex_question, SEX_NAMES)),
                "age": named(form, _names(own.age_question, AGE_NAMES)),
                "status": named(form, _names(own.status_question, STATUS_NAMES)),
            }
        xml = interview.xml or xml_of(self._session, interview.id)
        return answers(form, xml), self._paths[interview.questionnaire]

    def _answer(
        self, interview: Interview, name: str, given: Answers, paths: dict[str, str]
    ) -> str:
        path = paths[name]
        texts = given.get(path, ()) if path else ()
        if len(texts) != 1 or not texts[0]:
            return ""  # not asked, blank, or asked of each member of a household
        if name == "age":
            return age_group(_whole(texts[0]))
        words = choice_words(self._forms.of(interview.questionnaire), path, texts[0])
        if name == "sex":
            return sex_of(words)
        return _status(words) if name == "status" else self._place_called(words)

    def _place_called(self, words: tuple[str, ...]) -> str:
        key = "\n".join(words)
        if key not in self._places:
            row = self._session.scalar(
                sa.select(PlaceRecord.id)
                .where(
                    sa.or_(PlaceRecord.pcode.in_(words), PlaceRecord.name.in_(words)),
                    PlaceRecord.deleted.is_(False),
                )
                .order_by(sa.case((PlaceRecord.pcode.in_(words), 0), else_=1), PlaceRecord.id)
            )
            self._places[key] = row or ""
        return self._places[key]


def _names(own: str | None, usual: tuple[str, ...]) -> tuple[str, ...]:
    return (own,) if own else usual


def _whole(text: str) -> int | None:
    head = text.partition(".")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 4 else None


def _age(birth: str | None, day: date | None) -> int | None:
    """Age in years on a day, from an EDTF date (a year at least)."""
    if not birth or not birth[:4].isdigit() or day is None:
        return None
    later = len(birth) >= 10 and birth[5:10] > day.isoformat()[5:]
    return day.year - int(birth[:4]) - later


def age_group(age: int | None) -> str:
    """Code of the list ``age_groups`` for an age in years, "" if none fits."""
    if age is None:
        return ""
    for item in codelists.get("age_groups"):
        low, high = item.extra.get("low", ""), item.extra.get("high", "")
        if low.isdigit() and int(low) <= age and (not high.isdigit() or age <= int(high)):
            return item.code
    return ""


def sex_of(words: tuple[str, ...]) -> str:
    """Code of the list ``sex`` that any of these words means, "" if none does."""
    folded = {fold(word).strip() for word in words}
    return next((code for code, said in SEXES.items() if folded & set(said)), "")


def _status(words: tuple[str, ...]) -> str:
    folded = {fold(word).strip() for word in words}
    for item in codelists.get("migration_status"):
        if item.code in words or folded & {fold(label) for label in item.labels.values()}:
            return item.code
    return ""
