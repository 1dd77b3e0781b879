"""Bytes of tokens into text, exactly, and stop strings."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class TextStream:
    """Turns the bytes of one reply's tokens into text as soon as it is certain.

    A character may be spread over several tokens and a token may hold half a character; what is
    incomplete waits. Text that could be the beginning of a stop string waits too.
    """

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = [text for text in stop if text]
        self._held = ""
        self.is_stopped = False

    def feed(self, piece: bytes) -> str:
        """The text that is certain after `piece`; sets `is_stopped` when a stop string came."""
        return self._release(self._decoder.decode(piece))

    def finish(self) -> str:
        """The rest: what waited, with U+FFFD for bytes that never became a character."""
        if self.is_stopped:
            return ""
        text = self._release(self._decoder.decode(b"", final=True))
        if self.is_stopped:
            return text
        text, self._held = text + self._held, ""
        return text

    def _release(self, text: str) -> str:
        if self.is_stopped:
            return ""
        self._held += text
        found = [at for at in (self._held.find(stop) for stop in self._stop) if at >= 0]
        if found:
            self.is_stopped = True
            text, self._held = self._held[: min(found)], ""
            return text
        keep = max((_overlap(self._held, stop) for stop in self._stop), default=0)
        cut = len(self._held) - keep
        text, self._held = self._held[:cut], self._held[cut:]
        return text


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of `text` that is a beginning of `stop`."""
    for length in range(min(len(text), len(stop) - 1), 0, -1):
        if stop.startswith(text[-length:]):
            return length
    return 0
