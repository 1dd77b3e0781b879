"""What an installation would change, known before anything is changed."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from teahouse.errors import PluginError
from teahouse.jobs import Cancel, Work
from teahouse.language import _, listed
from teahouse.plugins.api import check_api
from teahouse.plugins.installed import USABLE, find_installed, normal
from teahouse.plugins.installing import environment
from teahouse.plugins.installing.fetching import fetch_from_index, fetch_offer
from teahouse.plugins.installing.files import Step, copied
from teahouse.plugins.installing.pip import run_pip
from teahouse.plugins.installing.sources import Source
from teahouse.plugins.installing.targets import check_targets
from teahouse.plugins.installing.wheel import Wheel, check_python, read_wheel

if TYPE_CHECKING:
    from packaging.requirements import Requirement

    from teahouse.app import App


PREFIX = "plugin-new-"
LEFT_S = 86_400.0
"""Files of a plan that are older belong to nobody any more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be installed; its files lie in a folder of its own until it is carried out or discarded.

    Attributes:
        wheel: The plugin's.
        libraries: What it needs and is not here, or not in the version it needs.
        before: Versions of those of them that are installed, by names as they are compared.
    """

    folder: Path
    wheel: Wheel
    libraries: tuple[Wheel, ...]
    before: Mapping[str, str]

    @property
    def wheels(self) -> tuple[Wheel, ...]:
        """All of them."""
        return (self.wheel, *self.libraries)

    @property
    def version_before(self) -> str:
        """The plugin's version that is installed; empty where there is none."""
        return self.before.get(normal(self.wheel.name), "")

    def discard(self) -> None:
        """Remove its files."""
        shutil.rmtree(self.folder, ignore_errors=True)


def plan_install(app: App, source: Source) -> Work:
    """Work that finds out what installing would change; yields `Step`s, the result is a `Plan`.

    Only a source that `is_remote` uses the network; the person has said yes to it before.

    Raises (when it runs):
        PluginError: Why it cannot be installed; nothing has changed.
        NetworkRefused: The app is set to stay offline.
    """

    def work(cancel: Cancel) -> Generator[Step, None, Plan]:
        environment.check_changeable()
        app.paths.data.mkdir(parents=True, exist_ok=True)
        _sweep(app.paths.data)
        folder = Path(mkdtemp(prefix=PREFIX, dir=app.paths.data))
        try:
            return (yield from _plan(app, source, folder, cancel))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    return work


def _sweep(data: Path) -> None:
    """Remove what processes have left that ended before a plan was carried out or discarded."""
    for left in data.glob(f"{PREFIX}*"):
        if left.stat().st_mtime < time.time() - LEFT_S:
            shutil.rmtree(left, ignore_errors=True)


def _plan(app: App, source: Source, folder: Path, cancel: Cancel) -> Generator[Step, None, Plan]:
    if source.kind == "index":
        paths = yield from fetch_from_index(app, source.name, folder, cancel)
    elif source.version is not None:
        paths = [(yield from fetch_offer(app, source.version, folder, cancel))]
    else:
        assert source.path is not None
        paths = [copied(source.path, folder)]
    yield Step("read")
    wheels = [read_wheel(path) for path in paths]
    main = _main(wheels, source)
    here = environment.installed()
    _check_plugin(main, here)
    libraries = [wheel for wheel in wheels if wheel is not main]
    if source.kind != "index":
        libraries = yield from _libraries(main, here, source.folder, folder, cancel)
    return _checked(folder, main, libraries, here)


def _main(wheels: Sequence[Wheel], source: Source) -> Wheel:
    wanted = normal(source.name)
    plugins = [wheel for wheel in wheels if wheel.plugins]
    for wheel in plugins:
        if source.kind == "file" or wanted in (normal(wheel.name), *map(normal, wheel.plugins)):
            return wheel
    named = listed([wheel.name for wheel in wheels]) or source.name
    raise PluginError(_("{name} is not a plugin of Teahouse. Nothing was installed.").format(name=named))


