"""A desk without a window: answers at once, scripted questions, a shell that takes notes."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QMenu

from migdesk.errors import Fault
from migdesk.models.store import Store
from migdesk.services import office, records
from migdesk.settings import Settings
from migdesk.ui.desk import Account, Desk
from migdesk.ui.runner import DirectRunner
from migdesk.ui.theme import Theme

KEY = bytes(range(32))


@dataclass
class ScriptedAsker:
    """Answers from the lists, in order; an empty list refuses. Notes what was told."""

    confirms: list[bool] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)
    paths: list[Path | None] = field(default_factory=list)
    choices: list[str | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)
    then: Callable[[], object] | None = None

    def confirm(self, title: str, text: str, yes: str) -> bool:
        self.asked.append(title)
        return self.confirms.pop(0) if self.confirms else False

    def text(
        self, title: str, label: str, value: str = "", secret: bool = False
    ) -> str | None:
        self.asked.append(title)
        return self.texts.pop(0) if self.texts else None

    def choose(self, title: str, text: str, ways: Sequence[tuple[str, str]]) -> str | None:
        self.asked.append(text)
        return self.choices.pop(0) if self.choices else None

    def _path(self, title: str) -> Path | None:
        self.asked.append(title)
        return self.paths.pop(0) if self.paths else None

    def open_file(self, title: str, filters: str) -> Path | None:
        return self._path(title)

    def open_files(self, title: str, filters: str) -> list[Path]:
        path = self._path(title)
        return [path] if path is not None else []

    def save_file(self, title: str, name: str, filters: str) -> Path | None:
        return self._path(title)

    def folder(self, title: str) -> Path | None:
        return self._path(title)

    def tell(
        self, text: str, action: str = "", then: Callable[[], object] | None = None
    ) -> None:
        self.told.append(text)
        self.then = then

    def fault(self, fault: Fault, retry: Callable[[], None] | None = None) -> None:
        self.faults.append(fault)

    def bug(self, code: str) -> None:
        self.bugs.append(code)


@dataclass
class NotingShell:
    """Notes where a page wanted to go."""

    went: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    opened: list[tuple[str, str]] = field(default_factory=list)
    printed: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    locked: int = 0
    refreshed: int = 0

    def go(self, page: str, **args: Any) -> None:
        self.went.append((page, args))

    def open(self, kind: str, id: str) -> None:
        self.opened.append((kind, id))

    def print(self, sheet: str, **params: Any) -> None:
        self.printed.append((sheet, params))

    def print_menu(self, kind: str, id: str) -> QMenu:
        return QMenu()

    def lock(self) -> None:
        self.locked += 1

    def refresh(self) -> None:
        self.refreshed += 1


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """Windows of a test go with it: what stays is drawn and styled again by all that follow."""
    yield
    app = QApplication.instance()
    if app is not None:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        for window in QApplication.topLevelWidgets():
            if shiboken6.isValid(window) and shiboken6.ownedByPython(window):
                shiboken6.delete(window)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with an office and its first account, made once."""
    path = tmp_path_factory.mktemp("ui") / "empty.db"
    made = Store.open(path, KEY, create=True)
    made.write(office.found, {"name": "HOM Sédhiou", "country": "SN"}, "Fatou Diatta", "acc-1")
    made.close()
    return path


@pytest.fixture
def store(empty_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of the empty database, open."""
    path = tmp_path / "migdesk.db"
    shutil.copyfile(empty_file, path)
    made = Store.open(path, KEY)
    made.actor = "acc-1"
    made.read(office.settle_in)
    yield made
    made.close()


@pytest.fixture
def asker() -> ScriptedAsker:
    return ScriptedAsker()


@pytest.fixture
def runner(store: Store, asker: ScriptedAsker, qapp: QApplication) -> Iterator[DirectRunner]:
    made = DirectRunner(store, asker)
    yield made
    made.close()


@pytest.fixture
def shell() -> NotingShell:
    return NotingShell()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.json")


@pytest.fixture
def desk(
    store: Store,
    runner: DirectRunner,
    asker: ScriptedAsker,
    settings: Settings,
    shell: NotingShell,
) -> Desk:
    """Everything that a page is built with; nothing of it waits."""
    account = Account("acc-1", "Fatou Diatta", "administrator", "HOM Sédhiou")
    return Desk(store, runner, asker, settings, account, shell=shell)


@pytest.fixture
def theme(qapp: QApplication, settings: Settings) -> Theme:
    """The look of the program, applied."""
    return Theme(qapp, settings)


@pytest.fixture
def make(store: Store) -> Callable[..., str]:
    """Save a record by keyword: ``make("person", family_name="Diallo")`` → id."""

    def save(kind: str, **values: Any) -> str:
        return store.write(records.save, kind, None, values)

    return save
