"""The file of settings: read, changed in its tables, and replaced whole.

Two programs on one home read and write it in turns, so that neither undoes what the other has changed.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Tables = dict[str, Any]


class SettingsFile:
    """A TOML file of tables in tables."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Tables:
        """What the file holds; nothing where there is none.

        Raises:
            OSError: It cannot be read.
            ValueError: It is not TOML.
        """
        try:
            return tomllib.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return {}

    def write(self, tables: Tables) -> None:
        """Replace the file; an interrupted write leaves the old one.

        Raises:
            OSError: It cannot be written.
        """
        import tomlkit

        text = tomlkit.dumps(tables)
        part = self.path.with_suffix(f".{os.getpid()}.part")
        try:
            with part.open("w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(self.path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def set_aside(self) -> Path:
        """Give an unreadable file another, free name, which is returned; an earlier one stays too."""
        names = (self.path.with_suffix(f".broken{number or ''}.toml") for number in itertools.count())
        aside = next(name for name in names if not name.exists())
        if self.path.is_file():
            self.path.replace(aside)
        return aside

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other programs from changing the file meanwhile; makes its folder.

        Unix only: the folder itself is locked, so that no file for it lies about. On Windows, and where
        a file system knows no locks, two changes within the same millisecond may still lose one.

        Raises:
            OSError: The folder cannot be made or opened.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if sys.platform == "win32":
            yield
            return
        import fcntl

        descriptor = os.open(self.path.parent, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def look_up(tables: Tables, path: Sequence[str]) -> Any:
    """The value at `path`, from the outermost table's name to the key; None where there is none."""
    found: Any = tables
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def put(tables: Tables, path: Sequence[str], value: Any) -> None:
    """Set the value at `path`; None takes it away, with the tables that are empty then."""
    name, *rest = path
    if not rest:
        if value is None:
            tables.pop(name, None)
        else:
            tables[name] = value
        return
    inner = tables.get(name)
    if not isinstance(inner, dict):
        if value is None:
            return
        inner = tables[name] = {}
    put(inner, rest, value)
    if not inner:
        del tables[name]
