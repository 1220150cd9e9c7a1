"""Filling a questionnaire: one question, one group or the whole page, by keyboard."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import _
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.theme import px
from migdesk.ui.widgets import Card

from .box import Box
from .ends import EndBox, MoreBox
from .field import QuestionBox
from .filling import END, WAYS, Filling, Way
from .head import Head, direction
from .keeping import Keeper
from .screen import Screen
from .shelf import Shelf
from .side import Side
from .stops import Stop

STATE = "formview.way"
NARROW = 760
HEAD_NARROW, HEAD_TIGHT = 900, 640


class FormView(QWidget):
    """Walks a `Filling`. `finished` carries the id of the submission; `left` says that the
    person went away, the draft is kept."""

    finished = Signal(str)
    left = Signal()

    def __init__(self, desk: Desk, filling: Filling, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.filling = filling
        self.shelf = Shelf(desk, filling, self)
        self.shelf.answered.connect(self._on_answered)
        found = desk.settings.state(STATE)
        self.way: Way = found if found in WAYS else "question"
        self.keeper = Keeper(desk, filling)
        self._passed: set[str] = set()
        self._hunting = False
        self._moving = False
        self._build()
        self._keys()
        self.sheet.sound.furnish(filling, self.shelf, self)
        self.refresh()
        app = cast(QApplication, QApplication.instance())
        app.focusChanged.connect(self._on_focus)

    def _build(self) -> None:
        self.head = Head(self.filling.run, self.way)
        self.head.spoken.connect(self.speak)
        self.head.turned.connect(self.turn)
        self.sheet = Screen(self._box)
        self.sheet.back.clicked.connect(lambda: self.previous())
        self.sheet.on.clicked.connect(lambda: self._enter())
        self.sheet.away.clicked.connect(lambda: self._go_away())
        self.sheet.end.clicked.connect(lambda: self.finish())
        self.sheet.hunt.button.clicked.connect(lambda: self.next_missing())
        self.sheet.note.clicked.connect(lambda: self.comment())
        self.sheet.pressed.connect(self._press)
        self.sheet.answered.connect(self._on_answered)
        self.sheet.remark.noted.connect(self._on_noted)
        self.sheet.remark.left.connect(lambda: self.begin())
        self.head.take(self.sheet.away, self.sheet.end)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.side = Side()
        self.side.asked.connect(self.go)
        self.side_card = Card()
        self.side_card.body.addWidget(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addWidget(self.progress)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.side_card)
        row.addWidget(self.sheet, 1)
        column.addLayout(row, 1)

    def _keys(self) -> None:
        for keys, action in (
            ("Return Enter", self.enter_pressed),
            ("PgDown", self.next),
            ("Shift+Return Shift+Enter PgUp", self.previous),
            ("Ctrl+Return Ctrl+Enter", self.finish),
            ("F6", self._to_outline),
            ("F3", self._turn_on),
            ("F8", self.next_missing),
            ("F9", self._speak_on),
            ("Ctrl+M", self.comment),
            ("Escape", self._escape),
        ):
            for each in keys.split():
                shortcut(each, self, action)

    # showing ------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the state again, after an answer or a move."""
        filling = self.filling
        answered, asked = filling.progress()
        self.progress.setRange(0, max(asked, 1))
        self.progress.setValue(answered)
        said = _("{n} questions answered of {total}").format(n=answered, total=asked)
        self.progress.setAccessibleName(said)
        self.head.show_filling(filling)
        way = direction(filling.run.language)
        self.sheet.run_to(way)
        self.side.setLayoutDirection(way if way is not None else self.layoutDirection())
        screen = filling.screen(self.way)
        self.sheet.show_stops(filling, screen)
        filling.look(screen)
        self._show_place()
        if self._hunting:
            self.sheet.hunt.show_count(len(filling.missing()))

    def _show_place(self) -> None:
        self.side.show_entries(self.filling.outline())
        self.sheet.show_place(self.filling)

    def _box(self, stop: Stop) -> Box:
        if stop.kind == "end":
            return EndBox(self.finish, self.go)
        if stop.kind == "more":
            return MoreBox(self.add_row, self.remove_row, self.next, self.go_row)
        assert stop.live is not None
        box = QuestionBox(stop.live, self.shelf)
        box.answered.connect(self._on_answered)
        box.done.connect(self.next)
        return box

    # moving -------------------------------------------------------------------

    def go(self, key: str) -> None:
        """Stand at a stop."""
        self._flush()
        if key not in self.filling.walk.index:
            return
        self.keeper.fresh |= key != self.filling.key
        self.filling.key = key
        self.refresh()
        self.keeper.keep_fresh()
        self.begin()

    def go_row(self, ref: str) -> None:
        """Stand at the first question of a row."""
        for stop in self.filling.stops:
            if stop.key.startswith(f"{ref}/"):
                self.go(stop.key)
                return

    def begin(self) -> None:
        """Put the focus where the person answers."""
        near = self.filling.arrival(self.way)
        if near != self.filling.key and near in self.sheet.boxes:
            self.filling.key = near
            self.refresh()
        self.sheet.begin(self.filling.key)

    def next(self) -> None:
        """Go on; what is lacking is said from now on."""
        self._flush()
        self.filling.see(self.filling.key)
        self.go(self.filling.after(self.way))

    def previous(self) -> None:
        """Go back."""
        self._flush()
        self.filling.see(self.filling.key)
        self.go(self.filling.before(self.way))

    def enter_pressed(self) -> None:
        """Enter: what has the focus first, then the question, then the next one. A wrong
        or lacking answer holds once; Enter again goes past it."""
        focus = QApplication.focusWidget()
        if focus is self.side:
            self.side.take_enter()
        elif focus is self.sheet.remark.line:
            self.sheet.remark.close_bar()
        elif isinstance(focus, QPushButton) and focus is not self.sheet.on:
            focus.click()
        else:
            self._enter()

    def _enter(self) -> None:
        here = self.filling.here
        box = self.sheet.boxes.get(here.key)
        if here.key == END:
            self.finish()
            return
        if box is not None and box.take_enter():
            return
        self._flush()
        here = self.filling.here
        if self.filling.blocks(here) and here.key not in self._passed:
            self._passed.add(here.key)
            self.filling.see(here.key)
            self.refresh()
            self.keeper.keep_fresh()
            self.begin()
            return
        self.next()

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """The outline shows where the focus went, by mouse, Tab or arrows."""
        key = "" if self.sheet.laying else self.sheet.holding(new)
        if key and key != self.filling.key:
            self.filling.key = key
            self._show_place()

    def _to_outline(self) -> None:
        """To the outline, and back."""
        if self.side.hasFocus() or not self.side.isVisible():
            self.begin()
        else:
            self.side.setFocus()

    def undo(self) -> None:
        """Take back the last answer and go there."""
        self._flush()
        key = self.filling.undo()
        self.keeper.fresh = True
        self.go(key or self.filling.key)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z takes back an answer here, not what was saved before."""
        key, undo = cast(QKeyEvent, event), QKeySequence.StandardKey.Undo
        if event.type() == QEvent.Type.ShortcutOverride and key.matches(undo):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
            return
        box = self.sheet.boxes.get(self.filling.key)
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if not (plain and event.text() and box is not None and box.press(event.text())):
            super().keyPressEvent(event)

    def _press(self, key: str) -> None:
        """Do what a key does, for somebody who clicked it."""
        if (box := self.sheet.boxes.get(self.filling.key)) is not None:
            box.press(key)

    # answering ----------------------------------------------------------------

    def _on_answered(self, ref: str, text: str) -> None:
        live = self.filling.run.node(ref)
        if live.text == text:
            return
        self.filling.answer(ref, text)
        if self.sheet.holding(QApplication.focusWidget()) in ("", ref):
            self.filling.key = ref if ref in self.sheet.boxes else self.filling.key
        self._passed.discard(ref)
        self.keeper.fresh = True
        if not self._moving:
            self.refresh()
            self.keeper.keep()

    def add_row(self, ref: str) -> None:
        """Another row, and go to its first question."""
        self._flush()
        row = self.filling.run.add(ref)
        self.filling.refresh()
        self.keeper.keep()
        self.go_row(row)

    def remove_row(self, ref: str) -> None:
        """Remove a row after asking."""
        self._flush()
        text = _("Its answers are removed from this questionnaire.")
        if not self.desk.asker.confirm(_("Remove this entry?"), text, _("Remove")):
            self.refresh()
            self.keeper.keep_fresh()
            return
        self.filling.remove(ref)
        self.refresh()
        self.keeper.keep()

    def _flush(self) -> None:
        """Take what is still being typed. Who moves on shows and keeps it all at once."""
        self._moving = True
        self.sheet.flush()
        self._moving = False

    # comments -----------------------------------------------------------------

    def comment(self) -> None:
        """Note something beside the answer."""
        here = self.filling.here
        if here.kind == "question":
            self.sheet.comment(here, self.filling.comments.get(here.key, ""))

    def _on_noted(self, key: str, text: str) -> None:
        self.filling.comment(key, text)
        self.refresh()
        self.keeper.keep()

    def _escape(self) -> None:
        if self.sheet.remark.isVisible():
            self.sheet.remark.close_bar()
        else:
            self._go_away()

    # draft --------------------------------------------------------------------

    def leave(self) -> None:
        """Keep what is still being typed or said."""
        self._flush()
        self.sheet.sound.end()
        self.keeper.leave()

    def _go_away(self) -> None:
        self.leave()
        self.left.emit()

    # the end ------------------------------------------------------------------

    def finish(self) -> None:
        """Finish and keep the submission, or show what is missing and go there."""
        self._flush()
        filling = self.filling
        if self.keeper.over or self.shelf.wait(self.finish):
            return
        if filling.missing():
            self._hunting = True
            self.keeper.keep_fresh()
            self.next_missing()
            return
        self.sheet.sound.end()
        self.keeper.finish(self.finished.emit, self)

    def next_missing(self) -> None:
        """Go to the next question, from here on, that stands in the way of finishing."""
        self._flush()
        missing = {stop.key for stop in self.filling.missing()}
        stops, place = self.filling.stops, self.filling.place
        self.refresh()
        for stop in (*stops[place:], *stops[:place]):
            if stop.key in missing and (stop.key != self.filling.key or len(missing) == 1):
                self.go(stop.key)
                return

    # ways ---------------------------------------------------------------------

    def turn(self, way: str) -> None:
        """One question, one group or the whole page at a time; remembered."""
        self._flush()
        self.way = cast(Way, way)
        self.desk.settings.remember(STATE, way)
        self.sheet.forget()
        self.refresh()
        self.keeper.keep_fresh()
        self.begin()

    def _turn_on(self) -> None:
        self.head.turn(WAYS[(WAYS.index(self.way) + 1) % len(WAYS)])

    def _speak_on(self) -> None:
        names = self.filling.run.form.languages
        if len(names) > 1:
            self.speak(names[(names.index(self.filling.run.language) + 1) % len(names)])

    def speak(self, language: str) -> None:
        """Fill on in another language of the form."""
        self._flush()
        self.filling.run.language = language
        self.filling.refresh()
        self.refresh()
        self.keeper.keep()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.width()
        self.side_card.setVisible(width >= px(NARROW))
        self.head.set_narrow(width < px(HEAD_NARROW), width < px(HEAD_TIGHT))
        self.side_card.setFixedWidth(max(px(200), min(round(width * 0.36) - 145, px(320))))
