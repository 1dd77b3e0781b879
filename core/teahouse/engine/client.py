"""The app's side of the engine: which models are loaded, each in its own child process."""

from __future__ import annotations

import logging
from collections.abc import Generator
from typing import Any

from teahouse.engine.configuration import EngineConfig, from_settings, ladder
from teahouse.engine.loaded import Engine
from teahouse.engine.memory import LadderMemory
from teahouse.errors import EngineCrashed, EngineError
from teahouse.events import EngineState, Events, Notice
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.messages import ModelLoading
from teahouse.models.library import Library, Model
from teahouse.plugins import Backend
from teahouse.settings import Settings
from teahouse.workers.process import WAITING, Answer, Workers

log = logging.getLogger(__name__)

LLAMA = Backend("llama", "teahouse.engine.child:serve", list_models=list)
LOADED_AT_MOST = 1
NATIVE_CRASHES = {-4, -6, -7, -8, -11, 0xC0000005, 0xC000001D}
"""Exit codes of SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, and of the first and last on Windows."""


class Engines:
    """The loaded models, a bounded number of them.

    After a crash the same model is loaded with the next safer configuration.
    """

    def __init__(
        self, workers: Workers, library: Library, settings: Settings, events: Events, memory: LadderMemory
    ) -> None:
        self._workers = workers
        self._memory = memory
        self._library = library
        self._settings = settings
        self._events = events
        self._backends = {LLAMA.name: LLAMA}
        self._engines: dict[str, Engine] = {}
        self._step: dict[str, int] = {}
        self._crashed: dict[str, int | None] = {}

    # --- back ends ----------------------------------------------------------------------------------

    def add_backend(self, backend: Backend) -> None:
        """Let a plugin's back end run models."""
        if backend.name in self._backends:
            raise EngineError(_("There are two back ends named {name}.").format(name=backend.name))
        self._backends[backend.name] = backend
        self._library.add_backend(backend)

    def keep_backends(self, names: set[str]) -> None:
        """Forget the back ends of plugins that are no longer there, with their loaded models."""
        gone = [name for name in self._backends if name not in names | {LLAMA.name}]
        for name in gone:
            del self._backends[name]
        for engine in [e for e in self._engines.values() if e.model.backend in gone]:
            self.unload(engine.model.name)
        self._library.remove_backends(gone)

    @property
    def backends(self) -> list[str]:
        """Names of all back ends."""
        return list(self._backends)

    # --- loading ------------------------------------------------------------------------------------

    @property
    def loaded(self) -> list[str]:
        """Names of the models in memory."""
        return [name for name, engine in list(self._engines.items()) if engine.is_alive]

    def load(self, name: str) -> Work:
        """Work that loads a model into memory."""

        def work(cancel: Cancel) -> Generator[ModelLoading, None, None]:
            yield from self.open(name, cancel)

        return work

    def open(self, name: str, cancel: Cancel) -> Generator[ModelLoading, None, Engine]:
        """The engine of a model, loaded if it is not; yields how far loading is.

        Raises:
            ModelError: No such model, or its file is broken.
            EngineCrashed: The engine died with every configuration.
        """
        model = self._library.find(name)
        engine = self._engines.get(model.name)
        if engine is not None and engine.is_alive:
            return engine
        self._make_room()
        wanted = from_settings(self._settings)
        steps = ladder(wanted)[self._first_step(model.name, wanted) :]
        for number, config in enumerate(steps):
            try:
                engine = yield from self._start(model, config, cancel)
            except EngineCrashed as error:
                if cancel.is_set() or number == len(steps) - 1:
                    raise
                self.report_crash(model.name, error)
                continue
            if number > 0:
                self.remember(engine)
            return engine
        raise EngineError(_("No way to run {model} is left.").format(model=model.name))

    def report_crash(self, name: str, error: EngineCrashed) -> None:
        """Note that a model's process died, so that its next start is a safer one."""
        wanted = from_settings(self._settings)
        step, last = self._first_step(name, wanted) + 1, len(ladder(wanted)) - 1
        self._step[name] = min(step, last)
        self._crashed.pop(name, None)
        if step <= last:
            self._crashed[name] = error.data.get("exit_code")
        self._engines.pop(name, None)
        log.info("the engine of %s crashed: %s\n%s", name, error.text, error.data.get("stderr", ""))
        self._events.publish(EngineState(name, "crashed", text=str(error)))

    def has_safer_step(self, name: str) -> bool:
        """Whether the last crash of a model has left a configuration that was not tried before it."""
        return name in self._crashed

    def remember(self, engine: Engine) -> None:
        """Keep the step of the ladder that helped this model, when what it helped against was native."""
        name = engine.model.name
        if self._crashed.pop(name, None) in NATIVE_CRASHES and engine.model.backend == LLAMA.name:
            self._memory.keep(name, self._step[name])

    def forget_steps(self, name: str) -> None:
        """Begin again where this model began: going down the ladder did not help."""
        self._step.pop(name, None)
        self._crashed.pop(name, None)

    def announce_restart(self, name: str, error: EngineCrashed) -> None:
        """Tell the person that a model is started again by itself."""
        text = _("{model}: {error} It is started again with safer settings.")
        self._events.publish(Notice(text.format(error=error.text, model=name)))

    def unload(self, name: str) -> None:
        """Free a model's memory; nothing happens if it is not loaded."""
        engine = self._engines.pop(name, None)
        if engine is not None:
            engine.close()
            self._events.publish(EngineState(name, "unloaded"))

    def close(self) -> None:
        """Free every model."""
        for name in list(self._engines):
            self.unload(name)

    # --- inside -----------------------------------------------------------------------------------

    def _first_step(self, name: str, wanted: EngineConfig) -> int:
        if name not in self._step:
            self._step[name] = min(self._memory.step(name), len(ladder(wanted)) - 1)
        return self._step[name]

    def _make_room(self) -> None:
        for name in list(self._engines)[: max(0, len(self._engines) - LOADED_AT_MOST + 1)]:
            self.unload(name)

    def _start(
        self, model: Model, config: EngineConfig, cancel: Cancel
    ) -> Generator[ModelLoading, None, Engine]:
        backend = self._backends[model.backend]
        self._events.publish(EngineState(model.name, "loading"))
        readable = [model.path] if backend is LLAMA and model.path else None
        worker = self._workers.start(backend.entry, has_network=backend.needs_network, readable=readable)
        facts = None
        try:
            loading = worker.ask("load", cancel, **model.options, config=config.as_json())
            facts = yield from self._watch(model.name, loading)
        finally:
            if facts is None:
                worker.close()
                self._events.publish(EngineState(model.name, "unloaded"))
        self._engines[model.name] = Engine(model, worker, config, facts)
        self._events.publish(EngineState(model.name, "ready"))
        return self._engines[model.name]

    def _watch(self, name: str, loading: Generator[Answer, None, Any]) -> Generator[ModelLoading, None, Any]:
        while True:
            try:
                event = next(loading)
            except StopIteration as done:
                return done.value
            if event is not WAITING and event["event"] == "progress":
                self._events.publish(EngineState(name, "loading", event["fraction"]))
                yield ModelLoading(name, event["fraction"])
