"""Files of a questionnaire for the screen: pictures made ready, one sound at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QWidget

from migdesk.services import form_files
from migdesk.ui.desk import Desk
from migdesk.ui.pixels import seen

from .camera import Player

MOST_KEPT = 64
LONGEST = 1600
"""Longest side of a picture on the screen, in pixels."""


class Gallery(QObject):
    """Files of one questionnaire for the screen; plays one sound at a time."""

    def __init__(self, desk: Desk, questionnaire: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.questionnaire = questionnaire
        self.player: Player | None = None
        self.playing = ""
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._told: Callable[[], object] | None = None

    def picture(self, name: str, then: Callable[[QImage], object], owner: QObject) -> None:
        """A picture, small enough for the screen; null where it is missing."""
        held = self._images.get(name)
        if held is not None:
            self._images.move_to_end(name)
            then(held)
            return

        def ready(data: bytes) -> None:
            kept = partial(self._keep, name, then)
            self.desk.runner.run(partial(decoded, data), kept, owner)

        self.read(name, ready, owner)

    def _keep(self, name: str, then: Callable[[QImage], object], found: QImage) -> None:
        self._images[name] = found
        while len(self._images) > MOST_KEPT:
            self._images.popitem(last=False)
        then(found)

    def read(self, name: str, then: Callable[[bytes], object], owner: QObject) -> None:
        """Bytes of a file, none where it is missing."""
        self.desk.runner.read(form_files.find, self.questionnaire, name, then=then, owner=owner)

    def play(
        self, name: str, data: bytes, view: QWidget | None, ended: Callable[[], object]
    ) -> None:
        """Play, in the place of what plays."""
        self.stop()
        self._told = ended
        self.playing = name
        self.player = Player(data, self.stop)
        if view is not None:
            self.player.show_on(view)
        self.player.play()

    def stop(self) -> None:
        """Fall silent."""
        player, told = self.player, self._told
        self.player, self._told, self.playing = None, None, ""
        if player is not None:
            player.stop()
        if told is not None:
            told()


def decoded(data: bytes) -> QImage:
    """A picture for the screen; a null one where it is missing or no picture."""
    return seen(data, LONGEST).image


def fitted(found: QImage, width: int, height: int, ratio: float) -> QPixmap:
    """A picture within a room, sharp on a fine screen, never larger than it is."""
    room = QSize(round(width * ratio), round(height * ratio)).boundedTo(found.size())
    keep, smooth = (
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    pixmap = QPixmap.fromImage(found.scaled(room, keep, smooth))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
