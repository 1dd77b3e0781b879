"""Filters of a query as conditions on `search_entry`.

What concerns a conversation is asked once for all conversations; what concerns a message, for each
that the words have found. The trash is left out unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from teahouse.search.query import Filter, Query
from teahouse.search.words import fold_name

OF_CONVERSATION = "conversation_number IN (SELECT c.number FROM conversation AS c WHERE {})"
OF_MESSAGE = "EXISTS (SELECT 1 FROM message AS m WHERE m.number = message_number AND {})"

HAS = {
    "thumb": "message_number IN (SELECT number FROM message WHERE thumb <> 0)",
    "attachment": "message_number IN"
    " (SELECT m.number FROM attached AS a JOIN message AS m ON m.id = a.message_id)",
    "note": "message_number IN (SELECT number FROM message WHERE note <> '')",
}
FOLDER = "fold_name(CAST(c.folder AS BLOB))"
IN = OF_CONVERSATION.format(f"{FOLDER} = {{0}} OR {FOLDER} LIKE {{0}}_below ESCAPE '\\'")
TAG = OF_CONVERSATION.format(
    "c.id IN (SELECT conversation_id FROM tag WHERE fold_name(CAST(name AS BLOB)) = {0})"
)
# A reply is its own model's; a question, a title or an imported reply is the conversation's.
MODEL = (
    "(message_number IN (SELECT m.number FROM generation AS g JOIN message AS m ON m.id = g.message_id"
    " WHERE g.model LIKE {0}_like ESCAPE '\\') OR ("
    + OF_CONVERSATION.format("c.model LIKE {0}_like ESCAPE '\\'")
    + " AND NOT "
    + OF_MESSAGE.format("EXISTS (SELECT 1 FROM generation AS g WHERE g.message_id = m.id)")
    + "))"
)
ARCHIVED = OF_CONVERSATION.format("c.is_archived = 1")
TRASHED = OF_CONVERSATION.format("c.trashed_ms IS {} NULL")
PINNED = OF_CONVERSATION.format("c.is_pinned = 1")
PINNED_MESSAGE = "coalesce(message_number IN (SELECT number FROM message WHERE is_pinned = 1), 0)"
ONLY_TITLES = "message_number IS NULL"


def build(query: Query) -> tuple[str, dict[str, Any]]:
    """(a condition on the columns of `search_entry`, the values it names)."""
    values: dict[str, Any] = {}
    parts = [*_filters(query, values), *_spans(query, values)]
    is_trashed = any(f.value == "trashed" and f.name == "is" and not f.is_excluded for f in query.filters)
    parts.append(TRASHED.format("NOT" if is_trashed else ""))
    if not query.terms and _is_about_conversations(query):
        parts.append(ONLY_TITLES)
    return " AND ".join(parts), values


def _is_about_conversations(query: Query) -> bool:
    """Whether a query without words asks for conversations: not each message of them is an answer then."""
    about = all(f.name in ("in", "tag") or f.value in ("archived", "trashed") for f in query.filters)
    return about and not query.spans


def _filters(query: Query, values: dict[str, Any]) -> Iterator[str]:
    for number, wanted in enumerate(query.filters):
        if wanted.value == "trashed" and wanted.name == "is":
            continue
        name = f"filter{number}"
        value = fold_name(wanted.value) if wanted.name in ("in", "tag") else wanted.value
        plain = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        condition = _condition(wanted, f":{name}", has_words=bool(query.terms))
        given = {name: value, f"{name}_below": f"{plain}/%", f"{name}_like": f"%{plain}%"}
        values |= {key: value for key, value in given.items() if f":{key}" in condition}
        # A title has no message: what is not known of it is not so.
        yield f"NOT coalesce({condition}, 0)" if wanted.is_excluded else condition


def _condition(wanted: Filter, value: str, *, has_words: bool) -> str:
    match wanted.name, wanted.value:
        case "in", _:
            return IN.format(value)
        case "tag", _:
            return TAG.format(value)
        case "model", _:
            return MODEL.format(value)
        case "role", _:
            return f"role = {value}"
        case "has", kind:
            return HAS[kind]
        case "is", "archived":
            return ARCHIVED
    pinned = PINNED if has_words else f"({ONLY_TITLES} AND {PINNED})"
    return f"({pinned} OR {PINNED_MESSAGE})"


def _spans(query: Query, values: dict[str, Any]) -> Iterator[str]:
    for number, span in enumerate(query.spans):
        conditions = []
        for name, sign, limit in (("start", ">=", span.start_ms), ("end", "<", span.end_ms)):
            if limit is not None:
                key = f"{name}{number}"
                values[key] = limit
                conditions.append(f"created_ms {sign} :{key}")
        condition = " AND ".join(conditions)
        yield f"NOT ({condition})" if span.is_excluded else f"({condition})"
        if query.terms and span.start_ms is not None and not span.is_excluded:
            # No entry lies before its second, so that SQLite need not look at the older ones. Without
            # words it finds them by their time.
            values[f"second{number}"] = max(span.start_ms // 1000, 0)
            yield f"number >= :second{number}"
