"""What is told of files, progress and problems; read from index.db."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from teahouse.language import Translator
from teahouse_documents.index.index import Index
from teahouse_documents.index.schema import ACTIVE
from teahouse_documents.values import File, Problem

_ = Translator("teahouse_documents")

MOST_PROBLEMS = 500


def files(index: Index, source_id: int | None, states: Sequence[str], limit: int, offset: int) -> list[File]:
    """Files of a source (None: of all) by path."""
    conditions, values = ["1"], list[Any]()
    if source_id is not None:
        conditions.append("source_id = ?")
        values.append(source_id)
    if states:
        conditions.append(f"state IN ({', '.join('?' * len(states))})")
        values += states
    with index.reading() as connection:
        rows = connection.execute(
            f"SELECT * FROM file WHERE {' AND '.join(conditions)} ORDER BY path, id LIMIT ? OFFSET ?",
            (*values, limit, offset),
        ).fetchall()
        return [_file(connection, row) for row in rows]


def counts(index: Index) -> dict[str, Any]:
    """Files by state, chunks and vectors that can be searched, embedders: for `Status`."""
    with index.reading() as connection:
        states = dict(connection.execute("SELECT state, count(*) FROM file GROUP BY state").fetchall())
        embedders = {row["state"]: row["name"] for row in connection.execute("SELECT * FROM embedder")}
        chunks = _count(connection, f"SELECT count(*) FROM chunk WHERE embedder_id = {ACTIVE}")
        embedded = _count(connection, f"SELECT count(*) FROM vector WHERE embedder_id = {ACTIVE}")
        remarks = _count(connection, "SELECT count(*) FROM file WHERE remarks != '[]'")
        sources = _count(connection, "SELECT count(*) FROM source WHERE reason != ''")
    failed = states.get("failed", 0) + states.get("quarantined", 0)
    return {
        "files": sum(states.values()) - states.get("gone", 0),
        "done": states.get("done", 0),
        "waiting": states.get("waiting", 0) + states.get("embedding", 0),
        "failed": failed,
        "chunks": chunks,
        "embedded": embedded,
        "embedder": embedders.get("active", ""),
        "building": embedders.get("building", ""),
        "problems": failed + remarks + sources,
    }


def left(index: Index, embedder_id: int) -> tuple[int, float, int]:
    """Chunks without vector, chunks that waiting files will probably give, and the bytes of these files."""
    with index.reading() as connection:
        made = connection.execute(
            "SELECT count(*), coalesce(sum(size), 0) FROM file "
            "WHERE embedder_id = ? AND state IN ('embedding', 'done')",
            (embedder_id,),
        ).fetchone()
        chunks = _count(connection, f"SELECT count(*) FROM chunk WHERE embedder_id = {int(embedder_id)}")
        vectors = _count(connection, f"SELECT count(*) FROM vector WHERE embedder_id = {int(embedder_id)}")
        waiting = _count(connection, "SELECT coalesce(sum(size), 0) FROM file WHERE state = 'waiting'")
    chunks_a_byte = chunks / made[1] if made[1] else 0.0
    return chunks - vectors, waiting * chunks_a_byte, waiting


def problems(index: Index) -> list[Problem]:
    """Of sources and files, most important first; at most 500."""
    with index.reading() as connection:
        sources = connection.execute("SELECT * FROM source WHERE reason != '' ORDER BY path").fetchall()
        bad = connection.execute(
            "SELECT * FROM file WHERE state IN ('failed', 'quarantined') ORDER BY state DESC, path LIMIT ?",
            (MOST_PROBLEMS,),
        ).fetchall()
        remarked = connection.execute(
            "SELECT * FROM file WHERE remarks != '[]' AND state NOT IN ('failed', 'quarantined') "
            "ORDER BY path LIMIT ?",
            (MOST_PROBLEMS,),
        ).fetchall()
    found = [Problem("source", row["reason"], path=row["path"], source_id=row["id"]) for row in sources]
    found += [
        Problem(row["state"], row["reason"], path=row["path"], file_id=row["id"], source_id=row["source_id"])
        for row in bad
    ]
    found += [
        Problem("remark", text, path=row["path"], file_id=row["id"], source_id=row["source_id"])
        for row in remarked
        for text in json.loads(row["remarks"])
    ]
    return found[:MOST_PROBLEMS]


def _file(connection: sqlite3.Connection, row: sqlite3.Row) -> File:
    chunks = connection.execute(
        f"SELECT count(*) FROM chunk WHERE file_id = ? AND embedder_id = {ACTIVE}", (row["id"],)
    ).fetchone()[0]
    return File(
        row["id"],
        row["source_id"],
        row["path"],
        row["title"],
        max(0, row["size"]),
        row["state"],
        row["reason"],
        tuple(json.loads(row["remarks"])),
        chunks,
        row["loader"],
        row["changed_ms"],
    )


def _count(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])
