"""What the pictures show: demonstration data, a disagreement, an interview put aside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import staged_exchange

from migdesk.forms import Run
from migdesk.jobs import exchange as bundles
from migdesk.jobs.questionnaires import import_xlsform
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import (
    demo,
    drafts,
    exchange,
    form_words,
    paper_forms,
    records,
    submissions,
)
from migdesk.services.records import Query
from migdesk.task import Task
from migdesk.ui import doors
from migdesk.ui.first_start import Founding
from migdesk.ui.formview import About, Filling

PHONES = ("+221771112233", "+221705556677")
VILLAGES = ("Bambali", "Diana Malary", "Djirédji", "Koussy", "Sakar", "Simbandi Brassou")
ANSWERS = {"consent": "yes", "called": "Tata Fatou", "sex": "female", "age": "41"}


def founded(home: Path, name: str, person: str) -> doors.Opened:
    """A new office."""
    founding = Founding("fr", name, "Sédhiou", "SN", person, "demonstration")
    return doors.found(Paths(home).make(), founding)[0]


@dataclass(frozen=True)
class Staged:
    """Ids of what the scenes show. `trial`: a draft of the small form; `interview`: one of
    the survey; `questionnaire`: its second version; `workbook`: the small form, for an
    import."""

    person: str
    case: str
    organisation: str
    draft: str
    campaign: str
    paper: str
    interview: str
    trial: str
    commented: str
    questionnaire: str
    workbook: Path


def furnish(home: Path, folder: Path) -> Staged:
    """Demonstration data, a second computer that changed the same telephone, interviews put
    aside."""
    here = founded(home, "HOM Sédhiou", "Fatou Diatta")
    other = founded(home.parent / "other", "HOM Kolda", "Ibrahima Mané")
    introduce(here.store, other.store, folder)
    here.store.write(demo.add)
    person = first(here.store, "person", "Diallo")
    disagree(here.store, other.store, person, folder)
    staged_exchange.furnish(here.store, home.parent, folder)
    interview = here.store.read(drafts.list_mine)[0].id
    store = here.store
    workbook = trial_workbook(folder)
    staged = Staged(
        person=person,
        case=first(store, "case", "volailles"),
        organisation=first(store, "organisation", "Sénégal"),
        draft=begin_interview(store, person),
        campaign=first(store, "campaign", ""),
        paper=next(
            row.id
            for row in store.read(records.list_page, "paper_copy", Query()).rows
            if row.values["state"] == "compare"
        ),
        interview=interview,
        trial=begin_trial(store, workbook),
        commented=next(
            row.id
            for row in store.read(records.list_page, "submission", Query(), limit=200).rows
            if row.values["comments"]
        ),
        questionnaire=next(
            row.id
            for row in store.read(submissions.questionnaires)
            if row.values["form"] == "household_survey"
        ),
        workbook=workbook,
    )
    here.store.close()
    other.store.close()
    return staged


def trial_workbook(folder: Path) -> Path:
    """The small form and its list, in a folder of their own."""
    place = folder.parent / "field_visit"
    place.mkdir()
    text = (Path(__file__).parent / "trial.md").read_text(encoding="utf-8")
    (place / "field_visit.md").write_text(text, encoding="utf-8")
    rows = "\n".join(f"{name.lower()},{name}" for name in VILLAGES)
    (place / "villages.csv").write_text(f"name,label\n{rows}\n", encoding="utf-8")
    return place / "field_visit.md"


def begin_trial(store: Store, workbook: Path) -> str:
    """The small form in use, and one filling of it; id of the draft."""
    made = import_xlsform(store, Task(), workbook)
    form = store.read(form_words.open_form, made.questionnaire.id)
    run = Run(form, form.languages[0])
    run.set("/data/who", "Fatoumata Diatta")
    filling = Filling(run, made.questionnaire.id)
    store.write(drafts.put, filling.draft_id, "submission", filling.title, filling.body())
    return filling.draft_id


def first(store: Store, kind: str, text: str) -> str:
    """The first record of a kind that fits."""
    rows = store.read(records.list_page, kind, Query(text=text)).rows
    return rows[0].id if rows else store.read(records.list_page, kind, Query()).rows[0].id


def introduce(here: Store, other: Store, folder: Path) -> None:
    """Two computers learn to trust each other, and what the other holds."""
    for store in (here, other):
        store.write(exchange.make_card)
    here.write(exchange.pair, other.read(exchange.my_card).text)
    other.write(exchange.pair, here.read(exchange.my_card).text)
    bundles.export_bundle(other, Task(), folder)
    bundles.import_bundles(here, Task(), folder)


def disagree(here: Store, other: Store, person: str, folder: Path) -> None:
    """Both computers change one telephone, then exchange."""
    bundles.export_bundle(here, Task(), folder)
    bundles.import_bundles(other, Task(), folder)
    for store, phone in zip((here, other), PHONES, strict=True):
        store.write(records.save, "person", person, {"phone": phone})
    bundles.export_bundle(other, Task(), folder)
    bundles.import_bundles(here, Task(), folder)


def begin_interview(store: Store, person: str) -> str:
    """Some answers of the needs assessment, put aside; id of the draft."""
    rows = store.read(submissions.questionnaires)
    wanted = next(row for row in rows if row.values["form"] == "needs_assessment")
    form = store.read(paper_forms.open_form, wanted.id)
    title = store.read(records.title_of, "person", person)
    run = Run(form, form.languages[0])
    filling = Filling(run, wanted.id, (About("person", person, title),))
    for name, answer in ANSWERS.items():
        stop = next(s for s in filling.stops if s.ref.endswith(f"/{name}"))
        run.set(stop.ref, answer)
        filling.refresh()
    filling.key = next(s.key for s in filling.stops if s.ref.endswith("/phase"))
    filling.seen |= {s.key for s in filling.stops[: filling.place]}
    store.write(drafts.put, filling.draft_id, "submission", filling.title, filling.body())
    return filling.draft_id
