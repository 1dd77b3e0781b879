"""Which plugins are installed: found by their entry points, without importing any."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import Distribution, EntryPoint, distributions, entry_points
from pathlib import Path

log = logging.getLogger(__name__)

APP = "teahouse"
PLUGINS = "teahouse.plugins"
PANELS = "teahouse.panels"
COMMANDS = "teahouse.commands"
DEVELOPER_ONLY = frozenset({"echo"})
"""Plugins that show only with `TEAHOUSE_DEV=1`."""

READ_AT_MOST_BYTES = 1_000_000
"""Of a larger file only size and time count: it holds data, not a program that changes unseen."""

USABLE = re.compile(r"\w[\w.-]{0,63}")
"""A plugin's name is a prefix of keys, the name of a folder, and stands in lists that commas divide."""


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
        return _said(self.entry.dist, "Version")

    @property
    def requirements(self) -> Sequence[str]:
        """What that package requires."""
        try:
            return list((self.entry.dist.requires or []) if self.entry.dist else [])
        except (OSError, ValueError):  # what is left of a package that was removed by halves
            return []

    @property
    def has_usable_name(self) -> bool:
        """Whether its name can be the prefix of settings and the name of a folder."""
        return USABLE.fullmatch(self.name) is not None

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
    """Every installed plugin by name; of two with one name ours is used, else the first."""
    is_developer = os.environ.get("TEAHOUSE_DEV") == "1"
    every = _entries()
    found: dict[str, list[dict[str, EntryPoint]]] = {}
    for group in (PLUGINS, PANELS):
        for entry in (one for one in every if one.group == group):
            if is_developer or entry.name not in DEVELOPER_ONLY:
                _sort_in(found.setdefault(entry.name, []), group, entry)
    commands = [one for one in every if one.group == COMMANDS]
    return {name: _installed(name, found[name], commands) for name in sorted(found)}


def normal(name: str) -> str:
    """A distribution's name as it is compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def command_owners() -> dict[str, str]:
    """Names of the plugins by the first words of their terminal commands; nothing is imported.

    Of two with one word ours has it, else the first.
    """
    owners: dict[str, str] = {}
    for one in sorted(find_installed().values(), key=lambda one: not one.is_bundled):
        for word in one.words:
            owners.setdefault(word, one.name)
    return owners


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
    own, *rest = sorted(brought, key=lambda entries: normal(_name_of(next(iter(entries.values())))) != APP)
    main = own.get(PLUGINS) or own[PANELS]
    words = {c.name: c for c in commands if _top(c) == _top(main) and _name_of(c) == _name_of(main)}
    others = tuple(_name_of(next(iter(entries.values()))) for entries in rest)
    return Installed(name, own, words, others)


def _top(entry: EntryPoint) -> str:
    found = re.match(r"\w*", entry.value.strip())  # its own `module` raises where the value is none
    return found.group() if found else ""


def _name_of(entry: EntryPoint) -> str:
    return _said(entry.dist, "Name")


def _said(dist: Distribution | None, field: str) -> str:
    """What a package says of itself; empty where its metadata is gone or cannot be read."""
    try:
        said = dist.metadata[field] if dist is not None else None
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return str(said or "")


def _entries() -> list[EntryPoint]:
    """Every entry point of our groups; a package whose list cannot be read hides no other's."""
    try:
        every = entry_points()
        return [entry for group in (PLUGINS, PANELS, COMMANDS) for entry in every.select(group=group)]
    except (OSError, ValueError, TypeError, AttributeError):
        return [entry for dist in distributions() for entry in _entries_of(dist)]


def _entries_of(dist: Distribution) -> list[EntryPoint]:
    try:
        return list(dist.entry_points)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        log.info("the entry points of %s cannot be read: %s", _said(dist, "Name") or dist, error)
        return []


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
        if not stat.S_ISREG(status.st_mode):
            return b"no file"  # nobody may have to wait at the end of a pipe
        if status.st_size > READ_AT_MOST_BYTES:
            return f"{status.st_size} {status.st_mtime_ns}".encode()
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b"unreadable"
