"""The conversation recorded while a questionnaire is filled, where the form asks for it.

Nothing is recorded in silence: whoever asks the questions says first that the person has
agreed, each time the questionnaire is opened; a bar shows that it listens; and a person who
takes the word back takes the recording with it (ODK XForms specification, “recordaudio”).
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from migdesk.i18n import _
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import Button, label, set_property

from .filling import Filling
from .recorder import RATES, Meter, Recorder, named
from .shelf import Shelf
from .wave import NotOurs

State = Literal["asks", "on", "paused", "refused", "cannot"]
AGREE, REFUSE = "F7", "Shift+F7"
TONES: dict[State, str] = {"asks": "waiting", "on": "late", "paused": "waiting"}


class SoundBar(QFrame):
    """Hidden, and does nothing, where the form does not ask for it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.state: State = "asks"
        self.recorder: Recorder | None = None
        self.filling: Filling | None = None
        self.shelf: Shelf | None = None
        self._name = ""
        self._why = ""
        self.words = label("", wrap=True)
        self.meter = Meter()
        self.agree_button = Button("", self.agree, key=AGREE)
        self.refuse_button = Button("", self.refuse, key=_("Shift F7"))
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self.words)
        said.addWidget(self.meter)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 16, 6)
        row.addLayout(said, 1)
        row.addWidget(self.agree_button)
        row.addWidget(self.refuse_button)
        self.hide()

    def furnish(self, filling: Filling, shelf: Shelf, around: QWidget) -> None:
        """Ask, if this form records; the keys work in all of `around`."""
        if not filling.run.sound:
            return
        self.filling, self.shelf = filling, shelf
        for key, action in ((AGREE, self.agree), (REFUSE, self.refuse)):
            shortcut(key, around, action)
        self._turn("refused" if filling.sound == "no" else "asks")
        self.show()

    def forgo(self) -> None:
        """Nobody speaks here: a correction, a rehearsal."""
        self.end()
        self.filling = None
        self.hide()

    # showing ------------------------------------------------------------------

    def _turn(self, state: State) -> None:
        self.state = state
        listens = state in ("on", "paused")
        words = {
            "asks": _(
                "This questionnaire records the conversation. Ask the person whether they "
                "agree; nothing is recorded before."
            ),
            "on": _("● The conversation is being recorded."),
            "paused": _("The recording pauses."),
            "refused": _("The conversation is not recorded: the person does not want it."),
            "cannot": self._why,
        }[state]
        if state == "asks" and self._there:
            words = _("The recording goes on only if the person agrees again.")
        self.words.setText(words)
        for part in (self, self.words, self.meter.time):
            set_property(part, "tone", TONES.get(state, ""))
        agree = {
            "asks": _("They agree: record"),
            "on": _("Pause"),
            "paused": _("Go on recording"),
            "refused": _("They agree after all"),
            "cannot": _("Try again"),
        }[state]
        refuse = _("Delete the recording") if listens or self._there else _("They refuse")
        self.agree_button.show_as(agree, AGREE)
        self.refuse_button.show_as(refuse, _("Shift F7"))
        self.refuse_button.setVisible(state != "refused")
        self.meter.setVisible(listens)
        self.setAccessibleName(words)

    @property
    def _targets(self) -> tuple[str, ...]:
        return tuple(self.filling.run.sound) if self.filling is not None else ()

    @property
    def _there(self) -> str:
        """Name of the recording that there is already."""
        if self.filling is None:
            return ""
        names = [self.filling.run.node(ref).text for ref in self._targets]
        return next((name for name in names if name in self.filling.files), "")

    # acting -------------------------------------------------------------------

    def agree(self) -> None:
        """The person agrees; or pause, or go on."""
        if self.filling is None or self.shelf is None:
            return
        if self.recorder is not None:
            self._pause_or_go_on(self.recorder)
        elif name := self._there:
            self.shelf.read(name, lambda data: self._begin(name, data), self)
        else:
            self._begin(named(), b"")

    def _pause_or_go_on(self, recorder: Recorder) -> None:
        if recorder.state == "on":
            recorder.pause()
            self._mark("background audio disabled")
        else:
            recorder.begin()
            self._mark("background audio enabled")
        if self.recorder is not None:
            self._turn(recorder.state)

    def _begin(self, name: str, kept: bytes) -> None:
        """Record; on from what there is, where that was made here."""
        if self.recorder is not None or self.filling is None or self.shelf is None:
            return
        asked = next(iter(self.filling.run.sound.values()))
        quality = asked if asked in RATES else "voice-only"
        try:
            recorder = Recorder(self.shelf.ears, quality, self, kept)
        except NotOurs:
            self._fail(_("There is a recording already that cannot be gone on with."))
            return
        self.recorder, self._name = recorder, name
        recorder.said.connect(self._keep)
        recorder.changed.connect(lambda: self.meter.show_recorder(recorder))
        recorder.failed.connect(self._fail)
        recorder.begin()
        if self.recorder is not None:
            self.filling.sound = "yes"
            self._mark("background audio enabled")
            self.meter.show_recorder(recorder)
            self._turn("on")

    def _mark(self, event: str) -> None:
        """Note it in the event log of the form, as Collect does."""
        if self.filling is not None and self.filling.run.audit is not None:
            self.filling.run.audit.mark(event)

    def _keep(self, data: bytes) -> None:
        """Keep what was said so far; all places of the form name the one file."""
        if self.filling is None or self.shelf is None:
            return
        first, *others = self._targets
        self.shelf.keep(self.filling.run.node(first), self._name, data)
        kept = self.filling.run.node(first).text
        for ref in others:
            self.shelf.answered.emit(ref, kept)

    def _fail(self, words: str) -> None:
        self._why = words
        self.end()
        self._turn("cannot")

    def refuse(self) -> None:
        """The person refuses, or takes the word back: what there is goes."""
        if self.filling is None or self.shelf is None or self.state == "refused":
            return
        if self.recorder is not None or self._there:
            text = _("What was recorded of this conversation is deleted and cannot come back.")
            title, verb = _("Delete the recording?"), _("Delete")
            if not self.shelf.desk.asker.confirm(title, text, verb):
                return
        self._mark("background audio disabled")
        self.filling.sound = "no"
        self.end()
        if self._there:
            first, *others = self._targets
            self.shelf.drop(self.filling.run.node(first))
            for ref in others:
                self.shelf.answered.emit(ref, "")
        self._turn("refused")

    def end(self) -> None:
        """Stop and keep what was said."""
        recorder, self.recorder = self.recorder, None
        if recorder is not None:
            recorder.pause()
            recorder.deleteLater()
            self._turn("asks")
