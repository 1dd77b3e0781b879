"""The first half of indexing: a waiting file is read, cut into chunks, and can be found by its words."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable

from teahouse.ids import now_ms
from teahouse.language import Translator
from teahouse.passages import Piece
from teahouse_documents.chunking import chunks
from teahouse_documents.index import content, fts
from teahouse_documents.index.index import Index
from teahouse_documents.indexing.ports import Embedding, Parser, Read, Unreadable
from teahouse_documents.indexing.speed import Speed
from teahouse_documents.scanning import names
from teahouse_documents.scanning.digest import digest
from teahouse_documents.scanning.walk import Seen, look

_ = Translator("teahouse_documents")

TIMED_BYTES = 64 << 10
"""A file counts as so large at least when reading is timed: small ones take as long."""
CONVERSATION = "conversation:"
"""Before the id, in the path of a conversation."""

READABLE = (
    f"state = 'waiting' AND (path NOT LIKE '{CONVERSATION}%' "
    "OR EXISTS (SELECT 1 FROM handed WHERE file_id = file.id))"
)
"""SQL: waiting, and here; the text of a conversation is handed over by the app."""


class Reader:
    """Reads files one after the other.

    Args:
        is_stopped: Asked while a file is read.
        found_gone: Called with the source of a file that is not there.
    """

    def __init__(
        self,
        index: Index,
        parser: Parser,
        *,
        is_stopped: Callable[[], bool] = lambda: False,
        found_gone: Callable[[int], None] = lambda source_id: None,
    ) -> None:
        self._index, self._parser = index, parser
        self._is_stopped, self._found_gone = is_stopped, found_gone
        self.speed = Speed()
        self.current = ""

    def read_next(self, embedding: Embedding, embedder_id: int) -> bool:
        """Take in the next waiting file; False where none is waiting."""
        with self._index.reading() as connection:
            row = connection.execute(
                f"SELECT * FROM file WHERE {READABLE} ORDER BY priority DESC, id LIMIT 1"
            ).fetchone()
        if row is None:
            return False
        self.current = str(row["path"])
        begun = time.monotonic()
        try:
            self._read(row, embedding, embedder_id)
        except InterruptedError:
            return True
        except Unreadable as error:
            self._note_failure(row, error)
        finally:
            self.current = ""
        self.speed.note(max(TIMED_BYTES, row["size"]), time.monotonic() - begun)
        return True

    # --- inside -------------------------------------------------------------------------------------

    def _read(self, row: sqlite3.Row, embedding: Embedding, embedder_id: int) -> None:
        if str(row["path"]).startswith(CONVERSATION):
            self._take(row, None, row["hash"], "conversation/1", self._handed(row), embedding, embedder_id)
            return
        path = names.opened(row["path"], row["raw"])
        seen = _look(path)
        if seen is None:
            self._found_gone(row["source_id"])  # the scan tells whether it is gone or away
            raise Unreadable(_("It is not there at the moment."))
        hash_ = digest(path, self._is_stopped)
        if hash_ is None:
            if self._is_stopped():
                raise InterruptedError
            raise Unreadable(_("It cannot be opened."), _("Check that you may read it."))
        loader = self._parser.identity(path)
        if self._is_same(row, hash_, loader, embedder_id):
            self._note_same(row, seen)
        elif not self._copy(row, seen, hash_, loader, embedding, embedder_id):
            read = self._parser.read(path, self._is_stopped) if seen.size else Read(())
            # A file that was written to meanwhile: nobody may take these pieces for those of its bytes.
            is_settled = _look(path) == seen
            self._take(row, seen, hash_ if is_settled else "", loader, read, embedding, embedder_id)

    def _is_same(self, row: sqlite3.Row, hash_: str, loader: str, embedder_id: int) -> bool:
        mine = (row["hash"], row["loader"], row["chunker"], row["embedder_id"])
        return mine == (hash_, loader, chunks.IDENTITY, embedder_id)

    def _note_same(self, row: sqlite3.Row, seen: Seen) -> None:
        with self._index.writing() as connection:
            connection.execute(
                "UPDATE file SET size = ?, mtime_ns = ? WHERE id = ?", (seen.size, seen.mtime_ns, row["id"])
            )
            content.set_state(connection, row["id"], _next_state(connection, row["id"], row["embedder_id"]))

    def _copy(
        self, row: sqlite3.Row, seen: Seen, hash_: str, loader: str, embedding: Embedding, embedder_id: int
    ) -> bool:
        """Take over the chunks of a file with the same bytes; False where there is none."""
        with self._index.writing() as connection:
            twin = connection.execute(
                "SELECT id, remarks FROM file WHERE hash = ? AND id != ? AND loader = ? AND chunker = ? "
                "AND embedder_id = ? AND state IN ('embedding', 'done') LIMIT 1",
                (hash_, row["id"], loader, chunks.IDENTITY, embedder_id),
            ).fetchone()
            if twin is None or not _still_stands(connection, row):
                return False
            self._drop_stale(connection, row, hash_, embedder_id)
            content.copy_chunks(connection, twin["id"], row["id"], embedder_id)
            _note_taken(connection, row, seen, hash_, loader, twin["remarks"], embedder_id)
        return True

    def _take(
        self,
        row: sqlite3.Row,
        seen: Seen | None,
        hash_: str,
        loader: str,
        read: Read,
        embedding: Embedding,
        embedder_id: int,
    ) -> None:
        cut = chunks.cut(read.pieces, lambda texts: embedding.count(texts))
        worded = [(chunk, fts.words_of(chunk.heading, chunk.text)) for chunk in cut]
        with self._index.writing() as connection:
            if not _still_stands(connection, row):
                return
            self._drop_stale(connection, row, hash_, embedder_id)
            content.put_chunks(connection, row["id"], embedder_id, worded)
            remarks = json.dumps(list(read.remarks), ensure_ascii=False)
            _note_taken(connection, row, seen, hash_, loader, remarks, embedder_id)
            connection.execute("DELETE FROM handed WHERE file_id = ?", (row["id"],))

    def _drop_stale(
        self, connection: sqlite3.Connection, row: sqlite3.Row, hash_: str, embedder_id: int
    ) -> None:
        """What another embedder made of text that no longer stands in the file."""
        if row["hash"] != hash_:
            content.remove_chunks(connection, "file_id = ? AND embedder_id != ?", row["id"], embedder_id)

    def _handed(self, row: sqlite3.Row) -> Read:
        with self._index.reading() as connection:
            handed = connection.execute(
                "SELECT pieces FROM handed WHERE file_id = ?", (row["id"],)
            ).fetchone()
        if handed is None:
            raise InterruptedError  # another one was handed over, or it was removed
        return Read([Piece.from_json(piece) for piece in json.loads(handed[0])])

    def _note_failure(self, row: sqlite3.Row, error: Unreadable) -> None:
        with self._index.writing() as connection:
            if not _still_stands(connection, row):
                return
            content.remove_chunks(connection, "file_id = ?", row["id"])
            reason = f"{error.text} {error.hint}".strip()
            content.set_state(
                connection, row["id"], "quarantined" if error.is_quarantined else "failed", reason
            )
            connection.execute("UPDATE file SET hash = '' WHERE id = ?", (row["id"],))


def _look(path: str) -> Seen | None:
    try:
        return look(path)
    except OSError as error:
        text = _("It cannot be opened ({reason}).").format(reason=error.strerror or error)
        raise Unreadable(text, _("Check that you may read it.")) from error


def _still_stands(connection: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Whether the file is still to be read as it was when it was begun: not removed, moved or changed."""
    now = connection.execute("SELECT state, path, mtime_ns FROM file WHERE id = ?", (row["id"],)).fetchone()
    return now is not None and tuple(now) == ("waiting", row["path"], row["mtime_ns"])


def _note_taken(
    connection: sqlite3.Connection,
    row: sqlite3.Row,
    seen: Seen | None,
    hash_: str,
    loader: str,
    remarks: str,
    embedder_id: int,
) -> None:
    """The file's chunks stand: what is left of it is to embed them."""
    size, mtime_ns = (seen.size, seen.mtime_ns) if seen else (row["size"], row["mtime_ns"])
    connection.execute(
        "UPDATE file SET size = ?, mtime_ns = ?, hash = ?, loader = ?, chunker = ?, embedder_id = ?, "
        "state = ?, reason = '', remarks = ?, changed_ms = ? WHERE id = ?",
        (
            *(size, mtime_ns, hash_, loader, chunks.IDENTITY, embedder_id),
            *(_next_state(connection, row["id"], embedder_id), remarks, now_ms(), row["id"]),
        ),
    )


def _next_state(connection: sqlite3.Connection, file_id: int, embedder_id: int) -> str:
    dimension = connection.execute("SELECT dimension FROM embedder WHERE id = ?", (embedder_id,)).fetchone()[
        0
    ]
    return "embedding" if dimension and content.pending(connection, file_id, embedder_id) else "done"
