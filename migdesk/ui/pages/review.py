"""Reading a filled questionnaire: remarks beside answers, approve, send back, correct."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from migdesk.i18n import _, ngettext
from migdesk.models.dates import show_moment
from migdesk.models.store import Changes
from migdesk.services import copies, records, review
from migdesk.services.copies import Copy
from migdesk.services.records import View
from migdesk.services.review import Remark
from migdesk.services.submissions import Filled
from migdesk.ui.desk import Desk
from migdesk.ui.formview import ReadView
from migdesk.ui.formview.remark import Remark as RemarkLine
from migdesk.ui.formview.stops import Stop
from migdesk.ui.recordview.parts import FlowLayout, shortcut
from migdesk.ui.widgets import Badge, Button, label, set_property

TONES = {review.RECEIVED: "accent", review.TO_CORRECT: "waiting", review.APPROVED: "done"}


class RemarkButton(Button):
    """Writes a remark; the arrows `moved(steps)` to the answer above or below."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(steps)


class Slot:
    """What a reviewer says of one answer: the words under it, which `place` lays out once
    there are any, and the button beside it."""

    def __init__(self, said: str, place: Callable[[QLabel], object]) -> None:
        self.said = said
        self.remark = ""
        self.words: QLabel | None = None
        self.button: RemarkButton | None = None
        self._place = place

    def show_remarks(self, found: Sequence[Remark]) -> None:
        """Show what was said."""
        self.remark = "\n".join(each.note for each in found)
        if self.words is None and found:
            self.words = label("", wrap=True, tone="waiting")
            self._place(self.words)
        if self.words is not None:
            self.words.setText("\n".join(each.words for each in found))
            self.words.setVisible(bool(found))


def under(grid: QGridLayout, row: int) -> Callable[[QLabel], object]:
    """Lays words out under the answer of a row."""
    return lambda words: grid.addWidget(words, row + 2, 1, Qt.AlignmentFlag.AlignTop)


