"""The runner: store work off the screen thread, answers on it.

Two lanes. Reads and writes share one thread and keep their order, so that what was saved
is in what is read next; jobs run beside them. Workers own no Qt object: they post a plain
function through the runner's one signal, and Qt carries it to the screen thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from migdesk.errors import Cancelled, Fault, Obstacle
from migdesk.task import Task
from migdesk.ui import bugs

if TYPE_CHECKING:
    from migdesk.models.store import Changes, Store
    from migdesk.ui.asker import Asker

R = TypeVar("R")
Work = Callable[[], Any]
JOB_THREADS = 2
STEP_SECONDS = 0.05


@dataclass(eq=False)
class Job:
    """A running job as the progress bar sees it. `total` 0: nobody knows."""

    title: str
    task: Task
    done: int = 0
    total: int = 0
    text: str = ""
    heard: float = field(default=0.0, repr=False)


@dataclass(frozen=True)
class _Answer:
    """What to do with a result on the screen thread."""

    work: Work
    then: Callable[[Any], object] | None
    failed: Callable[[Fault], object] | None
    owner: QObject | None
    again: Callable[[], None]

    @property
    def wanted(self) -> bool:
        """False once the page that asked is gone."""
        return self.owner is None or shiboken6.isValid(self.owner)


class Worker(QObject):
    """One thread beside the screen. Serves the gate, where no store is open yet."""

    _posted = Signal(object)

    def __init__(self, asker: Asker) -> None:
        super().__init__()
        self.asker = asker
        self._line = ThreadPoolExecutor(1, "line")
        self._closed = False
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Work,
        then: Callable[[Any], object] | None = None,
        owner: QObject | None = None,
        failed: Callable[[Fault], object] | None = None,
    ) -> None:
        """Do some work in order; `then` gets its result on the screen thread."""
        again = partial(self.run, work, then, owner, failed)
        self._submit(self._line, _Answer(work, then, failed, owner, again))

    def close(self) -> None:
        """Wait for what was asked; what is asked from now on is not done."""
        self._closed = True
        self._line.shutdown(wait=True)

    def _submit(self, lane: ThreadPoolExecutor, answer: _Answer) -> None:
        if not self._closed:
            lane.submit(self._work, answer)

    def _work(self, answer: _Answer) -> None:
        """On a worker's thread: a Fault goes to the page, any other error is our bug."""
        try:
            result = answer.work()
        except Cancelled:
            return
        except Fault as fault:
            self._post(partial(self._failed, answer, fault))
        except Exception as error:
            self._post(partial(self._bug, error))
        else:
            self._post(partial(self._ended, answer, result))

    def _post(self, call: Callable[[], None]) -> None:
        self._posted.emit(call)

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        call()

    def _ended(self, answer: _Answer, result: Any) -> None:
        if answer.then is not None and answer.wanted:
            answer.then(result)

    def _failed(self, answer: _Answer, fault: Fault) -> None:
        if not answer.wanted:
            return
        if answer.failed is not None:
            answer.failed(fault)
        else:
            self.asker.fault(fault, answer.again if isinstance(fault, Obstacle) else None)

    def _bug(self, error: Exception) -> None:
        self.asker.bug(bugs.note(error))


class Runner(Worker):
    """What a page holds. `changed` carries the `Changes` of every write, `jobs_changed`
    says that a job began, went on or ended; both on the screen thread."""

    changed = Signal(object)
    jobs_changed = Signal()

    def __init__(self, store: Store, asker: Asker) -> None:
        super().__init__(asker)
        self.store = store
        self.jobs: list[Job] = []
        self._beside = ThreadPoolExecutor(JOB_THREADS, "job")
        self._deaf = store.listen(self._heard)

    def read(
        self,
        service: Callable[..., R],
        *args: Any,
        then: Callable[[R], object] | None = None,
        owner: QObject | None = None,
        failed: Callable[[Fault], object] | None = None,
    ) -> None:
        """Run a service that changes nothing; `then` gets its result."""
        self.run(partial(self.store.read, service, *args), then, owner, failed)

    def write(
        self,
        service: Callable[..., R],
        *args: Any,
        then: Callable[[R], object] | None = None,
        owner: QObject | None = None,
        failed: Callable[[Fault], object] | None = None,
    ) -> None:
        """Run a service in one transaction, after all that was asked before."""
        self.run(partial(self.store.write, service, *args), then, owner, failed)

    def job(
        self,
        job: Callable[..., R],
        *args: Any,
        then: Callable[[R], object] | None = None,
        owner: QObject | None = None,
        failed: Callable[[Fault], object] | None = None,
        title: str = "",
    ) -> Task:
        """Run a job ``(store, task, …)`` beside the lane; the task cancels it."""
        state = Job(title, Task())
        state.task = Task(partial(self._step, state))
        again = partial(
            self.job, job, *args, then=then, owner=owner, failed=failed, title=title
        )

        def work() -> Any:
            try:
                return job(self.store, state.task, *args)
            finally:
                self._post(partial(self._end, state))

        self.jobs.append(state)
        self.jobs_changed.emit()
        self._submit(self._beside, _Answer(work, then, failed, owner, lambda: void(again())))
        return state.task

    def close(self) -> None:
        """Ask the jobs to stop, let what was asked to be written be written, hear no more."""
        if self._closed:
            return
        for job in self.jobs:
            job.task.cancel()
        self._deaf()
        super().close()
        self._beside.shutdown(wait=True, cancel_futures=True)

    def _heard(self, changes: Changes) -> None:
        self._post(partial(self.changed.emit, changes))

    def _step(self, job: Job, done: int, total: int, text: str) -> None:
        """On the job's thread, and as often as the job likes: the screen is told rarely."""
        job.done, job.total, job.text = done, total, text
        now = time.monotonic()
        if now - job.heard >= STEP_SECONDS or done == total:
            job.heard = now
            self._post(self.jobs_changed.emit)

    def _end(self, job: Job) -> None:
        if job in self.jobs:
            self.jobs.remove(job)
        self.jobs_changed.emit()


class DirectRunner(Runner):
    """The same, answering at once: for tests and for work before a window is there.
    Our bugs are raised, not reported."""

    def _submit(self, lane: ThreadPoolExecutor, answer: _Answer) -> None:
        self._work(answer)

    def _post(self, call: Callable[[], None]) -> None:
        call()

    def _bug(self, error: Exception) -> None:
        raise error


def void(_value: object) -> None:
    """Drop a value."""
