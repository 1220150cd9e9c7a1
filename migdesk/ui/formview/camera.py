"""Camera and sound of the computer, where its Qt has them; else the reason why not."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from migdesk.i18n import _
from migdesk.ui.theme import px


@cache
def multimedia() -> Any:
    """The module QtMultimedia, or None: it is an extra that few offices install."""
    try:
        return importlib.import_module("PySide6.QtMultimedia")
    except ImportError:
        return None


@cache
def video_widgets() -> Any:
    """The module QtMultimediaWidgets, or None."""
    try:
        return importlib.import_module("PySide6.QtMultimediaWidgets")
    except ImportError:
        return None


def why_no_camera() -> str:
    """Why no picture can be taken here, "" if one can."""
    media = multimedia()
    if media is None or video_widgets() is None:
        return _(
            "This installation has no part for cameras. Take the picture with a telephone "
            "or a camera, bring the file to this computer and choose it."
        )
    if not media.QMediaDevices.videoInputs():
        return _("No camera is connected to this computer.")
    return ""


def why_no_sound() -> str:
    """Why nothing can be played here, "" if it can."""
    media = multimedia()
    if media is None:
        return _(
            "This installation has no part for sound. Save a copy to listen to it in "
            "another program."
        )
    if not media.QMediaDevices.audioOutputs():
        return _("This computer has no loudspeaker and no headphones.")
    return ""


class Camera(QWidget):
    """What the camera sees. `taken` gets the pixels: no file is written."""

    def __init__(self, taken: Callable[[QImage], object]) -> None:
        super().__init__()
        media, widgets = multimedia(), video_widgets()
        self._session = media.QMediaCaptureSession()
        self._camera = media.QCamera(media.QMediaDevices.defaultVideoInput())
        self._capture = media.QImageCapture()
        view = widgets.QVideoWidget()
        view.setMinimumHeight(px(280))
        self._session.setCamera(self._camera)
        self._session.setImageCapture(self._capture)
        self._session.setVideoOutput(view)
        self._capture.imageCaptured.connect(lambda _id, image: taken(QImage(image)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(view)
        self._camera.start()

    def shoot(self) -> None:
        """Take the picture."""
        self._capture.capture()

    def close_camera(self) -> None:
        """Let the camera go; its light must not stay on."""
        self._camera.stop()


class Player:
    """Plays bytes from memory: nothing is written to a temporary file. `ended` at the end,
    when stopped, and when the file cannot be played; `failed` then first."""

    def __init__(
        self,
        data: bytes,
        ended: Callable[[], object],
        failed: Callable[[], object] | None = None,
    ) -> None:
        from PySide6.QtCore import QBuffer, QByteArray, QIODevice

        media = multimedia()
        self._held = QBuffer()
        self._held.setData(QByteArray(data))
        self._held.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sound = media.QAudioOutput()
        self._player = media.QMediaPlayer()
        self._player.setAudioOutput(self._sound)
        self._player.setSourceDevice(self._held)
        stopped = media.QMediaPlayer.PlaybackState.StoppedState
        self._player.playbackStateChanged.connect(
            lambda state: ended() if state == stopped else None
        )

        self._player.errorOccurred.connect(partial(self._failed, ended, failed))

    def _failed(
        self,
        ended: Callable[[], object],
        failed: Callable[[], object] | None,
        _error: object,
        _words: str,
    ) -> None:
        if failed is not None:
            failed()
        ended()

    def show_on(self, view: QWidget) -> None:
        """Where a video is seen."""
        self._player.setVideoOutput(view)

    def play(self) -> None:
        """From the beginning."""
        self._player.play()

    def stop(self) -> None:
        """Fall silent."""
        self._player.stop()
