"""A drawing, a signature, or a picture that is drawn on, as an answer."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import ClassVar

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence

from migdesk.forms import Live
from migdesk.i18n import N_, Text, _
from migdesk.ui.pixels import Seen, drawn
from migdesk.ui.widgets import Button
from migdesk.ui.widgets.canvas import Canvas

from .input import PAUSE_MS
from .picture import PictureInput, longest_side, stamped

INKS: dict[str, Text] = {
    "#000000": N_("Black"),
    "#1d4ed8": N_("Blue"),
    "#c81e1e": N_("Red"),
    "#15803d": N_("Green"),
}
"""Colours of the ink: they belong to the drawing, not to the look of the program."""


class AnnotateInput(PictureInput):
    """A picture that is drawn on. Without a picture, it is chosen first."""

    sheet: ClassVar[QSize] = QSize(1200, 800)
    kind: ClassVar[str] = "picture"
    inks: ClassVar[tuple[str, ...]] = ("#c81e1e", "#1d4ed8", "#000000", "#15803d")
    alone: ClassVar[bool] = False
    """Drawn on blank paper: no picture is chosen."""

    def build(self) -> None:
        super().build()
        self.canvas = Canvas(self.sheet)
        self.canvas.colour = self.inks[0]
        self.canvas.changed.connect(self._on_stroke)
        self.body.insertWidget(0, self.canvas, 0, Qt.AlignmentFlag.AlignTop)
        self.undo_button = self.offer(_("Undo"), self.undo)
        self.clear_button = self.offer(_("Clear"), self.clear)
        self.ink_button: Button = self.offer("", self.next_ink)
        self._name_ink()
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self.flush)
        self._stroked: Live | None = None
        self.help = _(
            "Draw with the mouse, a pen or a finger. With the keyboard: the arrows move, "
            "the space bar puts the pen down and lifts it."
        )
        self.canvas.setAccessibleDescription(self.help)
        self.canvas.setToolTip(self.help)

    def show_answer(self, live: Live) -> None:
        if live.ref != self.live.ref:
            self.flush()
            self.canvas.size_ = self.sheet
            self.canvas.load(QImage())
            self._seen = ("", "")
        super().show_answer(live)
        self.canvas.setAccessibleName(live.label)
        self.canvas.may = self.shelf is not None and not live.readonly
        shown = self.alone or not self.canvas.blank
        self.canvas.setVisible(shown)
        self.tile.setHidden(shown)
        self.setFocusProxy(self.canvas if shown else self.tile)
        for button in (self.undo_button, self.clear_button, self.ink_button):
            button.setHidden(not shown or live.readonly)
        self.undo_button.setEnabled(bool(self.canvas.strokes))
        self.clear_button.setEnabled(bool(self.canvas.strokes))
        if self.alone:
            for button in (self.choose_button, self.paste_button, self.camera_button):
                button.hide()

    def show_empty(self) -> None:
        super().show_empty()
        if self._stroked is None:
            self.canvas.size_ = self.sheet
            self.canvas.load(QImage())

    def show_picture(self, name: str, found: Seen) -> None:
        """Draw on the picture; if it is what was drawn just now, it is there already."""
        if not self.canvas.strokes and self._stroked is None:
            self.canvas.load(found.image)
        super().show_picture(name, found)
        self.show_live(self.live)

    # drawing ------------------------------------------------------------------

    def _on_stroke(self) -> None:
        self._stroked = self.live
        self.undo_button.setEnabled(bool(self.canvas.strokes))
        self.clear_button.setEnabled(bool(self.canvas.strokes))
        self._wait.start()

    def flush(self) -> None:
        """Keep what was drawn; a blank sheet is no answer."""
        self.canvas.lift()
        self._wait.stop()
        live, self._stroked = self._stroked, None
        if live is None or self.shelf is None:
            return
        if self.canvas.blank:
            self.shelf.drop(live)
            return
        photo = live.text.endswith(".jpg")
        name = PurePosixPath(live.text).name if live.text else stamped(self.kind)
        made = drawn(self.canvas.image(), name, longest_side(live), not photo)
        self.shelf.keep(live, made.name, made.data)

    def undo(self) -> None:
        """Take the last stroke back."""
        self.canvas.undo()
        self.canvas.setFocus()

    def clear(self) -> None:
        """Take all strokes back."""
        self.canvas.clear()
        self.canvas.setFocus()

    def drop(self) -> None:
        self._stroked = None
        self._wait.stop()
        self.canvas.load(QImage())
        super().drop()
        self.enter()

    def clean(self, name: str, data: bytes) -> None:
        self.canvas.load(QImage())
        super().clean(name, data)

    def keep_image(self, image: QImage, kind: str) -> None:
        self.canvas.load(QImage())
        super().keep_image(image, kind)

    def next_ink(self) -> None:
        """The next colour."""
        place = self.inks.index(self.canvas.colour) + 1
        self.canvas.colour = self.inks[place % len(self.inks)]
        self._name_ink()
        self.canvas.setFocus()

    def _name_ink(self) -> None:
        words = _("Colour: {name}").format(name=str(INKS[self.canvas.colour]).lower())
        self.ink_button.setText(words)
        self.ink_button.setAccessibleName(words)

    # keys ---------------------------------------------------------------------

    def enter(self) -> None:
        (self.tile if self.canvas.isHidden() else self.canvas).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) and self.canvas.strokes:
            self.undo()
        else:
            super().keyPressEvent(event)

    def set_wrong(self, words: str) -> None:
        super().set_wrong(words)
        self.canvas.setAccessibleDescription(words or self.help)


class DrawInput(AnnotateInput):
    """A drawing on blank paper."""

    kind = "drawing"
    inks: ClassVar[tuple[str, ...]] = ("#000000", "#1d4ed8", "#c81e1e", "#15803d")
    alone = True


class SignatureInput(DrawInput):
    """A signature."""

    sheet = QSize(1200, 400)
    kind = "signature"
    inks: ClassVar[tuple[str, ...]] = ("#000000", "#1d4ed8")
