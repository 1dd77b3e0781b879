"""Copies of models on their way into the models folder, and files compared with their SHA-256."""

from __future__ import annotations

import hashlib
import string
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from teahouse.errors import ModelError, ModelFileError
from teahouse.ids import new_id
from teahouse.language import _
from teahouse.models.disk import (
    BLOCK_BYTES,
    MARGIN_BYTES,
    hash_file,
    megabytes,
    put_new,
    sync_file,
)
from teahouse.models.library import usable_header

COPY_PREFIX, COPY_SUFFIX = ".add-", ".part"
ABANDONED_AFTER_S = 3600.0
"""A running copy writes all the time, so one untouched for this long has no owner."""


@dataclass(frozen=True, slots=True)
class CopyProgress:
    """`done_bytes` of `total_bytes` have been copied."""

    done_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """`done_bytes` of `total_bytes` have been compared with the SHA-256 that was given."""

    done_bytes: int
    total_bytes: int


def check_room(source: Path, folder: Path, free_bytes: Callable[[Path], int]) -> None:
    """See to it that a copy has room, and something is left.

    Raises:
        ModelError: It has not.
    """
    needed, free = source.stat().st_size + MARGIN_BYTES, free_bytes(folder)
    if free < needed:
        raise ModelError(
            _("A copy needs {needed} MB on the disk of {folder}, and {free} MB are free.").format(
                needed=megabytes(needed), folder=folder, free=megabytes(free)
            ),
            _("Make room there, or add a link instead of a copy. Nothing was copied."),
            needed_bytes=needed,
            free_bytes=free,
        )


def check_file(file: Path, wanted: str) -> Generator[CheckProgress, None, None]:
    """Compare a file with its SHA-256; nothing is read where none is wanted.

    Raises:
        ModelFileError: It is another one.
    """
    if not wanted:
        return
    steps, total = hash_file(file), file.stat().st_size
    while True:
        try:
            yield CheckProgress(next(steps), total)
        except StopIteration as done:
            _compare(file, done.value, wanted)
            return


def _compare(file: Path, found: str, wanted: str) -> None:
    if found != wanted:
        raise ModelFileError(
            _("{file} has another SHA-256 than the one given: {found}.").format(file=file, found=found),
            _("It is damaged or another file; nothing was added. Get it again, or compare the numbers."),
            path=str(file),
            reason=_("its SHA-256 is another one"),
        )


def checked_hash(text: str) -> str:
    """A SHA-256 that a person has typed, in small letters; empty stays empty.

    Raises:
        ModelError: It is none.
    """
    found = text.strip().lower()
    if found and (len(found) != hashlib.sha256().digest_size * 2 or set(found) - set(string.hexdigits)):
        raise ModelError(
            _("“{text}” is no SHA-256: it has 64 digits from 0 to 9 and a to f.").format(text=text.strip())
        )
    return found


def copy_file(source: Path, target: Path, wanted: str) -> Generator[CopyProgress, None, None]:
    """Copy a model; the target is there whole or not at all, whenever it is stopped.

    Raises:
        ModelFileError: What was read cannot be used as a model, or has another SHA-256 than `wanted`.
        OSError: It cannot be read or written.
    """
    _remove_abandoned(target.parent)
    part, total = target.parent / f"{COPY_PREFIX}{new_id()}{COPY_SUFFIX}", source.stat().st_size
    digest = hashlib.sha256()
    try:
        with part.open("xb") as out, source.open("rb", buffering=0) as stream:
            while block := stream.read(8 * BLOCK_BYTES):
                out.write(block)
                if wanted:
                    digest.update(block)
                yield CopyProgress(out.tell(), max(total, out.tell()))
        if wanted:
            _compare(source, digest.hexdigest(), wanted)
        usable_header(part)  # it may have been changed or cut while it was read
        sync_file(part)
        put_new(part, target)
    finally:
        part.unlink(missing_ok=True)


def _remove_abandoned(folder: Path) -> None:
    for part in folder.glob(f"{COPY_PREFIX}*{COPY_SUFFIX}"):
        if time.time() - part.lstat().st_mtime > ABANDONED_AFTER_S:
            part.unlink(missing_ok=True)
