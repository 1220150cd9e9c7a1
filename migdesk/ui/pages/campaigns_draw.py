"""The two cards over the list of a sample: taking records into the frame, and drawing."""

from __future__ import annotations

import secrets

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)

from migdesk import codelists
from migdesk.errors import Fault, Mistake
from migdesk.i18n import _, ngettext
from migdesk.jobs.campaigns import add_to_frame
from migdesk.models import RECORDS
from migdesk.services import fieldwork, history, records
from migdesk.services.history import Event
from migdesk.services.views import Query
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.filters import FilterBar
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, Card, FlowRow, PrimaryButton, label

MOST = 1_000_000
WIDE = 280


class _Form(Card):
    """A card with labelled fields, a line for what is wrong, and two buttons. `closed` when
    the person is done with it."""

    closed = Signal()

    def __init__(self, desk: Desk, title: str, go: str) -> None:
        super().__init__(title)
        self.desk = desk
        self.campaign = ""
        self.fields = QFormLayout()
        self.fields.setHorizontalSpacing(16)
        self.fields.setVerticalSpacing(8)
        self.fields.setLabelAlignment(
            Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        )
        self.body.addLayout(self.fields)
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        self.body.addWidget(self.wrong)
        self.go_button = PrimaryButton(go, self.go, key=_("Ctrl Enter"))
        self.body.addLayout(FlowRow(self.go_button, Button(_("Cancel"), self.close_card)))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut(keys, self, self.go)
        shortcut("Escape", self, self.close_card)
        self.hide()

    def add(
        self, words: str, widget: QWidget, hint: str = "", after: QWidget | None = None
    ) -> None:
        """A labelled field, with softer words, or another part, after it."""
        widget.setAccessibleName(words)
        widget.setMinimumWidth(px(WIDE))
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(widget)
        line.addWidget(after or label(hint, "muted", wrap=True), 1)
        self.fields.addRow(label(words), line)

    def go(self) -> None:
        """Do it."""
        raise AssertionError("each card does its own work")

    def close_card(self) -> None:
        """Put the card away."""
        self.hide()
        self.wrong.hide()
        self.closed.emit()

    def refused(self, fault: Fault) -> None:
        """Say what is wrong beside the fields, and everything else in the window."""
        if isinstance(fault, Mistake):
            self.wrong.setText(fault.words)
            self.wrong.show()
        else:
            self.desk.asker.fault(fault)


class FrameCard(_Form):
    """Takes people, households or places that we hold into the frame."""

    KINDS = ("household", "person", "place")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Take units from our own records"), _("Add them"))
        self.kind = QComboBox()
        for kind in self.KINDS:
            self.kind.addItem(str(RECORDS[kind].plural), kind)
        self.kind.activated.connect(lambda _index: self.turn())
        self.text = QLineEdit()
        self.text.setPlaceholderText(_("Everything, or type to filter"))
        self.text.textChanged.connect(lambda _text: self.count())
        self.filter_button = QPushButton(_("Filter"))
        self.filter_place = QHBoxLayout()
        self.filter_place.setContentsMargins(0, 0, 0, 0)
        self.filters: FilterBar | None = None
        self.stratum = QComboBox()
        self.found = label("", "strong")
        self.add(_("What"), self.kind)
        self.add(_("Which"), self.text)
        chips = QWidget()
        chips.setLayout(self.filter_place)
        self.add(_("Only those with"), self.filter_button, after=chips)
        self.add(_("Strata"), self.stratum, _("A stratified draw takes from each."))
        self.body.insertWidget(1, self.found)

    def begin(self, campaign: str) -> None:
        """Show the card for a campaign."""
        self.campaign = campaign
        self.turn()
        self.show()
        self.kind.setFocus()

    def turn(self) -> None:
        """Another kind of record: other filters, other strata."""
        kind = str(self.kind.currentData())
        if self.filters is not None:
            self.filters.hide()
            self.filters.deleteLater()
        self.filters = FilterBar(RECORDS[kind])
        self.filters.changed.connect(self.count)
        self.filter_place.addWidget(self.filters)
        menu: QMenu = self.filters.menu(self)
        self.filter_button.setMenu(menu)
        self.stratum.clear()
        self.stratum.addItem(_("None"), "")
        for name, words in fieldwork.strata_fields(kind):
            self.stratum.addItem(words, name)
        self.count()

    def query(self) -> Query:
        """Which records are meant."""
        filters = self.filters.filters if self.filters is not None else {}
        return Query(text=self.text.text().strip(), filters=tuple(filters.items()))

    def count(self) -> None:
        """Say how many are meant."""
        kind = str(self.kind.currentData())
        self.desk.runner.read(records.count, kind, self.query(), then=self._say, owner=self)

    def _say(self, n: int) -> None:
        self.found.setText(ngettext("{n} record", "{n} records", n).format(n=n))
        self.go_button.setEnabled(n > 0)

    def go(self) -> None:
        """Take them into the frame."""
        self.desk.runner.job(
            add_to_frame,
            self.campaign,
            str(self.kind.currentData()),
            self.query(),
            str(self.stratum.currentData()),
            then=self._on_added,
            owner=self,
            failed=self.refused,
            title=_("Taking units into the frame"),
        )

    def _on_added(self, n: int) -> None:
        words = ngettext("{n} unit was added.", "{n} units were added.", n).format(n=n)
        undo = (_("Undo"), lambda: self.desk.runner.write(history.undo_last)) if n else ()
        self.desk.asker.tell(words, *undo)
        self.close_card()


