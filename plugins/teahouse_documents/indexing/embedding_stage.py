"""The second half of indexing: chunks without vector get one, a few at a time, each few kept at once."""

from __future__ import annotations

import sqlite3
import time

from teahouse.errors import AppError
from teahouse.language import Translator
from teahouse_documents.index import content
from teahouse_documents.index.index import Index
from teahouse_documents.indexing.ports import Embedding
from teahouse_documents.indexing.speed import Speed

_ = Translator("teahouse_documents")

AT_ONCE = 4
"""Chunks embedded and kept together: what a sudden end can cost, and how long a person waits at most."""
TRIES = 3
"""After so many faults in a row a file is left out, so that the others go on."""


class Embedder:
    """Embeds what was read, the most wanted file first."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._file_id = 0
        self._pending: list[int] = []
        self._faults: dict[int, int] = {}
        self.speed = Speed()
        self.current = ""

    def embed_next(self, embedding: Embedding, embedder_id: int) -> bool:
        """Embed some chunks of the next file; False where nothing is to be embedded.

        Raises:
            AppError: The embedder failed; the same is tried again next time.
        """
        row = self._next()
        if row is None:
            self._file_id, self.current = 0, ""
            return False
        if row["id"] != self._file_id:
            self._begin(row, embedder_id)
        batch, self._pending = self._pending[:AT_ONCE], self._pending[AT_ONCE:]
        try:
            self._embed(batch, embedding, embedder_id)
        except AppError as error:
            self._file_id = 0
            self._note_fault(row, error)
            raise
        self._faults.pop(row["id"], None)
        if not self._pending:
            self._finish(row, embedder_id)
        return True

    def forget(self) -> None:
        """Begin anew with the next call: files were changed meanwhile."""
        self._file_id = 0

    # --- inside -------------------------------------------------------------------------------------

    def _next(self) -> sqlite3.Row | None:
        with self._index.reading() as connection:
            row: sqlite3.Row | None = connection.execute(
                "SELECT id, path FROM file WHERE state = 'embedding' ORDER BY priority DESC, id LIMIT 1"
            ).fetchone()
        return row

    def _begin(self, row: sqlite3.Row, embedder_id: int) -> None:
        with self._index.writing() as connection:
            content.copy_vectors(connection, row["id"], embedder_id)
            self._pending = content.pending(connection, row["id"], embedder_id)
        self._file_id, self.current = row["id"], row["path"]

    def _embed(self, ids: list[int], embedding: Embedding, embedder_id: int) -> None:
        if not ids:
            return
        with self._index.reading() as connection:
            waiting = content.texts(connection, ids)
        begun = time.monotonic()
        made = embedding.embed_passages([chunk.text for chunk in waiting]).astype("<f2")
        self.speed.note(len(waiting), time.monotonic() - begun)
        vectors = [(chunk.id, made[at].tobytes()) for at, chunk in enumerate(waiting)]
        with self._index.writing() as connection:
            content.put_vectors(connection, embedder_id, vectors)

    def _finish(self, row: sqlite3.Row, embedder_id: int) -> None:
        """The file is done, unless it was read anew meanwhile."""
        self._file_id = 0
        with self._index.writing() as connection:
            connection.execute(
                "UPDATE file SET state = 'done', priority = 0 WHERE id = ? AND state = 'embedding' "
                "AND NOT EXISTS (SELECT 1 FROM chunk WHERE file_id = file.id AND embedder_id = ? "
                "AND NOT EXISTS (SELECT 1 FROM vector WHERE chunk_id = chunk.id))",
                (row["id"], embedder_id),
            )

    def _note_fault(self, row: sqlite3.Row, error: AppError) -> None:
        self._faults[row["id"]] = self._faults.get(row["id"], 0) + 1
        if self._faults[row["id"]] >= TRIES:
            del self._faults[row["id"]]
            with self._index.writing() as connection:
                content.set_state(connection, row["id"], "failed", str(error))
