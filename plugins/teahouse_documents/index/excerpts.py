"""The text of a file around a passage, as it was read: for who looks where an answer comes from."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from teahouse_documents.index.index import Index
from teahouse_documents.index.schema import ACTIVE
from teahouse_documents.scanning import names

BEFORE, SHOWN = 10, 40
"""Chunks before the passage, and all that are shown at once."""


def excerpt(index: Index, path: str, passage: str, first: int | None) -> dict[str, Any] | None:
    """Chunks of a file in order; None where it is not among the documents.

    Args:
        path: As people read it.
        passage: Text of which it is told where it stands; chunks that were put together are all found.
        first: Number of the first chunk; None: from a little before the passage.

    Returns:
        `file` (to be opened, as on the wire), `count`, `first`, `at` (numbers of the passage's chunks), and
        `chunks` with `text`, `place` and `kind`.
    """
    with index.reading() as connection:
        row = connection.execute(
            "SELECT id, path, raw FROM file WHERE path = ? ORDER BY state = 'done' DESC, id LIMIT 1", (path,)
        ).fetchone()
        if row is None:
            return None
        at = _places(connection, row["id"], passage)
        start = first if first is not None else max(0, (at[0] if at else 0) - BEFORE)
        chunks = connection.execute(
            f"SELECT text, place, kind FROM chunk WHERE file_id = ? AND embedder_id = {ACTIVE} "
            "ORDER BY position LIMIT ? OFFSET ?",
            (row["id"], SHOWN, start),
        ).fetchall()
        count = _count(connection, row["id"])
    return {
        "file": names.to_wire(names.opened(row["path"], row["raw"])),
        "count": count,
        "first": start,
        "at": at,
        "chunks": [
            {"text": one["text"], "place": json.loads(one["place"]), "kind": one["kind"]} for one in chunks
        ],
    }


def _places(connection: sqlite3.Connection, file_id: int, passage: str) -> list[int]:
    """Numbers of the chunks, from 0, whose whole text the passage has, or that have all of the passage."""
    rows = connection.execute(
        "SELECT number FROM (SELECT text, row_number() OVER (ORDER BY position) - 1 AS number FROM chunk "
        f"WHERE file_id = ? AND embedder_id = {ACTIVE}) "
        "WHERE text != '' AND (instr(?, text) OR instr(text, ?)) ORDER BY number",
        (file_id, passage, passage.strip() or "\0"),
    )
    return [row[0] for row in rows]


def _count(connection: sqlite3.Connection, file_id: int) -> int:
    count: int = connection.execute(
        f"SELECT count(*) FROM chunk WHERE file_id = ? AND embedder_id = {ACTIVE}", (file_id,)
    ).fetchone()[0]
    return count
