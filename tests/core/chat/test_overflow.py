"""A conversation that outgrows the context: what is sent, stored and told, turn after turn."""

from __future__ import annotations

import json
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.summary import ASK, HEADING
from teahouse.chat.turn import ROOT, Preview, TurnRequest, preview, take_turn
from teahouse.engine.sampling import Sampling
from teahouse.errors import ContextError, EngineCrashed
from teahouse.jobs import Cancel
from teahouse.messages import ContextFitted, Generation, Message, PromptRead, Reply, Summarising
from teahouse.store import Store

NEEDLE = "The password of the tea house is oolong-4711."


@pytest.fixture
def chat(app: App) -> str:
    """A conversation with the echo model, whose context is small."""
    app.settings.set("engine.context", 512)
    app.settings.set("echo.delay_ms", 0)
    return app.store.create_conversation(model="echo/echo", system_prompt="Be brief.").id


def run(app: App, request: TurnRequest, work: Any = take_turn) -> tuple[Any, list[Any]]:
    """The result, and what was yielded on the way."""
    steps, events = work(app, request)(Cancel()), []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as done:
            return done.value, events


def say(app: App, chat: str, text: str, **more: Any) -> tuple[Reply, list[Any]]:
    return run(app, TurnRequest(chat, text, **more))


def generation(app: App, reply: Reply) -> Generation:
    found = app.store.generation(reply.message_id)
    assert found is not None
    return found


def prompt(app: App, reply: Reply) -> str:
    return "".join(map(chr, generation(app, reply).prompt_ids))


def part(message: Message, kind: str) -> str | None:
    return next((part.data for part in message.parts if part.kind == kind), None)


def fill(app: App, chat: str, count: int, **more: Any) -> Reply:
    """Turns with the needle in the first question."""
    reply, _events = say(app, chat, NEEDLE, **more)
    for number in range(count):
        reply, _events = say(app, chat, f"question {number} ".ljust(40, "x"), **more)
    return reply


# --- dropped --------------------------------------------------------------------------------------


def test_a_needle_that_is_cut_is_not_in_the_prompt_and_the_reply_says_so(app: App, chat: str) -> None:
    """Row 13: what the model saw is what is told."""
    reply = fill(app, chat, 8)
    assert NEEDLE not in prompt(app, reply)
    assert prompt(app, reply).startswith("system: Be brief.\n")
    path = app.store.visible_path(chat)
    told = json.loads(part(path[-1], "context") or "")
    assert set(told) == {"not_sent", "is_summarised", "repair", "prompt_tokens", "context"}
    assert told["not_sent"][0] == path[0].id
    assert (told["is_summarised"], told["context"]) == (False, 512)
    assert told["prompt_tokens"] == len(generation(app, reply).prompt_ids)
    sent = [m for m in path[:-1] if m.id not in told["not_sent"]]
    expected = "".join(f"{m.role}: {m.text}\n" for m in sent)
    assert prompt(app, reply) == "system: Be brief.\n" + expected
    assert [m.id for m in path[: len(told["not_sent"])]] == told["not_sent"]


def test_nothing_is_stored_of_it_when_everything_was_sent(app: App, chat: str) -> None:
    reply, events = say(app, chat, "hello")
    assert [p.kind for p in app.store.message(reply.message_id).parts] == ["text"]
    [fitted] = [event for event in events if isinstance(event, ContextFitted)]
    assert fitted == ContextFitted(reply.message_id, len(prompt(app, reply)), 512)


def test_it_is_told_before_anything_is_read(app: App, chat: str) -> None:
    fill(app, chat, 8)
    _reply, events = say(app, chat, "last")
    kinds = [type(event) for event in events]
    assert kinds.index(ContextFitted) < kinds.index(PromptRead)


def test_a_pinned_message_is_sent_for_ever(app: App, chat: str) -> None:
    say(app, chat, NEEDLE)
    first = app.store.visible_path(chat)[0]
    app.store.pin_message(first.id, True)
    reply = fill(app, chat, 10)
    assert f"user: {NEEDLE}\n" in prompt(app, reply)
    told = json.loads(part(app.store.message(reply.message_id), "context") or "")
    assert first.id not in told["not_sent"]


