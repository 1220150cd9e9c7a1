"""Backups: when, where to, how they stand, and what lies in each."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.models.dates import show_moment
from migdesk.settings import ALL, BACKUP_SECOND, Setting
from migdesk.ui import staff
from migdesk.ui.desk import Desk
from migdesk.ui.pages.pieces import Columns, flowing, stacked
from migdesk.ui.pages.settings_editors import editors
from migdesk.ui.pages.settings_past import PastView
from migdesk.ui.widgets import Button, Card, PrimaryButton, Row, RowList, label, scrolled

if TYPE_CHECKING:
    from migdesk.jobs.back_up import Backup
    from migdesk.jobs.keep_backups import Kept, Standing
    from migdesk.jobs.look_inside import Inside

SHOWN = 40


class BackupsSide(QWidget):
    """The list of backups beside when they are made; a backup that is opened takes the place
    of both."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.inside: PastView | None = None
        self.when = Card(_("When and where"))
        shown = [s for s in ALL if s.label is not None and s.tab == "backups"]
        self.when.body.addLayout(editors(desk.settings, shown, self.take))
        self.stands = RowList()
        self.now_button = PrimaryButton(_("Back up now"), self.back_up)
        self.when.body.addWidget(self.stands)
        self.when.body.addLayout(flowing(self.now_button))
        self.second = Card(_("A second place"))
        self.place = label("", wrap=True)
        words = _(
            "A stick or a shared folder that is kept elsewhere: a fire or a thief takes the "
            "computer with its backups. When it is not there, the backup goes on without it."
        )
        self.second.body.addWidget(label(words, "muted", wrap=True))
        self.second.body.addWidget(self.place)
        self.choose_button = Button(_("Choose the folder…"), self.choose)
        self.drop_button = Button(_("No second place"), self.drop, role="link")
        self.second.body.addLayout(flowing(self.choose_button, self.drop_button))
        self._build_list()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(Columns((stacked(self.when, self.second), 3), (stacked(self.list), 2)))
        column.addStretch(1)
        self.sides = QStackedWidget()
        self.sides.addWidget(scrolled(page))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.sides)
        self.setEnabled(desk.paths is not None)

    def _build_list(self) -> None:
        self.list = Card(_("Backups"))
        self.rows = RowList()
        self.other_button = Button(_("A backup elsewhere…"), self.choose_backup)
        if staff.manages(self.desk):
            hint = _("Open one to take back a record that was deleted or spoilt.")
            self.list.body.addWidget(label(hint, "muted", wrap=True))
        self.list.body.addWidget(self.rows)
        if staff.manages(self.desk):
            self.list.body.addLayout(flowing(self.other_button))

    def load(self) -> None:
        """Read how backups stand, and which there are."""
        from migdesk.jobs import back_up, keep_backups

        self.stands.show_rows([_stand(s) for s in keep_backups.standing(self.desk.settings)])
        second = self.desk.settings.get(BACKUP_SECOND)
        self.place.setText(second or _("None was chosen."))
        self.drop_button.setVisible(bool(second))
        if self.desk.paths is None:
            return
        folders = [self.desk.paths.backups, *([Path(second)] if second else [])]
        self.desk.runner.run(
            lambda: [backup for folder in folders for backup in back_up.backups(folder)],
            self._show,
            self,
        )

    def _show(self, found: list[Backup]) -> None:
        found.sort(key=lambda backup: backup.made, reverse=True)
        may = staff.manages(self.desk)
        home = self.desk.paths.backups if self.desk.paths else None
        rows = [
            Row(
                show_moment(backup.made),
                muted=_("Second place") if backup.path.parent != home else "",
                end=_("{n} MB").format(n=max(round(backup.size / 1_000_000), 1)),
                open=partial(self.look, backup.path) if may else None,
            )
            for backup in found[:SHOWN]
        ]
        self.rows.show_rows(rows or [Row(_("There is no backup yet."))])

    def take(self, setting: Setting[Any], value: Any) -> None:
        """Keep a value."""
        self.desk.settings.set(setting, value)

    def back_up(self) -> None:
        """Make one now, in each place."""
        from migdesk.jobs import keep_backups

        self.desk.runner.job(
            keep_backups.keep,
            self.desk.paths,
            *keep_backups.options(self.desk.settings),
            then=self._kept,
            owner=self,
            failed=self._failed,
            title=_("Backup"),
        )

    def _kept(self, done: tuple[Kept, ...]) -> None:
        from migdesk.jobs import keep_backups

        keep_backups.note(self.desk.settings, done)
        for each in done:
            if each.fault is not None:
                self.desk.asker.fault(each.fault)
        if all(each.path for each in done):
            self.desk.asker.tell(_("The backup is written and was opened to prove it."))
        elif any(each.path for each in done) and not any(each.fault for each in done):
            self.desk.asker.tell(_("The backup is written. The second place was not there."))
        self.load()

    def _failed(self, fault: Fault) -> None:
        from migdesk.jobs import keep_backups

        keep_backups.note_fault(self.desk.settings, fault)
        self.desk.asker.fault(fault)
        self.load()

    def choose(self) -> None:
        """Make a folder the second place, and try it."""
        from migdesk.jobs import keep_backups

        folder = self.desk.asker.folder(_("Where the second backup goes"))
        if folder is None:
            return
        try:
            keep_backups.choose_second(folder, self.desk.settings)
        except Fault as fault:
            self.desk.asker.fault(fault)
            return
        self.load()
        self.back_up()

    def drop(self) -> None:
        """Only the home from now on; what lies in the second place stays there."""
        self.desk.settings.set(BACKUP_SECOND, "")
        self.load()

    def choose_backup(self) -> None:
        """Open a backup that lies elsewhere."""
        words = _("MigDesk backups (*.migbackup)")
        path = self.desk.asker.open_file(_("Choose a backup"), words)
        if path is not None:
            self.look(path)

    def look(self, path: Path) -> None:
        """Open a backup beside the work, with our key; with a password if it has another."""
        self._open(path, self.desk.key)

    def _open(self, path: Path, key: bytes, secret: str = "") -> None:
        from migdesk.jobs.look_inside import Inside
        from migdesk.models.store import WrongKey

        home = self.desk.paths
        if home is None:
            return

        def refused(fault: Fault) -> None:
            if isinstance(fault, WrongKey) and not secret:
                typed = self.desk.asker.text(
                    _("A backup of another office"),
                    _("Password of one of its accounts, or its recovery key"),
                    secret=True,
                )
                if typed:
                    self._open(path, b"", typed)
            else:
                self.desk.asker.fault(fault)

        self.desk.runner.job(
            lambda store, task: Inside.open(
                task, path, home,
                lambda keys: keys.open_by_any(secret) if secret else key,
                store,
            ),
            then=self._opened,
            failed=refused,
            title=_("Opening the backup"),
        )

    def _opened(self, inside: Inside) -> None:
        if not shiboken6.isValid(self):  # the page went while the backup was opened
            inside.close()
            return
        self.close_inside()
        self.inside = PastView(self.desk, inside, self.close_inside)
        self.sides.addWidget(self.inside)
        self.sides.setCurrentWidget(self.inside)
        self.inside.setFocus()

    def close_inside(self) -> None:
        """Back to the list; the copy of the backup is removed."""
        if self.inside is not None:
            view, self.inside = self.inside, None
            self.sides.removeWidget(view)
            view.leave()
            view.deleteLater()

    def leave(self) -> None:
        """The page goes: no copy stays."""
        self.close_inside()


def _stand(stands: Standing) -> Row:
    from migdesk.jobs import keep_backups

    name = _("Second place") if stands.place == keep_backups.SECOND else _("This computer")
    if stands.code:
        return Row(name, muted=stands.code, end=_("failed"), end_tone="late")
    last = show_moment(stands.last) if stands.last else _("never")
    if stands.away:
        return Row(name, muted=last, end=_("not there now"), end_tone="waiting")
    return Row(name, end=last)
