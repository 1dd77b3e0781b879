"""Pictures of attachments, decoded with bounds: a hostile file is told by its size before it is decoded."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter

from teahouse.chat.pictures import picture_type

FORMATS = {
    "image/png": b"png",
    "image/jpeg": b"jpeg",
    "image/gif": b"gif",
    "image/webp": b"webp",
    "image/bmp": b"bmp",
}
"""What is decoded at all; nothing that runs or refers to other files."""

MAX_PIXELS = 120_000_000
MAX_MB = 256
"""Of memory for one picture."""

THUMBNAIL = QSize(480, 320)
"""In real pixels: sharp also on a screen of twice the density."""

VIEW = QSize(2400, 1800)
MAX_SIDE = 16_000
"""Of a picture that is pasted."""


def decode(data: bytes, most: QSize = THUMBNAIL) -> QImage | None:
    """The picture, made smaller to fit into `most`; None for what is no picture, too large or damaged."""
    kind = FORMATS.get(picture_type(data))
    if kind is None:
        return None
    QImageReader.setAllocationLimit(MAX_MB)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty() or size.width() * size.height() > MAX_PIXELS:
        return None
    if size.width() > most.width() or size.height() > most.height():
        fitted = size.scaled(most, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(fitted.expandedTo(QSize(1, 1)))
    image = reader.read()
    return None if image.isNull() else image


def encode(image: QImage) -> bytes:
    """A pasted picture as PNG; empty where it is none or cannot be written."""
    if image.isNull() or max(image.width(), image.height()) > MAX_SIDE:
        return b""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return bytes(data.data()) if QImageWriter(buffer, QByteArray(b"png")).write(image) else b""
