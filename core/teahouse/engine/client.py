"""The app's side of the engine: which models are loaded, each in its own child process."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from teahouse.engine.devices import Machine, read_machine
from teahouse.engine.launcher import LLAMA, Launcher, Wishes
from teahouse.engine.loaded import SAVE_FOR_S, Engine
from teahouse.engine.memory import LadderMemory, Limits
from teahouse.engine.placement import Look, Placements
from teahouse.engine.states import States
from teahouse.errors import EngineCrashed, EngineError, ModelError, OutOfMemory
from teahouse.events import EngineState, Events, Notice
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.messages import ModelLoading
from teahouse.models.library import Library, Model
from teahouse.plugins import Backend
from teahouse.settings import Settings
from teahouse.workers.process import Workers

log = logging.getLogger(__name__)

LOADED_AT_MOST = 1
CLOSE_WITHIN_S = 3.0
RESTARTS_AT_MOST = 2
"""After crashes; a lack of memory goes down its ladder to the end."""


class Engines:
    """The loaded models, a bounded number of them.

    After a crash the same model is loaded with the next safer configuration, and where memory was short
    with the next smaller one.

    Args:
        look: From a child's facts to what the machine has free; another one simulates a machine.
        states: Where what models have read of conversations is kept.
        readable: Folders that a model's child may read besides its model.
    """

    def __init__(
        self,
        workers: Workers,
        library: Library,
        settings: Settings,
        events: Events,
        memory: LadderMemory,
        *,
        states: States | None = None,
        readable: Sequence[Path] = (),
        look: Look = read_machine,
    ) -> None:
        self._placements = Placements(settings, memory, look=look)
        self._launcher = Launcher(
            workers, settings, events, self._placements, states=states, readable=readable
        )
        self._library = library
        self._events = events
        self._backends = {LLAMA.name: LLAMA}
        self._engines: dict[str, Engine] = {}
        self._wanted: dict[str, Wishes] = {}

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

    def get(self, name: str) -> Engine | None:
        """The engine of a model that is in memory; None for any other."""
        engine = self._engines.get(name)
        return engine if engine is not None and engine.is_alive else None

    def load(self, name: str) -> Work:
        """Work that loads a model into memory."""

        def work(cancel: Cancel) -> Generator[ModelLoading, None, None]:
            yield from self.open(name, cancel)

        return work

    def open(self, name: str, cancel: Cancel) -> Generator[ModelLoading, None, Engine]:
        """The engine of a model, loaded if it is not or its settings have changed; yields how far it is.

        Raises:
            ModelError: No such model, or its file is broken.
            EngineCrashed: The engine died three times, or with every configuration.
            OutOfMemory: There is too little memory, whatever is tried.
        """
        engine = self.get(name)
        try:
            model = self._library.find(name)
        except ModelError:
            if engine is None:
                raise
            return engine  # its file is gone or broken, but it is in memory
        engine = self.get(model.name)
        if engine is not None and self._wanted.get(model.name) == self._launcher.wishes(model.name):
            return engine
        crashes = shortages = 0
        while True:
            try:
                engine = yield from self._start(model, cancel)
            except EngineCrashed as error:
                crashes += 1
                if cancel.is_set() or not self._lower(model.name, error, is_last=crashes > RESTARTS_AT_MOST):
                    raise
                continue
            except OutOfMemory as error:
                shortages += 1
                if cancel.is_set() or not self._lower(model.name, error):
                    raise self._placements.explained(model.name, error) from error
                continue
            if crashes or shortages:
                self.remember(engine)
            for reason in self._placements.reasons(model.name):
                self._events.publish(Notice(f"{model.name}: {reason}"))
            return engine

    @contextmanager
    def vocabulary(self, name: str, cancel: Cancel) -> Iterator[Engine]:
        """A model without its weights, beside whatever is in memory: it turns texts into tokens and back,
        renders messages and makes examples; ended afterwards.

        Raises:
            ModelError: There is no such model, or it is no file.
            EngineError: It could not be loaded, or was stopped.
        """
        model = self._library.find(name)
        if model.backend != LLAMA.name:
            raise ModelError(
                _("“{name}” is no file, so its tokens are not known here.").format(name=model.name),
                model=model.name,
            )
        engine = self._launcher.launch_vocabulary(model, cancel)
        try:
            yield engine
        finally:
            engine.close()

    @property
    def machine(self) -> Machine | None:
        """What was seen when a file was last loaded: cards and free memory; None before."""
        return self._placements.machine

    @property
    def remembered(self) -> dict[str, dict[str, Limits]]:
        """What each model needed on this machine: model → graphics cards → limits."""
        return self._placements.remembered

    def report_crash(self, name: str, error: EngineError) -> None:
        """Note that a model's process died or ran out of memory, so that its next start is a safer one."""
        self._placements.lower(name, error)
        self._tell_crash(name, error)

    def has_safer_step(self, name: str) -> bool:
        """Whether the last crash of a model has left a configuration that was not tried before it."""
        return self._placements.has_lower(name)

    def remember(self, engine: Engine) -> None:
        """Keep what helped this model, when it helped against a native crash or lack of memory."""
        if engine.model.backend == LLAMA.name:
            self._placements.keep(engine.model.name)

    def forget_steps(self, name: str) -> None:
        """Begin again where this model began: going down the ladder did not help."""
        self._placements.forget(name)

    def announce_restart(self, name: str, error: EngineError) -> None:
        """Tell the person that a model is started again by itself."""
        text = _("{model}: {error} It is started again with safer settings.")
        self._events.publish(Notice(text.format(error=error.text, model=name)))

    def unload(self, name: str, cancel: Cancel | None = None, *, within_s: float = SAVE_FOR_S) -> None:
        """Free a model's memory, after it has kept what it read; nothing happens if it is not loaded."""
        engine = self._engines.pop(name, None)
        if engine is not None:
            engine.close(cancel, within_s=within_s)
            self._events.publish(EngineState(name, "unloaded"))

    def forget_ended(self) -> None:
        """Tell of the models whose process was ended; they are loaded again when they are asked."""
        for name, engine in list(self._engines.items()):
            if not engine.is_alive:
                self.unload(name)

    def close(self) -> None:
        """Free every model; nobody waits long for a window that is closed."""
        for name in list(self._engines):
            self.unload(name, within_s=CLOSE_WITHIN_S)

    # --- inside -----------------------------------------------------------------------------------

    def _lower(self, name: str, error: EngineError, *, is_last: bool = False) -> bool:
        """Whether a load that failed is tried again with less; says so in words.

        Args:
            is_last: It is not: what is safer is for the next time that the person asks.
        """
        changes = self._placements.lower(name, error)
        if isinstance(error, EngineCrashed):
            self._tell_crash(name, error)
        if not changes or is_last:
            return False
        if isinstance(error, OutOfMemory):
            text = _("{model}: {error} It is loaded again with less: {changes}.")
            self._events.publish(Notice(text.format(model=name, error=error.text, changes=changes)))
        else:
            self.announce_restart(name, error)
        return True

    def _tell_crash(self, name: str, error: EngineError) -> None:
        engine = self._engines.pop(name, None)
        if engine is not None:
            engine.close()  # one that ran out of memory still lives
        log.info("the engine of %s failed: %s\n%s", name, error.text, error.data.get("stderr", ""))
        self._events.publish(EngineState(name, "crashed", text=str(error)))

    def _start(self, model: Model, cancel: Cancel) -> Generator[ModelLoading, None, Engine]:
        for name in list(self._engines)[: max(0, len(self._engines) - LOADED_AT_MOST + 1)]:
            self.unload(name, cancel)
        engine = yield from self._launcher.launch(model, self._backends[model.backend], cancel)
        self._engines[model.name] = engine
        self._wanted[model.name] = self._launcher.wishes(model.name)
        self._events.publish(EngineState(model.name, "ready"))
        return engine
