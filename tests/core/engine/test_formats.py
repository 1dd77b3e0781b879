"""Formats that a person can choose: each against its published form, written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from teahouse.engine.formats import find, names
from teahouse.engine.reasoning import opened_by
from teahouse.engine.roles import repairs
from teahouse.engine.splice import with_bos
from teahouse.engine.template import ChatTemplate, tokenize_chat
from teahouse.errors import TemplateError, TemplateRefused


def said(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"role": role, "content": content} for role, content in pairs]


TALK = said(("system", "Be brief."), ("user", "What is 2+2?"), ("assistant", "4"), ("user", "Thanks"))
EXPECTED = {
    "chatml": (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhat is 2+2?<|im_end|>\n"
        "<|im_start|>assistant\n4<|im_end|>\n<|im_start|>user\nThanks<|im_end|>\n<|im_start|>assistant\n"
    ),
    "llama2": (
        "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nWhat is 2+2? [/INST] 4 </s><s>[INST] Thanks [/INST]"
    ),
    "llama3": (
        "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nWhat is 2+2?<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n4<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nThanks<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    ),
    "mistral": "<s>[INST] Be brief.\n\nWhat is 2+2? [/INST] 4</s>[INST] Thanks [/INST]",
    "gemma": (
        "<s><start_of_turn>user\nBe brief.\n\nWhat is 2+2?<end_of_turn>\n"
        "<start_of_turn>model\n4<end_of_turn>\n"
        "<start_of_turn>user\nThanks<end_of_turn>\n<start_of_turn>model\n"
    ),
    "phi3": (
        "<|system|>\nBe brief.<|end|>\n<|user|>\nWhat is 2+2?<|end|>\n<|assistant|>\n4<|end|>\n"
        "<|user|>\nThanks<|end|>\n<|assistant|>\n"
    ),
    "deepseek": "<s>Be brief.<｜User｜>What is 2+2?<｜Assistant｜>4</s><｜User｜>Thanks<｜Assistant｜>",
    "vicuna": "<s>Be brief. USER: What is 2+2? ASSISTANT: 4</s>USER: Thanks ASSISTANT:",
    "alpaca": (
        "Be brief.\n\n### Instruction:\nWhat is 2+2?\n\n### Response:\n4\n\n"
        "### Instruction:\nThanks\n\n### Response:\n"
    ),
    "plain": "Be brief.\n\nUser: What is 2+2?\nAssistant: 4\nUser: Thanks\nAssistant:",
}


def template(name: str) -> ChatTemplate:
    return ChatTemplate(find(name).source, bos="<s>", eos="</s>")


def test_every_format_is_tested() -> None:
    assert sorted(names()) == sorted(EXPECTED)
    assert len(set(names())) == len(names())


@pytest.mark.parametrize("name", EXPECTED)
def test_a_conversation(name: str) -> None:
    assert template(name).render(TALK) == EXPECTED[name]
    assert opened_by(EXPECTED[name]) == ""


@pytest.mark.parametrize("name", EXPECTED)
def test_the_prompt_of_a_turn_begins_the_next_one(name: str) -> None:
    first = template(name).render(TALK[:2])
    assert EXPECTED[name].startswith(first)
    assert template(name).render(TALK[:3], is_open=False) in EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_stop_string_ends_the_reply_or_begins_the_next_turn(name: str) -> None:
    stop = find(name).stop
    after = EXPECTED[name].split("2+2?", 1)[1].split("4", 1)[1]
    assert any(text.strip() in after for text in stop)
    assert all(text.strip() for text in stop)


@pytest.mark.parametrize("name", EXPECTED)
def test_nothing_is_left_out_of_hard_conversations(name: str) -> None:
    for messages in (
        said(("user", "One"), ("user", "Two")),
        said(("system", "Zero"), ("user", "One"), ("user", "Two")),
        said(("system", "Zero"), ("system", "One"), ("user", "Two")),
        said(("user", "One"), ("assistant", "Two"), ("assistant", "Three"), ("user", "Four")),
        said(("user", "One"), ("system", "Two"), ("user", "Three")),
    ):
        text = sent(name, messages)
        assert all(message["content"] in text for message in messages)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_role_that_it_does_not_know_is_refused(name: str) -> None:
    with pytest.raises(TemplateRefused):
        sent(name, said(("user", "One"), ("assistant", "Two"), ("tool", "Three")))


@pytest.mark.parametrize("name", EXPECTED)
def test_exactly_one_bos(name: str) -> None:
    _text, ids = tokenize_chat(
        template(name), TALK, control={"<s>": -1, "</s>": -2}, tokenize=lambda text: [ord(c) for c in text]
    )
    begun = with_bos(ids, -1)
    assert begun[0] == -1
    assert begun[1] != -1


def sent(name: str, messages: list[dict[str, Any]]) -> str:
    """As the engine's child does it."""
    refusals = []
    for _repair, candidate in repairs(messages):
        try:
            return tokenize_chat(template(name), candidate, control={}, tokenize=lambda _text: [])[0]
        except TemplateRefused as error:
            refusals.append(error)
    raise refusals[0]


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(TemplateError, match="llama9") as caught:
        find("llama9")
    assert all(name in caught.value.hint for name in names())


def test_titles_are_for_people() -> None:
    titles = [find(name).title for name in names()]
    assert all(titles)
    assert len(set(titles)) == len(titles)
