"""What index.db says of its vectors: the truth that every index of vectors is compared with."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np

from teahouse_documents.vectors.chroma import Chroma
from teahouse_documents.vectors.index import Broken, Rows

PROBED = 8


class Database(Protocol):
    """index.db, as `teahouse_documents.index.index.Index` gives it."""

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction that sees one state."""

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction that writes."""


def check(connection: sqlite3.Connection, embedder_id: int, chroma: Chroma) -> None:
    """Compare a collection with the truth: their numbers, and a few vectors that must be found.

    Raises:
        Broken: They do not agree.
    """
    in_step = "FROM vector WHERE embedder_id = ? AND chunk_id NOT IN (SELECT chunk_id FROM unsynced)"
    ids = [row[0] for row in connection.execute(f"SELECT chunk_id {in_step}", (embedder_id,))]
    waiting = int(connection.execute("SELECT count(*) FROM unsynced").fetchone()[0])
    found = chroma.count()
    if not len(ids) <= found <= len(ids) + waiting:
        raise Broken(f"it holds {found} vectors instead of {len(ids)}")
    probed = ids[:: max(1, len(ids) // PROBED)]
    marks = ", ".join("?" * len(probed))
    rows = connection.execute(f"SELECT chunk_id, value FROM vector WHERE chunk_id IN ({marks})", probed)
    chroma.check([(row[0], np.frombuffer(row[1], "<f2").astype(np.float32)) for row in rows])


def mark_all(index: Database) -> int:
    """Name every vector in `unsynced`, so that all are carried over anew; returns how many there are."""
    with index.writing() as connection:
        connection.execute("INSERT OR REPLACE INTO unsynced SELECT chunk_id, embedder_id FROM vector")
        return int(connection.execute("SELECT count(*) FROM unsynced").fetchone()[0])


def mark_differences(connection: sqlite3.Connection, embedder_id: int, there: set[int]) -> None:
    """Name in `unsynced` what a server lacks or should not have."""
    rows = connection.execute("SELECT chunk_id FROM vector WHERE embedder_id = ?", (embedder_id,))
    wanted = {row[0] for row in rows}
    marks = ((number, embedder_id) for number in wanted ^ there)
    connection.executemany("INSERT OR REPLACE INTO unsynced VALUES (?, ?)", marks)


def is_behind(connection: sqlite3.Connection, embedder_id: int, most: int) -> bool:
    """Whether more than `most` changes are still to be carried over, so that exact search sees more."""
    found = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM unsynced WHERE embedder_id = ? LIMIT ?)",
        (embedder_id, most + 1),
    )
    return bool(found.fetchone()[0] > most)


def count(connection: sqlite3.Connection, embedder_id: int, most: int) -> int:
    """Vectors of an embedder, counted up to one more than `most`."""
    highest = int(connection.execute("SELECT max(chunk_id) FROM vector").fetchone()[0] or 0)
    if highest <= most // 2:
        return highest  # there cannot be more, and nobody asks for less
    found = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM vector WHERE embedder_id = ? LIMIT ?)", (embedder_id, most + 1)
    )
    return int(found.fetchone()[0])


def digest(connection: sqlite3.Connection, embedder_id: int) -> tuple[int, int]:
    """How many vectors an embedder has, and the sum of their ids: other vectors, another digest."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(chunk_id), 0) FROM vector WHERE embedder_id = ?", (embedder_id,)
    ).fetchone()
    return int(row[0]), int(row[1])


def stored(connection: sqlite3.Connection, embedder_id: int) -> sqlite3.Cursor:
    """(chunk id, float16 bytes) of every vector of an embedder."""
    return connection.execute("SELECT chunk_id, value FROM vector WHERE embedder_id = ?", (embedder_id,))


def decoded(blobs: Sequence[bytes], dimension: int) -> Rows:
    """float32 (blobs, dimension)."""
    rows: Rows = np.frombuffer(b"".join(blobs), "<f2").reshape(len(blobs), dimension).astype(np.float32)
    return rows
