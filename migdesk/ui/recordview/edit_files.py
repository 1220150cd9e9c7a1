"""Editor of a picture or a file that belongs to a record."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from migdesk.errors import Obstacle
from migdesk.i18n import N_, _
from migdesk.models import Field
from migdesk.models.kinds import Picture
from migdesk.services import attachments
from migdesk.ui.desk import Desk

from .editor import Editor
from .parts import button, label

IMAGES = "*.png *.jpg *.jpeg *.webp *.gif *.bmp"
SIDE = 96


class CannotRead(Obstacle):
    """The file that was chosen cannot be read."""

    code = "UIR-001"
    text = N_("“{name}” cannot be read. Check that it is still there and try again.")


class CannotKeep(Obstacle):
    """The place where the file should go refuses it."""

    code = "UIR-002"
    text = N_("“{name}” cannot be written there. Choose another place.")


def filters(picture: bool) -> str:
    """What the file dialog offers."""
    pictures = _("Pictures ({patterns})").format(patterns=IMAGES)
    return pictures if picture else ";;".join((_("All files (*)"), pictures))


def choose_file(desk: Desk, picture: bool) -> tuple[str, bytes] | None:
    """Name and bytes of a file that a person chooses; faults go to the asker."""
    path = desk.asker.open_file(_("Choose a file"), filters(picture))
    if path is None:
        return None
    try:
        size = path.stat().st_size
        if size > attachments.LIMIT:
            limit = attachments.LIMIT // 1_048_576
            desk.asker.fault(attachments.TooLarge(size=size // 1_048_576, limit=limit))
            return None
        return path.name, path.read_bytes()
    except OSError:
        desk.asker.fault(CannotRead(name=path.name))
        return None


def save_copy(desk: Desk, found: tuple[str, str, bytes]) -> None:
    """Let a person keep a copy of a file outside the program."""
    name, _media, data = found
    path = desk.asker.save_file(_("Save a copy"), name, _("All files (*)"))
    if path is None:
        return
    try:
        path.write_bytes(data)
    except OSError:
        desk.asker.fault(CannotKeep(name=path.name))


class FileEditor(Editor):
    """Shows the picture or the name of the file; choosing keeps the bytes at once."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        self._picture = isinstance(field.kind, Picture)
        self._stored: str | None = None
        self.image = QLabel()
        self.image.setFixedSize(SIDE, SIDE)
        self.image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.image.setProperty("role", "picture")
        self.name = label("", "muted")
        self.choose_button = button(_("Choose…"), self.choose)
        self.sign_button = button(_("Sign on screen…"), self.sign)
        self._signed = bool(getattr(field.kind, "signed", False))
        self.copy_button = button(_("Save a copy…"), self._copy)
        self.remove_button = button(_("Remove"), self._remove)
        self.row.addWidget(self.image)
        side = QVBoxLayout()
        side.setSpacing(4)
        for widget in (
            self.name,
            self.choose_button,
            self.sign_button,
            self.copy_button,
            self.remove_button,
        ):
            side.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeading)
        side.addStretch(1)
        self.row.addLayout(side, 1)
        self.add_input(self.choose_button)
        self.sign_button.setHidden(not self._signed)
        for one in (self.choose_button, self.sign_button):
            one.setAccessibleName(f"{field.label} {one.text()}")
        if not self._picture:
            self.image.hide()
        self._show()

    def value(self) -> Any:
        return self._stored

    def set_value(self, stored: Any, shown: str = "") -> None:
        self._stored = stored
        self._show()
        if stored:
            self.desk.runner.read(
                attachments.read, stored, then=self._on_read, owner=self, failed=self._on_failed
            )

    def choose(self) -> None:
        """Ask for a file and keep it."""
        found = choose_file(self.desk, self._picture)
        if found is not None:
            self._keep(*found)

    def sign(self) -> None:
        """Let the person sign here; what was there is replaced once it is kept."""
        from .signing import SigningDialog

        dialog = SigningDialog(self)
        dialog.signed.connect(self._keep)
        dialog.open()

    def _keep(self, name: str, data: bytes) -> None:
        self.desk.runner.write(attachments.add, name, data, then=self._on_added, owner=self)

    def _on_added(self, id: str) -> None:
        self.set_value(id)
        self.changed.emit()

    def _on_read(self, found: tuple[str, str, bytes]) -> None:
        name, _media, data = found
        self.name.setText(name)
        image = QPixmap()
        if self._picture and image.loadFromData(data):
            self.image.setPixmap(
                image.scaled(
                    SIDE,
                    SIDE,
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )

    def _on_failed(self, fault: Any) -> None:
        self.name.setText(fault.words)

    def _copy(self) -> None:
        if self._stored:
            self.desk.runner.read(
                attachments.read,
                self._stored,
                then=lambda found: save_copy(self.desk, found),
                owner=self,
            )

    def _remove(self) -> None:
        self.set_value(None)
        self.changed.emit()

    def _show(self) -> None:
        self.image.clear()
        self.name.clear()
        self.name.setVisible(bool(self._stored))
        self.copy_button.setVisible(bool(self._stored) and not self._picture)
        self.remove_button.setVisible(bool(self._stored))

    def set_readonly(self, readonly: bool) -> None:
        self.choose_button.setHidden(readonly)
        self.sign_button.setHidden(readonly or not self._signed)
        self.remove_button.setHidden(readonly or not self._stored)
