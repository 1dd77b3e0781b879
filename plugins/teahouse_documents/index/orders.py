"""What a person asks of files that are known: read them anew, try again, take them first."""

from __future__ import annotations

from teahouse_documents.index.index import Index
from teahouse_documents.scanning import names


def reindex(index: Index, *, source_id: int | None = None, file_id: int | None = None) -> int:
    """Have a file, a source or everything read and embedded anew; returns how many files.

    Until then they are found by the words that they had.
    """
    wanted = {"id": file_id, "source_id": source_id}
    conditions = [f"{column} = ?" for column, number in wanted.items() if number is not None]
    values = [number for number in wanted.values() if number is not None]
    condition = " AND ".join([*conditions, "state != 'gone'"])
    chunks = f"SELECT id FROM chunk WHERE file_id IN (SELECT id FROM file WHERE {condition})"
    with index.writing() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO unsynced SELECT chunk_id, embedder_id FROM vector "
            f"WHERE chunk_id IN ({chunks})",
            values,
        )
        connection.execute(f"DELETE FROM vector WHERE chunk_id IN ({chunks})", values)
        return connection.execute(
            f"UPDATE file SET state = 'waiting', hash = '', reason = '' WHERE {condition}", values
        ).rowcount


def retry(index: Index) -> int:
    """Have files that could not be read tried again, except those that are too large; returns how many."""
    with index.writing() as connection:
        return connection.execute(
            "UPDATE file SET state = 'waiting', reason = '' WHERE state IN ('failed', 'quarantined') "
            "AND size <= (SELECT coalesce(json_extract(options, '$.most_bytes'), 1 << 40) FROM source "
            "WHERE source.id = file.source_id)"
        ).rowcount


def prioritise(index: Index, path: str) -> bool:
    """Have a file, or those of a folder, taken before all others; False where none is known."""
    shown = names.shown(path)
    folder = shown.rstrip("/") + "/"
    with index.writing() as connection:
        count = connection.execute(
            "UPDATE file SET priority = (SELECT max(priority) + 1 FROM file) "
            "WHERE path = ? OR substr(path, 1, ?) = ?",
            (shown, len(folder), folder),
        ).rowcount
    return count > 0
