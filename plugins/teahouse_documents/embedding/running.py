"""An embedder at work: its child process, started when it is needed and ended when it is not.

Only the documents child uses it. One text goes to the child at a time, so that a question never waits for
more than one passage of the indexing.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from teahouse import Translator
from teahouse.errors import ContextError, EngineCrashed, EngineError
from teahouse.jobs import Cancel
from teahouse.passages import Embedder
from teahouse.workers.process import Workers
from teahouse_documents.chunking.boundaries import divided
from teahouse_documents.embedding.resident import IDLE_S, Resident

log = logging.getLogger(__name__)
_ = Translator("teahouse_documents")

COUNTED_AT_ONCE = 256

Vectors = np.ndarray[Any, np.dtype[np.float32]]


class Embedding(Resident):
    """One embedder with its child process; any thread may ask.

    Args:
        threads: Of the child; one leaves the rest of the machine to the person.
        idle_s: Seconds without a call after which the child is ended.
    """

    def __init__(
        self, workers: Workers, embedder: Embedder, *, threads: int = 1, idle_s: float = IDLE_S
    ) -> None:
        super().__init__(
            workers,
            entry=embedder.entry,
            path=embedder.model,
            most_tokens=embedder.most_tokens,
            threads=threads,
            idle_s=idle_s,
        )
        self.embedder = embedder

    @property
    def identity(self) -> str:
        """Vectors of different identities are never compared."""
        return self.embedder.identity or self.embedder.name

    @property
    def name(self) -> str:
        """What people call it."""
        return self.embedder.name

    @property
    def dimension(self) -> int:
        """Numbers in each vector."""
        return self.embedder.dimension

    # --- texts --------------------------------------------------------------------------------------

    def count(self, texts: Sequence[str], cancel: Cancel | None = None) -> list[int]:
        """Tokens of each text, without prefix and ends."""
        counts: list[int] = []
        for start in range(0, len(texts), COUNTED_AT_ONCE):
            batch = list(texts[start : start + COUNTED_AT_ONCE])
            counts += self.call("count", cancel, texts=batch)["counts"]
        return counts

    def embed_passages(self, texts: Sequence[str], cancel: Cancel | None = None) -> Vectors:
        """float32 (texts, dimension), each of length 1.

        Raises:
            EngineError: It was stopped by `cancel`, or cannot compute.
        """
        prefix = self.embedder.passage_prefix
        rows = [self._pooled(prefix, text, cancel) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def embed_query(self, text: str, cancel: Cancel | None = None) -> Vectors:
        """float32 (dimension,) of length 1; a question longer than the model reads is read in parts."""
        return self._pooled(self.embedder.query_prefix, text, cancel)

    def embed_tokens(
        self, texts: Sequence[str], *, is_query: bool = False, cancel: Cancel | None = None
    ) -> list[Vectors]:
        """For each text float32 (tokens, dimension), rows of length 1; for MaxSim (Khattab & Zaharia 2020).

        The ends, and of a question its prefix, are left out.
        """
        prefix = self.embedder.query_prefix if is_query else self.embedder.passage_prefix
        skipped = self.count([prefix], cancel)[0] if is_query and prefix.strip() else 0
        # The space at a prefix's end belongs to the word after it.
        skipped = self.count([prefix.rstrip()], cancel)[0] if skipped else 0
        return [self._of_tokens(prefix, text, skipped, cancel) for text in texts]

    def explain(self, error: EngineCrashed) -> EngineCrashed:
        """What people are told when it has died twice."""
        text = _("The embedding model “{name}” stopped twice: {reason}").format(
            name=self.embedder.name, reason=error.text
        )
        hint = _("What is indexed is kept. Try again, or choose another embedding model.")
        return EngineCrashed(text, hint, **error.data)

    # --- inside -----------------------------------------------------------------------------------

    def _pooled(self, prefix: str, text: str, cancel: Cancel | None) -> Vectors:
        rows = self._whole(lambda part: self._embed(prefix + part, "own", cancel), text)
        sizes = np.array([len(part) + 1 for part, _vectors in rows], np.float32)
        mean = np.average(np.concatenate([vectors for _part, vectors in rows]), axis=0, weights=sizes)
        vector: Vectors = _normalised(mean[None, :].astype(np.float32))[0]
        return vector

    def _of_tokens(self, prefix: str, text: str, skipped: int, cancel: Cancel | None) -> Vectors:
        rows = self._whole(lambda part: self._embed(prefix + part, "none", cancel), text)
        inner = [vectors[1 + skipped : -1] for _part, vectors in rows]
        return _normalised(np.concatenate(inner))

    def _whole(self, embed: Callable[[str], Vectors], text: str) -> list[tuple[str, Vectors]]:
        """Vectors of a text; of one that is too long those of its parts, so that nothing is cut off."""
        try:
            return [(text, embed(text))]
        except ContextError:
            parts = divided(text)
            if len(parts) < 2:
                raise
        log.info("a text of %d characters is embedded in parts", len(text))
        return [row for part in parts for row in self._whole(embed, part)]

    def _embed(self, text: str, pooling: str, cancel: Cancel | None) -> Vectors:
        answer = self.call("embed", cancel, texts=[text], pooling=pooling)
        count, width = answer["shapes"][0]
        data = np.frombuffer(base64.b64decode(answer["vectors"][0]), "<f2")
        vectors: Vectors = data.astype(np.float32).reshape(count, width)
        if width != self.dimension:
            raise EngineError(
                _("The embedding model gives {found} numbers instead of {expected}.").format(
                    found=width, expected=self.dimension
                )
            )
        return vectors


def _normalised(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    normalised: Vectors = rows / np.maximum(lengths, 1e-12)
    return normalised
