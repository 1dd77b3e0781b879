"""Whole conversations: read for an export, added by an import."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

from teahouse.ids import is_id, new_id
from teahouse.messages import Conversation, Generation, Message, Part, WholeConversation
from teahouse.search import index
from teahouse.store import attachments, conversations, generations, messages
from teahouse.store.rows import clean, read_object

INSERT_CONVERSATION = """
INSERT INTO conversation (id, title, folder, system_prompt, model, settings, draft, created_ms, updated_ms,
  trashed_ms, is_pinned, is_archived) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

INSERT_MESSAGE = """
INSERT INTO message (id, conversation_id, parent_id, role, state, created_ms, is_pinned, thumb, note, rank)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def read(connection: sqlite3.Connection, conversation_id: str) -> WholeConversation:
    """A conversation with all that belongs to it; a file that is damaged is left out."""
    conversation = conversations.find(connection, conversation_id)
    tree = tuple(messages.list_tree(connection, conversation_id))
    made = {one.message_id: one for one in generations.list_whole(connection, conversation_id)}
    hashes = attachments.list_of(connection, conversation_id)
    files = {digest: attachments.read(connection, digest) for digest in hashes}
    return WholeConversation(
        conversation,
        tree,
        tuple([made[message.id] for message in tree if message.id in made]),
        {digest: data for digest, data in files.items() if data is not None},
    )


def add(connection: sqlite3.Connection, whole: WholeConversation) -> Conversation:
    """Add all of it, with its times; ids that are taken, or are none, are replaced by fresh ones.

    A message whose parent does not come before it begins the conversation; a reply that still grew is
    `partial`; a leaf that is not there is the last message.
    """
    given = whole.conversation
    conversation_id = _free_id(connection, "conversation", given.id)
    _add_conversation(connection, replace(given, id=conversation_id))
    kept = [attachments.keep(connection, data) for data in whole.attachments.values()]
    ids: dict[str, str] = {}
    for message in whole.messages:
        new = _free_id(connection, "message", message.id)
        _add_message(connection, _moved(message, new, conversation_id, ids))
        ids[message.id] = new
    sequences = generations.Sequences()
    for generation in whole.generations:
        if generation.message_id in ids:
            _add_generation(connection, _made_for(generation, ids), sequences)
    leaf_id = ids.get(given.leaf_id or "", next(reversed(ids.values()), None))
    connection.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (leaf_id, conversation_id))
    attachments.delete_unused(connection, kept)
    index.index_title(connection, conversation_id)
    for message_id in ids.values():
        index.index_message(connection, message_id)
    return conversations.find(connection, conversation_id)


def _free_id(connection: sqlite3.Connection, table: str, wanted: str) -> str:
    taken = connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (wanted,)).fetchone()
    return wanted if is_id(wanted) and taken is None else new_id()


def _add_conversation(connection: sqlite3.Connection, given: Conversation) -> None:
    connection.execute(
        INSERT_CONVERSATION,
        (
            given.id,
            clean(given.title),
            clean(given.folder),
            clean(given.system_prompt),
            clean(given.model),
            json.dumps(given.settings),
            clean(given.draft),
            given.created_ms,
            given.updated_ms,
            given.trashed_ms,
            int(given.is_pinned),
            int(given.is_archived),
        ),
    )
    conversations.set_tags(connection, given.id, given.tags)


def _moved(message: Message, new: str, conversation_id: str, ids: dict[str, str]) -> Message:
    """The message with the ids that it has from now on."""
    return replace(
        message,
        id=new,
        conversation_id=conversation_id,
        parent_id=ids.get(message.parent_id or ""),
        state="partial" if message.state == "streaming" else message.state,
        parts=tuple([_with_ids(part, ids) for part in message.parts]),
    )


def _made_for(generation: Generation, ids: dict[str, str]) -> Generation:
    """The same with the ids of now; `engine` names the reply that it was branched from."""
    engine, branch = generation.engine, generation.engine.get("branch")
    if isinstance(branch, dict) and (new := ids.get(str(branch.get("message_id")))):
        engine = {**engine, "branch": {**branch, "message_id": new}}
    return replace(generation, message_id=ids[generation.message_id], engine=engine)


def _with_ids(part: Part, ids: dict[str, str]) -> Part:
    """A part of kind `context` names messages."""
    if part.kind != "context":
        return part
    context = read_object(part.data)
    not_sent = context.get("not_sent")
    if not isinstance(not_sent, list):
        return part
    return replace(
        part, data=json.dumps({**context, "not_sent": [ids.get(str(one), one) for one in not_sent]})
    )


def _add_message(connection: sqlite3.Connection, message: Message) -> None:
    connection.execute(
        INSERT_MESSAGE,
        (
            message.id,
            message.conversation_id,
            message.parent_id,
            message.role,
            message.state,
            message.created_ms,
            int(message.is_pinned),
            message.thumb,
            clean(message.note),
            message.rank,
        ),
    )
    for part in message.parts:
        messages.insert_part(connection, message.id, part)


def _add_generation(
    connection: sqlite3.Connection, generation: Generation, sequences: generations.Sequences
) -> None:
    if not generations.exists(connection, generation.message_id):
        generations.add(connection, generation.message_id, generation, sequences=sequences)
