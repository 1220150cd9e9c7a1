"""Pictures, drawings, sound and files as answers, as an interviewer gives them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import shiboken6
from PySide6.QtCore import QBuffer, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from migdesk.forms import Run, xlsform
from migdesk.models.store import DiskFull, Store
from migdesk.services import attachments, drafts, form_media, form_words, submissions
from migdesk.ui.desk import Desk
from migdesk.ui.formview import Filling, FormView, ReadView, camera
from migdesk.ui.formview.drawing import AnnotateInput, SignatureInput
from migdesk.ui.formview.filepick import FileInput
from migdesk.ui.formview.picture import PictureInput
from migdesk.ui.formview.shelf import CannotRead, CannotWrite
from migdesk.ui.formview.sound import SoundInput, VideoInput
from migdesk.ui.pixels import NoPicture, cleaned
from migdesk.ui.runner import DirectRunner
from tests.ui.conftest import ScriptedAsker
from tests.ui.media_tools import at, keyboard, opened, said

BOOK = """
| survey |
| | type | name | label | appearance | parameters | required |
| | image | photo | Photo | | max-pixels=400 | |
| | image | sign | Signature | signature | | |
| | image | plan | Plan | draw | | |
| | image | damage | Damage | annotate | | |
| | audio | voice | Voice | | | |
| | video | film | Film | | | |
| | file | paper | Paper | | | |
| settings |
| | form_title | form_id | version |
| | Essai | essai | 1 |
"""
SECRET = b"taken at 12.7081 -15.5560 by Awa"


@pytest.fixture(scope="module")
def xml() -> str:
    return xlsform.convert(BOOK, ".md").xml


@pytest.fixture
def view(desk: Desk, store: Store, xml: str, theme: object, qtbot: QtBot) -> FormView:
    return opened(desk, store, xml, qtbot, 720)


@pytest.fixture
def press(qtbot: QtBot) -> Callable[..., None]:
    return keyboard(qtbot)


def content(view: FormView, store: Store, name: str) -> bytes:
    return store.read(form_media.read, view.filling.files[said(view, name)])


def photograph(width: int = 800, height: int = 600) -> bytes:
    """A JPEG, blue at the top, that says where it was taken and that it lies on its side."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#a05030"))
    for y in range(height // 4):
        for x in range(0, width):
            image.setPixelColor(x, y, QColor("#2050d0"))
    held = QBuffer()
    held.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(held, "JPEG", 90)  # type: ignore[call-overload]
    plain = bytes(held.data().data())
    tags = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
    tags += struct.pack("<HHII", 0x010E, 2, len(SECRET), 38)
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 2) + tags + bytes(4) + SECRET
    exif = b"Exif\0\0" + tiff
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_0001.JPG"
    path.write_bytes(photograph())
    return path


def test_a_picture_is_chosen_by_key_and_loses_where_it_was_taken(
    view: FormView,
    store: Store,
    asker: ScriptedAsker,
    photo: Path,
    press: Callable[..., None],
) -> None:
    where = at(view, "photo")
    assert isinstance(where, PictureInput)
    asker.paths = [photo]
    press("1")
    assert said(view, "photo") == "IMG_0001.jpg"
    kept = content(view, store, "photo")
    assert SECRET in photo.read_bytes() and SECRET not in kept and b"Exif" not in kept
    image = QImage.fromData(kept)
    assert (image.width(), image.height()) == (300, 400)  # upright, 400 pixels at most
    assert image.pixelColor(290, 200).blue() > 150  # the sky is where it was seen
    assert where.tile.picture.size() == image.size()
    assert "smaller" in where.said.text()
    (draft,) = store.read(drafts.list_mine)
    assert draft.body["files"] == view.filling.files
    press(Qt.Key.Key_Return)
    assert view.filling.key.endswith("/sign")


