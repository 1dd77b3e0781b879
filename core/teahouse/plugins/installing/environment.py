"""The Python environment of the app: what is installed, whether it can be changed, what must stay."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins.installed import APP, normal

if TYPE_CHECKING:
    from packaging.requirements import Requirement

Versions = Mapping[str, str]
"""Versions of distributions by their names as they are compared."""


def check_changeable() -> None:
    """Refuse an environment into which nothing can or may be installed.

    Raises:
        PluginError: Why, and what to do.
    """
    if getattr(sys, "frozen", False):
        raise PluginError(
            _("This build of Teahouse is closed: no plugin can be added to it."),
            _("Install Teahouse with pip into a virtual environment; plugins can be added to that."),
        )
    if importlib.util.find_spec("pip") is None:
        raise PluginError(
            _("Plugins are installed with pip, which this Python does not have."),
            _("Add it: {command}").format(command=f"{sys.executable} -m ensurepip"),
        )
    if _is_externally_managed():
        raise PluginError(
            _("This Python belongs to the operating system, which does not want packages added to it."),
            _("Install Teahouse into a virtual environment of its own, and plugins there."),
        )
    _check_writable(site_packages())


def site_packages() -> Path:
    """Where packages are installed."""
    return Path(sysconfig.get_path("purelib"))


def installed() -> dict[str, Distribution]:
    """What is installed, by names as they are compared; of two with one name the first counts."""
    found: dict[str, Distribution] = {}
    for one in distributions():
        if one.metadata["Name"]:
            found.setdefault(normal(one.metadata["Name"]), one)
    return found


def versions_of(here: Mapping[str, Distribution]) -> dict[str, str]:
    """Versions of what is installed."""
    return {name: one.version for name, one in here.items()}


def kept_versions(here: Mapping[str, Distribution]) -> dict[str, str]:
    """The app, what it needs with all its extras, and pip: their versions must not change."""
    wanted, kept = [APP, "pip"], dict[str, str]()
    while wanted:
        name = wanted.pop()
        if name in kept or name not in here:
            continue
        kept[name] = here[name].version
        wanted += [normal(one.name) for one in parse_all(here[name].requires or [], has_extras=True)]
    return kept


def write_constraints(file: Path, kept: Mapping[str, str]) -> None:
    """A file of constraints by which pip leaves these versions as they are."""
    file.write_text("".join(f"{name}=={version}\n" for name, version in sorted(kept.items())), "utf-8")


def parse_all(requires: Iterable[str], *, has_extras: bool = False) -> list[Requirement]:
    """The requirements that hold here.

    Args:
        has_extras: Also those of any extra.

    Raises:
        PluginError: One cannot be read.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        every = [Requirement(text) for text in requires]
    except InvalidRequirement as error:
        raise PluginError(_("its requirements cannot be read: {error}").format(error=error)) from error
    return [one for one in every if has_extras or one.marker is None or one.marker.evaluate({"extra": ""})]


def unmet(requires: Iterable[str], versions: Versions) -> list[Requirement]:
    """The requirements that these versions do not meet.

    Raises:
        PluginError: One cannot be read.
    """
    return [one for one in parse_all(requires) if not is_met(one, versions)]


def is_met(one: Requirement, versions: Versions) -> bool:
    """Whether these versions meet a requirement."""
    there = versions.get(normal(one.name))
    return there is not None and one.specifier.contains(there, prereleases=True)


def is_inside(one: Distribution) -> bool:
    """Whether a distribution lies in this environment, so that pip can remove it."""
    roots = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    return Path(str(one.locate_file(""))).resolve() in roots


def _is_externally_managed() -> bool:
    """PEP 668: a marker file in the standard library of a Python that is no virtual environment."""
    marker = Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    return sys.prefix == sys.base_prefix and marker.exists()


def _check_writable(folder: Path) -> None:
    try:
        with TemporaryFile(dir=folder):
            return
    except OSError as error:
        raise PluginError(
            _("Nothing can be installed: {folder} cannot be written ({error}).").format(
                folder=folder, error=error.strerror or error
            ),
            _("Install Teahouse into a virtual environment of your own, and plugins there."),
            path=str(folder),
        ) from error
