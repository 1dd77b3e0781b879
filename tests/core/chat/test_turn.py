"""One turn: everything is on disk before it is shown."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.parameters import Parameters
from teahouse.chat.turn import ROOT, TurnRequest, take_turn, wanted_model
from teahouse.engine.sampling import Sampling
from teahouse.errors import EngineCrashed, ModelError, StoreError
from teahouse.events import Changed
from teahouse.jobs import Job, JobEnded, JobProgress
from teahouse.messages import Message, ModelLoading, Reply, TextDelta, TurnSaved
from tests.core.engine.backends import backend

Hear = Callable[[Any, Job], None]


def turn(
    app: App, conversation_id: str, text: str | None = None, *, hear: Hear | None = None, **more: Any
) -> JobEnded:
    """Run a turn to its end; `hear` gets each value it yields."""
    job = Job("turn", take_turn(app, TurnRequest(conversation_id, text, **more)))

    def publish(event: object) -> None:
        if hear is not None and isinstance(event, JobProgress):
            hear(event.value, job)

    return job.run(publish)


def stop_at(kind: type, count: int = 1) -> Hear:
    """Press stop at the n-th event of a kind."""
    seen: list[object] = []

    def hear(value: Any, job: Job) -> None:
        seen.append(value) if isinstance(value, kind) else None
        if len(seen) >= count:
            job.cancel.set()

    return hear


def path(app: App, conversation_id: str) -> list[tuple[str, str, str]]:
    return [(m.role, m.state, m.text) for m in app.store.visible_path(conversation_id)]


def on_disk(app: App) -> list[tuple[str, str, str]]:
    """(role, state, text) as another program reads them from the file."""
    connection = sqlite3.connect(f"file:{app.paths.database}?mode=ro", uri=True)
    try:
        return list(
            connection.execute(
                "SELECT m.role, m.state,"
                " coalesce((SELECT group_concat(data, '') FROM part"
                " WHERE message_id = m.id AND kind = 'text'), '')"
                " FROM message AS m ORDER BY m.number"
            )
        )
    finally:
        connection.close()


@pytest.fixture
def chat(app: App) -> str:
    """A conversation with the echo model."""
    return app.store.create_conversation(model="echo/echo").id


# --- a good turn ----------------------------------------------------------------------------------


def test_a_question_and_its_answer_are_kept(app: App, chat: str) -> None:
    ended = turn(app, chat, "Hello 茶馆")
    reply = ended.result
    assert isinstance(reply, Reply)
    assert (reply.text, reply.model, reply.finish_reason) == ("Hello 茶馆", "echo/echo", "stop")
    assert path(app, chat) == [("user", "complete", "Hello 茶馆"), ("assistant", "complete", "Hello 茶馆")]
    assert app.store.message(reply.message_id).text == reply.text


def test_the_question_is_on_disk_before_anything_runs(app: App) -> None:
    app.engines.add_backend(backend(slow={"load_s": 0.3}))
    conversation = app.store.create_conversation(model="fake/slow").id
    seen: list[list[tuple[str, str, str]]] = []

    def hear(value: Any, job: Job) -> None:
        if isinstance(value, TurnSaved | ModelLoading):
            seen.append(on_disk(app))
            assert not app.engines.loaded

    turn(app, conversation, "Is it kept?", hear=hear)
    assert len(seen) >= 2
    assert all(rows == [("user", "complete", "Is it kept?"), ("assistant", "streaming", "")] for rows in seen)


def test_the_question_is_on_disk_when_there_is_no_model_at_all(app: App) -> None:
    conversation = app.store.create_conversation(model="gone.gguf").id
    ended = turn(app, conversation, "Is it kept?")
    assert isinstance(ended.error, ModelError)
    assert on_disk(app)[0] == ("user", "complete", "Is it kept?")
    assert on_disk(app)[1][1] == "failed"
    [error] = [p for p in app.store.visible_path(conversation)[1].parts if p.kind == "error"]
    assert "gone.gguf" in error.data


def test_the_answer_is_on_disk_while_it_grows_at_least_every_second(app: App, chat: str) -> None:
    app.settings.set("echo.delay_ms", 25)
    behind: list[int] = []
    said = [""]
    told_at: list[float] = []

    def hear(value: Any, job: Job) -> None:
        if isinstance(value, TextDelta):
            said[0] += value.text
            told_at.append(time.monotonic())
            due = sum(1 for at in told_at if at <= time.monotonic() - 1.0)
            behind.append(due - len(on_disk(app)[1][2] or ""))

    turn(app, chat, "x" * 100, hear=hear)
    assert len(behind) == 100
    assert max(behind) <= 0
    assert on_disk(app)[1][2] == said[0]


def test_text_is_on_disk_also_while_the_engine_is_silent(app: App, chat: str) -> None:
    """Told three letters, then nothing for a while: they are on disk before the next one comes."""
    app.engines.add_backend(backend(slow={"text": "abcd", "delay_s": 0.8}))
    kept: list[str] = []

    def hear(value: Any, job: Job) -> None:
        if isinstance(value, TextDelta):
            kept.append(on_disk(app)[1][2])

    turn(app, app.store.create_conversation(model="fake/slow").id, "x", hear=hear)
    assert kept[-1] >= "abc"


def test_what_really_happened_is_stored(app: App, chat: str) -> None:
    reply = turn(app, chat, "Hello", sampling=Sampling(temperature=0.3, top_k=7, seed=5), max_tokens=4).result
    kept = app.store.generation(reply.message_id)
    assert kept is not None
    assert kept.prompt_ids == tuple(map(ord, "user: Hello\n"))
    assert kept.ids == tuple(map(ord, "Hell"))
    assert (kept.model, kept.seed, kept.finish_reason) == ("echo/echo", 5, "length")
    assert kept.sampling == Sampling(temperature=0.3, top_k=7, seed=5).as_json()
    assert list(kept.sampling)[:3] == ["repeat_penalty", "repeat_window", "top_k"]
    assert (kept.usage, kept.timings) == (reply.usage, reply.timings)
    assert kept.engine["use_extra_buffers"] is True
    assert kept.engine["context"] == 8192


def test_a_second_turn_sends_the_whole_conversation(app: App, chat: str) -> None:
    turn(app, chat, "one")
    reply = turn(app, chat, "two").result
    kept = app.store.generation(reply.message_id)
    assert kept is not None
    assert "".join(map(chr, kept.prompt_ids)) == "user: one\nassistant: one\nuser: two\n"
    assert reply.usage.cached_tokens >= len("user: one\n")


def test_everything_is_there_after_a_restart(app: App, chat: str) -> None:
    turn(app, chat, "one")
    reply = turn(app, chat, "two").result
    before = (path(app, chat), app.store.generation(reply.message_id))
    app.close()
    again = App.open()
    try:
        assert (path(again, chat), again.store.generation(reply.message_id)) == before
    finally:
        again.close()


def test_views_are_told_when_the_turn_begins_and_ends(app: App, chat: str) -> None:
    changes: list[Changed] = []
    app.events.listen(lambda event: changes.append(event) if isinstance(event, Changed) else None)
    turn(app, chat, "x")
    assert len(changes) >= 2
    assert {change.conversation_id for change in changes} == {chat}
    assert all("messages" in change.kinds for change in changes)


# --- which model, which words ---------------------------------------------------------------------


@pytest.mark.parametrize("place", ["conversation", "setting", "neither"])
def test_the_system_prompt(app: App, place: str) -> None:
    own = "Own." if place == "conversation" else ""
    if place != "neither":
        app.settings.set("chat.system_prompt", "Everyone's.")
    chat = app.store.create_conversation(model="echo/echo", system_prompt=own).id
    kept = app.store.generation(turn(app, chat, "x").result.message_id)
    assert kept is not None
    words = {"conversation": "system: Own.\n", "setting": "system: Everyone's.\n", "neither": ""}[place]
    assert "".join(map(chr, kept.prompt_ids)) == f"{words}user: x\n"


@pytest.mark.parametrize("own", ["Only this one.", ""])
def test_one_reply_has_a_system_prompt_of_its_own_and_keeps_it(app: App, own: str) -> None:
    chat = app.store.create_conversation(model="echo/echo", system_prompt="Usual.").id
    kept = app.store.generation(turn(app, chat, "x", system_prompt=own).result.message_id)
    assert kept is not None and kept.engine["system_prompt"] == own
    told = f"system: {own}\n" if own else ""
    assert "".join(map(chr, kept.prompt_ids)) == f"{told}user: x\n"
    usual = app.store.generation(turn(app, chat, "y").result.message_id)
    assert usual is not None and "system_prompt" not in usual.engine
    assert "".join(map(chr, usual.prompt_ids)).startswith("system: Usual.")


def test_the_temperature_of_the_conversation_wins(app: App, chat: str) -> None:
    app.settings.set("chat.temperature", 1.5)
    kept = app.store.generation(turn(app, chat, "x").result.message_id)
    assert kept is not None and kept.sampling["temperature"] == 1.5
    app.store.change_conversation(chat, settings={"chat.temperature": 0.0})
    kept = app.store.generation(turn(app, chat, "x").result.message_id)
    assert kept is not None and kept.sampling["temperature"] == 0.0


def test_the_longest_reply_is_a_setting_of_app_and_conversation(app: App, chat: str) -> None:
    app.settings.set("chat.max_tokens", 3)
    assert turn(app, chat, "abcdef").result.text == "abc"
    app.store.change_conversation(chat, settings={"chat.max_tokens": 2})
    assert turn(app, chat, "abcdef").result.text == "ab"
    assert turn(app, chat, "abcdef", max_tokens=5).result.text == "abcde"


def test_which_model_answers(app: App) -> None:
    empty = app.store.create_conversation()
    own = app.store.create_conversation(model="echo/fragile")
    assert wanted_model(app, empty) == "echo/echo"
    app.settings.set("models.default", "echo/fragile")
    assert wanted_model(app, empty) == "echo/fragile"
    assert wanted_model(app, own, "echo/echo") == "echo/echo"
    app.settings.set("models.default", "")
    assert wanted_model(app, own) == "echo/fragile"
    with pytest.raises(ModelError, match="nonesuch"):
        wanted_model(app, empty, "nonesuch")


def test_no_model_at_all_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEAHOUSE_DEV", raising=False)
    app = App.open()
    try:
        with pytest.raises(ModelError, match="starter"):
            wanted_model(app)
    finally:
        app.close()


# --- stopped --------------------------------------------------------------------------------------


def test_a_stopped_reply_keeps_its_text_and_its_record(app: App, chat: str) -> None:
    app.settings.set("echo.delay_ms", 20)
    ended = turn(app, chat, "x" * 500, hear=stop_at(TextDelta, 5))
    assert ended.is_cancelled
    assert ended.error is None
    [_user, reply] = app.store.visible_path(chat)
    assert reply.state == "stopped"
    assert 5 <= len(reply.text) < 200
    kept = app.store.generation(reply.id)
    assert kept is not None
    assert kept.finish_reason == "stopped"
    assert "".join(map(chr, kept.ids)) == reply.text
    assert [p.kind for p in reply.parts] == ["text"]
    assert turn(app, chat, "next").result.text == "next"


@pytest.mark.parametrize("kind", [TurnSaved, ModelLoading])
def test_stopped_before_the_first_word(app: App, kind: type) -> None:
    app.engines.add_backend(backend(slow={"load_s": 30}))
    chat = app.store.create_conversation(model="fake/slow").id
    begun = time.monotonic()
    ended = turn(app, chat, "x", hear=stop_at(kind))
    assert time.monotonic() - begun < 10
    assert ended.is_cancelled
    assert ended.error is None
    assert path(app, chat) == [("user", "complete", "x"), ("assistant", "stopped", "")]
    assert not app.engines.loaded


def test_a_hung_engine_that_is_stopped(app: App, chat: str) -> None:
    ended = turn(app, chat, "/hang 4 more text", hear=stop_at(TextDelta, 4))
    assert ended.error is None
    assert path(app, chat)[1] == ("assistant", "stopped", "more")
    assert turn(app, chat, "next").result.text == "next"


def test_a_turn_that_is_dropped_is_stopped(app: App, chat: str) -> None:
    """The generator is closed without its flag having been set."""
    from teahouse.jobs import Cancel

    for count in (1, 4):
        steps = take_turn(app, TurnRequest(chat, "hello"))(Cancel())
        for _number in range(count):
            next(steps)
        steps.close()
        assert path(app, chat)[-1][1] == "stopped"


# --- failed ---------------------------------------------------------------------------------------


def test_a_crash_keeps_the_beginning_and_a_retry_is_a_sibling(app: App, chat: str, tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text('[{"text": "hello world", "fault": "crash", "at": 5, "is_amx": true}]', "utf-8")
    app.settings.set("echo.script", str(script))
    ended = turn(app, chat, "Say hello.")
    assert isinstance(ended.error, EngineCrashed)
    question, half = app.store.visible_path(chat)
    assert (half.state, half.text) == ("partial", "hello")
    assert [p.kind for p in half.parts] == ["text", "error"]
    assert "SIGSEGV" in half.parts[1].data
    kept = app.store.generation(half.id)
    assert kept is not None
    assert (kept.finish_reason, kept.engine["use_extra_buffers"]) == ("error", True)

    reply = turn(app, chat, parent_id=question.id).result
    assert reply.text == "hello world"
    assert app.store.siblings(reply.message_id) == [half.id, reply.message_id]
    assert app.store.message(half.id).text == "hello"
    assert path(app, chat) == [("user", "complete", "Say hello."), ("assistant", "complete", "hello world")]
    kept = app.store.generation(reply.message_id)
    assert kept is not None and kept.engine["use_extra_buffers"] is False


def test_the_words_of_an_error_are_not_sent_to_the_model(app: App, chat: str) -> None:
    turn(app, chat, "/crash 5 hello world")
    reply = turn(app, chat, "next").result
    kept = app.store.generation(reply.message_id)
    assert kept is not None
    assert "".join(map(chr, kept.prompt_ids)) == "user: /crash 5 hello world\nassistant: hello\nuser: next\n"


def test_a_crash_while_loading_is_got_over(app: App) -> None:
    chat = app.store.create_conversation(model="echo/fragile").id
    assert turn(app, chat, "hello").result.text == "hello"


def test_a_refusal_marks_the_reply_as_failed_with_its_words(app: App) -> None:
    app.engines.add_backend(backend(picky={"render": "refuses"}))
    chat = app.store.create_conversation(model="fake/picky").id
    ended = turn(app, chat, "x")
    assert "does not take" in str(ended.error)
    reply = app.store.visible_path(chat)[1]
    assert reply.state == "failed"
    assert "does not take" in reply.parts[-1].data
    assert app.store.generation(reply.id) is None


@pytest.mark.expected_log
def test_a_bug_marks_the_reply_as_failed_too(app: App, chat: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any) -> Parameters:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("teahouse.chat.question.parameters_of", broken)
    ended = turn(app, chat, "x")
    assert isinstance(ended.error, ZeroDivisionError)
    reply = app.store.visible_path(chat)[1]
    assert reply.state == "failed"
    assert "a bug" in reply.parts[-1].data


def test_a_conversation_that_is_not_there(app: App) -> None:
    assert isinstance(turn(app, "nonesuch", "x").error, StoreError)


# --- versions -------------------------------------------------------------------------------------


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def test_answering_again_makes_a_sibling_and_leaves_the_old_one(app: App, chat: str) -> None:
    first = turn(app, chat, "one").result
    question = app.store.visible_path(chat)[0]
    second = turn(app, chat, parent_id=question.id).result
    assert app.store.siblings(second.message_id) == [first.message_id, second.message_id]
    assert [m.id for m in app.store.visible_path(chat)] == [question.id, second.message_id]
    app.store.show_version(first.message_id)
    assert [m.id for m in app.store.visible_path(chat)] == [question.id, first.message_id]


def test_answering_an_earlier_question_again_sends_only_what_came_before(app: App, chat: str) -> None:
    turn(app, chat, "one")
    question = app.store.visible_path(chat)[0]
    turn(app, chat, "two")
    reply = turn(app, chat, parent_id=question.id).result
    kept = app.store.generation(reply.message_id)
    assert kept is not None
    assert "".join(map(chr, kept.prompt_ids)) == "user: one\n"
    assert texts(app.store.visible_path(chat)) == ["one", "one"]


def test_an_edited_question_is_a_sibling_of_the_old_one(app: App, chat: str) -> None:
    first = turn(app, chat, "one").result
    turn(app, chat, "two")
    old = app.store.visible_path(chat)[2]
    reply = turn(app, chat, "two, better", parent_id=first.message_id).result
    assert texts(app.store.visible_path(chat)) == ["one", "one", "two, better", "two, better"]
    question = app.store.visible_path(chat)[2]
    assert app.store.siblings(question.id) == [old.id, question.id]
    assert reply.text == "two, better"


def test_the_very_first_question_can_be_edited(app: App, chat: str) -> None:
    turn(app, chat, "one")
    old = app.store.visible_path(chat)[0]
    reply = turn(app, chat, "one, better", parent_id=ROOT).result
    question = app.store.visible_path(chat)[0]
    assert question.parent_id is None
    assert texts(app.store.visible_path(chat)) == ["one, better", "one, better"]
    assert app.store.siblings(question.id) == [old.id, question.id]
    kept = app.store.generation(reply.message_id)
    assert kept is not None
    assert "".join(map(chr, kept.prompt_ids)) == "user: one, better\n"


def test_going_on_from_a_chosen_version(app: App, chat: str) -> None:
    turn(app, chat, "one")
    old_leaf = app.store.visible_path(chat)[-1]
    turn(app, chat, "other", parent_id=ROOT)
    app.store.show_version(app.store.visible_path(chat)[0].id)
    app.store.show_version(old_leaf.id)
    turn(app, chat, "two")
    assert texts(app.store.visible_path(chat)) == ["one", "one", "two", "two"]


def test_two_conversations_do_not_mix(app: App, chat: str) -> None:
    other = app.store.create_conversation(model="echo/echo").id
    turn(app, chat, "one")
    turn(app, other, "two")
    reply = turn(app, chat, "three").result
    kept = app.store.generation(reply.message_id)
    assert kept is not None
    assert "two" not in "".join(map(chr, kept.prompt_ids))


# --- names and files ------------------------------------------------------------------------------


def test_a_file_outside_the_models_folder_is_asked_by_its_path(app: App, tmp_path: Path) -> None:
    """Its stem is no name that leads to it; a model of the folder may even be called the same."""
    from teahouse.engine.probe import write_model

    app.paths.models.mkdir(parents=True)
    inside, outside = app.paths.models / "tea.gguf", tmp_path / "tea.gguf"
    for file in (inside, outside):
        with file.open("wb") as stream:
            write_model(stream)
    nothing = app.store.create_conversation()
    assert wanted_model(app, nothing, "tea") == "tea"
    for file in (inside, outside):
        assert app.models.find(wanted_model(app, nothing, str(file))).path == file


# --- reasoning and reproducible replies -----------------------------------------------------------


def kinds(message: Message) -> list[tuple[str, str]]:
    return [(part.kind, part.data) for part in message.parts]


def test_reasoning_is_kept_as_its_own_part_before_the_text(app: App, chat: str) -> None:
    heard: list[TextDelta] = []
    ended = turn(app, chat, "/think well …\nGreen.", hear=lambda v, _job: heard.append(v))
    deltas = [event for event in heard if isinstance(event, TextDelta)]
    for kind, text in (("reasoning", "well …"), ("text", "Green.")):
        assert "".join(event.text for event in deltas if event.kind == kind) == text
    assert ended.result.text == "Green."
    reply = app.store.message(ended.result.message_id)
    assert kinds(reply) == [("reasoning", "well …"), ("text", "Green.")]
    assert reply.text == "Green."
    kept = app.store.generation(reply.id)
    assert kept is not None
    assert "".join(map(chr, kept.ids)) == "well …Green."
    assert kept.timings.reasoning_s > 0


def test_a_reply_that_was_only_thinking_has_begun(app: App, chat: str) -> None:
    """What was thought is the person's: the engine is not started again behind it."""
    ended = turn(app, chat, "/crash 4 /think well, well\nGreen.")
    assert isinstance(ended.error, EngineCrashed)
    reply = app.store.visible_path(chat)[1]
    assert reply.state == "partial"
    assert kinds(reply)[0] == ("reasoning", "well")


