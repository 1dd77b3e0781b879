"""How a reply is made: the app's values, the conversation's, and what plugins choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from teahouse import hookimpl
from teahouse.app import App
from teahouse.chat.answer import with_biases
from teahouse.chat.parameters import Parameters, parameters_of
from teahouse.chat.question import TurnRequest, question_of, sampling_of
from teahouse.engine.sampling import LIMITS, Sampling
from teahouse.errors import SettingError
from teahouse.events import Notice
from teahouse.messages import Conversation
from tests.core.chat.test_turn import turn

Choose = Callable[[Conversation | None, str], Any]


class Chooser:
    """A plugin that chooses sampler values."""

    def __init__(self, choose: Choose) -> None:
        self._choose = choose

    @hookimpl
    def choose_sampling(self, conversation: Conversation | None, model: str) -> Any:
        return self._choose(conversation, model)


def add(app: App, name: str, values: Any) -> None:
    choose = values if callable(values) else lambda conversation, model: values
    app.plugins.register(name, Chooser(choose))


@pytest.fixture
def bare(app: App) -> App:
    """An app without the plugin `sampling`."""
    app.plugins.drop("sampling")
    return app


@pytest.fixture
def notices(bare: App) -> list[str]:
    heard: list[str] = []
    bare.events.listen(lambda event: heard.append(event.text) if isinstance(event, Notice) else None)
    return heard


def test_hook_choose_sampling(bare: App) -> None:
    seen: list[Any] = []

    def choose(conversation: Conversation | None, model: str) -> dict[str, Any]:
        seen.append((conversation, model))
        return {"top_k": 20, "max_tokens": 3, "stop": ["x"], "logit_bias": [[7, -1.0], [" tea", 2.0]]}

    add(bare, "chooser", choose)
    chat = bare.store.create_conversation(model="echo/echo")
    found = parameters_of(bare, chat, "echo/echo")
    assert seen == [(chat, "echo/echo")]
    assert (found.sampling.top_k, found.max_tokens, found.stop) == (20, 3, ("x",))
    assert (found.sampling.logit_bias, found.biases) == (((7, -1.0),), ((" tea", 2.0),))
    assert found.sampling.temperature == 0.7  # what nobody chooses is the app's
    turn(bare, chat.id, "Hello there")
    reply = bare.store.visible_path(chat.id)[-1]
    made = bare.store.generation(reply.id)
    assert made is not None and made.sampling["top_k"] == 20
    assert reply.text == "Hel"


def test_plugins_are_merged_in_their_order(bare: App) -> None:
    add(bare, "first", {"top_k": 10, "min_p": 0.2, "temperature": 0.1})
    add(bare, "second", {"top_k": 30, "stop": ("end",)})
    found = parameters_of(bare, None, "")
    assert (found.sampling.top_k, found.sampling.min_p, found.sampling.temperature) == (30, 0.2, 0.1)
    assert found.stop == ("end",)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"top_q": 3}, "top_q"),
        ({"top_k": -1}, "top_k"),
        ({"top_k": "many"}, "top_k"),
        ({"temperature": float("nan")}, "temperature"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"stop": "text"}, "stop"),
        ({"stop": [""]}, "stop"),
        ({"logit_bias": [[" tea", 1000]]}, "logit_bias"),
        ({"logit_bias": 3}, "logit_bias"),
        ({"order": ["nonsense"]}, "order"),
        ([3], "int"),
        ("top_k", "str"),
    ],
)
@pytest.mark.expected_log
def test_what_cannot_be_is_the_plugins_fault_and_skipped(
    bare: App, notices: list[str], values: Any, words: str
) -> None:
    add(bare, "bad", values)
    add(bare, "good", {"top_k": 7})
    found = parameters_of(bare, None, "")
    assert found.sampling == replace(Sampling(), top_k=7)
    [told] = notices
    assert "bad" in told and words in told and "choose_sampling" in told


@pytest.mark.expected_log
def test_one_that_raises_is_named_and_the_reply_is_still_made(bare: App, notices: list[str]) -> None:
    def fail(conversation: object, model: str) -> dict[str, Any]:
        raise RuntimeError("no tea")

    add(bare, "fails", fail)
    chat = bare.store.create_conversation(model="echo/echo").id
    assert turn(bare, chat, "Hello").error is None
    assert bare.store.visible_path(chat)[-1].text == "Hello"
    assert "fails" in notices[0] and "no tea" in notices[0]


def test_values_that_are_wrong_only_together_are_refused_and_nobodys_fault(
    bare: App, notices: list[str]
) -> None:
    add(bare, "one", {"grammar": 'root ::= "a"'})
    add(bare, "two", {"json_schema": "{}", "top_k": 3})
    with pytest.raises(SettingError, match="JSON Schema"):
        parameters_of(bare, None, "")
    chat = bare.store.create_conversation(model="echo/echo").id
    ended = turn(bare, chat, "Hello")
    assert isinstance(ended.error, SettingError)
    asked, reply = bare.store.visible_path(chat)
    assert (asked.text, reply.state, reply.text) == ("Hello", "failed", "")  # not one without its grammar
    assert notices == []


def test_the_nearest_value_is_in_force(bare: App) -> None:
    chat = bare.store.create_conversation(model="echo/echo")
    settings = bare.settings

    def now(conversation: Conversation = chat) -> float:
        return sampling_of(bare, conversation, "echo/echo").temperature

    assert now() == 0.7
    settings.set("chat.temperature", 0.5)
    assert now() == 0.5
    settings.set("chat.temperature", 0.9, model="echo/echo")
    assert now() == 0.9
    assert sampling_of(bare, chat, "another").temperature == 0.5
    assert now(replace(chat, settings={"chat.temperature": 1.5})) == 1.5
    assert now(replace(chat, settings={"chat.temperature": "hot"})) == 0.9  # damaged: passed over


def test_what_is_asked_for_one_reply_goes_before_all(bare: App) -> None:
    add(bare, "chooser", lambda conversation, model: {"top_k": conversation.settings.get("x", 1)})
    chat = replace(bare.store.create_conversation(model="echo/echo"), settings={"chat.max_tokens": 9})
    request = TurnRequest(chat.id, settings={"x": 5, "chat.temperature": 0.1}, seed=3)
    question = question_of(bare, chat, request, history=[])
    assert (question.sampling.top_k, question.sampling.temperature, question.sampling.seed) == (5, 0.1, 3)
    assert question.max_tokens == 9
    question = question_of(bare, chat, TurnRequest(chat.id, max_tokens=4), history=[])
    assert (question.max_tokens, question.sampling.seed) == (4, None)
    given = Sampling(temperature=0.2)
    request = TurnRequest(chat.id, sampling=given, settings={"x": 5})
    assert question_of(bare, chat, request, history=[]).sampling == given


def test_a_bias_for_a_text_is_one_for_each_of_its_tokens() -> None:
    class Letters:
        def tokenize(self, text: str) -> list[int]:
            return list(map(ord, text))

    given = Sampling(logit_bias=((ord("a"), 5.0),))
    found = with_biases(Letters(), given, [("ab", -2.0), ("b", 1.0)])  # type: ignore[arg-type]
    assert found.logit_bias == ((ord("a"), 5.0), (ord("b"), -2.0))
    assert with_biases(Letters(), found, [("ab", -2.0)]) == found  # type: ignore[arg-type]
    assert with_biases(Letters(), given, []) is given  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_every_number_has_its_range(name: str) -> None:
    least, greatest = LIMITS[name]
    for value in (least, greatest):
        kind = type(getattr(Sampling(seed=0), name))
        assert getattr(Parameters().with_values({name: kind(value)}).sampling, name) == value
    for value in (least - 1, greatest + 1):
        with pytest.raises(SettingError, match=name) as caught:
            Parameters().with_values({name: value})
        assert f"{least:g}"[:4] in caught.value.hint.replace(",", "")
