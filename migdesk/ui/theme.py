"""How everything looks: one table of colours, one style sheet, one palette.

Widgets carry no colour of their own. They say what they are by dynamic properties
(``role="primary"``, ``tone="late"``), and the sheet below answers. Light, dark and high
contrast are columns of one table; text contrast is AA (WCAG 2.2, 4.5 to 1) or better.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from string import Template

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from migdesk.paths import resource
from migdesk.settings import TEXT_SIZE, THEME, Settings
from migdesk.ui.sheet import SHEET


@dataclass(frozen=True)
class Tokens:
    """Colours by what they mean. `deep` is the accent as text on a surface; `wash` is
    under what is chosen; pairs ending in `_wash` are text and ground of one tone."""

    page: str
    surface: str
    line: str
    edge: str
    text: str
    muted: str
    accent: str
    press: str
    on_accent: str
    deep: str
    wash: str
    passed: str
    chip: str
    waiting: str
    waiting_wash: str
    late: str
    late_wash: str
    done: str
    done_wash: str


# page, surface, line, edge, text, muted, accent, press, on_accent, deep, wash, passed, chip,
# waiting, late, done: text then ground.
_TABLE = {
    "light": (
        "#f5f6f8 #ffffff #dde2e8 #c3cbd4 #1f2933 #5c6976 #0f6b6b #0b5555 #ffffff #0b5555 "
        "#e3f1f0 #cfe8e4 #eceff3 #8a4b00 #fdecd2 #8f1d1d #fbe1e1 #1d5c2e #dcefe0"
    ),
    "dark": (
        "#14191d #1d242a #323c45 #4d5a65 #e6eaee #a2aeb9 #17807d #126462 #ffffff #74cfc8 "
        "#19393a #1e4a49 #2a333b #f3c280 #4a3413 #f6b0b0 #4f2122 #a4dbb2 #1e432a"
    ),
    "contrast": (
        "#000000 #000000 #ffffff #ffffff #ffffff #c4c4c4 #ffe600 #ffffff #000000 #ffe600 "
        "#3a3500 #3a3500 #262626 #ffd27f #3a2600 #ffb3b3 #450000 #9dffb0 #003a10"
    ),
}
THEMES = {name: Tokens(*colours.split()) for name, colours in _TABLE.items()}

BODY_PX = 14
NO_FONT = ("", "Sans", "Sans Serif", "DejaVu Sans")


class Theme(QObject):
    """The look in force. `changed` follows a change of setting or of the computer's own
    scheme; the sheet is then already applied."""

    changed = Signal()

    def __init__(self, app: QApplication, settings: Settings) -> None:
        super().__init__(app)
        self._app = app
        self._settings = settings
        app.setStyle("Fusion")
        QDir.setSearchPaths("icons", [str(resource("icons"))])
        self._family = _family()
        self.apply()
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: self.apply())

    def apply(self) -> None:
        """Read the settings and dress the whole program."""
        global _tokens, _scale
        wanted = self._settings.get(THEME)
        _tokens = THEMES.get(wanted) or THEMES["dark" if _is_dark() else "light"]
        percent = self._settings.get(TEXT_SIZE)
        _scale = max(TEXT_SIZE.low, min(TEXT_SIZE.high, percent)) / 100
        font = QFont(self._app.font())
        font.setFamilies([*self._family, "Noto Sans", "Noto Sans Arabic"])
        font.setPixelSize(px(BODY_PX))
        self._app.setFont(font)
        self._app.setPalette(palette(_tokens))
        self._app.setStyleSheet(sheet(_tokens, _scale))
        self.changed.emit()


_tokens = THEMES["light"]
_scale = 1.0


def tokens() -> Tokens:
    """Colours in force, for what is painted by hand: icons and pictures."""
    return _tokens


def px(size: float) -> int:
    """A size of the design, in pixels at the text size in force."""
    return round(size * _scale)


def sheet(colours: Tokens, scale: float) -> str:
    """The style sheet; ``$name`` is a colour, ``$p14`` fourteen pixels at this scale."""
    values = {part.name: getattr(colours, part.name) for part in fields(colours)}
    values |= {f"p{size}": f"{round(size * scale)}px" for size in range(1, 49)}
    # Qt draws a corner that is rounder than half of its box as a square one.
    values["dot"] = f"{(round(8 * scale) + 2 * round(5 * scale)) // 2}px"
    values["lead"] = "right" if QGuiApplication.isRightToLeft() else "left"
    values["check"] = "light" if QColor(colours.on_accent).lightness() > 128 else "dark"
    return Template(SHEET).substitute(values)


def palette(colours: Tokens) -> QPalette:
    """What Qt draws by itself: text cursors, menus, check boxes, disabled words."""
    role = QPalette.ColorRole
    made = QPalette()
    for part, colour in {
        role.Window: colours.page,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.page,
        role.Text: colours.text,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.BrightText: colours.late,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.deep,
        role.LinkVisited: colours.deep,
        role.PlaceholderText: colours.muted,
        role.ToolTipBase: colours.surface,
        role.ToolTipText: colours.text,
        role.Light: colours.surface,
        role.Midlight: colours.chip,
        role.Mid: colours.line,
        role.Dark: colours.edge,
        role.Shadow: colours.line,
    }.items():
        made.setColor(part, QColor(colour))
    for part in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, part, QColor(colours.muted))
    return made


def _is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _family() -> list[str]:
    """The computer's own font; where it has none to speak of, the one that we ship."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if system not in NO_FONT:
        return [system]
    for path in sorted(resource("fonts").glob("NotoSans*.ttf")):
        QFontDatabase.addApplicationFont(str(path))
    return ["Noto Sans"]
