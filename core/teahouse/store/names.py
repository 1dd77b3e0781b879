"""Folders and tags: the same whatever their case or how their accents are coded; spelled as typed first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from teahouse.search.words import fold_name
from teahouse.store.rows import clean, read_text


def spell_folder(connection: sqlite3.Connection, conversation_id: str, folder: str) -> str:
    """A folder for a conversation in the spelling that others have of it, or of the folders above it."""
    rows = connection.execute(
        "SELECT folder FROM conversation WHERE folder <> '' AND id <> ? GROUP BY folder ORDER BY min(number)",
        (conversation_id,),
    )
    known = [read_text(row["folder"]) for row in rows]
    if folder in known:
        return folder
    spelled: dict[str, str] = {}
    for name in known:
        for above in _list_paths(name):
            spelled.setdefault(fold_name(above), above)
    for above in reversed(_list_paths(folder)):
        if (first := spelled.get(fold_name(above))) is not None:
            return first + folder[len(above) :]
    return folder


def spell_tags(connection: sqlite3.Connection, conversation_id: str, tags: Iterable[str]) -> list[str]:
    """Tags for a conversation in the spelling that others have of them."""
    rows = connection.execute(
        "SELECT name FROM tag WHERE conversation_id <> ? GROUP BY name ORDER BY min(number)",
        (conversation_id,),
    )
    known = [read_text(row["name"]) for row in rows]
    spelled: dict[str, str] = {}
    for name in known:
        spelled.setdefault(fold_name(name), name)
    return [tag if tag in known else spelled.get(fold_name(tag), tag) for tag in each_once(tags)]


def each_once(tags: Iterable[str]) -> list[str]:
    """Tags without space around them, empty ones and repetitions."""
    names: dict[str, str] = {}
    for tag in tags:
        name = clean(tag).strip()
        names.setdefault(fold_name(name), name)
    return [name for name in names.values() if name]


def _list_paths(folder: str) -> list[str]:
    """A folder with those above it, the highest first."""
    parts = folder.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
