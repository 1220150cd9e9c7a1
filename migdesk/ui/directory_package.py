"""The directory to and from other offices: a package in the format of Open Referral."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from migdesk.i18n import _, ngettext
from migdesk.models import RECORDS
from migdesk.services import history
from migdesk.services.hsds_in import Plan
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_write

KINDS = ("organisation", "service", "window")
SHOWN = 8


class DirectoryPackage:
    """Writes the whole directory to a file, and takes one over after showing what comes."""

    def __init__(self, desk: Desk, owner: QWidget) -> None:
        self.desk, self.owner = desk, owner

    def menu(self) -> QMenu:
        """What can be done with the directory."""
        menu = QMenu(_("Directory"), self.owner)
        menu.addAction(_("Export to Open Referral (HSDS)…"), self.export)
        if may_write(self.desk, "service"):
            menu.addAction(_("Import from Open Referral (HSDS)…"), self.open)
        return menu

    def export(self) -> None:
        """Ask for a file, and write organisations, services and windows."""
        from migdesk.jobs.hsds_package import export_directory

        title, kinds = _("Export the directory"), _("Data package (*.zip)")
        path = self.desk.asker.save_file(title, "directory-hsds.zip", kinds)
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(".zip")
        self.desk.runner.job(
            export_directory, path, then=self._exported, owner=self.owner, title=title
        )

    def _exported(self, n: int) -> None:
        words = ngettext("{n} record was exported.", "{n} records were exported.", n)
        self.desk.asker.tell(words.format(n=n))

    def open(self) -> None:
        """Ask for a package, and show what it would bring."""
        from migdesk.jobs.hsds_package import look

        title = _("Import a directory")
        kinds = _("Data package (*.zip datapackage.json)")
        path = self.desk.asker.open_file(title, kinds)
        if path is not None:
            then = partial(self._looked, path)
            self.desk.runner.job(look, path, then=then, owner=self.owner, title=title)

    def _looked(self, path: Path, found: Plan) -> None:
        from migdesk.jobs.hsds_package import take_over

        title = _("Import a directory")
        if all(coming.change == "same" for coming in found.coming):
            self.desk.asker.tell(_("Everything in this package is here already."))
        elif self.desk.asker.confirm(title, told(found), _("Import")):
            self.desk.runner.job(
                take_over,
                path,
                then=lambda done: self._taken(done.rows, done.tx),
                owner=self.owner,
                title=title,
            )

    def _taken(self, rows: int, tx: str) -> None:
        words = ngettext("{n} record was imported.", "{n} records were imported.", rows)
        undo = partial(self.desk.runner.write, history.undo, tx, owner=self.owner)
        self.desk.asker.tell(words.format(n=rows), _("Undo"), undo)


def told(found: Plan) -> str:
    """What a package would bring, in words."""
    lines = []
    for kind in KINDS:
        counts = (
            (_("new: {n}"), found.count(kind, "new")),
            (_("verified later than ours: {n}"), found.count(kind, "later")),
            (_("filled in: {n}"), found.count(kind, "fill")),
            (_("as they are here: {n}"), found.count(kind, "same")),
        )
        said = ", ".join(words.format(n=n) for words, n in counts if n)
        if said:
            lines.append(_("{kind}: {n}").format(kind=RECORDS[kind].plural, n=said))
    news = [coming.title for coming in found.coming if coming.change == "new"]
    if news:
        more = " …" if len(news) > SHOWN else ""
        lines += ["", _("New: {names}").format(names=", ".join(news[:SHOWN]) + more)]
    if found.notes:
        lines += ["", _("Not understood, and left out:")]
        lines += [f"· {note}" for note in found.notes[:SHOWN]]
        if (left := len(found.notes) - SHOWN) > 0:
            lines.append(ngettext("{n} more", "{n} more", left).format(n=left))
    return "\n".join(lines)
