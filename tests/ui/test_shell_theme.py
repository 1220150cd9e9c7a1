"""Colours that can be read, sizes that follow, parts that say what they are."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from migdesk.settings import TEXT_SIZE, THEME, Settings
from migdesk.ui.theme import THEMES, Theme, Tokens, px, tokens
from migdesk.ui.widgets import (
    Badge,
    Button,
    EmptyState,
    MessageBar,
    Row,
    RowList,
    Stage,
    StageBar,
)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = QColor(colour).getRgbF()[:3]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    ("text", "page"),
    ("text", "surface"),
    ("muted", "page"),
    ("muted", "surface"),
    ("muted", "chip"),
    ("deep", "surface"),
    ("deep", "wash"),
    ("deep", "passed"),
    ("on_accent", "accent"),
    ("on_accent", "press"),
    ("waiting", "waiting_wash"),
    ("late", "late_wash"),
    ("done", "done_wash"),
]


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("pair", PAIRS)
def test_words_can_be_read(name: str, pair: tuple[str, str]) -> None:
    colours: Tokens = THEMES[name]
    assert contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_focus_is_visible(name: str) -> None:
    assert contrast(THEMES[name].accent, THEMES[name].surface) >= 3


def test_settings_dress_the_program(
    qapp: QApplication, settings: Settings, theme: Theme
) -> None:
    settings.set(THEME, "dark")
    settings.set(TEXT_SIZE, 150)
    theme.apply()
    assert tokens() == THEMES["dark"]
    assert px(14) == qapp.font().pixelSize() == 21
    assert THEMES["dark"].page in qapp.styleSheet()
    assert "$" not in qapp.styleSheet()
    settings.set(THEME, "light")
    settings.set(TEXT_SIZE, 400)
    theme.apply()
    assert px(100) == 160
    settings.set(TEXT_SIZE, 100)
    theme.apply()


def test_rows_open_by_click_and_by_key(qtbot: QtBot, theme: Theme) -> None:
    opened: list[str] = []
    rows = RowList(
        [
            Row("First", lead="09:30", end="Office 1", open=lambda: opened.append("first")),
            Row("Second", "softly", "late", "late", open=lambda: opened.append("second")),
            Row("Third"),
        ]
    )
    qtbot.addWidget(rows)
    rows.show()
    qtbot.mouseClick(rows.rows[0], Qt.MouseButton.LeftButton)
    qtbot.keyClick(rows.rows[1], Qt.Key.Key_Return)
    assert opened == ["first", "second"]
    assert rows.rows[1].accessibleName() == "late · Second · softly"
    assert rows.rows[2].focusPolicy() == Qt.FocusPolicy.NoFocus
    rows.show_rows([])
    assert rows.rows == []


def test_a_stage_is_told_in_words(qtbot: QtBot, theme: Theme) -> None:
    bar = StageBar([Stage("Found", "done"), Stage("Formal", "current", "2 papers missing")])
    qtbot.addWidget(bar)
    assert "1 Found ✓" in bar.accessibleName()
    assert "2 Formal · 2 papers missing" in bar.accessibleName()


def test_a_key_beside_the_action(qtbot: QtBot, theme: Theme) -> None:
    pressed: list[int] = []
    plain, keyed = Button("Save"), Button("Save", lambda: pressed.append(1), key="Ctrl S")
    for part in (plain, keyed):
        qtbot.addWidget(part)
        part.show()
    assert keyed.sizeHint().width() > plain.sizeHint().width() + 20
    qtbot.mouseClick(keyed, Qt.MouseButton.LeftButton)
    assert pressed == [1]


def test_an_empty_place_begins(qtbot: QtBot, theme: Theme) -> None:
    begun: list[int] = []
    place = EmptyState("account", "Nobody yet.", "Press F2.", "Begin", lambda: begun.append(1))
    qtbot.addWidget(place)
    place.button.click()
    assert begun == [1]
    assert place.accessibleName() == "Nobody yet. Press F2."


def test_the_bar_keeps_what_stands_in_the_way(qtbot: QtBot, theme: Theme) -> None:
    tried: list[int] = []
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.say("The disk is full.", "waiting", "Retry", lambda: tried.append(1))
    assert bar.text == "The disk is full."
    assert not bar._timer.isActive()
    bar._action.click()
    assert tried == [1] and bar.text == ""
    bar.say("Saved.", "done")
    assert bar._timer.isActive()


def test_words_of_records_are_never_markup(qtbot: QtBot, theme: Theme) -> None:
    badge = Badge("<b>x</b>", "late")
    qtbot.addWidget(badge)
    assert badge.textFormat() == Qt.TextFormat.PlainText
