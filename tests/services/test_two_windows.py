"""Two agents at once: two windows on one database fill forms, take answers in, number
records and correct them, in threads, and nothing that either wrote is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from migdesk.models.store import Changes, Store
from migdesk.services import answers, double_entry, drafts, records, submissions
from migdesk.services.answers import Arrival
from migdesk.services.views import Query
from migdesk.task import Task
from tests.services import field
from tests.tools import KEY, ops

ROUNDS = 8


@pytest.fixture(params=["sqlite", "postgresql"])
def windows(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """One database opened twice, each time by another person."""
    if request.param == "sqlite":
        one: Store = request.getfixturevalue("store")
        other = Store.open(tmp_path / "store-0.db", KEY)
    else:
        one = request.getfixturevalue("pg_store")
        other = Store.connect(request.getfixturevalue("pg_url"))
    one.actor, other.actor = (
        one.write(records.save, "account", None, {"name": name, "role": "agent"})
        for name in ("Fatou", "Malang")
    )
    yield one, other
    other.close()


@pytest.fixture
def form(windows: tuple[Store, Store]) -> str:
    return field.questionnaire(windows[0])


def at_once(*works: Callable[[], None]) -> None:
    """Begin all works at the same moment; any that fails fails the test."""
    start = Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        start.wait()
        work()

    with ThreadPoolExecutor(len(works)) as threads:
        for done in [threads.submit(run, work) for work in works]:
            done.result()


def instances(store: Store) -> list[str]:
    rows = store.read(records.list_page, "submission", Query(), "", 500).rows
    return sorted(str(row.values["instance"]) for row in rows)


def test_filling_beside_an_import(windows: tuple[Store, Store], form: str) -> None:
    one, other = windows
    interviews = [field.xml({"who": f"Awa {n}"}) for n in range(ROUNDS)]
    arrivals = [
        Arrival(form, f"uuid:in-{n}", field.xml({"who": f"Binta {n}"})) for n in range(ROUNDS)
    ]

    def fill() -> None:
        for n, xml in enumerate(interviews):
            draft = f"submission:{n}"
            one.write(drafts.put, draft, "submission", "Enquête", {})
            one.write(submissions.finalise, form, xml, f"uuid:out-{n}", {}, draft=draft)

    def take() -> None:
        for n in range(0, ROUNDS, 2):
            assert other.write(answers.take, Task(), arrivals[n : n + 2], {}) == 2

    at_once(fill, take)
    for store in windows:
        assert instances(store) == sorted(
            [f"uuid:out-{n}" for n in range(ROUNDS)] + [a.instance for a in arrivals]
        )
    assert one.read(drafts.list_mine, one.actor) == ()
    stamps = [op.stamp for op in ops(one)]
    assert stamps == sorted(set(stamps))


def test_the_same_file_taken_in_by_both_is_here_once(
    windows: tuple[Store, Store], form: str
) -> None:
    arrivals = [
        Arrival(form, f"uuid:{n}", field.xml({"who": f"Awa {n}"})) for n in range(ROUNDS)
    ]
    kept: list[int] = []

    def take(store: Store) -> Callable[[], None]:
        return lambda: kept.append(store.write(answers.take, Task(), arrivals, {}))

    at_once(*(take(store) for store in windows))
    assert sorted(kept) == [0, ROUNDS]
    assert len(instances(windows[0])) == ROUNDS


def test_numbers_are_given_once_and_fields_of_both_stay(windows: tuple[Store, Store]) -> None:
    one, other = windows
    case = one.write(records.save, "case", None, {"title": "Aviculture", "person": "p"})
    codes: list[str] = []

    def work(store: Store, name: str) -> Callable[[], None]:
        def run() -> None:
            for n in range(ROUNDS):
                made = store.write(records.save, "person", None, {"family_name": f"Diallo {n}"})
                codes.append(store.read(records.get, "person", made).code)
                store.write(records.save, "case", case, {name: str(n + 1)})

        return run

    at_once(work(one, "coach"), work(other, "title"))
    assert len(set(codes)) == 2 * ROUNDS
    values = one.read(records.get, "case", case).values
    assert (values["coach"], values["title"]) == (str(ROUNDS), str(ROUNDS))


def test_two_typists_of_one_paper_make_its_two_entries(
    windows: tuple[Store, Store], form: str
) -> None:
    one, other = windows
    campaign = one.write(records.save, "campaign", None, {"name": "B", "questionnaire": form})
    paper = one.write(double_entry.add_paper, campaign, "0012")
    forms = [field.xml({"who": who}) for who in ("Awa", "Awa D.")]

    def finish(store: Store, xml: str) -> Callable[[], None]:
        instance = xml.partition("<instanceID>")[2].partition("<")[0]
        links = {"paper_copy": paper}
        return lambda: _done(store.write(submissions.finalise, form, xml, instance, links))

    at_once(finish(one, forms[0]), finish(other, forms[1]))
    values = one.read(records.get, "paper_copy", paper).values
    assert values["state"] == "compare"
    assert {values["account"], values["second"]} == {one.actor, other.actor}
    assert len(instances(one)) == 1
    differences = one.read(double_entry.compare, paper).differences
    assert {differences[0].first, differences[0].second} == {"Awa", "Awa D."}


def _done(_id: str) -> None:
    """The id is not asked for."""


def test_each_window_hears_of_the_other(windows: tuple[Store, Store], form: str) -> None:
    one, other = windows
    one.heed_others()
    heard: list[Changes] = []
    one.listen(heard.append)
    arrival = Arrival(form, "uuid:1", field.xml({"who": "Awa"}))
    other.write(answers.take, Task(), [arrival], {})
    assert one.heed_others() and heard[-1].touches("submission")
    assert not one.heed_others()
