"""ShareGPT's `conversations` of `from` and `value`, and OpenAI's `messages` of `role` and `content`."""

from __future__ import annotations

from typing import Any

from teahouse.exchange import fields
from teahouse.exchange.tree import ROLES, Found, Node, chain, content_key
from teahouse.exchange.values import Tally
from teahouse.language import _
from teahouse.messages import Part

NAME = "sharegpt"
CALLS = ("tool_calls", "function_call", "audio")
"""What a message of OpenAI's can hold beside its text."""


def is_mine(value: dict[str, Any]) -> bool:
    """Whether this is a conversation of one of the two forms."""
    return any(_says(item) for item in _listed(value)[:10])


def read(value: dict[str, Any], *, source: str, tally: Tally) -> Found:
    """One conversation."""
    nodes = [_node(str(number), item, source, tally) for number, item in enumerate(_listed(value))]
    system = fields.text(value.get("system"))
    if system.strip():
        nodes.insert(0, Node("system", None, "system", [Part("text", system, source, is_trusted=False)]))
    return Found(
        format=NAME,
        key=f"{fields.name(value.get('id'))} {content_key(nodes)}",  # ids repeat within data sets
        title=fields.name(value.get("title")),
        nodes=chain(nodes),
        created_ms=fields.moment_ms(value.get("create_time")),
        updated_ms=fields.moment_ms(value.get("update_time")),
    )


def _listed(value: dict[str, Any]) -> list[Any]:
    for name in ("conversations", "messages", "conversation"):
        if isinstance(value.get(name), list):
            return fields.items(value[name])
    return []


def _says(item: object) -> bool:
    found = fields.mapping(item)
    return ("from" in found and "value" in found) or ("role" in found and "content" in found)


def _node(key: str, item: object, source: str, tally: Tally) -> Node:
    found = fields.mapping(item)
    role = ROLES.get(fields.name(found.get("from", found.get("role"))).casefold())
    if role is None:
        tally.note(_("messages"), _("it is not known who says them"))
        return Node(key, None, "system", [])
    said = _text(found.get("value", found.get("content")), tally)
    if any(found.get(name) for name in CALLS):
        tally.note(_("pieces of messages"), _("their kind is not known"))
    reasoning = fields.text(found.get("reasoning_content"))
    texts = [("reasoning", reasoning), ("text", said)]
    parts = [Part(kind, data, source, is_trusted=False) for kind, data in texts if data.strip()]
    return Node(key, None, role, parts)


def _text(value: object, tally: Tally) -> str:
    if isinstance(value, str):
        return fields.text(value)
    pieces = [fields.mapping(item) for item in fields.pieces(value, tally)]
    if any("text" not in piece for piece in pieces):
        tally.note(_("pieces of messages"), _("their kind is not known"))
    return fields.text("\n\n".join(filter(None, (fields.text(piece.get("text")) for piece in pieces))))