def test_metadata_of_other_kinds_goes_too() -> None:
    image = QImage(20, 20, QImage.Format.Format_ARGB32)
    image.fill(QColor("red"))
    image.setText("Comment", SECRET.decode())
    held = QBuffer()
    held.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(held, "PNG")  # type: ignore[call-overload]
    before = bytes(held.data().data())
    after = cleaned("a.png", before)
    assert SECRET in before and SECRET not in after.data
    assert (after.name, after.reduced) == ("a.png", False)
    assert QImage.fromData(after.data).pixelColor(3, 3) == QColor("red")


def test_no_picture_is_not_taken(
    view: FormView, asker: ScriptedAsker, tmp_path: Path, press: Callable[..., None]
) -> None:
    where = at(view, "photo")
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    asker.paths = [path, tmp_path / "gone.jpg"]
    press("1")
    assert said(view, "photo") == "" and view.filling.files == {}
    assert "photo.jpg" in where.said.text() and asker.faults == []
    press("1")
    assert [type(fault) for fault in asker.faults] == [CannotRead]
    with pytest.raises(NoPicture):
        cleaned("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40))


def test_paste_and_drop(
    view: FormView, store: Store, photo: Path, press: Callable[..., None]
) -> None:
    where = at(view, "photo")
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    QGuiApplication.clipboard().setImage(image)
    press(Qt.Key.Key_V, held=Qt.KeyboardModifier.ControlModifier)
    first = said(view, "photo")
    assert first.startswith("picture-") and first.endswith(".png")
    assert QImage.fromData(content(view, store, "photo")).size() == image.size()
    QGuiApplication.clipboard().setText("words")
    press("2")
    assert "no picture" in where.said.text() and said(view, "photo") == first
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(photo))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    where.dropEvent(QDropEvent(QPointF(9, 9), copy, mime, left, Qt.KeyboardModifier.NoModifier))
    assert said(view, "photo") == "IMG_0001.jpg"
    assert list(view.filling.files) == ["IMG_0001.jpg"]  # the first one is gone


def test_a_copy_is_saved_only_where_a_person_says_and_delete_removes(
    view: FormView,
    store: Store,
    asker: ScriptedAsker,
    tmp_path: Path,
    press: Callable[..., None],
) -> None:
    where = at(view, "paper")
    assert type(where) is FileInput
    path = tmp_path / "acte de naissance.pdf"
    path.write_bytes(b"%PDF-1.7 x")
    asker.paths = [path, tmp_path / "copy.pdf", tmp_path / "nowhere" / "copy.pdf"]
    press("1")
    assert (where.tile.title, where.tile.sub) == (path.name, "0.1 kB")
    press("2", "2")
    assert (tmp_path / "copy.pdf").read_bytes() == b"%PDF-1.7 x"
    assert [type(fault) for fault in asker.faults] == [CannotWrite]
    press(Qt.Key.Key_Delete)
    assert said(view, "paper") == "" and view.filling.files == {}
    assert [b.text() for b in where.offered()] == ["Choose…"]


def test_too_large_a_file(
    view: FormView, asker: ScriptedAsker, tmp_path: Path, press: Callable[..., None]
) -> None:
    at(view, "film")
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.truncate(attachments.LIMIT + 1)
    asker.paths = [path]
    press("1")
    assert [type(fault) for fault in asker.faults] == [attachments.TooLarge]
    assert said(view, "film") == ""


def draw(qtbot: QtBot, canvas: QWidget, *points: tuple[int, int]) -> None:
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(canvas, left, pos=QPoint(*points[0]))
    for point in points[1:]:
        qtbot.mouseMove(canvas, QPoint(*point))
    qtbot.mouseRelease(canvas, left, pos=QPoint(*points[-1]))


def dark(data: bytes) -> int:
    """Pixels with ink."""
    image = QImage.fromData(data)
    return sum(
        image.pixelColor(x, y).lightness() < 128
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    )


