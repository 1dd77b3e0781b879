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
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.errors import ContextError, EngineCrashed, EngineError, SettingError
from teahouse.events import EngineState
from teahouse.jobs import Cancel
from teahouse.messages import TextDelta
from teahouse.workers import process
from teahouse_echo import Echo, create
from teahouse_echo.child import VERBS
from teahouse_echo.script import FAULTS, ScriptedReply, read, read_load, reply_to


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


def opened(app: App, cancel: Cancel | None = None) -> Engine:
    """The engine of `echo/echo`."""
    steps = app.engines.open("echo/echo", cancel or Cancel())
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value


def told(engine: Engine, text: str, *, has_reasoning: bool | None = None) -> tuple[list[Any], dict[str, Any]]:
    """(events, result) of a reply, straight from the child."""
    rendered = engine.render([{"role": "user", "content": text}], has_reasoning=has_reasoning)
    steps = engine.generate(
        rendered.ids, sampling=Sampling(), max_tokens=1000, stop=(), cancel=Cancel(), reasoning=""
    )
    events = []
    while True:
        try:
            event = next(steps)
        except StopIteration as done:
            return events, done.value
        events += [] if event is process.WAITING else [event]


def words(events: list[Any], kind: str) -> str:
    return "".join(e["text"] for e in events if e["event"] == "text" and e["kind"] == kind)


def script(app: App, tmp_path: Path, *replies: object, load: object = None) -> Path:
    file = tmp_path / "茶 script.json"
    content: object = replies if load is None else {"load": load, "replies": replies}
    file.write_text(json.dumps(content), "utf-8")
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
    [
        *("", "{", '{"text": 1}', "[1]", '[{"words": "x"}]', '[{"text": "x", "at": 1, "extra": 2}]', "null"),
        *('[{"text": "x", "fault": "sulk"}]', '[{"text": "x", "at": "tea"}]', '{"load": {"fault": 1}}'),
    ],
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


DEATHS = {
    "crash": "SIGSEGV",
    "abort": "SIGABRT",
    "kill": "SIGKILL",
    "exit": "exit code 9",
    "splutter": "SIGSEGV",
    "half": "a part of its answer was lost",
    "huge": "a line that is too long",
}


@pytest.mark.parametrize("fault", DEATHS)
@pytest.mark.parametrize("stage", ["render", "prompt", "2"])
def test_it_dies_as_it_is_told(app: App, fault: str, stage: str) -> None:
    engine = opened(app)
    with pytest.raises(EngineCrashed, match=DEATHS[fault]):
        told(engine, f"/{fault} {stage} text")
    assert not engine.is_alive


@pytest.mark.parametrize("fault", DEATHS)
def test_it_dies_while_loading(app: App, tmp_path: Path, fault: str) -> None:
    script(app, tmp_path, load={"fault": fault})
    with pytest.raises(EngineCrashed, match=DEATHS[fault]):
        opened(app)


@pytest.mark.parametrize("stage", ["render", "prompt", "0", "2", "4"])
def test_rubbish_does_not_disturb_the_reply(app: App, stage: str) -> None:
    engine = opened(app)
    events, result = told(engine, f"/garbage {stage} text")
    assert words(events, "text") == "text"
    assert result["finish_reason"] == "stop"
    assert engine.is_alive


def test_rubbish_while_loading(app: App, tmp_path: Path) -> None:
    script(app, tmp_path, load={"fault": "garbage"})
    assert words(told(opened(app), "text")[0], "text") == "text"


@pytest.mark.parametrize("stage", ["render", "prompt", "2"])
def test_it_runs_out_of_memory_and_goes_on(app: App, stage: str) -> None:
    engine = opened(app)
    with pytest.raises(EngineError, match="out of memory") as caught:
        told(engine, f"/ram {stage} text")
    assert not isinstance(caught.value, EngineCrashed)
    assert words(told(engine, "next")[0], "text") == "next"


