"""The fonts of documents: which face draws a character, how wide, how joined.

Noto Sans draws Latin (with ŋ ɓ ɗ ƴ ñ), Noto Sans Arabic draws Arabic. A character
that neither knows is drawn as an empty box. The files come from ``make fonts``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from migdesk.errors import Obstacle
from migdesk.i18n import N_
from migdesk.paths import resource

BOX = "□"
"""Stands for a character that no font has."""

_PRIVATE = 0xE000
"""Start of the private codes given to glyphs that no character names."""

_STYLES = ("Regular", "Bold", "Italic")


class FontsMissing(Obstacle):
    code = "PRN-001"
    text = N_(
        "The fonts of printed documents are missing. Install MigDesk again, or run "
        "“make fonts” in its source folder."
    )


class Glyph(NamedTuple):
    """One drawn shape; lengths in thousandths of the type size."""

    char: str
    advance: float
    dx: float
    dy: float
    natural: float


@dataclass(frozen=True, eq=False)
class Face:
    """One registered font file."""

    name: str
    font: Any
    codes: frozenset[str]
    by_glyph: dict[int, str]
    shaper: Any

    def width(self, text: str) -> float:
        """Width of unshaped text in thousandths of the type size."""
        widths = self.font.face.charWidths
        default = self.font.face.defaultWidth
        return float(sum([widths.get(ord(char), default) for char in text]))

    def shape(self, text: str, rtl: bool) -> list[Glyph]:
        """Glyphs of a run in the order in which they are drawn, left to right."""
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if rtl else "ltr"
        uharfbuzz.shape(self.shaper, buffer)
        scale = 1000 / self.shaper.face.upem
        return [
            self._glyph(info.codepoint, place, scale)
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]

    def _glyph(self, glyph: int, place: Any, scale: float) -> Glyph:
        face = self.font.face
        char = self.by_glyph.get(glyph)
        if char is None:
            # The code depends on the glyph alone, so that a document's bytes do
            # not depend on what this process printed before.
            char = chr(_PRIVATE + glyph)
            face.charToGlyph[ord(char)] = glyph
            face.charWidths[ord(char)] = scale * self.shaper.get_glyph_h_advance(glyph)
        return Glyph(
            char,
            place.x_advance * scale,
            place.x_offset * scale,
            place.y_offset * scale,
            face.charWidths[ord(char)],
        )


@lru_cache(maxsize=8)
def face(file: str) -> Face:
    """Register ``resources/fonts/<file>.ttf`` with ReportLab, once.

    Raises FontsMissing when the file is absent or unreadable.
    """
    path = resource("fonts", f"{file}.ttf")
    try:
        font = TTFont(file, str(path))
    except (TTFError, OSError) as error:
        raise FontsMissing() from error
    table = font.face.charToGlyph
    table[ord(BOX)] = 0
    font.face.charWidths[ord(BOX)] = font.face.defaultWidth
    pdfmetrics.registerFont(font)
    known = {code: glyph for code, glyph in table.items() if not _private(code)}
    by_glyph = {glyph: chr(code) for code, glyph in reversed(known.items())}
    shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))
    return Face(file, font, frozenset(map(chr, known)), by_glyph, shaper)


def latin(style: str = "Regular") -> Face:
    """Noto Sans in a style: Regular, Bold or Italic."""
    return face(f"NotoSans-{style}")


def arabic(style: str = "Regular") -> Face:
    """Noto Sans Arabic; an Arabic page has no italic, so Italic is Regular."""
    return face("NotoSansArabic-Bold" if style == "Bold" else "NotoSansArabic-Regular")


def boxed(text: str) -> str:
    """The text, each character that no font has replaced by a box."""
    if latin().codes.issuperset(text):
        return text
    known = latin().codes | arabic().codes
    return "".join([char if char in known else BOX for char in text])


def is_plain(text: str) -> bool:
    """True when Noto Sans draws the text as it stands, left to right."""
    return latin().codes.issuperset(text)


@lru_cache(maxsize=50_000)
def word_width(word: str, style: str) -> float:
    """Width of a word in thousandths of the type size, shaped where it must be."""
    if is_plain(word):
        return latin(style).width(word)
    return sum([run.width for run in runs_of(word, style)])


class Run(NamedTuple):
    """Consecutive characters that one face draws, in logical order."""

    face: Face
    text: str
    shaped: bool

    @property
    def width(self) -> float:
        """Thousandths of the type size."""
        if not self.shaped:
            return self.face.width(self.text)
        return sum([glyph.advance for glyph in self.face.shape(self.text, rtl=True)])


def runs_of(text: str, style: str, boundary: Callable[[int], bool] | None = None) -> list[Run]:
    """Cut a text where the face changes, or where `boundary(index)` says so."""
    plain, joined = latin(style), arabic(style)
    runs: list[Run] = []
    for index, char in enumerate(text):
        shaped = char not in plain.codes or (
            bool(runs) and runs[-1].shaped and char in _MARKS and char in joined.codes
        )
        chosen = joined if shaped else plain
        new = not runs or runs[-1].face is not chosen or (boundary and boundary(index))
        if new:
            runs.append(Run(chosen, char, shaped))
        else:
            runs[-1] = runs[-1]._replace(text=runs[-1].text + char)
    return runs


_MARKS = frozenset("\u200c\u200d")
"""Joiners belong to the Arabic letters around them."""


def _private(code: int) -> bool:
    return 0xE000 <= code <= 0xF8FF
