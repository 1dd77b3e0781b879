"""Pictures are decoded with bounds; hostile ones only show as nothing."""

from __future__ import annotations

import struct
import time
import zlib

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QColor, QImage, QImageWriter

from teahouse_desktop.composer import pictures

pytestmark = pytest.mark.gui


def picture(width: int = 60, height: int = 40, kind: str = "PNG") -> bytes:
    """A picture with four colours."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    for number, colour in enumerate(("red", "green", "blue", "white")):
        for x in range(width * number // 4, width * (number + 1) // 4):
            for y in range(height):
                image.setPixelColor(x, y, QColor(colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(kind.lower().encode())).write(image)
    return bytes(data.data())


def claims(width: int, height: int) -> bytes:
    """A PNG that says it is this large and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10**6))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP"])
def test_a_picture_is_decoded(kind: str) -> None:
    image = pictures.decode(picture(kind=kind))
    assert image is not None
    assert image.size() == QSize(60, 40)
    assert image.pixelColor(2, 20).red() > 200


def test_a_large_one_is_made_smaller_and_keeps_its_shape() -> None:
    image = pictures.decode(picture(1200, 300), QSize(400, 400))
    assert image is not None
    assert image.size() == QSize(400, 100)


def test_an_extreme_shape_keeps_a_pixel() -> None:
    image = pictures.decode(picture(4000, 1))
    assert image is not None and image.height() == 1


@pytest.mark.parametrize(
    ("width", "height"), [(2**31 - 1, 2**31 - 1), (60_000, 60_000), (11_000, 10_000), (0, 5)]
)
def test_a_bomb_is_told_by_its_size(width: int, height: int) -> None:
    begun = time.monotonic()
    assert pictures.decode(claims(width, height)) is None
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("cut", [9, 30, 45, 80])
def test_a_cut_picture_is_none_or_what_is_there(cut: int) -> None:
    image = pictures.decode(picture()[:cut])
    assert image is None or image.size() == QSize(60, 40)


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.4", b"\0" * 99])
def test_what_is_no_picture_is_not_decoded(data: bytes) -> None:
    assert pictures.decode(data) is None


def test_every_byte_may_be_wrong() -> None:
    whole = picture(8, 8, "BMP"), picture(8, 8), picture(8, 8, "JPEG"), picture(8, 8, "WEBP")
    for data in whole:
        for place in range(12, min(len(data), 120)):
            pictures.decode(data[:place] + b"\xff" + data[place + 1 :])


def test_a_pasted_picture_becomes_a_png() -> None:
    image = pictures.decode(picture())
    assert image is not None
    assert pictures.decode(pictures.encode(image)) == image
    assert pictures.encode(QImage()) == b""
    assert pictures.encode(QImage(20_000, 1, QImage.Format.Format_Mono)) == b""