@pytest.mark.parametrize("stage", ["render", "prompt", "2"])
def test_it_falls_silent(app: App, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SILENT_FOR_S", 2.5)
    with pytest.raises(EngineCrashed, match="no sign of life"):
        told(opened(app), f"/silence {stage} text")


@pytest.mark.parametrize("stage", ["prompt", "2", "4"])
def test_slowness_ends_when_it_is_told_to(app: App, stage: str) -> None:
    cancel, done = Cancel(), Answered()
    question = Question("echo/echo", ({"role": "user", "content": f"/slow {stage} text"},))
    waited = 0
    for event in answer(app.engines, question, cancel, done):
        waited += event is None
        if waited >= 3:
            cancel.set()
    assert done.finish_reason == "stopped"
    assert done.text == ("" if stage == "prompt" else "text"[: int(stage)])
    assert app.engines.loaded == ["echo/echo"], "it had to be killed"


def test_a_fuse_counts_the_faults(app: App, tmp_path: Path) -> None:
    fuse = tmp_path / "fuse"
    fuse.write_text("1", "ascii")
    script(app, tmp_path, {"text": "tea", "fault": "crash", "at": 1, "fuse": str(fuse)})
    with pytest.raises(EngineCrashed):
        ask(app, "x")
    assert fuse.read_text("ascii") == "0"
    assert ask(app, "x").text == "tea"


def test_every_fault_can_be_named_at_every_stage() -> None:
    for fault in FAULTS:
        assert reply_to(f"/{fault} prompt x", 0, "") == ScriptedReply("x", fault, "prompt")
        assert reply_to(f"/{fault} render x", 0, "") == ScriptedReply("x", fault, "render")
        assert reply_to(f"/{fault} 7 x", 0, "") == ScriptedReply("x", fault, 7)
        assert reply_to(f"/{fault} load x", 0, "") == ScriptedReply(f"/{fault} load x")


def test_a_script_may_fail_while_loading(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_text('{"load": {"fault": "hang"}, "replies": ["a"]}', "utf-8")
    assert read_load(str(file)) == ScriptedReply(fault="hang", at="load")
    assert read(str(file)) == [ScriptedReply("a")]
    assert read_load("") == ScriptedReply()


# --- reasoning ------------------------------------------------------------------------------------


def test_it_thinks_before_it_answers(app: App) -> None:
    events, result = told(opened(app), "/think Is it 茶?\nYes.\nIt is.")
    assert (words(events, "reasoning"), words(events, "text")) == ("Is it 茶?", "Yes.\nIt is.")
    kinds = [event["kind"] for event in events if event["event"] == "text"]
    assert kinds == sorted(kinds), "reasoning comes first"
    assert result["timings"]["reasoning_s"] > 0


def test_a_thought_alone_is_the_answer_too(app: App) -> None:
    events, _result = told(opened(app), "/think tea")
    assert (words(events, "reasoning"), words(events, "text")) == ("tea", "tea")


def test_reasoning_can_be_switched_off(app: App) -> None:
    engine = opened(app)
    assert engine.can_switch_reasoning
    for has_reasoning, thought in ((False, ""), (True, "hm"), (None, "hm")):
        events, _result = told(engine, "/think hm\nyes", has_reasoning=has_reasoning)
        assert (words(events, "reasoning"), words(events, "text")) == (thought, "yes")


def test_a_fault_in_the_middle_of_a_thought() -> None:
    assert reply_to("/crash 3 /think hmm\nyes", 0, "") == ScriptedReply("yes", "crash", 3, reasoning="hmm")


# --- the context ----------------------------------------------------------------------------------


def test_a_prompt_longer_than_the_context_is_refused(app: App) -> None:
    app.settings.set("engine.context", 256)
    engine = opened(app)
    with pytest.raises(ContextError, match="256"):
        told(engine, "x" * 300)
    assert words(told(engine, "x")[0], "text") == "x"


def test_a_reply_ends_with_the_context(app: App) -> None:
    app.settings.set("engine.context", 256)
    prompt = len("user: \n") + 200
    events, result = told(opened(app), "x" * 200)
    assert words(events, "text") == "x" * (256 - prompt)
    assert result["finish_reason"] == "length"


def test_several_prompts_rendered_and_an_earlier_one_sent(app: App) -> None:
    """The app renders candidates until one fits, and a look at what would be sent may come between."""
    engine = opened(app)
    first = engine.render([{"role": "user", "content": "first"}]).ids
    engine.render([{"role": "user", "content": "second"}])
    steps = engine.generate(first, sampling=Sampling(), max_tokens=9, stop=(), cancel=Cancel())
    assert "".join(event.get("text", "") for event in steps) == "first"


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
    assert backend.verbs <= set(VERBS)
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
