"""Searching as the documents child does it: the question embedded, both lists, a second look if wished."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from functools import partial

from teahouse import Translator
from teahouse.errors import AppError
from teahouse.jobs import Cancel
from teahouse.language import sentences
from teahouse.passages import Passage
from teahouse_documents.embedding.running import Embedding
from teahouse_documents.search import fusion
from teahouse_documents.search.allowed import Register
from teahouse_documents.search.fusion import Vector
from teahouse_documents.search.lexical import Counts
from teahouse_documents.search.maxsim import MaxSim
from teahouse_documents.search.reranking import Reranking
from teahouse_documents.values import Filters, Found
from teahouse_documents.vectors import Vectors

log = logging.getLogger(__name__)
_ = Translator("teahouse_documents")

MOST_CHARS = 4_000
"""Of a question: a pasted book would be embedded for minutes."""


class Finder:
    """Searches one index.db; keeps from one search to the next what makes the next one quick.

    Args:
        embedding: The embedder in force; None where there is none: words alone decide.
        reranker: Puts the best in the order that holds, after the second look; None where there is none.
    """

    def __init__(
        self, vectors: Vectors, embedding: Embedding | None, reranker: Reranking | None = None
    ) -> None:
        self.vectors = vectors
        self.embedding, self.reranker = embedding, reranker
        self.register = Register()
        self.counts = Counts()
        self.maxsim = MaxSim(embedding) if embedding is not None else None

    def embed(self, query: str, cancel: Cancel | None = None) -> tuple[Vector | None, str]:
        """The question's vector; None, and why in words, where it cannot be had. Needs no transaction."""
        if self.embedding is None or not query.strip():
            return None, ""
        problem = ""
        if len(query) > MOST_CHARS:
            half = MOST_CHARS // 2
            query = f"{query[:half]}\n{query[-half:]}"
            problem = _("The question is very long: only its beginning and its end were searched.")
        try:
            return self.embedding.embed_query(query, cancel), problem
        except AppError as error:
            if cancel is not None and cancel.is_set():
                raise
            log.info("the question was not embedded: %s", error)
            return None, str(error)

    def find(
        self,
        connection: sqlite3.Connection,
        query: str,
        vector: Vector | None,
        filters: Filters | None = None,
        *,
        limit: int = 10,
        problem: str = "",
        has_second_look: bool = False,
        cancel: Cancel | None = None,
    ) -> Found:
        """What fits best; `embed` gives vector and problem.

        Args:
            has_second_look: The best are put in the order of a second look, and `trace["fit"]` tells how well
                they fit (see `search.fit`).
        """
        again, rerank, told = None, None, [problem] if problem else []
        if has_second_look and self.maxsim is not None and vector is not None:
            again = partial(self.maxsim.scores, query, cancel=cancel)
        if has_second_look and self.reranker is not None:
            rerank = partial(self._rerank, self.reranker, query, told, cancel)
        found = fusion.search(
            connection,
            self.vectors,
            query,
            vector,
            filters,
            limit,
            register=self.register,
            counts=self.counts,
            again=again,
            rerank=rerank,
            has_fit=has_second_look,
        )
        return Found(found.hits, {**found.trace, "problem": sentences(*told)}) if told else found

    @staticmethod
    def _rerank(
        reranker: Reranking,
        query: str,
        told: list[str],
        cancel: Cancel | None,
        passages: Sequence[Passage],
    ) -> list[float] | None:
        """The reranker's scores; None, and why in words, where it could not."""
        try:
            return reranker.scores(query, passages, cancel)
        except AppError as error:
            if cancel is not None and cancel.is_set():
                raise
            log.info("the passages were not reranked: %s", error)
            told.append(str(error))
            return None
