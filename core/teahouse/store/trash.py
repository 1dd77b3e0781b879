"""The trash: conversations wait there for 30 days, and only then are deleted for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from teahouse.ids import now_ms
from teahouse.search import index
from teahouse.store import attachments, conversations, generations, messages

DAYS_IN_TRASH = 30

DAY_MS = 24 * 60 * 60 * 1000

EARLIEST_MS = 1_577_836_800_000
"""2020, before which nothing was put into the trash: a damaged time deletes nothing."""


def put(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Put a conversation into the trash; one that is there already keeps its day."""
    conversations.find(connection, conversation_id)
    connection.execute(
        "UPDATE conversation SET trashed_ms = ? WHERE id = ? AND trashed_ms IS NULL",
        (now_ms(), conversation_id),
    )


def take_back(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Take a conversation out of the trash; it has the place in the list that it had."""
    conversations.find(connection, conversation_id)
    connection.execute("UPDATE conversation SET trashed_ms = NULL WHERE id = ?", (conversation_id,))


def list_older(connection: sqlite3.Connection, older_than_ms: int) -> list[str]:
    """Ids of what was put into the trash before a moment."""
    rows = connection.execute(
        "SELECT id FROM conversation WHERE typeof(trashed_ms) = 'integer' AND trashed_ms >= ?"
        " AND trashed_ms < ?",
        (EARLIEST_MS, older_than_ms),
    )
    return [str(row["id"]) for row in rows]


def delete(connection: sqlite3.Connection, conversation_ids: Sequence[str]) -> None:
    """Delete conversations with all that belongs to them, and the files that nothing carries any more."""
    files: set[str] = set()
    for conversation_id in conversation_ids:
        files.update(attachments.list_of(connection, conversation_id))
        index.forget_conversation(connection, conversation_id)
        # After a salvage others may build on it, which would keep it from being deleted.
        messages.cut_off(connection, conversation_id)
        generations.cut_off(connection, conversation_id)
        connection.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))
    if conversation_ids:
        index.wipe_forgotten(connection)
    attachments.delete_unused(connection, files)
