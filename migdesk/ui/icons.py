"""Icons of the Material Design set (qtawesome), in the colours of the theme.

Only one font of the library is loaded, and not before the window was painted once: what
shows an icon asks for it with `dress`, and gets it when there is time.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QLabel, QPushButton

from migdesk.ui.theme import px, tokens

FONT = ("mdi6", "materialdesignicons6-webfont")


def icon(name: str, colour: str = "muted") -> QIcon:
    """The icon `name` of the set in a colour of the theme (`migdesk.ui.theme.Tokens`)."""
    return _icon(name, getattr(tokens(), colour))


def pixmap(name: str, size: int = 20, colour: str = "muted") -> QPixmap:
    """The same as a picture, `size` design pixels high."""
    return icon(name, colour).pixmap(QSize(px(size), px(size)))


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
    return QIcon(_set().icon(f"mdi6.{name}", color=colour))


@cache
def _set() -> Any:
    from qtawesome import iconic_font

    prefix, file = FONT
    folder = Path(iconic_font.__file__).parent / "fonts"
    font = next(folder.glob(f"{file}-[0-9]*.ttf"))
    charmap = next(folder.glob(f"{file}-charmap-*.json"))
    return iconic_font.IconicFont((prefix, font.name, charmap.name, str(folder)))
