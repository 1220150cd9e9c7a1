"""Recording sound: an answer of its own, and the conversation around a questionnaire."""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from migdesk.forms import Run, xlsform
from migdesk.models.store import Store
from migdesk.services import drafts, form_media, form_words, paper_forms, submissions
from migdesk.ui.desk import Desk
from migdesk.ui.formview import Filling, FormView, camera
from migdesk.ui.formview.recorder import Heard, QtEars, Recorder
from migdesk.ui.formview.recording import RecordInput
from migdesk.ui.formview.wave import BLOCK, EACH, HEAD, Mono, NotOurs, Wave
from tests.ui.conftest import ScriptedAsker
from tests.ui.media_tools import at, keyboard, opened, said

BOOK = """
| survey |
| | type | name | label | parameters |
| | text | name | Name | |
| | audio | voice | Voice | quality=low |
| | audio | elsewhere | Elsewhere | quality=external |
| | text | last | Last | |
{more}
| settings |
| | form_title | form_id | version |
| | Essai | essai | 1 |
"""
BACKGROUND = "| | background-audio | heard | | quality=voice-only |\n| | audit | audit | | |"
_RISES = [(4, 0), (2, 1), (1, 2)]


@dataclass
class FakeMicrophone:
    rate: int
    heard: Heard
    failed: Callable[[], object]
    open: bool = True

    def say(self, seconds: float, loud: int = 9000) -> None:
        self.heard(tone(int(seconds * self.rate), self.rate, loud))

    def close(self) -> None:
        self.open = False


@dataclass
class FakeEars:
    """A computer with a microphone, or the reason why not."""

    why: str = ""
    made: list[FakeMicrophone] = field(default_factory=list)

    def why_not(self) -> str:
        return self.why

    def listen(
        self, rate: int, heard: Heard, failed: Callable[[], object], owner: QObject
    ) -> FakeMicrophone:
        self.made.append(FakeMicrophone(rate, heard, failed))
        return self.made[-1]

    @property
    def now(self) -> FakeMicrophone:
        assert [each.open for each in self.made] == [False] * (len(self.made) - 1) + [True]
        return self.made[-1]

    @property
    def deaf(self) -> bool:
        return not any(each.open for each in self.made)


def tone(samples: int, rate: int, loud: int = 9000) -> array[int]:
    return array("h", [int(loud * math.sin(n * 880 * math.pi / rate)) for n in range(samples)])


def played(file: bytes) -> tuple[int, array[int]]:
    """(rate, samples) of a WAV file in IMA ADPCM, read as its description says."""
    assert file[:4] == b"RIFF" and file[8:16] == b"WAVEfmt "
    (whole,) = struct.unpack_from("<I", file, 4)
    size, kind, channels, rate, _pace, block, bits, _more, each = struct.unpack_from(
        "<IHHIIHHHH", file, 16
    )
    assert whole == len(file) - 8 and (size, kind, channels, bits) == (20, 0x11, 1, 4)
    (samples,) = struct.unpack_from("<I", file, 48)
    assert file[40:44] == b"fact" and file[52:56] == b"data"
    (data,) = struct.unpack_from("<I", file, 56)
    assert data == len(file) - HEAD and data % block == 0
    heard = array("h")
    for start in range(HEAD, len(file), block):
        heard += _unpacked(file[start : start + block])
    assert len(heard) == data // block * each
    return rate, heard[:samples]


def _unpacked(block: bytes) -> array[int]:
    from migdesk.ui.formview.wave import _STEPS

    now, place, _zero = struct.unpack_from("<hBB", block)
    made = array("h", [now])
    for both in block[4:]:
        for code in (both & 15, both >> 4):
            step = _STEPS[place]
            rise = step >> 3
            for bit, shift in _RISES:
                rise += step >> shift if code & bit else 0
            now = max(-32768, min(32767, now - rise if code & 8 else now + rise))
            place = max(0, min(88, place + (-1, -1, -1, -1, 2, 4, 6, 8)[code & 7]))
            made.append(now)
    return made


# the file


