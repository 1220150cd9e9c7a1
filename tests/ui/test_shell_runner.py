"""The runner: order, answers on the screen thread, forgotten owners, faults, jobs."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from migdesk.errors import Mistake, Obstacle
from migdesk.models.store import Changes, Store
from migdesk.services import records
from migdesk.services.records import Query
from migdesk.task import Task
from migdesk.ui.runner import DirectRunner, Runner
from tests.ui.conftest import ScriptedAsker


class Blocked(Obstacle):
    code = "TST-001"


@pytest.fixture
def threaded(store: Store, asker: ScriptedAsker, qtbot: QtBot) -> Iterator[Runner]:
    made = Runner(store, asker)
    yield made
    made.close()


def test_what_was_written_is_in_what_is_read_next(threaded: Runner, qtbot: QtBot) -> None:
    counts: list[int] = []
    for number in range(5):
        values = {"family_name": f"Diallo {number}"}
        threaded.write(records.save, "person", None, values)
        threaded.read(records.count, "person", Query(), then=counts.append)
    qtbot.waitUntil(lambda: len(counts) == 5)
    assert counts == [1, 2, 3, 4, 5]


def test_answers_arrive_on_the_screen_thread(threaded: Runner, qtbot: QtBot) -> None:
    where: list[tuple[int, int]] = []

    def service(session: Any) -> int:
        return threading.get_ident()

    threaded.read(service, then=lambda at: where.append((at, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(where))
    worked, answered = where[0]
    assert answered == threading.get_ident()
    assert worked != answered


def test_an_owner_that_is_gone_hears_nothing(threaded: Runner, qtbot: QtBot) -> None:
    import shiboken6

    owner, heard, last = QObject(), [], []
    gate = threading.Event()

    def service(session: Any) -> None:
        gate.wait(5)

    threaded.read(service, then=heard.append, owner=owner)
    threaded.read(records.count, "person", Query(), then=last.append)
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: bool(last))
    assert heard == []


def test_a_fault_goes_to_the_page_or_else_to_the_asker(
    threaded: Runner, asker: ScriptedAsker, qtbot: QtBot
) -> None:
    mine: list[Any] = []
    bad = {"family_name": ""}
    threaded.write(records.save, "person", None, bad, failed=mine.append)
    threaded.write(records.save, "person", None, bad)
    qtbot.waitUntil(lambda: bool(asker.faults))
    assert [type(fault).__mro__[1] for fault in mine] == [Mistake]
    assert len(asker.faults) == 1


def test_a_bug_is_reported_without_its_words(
    threaded: Runner,
    asker: ScriptedAsker,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def service(session: Any) -> None:
        raise KeyError("Aminata Diallo")

    threaded.read(service)
    qtbot.waitUntil(lambda: bool(asker.bugs))
    assert asker.bugs[0].startswith("KeyError-")
    assert "service" in caplog.text
    assert "Aminata" not in caplog.text
    caplog.clear()


def test_changes_are_announced(threaded: Runner, qtbot: QtBot) -> None:
    with qtbot.waitSignal(threaded.changed) as heard:
        threaded.write(records.save, "person", None, {"family_name": "Sané"})
    changes = heard.args[0]
    assert isinstance(changes, Changes)
    assert changes.touches("person")


def test_a_job_reports_and_stops(threaded: Runner, qtbot: QtBot) -> None:
    steps: list[int] = []
    ended: list[Any] = []

    def job(store: Store, task: Task) -> None:
        while True:
            steps.append(1)
            task.step(len(steps), 0, "")
            threading.Event().wait(0.001)

    task = threaded.job(job, then=ended.append, title="Counting")
    assert threaded.jobs[0].title == "Counting"
    qtbot.waitUntil(lambda: bool(steps))
    task.cancel()
    qtbot.waitUntil(lambda: not threaded.jobs)
    assert ended == []


def test_reads_go_on_beside_a_job(threaded: Runner, qtbot: QtBot) -> None:
    gate, read = threading.Event(), []

    def job(store: Store, task: Task) -> None:
        gate.wait(5)

    threaded.job(job)
    threaded.read(records.count, "person", Query(), then=read.append)
    qtbot.waitUntil(lambda: bool(read))
    assert threaded.jobs
    gate.set()


def test_closing_writes_what_was_asked(
    store: Store, asker: ScriptedAsker, qtbot: QtBot
) -> None:
    runner = Runner(store, asker)
    for number in range(10):
        runner.write(records.save, "person", None, {"family_name": f"N{number}"})
    runner.close()
    runner.close()
    assert store.read(records.count, "person", Query()) == 10


def test_retry_is_offered_for_an_obstacle_only(
    runner: DirectRunner, asker: ScriptedAsker
) -> None:
    tries: list[int] = []

    def service(session: Any) -> str:
        tries.append(1)
        if len(tries) == 1:
            raise Blocked
        return "done"

    again: list[Any] = []
    asker.fault = lambda fault, retry=None: again.append(retry)  # type: ignore[method-assign]
    got: list[str] = []
    runner.read(service, then=got.append)
    again[0]()
    assert got == ["done"]
