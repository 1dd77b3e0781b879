"""Going on with a reply that ended too early."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from teahouse.app import App
from teahouse.chat.beginning import Beginning, begun_ids, can_go_on, own_ids
from teahouse.chat.ending import limit_of
from teahouse.chat.history import read_history
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.errors import ContextError, EngineCrashed, ModelError
from teahouse.jobs import Cancel
from teahouse.messages import Generation, TextDelta, TurnSaved
from tests.core.chat.test_turn import on_disk, stop_at, turn


@pytest.fixture
def chat(app: App) -> str:
    """A conversation with the echo model."""
    app.settings.set("echo.delay_ms", 1)
    return app.store.create_conversation(model="echo/echo").id


def last(app: App, chat: str) -> Any:
    return app.store.visible_path(chat)[-1]


def test_a_reply_that_was_cut_goes_on_as_another_version(app: App, chat: str) -> None:
    turn(app, chat, "Hello 茶馆 and more", max_tokens=8)
    cut = last(app, chat)
    assert cut.text == "Hello 茶馆"
    assert can_go_on(cut, app.store.generation(cut.id))
    heard: list[Any] = []
    ended = turn(app, chat, continues=cut.id, hear=lambda value, _job: heard.append(value))
    assert ended.error is None
    new = last(app, chat)
    assert (new.text, new.state) == ("Hello 茶馆 and more", "complete")
    assert ended.result.text == new.text
    assert "".join(e.text for e in heard if isinstance(e, TextDelta)) == " and more"
    assert app.store.siblings(new.id) == [cut.id, new.id]
    assert app.store.message(cut.id) == cut
    first, made = app.store.generation(cut.id), app.store.generation(new.id)
    assert first is not None and made is not None
    assert made.prompt_ids == first.prompt_ids + first.ids
    assert "".join(map(chr, own_ids(made))) == new.text
    assert not can_go_on(new, made)


def test_a_reply_goes_on_with_what_it_alone_was_told(app: App, chat: str) -> None:
    turn(app, chat, "Hello there", max_tokens=4, system_prompt="Be brief.")
    for _ in range(2):
        turn(app, chat, continues=last(app, chat).id, max_tokens=3)
    made = app.store.generation(last(app, chat).id)
    assert made is not None and made.engine["system_prompt"] == "Be brief."
    assert "".join(map(chr, made.prompt_ids)).startswith("system: Be brief.")


def test_a_reply_goes_on_twice_and_history_has_all_its_ids(app: App, chat: str) -> None:
    turn(app, chat, "abcdefghi", max_tokens=3)
    for _ in range(2):
        turn(app, chat, continues=last(app, chat).id, max_tokens=3)
    new = last(app, chat)
    assert new.text == "abcdefghi"
    assert len(app.store.siblings(new.id)) == 3
    entry = read_history(app.store, app.store.visible_path(chat))[-1]
    assert "".join(map(chr, entry.ids)) == "abcdefghi"


def test_reasoning_is_kept_and_goes_on(app: App, chat: str) -> None:
    turn(app, chat, "/think I wonder\nIt is tea", max_tokens=4)
    turn(app, chat, continues=last(app, chat).id, max_tokens=6)
    assert [(p.kind, p.data) for p in last(app, chat).parts] == [("reasoning", "I wonder"), ("text", "It")]
    turn(app, chat, continues=last(app, chat).id)
    assert [(p.kind, p.data) for p in last(app, chat).parts] == [
        ("reasoning", "I wonder"),
        ("text", "It is tea"),
    ]


def test_what_was_stopped_and_killed_goes_on_from_its_text(app: App, chat: str) -> None:
    question, reply = app.store.add_turn(chat, "one two three")
    app.store.append_text(reply.id, "one two")
    app.store.finish_message(reply.id, "partial")
    ended = turn(app, chat, continues=reply.id)
    assert ended.error is None
    assert last(app, chat).text == "one two three"
    assert question is not None
    assert last(app, chat).parent_id == question.id


def test_what_was_said_is_on_disk_before_anything_runs(app: App, chat: str) -> None:
    turn(app, chat, "Hello 茶馆 and more", max_tokens=8)
    seen: list[list[tuple[str, str, str]]] = []

    def look(value: Any, _job: object) -> None:
        if isinstance(value, TurnSaved):
            seen.append(on_disk(app))

    turn(app, chat, continues=last(app, chat).id, hear=look)
    assert seen[0][1:] == [("assistant", "complete", "Hello 茶馆"), ("assistant", "streaming", "Hello 茶馆")]


def test_a_whole_reply_does_not_go_on(app: App, chat: str) -> None:
    turn(app, chat, "hi")
    whole = last(app, chat)
    ended = turn(app, chat, continues=whole.id)
    assert isinstance(ended.error, ModelError)
    assert app.store.siblings(whole.id) == [whole.id]


def test_stopped_again_it_keeps_what_it_had(app: App, chat: str) -> None:
    turn(app, chat, "a long story about tea", max_tokens=6)
    cut = last(app, chat)
    turn(app, chat, continues=cut.id, hear=stop_at(TextDelta, 3))
    new = last(app, chat)
    assert new.state == "stopped"
    assert new.text.startswith(cut.text) and len(new.text) > len(cut.text)
    assert can_go_on(new, app.store.generation(new.id))


class Tokens:
    """As much of an engine as is asked here: tokens of one byte, negative ones are control tokens."""

    model_hash, context_length = "own", 200

    def tokenize(self, text: str, _cancel: object) -> list[int]:
        return list(text.encode())

    def pieces(self, ids: Any) -> list[tuple[bytes, bool]]:
        return [(b"<end>", True) if one < 0 else (bytes([one]), False) for one in ids]


def begin(**values: Any) -> list[int]:
    return begun_ids(
        cast(Engine, Tokens()), Beginning(**{"text": "x", "model_hash": "own"} | values), Cancel()
    )


@pytest.mark.parametrize(
    ("said", "kept"),
    [("茶", 3), ("a茶"[:2], 4), ("é", 2), ("😀", 4), ("a", 1)],
)
def test_a_character_that_was_cut_is_written_anew(said: str, kept: int) -> None:
    ids = tuple(said.encode())
    assert begin(ids=ids) == list(ids)[:kept]
    for more in range(1, len("😀".encode())):
        assert begin(ids=(*ids, *"😀".encode()[:more])) == list(ids)


def test_an_end_of_turn_is_taken_away() -> None:
    assert begin(ids=(97, 98, -1)) == [97, 98]


def test_another_model_goes_on_from_the_text_but_not_within_reasoning() -> None:
    assert begin(text="tea", ids=(1, 2), model_hash="other") == list(b"tea")
    with pytest.raises(ModelError):
        begin(text="tea", reasoning="hm", ids=(1, 2), model_hash="other")


def test_a_reply_that_fills_the_context_alone_is_refused() -> None:
    with pytest.raises(ContextError):
        begin(ids=(97,) * 190)


def test_a_crash_while_it_goes_on_keeps_everything(app: App, chat: str) -> None:
    turn(app, chat, "/kill 9 a long story about tea", max_tokens=6)
    cut = last(app, chat)
    assert cut.text == "a long"
    ended = turn(app, chat, continues=cut.id)
    assert isinstance(ended.error, EngineCrashed)
    new = last(app, chat)
    assert new.state == "partial"
    assert new.text.startswith("a long st")
    assert app.store.message(cut.id) == cut
    assert can_go_on(new, app.store.generation(new.id))


# --- the real model -------------------------------------------------------------------------------

GREEDY = Sampling(temperature=0.0)
COUNT = "Count from one to thirty in words, separated by commas."


@pytest.fixture
def real(home: Path, starter: Path) -> Iterator[App]:
    opened = App.open()
    opened.settings.set("engine.context", 512)
    opened.settings.set("models.default", str(starter))
    yield opened
    opened.close()


def made_for(app: App, chat: str) -> Generation:
    found = app.store.generation(last(app, chat).id)
    assert found is not None
    return found


@pytest.mark.gguf
def test_the_real_model_goes_on_exactly_where_it_ended(real: App) -> None:
    whole, cut = real.store.create_conversation().id, real.store.create_conversation().id
    turn(real, whole, COUNT, sampling=GREEDY, max_tokens=40)
    turn(real, cut, COUNT, sampling=GREEDY, max_tokens=15)
    first = made_for(real, cut)
    turn(real, cut, continues=last(real, cut).id, sampling=GREEDY, max_tokens=25)
    second = made_for(real, cut)
    assert last(real, cut).text == last(real, whole).text
    assert first.ids + second.ids == own_ids(second) == made_for(real, whole).ids
    assert second.prompt_ids == first.prompt_ids + first.ids
    assert second.usage.prompt_tokens - second.usage.cached_tokens == 1
    turn(real, cut, "Thank you.", sampling=GREEDY, max_tokens=4)
    third = made_for(real, cut)
    known = len(second.prompt_ids) + len(second.ids) - 1  # the last token of a reply is never computed
    assert third.usage.cached_tokens == known


@pytest.mark.gguf
def test_the_real_model_goes_on_after_another_conversation(real: App) -> None:
    cut, other = real.store.create_conversation().id, real.store.create_conversation().id
    turn(real, cut, COUNT, sampling=GREEDY, max_tokens=15)
    first = made_for(real, cut)
    turn(real, other, "What is tea? Answer with one sentence.", sampling=GREEDY, max_tokens=30)
    turn(real, cut, continues=last(real, cut).id, sampling=GREEDY, max_tokens=5)
    usage = made_for(real, cut).usage
    assert usage.prompt_tokens - usage.cached_tokens <= 2
    assert made_for(real, cut).prompt_ids == first.prompt_ids + first.ids


@pytest.mark.gguf
def test_a_full_context_makes_room_by_what_the_person_allows(real: App) -> None:
    chat = real.store.create_conversation().id
    turn(real, chat, "Remember: " + "green tea, " * 60, sampling=GREEDY, max_tokens=8)
    turn(real, chat, "Write a very long story about a tea house.", sampling=GREEDY, max_tokens=500)
    full = last(real, chat)
    assert limit_of(made_for(real, chat)) == "context"
    refused = turn(real, chat, continues=full.id, sampling=GREEDY, max_tokens=20, overflow="refuse")
    assert isinstance(refused.error, ContextError)
    assert last(real, chat).text == full.text
    ended = turn(real, chat, continues=full.id, sampling=GREEDY, max_tokens=20, overflow="drop")
    assert ended.error is None
    new = last(real, chat)
    assert new.text.startswith(full.text) and len(new.text) > len(full.text)
    assert any(part.kind == "context" for part in new.parts)
