"""How a model is run: its own settings, what this machine has, and whether the one fits into the other."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from teahouse.engine import fit, formats
from teahouse.engine.configuration import EngineConfig, from_settings
from teahouse.engine.devices import Machine, free_memory
from teahouse.engine.probe import look
from teahouse.jobs import Cancel
from teahouse.models.library import Model
from teahouse.setting import Setting, Value
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick, tell

if TYPE_CHECKING:
    from teahouse.app import App

CONTEXT = "engine.context"


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What the form for one model needs.

    Attributes:
        declared: The settings that say how a model is run; others that it can have of its own stand on the
            page of settings and in the panels of plugins.
        values: What is in force for it, by key.
        general: What is in force for models without a choice of their own.
        config: How it is run with `values`.
        least_context: The shortest context that it may be given where memory is short.
        formats: (name, title) of the chat formats that can be chosen.
    """

    model: Model
    declared: tuple[Setting, ...]
    values: Mapping[str, Value]
    general: Mapping[str, Value]
    config: EngineConfig
    least_context: int
    machine: Machine
    formats: tuple[tuple[str, str], ...] = ()
    is_loaded: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a model fits with some values.

    Attributes:
        will_fit: None where nobody knows.
        sentences: What it takes, where it goes, what would be made smaller.
    """

    will_fit: bool | None
    sentences: tuple[str, ...] = field(default=())


def look_at_machine(*, app: App) -> Operation:
    """See which devices the build can use and what memory is free; the result is a `Machine`."""

    return quick(translate("Operations", "Looking at this machine"), lambda: look(app.workers))


def read_model_settings(*, app: App, name: str) -> Operation:
    """Read a model's own settings and what the machine has; the result is a `ModelSettings`."""

    def read() -> ModelSettings:
        model = app.models.find(name)
        declared = tuple(
            one for one in app.settings.declared if "model" in one.scopes and one.effect == "reload"
        )
        machine = app.engines.machine or look(app.workers)
        return ModelSettings(
            model,
            declared,
            {one.key: app.settings.get(one.key, model.name) for one in declared},
            {one.key: _general(app, one) for one in declared},
            from_settings(app.settings, model.name),
            fit.least_context(app.settings, model.name),
            replace(machine, free_bytes=free_memory()),
            tuple((each, formats.find(each).title) for each in formats.names()),
            app.engines.get(model.name) is not None,
        )

    return quick(translate("Operations", "Reading the settings of a model"), read)


def change_model_settings(
    *, app: App, name: str, values: Mapping[str, Value], has_load: bool = True
) -> Operation:
    """Keep a model's own settings, and bring it into memory anew with them; yields how far that is.

    A value that is the general one is not kept as the model's own.
    """

    def work(cancel: Cancel) -> Generator[Any, None, None]:
        declared = {one.key: one for one in app.settings.declared}
        for key, value in values.items():
            if value == _general(app, declared[key]):
                app.settings.reset(key, name)
            else:
                app.settings.set(key, value, name)
        tell(app, "settings")
        if has_load:
            app.engines.unload(name)
            yield from app.engines.load(name)(cancel)

    return Operation(translate("Operations", "Loading the model with its settings"), work, "model")


def judge(settings: ModelSettings, values: Mapping[str, Value]) -> Verdict:
    """Whether the model would fit with these values; arithmetic only."""
    header, machine = settings.model.header, settings.machine
    if header is None:
        return Verdict(None)
    names = {key.removeprefix("engine."): value for key, value in values.items()}
    changes = {name: names[name] for name in EngineConfig.__slots__ if name in names and name != "threads"}
    config = replace(settings.config, **changes)  # type: ignore[arg-type]
    is_own = values[CONTEXT] != settings.values[CONTEXT]
    least = config.context if is_own else settings.least_context
    found = fit.plan(header, config, machine.cards, machine.free_bytes, least_context=least)
    will_fit = None if machine.free_bytes is None else not found.shortage_bytes
    words = (fit.needs_text(found), fit.states_text(found), fit.placed_text(found), *found.reasons)
    return Verdict(will_fit, tuple(filter(None, words)))


def _general(app: App, setting: Setting) -> Value:
    value: Value = app.settings.get(setting.key)
    return value
