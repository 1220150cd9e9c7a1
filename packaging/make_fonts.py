"""Make the static fonts that documents embed, from the variable Noto fonts.

ReportLab reads static TrueType only. Instancing takes some seconds a style, so it
is done once, by ``make fonts``, and never when the program runs. The files land
in ``resources/fonts`` (not kept in git; packed in the wheel).
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "fonts"
RECIPE = 3
"""Raised when the way to make the files changes, so that old files are remade."""


@dataclass(frozen=True)
class Style:
    """One static font: the file to write, and where it is cut from."""

    file: str
    package: str
    source: str
    weight: int


STYLES = (
    Style("NotoSans-Regular.ttf", "fontpkg-noto-sans", "NotoSans[wdth,wght].ttf", 400),
    Style("NotoSans-Bold.ttf", "fontpkg-noto-sans", "NotoSans[wdth,wght].ttf", 700),
    Style("NotoSans-Italic.ttf", "fontpkg-noto-sans", "NotoSans-Italic[wdth,wght].ttf", 400),
    Style(
        "NotoSansArabic-Regular.ttf",
        "fontpkg-noto-sans-arabic",
        "NotoSansArabic[wdth,wght].ttf",
        400,
    ),
    Style(
        "NotoSansArabic-Bold.ttf",
        "fontpkg-noto-sans-arabic",
        "NotoSansArabic[wdth,wght].ttf",
        700,
    ),
)


def make_fonts(folder: Path = FOLDER) -> list[Path]:
    """Write every font that is missing or stale; return those written.

    A stamp beside each file names the package version and the recipe that made it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [folder / s.file for s in STYLES if not _current(s, folder) and _write(s, folder)]


def _stamp(style: Style) -> str:
    version = importlib.metadata.version(style.package)
    return f"{style.package} {version} weight {style.weight} recipe {RECIPE}\n"


def _stamp_file(style: Style, folder: Path) -> Path:
    return (folder / style.file).with_suffix(".made")


def _current(style: Style, folder: Path) -> bool:
    stamp = _stamp_file(style, folder)
    made = (folder / style.file).is_file() and stamp.is_file()
    return made and stamp.read_text(encoding="utf-8") == _stamp(style)


def _write(style: Style, folder: Path) -> bool:
    font = instantiateVariableFont(
        TTFont(_source(style), recalcTimestamp=False),
        {"wght": style.weight, "wdth": 100},
        inplace=True,
    )
    _name(font, style.file.removesuffix(".ttf"))
    # Written beside and renamed: two builds at once never leave half a font.
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    with os.fdopen(handle, "wb") as out:
        font.save(out)
    Path(name).chmod(0o644)
    Path(name).replace(folder / style.file)
    _stamp_file(style, folder).write_text(_stamp(style), encoding="utf-8")
    return True


def _name(font: TTFont, name: str) -> None:
    """Family and style for the screen, and a PostScript name of its own: two styles with
    one PostScript name would share one embedded font in a PDF."""
    plain, style = name.split("-")
    family = "Noto Sans Arabic" if plain.endswith("Arabic") else "Noto Sans"
    for record in list(font["name"].names):
        if record.nameID in (16, 17, 25):
            font["name"].removeNames(nameID=record.nameID)
    for name_id, text in (
        (1, family),
        (2, style),
        (3, name),
        (4, f"{family} {style}"),
        (6, name),
    ):
        font["name"].setName(text, name_id, 3, 1, 0x409)
    # Qt and Windows group styles by these flags rather than by their names.
    bold, italic = style == "Bold", style == "Italic"
    font["head"].macStyle = bold | italic << 1
    font["OS/2"].fsSelection = bold << 5 | italic | (not (bold or italic)) << 6
    font["OS/2"].usWeightClass = 700 if bold else 400


def _source(style: Style) -> Path:
    for file in importlib.metadata.files(style.package) or ():
        if file.name == style.source:
            return Path(str(file.locate()))
    raise SystemExit(f"{style.package} holds no {style.source}")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for path in make_fonts(target):
        print(f"made {path.name}")
