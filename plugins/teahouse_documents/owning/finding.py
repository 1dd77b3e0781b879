"""Searching beside the indexing, on a connection of its own, by the embedder that is searched with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse_documents.index import generations
from teahouse_documents.index.index import Index
from teahouse_documents.indexing.ports import Embedding
from teahouse_documents.scanning import sources
from teahouse_documents.values import Filters, Found

if TYPE_CHECKING:
    from teahouse_documents.search.finder import Finder
    from teahouse_documents.search.reranking import Reranking
    from teahouse_documents.vectors import Vectors

MakeEmbedding = Callable[[dict[str, Any] | None], Embedding]
"""An embedder of a specification, or words only for None."""
MakeReranking = Callable[[dict[str, Any] | None], "Reranking | None"]
"""A reranker of a specification."""


class Finding:
    """Finds passages; one search at a time.

    Args:
        file: index.db; it is only read.
        make_embedding: For an embedder that is searched with and no longer indexed for.
        reranking: The reranker that a person has chosen; closed with this.
    """

    def __init__(
        self,
        file: Path,
        vectors: Vectors,
        make_embedding: MakeEmbedding,
        reranking: Reranking | None = None,
    ) -> None:
        self._file, self._vectors, self._make = file, vectors, make_embedding
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._finder: Finder | None = None
        self._identity = ""
        self._mine: Embedding | None = None
        self._reranking = reranking

    def search(
        self,
        current: Embedding | None,
        query: str,
        names: Sequence[str],
        filters: Filters,
        limit: int,
        *,
        has_second_look: bool = False,
    ) -> Found:
        """The passages that answer a query best.

        Args:
            current: The embedder that is indexed for; used where it is also the one searched with.
            names: Of collections; empty for all.
            has_second_look: See `Finder.find`.
        """
        with self._lock:
            index = self._index = self._index or Index(self._file, is_read_only=True)
            if names:
                filters = replace(filters, collection_ids=sources.ids_of(index, names))
            finder = self._ready(index, current)
            vector, problem = finder.embed(query)
            with index.reading() as connection:
                return finder.find(
                    connection,
                    query,
                    vector,
                    filters,
                    limit=limit,
                    problem=problem,
                    has_second_look=has_second_look,
                )

    def forget(self) -> None:
        """Much has been deleted: read everything anew at the next search."""
        with self._lock:
            if self._finder is not None:
                self._finder.register.forget()

    def let_go(self) -> None:
        """Close the connection; the next search opens it anew."""
        with self._lock:
            index, self._index, self._finder = self._index, None, None
            if index is not None:
                index.close()

    def close(self) -> None:
        """End it for good."""
        self.let_go()
        if self._reranking is not None:
            self._reranking.close()
        if self._mine is not None:
            self._mine.close()
            self._mine = None

    def _ready(self, index: Index, current: Embedding | None) -> Finder:
        from teahouse_documents.search.finder import Finder  # late: numpy

        spec = generations.active_spec(index)
        embedding = current
        if spec is None:
            embedding = None
        elif current is None or spec.get("identity") != current.identity:
            embedding = self._own(spec)
        identity = "" if embedding is None else embedding.identity
        if self._finder is None or identity != self._identity:
            self._finder = Finder(self._vectors, embedding, self._reranking)  # type: ignore[arg-type]
            self._identity = identity
        return self._finder

    def _own(self, spec: dict[str, Any]) -> Embedding:
        if self._mine is None or self._mine.identity != spec.get("identity"):
            if self._mine is not None:
                self._mine.close()
            self._mine = self._make(spec)
        return self._mine
