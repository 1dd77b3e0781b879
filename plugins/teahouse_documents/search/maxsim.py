"""A second look with the same embedder: every token of the question against every token of a passage.

Late interaction (Khattab & Zaharia 2020, ColBERT): the mean over the question's tokens of the greatest
cosine with any of the passage's tokens. The tokens' vectors cost as much as embedding the passage anew, so
they are kept, within bounds.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np

from teahouse.jobs import Cancel
from teahouse.passages import Passage
from teahouse_documents.embedding.running import Embedding

LIMIT_BYTES = 64 << 20
"""About 450 passages of 190 tokens."""

Tokens = np.ndarray[Any, np.dtype[np.float16]]


class TokenCache:
    """Vectors of passages' tokens, those asked for last; any thread may use it."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[str, Tokens] = OrderedDict()
        self._held_bytes = 0
        self._lock = Lock()

    def get(self, key: str) -> Tokens | None:
        """What is kept under a key."""
        with self._lock:
            tokens = self._kept.get(key)
            if tokens is not None:
                self._kept.move_to_end(key)
            return tokens

    def put(self, key: str, tokens: Tokens) -> None:
        """Keep it, and let go of what was not asked for the longest."""
        with self._lock:
            self._held_bytes += tokens.nbytes - (self._kept[key].nbytes if key in self._kept else 0)
            self._kept[key] = tokens
            self._kept.move_to_end(key)
            while self._held_bytes > self._limit_bytes and self._kept:
                _key, gone = self._kept.popitem(last=False)
                self._held_bytes -= gone.nbytes

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept.clear()
            self._held_bytes = 0

    @property
    def held_bytes(self) -> int:
        """Of memory."""
        return self._held_bytes


class MaxSim:
    """Scores passages for a question."""

    def __init__(self, embedding: Embedding, cache: TokenCache | None = None) -> None:
        self._embedding = embedding
        self._cache = cache if cache is not None else TokenCache()

    def scores(self, query: str, passages: Sequence[Passage], cancel: Cancel | None = None) -> list[float]:
        """One score for each passage, at most 1; higher is better."""
        [asked] = self._embedding.embed_tokens([query], is_query=True, cancel=cancel)
        return [self._score(asked, self.tokens(passage.text, cancel)) for passage in passages]

    def tokens(self, text: str, cancel: Cancel | None = None) -> Tokens:
        """Vectors of a passage's tokens, float16 (tokens, dimension)."""
        key = hashlib.blake2b(f"{self._embedding.identity}\n{text}".encode(), digest_size=20).hexdigest()
        kept = self._cache.get(key)
        if kept is None:
            kept = self._embedding.embed_tokens([text], cancel=cancel)[0].astype(np.float16)
            self._cache.put(key, kept)
        return kept

    @staticmethod
    def _score(asked: np.ndarray[Any, np.dtype[np.float32]], tokens: Tokens) -> float:
        if not len(asked) or not len(tokens):
            return 0.0
        return float((asked @ tokens.astype(np.float32).T).max(axis=1).mean())
