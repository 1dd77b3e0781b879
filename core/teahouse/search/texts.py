"""The texts that are searched: read from messages and their attachments, and unpacked from the index."""

from __future__ import annotations

import json
import sqlite3
import zlib

from teahouse.search.words import MAX_CHARS


def unpack(data: object) -> str | None:
    """The text of an entry; None when damaged."""
    try:
        stream = zlib.decompressobj()
        raw = stream.decompress(data, 4 * MAX_CHARS + 4)  # type: ignore[arg-type]
        return raw.decode() if stream.eof else None
    except (TypeError, zlib.error, UnicodeDecodeError):
        return None


def message_text(connection: sqlite3.Connection, message_id: str) -> str:
    """What is found of a message: its text, and names and texts of its attachments."""
    rows = connection.execute(
        "SELECT kind, data FROM part WHERE message_id = ? AND kind IN ('text', 'attachment')"
        " ORDER BY kind = 'attachment', position",
        (message_id,),
    )
    texts = [(row["kind"], plain(row["data"])) for row in rows]
    text = "".join(data for kind, data in texts if kind == "text")
    return "\n\n".join([text, *(_attachment_text(data) for kind, data in texts if kind == "attachment")])[
        :MAX_CHARS
    ]


def _attachment_text(data: str) -> str:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(found, dict):
        return ""
    return "\n".join(str(found[key]) for key in ("name", "text") if isinstance(found.get(key), str))


def plain(value: object) -> str:
    """A text; nothing for what is none."""
    return value if isinstance(value, str) else ""
