"""Which value is in force, and where it comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.parameters import parameters_of
from teahouse.chat.question import sampling_of
from teahouse.errors import SettingError
from teahouse.events import Notice
from teahouse.messages import Conversation
from teahouse_sampling.values import InForce, chosen_fields, in_force, presets_of

MODEL = "echo/echo"


@pytest.fixture
def chat(app: App) -> Conversation:
    return app.store.create_conversation(model=MODEL)


def own(chat: Conversation, **values: Any) -> Conversation:
    return replace(chat, settings={f"sampling.{name}": value for name, value in values.items()})


def found(app: App, chat: Conversation | None, key: str, model: str = MODEL) -> tuple[Any, str]:
    one = next(one for one in in_force(app, chat, model) if one.key == f"sampling.{key}")
    return one.value, one.source


def test_nothing_is_chosen_and_nothing_is_returned(app: App, chat: Conversation) -> None:
    values = in_force(app, chat, MODEL)
    assert {one.source for one in values} == {"default"}
    assert values[0] == InForce("sampling.preset", "", "default")
    assert {"chat.temperature", "chat.max_tokens", "sampling.stop"} <= {one.key for one in values}
    assert chosen_fields(values) == {}
    [(name, returned)] = app.plugins.call_each("choose_sampling", conversation=None, model="")
    assert (name, returned) == ("sampling", {})


def test_conversation_before_preset_before_model_before_app_before_default(
    app: App, chat: Conversation
) -> None:
    settings = app.settings
    assert found(app, chat, "top_k") == (40, "default")
    settings.set("sampling.top_k", 1)
    assert found(app, chat, "top_k") == (1, "app")
    settings.set("sampling.top_k", 2, model=MODEL)
    assert found(app, chat, "top_k") == (2, "model")
    assert found(app, chat, "top_k", "another") == (1, "app")
    presets_of(app).save("mine", {"sampling.top_k": 3})
    settings.set("sampling.preset", "mine")
    assert found(app, chat, "top_k") == (3, "preset")
    chosen = own(chat, top_k=4)
    assert found(app, chosen, "top_k") == (4, "conversation")
    assert sampling_of(app, chosen, MODEL).top_k == 4
    assert found(app, own(chat, top_k=-4), "top_k") == (3, "preset")  # damaged: passed over
    assert in_force(app, chosen.settings, MODEL) == in_force(app, chosen, MODEL)


def test_the_nearest_choice_of_a_preset_holds(app: App, chat: Conversation) -> None:
    for level, name in enumerate(("app", "model", "conversation")):
        presets_of(app).save(name, {"sampling.top_k": level})
    app.settings.set("sampling.preset", "app")
    assert found(app, chat, "preset") == ("app", "app")
    app.settings.set("sampling.preset", "model", model=MODEL)
    assert (found(app, chat, "preset"), found(app, chat, "top_k")) == (("model", "model"), (1, "preset"))
    chosen = own(chat, preset="conversation")
    assert found(app, chosen, "preset") == ("conversation", "conversation")
    assert found(app, own(chat, preset=""), "preset") == ("", "conversation")  # none, on purpose
    assert found(app, own(chat, preset=""), "top_k") == (40, "default")
    presets_of(app).remove("conversation")
    assert found(app, chosen, "preset") == ("model", "model")


def test_a_preset_sets_temperature_and_the_longest_reply_too(app: App, chat: Conversation) -> None:
    presets_of(app).save("short", {"chat.temperature": 0.1, "chat.max_tokens": 7, "sampling.stop": "x"})
    chosen = own(chat, preset="short")
    made = parameters_of(app, chosen, MODEL)
    assert (made.sampling.temperature, made.max_tokens, made.stop) == (0.1, 7, ("x",))
    warm = replace(chosen, settings={**chosen.settings, "chat.temperature": 0.9})
    assert parameters_of(app, warm, MODEL).sampling.temperature == 0.9


def test_a_removed_preset_that_the_app_had_chosen(app: App, chat: Conversation) -> None:
    presets_of(app).save("mine", {"sampling.top_k": 3})
    app.settings.set("sampling.preset", "mine")
    presets_of(app).remove("mine")
    assert found(app, chat, "top_k") == (40, "default")
    assert any("mine" in problem for problem in app.settings.problems)


def test_the_nearer_of_grammar_and_schema_holds(app: App, chat: Conversation) -> None:
    app.settings.set("sampling.grammar", 'root ::= "a"')
    chosen = own(chat, json_schema='{"type": "string"}')
    made = sampling_of(app, chosen, MODEL)
    assert (made.grammar, bool(made.json_schema)) == ("", True)
    assert sampling_of(app, chat, MODEL).grammar == 'root ::= "a"'
    off = own(chat, json_schema='{"type": "string"}', grammar="")
    assert sampling_of(app, off, MODEL).json_schema


def test_both_at_once_are_refused_and_no_fault_of_the_plugin(app: App, chat: Conversation) -> None:
    heard: list[object] = []
    app.events.listen(lambda event: heard.append(event) if isinstance(event, Notice) else None)
    both = own(chat, grammar='root ::= "a"', json_schema="{}", top_k=3)
    with pytest.raises(SettingError, match="JSON Schema") as caught:
        sampling_of(app, both, MODEL)
    assert caught.value.hint == "Empty one of them." and heard == []
    off = replace(both, settings={**both.settings, "sampling.off": "grammar"})
    assert sampling_of(app, off, MODEL).top_k == 3  # neither acts, so they can stand there both


@pytest.mark.parametrize("name", ["grammar", "json_schema"])
def test_a_blank_one_is_none(app: App, chat: Conversation, name: str) -> None:
    made = sampling_of(app, own(chat, **{name: " \n", "top_k": 3}), MODEL)
    assert (made.grammar, made.json_schema, made.top_k) == ("", "", 3)
    other = {"grammar": "json_schema", "json_schema": "grammar"}[name]
    text = {"grammar": 'root ::= "a"', "json_schema": "{}"}[other]
    app.settings.set(f"sampling.{other}", text)
    assert getattr(sampling_of(app, own(chat, **{name: "\n"}), MODEL), other) == text


@pytest.mark.parametrize("name", ["banned", "stop", "dry_breakers"])
def test_what_no_reply_can_be_made_with_is_refused_in_the_setting(
    app: App, chat: Conversation, name: str
) -> None:
    for text in ("long " * 400, "nul \0", '["\\ud800"]'):
        with pytest.raises(SettingError, match=name):
            app.settings.set(f"sampling.{name}", text)
        assert sampling_of(app, own(chat, **{name: text}, top_k=3), MODEL).top_k == 3


def test_deterministic_writes_the_same_again(app: App, chat: Conversation) -> None:
    made = sampling_of(app, own(chat, preset="deterministic"), MODEL)
    assert (made.temperature, made.seed, made.is_greedy) == (0.0, 0, True)
