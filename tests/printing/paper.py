"""Short ways to make a document and read it back."""

from io import BytesIO

from pypdf import PageObject, PdfReader

from migdesk.printing.blocks import Block, Document, Letterhead, PageSize
from migdesk.printing.pdf import to_bytes
from migdesk.printing.sheets import SHEETS, Imprint

OFFICE = Letterhead("Bureau de Sédhiou", ("Face à la préfecture",), "Ouvert : 8 h – 16 h")


def imprint(language: str = "fr", code: str = "S-0093") -> Imprint:
    return Imprint(language, OFFICE, code, "21 novembre 2026")


def document(*blocks: Block, language: str = "fr", size: PageSize = "A4") -> Document:
    return Document(
        "Essai", "X-1", language, blocks, OFFICE, "21 novembre 2026", page_size=size
    )


def pages(paper: Document) -> list[PageObject]:
    return list(PdfReader(BytesIO(to_bytes(paper))).pages)


def texts(paper: Document) -> list[str]:
    """Words of each page, spaces of every kind made plain and runs of them one."""
    return [" ".join(page.extract_text().split()) for page in pages(paper)]


def printed(key: str, data: object) -> list[str]:
    """Words of each page of a sheet."""
    return texts(SHEETS[key].lay_out(data))
