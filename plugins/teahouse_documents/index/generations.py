"""The embedder that is searched with, the one whose index is built beside it, and the change of both."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from typing import Any

from teahouse_documents.index import content
from teahouse_documents.index.index import Index
from teahouse_documents.indexing.ports import Embedding

SWEPT_AT_ONCE = 20
"""Files whose old chunks go in one transaction."""


def adopt(index: Index, embedding: Embedding) -> int:
    """Make an embedder the one that is indexed for; returns its id in the index.

    Another one than before is built beside it: every file is waiting for it, and what the old one made is
    searched until `switch`.
    """
    with index.writing() as connection:
        active = connection.execute("SELECT * FROM embedder WHERE state = 'active'").fetchone()
        if active is None:
            number = _put(connection, embedding, "active")
        elif active["identity"] == embedding.identity:
            connection.execute("UPDATE embedder SET state = 'old' WHERE state = 'building'")
            number = int(active["id"])
        else:
            connection.execute(
                "UPDATE embedder SET state = 'old' WHERE state = 'building' AND identity != ?",
                (embedding.identity,),
            )
            number = _put(connection, embedding, "building")
        connection.execute(
            "UPDATE file SET state = 'waiting' WHERE state IN ('done', 'embedding') AND embedder_id IS NOT ?",
            (number,),
        )
    return number


def switch(index: Index) -> bool:
    """Search with what was built, when nothing waits for it any more; whether that happened."""
    with index.writing() as connection:
        building = connection.execute("SELECT id FROM embedder WHERE state = 'building'").fetchone()
        is_due = connection.execute(
            "SELECT EXISTS (SELECT 1 FROM file WHERE state IN ('waiting', 'embedding'))"
        ).fetchone()[0]
        if building is None or is_due:
            return False
        connection.execute("UPDATE embedder SET state = 'old' WHERE state = 'active'")
        connection.execute("UPDATE embedder SET state = 'active' WHERE id = ?", (building[0],))
    return True


def sweep(index: Index) -> bool:
    """Remove some of what an old embedder made; False when nothing is left of any."""
    with index.writing() as connection:
        old = connection.execute("SELECT id FROM embedder WHERE state = 'old' LIMIT 1").fetchone()
        if old is None:
            return False
        files = connection.execute(
            "SELECT DISTINCT file_id FROM chunk WHERE embedder_id = ? LIMIT ?", (old[0], SWEPT_AT_ONCE)
        ).fetchall()
        for (file_id,) in files:
            content.remove_chunks(connection, "embedder_id = ? AND file_id = ?", old[0], file_id)
        if not files:
            connection.execute("DELETE FROM embedder WHERE id = ?", (old[0],))
    return True


def active_spec(index: Index) -> dict[str, Any] | None:
    """JSON of the embedder that is searched with; None for none."""
    with index.reading() as connection:
        row = connection.execute("SELECT spec, dimension FROM embedder WHERE state = 'active'").fetchone()
    if row is None or not row["dimension"]:
        return None
    spec: dict[str, Any] = json.loads(row["spec"])
    return spec


def _put(connection: sqlite3.Connection, embedding: Embedding, state: str) -> int:
    connection.execute(
        "INSERT INTO embedder (identity, name, dimension, spec, state) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (identity) DO UPDATE SET state = excluded.state, name = excluded.name, "
        "spec = excluded.spec",
        (
            *(embedding.identity, embedding.embedder.name, embedding.dimension),
            *(json.dumps(asdict(embedding.embedder), ensure_ascii=False), state),
        ),
    )
    row = connection.execute("SELECT id FROM embedder WHERE identity = ?", (embedding.identity,)).fetchone()
    return int(row[0])