def test_refusing_computes_nothing_and_keeps_the_text(app: App, chat: str) -> None:
    app.store.change_conversation(chat, settings={"chat.overflow": "refuse"})
    with pytest.raises(ContextError) as caught:
        fill(app, chat, 20)
    path = app.store.visible_path(chat)
    assert (path[-2].role, path[-2].state) == ("user", "complete")
    assert path[-2].text.startswith("question")
    assert path[-1].state == "failed"
    assert "512" in (part(path[-1], "error") or "")
    assert app.store.generation(path[-1].id) is None
    assert caught.value.data["context"] == 512


def test_the_request_goes_before_the_conversation_and_that_before_the_app(app: App, chat: str) -> None:
    app.settings.set("chat.overflow", "refuse")
    with pytest.raises(ContextError):
        fill(app, chat, 20)
    say(app, chat, "go on", overflow="drop")
    app.store.change_conversation(chat, settings={"chat.overflow": "drop"})
    say(app, chat, "go on")


def test_a_question_longer_than_the_context_is_refused(app: App, chat: str) -> None:
    with pytest.raises(ContextError, match="512"):
        say(app, chat, "x" * 600)
    assert app.store.visible_path(chat)[0].text == "x" * 600


def test_over_a_hundred_turns_at_most_half_as_much_again_is_read(app: App) -> None:
    """Row 14. Ideal: every token of the conversation, of questions and replies, is read once."""
    app.settings.set("engine.context", 1024)
    app.settings.set("echo.delay_ms", 0)
    chat = app.store.create_conversation(model="echo/echo").id
    read = cuts = 0
    gone: tuple[str, ...] = ()
    for number in range(100):
        reply, events = say(app, chat, f"question {number} ".ljust(30 + number % 40, "x"))
        read += reply.usage.prompt_tokens - reply.usage.cached_tokens
        [fitted] = [event for event in events if isinstance(event, ContextFitted)]
        cuts += fitted.not_sent != gone
        gone = fitted.not_sent
    path = app.store.visible_path(chat)
    ideal = sum(len(f"{m.role}: {m.text}\n") for m in path[:-1])
    assert ideal > 8 * 1024, "the context never filled"
    assert cuts <= 4 * ideal / 1024, "it moved in steps of less than a quarter"
    assert read <= 1.5 * ideal, f"{read / ideal:.2f} times the ideal"
    assert len(gone) > 100


def test_an_answer_again_and_a_branch_see_the_same_cut(app: App, chat: str) -> None:
    reply = fill(app, chat, 12)
    question = app.store.message(reply.message_id).parent_id
    first = json.loads(part(app.store.message(reply.message_id), "context") or "")["not_sent"]
    again, _events = run(app, TurnRequest(chat, parent_id=question))
    assert json.loads(part(app.store.message(again.message_id), "context") or "")["not_sent"] == first
    assert prompt(app, again) == prompt(app, reply)


# --- summarised -----------------------------------------------------------------------------------


def summaries(app: App, chat: str) -> list[Message]:
    return [m for m in app.store.visible_path(chat) if part(m, "summary") is not None]


def test_a_summary_is_kept_with_the_last_message_that_it_covers(app: App, chat: str) -> None:
    app.settings.set("engine.context", 1024)
    app.store.change_conversation(chat, settings={"chat.overflow": "summarise"})
    reply = fill(app, chat, 9)
    told = json.loads(part(app.store.message(reply.message_id), "context") or "")
    assert told["is_summarised"] is True
    [covered] = summaries(app, chat)
    assert covered.id == told["not_sent"][-1]
    [kept] = [p for p in covered.parts if p.kind == "summary"]
    assert (kept.source, kept.is_trusted) == ("echo/echo", True)
    assert kept.data and ASK.startswith(kept.data[:40])  # the echo model repeats what it was asked
    assert prompt(app, reply).startswith(f"system: Be brief.\n\n{HEADING}\n{kept.data}\n")
    assert "summary" not in covered.text


