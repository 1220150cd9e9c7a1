"""Someone at the keyboard of the program who fills any questionnaire: no mouse, no call.

She sees what a person sees (where she stands, whether Enter went on) and presses keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton

from migdesk.forms import Live
from migdesk.ui.formview import FormView
from migdesk.ui.formview.filling import END, Stop
from migdesk.ui.formview.inputs import input_of
from migdesk.ui.formview.lines import LongInput
from migdesk.ui.formview.searching import SearchInput
from migdesk.ui.formview.unsure import keys_for
from tests.journeys.traveller import CTRL, ENTER, Traveller

Keys = tuple["str | Qt.Key", ...]
DOWN, RIGHT, TAB, SPACE = Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Tab, Qt.Key.Key_Space
NUMBERS = ("5", "1", "0", "12", "30", "60", "110", "2020")
TEXTS = ("Awa", "770123456")
ARABIC_TEXTS = ("عائشة", "770123456")
DATES = ("12/03/2024", "21/11/2026", "01/01/2030")
MOMENTS = ("01/01/2090 10:00", "12/03/2020 14:30")
MOST_TABS = 80
MOST_STEPS = 3000
LISTED = 14


class Stuck(AssertionError):
    """The keyboard leads nowhere from here."""


class Clerk:
    """`rows`: how many rows she adds to each repeat; `picture`: the file that she chooses
    where one is asked for."""

    def __init__(
        self, here: Traveller, rows: int = 1, arabic: bool = False, picture: Path | None = None
    ) -> None:
        self.here = here
        self.rows = rows
        self.texts = ARABIC_TEXTS if arabic else TEXTS
        self.picture = picture
        self._added: dict[str, int] = {}
        self._given = 0

    # to the questionnaire -----------------------------------------------------

    def go_to_button(self, words: str, title: str) -> None:
        """Press Tab until the button “words · title” has the focus, then the space bar."""
        seen = []
        for _step in range(MOST_TABS):
            at = self.here.focus()
            seen.append(at.accessibleName())
            if isinstance(at, QPushButton) and at.accessibleName() == f"{words} · {title}":
                self.here.type(SPACE)
                self.here.settle()
                return
            self.here.type(TAB)
        raise Stuck(f"no button “{words} · {title}”: {seen}")

    def begin(self, language: str) -> None:
        """Choose the language of the interview and begin."""
        for _step in range(MOST_TABS):
            at = self.here.focus()
            if isinstance(at, QComboBox):
                break
            self.here.type(TAB)
        else:
            raise Stuck("no list of languages")
        for _step in range(at.count()):
            if at.currentData() == language:
                break
            self.here.type(DOWN if at.currentIndex() < at.count() - 1 else Qt.Key.Key_Home)
        assert at.currentData() == language
        self.here.type(ENTER)
        self.here.settle()

    # filling ------------------------------------------------------------------

    @property
    def view(self) -> FormView:
        return self.here.here(FormView)

    @property
    def stop(self) -> Stop:
        return self.view.filling.here

    def fill(self, most: int = MOST_STEPS) -> bool:
        """Answer from where the form stands, `most` stops at most; True at its end."""
        for _step in range(most):
            stop = self.stop
            if not self.here.window.isActiveWindow():
                raise Stuck(f"{stop.key}: another window took the keyboard")
            if stop.key == END:
                return True
            if stop.kind == "more":
                self._more(stop.key)
            elif stop.live is None or not stop.asks or not stop.live.asks:
                self._on(stop.key, ENTER)
            else:
                self._answer(stop.key, stop.live)
        return False

    def finish(self) -> None:
        """End the interview."""
        self.here.hold(ENTER, CTRL)
        self.here.settle()

    def _on(self, key: str, *keys: Qt.Key) -> None:
        self.here.type(*keys)
        if self.stop.key == key:
            raise Stuck(key)

    def _more(self, key: str) -> None:
        added = self._added.get(key, 0)
        self._added[key] = added + 1
        self._on(key, *((Qt.Key.Key_1,) if added < self.rows else (Qt.Key.Key_2,)))

    def _answer(self, key: str, live: Live) -> None:
        """Attempt after attempt, until Enter goes on."""
        self._given += 1
        onward = Qt.Key.Key_PageDown if input_of(live) is LongInput else ENTER
        self._wipe()
        for keys in self._attempts(live):
            self.here.type(*keys)
            self._wait_for_file(live)
            if self.stop.key == key:
                self.here.type(onward)
                self._wait_for_scanner(key, live)
            if self.stop.key != key:
                return
            self._wipe()
        raise Stuck(f"{key}: {live.label} ({live.text!r}): {live.violation}")

    def _wait_for_file(self, live: Live) -> None:
        if live.type in ("image", "audio", "video", "file"):
            self.here.settle()

    def _wait_for_scanner(self, key: str, live: Live) -> None:
        """Keys so quick may be a scanner's: the program waits for more of the code."""
        if live.type == "barcode":
            self.here.wait(lambda: self.stop.key != key)

    def _wipe(self) -> None:
        """Select what a field holds and delete it."""
        focus = self.here.focus()
        if focus.inherits("QLineEdit") or focus.inherits("QPlainTextEdit"):
            self.here.hold(Qt.Key.Key_A)
            self.here.type(Qt.Key.Key_Delete)

    def _attempts(self, live: Live) -> Iterator[Keys]:
        """What to type, one attempt after the other."""
        match live.type:
            case "range" if issubclass(input_of(live), SearchInput):
                yield (DOWN, DOWN, ENTER)
            case "text" if "numbers" in live.appearance:
                yield (self.texts[-1],)
            case "integer" | "decimal" | "range":
                yield from _each(NUMBERS)
            case "date":
                yield from _each(DATES)
            case "time":
                yield ("1430",)
            case "dateTime":
                yield from _each(MOMENTS)
            case "select_one" | "select_multiple":
                yield from self._chosen(live)
            case "rank":
                yield tuple("123456789"[: max(len(live.choices) - 1, 1)])
            case "acknowledge":
                yield ("1",)
            case "geopoint":
                yield ("12.7081 -15.5569",)
            case "geotrace" | "geoshape":
                yield ("12.7 -15.5", ENTER, "12.8 -15.5", ENTER, "12.8 -15.6", ENTER)
            case "image" if "signature" in live.appearance or "draw" in live.appearance:
                yield (SPACE, RIGHT, DOWN, RIGHT, RIGHT, SPACE)
            case "image" | "audio" | "video" | "file" | "annotate":
                assert self.picture is not None
                self.here.asker.paths.append(self.picture)
                yield ("1",)
            case _:
                yield from _each(self.texts)

    def _chosen(self, live: Live) -> Iterator[Keys]:
        """One choice after the other; of many, now this one first, now that one."""
        count = min(len(live.choices), LISTED)
        first = self._given if live.type == "select_one" and count > 3 else 0
        keys = keys_for(live.choices)
        for place in ((first + n) % count for n in range(count)):
            if issubclass(input_of(live), SearchInput):
                yield (*[DOWN] * (place + 1), ENTER)
            else:
                yield (keys[place],)


def _each(texts: Sequence[str]) -> Iterator[Keys]:
    yield from ((text,) for text in texts)
