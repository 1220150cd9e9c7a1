"""The asker: every modal question of the program, so that tests script the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

from migdesk.errors import Fault, Refusal
from migdesk.i18n import _
from migdesk.ui.widgets.message_bar import MessageBar


class Asker(Protocol):
    """Questions and messages. Filters are Qt's: ``"CSV (*.csv);;Excel (*.xlsx)"``."""

    def confirm(self, title: str, text: str, yes: str) -> bool: ...
    def text(
        self, title: str, label: str, value: str = "", secret: bool = False
    ) -> str | None: ...
    def choose(
        self, title: str, text: str, ways: Sequence[tuple[str, str]]
    ) -> str | None: ...
    def open_file(self, title: str, filters: str) -> Path | None: ...
    def open_files(self, title: str, filters: str) -> list[Path]: ...
    def save_file(self, title: str, name: str, filters: str) -> Path | None: ...
    def folder(self, title: str) -> Path | None: ...
    def tell(
        self, text: str, action: str = "", then: Callable[[], object] | None = None
    ) -> None: ...
    def fault(self, fault: Fault, retry: Callable[[], None] | None = None) -> None: ...
    def bug(self, code: str) -> None: ...


class WindowAsker:
    """Asks over a window and tells through its message bar. `log` is the file that a
    report of a bug names."""

    def __init__(self, window: QWidget, bar: MessageBar, log: Path) -> None:
        self._window = window
        self._bar = bar
        self._log = log

    def confirm(self, title: str, text: str, yes: str) -> bool:
        """Ask before what cannot be undone; `yes` is the verb on the button."""
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, parent=self._window)
        box.setWindowTitle(title)
        agreed = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole))
        box.exec()
        return box.clickedButton() is agreed

    def text(
        self, title: str, label: str, value: str = "", secret: bool = False
    ) -> str | None:
        """One line of text, or None."""
        echo = QLineEdit.EchoMode.Password if secret else QLineEdit.EchoMode.Normal
        typed, agreed = QInputDialog.getText(self._window, title, label, echo, value)
        return typed if agreed else None

    def choose(
        self, title: str, text: str, ways: Sequence[tuple[str, str]]
    ) -> str | None:
        """One of several ways to go on, (code, words); None to go back."""
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, parent=self._window)
        box.setWindowTitle(title)
        buttons = {
            code: box.addButton(words, QMessageBox.ButtonRole.AcceptRole)
            for code, words in ways
        }
        box.setDefaultButton(box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole))
        box.exec()
        clicked = box.clickedButton()
        return next((code for code, made in buttons.items() if made is clicked), None)

    def open_file(self, title: str, filters: str) -> Path | None:
        """A file to read, or None."""
        name, _filter = QFileDialog.getOpenFileName(self._window, title, "", filters)
        return Path(name) if name else None

    def open_files(self, title: str, filters: str) -> list[Path]:
        """Files to read; none if the person gives up."""
        names, _filter = QFileDialog.getOpenFileNames(self._window, title, "", filters)
        return [Path(name) for name in names]

    def save_file(self, title: str, name: str, filters: str) -> Path | None:
        """Where to write, or None; asks before replacing a file."""
        chosen, _filter = QFileDialog.getSaveFileName(self._window, title, name, filters)
        if not chosen:
            return None
        path, ending = Path(chosen), Path(name).suffix
        if path.suffix or not ending:
            return path
        path = path.with_suffix(ending)  # of which the dialog knew nothing
        words = _("“{name}” is there already.").format(name=path.name)
        return path if not path.exists() or self.confirm(title, words, _("Replace")) else None

    def folder(self, title: str) -> Path | None:
        """A folder, or None."""
        chosen = QFileDialog.getExistingDirectory(self._window, title)
        return Path(chosen) if chosen else None

    def tell(
        self, text: str, action: str = "", then: Callable[[], object] | None = None
    ) -> None:
        """A line in the bar, with one thing to do about it (“Undo”)."""
        self._bar.say(text, "done", action, then)

    def fault(self, fault: Fault, retry: Callable[[], None] | None = None) -> None:
        """A refusal stops the person in a dialog, any other fault is a line in the bar."""
        if isinstance(fault, Refusal):
            self._stop(_("This cannot go on"), fault.words, fault.code)
        else:
            self._bar.say(fault.words, "waiting", _("Retry") if retry else "", retry)

    def bug(self, code: str) -> None:
        """Report a bug of ours: what is safe, the code, where the log is."""
        text = _(
            "MigDesk made a mistake. What you saved is safe; the last action may not have "
            "been done. Please give this code to who helps you with MigDesk: {code}"
        ).format(code=code)
        self._stop(_("Something went wrong"), text, str(self._log))

    def _stop(self, title: str, text: str, detail: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, parent=self._window)
        box.setWindowTitle(title)
        box.setInformativeText(detail)
        box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
        box.exec()
