"""A key pressed in a questionnaire until the screen is painted again, beside one frame.

The base is what a screen at 60 Hz gives: 16 ms; of memory, the 60 MB that a filled form of
1,000 questions may add to the program. The page shows the whole form at once, as the worst
case. Answers are kept as in the program, by a runner that here only takes them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, cast

import psutil

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from migdesk.forms import Form, Run, xlsform
from migdesk.settings import Settings
from migdesk.ui.desk import Desk
from migdesk.ui.formview import Filling, FormView
from migdesk.ui.theme import Theme

Result = tuple[str, float, float, float]
FRAME = 0.016
ROOM_MB = 60
QUESTIONS = 1_000
ROWS = 300
CHOICES = 50_000
KINDS = ("select_one few", "integer", "text", "select_multiple few", "decimal")
KEYS = {"select_one": "2", "select_multiple": "3", "integer": "7", "decimal": "5"}
ENTER = Qt.Key.Key_Return


def run() -> list[Result]:
    """(name, our seconds, one frame, highest ratio allowed)."""
    app = _application()
    return [*_page(app), *_roster(app), *_long_list(app)]


def _application() -> QApplication:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    return app


class _Runner:
    """Takes what it is asked to write."""

    def write(self, *_args: Any, **_options: Any) -> None: ...

    def read(self, *_args: Any, **_options: Any) -> None: ...


class _Desk:
    """What a filling asks of the desk."""

    def __init__(self, app: QApplication) -> None:
        self.runner = _Runner()
        folder = Path(tempfile.mkdtemp(prefix="migdesk-bench-"))
        self.settings = Settings(folder / "settings.json")
        self.settings.remember("formview.way", "page")
        Theme(app, self.settings)


def _form(rows: list[str], lists: Iterator[str]) -> Form:
    head = ["| survey |", "| | type | name | label | relevant | appearance |"]
    tail = ["| choices |", "| | list_name | name | label |", *lists]
    last = ["| settings |", "| | form_title | form_id | version |", "| | Bench | bench | 1 |"]
    return Form.load(xlsform.convert("\n".join([*head, *rows, *tail, *last]), ".md").xml)


def _few() -> Iterator[str]:
    for n in range(6):
        yield f"| | few | c{n} | Choice {n} |"


def _open(app: QApplication, form: Form) -> FormView:
    view = FormView(cast(Desk, _Desk(app)), Filling(Run(form), "bench"))
    view.resize(1154, 716)
    view.show()
    view.activateWindow()
    app.processEvents()
    view.begin()
    app.processEvents()
    return view


def _timed(app: QApplication, work: Callable[[], object]) -> float:
    """Seconds until the work is done and painted."""
    start = perf_counter()
    work()
    app.sendPostedEvents()
    app.processEvents()
    return perf_counter() - start


def _press(key: str | Qt.Key) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    if isinstance(key, str):
        QTest.keyClicks(focus, key)
    else:
        QTest.keyClick(focus, key)


def _page(app: QApplication) -> list[Result]:
    rows = []
    for n in range(QUESTIONS):
        rule = f"${{q{n - 1}}} != 'x'" if n % 10 == 7 else ""
        rows.append(f"| | {KINDS[n % 5]} | q{n} | Question {n} about things | {rule} | |")
    form = _form(rows, _few())
    process = psutil.Process()
    before = process.memory_info().rss
    view = _open(app, form)
    typed: list[float] = []
    chosen: list[float] = []
    on: list[float] = []
    while (live := view.filling.here.live) is not None:
        key = KEYS.get(live.type, "x")
        times = chosen if live.type.startswith("select") else typed
        times.append(_timed(app, partial(_press, key)))
        on.append(_timed(app, lambda: _press(ENTER)))
    taken = (process.memory_info().rss - before) / 1_000_000
    view.close()
    return [
        ("1,000 questions: a sign typed / a frame", median(typed), FRAME, 1.0),
        ("1,000 questions: a choice made / a frame", median(chosen), FRAME, 1.0),
        ("1,000 questions: Enter to the next / a frame", median(on), FRAME, 2.0),
        ("1,000 questions filled: MB (as ms) / 60 MB", taken / 1000, ROOM_MB / 1000, 1.0),
    ]


def _roster(app: QApplication) -> list[Result]:
    fields = [f"| | {KINDS[n % 5]} | f{n} | Field {n} | | |" for n in range(10)]
    rows = ["| | begin_repeat | m | Member | | |", *fields, "| | end_repeat | | | | |"]
    view = _open(app, _form(rows, _few()))
    filling = view.filling
    for _row in range(ROWS - 1):
        filling.run.add("/data/m")
    filling.refresh()
    view.go(f"/data/m[{ROWS // 2}]/f0")
    chosen = [_timed(app, partial(_press, key)) for key in "123456" * 5]
    added = [_timed(app, lambda: view.add_row("/data/m")) for _again in range(9)]
    view.close()
    return [
        ("300 rows: a choice made / a frame", median(chosen), FRAME, 1.0),
        ("300 rows: another row / a frame", median(added), FRAME, 6.0),
    ]


def _long_list(app: QApplication) -> list[Result]:
    lists = (f"| | many | c{n} | Village number {n} |" for n in range(CHOICES))
    rows = ["| | select_one many | q | Village | | autocomplete |"]
    view = _open(app, _form(rows, lists))
    view.go("/data/q")
    _press("v")
    typed = []
    for _again in range(5):
        typed += [_timed(app, partial(_press, key)) for key in "illage 4321"]
        held = Qt.KeyboardModifier.ControlModifier
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_A, held)
        _press("v")
    view.close()
    return [("50,000 choices: a sign typed / a frame", median(typed), FRAME, 2.0)]
