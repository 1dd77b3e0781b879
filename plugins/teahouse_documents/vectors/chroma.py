"""chromadb as a cache of vectors: embedded in this process, or a server that a person has named.

Only vectors go in, by the id of their chunk: texts and filters stay in index.db, from which all of it can
be made again. Embedded, one process alone may have the folder open (two destroy it silently), so the
documents child opens it under its lock. Its traps: `embedding_function=None`, upsert instead of add, no
more than 5,461 at once, no telemetry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from teahouse_documents.search.allowed import Allowed
from teahouse_documents.vectors.index import Broken, Hit, Rows

AT_ONCE = 5_000
"""chromadb takes 5,461 at most."""
OVERFETCH, OVERFETCH_MOST = 200, 1_000
"""Neighbours that are fetched for a filter to choose from; its own filters take ten times as long."""
AMPLE = 1.5
"""How many times as many as a filter should leave enough of, if it had nothing to do with the question."""
PROBED_NEAR = 10


class Chroma:
    """The vectors of one embedder in a collection of chromadb.

    Args:
        client: Of chromadb.
        name: Of the collection; made where it is missing.
        dimension: Of the vectors; a collection of another one is refused.

    Raises:
        Broken: The collection cannot be opened, or is not ours.
    """

    def __init__(self, client: Any, name: str, *, dimension: int, token: str) -> None:
        self._client, self.name = client, name
        self._count: int | None = None
        mark = {"teahouse": token, "dimension": dimension}
        with breakage():
            self._collection = client.get_or_create_collection(
                name,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine"}},
                metadata=mark,
            )
            found = dict(self._collection.metadata or {})
        if found != mark:
            raise Broken(f"the collection {name} is another one: {found}")

    def add(self, ids: Sequence[int], vectors: Rows) -> None:
        """As `VectorIndex.add`."""
        self._count = None
        with breakage():
            for start in range(0, len(ids), AT_ONCE):
                names = [str(number) for number in ids[start : start + AT_ONCE]]
                self._collection.upsert(
                    ids=names, embeddings=np.asarray(vectors[start : start + AT_ONCE], np.float32)
                )

    def remove(self, ids: Sequence[int]) -> None:
        """As `VectorIndex.remove`."""
        self._count = None
        with breakage():
            for start in range(0, len(ids), AT_ONCE):
                self._collection.delete(ids=[str(number) for number in ids[start : start + AT_ONCE]])

    def search(self, vector: Rows, limit: int, allowed: Allowed | None = None) -> list[Hit]:
        """As `VectorIndex.search`; with a filter more are fetched, and it may find fewer than there are."""
        if allowed is None:
            return self._nearest(vector, limit)
        share = allowed.count / max(1, self.count())
        fetched = int(min(max(OVERFETCH, AMPLE * limit / max(share, 1e-6)), OVERFETCH_MOST))
        while True:
            hits = self._nearest(vector, max(fetched, limit))
            kept = [hit for hit in hits if hit.id in allowed][:limit]
            if len(kept) >= limit or fetched >= OVERFETCH_MOST or len(hits) < fetched:
                return kept
            fetched = OVERFETCH_MOST

    def count(self) -> int:
        """As `VectorIndex.count`."""
        if self._count is None:  # counting takes milliseconds
            with breakage():
                self._count = int(self._collection.count())
        return self._count

    def ids(self) -> set[int]:
        """Every id."""
        with breakage():
            return {int(name) for name in self._collection.get(include=[])["ids"]}

    def check(self, known: Sequence[tuple[int, Rows]]) -> None:
        """Look for vectors that must be there; the search is approximate and may well miss one.

        Raises:
            Broken: Half of them are not found.
        """
        missed = [number for number, vector in known if not self._finds(number, vector)]
        if 2 * len(missed) >= len(known) > 0:
            raise Broken(f"the vectors of chunks {missed} are not found")

    def _finds(self, number: int, vector: Rows) -> bool:
        return any(hit.id == number or hit.score > 0.999 for hit in self._nearest(vector, PROBED_NEAR))

    def drop(self) -> None:
        """Delete the collection."""
        with breakage():
            self._client.delete_collection(self.name)

    def _nearest(self, vector: Rows, limit: int) -> list[Hit]:
        with breakage():
            found = self._collection.query(
                query_embeddings=np.asarray(vector, np.float32)[None, :],
                n_results=limit,
                include=["distances"],
            )
            names, distances = found["ids"][0], found["distances"][0]
            return [Hit(int(name), 1.0 - float(d)) for name, d in zip(names, distances, strict=True)]


@contextmanager
def breakage() -> Iterator[None]:
    """Whatever chromadb raises becomes `Broken`; its Rust panics are no `Exception`."""
    try:
        yield
    except Broken:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise Broken(f"{type(error).__name__}: {error}") from error
