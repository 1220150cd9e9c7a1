"""What a questionnaire registers: its entity lists, property by property, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from migdesk.errors import Fault
from migdesk.i18n import _, ngettext
from migdesk.jobs.register_entities import register
from migdesk.models.kinds import Choice
from migdesk.services import entities, entity_setup
from migdesk.services.entity_fields import (
    CONSENT,
    LABEL,
    TARGETS,
    EntityMapping,
    Property,
    codes_here,
    fields_of,
    fill,
    guess_codes,
    purposes,
    takes_codes,
    unknown,
    words_of,
)
from migdesk.services.entity_setup import Setup
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import (
    Button,
    Card,
    PageHeader,
    PrimaryButton,
    empty,
    label,
    scrolled,
    set_property,
)

MIDDLE = Qt.AlignmentFlag.AlignVCenter


class PickBox(QComboBox):
    """A choice that is made in its open list only: neither the arrows nor the wheel change
    it on the way, since each choice may free another."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) or event.text().strip():
            self.showPopup()
            if event.text().strip():
                QApplication.sendEvent(self.view(), event)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ListCard(Card):
    """One entity list: what it registers, which field each property fills."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup.mapping.dataset)
        self.properties = setup.properties
        self.mapping = setup.mapping
        self.target = PickBox()
        self.target.setAccessibleName(
            _("What the list {name} registers").format(name=setup.mapping.dataset)
        )
        self.target.addItem(_("— nothing —"), "")
        words = Choice(codes="entity_targets")
        for code in TARGETS:
            self.target.addItem(words.show(code), code)
        self.target.setCurrentIndex(max(self.target.findData(self.mapping.target), 0))
        self.target.activated.connect(self._on_target)
        line = QHBoxLayout()
        line.addWidget(label(_("Registers"), "strong"))
        line.addWidget(self.target)
        line.addStretch(1)
        self.body.addLayout(line)
        inside = QWidget()
        self.grid = QGridLayout(inside)
        self.grid.setContentsMargins(0, 4, 0, 0)
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(6)
        for column, room in enumerate((2, 3, 3)):
            self.grid.setColumnStretch(column, room)
        self.body.addWidget(inside)
        self.lost = label("", "caption", wrap=True)
        self.body.addWidget(self.lost)
        self._show()

    # what is shown ------------------------------------------------------------

    def _show(self) -> None:
        empty(self.grid)
        self._lines = 1
        self.fields: dict[str, QComboBox] = {}
        self.codes: dict[tuple[str, str], QComboBox] = {}
        if self.mapping.target:
            heads = (_("Property"), _("Question"), _("Goes into"))
            for place, words in enumerate(heads):
                self.grid.addWidget(label(words, "caption"), 0, place)
            for each in self.properties:
                self._property(each)
        self._show_lost()

    def _next(self) -> int:
        """The next free line of the grid, which never gives lines back."""
        self._lines += 1
        return self._lines - 1

    def _property(self, each: Property) -> None:
        line = self._next()
        name = _("label of the entity") if each.name == LABEL else each.name
        self.grid.addWidget(label(name, wrap=True), line, 0, MIDDLE)
        self.grid.addWidget(label(each.question, "muted", wrap=True), line, 1, MIDDLE)
        box = PickBox()
        box.setAccessibleName(_("Field for {name}").format(name=name))
        box.addItem(_("— left out —"), "")
        target = self.mapping.target
        offered = [field.name for field in fields_of(target)]
        for to in (*offered, *(f"{CONSENT}{code}" for code in purposes(target))):
            box.addItem(words_of(target, to), to)
        to = self.mapping.fields.get(each.name, "")
        box.setCurrentIndex(max(box.findData(to), 0))
        box.activated.connect(lambda _index: self._on_field(each))
        self.grid.addWidget(box, line, 2)
        self.fields[each.name] = box
        if to and each.choices and takes_codes(target, to):
            for choice in each.choices:
                said = choice.label or choice.value
                self._code(each, choice.value, said, to)

    def _code(self, each: Property, code: str, said: str, to: str) -> None:
        line = self._next()
        self.grid.addWidget(label(f"    {said}", "muted", wrap=True), line, 1, MIDDLE)
        box = PickBox()
        box.setAccessibleName(_("Word for {answer}").format(answer=said))
        box.addItem(_("— left out —"), "")
        for ours, words in codes_here(self.mapping.target, to):
            box.addItem(words, ours)
        found = self.mapping.codes.get(each.name, {}).get(code, "")
        box.setCurrentIndex(max(box.findData(found), 0))
        box.activated.connect(lambda _index: self._on_code())
        self.grid.addWidget(box, line, 2)
        self.codes[each.name, code] = box

    def _show_lost(self) -> None:
        words = [said for _name, said in unknown(self.mapping, self.properties)]
        told = _("No word is chosen for: {words}. Such answers are left out.")
        self.lost.setText(told.format(words=", ".join(words)))
        self.lost.setVisible(bool(words))

    # choosing -----------------------------------------------------------------

    def _on_target(self, _index: int) -> None:
        target = self.target.currentData()
        empty_map = EntityMapping(self.mapping.form, self.mapping.dataset, target)
        self.mapping = fill(empty_map, self.properties)
        self._show()

    def _on_field(self, each: Property) -> None:
        """A field takes one property: choosing it here frees it elsewhere."""
        to = self.fields[each.name].currentData()
        fields = {n: f for n, f in self._fields().items() if n == each.name or f != to}
        guessed: dict[str, Mapping[str, str]] = dict(self._codes())
        guessed[each.name] = guess_codes(self.mapping.target, to, each) if to else {}
        self._take(fields, guessed)
        self._show()
        self.fields[each.name].setFocus()

    def _on_code(self) -> None:
        self._take(self._fields(), self._codes())
        self._show_lost()

    def _fields(self) -> dict[str, str]:
        chosen = {name: box.currentData() for name, box in self.fields.items()}
        return {name: to for name, to in chosen.items() if to}

    def _codes(self) -> dict[str, Mapping[str, str]]:
        made: dict[str, dict[str, str]] = {}
        for (name, code), box in self.codes.items():
            made.setdefault(name, {})[code] = box.currentData()
        return dict(made)

    def _take(self, fields: Mapping[str, str], codes: Mapping[str, Mapping[str, str]]) -> None:
        form, dataset, target = self.mapping.form, self.mapping.dataset, self.mapping.target
        self.mapping = EntityMapping(form, dataset, target, fields, codes)


class EntitiesView(QWidget):
    """`left` when the person is done."""

    left = Signal()

    def __init__(self, desk: Desk, questionnaire: View) -> None:
        super().__init__()
        self.desk = desk
        self.view = questionnaire
        self.cards: list[ListCard] = []
        self.kept: list[EntityMapping] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 0, 0)
        column.setSpacing(12)
        away = Button(_("Back"), self.leave, key=_("Esc"))
        self.save_button = PrimaryButton(_("Save"), self.save, key=_("Ctrl S"))
        self.save_button.setEnabled(False)
        title = _("What “{name}” registers").format(name=questionnaire.title)
        head = PageHeader(title, "", [away, self.save_button])
        head.setContentsMargins(0, 0, 24, 0)
        column.addWidget(head)
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(0, 0, 24, 24)
        self.column.setSpacing(16)
        words = _(
            "Each finished questionnaire then registers or changes such records by itself. "
            "Who is perhaps here already is not registered twice: it waits under To settle."
        )
        self.column.addWidget(label(words, "muted", wrap=True))
        self.lists = QVBoxLayout()
        self.lists.setSpacing(16)
        self.column.addLayout(self.lists)
        self.column.addWidget(self._later_bar())
        self.column.addStretch(1)
        column.addWidget(scrolled(inside), 1)
        shortcut("Escape", self, self.leave)
        shortcut("Ctrl+S", self, self.save)

    def _later_bar(self) -> Card:
        self.later = Card()
        self.later_words = label("", wrap=True)
        self.later_button = Button(_("Register them now"), self.apply)
        self.later.body.addWidget(self.later_words)
        row = QHBoxLayout()
        row.addWidget(self.later_button)
        row.addStretch(1)
        self.later.body.addLayout(row)
        self.later.hide()
        return self.later

    def leave(self) -> None:
        """Back to the list, after asking where something was changed and not saved."""
        changed = [card.mapping for card in self.cards] != self.kept
        text = _("What you chose here is lost.")
        if not changed or self.desk.asker.confirm(_("Leave without saving?"), text, _("Leave")):
            self.left.emit()

    def load(self) -> None:
        """Read the lists of the questionnaire."""
        read = self.desk.runner.read
        read(entity_setup.setups, self.view.id, then=self._on_setups, owner=self)

    def _on_setups(self, found: tuple[Setup, ...]) -> None:
        empty(self.lists)
        self.cards = [ListCard(setup) for setup in found]
        self.kept = [card.mapping for card in self.cards]
        for card in self.cards:
            self.lists.addWidget(card)
        self.save_button.setEnabled(bool(found))
        if self.cards:
            self.cards[0].target.setFocus()
        if any(setup.saved and setup.mapping.target for setup in found):
            self._count()

    # keeping ------------------------------------------------------------------

    def save(self) -> None:
        """Keep the mapping; from now on finished questionnaires register."""
        if self.save_button.isEnabled():
            mappings = [card.mapping for card in self.cards]
            write = self.desk.runner.write
            write(entity_setup.save_all, mappings, then=self._on_saved, owner=self)

    def _on_saved(self, _done: None) -> None:
        self.kept = [card.mapping for card in self.cards]
        self.desk.asker.tell(_("Saved. Finished questionnaires register from now on."))
        self._count()

    def _count(self) -> None:
        form = str(self.view.values["form"] or "")
        read = self.desk.runner.read
        read(entities.not_applied, form, then=self._on_waiting, owner=self)

    def _on_waiting(self, found: tuple[str, ...]) -> None:
        n = len(found)
        words = ngettext(
            "{n} questionnaire was finished before, and has registered nothing yet.",
            "{n} questionnaires were finished before, and have registered nothing yet.",
            n,
        )
        self.later_words.setText(words.format(n=n))
        set_property(self.later_words, "role", "")
        self.later.setVisible(n > 0)

    def apply(self) -> None:
        """Register what the questionnaires kept already say."""
        self.later_button.setEnabled(False)
        self.desk.runner.job(
            register,
            str(self.view.values["form"] or ""),
            then=self._on_applied,
            owner=self,
            failed=self._on_failed,
            title=_("Registration from “{name}”").format(name=self.view.title),
        )

    def _on_failed(self, fault: Fault) -> None:
        self.later_button.setEnabled(True)
        self.later_words.setText(fault.words)
        set_property(self.later_words, "role", "error")

    def _on_applied(self, made: int) -> None:
        self.later_button.setEnabled(True)
        words = ngettext(
            "{n} registration made or waiting.", "{n} registrations made or waiting.", made
        )
        settle = partial(self.desk.go, "settle")
        self.desk.asker.tell(words.format(n=made), _("To settle"), settle)
        self._count()