def test_later_turns_use_the_summary_and_branches_too(app: App, chat: str) -> None:
    app.settings.set("engine.context", 1024)
    fill(app, chat, 8, overflow="summarise")
    [covered] = summaries(app, chat)
    _reply, events = say(app, chat, "one more", overflow="summarise")
    assert not any(isinstance(event, Summarising) for event in events)
    leaf = app.store.visible_path(chat)[-1]
    _reply, events = say(app, chat, "a branch", overflow="summarise", parent_id=leaf.parent_id)
    assert not any(isinstance(event, Summarising) for event in events)
    assert summaries(app, chat) == [covered]


def test_a_restart_finds_the_summary(app: App, chat: str, home: Any) -> None:
    app.settings.set("engine.context", 1024)
    fill(app, chat, 8, overflow="summarise")
    [covered] = summaries(app, chat)
    app.close()
    store = Store(app.paths.database)
    assert store.message(covered.id) == covered
    store.close()


def test_untrusted_text_marks_its_summary(app: App, chat: str) -> None:
    app.settings.set("engine.context", 1024)
    say(app, chat, NEEDLE)
    app.store.add_part(app.store.visible_path(chat)[0].id, "text", "from a web page", is_trusted=False)
    fill(app, chat, 8, overflow="summarise")
    [covered] = summaries(app, chat)
    assert [p.is_trusted for p in covered.parts if p.kind == "summary"] == [False]


def test_a_stop_while_summarising_ends_the_turn(app: App, chat: str) -> None:
    app.settings.set("engine.context", 1024)
    fill(app, chat, 6)
    app.settings.set("echo.delay_ms", 20)
    app.engines.unload("echo/echo")
    cancel, heard = Cancel(), []
    for event in take_turn(app, TurnRequest(chat, "y" * 200, overflow="summarise"))(cancel):
        heard.append(event)
        if isinstance(event, Summarising) and event.done > 600:
            cancel.set()
    assert cancel.is_set()
    reply = app.store.visible_path(chat)[-1]
    assert (reply.state, reply.text) == ("stopped", "")
    assert summaries(app, chat) == []


def test_a_summary_is_not_written_again_when_the_engine_dies_after_it(app: App, chat: str) -> None:
    app.settings.set("engine.context", 1024)
    fill(app, chat, 6)
    heard: list[Any] = []
    with pytest.raises(EngineCrashed):
        for event in take_turn(app, TurnRequest(chat, "/crash prompt ".ljust(200), overflow="summarise"))(
            Cancel()
        ):
            heard.append(event)
    fitted = [number for number, event in enumerate(heard) if isinstance(event, ContextFitted)]
    written = [number for number, event in enumerate(heard) if isinstance(event, Summarising)]
    assert len(fitted) > 1, "it was not started again"
    assert written
    assert max(written) < fitted[0]
    reply = app.store.visible_path(chat)[-1]
    assert [p.kind for p in reply.parts] == ["context", "error"]
    assert len(summaries(app, chat)) == 1


# --- a look before sending ------------------------------------------------------------------------


def test_a_preview_is_exactly_what_is_then_sent(app: App, chat: str) -> None:
    fill(app, chat, 9)
    before = app.store.visible_path(chat)
    request = TurnRequest(chat, "the draft 茶")
    seen, _events = run(app, request, preview)
    assert isinstance(seen, Preview)
    assert app.store.visible_path(chat) == before
    assert app.store.conversation(chat).leaf_id == before[-1].id
    reply, events = run(app, request)
    [fitted] = [event for event in events if isinstance(event, ContextFitted)]
    assert seen.text == prompt(app, reply)
    assert (seen.prompt_tokens, seen.context, seen.not_sent) == (
        fitted.prompt_tokens,
        fitted.context,
        fitted.not_sent,
    )
    assert (seen.model, seen.is_summarised, seen.repair) == ("echo/echo", False, "")
    assert seen.not_sent


