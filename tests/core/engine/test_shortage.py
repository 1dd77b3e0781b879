"""Memory that is short while loading or writing, through the whole engine; failures.md row 8."""

from __future__ import annotations

from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.chat.answer import Answered, Question, answer
from teahouse.engine.client import Engines
from teahouse.engine.devices import Device, Machine
from teahouse.engine.memory import LadderMemory
from teahouse.engine.shortage import is_told
from teahouse.errors import OutOfMemory
from teahouse.events import EngineState, Notice
from teahouse.jobs import Cancel
from tests.core.engine.backends import backend
from tests.core.engine.opening import opened

GB = 1_000_000_000
HELLO = ({"role": "user", "content": "hi"},)


@pytest.fixture
def notices(app: App) -> list[str]:
    heard: list[str] = []
    app.events.listen(lambda event: heard.append(event.text) if isinstance(event, Notice) else None)
    return heard


def test_a_load_that_lacks_memory_is_repeated_with_less(app: App, notices: list[str]) -> None:
    app.engines.add_backend(backend(small={"most_context": 2048}))
    engine = opened(app, "fake/small")
    assert (engine.config.context, engine.config.use_extra_buffers) == (2048, True)
    assert [notice.partition("less: ")[2] for notice in notices] == [
        "the context is 4096 tokens instead of 8192.",
        "the context is 2048 tokens instead of 4096.",
    ]
    assert all("fake/small" in notice for notice in notices)
    app.engines.unload("fake/small")
    notices.clear()
    assert opened(app, "fake/small").config.context == 2048
    assert notices == []


def test_a_load_that_never_fits_is_told_and_leaves_no_child(app: App, notices: list[str]) -> None:
    app.engines.add_backend(backend(huge={"most_context": 0}))
    with pytest.raises(OutOfMemory, match="not enough memory"):
        opened(app, "fake/huge")
    assert notices
    assert app.engines.loaded == []
    assert not any(worker.is_alive for worker in app.workers._live)


def test_a_reply_that_lacks_memory_is_started_again_with_less(app: App, notices: list[str]) -> None:
    states: list[str] = []
    app.events.listen(lambda event: states.append(event.state) if isinstance(event, EngineState) else None)
    app.engines.add_backend(backend(tight={"most_context_to_write": 4096, "text": "done"}))
    done = Answered()
    list(answer(app.engines, Question("fake/tight", HELLO), Cancel(), done))
    assert done.text == "done"
    assert done.engine["context"] == 4096
    assert [notice for notice in notices if "started again" in notice]
    assert states.count("crashed") == 1
    assert sum(worker.is_alive for worker in app.workers._live) == 1


def test_a_reply_that_never_fits_ends_with_the_error(app: App) -> None:
    app.engines.add_backend(backend(never={"most_context_to_write": 0}))
    with pytest.raises(OutOfMemory):
        list(answer(app.engines, Question("fake/never", HELLO), Cancel(), Answered()))
    assert app.engines.loaded == []


def test_a_setting_that_is_changed_holds_from_the_next_reply_on(app: App) -> None:
    app.engines.add_backend(backend(one={}))
    first = opened(app, "fake/one")
    assert opened(app, "fake/one") is first
    app.settings.set("engine.context", 2048, model="fake/other")
    assert opened(app, "fake/one") is first
    app.settings.set("engine.context", 2048, model="fake/one")
    second = opened(app, "fake/one")
    assert second.context_length == 2048
    assert not first.is_alive


# --- simulated machines, a real child -------------------------------------------------------------


def house(app: App, machine: Machine) -> Engines:
    """Engines on a machine that is not there (not run on a GPU)."""
    memory = LadderMemory(app.paths.data / "simulated.json", "simulated")
    return Engines(app.workers, app.models, app.settings, app.events, memory, look=lambda _told: machine)


@pytest.mark.gguf
def test_a_file_that_is_too_large_for_the_machine_is_not_even_tried(
    app: App, starter: Path, monkeypatch: pytest.MonkeyPatch, notices: list[str]
) -> None:
    monkeypatch.setattr(app, "engines", house(app, Machine((), GB // 4)))
    with pytest.raises(OutOfMemory, match=r"0\.2 GB of the machine's memory are free") as caught:
        opened(app, str(starter))
    assert "GB weights" in caught.value.text
    assert notices == []
    assert not any(worker.is_alive for worker in app.workers._live)


@pytest.mark.gguf
def test_what_the_plan_takes_away_is_said(
    app: App, starter: Path, monkeypatch: pytest.MonkeyPatch, notices: list[str]
) -> None:
    monkeypatch.setattr(app, "engines", house(app, Machine((), 880_000_000)))
    engine = opened(app, str(starter))
    assert engine.context_length < 8192
    [notice] = notices
    assert f"the context is {engine.context_length} tokens instead of 8192" in notice
    app.engines.close()


@pytest.mark.gguf
def test_layers_are_placed_on_a_simulated_card(
    app: App, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = Device("CUDA0", "Simulated", "gpu", 8 * GB, 8 * GB)
    monkeypatch.setattr(app, "engines", house(app, Machine((card,), 16 * GB, True)))
    engine = opened(app, str(starter))  # this build has no such device and computes on the processor
    assert (engine.config.gpu_layers, engine.config.devices) == (25, ("CUDA0",))
    assert app.engines.machine is not None
    assert app.engines.machine.cards == [card]
    app.engines.close()


@pytest.mark.parametrize(
    ("line", "is_short"),
    [
        ("llama_init_from_model: failed to initialize: failed to allocate buffer for kv cache", True),
        ("graph_reserve: failed to allocate compute buffers", True),
        ("ggml_backend_cuda_buffer_type_alloc_buffer: cudaMalloc failed: out of memory", True),
        ("MemoryError", True),
        ("unknown model architecture: 'memory'", False),
        ("llama_init_from_model: quantized V cache requires flash_attn to be enabled", False),
        ("", False),
    ],
)
def test_lines_that_tell_of_memory(line: str, is_short: bool) -> None:
    assert is_told(line) is is_short
