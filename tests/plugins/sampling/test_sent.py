"""What was really sent for a reply, and how likely the model found what it wrote."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.branch import Branch
from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.errors import AppError, ContextError, ModelError, StoreError
from teahouse.jobs import Cancel, Job, Work
from teahouse.messages import Message
from teahouse_sampling.scoring import (
    Judged,
    Loading,
    Scored,
    Scoring,
    explain_positions,
    score_reply,
    score_text,
)
from teahouse_sampling.sent import sent_of, spell_reply
from teahouse_sampling.spelling import Spelled, spell, text_of

GREEDY = Sampling(temperature=0.0)
FRANCE = "What is the capital of France? One sentence."


def done(work: Work) -> Any:
    """The result of work; raises its error."""
    ended = Job("work", work).run(lambda event: None)
    if ended.error is not None:
        raise ended.error
    return ended.result


def ask(app: App, chat: str, text: str | None = None, **more: Any) -> Message:
    """The reply to a turn."""
    done(take_turn(app, TurnRequest(chat, text, sampling=more.pop("sampling", GREEDY), **more)))
    return app.store.visible_path(chat)[-1]


def loaded(app: App) -> Engine:
    engine = app.engines.get(app.models.find(app.settings.get("models.default")).name)
    assert engine is not None
    return engine


# --- what is stored -------------------------------------------------------------------------------


def test_the_stored_numbers_of_a_reply(app: App) -> None:
    chat = app.store.create_conversation(model="echo/echo").id
    reply = ask(app, chat, "Hello 茶馆", sampling=Sampling(top_k=5, min_p=0.2, seed=7))
    sent = sent_of(app.store, reply.id)
    assert "".join(map(chr, sent.own_ids)) == "Hello 茶馆"
    assert "".join(map(chr, sent.prompt_ids)) == "user: Hello 茶馆\n"
    assert (sent.model, sent.seed, sent.branch, sent.picked) == ("echo/echo", 7, {}, ())
    assert sent.sampling == Sampling(top_k=5, min_p=0.2, seed=7)
    branch = ask(app, chat, branch=Branch(reply.id, 5, (ord("!"),)))
    there = sent_of(app.store, branch.id)
    assert "".join(map(chr, there.own_ids)) == "Hello!茶馆"
    assert there.prompt_ids == sent.prompt_ids
    assert (there.branch["keep"], there.picked) == (5, (5,))
    spelled = done(spell_reply(app, branch.id))
    assert text_of(spelled.own) == "Hello!茶馆"
    assert text_of(spelled.prompt) == "user: Hello 茶馆\n"


def test_a_message_without_numbers(app: App) -> None:
    chat = app.store.create_conversation(model="echo/echo").id
    ask(app, chat, "Hello")
    with pytest.raises(StoreError, match="not kept"):
        sent_of(app.store, app.store.visible_path(chat)[0].id)
    with pytest.raises(StoreError):
        sent_of(app.store, "nobody")


@pytest.mark.parametrize("token", [(b"tea", "tea", True), (b"\xe8\x8c", "\ufffd", False), (b"", "", True)])
def test_bytes_that_are_no_text_are_told_as_such(token: tuple[bytes, str, bool]) -> None:
    data, piece, is_text = token
    one = Spelled(5, data)
    assert (one.piece, one.is_text) == (piece, is_text)
    assert one.as_json() == {"id": 5, "piece": piece, **({} if is_text else {"bytes": data.hex()})}


# --- the real model -------------------------------------------------------------------------------


@pytest.mark.gguf
def test_an_old_reply_is_judged_by_its_stored_ids(real: App) -> None:
    chat = real.store.create_conversation().id
    reply = ask(real, chat, FRANCE, max_tokens=20)
    scored: Scored = done(score_reply(real, reply.id, top_n=5))
    made = real.store.generation(reply.id)
    assert made is not None and scored.sent is not None
    assert (scored.ids, scored.prompt) == (made.ids, made.prompt_ids)
    assert [one.rank for one in scored.tokens] == [0] * len(made.ids)  # it was greedy
    for one in scored.tokens:
        assert one.logprob is not None and one.entropy is not None and one.entropy >= 0
        assert one.top[0].token.id == one.token.id
        assert one.top[0].p == pytest.approx(math.exp(one.logprob), abs=2e-7)
        assert [a.p for a in one.top] == sorted((a.p for a in one.top), reverse=True)
    assert 1 <= scored.perplexity < 3
    spoken = b"".join(one.token.data for one in scored.tokens if not one.token.is_control).decode()
    assert spoken == reply.text
    assert scored.tokens[-1].token.data == b"<|im_end|>"


@pytest.mark.gguf
def test_its_numbers_are_those_of_the_model_while_it_writes(real: App) -> None:
    """The same tokens forced one by one: another way through llama.cpp than the batched pass."""
    chat = real.store.create_conversation().id
    reply = ask(real, chat, FRANCE, max_tokens=8)
    scored: Scored = done(score_reply(real, reply.id, top_n=5))
    steps = loaded(real).generate(
        scored.prompt, sampling=GREEDY, max_tokens=8, stop=(), cancel=Cancel(), forced_ids=scored.ids, step=5
    )
    told = [event for event in steps if event["event"] == "step"]
    assert [event["token"] for event in told] == list(scored.ids)
    for event, one in zip(told, scored.tokens, strict=True):
        live = dict(zip(event["stages"][0]["ids"], event["stages"][0]["probabilities"], strict=True))
        for a in one.top:
            assert live.get(a.token.id, a.p) == pytest.approx(a.p, abs=0.02)
        assert live[one.token.id] == pytest.approx(math.exp(one.logprob or 0), abs=0.02)


@pytest.mark.gguf
def test_a_branch_is_judged_with_the_token_that_was_chosen(real: App) -> None:
    chat = real.store.create_conversation().id
    old = ask(real, chat, FRANCE, max_tokens=20)
    first: Scored = done(score_reply(real, old.id, top_n=3))
    other = first.tokens[3].top[1].token
    reply = ask(real, chat, branch=Branch(old.id, 3, (other.id,)), max_tokens=10)
    scored: Scored = done(score_reply(real, reply.id, top_n=3))
    assert scored.prompt == first.prompt
    assert scored.ids[:4] == (*first.ids[:3], other.id)
    assert scored.tokens[3].rank == 1
    assert scored.tokens[3].logprob == pytest.approx(math.log(first.tokens[3].top[1].p), abs=0.02)
    assert scored.sent is not None and scored.sent.picked == (3,)


@pytest.mark.gguf
def test_a_pasted_text_and_what_comes_next(real: App) -> None:
    heard: list[Any] = []

    def listen() -> Generator[Any, None, Scored]:
        steps = score_text(real, "The capital of France is", top_n=4)(Cancel())
        while True:
            try:
                heard.append(next(steps))
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            yield

    scored: Scored = done(lambda cancel: listen())
    assert scored.tokens[0] == Judged(scored.tokens[0].token)
    assert [one.token.piece for one in scored.tokens] == ["The", " capital", " of", " France", " is"]
    assert scored.next[0].token.piece == " Paris" and scored.next[0].p > 0.5
    assert [step.done for step in heard if isinstance(step, Scoring)][-1] == 4
    assert all(step.text for step in heard if isinstance(step, Scoring | Loading))
    assert done(score_text(real, "x", top_n=3)).tokens[0].logprob is None
    assert len(done(score_text(real, "x", top_n=3)).next) == 3


@pytest.mark.gguf
def test_the_stages_at_some_positions(real: App) -> None:
    chat = real.store.create_conversation().id
    reply = ask(real, chat, FRANCE, max_tokens=20)
    scored: Scored = done(score_reply(real, reply.id, top_n=5))
    chain = Sampling(temperature=0.5, top_k=3)
    places = [4, 0, len(scored.tokens)]
    told = done(explain_positions(real, scored, places, sampling=chain, top_n=5))
    for place, stages in zip(places, told, strict=True):
        assert [stage["stage"] for stage in stages] == ["model", *chain.stages]
        if place < len(scored.tokens):
            assert stages[0]["ids"] == [a.token.id for a in scored.tokens[place].top]
            shares = [a.p for a in scored.tokens[place].top]
            assert stages[0]["probabilities"] == pytest.approx(shares, abs=0.02)
    text: Scored = done(score_text(real, "The capital of", top_n=5))
    nothing, some = done(explain_positions(real, text, [0, 1], sampling=chain))
    assert nothing == [] and some[0]["stage"] == "model"


@pytest.mark.gguf
def test_what_cannot_be_judged(real: App) -> None:
    with pytest.raises(AppError, match="no text"):
        done(score_text(real, ""))
    with pytest.raises(ContextError, match="512"):
        done(score_text(real, "tea " * 600))
    chat = real.store.create_conversation().id
    reply = ask(real, chat, FRANCE, max_tokens=5)
    loaded(real).model_hash = "another"
    try:
        with pytest.raises(ModelError, match="another file"):
            done(score_reply(real, reply.id))
    finally:
        real.engines.unload(loaded(real).model.name)
    assert done(score_reply(real, reply.id)).ids  # loaded anew, as after a restart
    assert len(spell(loaded(real), [])) == 0
