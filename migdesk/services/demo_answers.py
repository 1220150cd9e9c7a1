"""Invented answers to our questionnaires: each coherent in itself, none of anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from migdesk.forms import Form, Run

Answers = dict[str, str]
"""Reference below the root, with positions → text as typed; in the order of asking."""

WHERE = {
    "Marsassoum": ("sedhiou_sedhiou", "rural"),
    "Diattacounda": ("sedhiou_goudomp", "rural"),
    "Sédhiou": ("sedhiou_sedhiou", "urban"),
}
"""Department and setting of the places that are visited."""
NAMES = {
    "female": ("Fatou", "Aïssatou", "Khady", "Sira", "Mariama", "Awa", "Binta", "Ndèye"),
    "male": ("Ousmane", "Lamine", "Bakary", "Moussa", "Ibrahima", "Cheikh", "Papis", "Malang"),
}
COUNTRIES = ("Espagne", "France", "Italie", "Gambie", "Mauritanie", "Côte d’Ivoire")
MEMBER = "survey/members_part/member"
RECEIVED = "survey/remittances/received"


@dataclass
class Watch:
    """A clock that stands where it is put."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def submission(form: Form, answers: Mapping[str, str], start: datetime, minutes: int) -> str:
    """XML of a questionnaire begun at `start`. Raises NotFinished."""
    watch = Watch(start)
    run = begun(form, answers, watch)
    watch.now = start + timedelta(minutes=minutes)
    return run.finalise()


def begun(form: Form, answers: Mapping[str, str], watch: Watch) -> Run:
    """A questionnaire with some answers, not finished."""
    run = Run(form, "Français (fr)", now=watch)
    for name, text in answers.items():
        run.set(f"/{form.definition.root.name}/{name}", text)
    return run


def instance_of(xml: str) -> str:
    """The identifier that the form gave a submission."""
    return xml.partition("<instanceID>")[2].partition("<")[0]


# a household --------------------------------------------------------------------


@dataclass
class _Member:
    relation: str
    sex: str
    age: int


def household(rng: Random, place: str, sex: str = "") -> Answers:
    """Answers of one household; `sex` of who answers, where the form asks for it."""
    department, setting = WHERE[place]
    answers = {
        "consent": "yes",
        "survey/place/region": "sedhiou",
        "survey/place/department": department,
        "survey/place/village": place,
        "survey/place/setting": setting,
    }
    members = list(_family(rng, sex or rng.choice(("female", "male"))))
    if sex:
        answers["survey/respondent/respondent_sex"] = sex
        answers["survey/respondent/respondent_age"] = str(members[0].age)
    answers["survey/members_part/household_size"] = str(len(members))
    sent = 0
    for number, member in enumerate(members, 1):
        row = _member(rng, member)
        sent += int(row.get("sends_monthly", 0))
        answers |= {f"{MEMBER}[{number}]/{name}": text for name, text in row.items()}
    return answers | _remittances(rng, sent) | _plans(rng)


def _family(rng: Random, sex: str) -> Iterator[_Member]:
    age = rng.randint(31, 62)
    other = "male" if sex == "female" else "female"
    yield _Member("reference", sex, age)
    yield _Member("spouse", other, max(20, age + rng.randint(-6, 6)))
    oldest = min(age - 19, 27)
    for _child in range(rng.randint(1, 5)):
        born = rng.choice(("female", "male"))
        yield _Member("child", born, rng.randint(max(oldest - 15, 1), oldest))
    if rng.random() < 0.5:
        yield _Member("sibling", rng.choice(("female", "male")), max(18, age - 7))
    if age < 50:
        yield _Member("parent", rng.choice(("female", "male")), age + rng.randint(20, 26))


def _member(rng: Random, member: _Member) -> Answers:
    grown = 18 <= member.age < 60 and member.relation != "reference"
    lives = rng.choices(("never", "abroad", "internal", "returned"), (5, 3, 2, 1))[0]
    row = {
        "first_name": rng.choice(NAMES[member.sex]),
        "relation": member.relation,
        "sex": member.sex,
        "age": str(member.age),
        "migration": lives if grown else "never",
    }
    if member.age >= 6:
        learnt = ("koranic", "primary", "lower_secondary", "upper_secondary", "higher")
        row["education"] = rng.choice(learnt if member.age > 18 else learnt[:2])
    if member.age >= 15:
        busy = ("farming", "own_business", "day_labour", "employee", "household")
        row["occupation"] = "student" if member.age < 18 else rng.choice(busy)
    if row["migration"] in ("abroad", "returned"):
        row["where_lives"] = rng.choice(COUNTRIES)
        row["year_left"] = str(date.today().year - rng.randint(1, min(12, member.age - 17)))
    if row["migration"] in ("abroad", "internal"):
        row["sends"] = rng.choices(("yes", "no"), (4, 1))[0]
        if row["sends"] == "yes":
            # CFA francs: about a tenth of a wage there, a third of one elsewhere in Senegal.
            steps = (12, 24) if row["migration"] == "abroad" else (3, 8)
            row["sends_monthly"] = str(2_500 * rng.randint(*steps))
    return row


