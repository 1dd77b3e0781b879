from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.chat.title import ASK, ASK_HAN
from teahouse.chat.title_text import (
    LONGEST_CHARS,
    LONGEST_HAN,
    LONGEST_WORDS,
    clean_title,
    is_han_text,
    is_whole,
)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Brewing oolong tea", "Brewing oolong tea"),
        ('"Brewing oolong tea."\n', "Brewing oolong tea"),
        ("Title: Brewing oolong tea", "Brewing oolong tea"),
        ("**Title:** “Brewing oolong tea”", "Brewing oolong tea"),
        ("# Brewing `oolong` tea\n\nThis title says …", "Brewing oolong tea"),
        ("Sure! Here is a title:\n\n- *Brewing oolong tea*", "Brewing oolong tea"),
        ("```\nBrewing oolong tea\n```", "Brewing oolong tea"),
        ("1. Brewing oolong tea\n2. Tea", "Brewing oolong tea"),
        ("<think>What about tea?\nHm.</think>\n\nBrewing oolong tea", "Brewing oolong tea"),
        ("<think>Never ended", ""),
        ("[Oolong](http://x.example/) tea", "Oolong tea"),
        ("标题：《乌龙茶的泡法》。", "乌龙茶的泡法"),
        ("「茶」与「水」", "「茶」与「水」"),
        ("“A” and “B”", "“A” and “B”"),
        ("Why is the sky blue?", "Why is the sky blue?"),
        ("# Subtitle: a C# primer", "Subtitle: a C# primer"),
        ("__init__ explained", "__init__ explained"),
        ("Tea\x1b[31m \u202eevil\x00\u200b pot", "Tea [31m evil pot"),
        ("👨\u200d👩\u200d👧 Family", "👨\u200d👩\u200d👧 Family"),
        ("", ""),
        (" \n \t", ""),
        ("***", ""),
        ("“…”", ""),
        ("Title:", ""),
        ("🍵", ""),
    ],
)
def test_what_is_left_of_a_reply(written: str, title: str) -> None:
    assert clean_title(written) == title


def test_long_titles_are_cut() -> None:
    many = clean_title("word " * 40)
    assert many == "word " * (LONGEST_WORDS - 1) + "word…"
    long = clean_title("x" * 500)
    assert len(long) == LONGEST_CHARS and long.endswith("…")
    assert clean_title("茶" * 100) == "茶" * LONGEST_HAN + "…"
    assert clean_title("茶" * LONGEST_HAN) == "茶" * LONGEST_HAN


@pytest.mark.parametrize("ask", [ASK, ASK_HAN])
def test_a_model_that_repeats_what_it_was_asked_gives_no_title(ask: str) -> None:
    assert clean_title(ask, ask) == ""
    assert clean_title("Tea", ask) == "Tea"


@given(st.text())
def test_whatever_is_written_makes_one_short_line(written: str) -> None:
    title = clean_title(written)
    assert len(title) <= LONGEST_CHARS
    assert title == title.strip() and len(title.splitlines()) <= 1
    assert not title or any(c.isalnum() for c in title)
    assert not any(ord(c) < 32 for c in title)


def test_a_title_is_whole_with_the_end_of_its_line() -> None:
    assert not is_whole("")
    assert not is_whole("\n\n")
    assert not is_whole("Tea")
    assert not is_whole("Here is one:\n\n")
    assert is_whole("Here is one:\n\nTea\n")
    assert is_whole("\nTea\n")
    assert is_whole("no end " * 100)


@pytest.mark.parametrize(
    ("text", "is_han"),
    [
        ("怎样泡茶？", True),
        ("用 Python 写一个反转链表的函数", True),
        ("How to say 茶?", False),
        ("お茶の入れ方は？", False),
        ("", False),
        ("123", False),
    ],
)
def test_chinese_is_told_from_other_languages(text: str, is_han: bool) -> None:
    assert is_han_text(text) == is_han
