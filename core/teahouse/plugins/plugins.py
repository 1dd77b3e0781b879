"""The plugins of one app: which are installed, which run, and what they bring to the engine."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from teahouse import hookspecs
from teahouse.events import Kind as EventKind
from teahouse.events import changed
from teahouse.jobs import Work
from teahouse.language import _
from teahouse.plugins.api import check_api, check_name
from teahouse.plugins.contributions import ENGINE, check_models
from teahouse.plugins.faults import Faults
from teahouse.plugins.guard import Guard
from teahouse.plugins.host import PluginHost
from teahouse.plugins.installed import PANELS, PLUGINS, Installed, find_installed
from teahouse.plugins.marks import Marks
from teahouse.plugins.pace import paced_command
from teahouse.plugins.roster import Roster
from teahouse.plugins.seat import PluginApp
from teahouse.plugins.turns import Turns
from teahouse.plugins.values import Backend, BackendModel, PluginInfo
from teahouse.plugins.verdicts import Verdicts

if TYPE_CHECKING:
    from teahouse.app import App

FAULTS_AT_MOST = 20
"""A plugin that fails more often is turned off: nobody is helped by the same notice over and over."""


class Plugins:
    """The plugins of one app; any thread may ask.

    Attributes:
        roster: Who is installed, who may run, and why not.
        guard: What every call into a plugin goes through.
        marks: What names the plugin that this process is in.
        faults: What went wrong with each.
        ready: Those that have been loaded.
        turns: Which thread tries or loads which.
    """

    def __init__(
        self,
        app: App,
        *,
        is_safe_mode: bool = False,
        find: Callable[[], dict[str, Installed]] = find_installed,
    ) -> None:
        self._app = app
        data = app.paths.data
        verdicts = Verdicts(data / "plugins.json")
        self.roster = Roster(app.settings, verdicts, is_safe_mode=is_safe_mode, find=find)
        self.marks = Marks(data / "plugin-calls")
        self.faults = Faults(app.events.publish)
        self.guard = Guard(report=self.report, tell_slow=self.faults.tell_slow, marks=self.marks)
        self._seats: dict[str, PluginApp] = {}
        self.ready: dict[str, Installed] = {}
        self.turns = Turns()
        self._host = PluginHost(
            hookspecs,
            group=PLUGINS,
            kinds=ENGINE,
            create=lambda name, factory: factory(self.seat(name)),
            seat=self.seat,
            guard=self.guard,
        )

    # --- loading ------------------------------------------------------------------------------------

    def load(self, *, only: Collection[str] | None = None) -> None:
        """Load the enabled plugins here and now, whether or not they were ever tried.

        Args:
            only: Names of those to load; None for all of them.
        """
        names = (
            list(self.roster.installed) if only is None else [n for n in only if n in self.roster.installed]
        )
        for name in names:
            if self.roster.is_enabled(name):
                self.load_one(self.roster.find(name))

    def load_carefully(self, *, is_window: bool = False) -> Work:
        """Work that loads the enabled plugins; those whose files are new here are tried in a child first.

        It yields the name of each plugin that it tries or loads.

        Args:
            is_window: Import what they have for the window too, and let marks name who is called.
        """
        from teahouse.plugins.loading import load_carefully

        return load_carefully(self._app, is_window=is_window)

    def load_one(self, installed: Installed, *, has_panels: bool = False) -> bool:
        """Load one plugin; False when it failed, which is reported, or was turned off meanwhile."""
        name = installed.name
        with self.turns.alone(name):
            if name in self.ready:
                return True
            self.faults.forget(name)
            self.guard.begin_anew(name)
            if installed.others:
                self.report(name, _("is installed twice; the first one is used"))
            with self.guard.call(
                name, "import", failed=_("could not be loaded: {error}"), is_load=True
            ) as call:
                check_name(installed)
                check_api(installed.requirements)
                if has_panels and PANELS in installed.entries:
                    installed.entries[PANELS].load()
            if not call.has_failed and self._load_engine_half(installed):
                self.ready[name] = installed
            if name not in self.ready or not self.roster.is_enabled(name):
                self.drop(name)  # looked at last: whoever turns it off drops it after that
            return name in self.ready

    def register(self, name: str, plugin: object) -> None:
        """Add a plugin object under `name` and take in its settings."""
        self._host.register(name, plugin)
        if not self._take_settings(name):
            self.drop(name)

    def drop(self, name: str) -> None:
        """Take away all that a plugin brought; models and panels go when it is published."""
        self.ready.pop(name, None)
        self._host.unregister(name)
        self._app.settings.forget(name)
        if seat := self._seats.pop(name, None):
            seat.close()
        self._app.close_storage(name)

    def publish(self) -> None:
        """Take in what the running plugins bring now, and tell everybody."""
        self._app.take_contributions()
        kinds: tuple[EventKind, ...] = ("plugins", "models", "settings")
        self._app.events.publish(changed(*kinds, by=self))

    def close(self) -> None:
        """The app closes: no plugin hears anything any more, and nothing was left unfinished."""
        for seat in list(self._seats.values()):
            seat.close()
        self.marks.end()

    # --- on and off ---------------------------------------------------------------------------------

    def is_enabled(self, name: str) -> bool:
        """Whether the plugin should run: not turned off by a person or by itself, and not in safe mode."""
        return self.roster.is_enabled(name)

    def set_enabled(self, name: str, *, enabled: bool) -> None:
        """Turn a plugin on or off now and at later starts; off takes its contributions away.

        Raises:
            PluginError: There is none of this name.
        """
        self.roster.look_again()
        self.roster.turn(name, on=enabled)
        if enabled and self.roster.is_enabled(name):
            self.load_one(self.roster.find(name))
        elif not enabled:
            self.drop(name)
        self.publish()

    # --- what they bring ----------------------------------------------------------------------------

    def call_each(self, hook: str, *, only: str = "", **args: Any) -> list[tuple[str, Any]]:
        """Call an engine hook plugin by plugin, or of one: (name, value) for every value returned.

        An argument `app` becomes the app as that plugin sees it.
        """
        found = self._host.call_each(hook, only=only, **args)
        if hook == "register_commands":
            return [(name, paced_command(command)) for name, command in found]
        return found

    def seat(self, name: str) -> App:
        """The app as a plugin sees it: what its factory, hooks and commands get."""
        seat = self._seats.get(name) or self._seats.setdefault(name, PluginApp(self._app, name, self.guard))
        return cast("App", seat)

    def guarded(self, plugin: str, backend: Backend) -> Backend:
        """The same back end with a list of models that never raises."""

        def list_models() -> list[BackendModel]:
            with self.guard.call(plugin, "list_models"):
                return check_models(backend.list_models())
            return []

        return replace(backend, list_models=list_models)

    # --- what is known of them ----------------------------------------------------------------------

    @property
    def packages(self) -> dict[str, str]:
        """Package of every installed plugin, which holds its catalogues, by the plugin's name."""
        return {name: one.package for name, one in self.roster.installed.items()}

    def infos(self) -> list[PluginInfo]:
        """Every installed plugin, running or not, by name."""
        return [self.info(name) for name in self.roster.installed]

    def info(self, name: str) -> PluginInfo:
        """An installed plugin at a glance.

        Raises:
            PluginError: There is none of this name.
        """
        one = self.roster.find(name)
        verdict = self.roster.verdict(name)
        return PluginInfo(
            name,
            one.version,
            self.roster.is_enabled(name),
            self._host.hooks_of(name) or (verdict.hooks if verdict and self.is_enabled(name) else ()),
            self.faults.error_of(name),
            why_off=verdict.words if verdict else "",
            distribution=one.distribution,
            is_bundled=one.is_bundled,
            is_loaded=name in self.ready,
        )

    def report(self, name: str, what: str, error: BaseException | None = None, *, hint: str = "") -> None:
        """Remember and publish that a plugin was skipped; the same fault is told once.

        A plugin that fails over and over is turned off.
        """
        self.faults.add(name, what, error, hint=hint)
        if self.faults.count(name) >= FAULTS_AT_MOST and name in self.ready:
            self._give_up(name)

    # --- inside -------------------------------------------------------------------------------------

    def _load_engine_half(self, installed: Installed) -> bool:
        name = installed.name
        if PLUGINS not in installed.entries or self._host.is_loaded(name):
            return True
        is_loaded = self._host.load_one(installed, is_wanted=lambda: self.roster.is_enabled(name))
        return is_loaded and self._take_settings(name)

    def _take_settings(self, name: str) -> bool:
        """Declare a loaded plugin's settings; a plugin whose settings are bad does not run."""
        before = self.faults.count(name)
        settings = [setting for _owner, setting in self._host.call_each("register_settings", only=name)]
        failed = _("could not be loaded: {error}")
        with self.guard.call(name, "settings", failed=failed, is_load=True):
            self._app.settings.declare(settings, owner=name)
        return self.faults.count(name) == before

    def _give_up(self, name: str) -> None:
        trace = self.faults.traceback_of(name)
        verdict = self.roster.blame(name, "faults", str(self.faults.count(name)), traceback=trace)
        self.drop(name)
        self.faults.tell(name, verdict.words, turned_off(name))
        self.publish()


def turned_off(name: str) -> str:
    """What a person can do for a plugin that was turned off by itself."""
    return _("It is off now. Turn it on again with “teahouse plugins enable {name}”.").format(name=name)
