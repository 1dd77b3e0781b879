"""What helped after a crash is remembered for this machine, and only that."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.chat.answer import Answered, Question, answer
from teahouse.engine.configuration import EngineConfig, from_settings, ladder
from teahouse.engine.memory import LadderMemory, Limits, apply_limits, this_machine
from teahouse.engine.sampling import Sampling
from teahouse.errors import EngineCrashed
from teahouse.events import Notice
from teahouse.jobs import Cancel
from teahouse.messages import PromptRead
from teahouse.workers.process import Worker
from tests.core.models import ggufs

PLAIN: Limits = {"use_extra_buffers": (True, False)}
SMALL: Limits = {"context": (8192, 2048), "kv_type": ("f16", "q8_0")}


def test_limits_are_kept_by_machine_model_and_cards(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "engines.json"
    memory = LadderMemory(file, "one")
    assert memory.limits("a") == {}
    memory.keep("a", PLAIN)
    memory.keep("a", SMALL, cards="CUDA0 Card 8000")
    memory.keep("茶 0.5B", SMALL)
    again = LadderMemory(file, "one")
    assert (again.limits("a"), again.limits("茶 0.5B"), again.limits("c")) == (PLAIN, SMALL, {})
    assert (again.limits("a", "CUDA0 Card 8000"), again.limits("a", "CUDA0 Card 24000")) == (SMALL, {})
    assert again.kept() == {"a": {"": PLAIN, "CUDA0 Card 8000": SMALL}, "茶 0.5B": {"": SMALL}}
    assert LadderMemory(file, "other").limits("a") == {}


@pytest.mark.parametrize(
    ("step", "limits"),
    [
        (0, {}),
        (-1, {}),
        (1, PLAIN),
        (2, PLAIN | {"batch": (256, 64)}),
        (3, PLAIN | {"batch": (256, 64), "gpu_layers": (-1, 0)}),
        (9, PLAIN | {"batch": (256, 64), "gpu_layers": (-1, 0)}),
    ],
)
def test_a_file_of_the_first_version_is_still_read(tmp_path: Path, step: int, limits: Limits) -> None:
    file = tmp_path / "engines.json"
    file.write_text(json.dumps({"one": {"a": step, "b": 1}}), "utf-8")
    memory = LadderMemory(file, "one")
    assert memory.limits("a") == limits
    memory.keep("a", SMALL)
    assert memory.limits("a") == SMALL
    assert memory.limits("b") == PLAIN


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"one": 3}', '{"one": {"a": "x"}}', '{"one": {"a": {"": 3}}}',
     '{"one": {"a": {"": {"context": [8192, "x"], "batch": 3, "future": [1, 2], "kv_type": []}}}}'],
)  # fmt: skip
def test_a_damaged_file_is_as_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "engines.json"
    file.write_text(text, "utf-8")
    memory = LadderMemory(file, "one")
    assert memory.limits("a") == {}
    memory.keep("a", PLAIN)
    assert memory.limits("a") == PLAIN


def test_a_limit_holds_for_the_setting_it_was_found_with() -> None:
    config = EngineConfig(context=8192)
    assert apply_limits(config, SMALL) == EngineConfig(context=2048, kv_type="q8_0")
    chosen = EngineConfig(context=16_384, kv_type="q4_0")
    assert apply_limits(chosen, SMALL) == chosen
    off = EngineConfig(context=8192, flash_attention="off")
    assert apply_limits(off, SMALL) == EngineConfig(context=2048, flash_attention="off")


def test_a_machine_has_one_name() -> None:
    assert this_machine() == this_machine()
    assert len(this_machine()) == 16


@pytest.mark.gguf
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_a_crash_before_the_first_word_is_mended_and_a_native_one_remembered(
    app: App, starter: Path, number: signal.Signals
) -> None:
    notices: list[object] = []
    app.events.listen(lambda event: notices.append(event) if isinstance(event, Notice) else None)
    question = Question(
        str(starter), ({"role": "user", "content": "Say hello."},), Sampling(temperature=0.0), max_tokens=8
    )
    done, was_killed = Answered(), False
    for event in answer(app.engines, question, Cancel(), done):
        if isinstance(event, PromptRead) and not was_killed:
            was_killed = True
            os.kill(app.engines._engines[str(starter)].pid, number)
    assert was_killed
    assert done.text
    assert done.engine["use_extra_buffers"] is False
    assert [n for n in notices if "started again" in str(n)]
    kept = app.paths.data / "engines.json"
    if number == signal.SIGKILL:  # from outside: says nothing about the build
        assert not kept.exists()
        return
    assert LadderMemory(kept, this_machine()).kept() == {str(starter): {"": PLAIN}}
    other = App.open(app.paths)
    try:
        steps = other.engines.open(str(starter), Cancel())
        with pytest.raises(StopIteration) as opened:
            while True:
                next(steps)
        assert opened.value.value.config.use_extra_buffers is False
    finally:
        other.close()


def test_a_question_that_always_kills_leaves_no_mark_on_the_model(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Going down the ladder did not help, so the next question begins at its top again."""
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    app.plugins.load()
    app.take_contributions()
    bad = Question("echo/echo", ({"role": "user", "content": "/crash 0 x"},))
    with pytest.raises(EngineCrashed):
        list(answer(app.engines, bad, Cancel(), Answered()))
    done = Answered()
    list(answer(app.engines, Question("echo/echo", ({"role": "user", "content": "hi"},)), Cancel(), done))
    assert done.text == "hi"
    assert done.engine["use_extra_buffers"] is True
    assert not (app.paths.data / "engines.json").exists()


def test_a_model_that_dies_while_loading_walks_the_ladder_once(
    app: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    starts: list[bool] = []
    real = app.workers.start

    def start(entry: str, **options: object) -> Worker:
        worker = real(entry, **options)  # type: ignore[arg-type]
        starts.append(True)
        worker.kill()
        return worker

    monkeypatch.setattr(app.workers, "start", start)
    file = ggufs.write(tmp_path / "any.gguf")
    with pytest.raises(EngineCrashed):
        list(answer(app.engines, Question(str(file), ()), Cancel(), Answered()))
    assert len(starts) == len(ladder(replace(from_settings(app.settings), gpu_layers=0)))
