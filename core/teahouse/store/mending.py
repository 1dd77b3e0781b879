"""A salvaged database made whole: what is lost but referred to comes from backups or is a placeholder."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

from teahouse.ids import is_id, new_id, now_ms
from teahouse.language import _
from teahouse.search import index
from teahouse.store.connections import connect_read_only
from teahouse.store.tables import TABLES, columns_of

MAX_ROUNDS = 10_000
"""How far up a tree lost messages are looked for."""

LOST_MESSAGES = """
SELECT parent_id AS id FROM message WHERE parent_id IS NOT NULL
UNION SELECT leaf_id FROM conversation WHERE leaf_id IS NOT NULL
UNION SELECT message_id FROM part
UNION SELECT message_id FROM generation
UNION SELECT message_id FROM attached
EXCEPT SELECT id FROM message
"""

LOST_CONVERSATIONS = """
SELECT conversation_id AS id FROM message UNION SELECT conversation_id FROM tag
EXCEPT SELECT id FROM conversation
"""

EMPTY_MESSAGES = "SELECT id FROM message EXCEPT SELECT message_id FROM part"

LOST_FILES = "SELECT attachment_hash AS id FROM attached EXCEPT SELECT hash FROM attachment"

WANTED = (
    ("message", "id", LOST_MESSAGES),
    ("part", "message_id", EMPTY_MESSAGES),
    ("conversation", "id", LOST_CONVERSATIONS),
    ("attachment", "hash", LOST_FILES),
)
"""(table, column, which values of it are looked for in a backup)."""

OWNERS = (
    "SELECT message_id FROM part UNION SELECT message_id FROM generation"
    " UNION SELECT message_id FROM attached"
)

REPAIRS = (
    "DELETE FROM tag WHERE conversation_id NOT IN (SELECT id FROM conversation)",
    "DELETE FROM attached WHERE attachment_hash NOT IN (SELECT hash FROM attachment)",
    # A message whose parent is lost follows the one written before it in its conversation.
    "UPDATE message SET parent_id = (SELECT before.id FROM message AS before"
    " WHERE before.conversation_id = message.conversation_id AND before.number < message.number"
    " ORDER BY before.number DESC LIMIT 1)"
    " WHERE parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM message AS parent"
    " WHERE parent.id = message.parent_id AND parent.number < message.number)",
    "UPDATE conversation SET leaf_id = (SELECT id FROM message WHERE conversation_id = conversation.id"
    " ORDER BY number DESC LIMIT 1)"
    " WHERE leaf_id IS NULL OR leaf_id NOT IN (SELECT id FROM message)",
    # `prompt_shared` stays: it says that the prompt cannot be put together any more.
    "UPDATE generation SET prompt_base_id = NULL WHERE prompt_base_id IS NOT NULL"
    " AND prompt_base_id NOT IN (SELECT message_id FROM generation)",
)


def fill_from(new: sqlite3.Connection, backup: Path) -> int:
    """Take from a backup what is referred to but lost; how many rows."""
    try:
        with closing(connect_read_only(backup, is_still=True)) as old:
            taken, more = 0, 1
            for _round in range(MAX_ROUNDS):
                # A message found may refer to another one that is lost.
                more = sum(_take(new, old, *wanted) for wanted in WANTED)
                taken += more
                if not more:
                    break
            return taken
    except sqlite3.DatabaseError:
        # A backup of a version without this table, or damaged as well: the others are asked.
        return 0


def mend(new: sqlite3.Connection) -> int:
    """Give what refers to something lost a placeholder or another place; how many placeholders."""
    _drop_damaged_files(new)
    placeholders = _stand_in_for_conversations(new) + _stand_in_for_messages(new)
    for statement in REPAIRS:
        new.execute(statement)
    return placeholders


def index_anew(new: sqlite3.Connection) -> None:
    """Let the search be built again from what is there now."""
    index.start_again(new)


def _take(new: sqlite3.Connection, old: sqlite3.Connection, table: str, column: str, wanted: str) -> int:
    kept = next(one for one in TABLES if one.name == table)
    columns = columns_of(new, table)
    taken = 0
    for (value,) in new.execute(wanted).fetchall():
        for row in old.execute(f"SELECT * FROM {table} WHERE {column} = ?", (value,)).fetchall():
            taken += kept.insert(new, dict(zip(row.keys(), row, strict=True)), columns)
    return taken


def _stand_in_for_conversations(new: sqlite3.Connection) -> int:
    lost = [row["id"] for row in new.execute(LOST_CONVERSATIONS).fetchall()]
    for conversation_id in lost:
        _add_conversation(new, conversation_id)
    return len(lost)


def _stand_in_for_messages(new: sqlite3.Connection) -> int:
    """A message for each whose parts or generation are left, one below the other in their order of time."""
    owners = {row["id"] for row in new.execute(LOST_MESSAGES).fetchall()}
    bare = {row[0] for row in new.execute(OWNERS).fetchall()}
    lost = sorted(owners & bare)
    if not lost:
        return 0
    conversation_id, parent_id = new_id(), None
    _add_conversation(new, conversation_id)
    for message_id in lost:
        new.execute(
            "INSERT INTO message (id, conversation_id, parent_id, role, state, created_ms)"
            " VALUES (?, ?, ?, 'assistant', 'partial', ?)",
            (message_id, conversation_id, parent_id, _time_of(message_id)),
        )
        parent_id = message_id
    return len(lost)


def _add_conversation(new: sqlite3.Connection, conversation_id: str) -> None:
    made_ms = _time_of(conversation_id)
    new.execute(
        "INSERT INTO conversation (id, title, created_ms, updated_ms) VALUES (?, ?, ?, ?)",
        (conversation_id, _("Salvaged"), made_ms, made_ms),
    )


def _time_of(row_id: str) -> int:
    """When an id was made, which it says itself."""
    return UUID(row_id).int >> 80 if is_id(row_id) else now_ms()


def _drop_damaged_files(new: sqlite3.Connection) -> None:
    for (number,) in new.execute("SELECT number FROM attachment").fetchall():
        digest, data = new.execute("SELECT hash, data FROM attachment WHERE number = ?", (number,)).fetchone()
        if hashlib.sha256(data).hexdigest() != digest:
            new.execute("DELETE FROM attachment WHERE number = ?", (number,))
