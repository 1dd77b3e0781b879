"""The prompt library: texts by name."""

from __future__ import annotations

import sqlite3

from teahouse.errors import StoreError
from teahouse.ids import now_ms
from teahouse.language import _
from teahouse.messages import Prompt
from teahouse.store.rows import clean, read_int, read_text


def list_all(connection: sqlite3.Connection) -> list[Prompt]:
    """Every prompt, by name."""
    rows = connection.execute("SELECT * FROM prompt ORDER BY name COLLATE NOCASE, name")
    return [
        Prompt(
            read_text(row["name"]),
            read_text(row["text"]),
            read_int(row["created_ms"]),
            read_int(row["updated_ms"]),
        )
        for row in rows
    ]


def save(connection: sqlite3.Connection, name: str, text: str) -> None:
    """Add a prompt, or replace the text of the one with this name."""
    name, now = clean(name).strip(), now_ms()
    if not name:
        raise StoreError(_("A prompt needs a name. Nothing was saved."), _("Type a name and save again."))
    connection.execute(
        "INSERT INTO prompt (name, text, created_ms, updated_ms) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET text = excluded.text, updated_ms = excluded.updated_ms",
        (name, clean(text), now, now),
    )


def delete(connection: sqlite3.Connection, name: str) -> None:
    """Delete a prompt; StoreError when there is none with this name."""
    if not connection.execute("DELETE FROM prompt WHERE name = ?", (name,)).rowcount:
        raise StoreError(
            _("There is no prompt “{name}”.").format(name=name), _("It may have been deleted."), name=name
        )
