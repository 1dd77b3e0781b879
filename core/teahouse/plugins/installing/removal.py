"""Taking a plugin away, with what was installed only for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse.errors import PluginError
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.plugins.installed import normal
from teahouse.plugins.installing import environment
from teahouse.plugins.installing.brought import brought_by, forget_brought
from teahouse.plugins.installing.files import Step
from teahouse.plugins.installing.install import look_anew
from teahouse.plugins.installing.pip import run_pip
from teahouse.plugins.installing.targets import files_of
from teahouse.plugins.installing.undo import changing

if TYPE_CHECKING:
    from teahouse.app import App


@dataclass(frozen=True, slots=True)
class Removal:
    """What would be removed.

    Attributes:
        plugins: Names of all plugins of the package.
        libraries: Names of what was installed only for it and is needed by nothing else.
        folders: What the plugins keep, which stays unless the person wants it gone too.
        kept_bytes: That these folders take.
    """

    plugins: tuple[str, ...]
    package: str
    version: str
    libraries: tuple[str, ...]
    folders: tuple[Path, ...]
    kept_bytes: int


def plan_removal(app: App, name: str) -> Removal:
    """What removing a plugin takes away; reads the disk.

    Raises:
        PluginError: There is none of this name, it came with the app, or it cannot be removed here.
    """
    app.plugins.roster.look_again()
    one = app.plugins.roster.find(name)
    if one.is_bundled:
        raise PluginError(
            _("The plugin {name} came with Teahouse and stays.").format(name=name),
            _("Turn it off with “teahouse plugins disable {name}”.").format(name=name),
            plugin=name,
        )
    here = environment.installed()
    dist = here.get(normal(one.distribution))
    if dist is None or not environment.is_inside(dist):
        raise PluginError(
            _("The plugin {name} lies outside of this Python's packages and is not removed here.").format(
                name=name
            ),
            _("Remove it where it is: {folder}").format(folder=dist.locate_file("") if dist else ""),
            plugin=name,
        )
    return _removal(app, one.distribution, here)


def remove(app: App, removal: Removal, *, has_data: bool = False) -> Work:
    """Work that removes a plugin; yields `Step`s, the result is the `Removal`.

    Args:
        has_data: Also what it keeps, and what people set of it.

    Raises (when it runs):
        PluginError: It failed or was stopped; everything is as it was before.
    """

    def work(cancel: Cancel) -> Generator[Step, None, Removal]:
        environment.check_changeable()
        yield Step("remove")
        yield from _uninstall(app, removal, cancel)
        for name in removal.plugins:
            app.plugins.drop(name)
            app.plugins.roster.forget(name)
        forget_brought(app.paths, removal.package)
        if has_data:
            _delete_kept(app, removal)
        app.plugins.publish()
        return removal

    return work


def _uninstall(app: App, removal: Removal, cancel: Cancel) -> Generator[Step, None, None]:
    here = environment.installed()
    names = [removal.package, *removal.libraries]
    old = [path for name in names if normal(name) in here for path in files_of(here[normal(name)])]
    with changing(app.paths.data, old=old, new=()):
        for _waiting in run_pip("uninstall", ["--yes", *names], cancel):
            yield Step("remove")
        look_anew(app)
        if left := [name for name in removal.plugins if name in app.plugins.roster.installed]:
            text = _("pip did not remove the plugin {name}; everything is as it was.")
            raise PluginError(text.format(name=left[0]), plugin=left[0])


def _delete_kept(app: App, removal: Removal) -> None:
    for folder in removal.folders:
        shutil.rmtree(folder, ignore_errors=True)
    for name in removal.plugins:
        app.settings.forget_values(name)


def _removal(app: App, package: str, here: Mapping[str, Distribution]) -> Removal:
    every = app.plugins.roster.installed
    plugins = tuple(n for n, one in every.items() if normal(one.distribution) == normal(package))
    _check_unneeded(package, here)
    folders = tuple(folder for folder in map(app.paths.plugin, plugins) if folder.is_dir())
    return Removal(
        plugins=plugins,
        package=package,
        version=here[normal(package)].version,
        libraries=tuple(_only_for(package, brought_by(app.paths, package), here)),
        folders=folders,
        kept_bytes=sum(map(_size_of, folders)),
    )


def _check_unneeded(package: str, here: Mapping[str, Distribution]) -> None:
    for name, one in here.items():
        if name != normal(package) and normal(package) in _needs(one):
            text = _("{package} is not removed, because {name} needs it.")
            raise PluginError(text.format(package=package, name=one.metadata["Name"]))


def _only_for(package: str, brought: list[str], here: Mapping[str, Distribution]) -> list[str]:
    """Those of the libraries that nothing needs that stays."""
    kept = environment.kept_versions(here)
    going = {
        name for name in brought if name in here and name not in kept and environment.is_inside(here[name])
    }
    while True:
        leaving = {normal(package), *going}
        needed = {need for name, one in here.items() if name not in leaving for need in _needs(one)}
        if not going & needed:
            return sorted(going)
        going -= needed


def _needs(one: Distribution) -> set[str]:
    try:
        return {normal(need.name) for need in environment.parse_all(one.requires or [])}
    except PluginError:  # of a package whose requirements nobody can read, nothing is known
        return set()


def _size_of(folder: Path) -> int:
    found = (Path(root, name) for root, _folders, names in os.walk(folder) for name in names)
    return sum(path.lstat().st_size for path in found)