def test_a_signature_by_hand_undone_and_signed_again(
    view: FormView, store: Store, qtbot: QtBot, press: Callable[..., None]
) -> None:
    where = at(view, "sign")
    assert isinstance(where, SignatureInput) and where.canvas.hasFocus()
    draw(qtbot, where.canvas, (30, 30), (90, 60), (150, 30))
    where.flush()
    one = dark(content(view, store, "sign"))
    assert one > 100 and said(view, "sign").startswith("signature-")
    draw(qtbot, where.canvas, (30, 80), (200, 80))
    where.flush()
    assert dark(content(view, store, "sign")) > one
    assert len(view.filling.files) == 1
    press(Qt.Key.Key_Z, held=Qt.KeyboardModifier.ControlModifier)
    where.flush()
    assert dark(content(view, store, "sign")) == one
    press("1")
    where.flush()
    assert said(view, "sign") == "" and view.filling.files == {}


def test_what_is_drawn_is_kept_when_one_goes_on(
    view: FormView, store: Store, qtbot: QtBot, press: Callable[..., None]
) -> None:
    where = at(view, "sign")
    draw(qtbot, where.canvas, (30, 30), (150, 30))
    press(Qt.Key.Key_Return)
    assert view.filling.key.endswith("/plan")
    assert dark(content(view, store, "sign")) > 50
    again = at(view, "sign")
    assert not again.canvas.blank and not again.canvas.strokes
    (draft,) = store.read(drafts.list_mine)
    form = store.read(form_words.open_form, draft.body["questionnaire"])
    assert Filling.resume(form, draft.id, draft.body).files == view.filling.files


def test_drawing_by_keyboard(view: FormView, store: Store, press: Callable[..., None]) -> None:
    where = at(view, "plan")
    assert where.canvas.hasFocus()
    press(" ", *[Qt.Key.Key_Right] * 6, *[Qt.Key.Key_Down] * 4, " ")
    where.flush()
    first = content(view, store, "plan")
    assert dark(first) > 50
    press("3", *[Qt.Key.Key_Left] * 3, " ", *[Qt.Key.Key_Up] * 3, " ")  # another colour
    where.flush()
    assert where.canvas.strokes[-1].colour != where.canvas.strokes[0].colour
    press("2")
    where.flush()
    assert said(view, "plan") == ""


def test_annotating_draws_on_the_picture(
    view: FormView,
    store: Store,
    qtbot: QtBot,
    asker: ScriptedAsker,
    photo: Path,
    press: Callable[..., None],
) -> None:
    where = at(view, "damage")
    assert isinstance(where, AnnotateInput) and where.canvas.isHidden()
    asker.paths = [photo]
    press("1")
    assert not where.canvas.isHidden() and where.tile.isHidden()
    before = content(view, store, "damage")
    draw(qtbot, where.canvas, (20, 20), (90, 90))
    where.flush()
    after = content(view, store, "damage")
    assert before != after and said(view, "damage").endswith(".jpg")
    assert QImage.fromData(after).size() == QImage.fromData(before).size()
    assert SECRET not in after
    where.drop()
    assert said(view, "damage") == "" and where.canvas.isHidden()


def test_the_answers_are_filed_with_the_submission(
    view: FormView,
    store: Store,
    asker: ScriptedAsker,
    photo: Path,
    qtbot: QtBot,
    press: Callable[..., None],
) -> None:
    at(view, "photo")
    asker.paths = [photo]
    press("1")
    draw(qtbot, at(view, "sign").canvas, (30, 30), (150, 30))
    done: list[str] = []
    view.finished.connect(done.append)
    view.finish()
    (id,) = done
    files = store.read(form_media.contents, id)
    assert sorted(name.split("-")[0] for name in files) == ["IMG_0001.jpg", "signature"]
    assert store.read(drafts.list_mine) == ()
    # They are seen again where the submission is read, and nothing there changes them.
    reading = ReadView(view.desk, store.read(submissions.filled, id))
    qtbot.addWidget(reading)
    reading.show()
    shown = reading.findChildren(PictureInput)
    assert [one.tile.picture.isNull() for one in shown] == [False, False]
    assert [button.text() for button in shown[0].offered()] == ["Save a copy…"]
    shown[0].drop()
    assert not shown[0].paste() and said(view, "photo") == "IMG_0001.jpg"


# a slow computer: what is asked is done only later


