"""Editors of one or several codes, of several words, and of yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from migdesk.i18n import _
from migdesk.models import Field
from migdesk.models.kinds import BadValue, Choice, vocabulary, zones_like
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px

from .editor import SHOW_ALL, Editor, LineEditor
from .parts import FlowLayout, pill, set_property, tool
from .suggest import Answer, Option, Suggester


def code_options(kind: Choice, text: str) -> list[Option]:
    """Items of the code list of a kind that fit what is typed."""
    return [Option(item.code, item.label()) for item in vocabulary(kind.codes).find(text)]


class ChoiceEditor(LineEditor):
    """One code: type a part of its name, or open the list."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        self.suggester = Suggester(self.line, self._options, self._choose, goes_on=True)
        self.open_button = tool("menu-down", _("Show all"), self.suggester.open_all)
        self.add_inner(self.open_button, SHOW_ALL)

    def _options(self, text: str, answer: Answer) -> None:
        answer(self.fitting(text))

    def fitting(self, text: str) -> list[Option]:
        """What can be chosen of what is typed."""
        return code_options(self.field.kind, text)  # type: ignore[arg-type]

    def _choose(self, option: Option) -> None:
        self.set_value(option.value)
        self.changed.emit()

    def set_readonly(self, readonly: bool) -> None:
        super().set_readonly(readonly)
        self.open_button.setVisible(not readonly)

    def _on_left(self) -> None:
        text = self.line.text().strip()
        if text and text != self._shown:
            found = self.fitting(text)
            exact = [o for o in found if o.label.casefold() == text.casefold()]
            if len(exact or found) == 1:
                self.set_value((exact or found)[0].value)
                self.changed.emit()
        super()._on_left()


class TimeZoneEditor(ChoiceEditor):
    """A time zone, by one of its towns."""

    def fitting(self, text: str) -> list[Option]:
        return [Option(zone, town, zone) for zone, town in zones_like(text)]


class BooleanEditor(Editor):
    """Yes, no, or not said."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        self.group = QButtonGroup(self)
        self._choices: dict[bool | None, QRadioButton] = {}
        for number, (value, words) in enumerate(
            ((True, _("Yes")), (False, _("No")), (None, _("Not said")))
        ):
            choice = QRadioButton(words)
            self.add_input(choice, main=not number)
            self._name(choice, words)
            self.group.addButton(choice, number)
            self.row.addWidget(choice)
            self._choices[value] = choice
        self.row.addStretch(1)
        self._choices[None].setChecked(True)
        self.group.idClicked.connect(lambda _id: self.changed.emit())

    def _name(self, choice: QRadioButton, words: str) -> None:
        choice.setAccessibleName(f"{self.field.label} {words}")

    def value(self) -> Any:
        return next(v for v, choice in self._choices.items() if choice.isChecked())

    def set_value(self, stored: Any, shown: str = "") -> None:
        self._choices[stored if stored is None else bool(stored)].setChecked(True)


class Chip(QFrame):
    """One of several values, with a button that takes it away."""

    def __init__(self, words: str, owner: ChipsEditor, option: Option) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(pill(words, "accent"))
        away = _("Take away {name}").format(name=words)
        row.addWidget(tool("close", away, lambda: owner.remove(option)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class ChipsEditor(Editor):
    """Several values as chips. Backspace in the empty line takes the last away."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        self._chosen: list[Option] = []
        self._hint = ""
        self.box = QFrame()
        self.box.setProperty("role", "search")
        self.box.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.flow = FlowLayout(self.box)
        self.flow.setContentsMargins(10, 4, 10, 4)
        self.line = QLineEdit()
        self.line.setProperty("role", "plain")
        self.line.setFrame(False)
        self.line.setMinimumWidth(96)
        self.line.setPlaceholderText(_("Add…"))
        self.flow.addWidget(self.line)
        self.box.setMinimumHeight(px(34))
        policy = self.box.sizePolicy()
        policy.setHeightForWidth(True)
        self.box.setSizePolicy(policy)
        self.row.addWidget(self.box, 1)
        self.add_input(self.line)
        self.line.returnPressed.connect(self._take_line)
        self.line.textEdited.connect(lambda _text: self.changed.emit())

    def options_of(self, stored: Sequence[Any]) -> list[Option]:
        """Stored values with their words."""
        return [Option(v, self.field.kind.show([v])) for v in stored]

    def read(self, text: str) -> list[Option]:
        """What the words typed mean; raises BadValue."""
        return self.options_of(self.field.kind.parse(text) or [])

    def value(self) -> Any:
        """The chips, and what is typed beside them without Enter."""
        found = [option.value for option in self._chosen]
        found += [option.value for option in self.read(self.line.text())]
        return list(dict.fromkeys(found)) or None

    def set_value(self, stored: Any, shown: str = "") -> None:
        self._chosen = self.options_of(stored or [])
        self.line.clear()
        self._show()

    def typed(self) -> Any:
        return [[o.value for o in self._chosen], self.line.text()]

    def set_typed(self, typed: Any) -> None:
        chosen, text = typed if isinstance(typed, list) and len(typed) == 2 else ([], "")
        self.set_value(chosen)
        self.line.setText(str(text))

    def add(self, option: Option) -> None:
        """A person chose one more."""
        if option.value not in [o.value for o in self._chosen]:
            self._chosen.append(option)
        self.line.clear()
        self._show()
        self.changed.emit()

    def remove(self, option: Option) -> None:
        """A person took one away."""
        self._chosen = [o for o in self._chosen if o.value != option.value]
        self._show()
        self.line.setFocus()
        self.changed.emit()

    def _take_line(self) -> bool:
        """Make chips of the words typed; False if they mean nothing."""
        if not self.line.text().strip():
            return True
        try:
            found = self.read(self.line.text())
        except BadValue:
            return False
        for option in found:
            self.add(option)
        return True

    def _show(self) -> None:
        while self.flow.count() > 1:
            item = self.flow.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        # Beside a chip the hint would be cut, and is not needed any more.
        self._hint = self.line.placeholderText() or self._hint
        self.line.setPlaceholderText("" if self._chosen else self._hint)
        for place, option in enumerate(self._chosen):
            self.flow.insert(place, Chip(option.label, self, option))
        self.flow.invalidate()
        self.box.updateGeometry()
        self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_property(self.box, "focused", event.type() == QEvent.Type.FocusIn)
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Backspace
            and not self.line.text()
            and self._chosen
        ):
            self.remove(self._chosen[-1])
            return True
        return super().eventFilter(watched, event)

    def _on_left(self) -> None:
        self._take_line()
        super()._on_left()


class ChoicesEditor(ChipsEditor):
    """Several codes of a list, in the order of the list."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        self.suggester = Suggester(self.line, self._options, self.add)

    def _options(self, text: str, answer: Answer) -> None:
        taken = {o.value for o in self._chosen}
        found = code_options(self.field.kind, text)  # type: ignore[arg-type]
        answer([o for o in found if o.value not in taken])

    def read(self, text: str) -> list[Option]:
        if text.strip():
            found = code_options(self.field.kind, text.strip())  # type: ignore[arg-type]
            if len(found) == 1:
                return found
        return super().read(text)


__all__ = ["BooleanEditor", "ChipsEditor", "ChoiceEditor", "ChoicesEditor"]
