"""From rows to values and back: the one place that reads what a file says, whatever it says.

A damaged field never fails a list. It reads as a placeholder and stays in the file as it is: U+FFFD
for text of a part, empty for other text, 0 for a number, {} for JSON, `assistant` for an unknown role
(it has the least say), `partial` for an unknown state, `error` for an unknown finish reason.
"""

from __future__ import annotations

import gc
import json
import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, TypeVar, get_args

from teahouse.messages import (
    Conversation,
    FinishReason,
    Generation,
    Message,
    MessageState,
    Part,
    Role,
    Timings,
    Usage,
)

UNREADABLE = "\ufffd"
"""Stands for text that is damaged or cannot be stored."""

MAX_IDS_BYTES = 256 * 2**20
"""No context is longer; a damaged or hostile file cannot make us unpack more."""

MESSAGE_COLUMNS = (
    "m.number, m.id, m.conversation_id, m.parent_id, m.role, m.state, m.created_ms, m.is_pinned,"
    " m.thumb, m.note, m.rank, p.position, p.kind, p.data, p.source, p.is_trusted"
)
"""What `read_messages` reads, in this order, of `message AS m` left-joined to `part AS p`."""

ROLES = frozenset(get_args(Role))
STATES = frozenset(get_args(MessageState))
REASONS = frozenset(get_args(FinishReason))
THUMBS = frozenset({-1, 0, 1})

Numbers = TypeVar("Numbers", Usage, Timings)


# --- writing --------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """`text` as a file can hold it: lone surrogates become U+FFFD, all else stays."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def pack_ids(ids: Sequence[int]) -> bytes:
    """Token ids as zlib of int32 little-endian."""
    return zlib.compress(struct.pack(f"<{len(ids)}i", *ids))


# --- reading --------------------------------------------------------------------------------------


def unpack_ids(data: object) -> tuple[int, ...] | None:
    """Token ids from zlib of int32 little-endian; None when damaged."""
    if not isinstance(data, bytes):
        return None
    try:
        stream = zlib.decompressobj()
        raw = stream.decompress(data, MAX_IDS_BYTES)
        return struct.unpack(f"<{len(raw) // 4}i", raw) if stream.eof else None
    except (zlib.error, struct.error):
        return None


def read_text(value: object, default: str = "") -> str:
    """A text field."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return default if value is None else str(value)


def read_id(value: object) -> str | None:
    """A reference to another row."""
    return value if isinstance(value, str) and value else None


def read_int(value: object) -> int:
    """A whole number."""
    return value if isinstance(value, int) else 0


def read_object(value: object) -> dict[str, Any]:
    """A JSON object; its keys keep their order."""
    found = _read_json(value)
    return found if isinstance(found, dict) else {}


def read_conversation(row: sqlite3.Row, tags: tuple[str, ...]) -> Conversation:
    """A row of `conversation`, with the tags that the caller found."""
    return Conversation(
        id=read_text(row["id"]),
        title=read_text(row["title"]),
        created_ms=read_int(row["created_ms"]),
        updated_ms=read_int(row["updated_ms"]),
        leaf_id=read_id(row["leaf_id"]),
        folder=read_text(row["folder"]),
        system_prompt=read_text(row["system_prompt"]),
        model=read_text(row["model"]),
        settings=read_object(row["settings"]),
        draft=read_text(row["draft"]),
        tags=tags,
        is_pinned=row["is_pinned"] == 1,
        is_archived=row["is_archived"] == 1,
        trashed_ms=None if row["trashed_ms"] is None else read_int(row["trashed_ms"]),
    )


def read_messages(connection: sqlite3.Connection, query: str, values: tuple[object, ...]) -> list[Message]:
    """Messages from a query for `MESSAGE_COLUMNS`; rows of one message, one for each part, follow each other.

    To be called with the connection to oneself.
    """
    cursor = connection.cursor()
    # Plain tuples and SQLite's own decoding: half of the time of a long conversation. Damaged text
    # raises there, and is then read tolerantly.
    cursor.row_factory = None
    tolerant, connection.text_factory = connection.text_factory, str
    with _collector_waiting():
        try:
            return _collect(cursor.execute(query, values))
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
        finally:
            connection.text_factory = tolerant
        return _collect(cursor.execute(query, values))


def read_generation(row: sqlite3.Row, prompt_ids: tuple[int, ...]) -> Generation:
    """A row of `generation`, with its prompt put together by the caller."""
    return Generation(
        message_id=read_text(row["message_id"]),
        model=read_text(row["model"]),
        model_hash=read_text(row["model_hash"]),
        ids=unpack_ids(row["ids"]) or (),
        prompt_ids=prompt_ids,
        adapters=_read_adapters(row["adapters"]),
        sampling=read_object(row["sampling"]),
        seed=read_int(row["seed"]),
        usage=_read_numbers(Usage, row["usage"]),
        timings=_read_numbers(Timings, row["timings"]),
        finish_reason=row["finish_reason"] if row["finish_reason"] in REASONS else "error",
        engine=read_object(row["engine"]),
    )


@contextmanager
def _collector_waiting() -> Iterator[None]:
    """Let Python's collector of cycles wait: thousands of new messages, none of which can be in a cycle,
    would make it walk over every object of the app, half as long again as the reading takes.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _collect(rows: Iterable[Any]) -> list[Message]:
    found: list[Message] = []
    current: Any = (None,)
    parts: list[Part] = []
    for row in rows:
        if row[0] != current[0]:
            if current[0] is not None:
                found.append(_read_message(current, parts))
            current, parts = row, []
        if row[11] is not None:
            parts.append(_read_part(row))
    if current[0] is not None:
        found.append(_read_message(current, parts))
    return found


def _read_message(row: Any, parts: list[Part]) -> Message:
    # Unpacked by position, and asked for its type before anything is called: this is most of the time
    # of a long conversation.
    _, message_id, conversation_id, parent_id, role, state, created_ms, is_pinned, thumb, note, rank = row[
        :11
    ]
    return Message(
        message_id if type(message_id) is str else read_text(message_id),
        conversation_id if type(conversation_id) is str else read_text(conversation_id),
        parent_id if parent_id and type(parent_id) is str else None,
        role if role in ROLES else "assistant",
        state if state in STATES else "partial",
        created_ms if type(created_ms) is int else 0,
        tuple(parts),
        is_pinned == 1,
        thumb if thumb in THUMBS else 0,
        note if type(note) is str else read_text(note),
        rank if type(rank) is int and rank > 0 else 0,
    )


def _read_part(row: Any) -> Part:
    kind, data, source, is_trusted = row[12:]
    return Part(
        kind if kind and type(kind) is str else read_text(kind) or "unknown",
        data if type(data) is str else read_text(data, UNREADABLE),
        source if type(source) is str else read_text(source),
        # Only a plain yes is trust: damage must not make text of documents or tools trusted.
        is_trusted == 1,
    )


def _read_json(value: object) -> object:
    try:
        return json.loads(read_text(value))
    except (ValueError, RecursionError):
        return None


def _read_adapters(value: object) -> tuple[tuple[str, float], ...]:
    found = _read_json(value)
    if not isinstance(found, list):
        return ()
    pairs = [pair for pair in found if isinstance(pair, list) and len(pair) == 2]
    return tuple((str(file), scale) for file, scale in pairs if isinstance(scale, int | float))


def _read_numbers(kind: type[Numbers], value: object) -> Numbers:
    found = read_object(value)
    names = [field.name for field in fields(kind)]
    return kind(**{name: found[name] for name in names if isinstance(found.get(name), int | float)})
