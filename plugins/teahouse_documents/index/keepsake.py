"""What a person has put together, kept beside the index: which collections there are, and their sources.

All else can be made again from the files; this could not, were index.db damaged where it stands.
"""

from __future__ import annotations

import base64
import contextlib
import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.ids import now_ms
from teahouse.store.connections import connect_read_only

if TYPE_CHECKING:
    from teahouse_documents.index.index import Index

NAME = "collections.json"

Kept = dict[str, Any]
"""A source: collection, kind (empty for a collection without source), path, raw (base64), options (JSON)."""

QUERY = (
    "SELECT collection.name, coalesce(kind, ''), coalesce(path, ''), raw, coalesce(options, '{}') "
    "FROM collection LEFT JOIN source ON source.collection_id = collection.id ORDER BY 1, 3"
)


def write(index: Index) -> None:
    """Keep what stands in the index now."""
    with index.reading() as connection:
        kept = _read(connection)
    file = index.file.with_name(NAME)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
    fresh.replace(file)


def rescue(file: Path) -> list[Kept]:
    """The sources of a damaged index, from itself or from what was kept beside it."""
    with (
        contextlib.suppress(sqlite3.DatabaseError, OSError),
        contextlib.closing(connect_read_only(file)) as connection,
    ):
        if kept := _read(connection):
            return kept
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(file.with_name(NAME).read_text("utf-8"))
        return [one for one in kept if isinstance(one, dict) and one.get("collection")]
    return []


def restore(index: Index, kept: list[Kept]) -> None:
    """Put rescued sources into a new index; their files are read again."""
    with index.writing() as connection:
        for one in kept:
            connection.execute(
                "INSERT OR IGNORE INTO collection (name, created_ms) VALUES (?, ?)",
                (one["collection"], now_ms()),
            )
            if one.get("kind"):
                raw = base64.b64decode(one["raw"]) if one.get("raw") else None
                connection.execute(
                    "INSERT OR IGNORE INTO source (collection_id, kind, path, raw, options) "
                    "SELECT id, ?, ?, ?, ? FROM collection WHERE name = ?",
                    (one["kind"], one["path"], raw, one.get("options", "{}"), one["collection"]),
                )


def _read(connection: sqlite3.Connection) -> list[Kept]:
    return [
        {
            "collection": row[0],
            "kind": row[1],
            "path": row[2],
            "raw": base64.b64encode(row[3]).decode("ascii") if row[3] is not None else None,
            "options": row[4],
        }
        for row in connection.execute(QUERY)
    ]
