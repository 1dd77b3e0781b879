"""The second look: tokens against tokens, with a bounded memory."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from teahouse.passages import Passage
from teahouse_documents.search.maxsim import MaxSim, TokenCache

LETTERS = "abcdefgh"


class LetterEmbedding:
    """Each letter is a direction."""

    identity = "letters"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed_tokens(self, texts: Sequence[str], *, is_query: bool = False, cancel: Any = None) -> list[Any]:
        self.asked += texts
        eye = np.eye(len(LETTERS), dtype=np.float32)
        return [eye[[LETTERS.index(letter) for letter in text]] for text in texts]


def passages(*texts: str) -> list[Passage]:
    return [Passage(text, "/x") for text in texts]


def test_the_score_is_the_share_of_the_question_that_is_found() -> None:
    scores = MaxSim(LetterEmbedding()).scores("abcd", passages("abcd", "dcba", "abef", "efgh", ""))  # type: ignore[arg-type]
    assert scores == pytest.approx([1.0, 1.0, 0.5, 0.0, 0.0])


def test_passages_are_embedded_once() -> None:
    embedding = LetterEmbedding()
    second = MaxSim(embedding)  # type: ignore[arg-type]
    for question in ("ab", "cd"):
        second.scores(question, passages("abc", "def"))
    assert embedding.asked == ["ab", "abc", "def", "cd"]


def test_memory_is_bounded_and_the_oldest_goes() -> None:
    row_bytes = 2 * len(LETTERS)
    cache = TokenCache(limit_bytes=10 * row_bytes)
    rows = np.zeros((4, len(LETTERS)), np.float16)
    cache.put("a", rows)
    cache.put("b", rows)
    assert cache.get("a") is not None
    cache.put("c", rows)
    assert (cache.get("a") is not None, cache.get("b"), cache.held_bytes) == (True, None, 8 * row_bytes)
    cache.put("a", rows[:1])
    assert cache.held_bytes == 5 * row_bytes
    cache.put("huge", np.zeros((99, len(LETTERS)), np.float16))
    assert cache.held_bytes == 0
    cache.clear()
    assert cache.get("a") is None


def test_another_embedder_has_its_own_tokens() -> None:
    cache, one = TokenCache(), LetterEmbedding()
    MaxSim(one, cache).tokens("abc")  # type: ignore[arg-type]
    other = SimpleNamespace(
        identity="other", embed_tokens=lambda texts, cancel: [np.zeros((2, 8), np.float32)]
    )
    assert MaxSim(other, cache).tokens("abc").shape == (2, 8)  # type: ignore[arg-type]
