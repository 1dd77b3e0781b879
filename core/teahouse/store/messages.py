"""The rows of messages and their parts: the tree."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from teahouse.errors import StoreError
from teahouse.ids import new_id, now_ms
from teahouse.language import _
from teahouse.messages import Conversation, File, Message, MessageState, Part, Role
from teahouse.search import index
from teahouse.store import attachments, conversations
from teahouse.store.rows import MESSAGE_COLUMNS, ROLES, STATES, THUMBS, clean, read_messages, read_object

WITH_PARTS = f"SELECT {MESSAGE_COLUMNS} FROM message AS m LEFT JOIN part AS p ON p.message_id = m.id"

ONLY_ONCE = frozenset({"context", "summary", "passages"})
"""Kinds of parts of which a message has one at most."""

ONE = f"{WITH_PARTS} WHERE m.id = ? ORDER BY p.position"

TREE = f"{WITH_PARTS} WHERE m.conversation_id = ? ORDER BY m.number, p.position"

# A parent is always older than its child; asking for it ends the walk also where a damaged file has a cycle.
PATH = f"""
WITH RECURSIVE path AS (
  SELECT number, parent_id FROM message WHERE id = ?
  UNION ALL
  SELECT parent.number, parent.parent_id FROM path JOIN message AS parent
  ON parent.id = path.parent_id AND parent.number < path.number
)
{WITH_PARTS} WHERE m.number IN (SELECT number FROM path) ORDER BY m.number, p.position
"""

# The list of ids is one JSON value: a query takes only so many variables.
SIBLINGS = """
SELECT asked.id AS asked_id, sibling.id AS id FROM json_each(?) AS wanted
JOIN message AS asked ON asked.id = wanted.value
JOIN message AS sibling
  ON sibling.parent_id IS asked.parent_id AND sibling.conversation_id = asked.conversation_id
ORDER BY sibling.number
"""

NEWEST_BELOW = """
WITH RECURSIVE below AS (
  SELECT id, number FROM message WHERE id = ?
  UNION ALL
  SELECT child.id, child.number FROM below JOIN message AS child
  ON child.parent_id = below.id AND child.number > below.number
)
SELECT id FROM below ORDER BY number DESC LIMIT 1
"""

CUT_OFF = """
UPDATE message SET parent_id = NULL WHERE conversation_id <> :id
AND parent_id IN (SELECT id FROM message WHERE conversation_id = :id)
"""


def add(
    connection: sqlite3.Connection,
    conversation_id: str,
    *,
    role: Role,
    text: str,
    parent_id: str | None,
    state: MessageState,
    writer_id: str,
) -> str:
    """Add a message with one text part, make it the leaf, and return its id.

    A message that is still to grow has no part before its first word: its reasoning comes before its text.
    """
    if role not in ROLES or state not in STATES:
        raise ValueError(f"no message has the role {role!r} and the state {state!r}")
    conversation = conversations.find(connection, conversation_id)
    parent_id = (_find_leaf(connection, conversation) if parent_id is None else parent_id) or None
    if parent_id is not None:
        conversations.check_member(connection, conversation_id, parent_id)
    message_id, writer = new_id(), writer_id if state == "streaming" else None
    connection.execute(
        "INSERT INTO message (id, conversation_id, parent_id, role, state, created_ms, writer_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (message_id, conversation_id, parent_id, role, state, now_ms(), writer),
    )
    if text or state != "streaming":
        insert_part(connection, message_id, Part("text", text))
    title = conversation.title or (conversations.make_title(text) if role == "user" else "")
    conversations.change(connection, conversation_id, {"leaf_id": message_id, "title": title})
    conversations.touch(connection, conversation_id)
    if state != "streaming":
        index.index_message(connection, message_id)
    return message_id


def append(connection: sqlite3.Connection, message_id: str, text: str, *, kind: str) -> None:
    """Let the last part of a kind grow; a message that has none gets one. Searched once it is finished."""
    message = find(connection, message_id)
    # A reply may have been called `partial` by a process that could not see that its writer lives.
    if message.state not in ("streaming", "partial"):
        raise StoreError(_("The message {id} is finished.").format(id=message_id), message=message_id)
    grown = connection.execute(
        "UPDATE part SET data = data || ? WHERE message_id = ? AND position ="
        " (SELECT max(position) FROM part WHERE message_id = ? AND kind = ?)",
        (clean(text), message_id, message_id, kind),
    )
    if not grown.rowcount:
        insert_part(connection, message_id, Part(kind, text))


def add_part(connection: sqlite3.Connection, message_id: str, part: Part) -> None:
    """Add a part after the others of a message, in place of a former one where there is only ever one."""
    find(connection, message_id)
    if part.kind in ONLY_ONCE:
        connection.execute("DELETE FROM part WHERE message_id = ? AND kind = ?", (message_id, part.kind))
    insert_part(connection, message_id, part)
    index.index_message(connection, message_id)


def attach(connection: sqlite3.Connection, message_id: str, file: File) -> Part:
    """Let a message carry a file."""
    part = attachments.make_part(file)
    attachments.keep(connection, file.data)
    add_part(connection, message_id, part)
    return part


def note_tokens(connection: sqlite3.Connection, message_id: str, tokens: Mapping[str, int]) -> None:
    """Note how long the texts of a message's files are; a part that is damaged stays as it is."""
    find(connection, message_id)
    rows = connection.execute(
        "SELECT position, data FROM part WHERE message_id = ? AND kind = ?", (message_id, attachments.KIND)
    ).fetchall()
    for row in rows:
        known = read_object(row["data"])
        if (count := tokens.get(str(known.get("hash")))) is not None:
            data = json.dumps({**known, "tokens": count}, ensure_ascii=False)
            connection.execute(
                "UPDATE part SET data = ? WHERE message_id = ? AND position = ?",
                (data, message_id, row["position"]),
            )


