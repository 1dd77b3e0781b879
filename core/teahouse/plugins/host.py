"""One half of all plugins: the objects that one entry-point group brings, and their hooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import pluggy

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins.contributions import Kind, check_values
from teahouse.plugins.guard import Guard
from teahouse.plugins.installed import Installed


class PluginHost:
    """Loads one half of each plugin and calls its hooks.

    The engine's half is in `Plugins`; the window makes one more for its own group. Whatever a plugin
    raises is reported by its name and the others still run.

    Args:
        specs: The module of hook specifications.
        kinds: What each hook returns.
        create: Makes the plugin's object from its name and its factory.
        seat: What a plugin gets as `app`.
    """

    def __init__(
        self,
        specs: ModuleType,
        *,
        group: str,
        kinds: Mapping[str, Kind],
        create: Callable[[str, Callable[..., object]], object],
        seat: Callable[[str], object],
        guard: Guard,
    ) -> None:
        self._host = pluggy.PluginManager("teahouse")
        self._host.add_hookspecs(specs)
        self._group = group
        self._kinds = kinds
        self._create = create
        self._seat = seat
        self._guard = guard

    def load_one(self, installed: Installed, *, is_wanted: Callable[[], bool] = lambda: True) -> bool:
        """Import a plugin, make its object and add it; False when it failed, which is reported.

        Args:
            is_wanted: Asked again after the import, which may have taken long.
        """
        name, entry = installed.name, installed.entries[self._group]
        failed = _("could not be loaded: {error}")
        with self._guard.call(name, "import", failed=failed, is_load=True) as call:
            factory = entry.load()
        if call.has_failed:
            return False
        with self._guard.call(name, entry.attr, failed=failed, is_load=True):
            made = self._create(name, factory)
            if is_wanted():
                self.register(name, made)
        return self.is_loaded(name)

    def register(self, name: str, plugin: object) -> None:
        """Add a plugin's object; nothing of it is left when that fails."""
        if self._host.has_plugin(name):
            raise PluginError(_("it is loaded already"))
        try:
            self._host.register(plugin, name)
        except BaseException:
            self._host.unregister(name=name)
            raise

    def unregister(self, name: str) -> None:
        """Take a plugin's object and so its contributions away; nothing happens when it is not there."""
        if self._host.has_plugin(name):
            self._host.unregister(name=name)

    def is_loaded(self, name: str) -> bool:
        """Whether this half of a plugin runs."""
        return bool(self._host.has_plugin(name))

    def hooks_of(self, name: str) -> tuple[str, ...]:
        """Names of the hooks that a loaded plugin implements."""
        plugin = self._host.get_plugin(name)
        callers = (self._host.get_hookcallers(plugin) or []) if plugin else []
        return tuple(sorted(caller.name for caller in callers))

    def call_each(self, hook: str, *, only: str = "", **args: Any) -> list[tuple[str, Any]]:
        """Call a hook plugin by plugin, or of one plugin: (name, value) for every value returned.

        A plugin that raises or returns what the hook does not return is reported, and none of its values
        is used.
        """
        values = []
        for implementation in getattr(self._host.hook, hook).get_hookimpls():
            name = implementation.plugin_name
            if only and name != only:
                continue
            given = {**args, "app": self._seat(name)} if "app" in args else args
            with self._guard.call(name, hook):
                result = implementation.function(*(given[a] for a in implementation.argnames))
                items = list(result) if isinstance(result, (list, tuple)) else [result]
                checked = check_values((i for i in items if i is not None), self._kinds.get(hook))
                values += [(name, item) for item in checked]
        return values
