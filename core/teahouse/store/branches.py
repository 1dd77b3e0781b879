"""Branches of a tree: copied into a conversation of their own, taken out into the trash, put back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from teahouse.errors import StoreError
from teahouse.ids import new_id, now_ms
from teahouse.language import _
from teahouse.messages import Conversation, Message
from teahouse.search import index
from teahouse.store import conversations, messages, trash, whole

BELOW = """
WITH RECURSIVE below AS (
  SELECT id, number, state FROM message WHERE id = ?
  UNION ALL
  SELECT child.id, child.number, child.state FROM below JOIN message AS child
  ON child.parent_id = below.id AND child.number > below.number
)
SELECT id, state FROM below ORDER BY number
"""

GROWING = ("reasoning", "text")

CUT = "\ufffd"
"""What stands for a character whose end had not come yet."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A message that was taken out with all below it, and what it takes to put it back.

    Attributes:
        trash_id: The conversation in the trash that holds it now.
        leaf_id: The leaf that its conversation had.
        count: How many messages were taken out.
    """

    message_id: str
    parent_id: str | None
    conversation_id: str
    trash_id: str
    leaf_id: str | None
    count: int


def copy(connection: sqlite3.Connection, message_id: str) -> Conversation:
    """A new conversation that holds a copy of the path up to a message, with what made each reply."""
    path = messages.list_path_to(connection, message_id)
    _check_finished([message.state for message in path])
    source = whole.read(connection, path[-1].conversation_id)
    on_path = {message.id for message in path}
    hashes = {digest for message in path for digest in _hashes(connection, message.id)}
    now = now_ms()
    conversation = replace(
        source.conversation,
        id=new_id(),
        title=_("{title} (branch)").format(title=source.conversation.title).strip(),
        created_ms=now,
        updated_ms=now,
        leaf_id=message_id,
        draft="",
        is_pinned=False,
        is_archived=False,
        trashed_ms=None,
    )
    branch = replace(
        source,
        conversation=conversation,
        messages=tuple([replace(message, rank=0) for message in path]),
        generations=tuple([made for made in source.generations if made.message_id in on_path]),
        attachments={digest: data for digest, data in source.attachments.items() if digest in hashes},
    )
    added = whole.add(connection, branch)
    conversations.touch(connection, added.id)
    return conversations.find(connection, added.id)


def take_out(connection: sqlite3.Connection, message_id: str) -> TakenOut:
    """Move a message with all below it into a conversation of its own, which is in the trash.

    Another version of it is shown then, else what was said before it.

    Raises:
        StoreError: There is no such message, or a reply below it is still being written.
    """
    message = messages.find(connection, message_id)
    below = connection.execute(BELOW, (message_id,)).fetchall()
    _check_finished([row["state"] for row in below])
    home = conversations.find(connection, message.conversation_id)
    others = [one for one in messages.list_siblings(connection, message_id) if one != message_id]
    title = _("{title} (deleted messages)").format(title=home.title).strip()
    bin_ = conversations.create(connection, title=title, model=home.model, system_prompt=home.system_prompt)
    # brought back as a conversation, it is answered as it was: with its adapters, samplers and documents
    conversations.change(connection, bin_.id, {"settings": home.settings})
    ids = [str(row["id"]) for row in below]
    _move(connection, ids, bin_.id, parent_id=None)
    messages.show(connection, message_id)
    trash.put(connection, bin_.id)
    if home.leaf_id in ids:
        _show_instead(connection, home.id, others, message.parent_id)
    return TakenOut(message_id, message.parent_id, home.id, bin_.id, home.leaf_id, len(ids))


def put_back(connection: sqlite3.Connection, taken: TakenOut) -> None:
    """Undo `take_out`.

    Raises:
        StoreError: What was taken out, or where it was, has been deleted for good meanwhile.
    """
    conversations.check_member(connection, taken.trash_id, taken.message_id)
    conversations.find(connection, taken.conversation_id)
    if taken.parent_id is not None:
        conversations.check_member(connection, taken.conversation_id, taken.parent_id)
    ids = [str(row["id"]) for row in connection.execute(BELOW, (taken.message_id,))]
    _move(connection, ids, taken.conversation_id, parent_id=taken.parent_id)
    leaf_id = taken.leaf_id if taken.leaf_id in ids else ids[-1]
    connection.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (leaf_id, taken.conversation_id))
    left = connection.execute("SELECT 1 FROM message WHERE conversation_id = ?", (taken.trash_id,)).fetchone()
    if left is None:
        trash.delete(connection, [taken.trash_id])


def begin_version(connection: sqlite3.Connection, message_id: str, *, writer_id: str) -> Message:
    """Add a version of a reply that begins with what the reply has said, and is still to grow."""
    old = messages.find(connection, message_id)
    new = messages.add(
        connection,
        old.conversation_id,
        role=old.role,
        text="",
        parent_id=old.parent_id or "",
        state="streaming",
        writer_id=writer_id,
    )
    for part in old.parts:
        if part.kind in GROWING and (said := part.data.rstrip(CUT)):
            messages.insert_part(connection, new, replace(part, data=said))
    return messages.find(connection, new)


def _show_instead(
    connection: sqlite3.Connection, conversation_id: str, others: Sequence[str], parent_id: str | None
) -> None:
    if others:
        messages.show(connection, others[-1])
        return
    connection.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (parent_id, conversation_id))


def _move(
    connection: sqlite3.Connection, ids: Sequence[str], conversation_id: str, *, parent_id: str | None
) -> None:
    """Let messages, each after its parent, belong to a conversation, the first one below `parent_id`."""
    for message_id in ids:
        # What is searched knows where a message belongs.
        index.forget_message(connection, message_id)
    connection.executemany(
        "UPDATE message SET conversation_id = ? WHERE id = ?", [(conversation_id, one) for one in ids]
    )
    connection.execute("UPDATE message SET parent_id = ? WHERE id = ?", (parent_id, ids[0]))
    for message_id in ids:
        index.index_message(connection, message_id)


def _hashes(connection: sqlite3.Connection, message_id: str) -> list[str]:
    rows = connection.execute("SELECT attachment_hash FROM attached WHERE message_id = ?", (message_id,))
    return [str(row["attachment_hash"]) for row in rows]


def _check_finished(states: Sequence[str]) -> None:
    if "streaming" in states:
        raise StoreError(
            _("A reply here is still being written. Nothing was changed."), _("Stop it first, or wait.")
        )
