"""Messages in, an answer out, nothing stored."""

from __future__ import annotations

import time
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.answer import Answered, Question, answer
from teahouse.engine.sampling import Sampling
from teahouse.errors import EngineCrashed, ModelError, TemplateError
from teahouse.events import EngineState
from teahouse.jobs import Cancel
from teahouse.messages import ModelLoading, PromptRead, TextDelta, Usage
from tests.core.engine.backends import backend


def asked(text: str, model: str = "echo/echo", **options: Any) -> Question:
    return Question(model, ({"role": "user", "content": text},), reply_id="r", **options)


def run(
    app: App, question: Question, cancel: Cancel | None = None, so_far: Answered | None = None
) -> tuple[list[Any], Answered]:
    done = so_far or Answered()
    events = [e for e in answer(app.engines, question, cancel or Cancel(), done) if e is not None]
    return events, done


def test_an_answer_comes_as_loading_prompt_and_text(app: App) -> None:
    events, done = run(app, asked("Hello 茶 👩‍👩‍👧"))
    kinds = [type(event) for event in events]
    assert kinds[0] is ModelLoading
    assert kinds.index(PromptRead) < kinds.index(TextDelta)
    deltas = [event for event in events if isinstance(event, TextDelta)]
    assert "".join(event.text for event in deltas) == done.text == "Hello 茶 👩‍👩‍👧"
    assert {event.reply_id for event in deltas} == {"r"}
    assert done.finish_reason == "stop"
    assert done.ids == [ord(c) for c in done.text]
    assert done.usage == Usage(len(done.prompt_ids), 0, len(done.ids))
    assert done.model is not None
    assert done.model.name == "echo/echo"


def test_the_seed_that_was_used_is_told(app: App) -> None:
    _events, done = run(app, asked("x"))
    assert done.sampling.seed is not None
    _events, done = run(app, asked("x", sampling=Sampling(seed=11)))
    assert done.sampling.seed == 11


def test_load_time_counts_only_when_the_model_was_loaded_for_it(app: App) -> None:
    app.engines.add_backend(backend(slow={"load_s": 0.2}))
    assert run(app, asked("x", "fake/slow"))[1].timings.load_s == 0.2
    events, done = run(app, asked("x", "fake/slow"))
    assert done.timings.load_s == 0
    assert not any(isinstance(event, ModelLoading) for event in events)


def test_the_longest_reply(app: App) -> None:
    _events, done = run(app, asked("abcdef", max_tokens=3))
    assert (done.text, done.finish_reason, done.usage.completion_tokens) == ("abc", "length", 3)


def test_stop_strings(app: App) -> None:
    _events, done = run(app, asked("one two three", stop=("two",)))
    assert (done.text, done.finish_reason) == ("one ", "stop")


def test_text_that_only_looked_like_a_stop_string_is_not_lost(app: App) -> None:
    _events, done = run(app, asked("one tw", stop=("two",)))
    assert (done.text, done.finish_reason) == ("one tw", "stop")


def test_a_stop_keeps_what_had_come(app: App) -> None:
    app.settings.set("echo.delay_ms", 20)
    cancel, done, said = Cancel(), Answered(), ""
    begun = 0.0
    for event in answer(app.engines, asked("x" * 500), cancel, done):
        if isinstance(event, TextDelta):
            said += event.text
            if len(said) == 5:
                begun = time.monotonic()
                cancel.set()
    assert time.monotonic() - begun < 2
    assert done.finish_reason == "stopped"
    assert 5 <= len(done.text) < 100
    assert len(done.ids) == len(done.text)
    assert run(app, asked("next"))[1].text == "next"


def test_a_hung_engine_that_is_stopped_is_killed_and_that_is_a_stop_not_a_crash(app: App) -> None:
    states: list[str] = []
    app.events.listen(lambda event: states.append(event.state) if isinstance(event, EngineState) else None)
    cancel, done = Cancel(), Answered()
    begun = 0.0
    for event in answer(app.engines, asked("/hang 4 more text"), cancel, done):
        if isinstance(event, TextDelta) and len(done.text) == 4:
            begun = time.monotonic()
            cancel.set()
    assert time.monotonic() - begun < 6
    assert (done.text, done.finish_reason) == ("more", "stopped")
    assert "crashed" not in states
    _events, done = run(app, asked("next"))
    assert done.text == "next"
    assert done.engine["use_extra_buffers"] is True


def test_stopped_while_loading_nothing_is_an_error(app: App) -> None:
    app.engines.add_backend(backend(slow={"load_s": 30}))
    cancel, done = Cancel(), Answered()
    for event in answer(app.engines, asked("x", "fake/slow"), cancel, done):
        if isinstance(event, ModelLoading):
            cancel.set()
    assert done.finish_reason == "stopped"
    assert done.text == ""
    assert app.engines.loaded == []


def test_stopped_while_rendering(app: App) -> None:
    """A template that never ends can only be stopped from outside where there is no timer."""
    app.engines.add_backend(backend(stuck={"render": "hangs"}))
    cancel, done = Cancel(), Answered()
    steps = answer(app.engines, asked("x", "fake/stuck"), cancel, done)
    from threading import Timer

    timer = Timer(0.3, cancel.set)
    timer.start()
    begun = time.monotonic()
    list(steps)
    timer.join()
    assert time.monotonic() - begun < 5
    assert done.finish_reason == "stopped"


def test_a_crash_leaves_what_had_come(app: App) -> None:
    done = Answered()
    with pytest.raises(EngineCrashed, match="SIGSEGV"):
        run(app, asked("/crash 6 hello world"), so_far=done)
    assert done.text == "hello "
    assert done.ids == [ord(c) for c in "hello "]
    assert done.finish_reason == "error"
    assert done.usage.completion_tokens == 6
    assert run(app, asked("again"))[1].engine["use_extra_buffers"] is False


def test_a_template_that_refuses_is_told(app: App) -> None:
    app.engines.add_backend(backend(picky={"render": "refuses"}))
    with pytest.raises(TemplateError, match="does not take"):
        run(app, asked("x", "fake/picky"))
    assert app.engines.loaded == ["fake/picky"]


def test_an_unknown_model_is_told(app: App) -> None:
    with pytest.raises(ModelError, match="nonesuch"):
        run(app, asked("x", "nonesuch"))


def test_what_was_read_is_reused(app: App) -> None:
    first = run(app, asked("hello"))[1]
    messages = (
        {"role": "user", "content": "hello"},
        {"role": "assistant", "content": first.text},
        {"role": "user", "content": "again"},
    )
    _events, second = run(app, Question("echo/echo", messages))
    assert len(first.prompt_ids) <= second.usage.cached_tokens < second.usage.prompt_tokens
    assert second.usage.prompt_tokens == len(second.prompt_ids)


def test_an_answer_nobody_waits_for_does_not_disturb_the_next(app: App) -> None:
    app.settings.set("echo.delay_ms", 20)
    steps = answer(app.engines, asked("x" * 500), Cancel(), Answered())
    while not isinstance(next(steps), TextDelta):
        continue
    steps.close()
    assert run(app, asked("next"))[1].text == "next"
