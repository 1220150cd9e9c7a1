"""Settings: this computer, the office, accounts, words of lists, about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLineEdit,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from migdesk import __version__, codelists
from migdesk.i18n import LANGUAGES, N_, Text, _, language
from migdesk.settings import ALL, COUNTRY, CURRENCY, LANGUAGE, TEXT_SIZE, THEME, Setting
from migdesk.ui.desk import Desk, Page
from migdesk.ui.gate import SPOKEN
from migdesk.ui.pages.settings_accounts import AccountsSide
from migdesk.ui.widgets import (
    Card,
    EmptyState,
    PageHeader,
    Tabs,
    label,
    page_column,
    scrolled,
)

if TYPE_CHECKING:
    from migdesk.models.store import Changes

RESTYLING = (LANGUAGE, THEME, TEXT_SIZE)


class SettingsPage(Page):
    """One tab for each subject; a side is made when it is first shown."""

    name: ClassVar[str] = "settings"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._sides: list[tuple[str, Text, Callable[[], QWidget]]] = [
            ("computer", N_("This computer"), self._computer),
            ("office", N_("Office"), self._office),
            ("accounts", N_("Accounts"), self._accounts),
            ("words", N_("Words of lists"), self._words),
            ("about", N_("About"), self._about),
        ]
        self.tabs = Tabs([str(words) for _key, words, _make in self._sides])
        self.tabs.setAccessibleName(_("Settings"))
        self.stack = QStackedWidget()
        self._made: dict[int, QWidget] = {}
        column = page_column(self)
        column.setSpacing(12)
        column.addWidget(PageHeader(_("Settings")))
        column.addWidget(self.tabs)
        column.addWidget(self.stack, 1)
        self.tabs.currentChanged.connect(self._turn)

    def load(self) -> None:
        """Show the tab of last time."""
        keys = [key for key, _words, _make in self._sides]
        kept = self.desk.settings.state("settings.tab")
        index = keys.index(kept) if kept in keys else 0
        self.tabs.setCurrentIndex(index)
        self._turn(index)

    def arrive(self, tab: str = "", **args: Any) -> None:
        """``desk.go("settings", tab="accounts")``."""
        for index, (key, _words, _make) in enumerate(self._sides):
            if key == tab:
                self.tabs.setCurrentIndex(index)

    def on_changed(self, changes: Changes) -> None:
        """Words that the office added count at once."""
        from migdesk.services import office

        if changes.touches("code_item", "office"):
            self.desk.runner.read(office.settle_in)
        for side in self._made.values():
            if isinstance(side, AccountsSide) and changes.touches("account"):
                side.load()
            elif hasattr(side, "on_changed"):
                side.on_changed(changes)

    def leave(self) -> None:
        for side in self._made.values():
            if hasattr(side, "leave"):
                side.leave()

    def _turn(self, index: int) -> None:
        key, _words, make = self._sides[index]
        if index not in self._made:
            self._made[index] = make()
            self.stack.addWidget(self._made[index])
        self.stack.setCurrentWidget(self._made[index])
        self.desk.settings.remember("settings.tab", key)

    def _computer(self) -> QWidget:
        inside, column = _column()
        card = Card(_("This computer"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(12)
        shown = [setting for setting in ALL if setting.label is not None]
        for row, setting in enumerate(shown):
            editor = self._editor(setting)
            editor.setAccessibleName(str(setting.label))
            editor.setMinimumWidth(240)
            editor.setMaximumWidth(320)
            words = label(str(setting.label))
            words.setBuddy(editor)
            grid.addWidget(words, row, 0)
            grid.addWidget(editor, row, 1)
        grid.setColumnStretch(2, 1)
        card.body.addLayout(grid)
        column.addWidget(card)
        column.addStretch(1)
        return scrolled(inside)

    def _editor(self, setting: Setting[Any]) -> QWidget:
        """The widget that a declared setting asks for; it takes effect at once."""
        value = self.desk.settings.get(setting)
        choices = choices_of(setting)
        if choices:
            box = QComboBox()
            for stored, words in choices:
                box.addItem(words, stored)
            box.setCurrentIndex(max(box.findData(value or language()), 0))
            box.activated.connect(lambda _row: self.take(setting, box.currentData()))
            return box
        if isinstance(setting.default, int):
            spin = QSpinBox()
            spin.setRange(setting.low, setting.high)
            spin.setSingleStep(10 if setting is TEXT_SIZE else 1)
            spin.setValue(value)
            # Fusion leaves no room before the figure, whatever the sheet says.
            spin.lineEdit().setTextMargins(8, 0, 8, 0)
            # At the end of typing: a size half typed must not rebuild the window.
            spin.setKeyboardTracking(False)
            spin.valueChanged.connect(lambda number: self.take(setting, number))
            return spin
        line = QLineEdit(str(value))
        line.editingFinished.connect(lambda: self.take(setting, line.text().strip()))
        return line

    def take(self, setting: Setting[Any], value: Any) -> None:
        """Keep a value, and let the window follow."""
        if self.desk.settings.get(setting) == value:
            return
        self.desk.settings.set(setting, value)
        if setting in RESTYLING:
            self.desk.refresh()

    def _office(self) -> QWidget:
        from migdesk.services import office

        inside, column = _column()

        def show(view: Any) -> None:
            from migdesk.ui.recordview.form import RecordForm

            if view is not None:
                form = RecordForm(self.desk, "office", view.id)
                column.addWidget(form, 1)
                form.load()

        self.desk.runner.read(office.this_office, then=show, owner=inside)
        return inside

    def _accounts(self) -> QWidget:
        side = AccountsSide(self.desk)
        side.load()
        return side

    def _words(self) -> QWidget:
        from migdesk.ui.recordview.split import ListAndDetail

        purpose = N_("Words that your office adds to the lists of choices.")
        begin = N_("Add a word when the list has none for what people ask.")
        made = ListAndDetail(self.desk, "code_item", purpose, begin)
        made.list.new_asked.connect(made.show_new)
        made.load()
        return made

    def _about(self) -> QWidget:
        words = _(
            "Offline-first program for the offices that help migrants. Free software under "
            "the GNU General Public License, version 3 or later."
        )
        name = _("MigDesk {version}").format(version=__version__)
        made = EmptyState("information-outline", name, words)
        return made


def choices_of(setting: Setting[Any]) -> list[tuple[Any, str]]:
    """Stored value and words of a setting that is a closed list, else nothing."""
    if setting is LANGUAGE:
        return [(code, LANGUAGES[code]) for code in SPOKEN]
    if setting is COUNTRY:
        return [(item.code, item.label()) for item in codelists.countries()]
    if setting is CURRENCY:
        return [
            (item.code, f"{item.code} — {item.label()}") for item in codelists.get("currencies")
        ]
    return [(value, str(words)) for value, words in setting.choices]


def _column() -> tuple[QWidget, QVBoxLayout]:
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 4, 0, 0)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return inside, column
