"""The PDF itself: read back, measured, drawn."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from migdesk.printing import blocks as b
from migdesk.printing import fonts, pdf, raster
from migdesk.printing.marks import QR_LIMIT, QrTooLong
from migdesk.printing.pieces import UnreadablePicture
from tests.printing.paper import document, pages, texts

LONG = "Le projet consiste à construire un poulailler moderne et à former deux jeunes. "


def test_same_document_same_bytes() -> None:
    paper = document(b.Title("Titre"), b.Paragraph("Mme فاطمة الزهراء " + LONG * 40))
    first = pdf.to_bytes(paper)
    pdf.to_bytes(document(b.Paragraph("غير ذلك تماما")))
    assert pdf.to_bytes(paper) == first


def test_fonts_are_embedded_and_subset() -> None:
    paper = document(b.Title("Gras"), b.Paragraph("maigre"), b.Paragraph("فاطمة"))
    found = set()
    for page in pages(paper):
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index, attr-defined]
            found.add(str(font["/BaseFont"]).partition("+")[2])
            assert "/FontFile2" in font["/FontDescriptor"]
    assert found == {"NotoSans-Regular", "NotoSans-Bold", "NotoSansArabic-Regular"}


@pytest.mark.parametrize(
    ("size", "points"), [("A4", (595, 842)), ("A5", (420, 595)), ("Letter", (612, 792))]
)
def test_page_sizes(size: b.PageSize, points: tuple[int, int]) -> None:
    box = pages(document(b.Title("Titre"), size=size))[0].mediabox
    assert (round(box.width), round(box.height)) == points


def test_title_language_and_footer() -> None:
    reader = PdfReader(BytesIO(pdf.to_bytes(document(b.Paragraph(LONG * 90)))))
    assert reader.metadata and reader.metadata.title == "Essai X-1"
    assert reader.trailer["/Root"]["/Lang"] == "fr"  # type: ignore[index]
    count = len(reader.pages)
    assert count > 1
    for number, page in enumerate(reader.pages, 1):
        words = " ".join(page.extract_text().split())
        assert "Essai · X-1" in words and "21 novembre 2026" in words
        assert f"{number} of {count}" in words or f"{number} sur {count}" in words


def test_table_over_pages_repeats_its_header_and_loses_no_row() -> None:
    rows = [(f"ligne-{i:02}", "texte assez long pour deux lignes " * 3, "1") for i in range(60)]
    columns = [b.Column("Entête"), b.Column("Texte"), b.Column("Montant", "end")]
    found = texts(document(b.Table(columns, rows, [b.Total(("Somme", "", "60"))])))
    assert len(found) > 2
    assert all("Entête" in page and "Montant" in page for page in found)
    assert all("ligne-" in page for page in found), "the total never stands alone"
    assert [sum(row[0] in page for page in found) for row in rows] == [1] * 60
    assert "Somme 60" in found[-1]


def test_row_higher_than_a_page_is_cut_and_keeps_its_words() -> None:
    words = [f"mot{i:04}" for i in range(2000)]
    columns = [b.Column("A"), b.Column("B")]
    found = texts(document(b.Table(columns, [("court", " ".join(words)), ("fin", "fin")])))
    whole = " ".join(found)
    assert len(found) > 1
    assert [word for word in words if whole.count(word) != 1] == []
    assert "fin" in found[-1]


def test_heading_never_stands_alone_at_the_foot() -> None:
    for count in range(20, 60):
        filler = [b.Paragraph(f"ligne {i}") for i in range(count)]
        found = texts(document(*filler, b.Section("Seule"), b.Paragraph(LONG * 6)))
        page = next(page for page in found if "Seule" in page)
        assert "Le projet" in page.partition("Seule")[2]


def test_question_is_never_cut() -> None:
    options = [b.CheckItem(f"choix {i}") for i in range(7)]
    questions = [
        b.Question(str(n), f"Début{n:03}", (b.Choices(options), b.Paragraph(f"Fin{n:03}")))
        for n in range(30)
    ]
    found = texts(document(*questions))
    assert len(found) > 3
    for n in range(30):
        assert [i for i, page in enumerate(found) if f"Début{n:03}" in page] == [
            i for i, page in enumerate(found) if f"Fin{n:03}" in page
        ]


def test_question_that_no_page_holds_is_cut_but_whole() -> None:
    options = [b.CheckItem(f"choix-{i:03} " + "x" * 40) for i in range(150)]
    found = texts(document(b.Question("1", "Lequel ?", (b.Choices(options, many=True),))))
    assert len(found) > 1
    whole = " ".join(found)
    assert all(f"choix-{i:03}" in whole for i in range(150))


def test_control_signs_emoji_and_markup_survive() -> None:
    text = "a\x00b\x1b <b>gras</b> &amp; 😀 \ud800 {gap} %s"
    found = texts(
        document(b.Title(text), b.Paragraph(text), b.Grid([b.Pair(text, text)]), language="en")
    )
    assert found[0].count("ab <b>gras</b> &amp; □ {gap} %s") == 4


def test_arabic_is_found_by_search() -> None:
    data = pdf.to_bytes(document(b.Paragraph("Mme فاطمة الزهراء est venue.")))
    assert "فاطمة الزهراء" in raster.read_text(data, 0)


def test_right_to_left_page_is_mirrored() -> None:
    """The ink of a short title lies on the right half of an Arabic page."""
    paper = document(b.Title("فاطمة"), language="ar")
    page = raster.draw_page(pdf.to_bytes(paper), 0, 40)
    picture = Image.frombytes("RGBA", (page.width, page.height), page.rgba).convert("L")
    band = picture.crop((0, int(page.height * 0.15), page.width, int(page.height * 0.3)))
    box = band.point(lambda value: 255 if value < 140 else 0).getbbox()
    assert box and box[0] > page.width / 2


def test_every_block_draws_empty_and_full() -> None:
    stream = BytesIO()
    Image.new("RGB", (300, 200), "#0f6b6b").save(stream, "PNG")
    empty = [b.Title(""), b.Grid([]), b.Table([b.Column("A")], []), b.Paragraph(""),
             b.CheckList([]), b.Boxes(), b.Choices([]), b.Signatures([]), b.Note(""),
             b.Code([]), b.KeepTogether([]), b.PageBreak(), b.Question("", "")]  # fmt: skip
    full = [b.Picture(stream.getvalue(), 60, "Légende"), b.Qr("MD:1", "Code"),
            b.Boxes("__/__", value="12/3456789"), b.Note(LONG * 100, "Titre")]  # fmt: skip
    assert len(pages(document(*empty, *full))) >= 2


def test_broken_picture_is_a_fault() -> None:
    with pytest.raises(UnreadablePicture):
        pdf.to_bytes(document(b.Picture(b"not a picture")))


def test_text_too_long_for_a_qr_is_a_fault() -> None:
    assert pages(document(b.Qr("é" * (QR_LIMIT // 2))))
    with pytest.raises(QrTooLong):
        pdf.to_bytes(document(b.Qr("a" * (QR_LIMIT + 1))))


def test_missing_fonts_are_a_fault() -> None:
    with pytest.raises(fonts.FontsMissing):
        fonts.face("NoSuchFont")


def test_written_to_a_path_or_a_stream(tmp_path: Path) -> None:
    paper = document(b.Title("Titre"))
    stream = BytesIO()
    assert pdf.render(paper, stream) == 1
    assert pdf.render(paper, tmp_path / "a.pdf") == 1
    assert (tmp_path / "a.pdf").read_bytes() == stream.getvalue() == pdf.to_bytes(paper)


def test_pages_as_pictures() -> None:
    data = pdf.to_bytes(document(b.Title("Titre"), b.PageBreak(), b.Title("Deux")))
    assert raster.count_pages(data) == 2
    page = raster.draw_page(data, 1, 72)
    assert (page.width, page.height) == (596, 842)
    assert len(page.rgba) == page.width * page.height * 4
    assert len(set(page.rgba[::4])) > 10
    with pytest.raises(IndexError):
        raster.draw_page(data, 2)
    with pytest.raises(raster.UnreadablePdf):
        raster.count_pages(b"no pdf")
