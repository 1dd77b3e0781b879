"""Chunks and vectors of files in index.db: put in, copied, removed. Each function runs in a transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from teahouse.ids import now_ms
from teahouse_documents.chunking.chunks import IDENTITY, Chunk
from teahouse_documents.index import fts

OUTDATED = f"(state IN ('embedding', 'done') AND chunker != '{IDENTITY}')"
"""SQL: of a file that another version cut into chunks: they are searched until it is cut anew."""

Vectors = dict[tuple[str, str], bytes]
"""Vectors of a file's chunks by heading and text."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A chunk that has no vector yet."""

    id: int
    heading: str
    text: str


def put_chunks(
    connection: sqlite3.Connection, file_id: int, embedder_id: int, chunks: Sequence[tuple[Chunk, str]]
) -> None:
    """Replace a file's chunks of one embedder; vectors of chunks that stay the same are kept.

    Args:
        chunks: Each with its words for the full-text index.
    """
    kept = _vectors(connection, file_id, embedder_id)
    remove_chunks(connection, "file_id = ? AND embedder_id = ?", file_id, embedder_id)
    for position, (chunk, words) in enumerate(chunks):
        place = json.dumps(chunk.place.as_json(), ensure_ascii=False)
        number = connection.execute(
            "INSERT INTO chunk (file_id, embedder_id, position, text, place, tokens, kind, heading) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (file_id, embedder_id, position, chunk.text, place, chunk.tokens, chunk.kind, chunk.heading),
        ).lastrowid
        assert number is not None
        fts.put(connection, [(number, words)])
        if (value := kept.get((chunk.heading, chunk.text))) is not None:
            put_vectors(connection, embedder_id, [(number, value)])


def copy_chunks(connection: sqlite3.Connection, from_id: int, to_id: int, embedder_id: int) -> None:
    """Give a file the chunks of another one that has the same bytes."""
    remove_chunks(connection, "file_id = ? AND embedder_id = ?", to_id, embedder_id)
    connection.execute(
        "INSERT INTO chunk (file_id, embedder_id, position, text, place, tokens, kind, heading) "
        "SELECT ?, embedder_id, position, text, place, tokens, kind, heading FROM chunk "
        "WHERE file_id = ? AND embedder_id = ? ORDER BY position",
        (to_id, from_id, embedder_id),
    )
    rows = connection.execute(
        "SELECT id, heading, text FROM chunk WHERE file_id = ? AND embedder_id = ?", (to_id, embedder_id)
    ).fetchall()
    fts.put(connection, ((row[0], fts.words_of(row[1], row[2])) for row in rows))


def copy_vectors(connection: sqlite3.Connection, file_id: int, embedder_id: int) -> int:
    """Take over vectors that stand for the same text in files of the same bytes; returns how many."""
    rows = connection.execute(
        "SELECT mine.id, min(vector.value) FROM chunk mine "
        "JOIN file me ON me.id = mine.file_id JOIN file twin ON twin.hash = me.hash AND twin.id != me.id "
        "JOIN chunk theirs ON theirs.file_id = twin.id AND theirs.embedder_id = mine.embedder_id "
        "AND theirs.position = mine.position AND theirs.text = mine.text AND theirs.heading = mine.heading "
        "JOIN vector ON vector.chunk_id = theirs.id "
        "WHERE mine.file_id = ? AND mine.embedder_id = ? AND me.hash != '' "
        "AND NOT EXISTS (SELECT 1 FROM vector WHERE chunk_id = mine.id) GROUP BY mine.id",
        (file_id, embedder_id),
    ).fetchall()
    put_vectors(connection, embedder_id, [(row[0], row[1]) for row in rows])
    return len(rows)


def put_vectors(
    connection: sqlite3.Connection, embedder_id: int, vectors: Sequence[tuple[int, bytes]]
) -> None:
    """Keep vectors: (chunk id, float16 bytes). One whose chunk is gone meanwhile is dropped."""
    connection.executemany(
        "INSERT OR REPLACE INTO vector (chunk_id, embedder_id, value) "
        "SELECT id, embedder_id, ? FROM chunk WHERE id = ? AND embedder_id = ?",
        ((value, number, embedder_id) for number, value in vectors),
    )
    connection.executemany(
        "INSERT OR REPLACE INTO unsynced VALUES (?, ?)", ((number, embedder_id) for number, _value in vectors)
    )


def pending(connection: sqlite3.Connection, file_id: int, embedder_id: int) -> list[int]:
    """Ids of a file's chunks without vector, in order."""
    rows = connection.execute(
        "SELECT id FROM chunk WHERE file_id = ? AND embedder_id = ? "
        "AND NOT EXISTS (SELECT 1 FROM vector WHERE chunk_id = chunk.id) ORDER BY position",
        (file_id, embedder_id),
    )
    return [row[0] for row in rows]


def texts(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Pending]:
    """The chunks of these ids that still stand, in order."""
    marks = ", ".join("?" * len(ids))
    rows = connection.execute(
        f"SELECT id, heading, text FROM chunk WHERE id IN ({marks}) ORDER BY id", tuple(ids)
    )
    return [Pending(row[0], row[1], row[2]) for row in rows]


def remove_chunks(connection: sqlite3.Connection, condition: str, *values: object) -> int:
    """Remove the chunks that fit an SQL condition, with words and vectors; returns how many."""
    fts.remove(connection, condition, *values)
    connection.execute(
        "INSERT OR REPLACE INTO unsynced SELECT chunk_id, embedder_id FROM vector "
        f"WHERE chunk_id IN (SELECT id FROM chunk WHERE {condition})",
        values,
    )
    return connection.execute(f"DELETE FROM chunk WHERE {condition}", values).rowcount


def remove_files(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Remove files with all that was made of them."""
    for number in ids:
        remove_chunks(connection, "file_id = ?", number)
        connection.execute("DELETE FROM file WHERE id = ?", (number,))


def set_state(connection: sqlite3.Connection, file_id: int, state: str, reason: str = "") -> None:
    """Note how far a file is."""
    connection.execute(
        "UPDATE file SET state = ?, reason = ?, changed_ms = ? WHERE id = ?",
        (state, reason, now_ms(), file_id),
    )


def _vectors(connection: sqlite3.Connection, file_id: int, embedder_id: int) -> Vectors:
    rows = connection.execute(
        "SELECT heading, text, value FROM chunk JOIN vector ON vector.chunk_id = chunk.id "
        "WHERE file_id = ? AND chunk.embedder_id = ?",
        (file_id, embedder_id),
    )
    return {(row[0], row[1]): row[2] for row in rows}
