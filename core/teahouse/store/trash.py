"""The trash: conversations wait there for 30 days, and only then are deleted for good.

A clock that is far ahead for once deletes nothing: what is old goes only when two looks at the clock, a day
to 40 days apart, agree about the time. When the last one was is kept in a file beside the database.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from teahouse.ids import now_ms
from teahouse.search import index
from teahouse.store import attachments, conversations, generations, messages

DAYS_IN_TRASH = 30

DAY_MS = 24 * 60 * 60 * 1000

EARLIEST_MS = 1_577_836_800_000
"""2020, before which nothing was put into the trash: a damaged time deletes nothing."""


LONGEST_PAUSE_MS = 40 * DAY_MS
"""After a longer one either nobody was here or the clock is wrong: the next look tells."""

NAME = "trash.json"


def look(file: Path, *, now: int) -> bool:
    """Whether what is old in the trash of a database may go at this moment, which is remembered."""
    last = _recall(file)
    # Not the next look of the same window either, or a wrong clock would be believed some seconds later.
    if 0 <= now - last < DAY_MS:
        return False
    return _remember(file, now) and 0 <= now - last <= LONGEST_PAUSE_MS


def forget(file: Path) -> None:
    """Another file has the database's place now; what is in its trash stays for a day at least."""
    (file.parent / NAME).unlink(missing_ok=True)


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


def _recall(file: Path) -> int:
    """When the last look was; 0 where that cannot be read."""
    try:
        looked_ms = json.loads((file.parent / NAME).read_text("utf-8"))["looked_ms"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return looked_ms if isinstance(looked_ms, int) else 0


def _remember(file: Path, now: int) -> bool:
    """Keep the moment of this look; where that fails nothing goes."""
    part = file.parent / f"{NAME}.part"
    try:
        part.write_text(json.dumps({"looked_ms": now}), "utf-8")
        part.replace(file.parent / NAME)
    except OSError:
        return False
    return True