class SlowRunner(DirectRunner):
    """Does what it was asked when the test says so, in order."""

    def __init__(self, store: Store, asker: ScriptedAsker) -> None:
        super().__init__(store, asker)
        self.waiting: list[Any] = []

    def _submit(self, lane: Any, answer: Any) -> None:
        self.waiting.append(answer)

    def catch_up(self) -> None:
        while self.waiting:
            self._work(self.waiting.pop(0))


@pytest.fixture
def slow(
    desk: Desk, store: Store, asker: ScriptedAsker, xml: str, theme: object, qtbot: QtBot
) -> Iterator[tuple[FormView, SlowRunner]]:
    form = store.write(submissions.add_questionnaire, "Essai", "essai", "1", xml)
    runner = SlowRunner(store, asker)
    filling = Filling(Run(store.read(form_words.open_form, form)), form)
    made = FormView(replace(desk, runner=runner), filling)
    made.resize(1100, 720)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made, runner
    runner.close()


def test_a_picture_that_takes_a_moment_is_not_lost_when_one_leaves(
    slow: tuple[FormView, SlowRunner],
    store: Store,
    asker: ScriptedAsker,
    photo: Path,
    press: Callable[..., None],
) -> None:
    view, runner = slow
    at(view, "photo")
    asker.paths = [photo]
    press("1")
    view.leave()
    filling, ref = view.filling, view.filling.key
    shiboken6.delete(view)
    runner.catch_up()
    assert filling.run.node(ref).text == "IMG_0001.jpg"
    (draft,) = store.read(drafts.list_mine)
    assert draft.body["run"]["answers"]["photo"] == "IMG_0001.jpg"
    digest = draft.body["files"]["IMG_0001.jpg"]
    assert store.read(form_media.read, digest).startswith(b"\xff\xd8")


def test_finishing_waits_for_a_picture(
    slow: tuple[FormView, SlowRunner],
    store: Store,
    asker: ScriptedAsker,
    photo: Path,
    qtbot: QtBot,
    press: Callable[..., None],
) -> None:
    view, runner = slow
    qtbot.addWidget(view)
    at(view, "photo")
    asker.paths = [photo]
    press("1")
    draw(qtbot, at(view, "sign").canvas, (30, 30), (150, 30))
    done: list[str] = []
    view.finished.connect(done.append)
    view.finish()
    assert done == []
    runner.catch_up()
    (id,) = done
    files = store.read(form_media.contents, id)
    assert sorted(name.split("-")[0] for name in files) == ["IMG_0001.jpg", "signature"]
    assert store.read(drafts.list_mine) == ()


def test_a_file_that_cannot_be_written_is_no_answer(
    view: FormView,
    asker: ScriptedAsker,
    tmp_path: Path,
    press: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_args: object) -> None:
        raise DiskFull

    at(view, "paper")
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF")
    asker.paths = [path]
    monkeypatch.setattr(form_media, "keep", full)
    press("1")
    assert said(view, "paper") == "" and view.filling.files == {}
    assert [type(fault) for fault in asker.faults] == [DiskFull]


# sound and camera, with and without the part of Qt that few computers have


class Signalling:
    """A signal that a test fires."""

    def __init__(self) -> None:
        self.heard: list[Callable[..., Any]] = []

    def connect(self, slot: Callable[..., Any]) -> None:
        self.heard.append(slot)

    def emit(self, *args: Any) -> None:
        for slot in self.heard:
            slot(*args)


class FakePlayer:
    PlaybackState = SimpleNamespace(StoppedState="stopped")
    made: ClassVar[list[Any]] = []

    def __init__(self) -> None:
        self.playbackStateChanged = Signalling()
        self.errorOccurred = Signalling()
        self.state = ""
        self.source = b""
        FakePlayer.made.append(self)

    def setAudioOutput(self, _sound: object) -> None: ...

    def setVideoOutput(self, _view: object) -> None: ...

    def setSourceDevice(self, device: QBuffer) -> None:
        self.source = bytes(device.data().data())

    def play(self) -> None:
        self.state = "playing"

    def stop(self) -> None:
        self.state = "stopped"
        self.playbackStateChanged.emit("stopped")


