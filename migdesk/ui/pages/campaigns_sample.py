"""The sample of a campaign: its frame, its draw, who visits whom, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from migdesk import codelists
from migdesk.i18n import N_, _, ngettext
from migdesk.models.store import Changes
from migdesk.services import fieldwork
from migdesk.services.views import Query, View
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.list import RecordTable
from migdesk.ui.rights import may_write
from migdesk.ui.widgets import Button, label

from .campaigns_draw import DrawCard, FrameCard
from .pieces import body_of, filled


class UnitTable(RecordTable):
    """Units of one campaign."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            "survey_unit",
            purpose=N_("The list of households, people or places that may be drawn."),
            begin=N_("Import a table, or take them from our own records, with “Add units”."),
            new_words=N_("Add units"),
            writes=may_write(desk, "draw"),
        )
        self.campaign = ""

    def query(self) -> Query:
        """What the list shows, of this campaign only."""
        query = super().query()
        filters = (("campaign", self.campaign), *query.filters)
        return Query(**{**vars(query), "filters": filters})

    def _say_empty(self) -> None:
        super()._say_empty()
        if not self.field.text().strip() and not self.filters.filters and not self.in_bin:
            self.empty.title.setText(str(self.purpose))
            self.empty.words.setText(str(self.begin))
            self.empty.button.show()

    def import_table(self) -> None:
        """Go where tables are imported; each row becomes a unit of this campaign."""
        given = {"campaign": self.campaign}
        self.desk.go("import", kind="survey_unit", given=given)


