"""Pictures known by their first bytes; they are never decoded here."""

from __future__ import annotations

STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def picture_type(data: bytes) -> str:
    """The MIME type of PNG, JPEG, GIF, WebP or BMP; empty for anything else, SVG too, which is text."""
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0" and len(data) > 26:
        return "image/bmp"
    return next((name for start, name in STARTS if data.startswith(start)), "")
