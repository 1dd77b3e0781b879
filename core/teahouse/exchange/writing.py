"""What the formats for reading and for training have in common: the path that a person sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from teahouse.exchange.fields import mapping, name, whole
from teahouse.language import _
from teahouse.messages import Message, WholeConversation


@dataclass(frozen=True, slots=True)
class Carried:
    """An attachment as a message names it."""

    hash: str
    name: str
    type: str
    size_bytes: int


def visible(given: WholeConversation) -> list[Message]:
    """The messages from the root to the leaf."""
    by_id = {message.id: message for message in given.messages}
    path: list[Message] = []
    found = by_id.get(given.conversation.leaf_id or "")
    while found is not None:
        path.append(by_id.pop(found.id))  # popped, so that a cycle in a damaged file ends
        found = by_id.get(found.parent_id or "")
    return path[::-1]


def attachments_of(message: Message) -> Iterator[Carried]:
    """What a message carries."""
    for part in message.parts:
        if part.kind == "attachment":
            found = _json(part.data)
            size = whole(found.get("size_bytes"), low=0, high=2**63)
            yield Carried(name(found.get("hash")), name(found.get("name")), name(found.get("type")), size)


def texts_of(message: Message, kind: str) -> str:
    """The parts of one kind, joined."""
    return "".join(part.data for part in message.parts if part.kind == kind)


def speaker(message: Message, models: dict[str, str]) -> str:
    """Who says it; `models` has the model of each reply where it is known."""
    if message.role == "assistant":
        return models.get(message.id) or _("Assistant")
    return {"user": _("You"), "system": _("System"), "tool": _("Tool")}.get(message.role, message.role)


def models_of(given: WholeConversation) -> dict[str, str]:
    """The model of each reply, by the id of its message."""
    return {made.message_id: made.model for made in given.generations}


def title_of(given: WholeConversation) -> str:
    """One line."""
    return name(given.conversation.title) or _("Untitled conversation")


def moment(at_ms: int) -> str:
    """Date and time, UTC."""
    try:
        return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):  # a damaged row
        return ""


def _json(text: str) -> dict[str, Any]:
    try:
        return mapping(json.loads(text))
    except (ValueError, RecursionError):
        return {}
