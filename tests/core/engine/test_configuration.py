"""How a model is run, and the ladder after a crash."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.engine.configuration import EngineConfig, default_threads, from_settings, ladder
from teahouse.settings import Settings

CONFIGS = st.builds(
    EngineConfig,
    context=st.integers(1, 100_000),
    batch=st.integers(1, 4096),
    threads=st.integers(1, 64),
    gpu_layers=st.integers(-1, 100),
    use_extra_buffers=st.booleans(),
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


def test_zero_threads_chooses(home: Path) -> None:
    assert from_settings(Settings(home / "settings.toml")).threads == default_threads() >= 1


def test_threads_are_those_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: {0}, raising=False)
    assert default_threads() == 1


def test_a_configuration_crosses_the_pipe() -> None:
    config = EngineConfig(context=1, batch=2, threads=3, gpu_layers=4, use_extra_buffers=False)
    assert EngineConfig(**config.as_json()) == config
