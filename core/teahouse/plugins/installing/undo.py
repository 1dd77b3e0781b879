"""Puts an environment back as it was when a change of it failed, was stopped, or was killed in the middle.

What would be written over or removed is copied first; then a journal is written, then the change begins. A
journal that is still there when nobody holds the lock was left by a process that died in between.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from teahouse import file_lock
from teahouse.errors import PluginError
from teahouse.language import _

log = logging.getLogger(__name__)

FOLDER = "plugin-undo"
LOCK = "plugins.lock"


@dataclass(frozen=True, slots=True)
class Journal:
    """What a change may touch.

    Attributes:
        prefix: The environment's.
        saved: Paths of files that were there, each with the name of its copy.
        made: Paths of files that the change makes, whether or not they were there.
        folders: Folders that the change makes, the innermost first, and `.dist-info` folders it fills.
        asides: Folders that pip had put aside (`~name`) before.
    """

    prefix: str
    saved: dict[str, str]
    made: list[str]
    folders: list[str]
    asides: list[str]


@contextlib.contextmanager
def changing(data: Path, *, old: Sequence[Path], new: Sequence[Path]) -> Iterator[None]:
    """A change of the environment that either ends well or leaves everything as it was.

    Args:
        data: The app's folder, which holds the copies meanwhile.
        old: Files that it writes over or removes.
        new: Files that it makes.

    Raises:
        PluginError: Another process is at it, or there is no room for the copies; nothing has changed.
    """
    with _lock(data):
        _undo(data / FOLDER)
        try:
            journal = _begin(data / FOLDER, old, new)
        except OSError as error:
            shutil.rmtree(data / FOLDER, ignore_errors=True)
            text = _("Nothing was changed, because no copy of what is there could be kept: {error}.")
            raise PluginError(text.format(error=error.strerror or error)) from error
        try:
            yield
        except BaseException:
            _undo(data / FOLDER)
            raise
        _sweep(old, journal)
        _forget(data / FOLDER)


def undo_left(data: Path) -> bool:
    """Put back what a process that died in the middle has left; whether there was something.

    Raises:
        OSError: It cannot be put back now; it is tried again the next time.
    """
    if not (data / FOLDER / "journal.json").is_file():
        return False
    try:
        with _lock(data):
            return _undo(data / FOLDER)
    except PluginError:  # it is not left: somebody is at it
        return False


@contextlib.contextmanager
def _lock(data: Path) -> Iterator[None]:
    file = data / LOCK
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = file_lock.hold(file, os.O_RDWR | os.O_CREAT)
    if descriptor is None:
        raise PluginError(
            _("Another Teahouse is installing or removing a plugin just now."),
            _("Try again when it is done."),
        )
    try:
        yield
    finally:
        file_lock.remove(file, descriptor)


def _begin(folder: Path, old: Iterable[Path], new: Sequence[Path]) -> Journal:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    saved = {}
    for number, path in enumerate(sorted(set(old))):
        shutil.copy2(path, folder / str(number))
        saved[str(path)] = str(number)
    journal = Journal(
        prefix=sys.prefix,
        saved=saved,
        made=[str(path) for path in new],
        folders=[str(path) for path in _missing_folders(new)],
        asides=[str(path) for path in _asides()],
    )
    part = folder / "journal.part"
    part.write_text(json.dumps(asdict(journal)), "utf-8")
    part.replace(folder / "journal.json")
    return journal


def _missing_folders(paths: Iterable[Path]) -> list[Path]:
    """Folders above these paths that are not there, the innermost first."""
    found: set[Path] = set()
    for path in paths:
        for parent in path.parents:
            if parent.exists():
                break
            found.add(parent)
    return sorted(found, key=lambda one: -len(one.parts))


def _undo(folder: Path) -> bool:
    """Put everything back that a journal names; whether there was one for this environment."""
    journal = _read(folder / "journal.json")
    if journal is None:
        shutil.rmtree(folder, ignore_errors=True)
        return False
    if journal.prefix != sys.prefix:  # made by another Python, which puts it back itself
        return False
    for path in map(Path, journal.made):
        _remove_program(path)
    for aside in _asides():
        if str(aside) not in journal.asides:
            shutil.rmtree(aside, ignore_errors=True)
    for made in map(Path, journal.folders):
        _remove_folder(made)
    for name, copy in journal.saved.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / copy, name)
    log.info("a change of plugins that had not ended was undone")
    _forget(folder)
    return True


def _read(file: Path) -> Journal | None:
    try:
        return Journal(**json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _forget(folder: Path) -> None:
    """First the journal: without it the copies mean nothing."""
    (folder / "journal.json").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _sweep(old: Iterable[Path], journal: Journal) -> None:
    """What Python compiled of files that are gone, and folders that hold nothing more."""
    gone = [path for path in old if not path.exists()]
    for path in gone:
        _remove_program(path)
    roots = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "scripts", "data")}
    folders = {parent for path in gone for parent in path.parents if _is_below(parent, roots)}
    for folder in sorted(folders, key=lambda one: -len(one.parts)):
        _remove_folder(folder, only_empty=True)


def _is_below(folder: Path, roots: Iterable[Path]) -> bool:
    return any(folder != root and folder.is_relative_to(root) for root in roots)


def _remove_program(path: Path) -> None:
    """A file, and what Python compiled of it."""
    path.unlink(missing_ok=True)
    cache = path.parent / "__pycache__"
    if path.suffix == ".py" and cache.is_dir():
        for compiled in cache.glob(f"{path.stem}.*.pyc"):
            compiled.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # of other files there is still something in it
            cache.rmdir()


def _remove_folder(folder: Path, *, only_empty: bool = False) -> None:
    if not only_empty and (folder.name == "__pycache__" or folder.suffix == ".dist-info"):
        shutil.rmtree(folder, ignore_errors=True)
        return
    with contextlib.suppress(OSError):  # something that is not ours lies in it
        folder.rmdir()


def _asides() -> list[Path]:
    """Where pip keeps what it is about to remove: a name that begins with `~`, beside the real one."""
    root = Path(sysconfig.get_path("purelib"))
    return sorted(path for path in root.glob("~*") if path.is_dir())
