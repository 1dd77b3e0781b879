"""Wires the rooms together; no logic."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from teahouse import language
from teahouse.chat.drafts import DraftFiles
from teahouse.engine.client import Engines
from teahouse.engine.memory import LadderMemory, this_machine
from teahouse.engine.states import States
from teahouse.events import Events, Notice
from teahouse.jobs import Jobs
from teahouse.language import _
from teahouse.models.adapters import Adapters
from teahouse.models.library import LLAMA, Library
from teahouse.net import Net
from teahouse.paths import Paths, default_paths
from teahouse.plugins import Backend, Plugins
from teahouse.plugins.closing import stop_jobs
from teahouse.settings import Settings
from teahouse.workers.process import Workers

if TYPE_CHECKING:
    from teahouse.plugins.storage import PluginStorage
    from teahouse.store import Store

log = logging.getLogger(__name__)


class App:
    """Everything the program owns. `open` and `close` are its only verbs.

    Public to plugins: `settings, store, events, jobs, workers, models, adapters, engines, net, paths,
    plugin_storage`.
    """

    def __init__(self, paths: Paths, *, jobs: Callable[[Callable[[object], None]], Jobs] = Jobs) -> None:
        self._paths = paths
        self.events = Events()
        self.settings = Settings(paths.settings_file)
        self.jobs = jobs(self.events.publish)
        self.net = Net(self.settings)
        self.models = Library(lambda: self.paths)
        self.adapters = Adapters(lambda: self.paths, self.events)
        self.workers = Workers()
        memory = LadderMemory(paths.data / "engines.json", this_machine())
        self.states = States(paths.states)
        self.drafts = DraftFiles(paths.drafts)
        self.engines = Engines(
            self.workers,
            self.models,
            self.settings,
            self.events,
            memory,
            states=self.states,
            readable=[paths.adapters],
        )
        self._store: Store | None = None
        self._store_lock = Lock()
        self._storages: dict[str, PluginStorage] = {}
        self._backends_lock = Lock()
        self.contributors: frozenset[str] = frozenset()
        """Names of the plugins whose models have been taken in."""

    @classmethod
    def open(
        cls,
        paths: Paths | None = None,
        *,
        is_safe_mode: bool = False,
        has_plugins: bool = True,
        jobs: Callable[[Callable[[object], None]], Jobs] = Jobs,
    ) -> App:
        """Open the app with its settings and language.

        Args:
            has_plugins: Load the enabled plugins at once; else they come with `plugins.load_carefully`.
        """
        app = cls(paths or default_paths(), jobs=jobs)
        language.activate(os.environ.get("TEAHOUSE_LANGUAGE") or app.settings.get("app.language"))
        app.plugins = Plugins(app, is_safe_mode=is_safe_mode)
        if has_plugins:
            app.plugins.load()
            app.take_contributions()
        for problem in app.settings.problems:
            app.events.publish(Notice(problem))
        return app

    @property
    def paths(self) -> Paths:
        """Where everything lies; models in the folder that the settings name at this moment."""
        return self._paths.with_models(self.settings.get("models.folder"))

    @property
    def store(self) -> Store:
        """The conversations; opened when first needed."""
        from teahouse.store import Store  # late: the window is painted before anything is read

        with self._store_lock:
            if self._store is None:
                self._store = Store(self.paths.database)
                self._forget_gone(self._store)
            return self._store

    def take_contributions(self) -> None:
        """Take in what the running plugins bring, and drop what is no longer brought."""
        brought: dict[str, Backend] = {}
        ready = frozenset(self.plugins.ready)
        for plugin, backend in self.plugins.call_each("register_models", app=self):
            if backend.name in {LLAMA, *brought}:
                self.plugins.report(plugin, _("brought a back end that cannot be used"))
            else:
                brought[backend.name] = self.plugins.guarded(plugin, backend)
        with self._backends_lock:
            self.engines.keep_backends(set(brought))
            for backend in brought.values():
                if backend.name not in self.engines.backends:
                    self.engines.add_backend(backend)
            self.contributors = ready

    def plugin_storage(self, name: str) -> PluginStorage:
        """A plugin's own folder and database.

        Raises:
            AppError: The name leads out of the folder of plugins.
        """
        from teahouse.plugins.storage import PluginStorage  # late, as the store

        with self._store_lock:
            if name not in self._storages:
                self._storages[name] = PluginStorage(self.paths.plugin(name))
            return self._storages[name]

    def close_storage(self, name: str) -> None:
        """A plugin is off: close what it keeps; it is opened anew when it is asked for."""
        with self._store_lock:
            storage = self._storages.pop(name, None)
        if storage is not None:
            storage.close()

    def _forget_gone(self, store: Store) -> None:
        """Drop what is kept beside conversations that are gone; a store only read may not show them all."""
        if not store.is_read_only:
            kept = [*store.conversations(), *store.conversations(is_trashed=True)]
            self.states.keep_only(found.id for found in kept)
            self.drafts.keep_only(found.id for found in kept)

    def close(self) -> None:
        """Stop all work, end every child, close the database."""
        stop_jobs(self)
        self.engines.close()
        self.workers.close()
        self.plugins.close()
        for storage in self._storages.values():
            storage.close()
        if self._store is not None:
            self._store.close()

    plugins: Plugins
