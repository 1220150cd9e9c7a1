"""Words on paper: cleaned, set by the rules of their language, broken in lines, drawn."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import pyphen
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from migdesk.printing import direction, fonts
from migdesk.printing.colours import INK, Colour

NBSP, THIN = "\u00a0", "\u202f"
HYPHEN = "\u2010"

_SPACES = "[ \u00a0\u202f]*"
_KEPT = "\u200c\u200d\u200e\u200f"
_EMOJI_TAIL = re.compile(
    "[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[\u2600-\u27bf\U0001f000-\U0001faff]"
)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def clean(text: str) -> str:
    """Text that any font can take: composed (NFC), no control or stray format
    characters, one kind of line break, an emoji sequence reduced to its first sign,
    and a box for each character that no font has."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", _BREAKS.sub("\n", text)).replace("\t", " ")
    text = _EMOJI_TAIL.sub("", text)
    kept = [c for c in text if c in "\n" + _KEPT or unicodedata.category(c) not in _CONTROL]
    return "\n".join([fonts.boxed(line) for line in "".join(kept).split("\n")])


_CONTROL = frozenset({"Cc", "Cf", "Cs"})

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_FRENCH = (
    (re.compile(rf"(?<=[^\s(\[«;:!?]){_SPACES}([;!?]+)(?=[\s)\]»….,]|$)"), THIN + r"\1"),
    (re.compile(rf"(?<=[^\s(\[«:;!?]){_SPACES}:(?=[\s»]|$)"), NBSP + ":"),
    (re.compile(rf"(?<=\d){_SPACES}%(?!\w)"), NBSP + "%"),
    (re.compile(rf"(?<=[^\s«]){_SPACES}»"), NBSP + "»"),
    (re.compile(rf"«{_SPACES}(?=\S)"), "«" + NBSP),
    (re.compile(r"(?<=\d)[ \u202f](?=(?:F CFA|XOF|EUR|USD|€)(?!\w))"), NBSP),
    (re.compile(r"\bF CFA\b"), f"F{NBSP}CFA"),
    (re.compile(r"\b(MM?\.|Mme|Mlle|Dr|[nN]°) (?=\S)"), r"\1" + NBSP),
)
_THOUSANDS = re.compile(r"(?<!\d )(?<![\d+.,/-])\d{1,3}(?: \d{3})+(?! ?\d)")


def typography(text: str, language: str) -> str:
    """Set a text by the rules of its language; doing it twice changes nothing.

    French (Lexique des règles typographiques en usage à l’Imprimerie nationale):
    thin no-break space before ; ! ?, no-break space before : » % and after «, thin
    no-break space between groups of three digits, units kept with their number. All
    languages but Arabic: a curved apostrophe. Web addresses and hours are untouched.
    """
    if language == "ar":
        return text
    if "'" in text:
        text = _APOSTROPHE.sub("’", text)
    if language != "fr" or text.isalpha():
        return text
    text = _THOUSANDS.sub(lambda found: found.group().replace(" ", THIN), text)
    for rule, change in _FRENCH:
        text = rule.sub(change, text)
    return text


@dataclass(frozen=True)
class Style:
    """How a piece of text looks; lengths in points, `align` seen from the reading side."""

    size: float = 9.5
    leading: float = 13.5
    face: str = "Regular"
    colour: Colour = INK
    align: str = "start"
    hyphenate: bool = False
    verbatim: bool = False


class Line(NamedTuple):
    """One broken line and its width in points."""

    text: str
    width: float


