"""An index.db filled without files: chunks, words and vectors as the pipeline would leave them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from teahouse.ids import now_ms
from teahouse.passages import Place
from teahouse_documents.index import content, fts
from teahouse_documents.index.index import Index

DIMENSION = 16
Rows = np.ndarray[Any, np.dtype[np.float32]]


def unit_rows(count: int, *, seed: int = 0, dimension: int = DIMENSION) -> Rows:
    """Random vectors of length 1."""
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Shelf:
    """One index.db and what was put into it."""

    def __init__(self, file: Path, *, dimension: int = DIMENSION) -> None:
        self.index = Index(file)
        self._sources: dict[str, int] = {}
        self.embedder_id = self.add_embedder("one", state="active", dimension=dimension)

    def add_embedder(self, identity: str, *, state: str, dimension: int = DIMENSION) -> int:
        """An embedder."""
        with self.index.writing() as connection:
            number = connection.execute(
                "INSERT INTO embedder (identity, name, dimension, state) VALUES (?, ?, ?, ?)",
                (identity, identity, dimension, state),
            ).lastrowid
        assert number is not None
        return number

    def add(
        self,
        texts: Sequence[str],
        vectors: Rows | None = None,
        *,
        path: str = "/a.txt",
        collection: str = "all",
        kind: str = "text",
        place: Place | None = None,
        mtime_ns: int = 0,
        embedder_id: int = 0,
    ) -> list[int]:
        """A file with these chunks; returns their ids."""
        embedder_id = embedder_id or self.embedder_id
        with self.index.writing() as connection:
            file_id = connection.execute(
                "INSERT INTO file (source_id, path, title, size, mtime_ns, state, changed_ms) "
                "VALUES (?, ?, ?, 1, ?, 'done', ?)",
                (self._source(connection, collection), path, Path(path).name, mtime_ns, now_ms()),
            ).lastrowid
            ids = []
            for position, text in enumerate(texts):
                number = connection.execute(
                    "INSERT INTO chunk (file_id, embedder_id, position, text, place, tokens, kind) "
                    "VALUES (?, ?, ?, ?, ?, 1, ?)",
                    (file_id, embedder_id, position, text, json.dumps((place or Place()).as_json()), kind),
                ).lastrowid
                assert number is not None
                ids.append(number)
            fts.put(connection, [(n, fts.words_of("", t)) for n, t in zip(ids, texts, strict=True)])
            if vectors is not None:
                blobs = [row.astype("<f2").tobytes() for row in vectors]
                content.put_vectors(connection, embedder_id, list(zip(ids, blobs, strict=True)))
        return ids

    def remove(self, ids: Sequence[int]) -> None:
        """Take chunks out."""
        with self.index.writing() as connection:
            for number in ids:
                content.remove_chunks(connection, "id = ?", number)

    def collection_id(self, name: str) -> int:
        """Of a collection."""
        with self.index.reading() as connection:
            return int(connection.execute("SELECT id FROM collection WHERE name = ?", (name,)).fetchone()[0])

    def _source(self, connection: Any, collection: str) -> int:
        if collection not in self._sources:
            number = connection.execute(
                "INSERT INTO collection (name, created_ms) VALUES (?, 0)", (collection,)
            ).lastrowid
            self._sources[collection] = connection.execute(
                "INSERT INTO source (collection_id, kind, path) VALUES (?, 'folder', '/')", (number,)
            ).lastrowid
        return self._sources[collection]
