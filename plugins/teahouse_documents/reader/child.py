"""The child that draws the pages of one PDF: without network, seeing no file but this one (Linux).

Verbs: `open(path)` → how many pages; `draw(page, width, passage)` → the picture of a page, packed, and where
the passage stands on it.
"""

from __future__ import annotations

import base64
import ctypes
import zlib
from contextlib import closing
from typing import Any

from teahouse.workers.child import Call, Server
from teahouse_documents.loaders.refusal import Refused, broken, locked
from teahouse_documents.reader.finding import find

MEMORY_BYTES = 3 * 2**30
WIDEST, MOST_POINTS = 3000, 16_000_000
"""Of a picture, in points of the screen."""
MOST_CHARACTERS = 60_000
"""Of a page that are looked through."""


class Pages:
    """The one open document."""

    def __init__(self) -> None:
        self._document: Any = None

    def open(self, call: Call, *, path: str) -> int:
        """Open the file; returns how many pages it has."""
        import pypdfium2

        try:
            self._document = pypdfium2.PdfDocument(path)
            return len(self._document)
        except pypdfium2.PdfiumError as error:
            raise _reason(error) from error

    def draw(self, call: Call, *, page: int, width: int, passage: str) -> dict[str, Any]:
        """A page, from 0, so many points wide, and the boxes of the passage on it."""
        import pypdfium2

        try:
            with closing(self._document[page]) as opened:
                picture, size = _picture(opened, width)
                boxes, share = _boxes(opened, size, passage)
        except (pypdfium2.PdfiumError, ValueError, IndexError) as error:
            raise _reason(error) from error
        return {**picture, "boxes": boxes, "share": share, "pages": len(self._document)}


def serve(server: Server) -> None:
    """Register the verbs."""
    _bound_memory()
    pages = Pages()
    server.verb("open", pages.open)
    server.verb("draw", pages.draw)


def _picture(page: Any, width: int) -> tuple[dict[str, Any], tuple[int, int]]:
    wide, high = page.get_size()
    scale = min(width, WIDEST) / max(1.0, wide)
    scale = min(scale, (MOST_POINTS / max(1.0, wide * high)) ** 0.5)
    with closing(page.render(scale=scale, prefer_bgrx=True)) as bitmap:
        packed = base64.b64encode(zlib.compress(bytes(bitmap.buffer), 1)).decode("ascii")
        size = (bitmap.width, bitmap.height)
        return {"width": size[0], "height": size[1], "stride": bitmap.stride, "data": packed}, size


def _boxes(page: Any, size: tuple[int, int], passage: str) -> tuple[list[list[int]], float]:
    """Left, top, width and height of each line of the passage on the picture; how much of it is there."""
    from pypdfium2 import raw

    with closing(page.get_textpage()) as text:
        count = min(text.count_chars(), MOST_CHARACTERS)
        characters = "".join(_character(raw.FPDFText_GetUnicode(text, place)) for place in range(count))
        spot = find(characters, passage)
        boxes = []
        for start, length in spot.spans:
            for number in range(text.count_rects(start, length)):
                boxes.append(_on_picture(page, size, text.get_rect(number)))
    return boxes, spot.share


def _character(code: int) -> str:
    is_half = 0xD800 <= code <= 0xDFFF
    return " " if is_half or not 0 < code < 0x110000 else chr(code)


def _on_picture(page: Any, size: tuple[int, int], rect: tuple[float, ...]) -> list[int]:
    from pypdfium2 import raw

    left, bottom, right, top = rect
    corners = []
    for x, y in ((left, top), (right, bottom)):
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        corners.append((across.value, down.value))
    (x1, y1), (x2, y2) = corners
    return [min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1)]


def _reason(error: Exception) -> Refused:
    return locked() if "password" in str(error).lower() else broken("PDF")


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
