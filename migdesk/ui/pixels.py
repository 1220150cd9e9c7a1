"""Pictures read and written anew, so that nothing but the picture itself is kept.

A photograph of a telephone says where and when it was taken and by which device. What
is kept here is drawn anew from its pixels: turned upright, and without any of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QColorSpace, QImage, QImageReader, QPainter

from migdesk.errors import Mistake
from migdesk.i18n import N_
from migdesk.services.attachments import LIMIT

READ = ("png", "jpeg", "jpg", "webp", "gif", "bmp", "tiff", "tif")
PATTERNS = " ".join(f"*.{ending}" for ending in READ)
RAW_LIMIT = 200 * 1024 * 1024
"""Largest picture that is opened; kept, it is at most `LIMIT` like any file."""
LONGEST = 4096
"""Longest side of a picture that is kept, in pixels."""
SMALLER = (LONGEST, 2560, 1600)
"""Tried in this order, as JPEG, where a picture is still larger than `LIMIT` bytes."""
SCREEN = 2048
"""Longest side of what the screen shows, and of what is drawn on."""
QUALITY = 88


class NoPicture(Mistake):
    """A file that is no picture we can read."""

    code = "FIL-003"
    text = N_(
        "“{name}” cannot be read as a picture. Choose a PNG, JPEG, WebP, GIF, BMP or TIFF file."
    )


@dataclass(frozen=True)
class Cleaned:
    """A picture ready to keep. `reduced`: it is smaller than what was given."""

    name: str
    data: bytes
    reduced: bool


def cleaned(name: str, data: bytes, longest: int = 0) -> Cleaned:
    """A picture upright, without place, date or device, at most `longest` pixels on its
    longer side (0: 4096). Raises NoPicture."""
    wanted = min(longest or LONGEST, LONGEST)
    image, reduced, _size = _read(name, data, wanted)
    again = encoded(image, _sharp(data))
    for most in SMALLER:
        if len(again) <= LIMIT:
            break
        image, reduced, _size = _read(name, data, min(most, wanted))
        again = encoded(image, False)
    ending = ".png" if again.startswith(b"\x89PNG") else ".jpg"
    return Cleaned(f"{PurePosixPath(name).stem}{ending}", again, reduced)


def drawn(image: QImage, name: str, longest: int = 0, sharp: bool = True) -> Cleaned:
    """A picture that was made here, or came by the clipboard; `sharp`: as PNG."""
    most = min(longest or LONGEST, LONGEST)
    kept = scaled(image, most)
    return Cleaned(name, encoded(kept, sharp), kept.size() != image.size())


def scaled(image: QImage, most: int) -> QImage:
    """The picture, at most `most` pixels on its longer side."""
    if max(image.width(), image.height()) <= most:
        return image
    return image.scaled(most, most, _KEEP, _SMOOTH)


@dataclass(frozen=True)
class Seen:
    """A picture for the screen: its own size, and pixels that may be fewer."""

    image: QImage
    size: QSize
    weight: int


def seen(data: bytes, most: int = SCREEN) -> Seen:
    """A picture ready to be shown, at most `most` pixels long; a null one where it cannot be
    read."""
    try:
        image, _reduced, size = _read("", data, most)
    except NoPicture:
        return Seen(QImage(), QSize(), len(data))
    return Seen(image, size, len(data))


def encoded(image: QImage, sharp: bool) -> bytes:
    """PNG where edges are sharp or something shows through, else JPEG; pixels only."""
    plain = QImage(image.size(), QImage.Format.Format_ARGB32)
    plain.fill(QColor(0, 0, 0, 0) if sharp else QColor("white"))
    painter = QPainter(plain)
    painter.drawImage(0, 0, image)
    painter.end()
    if not sharp:
        plain = plain.convertToFormat(QImage.Format.Format_RGB32)
    plain.setDotsPerMeterX(3780)
    plain.setDotsPerMeterY(3780)
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    plain.save(held, "PNG" if sharp else "JPEG", -1 if sharp else QUALITY)  # type: ignore[call-overload]
    return bytes(held.data().data())


_KEEP = Qt.AspectRatioMode.KeepAspectRatio
_SMOOTH = Qt.TransformationMode.SmoothTransformation


def _sharp(data: bytes) -> bool:
    """Drawn or photographed of a screen, by its kind: not a photograph."""
    return data[:4] in (b"\x89PNG", b"GIF8") or data[:2] == b"BM"


def _read(name: str, data: bytes, most: int) -> tuple[QImage, bool, QSize]:
    """Pixels, upright and in the common colours; scaled while reading if too large."""
    source = QBuffer()
    source.setData(QByteArray(data))
    source.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(source)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if bytes(reader.format().data()).decode() not in READ or size.isEmpty():
        raise NoPicture(name=name)
    reduced = max(size.width(), size.height()) > most
    if reduced:
        reader.setScaledSize(size.scaled(QSize(most, most), _KEEP))
    image = reader.read()
    if image.isNull():
        raise NoPicture(name=name)
    if image.colorSpace().isValid():
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    return image, reduced, size
