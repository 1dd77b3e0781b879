"""Collections and their sources in index.db: made, named, removed, and told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from teahouse.ids import now_ms
from teahouse.language import Translator
from teahouse_documents.index import content
from teahouse_documents.index.index import Index
from teahouse_documents.index.schema import ACTIVE
from teahouse_documents.scanning import names
from teahouse_documents.values import (
    CONVERSATIONS,
    Collection,
    DocumentsError,
    Source,
    SourceKind,
    SourceOptions,
)

_ = Translator("teahouse_documents")

REMOVED_AT_ONCE = 100
"""Files in one transaction."""

COUNTS = (
    "SELECT source_id, count(*) files, sum(state = 'done') done, "
    "sum(state IN ('failed', 'quarantined')) failed FROM file GROUP BY source_id"
)


def collections(index: Index) -> list[Collection]:
    """All of them with their sources, by name."""
    with index.reading() as connection:
        counts = {row["source_id"]: row for row in connection.execute(COUNTS)}
        chunks = dict(
            connection.execute(
                "SELECT source.collection_id, count(*) FROM chunk JOIN file ON file.id = chunk.file_id "
                f"JOIN source ON source.id = file.source_id WHERE chunk.embedder_id = {ACTIVE} GROUP BY 1"
            ).fetchall()
        )
        sources = [_source(row, counts) for row in connection.execute("SELECT * FROM source ORDER BY path")]
        rows = connection.execute("SELECT * FROM collection ORDER BY name COLLATE NOCASE").fetchall()
    return [
        Collection(
            row["id"],
            row["name"],
            row["created_ms"],
            tuple(mine := [source for source in sources if source.collection_id == row["id"]]),
            sum(source.files for source in mine),
            chunks.get(row["id"], 0),
        )
        for row in rows
    ]


def create(index: Index, name: str) -> Collection:
    """A new collection."""
    name = _checked(name)
    with index.writing() as connection:
        if _find(connection, name) is not None:
            raise DocumentsError(
                _("There is a collection named “{name}” already.").format(name=name),
                _("Choose another name."),
                name=name,
            )
        number = _insert(connection, name)
    return next(one for one in collections(index) if one.id == number)


def rename(index: Index, name: str, new_name: str) -> None:
    """Give a collection another name."""
    new_name = _checked(new_name)
    with index.writing() as connection:
        number = _required(connection, name)
        if _find(connection, new_name) not in (None, number):
            raise DocumentsError(
                _("There is a collection named “{name}” already.").format(name=new_name),
                _("Choose another name."),
                name=new_name,
            )
        connection.execute("UPDATE collection SET name = ? WHERE id = ?", (new_name, number))


def remove_collection(index: Index, name: str) -> None:
    """Remove a collection and all that was indexed for it."""
    with index.reading() as connection:
        number = _required(connection, name)
        found = connection.execute("SELECT id FROM source WHERE collection_id = ?", (number,)).fetchall()
    for (source_id,) in found:
        remove(index, source_id)
    with index.writing() as connection:
        connection.execute("DELETE FROM collection WHERE id = ?", (number,))


def add(index: Index, collection: str, path: str, options: SourceOptions) -> Source:
    """Add a source, or give one that is there these options; its collection is made where it is missing."""
    collection = _checked(collection)
    kind = _kind(path)
    with index.writing() as connection:
        number = _find(connection, collection)
        number = _insert(connection, collection) if number is None else number
        connection.execute(
            "INSERT INTO source (collection_id, kind, path, raw, options) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (collection_id, path) DO UPDATE SET options = excluded.options",
            (
                *(number, kind, names.shown(path), names.raw(path)),
                json.dumps(options.as_json(), ensure_ascii=False),
            ),
        )
        row = connection.execute(
            "SELECT * FROM source WHERE collection_id = ? AND path = ?", (number, names.shown(path))
        ).fetchone()
        # What was too large before may not be so now.
        connection.execute(
            "UPDATE file SET mtime_ns = 0 WHERE source_id = ? AND state = 'failed'", (row["id"],)
        )
    return _source(row, {})


def remove(index: Index, source_id: int) -> int:
    """Remove a source and all that was indexed for it; returns how many chunks that were.

    A sudden end in the middle leaves a source that can be removed again.
    """
    find(index, source_id)
    removed = 0
    while True:
        with index.writing() as connection:
            files = connection.execute(
                "SELECT id FROM file WHERE source_id = ? LIMIT ?", (source_id, REMOVED_AT_ONCE)
            ).fetchall()
            for (file_id,) in files:
                removed += content.remove_chunks(connection, "file_id = ?", file_id)
                connection.execute("DELETE FROM file WHERE id = ?", (file_id,))
            if len(files) < REMOVED_AT_ONCE:
                connection.execute("DELETE FROM source WHERE id = ?", (source_id,))
                return removed


def find(index: Index, source_id: int) -> Source:
    """A source.

    Raises:
        DocumentsError: There is none of this id.
    """
    with index.reading() as connection:
        row = connection.execute("SELECT * FROM source WHERE id = ?", (source_id,)).fetchone()
        counts = {row["source_id"]: row for row in connection.execute(COUNTS)}
    if row is None:
        raise DocumentsError(_("There is no such source any more."), source_id=source_id)
    return _source(row, counts)


def ids_of(index: Index, wanted: Iterable[str]) -> tuple[int, ...]:
    """Ids of collections by name.

    Raises:
        DocumentsError: There is none of a name.
    """
    with index.reading() as connection:
        return tuple(_required(connection, name) for name in wanted)


def _source(row: sqlite3.Row, counts: dict[int, sqlite3.Row]) -> Source:
    options = SourceOptions.from_json(json.loads(row["options"]))
    count = counts.get(row["id"])
    files, done, failed = (count["files"], count["done"], count["failed"]) if count else (0, 0, 0)
    return Source(
        row["id"],
        row["collection_id"],
        row["kind"],
        row["path"],
        row["state"],
        row["reason"],
        files,
        done,
        failed,
        row["scanned_ms"],
        options,
    )


def _kind(path: str) -> SourceKind:
    if path == CONVERSATIONS:
        return "conversations"
    place = Path(path)
    with suppress(OSError):  # what cannot be asked is not there now
        if place.is_dir():
            return "folder"
        if place.is_file():
            return "file"
    raise DocumentsError(
        _("{path} is not there. Nothing was added.").format(path=names.shown(path)),
        _("Check the name, and that its disk is connected."),
        path=names.shown(path),
    )


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise DocumentsError(_("A collection needs a name of at most 200 characters."))
    return name


def _find(connection: sqlite3.Connection, name: str) -> int | None:
    row = connection.execute("SELECT id FROM collection WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


def _required(connection: sqlite3.Connection, name: str) -> int:
    number = _find(connection, name)
    if number is None:
        raise DocumentsError(_("There is no collection named “{name}”.").format(name=name), name=name)
    return number


def _insert(connection: sqlite3.Connection, name: str) -> int:
    number = connection.execute(
        "INSERT INTO collection (name, created_ms) VALUES (?, ?)", (name, now_ms())
    ).lastrowid
    assert number is not None
    return number
