"""A wheel as it is read before anything of it is installed: nothing in it is run."""

from __future__ import annotations

import base64
import configparser
import csv
import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile, ZipInfo

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins.api import wanted_api
from teahouse.plugins.installed import COMMANDS, PANELS, PLUGINS, normal
from teahouse.plugins.installing.archive import blocks, open_archive

if TYPE_CHECKING:
    from packaging.tags import Tag

TEXT_AT_MOST_BYTES = 4_000_000
"""Of a file that is read as text; a longer one describes no package."""

Entries = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Wheel:
    """What a wheel says of itself.

    Attributes:
        name: Of the package, as its author writes it.
        requires: What it needs, as it says it (`Requires-Dist`).
        python: Versions of Python that it allows; empty for any.
        entries: By group, names and `module:attribute` of its entry points.
        files: Names in the archive.
        info: Name of its `.dist-info` folder.
        is_pure: It holds no machine code.
    """

    path: Path
    sha256: str
    size_bytes: int
    name: str
    version: str
    summary: str
    author: str
    licence: str
    homepage: str
    requires: tuple[str, ...]
    python: str
    entries: Entries
    files: tuple[str, ...]
    info: str
    is_pure: bool

    @property
    def plugins(self) -> list[str]:
        """Names of the plugins in it."""
        return sorted({*self.entries.get(PLUGINS, ()), *self.entries.get(PANELS, ())})

    @property
    def words(self) -> list[str]:
        """First words of the terminal commands in it."""
        return sorted(self.entries.get(COMMANDS, ()))

    @property
    def has_engine(self) -> bool:
        """It brings something for the engine."""
        return bool(self.entries.get(PLUGINS))

    @property
    def has_panels(self) -> bool:
        """It brings something for the window."""
        return bool(self.entries.get(PANELS))

    @property
    def api(self) -> str:
        """Versions of the app it was written for; empty for any."""
        return wanted_api(self.requires)

    @property
    def programs(self) -> list[str]:
        """Programs of its own that it puts beside the interpreter."""
        scripts = self.entries.get("console_scripts", {}), self.entries.get("gui_scripts", {})
        return sorted({name for group in scripts for name in group})


def read_wheel(path: Path) -> Wheel:
    """Read a wheel: its names, its hash, that every file in it is what its list says.

    Raises:
        PluginError: It is no wheel, is damaged, does not fit here, or holds what does not belong in one.
    """
    name, version, tags = _parts_of(path)
    _check_tags(path, tags)
    with open_archive(path) as (archive, infos):
        files = {info.filename: info for info in infos}
        folder = _info_folder(files, normal(name), version)
        said = message_from_string(_text(archive, files, f"{folder}/METADATA"))
        built = message_from_string(_text(archive, files, f"{folder}/WHEEL"))
        listed = _text(archive, files, f"{folder}/RECORD")
        _check_listed(archive, files, listed, f"{folder}/RECORD")
        points = f"{folder}/entry_points.txt"
        entries = _entries(_text(archive, files, points)) if points in files else {}
    _check_names(said, name, version)
    _check_files(files)
    return _wheel(path, said, entries, tuple(files), folder, _field(built, "Root-Is-Purelib") != "false")


