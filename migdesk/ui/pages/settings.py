"""Settings: this computer, the office, accounts, words of lists, about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from migdesk import __version__
from migdesk.i18n import N_, Text, _
from migdesk.settings import ALL, LANGUAGE, TEXT_SIZE, THEME, Setting
from migdesk.ui.desk import Desk, Page
from migdesk.ui.pages.settings_accounts import AccountsSide
from migdesk.ui.pages.settings_editors import editors
from migdesk.ui.widgets import (
    Card,
    EmptyState,
    PageHeader,
    Tabs,
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
            ("backups", N_("Backups"), self._backups),
            ("safety", N_("Safety"), self._safety),
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
        shown = [s for s in ALL if s.label is not None and s.tab == "computer"]
        card.body.addLayout(editors(self.desk.settings, shown, self.take))
        column.addWidget(card)
        column.addStretch(1)
        return scrolled(inside)

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

    def _backups(self) -> QWidget:
        from migdesk.ui.pages.settings_backups import BackupsSide

        side = BackupsSide(self.desk)
        side.load()
        return side

    def _safety(self) -> QWidget:
        from migdesk.ui.pages.settings_safety import SafetySide

        return SafetySide(self.desk)

    def _words(self) -> QWidget:
        from migdesk.ui.recordview.split import ListAndDetail

        purpose = N_("Words that your office adds to the lists of choices.")
        begin = N_("Add a word when the list has none for what people ask.")
        made = ListAndDetail(self.desk, "code_item", purpose, begin)
        made.list.new_asked.connect(lambda: made.show_new())
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


def _column() -> tuple[QWidget, QVBoxLayout]:
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 4, 0, 0)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return inside, column
