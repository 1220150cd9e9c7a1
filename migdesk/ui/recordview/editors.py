"""Which editor a kind of field has, and the box that puts a label and words around it.

A new kind is one line in EDITORS. ``FieldBox(desk, field)`` is what a screen places.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from migdesk.i18n import N_, _
from migdesk.models import Field, kinds
from migdesk.models.condition import Compared
from migdesk.models.kinds import BadValue, Kind
from migdesk.ui.desk import Desk

from .edit_choices import (
    BooleanEditor,
    ChipsEditor,
    ChoiceEditor,
    ChoicesEditor,
    TimeZoneEditor,
)
from .edit_dates import DateEditor, MomentEditor
from .edit_facts import FactEditor
from .edit_files import FileEditor
from .edit_links import LinkEditor, LinksEditor
from .editor import Editor, LongTextEditor, MoneyEditor, NumberEditor, PlainEditor
from .parts import label

EDITORS: dict[type[Kind], type[Editor]] = {
    Kind: PlainEditor,
    kinds.LongText: LongTextEditor,
    kinds.Source: LongTextEditor,
    kinds.Number: NumberEditor,
    kinds.Money: MoneyEditor,
    kinds.Date: DateEditor,
    kinds.FuzzyDate: DateEditor,
    kinds.Moment: MomentEditor,
    kinds.Boolean: BooleanEditor,
    kinds.Choice: ChoiceEditor,
    kinds.Choices: ChoicesEditor,
    kinds.Texts: ChipsEditor,
    kinds.Country: ChoiceEditor,
    kinds.Language: ChoiceEditor,
    kinds.TimeZone: TimeZoneEditor,
    kinds.Place: LinkEditor,
    kinds.Phone: PlainEditor,
    kinds.Email: PlainEditor,
    kinds.Link: LinkEditor,
    kinds.Links: LinksEditor,
    kinds.Attachment: FileEditor,
    kinds.Picture: FileEditor,
    Compared: FactEditor,
}


def editor_for(desk: Desk, field: Field, parent: QWidget | None = None) -> Editor:
    """The editor of a field, by its kind or the nearest kind above it."""
    kind = field.kind
    if isinstance(kind, kinds.Link) and kind.to == "attachment":
        made: Editor = FileEditor(desk, field, parent)
    else:
        made = next(EDITORS[c] for c in type(kind).__mro__ if c in EDITORS)(desk, field, parent)
    if field.readonly:
        made.set_readonly(True)
    return made


class FieldBox(QWidget):
    """Label, editor, and under it a hint or what is wrong."""

    changed = Signal()

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.editor = editor_for(desk, field, self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        words = f"{field.label} *" if field.required else str(field.label)
        self.label = label(words, "label")
        self.label.setBuddy(self.editor)
        if field.required:
            self.label.setToolTip(_("Needed"))
        self.words = label("", "error", wrap=True)
        self.words.hide()
        for widget in (self.label, self.editor, self.words):
            box.addWidget(widget)
        box.addStretch(1)
        if field.hint is not None:
            self.editor.setToolTip(str(field.hint))
            self._placeholder(str(field.hint))
        self.editor.changed.connect(self._on_changed)
        self.editor.left.connect(self.check)

    def _placeholder(self, hint: str) -> None:
        line = getattr(self.editor, "line", None)
        if line is not None:
            line.setPlaceholderText(hint)

    def _on_changed(self) -> None:
        self.say("")
        self.changed.emit()

    def say(self, words: str) -> None:
        """Show what is wrong; no words means nothing is."""
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.editor.set_wrong(words)

    @property
    def wrong(self) -> str:
        """What is shown as wrong."""
        return self.words.text()

    def check(self) -> bool:
        """Say what is wrong with what is typed; a needed field may wait until saving."""
        try:
            self.editor.value()
        except BadValue as bad:
            self.say(bad.words)
            return False
        self.say("")
        return True

    def check_all(self) -> bool:
        """As `check`, and a needed field may not stay empty."""
        if not self.check():
            return False
        if self.field.required and self.editor.value() in (None, "", []):
            self.say(str(N_("This is needed.")))
            return False
        return True

    def value(self) -> Any:
        """Stored value; raises BadValue."""
        return self.editor.value()

    def set_value(self, stored: Any, shown: str = "") -> None:
        """Show a stored value."""
        self.editor.set_value(stored, shown)
        self.say("")
