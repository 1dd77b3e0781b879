"""A reranker at work: question and passage go through it together, and it gives one number."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from teahouse import Translator
from teahouse.errors import ContextError, EngineCrashed
from teahouse.jobs import Cancel
from teahouse.passages import Passage
from teahouse.workers.process import Workers
from teahouse_documents.chunking.boundaries import divided
from teahouse_documents.embedding.resident import IDLE_S, Resident
from teahouse_documents.search.reranker import Reranker

log = logging.getLogger(__name__)
_ = Translator("teahouse_documents")

MOST_TOKENS = 1024
MOST_CHARS = 600
"""Of a question: the rest of what the model reads at once belongs to the passage."""


class Reranking(Resident):
    """One reranker with its child process; any thread may ask."""

    def __init__(
        self, workers: Workers, reranker: Reranker, *, threads: int = 1, idle_s: float = IDLE_S
    ) -> None:
        super().__init__(workers, path=reranker.path, most_tokens=MOST_TOKENS, threads=threads, idle_s=idle_s)
        self.reranker = reranker

    def scores(self, query: str, passages: Sequence[Passage], cancel: Cancel | None = None) -> list[float]:
        """One number for each passage; higher is better, and only their order says something.

        Raises:
            EngineError: It was stopped by `cancel`, or cannot compute.
        """
        if len(query) > MOST_CHARS:
            half = MOST_CHARS // 2
            query = f"{query[:half]}\n{query[-half:]}"
        return [self._score(query, passage.text, cancel) for passage in passages]

    def explain(self, error: EngineCrashed) -> EngineCrashed:
        """What people are told when it has died twice."""
        text = _("The reranker “{name}” stopped twice: {reason}").format(
            name=self.reranker.name, reason=error.text
        )
        hint = _("Passages are put in order without it. Choose another one, or none.")
        return EngineCrashed(text, hint, **error.data)

    def _score(self, query: str, text: str, cancel: Cancel | None) -> float:
        """Of a passage that is too long, the score of its better half."""
        try:
            return float(self.call("rank", cancel, query=query, texts=[text])["scores"][0])
        except ContextError:
            parts = divided(text)
            if len(parts) < 2:
                raise
        log.info("a passage of %d characters is ranked in parts", len(text))
        return max(self._score(query, part, cancel) for part in parts)
