"""Templates that want alternating roles or know no system role get what they take; nothing is left out.

The templates are written by hand from the published formats of these families.
"""

from __future__ import annotations

from typing import Any

import pytest

from teahouse.engine.roles import repairs
from teahouse.engine.template import ChatTemplate
from teahouse.errors import TemplateRefused

GEMMA = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "{{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else message['role']) + '\n'"
    " + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
CHATML = (
    "{% for message in messages %}"
    + "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}{% endfor %}"
    + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def chat(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"role": role, "content": content} for role, content in pairs]


def render(source: str, messages: list[dict[str, Any]]) -> tuple[str, str]:
    """(what was repaired, the text), as the engine's child does it."""
    template = ChatTemplate(source, bos="<bos>")
    for repair, candidate in repairs(messages):
        try:
            return repair, template.render(candidate)
        except TemplateRefused:
            continue
    raise AssertionError("every repair was refused")


def test_a_good_order_is_left_alone() -> None:
    messages = chat(("user", "a"), ("assistant", "b"), ("user", "c"))
    assert render(GEMMA, messages) == (
        "",
        "<bos><start_of_turn>user\na<end_of_turn>\n<start_of_turn>model\nb<end_of_turn>\n"
        "<start_of_turn>user\nc<end_of_turn>\n<start_of_turn>model\n",
    )


def test_a_template_that_takes_it_gets_it_unrepaired() -> None:
    messages = chat(("system", "s"), ("user", "a"), ("user", "b"))
    repair, text = render(CHATML, messages)
    assert repair == ""
    assert text.count("<|im_start|>user") == 2


@pytest.mark.parametrize(
    ("messages", "repair", "first"),
    [
        (chat(("user", "a"), ("user", "b")), "joined", "a\n\nb"),
        (chat(("system", "s"), ("user", "a")), "system", "s\n\na"),
        (chat(("system", "s"), ("user", "a"), ("user", "b")), "system, joined", "s\n\na\n\nb"),
    ],
)
def test_what_is_refused_is_repaired_and_nothing_left_out(
    messages: list[dict[str, Any]], repair: str, first: str
) -> None:
    done, text = render(GEMMA, messages)
    assert done == repair
    assert text.startswith(f"<bos><start_of_turn>user\n{first}<end_of_turn>\n")


def test_repairs_do_not_change_what_they_were_given() -> None:
    messages = chat(("system", "s"), ("user", "a"), ("user", "b"))
    before = [dict(message) for message in messages]
    assert [name for name, _messages in repairs(messages)] == ["", "joined", "system", "system, joined"]
    assert messages == before


def test_without_a_question_nothing_takes_the_system_prompt() -> None:
    messages = chat(("system", "s"), ("assistant", "a"))
    assert [name for name, _messages in repairs(messages)] == [""]


def test_a_system_prompt_goes_before_the_first_question_also_after_a_greeting() -> None:
    messages = chat(("system", "s"), ("assistant", "a"), ("user", "b"))
    assert dict(repairs(messages))["system"] == chat(("assistant", "a"), ("user", "s\n\nb"))


def test_calls_and_results_of_tools_are_never_joined() -> None:
    call = {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "f"}}]}
    messages = [*chat(("user", "a"), ("user", "b")), call, call, *chat(("tool", "1"), ("tool", "2"))]
    assert dict(repairs(messages))["joined"] == [*chat(("user", "a\n\nb")), *messages[2:]]


def test_a_joined_reply_forgets_the_tokens_of_its_parts() -> None:
    messages = chat(("user", "a"), ("assistant", "b"), ("assistant", "c"))
    messages[1]["ids"] = [1, 2]
    assert dict(repairs(messages))["joined"] == chat(("user", "a"), ("assistant", "b\n\nc"))
    assert messages[1]["ids"] == [1, 2]
