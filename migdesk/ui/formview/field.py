"""A question on the screen: where it stands, its words, its input, what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from migdesk.forms import Live
from migdesk.i18n import _, ngettext
from migdesk.ui.widgets import Button, PrimaryButton, Row, RowList, label

from .choice import ChoiceButton
from .filling import Filling
from .input import Input, NoteInput
from .inputs import input_of
from .shelf import Shelf
from .stops import Stop


class Box(QWidget):
    """What stands at a stop. `answered(ref, text)` when the person answers."""

    answered = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)

    def show_stop(self, filling: Filling, stop: Stop, path: bool) -> None:
        """Show the state of a stop; `path`: say in which groups it lies."""

    def flush(self) -> None:
        """Hand over what is still being typed."""

    def enter(self) -> None:
        """Take the focus."""

    def press(self, key: str) -> bool:
        """Take a key pressed anywhere; False if it means nothing here."""
        return False

    def take_enter(self) -> bool:
        """Use Enter before it means “next”."""
        return False


class QuestionBox(Box):
    """A question or a note."""

    def __init__(self, live: Live, shelf: Shelf | None = None) -> None:
        super().__init__()
        self.shelf = shelf
        self.where = label("", "caption", wrap=True)
        self.words = label("", "question", wrap=True)
        self.hint = label("", "muted", wrap=True)
        self.error = label("", "error", wrap=True)
        self.input: Input = NoteInput(live)
        for part in (self.where, self.words, self.hint):
            self.column.addWidget(part)
        self.column.addSpacing(4)
        self.column.addWidget(self.input)
        self.column.addWidget(self.error)

    def show_stop(self, filling: Filling, stop: Stop, path: bool) -> None:
        live = stop.live
        assert live is not None
        self._fit(live)
        heads = stop.heads[-1:] if path else ()
        lead = " · ".join(filter(None, (stop.number, *heads)))
        self.where.setText(lead)
        self.where.setVisible(bool(lead))
        star = " *" if live.required else ""
        self.words.setText(f"{live.label}{star}")
        role = "question" if live.type != "note" else ""
        self.words.setProperty("role", role)
        self.hint.setText(live.hint)
        self.hint.setVisible(bool(live.hint))
        self.input.show_live(live)
        wrong = filling.wrong(stop)
        self.error.setText(wrong)
        self.error.setVisible(bool(wrong))
        self.input.set_wrong(wrong)
        self.setAccessibleName(" ".join((lead, live.label, live.hint, wrong)))

    def _fit(self, live: Live) -> None:
        """The right input for the choices offered now."""
        wanted = input_of(live)
        if type(self.input) is wanted:
            return
        old, self.input = self.input, wanted(live)
        self.input.answered.connect(lambda text: self.answered.emit(self.input.live.ref, text))
        if self.shelf is not None:
            self.input.furnish(self.shelf)
        self.column.replaceWidget(old, self.input)
        old.hide()
        old.deleteLater()

    def flush(self) -> None:
        self.input.flush()

    def enter(self) -> None:
        self.input.enter()

    def press(self, key: str) -> bool:
        return self.input.press(key)

    def take_enter(self) -> bool:
        return self.input.take_enter()


class MoreBox(Box):
    """The end of a repeat: the rows there are, another one, or that is all."""

    def __init__(
        self,
        add: Callable[[str], object],
        remove: Callable[[str], object],
        on: Callable[[], object],
        go: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._actions = (add, remove, on, go)
        self.where = label("", "caption", wrap=True)
        self.words = label("", "question", wrap=True)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        self.more = ChoiceButton("", "1")
        self.done = ChoiceButton("", "2")
        for button in (self.more, self.done):
            button.setCheckable(False)
        self.ref = ""
        self.more.clicked.connect(lambda: add(self.ref))
        self.done.clicked.connect(lambda: on())
        for part in (self.where, self.words):
            self.column.addWidget(part)
        self.column.addLayout(self.rows)
        self.column.addSpacing(4)
        self.column.addWidget(self.more)
        self.column.addWidget(self.done)
        self.setFocusProxy(self.more)

    def show_stop(self, filling: Filling, stop: Stop, path: bool) -> None:
        live = stop.live
        assert live is not None
        self.ref = stop.ref
        self.where.setText(" · ".join(stop.heads[-1:]))
        self.where.setVisible(bool(stop.heads) and path)
        words = ngettext("{name}: {n} so far", "{name}: {n} so far", live.count)
        self.words.setText(words.format(name=live.label, n=live.count))
        self.more.show_as(_("Add another: {name}").format(name=live.label))
        self.done.show_as(_("That is all"))
        self._list(filling, live)

    def _list(self, filling: Filling, live: Live) -> None:
        _add, remove, _on, go = self._actions
        while (item := self.rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, row in enumerate(live.row.kids[live.node.place], 1):
            ref = f"{live.ref}[{place}]"
            kid = Live.of(filling.run, live.node, row, True)
            name = filling.row_name(kid) or _("Number {n}").format(n=place)
            line = QWidget()
            flat = QHBoxLayout(line)
            flat.setContentsMargins(0, 2, 0, 2)
            open_ = Button(f"{place} · {name}", partial(go, ref), role="flat")
            flat.addWidget(open_)
            flat.addStretch(1)
            away = Button(_("Remove"), partial(remove, ref), role="link")
            away.setAccessibleName(_("Remove {name}").format(name=name))
            flat.addWidget(away)
            self.rows.addWidget(line)

    def press(self, key: str) -> bool:
        if key in ("1", "+"):
            self.more.click()
        elif key == "2":
            self.done.click()
        else:
            return False
        return True

    def enter(self) -> None:
        self.done.setFocus()


class EndBox(Box):
    """The end: what is missing, with a way there, and the button that finishes."""

    def __init__(self, finish: Callable[[], object], go: Callable[[str], object]) -> None:
        super().__init__()
        self._go = go
        self.words = label("", "question", wrap=True)
        self.sub = label("", "muted", wrap=True)
        self.rows = RowList()
        self.button = PrimaryButton(_("Finish and save"), finish, key=_("Ctrl Enter"))
        for part in (self.words, self.sub, self.rows):
            self.column.addWidget(part)
        self.column.addSpacing(8)
        line = QHBoxLayout()
        line.addWidget(self.button)
        line.addStretch(1)
        self.column.addLayout(line)

    def show_stop(self, filling: Filling, stop: Stop, path: bool) -> None:
        missing = filling.missing() if path or filling.key == stop.key else []
        answered, asked = filling.progress()
        self.words.setText(_("End of the questionnaire"))
        if missing:
            said = ngettext(
                "{n} answer is missing or wrong. Choose it to go there.",
                "{n} answers are missing or wrong. Choose one to go there.",
                len(missing),
            ).format(n=len(missing))
        else:
            said = _("{n} questions answered of {total}. It can be finished.").format(
                n=answered, total=asked
            )
        self.sub.setText(said)
        self.rows.show_rows([self._row(filling, each) for each in missing])
        self.button.setEnabled(not missing)

    def _row(self, filling: Filling, stop: Stop) -> Row:
        assert stop.live is not None
        return Row(
            stop.live.label,
            filling.wrong(stop),
            lead=stop.number,
            lead_tone="late",
            open=lambda: self._go(stop.key),
        )

    def press(self, key: str) -> bool:
        return False

    def enter(self) -> None:
        if self.rows.rows:
            self.rows.rows[0].setFocus()
        else:
            self.button.setFocus()
