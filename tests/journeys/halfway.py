"""A process that dies in the middle of a long questionnaire.

    python -m tests.journeys.halfway HOME TITLE LANGUAGE STOPS PICTURE

It logs in and fills that many stops with the keyboard, prints the answers kept as JSON and
is killed by the one who started it: nothing is closed, flushed or asked to save.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.journeys.clerk import Clerk
from tests.journeys.traveller import Traveller


def main(home: str, title: str, language: str, stops: str, picture: str) -> None:
    """Fill a part and wait for the end."""
    app = QApplication([])
    here = Traveller(Path(home))
    here.log_in()
    here.page("questionnaires")
    clerk = Clerk(here, rows=2, arabic="ar" in language, picture=Path(picture))
    clerk.go_to_button("Remplir", title)
    clerk.begin(language)
    clerk.fill(int(stops))
    here.settle()
    run = clerk.view.filling.run
    answers = {live.ref: live.text for live in run.walk() if live.text}
    print(json.dumps({"at": clerk.stop.key, "answers": answers}), flush=True)
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
