"""A file that arrives over HTTP and goes on where it stopped. Opens no socket: it is handed a way to ask.

Only the file's length decides what is asked for next, so that a process killed at any moment loses nothing.
What is put together is judged by its hash afterwards, elsewhere.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from teahouse.language import _

IDLE_TRIES = 3
"""Answers in a row that may bring nothing new before the source is given up."""
PAUSE_S = 1.0
WORTH_ASKING_AGAIN = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer; `headers` by name in any case, `blocks` the body as it comes."""

    status: int
    headers: Mapping[str, str]
    blocks: Iterator[bytes]


Ask = Callable[[dict[str, str]], AbstractContextManager[Answer]]
"""Sends one GET with these headers; raises whatever its transport raises."""


class Unusable(Exception):
    """The source does not give this file; the text is the reason alone."""


class BrokenOff(Exception):
    """The answer ended early or cannot be used now; asking again may help."""


class DiskFault(Exception):
    """The file cannot be written; `__cause__` is the OSError."""


class Partial:
    """The beginning of a file, and the server's tag of the version it belongs to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._tag_file = path.with_name(path.name + ".etag")

    @property
    def length(self) -> int:
        """Bytes that are there; 0 without a file."""
        try:
            return self.path.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return 0

    @property
    def tag(self) -> str:
        """The ETag under which it came; empty where none is known."""
        try:
            return self._tag_file.read_text("utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return ""

    def begin(self, tag: str) -> None:
        """Forget what is there; what follows has this tag."""
        self.path.write_bytes(b"")
        self._tag_file.write_text(tag, "utf-8")

    def clear(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)
        self._tag_file.unlink(missing_ok=True)


def fetch_rest(partial: Partial, ask: Ask, *, size_bytes: int, pause_s: float = PAUSE_S) -> None:
    """Ask until the file has `size_bytes`, each time for what is missing.

    A server that ignores the range, one whose file has changed meanwhile, and one that finds the range
    impossible make it begin again; a connection that breaks is opened again as long as that brings more.

    Raises:
        Unusable: The server has another file, refuses, or brings nothing new any more.
        DiskFault: The file cannot be written.
    """
    best, idle = partial.length, 0
    while partial.length < size_bytes:
        try:
            _ask_once(partial, ask, size_bytes)
        except (Unusable, DiskFault):
            raise
        except Exception as error:
            is_idle = partial.length <= best
            best, idle = max(best, partial.length), idle + 1 if is_idle else 0
            if idle >= IDLE_TRIES:
                raise Unusable(in_words(error)) from error
            time.sleep(pause_s * idle)


def check_beginning(answer: Answer) -> None:
    """See to it that an answer's body is the beginning of the file as it is.

    Raises:
        Unusable: It is not.
    """
    if answer.status not in (200, 206):
        raise Unusable(f"HTTP {answer.status}")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise Unusable(_("the answer is packed in a way that was not asked for"))
    if answer.status == 206 and not answer.headers.get("Content-Range", "").strip().startswith("bytes 0-"):
        raise Unusable(_("the server answers with another piece"))


def write_beginning(path: Path, blocks: Iterator[bytes], count_bytes: int) -> None:
    """Write the first `count_bytes` of an answer's body; what comes after them is not read.

    Raises:
        DiskFault: The file cannot be written.
    """
    left = count_bytes
    with path.open("wb", buffering=0) as out:
        for block in blocks:
            piece = block[:left]
            _on_disk(lambda piece=piece: out.write(piece))  # type: ignore[misc]
            left -= len(piece)
            if left <= 0:
                return


def _ask_once(partial: Partial, ask: Ask, size_bytes: int) -> None:
    offset = partial.length
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={offset}-"} if offset else {})
    with ask(headers) as answer:
        _check(answer, partial, offset=offset, size_bytes=size_bytes)
        _write(answer, partial, size_bytes)
    if partial.length < size_bytes:
        raise BrokenOff(
            _("the answer ended at byte {length} of {size}").format(length=partial.length, size=size_bytes)
        )


def _check(answer: Answer, partial: Partial, *, offset: int, size_bytes: int) -> None:
    """Make `partial` ready for the answer's body, or raise."""
    status, tag = answer.status, answer.headers.get("ETag", "")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise Unusable(_("the answer is packed in a way that was not asked for"))
    if status == 206 and offset:
        _check_piece(answer, partial, offset=offset, size_bytes=size_bytes)
    elif status == 200:
        _check_total(answer.headers.get("Content-Length", ""), size_bytes)
        _on_disk(lambda: partial.begin(tag))
    elif status == 416 and offset:
        partial.clear()
        raise BrokenOff(_("the server has no such piece"))
    elif status in WORTH_ASKING_AGAIN:
        raise BrokenOff(f"HTTP {status}")
    else:
        raise Unusable(f"HTTP {status}")


def _check_piece(answer: Answer, partial: Partial, *, offset: int, size_bytes: int) -> None:
    before, now = partial.tag, answer.headers.get("ETag", "")
    if before and now and before != now:
        partial.clear()
        raise BrokenOff(_("the file there has changed meanwhile"))
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("Content-Range", "").strip())
    if not found or int(found[1]) != offset:
        partial.clear()
        raise BrokenOff(_("the server answers with another piece"))
    _check_total("" if found[2] == "*" else found[2], size_bytes)


def _check_total(told: str, size_bytes: int) -> None:
    if told.isdecimal() and int(told) != size_bytes:
        raise Unusable(_("the file there has {size} bytes").format(size=told))


def _write(answer: Answer, partial: Partial, size_bytes: int) -> None:
    length = partial.length
    with partial.path.open("ab", buffering=0) as out:
        for block in answer.blocks:
            if length + len(block) > size_bytes:
                raise Unusable(_("more than {limit} bytes came").format(limit=size_bytes))
            _on_disk(lambda block=block: out.write(block))  # type: ignore[misc]
            length += len(block)


def _on_disk(write: Callable[[], object]) -> None:
    try:
        write()
    except OSError as error:
        raise DiskFault(str(error)) from error


def in_words(error: BaseException) -> str:
    """An exception's deepest cause in one line."""
    while error.__cause__ is not None:
        error = error.__cause__
    words = " ".join(str(error).split())[:300]
    named = isinstance(error, (BrokenOff, Unusable))
    return words if named and words else f"{type(error).__name__}: {words}" if words else type(error).__name__