def pin(connection: sqlite3.Connection, message_id: str, is_pinned: bool) -> None:
    """Pin a message or let it go."""
    find(connection, message_id)
    connection.execute("UPDATE message SET is_pinned = ? WHERE id = ?", (int(is_pinned), message_id))


def judge(connection: sqlite3.Connection, message_id: str, *, thumb: int | None, note: str | None) -> None:
    """Set the thumb, the note, or both; None leaves one as it is."""
    if thumb is not None and thumb not in THUMBS:
        raise ValueError(f"a thumb is -1, 0 or 1, not {thumb!r}")
    find(connection, message_id)
    connection.execute(
        "UPDATE message SET thumb = coalesce(?, thumb), note = coalesce(?, note) WHERE id = ?",
        (thumb, None if note is None else clean(note), message_id),
    )


def rank(connection: sqlite3.Connection, message_ids: Sequence[str]) -> None:
    """Rank siblings from the best; the others of theirs have no rank then."""
    siblings = list_siblings(connection, message_ids[0])
    if not set(message_ids) <= set(siblings) or len(set(message_ids)) != len(message_ids):
        raise ValueError("only versions of one message, each once, can be ranked")
    ranks = {message_id: place for place, message_id in enumerate(message_ids, start=1)}
    connection.executemany(
        "UPDATE message SET rank = ? WHERE id = ?", [(ranks.get(one, 0), one) for one in siblings]
    )


def clear_rank(connection: sqlite3.Connection, message_id: str) -> None:
    """Take the ranks of all versions of a message back."""
    siblings = [(one,) for one in list_siblings(connection, message_id)]
    connection.executemany("UPDATE message SET rank = 0 WHERE id = ?", siblings)