def sha256_of(path: Path) -> str:
    """Hash of a file.

    Raises:
        PluginError: It cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        text = _("{file} cannot be read: {error}.")
        raise PluginError(
            text.format(file=path.name, error=error.strerror or error), path=str(path)
        ) from error


def peek(path: Path) -> tuple[str, str, list[str]]:
    """Name, version and plugins of a wheel without reading all of it; nothing of a bad one."""
    try:
        name, version, _tags = _parts_of(path)
        with open_archive(path) as (archive, infos):
            files = {info.filename: info for info in infos}
            points = next((f for f in files if f.endswith(".dist-info/entry_points.txt")), "")
            entries = _entries(_text(archive, files, points)) if points else {}
    except PluginError:
        return "", "", []
    return name, version, sorted({*entries.get(PLUGINS, ()), *entries.get(PANELS, ())})


def _wheel(
    path: Path, said: Message, entries: Entries, files: tuple[str, ...], folder: str, is_pure: bool
) -> Wheel:
    author = _field(said, "Author") or _field(said, "Author-email") or _field(said, "Maintainer")
    page = _field(said, "Home-page") or _field(said, "Project-URL").rpartition(",")[2].strip()
    return Wheel(
        path=path,
        sha256=sha256_of(path),
        size_bytes=path.stat().st_size,
        name=_field(said, "Name"),
        version=_field(said, "Version"),
        summary=_field(said, "Summary"),
        author=author,
        licence=_field(said, "License-Expression") or _field(said, "License"),
        homepage=page,
        requires=tuple(str(value) for value in said.get_all("Requires-Dist", [])),
        python=_field(said, "Requires-Python"),
        entries=entries,
        files=files,
        info=folder,
        is_pure=is_pure,
    )


def _field(said: Message, name: str) -> str:
    """The first line of a field: nothing that a stranger wrote may look like a line of ours."""
    value = str(said.get(name, "")).strip()
    return value.splitlines()[0][:500] if value else ""


# --- what a wheel must be -------------------------------------------------------------------------------


def _parts_of(path: Path) -> tuple[str, str, frozenset[Tag]]:
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    if path.name.endswith((".tar.gz", ".tar.bz2", ".tar.xz", ".zip", ".tgz")):
        raise PluginError(
            _("{file} is a source package. Only wheels are installed: building one runs its code.").format(
                file=path.name
            ),
            _("Ask its author for a wheel (.whl)."),
            path=str(path),
        )
    try:
        name, version, _build, tags = parse_wheel_filename(path.name)
    except InvalidWheelFilename as error:
        text = _("{file} is not a wheel: its name has to be NAME-VERSION-…-any.whl or alike.")
        raise PluginError(text.format(file=path.name), path=str(path)) from error
    return str(name), str(version), tags


def _check_tags(path: Path, tags: frozenset[Tag]) -> None:
    from packaging.tags import sys_tags

    if not any(tag in tags for tag in sys_tags()):
        text = _("{file} is for another system or another Python than this one.")
        raise PluginError(text.format(file=path.name), path=str(path))


def _info_folder(files: Mapping[str, ZipInfo], name: str, version: str) -> str:
    from packaging.version import InvalidVersion, Version

    found = {file.partition("/")[0] for file in files if file.partition("/")[0].endswith(".dist-info")}
    if len(found) == 1:
        folder = found.pop()
        own_name, _dash, own_version = folder.removesuffix(".dist-info").rpartition("-")
        try:
            if (normal(own_name), Version(own_version)) == (name, Version(version)):
                return folder
        except InvalidVersion:
            pass
    raise PluginError(_("It is not a sound wheel: its metadata does not fit the name of its file."))


def _check_names(said: Message, name: str, version: str) -> None:
    from packaging.version import InvalidVersion, Version

    try:
        is_same = Version(_field(said, "Version")) == Version(version)
    except InvalidVersion:
        is_same = False
    if normal(_field(said, "Name")) != normal(name) or not is_same:
        raise PluginError(_("It is not a sound wheel: its metadata does not fit the name of its file."))


def _check_files(files: Sequence[str] | Mapping[str, ZipInfo]) -> None:
    """A `.pth` file runs at every start of Python, even in safe mode and where the plugin is off."""
    for file in files:
        if file.endswith(".pth"):
            raise PluginError(
                _("It was refused: the file {name} in it would run at every start of Python.").format(
                    name=file
                )
            )


def check_python(wheel: Wheel) -> None:
    """Refuse a wheel for other versions of Python.

    Raises:
        PluginError: It is for others.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    here = ".".join(map(str, sys.version_info[:3]))
    try:
        is_allowed = SpecifierSet(wheel.python).contains(here, prereleases=True)
    except InvalidSpecifier:
        is_allowed = False
    if not is_allowed:
        text = _("{name} {version} is for Python {wanted}; this is {here}.")
        raise PluginError(text.format(name=wheel.name, version=wheel.version, wanted=wheel.python, here=here))


def _check_listed(archive: ZipFile, files: Mapping[str, ZipInfo], record: str, own: str) -> None:
    """Each file is listed with its hash, and is what the hash says."""
    hashes = {row[0]: row[1] for row in csv.reader(record.splitlines()) if len(row) > 1}
    for name, info in files.items():
        if name in (own, f"{own}.jws", f"{own}.p7s"):
            continue
        if not _has_hash(archive, info, hashes.get(name, "")):
            raise PluginError(
                _("It is damaged or was changed: the file {name} in it is not what its list says.").format(
                    name=name
                )
            )


def _has_hash(archive: ZipFile, info: ZipInfo, wanted: str) -> bool:
    method, _equals, value = wanted.partition("=")
    if method not in ("sha256", "sha384", "sha512"):
        return False
    whole = hashlib.new(method)
    for block in blocks(archive, info):
        whole.update(block)
    return base64.urlsafe_b64encode(whole.digest()).rstrip(b"=").decode("ascii") == value


def _text(archive: ZipFile, files: Mapping[str, ZipInfo], name: str) -> str:
    info = files.get(name)
    if info is None or info.file_size > TEXT_AT_MOST_BYTES:
        raise PluginError(_("It is not a sound wheel: {name} is missing in it.").format(name=name))
    return b"".join(blocks(archive, info)).decode("utf-8", "replace")


def _entries(text: str) -> Entries:
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise PluginError(_("It is not a sound wheel: its entry points cannot be read.")) from error
    return {section: dict(_items(parser, section)) for section in parser.sections()}


def _items(parser: configparser.ConfigParser, section: str) -> Iterator[tuple[str, str]]:
    yield from ((name.strip(), value.strip()) for name, value in parser.items(section))
