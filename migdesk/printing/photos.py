"""Photographs made small enough for paper: a page needs no more than it can show."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

DOTS = 160
"""Dots in an inch: what an office printer shows of a photograph."""
READ = ("PNG", "JPEG", "WEBP", "GIF", "BMP")


def fitted(data: bytes, width: float) -> bytes:
    """PNG or JPEG bytes of a picture, upright, for `width` millimetres; empty if it
    cannot be read as a picture."""
    try:
        with Image.open(BytesIO(data), formats=READ) as image:
            return _small(image, round(width / 25.4 * DOTS))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return b""


def _small(image: Image.Image, side: int) -> bytes:
    drawn = image.format in ("PNG", "GIF", "BMP")
    image.draft("RGB", (side, side))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((side, side * 2))
    made = BytesIO()
    if drawn:
        upright.convert("RGBA").save(made, "PNG", optimize=True)
    else:
        upright.convert("RGB").save(made, "JPEG", quality=82)
    return made.getvalue()
