"""Files that are there whole or not at all: written under a hidden name beside their place, then moved."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from teahouse.errors import ExchangeError
from teahouse.ids import new_id
from teahouse.language import _
from teahouse.messages import Conversation
from teahouse.models.disk import sync_folder

MAX_NAME_BYTES = 120
_REFUSED = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')


@dataclass(slots=True)
class Draft:
    """What is being written; it stays only when `is_done` is set before the block ends."""

    path: Path
    is_done: bool = False


@contextmanager
def new_file(path: Path, *, is_replacing: bool) -> Iterator[tuple[Draft, IO[bytes]]]:
    """A file that appears at `path` when its draft is done.

    Raises:
        ExchangeError: It cannot be written, or something is there and must not be replaced.
    """
    with errors_in_words(path):
        _check_free(path, is_replacing)
        draft = Draft(_hidden(path))
        try:
            with draft.path.open("xb") as stream:
                yield draft, stream
                stream.flush()
                os.fsync(stream.fileno())
            if draft.is_done:
                _check_free(path, is_replacing)
                draft.path.replace(path)
                sync_folder(path.parent)
        finally:
            draft.path.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path, *, is_replacing: bool) -> Iterator[Draft]:
    """A folder whose files appear in `path`, made if need be, when its draft is done.

    Raises:
        ExchangeError: It cannot be written, or a file is there and must not be replaced.
    """
    with errors_in_words(path):
        draft = Draft(_hidden(path))
        draft.path.mkdir()
        try:
            yield draft
            if draft.is_done:
                _move_in(draft.path, path, is_replacing)
        finally:
            shutil.rmtree(draft.path, ignore_errors=True)


def make_folder(path: Path) -> Path:
    """A folder for files that are to be written; ExchangeError where it cannot be made."""
    with errors_in_words(path):
        path.mkdir(parents=True, exist_ok=True)
    return path


def file_name(given: Conversation, suffix: str) -> str:
    """A name that every file system takes; the end of the id keeps equal titles apart."""
    words = " ".join(_REFUSED.sub(" ", given.title).split()).strip(". ")
    short = words.encode()[:MAX_NAME_BYTES].decode("utf-8", "ignore").rstrip(". ")
    return f"{short} {given.id[-8:]}".strip() + suffix


def _move_in(drafted: Path, folder: Path, is_replacing: bool) -> None:
    if not folder.exists():
        drafted.rename(folder)
    else:
        files = sorted(drafted.iterdir())
        for file in files:
            _check_free(folder / file.name, is_replacing)
        for file in files:
            file.replace(folder / file.name)
    sync_folder(folder.parent)


def _hidden(path: Path) -> Path:
    return path.absolute().with_name(f".{new_id()}.part")


def _check_free(path: Path, is_replacing: bool) -> None:
    # Never a device, a pipe or a folder: a file would take its place for everybody.
    if path.exists() and not (is_replacing and path.is_file()):
        raise ExchangeError(
            _("{file} is there already. It was not changed.").format(file=path),
            _("Choose another name, or say that it may be replaced."),
            path=str(path),
        )


@contextmanager
def errors_in_words(path: Path) -> Iterator[None]:
    """Turn what the file system raises into an ExchangeError; a reader that has gone is no error of ours."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ExchangeError(
            _("{file} cannot be written ({reason}). Nothing of it was kept.").format(
                file=path, reason=error.strerror or error
            ),
            _("Check that the folder is there, that you may write to it and that its disk is not full."),
            path=str(path),
        ) from error
