"""Takes numbers, texts and lists from a GGUF header, front to back, within fixed bounds.

Source: the GGUF specification (docs/gguf.md of ggml); all numbers are little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import BinaryIO

from teahouse.language import N_, _
from teahouse.models.shape import Scalar, Skipped, Value

MAX_HEADER_BYTES = 128 << 20
"""Eight times the largest header seen (a vocabulary of 262,000 with its merges)."""
MAX_KEPT_BYTES = 16 << 20
MAX_TEXT_BYTES = 1 << 20
"""A longer text is skipped, as some files carry a whole tokenizer as JSON."""
MAX_LIST_KEPT = 1024
"""Per-layer lists are kept, a vocabulary is counted."""
MAX_LIST_LENGTH = 1 << 24
CHUNK_BYTES = 256 << 10

NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""GGUF value type → letter of `struct`."""
TEXT, LIST = 8, 9

DAMAGED = N_("The file is incomplete or damaged: download it again.")


class Fault(Exception):
    """Why a file cannot be used, without its name; `read_header` adds that."""

    def __init__(self, reason: str, hint: str = DAMAGED) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


class Ended(Fault):
    """The bytes that are here end inside the header; the whole file may have more."""


class Reader:
    """A position in a header; holds one chunk of the file and counts what its caller keeps.

    Each method raises `Fault` where the header ends too early or leaves its bounds.
    """

    def __init__(self, stream: BinaryIO, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self._stream = stream
        self._chunk = b""
        self._at = 0
        self._chunk_start = 0
        self._kept_bytes = 0

    @property
    def position(self) -> int:
        """Bytes from the start of the file."""
        return self._chunk_start + self._at

    def peek(self, count: int) -> bytes:
        """The next `count` bytes, or fewer at the end of the file, without passing them."""
        if self._at + count > len(self._chunk):
            self._load(count)
        return self._chunk[self._at : self._at + count]

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        self._need(count)
        taken = self.peek(count)
        if len(taken) < count:
            raise Ended(_("it ends in the middle of its header"))
        self._at += count
        return taken

    def skip(self, count: int) -> None:
        """Pass over `count` bytes."""
        self._need(count)
        self._at += count
        if self._at > len(self._chunk):
            self._chunk_start, self._chunk, self._at = self.position, b"", 0
            self._stream.seek(self._chunk_start)

    def number(self, letter: str) -> int:
        """One whole number of this `struct` letter."""
        return int(struct.unpack("<" + letter, self.take(struct.calcsize("<" + letter)))[0])

    def text(self, limit_bytes: int, what: str) -> str:
        """One text of at most `limit_bytes`; `what` names it in the error."""
        length = self.number("Q")
        if length > limit_bytes:
            raise Fault(_("{what} is {length} bytes long").format(what=what, length=length))
        return self._keep(length).decode("utf-8", "replace")

    def value(self, key: str) -> Value:
        """One value with its type in front, as metadata has it under `key`."""
        kind = self.number("I")
        return self._list(key) if kind == LIST else self._reading(kind, key)()

    def _list(self, key: str) -> Value:
        kind, count = self.number("I"), self.number("Q")
        if count > MAX_LIST_LENGTH:
            raise Fault(_("its value “{key}” claims {count} elements").format(key=key[:80], count=count))
        read = self._reading(kind, key)
        if count <= MAX_LIST_KEPT:
            return tuple(read() for _number in range(count))
        if kind == TEXT:
            self._skip_texts(count)
            return Skipped("text", count)
        self.skip(count * struct.calcsize("<" + NUMBERS[kind]))
        return Skipped(NUMBERS[kind], count)

    def _reading(self, kind: int, key: str) -> Callable[[], Scalar | Skipped]:
        """The function that reads one value of GGUF type `kind`; a list of lists has none."""
        if kind == TEXT:
            return self._text_or_skipped
        if kind not in NUMBERS:
            raise Fault(_("its value “{key}” has the unknown type {type}").format(key=key[:80], type=kind))
        form = struct.Struct("<" + NUMBERS[kind])
        return lambda: form.unpack(self._keep(form.size))[0]

    def _text_or_skipped(self) -> str | Skipped:
        length = self.number("Q")
        if length <= MAX_TEXT_BYTES:
            return self._keep(length).decode("utf-8", "replace")
        self.skip(length)
        return Skipped("byte", length)

    def _skip_texts(self, count: int) -> None:
        """Pass over `count` texts: the one place where a header costs time, so it is written flat."""
        unpack = struct.Struct("<Q").unpack_from
        while count:
            chunk, at, last = self._chunk, self._at, len(self._chunk) - 8
            while count and at <= last:
                following = at + 8 + unpack(chunk, at)[0]
                if following > len(chunk):
                    break
                at = following
                count -= 1
            self._at = at
            self._need(0)
            if count:
                self.skip(self.number("Q"))
                count -= 1

    def _keep(self, count: int) -> bytes:
        self._kept_bytes += count
        if self._kept_bytes > MAX_KEPT_BYTES:
            raise Fault(_("its header holds more than {size} MB of values").format(size=MAX_KEPT_BYTES >> 20))
        return self.take(count)

    def _need(self, count: int) -> None:
        end = self.position + count
        if end > self.size_bytes:
            raise Fault(_("it ends in the middle of its header"))
        if end > MAX_HEADER_BYTES:
            raise Fault(_("its header is larger than {size} MB").format(size=MAX_HEADER_BYTES >> 20))

    def _load(self, count: int) -> None:
        rest = self._chunk[self._at :]
        self._chunk_start, self._at = self.position, 0
        self._chunk = rest + self._stream.read(max(CHUNK_BYTES, count) - len(rest))
