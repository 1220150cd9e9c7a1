"""Icons of the Material Design set (the font that qtawesome ships), in the colours of the
theme.

Only that font is read, not the library: loading it whole takes longer than everything
else that opens the window. What shows an icon asks for it with `dress`, and gets it when
the window has been painted once.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from migdesk.ui.theme import px, tokens

FONT = "materialdesignicons6-webfont"
SIZES = (16, 20, 24, 32, 48)


def icon(name: str, colour: str = "muted") -> QIcon:
    """The icon `name` of the set in a colour of the theme (`migdesk.ui.theme.Tokens`)."""
    return _icon(name, getattr(tokens(), colour))


def pixmap(name: str, size: int = 20, colour: str = "muted") -> QPixmap:
    """The same as a picture, `size` design pixels high."""
    return _drawn(name, px(size), getattr(tokens(), colour))


def dress(part: QLabel | QPushButton, name: str, size: int = 20, colour: str = "muted") -> None:
    """Give a label or a button its icon, once the screen is there. Room is kept now, so
    that nothing moves then."""
    if isinstance(part, QLabel):
        part.setFixedSize(px(size), px(size))

    def put() -> None:
        if isinstance(part, QLabel):
            part.setPixmap(pixmap(name, size, colour))
        else:
            part.setIcon(icon(name, colour))

    QTimer.singleShot(0, part, put)


@cache
def _icon(name: str, colour: str) -> QIcon:
    made = QIcon()
    for size in SIZES:
        made.addPixmap(_drawn(name, size, colour))
    return made


def _drawn(name: str, size: int, colour: str) -> QPixmap:
    """A glyph of the font on nothing, sharp on the screen that there is."""
    app = QApplication.instance()
    sharp = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    made = QPixmap(round(size * sharp), round(size * sharp))
    made.setDevicePixelRatio(sharp)
    made.fill(Qt.GlobalColor.transparent)
    family, signs = _set()
    font = QFont(family)
    font.setPixelSize(size)
    painter = QPainter(made)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QRectF(0, 0, size, size), Qt.AlignmentFlag.AlignCenter, signs[name])
    painter.end()
    return made


@cache
def _set() -> tuple[str, dict[str, str]]:
    """Family of the font, and the sign of each name."""
    spec = find_spec("qtawesome")
    assert spec is not None and spec.origin is not None
    folder = Path(spec.origin).parent / "fonts"
    font = next(folder.glob(f"{FONT}-[0-9]*.ttf"))
    charmap = next(folder.glob(f"{FONT}-charmap-*.json"))
    family = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(font)))
    codes = json.loads(charmap.read_text("utf-8"))
    return family[0], {name: chr(int(code, 16)) for name, code in codes.items()}