def _remittances(rng: Random, monthly: int) -> Answers:
    receives = bool(monthly) or rng.random() < 0.3
    answers = {"survey/remittances/receives": "yes" if receives else "no"}
    if not receives:
        return answers
    total = round(12 * (monthly or 15_000) * rng.uniform(0.85, 1.1) / 5_000) * 5_000
    channels = rng.choice(("formal", "formal", "informal", "formal informal"))
    uses = rng.sample(("basic_needs", "consumption", "customary_events", "savings"), 2)
    detail = {
        "remittance_forms": rng.choice(("cash", "cash", "cash in_kind")),
        "received_year": str(total),
        "often": "monthly" if monthly else rng.choice(("quarterly", "events")),
        "remittance_channels": channels,
        "channel_criteria": " ".join(rng.sample(("cost", "speed", "reliability"), 2)),
        "remittance_uses": " ".join(uses),
        "main_use": uses[0],
        "decider": rng.choice(("recipient", "sender", "together")),
    }
    if "formal" in channels.split():
        detail["fee"] = str(250 * rng.randint(4, 12))
    if "savings" in uses:
        detail["saved_share"] = str(5 * rng.randint(1, 6))
    return answers | {f"{RECEIVED}/{name}": text for name, text in detail.items()}


def _plans(rng: Random) -> Answers:
    held = rng.choice(("tontine", "transfer_operator tontine", "mutual", "bank", "nothing"))
    wish = rng.choices(("yes", "no"), (3, 1))[0]
    answers = {"institutions": held, "would_invest": wish}
    if wish == "yes":
        lack = ("lack_credit", "lack_capacity", "outdated_information", "risk")
        answers["invest_obstacles"] = " ".join(rng.sample(lack, rng.randint(1, 2)))
    return {f"survey/plans/{name}": text for name, text in answers.items()}


def thinned(answers: Answers) -> Answers:
    """The same interview hurried through: what may stay blank is blank."""
    skipped = ("age", "education", "occupation", "first_name", "channel_criteria", "often")
    return {ref: text for ref, text in answers.items() if ref.split("/")[-1] not in skipped}


def mistyped(answers: Answers) -> Answers:
    """The same paper typed by somebody else, with the slips that typing makes."""
    slips: dict[str, Callable[[str], str]] = {
        f"{MEMBER}[2]/age": lambda text: str(int(text) + 10),
        "survey/plans/would_invest": lambda text: "no" if text == "yes" else "yes",
        f"{MEMBER}[1]/first_name": lambda text: f"{text}e",
    }
    found = {ref: slips[ref](text) if ref in slips else text for ref, text in answers.items()}
    return {ref: text for ref, text in found.items() if not ref.endswith("invest_obstacles")}


# a project ----------------------------------------------------------------------

PROJECTS: tuple[tuple[str, str, str, int], ...] = (
    ("livestock", "Élever des poules pondeuses et vendre les œufs au marché.", "create", 3),
    ("agriculture", "Mettre en valeur un bas-fond et décortiquer le riz.", "elaborate", 6),
    ("crafts", "Ouvrir un atelier de couture et former des apprenties.", "formalise", 5),
    ("processing", "Sécher les mangues pour les vendre à Dakar.", "identify", 4),
    ("commerce", "Tenir une boutique de pièces de moto.", "follow_up", 2),
    ("fishing", "Équiper une pirogue et vendre le poisson fumé.", "identify", 3),
    ("transport", "Acheter un tricycle pour livrer les récoltes.", "elaborate", 2),
)
NEEDED = ("trade_skills", "management_skills", "marketing", "digital", "family_budget")
WANTED = ("business_plan", "access_to_finance", "dossier_guidance", "personal_coaching")


def needs(rng: Random, person: Mapping[str, Any], number: int) -> Answers:
    """Answers of a migrant with a project; `person` holds the values of the record."""
    sector, idea, stage, jobs = PROJECTS[number % len(PROJECTS)]
    abroad = person["residence_country"] != "SN"
    born = int(str(person["birth"] or "1985")[:4])
    cost = 50_000 * rng.randint(16, 70)
    answers = {
        "profile/called": str(person["given_name"]),
        "profile/sex": str(person["sex"]),
        "profile/age": str(date.today().year - born),
        "profile/residence": "elsewhere" if abroad else "sedhiou",
        "profile/phase": "destination" if abroad else rng.choice(("return", "reintegration")),
        "profile/country": rng.choice(COUNTRIES),
        "profile/years_abroad": str(rng.randint(2, 12)),
        "profile/education": rng.choice(("primary", "lower_secondary", "vocational")),
        "project/idea": idea,
        "project/sector": sector,
        "project/stage": stage,
        "project/place": "sedhiou",
        "project/ownership": rng.choice(("individual", "migrant_family_joint", "cooperative")),
        "project/jobs": str(jobs),
        "experience/years_in_trade": str(rng.randint(1, 14)),
        "experience/has_managed": "no",
        "experience/assets": rng.choice(("land", "land equipment", "customers", "nothing")),
        "money/cost": str(cost),
        "money/own_money": str(cost // 4),
        "money/family_money": str(cost // 10),
        "money/funding_wanted": rng.choice(("microfinance_institution mutual", "programme")),
        "money/account": rng.choice(("yes", "no")),
        "needs/training_needs": " ".join(rng.sample(NEEDED, 2)),
        "needs/service_needs": " ".join(rng.sample(WANTED, 2)),
        "needs/paper_needs": rng.choice(("company_registration", "land_title")),
        "needs/obstacles": rng.choice(("lack_credit", "lack_credit land_access")),
        "needs/availability": rng.choice(("morning", "afternoon weekend")),
    }
    return {"consent": "yes"} | {f"interview/{name}": text for name, text in answers.items()}
