"""Beginning a reply again with another token."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from teahouse.app import App
from teahouse.chat.beginning import own_ids
from teahouse.chat.branch import Branch, depart, joined, read_branch
from teahouse.engine.loaded import Engine
from teahouse.engine.reasoning import ReasoningStream, Said
from teahouse.engine.sampling import Sampling
from teahouse.engine.text import TextStream
from teahouse.errors import AppError, ContextError, EngineCrashed, EngineError, ModelError
from teahouse.messages import ContextFitted, Generation, TextDelta, TurnSaved
from tests.core.chat.test_turn import on_disk, stop_at, turn

GREEDY = Sampling(temperature=0.0)


@pytest.fixture
def chat(app: App) -> str:
    """A conversation with the echo model, whose tokens are characters."""
    app.settings.set("echo.delay_ms", 1)
    return app.store.create_conversation(model="echo/echo").id


def last(app: App, chat: str) -> Any:
    return app.store.visible_path(chat)[-1]


def made_for(app: App, message_id: str) -> Generation:
    found = app.store.generation(message_id)
    assert found is not None
    return found


def spelled(ids: Sequence[int]) -> str:
    return "".join(map(chr, ids))


def test_a_reply_begins_with_what_was_kept_and_the_alternative(app: App, chat: str) -> None:
    turn(app, chat, "Hello 茶馆 and more")
    old = last(app, chat)
    heard: list[Any] = []
    branch = Branch(old.id, 6, (ord("!"),))
    ended = turn(app, chat, branch=branch, hear=lambda value, _job: heard.append(value))
    assert ended.error is None
    new = last(app, chat)
    assert (new.text, new.state) == ("Hello !馆 and more", "complete")
    assert ended.result.text == new.text
    assert "".join(e.text for e in heard if isinstance(e, TextDelta)) == new.text
    assert isinstance(heard[0], TurnSaved)
    assert app.store.siblings(new.id) == [old.id, new.id]
    assert app.store.message(old.id) == old


def test_what_is_stored_says_what_really_happened(app: App, chat: str) -> None:
    turn(app, chat, "Hello 茶馆 and more", system_prompt="Be brief.")
    old = last(app, chat)
    turn(app, chat, branch=Branch(old.id, 6, (ord("!"), ord("?"))))
    first, made = made_for(app, old.id), made_for(app, last(app, chat).id)
    assert made.prompt_ids == first.prompt_ids + first.ids[:6]
    assert made.engine["begun"] == 6
    assert made.engine["branch"] == {"message_id": old.id, "keep": 6, "token_ids": [ord("!"), ord("?")]}
    assert made.engine["picked"] == [6, 7]
    assert made.engine["system_prompt"] == "Be brief."
    assert spelled(own_ids(made)) == last(app, chat).text == "Hello !? and more"


def test_a_branch_of_a_branch_knows_all_that_was_chosen(app: App, chat: str) -> None:
    turn(app, chat, "abcdefghi")
    turn(app, chat, branch=Branch(last(app, chat).id, 2, (ord("X"),)))
    second = last(app, chat)
    turn(app, chat, branch=Branch(second.id, 5, (ord("Y"),)))
    assert last(app, chat).text == "abXdeYghi"
    made = made_for(app, last(app, chat).id)
    assert made.engine["picked"] == [2, 5]
    assert made.engine["branch"]["message_id"] == second.id
    assert made.prompt_ids[: -made.engine["begun"]] == made_for(app, second.id).prompt_ids[:-2]
    turn(app, chat, branch=Branch(second.id, 1))  # before the place of the first choice, and none anew
    assert made_for(app, last(app, chat).id).engine["picked"] == []


def test_a_branch_that_was_stopped_goes_on_and_stays_one(app: App, chat: str) -> None:
    turn(app, chat, "abcdefghi")
    turn(app, chat, branch=Branch(last(app, chat).id, 3, (ord("X"),)), max_tokens=2)
    cut = last(app, chat)
    assert cut.text == "abcXe"
    turn(app, chat, continues=cut.id)
    assert last(app, chat).text == "abcXefghi"
    engine = made_for(app, last(app, chat).id).engine
    assert (engine["begun"], engine["branch"]["keep"], engine["picked"]) == (5, 3, [3])


def test_stopped_at_once_it_keeps_what_was_kept(app: App, chat: str) -> None:
    turn(app, chat, "abcdefghi")
    ended = turn(app, chat, branch=Branch(last(app, chat).id, 3, (ord("X"),)), hear=stop_at(TextDelta))
    assert ended.is_cancelled
    new = last(app, chat)
    assert new.state == "stopped" and new.text.startswith("abc")
    assert on_disk(app)[-1][1:] == ("stopped", new.text)
    assert spelled(own_ids(made_for(app, new.id))).startswith("abc")


@pytest.mark.expected_log
def test_after_a_crash_the_kept_text_stands_there_once(app: App, chat: str) -> None:
    turn(app, chat, "abcdefghi")
    old = last(app, chat)
    engine = app.engines.get("echo/echo")
    assert engine is not None
    heard: list[Any] = []

    def kill(value: Any, _job: object) -> None:
        if isinstance(value, ContextFitted) and not heard:
            engine._worker.kill()
        if isinstance(value, TextDelta):
            heard.append(value.text)

    turn(app, chat, branch=Branch(old.id, 3, (ord("X"),)), hear=kill)
    new = last(app, chat)
    assert new.text == "".join(heard)
    assert heard[0] == "abc" and heard.count("abc") == 1
    assert app.store.message(old.id) == old


def test_the_conversations_own_values_hold_for_a_branch(app: App, chat: str) -> None:
    turn(app, chat, "abcdefghi")
    app.store.change_conversation(chat, settings={"chat.max_tokens": 4})
    turn(app, chat, branch=Branch(last(app, chat).id, 1))
    assert last(app, chat).text == "abcde"


# --- what cannot be -------------------------------------------------------------------------------


def refused(app: App, chat: str, branch: Branch) -> AppError:
    """The error of a branch, after which the conversation's text is as before."""
    before = [(m.id, m.text) for m in app.store.visible_path(chat)]
    error = turn(app, chat, branch=branch).error
    assert isinstance(error, AppError)
    texts = {m.id: m.text for m in (app.store.message(one) for one, _text in before)}
    assert texts == dict(before)
    return error


