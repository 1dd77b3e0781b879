"""Whether a model fits, in a word: by its header, by its size alone, and with what a loaded one holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from teahouse import language
from teahouse.app import App
from teahouse.engine import probe, suitability
from teahouse.engine.configuration import EngineConfig
from teahouse.engine.devices import Device, Machine
from teahouse.engine.estimate import estimate
from teahouse.engine.suitability import Suitability, held_bytes, of_header, of_model, of_size
from teahouse.errors import EngineError
from teahouse.models.library import Model
from tests.core.engine.families import FAMILIES, Family

GB = 1_000_000_000
BY_NAME = {family.name: family for family in FAMILIES}
CARD = Device("CUDA0", "Simulated", "gpu", 24 * GB, 24 * GB)


def machine(free_gb: float | None, *cards: Device) -> Machine:
    free = None if free_gb is None else round(free_gb * GB)
    return Machine(tuple(cards), free, has_gpu_offload=bool(cards))


@pytest.mark.parametrize(
    ("free_gb", "level"), [(16, "fits"), (6, "shorter"), (2, "short"), (None, "unknown")]
)
def test_a_header_gives_the_level(free_gb: float | None, level: str) -> None:
    header = BY_NAME["llama-3-8b"].header()
    found = of_header(header, EngineConfig(context=8192), machine(free_gb))
    assert (found.level, found.is_rough) == (level, False)
    assert found.needs_bytes > 4 * GB
    assert (found.context < 8192) == (level in ("shorter", "short"))


def test_a_context_that_was_chosen_is_kept_and_other_steps_must_do() -> None:
    header = BY_NAME["llama-3-8b"].header()
    found = of_header(header, EngineConfig(context=8192), machine(5.9), least_context=8192)
    assert (found.level, found.context) == ("tight", 8192)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_size_says_roughly_the_same_as_a_header(family: Family) -> None:
    header, config = family.header(), EngineConfig(context=8192)
    exact = estimate(header, config)
    rough = of_size(exact.weights, config, machine(1000), parameters=header.parameter_count)
    assert rough.is_rough and rough.level == "fits"
    assert 0.5 < rough.needs_bytes / exact.total < 1.6


def test_a_size_gives_every_level() -> None:
    config = EngineConfig(context=32768)
    levels = [of_size(5 * GB, config, machine(free)).level for free in (32, 7, 3, None)]
    assert levels == ["fits", "shorter", "short", "unknown"]
    assert of_size(0, config, machine(32)) == Suitability("unknown", 0, 32768, is_rough=True)
    assert of_size(5 * GB, config, machine(3, CARD)).level == "fits"
    assert of_size(5 * GB, config, machine(32), context_length=2048).context == 2048


def test_less_memory_never_makes_it_fit_better() -> None:
    order = ["fits", "shorter", "tight", "short"]
    for size in (1, 5, 20):
        levels = [order.index(of_size(size * GB, EngineConfig(), machine(free)).level) for free in range(64)]
        assert levels == sorted(levels, reverse=True)


def test_each_level_has_its_own_words_in_both_languages() -> None:
    levels = ("fits", "shorter", "tight", "short", "unknown")
    for name in language.LANGUAGES:
        language.activate(name)
        assert len({Suitability(level).label for level in levels}) == len(levels)
    language.activate("en")


# --- in an app ----------------------------------------------------------------------------------------


@pytest.fixture
def app(home: Path) -> Iterator[App]:
    opened = App.open()
    yield opened
    opened.close()


def test_a_model_is_judged_with_its_own_settings(app: App) -> None:
    model = Model("tea", "llama", Path("tea.gguf"), header=BY_NAME["qwen2.5-7b"].header())
    before = of_model(app, model, machine(64))
    app.settings.set("engine.context", 16384, "tea")
    after = of_model(app, model, machine(64))
    assert (before.context, after.context) == (8192, 16384)
    assert after.needs_bytes > before.needs_bytes
    assert of_model(app, replace(model, header=None), machine(64)).level == "unknown"


def test_where_the_look_fails_only_memory_is_known(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_workers: object) -> Machine:
        raise EngineError("it died")

    monkeypatch.setattr(probe, "look", fail)
    monkeypatch.setattr(suitability, "free_memory", lambda: 5 * GB)
    assert suitability.look_at(app) == Machine(free_bytes=5 * GB)
    monkeypatch.setattr(suitability, "free_memory", lambda: None)
    assert suitability.look_at(app).free_bytes is None


def test_what_processes_hold_is_counted_where_linux_tells_it(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "status").write_text(
        "Name:\tx\nVmRSS:\t  900 kB\nRssAnon:\t  500 kB\nRssFile:\t 400 kB\n"
    )
    assert held_bytes([7], tmp_path) == 500 << 10
    assert held_bytes([7, 8], tmp_path) == 500 << 10
    assert held_bytes([], tmp_path) == 0
