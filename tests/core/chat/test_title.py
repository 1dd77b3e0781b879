"""A title asked of the model: who gets one, who wins, what it leaves behind."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.title import give_title
from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.errors import EngineCrashed
from teahouse.jobs import Job, JobEnded, JobProgress
from teahouse.messages import Reply

Talk = Callable[[str], str]


@pytest.fixture
def script(app: App, tmp_path: Path) -> Callable[..., None]:
    """Lets echo tell these replies, one for each question."""

    def tell(*replies: Any) -> None:
        file = tmp_path / "script.json"
        file.write_text(json.dumps(replies))
        app.settings.set("echo.script", str(file))

    return tell


def ask(app: App, conversation_id: str, text: str, **more: Any) -> Reply:
    ended = Job("turn", take_turn(app, TurnRequest(conversation_id, text, **more))).run(lambda event: None)
    assert ended.error is None
    reply: Reply = ended.result
    return reply


def entitle(app: App, conversation_id: str, hear: Callable[[Job], None] | None = None) -> JobEnded:
    job = Job("title", give_title(app, conversation_id))

    def publish(event: object) -> None:
        if hear is not None and isinstance(event, JobProgress):
            hear(job)

    return job.run(publish)


def begun(app: App, text: str = "hello there") -> str:
    conversation_id = app.store.create_conversation(model="echo/echo").id
    ask(app, conversation_id, text)
    return conversation_id


def title(app: App, conversation_id: str) -> str:
    return app.store.conversation(conversation_id).title


def test_the_model_names_a_conversation(app: App, script: Callable[..., None]) -> None:
    script("a reply", "“Tea and *cake*.”\nfor you")
    made = begun(app)
    before = app.store.visible_path(made)
    heard: list[object] = []
    app.events.listen(heard.append)
    assert entitle(app, made).result == "Tea and cake"
    assert title(app, made) == "Tea and cake"
    assert app.store.visible_path(made) == before, "the request is no message"
    assert [hit.title for hit in app.store.search("cake")] == ["Tea and cake"]
    assert any(getattr(event, "kinds", ()) == {"conversations"} for event in heard)
    assert entitle(app, made).result == "", "once it has a title it keeps it"


def test_a_given_title_stays(app: App, script: Callable[..., None]) -> None:
    script("a reply", "Another")
    given = app.store.create_conversation(title="Mine", model="echo/echo").id
    ask(app, given, "hello")
    assert entitle(app, given).result == ""
    renamed = begun(app)
    app.store.change_conversation(renamed, title="Mine too")
    assert entitle(app, renamed).result == ""
    assert (title(app, given), title(app, renamed)) == ("Mine", "Mine too")


def test_a_title_given_meanwhile_wins(app: App, script: Callable[..., None]) -> None:
    script("a reply", "The model's")
    made = begun(app)
    ended = entitle(app, made, lambda _job: app.store.change_conversation(made, title="The person's"))
    assert (ended.error, ended.result) == (None, "")
    assert title(app, made) == "The person's"


def test_the_title_of_an_edited_first_message_is_still_a_derived_one(
    app: App, script: Callable[..., None]
) -> None:
    script("a reply", "Tea")
    made = begun(app, "first words")
    ask(app, made, "other words", parent_id="")
    assert entitle(app, made).result == "Tea"


@pytest.mark.parametrize("say", ["", "***", "<think>only thoughts</think>"])
def test_an_empty_title_changes_nothing(app: App, script: Callable[..., None], say: str) -> None:
    script("a reply", say)
    made = begun(app)
    assert entitle(app, made).result == ""
    assert title(app, made) == "hello there"


def test_a_model_that_repeats_the_request_gives_no_title(app: App) -> None:
    made = begun(app)
    assert entitle(app, made).result == ""
    assert title(app, made) == "hello there"


def test_reasoning_is_no_title(app: App, script: Callable[..., None]) -> None:
    script("a reply", {"reasoning": "Let me see.\nA name.\n", "text": "Tea"})
    app.settings.set("chat.reasoning", "on")
    assert entitle(app, begun(app)).result == "Tea"


def test_only_after_a_complete_reply_and_only_in_the_first_ones(
    app: App, script: Callable[..., None]
) -> None:
    script("one", "two", "three", "four", "Tea")
    empty = app.store.create_conversation(model="echo/echo").id
    assert entitle(app, empty).result == ""
    app.store.add_message(empty, "user", "hello")
    assert entitle(app, empty).result == ""
    asked = begun(app)
    for text in ("b", "c", "d"):
        ask(app, asked, text)
    assert entitle(app, asked).result == "", "too late: people know it by its first words"
    stopped = begun(app)
    app.store.add_turn(stopped, "more")
    assert entitle(app, stopped).result == "", "a reply is on its way"


def test_no_model_is_loaded_for_a_title(app: App) -> None:
    made = begun(app)
    app.engines.unload("echo/echo")
    assert entitle(app, made).result == ""
    assert app.engines.loaded == []


def test_a_cancelled_title_is_not_stored_and_ends_at_once(app: App, script: Callable[..., None]) -> None:
    script("a reply", {"text": "A long title", "fault": "slow", "at": 3})
    made = begun(app)
    job = Job("title", give_title(app, made))
    ended: list[JobEnded] = []
    thread = threading.Thread(target=lambda: ended.append(job.run(lambda event: None)))
    thread.start()
    time.sleep(0.5)
    pressed = time.monotonic()
    job.cancel.set()
    thread.join(10)
    assert time.monotonic() - pressed < 2.0
    assert ended[0].error is None and not ended[0].result
    assert title(app, made) == "hello there"
    assert app.engines.loaded == ["echo/echo"], "it heard the stop"
    assert ask(app, app.store.create_conversation().id, "again", model="echo/echo").text == "a reply"


def test_a_crash_is_told_to_nobody_and_starts_nothing(app: App, script: Callable[..., None]) -> None:
    script("a reply", {"text": "A title", "fault": "crash", "at": 3}, "third")
    made = begun(app)
    heard: list[object] = []
    app.events.listen(heard.append)
    ended = entitle(app, made)
    assert isinstance(ended.error, EngineCrashed)
    assert title(app, made) == "hello there"
    assert app.engines.loaded == []
    assert not [event for event in heard if type(event).__name__ == "Notice"]
    assert not [event for event in heard if getattr(event, "state", "") in ("crashed", "loading")]


# --- the real model ---------------------------------------------------------------------------------


def beginning(app: App, starter: Path, text: str) -> str:
    conversation_id = app.store.create_conversation(model=str(starter)).id
    ask(app, conversation_id, text, max_tokens=60)
    return conversation_id


@pytest.mark.gguf
@pytest.mark.parametrize("question", ["How do I brew oolong tea?", "怎样泡好一杯乌龙茶？"])
def test_the_starter_names_a_conversation_and_the_next_turn_reads_only_what_is_new(
    app: App, starter: Path, question: str
) -> None:
    app.settings.set("engine.context", 2048)
    named = beginning(app, starter, question)
    ask(app, named, "Go on.", max_tokens=8)
    assert entitle(app, named).result
    usage = ask(app, named, "And then?", max_tokens=4).usage
    assert title(app, named) != question and len(title(app, named)) <= 60
    # the question's own tokens with what the template writes around them, and the reply's end
    assert usage.prompt_tokens - usage.cached_tokens <= 16 < usage.cached_tokens
    assert any("\u4e00" <= c <= "\u9fff" for c in title(app, named)) == ("茶" in question)


@pytest.mark.gguf
def test_a_title_that_is_stopped_leaves_the_context_as_it_was(app: App, starter: Path) -> None:
    app.settings.set("engine.context", 2048)
    made = beginning(app, starter, "How do I brew oolong tea?")
    ended = entitle(app, made, lambda job: job.cancel.set())
    assert ended.is_cancelled and not ended.result
    usage = ask(app, made, "And then?", max_tokens=4).usage
    assert usage.prompt_tokens - usage.cached_tokens < 20
