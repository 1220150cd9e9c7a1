"""What a document is made of: neutral pieces that know no format.

A sheet lays out its data as a tuple of these; `pdf.render` draws them, and another
format (DOCX, HTML) would be one more file that reads them. All texts are ready for
display, in the language of the document; nothing in them is read as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Align = Literal["start", "end", "center"]
PageSize = Literal["A4", "A5", "Letter"]
Tone = Literal["plain", "accent", "warning"]


@dataclass(frozen=True)
class Title:
    """Name of the document, with a line above (kind) and below (subject)."""

    text: str
    kicker: str = ""
    subtitle: str = ""


@dataclass(frozen=True)
class Section:
    """Heading; it never stands alone at the foot of a page. Level 1 or 2."""

    text: str
    level: int = 1
    aside: str = ""


@dataclass(frozen=True)
class Pair:
    """A label and its value. `wide` takes the whole width; `blank` leaves a ruled
    line to write on when there is no value (otherwise the pair is left out)."""

    label: str
    value: str = ""
    wide: bool = False
    blank: bool = False


@dataclass(frozen=True)
class Grid:
    """Labels and values in columns."""

    pairs: Sequence[Pair]
    columns: int = 2


@dataclass(frozen=True)
class Column:
    """A column of a table. `share` is its part of the width; 0 fits the content."""

    label: str
    align: Align = "start"
    share: float = 0


@dataclass(frozen=True)
class Total:
    """A closing row: its cells, one a column; `tone` "warning" for a gap to find."""

    cells: Sequence[str]
    tone: Tone = "plain"


@dataclass(frozen=True)
class Table:
    """Rows under a header repeated on each page. A row is never cut unless it is
    higher than a page. `write_in` rules the cells and gives room for handwriting."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    totals: Sequence[Total] = ()
    empty: str = ""
    write_in: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Running text; a line break in it begins a new line. "code" is printed exactly."""

    text: str
    style: Literal["body", "lead", "small", "hint", "strong", "code"] = "body"


@dataclass(frozen=True)
class CheckItem:
    """A line of a check list: ticked or not, with a remark."""

    label: str
    ticked: bool = False
    remark: str = ""


@dataclass(frozen=True)
class CheckList:
    """Square boxes, one an item."""

    items: Sequence[CheckItem]


@dataclass(frozen=True)
class Boxes:
    """Room to write: comb boxes (one a sign, "__/__/____" keeps the slashes) or
    ruled lines. `value` fills them."""

    pattern: str = ""
    lines: int = 0
    value: str = ""


@dataclass(frozen=True)
class Choices:
    """Boxes to tick, square when several may be, round when one may be."""

    options: Sequence[CheckItem]
    many: bool = False


@dataclass(frozen=True)
class Party:
    """Who signs: in what quality, and their name."""

    role: str
    name: str = ""


@dataclass(frozen=True)
class Signatures:
    """One box a party, side by side, never cut."""

    parties: Sequence[Party]


@dataclass(frozen=True)
class Picture:
    """PNG or JPEG bytes, at most `width` millimetres wide."""

    data: bytes
    width: float = 60
    caption: str = ""


@dataclass(frozen=True)
class Chart:
    """Bars, a line a category: those of several series under each other, or `stacked` as
    parts of a whole. ``values[series][category]``, None where it is hidden."""

    categories: Sequence[str]
    series: Sequence[str]
    values: Sequence[Sequence[float | None]]
    stacked: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Qr:
    """A QR code of `size` millimetres, with words beside it."""

    data: str
    caption: str = ""
    size: float = 30


@dataclass(frozen=True)
class Note:
    """A tinted box that stands out."""

    text: str
    title: str = ""
    tone: Tone = "accent"


@dataclass(frozen=True)
class Code:
    """Signs to copy by hand, large, in groups; printed exactly as given."""

    groups: Sequence[str]
    columns: int = 4


@dataclass(frozen=True)
class KeepTogether:
    """Pieces that move to the next page as one, if a page can hold them."""

    blocks: Sequence[Block]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a page."""


@dataclass(frozen=True)
class Question:
    """A numbered question with its skip instruction and room or answer below.
    It is never cut by a page, if a page can hold it."""

    number: str
    label: str
    body: Sequence[Block] = ()
    hint: str = ""
    condition: str = ""
    required: bool = False


Block: TypeAlias = (
    Title | Section | Grid | Table | Paragraph | CheckList | Boxes | Choices | Signatures
    | Picture | Chart | Qr | Note | Code | KeepTogether | PageBreak | Question
)  # fmt: skip


@dataclass(frozen=True)
class Letterhead:
    """The office at the head of the first page. `logo`: PNG or JPEG bytes."""

    office: str
    lines: Sequence[str] = ()
    hours: str = ""
    logo: bytes = b""


@dataclass(frozen=True)
class Document:
    """A whole document. `date` and all texts are ready for display; `mark` is what
    the QR of each page names (the record's code when empty)."""

    title: str
    code: str
    language: str
    blocks: Sequence[Block]
    letterhead: Letterhead
    date: str = ""
    page_size: PageSize = "A4"
    footer: str = ""
    mark: str = ""
