"""Which versions of the app a plugin was written for: its `Requires-Dist`, read without importing it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import TYPE_CHECKING

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins.installed import APP, Installed, normal

if TYPE_CHECKING:
    from packaging.requirements import Requirement


def check_api(requirements: Iterable[str]) -> None:
    """Refuse a plugin whose `Requires-Dist: teahouse…` does not allow this version.

    Raises:
        PluginError: It was written for another version.
    """
    for requirement in map(_parse, requirements):
        if _is_of_the_app(requirement) and not requirement.specifier.contains(
            version("teahouse"), prereleases=True
        ):
            raise PluginError(
                _("it was written for teahouse {wanted}, this is {here}").format(
                    wanted=requirement.specifier, here=version("teahouse")
                )
            )


def check_name(installed: Installed) -> None:
    """Refuse a plugin whose name can be neither a prefix of settings nor a folder.

    Raises:
        PluginError: It is named so.
    """
    if not installed.has_usable_name:
        raise PluginError(_("its name is not of letters, digits, dots and hyphens"))


def wanted_api(requirements: Iterable[str]) -> str:
    """Which versions of the app the requirements ask for, such as `>=0.1,<0.2`; empty for any."""
    try:
        own = [one.specifier for one in map(_parse, requirements) if _is_of_the_app(one)]
    except PluginError:
        return ""
    return ",".join(sorted((str(bound) for bounds in own for bound in bounds), reverse=True))


def _parse(text: str) -> Requirement:
    from packaging.requirements import InvalidRequirement, Requirement  # a part of a window's start otherwise

    try:
        return Requirement(text)
    except InvalidRequirement as error:
        raise PluginError(_("its requirements cannot be read: {error}").format(error=error)) from error


def _is_of_the_app(requirement: Requirement) -> bool:
    has_force = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    return normal(requirement.name) == APP and has_force