def test_a_message_whose_tokens_are_not_known(app: App, chat: str) -> None:
    turn(app, chat, "Hello")
    question, reply = app.store.visible_path(chat)
    assert "not known" in refused(app, chat, Branch(question.id, 1)).text
    written = app.store.add_message(chat, "assistant", "by hand", parent_id=question.id)
    error = refused(app, chat, Branch(written.id, 1))
    assert isinstance(error, ModelError) and "not known" in error.text
    app.store.add_part(reply.id, "text", "imported", is_trusted=False)
    assert "not known" in refused(app, chat, Branch(reply.id, 1)).text
    assert len(app.store.siblings(reply.id)) == 2  # no empty version was left behind


@pytest.mark.parametrize("keep", [-1, 6])
def test_more_than_it_has_cannot_be_kept(app: App, chat: str, keep: int) -> None:
    turn(app, chat, "Hello")
    error = refused(app, chat, Branch(last(app, chat).id, keep, (65,)))
    assert "5 tokens" in error.text and str(keep) in error.text


def test_another_model_cannot_begin_it_again(app: App, chat: str) -> None:
    turn(app, chat, "Hello")
    old = last(app, chat)
    point = read_branch(app.store, Branch(old.id, 2, (65,)))
    engine = app.engines.get("echo/echo")
    assert engine is not None
    other = replace(point, sent=replace(point.sent, model_hash="another"))
    with pytest.raises(ModelError, match=r"echo/echo.*only that very model"):
        depart(engine, other)


@pytest.mark.expected_log
def test_the_model_that_wrote_it_is_gone(app: App, chat: str) -> None:
    turn(app, chat, "Hello")
    old = last(app, chat)
    app.engines.unload("echo/echo")
    app.models.remove_backends(["echo"])
    error = refused(app, chat, Branch(old.id, 2, (65,)))
    assert isinstance(error, ModelError) and "echo/echo" in error.text
    assert last(app, chat).state == "failed"


def test_a_token_that_the_model_does_not_have(app: App, chat: str) -> None:
    turn(app, chat, "Hello")
    engine = app.engines.get("echo/echo")
    assert engine is not None
    engine.facts["vocabulary"] = 1000
    for token in (1000, -1):
        error = refused(
            app, chat, Branch(last(app, chat).id if token == 1000 else old_id(app, chat), 2, (token,))
        )
        assert isinstance(error, EngineError) and str(token) in error.text


