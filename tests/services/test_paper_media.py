"""Pictures and places that are answers, on paper."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from migdesk.forms import Run, xlsform
from migdesk.models.store import Store
from migdesk.printing import pdf
from migdesk.printing.photos import fitted
from migdesk.printing.sheets.questionnaire import PaperQuestion, lay_out
from migdesk.services import drafts, form_media, form_words, office, paper_forms, submissions

BOOK = """
| survey |
| | type | name | label |
| | image | photo | Photo |
| | geopoint | home | Home |
| | begin_repeat | child | Children |
| | text | called | First name |
| | image | face | Face |
| | end_repeat | child | |
| settings |
| | form_title | form_id | version |
| | Essai | essai | 1 |
"""
DRAFT = "submission:1"


def picture(kind: str, size: tuple[int, int] = (1600, 1200)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, kind)
    return made.getvalue()


@pytest.fixture
def submission(store: Store) -> str:
    store.write(office.found, {"name": "HOM", "country": "SN"}, "Fatou", "acc")
    form_xml = xlsform.convert(BOOK, ".md").xml
    form = store.write(submissions.add_questionnaire, "Essai", "essai", "1", form_xml)
    run = Run(store.read(form_words.open_form, form))
    body: dict[str, Any] = {"run": {}}
    store.write(drafts.put, DRAFT, "submission", "Essai", body)
    for name, kind in (("photo.jpg", "JPEG"), ("face.png", "PNG"), ("other.jpg", "GIF")):
        store.write(form_media.keep, DRAFT, name, picture(kind))
    run.set("/data/photo", "photo.jpg")
    run.set("/data/home", "14.6928 -17.4467 0 8")
    for name, face in (("Binta", "face.png"), ("Sira", "lost.png")):
        row = run.add("/data/child") if run.node("/data/child[1]/called").text else ""
        ref = row or "/data/child[1]"
        run.set(f"{ref}/called", name)
        run.set(f"{ref}/face", face)
    args = (form, run.finalise(), "uuid:1", {}, "", DRAFT)
    return store.write(submissions.finalise, *args)


@pytest.mark.parametrize("look", ["filled", "compact"])
def test_pictures_are_printed_with_their_questions(
    store: Store, submission: str, look: str
) -> None:
    sheet = store.read(paper_forms.questionnaire_sheet, "", submission, look)
    asked = [item for item in sheet.items if isinstance(item, PaperQuestion)]
    shown = {item.label: bool(item.picture) for item in asked}
    assert shown == {"Photo": True, "Home": False, "Face (1)": True}
    assert asked[1].answer == "14.6928 -17.4467 · accuracy 8 m"
    target = BytesIO()
    pdf.render(lay_out(sheet), target)
    pages = PdfReader(target).pages
    assert sum(len(page.images) for page in pages) >= 2
    words = " ".join(page.extract_text() for page in pages)
    assert "photo.jpg" in words and "Binta" in words


def test_a_picture_for_paper_is_no_larger_than_paper_shows() -> None:
    small = fitted(picture("JPEG", (4000, 3000)), 90)
    with Image.open(BytesIO(small)) as image:
        assert image.format == "JPEG" and image.width == round(90 / 25.4 * 160)
    with Image.open(BytesIO(fitted(picture("PNG", (40, 30)), 90))) as image:
        assert (image.format, image.size) == ("PNG", (40, 30))
    assert fitted(picture("JPEG")[:200], 90) == b""
    assert fitted(b"", 90) == b"" and fitted(b"<svg/>", 90) == b""
