"""The app's ends of a child's pipes: writing never holds up the asker, and what comes is bounded.

Everything that comes out of a child is foreign data: it may end the child, never the app.
"""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
from collections.abc import Iterator
from typing import IO

from teahouse.language import _
from teahouse.workers.wire import Answer

LINE_AT_MOST_BYTES = 64 * 1024 * 1024
"""Far more than the longest honest answer: a prompt of a million tokens takes some 10 MB."""

BACKLOG_AT_MOST_BYTES = 256 * 1024 * 1024
"""Answers that have come and that nobody has taken yet."""

WORDS_AT_MOST_BYTES = 4096
"""What a child prints is looked at in pieces of this size, whether or not it ever ends a line."""


class Broken(Exception):
    """What a child sends cannot be trusted any more; the words say why."""


class Outbox:
    """Writes lines from a thread of its own, so that a child that reads nothing holds up nobody.

    The stream is closed when the child is gone or `close` is called.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threading.Thread(target=self._write, name=f"{name} write", daemon=True).start()

    def put(self, line: bytes) -> None:
        """Send a line after those before it; a child that is gone never gets it."""
        self._lines.put(line)

    def close(self) -> None:
        """End the pipe after the lines put so far."""
        self._lines.put(None)

    def _write(self) -> None:
        with contextlib.suppress(OSError, ValueError), self._stream:  # its reader tells of a dead child
            while (line := self._lines.get()) is not None:
                self._stream.write(line)
                self._stream.flush()


class Inbox:
    """Answers to one request that its asker has not taken yet."""

    def __init__(self) -> None:
        self._answers: queue.SimpleQueue[tuple[Answer, int]] = queue.SimpleQueue()
        self._come_bytes = 0  # counted by the reader's thread only, the other one by the asker's only
        self._taken_bytes = 0

    def put(self, answer: Answer, size_bytes: int = 0) -> None:
        """Add an answer."""
        self._come_bytes += size_bytes
        self._answers.put((answer, size_bytes))

    @property
    def is_full(self) -> bool:
        """Whether more has come than anybody could take in."""
        return self._come_bytes - self._taken_bytes > BACKLOG_AT_MOST_BYTES

    def get(self, timeout_s: float) -> Answer:
        """The next answer.

        Raises:
            queue.Empty: None has come within this time.
        """
        answer, size_bytes = self._answers.get(timeout=timeout_s)
        self._taken_bytes += size_bytes
        return answer


def lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Every line of a child's answers; one that its death cut short is none.

    Raises:
        Broken: A line is too long to be an answer.
    """
    while line := stream.readline(LINE_AT_MOST_BYTES + 1):
        if len(line) > LINE_AT_MOST_BYTES:
            raise Broken(_("it sent a line that is too long"))
        if line.endswith(b"\n"):
            yield line


def words(stream: IO[bytes]) -> Iterator[str]:
    """What a child prints, by lines and at most so many bytes at once."""
    while line := stream.readline(WORDS_AT_MOST_BYTES):
        yield line.decode("utf-8", "replace").rstrip()


def is_damaged_answer(line: bytes) -> bool:
    """Whether a line that is no message holds a part of one: then an answer has been lost."""
    return b'{"id":' in line


def exit_reason(code: int | None) -> str:
    """An exit code in words: the signal's name, or the number."""
    if code is None:
        return _("no answer")
    if code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return _("signal {number}").format(number=-code)
    return _("exit code {number}").format(number=code)
