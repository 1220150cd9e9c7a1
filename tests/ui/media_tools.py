"""A questionnaire of files or places on the screen, and the keys of who fills it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from migdesk.forms import Run
from migdesk.models.store import Store
from migdesk.services import form_words, submissions
from migdesk.ui.desk import Desk
from migdesk.ui.formview import Filling, FormView


def opened(desk: Desk, store: Store, xml: str, qtbot: QtBot, height: int) -> FormView:
    """The form kept, and its filling in an active window."""
    form = store.write(submissions.add_questionnaire, "Essai", "essai", "1", xml)
    made = FormView(desk, Filling(Run(store.read(form_words.open_form, form)), form))
    qtbot.addWidget(made)
    made.resize(1100, height)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def keyboard(qtbot: QtBot) -> Callable[..., None]:
    """Presses keys wherever the focus is."""

    def keys(*keys: str | Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            focus = QApplication.focusWidget()
            assert focus is not None
            if isinstance(key, str):
                qtbot.keyClicks(focus, key)
            else:
                qtbot.keyClick(focus, key, held)

    return keys


def at(view: FormView, name: str) -> Any:
    """The input of a question, gone to."""
    key = next(s.key for s in view.filling.stops if s.key.endswith(f"/{name}"))
    view.go(key)
    QApplication.processEvents()
    return view.sheet.boxes[key].input


def said(view: FormView, name: str) -> str:
    key = next(s.key for s in view.filling.stops if s.key.endswith(f"/{name}"))
    return view.filling.run.node(key).text
