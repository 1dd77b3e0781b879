"""The rows of conversations and their tags."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from teahouse.errors import StoreError
from teahouse.ids import new_id, now_ms
from teahouse.language import _
from teahouse.messages import Conversation
from teahouse.search import index
from teahouse.store import names
from teahouse.store.rows import clean, read_conversation, read_text

COLUMNS = frozenset(
    {"title", "folder", "system_prompt", "model", "leaf_id", "settings", "draft", "is_pinned", "is_archived"}
)
"""What `change` sets; `tags` have a table of their own."""

CHANGEABLE = COLUMNS | {"tags"}

MAX_TITLE_CHARS = 60


def create(connection: sqlite3.Connection, *, title: str, model: str, system_prompt: str) -> Conversation:
    """Add an empty conversation."""
    conversation_id, now = new_id(), now_ms()
    connection.execute(
        "INSERT INTO conversation (id, title, model, system_prompt, created_ms, updated_ms)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (conversation_id, clean(title), clean(model), clean(system_prompt), now, now),
    )
    touch(connection, conversation_id)
    index.index_title(connection, conversation_id)
    return find(connection, conversation_id)


def list_all(
    connection: sqlite3.Connection, *, is_trashed: bool = False, is_archived: bool | None = None
) -> list[Conversation]:
    """Those in the trash or those outside it, newest updated first."""
    tags = _list_tags(connection)
    rows = connection.execute(
        "SELECT * FROM conversation WHERE (trashed_ms IS NOT NULL) = ? ORDER BY updated_ms DESC, number DESC",
        (is_trashed,),
    )
    found = [read_conversation(row, tags.get(row["id"], ())) for row in rows]
    return [c for c in found if is_archived is None or c.is_archived == is_archived]


def find(connection: sqlite3.Connection, conversation_id: str) -> Conversation:
    """One conversation; StoreError when missing."""
    row = connection.execute("SELECT * FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    if row is None:
        raise StoreError(
            _("The conversation {id} is not there.").format(id=conversation_id),
            _("It may have been deleted."),
            conversation=conversation_id,
        )
    tags = connection.execute(
        "SELECT name FROM tag WHERE conversation_id = ? ORDER BY name", (conversation_id,)
    )
    return read_conversation(row, tuple([read_text(tag["name"]) for tag in tags]))


def change(connection: sqlite3.Connection, conversation_id: str, fields: dict[str, Any]) -> Conversation:
    """Replace the given fields; TypeError for one that cannot be set."""
    if unknown := fields.keys() - CHANGEABLE:
        raise TypeError(f"a conversation has no field {', '.join(sorted(unknown))} to set")
    find(connection, conversation_id)
    if fields.get("leaf_id") is not None:
        check_member(connection, conversation_id, fields["leaf_id"])
    for name, value in fields.items():
        if name == "tags":
            set_tags(connection, conversation_id, names.spell_tags(connection, conversation_id, value))
        elif name == "folder":
            folder = names.spell_folder(connection, conversation_id, clean(value))
            connection.execute("UPDATE conversation SET folder = ? WHERE id = ?", (folder, conversation_id))
        else:
            connection.execute(
                f"UPDATE conversation SET {name} = ? WHERE id = ?", (_to_column(value), conversation_id)
            )
    if "title" in fields:
        index.index_title(connection, conversation_id)
    return find(connection, conversation_id)


def replace_title(connection: sqlite3.Connection, conversation_id: str, *, expected: str, title: str) -> bool:
    """Set the title if it still is the expected one; whether it was."""
    if find(connection, conversation_id).title != expected:
        return False
    change(connection, conversation_id, {"title": title})
    return True


def set_tags(connection: sqlite3.Connection, conversation_id: str, tags: Iterable[str]) -> None:
    """Replace the tags; space around them does not count, empty ones and repetitions are left out."""
    connection.execute("DELETE FROM tag WHERE conversation_id = ?", (conversation_id,))
    connection.executemany(
        "INSERT INTO tag (conversation_id, name) VALUES (?, ?)",
        [(conversation_id, name) for name in sorted(names.each_once(tags))],
    )


def touch(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Move a conversation to the top of the list."""
    # Changes within one millisecond, or while the clock is set back a little, keep their order.
    connection.execute(
        "UPDATE conversation SET updated_ms = coalesce((SELECT max(updated_ms) + 1 FROM conversation"
        " WHERE updated_ms BETWEEN :now AND :now + 1000), :now) WHERE id = :id",
        {"now": now_ms(), "id": conversation_id},
    )


def check_member(connection: sqlite3.Connection, conversation_id: str, message_id: str) -> None:
    """StoreError when the conversation has no such message."""
    found = connection.execute(
        "SELECT 1 FROM message WHERE id = ? AND conversation_id = ?", (message_id, conversation_id)
    ).fetchone()
    if found is None:
        raise StoreError(
            _("The message {id} is not in this conversation.").format(id=message_id),
            _("It may have been deleted."),
            conversation=conversation_id,
            message=message_id,
        )


def make_title(text: str) -> str:
    """The first line with something in it, at most 60 characters."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    line = next((line for line in lines if line), "")
    return line if len(line) <= MAX_TITLE_CHARS else line[: MAX_TITLE_CHARS - 1].rstrip() + "…"


def _list_tags(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in connection.execute("SELECT conversation_id, name FROM tag ORDER BY name"):
        found[row[0]] = (*found.get(row[0], ()), read_text(row[1]))
    return found


def _to_column(value: Any) -> str | int | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dict):
        return json.dumps(value)
    return None if value is None else clean(value)
