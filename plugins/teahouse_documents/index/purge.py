"""A purge: nothing of a source's text stays in any file that the index keeps.

SQLite overwrites what it deletes (`secure_delete`), but the full-text index keeps words of deleted rows in
its segments, free pages keep older states, and the log keeps what was written: so the words are made anew
from what is left, the database is written anew, the log is emptied, and the vectors are made anew too.
"""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from teahouse.language import Translator
from teahouse.store.connections import BUSY_TIMEOUT_S
from teahouse_documents.index import fts
from teahouse_documents.index.index import Index
from teahouse_documents.scanning import sources
from teahouse_documents.values import DocumentsError, Purged, Standing

_ = Translator("teahouse_documents")
log = logging.getLogger(__name__)

READERS_END_S, LATER_S = 5.0, 0.2
"""Waits for others that read: while a person waits, and when it is tried again."""
PHRASES = 24
PHRASE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){5}|[\u4e00-\u9fff]{10}")
"""Six words, or ten Chinese characters: enough to be nobody else's."""

DUE = "clean_due"
"""In `meta`: traces are still to be removed; another process was reading, or the end was sudden."""
SCRATCH = ("reading", "tmp")
"""Folders beside the index that hold nothing for long."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What a source was, noted before it goes.

    Attributes:
        hashes: Of the bytes of its files.
        phrases: A few stretches of its text, to look for elsewhere.
    """

    path: str
    kind: str
    hashes: frozenset[str]
    files: int
    phrases: tuple[str, ...] = ()


def trace(index: Index, source_id: int) -> Traces:
    """What of a source may stand elsewhere."""
    source = sources.find(index, source_id)
    with index.reading() as connection:
        rows = connection.execute("SELECT hash FROM file WHERE source_id = ?", (source_id,)).fetchall()
        texts = connection.execute(
            "SELECT text FROM chunk JOIN file ON file.id = chunk.file_id WHERE source_id = ? "
            "AND length(text) > 40 ORDER BY random() LIMIT ?",
            (source_id, PHRASES),
        ).fetchall()
    phrases = tuple(dict.fromkeys(phrase for (text,) in texts if (phrase := _phrase(text))))
    return Traces(source.path, source.kind, frozenset(r[0] for r in rows if r[0]), len(rows), phrases)


def purge(index: Index, source_id: int) -> Iterator[tuple[str, Purged | None]]:
    """Purge a source; yields what is being done, and last the result. Nobody else may write meanwhile.

    Raises:
        DocumentsError: There is no such source, or another process is reading and does not end: then the
            source is removed, and traces may remain until it is purged again.
    """
    traces = trace(index, source_id)
    before = index.size_bytes
    yield "removing", None
    chunks = sources.remove(index, source_id)
    yield "rewriting", None
    clean(index)
    freed = max(0, before - index.size_bytes)
    yield "done", Purged(traces.files, chunks, freed, tuple(where_else(index, traces)))


def clean(index: Index, *, patience_s: float = READERS_END_S) -> None:
    """Leave nothing in the index's files of what was removed before.

    Args:
        patience_s: Longest wait for others that are reading.

    Raises:
        DocumentsError: They do not end; it is due from then on.
    """
    index.set_meta(DUE, "1")
    with index.alone() as connection:
        _empty_log(connection, patience_s)  # first: what follows costs much, and would be for nothing
    with index.writing() as connection:
        connection.execute("DELETE FROM request WHERE state != 'waiting'")
        fts.make_anew(connection)
    with index.alone() as connection:
        connection.execute("VACUUM")
        _empty_log(connection, patience_s)
    folder = index.file.parent
    for name in SCRATCH:
        shutil.rmtree(folder / name, ignore_errors=True)
    for aside in folder.glob(f"{index.file.stem}.damaged-*"):
        aside.unlink(missing_ok=True)
    index.set_meta(DUE, "")


def has_ended(index: Index) -> bool:
    """Try to end a purge that could not be ended before; whether that was due and is done."""
    if index.meta(DUE) != "1":
        return False
    try:
        clean(index, patience_s=LATER_S)
    except DocumentsError as error:
        log.info("traces of what was purged remain: %s", error)
        return False
    return True


def where_else(index: Index, traces: Traces) -> Iterator[Standing]:
    """Places where text of a purged source still stands, as far as the index knows."""
    if traces.kind != "conversations" and Path(traces.path).exists():
        text = _("{path}: the original itself, on your disk.").format(path=traces.path)
        yield Standing("original", traces.path, text)
    if traces.kind == "conversations":
        yield Standing("conversation", "", _("The conversations themselves."))
    with index.reading() as connection:
        rows = connection.execute(
            "SELECT file.path, file.hash, collection.name FROM file "
            "JOIN source ON source.id = file.source_id "
            "JOIN collection ON collection.id = source.collection_id ORDER BY file.path"
        ).fetchall()
    for path, hash_, name in rows:
        if hash_ and hash_ in traces.hashes:
            text = _("{path}: the same content in the collection “{name}”.").format(path=path, name=name)
            yield Standing("collection", path, text)


def _phrase(text: str) -> str:
    found = PHRASE.search(text)
    return found[0] if found else ""


def _empty_log(connection: sqlite3.Connection, patience_s: float) -> None:
    """Fold the log into the file and cut it to nothing; others that read are given time to end."""
    connection.execute(f"PRAGMA busy_timeout = {patience_s * 1000:.0f}")
    try:
        is_busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}")
    if is_busy:
        raise DocumentsError(
            _("The source was removed, but another process is reading the index, so that traces remain."),
            _("They are removed as soon as it has ended; close the other Teahouse."),
        )
