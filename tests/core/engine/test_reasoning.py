"""Reasoning is told apart from the answer, however the text arrives."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from teahouse.engine.reasoning import PAIRS, ReasoningStream, opened_by, tag_texts

HARMONY = (
    "<|channel|>analysis<|message|>Let me see.<|end|><|start|>assistant<|channel|>final<|message|>Hello."
)


def split(pieces: Iterable[str], closing: str = "") -> tuple[str, str]:
    """(reasoning, answer) of a reply that arrives in these pieces."""
    stream = ReasoningStream(closing)
    said = [item for piece in pieces for item in stream.feed(piece)] + stream.finish()
    assert all(text for _kind, text in said)
    kinds = [kind for kind, _text in said]
    assert "reasoning" not in kinds[kinds.index("text") :] if "text" in kinds else True
    return (
        "".join(text for kind, text in said if kind == "reasoning"),
        "".join(text for kind, text in said if kind == "text"),
    )


REPLIES = {
    "qwen": ("<think>\nLet me see.\n</think>\n\nHello.", "", ("Let me see.", "Hello.")),
    "opened by the prompt": ("Let me see.\n</think>\n\nHello.", "</think>", ("Let me see.", "Hello.")),
    "empty": ("<think>\n\n</think>\n\nHello.", "", ("", "Hello.")),
    "white space before": (" \n<think>a</think>b", "", ("a", "b")),
    "thinking": ("<thinking>a</thinking>\nb", "", ("a", "b")),
    "thought": ("<thought>a</thought>\nb", "", ("a", "b")),
    "magistral": ("[THINK]a [x] b[/THINK]c", "", ("a [x] b", "c")),
    "seed": ("<seed:think>a</seed:think>b", "", ("a", "b")),
    "command": ("<|START_THINKING|>a<|END_THINKING|>b", "", ("a", "b")),
    "gpt-oss": (HARMONY, "", ("Let me see.", "Hello.")),
    "gpt-oss without": ("<|channel|>final<|message|>Hello.", "", ("", "Hello.")),
    "gpt-oss twice": (
        "<|channel|>analysis<|message|>a<|end|><|start|>assistant" + HARMONY,
        "",
        ("aLet me see.", "Hello."),
    ),
    "gemma 4": ("<|channel>thought\na\nb\n<channel|>Hello.", "", ("a\nb", "Hello.")),
    "never closed": ("<think>a < b, </thin", "", ("a < b, </thin", "")),
    "never closed, opened by the prompt": ("a\n", "</think>", ("a", "")),
    "nothing at all": ("", "", ("", "")),
    "only white space": (" \n", "", ("", " \n")),
    "no reasoning": (" Hello <think>x</think>", "", ("", " Hello <think>x</think>")),
    "the beginning of a tag": ("<thi", "", ("", "<thi")),
    "nearly a tag": ("<thin>x", "", ("", "<thin>x")),
    "other closing tags inside": ("<think>a</thought>[/THINK]b</think>c", "", ("a</thought>[/THINK]b", "c")),
    "the answer's own indentation": ("<think>a</think>\n\n    code\n", "", ("a", "    code\n")),
    "a tag in the answer": ("<think>a</think>b <think>c</think>", "", ("a", "b <think>c</think>")),
    "white space inside": ("<think>\n a  b\n\nc \n</think>d", "", ("a  b\n\nc", "d")),
}


@pytest.mark.parametrize("name", REPLIES)
def test_each_form_at_every_cut(name: str) -> None:
    text, closing, expected = REPLIES[name]
    assert split([text], closing) == expected
    assert split(text, closing) == expected
    for at in range(len(text)):
        assert split([text[:at], text[at:]], closing) == expected


TEXTS = st.lists(
    st.sampled_from(
        ["<think>", "</think>", "[/THINK]", "<|channel|>", "final<|message|>", "<", "/", "a", " ", "\n", "茶"]
    ),
    max_size=12,
).map("".join)


@given(TEXTS, st.lists(st.integers(0, 60), max_size=6), st.sampled_from(["", "</think>", "<|end|>"]))
@hypothesis_settings(max_examples=400, deadline=None, database=None)
def test_the_cuts_do_not_matter(text: str, cuts: list[int], closing: str) -> None:
    at = [0, *sorted(cuts), len(text)]
    pieces = [text[begin:end] for begin, end in itertools.pairwise(at)]
    assert split(pieces, closing) == split([text], closing)


@given(TEXTS, TEXTS)
@hypothesis_settings(max_examples=200, deadline=None, database=None)
def test_nothing_but_tags_and_white_space_is_lost(thought: str, answer: str) -> None:
    thought, answer = thought.replace("</think>", ""), "A" + answer
    assert split(["<think>", thought, "</think>\n", answer]) == (thought.strip(), answer)


def test_text_is_passed_on_as_soon_as_it_is_certain() -> None:
    stream = ReasoningStream()
    assert stream.feed("<think>") == []
    assert stream.feed("Let me ") == [("reasoning", "Let me")]
    assert stream.feed("see </") == [("reasoning", " see")]
    assert stream.feed("b>") == [("reasoning", " </b>")]
    assert not stream.is_settled
    assert stream.feed("</think>") == []
    assert stream.feed("\nHello") == [("text", "Hello")]
    assert stream.is_settled
    assert stream.feed(" <think") == [("text", " <think")]


def test_an_ordinary_reply_does_not_wait() -> None:
    stream = ReasoningStream()
    assert stream.feed("H") == [("text", "H")]
    assert stream.is_settled


@pytest.mark.parametrize(
    ("rendered", "closing"),
    [
        ("<|im_start|>assistant\n", ""),
        ("<|im_start|>assistant\n<think>\n", "</think>"),
        ("<｜Assistant｜><think>", "</think>"),
        ("<｜Assistant｜></think>", ""),
        ("<|im_start|>assistant\n<think>\n\n</think>\n\n", ""),
        ("x[THINK]", "[/THINK]"),
        ("<|turn>model\n<|channel>thought\n<channel|>", ""),
        ("", ""),
    ],
)
def test_a_prompt_that_opens_the_reasoning(rendered: str, closing: str) -> None:
    assert opened_by(rendered) == closing


def test_every_tag_that_may_be_a_control_token_is_named() -> None:
    """Whole tags, or the tokens of which the longer ones consist."""
    texts = tag_texts()
    for tag in (*PAIRS, *PAIRS.values()):
        assert any(tag.startswith(text) for text in texts)
    assert all(text and not text.isspace() for text in texts)
