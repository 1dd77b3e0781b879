"""One file in a process of its own (Linux): a fork of the parser child, which has the libraries loaded.

A fork takes some milliseconds where a new interpreter takes hundreds, and leaves nothing behind: a loader
that crashes, hangs or eats memory takes only its own file along.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from teahouse.language import Translator
from teahouse.passages import Loader
from teahouse.workers.pipe import exit_reason
from teahouse.workers.wire import error_to_wire, pack, unpack
from teahouse_documents.loaders.confinement import close_all_but, confine
from teahouse_documents.loaders.limits import Limits
from teahouse_documents.loaders.reading import Message, Reading, out_of_memory
from teahouse_documents.loaders.refusal import Refused, Stopped, refuse

_ = Translator("teahouse_documents")

POLL_S = 0.05
READ_BYTES = 1 << 16
LINE_AT_MOST_BYTES = 8 << 20
NO_MEMORY_EXIT = 71
OUT_OF_MEMORY_SIGNS = (b"memory allocation of", b"bad_alloc", b"MemoryError", b"out of memory")


class Fork:
    """The process that reads one file.

    Args:
        loader: Must be importable; this plugin's own are imported already.
    """

    def __init__(self, loader: Loader, path: Path, limits: Limits, ocr_languages: tuple[str, ...]) -> None:
        self._limits = limits
        self._used_s = 0.0
        self._rest = b""
        self._come_bytes = 0
        self._is_closed = False
        answers, answer = os.pipe()
        errors, error = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the other threads only carry lines
            self._pid = os.fork()
        if self._pid == 0:
            reading = Reading(loader, path, limits, ocr_languages)
            _live(answer, error, reading, lambda: confine(path, limits, may_start=bool(ocr_languages)))
        os.close(answer)
        os.close(error)
        os.set_blocking(answers, False)
        self._answers, self._errors = answers, errors

    def take(self, is_cancelled: Callable[[], bool]) -> list[Message]:
        """The next messages, at least one; waits for them.

        Time counts only while somebody waits here.

        Raises:
            Refused: The process died, or took too long.
            Stopped: `is_cancelled` says so.
        """
        began = time.monotonic()
        try:
            while True:
                if is_cancelled():
                    raise Stopped(_("Reading was stopped."))
                waited = time.monotonic() - began
                if waited > self._limits.silent_s or self._used_s + waited > self._limits.total_s:
                    raise refuse(
                        "time",
                        _("Reading it took longer than {seconds} s.").format(
                            seconds=round(min(self._limits.silent_s, self._limits.total_s))
                        ),
                    )
                if messages := self._read():
                    return messages
        finally:
            self._used_s += time.monotonic() - began

    def close(self) -> None:
        """End the process and what it started."""
        self._end()
        if not self._is_closed:
            os.close(self._answers)
            os.close(self._errors)
            self._is_closed = True

    # --- inside -----------------------------------------------------------------------------------

    def _read(self) -> list[Message]:
        """What has come; nothing where it took a moment without.

        Raises:
            Refused: It has ended without a last message, or sends what cannot be read.
        """
        with selectors.DefaultSelector() as selector:
            selector.register(self._answers, selectors.EVENT_READ)
            if not selector.select(POLL_S):
                return []
        data = os.read(self._answers, READ_BYTES)
        if not data:
            raise self._death()
        self._come_bytes += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LINE_AT_MOST_BYTES or self._come_bytes > self._limits.chars * 8 + (64 << 20):
            raise refuse("fault", _("Its loader sent more than it may."))
        try:
            return [unpack(line) for line in lines]
        except ValueError:
            raise refuse("fault", _("Its loader sent what cannot be understood.")) from None

    def _death(self) -> Refused:
        said = _said(self._errors)
        code = os.waitstatus_to_exitcode(self._end(wait_s=1.0))
        # SIGKILL is the kernel's answer where the whole machine is out of memory
        if code in (NO_MEMORY_EXIT, -signal.SIGKILL) or any(sign in said for sign in OUT_OF_MEMORY_SIGNS):
            return out_of_memory()
        if code == -signal.SIGXCPU:
            return refuse("time", _("Reading it took too long."))
        text = _("The process that read it stopped unexpectedly ({reason}).")
        refused = refuse("crash", text.format(reason=exit_reason(code)), _("The file may be damaged."))
        refused.data["stderr"] = said.decode("utf-8", "replace")[-2000:]
        return refused

    def _end(self, *, wait_s: float = 0.0) -> int:
        """The status that the process left; it is killed if it does not end by itself within this time."""
        pid, self._pid = self._pid, 0
        until = time.monotonic() + wait_s
        ended, status = os.waitpid(pid, os.WNOHANG) if pid else (1, 0)
        while not ended and time.monotonic() < until:
            time.sleep(0.002)
            ended, status = os.waitpid(pid, os.WNOHANG)
        for kill in (os.killpg, os.kill) if pid else ():  # what it started, and itself if it has no group yet
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if kill is os.killpg or not ended:
                    kill(pid, signal.SIGKILL)
        return status if ended else os.waitpid(pid, 0)[1]


def _live(answer: int, error: int, reading: Reading, confine_it: Callable[[], Any]) -> None:
    """The life of the fork; it never returns."""
    code = 70
    try:
        os.dup2(error, 2)
        os.set_blocking(2, False)  # a loader that chatters is not held up, and what is too much is lost
        close_all_but(answer)
        confine_it()
        for message in reading.messages():
            _write(answer, pack(message))
        code = 0
    except MemoryError:
        code = NO_MEMORY_EXIT
    except BaseException as failure:  # noqa: BLE001  nothing may go on in this copy of the parser child
        with contextlib.suppress(BaseException):
            _write(answer, pack({"error": error_to_wire(refuse("fault", repr(failure)[:300]))}))
    finally:
        os._exit(code)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _said(errors: int) -> bytes:
    os.set_blocking(errors, False)
    with contextlib.suppress(OSError):
        return os.read(errors, READ_BYTES)
    return b""
