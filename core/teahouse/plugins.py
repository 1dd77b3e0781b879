"""The plugin host: find, load, enable, isolate, name the culprit.

A plugin's name is its entry-point name. Its factory `create(app)` returns an object with hook
implementations; what a plugin's hook raises is reported by name and the others still run.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points, version
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pluggy
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from teahouse import hookspecs
from teahouse.errors import PluginError, SettingError
from teahouse.events import Notice, changed
from teahouse.jobs import Work
from teahouse.language import _
from teahouse.settings import Setting, Value

if TYPE_CHECKING:
    from teahouse.app import App

log = logging.getLogger(__name__)

PLUGINS = "teahouse.plugins"
COMMANDS = "teahouse.commands"
DEVELOPER_ONLY = frozenset({"echo"})
"""Plugins that show only with `TEAHOUSE_DEV=1`."""


@dataclass(frozen=True, slots=True)
class Backend:
    """A back end that brings models and runs them in a child process.

    Args:
        name: Unique; the prefix of its models' names (`echo/echo`), none for the built-in one.
        entry: `module:function` run in the child; it gets the `Server` to register verbs on.
        list_models: The models it has now, called in the app's process; must not block.
        needs_network: The child keeps its network.
        verbs: Engine verbs it understands; the host hides what it lacks.
    """

    name: str
    entry: str
    list_models: Callable[[], list[BackendModel]]
    needs_network: bool = False
    verbs: frozenset[str] = frozenset({"load", "unload", "count", "render", "generate"})


@dataclass(frozen=True, slots=True)
class BackendModel:
    """One model of a back end.

    Args:
        name: What people type and see.
        options: JSON values handed to the child's `load`.
        size_bytes: On disk; 0 where it has none.
    """

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a plugin: `teahouse PATH …` in the terminal, an entry in menu and palette.

    Args:
        path: Its words, the first registered in the group `teahouse.commands`.
        title: One line, marked with `N_()`.
        work: Called with the app and the checked parameters; returns the job's generator function.
        params: Parameters as settings; one without a default is required.
        json: It also offers `--json`; its result is then printed as JSON.
    """

    path: str
    title: str
    work: Callable[[App, Mapping[str, Value]], Work]
    params: tuple[Setting, ...] = ()
    json: bool = False


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """What is known of an installed plugin; `error` says why it is not running."""

    name: str
    version: str
    enabled: bool
    hooks: tuple[str, ...] = ()
    error: str = ""


class PluginHost:
    """One half of all plugins: the objects that one entry-point group brings, and their hooks.

    The engine's half is `Plugins`; the window makes one more for its own group. Whatever a plugin
    raises is reported by its name and the others still run.

    Args:
        specs: The module of hook specifications.
        create: Makes the plugin's object from its factory.
        is_enabled: Whether a plugin of this name should run.
        report: Told (name, what happened) for a plugin that was skipped.
    """

    def __init__(
        self,
        specs: ModuleType,
        *,
        group: str,
        create: Callable[[Callable[..., object]], object],
        is_enabled: Callable[[str], bool],
        report: Callable[[str, str], None],
    ) -> None:
        self._host = pluggy.PluginManager("teahouse")
        self._host.add_hookspecs(specs)
        self._group = group
        self._create = create
        self._is_enabled = is_enabled
        self._report = report

    def load(self) -> None:
        """Load every enabled plugin of the group that is not loaded yet."""
        for entry in self.entries():
            if self._is_enabled(entry.name) and not self._host.has_plugin(entry.name):
                self.load_one(entry)

    def entries(self) -> list[EntryPoint]:
        """The installed plugins, by name; the first one of two with the same name."""
        shown: dict[str, EntryPoint] = {}
        for entry in _visible(self._group):
            if entry.name in shown:
                self._report(entry.name, _("is installed twice; the first one is used"))
                continue
            shown[entry.name] = entry
        return list(shown.values())

    def load_one(self, entry: EntryPoint) -> bool:
        """Import a plugin, make its object and add it; False when it failed, which is reported."""
        try:
            check_api(_requirements(entry))
            self.register(entry.name, self._create(entry.load()))
        except (Exception, SystemExit) as error:  # noqa: BLE001  foreign code
            self._report(entry.name, _("could not be loaded: {error}").format(error=_in_words(error)))
            return False
        return True

    def register(self, name: str, plugin: object) -> None:
        """Add a plugin's object; nothing of it is left when that fails."""
        if self._host.has_plugin(name):
            raise PluginError(_("it is loaded already"))
        try:
            self._host.register(plugin, name)
        except Exception:
            self._host.unregister(name=name)
            raise

    def unregister(self, name: str) -> None:
        """Take a plugin's object and so its contributions away; nothing happens when it is not there."""
        if self._host.has_plugin(name):
            self._host.unregister(name=name)

    def is_loaded(self, name: str) -> bool:
        """Whether a plugin of this name runs."""
        return bool(self._host.has_plugin(name))

    def hooks_of(self, name: str) -> tuple[str, ...]:
        """Names of the hooks that a loaded plugin implements."""
        plugin = self._host.get_plugin(name)
        callers = (self._host.get_hookcallers(plugin) or []) if plugin else []
        return tuple(sorted(caller.name for caller in callers))

    def call_each(self, hook: str, *, only: str = "", **args: Any) -> list[tuple[str, Any]]:
        """Call a hook plugin by plugin, or of one plugin: (name, value) for every value returned."""
        values = []
        for implementation in getattr(self._host.hook, hook).get_hookimpls():
            name = implementation.plugin_name
            if only and name != only:
                continue
            try:
                result = implementation.function(*(args[a] for a in implementation.argnames))
                items = result if isinstance(result, list) else [result]
            except (Exception, SystemExit) as error:  # noqa: BLE001  foreign code
                self._report(name, _("failed in {hook}: {error}").format(hook=hook, error=_in_words(error)))
                continue
            values += [(name, item) for item in items if item is not None]
        return values


