"""Sound and video as answers: a file, played from memory where the computer can."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from migdesk.forms import Live
from migdesk.i18n import N_, Text, _
from migdesk.ui.theme import px
from migdesk.ui.widgets import Button

from . import camera
from .camera import Player, why_no_sound
from .filepick import FileInput

SOUNDS = "*.m4a *.mp3 *.wav *.ogg *.oga *.opus *.amr *.3gp *.3gpp *.aac *.flac *.wma"
VIDEOS = "*.mp4 *.m4v *.3gp *.mov *.webm *.mkv *.avi *.mpg *.mpeg *.ogv *.wmv"


class SoundInput(FileInput):
    """Choose a recording; listen to it."""

    asks: ClassVar[Text] = N_("No recording yet. Choose its file, or drop it here.")
    title: ClassVar[Text] = N_("Choose a recording")
    video = False
    play_button: Button

    def build(self) -> None:
        self.player: Player | None = None
        self.view: QWidget | None = None
        self.play_button = self.offer(_("Play"), self.play)

    def show_answer(self, live: Live) -> None:
        if live.ref != self.live.ref or live.text != self._seen[0]:
            self.stop()
        super().show_answer(live)
        here = bool(self.shelf and self.shelf.holds(live.text))
        self.play_button.setVisible(here)
        self.play_button.setEnabled(here)

    def filters(self) -> str:
        words = _("Videos ({patterns})") if self.video else _("Recordings ({patterns})")
        patterns = VIDEOS if self.video else SOUNDS
        return ";;".join((words.format(patterns=patterns), _("All files (*)")))

    def play(self) -> None:
        """Play, or stop; say why not."""
        if why := why_no_sound():
            self.say(why)
        elif self.player is not None:
            self.stop()
        elif self.shelf is not None and self.shelf.holds(self.live.text):
            self.shelf.read(self.live.text, self._play, self)

    def _play(self, data: bytes) -> None:
        self.stop()
        self.player = Player(data, self._ended, self._failed)
        widgets = camera.video_widgets()
        if self.video and widgets is not None:
            view: QWidget = widgets.QVideoWidget()
            view.setMinimumHeight(px(280))
            self.body.insertWidget(1, view)
            self.player.show_on(view)
            self.view = view
        self.play_button.setText(_("Stop"))
        self.player.play()

    def stop(self) -> None:
        """Fall silent and take the picture away."""
        player, self.player = self.player, None
        if player is not None:
            player.stop()
        if self.view is not None:
            self.view.deleteLater()
            self.view = None
        self.play_button.setText(_("Play"))

    def _failed(self) -> None:
        self.say(_("This file cannot be played here. Save a copy to open it elsewhere."))

    def _ended(self) -> None:
        if self.player is not None:
            self.stop()


class VideoInput(SoundInput):
    """Choose a video; watch it."""

    asks: ClassVar[Text] = N_("No video yet. Choose its file, or drop it here.")
    title: ClassVar[Text] = N_("Choose a video")
    video = True
