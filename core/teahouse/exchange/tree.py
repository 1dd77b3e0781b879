"""From what another program has written to a conversation of ours: a tree with ids, times and a leaf."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from teahouse.exchange import fields
from teahouse.exchange.values import MAX_ATTACHMENTS_BYTES, MAX_MESSAGES, MAX_TEXT_CHARS, Tally
from teahouse.ids import now_ms
from teahouse.language import _
from teahouse.messages import Conversation, Message, MessageState, Part, Role, WholeConversation
from teahouse.store.conversations import make_title

ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
    "model": "assistant",
    "function_call": "assistant",
    "tool": "tool",
    "function": "tool",
    "function_response": "tool",
    "observation": "tool",
}
"""Names of roles in other programs' files."""


@dataclass(slots=True)
class Node:
    """One message of another program; `key` is its name there."""

    key: str
    parent_key: str | None
    role: Role
    parts: list[Part]
    created_ms: int = 0
    state: MessageState = "complete"
    thumb: int = 0
    note: str = ""


class Attachments(dict[str, bytes]):
    """The bytes of files by their hash, up to a limit for all together."""

    size_bytes = 0

    def has_room(self, data: bytes) -> bool:
        """Whether there is room for one more."""
        return self.size_bytes + len(data) <= MAX_ATTACHMENTS_BYTES

    def keep(self, digest: str, data: bytes) -> None:
        """One more; there has to be room for it."""
        if digest not in self:
            self.size_bytes += len(data)
            self[digest] = data


@dataclass(slots=True)
class Found:
    """One conversation of another program.

    Attributes:
        format: The program or format, as part of the ids: the same conversation always gets the same.
        key: Its name there; empty where it has none.
        nodes: In any order; one without parts is passed over and what hangs below it moves up.
        leaf_key: The message that was shown last; None for the last one.
    """

    format: str
    key: str
    title: str = ""
    nodes: list[Node] = field(default_factory=list)
    leaf_key: str | None = None
    created_ms: int = 0
    updated_ms: int = 0
    tags: tuple[str, ...] = ()
    folder: str = ""
    is_pinned: bool = False
    is_archived: bool = False
    attachments: Attachments = field(default_factory=Attachments)


def plant(found: Found, tally: Tally) -> WholeConversation | None:
    """The conversation as it can be stored; None when nobody says anything in it."""
    ordered = _ordered(found.nodes, tally)
    if not ordered:
        return None
    begun_ms = found.created_ms or min((n.created_ms for n, _p in ordered if n.created_ms), default=0)
    conversation_id = stable_id(begun_ms, found.format, found.key or content_key(found.nodes))
    ids = {node.key: stable_id(node.created_ms, conversation_id, node.key) for node, _parent in ordered}
    shown_ms = begun_ms or now_ms()
    messages = tuple(
        Message(
            id=ids[node.key],
            conversation_id=conversation_id,
            parent_id=ids[parent] if parent is not None else None,
            role=node.role,
            state=node.state,
            created_ms=node.created_ms or shown_ms,
            parts=tuple(node.parts),
            thumb=node.thumb,
            note=node.note,
        )
        for node, parent in ordered
    )
    conversation = Conversation(
        id=conversation_id,
        title=found.title or _title(messages),
        created_ms=shown_ms,
        updated_ms=found.updated_ms or max(m.created_ms for m in messages),
        leaf_id=ids[_leaf(found, ordered)],
        folder=found.folder,
        tags=found.tags,
        is_pinned=found.is_pinned,
        is_archived=found.is_archived,
    )
    return WholeConversation(conversation, messages, (), found.attachments)


def stable_id(created_ms: int, *names: str) -> str:
    """An id shaped like a UUIDv7 that depends on nothing but its arguments."""
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "replace")).digest()
    value = (created_ms & (1 << 48) - 1) << 80 | int.from_bytes(digest[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return str(uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62))


def content_key(nodes: Iterable[Node]) -> str:
    """A name for a conversation that has none: the same for the same words."""
    said = json.dumps([[node.role, *(part.data for part in node.parts)] for node in nodes])
    return hashlib.sha256(said.encode()).hexdigest()


def chain(nodes: Iterable[Node]) -> list[Node]:
    """Messages in a row: each below the one before."""
    found: list[Node] = []
    for node in nodes:
        node.parent_key = found[-1].key if found else None
        found.append(node)
    return found


# --- the tree -------------------------------------------------------------------------------------


def _ordered(nodes: list[Node], tally: Tally) -> list[tuple[Node, str | None]]:
    """The nodes that say something, each after its parent, with the key of the nearest such parent."""
    by_key = {node.key: node for node in nodes}
    below: dict[str | None, list[Node]] = {}
    for node in by_key.values():
        parent = node.parent_key if node.parent_key in by_key else None
        below.setdefault(parent, []).append(node)
    found: list[tuple[Node, str | None]] = []
    waiting: list[tuple[Node, str | None]] = [(node, None) for node in reversed(below.get(None, []))]
    seen = 0
    while waiting:
        node, parent = waiting.pop()
        seen += 1
        if node.parts:
            found.append((node, parent))
        kept = node.key if node.parts else parent
        waiting += [(child, kept) for child in reversed(below.get(node.key, []))]
    if cut := sum(len(part.data) >= MAX_TEXT_CHARS for node, _p in found for part in node.parts):
        tally.note(_("ends of messages"), _("they are too long"), cut)
    if lost := len(by_key) - seen:
        tally.note(_("messages"), _("their place in the conversation cannot be told"), lost)
    if len(found) > MAX_MESSAGES:
        tally.note(_("messages"), _("the conversation has more than can be taken"), len(found) - MAX_MESSAGES)
    return found[:MAX_MESSAGES]


def _leaf(found: Found, ordered: list[tuple[Node, str | None]]) -> str:
    """The kept message at or above the one that was shown last."""
    kept = {node.key for node, _parent in ordered}
    parents = {node.key: node.parent_key for node in found.nodes}
    key, steps = found.leaf_key, 0
    while key is not None and key not in kept and steps <= len(parents):
        key, steps = parents.get(key), steps + 1
    return key if key is not None and key in kept else ordered[-1][0].key


def _title(messages: tuple[Message, ...]) -> str:
    first = next((m for m in messages if m.role == "user"), messages[0])
    return make_title(fields.text(first.text, limit=10_000))
