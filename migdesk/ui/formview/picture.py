"""A picture as an answer: chosen, pasted, dropped or taken; kept without place or device."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage, QPixmap

from migdesk.forms import Live
from migdesk.i18n import N_, Text, _
from migdesk.ui.pixels import PATTERNS, RAW_LIMIT, Seen, cleaned, drawn, seen
from migdesk.ui.widgets import Button

from .camera import Camera, why_no_camera
from .filepick import FileInput, size_words
from .input import looks


def longest_side(live: Live) -> int:
    """`max-pixels` of the form: the longer side at most, in pixels; 0 if it says none."""
    said = live.node.bind.get("max-pixels")
    return int(said) if said.isascii() and said.isdigit() else 0


def stamped(kind: str) -> str:
    """Name of a picture that was made here, by the moment, as telephones do."""
    return f"{kind}-{datetime.now():%Y%m%d-%H%M%S}.png"


class PictureInput(FileInput):
    """Choose a picture, paste it, drop it here or take it."""

    asks: ClassVar[Text] = N_("No picture yet. Choose one, paste it, or drop it here.")
    title: ClassVar[Text] = N_("Choose a picture")
    paste_button: Button
    camera_button: Button

    def build(self) -> None:
        self.paste_button = self.offer(_("Paste"), self._paste_or_say)
        self.camera_button = self.offer(_("Take a picture…"), self.shoot)
        self.camera: Camera | None = None

    def show_answer(self, live: Live) -> None:
        if live.ref != self.live.ref:
            self._close_camera()
        super().show_answer(live)
        only = {"new", "new-front"} & set(looks(live.appearance)) and not why_no_camera()
        for button in (self.choose_button, self.paste_button):
            button.setHidden(bool(only) or self.locked)

    def filters(self) -> str:
        return _("Pictures ({patterns})").format(patterns=PATTERNS)

    def limit(self) -> int:
        return RAW_LIMIT

    def choose(self) -> None:
        if self.shelf is not None:
            path = self.shelf.choose(str(self.title), self.filters(), RAW_LIMIT)
            if path is not None:
                self.take(path)
        self.enter()

    def take(self, path: Path) -> None:
        data = self.shelf.open(path) if self.shelf is not None else None
        if data is not None:
            self.clean(path.name, data)

    def clean(self, name: str, data: bytes) -> None:
        """Keep a picture drawn anew from its pixels."""
        if self.shelf is not None and self.may:
            work = partial(cleaned, name, data, longest_side(self.live))
            self.shelf.make(self.live, work)

    def accept(self, mime: QMimeData) -> bool:
        if mime.hasImage() and self.shelf is not None and self.may:
            image = QImage(mime.imageData())
            if not image.isNull():
                self.keep_image(image, "picture")
                return True
        return super().accept(mime)

    def keep_image(self, image: QImage, kind: str) -> None:
        """Keep pixels that came from the clipboard or the camera."""
        if self.shelf is not None and self.may:
            work = partial(drawn, image, stamped(kind), longest_side(self.live))
            self.shelf.make(self.live, work)

    def _paste_or_say(self) -> None:
        self.say("" if self.paste() else _("The clipboard holds no picture."))
        self.enter()

    def show_file(self, name: str, data: bytes) -> None:
        if self.shelf is not None:
            then = partial(self._on_pixels, self._seen)
            self.shelf.desk.runner.run(partial(seen, data), then, self)

    def _on_pixels(self, wanted: tuple[str, str], found: Seen) -> None:
        if wanted == self._seen:
            self.show_picture(wanted[0], found)

    def show_picture(self, name: str, found: Seen) -> None:
        """Show the picture that is the answer."""
        words = size_words(found.weight)
        if not found.image.isNull():
            shape = _("{w} × {h} pixels").format(w=found.size.width(), h=found.size.height())
            words = f"{shape} · {words}"
        self.tile.show_as(name, words, QPixmap.fromImage(found.image))

    # camera -------------------------------------------------------------------

    def shoot(self) -> None:
        """Open the camera here; take the picture when it is open."""
        if why := why_no_camera():
            self.say(why)
        elif self.camera is None:
            self.camera = Camera(partial(self._shot, self.live))
            self.body.insertWidget(1, self.camera)
            self.camera_button.setText(_("Take it now"))
        else:
            self.camera.shoot()

    def _shot(self, live: Live, image: QImage) -> None:
        self._close_camera()
        if live.ref == self.live.ref:
            self.keep_image(image, "photo")

    def _close_camera(self) -> None:
        if self.camera is not None:
            self.camera.close_camera()
            self.camera.deleteLater()
            self.camera = None
            self.camera_button.setText(_("Take a picture…"))
