"""Marks that outlive this process: which plugin it is in at this moment.

A small file, mapped into memory: a mark costs one copy of some bytes, and what is written stays when the
process dies in whatever way. A process holds its file locked; one that nobody holds was left by a process
that ended without closing.
"""

from __future__ import annotations

import contextlib
import faulthandler
import itertools
import mmap
import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from teahouse import file_lock
from teahouse.stacks import frames

PLACES = 32
SIZE_BYTES = 192
FROZEN = PLACES - 1
"""The last place is the watchdog's."""

_FRAME = re.compile(r'^ {2}File "(.+)", line \d+ in (.+)$', re.MULTILINE)
_CRASHED = re.compile(r"^Current thread 0x([0-9a-f]+)(.*?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mark:
    """A plugin that a process was in when it ended.

    Attributes:
        where: Name of the hook or function.
        is_frozen: The window stood still in it.
    """

    plugin: str
    where: str
    is_frozen: bool = False


class Marks:
    """The marks of this process; does nothing before `begin`. Any thread may use it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{os.getpid()}.calls"
        self._descriptor: int | None = None
        self._map: mmap.mmap | None = None
        self._free = list(range(FROZEN))
        self._numbers = itertools.count(1)
        self._trace: IO[str] | None = None

    @property
    def is_begun(self) -> bool:
        """Whether marks are written: there is a window."""
        return self._map is not None

    def begin(self) -> None:
        """Make the file, and let a native crash write down where it happened.

        Raises:
            OSError: The file cannot be made.
        """
        if self._map is not None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = file_lock.hold(self._file, os.O_RDWR | os.O_CREAT)
        if self._descriptor is None:
            return
        os.ftruncate(self._descriptor, PLACES * SIZE_BYTES)
        self._map = mmap.mmap(self._descriptor, PLACES * SIZE_BYTES)
        if not faulthandler.is_enabled():
            self._trace = self._file.with_suffix(".trace").open("w", encoding="utf-8")
            faulthandler.enable(self._trace, all_threads=True)  # only so it names the thread

    @contextlib.contextmanager
    def inside(self, plugin: str, where: str) -> Iterator[None]:
        """Say that this thread is in a plugin while the block runs."""
        try:
            place = self._free.pop() if self._map is not None else -1
        except IndexError:  # more calls at once than places
            place = -1
        if place < 0:
            yield
            return
        self._put(place, plugin, where)
        try:
            yield
        finally:
            self._wipe(place)
            self._free.append(place)

    def freeze(self, plugin: str, where: str) -> None:
        """Say that the window stands still in a plugin."""
        if self._map is not None:
            self._put(FROZEN, plugin, where)

    def thaw(self) -> None:
        """Say that it moves again."""
        if self._map is not None:
            self._wipe(FROZEN)

    def end(self) -> None:
        """The process ends as it should: nothing is left behind."""
        if self._trace is not None:
            faulthandler.disable()
            self._trace.close()
            self._trace = None
            self._file.with_suffix(".trace").unlink(missing_ok=True)
        if self._map is None or self._descriptor is None:
            return
        closing, self._map = self._map, None
        closing.close()
        file_lock.remove(self._file, self._descriptor)
        with contextlib.suppress(OSError):  # other processes have theirs in it
            self._file.parent.rmdir()

    def _put(self, place: int, plugin: str, where: str) -> None:
        text = f"{next(self._numbers)}\t{threading.get_ident()}\t{plugin}\t{where}".encode()
        line = text[: SIZE_BYTES - 1] + b"\n"
        self._write(place * SIZE_BYTES + 1, line[1:])
        self._write(place * SIZE_BYTES, line[:1])  # last: it says that there is a mark

    def _wipe(self, place: int) -> None:
        self._write(place * SIZE_BYTES, b"\0")

    def _write(self, start: int, content: bytes) -> None:
        mapped = self._map
        if mapped is not None:
            with contextlib.suppress(ValueError):  # another thread has just closed it
                mapped[start : start + len(content)] = content


def take_left(folder: Path, places: Mapping[str, Sequence[Path]]) -> list[Mark]:
    """The marks that ended processes have left, each told once; their files are removed.

    Args:
        places: By the name of a plugin, where its program lies: a trace of a native crash names files.
    """
    found: list[Mark] = []
    for file in sorted(folder.glob("*.calls")):
        with contextlib.suppress(OSError):
            descriptor = file_lock.hold(file)
            if descriptor is None:
                continue
            trace = file.with_suffix(".trace")
            found += _culprits(os.read(descriptor, PLACES * SIZE_BYTES), trace, places)
            file_lock.remove(file, descriptor)
            trace.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()
    return list({mark.plugin: mark for mark in found}.values())


def _culprits(content: bytes, trace: Path, places: Mapping[str, Sequence[Path]]) -> list[Mark]:
    """Whom a process that ended leaves as its culprits.

    A native crash tells its thread: what other threads were in then is not its cause.
    """
    marks, text = _marks(content), _text_of(trace)
    if not text or any(mark.is_frozen for mark in marks.values()):
        return list(marks.values())
    crashed = _CRASHED.search(text)
    if crashed is None:  # a thread that Python does not know
        return list(marks.values())
    mark = marks.get(int(crashed.group(1), 16))
    return [mark] if mark else _traced(crashed.group(2), places) or list(marks.values())


def _marks(content: bytes) -> dict[int, Mark]:
    """The innermost call of each thread; what a plugin was waiting for is not its fault."""
    lines = [content[start : start + SIZE_BYTES] for start in range(0, len(content), SIZE_BYTES)]
    read = [_read(line) for line in lines]
    frozen = read[FROZEN] if len(read) > FROZEN else None
    if frozen is not None:
        return {frozen[1]: Mark(frozen[2], frozen[3], is_frozen=True)}
    return {thread: Mark(plugin, where) for _number, thread, plugin, where in sorted(filter(None, read))}


def _read(line: bytes) -> tuple[int, int, str, str] | None:
    if not line or line[0] == 0:
        return None
    parts = line.partition(b"\n")[0].decode("utf-8", "replace").rstrip("\0").split("\t")
    try:
        number, thread, plugin, where = parts
        return int(number), int(thread), plugin, where
    except ValueError:
        return None


def _text_of(trace: Path) -> str:
    try:
        return trace.read_text("utf-8", "replace")
    except OSError:
        return ""


def _traced(text: str, places: Mapping[str, Sequence[Path]]) -> list[Mark]:
    """The plugin whose program is innermost in the trace of a native crash."""
    for file, function in _FRAME.findall(text):
        if name := plugin_at(Path(file), places):
            return [Mark(name, function)]
    return []


def plugin_at(file: Path, places: Mapping[str, Sequence[Path]]) -> str:
    """Name of the plugin whose program a file belongs to; empty for none."""
    for name, own in places.items():
        if any(file == place or place in file.parents for place in own):
            return name
    return ""


def stack_of(thread_id: int) -> list[tuple[Path, str]]:
    """File and function of each call that a thread is in, the innermost first."""
    frame = frames().get(thread_id)
    found = []
    while frame is not None:
        found.append((Path(frame.f_code.co_filename), frame.f_code.co_name))
        frame = frame.f_back
    return found
