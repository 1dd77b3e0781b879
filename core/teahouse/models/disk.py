"""Files on the way to the disk: room, hash, and making sure that they are really there."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Generator
from pathlib import Path

BLOCK_BYTES = 1 << 20
MARGIN_BYTES = 200 << 20
"""Room left for everything else on the disk."""


def free_bytes(folder: Path) -> int:
    """Free bytes on the disk that holds `folder`, which need not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def hash_file(file: Path) -> Generator[int, None, str]:
    """SHA-256 of a file, in hexadecimal; yields how many bytes have been read."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
            yield stream.tell()
    return digest.hexdigest()


def sync_file(file: Path) -> None:
    """Make a file's content survive a power loss."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make a new name in it survive a power loss; Windows does so by itself and cannot open a folder."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def put_new(part: Path, target: Path) -> None:
    """Give a file its name, unless another one has taken it meanwhile; `part` may still be there then.

    Raises:
        FileExistsError: Another one has.
    """
    try:
        os.link(part, target)  # unlike a renaming, it never takes the place of another file
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        part.replace(target)


def megabytes(size_bytes: int) -> int:
    """Whole megabytes (10⁶ bytes), rounded up."""
    return -(-size_bytes // 1_000_000)