class DrawCard(_Form):
    """Asks how many are drawn, and how. The seed is shown, and kept with the draw."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Draw a sample"), _("Draw them"))
        self.frame = label("", "muted")
        self.body.insertWidget(0, self.frame)
        self.method = QComboBox()
        for item in codelists.get("draw_methods"):
            self.method.addItem(item.label(), item.code)
        self.number, self.reserve, self.seed = QLineEdit(), QLineEdit(), QLineEdit()
        for box in (self.number, self.reserve):
            box.setValidator(QIntValidator(0, MOST, box))
        self.number.textEdited.connect(self._propose_reserve)
        self.add(_("Method"), self.method)
        self.add(_("How many to draw"), self.number)
        self.add(_("In reserve"), self.reserve, _("They replace those who cannot be asked."))
        hint = _("The same frame and seed give the same sample again, on every computer.")
        self.add(_("Seed"), self.seed, hint)

    def begin(self, campaign: str) -> None:
        """Show the card for a campaign, with a seed that nobody chose."""
        self.campaign = campaign
        self.seed.setText(secrets.token_hex(4))
        self.number.clear()
        self.reserve.clear()
        self.desk.runner.read(
            fieldwork.waiting_frame,
            campaign,
            then=lambda frame: self._say(len(frame), len({unit.stratum for unit in frame})),
            owner=self,
        )
        self.show()
        self.method.setFocus()

    def _say(self, units: int, strata: int) -> None:
        count = ngettext(
            "{n} unit of the frame is not drawn yet", "{n} units are not drawn yet", units
        ).format(n=units)
        split = ngettext("{n} stratum", "{n} strata", strata).format(n=strata)
        self.frame.setText(f"{count}, {split}.")

    def _propose_reserve(self, size: str) -> None:
        """One in five waits in reserve, as long as nobody says otherwise."""
        if not self.reserve.isModified():
            self.reserve.setText(str(-(-_whole(size) // 5)))

    def go(self) -> None:
        """Draw."""
        self.wrong.hide()
        self.desk.runner.write(
            fieldwork.make_draw,
            self.campaign,
            str(self.method.currentData()),
            _whole(self.number.text()),
            self.seed.text().strip(),
            _whole(self.reserve.text()),
            then=self._on_drawn,
            owner=self,
            failed=self.refused,
        )

    def _on_drawn(self, draw: str) -> None:
        self.close_card()
        self.desk.runner.read(history.history, "draw", draw, then=self._tell, owner=self)

    def _tell(self, events: tuple[Event, ...]) -> None:
        words = _("The sample is drawn; its seed and its method are kept.")
        tx = events[0].tx
        self.desk.asker.tell(words, _("Undo"), lambda: self.desk.runner.write(history.undo, tx))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
