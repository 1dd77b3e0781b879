"""One window for a home: which process has it open, and how another asks it for something.

The process with the window holds a lock. Another one puts a file into the same private folder, whose
name says what is wanted; the window takes the file away, and that is its answer. So there is no socket
and no port; who is not this person cannot reach the folder, and nothing of a file is believed but a
word of a closed set and one short token.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from teahouse import file_lock
from teahouse.errors import AppError
from teahouse.ids import new_id
from teahouse.language import _

Word = Literal["show", "quick"]
WORDS: tuple[Word, ...] = ("show", "quick")
"""What can be asked for: the window, or the quick-ask window."""

SUFFIX = ".ring"
MOST_RINGS = 16
TOKEN_BYTES = 256
ANSWER_S = 15.0
"""A window that is just starting takes some seconds before it listens."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Somebody asks for something.

    Attributes:
        token: What the desktop gave to the asking process so that a window may come to the front; empty
            for nothing.
    """

    word: Word
    token: str = ""


class Doorbell:
    """The door of one home.

    Args:
        folder: Where lock and requests lie; made private when it is first needed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: int | None = None

    @property
    def is_ours(self) -> bool:
        """Whether this process has the window."""
        return self._lock is not None

    # --- the process with the window ----------------------------------------------------------------

    def occupy(self) -> bool:
        """Be the process with the window from now on; False while another one is.

        What was asked of a process that is gone is forgotten.

        Raises:
            OSError: The folder cannot be made or is not this person's own, or its file system has no locks.
        """
        self._make_private()
        if self._lock is None:
            self._lock = file_lock.hold(self.folder / "window.lock", os.O_RDWR | os.O_CREAT)
            if self._lock is not None:
                self.take()
        return self.is_ours

    def leave(self) -> None:
        """The window is closed: let another process have one."""
        if self._lock is not None:
            file_lock.remove(self.folder / "window.lock", self._lock)
            self._lock = None

    def take(self) -> list[Ring]:
        """What is asked for, oldest first; taking it is the answer. What is no request is thrown away."""
        rings = []
        found = (
            file for file in sorted(self.folder.glob(f"*{SUFFIX}")) if file.is_symlink() or file.is_file()
        )
        for file in islice(found, MOST_RINGS):
            ring = _read(file)
            file.unlink(missing_ok=True)
            if ring is not None:
                rings.append(ring)
        return rings

    # --- another process ----------------------------------------------------------------------------

    def ring(self, word: Word, token: str = "") -> Path:
        """Ask for something; the returned file is gone when the request has been heard.

        Raises:
            OSError: It cannot be written.
        """
        file = self.folder / f"{time.time_ns():020}-{new_id()}-{word}{SUFFIX}"
        waiting = file.with_suffix(".new")
        waiting.write_bytes(token.encode("ascii", "ignore")[:TOKEN_BYTES])
        waiting.replace(file)
        return file

    def ask(self, word: Word, *, within_s: float = ANSWER_S, token: str = "") -> bool:
        """Ask the process with the window and wait until it has heard; False when that process is gone.

        When it is gone the window is this process's own, as after `occupy`.

        Raises:
            AppError: It lives and does not answer.
        """
        file = self.ring(word, token)
        try:
            if _wait(lambda: not file.exists() or self.occupy(), within_s):
                return not self.is_ours
        finally:
            file.unlink(missing_ok=True)
        raise AppError(
            _("Teahouse is open already, but its window does not answer."),
            _("Wait a moment and try again. If it stays like this, end the process and start Teahouse anew."),
        )

    # --- inside -------------------------------------------------------------------------------------

    def _make_private(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if sys.platform == "win32":
            return  # inside the person's profile, which is theirs alone
        facts = self.folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
            raise PermissionError(f"{self.folder} belongs to somebody else")
        if stat.S_IMODE(facts.st_mode) != 0o700:
            self.folder.chmod(0o700)


def _read(file: Path) -> Ring | None:
    """The request of a file; None for what is none."""
    word = next((word for word in WORDS if file.stem.endswith(f"-{word}")), None)
    if word is None or file.is_symlink():
        return None
    try:
        with file.open("rb") as stream:
            token = stream.read(TOKEN_BYTES).decode("ascii", "ignore")
    except FileNotFoundError:  # who has asked gave up at this moment
        return None
    return Ring(word, token if re.fullmatch(r"[\x21-\x7e]*", token) else "")


def _wait(is_done: Callable[[], bool], within_s: float) -> bool:
    until = time.monotonic() + within_s
    while not is_done():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
