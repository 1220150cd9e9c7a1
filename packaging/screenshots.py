"""A picture of every page with demonstration data, in the sizes and looks that matter.

    PYTHONPATH=. python packaging/screenshots.py [--out screenshots] [--only today,case]

The real program is run without a screen. French and English, 1366×768 and a 1024×600
netbook; some also dark, in high contrast, in large letters and from right to left. The
picture of the README comes from here too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from exchange_scenes import AFTER as AFTER_EXCHANGE
from exchange_scenes import SCENES as EXCHANGE
from exchange_scenes import invited, joining_page, shared_login
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from staged import Staged, furnish
from studio import Studio
from survey_scenes import AFTER
from survey_scenes import SCENES as SURVEY

from migdesk import i18n
from migdesk.app import Program, open_program
from migdesk.paths import Paths
from migdesk.settings import EXCHANGE_FOLDER, LANGUAGE, TEXT_SIZE, THEME
from migdesk.ui.widgets.finder import Finder

LARGE, SMALL = QSize(1366, 768), QSize(1024, 600)


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
    studio.page("receive", person=studio.ids.person)


def people(studio: Studio) -> None:
    page = studio.page("people", kind="person", id=studio.ids.person)
    page.split.list.choose(studio.ids.person)
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
        page = studio.page("cases", kind="case", id=studio.ids.case)
        page.file.tabs.select(tab)
        studio.settle()

    return show


def directory(studio: Studio) -> None:
    studio.page("directory", kind="organisation", id=studio.ids.organisation)


def projects(studio: Studio) -> None:
    page = studio.page("directory", kind="project")
    page.tabs.select("project")
    studio.settle()


def money(studio: Studio) -> None:
    studio.page("money", tab="matches", subject="case", id=studio.ids.case)
    studio.settle()


def skills(studio: Studio) -> None:
    need = studio.first("need")
    studio.page("skills", tab="matches", subject="need", id=need)
    studio.settle()


def first_of(page: str, kind: str) -> Callable[[Studio], None]:
    """The newest record of a kind on its page."""

    def show(studio: Studio) -> None:
        studio.page(page, kind=kind, id=studio.first(kind))
        studio.settle()

    return show


def questionnaires(studio: Studio) -> None:
    studio.page("questionnaires").show_home()
    studio.settle()


def filling(studio: Studio) -> None:
    studio.page("questionnaires", draft=studio.ids.draft)


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
    "agenda": at("agenda"),
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
    "services": first_of("services", "service"),
    "referral": first_of("services", "referral"),
    "families": at("families"),
    "money": money,
    "application": first_of("money", "application"),
    "skills": skills,
    "training": at("training"),
    "office": at("office"),
    "questionnaires": questionnaires,
    "filling": filling,
    "answers": at("answers"),
    "exchange": at("exchange"),
    "settle": at("settle"),
    "import": at("import"),
    "settings": at("settings"),
    **SURVEY,
    **EXCHANGE,
    "search": searching,
}
AFTERWARDS = {**AFTER, **AFTER_EXCHANGE}
SOME = (
    *("today", "receive", "finance", "filling", "settle", "people"),
    *("exchange", "devices", "enrol-words", "place-sftp", "merge", "backups"),
    *(
        "campaign",
        "sample",
        "quality",
        "compare",
        "cross",
        "fill-grid",
        "fill-point",
        "reading",
    ),
)
"""What is also shown in other looks."""
LOOKS: dict[str, tuple[QSize, ...]] = {
    "dark": (LARGE,),
    "contrast": (LARGE,),
    "large": (LARGE,),
    "mirrored": (LARGE,),
    "light": (LARGE, SMALL),
}
IN_DOCS = (
    *("receive", "finance", "filling", "settle"),
    *("campaign", "quality", "cross", "compare", "fill-grid", "reading", "bench-compare"),
)


# ---- taking pictures


class Camera:
    """Saves pictures as ``<language>/<size>/<scene>.png``."""

    def __init__(self, folder: Path, only: set[str]) -> None:
        self._folder = folder
        self.only = only

    def wanted(self, scene: str) -> bool:
        return not self.only or scene in self.only

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
        if camera.wanted(name) and (look == "light" or name in SOME or camera.only):
            scene(studio)
            camera.take(studio.program.window, name, look)
            if name in AFTERWARDS:
                AFTERWARDS[name](studio)
    after_search(studio)


def preview(camera: Camera, studio: Studio) -> None:
    """The preview of a dossier."""
    from migdesk.ui.preview import Preview

    if not camera.wanted("preview"):
        return
    studio.desk.print("project-dossier", id=studio.ids.case)
    studio.settle()
    shown = studio.program.window.findChild(Preview)
    assert shown is not None
    while shown.list.item(shown.pages - 1).icon().isNull():
        QApplication.processEvents()
    camera.take(shown, "preview")
    shown.close()


def gates(camera: Camera, studio: Studio) -> None:
    """Lock, login, the first start of another computer, and how one joins."""
    program = studio.program
    for size in (LARGE, SMALL):
        program.window.resize(size)
        if camera.wanted("shared-login"):
            shared_login(studio)
            camera.take(program.window, "shared-login")
        if camera.wanted("join"):
            with joining_page(studio):
                camera.take(program.window, "join")
                invited(studio)
                camera.take(program.window, "join-office")
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
    """Light, dark, high contrast, large letters, or from right to left as Arabic has it; the
    window builds itself again."""
    program.settings.set(THEME, look if look in ("dark", "contrast") else "light")
    program.settings.set(TEXT_SIZE, 160 if look == "large" else 100)
    direction = Qt.LayoutDirection
    QApplication.setLayoutDirection(
        direction.RightToLeft if look == "mirrored" else direction.LeftToRight
    )
    program.theme.apply()
    QApplication.processEvents()
    program.rebuild()
    QApplication.processEvents()


def shoot(
    camera: Camera, home: Path, folder: Path, ids: Staged, looks: set[str], languages: list[str]
) -> None:
    """Everything, in some languages and looks (all, if none is named)."""
    for language in languages:
        with program_at(home, language) as program:
            program.settings.set(EXCHANGE_FOLDER, str(folder))
            studio = Studio(program, ids)
            for look, sizes in LOOKS.items():
                if looks and look not in looks:
                    continue
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
    parser.add_argument("--looks", default="")
    parser.add_argument("--languages", default="fr,en")
    parser.add_argument("--docs", type=Path, default=Path("docs"))
    args = parser.parse_args()
    only = set(filter(None, args.only.split(",")))
    with tempfile.TemporaryDirectory(prefix="migdesk-") as scratch:
        folder = Path(scratch) / "stick"
        folder.mkdir()
        home = Path(scratch) / "home"
        ids = furnish(home, folder)
        looks = set(filter(None, args.looks.split(",")))
        camera = Camera(args.out, only)
        shoot(camera, home, folder, ids, looks, args.languages.split(","))
    made = args.out / "fr" / f"{LARGE.width()}x{LARGE.height()}"
    (args.docs / "pictures").mkdir(parents=True, exist_ok=True)
    if (made / "today.png").exists():
        shutil.copyfile(made / "today.png", args.docs / "screenshot.png")
    for name in filter(lambda name: (made / f"{name}.png").exists(), IN_DOCS):
        shutil.copyfile(made / f"{name}.png", args.docs / "pictures" / f"{name}.png")


if __name__ == "__main__":
    main()