def test_a_stop_while_it_thinks_keeps_the_thoughts(app: App, chat: str) -> None:
    app.settings.set("echo.delay_ms", 20)
    turn(app, chat, "/think " + "w" * 300, hear=stop_at(TextDelta, 5))
    [_question, reply] = app.store.visible_path(chat)
    assert (reply.state, reply.text, reply.parts[0].kind) == ("stopped", "", "reasoning")
    assert reply.parts[0].data.startswith("wwwww")
    again = turn(app, chat, "next").result
    kept = app.store.generation(again.message_id)
    assert kept is not None
    assert "assistant: \nuser: next\n" in "".join(map(chr, kept.prompt_ids))


@pytest.mark.parametrize(("value", "has_reasoning"), [("on", True), ("off", False), ("auto", None)])
def test_reasoning_is_switched_per_conversation(
    app: App, chat: str, value: str, has_reasoning: bool | None
) -> None:
    app.store.change_conversation(chat, settings={"chat.reasoning": value})
    reply = turn(app, chat, "/think well …\nGreen.").result
    kept = app.store.generation(reply.message_id)
    assert kept is not None
    assert kept.engine["has_reasoning"] is has_reasoning
    assert [p.kind for p in app.store.message(reply.message_id).parts] == (
        ["text"] if has_reasoning is False else ["reasoning", "text"]
    )


