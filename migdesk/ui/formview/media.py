"""Pictures, sound and video that the designer put to a question.

The files lie with the questionnaire; they are read and made ready beside the screen's
thread, and shown when they are there. F4 speaks: the choice in focus, else the question.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from migdesk.forms import Live
from migdesk.forms.media import NO_MEDIA
from migdesk.i18n import _
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button, label

from . import camera
from .camera import why_no_sound
from .gallery import Gallery, fitted
from .mediachoice import MediaChoice
from .shelf import CannotWrite

KEY = "F4"


class MediaStrip(QWidget):
    """What goes with a question; hidden where there is nothing."""

    def __init__(self, around: QWidget) -> None:
        super().__init__()
        self.gallery: Gallery | None = None
        self.media = NO_MEDIA
        self._around = around
        self._view: QWidget | None = None
        self.picture = QLabel()
        self.listen_button = Button("", self.listen, key=KEY)
        self.watch_button = Button("", self.watch, role="flat")
        self.closer_button = Button(_("Look closer"), self.look_closer, role="flat")
        self.save_button = Button(_("Save a copy…"), self.save, role="flat")
        self.note = label("", "muted", wrap=True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 4, 0, 4)
        self.column.addWidget(self.picture)
        row = QHBoxLayout()
        for button in (
            self.listen_button, self.watch_button, self.closer_button, self.save_button
        ):  # fmt: skip
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.note)
        shortcut(KEY, around, self.speak)
        self.hide()

    def show_live(self, live: Live, gallery: Gallery | None, alone: bool = False) -> None:
        """Show what goes with a question, in the language in use; `alone`: it may begin to
        play by itself, if the form asks for that."""
        media = live.media if gallery is not None else NO_MEDIA
        if media == self.media and gallery is self.gallery:
            return
        if self.gallery is not None:
            self.gallery.stop()
        self.media, self.gallery = media, gallery
        self.note.hide()
        self.save_button.hide()
        self.picture.hide()
        self.closer_button.setVisible(bool(media.big_image))
        self._silent()
        self.setVisible(bool(media))
        shown = media.image or media.big_image
        if shown and gallery is not None:
            gallery.picture(shown, partial(self._show_picture, shown, live.label), self)
        wanted = live.control.attributes.get("autoplay", "") if live.control else ""
        if alone and wanted in ("audio", "video") and not why_no_sound():
            self._play(getattr(media, wanted))

    def _show_picture(self, name: str, words: str, found: QImage) -> None:
        if name not in (self.media.image, self.media.big_image):
            return
        if found.isNull():
            self._say_missing(name)
            return
        room = min(px(300), max(px(140), self.window().height() // 4))
        shown = fitted(found, px(560), room, self.devicePixelRatioF())
        self.picture.setPixmap(shown)
        if shown.width() < found.width():
            self.closer_button.show()
        self.picture.setAccessibleName(_("Picture of: {words}").format(words=words))
        self.picture.show()

    def _say(self, words: str) -> None:
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def _say_missing(self, name: str) -> None:
        words = _("“{name}” is missing. It can be added on the page of the questionnaires.")
        self._say(words.format(name=name))

    # sound and video ----------------------------------------------------------

    def speak(self) -> None:
        """Play the sound of the choice in focus, else of the question."""
        focused = QApplication.focusWidget()
        if isinstance(focused, MediaChoice) and focused.media.audio:
            focused.speak()
        elif self.media.audio:
            self.listen()
        elif self.media.video:
            self.watch()

    def listen(self) -> None:
        """Play the sound, or stop it."""
        self._play(self.media.audio)

    def watch(self) -> None:
        """Play the video, or stop it."""
        self._play(self.media.video)

    def _play(self, name: str) -> None:
        gallery = self.gallery
        if gallery is None or not name:
            return
        if gallery.playing == name:
            gallery.stop()
        elif why := why_no_sound():
            self._say(why)
            self.save_button.show()
        else:
            gallery.read(name, partial(self._start, name), self)

    def _start(self, name: str, data: bytes) -> None:
        if not data:
            self._say_missing(name)
        elif self.gallery is not None and name in (self.media.audio, self.media.video):
            self.gallery.stop()
            if name == self.media.video:
                self._view = _video_view(self.column)
            (self.watch_button if self._view else self.listen_button).setText(_("Stop"))
            self.gallery.play(name, data, self._view, self._silent)

    def _silent(self) -> None:
        """Nothing plays."""
        if self._view is not None:
            self._view.deleteLater()
            self._view = None
        self.listen_button.setText(_("Listen"))
        self.listen_button.setVisible(bool(self.media.audio))
        self.watch_button.setText(_("Watch"))
        self.watch_button.setVisible(bool(self.media.video))

    def save(self) -> None:
        """Let the person take the file to another program."""
        name, gallery = self.media.audio or self.media.video, self.gallery
        if gallery is None or not name:
            return
        path = gallery.desk.asker.save_file(_("Save a copy"), name, _("All files (*)"))
        if path is not None:
            gallery.read(name, partial(self._write, path), self)

    def _write(self, path: Path, data: bytes) -> None:
        try:
            path.write_bytes(data)
        except OSError:
            if self.gallery is not None:
                self.gallery.desk.asker.fault(CannotWrite(name=path.name))

    def look_closer(self) -> None:
        """Open the large picture over the window; Escape closes it."""
        name, gallery = self.media.big_image or self.media.image, self.gallery
        if gallery is not None and name:
            gallery.picture(name, partial(self._open, name), self)

    def _open(self, name: str, found: QImage) -> None:
        if found.isNull():
            self._say_missing(name)
        else:
            Large(found, self.window()).open()


class Large(QDialog):
    """A picture as large as the window allows."""

    def __init__(self, found: QImage, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Look closer"))
        room = window.size() - QSize(px(64), px(140))
        picture = QLabel()
        picture.setAccessibleName(_("Large picture"))
        ratio = self.devicePixelRatioF()
        picture.setPixmap(fitted(found, room.width(), room.height(), ratio))
        self.close_button = Button(_("Close"), self.reject, key=_("Esc"))
        column = QVBoxLayout(self)
        column.addWidget(picture)
        column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignCenter)


def _video_view(column: QVBoxLayout) -> QWidget | None:
    widgets: Any = camera.video_widgets()
    if widgets is None:
        return None
    view: QWidget = widgets.QVideoWidget()
    view.setMinimumHeight(px(280))
    column.insertWidget(1, view)
    return view
