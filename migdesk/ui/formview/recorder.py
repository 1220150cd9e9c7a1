"""Recording sound: a microphone, and what has been said into it so far.

Nothing is ever written to a file in clear: the recording grows in memory, and whoever
records keeps it encrypted at each pause and once a minute.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, Protocol

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from migdesk.i18n import _
from migdesk.services.attachments import LIMIT
from migdesk.ui.theme import px
from migdesk.ui.widgets import label

from . import camera
from .wave import Mono, Wave

RATES = {"voice-only": 8_000, "low": 16_000, "normal": 32_000}
"""Samples a second by `quality` of the form: 86, 43 and 21 minutes fit into a file."""
MINUTE = 60.0
Heard = Callable[["array[int]"], object]


class Microphone(Protocol):
    """Listens until it is closed; no longer than it lives."""

    def close(self) -> None: ...


class Ears(Protocol):
    """What this computer can hear with. `listen` may call `failed` at once."""

    def why_not(self) -> str: ...
    def listen(
        self, rate: int, heard: Heard, failed: Callable[[], object], owner: QObject
    ) -> Microphone: ...


class QtEars:
    """The microphones that Qt knows, where it has its part for sound."""

    def why_not(self) -> str:
        """Why nothing can be recorded here, "" if it can."""
        media = camera.multimedia()
        if media is None:
            return _(
                "This installation has no part for sound. Record with a telephone, bring the "
                "file to this computer and choose it."
            )
        if not media.QMediaDevices.audioInputs():
            return _("No microphone is connected to this computer.")
        if _forbidden():
            return _(
                "This computer does not let MigDesk listen. Allow the microphone for MigDesk "
                "in the settings of the system, then try again."
            )
        return ""

    def listen(
        self, rate: int, heard: Heard, failed: Callable[[], object], owner: QObject
    ) -> Microphone:
        return QtMicrophone(rate, heard, failed, owner)


def _forbidden() -> bool:
    """Whether the person, or whoever set up the computer, has refused the microphone."""
    from PySide6.QtCore import QMicrophonePermission, Qt

    app = QCoreApplication.instance()
    refused = Qt.PermissionStatus.Denied
    return app is not None and app.checkPermission(QMicrophonePermission()) == refused


class QtMicrophone:
    """The microphone that the system prefers. Where it does not speak as we want, we make
    it plain ourselves."""

    def __init__(
        self, rate: int, heard: Heard, failed: Callable[[], object], owner: QObject
    ) -> None:
        media = camera.multimedia()
        kinds = media.QAudioFormat.SampleFormat
        device = media.QMediaDevices.defaultAudioInput()
        wanted = media.QAudioFormat()
        wanted.setSampleRate(rate)
        wanted.setChannelCount(1)
        wanted.setSampleFormat(kinds.Int16)
        used = wanted if device.isFormatSupported(wanted) else device.preferredFormat()
        codes = {kinds.UInt8: "B", kinds.Int16: "h", kinds.Int32: "i", kinds.Float: "f"}
        code = codes.get(used.sampleFormat(), "h")
        self._plain = Mono(code, max(used.channelCount(), 1), used.sampleRate() or rate, rate)
        self._heard, self._failed = heard, failed
        # To have nothing to say for a moment (an “underrun”) is no failure.
        error = media.QAudio.Error
        self._fatal = (error.OpenError, error.IOError, error.FatalError)
        self._stream: Any = None
        # A child of who records: gone with it, the microphone is off.
        self._source = media.QAudioSource(device, used, owner)
        # A tenth of a second: what the system still holds back at the end is lost.
        self._source.setBufferSize(used.bytesForDuration(100_000))
        self._source.stateChanged.connect(self._on_state)
        self._stream = self._source.start()
        if self._stream is None:
            failed()
        else:
            self._stream.readyRead.connect(self._read)

    def _read(self) -> None:
        if self._stream is not None:
            self._heard(self._plain(bytes(self._stream.readAll().data())))

    def _on_state(self) -> None:
        if self._stream is None or not shiboken6.isValid(self._source):
            return
        if self._source.error() in self._fatal:
            self._failed()

    def close(self) -> None:
        """Take what is still there and let the microphone go."""
        self._read()
        self._stream = None
        self._source.stop()
        self._source.deleteLater()


class Recorder(QObject):
    """One recording. `changed`: state, time or level; `said(file)`: what was recorded so
    far, to be kept; `failed(words)`: it cannot go on, what there is was said before."""

    changed = Signal()
    said = Signal(bytes)
    failed = Signal(str)

    def __init__(
        self, ears: Ears, quality: str, parent: QObject, kept: bytes = b"", most: int = LIMIT
    ) -> None:
        """`kept`: a recording to go on with. Raises wave.NotOurs."""
        super().__init__(parent)
        self._ears = ears
        self._wave = Wave(RATES[quality], kept)
        self._microphone: Microphone | None = None
        self._most = most
        self._sealed = self._wave.seconds
        self.level = 0.0

    @property
    def state(self) -> Literal["on", "paused"]:
        return "paused" if self._microphone is None else "on"

    @property
    def seconds(self) -> float:
        return self._wave.seconds

    @property
    def longest(self) -> float:
        """Seconds that fit into the file."""
        return self._most * 2 / self._wave.rate

    def begin(self) -> None:
        """Listen, from the beginning or on from where it paused."""
        if self._microphone is not None:
            return
        if why := self._ears.why_not():
            self.failed.emit(why)
            return
        self._microphone = self._ears.listen(self._wave.rate, self._hear, self._broke, self)
        self.changed.emit()

    def pause(self) -> None:
        """Stop listening; what there is is said."""
        microphone, self._microphone = self._microphone, None
        if microphone is not None:
            microphone.close()
            self.level = 0.0
            self._seal()
            self.changed.emit()

    def _hear(self, samples: array[int]) -> None:
        if not samples:
            return
        self._wave.hear(samples)
        self.level = max(max(samples), -min(samples)) / 32768
        if self._wave.size >= self._most - self._wave.rate:
            self.pause()
            self.failed.emit(_("The recording is full: a file may have 20 MB at most."))
            return
        if self._wave.seconds - self._sealed >= MINUTE:
            self._seal()
        self.changed.emit()

    def _seal(self) -> None:
        if self._wave.seconds > self._sealed:
            self._sealed = self._wave.seconds
            self.said.emit(self._wave.file())

    def _broke(self) -> None:
        self.pause()
        words = _("The microphone does not answer any more. What it heard so far is kept.")
        self.failed.emit(words)


class Meter(QWidget):
    """How long a recording is, and how loud it is just now."""

    def __init__(self) -> None:
        super().__init__()
        self.time = label("")
        self.level = QProgressBar()
        self.level.setTextVisible(False)
        self.level.setRange(0, 100)
        self.level.setMaximumWidth(px(240))
        self.level.setAccessibleName(_("Loudness"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.time)
        row.addWidget(self.level, 1)
        row.addStretch(1)

    def show_recorder(self, recorder: Recorder) -> None:
        """As it stands now."""
        words = _("{time} of {most}").format(
            time=minutes(recorder.seconds), most=minutes(recorder.longest)
        )
        if self.time.text() != words:
            self.time.setText(words)
        # An ear hears ratios: a voice at a tenth of the most is not one tenth as loud.
        self.level.setValue(round(recorder.level**0.5 * 100))


def minutes(seconds: float) -> str:
    """“1:05”."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def named() -> str:
    """Name of a recording made now."""
    return f"recording-{datetime.now():%Y%m%d-%H%M%S}.wav"
