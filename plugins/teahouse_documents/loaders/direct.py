"""One file in the parser child itself, where a process cannot be forked (Windows, macOS).

The child then has no time limit of its own: the asker ends it (`parsing`), and the next file gets a new one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from teahouse.language import Translator
from teahouse.passages import Loader
from teahouse_documents.loaders.limits import Limits
from teahouse_documents.loaders.reading import Message, Reading
from teahouse_documents.loaders.refusal import Stopped

_ = Translator("teahouse_documents")

TAKE_S = 0.2


class Direct:
    """The same as `fork.Fork`, without a process."""

    def __init__(self, loader: Loader, path: Path, limits: Limits, ocr_languages: tuple[str, ...]) -> None:
        self._messages = Reading(loader, path, limits, ocr_languages).messages()

    def take(self, is_cancelled: Callable[[], bool]) -> list[Message]:
        """The next messages; none after the last.

        Raises:
            Stopped: `is_cancelled` says so.
        """
        taken: list[Message] = []
        until = time.monotonic() + TAKE_S
        for message in self._messages:
            taken.append(message)
            if is_cancelled():
                raise Stopped(_("Reading was stopped."))
            if time.monotonic() > until or len(taken) >= 4:
                break
        return taken

    def close(self) -> None:
        """Nothing of it goes on."""
        self._messages.close()  # type: ignore[attr-defined]