class Prose:
    """A text in one style, in one page language; breaks itself to any width."""

    def __init__(self, text: str, style: Style, language: str) -> None:
        self.style, self.language = style, language
        cleaned = clean(text).strip("\n ")
        self.text = cleaned if style.verbatim else typography(cleaned, language)
        page_rtl = language == "ar"
        self.rtl = direction.base_is_rtl(self.text, page_rtl)
        if direction.has_right_to_left(self.text):
            self.text = direction.hold_numbers(self.text)
        sides = ("right", "left") if page_rtl else ("left", "right")
        self.side = {"start": sides[0], "end": sides[1]}.get(style.align, "center")
        self._broken: tuple[float, list[Line]] | None = None

    def lines(self, width: float) -> list[Line]:
        """The text broken to `width` points; at least one line."""
        if self._broken is None or self._broken[0] != width:
            # At least one sign a line, however narrow: breaking always ends.
            self._broken = (width, self._break(max(width, 1.0)))
        return self._broken[1]

    def height(self, width: float) -> float:
        return len(self.lines(width)) * self.style.leading

    def natural(self) -> tuple[float, float]:
        """Width in points of the longest word, and of the longest unbroken line."""
        widest = longest = 0.0
        for row in self.text.split("\n"):
            words = [self._width(word) for word in row.split(" ")]
            widest = max(widest, *words)
            longest = max(longest, sum(words) + self._width(" ") * (len(words) - 1))
        return widest, longest

    def cut(self, width: float, count: int) -> tuple[Prose, Prose]:
        """The first `count` lines, and the others."""
        lines = self.lines(width)
        return self._part(width, lines[:count]), self._part(width, lines[count:])

    def draw(self, canvas: Canvas, x: float, top: float, width: float) -> None:
        """Draw within `width`, the first line's box starting at `top`."""
        style = self.style
        text = canvas.beginText()
        text.setFillColor(style.colour)
        # Centred on the height of capitals, so that text sits evenly in its box.
        y = top - style.leading / 2 - 0.357 * style.size
        spans: list[tuple[Line, float, float]] = []
        for line in self.lines(width):
            room = width - line.width
            shift = {"left": 0.0, "right": room, "center": room / 2}[self.side]
            if self.rtl or not fonts.is_plain(line.text):
                spans.append((line, x + shift, y))
            elif line.text:
                text.setFont(fonts.latin(style.face).name, style.size)
                text.setTextOrigin(x + shift, y)
                text.textOut(line.text)
            y -= style.leading
        canvas.drawText(text)
        for span in spans:
            _draw_mixed(canvas, self, *span)

    def _part(self, width: float, lines: list[Line]) -> Prose:
        part = object.__new__(Prose)
        part.__dict__.update(self.__dict__)
        part.text = "\n".join([line.text for line in lines])
        part._broken = (width, lines)
        return part

    def _width(self, word: str) -> float:
        return fonts.word_width(word, self.style.face) * self.style.size / 1000

    def _break(self, width: float) -> list[Line]:
        broken: list[Line] = []
        space = self._width(" ")
        for row in self.text.split("\n"):
            line, used = "", 0.0
            waiting = row.split(" ")[::-1]
            while waiting:
                word = waiting.pop()
                lead = space if line else 0.0
                size = self._width(word)
                if used + lead + size <= width + 0.01:
                    line, used = (f"{line} {word}" if line else word), used + lead + size
                    continue
                head, tail = self._cut_word(word, width - used - lead, width)
                if head:
                    line = f"{line} {head}" if line else head
                    used += lead + self._width(head)
                waiting.append(tail)
                broken.append(Line(line, used))
                line, used = "", 0.0
            broken.append(Line(line, used))
        return broken

    def _cut_word(self, word: str, room: float, width: float) -> tuple[str, str]:
        """Cut a word that does not fit in `room`: what stays on the line, and the rest.

        A word is hyphenated where a wide hole would stand. One that no line can
        hold (a code, an address) is cut after its last / . - _ @ that fits, or
        where the line ends.
        """
        too_long = self._width(word) > width
        if too_long or (self.style.hyphenate and room > 0.2 * width):
            for place in reversed(_hyphens(self.language, word)):
                if self._width(word[:place] + HYPHEN) <= room:
                    return word[:place] + HYPHEN, word[place:]
        if not too_long or room < 0.5 * width:
            return "", word
        count, used = 0, 0.0
        for char in word:
            used += self._width(char)
            if used > room and count:
                break
            count += 1
        joint = max(word.rfind(sign, 0, count) for sign in "/.-_@") + 1
        count = joint if joint > count // 2 else count
        return word[:count], word[count:]


@lru_cache(maxsize=4)
def _dictionary(language: str) -> pyphen.Pyphen | None:
    if language not in pyphen.LANGUAGES:
        return None
    return pyphen.Pyphen(lang=language, left=3, right=3)


def _hyphens(language: str, word: str) -> list[int]:
    dictionary = _dictionary(language)
    if dictionary is None or len(word) < 7 or not word.isalpha() or not word.islower():
        return []
    return list(dictionary.positions(word))


def _draw_mixed(canvas: Canvas, prose: Prose, line: Line, x: float, y: float) -> None:
    """Draw a line of several scripts, with its logical words for search and copy."""
    style = prose.style
    logical = line.text.translate({0x200E: None, 0x200F: None, 0xA0: " "})
    words = "FEFF" + logical.encode("utf-16-be").hex().upper()
    canvas.addLiteral(f"/Span <</ActualText <{words}>>> BDC")
    text = canvas.beginText()
    text.setFillColor(style.colour)
    for run in direction.drawn_order(line.text, prose.rtl, style.face):
        text.setFont(run.face.name, style.size)
        x = _draw_run(text, run, style.size, x, y)
    canvas.drawText(text)
    canvas.addLiteral("EMC")


def _draw_run(text: PDFTextObject, run: fonts.Run, size: float, x: float, y: float) -> float:
    """Draw one run; return where the next begins."""
    unit = size / 1000
    if not run.shaped:
        text.setTextOrigin(x, y)
        text.textOut(run.text)
        return x + run.width * unit
    pending, start, end = "", x, x
    for glyph in run.face.shape(run.text, rtl=True):
        if pending and (glyph.dx or glyph.dy or abs(end - x) > 0.001):
            text.setTextOrigin(start, y)
            text.textOut(pending)
            pending = ""
        if glyph.dx or glyph.dy:
            text.setTextOrigin(x + glyph.dx * unit, y + glyph.dy * unit)
            text.textOut(glyph.char)
        else:
            start = start if pending else x
            pending += glyph.char
            end = x + glyph.natural * unit
        x += glyph.advance * unit
        if not pending:
            end = x
    if pending:
        text.setTextOrigin(start, y)
        text.textOut(pending)
    return x
