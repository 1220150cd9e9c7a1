"""A picture of every page with demonstration data, in the sizes and looks that matter.

    PYTHONPATH=. python packaging/screenshots.py [--out screenshots] [--only today,case]

The real program is run without a screen. French and English, 1366×768 and a 1024×600
netbook, light and (for some) dark. The picture of the README comes from here too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget
from staged import furnish

from migdesk import i18n
from migdesk.app import Program, open_program
from migdesk.paths import Paths
from migdesk.settings import EXCHANGE_FOLDER, LANGUAGE, THEME
from migdesk.ui.desk import Desk
from migdesk.ui.widgets.finder import Finder

LARGE, SMALL = QSize(1366, 768), QSize(1024, 600)
QUIET_ROUNDS = 3


@dataclass
class Studio:
    """The running program and what the scenes need of it."""

    program: Program
    person: str
    case: str
    organisation: str
    draft: str

    @property
    def desk(self) -> Desk:
        assert self.program.desk is not None
        return self.program.desk

    def page(self, name: str, **args: Any) -> Any:
        """Go to a page and wait until it shows what it has read."""
        self.program.window.go(name, **args)
        self.settle()
        return self.program.window.page

    def settle(self) -> None:
        """Wait until nothing is asked of the store any more."""
        quiet = 0
        while quiet < QUIET_ROUNDS:
            answered: list[bool] = []
            runner = self.desk.runner
            runner.read(lambda _session: True, then=answered.append)
            while not answered or runner.jobs:
                QApplication.processEvents()
            QApplication.processEvents()
            quiet += 1


# ---- scenes


def at(name: str) -> Callable[[Studio], None]:
    """A page as it is when one goes to it."""

    def show(studio: Studio) -> None:
        studio.page(name)

    return show


def receive(studio: Studio) -> None:
    page = studio.page("receive")
    page.begin()
    page.search.line.setText("diallo")
    studio.settle()


def register(studio: Studio) -> None:
    page = studio.page("receive")
    page.begin()
    page.search.line.setText("badji mariama 77 123 45 67")
    studio.settle()
    page.search.register()
    studio.settle()
    page.draft.begin()


def visit(studio: Studio) -> None:
    page = studio.page("receive")
    page.begin()
    studio.page("receive", person=studio.person)


def people(studio: Studio) -> None:
    page = studio.page("people", kind="person", id=studio.person)
    page.split.list.choose(studio.person)
    studio.settle()


def cases(studio: Studio) -> None:
    page = studio.page("cases")
    page.file.close_file()
    page.buttons.button(0).click()
    studio.settle()


def board(studio: Studio) -> None:
    page = studio.page("cases")
    page.file.close_file()
    page.buttons.button(1).click()
    studio.settle()


def case_tab(tab: str) -> Callable[[Studio], None]:
    def show(studio: Studio) -> None:
        page = studio.page("cases", kind="case", id=studio.case)
        page.file.tabs.select(tab)
        studio.settle()

    return show


def directory(studio: Studio) -> None:
    studio.page("directory", kind="organisation", id=studio.organisation)


def projects(studio: Studio) -> None:
    page = studio.page("directory", kind="project")
    page.tabs.select("project")
    studio.settle()


def questionnaires(studio: Studio) -> None:
    studio.page("questionnaires").show_home()
    studio.settle()


def filling(studio: Studio) -> None:
    studio.page("questionnaires", draft=studio.draft)


def searching(studio: Studio) -> None:
    studio.page("today")
    window = studio.program.window
    window.search()
    finder = window.findChildren(Finder)[-1]
    finder.line.setText("diallo")
    finder.searched.emit("diallo")
    studio.settle()


def after_search(studio: Studio) -> None:
    """Put the results away."""
    studio.program.window.findChildren(Finder)[-1].forget()


SCENES: dict[str, Callable[[Studio], None]] = {
    "today": at("today"),
    "receive": receive,
    "register": register,
    "visit": visit,
    "people": people,
    "cases": cases,
    "board": board,
    "case": case_tab("summary"),
    "plan": case_tab("plan"),
    "finance": case_tab("finance"),
    "steps": case_tab("steps"),
    "history": case_tab("history"),
    "directory": directory,
    "projects": projects,
    "questionnaires": questionnaires,
    "filling": filling,
    "answers": at("answers"),
    "exchange": at("exchange"),
    "settle": at("settle"),
    "import": at("import"),
    "settings": at("settings"),
    "search": searching,
}
IN_DARK = ("today", "receive", "finance", "filling", "settle", "people")
IN_DOCS = ("receive", "finance", "filling", "settle")


# ---- taking pictures


class Camera:
    """Saves pictures as ``<language>/<size>/<scene>.png``."""

    def __init__(self, folder: Path, only: set[str]) -> None:
        self._folder = folder
        self._only = only

    def wanted(self, scene: str) -> bool:
        return not self._only or scene in self._only

    def take(self, widget: QWidget, scene: str, look: str = "light") -> Path:
        """One picture."""
        name = scene if look == "light" else f"{scene}-{look}"
        size = f"{widget.window().width()}x{widget.window().height()}"
        path = self._folder / i18n.language() / size / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        QApplication.processEvents()
        widget.grab().save(str(path))
        return path


def pages(camera: Camera, studio: Studio, size: QSize, look: str) -> None:
    """Every page in one size and look."""
    studio.program.window.resize(size)
    studio.program.window.count()
    for name, scene in SCENES.items():
        if camera.wanted(name) and (look == "light" or name in IN_DARK):
            scene(studio)
            camera.take(studio.program.window, name, look)
    after_search(studio)


def preview(camera: Camera, studio: Studio) -> None:
    """The preview of a dossier."""
    from migdesk.ui.preview import Preview

    if not camera.wanted("preview"):
        return
    studio.desk.print("project-dossier", id=studio.case)
    studio.settle()
    shown = studio.program.window.findChild(Preview)
    assert shown is not None
    while shown.list.item(shown.pages - 1).icon().isNull():
        QApplication.processEvents()
    camera.take(shown, "preview")
    shown.close()


def gates(camera: Camera, studio: Studio) -> None:
    """Lock, login, and the first start of another computer."""
    program = studio.program
    program.lock()
    for size in (LARGE, SMALL):
        program.window.resize(size)
        if camera.wanted("login"):
            program.show_login()
            camera.take(program.window, "login")
        for step in range(4) if camera.wanted("first-start") else ():
            program.show_first_start(step)
            if step == 3:
                show_key(program)
            camera.take(program.window, f"first-start-{step}")


def show_key(program: Program) -> None:
    """A recovery key that opens nothing, as the last step shows it."""
    from migdesk.ui.first_start import FirstStart

    shown = program.window.findChildren(FirstStart)[-1]
    shown.show_key("7K2M-PX4D-9QWT-3HNB-R8VC-5ZGJ-2YFA-6ESL-4MDK")


@contextmanager
def program_at(home: Path, language: str) -> Iterator[Program]:
    """The program on a database, in a language."""
    program = open_program(Paths(home))
    sys.excepthook = sys.__excepthook__  # here a bug ends the script
    program.settings.set(LANGUAGE, language)
    program.speak()
    program.demo()
    program.window.show()
    yield program
    program.window.leave()
    program.unseat()
    program.worker.close()
    program.window.deleteLater()
    QApplication.processEvents()


def dress(program: Program, look: str) -> None:
    """Light or dark; the window builds itself again."""
    program.settings.set(THEME, look)
    program.theme.apply()
    QApplication.processEvents()
    program.rebuild()
    QApplication.processEvents()


def shoot(camera: Camera, home: Path, folder: Path, ids: tuple[str, str, str, str]) -> None:
    """Everything, in both languages."""
    for language in ("fr", "en"):
        with program_at(home, language) as program:
            program.settings.set(EXCHANGE_FOLDER, str(folder))
            studio = Studio(program, *ids)
            for look, sizes in (("dark", (LARGE,)), ("light", (LARGE, SMALL))):
                dress(program, look)
                for size in sizes:
                    pages(camera, studio, size, look)
            preview(camera, studio)
            gates(camera, studio)


def main() -> None:
    """Read the arguments, work in a scratch folder, keep the pictures of the documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="")
    parser.add_argument("--docs", type=Path, default=Path("docs"))
    args = parser.parse_args()
    only = set(filter(None, args.only.split(",")))
    with tempfile.TemporaryDirectory(prefix="migdesk-") as scratch:
        folder = Path(scratch) / "stick"
        folder.mkdir()
        home = Path(scratch) / "home"
        ids = furnish(home, folder)
        shoot(Camera(args.out, only), home, folder, ids)
    made = args.out / "fr" / f"{LARGE.width()}x{LARGE.height()}"
    (args.docs / "pictures").mkdir(parents=True, exist_ok=True)
    if (made / "today.png").exists():
        shutil.copyfile(made / "today.png", args.docs / "screenshot.png")
    for name in filter(lambda name: (made / f"{name}.png").exists(), IN_DOCS):
        shutil.copyfile(made / f"{name}.png", args.docs / "pictures" / f"{name}.png")


if __name__ == "__main__":
    main()