class ReviewView(ReadView):
    """`correct_asked`, `copies_asked` and `next_asked` carry the id of the submission."""

    correct_asked = Signal(str)
    copies_asked = Signal(str)
    next_asked = Signal(str)
    outdated = Signal(str)

    def __init__(self, desk: Desk, filled: Filled) -> None:
        self.slots: dict[str, Slot] = {}
        self.judges = review.may_review(desk.account.role)
        self.open: tuple[Remark, ...] = ()
        super().__init__(desk, filled)
        self.instance = str(self.view.values["instance"] or "")
        self._typed: tuple[str, str] | None = None
        self._about = ""
        self.following = ""
        self.line = RemarkLine()
        self.line.noted.connect(self._on_typed)
        self.line.left.connect(self._on_said)
        self.line.line.returnPressed.connect(self.line.close_bar)
        self._build_bar()
        foot = QVBoxLayout()
        foot.setContentsMargins(0, 8, 24, 16)
        foot.setSpacing(0)
        foot.addWidget(self.line)
        foot.addWidget(self.bar)
        self.column.addLayout(foot)
        self.column.setSpacing(0)
        self.column.insertSpacing(1, 12)
        for key, button in self.keys.items():
            shortcut(key, self, button.click)
        self._show_state()
        self.load()

    def _build_bar(self) -> None:
        self.badge = Badge()
        self.words = label("", "muted", wrap=True)
        self.whole_button = Button(_("Remark on the whole"), partial(self.say, ""), key="W")
        self.copies_button = Button("", self._to_copies, key="E")
        self.correct_button = Button(_("Correct"), self._to_correct, key="C")
        self.back_button = Button(_("Send back"), self.send_back, key="R")
        self.approve_button = Button(_("Approve"), self.approve, key="A", role="primary")
        self.next_button = Button(_("Next to review"), self._to_next, key="N")
        self.keys = {
            "W": self.whole_button,
            "E": self.copies_button,
            "C": self.correct_button,
            "R": self.back_button,
            "A": self.approve_button,
            "N": self.next_button,
        }
        self.bar = QFrame()
        self.bar.setProperty("role", "card")
        column = QVBoxLayout(self.bar)
        column.setContentsMargins(16, 10, 16, 12)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.badge)
        first.addWidget(self.words, 1)
        column.addLayout(first)
        said = QVBoxLayout()
        column.addLayout(said)
        self.slots[""] = Slot(_("The whole questionnaire"), said.addWidget)
        buttons = FlowLayout(gap=8)
        for button in self.keys.values():
            buttons.addWidget(button)
        column.addLayout(buttons)

    # showing ------------------------------------------------------------------

    def load(self) -> None:
        """Read what was said of it, what copies there are, what else waits."""
        runner, id = self.desk.runner, self.view.id
        runner.read(review.remarks, id, then=self._on_remarks, owner=self)
        runner.read(copies.copies, id, then=self._on_copies, owner=self)
        if self.judges:
            runner.read(review.next_received, id, then=self._on_next, owner=self)

    def on_changed(self, changes: Changes) -> None:
        """Something was written: the state, a remark, or another copy."""
        if changes.touches("submission", "review_note", "attachment"):
            read = self.desk.runner.read
            read(records.get, "submission", self.view.id, then=self._on_read, owner=self)

    def _on_read(self, view: View) -> None:
        if str(view.values["instance"] or "") != self.instance:
            self.outdated.emit(view.id)
            return
        self.view = view
        self._show_state()
        self.load()

    def _show_state(self) -> None:
        values, shown = self.view.values, self.view.shown
        state = str(values["state"] or review.RECEIVED)
        self.badge.show_as(shown["state"], TONES.get(state, ""))
        self.words.setText(" · ".join(filter(None, (shown["reviewer"], shown["reviewed"]))))
        mine = self.desk.account
        self.correct_button.setVisible(review.may_correct(mine.role, mine.id, self.view))
        self.approve_button.setVisible(self.judges and state != review.APPROVED)
        self.back_button.setVisible(self.judges and state != review.TO_CORRECT)
        self.whole_button.setVisible(self.judges)
        self.next_button.setVisible(bool(self.following))
        wanted = state == review.TO_CORRECT and values["account"] == mine.id
        self.correct_button.show_as(_("Correct"), "C", "primary" if wanted else "")
        self.approve_button.show_as(_("Approve"), "A", "" if wanted else "primary")

    def _on_remarks(self, found: tuple[Remark, ...]) -> None:
        self.open = found
        for ref, slot in self.slots.items():
            said = [each for each in found if each.ref == ref]
            if said or slot.remark:
                slot.show_remarks(said)
        self.back_button.setEnabled(bool(found))
        tip = _("Write a remark beside an answer first.")
        self.back_button.setToolTip("R" if found else tip)

    def _on_copies(self, found: tuple[Copy, ...]) -> None:
        n = sum(not copy.present for copy in found)
        words = ngettext("{n} earlier copy", "{n} earlier copies", n).format(n=n)
        self.copies_button.setText(words)
        self.copies_button.setAccessibleName(words)
        self.copies_button.setVisible(n > 0)
        self.copies_button.updateGeometry()

    def _on_next(self, id: str) -> None:
        self.following = id
        self.next_button.setVisible(bool(id))

    def add_beside(self, grid: QGridLayout, row: int, stop: Stop) -> None:
        """A place for remarks, and for a reviewer the way to write one."""
        assert stop.live is not None
        words = f"{stop.number} {stop.live.label}".strip()
        slot = self.slots[stop.key] = Slot(words, under(grid, row))
        slot.show_remarks([each for each in self.open if each.ref == stop.key])
        if self.judges:
            slot.button = RemarkButton("✎", partial(self.say, stop.key), role="link")
            slot.button.setToolTip(_("Remark (the arrows go from answer to answer)"))
            words = _("Remark on {question}").format(question=slot.said)
            slot.button.setAccessibleName(words)
            grid.addWidget(slot.button, row, 2, Qt.AlignmentFlag.AlignTop)
            slot.button.moved.connect(partial(self._step, stop.key))

    def begin(self) -> None:
        """Put the focus where a reviewer begins: on the first answer."""
        first = next((slot.button for slot in self.slots.values() if slot.button), None)
        (first or self).setFocus()

    def escape(self) -> None:
        """Esc: the remark is written, or the person is done."""
        if self.line.isVisible():
            self.line.close_bar()
        else:
            self.left.emit()

    def _step(self, ref: str, step: int) -> None:
        """Go to the answer above or below."""
        refs = [key for key, slot in self.slots.items() if slot.button is not None]
        place = refs.index(ref) + step
        if 0 <= place < len(refs):
            self._stand(refs[place])

    def _stand(self, ref: str) -> None:
        button = self.slots[ref].button
        if button is not None:
            button.setFocus()
            self.area.ensureWidgetVisible(button, 0, 60)
        else:
            self.whole_button.setFocus()

    # remarks ------------------------------------------------------------------

    def say(self, ref: str) -> None:
        """Write a remark on an answer, or on the whole."""
        self._keep_typed()
        slot, self._about = self.slots[ref], ref
        self.line.open_bar(ref or "·", "", slot.remark)
        self.line.words.setText(_("Remark: {question}").format(question=_short(slot.said)))
        self.line.line.setAccessibleName(self.line.words.text())

    def _on_typed(self, key: str, text: str) -> None:
        self._typed = ("" if key == "·" else key), text

    def _on_said(self) -> None:
        self._keep_typed()
        self._stand(self._about)

    def _keep_typed(self) -> None:
        """Write what was typed, once and whole."""
        self.line.flush()
        if self._typed is None:
            return
        (ref, text), self._typed = self._typed, None
        said = self.slots[ref].said
        self.desk.runner.write(review.remark, self.view.id, self.instance, ref, said, text)

    def leave(self) -> None:
        """Keep what is still being typed."""
        self._keep_typed()

    # judging ------------------------------------------------------------------

    def approve(self) -> None:
        """Approve what was read."""
        self._keep_typed()
        seen = {self.view.id: self.instance}
        self.desk.runner.write(review.approve, seen, then=self._on_approved, owner=self)

    def _on_approved(self, before: dict[str, str]) -> None:
        if before:
            undo = partial(self.desk.runner.write, review.take_back, before)
            self.desk.asker.tell(_("Approved."), _("Undo"), undo)

    def send_back(self) -> None:
        """Ask who filled it to correct it."""
        self._keep_typed()
        before = {self.view.id: str(self.view.values["state"] or review.RECEIVED)}
        then = partial(self._on_sent, before)
        write = self.desk.runner.write
        write(review.send_back, self.view.id, self.instance, then=then, owner=self)

    def _on_sent(self, before: dict[str, str], _none: None) -> None:
        who = self.view.shown["account"]
        words = _("Sent back to {name}.").format(name=who) if who else _("Sent back.")
        undo = partial(self.desk.runner.write, review.take_back, before)
        self.desk.asker.tell(words, _("Undo"), undo)

    def _to_copies(self) -> None:
        self.copies_asked.emit(self.view.id)

    def _to_correct(self) -> None:
        self._keep_typed()
        self.correct_asked.emit(self.view.id)

    def _to_next(self) -> None:
        self.next_asked.emit(self.following)


class CopyView(ReadView):
    """An earlier copy, to read, with the remarks that were made on it."""

    def __init__(
        self, desk: Desk, filled: Filled, copy: Copy, said: tuple[Remark, ...]
    ) -> None:
        self.said = said
        super().__init__(desk, filled)
        words = _("Earlier copy of {moment}, by {name}. It cannot be changed.")
        moment = show_moment(copy.at)
        bar = QFrame()
        bar.setProperty("role", "bar")
        set_property(bar, "tone", "waiting")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 6, 16, 6)
        text = [words.format(moment=moment, name=copy.who or "—")]
        text += [each.words for each in said if not each.ref]
        row.addWidget(label("\n".join(text), wrap=True))
        around = QHBoxLayout()
        around.setContentsMargins(0, 0, 24, 0)
        around.addWidget(bar)
        self.column.insertLayout(1, around)
        self.printed.hide()

    def print(self) -> None:
        """Only the present copy is printed."""

    def add_beside(self, grid: QGridLayout, row: int, stop: Stop) -> None:
        """What was said of this copy."""
        found = [each for each in self.said if each.ref == stop.key]
        if found:
            Slot("", under(grid, row)).show_remarks(found)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
