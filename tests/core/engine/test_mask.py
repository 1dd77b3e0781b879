"""Control tokens found in what people wrote: exactly, and without work for each “<” of a long text."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.engine.mask import FEW, Finder, Mask
from teahouse.engine.template import ChatTemplate, tokenize_chat

CONTROL = ("<s>", "</s>", "<|im_start|>", "<|im_end|>", "<|endoftext|>", "[INST]", "[/INST]")
MANY = (*CONTROL, *(f"<unused{number}>" for number in range(3000)))
WIDE = tuple(f"{chr(0x4E00 + number)}{chr(0x5000 + number)}" for number in range(3 * FEW))
OVERLAPPING = ("a", "aa", "aab", "<", "<|", "<||", "|>", "^]-", "\\d")
PLAIN = ChatTemplate("{% for m in messages %}<s>{{ m.content }}</s>{% endfor %}")
MASKED = 0xF0000


def found_slowly(texts: tuple[str, ...], text: str) -> list[tuple[int, str]]:
    """Every place, tried one by one."""
    places = ((at, [each for each in texts if text.startswith(each, at)]) for at in range(len(text)))
    return [(at, max(here, key=len)) for at, here in places if here]


def calls(work: Callable[[], Any]) -> int:
    """How often Python calls anything while it works."""
    count = 0

    def take(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(take)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@settings(deadline=None, max_examples=300)
@given(data=st.data(), texts=st.sampled_from([CONTROL, OVERLAPPING, WIDE[:5], WIDE, MANY[:300]]))
def test_every_token_is_found_where_it_stands(data: st.DataObject, texts: tuple[str, ...]) -> None:
    piece = st.one_of(
        st.sampled_from(texts),
        st.sampled_from(texts).map(lambda text: text[:-1]),
        st.text("<>|a^]-\\d[/su01 ", max_size=3),
    )
    text = "".join(data.draw(st.lists(piece, max_size=20)))
    assert list(Finder(texts).starts(text)) == found_slowly(texts, text)


@pytest.mark.parametrize("texts", [CONTROL, MANY, WIDE], ids=["few", "many", "wide"])
def test_a_mask_hides_every_token_and_comes_off_again(texts: tuple[str, ...]) -> None:
    text = "x".join(texts[:400]) + texts[0][:-1]
    mask = Mask(texts, [text])
    hidden = mask.put_on(text)
    assert not any(each in hidden for each in texts)
    assert ord(hidden[-len(texts[0]) + 1]) >= MASKED, "what only begins a token is hidden too"
    assert (len(hidden), mask.take_off(hidden)) == (len(text), text)


@pytest.mark.parametrize("texts", [CONTROL, MANY], ids=["few", "many"])
@pytest.mark.parametrize("written", ["<", "< ", "<|", "‹", "[", "<div>", "</"])
def test_what_only_looks_like_a_token_makes_no_work(texts: tuple[str, ...], written: str) -> None:
    """A source text has many thousand “<”, and each cost a search in Python."""
    control = {text: -number for number, text in enumerate(texts, 1)}

    def rendered(count: int) -> Callable[[], Any]:
        chat = [{"role": "user", "content": written * count}]
        return lambda: tokenize_chat(
            PLAIN, chat, control=control, tokenize=lambda text: [len(text)], piece=lambda _token: b""
        )

    rendered(10)()  # patterns are compiled once
    more = calls(rendered(20_000)) - calls(rendered(200))
    assert more < 2_000, f"{more} calls for 19 800 of them"
