"""Pictures, sound and video that go with the words of a form, by file name."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from migdesk.forms.definition import Item, Itext, Node, TextRef
from migdesk.forms.instance import Row

if TYPE_CHECKING:
    from migdesk.forms.form import Form
    from migdesk.forms.run import Run

FORMS = ("image", "big-image", "audio", "video")
"""Forms of a text that name a file: ``jr://images/house.png``."""
_SILENT = frozenset({"image", "big-image"})


@dataclass(frozen=True, slots=True)
class Media:
    """Names of files attached to the form; "" where there is none. `big_image` is what a
    person sees who wants to look closer at `image`."""

    image: str = ""
    big_image: str = ""
    audio: str = ""
    video: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


NO_MEDIA = Media()


def file_name(uri: str) -> str:
    """``house.png`` of ``jr://images/house.png``; what is no address is a name already."""
    return uri.strip().rpartition("/")[2]


def in_columns(media: Media, line: Item) -> Media:
    """Files that a line of a list names in the columns that `media` names."""
    if not media:
        return NO_MEDIA
    return Media(*(file_name(line.get(getattr(media, each.name))) for each in fields(media)))


def texts_with_media(itext: Itext) -> frozenset[str]:
    """Ids of the texts that name a file in any language."""
    return frozenset(
        text_id
        for texts in itext.values()
        for text_id, forms in texts.items()
        if any(form in forms for form in FORMS)
    )


def still_of(form: Form, ref: TextRef | None, language: str) -> str:
    """Name of the picture of a text, for paper; "" where there is none."""
    parts = form.parts(ref, language, "image") or form.parts(ref, language, "big-image")
    return file_name("".join(part for part in parts if isinstance(part, str)))


def media_of(run: Run, ref: TextRef | None, node: Node, row: Row) -> Media:
    """Files of a text in the language in use. A picture is borrowed from any language
    that has one, what speaks only from the form's default language."""
    if ref is None or ref.itext not in run.form.media_texts:
        return NO_MEDIA
    itext = run.form.definition.itext
    near = [itext.get(code, {}) for code in (run.language, run.form.default_language)]
    return Media(
        *(
            file_name(run.words(ref, node, row, form))
            if form in _SILENT or any(form in texts.get(ref.itext, ()) for texts in near)
            else ""
            for form in FORMS
        )
    )
