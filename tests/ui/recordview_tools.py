"""A desk for the record views: a real encrypted store, answers at once, scripted asker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QMenu

from migdesk.errors import Fault
from migdesk.models.store import Store
from migdesk.settings import Settings
from migdesk.ui.desk import Account, Desk
from migdesk.ui.runner import DirectRunner


@dataclass
class ScriptedAsker:
    """Answers as told and notes what it was told."""

    file: Path | None = None
    typed: str = ""
    told: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def confirm(self, title: str, text: str, yes: str) -> bool:
        return True

    def text(self, title: str, label: str, value: str = "", secret: bool = False) -> str | None:
        return value or self.typed

    def choose(self, title: str, text: str, ways: Sequence[tuple[str, str]]) -> str | None:
        return ways[0][0]

    def open_file(self, title: str, filters: str) -> Path | None:
        return self.file

    def open_files(self, title: str, filters: str) -> list[Path]:
        return [self.file] if self.file is not None else []

    def save_file(self, title: str, name: str, filters: str) -> Path | None:
        return self.file

    def folder(self, title: str) -> Path | None:
        return self.file

    def tell(
        self, text: str, action: str = "", then: Callable[[], object] | None = None
    ) -> None:
        self.told.append(text)

    def fault(self, fault: Fault, retry: Callable[[], None] | None = None) -> None:
        self.faults.append(fault)

    def bug(self, code: str) -> None:
        raise AssertionError(code)


@dataclass
class NotingShell:
    """Notes where a page wanted to go."""

    calls: list[tuple[str, Any]] = field(default_factory=list)

    def go(self, page: str, **args: Any) -> None:
        self.calls.append(("go", (page, args)))

    def open(self, kind: str, id: str) -> None:
        self.calls.append(("open", (kind, id)))

    def print(self, sheet: str, **params: Any) -> None:
        self.calls.append(("print", (sheet, params)))

    def print_menu(self, kind: str, id: str) -> QMenu:
        self.calls.append(("print_menu", (kind, id)))
        return QMenu()

    def lock(self) -> None:
        self.calls.append(("lock", ()))


def make_desk(path: Path) -> Desk:
    """A desk on a new store in `path`."""
    store = Store.open(path / "test.db", bytes(range(32)), create=True)
    asker = ScriptedAsker()
    runner = DirectRunner(store, asker)
    account = Account("", "Fatou Diatta", "agent", "HOM Sédhiou")
    return Desk(store, runner, asker, Settings(), account, shell=NotingShell())