def old_id(app: App, chat: str) -> str:
    return app.store.siblings(last(app, chat).id)[0]


def test_no_room_is_left(app: App, chat: str) -> None:
    turn(app, chat, "Hello")
    point = read_branch(app.store, Branch(last(app, chat).id, 5, (65,)))
    engine = app.engines.get("echo/echo")
    assert engine is not None
    needed = len(point.sent.prompt_ids) + 5 + 1 + 1
    engine.facts["context"] = needed
    assert depart(engine, point).begun == 5
    engine.facts["context"] = needed - 1
    with pytest.raises(ContextError, match=str(needed - 1)):
        depart(engine, point)


# --- characters and reasoning that are cut --------------------------------------------------------


class BytesEngine:
    """An engine whose tokens are given bytes; the last ones of `control` are control tokens."""

    model_hash, context_length = "own", 1000

    def __init__(self, tokens: Sequence[bytes], control: frozenset[bytes] = frozenset()) -> None:
        self.tokens, self.control = tokens, control
        self.model = SimpleNamespace(name="bytes")

    def pieces(self, ids: Sequence[int]) -> list[tuple[bytes, bool]]:
        return [(self.tokens[one], self.tokens[one] in self.control) for one in ids]


def told_by_child(engine: BytesEngine, begun: Sequence[int], then: Sequence[int], opened: str) -> Said:
    """What the model's process tells after it has taken in the begun ids: as `engine.writing` does."""
    reasoning, said, stream, told = ReasoningStream(opened), TextStream(), TextStream(), Said()

    def data(token: int) -> bytes:
        piece = engine.tokens[token]
        is_tag = piece in engine.control and piece in (b"<think>", b"</think>")
        return b"" if piece in engine.control and (not is_tag or reasoning.is_settled) else piece

    for token in begun:
        reasoning.feed(said.feed(data(token)))
    for token in then:
        told += reasoning.feed(stream.feed(data(token)))
    return told + reasoning.feed(stream.finish()) + reasoning.finish()


def whole(engine: BytesEngine, ids: Sequence[int], opened: str = "") -> Said:
    return joined(told_by_child(engine, [], ids, opened))


def split_bytes(text: str, size: int) -> list[bytes]:
    data = text.encode()
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("茶馆 😀 in the house", ""),
        ("<think>\nIs it 茶? I think\n</think>\n\nIt is 茶 😀.", ""),
        ("still 想 thinking\n</think>\n\nanswer", "</think>"),
        ("<think></think>no thought", ""),
        ("<thi is no tag", ""),
    ],
)
def test_what_is_kept_and_what_follows_make_what_one_reply_would(text: str, opened: str, size: int) -> None:
    tokens = split_bytes(text, size)
    engine = BytesEngine(tokens)
    ids = range(len(tokens))
    complete = whole(engine, ids, opened)
    for keep in range(len(tokens) + 1):
        begun, forced, said = departed(engine, ids[:keep], opened)
        data = b"".join(tokens[:begun])
        codecs.decode(data, "utf-8", "strict")  # it ends with a whole character
        assert len(forced) == keep - begun < 4
        rest = told_by_child(engine, ids[:begun], [*forced, *ids[keep:]], opened)
        assert joined([*said, *rest]) == complete


def departed(engine: BytesEngine, ids: Sequence[int], opened: str) -> tuple[int, Sequence[int], Said]:
    from teahouse.chat.branch import _tell

    begun, said = _tell(cast(Engine, engine), ids, opened)
    return begun, ids[begun:], said


def test_half_a_character_that_another_token_never_ends_shows_as_such() -> None:
    engine = BytesEngine([b"a", b"\xe8\x8c", b"\xb6", b"!"])
    begun, forced, said = departed(engine, [0, 1], "")
    assert (begun, list(forced), said) == (1, [1], [("text", "a")])
    assert joined([*said, *told_by_child(engine, [0], [1, 3], "")]) == [("text", "a\ufffd!")]
    assert joined([*said, *told_by_child(engine, [0], [1, 2], "")]) == [("text", "a茶")]


