"""Names that a new plugin may have."""

from __future__ import annotations

import importlib.util
import keyword
import re
from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution

from teahouse.core_settings import CORE_SETTINGS
from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins.installed import DEVELOPER_ONLY, find_installed

SHAPE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 40
RESERVED = frozenset(
    {"teahouse", "core", "desktop", "plugins", "plugin", "torch", "test", "tests", "model", "llama"}
    | {"sampling", "documents", "training", "agent", "serve", "lab", "docs", "train"}
    | {"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "lpt1", "lpt2", "lpt3"}
)
"""Ours, those of plugins that come with the app, and those that are no folders on Windows."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one plugin, all made from the first.

    Attributes:
        plugin: Its entry point, the prefix of its settings, the first word of its commands.
        distribution: What is installed and published.
        package: What is imported.
    """

    plugin: str

    @property
    def distribution(self) -> str:
        """`teahouse-hello`."""
        return f"teahouse-{self.plugin}"

    @property
    def package(self) -> str:
        """`teahouse_hello`."""
        return self.distribution.replace("-", "_")

    @property
    def title(self) -> str:
        """`Hello`."""
        return self.plugin.replace("-", " ").capitalize()


def names_of(name: str, *, words: Collection[str] = ()) -> Names:
    """The names of a new plugin.

    Args:
        words: First words of the terminal commands that are there already.

    Raises:
        PluginError: The name cannot be used, or is taken; says why.
    """
    names = Names(name.removeprefix("teahouse-"))
    reason = why_not(names.plugin) or _why_taken(names, words)
    if reason:
        raise PluginError(
            _("A plugin cannot be named {name}: {reason}.").format(name=repr(name), reason=reason),
            _("Choose a short word of small letters, for example “tea-notes”."),
            plugin=name,
        )
    return names


def why_not(plugin: str) -> str:
    """Why a word cannot be the name of a plugin, whatever is installed; empty where it can."""
    if len(plugin) > LONGEST:
        return _("it is longer than {count} characters").format(count=LONGEST)
    if not SHAPE.fullmatch(plugin):
        return _("a name has small letters a–z, digits and single hyphens, and begins with a letter")
    if keyword.iskeyword(plugin) or plugin in RESERVED | DEVELOPER_ONLY:
        return _("the word is reserved")
    if plugin in {setting.key.partition(".")[0] for setting in CORE_SETTINGS}:
        return _("Teahouse's own settings begin with this word")
    return ""


def _why_taken(names: Names, words: Collection[str]) -> str:
    if names.plugin in words:
        return _("there is a command of this name")
    if names.plugin in find_installed():
        return _("a plugin of this name is installed")
    if _is_installed(names.distribution) or importlib.util.find_spec(names.package) is not None:
        return _("the package {package} is installed").format(package=names.distribution)
    return ""


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
