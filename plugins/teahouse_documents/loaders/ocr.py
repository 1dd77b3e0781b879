"""Text of scanned pages, by a tesseract that is installed on this machine; it is not brought along."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

from teahouse.language import Translator
from teahouse_documents.loaders.normal import close_han

_ = Translator("teahouse_documents")

PROGRAM = "tesseract"
DOTS_PER_INCH = 300
POINTS_PER_INCH = 72
MOST_PIXELS = 40_000_000
PAGE_S = 50


class Recognition:
    """Recognises pages, where that is wanted and can be done.

    Args:
        languages: As tesseract names them; none turn it off.
        remark: Told once why it cannot be done.
    """

    def __init__(self, languages: Sequence[str], remark: Callable[[str], None]) -> None:
        self._languages = [name for name in languages if name.replace("_", "").isalnum()]
        self._program = shutil.which(PROGRAM) if self._languages else None
        self._remark = remark
        if self._languages and self._program is None:
            remark(_("Scanned pages cannot be recognised: tesseract is not installed."))

    @property
    def is_on(self) -> bool:
        """Whether pages are recognised."""
        return self._program is not None

    def read(self, document: Any, number: int) -> str:
        """The text of a page (from 0); empty where it cannot be recognised."""
        if self._program is None:
            return ""
        try:
            done = subprocess.run(
                [self._program, "stdin", "stdout", "-l", "+".join(self._languages)],
                input=_picture(document, number),
                capture_output=True,
                timeout=PAGE_S,
                check=False,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except (OSError, subprocess.TimeoutExpired):
            self._stop(_("Scanned pages cannot be recognised: tesseract did not answer."))
            return ""
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            text = _("Scanned pages cannot be recognised: tesseract says “{words}”.")
            self._stop(text.format(words=" ".join(said)))
            return ""
        return close_han(done.stdout.decode("utf-8", "replace").replace("\f", ""))

    def _stop(self, why: str) -> None:
        self._program = None
        self._remark(why)


def _picture(document: Any, number: int) -> bytes:
    """A page as a grey picture in the PGM format."""
    with closing(document[number]) as page:
        width, height = page.get_size()
        scale = DOTS_PER_INCH / POINTS_PER_INCH
        scale = min(scale, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        with closing(page.render(scale=scale, grayscale=True)) as bitmap:
            data, stride = bytes(bitmap.buffer), bitmap.stride
            rows = (data[row * stride : row * stride + bitmap.width] for row in range(bitmap.height))
            return f"P5 {bitmap.width} {bitmap.height} 255\n".encode() + b"".join(rows)
