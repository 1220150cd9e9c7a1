"""The files of one filling: kept, read and given back, off the screen's thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from migdesk.errors import Fault, Obstacle
from migdesk.forms import Live
from migdesk.i18n import N_, _
from migdesk.services import attachments, drafts, form_media
from migdesk.ui.desk import Desk
from migdesk.ui.pixels import Cleaned

from .filling import Filling
from .gallery import Gallery
from .recorder import Ears, QtEars


class CannotRead(Obstacle):
    """The file that was chosen cannot be read."""

    code = "FIL-001"
    text = N_("“{name}” cannot be read. Check that it is still there and try again.")


class CannotWrite(Obstacle):
    """The place where the copy should go refuses it."""

    code = "FIL-002"
    text = N_("“{name}” cannot be written there. Choose another place.")


class Shelf(QObject):
    """What the inputs of a questionnaire reach for files. `answered(ref, name)` when a
    file was kept or dropped: the name is the answer. `noted(ref, words)`: what to say of
    it beside the question. `idle`: no picture is being made ready any more.

    The answer is there at once; the bytes are written in the order of all writings, so
    before the draft or the submission that names them. It lives as long as it has work,
    be the `view` gone: a picture that takes a moment is not lost. `gallery`: the files of
    the questionnaire itself. `ears`: what the computer can record with.
    """

    answered = Signal(str, str)
    noted = Signal(str, str)
    idle = Signal()

    def __init__(self, desk: Desk, filling: Filling, view: QObject | None = None) -> None:
        super().__init__()
        self.gallery = Gallery(desk, filling.questionnaire, view)
        self.desk = desk
        self.filling = filling
        self.ears: Ears = QtEars()
        self.busy = 0

    def holds(self, name: str) -> bool:
        """Whether the answer is a file that we have, not only a name."""
        return name in self.filling.files

    def keep(self, live: Live, name: str, data: bytes) -> None:
        """Keep a file as the answer, in the place of the one before."""
        files = self.filling.files
        instead = live.text if self._alone(live) else ""
        files.pop(instead, None)
        kept = form_media.free(name, files)
        files[kept] = form_media.digest(data)
        self.desk.runner.write(
            form_media.keep,
            self.filling.draft_id,
            kept,
            data,
            instead,
            owner=self,
            failed=partial(self._lost, live, kept),
        )
        if kept in files:
            self._answer(live, kept)

    def _answer(self, live: Live, name: str) -> None:
        self.answered.emit(live.ref, name)
        if live.text != name:
            # Nobody walks this filling any more: its draft is ours to keep.
            filling = self.filling
            filling.run.set(live.ref, name)
            self.desk.runner.write(
                drafts.put, filling.draft_id, "submission", filling.title, filling.body()
            )

    def _lost(self, live: Live, name: str, fault: Fault) -> None:
        """The bytes could not be written: there is no such answer."""
        self.filling.files.pop(name, None)
        if live.text and live.text not in self.filling.files:
            self._answer(live, "")
        self.desk.asker.fault(fault)

    def drop(self, live: Live) -> None:
        """Give up the answer and its file."""
        name = live.text
        if self._alone(live):
            self.filling.files.pop(name, None)
            self.desk.runner.write(form_media.drop, self.filling.draft_id, name)
        self.answered.emit(live.ref, "")

    def _alone(self, live: Live) -> bool:
        """Whether this answer names its file alone; imported answers may share one."""
        named = [each for each in self.filling.run.walk() if each.text == live.text]
        return bool(live.text) and all(each.ref == live.ref for each in named)

    def read(self, name: str, then: Callable[[bytes], object], owner: QObject) -> None:
        """Bytes of a file of this filling."""
        digest = self.filling.files.get(name, "")
        self.desk.runner.read(form_media.read, digest, then=then, owner=owner)

    def make(self, live: Live, work: Callable[[], Cleaned]) -> None:
        """Keep a picture that `work` reads and writes anew, beside the screen's thread. It
        is kept even if the person has gone on to the next question by then."""
        failed = partial(self._failed, live.ref)
        self.busy += 1
        self.desk.runner.run(work, partial(self._made, live), self, failed)

    def _made(self, live: Live, found: Cleaned) -> None:
        self.keep(live, found.name, found.data)
        words = _("The picture was made smaller to be kept.") if found.reduced else ""
        self.noted.emit(live.ref, words)
        self._rest()

    def _failed(self, ref: str, fault: Fault) -> None:
        self.noted.emit(ref, fault.words)
        self._rest()

    def _rest(self) -> None:
        self.busy -= 1
        if not self.busy:
            self.idle.emit()

    def wait(self, then: Callable[[], object]) -> bool:
        """Whether a picture is still being made ready; `then` is called when it is not."""
        if self.busy:
            self.idle.connect(then, Qt.ConnectionType.SingleShotConnection)
        return bool(self.busy)

    def choose(self, title: str, filters: str, limit: int = attachments.LIMIT) -> Path | None:
        """A file that a person chooses, if it is not too large."""
        path = self.desk.asker.open_file(title, filters)
        return path if path is not None and self.fits(path, limit) else None

    def fits(self, path: Path, limit: int = attachments.LIMIT) -> bool:
        """Whether a file is there and not too large; says it if not."""
        try:
            size = path.stat().st_size
        except OSError:
            self.desk.asker.fault(CannotRead(name=path.name))
            return False
        if size > limit:
            most = limit // 1_048_576
            self.desk.asker.fault(attachments.TooLarge(size=size // 1_048_576, limit=most))
            return False
        return True

    def open(self, path: Path) -> bytes | None:
        """The bytes of a file; None where it cannot be read, which is said."""
        try:
            return path.read_bytes()
        except OSError:
            self.desk.asker.fault(CannotRead(name=path.name))
            return None

    def save_copy(self, name: str, data: bytes) -> None:
        """Let a person keep a copy outside the program; the only way a file leaves it."""
        path = self.desk.asker.save_file(_("Save a copy"), name, _("All files (*)"))
        if path is None:
            return
        try:
            path.write_bytes(data)
        except OSError:
            self.desk.asker.fault(CannotWrite(name=path.name))
