"""A recording as an answer: made here with the microphone, or chosen as a file."""

from __future__ import annotations

from typing import ClassVar

from migdesk.forms import Live
from migdesk.i18n import N_, Text, _
from migdesk.ui.widgets import Button

from .recorder import RATES, Meter, Recorder, named
from .sound import SoundInput


def quality_of(live: Live) -> str:
    """`quality` of the form: normal where it says none; "" where another program records."""
    said = live.node.bind.get("quality")
    return "" if said == "external" else said if said in RATES else "normal"


class RecordInput(SoundInput):
    """Record, pause, go on, stop, listen; or choose a file. Space records and pauses."""

    asks: ClassVar[Text] = N_("No recording yet. Press Space to record, or choose a file.")
    record_button: Button
    stop_button: Button

    def build(self) -> None:
        super().build()
        self.recorder: Recorder | None = None
        self._name = ""
        self.meter = Meter()
        self.meter.hide()
        self.body.insertWidget(1, self.meter)
        self.record_button = self.offer("", self.record)
        self.stop_button = self.offer(_("Stop and keep"), self.end)

    def show_answer(self, live: Live) -> None:
        if live.ref != self.live.ref:
            self.end()
        super().show_answer(live)
        self._show_recorder()

    def show_empty(self) -> None:
        words = self.asks if quality_of(self.live) else SoundInput.asks
        self.tile.show_as("", str(words))

    def _show_recorder(self) -> None:
        """Which buttons there are now, and what they say."""
        recorder = self.recorder
        self.meter.setVisible(recorder is not None)
        self.record_button.setHidden(self.locked or not quality_of(self.live))
        self.stop_button.setHidden(recorder is None)
        if recorder is None:
            again = self.live.text and self.shelf and self.shelf.holds(self.live.text)
            words = _("Record again") if again else _("Record sound")
        else:
            self.meter.show_recorder(recorder)
            words = _("Pause") if recorder.state == "on" else _("Go on recording")
            title = _("Recording…") if recorder.state == "on" else _("Paused")
            self.tile.show_as(title, _("Space pauses and goes on."))
            for button in (self.choose_button, self.play_button, self.copy_button,
                           self.drop_button):  # fmt: skip
                button.hide()
        if self.record_button.text() != words:
            self.record_button.setText(words)
            self.record_button.setAccessibleName(words)
            self.row.invalidate()
        self.number()

    def record(self) -> None:
        """Record; pause; go on."""
        recorder = self.recorder
        if recorder is not None:
            recorder.pause() if recorder.state == "on" else recorder.begin()
        elif self.shelf is not None and self.may and self._agreed():
            self.stop()
            self.say("")
            self._name = named()
            recorder = Recorder(self.shelf.ears, quality_of(self.live), self)
            self.recorder = recorder
            recorder.said.connect(self._keep)
            recorder.changed.connect(self._show_recorder)
            recorder.failed.connect(self._on_failed)
            recorder.begin()

    def _agreed(self) -> bool:
        """Whether what was recorded before may go."""
        if not self.live.text or self.shelf is None:
            return True
        text = _("The recording that is there is replaced.")
        return self.shelf.desk.asker.confirm(_("Record again?"), text, _("Record again"))

    def _keep(self, data: bytes) -> None:
        self.keep(self._name, data)

    def _on_failed(self, words: str) -> None:
        self.end()
        self.say(words)

    def end(self) -> None:
        """Stop; what was said is the answer."""
        recorder, self.recorder = self.recorder, None
        if recorder is not None:
            recorder.pause()
            recorder.deleteLater()
            self._seen = ("", "")
            self.show_answer(self.live)

    def flush(self) -> None:
        self.end()

    def show_file(self, name: str, data: bytes) -> None:
        if self.recorder is None:
            super().show_file(name, data)

    def press(self, key: str) -> bool:
        if key == " " and self.record_button.isVisible() and self.record_button.isEnabled():
            self.record()
            return True
        return super().press(key)
