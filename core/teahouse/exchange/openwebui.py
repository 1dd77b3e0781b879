"""Open WebUI's export: an array of chats, each with `chat.history.messages` by id and `currentId`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from teahouse.exchange import fields
from teahouse.exchange.tree import ROLES, Found, Node, chain
from teahouse.exchange.values import Tally
from teahouse.language import _
from teahouse.messages import Part

NAME = "openwebui"
SYSTEM_KEY = "\0system"
_OPENING = re.compile(
    r'<details type="reasoning"[^>]{0,500}+>(?:\s*+<summary>[^<]{0,500}+</summary>)?+', re.DOTALL
)
_CLOSING = "</details>"
_SPACE = re.compile(r"\s*+")


def is_mine(value: dict[str, Any]) -> bool:
    """Whether this is one of its chats."""
    chat = fields.mapping(value.get("chat"))
    return isinstance(chat.get("history"), dict) or isinstance(chat.get("messages"), list)


def read(value: dict[str, Any], *, source: str, tally: Tally) -> Found:
    """One chat."""
    chat = fields.mapping(value.get("chat"))
    history = fields.mapping(chat.get("history"))
    about = fields.mapping(value.get("meta"))
    found = Found(
        format=NAME,
        key=fields.name(value.get("id")) or fields.name(chat.get("id")),
        title=fields.name(value.get("title")) or fields.name(chat.get("title")),
        leaf_key=_key(history.get("currentId")),
        created_ms=fields.moment_ms(value.get("created_at")) or fields.moment_ms(chat.get("timestamp")),
        updated_ms=fields.moment_ms(value.get("updated_at")),
        tags=fields.names(about.get("tags")) or fields.names(chat.get("tags")),
        is_pinned=fields.flag(value.get("pinned")),
        is_archived=fields.flag(value.get("archived")),
    )
    by_key = fields.mapping(history.get("messages"))
    if by_key:
        found.nodes = [_node(key, fields.mapping(m), source, found, tally) for key, m in by_key.items()]
    else:
        listed = enumerate(fields.items(chat.get("messages")))
        found.nodes = chain(_node(str(n), fields.mapping(m), source, found, tally) for n, m in listed)
    _put_system(found, fields.text(fields.mapping(chat.get("params")).get("system")), source)
    return found


def _put_system(found: Found, system: str, source: str) -> None:
    """What the model was told comes first: as a message, because only those can be marked as foreign."""
    if not system.strip():
        return
    keys = {node.key for node in found.nodes}
    for node in found.nodes:
        if node.parent_key not in keys:
            node.parent_key = SYSTEM_KEY
    part = Part("text", system, source, is_trusted=False)
    found.nodes.insert(0, Node(SYSTEM_KEY, None, "system", [part], found.created_ms))


def _node(key: str, message: dict[str, Any], source: str, found: Found, tally: Tally) -> Node:
    role = ROLES.get(fields.name(message.get("role")))
    if role is None:
        tally.note(_("messages"), _("it is not known who says them"))
    model = fields.name(message.get("model")) if role == "assistant" else ""
    origin = f"{source} {model}".strip()
    judged = fields.mapping(message.get("annotation"))
    return Node(
        key=key,
        parent_key=_key(message.get("parentId")),
        role=role or "system",
        parts=_parts(message, origin, found, tally) if role else [],
        created_ms=fields.moment_ms(message.get("timestamp")),
        state="partial" if message.get("done") is False else "complete",
        thumb=fields.whole(judged.get("rating"), low=-1, high=1),
        note=fields.text(judged.get("comment"), limit=10_000),
    )


def _key(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _parts(message: dict[str, Any], source: str, found: Found, tally: Tally) -> list[Part]:
    said = _content(message.get("content"), source, found, tally)
    texts = list(_split(said))
    error = fields.mapping(message.get("error"))
    texts.append(("error", fields.text(error.get("content"))))
    parts = [Part(kind, data, source, is_trusted=False) for kind, data in texts if data.strip()]
    for file in fields.pieces(message.get("files"), tally):
        parts += _attached(fields.mapping(file).get("url"), fields.mapping(file), source, found, tally)
    return parts


def _split(said: str) -> Iterator[tuple[str, str]]:
    """Reasoning, and the text around it; each character is looked at once, also where nothing is closed."""
    reasoning: list[str] = []
    text: list[str] = []
    at = 0
    while opening := _OPENING.search(said, at):
        end = said.find(_CLOSING, opening.end())
        if end < 0:
            break
        text.append(said[at : opening.start()])
        reasoning.append(said[opening.end() : end].strip())
        closed = _SPACE.match(said, end + len(_CLOSING))
        at = closed.end() if closed else end
    yield "reasoning", "\n\n".join(filter(None, reasoning))
    yield "text", "".join([*text, said[at:]])


def _content(content: object, source: str, found: Found, tally: Tally) -> str:
    """A text, or a list of pieces as in OpenAI's messages."""
    if isinstance(content, str):
        return fields.text(content)
    pieces = [fields.mapping(item) for item in fields.pieces(content, tally)]
    for piece in pieces:
        if "image_url" in piece:
            tally.note(_("pictures and sounds"), _("the file of conversations does not hold them"))
        elif "text" not in piece:
            tally.note(_("pieces of messages"), _("their kind is not known"))
    return fields.text("\n\n".join(filter(None, (fields.text(piece.get("text")) for piece in pieces))))


def _attached(url: object, file: dict[str, Any], source: str, found: Found, tally: Tally) -> list[Part]:
    picture = fields.image_of(url)
    if picture is None or not found.attachments.has_room(picture[1]):
        tally.note(_("attached files"), _("the file of conversations does not hold them"))
        return []
    kind, data = picture
    digest, part = fields.attach(
        data, kind=kind, title=fields.name(file.get("name")) or _("picture"), source=source
    )
    found.attachments.keep(digest, data)
    return [part]
