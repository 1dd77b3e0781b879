"""Running work in a terminal: progress on stderr, Ctrl-C as stop."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import click

from teahouse.errors import AppError
from teahouse.jobs import Cancel, Work
from teahouse.language import _

if TYPE_CHECKING:
    from teahouse.messages import ModelLoading

EACH_S = 0.2
_PICTURES = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"}
_PICTURES |= {0x7F: "␡"} | dict.fromkeys(range(128, 160), "�")
_ESCAPES = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}
"""Control characters that JSON leaves as they are."""


def run(work: Work, on_value: Callable[[Any], None]) -> Any:
    """Run work to its end on this thread and return its result.

    The first Ctrl-C cancels the work and waits until it has ended; the next one interrupts it.

    Raises:
        KeyboardInterrupt: The person pressed Ctrl-C; the work has ended.
    """
    cancel, result = Cancel(), None
    with _interrupts(cancel), closing(work(cancel)) as steps:
        while not cancel.is_set():
            try:
                on_value(next(steps))
            except StopIteration as stop:
                result = stop.value
                break
            except AppError:
                if not cancel.is_set():
                    raise
    if cancel.is_set():
        raise KeyboardInterrupt
    return result


@contextmanager
def _interrupts(cancel: Cancel) -> Iterator[None]:
    """Let Ctrl-C set `cancel`: raised just anywhere, it would tear work that is being stored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_frame: object) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def echo(text: str, *, is_error: bool = False) -> None:
    """Print lines that may hold foreign text, such as what a file says of itself or its name."""
    click.echo(harmless(text), err=is_error)


def echo_json(value: object) -> None:
    """Print one JSON value; its control characters are escaped: it means the same and does nothing."""
    click.echo(json.dumps(value, ensure_ascii=False).translate(_ESCAPES))


def echo_reply(text: str) -> None:
    """Print text of a model; in a terminal its control characters show as such and do nothing."""
    click.echo(harmless(text) if sys.stdout.isatty() else text, nl=False)


def harmless(text: str) -> str:
    """`text` with every control character but line feed and tab as its picture (ESC → ␛)."""
    return text.translate(_PICTURES)


def one_line(text: str) -> str:
    """The same, and line feeds too: a foreign value cannot look like a line of ours."""
    return harmless(text).replace("\n", "␊")


def read_input(read: Callable[[], str]) -> str:
    """What `read` gets from standard input.

    Raises:
        AppError: It is in another encoding than the terminal's.
    """
    try:
        return read()
    except UnicodeDecodeError as error:
        raise AppError(
            _("The input cannot be read as {encoding} text ({reason}).").format(
                encoding=error.encoding, reason=error.reason
            ),
            _("Convert it, for example with iconv."),
        ) from error


class ProgressLine:
    """One line on stderr that is written over; silent when stderr is not a terminal."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._said_at = 0.0
        self._width = 0

    def show(self, text: str, *, is_last: bool = False) -> None:
        """Replace the line, at most five times a second."""
        if not self._is_shown or (not is_last and time.monotonic() - self._said_at < EACH_S):
            return
        self._said_at = time.monotonic()
        text = one_line(text)
        click.echo("\r" + padded(text, self._width), nl=False, err=True)
        self._width = columns(text)

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            click.echo("\r" + " " * self._width + "\r", nl=False, err=True)
            self._width = 0


def loading_text(event: ModelLoading) -> str:
    """“Loading NAME … 40 %”."""
    return _("Loading {model} … {percent} %").format(model=event.model, percent=round(event.fraction * 100))


def columns(text: str) -> int:
    """Columns that a text takes in a terminal: Han and other wide characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def padded(text: str, width: int) -> str:
    """A text with spaces up to `width` columns."""
    return text + " " * (width - columns(text))


def size_text(size_bytes: int) -> str:
    """Bytes as people read them: 491 MB."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    raise AssertionError("unreachable")
