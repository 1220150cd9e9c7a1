"""A consent that is signed on the screen, by hand and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from migdesk.models import RECORDS
from migdesk.models.store import Store
from migdesk.services import attachments, records
from migdesk.ui.desk import Desk
from migdesk.ui.recordview.edit_files import FileEditor
from migdesk.ui.recordview.editors import editor_for
from migdesk.ui.recordview.signing import SigningDialog
from migdesk.ui.theme import Theme


def begun(desk: Desk, qtbot: QtBot, kind: str = "consent") -> tuple[FileEditor, SigningDialog]:
    editor = editor_for(desk, RECORDS[kind]["scan"])
    assert isinstance(editor, FileEditor)
    qtbot.addWidget(editor)
    editor.show()
    qtbot.mouseClick(editor.sign_button, Qt.MouseButton.LeftButton)
    dialog = editor.findChild(SigningDialog)
    assert dialog is not None and not dialog.keep_button.isEnabled()
    return editor, dialog


def test_a_consent_signed_by_hand_is_kept_with_it(
    desk: Desk, store: Store, theme: Theme, make: Callable[..., str], qtbot: QtBot
) -> None:
    editor, dialog = begun(desk, qtbot)
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(dialog.canvas, left, pos=QPoint(60, 60))
    qtbot.mouseMove(dialog.canvas, QPoint(160, 90))
    qtbot.mouseRelease(dialog.canvas, left, pos=QPoint(220, 60))
    with qtbot.waitSignal(editor.changed):
        qtbot.mouseClick(dialog.keep_button, left)
    person = make("person", given_name="Awa")
    signed = {"purpose": "follow_up", "means": "signature_screen", "scan": editor.value()}
    id = store.write(records.save, "consent", None, {"person": person, **signed})
    held = store.read(records.get, "consent", id).values["scan"]
    name, media, data = store.read(attachments.read, held)
    drawn = QImage.fromData(data)
    assert (name.endswith(".png"), media) == (True, "image/png")
    spots = ((x, y) for x in range(0, 1200, 3) for y in range(0, 400, 3))
    assert drawn.width() == 1200
    assert any(drawn.pixelColor(x, y).black() > 200 for x, y in spots)


def test_by_keyboard_and_given_up(
    desk: Desk, store: Store, theme: Theme, qtbot: QtBot
) -> None:
    editor, dialog = begun(desk, qtbot, "authorisation")
    canvas = dialog.canvas
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space):
        qtbot.keyClick(canvas, key)
    assert canvas.strokes and dialog.keep_button.isEnabled()
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not canvas.strokes and not dialog.keep_button.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert editor.value() is None


def test_only_what_is_signed_offers_it(desk: Desk, theme: Theme, qtbot: QtBot) -> None:
    for kind, name in (("person", "photo"), ("office", "logo")):
        editor = editor_for(desk, RECORDS[kind][name])
        assert isinstance(editor, FileEditor)
        qtbot.addWidget(editor)
        assert editor.sign_button.isHidden()
