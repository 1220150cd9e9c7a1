"""Inputs of the answers that are not text, by type and appearance."""

from __future__ import annotations

from migdesk.forms import Live

from .barcode import BarcodeInput
from .drawing import AnnotateInput, DrawInput, SignatureInput
from .filepick import FileInput
from .geo import GeoInput
from .input import Input
from .picture import PictureInput
from .recording import RecordInput
from .shelf import Shelf
from .sound import SoundInput, VideoInput

MEDIA: dict[str, type[Input]] = {
    "image": PictureInput,
    "audio": RecordInput,
    "video": VideoInput,
    "file": FileInput,
    "barcode": BarcodeInput,
    "geopoint": GeoInput,
    "geotrace": GeoInput,
    "geoshape": GeoInput,
}
MEDIA_LOOKS: dict[tuple[str, str], type[Input]] = {
    ("image", "draw"): DrawInput,
    ("image", "signature"): SignatureInput,
    ("image", "annotate"): AnnotateInput,
}
_SHOWN: dict[str, type[FileInput]] = {
    "image": PictureInput,
    "audio": SoundInput,
    "video": VideoInput,
    "file": FileInput,
}


def shown_file(shelf: Shelf, live: Live) -> FileInput | None:
    """An answer that is a file, to look at; None for other answers."""
    made = _SHOWN.get(live.type)
    if made is None or not live.text:
        return None
    shown = made(live, locked=True)
    shown.furnish(shelf)
    return shown