class FakeCapture:
    def __init__(self) -> None:
        self.imageCaptured = Signalling()

    def capture(self) -> None:
        image = QImage(60, 40, QImage.Format.Format_RGB32)
        image.fill(QColor("blue"))
        self.imageCaptured.emit(1, image)


class FakeCamera:
    lit = False

    def __init__(self, _device: object) -> None: ...

    def start(self) -> None:
        FakeCamera.lit = True

    def stop(self) -> None:
        FakeCamera.lit = False


class FakeSession:
    def setCamera(self, _camera: object) -> None: ...

    def setImageCapture(self, _capture: object) -> None: ...

    def setVideoOutput(self, _view: object) -> None: ...


class Devices:
    @staticmethod
    def videoInputs() -> list[str]:
        return ["camera"]

    @staticmethod
    def audioOutputs() -> list[str]:
        return ["loudspeaker"]

    @staticmethod
    def defaultVideoInput() -> str:
        return "camera"


@pytest.fixture
def qt_media(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The part of Qt for sound and cameras, as far as we use it."""
    media = SimpleNamespace(
        QMediaPlayer=FakePlayer,
        QAudioOutput=object,
        QCamera=FakeCamera,
        QImageCapture=FakeCapture,
        QMediaCaptureSession=FakeSession,
        QMediaDevices=Devices,
    )
    FakePlayer.made = []
    monkeypatch.setattr(camera, "multimedia", lambda: media)
    monkeypatch.setattr(camera, "video_widgets", lambda: SimpleNamespace(QVideoWidget=QWidget))
    yield


@pytest.fixture
def no_qt_media(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "multimedia", lambda: None)
    monkeypatch.setattr(camera, "video_widgets", lambda: None)


def record(
    view: FormView, asker: ScriptedAsker, tmp_path: Path, press: Callable[..., None], name: str
) -> Any:
    where = at(view, name)
    path = tmp_path / "said.mp3"
    path.write_bytes(b"sound")
    asker.paths = [path]
    press("1")
    assert said(view, name) == "said.mp3"
    return where


def test_without_sound_the_reason_is_said(
    view: FormView,
    asker: ScriptedAsker,
    tmp_path: Path,
    no_qt_media: None,
    press: Callable[..., None],
) -> None:
    where = record(view, asker, tmp_path, press, "voice")
    assert isinstance(where, SoundInput)
    press("2")
    assert "no part for sound" in where.said.text()
    camera_less = at(view, "photo")
    press("3")
    assert "no part for cameras" in camera_less.said.text()


def test_sound_is_played_from_memory(
    view: FormView,
    asker: ScriptedAsker,
    tmp_path: Path,
    qt_media: None,
    press: Callable[..., None],
) -> None:
    where = record(view, asker, tmp_path, press, "film")
    assert isinstance(where, VideoInput)
    press("2")
    (player,) = FakePlayer.made
    assert (player.state, player.source) == ("playing", b"sound")
    assert where.play_button.text() == "Stop" and where.view is not None
    press("2")
    assert player.state == "stopped" and where.play_button.text() == "Play"
    assert where.view is None
    press("2")
    FakePlayer.made[-1].playbackStateChanged.emit("stopped")  # it came to its end
    assert where.player is None and where.play_button.text() == "Play"
    press("2")
    FakePlayer.made[-1].errorOccurred.emit("format", "no codec")
    assert where.player is None and "cannot be played" in where.said.text()


def test_a_picture_is_taken_and_the_camera_let_go(
    view: FormView, store: Store, qt_media: None, press: Callable[..., None]
) -> None:
    where = at(view, "photo")
    press("3")
    assert FakeCamera.lit and where.camera_button.text() == "Take it now"
    press("3")
    assert not FakeCamera.lit and where.camera is None
    assert said(view, "photo").startswith("photo-")
    assert QImage.fromData(content(view, store, "photo")).width() == 60
