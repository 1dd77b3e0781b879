"""Which configuration each model is loaded with: planned from its header, lowered by what has failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from teahouse.engine import shortage
from teahouse.engine.configuration import EngineConfig, from_settings, ladder, memory_ladder
from teahouse.engine.devices import Machine, read_machine
from teahouse.engine.estimate import can_quantize_cache
from teahouse.engine.fit import Plan, changes_text, gigabytes, least_context, needs_text, plan
from teahouse.engine.memory import LadderMemory, Limits, apply_limits, differences
from teahouse.errors import EngineCrashed, EngineError, OutOfMemory
from teahouse.language import _, sentences
from teahouse.models.library import Model
from teahouse.settings import Settings

NATIVE_CRASHES = {-4, -6, -7, -8, -11, 0xC0000005, 0xC000001D}
"""Exit codes of SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, and of the first and last on Windows."""
SIGKILL = -9
HOPELESS = 3
"""A plan that lacks more than one part in so many of what it needs is not tried."""

Look = Callable[[Mapping[str, Any]], Machine]


@dataclass(slots=True)
class _Taken:
    """What a model was last started with."""

    model: Model
    wanted: EngineConfig
    config: EngineConfig
    machine: Machine
    plan: Plan | None

    @property
    def is_hopeless(self) -> bool:
        return self.plan is not None and self.plan.shortage_bytes * HOPELESS > self.plan.estimate.total


class Placements:
    """The configurations of all models in this session.

    Args:
        look: From a child's facts to what the machine has free now; another one simulates a machine.
    """

    def __init__(self, settings: Settings, memory: LadderMemory, *, look: Look = read_machine) -> None:
        self._settings = settings
        self._memory = memory
        self._look = look
        self._limits: dict[str, Limits] = {}
        self._taken: dict[str, _Taken] = {}
        self._helps_against: dict[str, EngineError] = {}
        self.machine: Machine | None = None
        """What was seen when a model of llama.cpp was last loaded; None before."""

    @property
    def remembered(self) -> dict[str, dict[str, Limits]]:
        """What each model needed on this machine: model → graphics cards → limits."""
        return self._memory.kept()

    def choose(self, model: Model, facts: Mapping[str, Any] | None) -> EngineConfig:
        """The configuration to load a model with.

        Args:
            facts: What its child says of its build; None for a back end that says nothing.

        Raises:
            OutOfMemory: The machine lacks far too much memory for it, whatever is tried.
        """
        machine = Machine() if facts is None else self._look(facts)
        if facts is not None:
            self.machine = machine
        wanted = from_settings(self._settings, model.name)
        limits = self._limits.setdefault(model.name, self._memory.limits(model.name, machine.name))
        config = apply_limits(wanted, limits)
        found = self._plan(model, wanted, config, machine)
        taken = _Taken(model, wanted, found.config if found else config, machine, found)
        self._taken[model.name] = taken
        if found and taken.is_hopeless:
            raise refusal(model.name, found, machine.free_bytes)
        return taken.config

    def reasons(self, name: str) -> tuple[str, ...]:
        """What was made smaller for a model by the plan, in sentences."""
        found = self._taken[name].plan if name in self._taken else None
        if found is None:
            return ()
        text = _("About {size} GB of memory are missing; it is tried all the same.")
        missing = (text.format(size=gigabytes(found.shortage_bytes)),) if found.shortage_bytes else ()
        return (*found.reasons, *missing)

    def lower(self, name: str, error: EngineError) -> str:
        """Take the next step of the ladder after a failure.

        Returns:
            What will be different, as clauses; empty when no step is left.
        """
        taken = self._taken.get(name)
        self._helps_against.pop(name, None)
        following = None if taken is None or taken.is_hopeless else self._next(taken, error)
        if taken is None or following is None:
            return ""
        lowered = differences(taken.config, following)
        limits = {key: (getattr(taken.wanted, key), value) for key, (_before, value) in lowered.items()}
        self._limits[name] = {**self._limits.get(name, {}), **limits}
        self._helps_against[name] = error
        return changes_text(taken.config, following)

    def has_lower(self, name: str) -> bool:
        """Whether the last failure of a model has led to a configuration that was not tried before it."""
        return name in self._helps_against

    def keep(self, name: str) -> None:
        """Remember what helped a model, when what it helped against was native code or lack of memory."""
        error, taken = self._helps_against.pop(name, None), self._taken.get(name)
        if error is None or taken is None:
            return
        if self.is_shortage(name, error) or error.data.get("exit_code") in NATIVE_CRASHES:
            self._memory.keep(name, self._limits[name], cards=taken.machine.name)

    def forget(self, name: str) -> None:
        """Begin again where this model began: going down the ladder did not help."""
        self._limits.pop(name, None)
        self._helps_against.pop(name, None)

    def is_shortage(self, name: str, error: EngineError) -> bool:
        """Whether a failure was one of memory: told so, by its last words, or by the kernel's hand."""
        if isinstance(error, OutOfMemory):
            return True
        if not isinstance(error, EngineCrashed):
            return False
        if shortage.is_told(str(error.data.get("stderr", ""))):
            return True
        taken = self._taken.get(name)
        if error.data.get("exit_code") != SIGKILL or taken is None:
            return False
        return self._look({}).oom_kills > taken.machine.oom_kills

    def explained(self, name: str, error: OutOfMemory) -> OutOfMemory:
        """The same error with what the model needs by the estimate, where one can be made."""
        taken = self._taken.get(name)
        if taken is None or taken.plan is None or "needed_bytes" in error.data:
            return error
        needs = taken.plan.estimate.total
        text = sentences(error.text, needs_text(taken.plan))
        return OutOfMemory(text, error.hint, **error.data, needed_bytes=needs)

    # --- inside -----------------------------------------------------------------------------------

    def _plan(
        self, model: Model, wanted: EngineConfig, config: EngineConfig, machine: Machine
    ) -> Plan | None:
        """A plan within the limits; the number of layers is a bound, as other programs take memory too."""
        if model.header is None:
            return None
        is_lowered = config.gpu_layers != wanted.gpu_layers
        return plan(
            model.header,
            replace(config, gpu_layers=wanted.gpu_layers),
            machine.cards,
            machine.free_bytes,
            least_context=least_context(self._settings, model.name),
            most_layers=config.gpu_layers if is_lowered else None,
        )

    def _next(self, taken: _Taken, error: EngineError) -> EngineConfig | None:
        name, header = taken.model.name, taken.model.header
        if self.is_shortage(name, error):
            steps = memory_ladder(
                taken.config,
                least_context=least_context(self._settings, name),
                can_quantize=header is None or can_quantize_cache(header),
            )
        else:
            steps = ladder(taken.config)
        # layers are halved once, then all are taken off the card
        has_halved = "gpu_layers" in self._limits.get(name, {})
        layers = {taken.config.gpu_layers, 0} if has_halved else {step.gpu_layers for step in steps}
        return next((step for step in steps[1:] if step.gpu_layers in layers), None)


def refusal(name: str, found: Plan, free_bytes: int | None) -> OutOfMemory:
    """Why a model is not even tried: the estimate, and what there is."""
    text = _("There is not enough memory for {model}. {needs} {free} GB of the machine's memory are free.")
    return OutOfMemory(
        text.format(model=name, needs=needs_text(found), free=gigabytes(free_bytes or 0)),
        _("Close other programs, or choose a smaller model."),
        model=name,
        needed_bytes=found.estimate.total,
        free_bytes=free_bytes,
    )
