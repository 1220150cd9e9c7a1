"""A signature on the screen, by finger, pen, mouse or keys, kept as a picture."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from migdesk.i18n import _
from migdesk.ui.pixels import drawn
from migdesk.ui.widgets.canvas import Canvas

from .parts import button, label

SHEET = QSize(1200, 400)
WIDTH = 640


class SigningDialog(QDialog):
    """A sheet to sign on. `signed` hands over the name and the bytes of the picture."""

    signed = Signal(str, bytes)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Sign on screen"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDTH, self.sizeHint().height())
        column = QVBoxLayout(self)
        words = _("Whoever agrees signs here, once the text was read.")
        column.addWidget(label(words, "muted"))
        self.canvas = Canvas(SHEET)
        self.canvas.setAccessibleName(words)
        self.canvas.setAccessibleDescription(
            _(
                "Draw with the mouse, a pen or a finger. With the keyboard: the arrows move, "
                "the space bar puts the pen down and lifts it."
            )
        )
        self.canvas.setToolTip(self.canvas.accessibleDescription())
        self.canvas.changed.connect(self._show)
        column.addWidget(self.canvas)
        self.clear_button = button(_("Clear"), self.canvas.clear)
        self.keep_button = button(_("Keep the signature"), self.keep, "primary")
        row = QHBoxLayout()
        row.addWidget(self.clear_button)
        row.addStretch(1)
        row.addWidget(button(_("Cancel"), self.reject))
        row.addWidget(self.keep_button)
        column.addLayout(row)
        self._show()
        self.canvas.setFocus()

    def _show(self) -> None:
        for one in (self.clear_button, self.keep_button):
            one.setEnabled(bool(self.canvas.strokes))

    def keep(self) -> None:
        """Hand the signature over; a blank sheet is none."""
        self.canvas.lift()
        if not self.canvas.blank:
            made = drawn(self.canvas.image(), f"{_('Signature')}.png")
            self.signed.emit(made.name, made.data)
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.canvas.undo()
        else:
            super().keyPressEvent(event)
