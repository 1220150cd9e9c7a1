"""Fills any questionnaire by keyboard alone, as fast as the screen allows."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from migdesk.forms import Live
from migdesk.ui.formview.filling import END
from migdesk.ui.formview.inputs import input_of
from migdesk.ui.formview.lines import LongInput
from migdesk.ui.formview.searching import SearchInput
from migdesk.ui.formview.view import FormView

Keys = tuple["str | Qt.Key", ...]
ENTER, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Down
CTRL = Qt.KeyboardModifier.ControlModifier
NUMBERS = ("3", "1", "0", "12", "30", "45", "100", "2020", "770123456", "1000", "0,5")
TEXTS = ("Awa", "770123456", "A1", "12", "2026", "a@b.org")
DATES = ("12/03/1990", "21/11/2026", "01/01/2030")
TRIES = 14
STEPS = 3000


class Typist:
    """Sits before a filling. `stuck` holds what no answer of hers could satisfy."""

    def __init__(self, view: FormView, rows: int = 1) -> None:
        self.view = view
        self.rows = rows
        self.stuck: list[str] = []
        self._added: dict[str, int] = {}

    def press(self, *keys: str | Qt.Key) -> None:
        """Press keys wherever the focus is."""
        for key in keys:
            focus = QApplication.focusWidget()
            assert focus is not None
            if isinstance(key, str):
                QTest.keyClicks(focus, key)
            else:
                QTest.keyClick(focus, key)

    def fill(self) -> None:
        """From where the form stands to its end, and finish."""
        for _step in range(STEPS):
            stop = self.view.filling.here
            if stop.key == END:
                break
            if stop.kind == "more":
                self._more(stop.key)
            elif stop.live is None or not stop.live.asks or not stop.asks:
                self.press(ENTER)
            else:
                self._answer(stop.key, stop.live)
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, ENTER, CTRL)

    def _more(self, key: str) -> None:
        added = self._added.get(key, 0)
        self._added[key] = added + 1
        self.press("1" if added < self.rows else "2")

    def _answer(self, key: str, live: Live) -> None:
        onward = Qt.Key.Key_PageDown if input_of(live) is LongInput else ENTER
        for attempt, keys in enumerate(_attempts(live)):
            if attempt:
                self._clear()
            self.press(*keys)
            self.view.sheet.flush()
            if not self.view.filling.blocks(self.view.filling.stops[self._place(key)]):
                break
        else:
            self.stuck.append(key)
        if self.view.filling.key == key:
            self.press(onward)
        if self.view.filling.key == key:
            self.press(onward)  # past a wrong answer

    def _place(self, key: str) -> int:
        return self.view.filling.walk.index.get(key, len(self.view.filling.stops) - 1)

    def _clear(self) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus.inherits("QLineEdit") or focus.inherits("QPlainTextEdit"):
            QTest.keyClick(focus, Qt.Key.Key_A, CTRL)
            QTest.keyClick(focus, Qt.Key.Key_Delete)


def _attempts(live: Live) -> Iterator[Keys]:
    """What to type, one attempt after the other."""
    kind = live.type
    if kind in ("integer", "decimal", "range"):
        yield from ((text,) for text in NUMBERS)
    elif kind == "date":
        yield from ((text,) for text in DATES)
    elif kind == "time":
        yield ("1430",)
    elif kind == "dateTime":
        yield ("12/03/2020 14:30",)
    elif kind in ("select_one", "select_multiple"):
        yield from _chosen(live)
    elif kind == "rank":
        yield tuple("123456789"[: max(len(live.choices) - 1, 1)])
    elif kind == "acknowledge":
        yield ("1",)
    elif kind.startswith("geo"):
        yield ("12.7 -15.5",)
    else:
        yield from ((text,) for text in TEXTS)


def _chosen(live: Live) -> Iterator[Keys]:
    if issubclass(input_of(live), SearchInput):
        for place in range(1, min(len(live.choices), TRIES) + 1):
            yield (*[DOWN] * place, ENTER)
    else:
        yield from ((key,) for key in "1234567"[: max(len(live.choices), 1)])
