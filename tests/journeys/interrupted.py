"""A process that dies in the middle of an interview.

    python -m tests.journeys.interrupted HOME PERSON QUESTIONNAIRE

It logs in, answers the first questions with the keyboard, says "waiting" and is made to
crash by the one who started it: nothing is closed, flushed or asked to save.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from migdesk import cores
from migdesk.paths import Paths
from migdesk.ui import bugs
from migdesk.ui.formview import FormView
from tests.journeys.traveller import ENTER, Traveller

ANSWERS: tuple[str | Qt.Key, ...] = (
    *(ENTER,),  # the words of welcome
    *("1", ENTER),  # agrees to answer
    *("Tata Fatou", ENTER),
    *("1", ENTER),  # a woman
    *("41", ENTER),
)


def main(home: str, person: str, questionnaire: str) -> None:
    """Fill some answers and wait for the end, as the program begins."""
    cores.forbid()
    bugs.log_to(Paths(Path(home)).log)
    app = QApplication([])
    computer = Traveller(Path(home))
    computer.log_in()
    computer.page("questionnaires", kind="person", id=person, questionnaire=questionnaire)
    computer.type(ENTER)
    computer.settle()
    for key in ANSWERS:
        computer.type(key)
        computer.pump()
    computer.settle()
    view = computer.here(FormView)
    print("waiting", view.filling.key, flush=True)
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
