"""The desk: everything a page may reach, in one object.

Every page is built as ``SomePage(desk)`` and subclasses `Page`. Pages are named by the
key of their place in the navigation (`today`, `people`, …); the window makes them when
they are first asked for and throws them away when it locks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from PySide6.QtWidgets import QMenu, QWidget

from migdesk.settings import Settings

if TYPE_CHECKING:
    from migdesk.keys import KeyFile
    from migdesk.models.store import Changes, Store
    from migdesk.paths import Paths
    from migdesk.ui.asker import Asker
    from migdesk.ui.runner import Runner


@dataclass(frozen=True)
class Account:
    """Who is logged in. `role` is a code of the list `roles`; `office` is the name of
    the office, as the top of the window shows it. `own_role` is the role of the account
    where this computer is enrolled for less, which `role` then says; else ""."""

    id: str
    name: str
    role: str
    office: str = ""
    own_role: str = ""


class Shell(Protocol):
    """What the window does for pages; tests pass one that takes notes."""

    def go(self, page: str, **args: Any) -> None: ...
    def open(self, kind: str, id: str) -> None: ...
    def print(self, sheet: str, **params: Any) -> None: ...
    def print_menu(self, kind: str, id: str) -> QMenu: ...
    def lock(self) -> None: ...
    def refresh(self) -> None: ...


@dataclass
class Desk:
    """Store, lanes, questions, settings and the person logged in.

    `keys` and `paths` are None only in tests that need no key file and no home.
    """

    store: Store
    runner: Runner
    asker: Asker
    settings: Settings
    account: Account
    keys: KeyFile | None = None
    key: bytes = field(default=b"", repr=False)
    paths: Paths | None = None
    shell: Shell | None = None

    def go(self, page: str, **args: Any) -> None:
        """Show a page; `args` are handed to its `arrive`."""
        if self.shell is not None:
            self.shell.go(page, **args)

    def open(self, kind: str, id: str) -> None:
        """Show a record on the page where records of its kind live."""
        if self.shell is not None:
            self.shell.open(kind, id)

    def print(self, sheet: str, **params: Any) -> None:
        """Make a document (`sheet` is a key of `printing.sheets.SHEETS`) and preview it.
        `params` are what the service that fills the sheet takes."""
        if self.shell is not None:
            self.shell.print(sheet, **params)

    def print_menu(self, kind: str, id: str) -> QMenu:
        """Menu of the documents that can be made of a record."""
        return self.shell.print_menu(kind, id) if self.shell is not None else QMenu()

    def refresh(self) -> None:
        """Apply the look and the language of the settings to the whole window."""
        if self.shell is not None:
            self.shell.refresh()


class Page(QWidget):
    """One place of the navigation. Nothing is read in the constructor."""

    name: ClassVar[str] = ""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk

    def load(self) -> None:
        """Read what the page shows. Called each time the page is gone to."""

    def on_changed(self, changes: Changes) -> None:
        """Something was written; reload if ``changes.touches(…)``."""

    def arrive(self, **args: Any) -> None:
        """After `load`, with what ``desk.go(name, **args)`` or ``desk.open`` was given
        (``kind`` and ``id`` for a record)."""

    def leave(self) -> None:
        """Before the page is hidden, locked or closed: keep drafts that wait."""
