"""Bytes of tokens into text, exactly."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.engine.text import TextStream

QUICK = settings(max_examples=200, deadline=None, database=None)
HARD = [
    "茶馆",
    "é",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "🇨🇳",
    "e\u0301",
    "\u200d",
    "\0",
    "\n",
    "a",
    " ",
    "𝄞",
    "\ufffd",
    "\ufeff",
    "ﷺ",
]
TEXTS = st.lists(st.sampled_from(HARD) | st.text(max_size=5), max_size=12).map("".join)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """The bytes cut at the given places."""
    at = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in itertools.pairwise(at)] or [data]


def told(stream: TextStream, data: list[bytes]) -> str:
    return "".join(stream.feed(piece) for piece in data) + stream.finish()


@given(TEXTS.filter(lambda text: text.isprintable() or True), st.lists(st.integers(0, 10_000), max_size=20))
@QUICK
def test_every_split_reproduces_the_text(text: str, cuts: list[int]) -> None:
    data = text.encode("utf-8", "surrogatepass")
    if "\ud800" <= max(text, default="") <= "\udfff":
        return
    assert told(TextStream(), pieces(data, cuts)) == data.decode("utf-8")


@pytest.mark.parametrize("text", ["👩‍👩‍👧‍👦", "茶", "🏳️‍🌈é"])
def test_every_way_to_cut_hard_text_in_three(text: str) -> None:
    data = text.encode()
    for one, two in itertools.combinations(range(len(data) + 1), 2):
        assert told(TextStream(), [data[:one], data[one:two], data[two:]]) == text
    assert told(TextStream(), [bytes([byte]) for byte in data]) == text


def test_what_is_certain_is_told_at_once() -> None:
    stream = TextStream()
    assert stream.feed(b"ab\xe8\x8c") == "ab"
    assert stream.feed(b"\xb6c") == "茶c"


def test_half_a_character_at_the_end_is_not_swallowed() -> None:
    stream = TextStream()
    assert stream.feed(b"a\xe8\x8c") == "a"
    assert stream.finish() == "\ufffd"


def test_bytes_that_are_no_text_become_replacements() -> None:
    assert told(TextStream(), [b"a\xff", b"\xfe", b"b"]) == "a\ufffd\ufffdb"


# --- stop strings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("stop", ["STOP", "停止", "\n\n", "👩‍👩‍👧"])
def test_a_stop_string_is_found_across_any_tokens(stop: str) -> None:
    text = f"before {stop} after"
    data = text.encode()
    for cut in range(len(data) + 1):
        stream = TextStream([stop])
        assert told(stream, [data[:cut], data[cut:]]) == "before "
        assert stream.is_stopped
    stream = TextStream([stop])
    assert told(stream, [bytes([byte]) for byte in data]) == "before "


@given(
    TEXTS,
    st.lists(st.text(st.sampled_from("ab茶\n"), min_size=1, max_size=3), max_size=3),
    st.lists(st.integers(0, 99)),
)
@QUICK
def test_what_is_told_ends_before_the_first_stop_string(text: str, stops: list[str], cuts: list[int]) -> None:
    text = "".join(c for c in text if not "\ud800" <= c <= "\udfff")
    stream = TextStream(stops)
    said = told(stream, pieces(text.encode(), cuts))
    found = [at for at in (text.find(stop) for stop in stops) if at >= 0]
    assert stream.is_stopped == bool(found)
    if not found:
        assert said == text
    else:
        assert text.startswith(said)
        assert not any(stop in said for stop in stops)


def test_one_token_at_a_time_the_earliest_stop_string_wins() -> None:
    stream = TextStream(["world", "lo"])
    assert told(stream, [b"h", b"e", b"l", b"l", b"o", b" world"]) == "hel"


def test_what_might_begin_a_stop_string_waits_and_is_then_released() -> None:
    stream = TextStream(["<end>"])
    assert stream.feed(b"a <e") == "a "
    assert stream.feed(b"vening") == "<evening"
    assert not stream.is_stopped


def test_held_back_text_is_released_at_the_end() -> None:
    stream = TextStream(["<end>"])
    assert stream.feed(b"a <en") == "a "
    assert stream.finish() == "<en"
    assert stream.finish() == ""


def test_nothing_comes_after_a_stop() -> None:
    stream = TextStream(["x"])
    assert stream.feed(b"ax") == "a"
    assert stream.feed(b"more") == ""
    assert stream.finish() == ""


def test_an_empty_stop_string_stops_nothing() -> None:
    stream = TextStream([""])
    assert told(stream, [b"all of it"]) == "all of it"
    assert not stream.is_stopped


def test_a_repeated_beginning_is_not_held_for_ever() -> None:
    stream = TextStream(["aab"])
    assert stream.feed(b"aaaa") == "aa"
    assert stream.feed(b"b") == ""
    assert stream.is_stopped
