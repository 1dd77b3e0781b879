"""ChatGPT's export: `conversations.json`, an array of conversations whose messages are a `mapping`.

There is no published schema; this reads what exports up to 2026 hold and passes over what is new.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from teahouse.exchange import fields
from teahouse.exchange.tree import ROLES, Found, Node
from teahouse.exchange.values import Tally
from teahouse.language import _
from teahouse.messages import Part

NAME = "chatgpt"
SILENT = frozenset({"model_editable_context", "user_editable_context", "reasoning_recap"})
"""Kinds of content that are not part of what was said."""


def is_mine(value: dict[str, Any]) -> bool:
    """Whether this is one of its conversations."""
    return isinstance(value.get("mapping"), dict)


def read(value: dict[str, Any], *, source: str, tally: Tally) -> Found:
    """One conversation."""
    key = fields.name(value.get("conversation_id")) or fields.name(value.get("id"))
    return Found(
        format=NAME,
        key=key,
        title=fields.name(value.get("title")),
        nodes=[_node(str(name), fields.mapping(node), source, tally) for name, node in _nodes(value)],
        leaf_key=_key(value.get("current_node")),
        created_ms=fields.moment_ms(value.get("create_time")),
        updated_ms=fields.moment_ms(value.get("update_time")),
        is_pinned=fields.flag(value.get("is_starred")) or bool(fields.moment_ms(value.get("pinned_time"))),
        is_archived=fields.flag(value.get("is_archived")),
    )


def _nodes(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The nodes, children of a node in the order in which it lists them."""
    nodes = fields.mapping(value["mapping"])
    children = [
        child
        for node in nodes.values()
        for child in fields.items(fields.mapping(node).get("children"))
        if isinstance(child, str) and child in nodes
    ]
    yield from ((name, nodes[name]) for name in dict.fromkeys([*children, *nodes]))


def _node(key: str, node: dict[str, Any], source: str, tally: Tally) -> Node:
    message = fields.mapping(node.get("message"))
    author, about = fields.mapping(message.get("author")), fields.mapping(message.get("metadata"))
    role = ROLES.get(fields.name(author.get("role")))
    parts: list[Part] = []
    if fields.flag(about.get("is_visually_hidden_from_conversation")):
        parts = []
    elif message and role is None:
        tally.note(_("messages"), _("it is not known who says them"))
    elif message:
        model = fields.name(about.get("model_slug")) if role == "assistant" else ""
        parts = _parts(fields.mapping(message.get("content")), f"{source} {model}".strip(), tally)
        _note_files(about, tally)
    return Node(
        key=key,
        parent_key=_key(node.get("parent")),
        role=role or "system",
        parts=parts,
        created_ms=fields.moment_ms(message.get("create_time")),
        state="partial" if message.get("status") == "in_progress" else "complete",
    )


def _note_files(about: dict[str, Any], tally: Tally) -> None:
    """Files are only named; pictures are so among the parts as well, and counted there."""
    named = [fields.mapping(item) for item in fields.items(about.get("attachments"))]
    files = [one for one in named if not fields.name(one.get("mime_type")).startswith("image/")]
    if files:
        tally.note(_("attached files"), _("the file of conversations does not hold them"), len(files))


def _key(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _parts(content: dict[str, Any], source: str, tally: Tally) -> list[Part]:
    kind = fields.name(content.get("content_type"))
    if kind == "thoughts":
        said = [_thought(fields.mapping(item)) for item in fields.items(content.get("thoughts"))]
        return _part("reasoning", "\n\n".join(filter(None, said)), source)
    if kind in SILENT:
        return []
    if kind == "code":
        code, language = fields.text(content.get("text")), fields.name(content.get("language"))
        shown = "" if language == "unknown" else language
        return _part("text", f"```{shown}\n{code}\n```" if code.strip() else "", source)
    if kind == "tether_quote":
        quoted = [fields.text(content.get(name)) for name in ("title", "url", "text")]
        return _part("text", "\n".join(filter(None, quoted)), source)
    pieces = [_piece(item, tally) for item in fields.pieces(content.get("parts"), tally)]
    said = [piece for piece in (*pieces, fields.text(content.get("text"))) if piece]
    said = said or [fields.text(content.get("result"))]
    return _part("text", fields.text("\n\n".join(said)), source)


def _part(kind: str, data: str, source: str) -> list[Part]:
    return [Part(kind, data, source, is_trusted=False)] if data.strip() else []


def _thought(thought: dict[str, Any]) -> str:
    said = [fields.text(thought.get(name)) for name in ("summary", "content")]
    return "\n".join(filter(None, said))


def _piece(item: object, tally: Tally) -> str:
    if isinstance(item, str):
        return fields.text(item)
    found = fields.mapping(item)
    if words := fields.text(found.get("text")):  # a transcript of something spoken
        return words
    if "asset_pointer" in found or "audio_asset_pointer" in found:
        tally.note(_("pictures and sounds"), _("the file of conversations does not hold them"))
    elif item is not None:
        tally.note(_("pieces of messages"), _("their kind is not known"))
    return ""
