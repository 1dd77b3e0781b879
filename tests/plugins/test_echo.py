"""The echo plugin: a scripted back end for developers and tests."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.answer import Answered, Question, answer
from teahouse.errors import EngineCrashed, EngineError, SettingError
from teahouse.events import EngineState
from teahouse.jobs import Cancel
from teahouse.messages import TextDelta
from teahouse_echo import Echo, create
from teahouse_echo.script import ScriptedReply, read, reply_to


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    app = App.open()
    app.settings.set("echo.delay_ms", 0)
    yield app
    app.close()


def ask(app: App, *texts: str, **options: Any) -> Answered:
    """The answer to the last of these user messages, answers in between included."""
    roles = ("user", "assistant")
    messages = tuple({"role": roles[n % 2], "content": text} for n, text in enumerate(texts))
    done = Answered()
    list(answer(app.engines, Question("echo/echo", messages, **options), Cancel(), done))
    return done


def script(app: App, tmp_path: Path, *replies: object) -> Path:
    file = tmp_path / "茶 script.json"
    file.write_text(json.dumps(replies), "utf-8")
    app.settings.set("echo.script", str(file))
    return file


# --- what it says ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["hello", "茶馆 👩‍👩‍👧 é", "two\nlines\n", " ", "<|im_end|>", "/crash", "/crash x y", "x /crash 1"],
)
def test_it_repeats_the_question(app: App, text: str) -> None:
    assert ask(app, text).text == text


def test_it_replies_from_a_script_and_then_repeats(app: App, tmp_path: Path) -> None:
    script(app, tmp_path, "first 茶", {"text": "second"})
    assert ask(app, "a").text == "first 茶"
    assert ask(app, "a", "first 茶", "b").text == "second"
    assert ask(app, "a", "x", "b", "y", "c").text == "c"


@pytest.mark.parametrize(
    "content",
    ["", "{", '{"text": 1}', "[1]", '[{"words": "x"}]', '[{"text": "x", "at": 1, "extra": 2}]', "null"],
)
def test_a_broken_script_is_told_by_its_name(app: App, tmp_path: Path, content: str) -> None:
    script(app, tmp_path).write_text(content, "utf-8")
    with pytest.raises(EngineError, match=r"茶 script\.json"):
        ask(app, "x")


def test_a_missing_script_is_told_by_its_name(app: App, tmp_path: Path) -> None:
    script(app, tmp_path, "x").unlink()
    with pytest.raises(EngineError, match=r"茶 script\.json"):
        ask(app, "x")


def test_directives() -> None:
    assert reply_to("/crash 5 some text", 0, "") == ScriptedReply("some text", "crash", 5)
    assert reply_to("/hang 0 two\nlines", 0, "") == ScriptedReply("two\nlines", "hang", 0)
    assert reply_to("crash 5", 0, "") == ScriptedReply("crash 5")


def test_script_entries_are_texts_or_objects(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_text('["a", {"text": "b", "fault": "crash", "at": 2, "is_amx": true}]', "utf-8")
    assert read(str(file)) == [ScriptedReply("a"), ScriptedReply("b", "crash", 2, is_amx=True)]


# --- faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0, 1, 4])
def test_it_dies_at_the_token_it_is_told(app: App, at: int) -> None:
    done = Answered()
    question = Question("echo/echo", ({"role": "user", "content": f"/crash {at} text"},))
    with pytest.raises(EngineCrashed, match="SIGSEGV"):
        list(answer(app.engines, question, Cancel(), done))
    assert done.text == "text"[:at]


def test_it_hangs_at_the_token_it_is_told(app: App) -> None:
    cancel, done = Cancel(), Answered()
    question = Question("echo/echo", ({"role": "user", "content": "/hang 2 text"},))
    steps = answer(app.engines, question, cancel, done)
    while done.text != "te":
        next(steps)
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        assert next(steps) is None
    cancel.set()
    list(steps)
    assert done.finish_reason == "stopped"


def test_a_crash_of_the_amx_kind_does_not_come_again(app: App, tmp_path: Path) -> None:
    script(app, tmp_path, {"text": "hello world", "fault": "crash", "at": 5, "is_amx": True})
    with pytest.raises(EngineCrashed):
        ask(app, "x")
    assert ask(app, "x").text == "hello world"


# --- counting -------------------------------------------------------------------------------------


def test_tokens_are_characters(app: App) -> None:
    done = ask(app, "茶a👩")
    assert done.ids == [ord("茶"), ord("a"), ord("👩")]
    assert done.usage.prompt_tokens == len("user: 茶a👩\n") == len(done.prompt_ids)


def test_what_was_read_before_is_reused_but_never_all_of_it(app: App) -> None:
    first = ask(app, "hello")
    again = ask(app, "hello")
    assert first.usage.cached_tokens == 0
    assert again.usage.cached_tokens == again.usage.prompt_tokens - 1
    other = ask(app, "help")
    assert other.usage.cached_tokens == len("user: hel")


def test_the_longest_reply_and_stop_strings(app: App) -> None:
    assert (ask(app, "hello", max_tokens=2).text, ask(app, "hello", max_tokens=2).finish_reason) == (
        "he",
        "length",
    )
    assert (ask(app, "hello", max_tokens=5).text, ask(app, "hello", max_tokens=5).finish_reason) == (
        "hello",
        "stop",
    )
    done = ask(app, "hello", stop=("l",))
    assert (done.text, done.finish_reason) == ("he", "stop")


def test_the_delay_is_a_setting(app: App) -> None:
    app.settings.set("echo.delay_ms", 50)
    begun = time.monotonic()
    ask(app, "0123456789")
    assert time.monotonic() - begun >= 0.5
    with pytest.raises(SettingError, match=r"echo\.delay_ms"):
        app.settings.set("echo.delay_ms", -1)


def test_stopping_a_slow_reply(app: App) -> None:
    app.settings.set("echo.delay_ms", 50)
    cancel, done = Cancel(), Answered()
    question = Question("echo/echo", ({"role": "user", "content": "x" * 1000},))
    for event in answer(app.engines, question, cancel, done):
        if isinstance(event, TextDelta):
            cancel.set()
    assert done.finish_reason == "stopped"
    assert len(done.text) < 100


# --- as a plugin ----------------------------------------------------------------------------------


def test_hook_register_settings(app: App) -> None:
    settings = Echo(app).register_settings()
    assert {s.key for s in settings} == {"echo.script", "echo.delay_ms"}
    assert {s.key for s in settings} <= {s.key for s in app.settings.declared}


def test_hook_register_models(app: App) -> None:
    [backend] = create(app).register_models()
    assert backend.name == "echo"
    assert [model.name for model in backend.list_models()] == ["echo", "fragile"]
    assert {"echo/echo", "echo/fragile"} <= {model.name for model in app.models.list()}


def test_hook_register_commands(app: App) -> None:
    [command] = create(app).register_commands()
    assert (command.path, command.json) == ("echo say", True)
    steps = command.work(app, {"echo.text": "你好"})(Cancel())
    with pytest.raises(StopIteration) as done:
        while True:
            next(steps)
    assert done.value.value == {"reply": "你好"}


@pytest.mark.parametrize(("at", "is_mended"), [(0, True), (3, False)])
def test_only_a_crash_before_the_first_word_is_mended_by_itself(
    app: App, tmp_path: Path, at: int, is_mended: bool
) -> None:
    script(app, tmp_path, {"text": "tea house", "fault": "crash", "at": at, "is_amx": True})
    done = Answered()
    steps = answer(app.engines, Question("echo/echo", ({"role": "user", "content": "?"},)), Cancel(), done)
    if is_mended:
        list(steps)
        assert done.text == "tea house"
        return
    with pytest.raises(EngineCrashed):
        list(steps)
    assert done.text == "tea"


def test_a_model_that_always_crashes_is_given_up_after_two_restarts(app: App) -> None:
    states: list[str] = []
    app.events.listen(lambda event: states.append(event.state) if isinstance(event, EngineState) else None)
    question = Question("echo/echo", ({"role": "user", "content": "/crash 0 tea"},))
    with pytest.raises(EngineCrashed):
        list(answer(app.engines, question, Cancel(), Answered()))
    assert states.count("crashed") == 3
