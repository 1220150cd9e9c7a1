"""Icons of the Material Design set (qtawesome), in the colours of the theme.

Only one font of the library is loaded, and only when the first icon is painted.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPixmap

from migdesk.ui.theme import px, tokens

FONT = ("mdi6", "materialdesignicons6-webfont")


def icon(name: str, colour: str = "muted", on: str = "deep") -> QIcon:
    """The icon `name` of the set; `colour` and `on` (when checked) are names of tokens."""
    return _icon(name, getattr(tokens(), colour), getattr(tokens(), on))


def pixmap(name: str, size: int = 20, colour: str = "muted") -> QPixmap:
    """The same as a picture, `size` design pixels high."""
    return icon(name, colour).pixmap(QSize(px(size), px(size)))


@cache
def _icon(name: str, colour: str, on: str) -> QIcon:
    made = _set().icon(f"mdi6.{name}", color=colour, color_on=on, color_active=colour)
    return QIcon(made)


@cache
def _set() -> Any:
    from qtawesome import iconic_font

    prefix, file = FONT
    folder = Path(iconic_font.__file__).parent / "fonts"
    font = next(folder.glob(f"{file}-[0-9]*.ttf"))
    charmap = next(folder.glob(f"{file}-charmap-*.json"))
    return iconic_font.IconicFont((prefix, font.name, charmap.name, str(folder)))
