"""A number from a range: a slider and a field, stars, or a list to pick from."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPalette
from PySide6.QtWidgets import QBoxLayout, QSlider

from migdesk.forms import Choice, Live
from migdesk.forms.scale import ends_of
from migdesk.i18n import _
from migdesk.ui.theme import px, tokens
from migdesk.ui.widgets import label

from .choosing import LikertInput
from .input import looks
from .lines import NumberInput, local_number
from .searching import MinimalInput

MOST = 1000
"""Values that a list of a range may have."""


def values_of(live: Live) -> tuple[Choice, ...]:
    """The numbers of a range, as choices."""
    start, end, step = ends_of(live)
    count = min(int(abs(end - start) / step), MOST)
    way = step if end >= start else -step
    found = (start + way * n for n in range(count + 1))
    return tuple(
        Choice(format(value, "f"), local_number(format(value, "f"))) for value in found
    )


class RangeInput(NumberInput):
    """A slider beside a field; Up and Down step, digits are typed."""

    def __init__(self, live: Live) -> None:
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.ends = label("", "caption")
        super().__init__(live)
        words = looks(live.appearance)
        upright = "vertical" in words
        row = self.layout()
        assert isinstance(row, QBoxLayout)
        if upright:
            self.slider.setOrientation(Qt.Orientation.Vertical)
            self.slider.setMinimumHeight(px(180))
        else:
            self.slider.setMinimumWidth(px(220))
        if "no-ticks" not in words:
            self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.line.setMaximumWidth(px(120))
        row.insertWidget(0, self.slider, 0 if upright else 10)
        row.insertWidget(2, self.ends)
        self.slider.setHidden("no-slider" in words)
        self.slider.valueChanged.connect(self._slid)
        self.line.installEventFilter(self)

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        start, end, step = ends_of(live)
        count = int(abs(end - start) / step)
        value = live.value
        at = int((Decimal(value) - start) / step) if isinstance(value, int | Decimal) else 0
        self._paint()
        self.slider.blockSignals(True)
        self.slider.setRange(0, count)
        self.slider.setTickInterval(max(count // 10, 1))
        self.slider.setValue(abs(at))
        self.slider.setEnabled(not live.readonly)
        self.slider.blockSignals(False)
        said = _("{start} to {end}")
        self.ends.setText(
            said.format(start=local_number(str(start)), end=local_number(str(end)))
        )

    def _paint(self) -> None:
        """The groove is drawn a shade under the ground: black there says nothing."""
        colours, shades = tokens(), self.slider.palette()
        shades.setColor(QPalette.ColorRole.Window, QColor(colours.edge))
        shades.setColor(QPalette.ColorRole.Button, QColor(colours.surface).lighter(110))
        self.slider.setPalette(shades)

    def _slid(self, place: int) -> None:
        start, end, step = ends_of(self.live)
        value = start + (step if end >= start else -step) * place
        self.line.setModified(False)
        self.answered.emit(format(value, "f"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
            if step and not self.live.readonly:
                self.flush()
                if not self.live.text:
                    self._slid(self.slider.value())
                else:
                    self.slider.setValue(self.slider.value() + step)
                return True
        return super().eventFilter(watched, event)


class RatingInput(LikertInput):
    """Stars, one for each number."""

    def choices(self) -> tuple[Choice, ...]:
        offered = values_of(self.live)
        known = {choice.value for choice in offered}
        lost = [Choice(value, value) for value in self.given() if value not in known]
        return (*offered, *lost)

    def show_live(self, live: Live) -> None:
        super().show_live(live)
        given = self._values.index(live.text) if live.text in self._values else -1
        for place, button in enumerate(self.buttons):
            sign = "★" if place <= given else "☆"
            button.show_as(f"{sign} {button.text()}")


class PickerInput(MinimalInput):
    """A list of the numbers."""

    def __init__(self, live: Live) -> None:
        self._values = values_of(live)
        super().__init__(live)

    def choices(self) -> Sequence[Choice]:
        return self._values

    def show_live(self, live: Live) -> None:
        if live.control is not self.live.control:
            self._values = values_of(live)
        super().show_live(live)
