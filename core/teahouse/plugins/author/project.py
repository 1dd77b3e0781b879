"""An author's folder: what its pyproject.toml says, and where its packages lie."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins.installed import COMMANDS, PANELS, PLUGINS

FILE = "pyproject.toml"
NO_VERSION = "0"
DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


@dataclass(frozen=True)
class Project:
    """A plugin in its author's folder.

    Attributes:
        folder: Where its pyproject.toml lies; absolute.
        table: The table `[project]`.
        build: The table `[build-system]`.
        entries: Entry points by group, each `module:attribute` by its name.
        source: The folder that has to be on the path.
    """

    folder: Path
    table: Mapping[str, Any]
    build: Mapping[str, Any]
    entries: Mapping[str, Mapping[str, str]]
    source: Path

    @property
    def name(self) -> str:
        """The plugin's name: that of its entry point."""
        return next(iter({**self.entries.get(PLUGINS, {}), **self.entries.get(PANELS, {})}))

    @property
    def distribution(self) -> str:
        """Name of the package as it is published."""
        return str(self.table["name"])

    @property
    def version(self) -> str:
        """Its version; `0` where a tool finds it when the package is built."""
        return str(self.table.get("version", NO_VERSION))

    @property
    def requirements(self) -> list[str]:
        """What it requires."""
        found = self.table.get("dependencies", [])
        return [str(one) for one in found] if isinstance(found, list) else []

    @property
    def halves(self) -> dict[str, str]:
        """`module:attribute` of its engine half and its window half by group, as far as there are any."""
        return {
            group: self.entries[group][self.name]
            for group in (PLUGINS, PANELS)
            if self.name in self.entries.get(group, {})
        }

    @property
    def words(self) -> Mapping[str, str]:
        """First words of its terminal commands."""
        return self.entries.get(COMMANDS, {})

    @property
    def packages(self) -> list[Path]:
        """Folders of its top-level packages; a plugin of one module has none."""
        modules = (value for entries in self.entries.values() for value in entries.values())
        tops = sorted({module.partition(":")[0].partition(".")[0] for module in modules})
        return [self.source / top for top in tops if (self.source / top).is_dir()]


def read_project(folder: Path) -> Project:
    """What an author's folder says of itself.

    Raises:
        PluginError: There is no pyproject.toml, it cannot be read, or it describes no plugin.
    """
    file = folder.resolve() / FILE
    try:
        whole = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError as error:
        raise PluginError(
            _("There is no {file}.").format(file=file),
            _("Name the folder of a plugin; “teahouse plugins new NAME” makes one."),
        ) from error
    except (OSError, ValueError) as error:  # a TOML error is a ValueError
        raise PluginError(_("{file} cannot be read: {error}.").format(file=file, error=error)) from error
    table, build = _table(whole, "project"), _table(whole, "build-system")
    entries = _entries(table)
    if not isinstance(table.get("name"), str) or not any(entries.get(group) for group in (PLUGINS, PANELS)):
        raise PluginError(
            _("{file} describes no plugin.").format(file=file),
            _('It needs a name and the table [project.entry-points."teahouse.plugins"].'),
        )
    _check_words(file, table)
    return Project(file.parent, table, build, entries, _source(file.parent, entries))


def _table(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = whole.get(name)
    return found if isinstance(found, dict) else {}


def _check_words(file: Path, table: Mapping[str, Any]) -> None:
    """Refuse a name or a version that no package can have."""
    from packaging.version import InvalidVersion, Version

    text = _("{file} describes no plugin: {what} is no {kind}.")
    if not DISTRIBUTION.fullmatch(table["name"]):
        raise PluginError(text.format(file=file, what=repr(table["name"]), kind=_("name of a package")))
    try:
        Version(str(table.get("version", NO_VERSION)))
    except InvalidVersion as error:
        what = repr(table["version"])
        raise PluginError(text.format(file=file, what=what, kind=_("version of a package"))) from error


def _entries(table: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    groups = table.get("entry-points", {})
    if not isinstance(groups, dict):
        return {}
    return {
        str(group): {str(name): str(value) for name, value in entries.items()}
        for group, entries in groups.items()
        if isinstance(entries, dict)
    }


def _source(folder: Path, entries: Mapping[str, Mapping[str, str]]) -> Path:
    """`src` or the folder itself, wherever the module of the first half lies."""
    value = next(iter((entries.get(PLUGINS) or entries[PANELS]).values()))
    top = value.partition(":")[0].partition(".")[0]
    for place in (folder / "src", folder):
        if (place / top).is_dir() or (place / f"{top}.py").is_file():
            return place
    raise PluginError(
        _("There is no package {package} in {folder}.").format(package=top, folder=folder),
        _("It is looked for in the folder itself and in its folder src."),
    )
