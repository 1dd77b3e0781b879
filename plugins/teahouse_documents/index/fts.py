"""The rows of the full-text index. It holds no text of its own: a row goes with the words it came with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from teahouse_documents.search import lexical

VERSION = str(lexical.VERSION)
"""Of the split; kept in `meta.split`."""


def words_of(heading: str, text: str) -> str:
    """The words under which a chunk is found."""
    return lexical.split(f"{heading}\n{text}" if heading else text)


def put(connection: sqlite3.Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Add chunks: (id, words)."""
    connection.executemany("INSERT INTO fts (rowid, words) VALUES (?, ?)", rows)


def remove(connection: sqlite3.Connection, condition: str, *values: object) -> None:
    """Take the chunks that fit an SQL condition out of the index; they must still stand in `chunk`."""
    rows = connection.execute(f"SELECT id, heading, text FROM chunk WHERE {condition}", values)
    connection.executemany(
        "INSERT INTO fts (fts, rowid, words) VALUES ('delete', ?, ?)",
        ((row[0], words_of(row[1], row[2])) for row in rows),
    )


def make_anew(connection: sqlite3.Connection) -> None:
    """Make the whole index from the chunks: what was deleted leaves no trace in it."""
    connection.execute("INSERT INTO fts (fts) VALUES ('delete-all')")
    rows = connection.execute("SELECT id, heading, text FROM chunk ORDER BY id")
    put(connection, ((row[0], words_of(row[1], row[2])) for row in rows))
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('split', ?)", (VERSION,))


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether the index was made by the split of this version."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'split'").fetchone()
    return row is not None and row[0] == VERSION
