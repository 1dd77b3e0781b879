"""A lock between processes: two `make` at once must not build or install the same thing twice."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bootstrap.console import say


@contextmanager
def locked(file: Path, what: str) -> Iterator[None]:
    """Hold the lock `file`; waits for another process that has it and says so. Ends with the process."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as handle:
        if not _take(handle, is_waiting=False):
            say(f"Another run is {what}; waiting for it.")
            _take(handle, is_waiting=True)
        yield


def _take(handle: IO[bytes], *, is_waiting: bool) -> bool:
    try:
        fcntl = importlib.import_module("fcntl")
    except ImportError:  # Windows: no such lock; the steps themselves put their results in place atomically
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if is_waiting else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
