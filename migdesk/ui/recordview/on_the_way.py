"""A record on its way: where it stands, and a button for each thing that may come next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout

from migdesk.services.pipelines import Stage
from migdesk.services.records import View
from migdesk.ui.desk import Desk
from migdesk.ui.rights import may_write

from .detail import RecordDetail
from .dossier.stages import StageSteps
from .parts import Card, FlowLayout, button, clear, label


@dataclass(frozen=True)
class Next:
    """Something that may be done now; `main`: the usual one. What has a `group` stands in a
    line of its own behind its words."""

    words: str
    do: Callable[[], object]
    main: bool = False
    group: str = ""


class OnTheWay(Card):
    """Stages, a sentence, and what may come next."""

    def __init__(self) -> None:
        super().__init__("")
        self.stages = StageSteps()
        self.words = label("", wrap=True)
        self.row = FlowLayout(gap=8)
        self.groups = QGridLayout()
        self.groups.setHorizontalSpacing(8)
        self.groups.setColumnStretch(9, 1)
        self.body.addWidget(self.stages)
        self.body.addWidget(self.words)
        self.body.addLayout(self.groups)
        self.body.addLayout(self.row)
        self.hide()

    def show_way(
        self, words: str, nexts: Sequence[Next], stages: Sequence[Stage] = (), tone: str = ""
    ) -> None:
        """Show where it stands."""
        self.stages.setVisible(bool(stages))
        if stages:
            self.stages.show_stages(stages)
            self._shorten(stages)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.words.setProperty("tone", tone)
        self.words.style().polish(self.words)
        clear(self.row)
        clear(self.groups)
        lines = list(dict.fromkeys(each.group for each in nexts if each.group))
        for row, group in enumerate(lines):
            self.groups.addWidget(label(group, "strong"), row, 0)
            for column, each in enumerate((n for n in nexts if n.group == group), start=1):
                self.groups.addWidget(_button(each), row, column)
        for each in nexts:
            if not each.group:
                self.row.addWidget(_button(each))
        self.setVisible(bool(words or nexts or stages))


    def _shorten(self, stages: Sequence[Stage]) -> None:
        """There is room for the words of one stage: those of the others are tool tips."""
        for number, stage in enumerate(stages):
            wide = stage.place == "current"
            self.stages.row.setStretch(number, 6 if wide else 1)
            if not wide:
                one, done = self.stages.labels[number], stage.place == "done"
                one.show_as(stage.place, "✓" if done else f"{number + 1}")
                one.setAccessibleName(stage.label)


def _button(next: Next) -> QPushButton:
    made = button(next.words, next.do, "primary" if next.main else "")
    made.setAccessibleName(f"{next.group} {next.words}".strip())
    return made


class WayDetail(RecordDetail):
    """The file of a record that goes through states, with what comes next above its tabs."""

    def __init__(self, desk: Desk, kind: str) -> None:
        super().__init__(desk, kind)
        self.way = OnTheWay()
        box = self.layout()
        assert isinstance(box, QVBoxLayout)
        box.insertWidget(1, self.way)
        self.titled.connect(self._on_titled)
        self.writes = may_write(desk, kind)

    def _on_titled(self, view: View) -> None:
        if view.id == self.id:
            self.read_way(view)

    def read_way(self, view: View) -> None:
        """Read where the record stands, and show it."""

    def show_new(self, values: dict[str, Any] | None = None) -> None:
        self.way.hide()
        super().show_new(values)

    def write(self, service: Callable[..., object], *args: object) -> None:
        """Do something with the record shown; what it changed is shown by itself."""
        self.desk.runner.write(service, self.id, *args, owner=self)
