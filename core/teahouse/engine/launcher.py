"""From a model to a child process that has loaded it."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from teahouse.engine.configuration import EngineConfig, from_settings
from teahouse.engine.loaded import Engine
from teahouse.engine.placement import Placements
from teahouse.engine.states import States
from teahouse.errors import EngineCrashed, EngineError
from teahouse.events import EngineState, Events
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.messages import ModelLoading
from teahouse.models.identity import model_hash
from teahouse.models.library import Model
from teahouse.plugins import Backend
from teahouse.settings import Settings
from teahouse.workers.process import WAITING, Worker, Workers
from teahouse.workers.wire import Answer

log = logging.getLogger(__name__)

LLAMA = Backend("llama", "teahouse.engine.child:serve", list_models=list)


Wishes = tuple[EngineConfig, str]
"""What a model is to be loaded with: configuration and chat format."""


class Launcher:
    """Starts children and lets them load models.

    Args:
        placements: Choose the configuration of each model.
        states: Where what models have read of conversations is kept; None keeps nothing.
        readable: Folders that a model's child may read besides its model.
    """

    def __init__(
        self,
        workers: Workers,
        settings: Settings,
        events: Events,
        placements: Placements,
        *,
        states: States | None = None,
        readable: Sequence[Path] = (),
    ) -> None:
        self._workers = workers
        self._settings = settings
        self._events = events
        self._placements = placements
        self._states = states
        self._readable = readable

    def launch(self, model: Model, backend: Backend, cancel: Cancel) -> Generator[ModelLoading, None, Engine]:
        """Load a model once; yields how far it is, and publishes that it is loading, or not any more.

        Raises:
            EngineCrashed: The child died.
            EngineError: It could not load the model, or was stopped.
        """
        self._events.publish(EngineState(model.name, "loading"))
        worker = self._start(model, backend, cancel)
        facts = None
        try:
            config = yield from self._choose(model, worker, cancel)
            options = dict(model.options)
            if backend.name == LLAMA.name:
                options["template"] = self._settings.get("engine.template", model.name)
            loading = worker.ask("load", **options, config=config.as_json())
            facts = yield from self._watch(model.name, loading, worker, cancel)
        finally:
            if facts is None:
                worker.close()
                self._events.publish(EngineState(model.name, "unloaded"))
        return Engine(
            model, worker, config, facts, states=self._states, states_limit_bytes=self._states_limit_bytes
        )

    def launch_vocabulary(self, model: Model, cancel: Cancel) -> Engine:
        """Load a file's vocabulary and template without its weights, in a child of its own.

        Raises:
            EngineError: The child died, could not load it, or was stopped.
        """
        readable = [model.path] if model.path else []
        worker = self._workers.start(LLAMA.entry, readable=readable, cancel=cancel)
        config = from_settings(self._settings, model.name)
        template = self._settings.get("engine.template", model.name)
        options = {**model.options, "template": template, "config": config.as_json()}
        try:
            facts = worker.call("load", cancel, is_vocabulary=True, **options)
        except BaseException:
            worker.close()
            raise
        return Engine(model, worker, config, facts)

    def wishes(self, name: str) -> Wishes:
        """What the settings ask of a model; one that was loaded with other wishes is loaded anew."""
        return from_settings(self._settings, name), str(self._settings.get("engine.template", name))

    # --- inside -----------------------------------------------------------------------------------

    def _start(self, model: Model, backend: Backend, cancel: Cancel) -> Worker:
        readable = [model.path, *self._folders()] if backend.name == LLAMA.name and model.path else None
        return self._workers.start(
            backend.entry,
            has_network=backend.needs_network,
            readable=readable,
            writable=self._writable(model),
            cancel=cancel,
        )

    def _choose(
        self, model: Model, worker: Worker, cancel: Cancel
    ) -> Generator[ModelLoading, None, EngineConfig]:
        if model.backend != LLAMA.name:
            return self._placements.choose(model, None)
        try:
            told = yield from self._watch(model.name, worker.ask("facts"), worker, cancel)
        except EngineCrashed:
            self._placements.choose(model, {})  # so that the ladder knows what it was to be started with
            raise
        return self._placements.choose(model, told)

    @property
    def _states_limit_bytes(self) -> int:
        return int(self._settings.get("engine.saved_states_mb")) << 20

    def _folders(self) -> Sequence[Path]:
        """What a child may read besides its model; it must be there before the child is confined."""
        for folder in self._readable:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                log.info("the folder %s cannot be made: %s", folder, error)
        return self._readable

    def _writable(self, model: Model) -> list[Path]:
        """Where a child may write: its model's saved states, if any are kept."""
        if self._states is None or not self._states_limit_bytes or not model.path:
            return []
        try:
            return [self._states.prepare(model_hash(model.path))]
        except OSError as error:
            log.info("no states can be kept in %s: %s", self._states.folder, error)
            return []

    def _watch(
        self, name: str, loading: Generator[Answer, None, Any], worker: Worker, cancel: Cancel
    ) -> Generator[ModelLoading, None, Any]:
        """Progress of a load; a stop ends the child at once, which has nothing to keep yet."""
        while True:
            if cancel.is_set():
                worker.kill()
            try:
                event = next(loading)
            except StopIteration as done:
                return done.value
            except EngineCrashed:
                if cancel.is_set():
                    raise EngineError(_("Loading was stopped.")) from None
                raise
            if event is not WAITING and event["event"] == "progress":
                self._events.publish(EngineState(name, "loading", event["fraction"]))
                yield ModelLoading(name, event["fraction"])
