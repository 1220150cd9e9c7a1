"""Inputs of the answers that are not text, by type and appearance."""

from __future__ import annotations

from .barcode import BarcodeInput
from .drawing import AnnotateInput, DrawInput, SignatureInput
from .filepick import FileInput
from .geo import GeoInput
from .input import Input
from .picture import PictureInput
from .sound import SoundInput, VideoInput

MEDIA: dict[str, type[Input]] = {
    "image": PictureInput,
    "audio": SoundInput,
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
