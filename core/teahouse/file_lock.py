"""A lock between processes: a file that one of them holds; the system lets go when the process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def hold(file: Path, flags: int = os.O_RDWR) -> int | None:
    """A descriptor that holds the lock `file`, to be closed with `os.close`; None while another one does.

    Args:
        flags: As `os.open` takes them; with `os.O_CREAT` the file is made where it is missing.

    Raises:
        OSError: The file cannot be opened, or its file system knows no locks.
    """
    descriptor = os.open(file, flags, 0o600)
    is_held = False
    try:
        # Between opening and locking, its last holder may have removed it.
        is_held = _lock(descriptor) and _is_at(file, descriptor)
    finally:
        if not is_held:
            os.close(descriptor)
    return descriptor if is_held else None


def _is_at(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


if sys.platform == "win32":

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def remove(file: Path, descriptor: int) -> None:
        """Let go of a lock that is held, and remove its file."""
        # An open file cannot be removed here; one that another process has open stays for its next start.
        os.close(descriptor)
        try:
            file.unlink(missing_ok=True)
        except PermissionError:
            return

else:

    def _lock(descriptor: int) -> bool:
        # Not lockf: its locks belong to the process, so that a second one in it would steal them.
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def remove(file: Path, descriptor: int) -> None:
        """Let go of a lock that is held, and remove its file."""
        # While still locked: nobody can take the name between unlocking and removing.
        file.unlink(missing_ok=True)
        os.close(descriptor)
