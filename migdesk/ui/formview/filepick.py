"""An answer that is a file: chosen, dropped or pasted; kept encrypted, copied out on demand.

Nothing is ever written to a temporary file: what is shown is shown from memory, and a
copy leaves the program only where the person says.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from babel.numbers import format_decimal
from PySide6.QtCore import QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QStyle, QVBoxLayout, QWidget

from migdesk.forms import Live
from migdesk.i18n import N_, Text, _, language
from migdesk.services.attachments import LIMIT
from migdesk.ui.recordview.parts import FlowLayout
from migdesk.ui.theme import px, tokens
from migdesk.ui.widgets import Button, KeyHint, label

from .input import Input
from .shelf import Shelf

SMALL, BIG = 160, 420
"""Height of a picture, in design pixels; a click or Space changes between them."""


def size_words(size: int) -> str:
    """“1,4 MB”, “320 kB” in the person's language."""
    if size >= 1_000_000:
        words, shown = _("{n} MB"), size / 1_000_000
    else:
        words, shown = _("{n} kB"), max(size / 1000, 0.1)
    return words.format(n=format_decimal(shown, format="0.#", locale=language()))


class Tile(QWidget):
    """What there is: a picture or a name, with a line below. Takes the focus."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.picture = QPixmap()
        self.title = ""
        self.sub = ""
        self.high = SMALL
        self.wrong = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_as(self, title: str, sub: str, picture: QPixmap | None = None) -> None:
        """Other words, another picture."""
        self.title, self.sub, self.picture = title, sub, picture or QPixmap()
        self.setAccessibleName(f"{title}. {sub}")
        self.updateGeometry()
        self.update()

    def turn(self) -> None:
        """Larger, or small again."""
        if not self.picture.isNull():
            self.high = BIG if self.high == SMALL else SMALL
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        if self.picture.isNull():
            return QSize(px(420), px(72))
        return QSize(px(420), self._room(px(10_000)).height() + px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), self.sizeHint().height())

    def _room(self, width: int) -> QSize:
        """Size of the picture, never above its own."""
        size = self.picture.size()
        most = QSize(min(width, size.width()), min(px(self.high), size.height()))
        return size.scaled(most, Qt.AspectRatioMode.KeepAspectRatio)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        edge = colours.late if self.wrong else colours.edge
        pen = QPen(QColor(colours.accent if self.hasFocus() else edge), 1 + self.hasFocus())
        if self.sub and not self.title:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(colours.surface))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        room = self.rect().adjusted(px(12), px(12), -px(12), -px(12))
        if not self.picture.isNull():
            size = self._room(room.width() * 3 // 5 if self.high == SMALL else room.width())
            box = QRect(room.topLeft(), size)
            box = QStyle.visualRect(self.layoutDirection(), self.rect(), box)
            painter.drawPixmap(box, self.picture)
            room.setLeft(room.left() + size.width() + px(16))
        if room.width() > px(80):
            self._words(painter, room)

    def _words(self, painter: QPainter, room: QRect) -> None:
        """Title and line under it, from the top."""
        room = QStyle.visualRect(self.layoutDirection(), self.rect(), room)
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading
        align = QStyle.visualAlignment(self.layoutDirection(), flags)
        wrap = Qt.TextFlag.TextWrapAnywhere
        font = QFont(self.font())
        font.setBold(True)
        used = QRect(room.topLeft(), QSize(0, 0))
        if self.title:
            painter.setFont(font)
            painter.setPen(QColor(tokens().text))
            used = painter.drawText(room, align | wrap, self.title) or used
            used = painter.boundingRect(room, align | wrap, self.title)
        painter.setFont(self.font())
        painter.setPen(QColor(tokens().muted))
        rest = QRect(room)
        rest.setTop(used.bottom() + px(4) if self.title else room.top())
        painter.drawText(rest, align | Qt.TextFlag.TextWordWrap, self.sub)


class FileInput(Input):
    """Choose a file, drop it, or see which one there is. `locked`: only see it."""

    asks: ClassVar[Text] = N_("No file yet. Choose one, or drop it here.")
    title: ClassVar[Text] = N_("Choose a file")

    def __init__(self, live: Live, locked: bool = False) -> None:
        super().__init__(live)
        self.locked = locked
        self.shelf: Shelf | None = None
        self._seen = ("", "")
        self.tile = Tile()
        self.tile.pressed.connect(self.tile.turn)
        self.said = label("", "muted", wrap=True)
        self.said.hide()
        self.setFocusProxy(self.tile)
        self.setAcceptDrops(True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        self.body.addWidget(self.tile)
        self.row = FlowLayout(gap=8)
        self.body.addLayout(self.row)
        self.body.addWidget(self.said)
        self.buttons: list[Button] = []
        self.choose_button = self.offer(_("Choose…"), self.choose)
        self.build()
        self.copy_button = self.offer(_("Save a copy…"), self.copy)
        self.drop_button = self.offer(_("Remove"), self.drop)
        self.show_live(live)

    def show_live(self, live: Live) -> None:
        self.show_answer(live)
        self.number()

    @property
    def may(self) -> bool:
        """Whether the answer may be changed here."""
        return self.shelf is not None and not self.live.readonly and not self.locked

    def build(self) -> None:
        """Offer more than choosing."""

    def offer(self, words: str, action: Callable[[], object]) -> Button:
        """One more button; its key works anywhere on the screen."""
        key = "" if self.locked else str(len(self.buttons) + 1)
        button = Button(words, action, key=key)
        self.buttons.append(button)
        self.row.addWidget(button)
        return button

    # showing ------------------------------------------------------------------

    def furnish(self, shelf: Shelf) -> None:
        self.shelf = shelf
        shelf.noted.connect(self._on_noted)
        self.show_live(self.live)

    def _on_noted(self, ref: str, words: str) -> None:
        if ref == self.live.ref:
            self.say(words)

    def show_answer(self, live: Live) -> None:
        """Show the file, and what may be done with it."""
        if live.ref != self.live.ref:
            self.tile.high = SMALL
            self.say("")
        self.live = live
        name = live.text
        here = bool(self.shelf and self.shelf.holds(name))
        for button in self.buttons:
            button.setEnabled(self.may)
            button.setHidden(self.locked)
        self.copy_button.setEnabled(here)
        self.copy_button.setHidden(not here)
        self.drop_button.setHidden(not name or live.readonly or self.locked)
        digest = self.shelf.filling.files.get(name, "") if self.shelf else ""
        if self._seen == (name, digest) and name:
            return
        self._seen = (name, digest)
        if not name:
            self.show_empty()
        elif here and self.shelf is not None:
            self.tile.show_as(name, "")
            self.shelf.read(name, partial(self._on_read, self._seen), self)
        else:
            self.tile.show_as(name, _("This file is not on this computer."))

    def number(self) -> None:
        """The keys of the buttons that are there: 1, 2, 3."""
        for place, button in enumerate(self.offered(), 1):
            for hint in button.findChildren(KeyHint):
                hint.setText(str(place))

    def offered(self) -> list[Button]:
        """The buttons that are not hidden, in order."""
        return [button for button in self.buttons if not button.isHidden()]

    def show_empty(self) -> None:
        """Say what is waited for."""
        self.tile.show_as("", str(self.asks))

    def _on_read(self, seen: tuple[str, str], data: bytes) -> None:
        if seen == self._seen:
            self.show_file(seen[0], data)

    def show_file(self, name: str, data: bytes) -> None:
        """Show the file that is the answer."""
        self.tile.show_as(name, size_words(len(data)))

    def set_wrong(self, words: str) -> None:
        self.tile.wrong = bool(words)
        self.tile.setAccessibleDescription(words)
        self.tile.update()

    def say(self, words: str) -> None:
        """A word under the buttons."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    # acting -------------------------------------------------------------------

    def filters(self) -> str:
        """What the file dialog offers."""
        return _("All files (*)")

    def choose(self) -> None:
        """Ask for a file and keep it."""
        if self.shelf is not None:
            path = self.shelf.choose(str(self.title), self.filters())
            if path is not None:
                self.take(path)
        self.enter()

    def take(self, path: Path) -> None:
        """Keep a file of the disk."""
        data = self.shelf.open(path) if self.shelf is not None else None
        if data is not None:
            self.keep(path.name, data)

    def keep(self, name: str, data: bytes) -> None:
        """Make a file the answer."""
        if self.shelf is not None and self.may:
            self.shelf.keep(self.live, name, data)

    def copy(self) -> None:
        """Save a copy where the person says."""
        if self.shelf is not None and self.shelf.holds(self.live.text):
            name = self.live.text
            self.shelf.read(name, partial(self.shelf.save_copy, name), self)

    def drop(self) -> None:
        """Give up the answer."""
        if self.shelf is not None and self.may:
            self.shelf.drop(self.live)
        self.enter()

    def paste(self) -> bool:
        """Take what the clipboard holds; False if there is nothing for us."""
        # None where the system has no clipboard to give; Qt's stubs do not know it.
        mime: QMimeData | None = QGuiApplication.clipboard().mimeData()
        return mime is not None and self.accept(mime)

    def accept(self, mime: QMimeData) -> bool:
        """Take a file that was dropped or pasted."""
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if not paths or self.shelf is None or not self.may:
            return False
        if self.shelf.fits(paths[0], self.limit()):
            self.take(paths[0])
        return True

    def limit(self) -> int:
        """Size of the largest file that may be taken, in bytes."""
        return LIMIT

    # keys ---------------------------------------------------------------------

    def enter(self) -> None:
        self.tile.setFocus()

    def press(self, key: str) -> bool:
        place = int(key) - 1 if key.isascii() and key.isdigit() else -1
        if 0 <= place < len(offered := self.offered()):
            offered[place].click()
            return True
        if key == " " and self.tile.hasFocus():
            self.tile.turn()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and self.paste():
            return
        if event.key() == Qt.Key.Key_Delete and self.live.text:
            self.drop()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if (mime.hasUrls() or mime.hasImage()) and self.may:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.accept(event.mimeData()):
            event.acceptProposedAction()
