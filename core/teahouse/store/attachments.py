"""Files that messages carry: their bytes once for each hash, for as long as a message carries them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict

from teahouse.errors import StoreError
from teahouse.ids import now_ms
from teahouse.language import _
from teahouse.messages import Attachment, File, Part
from teahouse.store.rows import clean

KIND = "attachment"

MAX_BYTES = 64 * 2**20
"""A larger file is refused: each backup holds every file."""

OF_CONVERSATION = """
SELECT DISTINCT a.attachment_hash FROM attached AS a JOIN message AS m ON m.id = a.message_id
WHERE m.conversation_id = ? ORDER BY a.attachment_hash
"""


def make_part(file: File) -> Part:
    """The part that stands for a file in a message; its text is not the person's own, so not trusted.

    Raises:
        StoreError: The file is too large.
    """
    size_bytes, name = len(file.data), clean(file.name)
    if size_bytes > MAX_BYTES:
        raise StoreError(
            _("{name} has {size} MB and was not added; files of up to {limit} MB can be.").format(
                name=name, size=-(-size_bytes // 2**20), limit=MAX_BYTES // 2**20
            ),
            _("Add a smaller file, or only the part that matters."),
            name=name,
        )
    text = None if file.text is None else clean(file.text)
    digest = hashlib.sha256(file.data).hexdigest()
    attachment = Attachment(digest, name, clean(file.type), size_bytes, text, file.tokens)
    return Part(KIND, json.dumps(asdict(attachment), ensure_ascii=False), source=name, is_trusted=False)


def keep(connection: sqlite3.Connection, data: bytes) -> str:
    """Store bytes unless they are there already; their hash."""
    digest = hashlib.sha256(data).hexdigest()
    connection.execute(
        "INSERT INTO attachment (hash, created_ms, data) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING",
        (digest, now_ms(), data),
    )
    return digest


def link(connection: sqlite3.Connection, message_id: str, digest: str) -> None:
    """Say that a message carries a file; nothing where the file is not stored."""
    connection.execute(
        "INSERT OR IGNORE INTO attached (message_id, attachment_hash)"
        " SELECT ?, hash FROM attachment WHERE hash = ?",
        (message_id, digest),
    )


def find(connection: sqlite3.Connection, digest: str) -> bytes:
    """The bytes of a file; StoreError when missing or damaged."""
    data = read(connection, digest)
    if data is None:
        raise StoreError(
            _("The attached file {hash} is not there, or it is damaged.").format(hash=digest[:12]),
            _("Attach it again."),
            hash=digest,
        )
    return data


def read(connection: sqlite3.Connection, digest: str) -> bytes | None:
    """The bytes of a file; None when missing or damaged."""
    row = connection.execute("SELECT data FROM attachment WHERE hash = ?", (digest,)).fetchone()
    data = None if row is None else row["data"]
    is_sound = isinstance(data, bytes) and hashlib.sha256(data).hexdigest() == digest
    return data if is_sound else None


def list_of(connection: sqlite3.Connection, conversation_id: str) -> list[str]:
    """Hashes of the files that messages of a conversation carry."""
    return [row["attachment_hash"] for row in connection.execute(OF_CONVERSATION, (conversation_id,))]


def delete_unused(connection: sqlite3.Connection, hashes: Iterable[str]) -> None:
    """Delete those of some files that no message carries any more."""
    # Only these: where the rows that say who carries what are damaged, no other file is to suffer.
    connection.executemany(
        "DELETE FROM attachment WHERE hash = ? AND NOT EXISTS"
        " (SELECT 1 FROM attached WHERE attachment_hash = attachment.hash)",
        [(digest,) for digest in hashes],
    )
