"""The short form for somebody new: who, how to reach, what is agreed to. One screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from migdesk import codelists
from migdesk.i18n import _, language
from migdesk.models.kinds import HOME
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.editor import LineEditor
from migdesk.ui.recordview.parts import tool
from migdesk.ui.widgets import Card, label

from .fields import Fields, Lines
from .pieces import key_button
from .receive_perhaps import PerhapsHere
from .receive_words import meant

ROWS = (
    ("family_name", "given_name", "aliases", "sex"),
    ("birth", "origin", "residence", "residence_country"),
    ("phone", "languages"),
)
PURPOSES = ("registration", "contact", "statistics", "introduction")


class Consents(Lines):
    """What the person agrees to, purpose by purpose, and how that was given. Nothing is
    taken as agreed that was not asked."""

    changed = Signal()

    def __init__(self) -> None:
        self.answers = {purpose: QComboBox() for purpose in PURPOSES}
        self.means = QComboBox()
        parts: list[QWidget] = [label(_("The person agrees to"), "strong", wrap=True)]
        for purpose, choice in self.answers.items():
            parts.append(self._box(codelists.label("consent_purposes", purpose), choice))
            choice.addItem(_("Not asked"), "")
            for item in codelists.get("consent_answers"):
                choice.addItem(item.label(), item.code)
        parts.append(self._box(_("How it was given"), self.means))
        self.means.addItem("", "")
        for item in codelists.get("consent_means"):
            self.means.addItem(item.label(), item.code)
        super().__init__([parts])
        for choice in self._all().values():
            choice.activated.connect(lambda _index: self.changed.emit())

    @staticmethod
    def _box(words: str, choice: QComboBox) -> QWidget:
        choice.setAccessibleName(words)
        choice.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        choice.setMinimumContentsLength(8)
        name = label(words, "field", wrap=True)
        name.setBuddy(choice)
        name.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignBottom)
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(name, 1)
        column.addWidget(choice)
        return made

    def values(self) -> tuple[dict[str, Any], ...]:
        """One consent for each purpose that was asked about."""
        means = self.means.currentData() or None
        return tuple(
            {
                "purpose": purpose,
                "answer": choice.currentData(),
                "means": means,
                "language": language() if language() in codelists.get("languages") else None,
            }
            for purpose, choice in self.answers.items()
            if choice.currentData()
        )

    def typed(self) -> dict[str, str]:
        """For a draft."""
        return {p: str(c.currentData()) for p, c in self._all().items()}

    def set_typed(self, typed: Mapping[str, str]) -> None:
        """Put back what a draft kept; no draft means nothing was asked."""
        for name, choice in self._all().items():
            choice.setCurrentIndex(max(choice.findData(typed.get(name, "")), 0))

    def _all(self) -> dict[str, QComboBox]:
        return {**self.answers, "means": self.means}


class RegisterCard(Card):
    """Registers somebody whom the search did not find."""

    changed = Signal()
    back = Signal()

    def __init__(self, desk: Desk) -> None:
        back = key_button(_("Back to the search"), lambda: self.back.emit(), _("Esc"))
        super().__init__(_("New person"), back)
        self.fields = Fields(desk, "person", ROWS)
        self.consents = Consents()
        self._add_swap()
        self.perhaps = PerhapsHere(desk, self.fields)
        self.body.addWidget(self.fields)
        self.body.addWidget(self.perhaps)
        self.body.addWidget(self.consents)
        self.fields.changed.connect(self.changed)
        self.consents.changed.connect(self.changed)

    def _add_swap(self) -> None:
        words = _("Swap family name and given names")
        swap = tool("swap-horizontal", words, self.swap, "Alt+S")
        swap.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Enter goes from name to name
        editor = self.fields["family_name"].editor
        editor.row.addWidget(swap)

    def start(self, search: str) -> None:
        """An empty form with what the search words say."""
        self.fields.clear({"residence_country": HOME.country})
        self.fields.set_typed(meant(search))
        self.consents.set_typed({})
        self.perhaps.look()
        half = self._name("family_name") and not self._name("given_name")
        self.fields["given_name" if half else "family_name"].editor.setFocus()

    def _name(self, field: str) -> str:
        """A name as it stands in its field."""
        editor = self.fields[field].editor
        return editor.line.text().strip() if isinstance(editor, LineEditor) else ""

    def swap(self) -> None:
        """The guess which name is which was wrong."""
        family, given = self.fields["family_name"].editor, self.fields["given_name"].editor
        first, second = family.typed(), given.typed()
        family.set_typed(second)
        given.set_typed(first)
        self.changed.emit()

    def name_typed(self) -> str:
        """The name as far as it is typed."""
        return " ".join(filter(None, map(self._name, ("given_name", "family_name"))))

    def typed(self) -> dict[str, Any]:
        """For a draft."""
        return {"fields": self.fields.typed(), "consents": self.consents.typed()}

    def set_typed(self, typed: Mapping[str, Any]) -> None:
        """Put back what a draft kept."""
        self.fields.clear()
        self.fields.set_typed(typed.get("fields", {}))
        self.consents.set_typed(typed.get("consents", {}))
