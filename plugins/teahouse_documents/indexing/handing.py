"""Past conversations in the index: the app tells which there are and hands over the text of those wanted.

The documents child may not open the conversations' database.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from teahouse.ids import now_ms
from teahouse_documents.index import content
from teahouse_documents.index.index import Index
from teahouse_documents.indexing.reading import CONVERSATION, READABLE
from teahouse_documents.values import Record


@dataclass(frozen=True, slots=True)
class Listed(Record):
    """A conversation as it is listed.

    Attributes:
        stamp: Another one when its text may be another one.
    """

    id: str
    stamp: int


@dataclass(frozen=True, slots=True)
class Handed(Record):
    """A conversation as it is handed over.

    Attributes:
        pieces: JSON of `Piece`, one for each message.
    """

    id: str
    stamp: int
    title: str
    pieces: tuple[dict[str, Any], ...] = ()


def source_ids(index: Index) -> list[int]:
    """Sources that are the past conversations."""
    with index.reading() as connection:
        rows = connection.execute("SELECT id FROM source WHERE kind = 'conversations'").fetchall()
    return [row[0] for row in rows]


def compare(index: Index, listed: Sequence[Listed]) -> list[str]:
    """Remove what is listed no more; returns the ids of conversations whose text is wanted."""
    stamps = {CONVERSATION + one.id: one.stamp for one in listed}
    wanted: dict[str, None] = {}
    for source_id in source_ids(index):
        with index.writing() as connection:
            known = _known(connection, source_id)
            content.remove_files(connection, [row["id"] for path, row in known.items() if path not in stamps])
            connection.execute(
                "UPDATE source SET state = 'ready', scanned_ms = ? WHERE id = ?", (now_ms(), source_id)
            )
        for path, stamp in stamps.items():
            row = known.get(path)
            if row is None or row["mtime_ns"] != stamp or row["is_wanted"]:
                wanted[path.removeprefix(CONVERSATION)] = None
    return list(wanted)


def hand_over(index: Index, handed: Sequence[Handed]) -> None:
    """Keep the text of conversations until it is indexed; one whose text is the same costs nothing."""
    for source_id in source_ids(index):
        with index.writing() as connection:
            for one in handed:
                _keep(connection, source_id, one)


def _known(connection: sqlite3.Connection, source_id: int) -> dict[str, sqlite3.Row]:
    rows = connection.execute(
        f"SELECT id, path, mtime_ns, (state = 'waiting' AND NOT ({READABLE})) OR {content.OUTDATED} "
        "is_wanted FROM file WHERE source_id = ?",
        (source_id,),
    )
    return {row["path"]: row for row in rows}


def _keep(connection: sqlite3.Connection, source_id: int, handed: Handed) -> None:
    pieces = json.dumps(list(handed.pieces), ensure_ascii=False)
    hash_ = hashlib.sha256(pieces.encode("utf-8", "replace")).hexdigest()
    path = CONVERSATION + handed.id
    row = connection.execute(
        f"SELECT id, hash, state = 'waiting' OR {content.OUTDATED} is_due FROM file "
        "WHERE source_id = ? AND path = ?",
        (source_id, path),
    ).fetchone()
    if row is not None and row["hash"] == hash_ and not row["is_due"]:
        connection.execute(
            "UPDATE file SET mtime_ns = ?, title = ? WHERE id = ?", (handed.stamp, handed.title, row["id"])
        )
        return
    # What stands here of it was made of another text, unless only its embedder is another one.
    connection.execute(
        "INSERT INTO file (source_id, path, title, size, mtime_ns, hash, state, changed_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?) ON CONFLICT (source_id, path) DO UPDATE SET "
        "title = excluded.title, size = excluded.size, mtime_ns = excluded.mtime_ns, state = 'waiting', "
        "hash = excluded.hash, changed_ms = excluded.changed_ms",
        (source_id, path, handed.title, len(pieces), handed.stamp, hash_, now_ms()),
    )
    connection.execute(
        "INSERT OR REPLACE INTO handed SELECT id, ? FROM file WHERE source_id = ? AND path = ?",
        (pieces, source_id, path),
    )