class SamplePart(QWidget):
    """`load(campaign)` shows its units; cards over the list take units in and draw."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.id = ""
        self.questionnaire = ""
        self.people: list[str] = []
        self.summary = label("", "muted", wrap=True)
        self.frame_card, self.draw_card = FrameCard(desk), DrawCard(desk)
        self.table = UnitTable(desk)
        self.table.new_asked.connect(self.add_menu)
        self.table.opened.connect(self.fill)
        self.table.table.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        self.draw_button = Button(_("Draw a sample…"), self.draw)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(filled(self.summary, self.draw_button))
        self.units = QWidget()
        inside = QVBoxLayout(self.units)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.table, 1)
        inside.addLayout(self._build_results())
        inside.addWidget(self._build_assigning())
        self.cards = QWidget()
        over = body_of(self.cards)
        over.setContentsMargins(0, 0, 12, 0)
        over.addWidget(self.frame_card)
        over.addWidget(self.draw_card)
        over.addStretch(1)
        column.addWidget(self.cards, 1)
        column.addWidget(self.units, 1)
        for card in (self.frame_card, self.draw_card):
            card.closed.connect(self._on_card_closed)
        self._show_card(None)
        if not may_write(desk, "draw"):  # who only visits neither draws nor gives out
            self.draw_button.hide()
            self.assigning.hide()
        self._allow()

    def _build_results(self) -> QHBoxLayout:
        self.fill_button = Button(_("Fill the questionnaire"), self.fill, key=_("Enter"))
        self.absent_button = Button(_("Absent"), partial(self.mark, "absent"))
        self.refused_button = Button(_("Refused…"), partial(self.mark, "refused"))
        self.replace_button = Button(_("Replace…"), self.replace)
        self.back_button = Button(_("Back to visit"), partial(self.mark, "to_visit"))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.results = (
            self.fill_button,
            self.absent_button,
            self.refused_button,
            self.replace_button,
            self.back_button,
        )
        for button in self.results:
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _build_assigning(self) -> QWidget:
        self.who = QComboBox()
        self.who.setAccessibleName(_("Enumerator"))
        self.who.setMinimumContentsLength(16)
        self.give_button = Button(_("Give the selected ones"), self.give)
        self.place_button = Button(_("Give its whole place"), self.give_place)
        self.share_button = Button(_("Share out the rest"), self.share)
        self.share_button.setToolTip(
            _("What nobody visits yet is shared among all enumerators, place by place.")
        )
        self.assigning = QWidget()
        row = QHBoxLayout(self.assigning)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label(_("Enumerator"), "muted"))
        for widget in (self.who, self.give_button, self.place_button, self.share_button):
            row.addWidget(widget)
        row.addStretch(1)
        return self.assigning

    # showing ------------------------------------------------------------------------

    def load(self, id: str) -> None:
        """Read the units of a campaign."""
        if id != self.id:
            self._show_card(None)
        self.id = self.table.campaign = id
        self.table.load()
        runner = self.desk.runner
        runner.read(fieldwork.counts, id, then=self._on_counted, owner=self)
        runner.read(fieldwork.enumerators, then=self._on_people, owner=self)

    def on_changed(self, changes: Changes) -> None:
        """Something was written."""
        if self.id and changes.touches("survey_unit", "draw", "account"):
            self.load(self.id)

    def _on_counted(self, counts: Mapping[str, int]) -> None:
        frame = sum(counts.values())
        drawn = frame - counts.get("", 0)
        words = ngettext("{n} unit in the frame", "{n} units in the frame", frame)
        said = [words.format(n=frame)]
        if drawn:
            said.append(_("{n} drawn").format(n=drawn))
            names = codelists.get("unit_states")
            reserve = codelists.get("unit_parts").label_of("reserve")
            for code, n in counts.items():
                if code:
                    name = reserve if code == "reserve" else names.label_of(code)
                    said.append(_("{name}: {n}").format(name=name, n=n))
        self.summary.setText(" · ".join(said))
        self.draw_button.setEnabled(counts.get("", 0) > 0)

    def _on_people(self, people: tuple[View, ...]) -> None:
        kept = self.who.currentData()
        self.who.clear()
        self.who.addItem(_("Nobody"), "")
        for each in people:
            self.who.addItem(each.title, each.id)
        self.people = [e.id for e in people if e.values["role"] == "enumerator"]
        self.who.setCurrentIndex(max(self.who.findData(kept), 0))
        self.share_button.setEnabled(bool(self.people))

    def _allow(self) -> None:
        chosen = self.table.selected()
        unit = self._current()
        state = unit.values["state"] if unit is not None else None
        waiting = state in ("to_visit", "absent", "refused")
        self.fill_button.setEnabled(waiting)
        for button in (self.absent_button, self.refused_button, self.replace_button):
            button.setEnabled(waiting)
        self.back_button.setEnabled(state in ("absent", "refused", "done"))
        self.give_button.setEnabled(bool(chosen))
        self.place_button.setEnabled(waiting)

    def _current(self) -> View | None:
        row = self.table.model.row_of(self.table.current())
        return self.table.model.rows[row] if row >= 0 else None

    # doing --------------------------------------------------------------------------

    def add_menu(self) -> None:
        """Where units come from."""
        menu = self.sources()
        place = self.table.new_button
        below = place.mapToGlobal(place.rect().bottomLeft())
        menu.exec(below if place.isVisible() else QCursor.pos())

    def sources(self) -> QMenu:
        """Menu of the places that units come from."""
        menu = QMenu(self)
        menu.addAction(_("From a table (CSV, Excel)…"), self.table.import_table)
        menu.addAction(_("From our own records…"), self.take)
        return menu

    def take(self) -> None:
        """Take units from our own records."""
        self._show_card(self.frame_card)
        self.frame_card.begin(self.id)

    def draw(self) -> None:
        """Draw from the frame."""
        self._show_card(self.draw_card)
        self.draw_card.begin(self.id)

    def _show_card(self, card: QWidget | None) -> None:
        """Show one of the cards in the place of the list, or the list."""
        for each in (self.frame_card, self.draw_card):
            each.setVisible(each is card)
        self.cards.setVisible(card is not None)
        self.units.setVisible(card is None)

    def _on_card_closed(self) -> None:
        self._show_card(None)
        self.table.table.setFocus()

    def fill(self, _id: str = "") -> None:
        """Begin the interview with the current unit."""
        unit = self._current()
        if unit is not None and self.fill_button.isEnabled():
            self.desk.go(
                "questionnaires",
                questionnaire=self.questionnaire,
                kind="survey_unit",
                id=unit.id,
            )

    def mark(self, state: str) -> None:
        """What became of the visit to the current unit."""
        unit = self._current()
        if unit is None:
            return
        reason: str | None = ""
        if state == "refused":
            reason = self.desk.asker.text(unit.title, _("Why? (it may stay empty)"))
        if reason is not None:
            self.desk.runner.write(fieldwork.mark, unit.id, state, reason, owner=self)

    def replace(self) -> None:
        """Call the next reserve instead of the current unit; the reason is needed."""
        unit = self._current()
        if unit is None:
            return
        words = _("Why is it replaced? The next reserve of the same stratum is called.")
        reason = self.desk.asker.text(unit.title, words)
        if reason is not None:
            self.desk.runner.write(
                fieldwork.replace, unit.id, reason, then=self._on_replaced, owner=self
            )

    def _on_replaced(self, called: str) -> None:
        self.table.choose(called)
        self.desk.asker.tell(_("The next reserve takes its place."))

    def give(self) -> None:
        """Give the selected units to the enumerator chosen."""
        who = str(self.who.currentData() or "")
        self.desk.runner.write(fieldwork.assign, self.table.selected(), who, owner=self)

    def give_place(self) -> None:
        """Give all that waits in the place of the current unit to the enumerator chosen."""
        unit, who = self._current(), str(self.who.currentData() or "")
        if unit is not None:
            self.desk.runner.write(
                fieldwork.assign_place,
                self.id,
                unit.values["place"],
                who,
                then=self._on_shared,
                owner=self,
            )

    def share(self) -> None:
        """Share what nobody visits among all enumerators."""
        self.desk.runner.write(
            fieldwork.share_out, self.id, self.people, then=self._on_shared, owner=self
        )

    def _on_shared(self, n: int) -> None:
        words = ngettext("{n} unit was given.", "{n} units were given.", n)
        self.desk.asker.tell(words.format(n=n))
