"""The two ladders on simulated machines and injected failures (not run on a GPU); failures.md row 8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from teahouse.engine.configuration import EngineConfig
from teahouse.engine.devices import Device, Machine
from teahouse.engine.memory import LadderMemory
from teahouse.engine.placement import Placements
from teahouse.errors import EngineCrashed, EngineError, OutOfMemory
from teahouse.models.library import Model
from teahouse.settings import Settings
from tests.core.engine.families import FAMILIES

GB = 1_000_000_000
NAME = "Llama 3 8B"
HEADER = next(family for family in FAMILIES if family.name == "llama-3-8b").header()
MODEL = Model(NAME, "llama", Path("llama.gguf"), header=HEADER)
SHORT = OutOfMemory("There is not enough memory for a context of 8192 tokens.")
SEGV = EngineCrashed("The engine stopped unexpectedly (SIGSEGV).", exit_code=-11, stderr="")


class Simulated:
    """A machine whose facts a test changes."""

    def __init__(self, settings: Settings, memory: LadderMemory) -> None:
        self.machine = Machine((Device("CUDA0", "Card", "gpu", 24 * GB, 24 * GB),), 64 * GB, True)
        self.settings = settings
        self.placements = Placements(settings, memory, look=self._look)

    def choose(self) -> EngineConfig:
        return self.placements.choose(MODEL, {})

    def fail(self, error: EngineError) -> EngineConfig | None:
        """The configuration after a failure; None when no step is left."""
        return self.choose() if self.placements.lower(NAME, error) else None

    def walk(self, error: EngineError) -> list[EngineConfig]:
        """Every configuration from the first to the last, all failing alike."""
        found = [self.choose()]
        while (config := self.fail(error)) is not None:
            found.append(config)
        return found

    def _look(self, _told: Mapping[str, Any]) -> Machine:
        return self.machine


@pytest.fixture
def memory(tmp_path: Path) -> LadderMemory:
    return LadderMemory(tmp_path / "engines.json", "machine")


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home / "settings.toml")


@pytest.fixture
def simulated(settings: Settings, memory: LadderMemory) -> Simulated:
    return Simulated(settings, memory)


def test_everything_that_fits_goes_to_the_card(simulated: Simulated) -> None:
    config = simulated.choose()
    assert (config.gpu_layers, config.devices, config.split) == (33, ("CUDA0",), (33,))
    assert simulated.placements.reasons(NAME) == ()
    assert simulated.placements.machine == simulated.machine


def test_crashes_go_down_to_the_processor_step_by_step(simulated: Simulated) -> None:
    found = simulated.walk(SEGV)
    assert [(c.use_extra_buffers, c.batch, c.gpu_layers) for c in found] == [
        (True, 256, 33),
        (False, 256, 33),
        (False, 64, 33),
        (False, 64, 16),
        (False, 64, 0),
    ]
    assert found[3].split == (16,)
    assert found[4].devices == ()
    assert not simulated.placements.has_lower(NAME)


def test_shortages_go_down_the_other_ladder(simulated: Simulated) -> None:
    found = simulated.walk(SHORT)
    assert [(c.context, c.kv_type, c.batch, c.gpu_layers) for c in found] == [
        (8192, "f16", 256, 33),
        (4096, "f16", 256, 33),
        (2048, "f16", 256, 33),
        (1024, "f16", 256, 33),
        (1024, "q8_0", 256, 33),
        (1024, "q8_0", 64, 33),
        (1024, "q8_0", 64, 16),
        (1024, "q8_0", 64, 0),
    ]
    assert all(c.use_extra_buffers for c in found)


def test_a_chosen_context_is_left_alone(simulated: Simulated) -> None:
    simulated.settings.set("engine.context", 6000, model=NAME)
    found = simulated.walk(SHORT)
    assert {c.context for c in found} == {6000}
    assert [c.kv_type for c in found][:2] == ["f16", "q8_0"]


def test_both_ladders_meet(simulated: Simulated) -> None:
    simulated.choose()
    assert simulated.fail(SHORT).context == 4096  # type: ignore[union-attr]
    mixed = simulated.fail(SEGV)
    assert mixed is not None
    assert (mixed.context, mixed.use_extra_buffers) == (4096, False)


def test_what_is_different_is_said(simulated: Simulated) -> None:
    simulated.choose()
    assert "4096 tokens instead of 8192" in simulated.placements.lower(NAME, SHORT)
    simulated.choose()
    assert "special instructions" in simulated.placements.lower(NAME, SEGV)


def test_every_step_of_every_ladder_is_said(simulated: Simulated) -> None:
    for error in (SHORT, SEGV):
        simulated.placements.forget(NAME)
        simulated.choose()
        while words := simulated.placements.lower(NAME, error):
            assert len(words) > 10
            simulated.choose()


@pytest.mark.parametrize("error", [SHORT, SEGV])
def test_what_helped_is_remembered_for_this_model_and_these_cards(
    simulated: Simulated, settings: Settings, memory: LadderMemory, error: EngineError
) -> None:
    simulated.choose()
    helped = simulated.fail(error)
    simulated.placements.keep(NAME)
    again = Simulated(settings, memory)
    assert again.choose() == helped
    assert simulated.choose() == helped  # and not twice as far down
    again = Simulated(settings, memory)
    again.machine = replace(again.machine, devices=(Device("CUDA0", "Other", "gpu", 24 * GB, 24 * GB),))
    assert again.choose() != helped


@pytest.mark.parametrize(
    "error", [EngineCrashed("", exit_code=-9), EngineCrashed("", exit_code=1), EngineCrashed("")]
)
def test_an_end_from_outside_is_not_remembered(
    simulated: Simulated, memory: LadderMemory, error: EngineError
) -> None:
    simulated.choose()
    assert simulated.fail(error) is not None
    simulated.placements.keep(NAME)
    assert memory.kept() == {}


def test_a_setting_that_is_changed_begins_anew(simulated: Simulated) -> None:
    simulated.choose()
    simulated.fail(SHORT)
    simulated.placements.keep(NAME)
    simulated.settings.set("engine.context", 16_384, model=NAME)
    assert simulated.choose().context == 8192  # what the model was trained on
    simulated.settings.set("engine.context", 6000, model=NAME)
    assert simulated.choose().context == 6000


def test_forgetting_begins_where_the_model_began(simulated: Simulated, memory: LadderMemory) -> None:
    first = simulated.choose()
    simulated.fail(SEGV)
    simulated.placements.forget(NAME)
    assert simulated.choose() == first
    assert memory.kept() == {}


def test_layers_that_worked_before_are_a_bound_and_not_a_demand(simulated: Simulated) -> None:
    """Another program takes memory of the card later: then even fewer layers go there."""
    simulated.settings.set("engine.batch", 64)
    simulated.settings.set("engine.kv_type", "q8_0")
    simulated.settings.set("engine.context", 2048)
    simulated.choose()
    assert simulated.fail(SHORT).gpu_layers == 16  # type: ignore[union-attr]
    simulated.machine = replace(simulated.machine, devices=(Device("CUDA0", "Card", "gpu", 2 * GB, 24 * GB),))
    assert 0 < simulated.choose().gpu_layers < 16


# --- what counts as lack of memory ----------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "CUDA error: out of memory",
        "ggml_aligned_malloc: insufficient memory (attempted to allocate 96.00 MB)",
        "ggml_vulkan: Device memory allocation of size 1 failed: ErrorOutOfDeviceMemory",
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "mmap failed: Cannot allocate memory",
    ],
)
def test_a_crash_with_such_last_words_is_one_of_memory(simulated: Simulated, words: str) -> None:
    simulated.choose()
    config = simulated.fail(EngineCrashed("", exit_code=-6, stderr=f"some line\n{words}\nlast line"))
    assert config is not None
    assert (config.context, config.use_extra_buffers) == (4096, True)


def test_a_child_that_the_kernel_ended_for_memory_is_one_too(simulated: Simulated) -> None:
    simulated.choose()
    simulated.machine = replace(simulated.machine, oom_kills=1)
    config = simulated.fail(EngineCrashed("", exit_code=-9))
    assert config is not None
    assert config.context == 4096


def test_a_child_that_a_person_ended_is_not(simulated: Simulated) -> None:
    simulated.choose()
    config = simulated.fail(EngineCrashed("", exit_code=-9))
    assert config is not None
    assert (config.context, config.use_extra_buffers) == (8192, False)


# --- before anything is loaded --------------------------------------------------------------------


def test_a_hopeless_model_is_refused_with_the_estimate(simulated: Simulated) -> None:
    simulated.machine = Machine((), 2 * GB)
    with pytest.raises(OutOfMemory, match="not enough memory") as caught:
        simulated.choose()
    assert NAME in caught.value.text
    assert "GB weights" in caught.value.text
    assert "2.0 GB" in caught.value.text
    assert caught.value.data["needed_bytes"] > 4 * GB
    assert simulated.placements.lower(NAME, caught.value) == ""


def test_a_small_shortage_is_tried_and_said(simulated: Simulated) -> None:
    simulated.machine = Machine((), int(4.5 * GB))
    config = simulated.choose()
    assert (config.context, config.kv_type, config.batch) == (1024, "q8_0", 64)
    assert "missing" in simulated.placements.reasons(NAME)[-1]
    assert simulated.fail(SHORT) is None


def test_a_failure_shows_the_estimate(simulated: Simulated) -> None:
    simulated.choose()
    told = simulated.placements.explained(NAME, SHORT)
    assert told.text.startswith(SHORT.text)
    assert "GB weights" in told.text
    assert simulated.placements.explained("another", SHORT) is SHORT


def test_a_shortage_that_the_plan_met_is_not_remembered(simulated: Simulated, memory: LadderMemory) -> None:
    """Less memory was free at that moment only."""
    simulated.machine = Machine((), int(6.1 * GB))
    assert simulated.choose().context < 8192
    simulated.placements.keep(NAME)
    simulated.machine = Machine((), 64 * GB)
    assert simulated.choose().context == 8192
    assert memory.kept() == {}


def test_a_back_end_without_facts_has_the_wanted_configuration(simulated: Simulated) -> None:
    config = simulated.placements.choose(Model("echo/echo", "echo"), None)
    assert (config.context, config.gpu_layers, config.devices) == (8192, -1, ())
    assert simulated.placements.machine is None