def _check_plugin(wheel: Wheel, here: Mapping[str, Distribution]) -> None:
    """Refuse what is not written for this app and Python, or has the name of another plugin."""
    check_python(wheel)
    try:
        check_api(wheel.requires)
    except PluginError as error:
        text = _("{name} {version} cannot be installed: {reason}.")
        raise PluginError(
            text.format(name=wheel.name, version=wheel.version, reason=error.text),
            _("Nothing was changed. Look for a version of it for this one, or bring Teahouse up to date."),
        ) from error
    there = find_installed()
    for name in wheel.plugins:
        if USABLE.fullmatch(name) is None:
            raise PluginError(_("“{name}” cannot be the name of a plugin.").format(name=name))
        owner = there[name].distribution if name in there else wheel.name
        if normal(owner) != normal(wheel.name):
            text = _("There is a plugin named {name} already, from {package}. Nothing was changed.")
            raise PluginError(text.format(name=name, package=owner), plugin=name)
    kept = environment.kept_versions(here)
    if normal(wheel.name) in kept:
        raise PluginError(
            _("{name} is a part of Teahouse itself and is not changed here.").format(name=wheel.name)
        )


def _libraries(
    wheel: Wheel, here: Mapping[str, Distribution], wheels: Path | None, folder: Path, cancel: Cancel
) -> Generator[Step, None, list[Wheel]]:
    """What it needs and is not here, from the folder that its wheel lies in."""
    kept = environment.kept_versions(here)
    missing = environment.unmet(wheel.requires, environment.versions_of(here))
    for one in missing:
        _check_kept(wheel, one, kept)
    if not missing:
        return []
    if wheels is None:
        raise PluginError(
            _("{name} needs {needed}, which is not here. Nothing was installed.").format(
                name=wheel.name, needed=listed([f"{one.name} {one.specifier}".strip() for one in missing])
            ),
            _("Put the wheels of what it needs into one folder with it, and install the folder."),
        )
    yield Step("find")
    paths = yield from _resolve(wheel, wheels, folder, kept, cancel)
    yield Step("read")
    return [read_wheel(copied(path, folder)) for path in paths]


def _check_kept(wheel: Wheel, one: Requirement, kept: Mapping[str, str]) -> None:
    name = normal(one.name)
    if name in kept:
        text = _("{name} needs {needed}, but Teahouse works with {there}. Nothing was changed.")
        needed, there = f"{one.name} {one.specifier}", f"{one.name} {kept[name]}"
        raise PluginError(text.format(name=wheel.name, needed=needed, there=there))


def _resolve(
    wheel: Wheel, wheels: Path, folder: Path, kept: Mapping[str, str], cancel: Cancel
) -> Generator[Step, None, list[Path]]:
    """Ask pip which wheels of a folder would be installed with this one; it installs nothing."""
    constraints, report = folder / "constraints.txt", folder / "report.json"
    environment.write_constraints(constraints, kept)
    options = [
        "--dry-run",
        "--quiet",
        "--progress-bar=off",
        "--only-binary=:all:",
        "--no-index",
        f"--find-links={wheels}",
    ]
    options += [f"--constraint={constraints}", f"--report={report}", str(wheel.path)]
    for _waiting in run_pip("install", options, cancel):
        yield Step("find")
    return [
        path
        for path in (_path_of(one) for one in report_entries(report.read_text("utf-8")))
        if path.name != wheel.path.name
    ]


def report_entries(text: str) -> list[dict[str, Any]]:
    """What pip's report says that would be installed."""
    found = json.loads(text).get("install", [])
    return [one for one in found if isinstance(one, dict)]


def _path_of(entry: Mapping[str, Any]) -> Path:
    path = unquote(urlsplit(str(entry["download_info"]["url"])).path)
    return Path(path.lstrip("/") if sys.platform == "win32" else path)


def _checked(folder: Path, main: Wheel, libraries: Sequence[Wheel], here: Mapping[str, Distribution]) -> Plan:
    """The plan, if it changes nothing that the app or another plugin needs."""
    kept, versions = environment.kept_versions(here), environment.versions_of(here)
    wheels = (main, *libraries)
    coming = {normal(wheel.name): wheel.version for wheel in wheels}
    for name, version in coming.items():
        if name in kept:
            text = _("It would replace {name} {before} of Teahouse with {after}. Nothing was changed.")
            raise PluginError(text.format(name=name, before=kept[name], after=version))
    after = {**versions, **coming}
    for name, one in here.items():
        if name not in coming:
            _check_still_met(one, versions, after)
    check_targets(wheels, here)
    before = {name: versions[name] for name in coming if name in versions}
    return Plan(folder, main, tuple(libraries), before)


def _check_still_met(one: Distribution, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    try:
        broken = [r for r in environment.unmet(one.requires or [], after) if environment.is_met(r, before)]
    except PluginError:  # a foreign package whose requirements nobody can read cannot be broken by us
        return
    if broken:
        text = _("It would replace {needed} by a version that {name} cannot use. Nothing was changed.")
        raise PluginError(text.format(needed=broken[0].name, name=one.metadata["Name"]))