def test_what_is_heard_is_what_was_said() -> None:
    wave, given = Wave(16_000), tone(16_000, 16_000)
    for start in range(0, len(given), 700):
        wave.hear(given[start : start + 700])
    rate, heard = played(wave.file())
    assert (rate, len(heard)) == (16_000, 16_000) and wave.seconds == 1.0
    assert wave.size == len(wave.file()) == HEAD + -(-16_000 // EACH) * BLOCK
    noise = sum((a - b) ** 2 for a, b in zip(given, heard, strict=True)) / len(given)
    assert noise < (9000**2 / 2) / 1000  # thirty decibels under the tone


def test_loud_and_sudden_sound_stays_within_its_bounds() -> None:
    wave = Wave(8_000)
    wave.hear(array("h", [32767, -32768] * 2000))
    _rate, heard = played(wave.file())
    assert max(heard) == 32767 and min(heard) == -32768


def test_a_recording_goes_on_only_from_one_of_ours() -> None:
    first = Wave(8_000)
    first.hear(tone(5_000, 8_000))
    wave = Wave(8_000, first.file())
    wave.hear(tone(3_000, 8_000))
    rate, heard = played(wave.file())
    assert rate == 8_000 and len(heard) == 5 * EACH + 3_000
    for other in (b"RIFF", first.file().replace(b"fmt ", b"fmT "), Wave(16_000).file()):
        with pytest.raises(NotOurs):
            Wave(8_000, other)


@pytest.mark.parametrize("kind", ["B", "h", "i", "f"])
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_any_microphone_is_made_plain(kind: str, rate: int) -> None:
    """Two channels, another rate, cut anywhere: the same tone comes out."""
    given = tone(rate, rate)
    said: dict[str, Callable[[int], float]] = {
        "B": lambda n: (n >> 8) + 128,
        "h": int,
        "i": lambda n: n << 16,
        "f": lambda n: n / 32767,
    }
    one = [said[kind](each) for each in given]
    both = [each for each in one for _side in range(2)]
    data = array(kind, both if kind == "f" else map(int, both)).tobytes()
    plain, heard = Mono(kind, 2, rate, 16_000), array("h")
    for start in range(0, len(data), 1001):
        heard += plain(data[start : start + 1001])
    assert abs(len(heard) - 16_000) <= 2
    crossings = sum(a < 0 <= b for a, b in pairwise(heard))
    assert abs(crossings - 440) <= 1
    assert 8_000 < max(heard) <= 9_100


# a question of sound


def form(more: str = "") -> str:
    return xlsform.convert(BOOK.format(more=more), ".md").xml


@pytest.fixture
def ears() -> FakeEars:
    return FakeEars()


@pytest.fixture
def view(desk: Desk, store: Store, ears: FakeEars, theme: object, qtbot: QtBot) -> FormView:
    made = opened(desk, store, form(), qtbot, 720)
    made.shelf.ears = ears
    return made


@pytest.fixture
def press(qtbot: QtBot) -> Callable[..., None]:
    return keyboard(qtbot)


def content(view: FormView, store: Store, name: str) -> bytes:
    return store.read(form_media.read, view.filling.files[said(view, name)])


def test_record_pause_go_on_and_keep_by_keyboard(
    view: FormView, store: Store, ears: FakeEars, press: Callable[..., None]
) -> None:
    where = at(view, "voice")
    assert isinstance(where, RecordInput)
    assert "Space" in where.tile.sub and where.meter.isHidden()
    press(" ")
    ears.now.say(1.0)
    assert ears.now.rate == 16_000  # quality=low
    assert where.meter.time.text() == "0:01 of 43:41" and where.meter.level.value() > 40
    assert said(view, "voice") == ""
    press(" ")
    assert ears.deaf and where.record_button.text() == "Go on recording"
    first = said(view, "voice")
    assert first.startswith("recording-") and first.endswith(".wav")
    (draft,) = store.read(drafts.list_mine)  # sealed in the database at the pause
    assert draft.body["files"] == view.filling.files
    press(" ")
    ears.now.say(0.5)
    press(Qt.Key.Key_Return)  # going on keeps it
    assert ears.deaf and view.filling.key.endswith("/elsewhere")
    rate, heard = played(content(view, store, "voice"))
    assert (rate, len(heard)) == (16_000, 24_000)
    assert said(view, "voice") == first and len(view.filling.files) == 1


def test_the_buttons_say_what_can_be_done(
    view: FormView, ears: FakeEars, asker: ScriptedAsker, press: Callable[..., None]
) -> None:
    where = at(view, "voice")

    def offered() -> list[str]:
        return [button.text() for button in where.offered()]

    assert offered() == ["Choose…", "Record sound"]
    press("2")
    assert offered() == ["Pause", "Stop and keep"]
    ears.now.say(0.2)
    press("2")
    assert offered() == ["Choose…", "Play", "Record again", "Save a copy…", "Remove"]
    first = said(view, "voice")
    press("3")  # not agreed
    assert asker.asked == ["Record again?"] and ears.deaf
    asker.confirms = [True]
    press("3")
    ears.now.say(0.2)
    press("2")
    assert len(view.filling.files) == 1 and said(view, "voice").startswith("recording-")
    assert first.endswith(".wav")
    elsewhere = at(view, "elsewhere")
    assert [button.text() for button in elsewhere.offered()] == ["Choose…"]
    elsewhere.press(" ")
    assert elsewhere.recorder is None and ears.deaf


def test_leaving_keeps_what_was_said(view: FormView, store: Store, ears: FakeEars) -> None:
    where = at(view, "voice")
    where.record()
    ears.now.say(0.3)
    view.leave()
    assert ears.deaf and len(played(content(view, store, "voice"))[1]) == 4_800


def test_it_is_sealed_each_minute(view: FormView, store: Store, ears: FakeEars) -> None:
    where = at(view, "voice")
    where.record()
    ears.now.say(59)
    assert said(view, "voice") == ""
    ears.now.say(2)
    assert len(played(content(view, store, "voice"))[1]) == 61 * 16_000
    assert not ears.deaf


def test_why_it_cannot_record_is_said(
    view: FormView, ears: FakeEars, press: Callable[..., None]
) -> None:
    where = at(view, "voice")
    ears.why = "No microphone."
    press(" ")
    assert where.said.text() == "No microphone." and where.recorder is None
    ears.why = ""
    press(" ")
    ears.now.say(0.2)
    ears.now.failed()  # pulled out
    assert "What it heard so far is kept" in where.said.text()
    assert said(view, "voice").startswith("recording-")


def test_a_recording_ends_where_a_file_is_full(ears: FakeEars, qtbot: QtBot) -> None:
    owner = QObject()
    recorder = Recorder(ears, "voice-only", owner, most=60_000)
    words: list[str] = []
    files: list[bytes] = []
    recorder.failed.connect(words.append)
    recorder.said.connect(files.append)
    recorder.begin()
    for _second in range(20):
        if not ears.deaf:
            ears.now.say(1.0)
    assert ears.deaf and "full" in words[0]
    assert len(files) == 1 and len(files[0]) <= 60_000


# the conversation


@pytest.fixture
def talk(desk: Desk, store: Store, ears: FakeEars, theme: object, qtbot: QtBot) -> FormView:
    made = opened(desk, store, form(BACKGROUND), qtbot, 720)
    made.shelf.ears = ears
    return made


def events(view: FormView) -> list[str]:
    log = view.filling.run.audit
    assert log is not None
    return [each.event for each in log.events if each.event.startswith("background")]


def test_nothing_is_recorded_before_the_person_agreed(
    talk: FormView, store: Store, ears: FakeEars, press: Callable[..., None]
) -> None:
    bar = talk.sheet.sound
    at(talk, "name")
    assert bar.isVisible() and "Ask the person" in bar.words.text() and ears.made == []
    press("A", "w", "a")
    press(Qt.Key.Key_F7)
    ears.now.say(1.0)
    assert ears.now.rate == 8_000 and "being recorded" in bar.words.text()
    press(Qt.Key.Key_Return)  # it listens while one goes on
    ears.now.say(1.0)
    press(Qt.Key.Key_F7)
    assert ears.deaf and bar.state == "paused"
    press(Qt.Key.Key_F7)
    ears.now.say(1.0)
    assert events(talk) == [
        "background audio enabled", "background audio disabled", "background audio enabled"
    ]  # fmt: skip
    done: list[str] = []
    talk.finished.connect(done.append)
    talk.finish()
    files = store.read(form_media.contents, done[0])
    assert ears.deaf and sorted(files)[0] == "audit.csv"
    (name,) = (name for name in files if name.startswith("recording-"))
    assert played(files[name])[1].buffer_info()[1] == 24_000
    assert f"<heard>{name}</heard>" in store.read(submissions.filled, done[0]).xml


def test_a_person_who_refuses_is_not_asked_again(
    talk: FormView, store: Store, ears: FakeEars, desk: Desk, qtbot: QtBot,
    press: Callable[..., None],
) -> None:  # fmt: skip
    at(talk, "name")
    press(Qt.Key.Key_F7, held=Qt.KeyboardModifier.ShiftModifier)
    press("A")
    talk.leave()
    assert ears.made == [] and events(talk) == ["background audio disabled"]
    (draft,) = store.read(drafts.list_mine)
    again = FormView(desk, Filling.resume(talk.filling.run.form, draft.id, draft.body))
    qtbot.addWidget(again)
    assert again.sheet.sound.state == "refused"


def test_taking_the_word_back_deletes_the_recording(
    talk: FormView, store: Store, ears: FakeEars, asker: ScriptedAsker,
    press: Callable[..., None],
) -> None:  # fmt: skip
    at(talk, "name")
    press("A", Qt.Key.Key_F7)
    ears.now.say(61.0)
    (digest,) = talk.filling.files.values()
    asker.confirms = [False, True]
    press(Qt.Key.Key_F7, held=Qt.KeyboardModifier.ShiftModifier)
    assert not ears.deaf
    press(Qt.Key.Key_F7, held=Qt.KeyboardModifier.ShiftModifier)
    assert ears.deaf and talk.filling.files == {} and said_of(talk) == ""
    with pytest.raises(form_media.attachments.NotArrived):
        store.read(form_media.read, digest)


def said_of(view: FormView) -> str:
    return view.filling.run.node("/data/heard").text


def test_opened_again_it_goes_on_only_when_agreed_again(
    talk: FormView, store: Store, ears: FakeEars, desk: Desk, qtbot: QtBot
) -> None:
    talk.sheet.sound.agree()
    ears.now.say(1.0)
    talk.leave()
    name = said_of(talk)
    (draft,) = store.read(drafts.list_mine)
    form = store.read(form_words.open_form, draft.body["questionnaire"])
    again = FormView(desk, Filling.resume(form, draft.id, draft.body))
    again.shelf.ears = ears
    qtbot.addWidget(again)
    bar = again.sheet.sound
    assert ears.deaf and "agrees again" in bar.words.text()
    bar.agree()
    ears.now.say(1.0)
    bar.end()
    assert said_of(again) == name
    file = store.read(form_media.read, again.filling.files[name])
    assert len(played(file)[1]) == -(-8_000 // EACH) * EACH + 8_000


def test_no_form_records_unless_it_asks(view: FormView, ears: FakeEars) -> None:
    assert view.sheet.sound.isHidden()
    view.sheet.sound.agree()
    assert ears.made == []


def test_the_paper_says_that_the_form_records(store: Store) -> None:
    id = store.write(submissions.add_questionnaire, "Essai", "essai", "1", form(BACKGROUND))
    sheet = store.read(paper_forms.questionnaire_sheet, id)
    assert ("The conversation may be recorded", "") in sheet.facts
    run = Run(store.read(form_words.open_form, id))
    assert dict(run.sound) == {"/data/heard": "voice-only"}


# the part of Qt that few computers have


def test_without_the_part_for_sound_the_reason_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(camera, "multimedia", lambda: None)
    assert "no part for sound" in QtEars().why_not()
    none: Any = SimpleNamespace(QMediaDevices=SimpleNamespace(audioInputs=list))
    monkeypatch.setattr(camera, "multimedia", lambda: none)
    assert "No microphone" in QtEars().why_not()
