"""Scenes of surveys: campaigns, visits, answers, filling every kind of question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication, QScrollArea
from studio import Studio

Scene = Callable[[Studio], None]


def campaigns(studio: Studio) -> None:
    page = studio.page("campaigns")
    page.file.closed.emit()
    page.tabs.select("campaigns")
    studio.settle()


def visits(studio: Studio) -> None:
    studio.page("campaigns", visits=True)


def campaign(tab: str) -> Scene:
    def show(studio: Studio) -> None:
        page = studio.page("campaigns", kind="campaign", id=studio.ids.campaign)
        if tab == "entry":
            page.file.entry.setCurrentIndex(0)
        page.file.tabs.select(tab)
        studio.settle()

    return show


def draw(studio: Studio) -> None:
    campaign("sample")(studio)
    part = studio.page("campaigns").file.sample
    part.draw()
    studio.settle()
    part.draw_card.number.setFocus()


def drawn(studio: Studio) -> None:
    """The list again, after the card."""
    studio.page("campaigns").file.sample.draw_card.close_card()


def compare(studio: Studio) -> None:
    studio.page("campaigns", kind="paper_copy", id=studio.ids.paper)


def answers(tab: str, question: str = "", across: str = "") -> Scene:
    def show(studio: Studio) -> None:
        page = studio.page("answers", form="household_survey", tab=tab)
        studio.settle()
        counting = page.counting
        for box, wanted in ((counting.rows, question), (counting.across, across)):
            keys = [str(box.itemData(n)) for n in range(box.count())]
            place = next(
                (n for n, key in enumerate(keys) if wanted and key.endswith(wanted)), 0
            )
            box.setCurrentIndex(place)
            box.activated.emit(place)
        studio.settle()
        for area in page.findChildren(QScrollArea) if across else ():
            area.ensureWidgetVisible(counting.chart, 0, 60)

    return show


def importing(studio: Studio) -> None:
    """An import that says something to the designer."""
    page = studio.page("questionnaires")
    page.show_home()
    page.home.report._import(studio.ids.workbook, [])
    studio.settle()


def imported(studio: Studio) -> None:
    studio.page("questionnaires").home.report.hide()
    studio.program.window.bar.hide()


def filling(question: str, answer: str = "") -> Scene:
    """The small form at a question; the draft is resumed once."""

    def show(studio: Studio) -> None:
        view = _trial(studio)
        stop = next(s for s in view.filling.stops if s.ref.endswith(f"/{question}"))
        if answer:
            view.filling.answer(stop.ref, answer)
        view.go(stop.key)
        view.begin()
        studio.settle()

    return show


def _trial(studio: Studio) -> Any:
    page = studio.page("questionnaires", draft=studio.ids.trial)
    return page.pages.currentWidget()


def household(studio: Studio) -> None:
    """An interview of the survey, half done."""
    page = studio.page("questionnaires", draft=studio.ids.interview)
    view = page.pages.currentWidget()
    view.turn("group")
    studio.settle()


def reading(studio: Studio) -> None:
    """A finished one with remarks."""
    studio.page("questionnaires", kind="submission", id=studio.ids.commented)
    QApplication.processEvents()


def bench(tab: str) -> Scene:
    """The design bench: a file that is only read, or the second version of the survey."""

    def show(studio: Studio) -> None:
        if tab == "report":
            studio.page("bench", tab=tab, file=str(studio.ids.workbook))
        else:
            studio.page("bench", tab=tab, questionnaire=studio.ids.questionnaire)
            studio.page("bench", tab=tab, questionnaire=studio.ids.questionnaire)
        studio.settle()

    return show


def home(studio: Studio) -> None:
    """What is filled, to be reviewed."""
    page = studio.page("questionnaires")
    page.show_home()
    page.home.tabs.setCurrentIndex(1)
    studio.settle()


def to_fill(studio: Studio) -> None:
    studio.page("questionnaires").home.tabs.setCurrentIndex(0)


GEO = "12.8379 -15.3417 20 8"
SHAPE = "12.8401 -15.3431 0 0;12.8412 -15.3409 0 0;12.8396 -15.3395 0 0;12.8384 -15.3422 0 0;"
SHAPE += "12.8401 -15.3431 0 0"

SCENES: dict[str, Scene] = {
    "campaigns": campaigns,
    "visits": visits,
    "campaign": campaign("progress"),
    "sample": campaign("sample"),
    "draw": draw,
    "quality": campaign("quality"),
    "entry": campaign("entry"),
    "compare": compare,
    "targets": campaign("fields"),
    "count": answers("count", "/remittance_channels", ""),
    "cross": answers("count", "/member/migration", "/member/sex"),
    "export": answers("export"),
    "take-in": answers("import"),
    "imported": importing,
    "fill-text": filling("who"),
    "fill-grid": filling("town_hall", "some"),
    "fill-rank": filling("needs"),
    "fill-range": filling("satisfied", "7"),
    "fill-likert": filling("again", "3"),
    "fill-point": filling("house", GEO),
    "fill-shape": filling("field", SHAPE),
    "fill-picture": filling("front"),
    "fill-signature": filling("signed"),
    "fill-search": filling("village"),
    "fill-household": household,
    "reading": reading,
    "review": home,
    "bench": bench("report"),
    "bench-preview": bench("preview"),
    "bench-compare": bench("comparison"),
    "bench-trial": bench("trial"),
}
AFTER: dict[str, Scene] = {"draw": drawn, "imported": imported, "review": to_fill}