def test_a_template_without_a_switch_is_not_asked(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    from teahouse.engine.loaded import Engine

    asked: list[Any] = []
    render = Engine.render

    def spy(engine: Engine, *arguments: Any, **options: Any) -> Any:
        asked.append(options["has_reasoning"])
        return render(engine, *arguments, **options)

    monkeypatch.setattr(Engine, "render", spy)
    app.engines.add_backend(backend(plain={}))
    app.settings.set("chat.reasoning", "off")
    turn(app, app.store.create_conversation(model="fake/plain").id, "x")
    turn(app, app.store.create_conversation(model="echo/echo").id, "x")
    assert asked == [None, False]


def test_a_reproducible_reply_says_so_in_its_record(app: App, chat: str, monkeypatch: Any) -> None:
    from teahouse.engine.loaded import Engine

    asked: list[Any] = []
    generate = Engine.generate

    def spy(engine: Engine, ids: Any, **options: Any) -> Any:
        asked.append((options["is_reproducible"], options["conversation_id"]))
        return generate(engine, ids, **options)

    monkeypatch.setattr(Engine, "generate", spy)
    plain = turn(app, chat, "x").result
    app.store.change_conversation(chat, settings={"chat.reproducible": True})
    own = turn(app, chat, "x").result
    kept = [app.store.generation(reply.message_id) for reply in (plain, own)]
    assert [k.engine["is_reproducible"] for k in kept if k] == [False, True]
    assert asked == [(False, chat), (True, chat)]


def test_settings_of_a_conversation_that_are_damaged_are_passed_over(app: App, chat: str) -> None:
    damaged = {
        "chat.overflow": 7,
        "chat.reasoning": "perhaps",
        "chat.temperature": "hot",
        "chat.max_tokens": -1,
    }
    app.store.change_conversation(chat, settings=damaged)
    assert turn(app, chat, "x").result.text == "x"


def test_a_question_and_its_reply_are_stored_together(
    app: App, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure between the two leaves neither."""
    from teahouse.store import messages

    add = messages.add

    def broken(*arguments: Any, **options: Any) -> str:
        if options["role"] == "assistant":
            raise sqlite3.OperationalError("the disk is gone")
        return add(*arguments, **options)

    monkeypatch.setattr(messages, "add", broken)
    assert isinstance(turn(app, chat, "x").error, StoreError)
    assert on_disk(app) == []
