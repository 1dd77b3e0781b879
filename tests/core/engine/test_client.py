"""Which models are loaded, each in its own child; the ladder after a crash."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.errors import EngineCrashed, EngineError, ModelError, ModelFileError
from teahouse.events import EngineState
from teahouse.jobs import Cancel, Job
from teahouse.messages import ModelLoading
from tests.core.engine.backends import backend


def opened(app: App, name: str, cancel: Cancel | None = None) -> tuple[list[ModelLoading], Engine]:
    """(progress, engine)."""
    steps, progress = app.engines.open(name, cancel or Cancel()), []
    while True:
        try:
            progress.append(next(steps))
        except StopIteration as done:
            return progress, done.value


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


def generated(engine: Engine, text: str, cancel: Cancel | None = None) -> tuple[str, dict[str, Any]]:
    """(text, result) of a reply."""
    ids = engine.render([{"role": "user", "content": text}]).ids
    steps = engine.generate(ids, sampling=Sampling(), max_tokens=100, stop=(), cancel=cancel or Cancel())
    said = ""
    while True:
        try:
            said += next(steps).get("text", "")
        except StopIteration as done:
            return said, done.value


@pytest.fixture
def states(app: App) -> list[EngineState]:
    """Every engine state that is published."""
    heard: list[EngineState] = []
    app.events.listen(lambda event: heard.append(event) if isinstance(event, EngineState) else None)
    return heard


def test_a_model_loads_with_progress_and_is_then_there(app: App, states: list[EngineState]) -> None:
    app.engines.add_backend(backend(slow={"load_s": 0.4}))
    progress, engine = opened(app, "fake/slow")
    assert progress
    assert all(event.model == "fake/slow" for event in progress)
    fractions = [event.fraction for event in progress]
    assert fractions == sorted(fractions)
    assert all(0 <= fraction <= 1 for fraction in fractions)
    assert app.engines.loaded == ["fake/slow"]
    assert engine.is_alive
    assert [s.state for s in states if s.state != "loading"] == ["ready"]
    assert [s.fraction for s in states if s.state == "loading"][1:] == fractions


def test_a_loaded_model_is_opened_at_once(app: App) -> None:
    _progress, first = opened(app, "echo/echo")
    progress, second = opened(app, "echo/echo")
    assert second is first
    assert progress == []


def test_unloading_ends_the_child(app: App, states: list[EngineState]) -> None:
    _progress, engine = opened(app, "echo/echo")
    app.engines.unload("echo/echo")
    assert app.engines.loaded == []
    assert not is_running(engine.pid)
    assert states[-1] == EngineState("echo/echo", "unloaded")
    app.engines.unload("echo/echo")
    app.engines.unload("never/there")


def test_a_second_model_takes_the_place_of_the_first(app: App) -> None:
    app.engines.add_backend(backend(other={}))
    _progress, first = opened(app, "echo/echo")
    _progress, _second = opened(app, "fake/other")
    assert app.engines.loaded == ["fake/other"]
    assert not is_running(first.pid)


def test_loading_as_work(app: App) -> None:
    app.engines.add_backend(backend(slow={"load_s": 0.1}))
    heard: list[Any] = []
    ended = Job("load", app.engines.load("fake/slow")).run(heard.append)
    assert ended.error is None
    assert any(isinstance(getattr(event, "value", None), ModelLoading) for event in heard)
    assert app.engines.loaded == ["fake/slow"]


def test_an_unknown_model_is_refused_by_name(app: App) -> None:
    with pytest.raises(ModelError, match="nonesuch") as caught:
        opened(app, "nonesuch")
    assert "echo/echo" in caught.value.data["available"]


def test_a_model_that_refuses_to_load_says_why_and_leaves_no_child(
    app: App, states: list[EngineState]
) -> None:
    app.engines.add_backend(backend(broken={"refuses": True}))
    with pytest.raises(ModelFileError, match=r"fake\.gguf"):
        opened(app, "fake/broken")
    assert app.engines.loaded == []
    assert not any(worker.is_alive for worker in app.workers._live)
    assert states[-1].state == "unloaded"


# --- stopping a load ------------------------------------------------------------------------------


def test_a_load_can_be_stopped(app: App) -> None:
    app.engines.add_backend(backend(slow={"load_s": 30}))
    cancel = Cancel()
    steps = app.engines.open("fake/slow", cancel)
    next(steps)
    begun = time.monotonic()
    cancel.set()
    with pytest.raises(EngineError, match="stopped"):
        list(steps)
    assert time.monotonic() - begun < 2
    assert app.engines.loaded == []
    assert not any(worker.is_alive for worker in app.workers._live)


def test_a_load_that_does_not_hear_is_killed_and_not_tried_again(app: App) -> None:
    app.engines.add_backend(backend(deaf={"load_s": 60, "is_deaf": True}))
    cancel = Cancel()
    steps = app.engines.open("fake/deaf", cancel)
    next(steps)
    begun = time.monotonic()
    cancel.set()
    with pytest.raises(EngineError, match="stopped"):
        list(steps)
    assert time.monotonic() - begun < 2
    assert not any(worker.is_alive for worker in app.workers._live)


def test_a_load_nobody_waits_for_any_more_leaves_no_child(app: App) -> None:
    app.engines.add_backend(backend(slow={"load_s": 30}))
    steps = app.engines.open("fake/slow", Cancel())
    next(steps)
    steps.close()
    assert app.engines.loaded == []
    assert not any(worker.is_alive for worker in app.workers._live)
    assert generated(opened(app, "echo/echo")[1], "next")[0] == "next"


def test_a_stopped_load_as_a_job_is_cancelled_and_no_error_of_ours(app: App) -> None:
    app.engines.add_backend(backend(slow={"load_s": 30}))
    job = Job("load", app.engines.load("fake/slow"))

    def hear(event: Any) -> None:
        if isinstance(getattr(event, "value", None), ModelLoading):
            job.cancel.set()

    assert job.run(hear).is_cancelled
    assert app.engines.loaded == []


# --- the ladder -----------------------------------------------------------------------------------


def test_a_crash_while_loading_goes_on_without_extra_buffers(app: App, states: list[EngineState]) -> None:
    _progress, engine = opened(app, "echo/fragile")
    assert engine.config.use_extra_buffers is False
    assert [s.state for s in states if s.state in ("crashed", "ready")] == ["crashed", "ready"]
    assert "SIGSEGV" in next(s.text for s in states if s.state == "crashed")
    assert generated(engine, "hello")[0] == "hello"


def test_the_safer_configuration_is_kept(app: App, states: list[EngineState]) -> None:
    opened(app, "echo/fragile")
    app.engines.unload("echo/fragile")
    states.clear()
    _progress, engine = opened(app, "echo/fragile")
    assert engine.config.use_extra_buffers is False
    assert "crashed" not in [s.state for s in states]


def test_one_model_s_crash_does_not_change_another_s_configuration(app: App) -> None:
    opened(app, "echo/fragile")
    _progress, engine = opened(app, "echo/echo")
    assert engine.config.use_extra_buffers is True


def test_the_ladder_goes_down_to_the_cpu(app: App, states: list[EngineState]) -> None:
    app.engines.add_backend(backend(cpu_only={"most_gpu_layers": 0}))
    app.settings.set("engine.gpu_layers", 5)
    with pytest.raises(EngineCrashed):  # as wanted, without extra buffers, a smaller batch: two restarts
        opened(app, "fake/cpu_only")
    assert [s.state for s in states if s.state == "crashed"] == ["crashed"] * 3
    _progress, engine = opened(app, "fake/cpu_only")  # half of the layers, none
    assert engine.config.gpu_layers == 0
    assert [s.state for s in states if s.state == "crashed"] == ["crashed"] * 4


def test_a_model_that_dies_whatever_is_tried_is_a_crash(app: App) -> None:
    app.engines.add_backend(backend(doomed={"crashes_always": True}))
    for _number in range(2):
        with pytest.raises(EngineCrashed, match="SIGILL"):
            opened(app, "fake/doomed")
    assert app.engines.loaded == []
    assert not any(worker.is_alive for worker in app.workers._live)


def test_a_crash_while_answering_takes_the_next_step(app: App) -> None:
    _progress, engine = opened(app, "echo/echo")
    with pytest.raises(EngineCrashed) as caught:
        generated(engine, "/crash 3 hello")
    app.engines.report_crash("echo/echo", caught.value)
    assert app.engines.loaded == []
    _progress, engine = opened(app, "echo/echo")
    assert engine.config.use_extra_buffers is False


def test_a_child_killed_between_two_replies_is_started_again(app: App) -> None:
    _progress, engine = opened(app, "echo/echo")
    os.kill(engine.pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while engine.is_alive:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert app.engines.loaded == []
    assert generated(opened(app, "echo/echo")[1], "again")[0] == "again"


# --- back ends ------------------------------------------------------------------------------------


def test_two_back_ends_cannot_have_one_name(app: App) -> None:
    app.engines.add_backend(backend("twin"))
    with pytest.raises(EngineError, match="twin"):
        app.engines.add_backend(backend("twin"))
    with pytest.raises(EngineError, match="llama"):
        app.engines.add_backend(backend("llama"))


def test_a_back_end_that_goes_takes_its_models_along(app: App) -> None:
    app.engines.add_backend(backend(one={}))
    _progress, engine = opened(app, "fake/one")
    app.engines.keep_backends({"echo"})
    assert not is_running(engine.pid)
    assert "fake/one" not in [model.name for model in app.models.list()]
    assert set(app.engines.backends) == {"llama", "echo"}


def test_only_a_back_end_that_says_so_has_the_network(app: App) -> None:
    app.engines.add_backend(backend(one={}))
    app.engines.add_backend(backend("online", needs_network=True, one={}))
    _progress, alone = opened(app, "fake/one")
    assert alone.facts["network"] is False
    assert alone.isolation["network"] is True
    _progress, online = opened(app, "online/one")
    assert online.facts["network"] is True
    assert online.isolation["network"] is False


def test_closing_the_app_ends_every_child(app: App) -> None:
    _progress, engine = opened(app, "echo/echo")
    app.close()
    assert not is_running(engine.pid)
