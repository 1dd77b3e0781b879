"""Which plugins are installed: found by their entry points, without importing any."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

APP = "teahouse"
PLUGINS = "teahouse.plugins"
PANELS = "teahouse.panels"
COMMANDS = "teahouse.commands"
DEVELOPER_ONLY = frozenset({"echo"})
"""Plugins that show only with `TEAHOUSE_DEV=1`."""

READ_AT_MOST_BYTES = 1_000_000
"""Of a larger file only size and time count: it holds data, not a program that changes unseen."""


@dataclass(frozen=True)
class Installed:
    """A plugin as it is installed.

    Attributes:
        entries: Its entry points: `teahouse.plugins`, `teahouse.panels` or both.
        words: First words of its terminal commands, with their entry points.
        others: Distributions that bring another plugin of this name, which is not used.
    """

    name: str
    entries: Mapping[str, EntryPoint]
    words: Mapping[str, EntryPoint]
    others: tuple[str, ...] = ()

    @property
    def entry(self) -> EntryPoint:
        """Its engine half, or its window half where it has no other."""
        return self.entries.get(PLUGINS) or self.entries[PANELS]

    @property
    def distribution(self) -> str:
        """Name of the package that brought it; empty where there is none."""
        return _name_of(self.entry)

    @property
    def version(self) -> str:
        """Version of that package."""
        return self.entry.dist.version if self.entry.dist else ""

    @property
    def requirements(self) -> Sequence[str]:
        """What that package requires."""
        return list((self.entry.dist.requires or []) if self.entry.dist else [])

    @property
    def stamp(self) -> int:
        """When something was last installed beside it, or removed; 0 where that cannot be told."""
        try:
            return Path(str(self.entry.dist.locate_file(""))).stat().st_mtime_ns if self.entry.dist else 0
        except OSError:
            return 0

    @property
    def is_bundled(self) -> bool:
        """Whether it came with the app, and was tested with it."""
        return normal(self.distribution) == APP

    @property
    def package(self) -> str:
        """The top-level module of its main half, which holds its catalogues."""
        return _top(self.entry)

    @property
    def packages(self) -> list[str]:
        """The top-level modules of all its entry points."""
        every = [*self.entries.values(), *self.words.values()]
        return sorted({_top(entry) for entry in every})

    @cached_property
    def places(self) -> list[Path]:
        """Folders and files in which its program lies."""
        return [place for package in self.packages for place in _places(package)]

    @cached_property
    def sha256(self) -> str:
        """Hash over the files of its packages, which are read when this is first asked for."""
        whole = hashlib.sha256()
        for place in self.places:
            for path in _files(place):
                whole.update(path.relative_to(place.parent).as_posix().encode("utf-8", "surrogateescape"))
                whole.update(_content(path))
        return whole.hexdigest()


def find_installed() -> dict[str, Installed]:
    """Every installed plugin by name; of two with one name the first is used."""
    is_developer = os.environ.get("TEAHOUSE_DEV") == "1"
    every = entry_points()
    found: dict[str, list[dict[str, EntryPoint]]] = {}
    for group in (PLUGINS, PANELS):
        for entry in every.select(group=group):
            if is_developer or entry.name not in DEVELOPER_ONLY:
                _sort_in(found.setdefault(entry.name, []), group, entry)
    commands = list(every.select(group=COMMANDS))
    return {name: _installed(name, found[name], commands) for name in sorted(found)}


def normal(name: str) -> str:
    """A distribution's name as it is compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def command_owners() -> dict[str, str]:
    """Names of the plugins by the first words of their terminal commands; nothing is imported."""
    return {word: one.name for one in find_installed().values() for word in one.words}


def command_words() -> list[str]:
    """First words of the terminal commands that plugins bring; nothing is imported."""
    return sorted(command_owners())


def _sort_in(brought: list[dict[str, EntryPoint]], group: str, entry: EntryPoint) -> None:
    """Put an entry point with the others of its distribution."""
    for entries in brought:
        if group not in entries and _name_of(next(iter(entries.values()))) == _name_of(entry):
            entries[group] = entry
            return
    brought.append({group: entry})


def _installed(
    name: str, brought: Sequence[Mapping[str, EntryPoint]], commands: Sequence[EntryPoint]
) -> Installed:
    own = brought[0]
    main = own.get(PLUGINS) or own[PANELS]
    words = {c.name: c for c in commands if _top(c) == _top(main) and _name_of(c) == _name_of(main)}
    others = tuple(_name_of(next(iter(entries.values()))) for entries in brought[1:])
    return Installed(name, own, words, others)


def _top(entry: EntryPoint) -> str:
    return entry.module.partition(".")[0]


def _name_of(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else ""


def _places(package: str) -> list[Path]:
    """Where a top-level module lies; asking does not import it."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError, AttributeError):  # a module in memory without its specification
        return []
    if spec is None:
        return []
    if spec.submodule_search_locations:
        return [Path(folder) for folder in spec.submodule_search_locations]
    return [Path(spec.origin)] if spec.origin else []


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    for folder, inner, names in os.walk(place):
        inner[:] = sorted(name for name in inner if name != "__pycache__")
        yield from (Path(folder, name) for name in sorted(names) if not name.endswith(".pyc"))


def _content(path: Path) -> bytes:
    try:
        status = path.stat()
        if status.st_size > READ_AT_MOST_BYTES:
            return f"{status.st_size} {status.st_mtime_ns}".encode()
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b"unreadable"