def test_control_tokens_are_no_text_but_tags_of_reasoning_count() -> None:
    tokens = [b"<think>", b"hm", b"</think>", b"yes", b"<|im_end|>", b"</think>"]
    engine = BytesEngine(tokens, frozenset((b"<think>", b"</think>", b"<|im_end|>")))
    assert departed(engine, range(6), "")[2] == [("reasoning", "hm"), ("text", "yes")]
    assert departed(engine, range(2), "")[2] == whole(engine, range(2))
    begun, _forced, said = departed(engine, range(3), "")
    assert joined([*said, *told_by_child(engine, range(begun), [3], "")]) == [
        ("reasoning", "hm"),
        ("text", "yes"),
    ]


# --- the real model -------------------------------------------------------------------------------


@pytest.fixture
def real(starter: Path, app: App) -> Iterator[App]:
    app.paths.models.mkdir(parents=True)
    (app.paths.models / starter.name).symlink_to(starter)
    app.settings.set("models.default", app.models.find(str(starter)).name)
    app.settings.set("engine.context", 1024)
    yield app


@pytest.mark.gguf
def test_the_real_model_goes_on_from_another_token(real: App) -> None:
    chat = real.store.create_conversation().id
    turn(real, chat, "What is the capital of France? One sentence.", sampling=GREEDY, max_tokens=30)
    old = last(real, chat)
    first = made_for(real, old.id)
    engine = real.engines.get(first.model)
    assert engine is not None
    [rome] = engine.tokenize(" Rome")
    place = [piece for piece, _is_control in engine.pieces(first.ids)].index(b" Paris")
    turn(real, chat, branch=Branch(old.id, place, (rome,)), sampling=GREEDY, max_tokens=20)
    new, made = last(real, chat), made_for(real, last(real, chat).id)
    before = b"".join(piece for piece, _is_control in engine.pieces(first.ids[:place])).decode()
    assert new.text.startswith(before + " Rome") and new.text != old.text
    assert made.prompt_ids == first.prompt_ids + first.ids[:place]
    assert made.ids[0] == rome
    assert own_ids(made)[: place + 1] == (*first.ids[:place], rome)
    assert made.usage.cached_tokens >= len(first.prompt_ids) + place - 1
    spoken = b"".join(p for p, is_control in engine.pieces(own_ids(made)) if not is_control)
    assert spoken.decode() == new.text


@pytest.mark.gguf
def test_the_real_model_with_a_character_that_is_cut(real: App) -> None:
    chat = real.store.create_conversation().id
    engine_name = real.settings.get("models.default")
    turn(real, chat, "Repeat exactly, nothing else: 茗荈", sampling=GREEDY, max_tokens=12)
    old = last(real, chat)
    first, engine = made_for(real, old.id), real.engines.get(engine_name)
    assert engine is not None
    pieces = [piece for piece, _is_control in engine.pieces(first.ids)]
    cut = next(at for at in range(1, len(pieces)) if is_cut(b"".join(pieces[:at])))
    [letter] = engine.tokenize("x")
    turn(real, chat, branch=Branch(old.id, cut, (letter,)), sampling=GREEDY, max_tokens=6)
    made, new = made_for(real, last(real, chat).id), last(real, chat)
    assert own_ids(made)[: cut + 1] == (*first.ids[:cut], letter)
    spoken = b"".join(p for p, is_control in engine.pieces(own_ids(made)) if not is_control)
    assert new.text == spoken.decode("utf-8", "replace") and "\ufffdx" in new.text


def is_cut(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return False


@pytest.mark.gguf
@pytest.mark.expected_log
def test_killed_while_it_writes_a_branch_is_partial(real: App) -> None:
    chat = real.store.create_conversation().id
    turn(real, chat, "Count from 1 to 50.", sampling=GREEDY, max_tokens=20)
    old = last(real, chat)
    heard: list[str] = []

    def kill(value: Any, _job: object) -> None:
        if isinstance(value, TextDelta):
            heard.append(value.text)
        if len(heard) == 5:
            engine = real.engines.get(made_for(real, old.id).model)
            assert engine is not None
            engine._worker.kill()

    ended = turn(real, chat, branch=Branch(old.id, 8), sampling=GREEDY, max_tokens=40, hear=kill)
    assert isinstance(ended.error, EngineCrashed)
    new = last(real, chat)
    assert (new.state, new.text) == ("partial", "".join(heard))
    assert new.text.startswith(old.text[:8])
    again = turn(real, chat, continues=new.id, sampling=GREEDY, max_tokens=5)
    assert again.error is None and last(real, chat).text.startswith(new.text)
