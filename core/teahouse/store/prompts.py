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
    name, now = _named(name), now_ms()
    connection.execute(
        "INSERT INTO prompt (name, text, created_ms, updated_ms) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET text = excluded.text, updated_ms = excluded.updated_ms",
        (name, clean(text), now, now),
    )


def rename(connection: sqlite3.Connection, name: str, new_name: str) -> None:
    """Give a prompt another name; StoreError for an empty or taken one, or when there is no such prompt."""
    new_name = _named(new_name)
    taken = connection.execute(
        "SELECT 1 FROM prompt WHERE name = ? AND name != ?", (new_name, name)
    ).fetchone()
    if taken:
        raise StoreError(
            _("There is a prompt “{name}” already. Nothing was renamed.").format(name=new_name),
            _("Type another name, or delete that prompt first."),
            name=new_name,
        )
    changed = connection.execute(
        "UPDATE prompt SET name = ?, updated_ms = ? WHERE name = ?", (new_name, now_ms(), name)
    )
    if not changed.rowcount:
        raise _missing(name)


def delete(connection: sqlite3.Connection, name: str) -> None:
    """Delete a prompt; StoreError when there is none with this name."""
    if not connection.execute("DELETE FROM prompt WHERE name = ?", (name,)).rowcount:
        raise _missing(name)


def _named(name: str) -> str:
    name = clean(name).strip()
    if not name:
        raise StoreError(_("A prompt needs a name. Nothing was saved."), _("Type a name and save again."))
    return name


def _missing(name: str) -> StoreError:
    return StoreError(
        _("There is no prompt “{name}”.").format(name=name), _("It may have been deleted."), name=name
    )
