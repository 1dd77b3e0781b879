"""What lies in a folder at this moment, without opening a file: names, sizes, times."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from teahouse_documents.scanning.ignore import Rules

LARGEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as the folder lists it.

    Attributes:
        device: Of the folder it lies in: which disk is mounted there.
    """

    path: str
    size: int
    mtime_ns: int
    device: int


@dataclass(slots=True)
class Walk:
    """What was found, by path; `closed` folders could not be read (path → reason)."""

    files: dict[str, Seen] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)


def walk(
    root: str,
    rules: Rules,
    is_wanted: Callable[[str], bool],
    *,
    own: Collection[str] = (),
    is_stopped: Callable[[], bool] = lambda: False,
) -> Walk:
    """Look through a folder. Links are not followed: they may lead in circles or anywhere.

    Args:
        is_wanted: Whether a file of this name can be read at all.
        own: Folders of the app, which are left out.
        is_stopped: Asked between folders; what was found until then is returned.
    """
    found = Walk()
    waiting = [(root, "")]
    while waiting and not is_stopped():
        folder, inside = waiting.pop()
        try:
            device = within(os.stat(folder).st_dev)  # noqa: PTH116 - a Path for each of 10,000 files costs half the time
            with os.scandir(folder) as entries:
                for entry in entries:
                    path = f"{inside}{entry.name}"
                    if entry.is_dir(follow_symlinks=False):
                        if entry.path not in own and not rules.ignores(path, is_folder=True):
                            waiting.append((entry.path, f"{path}/"))
                    elif is_wanted(entry.name) and not rules.ignores(path, is_folder=False):
                        _take(found, entry, device)
        except OSError as error:
            found.closed[folder] = error.strerror or str(error)
    return found


def look(path: str) -> Seen | None:
    """One file; None where there is none.

    Raises:
        OSError: It cannot be looked at, which does not mean that it is gone.
    """
    file = Path(path)
    try:
        facts = file.stat()
        device = file.parent.stat().st_dev
    except (FileNotFoundError, NotADirectoryError):
        return None
    is_file = stat.S_ISREG(facts.st_mode)
    return Seen(path, facts.st_size, within(facts.st_mtime_ns), within(device)) if is_file else None


def within(number: int) -> int:
    """What SQLite can keep: a file may be of the year 2400, in nanoseconds."""
    return max(-LARGEST, min(number, LARGEST))


def is_folder(path: str) -> bool:
    """Whether there is such a folder.

    Raises:
        OSError: It cannot be asked, as where a server does not answer, which does not mean that it is gone.
    """
    try:
        return stat.S_ISDIR(Path(path).stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def is_there(path: str) -> bool:
    """Whether there is such a folder, as far as can be told now."""
    try:
        return is_folder(path)
    except OSError:
        return False


def _take(found: Walk, entry: os.DirEntry[str], device: int) -> None:
    if not entry.is_file(follow_symlinks=False):
        return
    try:
        facts = entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # removed at this moment
        return
    found.files[entry.path] = Seen(entry.path, facts.st_size, within(facts.st_mtime_ns), device)
