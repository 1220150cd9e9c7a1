"""The form of any record: sections as cards, lines as tables, drafts, saving.

Saving writes only what changed. What is typed goes into a draft while it is typed and
when the form is left; the draft is offered when the form is opened again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from migdesk.errors import Fault, Mistake, Obstacle
from migdesk.i18n import _
from migdesk.models import RECORDS, children_of
from migdesk.models.kinds import BadValue
from migdesk.services import beside, drafts, records
from migdesk.services.drafts import DraftView
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_write, only_read

from .editors import FieldBox
from .lines import LinesCard
from .offer import DraftOffer
from .parts import button, label, shortcut
from .sections import CardColumns, SectionCard, fields_of, weight_of
from .usual import usual

KEEP_MS = 400
"""What is typed waits no longer than this before it is kept, however fast one types."""


class RecordForm(QWidget):
    """Fields and lines of one record, new (`id` None) or stored.

    To a role that may not write such records it shows them only. Signals: `saved(id)`;
    `dirtied()` when it becomes dirty or clean; `typed()` when what stands in it changed;
    `cancelled()`.
    """

    saved = Signal(str)
    dirtied = Signal()
    typed = Signal()
    cancelled = Signal()

    def __init__(
        self,
        desk: Desk,
        kind: str,
        id: str | None = None,
        values: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.about = RECORDS[kind]
        self.id = id
        self.readonly = not may_write(desk, kind)
        self.view: View | None = None
        self._given = {**({} if id else usual(desk, kind)), **(values or {})}
        self._start: dict[str, Any] = {}
        self._seen: beside.Stamps = {}
        self._sent: dict[str, beside.Stamps] = {}
        self._was_dirty = False
        self._saving = False
        self._focus: QWidget | None = None
        self._pending: DraftView | None = None
        self._draft = drafts.fresh(self.drafts_key)
        self.boxes: dict[str, FieldBox] = {}
        self.sections: dict[str, SectionCard] = {}
        self.lines: dict[str, LinesCard] = {}
        self._build()
        self._timer = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._timer.timeout.connect(self.keep_draft)
        shortcut("Ctrl+S", self, self.save)
        shortcut("Ctrl+Return", self, self.save)
        shortcut("Escape", self, self.cancel)

    @property
    def drafts_key(self) -> str:
        """Where the drafts of this account for this record lie."""
        return drafts.key(self.about.kind, self.desk.account.id, self.id)

    # ---- building

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        self.offer = offer = DraftOffer(self.resume, self.discard)
        self.resume_button, self.discard_button = offer.resume, offer.discard
        outer.addWidget(self.offer)
        self.cards = CardColumns()
        self._build_cards()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.cards)
        outer.addWidget(scroll, 1)
        self.area = scroll
        outer.addWidget(self._build_foot())

    def _build_cards(self) -> None:
        for section, title in self.about.sections.items():
            fields = fields_of(self.about, section)
            if not fields:
                continue
            boxes = [FieldBox(self.desk, field) for field in fields]
            for box in boxes:
                if self.readonly:
                    box.editor.set_readonly(True)
                box.changed.connect(self._on_changed)
                self.boxes[box.field.name] = box
            self.sections[section] = SectionCard(str(title), boxes)
            self.cards.add(self.sections[section], weight_of(fields))
        for child in children_of(self.about.kind):
            card = LinesCard(self.desk, child, self.readonly)
            card.changed.connect(self._on_changed)
            self.lines[child.kind] = card
            self.cards.add_below(card)
        self.cards.arrange(force=True)

    def _build_foot(self) -> QWidget:
        self.foot = QFrame()
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        self.save_button = button(_("Save"), self.save, "primary")
        self.save_button.setToolTip("Ctrl+S")
        self.cancel_button = button(_("Cancel"), self.cancel)
        self.cancel_button.setToolTip(_("Esc; what you typed is kept as a draft"))
        self.state = label("", "muted")
        row.addWidget(self.save_button)
        row.addWidget(self.cancel_button)
        row.addWidget(self.state, 1)
        return self.foot

    def show_parts(
        self, sections: Collection[str] | None, lines: Collection[str] | None
    ) -> None:
        """Show only some cards (None: all); the others stay part of the form."""
        for name, card in self.sections.items():
            card.setVisible(sections is None or name in sections)
        for name, table in self.lines.items():
            table.setVisible(lines is None or name in lines)
        self.cards.arrange(force=True)

    # ---- reading

    def load(self) -> None:
        """Read the record and its lines, and look for a draft."""
        runner = self.desk.runner
        if self.id is None:
            self._fill(None)
        else:
            kind = self.about.kind
            runner.read(records.get, kind, self.id, then=self._fill, owner=self)
            runner.read(records.children, kind, self.id, then=self._fill_lines, owner=self)
        if not self.readonly:
            runner.read(drafts.newest, self.drafts_key, then=self._offer, owner=self)

    def reload(self) -> None:
        """Read again what others may have changed, unless somebody is typing here."""
        if self.id is not None and not self.dirty() and self._pending is None:
            self.load()

    def _fill(self, view: View | None) -> None:
        self.view = view
        self._seen = view.stamps if view is not None else {}
        if view is None:
            self._start = {**records.default_values(self.about.kind), **self._given}
            for name, box in self.boxes.items():
                box.set_value(self._start.get(name))
                box.setHidden(box.field.readonly)  # codes are given when it is saved
        else:
            for name, box in self.boxes.items():
                box.set_value(view.values.get(name), view.shown.get(name, ""))
                box.setHidden(name in view.veiled)
            self._start = dict(view.values)
        self._tell_dirty()

    def _fill_lines(self, found: Mapping[str, Any]) -> None:
        for kind, card in self.lines.items():
            card.fill(found.get(kind, ()))
        self._tell_dirty()
        self.typed.emit()

    # ---- what changed

    def dirty(self) -> bool:
        """Whether saving would change anything."""
        if any(card.dirty() for card in self.lines.values()):
            return True
        return any(self._changed(name) for name in self.boxes)

    def _changed(self, name: str) -> bool:
        try:
            return bool(self.boxes[name].value() != self._start.get(name))
        except BadValue:
            return True

    def _on_changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()
        if self.state.text() != _("Draft kept"):
            self.state.setText("")
        self._tell_dirty()
        self.typed.emit()

    def _tell_dirty(self) -> None:
        if self.readonly:
            self.state.setText(only_read(self.desk, self.about.kind))
            self.save_button.hide()
            self.cancel_button.hide()
            return
        dirty = self.dirty()
        self.foot.setVisible(dirty or self.id is None or bool(self.state.text()))
        self.save_button.setVisible(dirty or self.id is None)
        self.cancel_button.setVisible(dirty or self.id is None)
        if dirty != self._was_dirty:
            self._was_dirty = dirty
            self.dirtied.emit()

    # ---- drafts

    def keep_draft(self) -> None:
        """Keep what is typed now; called while typing, and when leaving."""
        self._timer.stop()
        if self._saving or self.readonly or not self.dirty():
            return
        body = {
            "typed": {n: b.editor.typed() for n, b in self.boxes.items() if self._changed(n)},
            "lines": {k: card.typed() for k, card in self.lines.items() if card.dirty()},
            "seen": dict(self._seen),
        }
        self.desk.runner.write(
            drafts.put,
            self._draft,
            self.about.kind,
            self._draft_title(),
            body,
            then=lambda _done: self.state.setText(_("Draft kept")),
            owner=self,
        )

    def _draft_title(self) -> str:
        values = dict(self._start)
        for name, box in self.boxes.items():
            try:
                values[name] = box.value()
            except BadValue:
                continue
        return self.about.title(values) or str(self.about.label)

    def _offer(self, draft: DraftView | None) -> None:
        self._pending = draft
        if draft is not None and not self.dirty():
            # It is left alone until it is answered; what is typed goes beside it.
            self._draft = drafts.fresh(self.drafts_key)
            from migdesk.models.dates import show_moment

            words = _("You were writing here on {when} and did not save.")
            self.offer.words.setText(words.format(when=show_moment(draft.saved)))
        elif draft is not None:
            self._pending = None
        self.offer.setVisible(self._pending is not None)

    def resume(self) -> None:
        """Put back what the draft kept."""
        if self._pending is None:
            return
        self.keep_draft()
        draft, self._pending = self._pending, None
        self.offer.hide()
        self._draft = draft.id
        for name, typed in draft.body.get("typed", {}).items():
            if name in self.boxes:
                self.boxes[name].editor.set_typed(typed)
                self.boxes[name].check()
        self._seen = beside.seen_of(
            self._seen, draft.body.get("seen", self._seen), draft.body.get("typed", {})
        )
        for kind, kept in draft.body.get("lines", {}).items():
            if kind in self.lines:
                self.lines[kind].set_typed(kept)
        self._tell_dirty()
        self.focus_first()

    def discard(self) -> None:
        """Forget the draft that was offered."""
        if self._pending is not None:
            self.desk.runner.write(drafts.drop, self._pending.id)
        self._pending = None
        self.offer.hide()

    # ---- saving

    def focus_first(self) -> None:
        """Put the cursor into the first field that can be typed into."""
        for box in self.boxes.values():
            if not box.field.readonly and not box.isHidden():
                box.editor.setFocus()
                return

    def save(self) -> None:
        """Check everything, then write what changed in one transaction."""
        if self._saving or self.readonly or not self._check():
            return
        if not self.dirty() and self.id is not None:
            self.state.setText(_("Nothing to save"))
            return
        self._timer.stop()
        self._set_saving(True)
        values = {n: b.value() for n, b in self.boxes.items() if self._changed(n)}
        if self.id is None:
            values = {**self._given, **{n: v for n, v in values.items() if v is not None}}
        self._sent = {self.id: self._seen} if self.id else {}
        for card in self.lines.values():
            self._sent |= card.seen()
        self.desk.runner.write(
            records.save_all,
            self.about.kind,
            self.id,
            values,
            {kind: card.to_save() for kind, card in self.lines.items() if card.dirty()},
            self._draft,
            self._sent,
            then=self._on_saved,
            owner=self,
            failed=self._on_refused,
        )

    def _set_saving(self, saving: bool) -> None:
        self._saving = saving  # what is typed meanwhile would look saved and be lost
        if saving:
            self._focus = QApplication.focusWidget()
        self.save_button.setDisabled(saving)
        self.cards.setDisabled(saving)
        if not saving and self._focus is not None and isValid(self._focus):
            self._focus.setFocus()

    def _check(self) -> bool:
        # Every field is checked, so that all that is wrong is seen at once.
        wrong = [box for box in self.boxes.values() if not box.check_all()]
        lines = [card for card in self.lines.values() if not card.check_all()]
        if wrong:
            self._go_to(wrong[0])
        elif lines:
            boxes = [box for line in lines[0].lines for box in line.boxes.values()]
            self._go_to(next(box for box in boxes if box.wrong))
        return not wrong and not lines

    def _go_to(self, box: FieldBox) -> None:
        self.area.ensureWidgetVisible(box)
        box.editor.setFocus()

    def _on_refused(self, fault: Fault) -> None:
        self._set_saving(False)
        box = self.boxes.get(fault.field or "") if isinstance(fault, Mistake) else None
        if box is not None:
            self._go_to(box)
            box.say(fault.words)
        else:
            self.desk.asker.fault(fault, self.save if isinstance(fault, Obstacle) else None)
        self.keep_draft()

    def _on_saved(self, id: str) -> None:
        self._set_saving(False)
        self.id = id
        self._draft = drafts.fresh(self.drafts_key)
        self._start = {n: b.value() for n, b in self.boxes.items()}
        self.state.setText(_("Saved"))
        self.desk.runner.read(beside.meanwhile, self._sent, then=self._tell, owner=self)
        self.load()
        self.saved.emit(id)

    def _tell(self, meanwhile: str) -> None:
        if meanwhile:
            self.desk.asker.tell(meanwhile)

    def cancel(self) -> None:
        """Leave without asking; what is typed stays as a draft."""
        self.keep_draft()
        self._timer.stop()
        self._fill(self.view)
        self.load()
        self.cancelled.emit()
