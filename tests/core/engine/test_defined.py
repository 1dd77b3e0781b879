"""Tokens recognised in any text: cut as llama.cpp cuts them, in time that grows with the text."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from teahouse.engine.defined import FEW, DefinedToken, DefinedTokens
from teahouse.workers.process import Worker, Workers
from tests.core.conftest import ROOT

LINES = [DefinedToken(number, b"\n" * number) for number in range(1, 8)]
STRIPPING = DefinedToken(50, b"<l>", has_lstrip=True), DefinedToken(51, b"<r>", has_rstrip=True)
NESTED = DefinedToken(60, b"<a>"), DefinedToken(61, b"a>b"), DefinedToken(62, b"b<a><")


def native(data: bytes) -> list[int]:
    return [1000 + byte for byte in data]


def ids_of(tokens: tuple[DefinedToken, ...], text: bytes) -> list[int]:
    return DefinedTokens(tokens).tokenize(text, native)


def test_longer_ones_come_first_everywhere() -> None:
    assert ids_of(tuple(LINES), b"\n" * 17) == [7, 7, 3]
    assert ids_of(NESTED, b"<a>b<a><a>b") == [60, 62, 61]
    assert ids_of(NESTED, b"a>b<a><") == [1097, 1062, 62]  # the leftmost would be 61


def test_white_space_around_is_swallowed_where_the_token_says_so() -> None:
    assert ids_of(STRIPPING, b"x \t<l> y") == [1120, 50, 1032, 1121]
    assert ids_of(STRIPPING, b"x <r> \n y") == [1120, 1032, 51, 1121]
    assert ids_of(STRIPPING, b"  <l><r>  ") == [50, 51]


def test_few_are_left_to_the_library() -> None:
    tokens = DefinedTokens(LINES)
    assert not tokens.has_many(b"word\n" * FEW)
    assert tokens.has_many(b"word\n" * (FEW + 1))
    assert not DefinedTokens([]).has_many(b"word\n" * 1000)
    assert not tokens.has_many(b"")


@pytest.mark.parametrize("texts", [(b"ab", b"bc"), (b"ab", b"ab")])
def test_nothing_is_cut_where_the_library_s_order_is_not_known(texts: tuple[bytes, ...]) -> None:
    """Equally long ones that can overlap: a sort that is not stable decides which one wins."""
    tokens = DefinedTokens(DefinedToken(number, text) for number, text in enumerate(texts))
    assert not tokens.has_many(b"abc" * 1000)


def test_equal_text_between_is_asked_for_once() -> None:
    asked: list[bytes] = []

    def count(data: bytes) -> list[int]:
        asked.append(data)
        return native(data)

    DefinedTokens(LINES).tokenize(b"one\ntwo\none\n" * 50, count)
    assert asked == [b"one", b"two"]


# --- the real vocabulary ------------------------------------------------------------------------------

WORDS = ("<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|im_end|>", "<tool_", "call>", " ", "\n",
         "  word", "茶", "é", "<", ">", "don't", "12345", "\t")  # fmt: skip


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """A child that tokenizes both ways."""
    workers = Workers()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
        yield workers.start("tests.core.engine.tokenizing:serve")
    workers.close()


@pytest.mark.gguf
@given(words=st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=60))
@hypothesis_settings(max_examples=200, deadline=None, database=None)
def test_ids_are_those_of_the_library(worker: Worker, starter: Path, words: list[str]) -> None:
    answer = worker.call("both", path=str(starter), texts=["".join(words)])
    assert answer["cut"] == answer["native"]


@pytest.mark.gguf
def test_every_such_token_next_to_every_other(worker: Worker, starter: Path) -> None:
    defined = worker.call("defined", path=str(starter))["texts"]
    assert "<tool_call>" in defined
    texts = [f"{one}{other} {one}" for one, other in itertools.product(defined, repeat=2)]
    answer = worker.call("both", path=str(starter), texts=texts)
    assert answer["cut"] == answer["native"]


@pytest.mark.gguf
def test_three_million_bytes_of_them_do_not_take_minutes(worker: Worker, starter: Path) -> None:
    assert worker.call("seconds", path=str(starter), text="<tool_call>", times=280_000)["seconds"] < 30
