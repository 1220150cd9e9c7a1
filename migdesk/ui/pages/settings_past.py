"""An opened backup: find a record in it, see it beside today's, take parts of it back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from migdesk.i18n import _
from migdesk.models import RECORDS
from migdesk.ui.desk import Desk
from migdesk.ui.pages.pieces import Columns, flowing, stacked
from migdesk.ui.widgets import (
    Badge,
    Button,
    Card,
    PrimaryButton,
    Row,
    RowList,
    SearchField,
    empty,
    label,
    scrolled,
)

if TYPE_CHECKING:
    from migdesk.jobs.look_inside import Inside
    from migdesk.services.records import View
    from migdesk.services.take_back import Comparison

SHOWN = 10
KINDS = ("person", "household", "case", "organisation", "project", "visit")


class PastView(QWidget):
    """The records of a backup at one side, the one that is chosen at the other."""

    def __init__(self, desk: Desk, inside: Inside, back: Callable[[], None]) -> None:
        super().__init__()
        self.desk = desk
        self._inside = inside
        self._chosen: tuple[str, str] = ("", "")
        self.fields: dict[str, QCheckBox] = {}
        self.lines: dict[str, QCheckBox] = {}
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("Kind of record"))
        for kind in KINDS:
            self.kind.addItem(str(RECORDS[kind].plural), kind)
        self.search = SearchField(_("Search in the backup"))
        self.found = RowList()
        left = Card(_("In the backup"))
        for part in (self.kind, self.search, self.found):
            left.body.addWidget(part)
        self.right = Card(_("Then and now"))
        self.state = label(_("Choose a record."), "muted", wrap=True)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setColumnStretch(1, 1)
        self.grid.setColumnStretch(2, 1)
        self.take_button = PrimaryButton(_("Take back what is ticked"), self.take_back)
        self.take_button.hide()
        self.right.body.addWidget(self.state)
        self.right.body.addLayout(self.grid)
        self.right.body.addLayout(flowing(self.take_button))
        self._lay_out(left, back)
        self.setFocusProxy(self.search)
        self.kind.currentIndexChanged.connect(lambda _row: self.load())
        self.search.searched.connect(lambda _text: self.load())
        self.load()

    def _lay_out(self, left: Card, back: Callable[[], None]) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 0, 0)
        self.back_button = Button(_("Close the backup"), back)
        column.addLayout(flowing(self.back_button))
        column.addWidget(Columns((stacked(left), 2), (stacked(self.right), 3)))
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(page))

    def load(self) -> None:
        """Search the backup."""
        kind = str(self.kind.currentData())
        find = partial(self._inside.find, kind, self.search.line.text())
        self.desk.runner.run(find, self._show_found, self)

    def _show_found(self, found: tuple[View, ...]) -> None:
        rows = [
            Row(view.title, muted=view.code, open=partial(self.choose, view.kind, view.id))
            for view in found[:SHOWN]
        ]
        if len(found) > SHOWN:
            rows.append(Row(_("Search to find the others.")))
        self.found.show_rows(rows or [Row(_("Nothing like this in the backup."))])

    def choose(self, kind: str, id: str) -> None:
        """Show a record beside what it is today."""
        self._chosen = kind, id
        compare = partial(self._inside.compare, self.desk.store, kind, id)
        self.desk.runner.run(compare, self._show, self)

    def _show(self, found: Comparison) -> None:
        empty(self.grid)
        self.fields, self.lines = {}, {}
        states = {
            "here": _("{title}: tick what is to be as it was."),
            "deleted": _("{title} lies in the bin today. Taking it back brings it out."),
            "absent": _("{title} is not here today. It comes back whole."),
            "erased": _("{title} was erased for good and does not come back."),
            "merged": _("{title} was merged into another. Separate it on that page."),
        }
        self.state.setText(states[found.state].format(title=found.title))
        closed = found.state in ("erased", "merged")
        self.take_button.setVisible(not closed)
        if closed:
            return
        for column, words in enumerate(("", _("Then"), _("Now"))):
            self.grid.addWidget(label(words, "caption"), 0, column)
        # What differs comes first: it is what somebody looks for.
        for row, field in enumerate(sorted(found.fields, key=lambda f: not f.differs), start=1):
            if field.differs:
                box = self.fields[field.name] = QCheckBox(field.label)
                box.setEnabled(found.state != "absent")
                self.grid.addWidget(box, row, 0)
            else:
                self.grid.addWidget(label(field.label, "muted"), row, 0)
            role = "strong" if field.differs else "muted"
            self.grid.addWidget(_cell(field.then, role), row, 1)
            self.grid.addWidget(_cell(field.now, "" if field.differs else "muted"), row, 2)
        self._show_lines(found)

    def _show_lines(self, found: Comparison) -> None:
        said = {"same": _("the same"), "changed": _("changed since"), "gone": _("gone")}
        start = self.grid.rowCount()
        for row, line in enumerate(found.lines, start=start):
            box = QCheckBox(line.kind)
            box.setEnabled(line.state != "same")
            box.setChecked(line.state == "gone" and found.state != "here")
            self.lines[line.line.id] = box
            self.grid.addWidget(box, row, 0)
            self.grid.addWidget(_cell(line.line.title, ""), row, 1)
            tone = "done" if line.state == "same" else "waiting"
            # Aligned: a badge's own width would be the most that its column may have.
            state = Badge(said[line.state], tone)
            self.grid.addWidget(state, row, 2, Qt.AlignmentFlag.AlignLeading)

    def take_back(self) -> None:
        """Write what is ticked, as one change that can be undone."""
        kind, id = self._chosen
        ticked = [
            [name for name, box in boxes.items() if box.isChecked()]
            for boxes in (self.fields, self.lines)
        ]
        work = partial(self._inside.take_back, self.desk.store, kind, id, *ticked)
        self.desk.runner.run(work, lambda _none: self._taken(kind, id), self)

    def _taken(self, kind: str, id: str) -> None:
        self.desk.asker.tell(
            _("Taken back from the backup."), _("Open"), lambda: self.desk.open(kind, id)
        )
        self.choose(kind, id)

    def leave(self) -> None:
        """Remove the copy, once what was asked of it is done."""
        self.desk.runner.run(self._inside.close)


def _cell(words: str, role: str) -> QLabel:
    """A value; both columns are as wide, whatever they hold."""
    made = label(words or "—", role, wrap=True)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made
