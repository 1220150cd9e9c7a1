"""Places as answers: typed, pasted, read from a file, or set on a map without network."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QVBoxLayout

from migdesk.errors import Fault
from migdesk.forms import Live, geotext
from migdesk.forms.values import BadAnswer, codec
from migdesk.forms.xpath import geo
from migdesk.i18n import N_, Text, _
from migdesk.services import geo_words
from migdesk.ui.recordview.parts import FlowLayout
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, label, set_property

from .geomap import GeoMap
from .input import PAUSE_MS, Input, looks
from .shelf import Shelf

Points = list[tuple[float, float]]


ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
REVEAL_MS = 30
"""After this the map has its place on the screen."""
MAPS = {"maps", "placement-map", "hide-input"}
"""Appearances that want the map at once."""


class Lines(QPlainTextEdit):
    """Lines that leave Enter to the questionnaire."""

    def event(self, event: QEvent) -> bool:
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and event.key() in ENTER:
            event.ignore()
            return False
        return super().event(event)


class GeoInput(Input):
    """A text of coordinates, one point a line, and a map of them. What either says, the
    other shows."""

    hints: ClassVar[dict[str, Text]] = {
        "geopoint": N_("14.6928 -17.4467, or a link of a map"),
        "geotrace": N_("one point a line: latitude longitude"),
        "geoshape": N_("one corner a line: latitude longitude"),
    }

    def __init__(self, live: Live) -> None:
        super().__init__(live)
        self.shelf: Shelf | None = None
        self._typing = False
        self._shown = False
        self.edit = Lines()
        self.edit.setTabChangesFocus(True)
        # Coordinates run from left to right everywhere, their minus before them.
        self.edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.facts = label("", "muted", wrap=True)
        self.map = GeoMap(live.type)
        self.map.changed.connect(self._on_map)
        self.map_button = Button(_("Map"), self.turn_map, key="F7")
        self.file_button = Button(_("From a file…"), self.choose)
        self.clear_button = Button(_("Clear"), self.clear)
        row = FlowLayout(gap=8)
        for button in (self.map_button, self.file_button, self.clear_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.edit)
        column.addWidget(self.facts)
        column.addLayout(row)
        column.addWidget(self.map)
        self.setFocusProxy(self.edit)
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self.flush)
        self.edit.textChanged.connect(self._on_typed)
        self.show_live(live)

    @property
    def point(self) -> bool:
        return self.live.type == "geopoint"

    # showing ------------------------------------------------------------------

    def furnish(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.show_live(self.live)

    def show_live(self, live: Live) -> None:
        other = live.ref != self.live.ref or not self._shown
        super().show_live(live)
        if other:
            self._typing = False
            self._wait.stop()
            self._shown = True
            self.map.forget()
            self.map.setVisible(bool(MAPS & set(looks(live.appearance))))
        self.map.kind = live.type
        hidden = "hide-input" in looks(live.appearance) and not self.map.isHidden()
        self.edit.setHidden(hidden)
        self.edit.setReadOnly(live.readonly)
        self.edit.setAccessibleName(live.label)
        self.edit.setPlaceholderText(str(self.hints.get(live.type, "")))
        lines = 1 if self.point else 3 if self.map.isVisibleTo(self) else 5
        high = self.edit.fontMetrics().lineSpacing() * lines + px(26)
        self.edit.setFixedHeight(high)
        if not self.map.isHidden():
            self.map.known = self._known()
        self.file_button.setEnabled(self.shelf is not None and not live.readonly)
        self.clear_button.setEnabled(bool(live.text) and not live.readonly)
        self.map.may = not live.readonly
        if not self._typing or not self.edit.hasFocus():
            self._write(self.shown(live.text))
        self._show_facts(live)
        self.map.show_points(self.points(live.text))
        if other and not self.map.isHidden():
            self.map.fit()

    def shown(self, text: str) -> str:
        """One point a line; zeros that say nothing are left out."""
        return "\n".join(geo_words.short(text))

    def points(self, text: str) -> Points:
        """Latitude and longitude of each point; none where something is no point."""
        found = geo.points_of([text]) or []
        if self.live.type == "geoshape" and len(found) > 2 and found[0] == found[-1]:
            found.pop()
        return found

    def _write(self, words: str) -> None:
        if self.edit.toPlainText() != words:
            self.edit.blockSignals(True)
            self.edit.setPlainText(words)
            self.edit.blockSignals(False)

    def _show_facts(self, live: Live) -> None:
        words = self._facts(live.text) if live.text and not live.violation else ""
        self.facts.setText(words)
        self.facts.setVisible(bool(words))

    def _facts(self, text: str) -> str:
        """Accuracy of a point, length and area of a line."""
        if self.point:
            return self._accuracy(text)
        return geo_words.measures(self.live.type, text)

    def _accuracy(self, text: str) -> str:
        said, words = geo_words.heights(text), text.split()
        metres = float(words[3]) if len(words) > 3 else 0.0
        wanted = self._attribute("accuracyThreshold", 5.0)
        if metres > self._attribute("unacceptableAccuracyThreshold", 100.0):
            said.append(_("too vague to be used: measure again"))
        elif metres > wanted:
            said.append(_("the form wants {n} m").format(n=geo_words.number(wanted, "0.#")))
        return " · ".join(said)

    def _attribute(self, name: str, usual: float) -> float:
        """A number of the form; the usual one of ODK where it says none."""
        said = self.live.control.attributes.get(name, "") if self.live.control else ""
        try:
            return float(said)
        except ValueError:
            return usual

    # typing -------------------------------------------------------------------

    def _on_typed(self) -> None:
        if self.edit.isReadOnly():
            return
        self._typing = True
        self._wait.start()

    def flush(self) -> None:
        """Hand over what was typed: links and geometries as their coordinates."""
        self._wait.stop()
        if self._typing and not self.edit.isReadOnly():
            words = self.edit.toPlainText()
            self._typing = self.edit.hasFocus()
            answer = self._read(words)
            if any(c.isalpha() or c == "{" for c in words):
                self._typing = False  # a link or a geometry: its coordinates stand for it
            if answer != self.live.text:
                self.answered.emit(answer)

    def _read(self, words: str) -> str:
        lines = [line for line in words.splitlines() if line.strip()]
        joined = "\n".join(lines)
        try:
            found = geotext.typed(joined, self.live.type)
        except geotext.TooManyPoints:
            return joined
        if found != joined:
            return found
        if self.point:
            return " ".join(lines).strip()
        each = [geotext.typed(line, "geopoint").strip() for line in lines]
        try:
            return codec(self.live.type).parse("; ".join(each))
        except BadAnswer:
            return "; ".join(each)

    def clear(self) -> None:
        """Give up the answer."""
        self._typing = False
        self._write("")
        self.answered.emit("")
        self.edit.setFocus()

    # a file -------------------------------------------------------------------

    def choose(self) -> None:
        """Read the answer from a file of a map, a telephone or a GPS."""
        if self.shelf is None:
            return
        kinds = _("Tracks and maps ({patterns})").format(
            patterns="*.gpx *.kml *.geojson *.json *.wkt *.txt *.csv"
        )
        path = self.shelf.choose(_("Choose a file"), f"{kinds};;{_('All files (*)')}")
        data = self.shelf.open(path) if path is not None else None
        if data is not None:
            work = partial(geotext.from_file, data, self.live.type)
            self.shelf.desk.runner.run(work, self._on_read, self, self._refused)

    def _on_read(self, answer: str) -> None:
        self._typing = False
        self.answered.emit(answer)
        self.map.fit()

    def _refused(self, fault: Fault) -> None:
        if self.shelf is not None:
            self.shelf.desk.asker.fault(fault)

    # the map ------------------------------------------------------------------

    def turn_map(self) -> None:
        """Show the map, or put it away."""
        self.map.setHidden(not self.map.isHidden())
        if self.map.isHidden():
            self.edit.setFocus()
        else:
            self.map.known = self._known()
            self.map.fit()
            self.map.setFocus()
            QTimer.singleShot(REVEAL_MS, self, self._reveal)
        self.show_live(self.live)

    def _reveal(self) -> None:
        """Scroll to the map."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            room, bar = above.viewport(), above.verticalScrollBar()
            below = self.map.mapTo(room, self.map.rect().bottomLeft()).y() - room.height()
            bar.setValue(bar.value() + max(below + px(8), 0))

    def _known(self) -> list[tuple[str, tuple[float, float]]]:
        """Other places of this questionnaire, with the question that they answer."""
        if self.shelf is None:
            return []
        lives = self.shelf.filling.run.walk()
        others = [
            one for one in lives if one.type in geotext.TYPES and one.ref != self.live.ref
        ]
        found = [(one.label[:30], geo.points_of([one.text])) for one in others if one.text]
        return [(name, points[0]) for name, points in found if points]

    def _on_map(self, points: Points) -> None:
        """The map was pointed at: altitudes and accuracies of points that stay, stay."""
        old = {" ".join(p.split()[:2]): p.strip() for p in self.live.text.split(";")}
        texts = [f"{latitude:.7f} {longitude:.7f}" for latitude, longitude in points]
        found = {self._plain(key): whole for key, whole in old.items() if key}
        parts = [tuple(found.get(text, text).split()) for text in texts]
        self._typing = False
        self.answered.emit(geotext.stored(parts, self.live.type))

    def _plain(self, key: str) -> str:
        latitude, longitude = key.split()[:2]
        return f"{float(latitude):.7f} {float(longitude):.7f}"

    # keys ---------------------------------------------------------------------

    def take_enter(self) -> bool:
        """In a line of several points Enter begins the next one; after a blank line, or
        in a single point, it goes on."""
        if self.point or not self.edit.hasFocus() or self.edit.isReadOnly():
            return False
        cursor = self.edit.textCursor()
        if not cursor.block().text().strip():
            return False
        cursor.insertText("\n")
        return True

    def enter(self) -> None:
        (self.map if self.edit.isHidden() else self.edit).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) and self.map.hasFocus():
            self.map.undo()
        elif event.key() == Qt.Key.Key_F7:
            self.turn_map()
        else:
            super().keyPressEvent(event)

    def set_wrong(self, words: str) -> None:
        set_property(self.edit, "wrong", bool(words))
        self.edit.setAccessibleDescription(words)