def cut_off(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Let messages of other conversations that follow one of this begin theirs; only damage makes such."""
    connection.execute(CUT_OFF, {"id": conversation_id})


def finish(
    connection: sqlite3.Connection,
    message_id: str,
    state: MessageState,
    *,
    error: tuple[str, str] | None,
    parts: Sequence[Part] = (),
) -> None:
    """Give a message a state that lasts, what was added to it, and a part with what went wrong in words."""
    if state not in STATES or state == "streaming":
        raise ValueError(f"no message is finished as {state!r}")
    message = find(connection, message_id)
    connection.execute("UPDATE message SET state = ?, writer_id = NULL WHERE id = ?", (state, message_id))
    for part in parts:
        if part.kind == "text":
            _replace_text(connection, message_id, part.data)
        else:
            insert_part(connection, message_id, part)
    if error is not None:
        insert_part(connection, message_id, Part("error", "\n".join(filter(None, error))))
    conversations.touch(connection, message.conversation_id)
    index.index_message(connection, message_id)


def _replace_text(connection: sqlite3.Connection, message_id: str, text: str) -> None:
    """Let the first part of the text say all of it; the others go."""
    rows = connection.execute(
        "SELECT position FROM part WHERE message_id = ? AND kind = 'text' ORDER BY position", (message_id,)
    ).fetchall()
    if not rows:
        insert_part(connection, message_id, Part("text", text))
        return
    first = rows[0]["position"]
    connection.execute(
        "DELETE FROM part WHERE message_id = ? AND kind = 'text' AND position != ?", (message_id, first)
    )
    connection.execute(
        "UPDATE part SET data = ? WHERE message_id = ? AND position = ?", (clean(text), message_id, first)
    )


def find(connection: sqlite3.Connection, message_id: str) -> Message:
    """One message; StoreError when missing."""
    found = read_messages(connection, ONE, (message_id,))
    if not found:
        raise StoreError(
            _("The message {id} is not there.").format(id=message_id),
            _("It may have been deleted."),
            message=message_id,
        )
    return found[0]


def list_path(connection: sqlite3.Connection, conversation_id: str) -> list[Message]:
    """Root … leaf."""
    leaf_id = _find_leaf(connection, conversations.find(connection, conversation_id))
    return read_messages(connection, PATH, (leaf_id,))


def list_path_to(connection: sqlite3.Connection, message_id: str) -> list[Message]:
    """Root … this message."""
    return read_messages(connection, PATH, (find(connection, message_id).id,))


def list_tree(connection: sqlite3.Connection, conversation_id: str) -> list[Message]:
    """Every message of a conversation, each after its parent."""
    return read_messages(connection, TREE, (conversation_id,))


def list_siblings(connection: sqlite3.Connection, message_id: str) -> list[str]:
    """Ids of the messages with the same parent, oldest first."""
    message = find(connection, message_id)
    rows = connection.execute(
        "SELECT id FROM message WHERE parent_id IS ? AND conversation_id = ? ORDER BY number",
        (message.parent_id, message.conversation_id),
    )
    return [row["id"] for row in rows]


def list_siblings_of(connection: sqlite3.Connection, message_ids: Iterable[str]) -> dict[str, list[str]]:
    """The same for each of many messages that are there, in one query."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(SIBLINGS, (json.dumps(list(message_ids)),)):
        found.setdefault(row["asked_id"], []).append(row["id"])
    return found


def show(connection: sqlite3.Connection, message_id: str) -> None:
    """Move the leaf of the conversation to the newest message at or below this one."""
    message = find(connection, message_id)
    newest = connection.execute(NEWEST_BELOW, (message_id,)).fetchone()
    connection.execute(
        "UPDATE conversation SET leaf_id = ? WHERE id = ?", (newest["id"], message.conversation_id)
    )


def _find_leaf(connection: sqlite3.Connection, conversation: Conversation) -> str | None:
    """The leaf; where it leads nowhere in a damaged file, the newest message."""
    if conversation.leaf_id is None:
        return None
    rows = connection.execute(
        "SELECT id FROM message WHERE conversation_id = ? ORDER BY id = ? DESC, number DESC LIMIT 1",
        (conversation.id, conversation.leaf_id),
    )
    return next((str(row["id"]) for row in rows), None)


def insert_part(connection: sqlite3.Connection, message_id: str, part: Part) -> None:
    """Put a part after the others of a message; a file that it stands for is carried by the message."""
    connection.execute(
        "INSERT INTO part (message_id, position, kind, data, source, is_trusted) VALUES (?, 1 + coalesce("
        "(SELECT max(position) FROM part WHERE message_id = ?), -1), ?, ?, ?, ?)",
        (message_id, message_id, part.kind, clean(part.data), clean(part.source), int(part.is_trusted)),
    )
    if part.kind == attachments.KIND:
        attachments.link(connection, message_id, str(read_object(part.data).get("hash")))
