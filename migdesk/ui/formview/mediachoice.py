"""Choices with a picture before their words, and a note that speaks them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QStyle

from migdesk.forms import Choice
from migdesk.forms.media import NO_MEDIA, Media
from migdesk.ui.theme import px

from .camera import why_no_sound
from .choice import ChoiceButton
from .gallery import Gallery, fitted


class MediaChoice(ChoiceButton):
    """A choice with a picture before its words, and a note that speaks it."""

    def __init__(self, text: str, key: str = "") -> None:
        self.media = NO_MEDIA
        self.gallery: Gallery | None = None
        self.pixmap = QPixmap()
        super().__init__(text, key)

    def show_media(self, media: Media, gallery: Gallery | None) -> None:
        """Other files (another language)."""
        if media == self.media and gallery is self.gallery:
            return
        self.media, self.gallery = media, gallery
        self.pixmap = QPixmap()
        if media.image and gallery is not None:
            gallery.picture(media.image, partial(self._show_picture, media.image), self)
        self.updateGeometry()
        self.update()

    def _show_picture(self, name: str, found: QImage) -> None:
        if name == self.media.image and not found.isNull():
            self.pixmap = fitted(found, px(160), px(96), self.devicePixelRatioF())
            self.updateGeometry()
            self.update()

    def speak(self) -> None:
        """Play the choice; say why not where that cannot be."""
        gallery, name = self.gallery, self.media.audio
        if gallery is None or not name:
            return
        if gallery.playing == name:
            gallery.stop()
        elif why := why_no_sound():
            gallery.desk.asker.tell(why)
        else:
            gallery.read(name, self._start, self)

    def _start(self, data: bytes) -> None:
        if data and self.gallery is not None:
            self.gallery.play(self.media.audio, data, None, self.update)
            self.update()

    def _lead(self) -> int:
        size = self.pixmap.deviceIndependentSize()
        return super()._lead() + (
            round(size.width()) + px(12) if not self.pixmap.isNull() else 0
        )

    def heightForWidth(self, width: int) -> int:
        size = self.pixmap.deviceIndependentSize()
        return max(super().heightForWidth(width), round(size.height()) + px(16))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(140), self.heightForWidth(px(140)))

    def _note_box(self) -> QRect:
        """Where the note stands that speaks the choice."""
        box = QRect(self.width() - px(68), 0, px(32), self.height())
        return QStyle.visualRect(self.layoutDirection(), self.rect(), box)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F4 speaks a choice also where the question itself has no sound."""
        if event.key() == Qt.Key.Key_F4 and self.media.audio:
            self.speak()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.media.audio and self._note_box().contains(event.position().toPoint()):
            self.setDown(False)
            self.speak()
        else:
            super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if not self.pixmap.isNull():
            size = self.pixmap.deviceIndependentSize().toSize()
            at = QRect(super()._lead(), (self.height() - size.height()) // 2, *size.toTuple())
            painter.drawPixmap(
                QStyle.visualRect(self.layoutDirection(), self.rect(), at), self.pixmap
            )
        if self.media.audio:
            speaking = self.gallery is not None and self.gallery.playing == self.media.audio
            mark = "■" if speaking else "♪"
            painter.drawText(self._note_box(), Qt.AlignmentFlag.AlignCenter, mark)


def choice_button(choice: Choice, key: str) -> ChoiceButton:
    """The button of a choice, with room for its picture where it has one."""
    made = MediaChoice if choice.media else ChoiceButton
    return made(choice.label, key)


def dress(
    buttons: Sequence[ChoiceButton], choices: Sequence[Choice], gallery: Gallery | None
) -> None:
    """Give the buttons the files of their choices."""
    for button, choice in zip(buttons, choices, strict=True):
        if isinstance(button, MediaChoice):
            button.show_media(choice.media, gallery)


def fits(buttons: Sequence[ChoiceButton], choices: Sequence[Choice]) -> bool:
    """Whether each choice that has files stands on a button that can show them."""
    return len(buttons) == len(choices) and all(
        isinstance(button, MediaChoice) or not choice.media
        for button, choice in zip(buttons, choices, strict=True)
    )
