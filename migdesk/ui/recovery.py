"""Typing the recovery key: whole from its sheet, or as the words of three sheets."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from migdesk import shares
from migdesk.errors import Mistake
from migdesk.i18n import N_, _
from migdesk.keytext import typed_words
from migdesk.ui.gate import Sides, add_field
from migdesk.ui.theme import px
from migdesk.ui.widgets import Tabs, label, set_property


class NothingTyped(Mistake):
    code = "RCV-001"
    text = N_("Type the recovery key from its sheet.")


class ShareEntry(QWidget):
    """The words of one sheet; says at each word how it stands."""

    def __init__(self, n: int, changed: Callable[[], object]) -> None:
        super().__init__()
        self.words = QPlainTextEdit()
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(px(64))
        self.verdict = label("", "caption", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        titles = (_("Words of the first sheet"), _("Words of the second sheet"),
                  _("Words of the third sheet"))
        add_field(column, titles[n], self.words)
        column.addWidget(self.verdict)
        self.words.textChanged.connect(self._judge)
        self.words.textChanged.connect(changed)
        self._judge()

    def share(self) -> shares.Share | None:
        """The sheet, once it is whole and right."""
        try:
            return shares.read(self.words.toPlainText())
        except Mistake:
            return None

    def _judge(self) -> None:
        text = self.words.toPlainText()
        typed = typed_words(text)
        tone, said = "", _("{n} of {all} words").format(n=len(typed), all=shares.WORDS)
        try:
            found = shares.read(text)
            tone = "done"
            said = _("Sheet {n} is right. Mark: {mark}").format(n=found.number, mark=found.mark)
        except shares.WrongLength as fault:
            if len(typed) > shares.WORDS:
                tone, said = "late", fault.words
        except shares.UnknownWord as fault:
            if fault.gaps["n"] < len(typed) or text[-1:].isspace():  # not the one being typed
                tone, said = "late", fault.words
        except Mistake as fault:
            tone, said = "late", fault.words
        self.verdict.setText(said)
        set_property(self.verdict, "tone", tone)


class RecoveryEntry(QWidget):
    """Two ways to give the recovery key; `key` is the same text for both."""

    def __init__(self, split: bool = False) -> None:
        super().__init__()
        self.ways = Tabs([_("One key"), _("Three sheets")])
        self.ways.setAccessibleName(_("Recovery key"))
        self.line = QLineEdit()
        self.line.setPlaceholderText("XXXX-XXXX-XXXX-…")
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        add_field(column, _("Recovery key"), self.line)
        column.addStretch(1)
        self.sheets = [ShareEntry(n, self._fit) for n in range(shares.NEEDED)]
        self.together = label("", "caption", wrap=True)
        set_property(self.together, "tone", "late")
        three = QWidget()
        rows = QVBoxLayout(three)
        rows.setContentsMargins(0, 0, 0, 0)
        for sheet in self.sheets:
            rows.addWidget(sheet)
        rows.addWidget(self.together)
        self.sides = Sides()
        self.sides.addWidget(whole)
        self.sides.addWidget(three)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.ways)
        outer.addWidget(self.sides)
        self.ways.currentChanged.connect(self._turn)
        self.ways.setCurrentIndex(int(split))
        self._turn(int(split))

    def _turn(self, way: int) -> None:
        self.sides.setCurrentIndex(way)
        self.setFocusProxy(self.sheets[0].words if way else self.line)

    def _fit(self) -> None:
        held = [share for sheet in self.sheets if (share := sheet.share()) is not None]
        try:
            shares.fit(held)
            self.together.setText("")
        except Mistake as fault:
            self.together.setText(fault.words)

    def key(self) -> str:
        """The recovery key as one text. Raises the Mistake of what was typed."""
        if self.ways.currentIndex() == 0:
            if not self.line.text().strip():
                raise NothingTyped(field="recovery")
            return self.line.text()
        return shares.join(sheet.words.toPlainText() for sheet in self.sheets)

    def clear(self) -> None:
        """Nothing typed stays on the screen."""
        self.line.clear()
        for sheet in self.sheets:
            sheet.words.clear()