class Plugins:
    """The plugins of one app: which are installed, which run, and what they bring to the engine."""

    def __init__(self, app: App, *, is_safe_mode: bool = False) -> None:
        self._app = app
        self._is_safe_mode = is_safe_mode
        self._errors: dict[str, str] = {}
        self._host = PluginHost(
            hookspecs,
            group=PLUGINS,
            create=lambda factory: factory(app),
            is_enabled=self.is_enabled,
            report=self.report,
        )

    def load(self) -> None:
        """Load the enabled plugins; one that fails is reported and skipped."""
        for entry in self._host.entries():
            if self.is_enabled(entry.name):
                self._load_one(entry)

    def register(self, name: str, plugin: object) -> None:
        """Add a plugin object under `name` and take in its settings."""
        self._host.register(name, plugin)
        self._take_settings(name)

    def is_enabled(self, name: str) -> bool:
        """Whether the plugin should run: not disabled, and not in safe mode."""
        return not self._is_safe_mode and name not in self._disabled()

    def set_enabled(self, name: str, *, enabled: bool) -> None:
        """Turn a plugin on or off now and at later starts; off takes its contributions away."""
        entries = {entry.name: entry for entry in self._host.entries()}
        if name not in entries:
            raise PluginError(_("There is no plugin named {name}.").format(name=name), plugin=name)
        off = self._disabled() - {name} if enabled else self._disabled() | {name}
        self._app.settings.set("plugins.disabled", ",".join(sorted(off)))
        if enabled and not self._host.is_loaded(name):
            self._load_one(entries[name])
        elif not enabled:
            self._host.unregister(name)
            self._app.settings.forget(name)
        self._app.take_contributions()
        self._app.events.publish(changed("plugins", "models", "settings", by=self))

    @property
    def packages(self) -> dict[str, str]:
        """Package of every installed plugin, which holds its catalogues, by the plugin's name."""
        return {entry.name: entry.module.partition(".")[0] for entry in self._host.entries()}

    def infos(self) -> list[PluginInfo]:
        """Every installed plugin, running or not, by name."""
        return [
            PluginInfo(
                entry.name,
                entry.dist.version if entry.dist else "",
                self.is_enabled(entry.name),
                self._host.hooks_of(entry.name),
                self._errors.get(entry.name, ""),
            )
            for entry in self._host.entries()
        ]

    def call_each(self, hook: str, **args: Any) -> list[tuple[str, Any]]:
        """Call an engine hook plugin by plugin: (name, value) for every value returned."""
        return self._host.call_each(hook, **args)

    def report(self, name: str, what: str) -> None:
        """Remember and publish that a plugin was skipped; the same fault is told once."""
        if self._errors.get(name) == what:
            return
        self._errors[name] = what
        log.info("plugin %s %s", name, what, exc_info=True)
        self._app.events.publish(Notice(_("The plugin {name} {what}.").format(name=name, what=what)))

    def _load_one(self, entry: EntryPoint) -> None:
        self._errors.pop(entry.name, None)
        if self._host.load_one(entry):
            self._take_settings(entry.name)

    def _take_settings(self, name: str) -> None:
        """Declare a loaded plugin's settings; a plugin whose settings are bad does not run."""
        settings = [setting for _owner, setting in self._host.call_each("register_settings", only=name)]
        try:
            self._app.settings.declare(settings, owner=name)
        except (SettingError, AttributeError, TypeError) as error:
            self._host.unregister(name)
            self._app.settings.forget(name)
            self.report(name, _("could not be loaded: {error}").format(error=_in_words(error)))

    def _disabled(self) -> set[str]:
        return {name for name in str(self._app.settings.get("plugins.disabled")).split(",") if name}


def check_api(requirements: Iterable[str]) -> None:
    """Refuse a plugin whose `Requires-Dist: teahouse…` does not allow this version.

    Raises:
        PluginError: It was written for another version.
    """
    for text in requirements:
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            raise PluginError(_("its requirements cannot be read: {error}").format(error=error)) from error
        if not _is_of_the_app(requirement):
            continue
        if not requirement.specifier.contains(version("teahouse"), prereleases=True):
            raise PluginError(
                _("it was written for teahouse {wanted}, this is {here}").format(
                    wanted=requirement.specifier, here=version("teahouse")
                )
            )


def _is_of_the_app(requirement: Requirement) -> bool:
    has_force = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    return canonicalize_name(requirement.name) == "teahouse" and has_force


def command_words() -> list[str]:
    """First words of the terminal commands that plugins bring; nothing is imported."""
    return sorted({entry.name for entry in _visible(COMMANDS)})


def _visible(group: str) -> list[EntryPoint]:
    is_developer = os.environ.get("TEAHOUSE_DEV") == "1"
    found = [entry for entry in entry_points(group=group) if is_developer or entry.name not in DEVELOPER_ONLY]
    return sorted(found, key=lambda entry: entry.name)


def _requirements(entry: EntryPoint) -> list[str]:
    return list((entry.dist.requires or []) if entry.dist else [])


def _in_words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
