"""Widths of the columns of a list: those for which there is room, as wide as a person
made them or as their kind needs, and never a list that must be pushed sideways."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QTableView

from migdesk.models import Field
from migdesk.models.kinds import Choice, Date, FuzzyDate, Link, Moment, Number
from migdesk.ui.desk import Desk
from migdesk.ui.theme import px

PAUSE_MS = 500
FEWEST, LEAST = 1, 72
TIGHT = 0.85
"""A column may lose this much of its width before one gives way altogether."""
MOST = 1.8
"""Where there is room, columns of words take up to so many times their width."""


class Widths(QObject):
    """Fits the columns of a table to its width; a column that a person made wider or
    narrower is remembered so for this computer, once the hand rests."""

    def __init__(self, desk: Desk, kind: str, table: QTableView) -> None:
        super().__init__(table)
        self.desk = desk
        self.table = table
        self.columns: list[Field] = []
        self._key = f"widths.{kind}"
        self._fitting = False
        self._chosen = self._read()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._remember)
        table.horizontalHeader().sectionResized.connect(self._on_resized)
        table.viewport().installEventFilter(self)

    def show_columns(self, columns: Sequence[Field]) -> None:
        """Fit these columns, the first ones first."""
        self.columns = list(columns)
        self.fit()

    def fit(self) -> None:
        """Give each column its width; the last ones go where there is no room."""
        header, room = self.table.horizontalHeader(), self.table.viewport().width()
        wanted = [self._chosen.get(f.name) or px(usual_width(f)) for f in self.columns]
        if header.count() != len(wanted) or room <= 0:
            return
        shown = len(wanted)
        while shown > FEWEST and sum(wanted[:shown]) * TIGHT > room:
            shown -= 1
        tight = sum(wanted[:shown]) > room
        firm = [
            f.name in self._chosen
            or is_stiff(f)
            or (isinstance(f.kind, Choice) and not tight)  # a few known words: no need
            for f in self.columns
        ]
        kept = sum(width for width, stays in zip(wanted[:shown], firm, strict=False) if stays)
        scale = min(MOST, (room - kept) / max(sum(wanted[:shown]) - kept, 1))
        self._fitting = True
        for number, width in enumerate(wanted):
            header.setSectionHidden(number, number >= shown)
            if number < shown:
                width = width if firm[number] else max(int(width * scale), px(LEAST))
                header.resizeSection(number, width)
        self._fitting = False

    def _on_resized(self, section: int, _before: int, now: int) -> None:
        # The last column shown takes what is left: nobody chose its width.
        last = sum(not self.table.isColumnHidden(n) for n in range(len(self.columns))) - 1
        if not self._fitting and now and section < last:
            self._chosen[self.columns[section].name] = now
            self._pause.start()

    def _read(self) -> dict[str, int]:
        pairs = (part.split(":") for part in self.desk.settings.state(self._key).split(","))
        return {p[0]: int(p[1]) for p in pairs if len(p) == 2 and p[1].isdigit()}

    def _remember(self) -> None:
        kept = ",".join(f"{name}:{width}" for name, width in self._chosen.items())
        self.desk.settings.remember(self._key, kept)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.fit()
        return False


def is_stiff(field: Field) -> bool:
    """Whether values are of one length, so that a narrower column would cut each."""
    return field.name == "code" or isinstance(field.kind, Date | FuzzyDate | Moment | Number)


def usual_width(field: Field) -> int:
    """Width of a column before anybody has changed it, in pixels of the design."""
    if field.wide or field.name == "title":
        return 260
    if isinstance(field.kind, Moment):
        return 156
    if is_stiff(field):
        return 124 if field.name == "code" else 108
    return 144 if isinstance(field.kind, Choice | Link) or field.weight > 5 else 120
