"""How a model is run, and the ladder after a crash."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.engine.configuration import (
    EngineConfig,
    default_threads,
    from_settings,
    ladder,
    memory_ladder,
)
from teahouse.settings import Settings

CONFIGS = st.builds(
    EngineConfig,
    context=st.integers(1, 100_000),
    batch=st.integers(1, 4096),
    threads=st.integers(1, 64),
    gpu_layers=st.integers(-1, 100),
    use_extra_buffers=st.booleans(),
    kv_type=st.sampled_from(["f16", "q8_0", "q4_0"]),
    flash_attention=st.sampled_from(["auto", "on", "off"]),
)


def test_the_first_step_after_a_crash_turns_the_extra_buffers_off_and_nothing_else() -> None:
    wanted = EngineConfig(context=4096, batch=256, threads=2, gpu_layers=-1)
    first, second, *_rest = ladder(wanted)
    assert first == wanted
    assert {k: v for k, v in second.as_json().items() if v != wanted.as_json()[k]} == {
        "use_extra_buffers": False
    }


def test_the_ladder_ends_on_the_cpu() -> None:
    assert ladder(EngineConfig())[-1].gpu_layers == 0


def test_fewer_layers_come_before_none() -> None:
    steps = ladder(EngineConfig(gpu_layers=33))
    assert [step.gpu_layers for step in steps] == [33, 33, 33, 16, 0]
    assert [step.gpu_layers for step in ladder(EngineConfig())] == [-1, -1, -1, 0]


def test_the_memory_ladder_goes_in_its_order() -> None:
    steps = memory_ladder(EngineConfig(context=8192, batch=256, gpu_layers=33))
    assert [(s.context, s.kv_type, s.batch, s.gpu_layers) for s in steps] == [
        (8192, "f16", 256, 33),
        (4096, "f16", 256, 33),
        (2048, "f16", 256, 33),
        (1024, "f16", 256, 33),
        (1024, "q8_0", 256, 33),
        (1024, "q8_0", 64, 33),
        (1024, "q8_0", 64, 16),
        (1024, "q8_0", 64, 0),
    ]


def test_a_context_that_was_chosen_is_never_cut() -> None:
    steps = memory_ladder(EngineConfig(context=5000), least_context=5000)
    assert {step.context for step in steps} == {5000}
    assert [step.kv_type for step in steps][:2] == ["f16", "q8_0"]


def test_a_cache_is_not_quantized_where_it_cannot_be() -> None:
    for steps in (
        memory_ladder(EngineConfig(), can_quantize=False),
        memory_ladder(EngineConfig(flash_attention="off")),
    ):
        assert {step.kv_type for step in steps} == {"f16"}


@given(CONFIGS, st.integers(1, 100_000))
@settings(max_examples=100, deadline=None, database=None)
def test_every_step_of_the_memory_ladder_takes_no_more(config: EngineConfig, least: int) -> None:
    steps = memory_ladder(config, least_context=least)
    assert steps[0] == config
    assert len(set(steps)) == len(steps)
    for before, after in itertools.pairwise(steps):
        assert after.context <= before.context
        assert after.batch <= before.batch
        assert after.use_extra_buffers == config.use_extra_buffers
        assert after.kv_type in (before.kv_type, "q8_0")
    assert steps[-1].context == min(config.context, least)
    assert steps[-1].gpu_layers == 0


@given(CONFIGS)
@settings(max_examples=100, deadline=None, database=None)
def test_every_step_differs_and_is_no_bolder_than_the_one_before(config: EngineConfig) -> None:
    steps = ladder(config)
    assert steps[0] == config
    assert len(set(steps)) == len(steps)
    for before, after in itertools.pairwise(steps):
        assert after.batch <= before.batch
        assert after.use_extra_buffers <= before.use_extra_buffers
        assert (after.context, after.threads) == (config.context, config.threads)


def test_the_values_come_from_the_settings(home: Path) -> None:
    settings = Settings(home / "settings.toml")
    settings.set("engine.context", 1024)
    settings.set("engine.gpu_layers", 3)
    settings.set("engine.threads", 5)
    config = from_settings(settings)
    assert (config.context, config.gpu_layers, config.threads) == (1024, 3, 5)
    assert config.use_extra_buffers


def test_a_model_has_values_of_its_own(home: Path) -> None:
    settings = Settings(home / "settings.toml")
    name = "Qwen 2.5 0.5B"
    own = {"batch": 32, "kv_type": "q8_0", "flash_attention": "on", "main_device": "CUDA1", "gpu_layers": 7}
    for key, value in own.items():
        settings.set(f"engine.{key}", value, model=name)
    mine, other = from_settings(settings, name), from_settings(settings, "another")
    assert {key: getattr(mine, key) for key in own} == own
    assert other == from_settings(settings) != mine


def test_values_stay_f16_without_flash_attention() -> None:
    assert EngineConfig(kv_type="q8_0").value_type == "q8_0"
    assert EngineConfig(kv_type="q8_0", flash_attention="off").value_type == "f16"


def test_zero_threads_chooses(home: Path) -> None:
    assert from_settings(Settings(home / "settings.toml")).threads == default_threads() >= 1


def test_threads_are_those_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: {0}, raising=False)
    assert default_threads() == 1


def test_a_configuration_crosses_the_pipe() -> None:
    config = EngineConfig(context=1, batch=2, threads=3, gpu_layers=4, use_extra_buffers=False)
    assert EngineConfig(**config.as_json()) == config
