"""What the pictures show: demonstration data, a disagreement, an interview put aside."""

from __future__ import annotations

from pathlib import Path

from migdesk.forms import Run
from migdesk.jobs import exchange as bundles
from migdesk.models.store import Store
from migdesk.paths import Paths
from migdesk.services import demo, drafts, exchange, paper_forms, records, submissions
from migdesk.services.records import Query
from migdesk.task import Task
from migdesk.ui import doors
from migdesk.ui.first_start import Founding
from migdesk.ui.formview import About, Filling

PHONES = ("+221771112233", "+221705556677")
ANSWERS = {"consent": "yes", "called": "Tata Fatou", "sex": "female", "age": "41"}


def founded(home: Path, name: str, person: str) -> doors.Opened:
    """A new office."""
    founding = Founding("fr", name, "Sédhiou", "SN", person, "demonstration")
    return doors.found(Paths(home).make(), founding)[0]


def furnish(home: Path, folder: Path) -> tuple[str, str, str, str]:
    """Demonstration data, a second computer that changed the same telephone, an interview
    put aside. Ids of a person, a case, an organisation and a draft."""
    here = founded(home, "HOM Sédhiou", "Fatou Diatta")
    other = founded(home.parent / "other", "HOM Kolda", "Ibrahima Mané")
    here.store.write(demo.add)
    person = first(here.store, "person", "Diallo")
    disagree(here.store, other.store, person, folder)
    draft = begin_interview(here.store, person)
    case = first(here.store, "case", "volailles")
    organisation = first(here.store, "organisation", "Sénégal")
    here.store.close()
    other.store.close()
    return person, case, organisation, draft


def first(store: Store, kind: str, text: str) -> str:
    """The first record of a kind that fits."""
    rows = store.read(records.list_page, kind, Query(text=text)).rows
    return rows[0].id if rows else store.read(records.list_page, kind, Query()).rows[0].id


def disagree(here: Store, other: Store, person: str, folder: Path) -> None:
    """Both computers change one telephone, then exchange."""
    for store in (here, other):
        store.write(exchange.make_card)
    here.write(exchange.pair, other.read(exchange.my_card).text)
    other.write(exchange.pair, here.read(exchange.my_card).text)
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
