"""A question on the screen: where it stands, its words, its input, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from migdesk.forms import Live
from migdesk.forms.marks import bare
from migdesk.ui.widgets import label, set_property

from .box import Box
from .filling import Filling
from .input import Input, NoteInput
from .inputs import input_of
from .media import MediaStrip
from .shelf import Shelf
from .stops import Stop
from .styled import show_styled


class QuestionBox(Box):
    """A question or a note."""

    def __init__(self, live: Live, shelf: Shelf | None = None) -> None:
        super().__init__()
        self.shelf = shelf
        self.where = label("", "caption", wrap=True)
        self.words = label("", "question", wrap=True)
        self.hint = label("", "muted", wrap=True)
        self.error = label("", "error", wrap=True)
        self.comment = label("", "muted", wrap=True)
        self.input: Input = NoteInput(live)
        self.media: MediaStrip | None = None
        for part in (self.where, self.words, self.hint):
            self.column.addWidget(part)
        self.column.addSpacing(4)
        self.column.addWidget(self.input)
        self.column.addWidget(self.error)
        self.column.addWidget(self.comment)

    def show_stops(self, filling: Filling, stops: Sequence[Stop], alone: bool) -> None:
        stop = stops[0]
        live = stop.live
        assert live is not None
        self._fit(live)
        heads = stop.heads[-1:] if alone else ()
        lead = " · ".join(filter(None, (stop.number, *heads)))
        wrong = filling.wrong(stop)
        comment = filling.comments.get(stop.key, "")
        words = f"{live.label} *" if live.required else live.label
        for part, text in (
            (self.where, lead),
            (self.words, words.strip()),
            (self.hint, live.hint),
            (self.error, wrong),
            (self.comment, f"✎ {comment}" if comment else ""),
        ):
            if part in (self.words, self.hint):
                show_styled(part, text)
            else:
                part.setText(text)
            part.setHidden(not text)
        set_property(self.words, "role", "question" if live.type != "note" else "")
        self._show_media(live, alone)
        self.input.show_live(live)
        self.input.set_wrong(wrong)
        self.setAccessibleName(" ".join((lead, bare(live.label), bare(live.hint), wrong)))

    def _show_media(self, live: Live, alone: bool) -> None:
        """Few questions have pictures or sound: the others do not pay for them."""
        if self.media is None and live.media:
            self.media = MediaStrip(self)
            self.column.insertWidget(self.column.indexOf(self.hint) + 1, self.media)
        if self.media is not None:
            self.media.show_live(live, self.shelf.gallery if self.shelf else None, alone)

    def _fit(self, live: Live) -> None:
        """The right input for the choices offered now."""
        wanted = input_of(live)
        if type(self.input) is wanted:
            return
        old, self.input = self.input, wanted(live)
        self.input.answered.connect(lambda text: self.answered.emit(self.input.live.ref, text))
        self.input.done.connect(self.done)
        if self.shelf is not None:
            self.input.furnish(self.shelf)
        self.column.replaceWidget(old, self.input)
        old.hide()
        old.deleteLater()

    def flush(self) -> None:
        self.input.flush()

    def enter(self, key: str) -> None:
        self.input.enter()

    def press(self, key: str) -> bool:
        return self.input.press(key)

    def take_enter(self) -> bool:
        return self.input.take_enter()
