"""Pages of a PDF as the panel asks for them: drawn in a child of its own for each file, within a time."""

from __future__ import annotations

import base64
import binascii
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from teahouse import Translator
from teahouse.errors import EngineCrashed
from teahouse.jobs import Cancel
from teahouse.workers.process import Worker, Workers
from teahouse_documents import needs
from teahouse_documents.reader.child import MOST_POINTS, WIDEST
from teahouse_documents.values import DocumentsError

_ = Translator("teahouse_documents")

ENTRY = "teahouse_documents.reader.child:serve"
LONGEST_S = 20.0
HEAD = b"%PDF"
HEAD_BYTES = 1024

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as a picture.

    Attributes:
        data: Rows of points of four bytes: blue, green, red, nothing.
        stride: Bytes of a row.
        boxes: Left, top, width, height of each line of the passage.
        share: How much of the passage was found on the page, 0 to 1.
        pages: How many the file has.
    """

    page: int
    width: int
    height: int
    stride: int
    data: bytes
    boxes: tuple[Box, ...]
    share: float
    pages: int


class Pages:
    """Draws pages of one file at a time; any thread may ask, one is answered after the other."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._lock = Lock()
        self._worker: Worker | None = None
        self._path = ""

    def draw(self, path: str, page: int, *, width: int, passage: str, cancel: Cancel) -> Drawn:
        """A page, from 0; the nearest one there is.

        Raises:
            DocumentsError: It cannot be drawn; says why.
        """
        needs.check()
        with self._lock:
            try:
                count = self._open(path, cancel)
                at = max(0, min(page, count - 1))
                answer = self._ask("draw", cancel, page=at, width=width, passage=passage)
            except EngineCrashed as error:
                self._let_go()
                raise DocumentsError(
                    _("The page could not be drawn: {reason} The text that was read of it is kept.").format(
                        reason=error.text
                    ),
                    _("Open the file in its own program."),
                    path=path,
                ) from error
        return read(at, answer)

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._let_go()

    # --- inside -----------------------------------------------------------------------------------

    def _open(self, path: str, cancel: Cancel) -> int:
        if self._worker is None or not self._worker.is_alive or self._path != path:
            self._let_go()
            self._worker = self._workers.start(ENTRY, readable=[Path(path)], cancel=cancel)
            self._path = path
        return max(1, int(self._ask("open", cancel, path=path)))

    def _ask(self, verb: str, cancel: Cancel, **args: Any) -> Any:
        """The answer; a child that takes too long is ended."""
        worker, until = self._worker, time.monotonic() + LONGEST_S
        assert worker is not None
        steps = worker.ask(verb, cancel, **args)
        while True:
            try:
                next(steps)
            except StopIteration as ended:
                return ended.value
            if time.monotonic() > until:
                worker.kill(_("It took too long."))

    def _let_go(self) -> None:
        worker, self._worker, self._path = self._worker, None, ""
        if worker is not None:
            worker.close()


def is_pdf(path: Path) -> bool:
    """Whether a file is a PDF, whatever it is called."""
    with path.open("rb") as stream:
        return HEAD in stream.read(HEAD_BYTES)


def read(page: int, answer: dict[str, Any]) -> Drawn:
    """What the child has drawn, checked: it has read a foreign file.

    Raises:
        DocumentsError: It is no picture.
    """
    try:
        width, height, stride = (int(answer[name]) for name in ("width", "height", "stride"))
        is_sound = 0 < width <= WIDEST and 0 < width * height <= MOST_POINTS * 2 and stride >= 4 * width
        most = stride * height if is_sound and stride <= 8 * width else 0
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(base64.b64decode(answer["data"]), most) if most else b""
        boxes = tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in answer["boxes"])
        share, pages = float(answer["share"]), int(answer["pages"])
    except (KeyError, TypeError, ValueError, zlib.error, binascii.Error) as error:
        raise DocumentsError(_("The page could not be drawn: what came of it is no picture.")) from error
    if not most or len(data) < most:
        raise DocumentsError(_("The page could not be drawn: what came of it is no picture."))
    return Drawn(page, width, height, stride, data, boxes, share, pages)
