"""Which tokens of a conversation a model is to learn: exactly those that it would have written.

`⟦` and `⟧` stand around what is learned; the templates and their vocabularies are those of test_goldens.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from teahouse.engine.learned import Words, lessons, plain_lessons
from teahouse.engine.splice import with_bos
from teahouse.engine.template import ChatTemplate, tokenize_chat
from teahouse.errors import TemplateError, TemplateRefused
from tests.core.engine.test_goldens import FAMILIES, SYSTEM, THANKS, control, family, said, template

ENDS = {
    *("</s>", "<|im_end|>", "<end_of_turn>", "<|eot_id|>", "<|end|>", "<|end_of_text|>", "<turn|>"),
    *("<|END_OF_TURN_TOKEN|>", "<｜end▁of▁sentence｜>", "<|end_of_turn|>", "<seed:eos>", "<|endoftext|>"),
}
"""Tokens by which these families end a turn, as llama.cpp takes them."""
SUM = said("user", "2+2?")
TALK = [SYSTEM, SUM, said("assistant", "4"), THANKS, said("assistant", "Bye 茶")]
THOUGHT = [SUM, said("assistant", "<think>\nEasy.\n</think>\n\n4"), THANKS, said("assistant", "Bye")]

EXPECTED: dict[str, list[str]] = {
    "chatml": [
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n"
        "⟦4<|im_end|>⟧\n<|im_start|>user\nThanks<|im_end|>\n<|im_start|>assistant\n⟦Bye 茶<|im_end|>⟧\n"
    ],
    "llama2": [
        "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\n2+2? [/INST]⟦ 4 </s>⟧"
        "<s>[INST] Thanks [/INST]⟦ Bye 茶 </s>⟧"
    ],
    "llama3": [
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\n2+2?<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n⟦4<|eot_id|>⟧"
        "<|start_header_id|>user<|end_header_id|>\n\nThanks<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n⟦Bye 茶<|eot_id|>⟧"
    ],
    "mistral-v3": ["<s>[INST] Be brief.\n\n2+2?[/INST]⟦ 4</s>⟧[INST] Thanks[/INST]⟦ Bye 茶</s>⟧"],
    "gemma3": [
        "<bos><start_of_turn>user\nBe brief.\n\n2+2?<end_of_turn>\n<start_of_turn>model\n⟦4<end_of_turn>⟧\n"
        "<start_of_turn>user\nThanks<end_of_turn>\n<start_of_turn>model\n⟦Bye 茶<end_of_turn>⟧\n"
    ],
    "phi4-mini": [  # its last turn ends otherwise than the others, so each reply stands for itself
        "<|system|>Be brief.<|end|><|user|>2+2?<|end|><|assistant|>⟦4<|end|>⟧<|endoftext|>",
        "<|system|>Be brief.<|end|><|user|>2+2?<|end|><|assistant|>4<|end|><|user|>Thanks<|end|><|assistant|>"
        "⟦Bye 茶<|end|>⟧<|endoftext|>",
    ],
    "glm4": [  # a turn ends with the first token of the next
        "[gMASK]<sop><|system|>\nBe brief.<|user|>\n2+2?<|assistant|>\n⟦4<|user|>⟧\nThanks<|assistant|>\n"
        "⟦Bye 茶<|endoftext|>⟧"
    ],
    "qwen3": [  # only the last reply shows that nothing was thought
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n"
        "⟦<think>\n\n</think>\n\n4<|im_end|>⟧\n",
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n"
        "4<|im_end|>\n<|im_start|>user\nThanks<|im_end|>\n<|im_start|>assistant\n"
        "⟦<think>\n\n</think>\n\nBye 茶<|im_end|>⟧\n",
    ],
    "qwq": [  # the prompt opens the reasoning
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n"
        "<think>\n⟦\n</think>\n\n4<|im_end|>⟧\n",
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n"
        "4<|im_end|>\n<|im_start|>user\nThanks<|im_end|>\n<|im_start|>assistant\n"
        "<think>\n⟦\n</think>\n\nBye 茶<|im_end|>⟧\n",
    ],
    "gemma4": [  # the prompt opens and ends one, which is not in the turns before
        "<bos><|turn>system\nBe brief.<turn|>\n<|turn>user\n2+2?<turn|>\n<|turn>model\n"
        "<|channel>thought\n<channel|>⟦4<turn|>⟧\n",
        "<bos><|turn>system\nBe brief.<turn|>\n<|turn>user\n2+2?<turn|>\n<|turn>model\n4<turn|>\n"
        "<|turn>user\nThanks<turn|>\n<|turn>model\n<|channel>thought\n<channel|>⟦Bye 茶<turn|>⟧\n",
    ],
    "alpaca": [  # no token ends a turn, so one is added at the end
        "Be brief.\n\n### Instruction:\n2+2?\n\n### Response:\n⟦4\n\n⟧### Instruction:\nThanks\n\n"
        "### Response:\n⟦Bye 茶\n\n</s>⟧"
    ],
}


def words(name: str) -> Words:
    own = control(name)
    ends = {own[text] for text in ENDS | ({"<|user|>"} if name == "glm4" else set()) if text in own}
    return Words(own, characters, spelled, ends.__contains__, eos=own.get(family(name).get("eos", "")))


def characters(text: str) -> list[int]:
    """A tokenizer that knows characters only."""
    return [ord(character) for character in text]


def spelled(token: int) -> bytes:
    return b"" if token < 0 else chr(token).encode()


def shown(name: str, ids: list[int], learned: list[int]) -> str:
    """The text of an example with marks around what is learned."""
    assert len(ids) == len(learned)
    texts = {number: text for text, number in control(name).items()}
    made, is_on = "", False
    for token, flag in zip(ids, learned, strict=True):
        made += "" if bool(flag) == is_on else "⟦" if flag else "⟧"
        is_on = bool(flag)
        made += texts[token] if token in texts else chr(token)
    return made + ("⟧" if is_on else "")


def made(name: str, messages: list[dict[str, Any]], **options: Any) -> list[str]:
    return [shown(name, *lesson) for lesson in lessons(template(name), messages, words(name), **options)]


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_learned(name: str) -> None:
    assert made(name, TALK) == EXPECTED[name]


@pytest.mark.parametrize("name", FAMILIES)
def test_each_reply_follows_exactly_the_prompt_that_the_chat_would_send(name: str) -> None:
    """In every family: what is read before the learned tokens is a prompt, and they hold the reply."""
    try:
        found = lessons(template(name), TALK[1:], words(name))
    except TemplateRefused:
        pytest.fail(f"{name} refuses an ordinary conversation")
    asked, answers = [TALK[1:2], TALK[1:4]], ["4", "Bye 茶"]
    if len(found) == 1:  # both replies in one
        found = [found[0], found[0]]
    for number, (ids, learned) in enumerate(found):
        prompt = tokenize_chat(
            template(name), asked[number], control=control(name), tokenize=characters, piece=spelled
        )[1]
        starts = [n for n, flag in enumerate(learned) if flag and not (n and learned[n - 1])]
        start = starts[min(number, len(starts) - 1)]
        if number and len(starts) == 1 and found[0] is found[1]:
            pytest.fail(f"{name}: two replies and one learned part")
        assert ids[:start] == prompt
        end = next((n for n in range(start, len(learned)) if not learned[n]), len(learned))
        assert answers[number] in shown(name, ids[start:end], [0] * (end - start))


@pytest.mark.parametrize("name", ["qwen3", "qwq", "deepseek-r1", "seed-oss"])
def test_reasoning_is_learned_where_it_was_said_and_read_as_the_chat_shows_it(name: str) -> None:
    found = made(name, THOUGHT)
    first = next(text for text in found if "Easy." in text)
    learned = first.partition("⟦")[2].partition("⟧")[0]
    assert "Easy." in learned
    assert "4" in learned
    last = found[-1]
    if len(found) == 2:  # the template takes it out of earlier turns
        assert "Easy." not in last
    assert "Bye" in last.rpartition("⟦")[2]


def test_reasoning_that_a_template_would_leave_out_is_refused_in_words() -> None:
    apart = [SUM, said("assistant", "4", reasoning_content="Easy.")]
    with pytest.raises(TemplateRefused, match="which tokens are the model's"):
        made("llama3", apart)


def test_a_template_that_rewrites_a_reply_is_refused() -> None:
    shouting = ChatTemplate(
        "{% for m in messages %}{{ m.role ~ ':' ~ m.content | upper ~ '\\n' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}"
    )
    talk = [said("user", "hello"), said("assistant", "good day")]
    with pytest.raises(TemplateRefused, match="which tokens are the model's"):
        lessons(shouting, talk, Words({}, characters, spelled, lambda _token: False))


def test_a_template_that_drops_a_question_is_refused() -> None:
    last_only = ChatTemplate("{% for m in messages[-2:] %}{{ m.content ~ '\\n' }}{% endfor %}")
    with pytest.raises(TemplateRefused, match="leaves out a message"):
        lessons(last_only, TALK[1:], Words({}, characters, spelled, lambda _token: False))


def test_control_tokens_in_what_people_and_replies_say_stay_text() -> None:
    talk = [said("user", "Say <|im_end|>"), said("assistant", "<|im_end|> it is.")]
    [(ids, learned)] = lessons(template("chatml"), talk, words("chatml"))
    ends = [n for n, token in enumerate(ids) if token == control("chatml")["<|im_end|>"]]
    assert len(ends) == 2  # one for each turn
    assert learned[ends[1]] == 1
    assert shown("chatml", ids, learned).endswith("⟦<|im_end|> it is.<|im_end|>⟧\n")


def test_what_comes_before_the_first_question_and_after_the_last_reply_is_not_learned() -> None:
    talk = [said("assistant", "Welcome!"), SUM, said("assistant", "4"), THANKS]
    [text] = made("chatml", talk)
    assert text.count("⟦") == 1
    assert "Welcome!<|im_end|>" in text.partition("⟦")[0]
    assert "Thanks" not in text


@pytest.mark.parametrize("talk", [[], [SUM], [said("assistant", "Hi")], [SUM, said("assistant", "  ")]])
def test_a_conversation_without_a_reply_is_an_error_in_words(talk: list[dict[str, Any]]) -> None:
    with pytest.raises(TemplateError, match="no reply to a question"):
        made("chatml", talk)


def test_a_bos_that_the_vocabulary_wants_is_read_once() -> None:
    for name in ("chatml", "llama3"):
        own = words(name)
        bos = control(name).get("<|begin_of_text|>", -99)
        with_one = Words(own.control, characters, spelled, own.is_end, bos=bos)
        [(ids, learned)] = lessons(template(name), TALK, with_one)
        assert ids == with_bos(ids, bos)
        assert (ids.count(bos), learned[0]) == (1, 0)
        plain = lessons(template(name), TALK, own)[0]
        assert sum(learned) == sum(plain[1])


# --- plain text -------------------------------------------------------------------------------------


def test_plain_text_is_learned_token_by_token_and_each_once() -> None:
    own = Words({}, characters, spelled, lambda _token: False, bos=-1, eos=-2)
    text = "Ten little teapots"
    pieces = plain_lessons(text, own, length=8)
    assert all(len(ids) == len(learned) <= 8 for ids, learned in pieces)
    assert all(ids[0] == -1 and learned[0] == 0 for ids, learned in pieces)
    taught = [token for ids, learned in pieces for token, flag in zip(ids, learned, strict=True) if flag]
    assert taught == [*characters(text), -2]
    assert pieces[1][0][1] == taught[5]  # read again as what the next one follows
    assert plain_lessons("", own, length=8) == []


def test_a_text_ends_with_the_token_of_texts_and_not_of_turns() -> None:
    own = Words({"<|endoftext|>": -3, "<|im_end|>": -2}, characters, spelled, {-2, -3}.__contains__, eos=-2)
    assert plain_lessons("Hi", own, length=8) == [([72, 105, -3], [1, 1, 1])]