def test_a_preview_of_an_edit_and_of_the_first_message(app: App, chat: str) -> None:
    say(app, chat, "one")
    say(app, chat, "two")
    seen, _events = run(app, TurnRequest(chat, "other", parent_id=ROOT), preview)
    assert seen.text == "system: Be brief.\nuser: other\n"
    second = app.store.visible_path(chat)[2]
    seen, _events = run(app, TurnRequest(chat, parent_id=second.id), preview)
    assert seen.text.endswith("user: two\n")


def test_a_preview_writes_no_summary(app: App, chat: str) -> None:
    fill(app, chat, 9)
    seen, events = run(app, TurnRequest(chat, "draft", overflow="summarise"), preview)
    assert not any(isinstance(event, Summarising) for event in events)
    assert summaries(app, chat) == []
    assert NEEDLE not in seen.text


def test_a_preview_of_what_does_not_fit_says_so(app: App, chat: str) -> None:
    with pytest.raises(ContextError):
        run(app, TurnRequest(chat, "x" * 600), preview)
    assert app.store.visible_path(chat) == []


# --- the real model -------------------------------------------------------------------------------


@pytest.mark.gguf
def test_the_starter_reads_little_again_and_forgets_what_was_cut(app: App, starter: Any) -> None:
    """Rows 13 and 14 in real tokens; replies are given back as the ids that were generated."""
    app.settings.set("engine.context", 256)
    chat = app.store.create_conversation(model=str(starter), system_prompt="Be brief.").id
    read, cuts, gone = 0, 0, ()
    greedy = Sampling(temperature=0.0, seed=1)
    first = ""
    for number in range(12):
        text = (
            NEEDLE
            if number == 0
            else f"Name one thing about tea number {number} and another about cups, in a few words."
        )
        reply, events = say(app, chat, text, sampling=greedy, max_tokens=8)
        [fitted] = [event for event in events if isinstance(event, ContextFitted)]
        assert fitted.prompt_tokens == reply.usage.prompt_tokens
        assert fitted.prompt_tokens + 8 <= fitted.context
        cuts += fitted.not_sent != gone
        gone = fitted.not_sent
        read += reply.usage.prompt_tokens - reply.usage.cached_tokens
        first = first or app.store.visible_path(chat)[0].id
    assert gone[0] == first
    seen, _events = run(app, TurnRequest(chat, "What is the password?"), preview)
    assert "oolong-4711" not in seen.text
    app.settings.set("engine.context", 2048)
    app.engines.unload(app.models.find(str(starter)).name)
    whole, _events = run(app, TurnRequest(chat), preview)
    assert whole.not_sent == ()
    assert 1 <= cuts <= 4 * whole.prompt_tokens / 256
    assert read <= 1.5 * whole.prompt_tokens, f"{read / whole.prompt_tokens:.2f} times the ideal"


@pytest.mark.gguf
def test_the_starter_summarises(app: App, starter: Any) -> None:
    app.settings.set("engine.context", 512)
    chat = app.store.create_conversation(model=str(starter)).id
    wanted: dict[str, Any] = {"sampling": Sampling(temperature=0.0, seed=1), "overflow": "summarise"}
    about = "My name is Lu Yu, I live in Jingling and I have written a book about tea. " * 2
    events: list[Any] = []
    while not (told := [event for event in events if isinstance(event, Summarising)]):
        reply, events = say(app, chat, about + "Say one word.", max_tokens=12, **wanted)
    assert told[0].done > 200, "what had been read already was read again"
    stored = json.loads(part(app.store.message(reply.message_id), "context") or "")
    assert stored["is_summarised"] is True
    kept = [part(m, "summary") for m in summaries(app, chat)]
    assert kept
    assert all(0 < len(text or "") < 64 * 8 for text in kept)
    assert any("Lu Yu" in (text or "") for text in kept), kept
