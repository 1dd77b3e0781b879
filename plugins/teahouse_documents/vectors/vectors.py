"""The vectors of an index.db: which index answers, and keeping every index in step with the truth.

Small sets, and what a filter leaves of large ones, are compared exactly; beyond that chromadb answers, if
it holds everything. Whatever is wrong with it, exact search goes on while it is made again.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from teahouse import Translator
from teahouse_documents.search.allowed import Allowed
from teahouse_documents.vectors import truth
from teahouse_documents.vectors.chroma import Chroma
from teahouse_documents.vectors.exact import Exact
from teahouse_documents.vectors.folder import Folder
from teahouse_documents.vectors.home import Home
from teahouse_documents.vectors.index import Broken, Hit, Rows
from teahouse_documents.vectors.truth import Database

log = logging.getLogger(__name__)
_ = Translator("teahouse_documents")

SMALL = 20_000
"""Up to so many vectors are compared exactly, and chromadb is not even loaded."""
BATCH = 500  # vectors taken in at a time: chromadb needs about a second for them
NARROW, RARE = 0.6, 25
"""This share of `SMALL`, some 10 ms, or one in so many of all: what a filter leaves is compared exactly."""
BYTES_PER_VECTOR = 2.5
"""Of float32: more on the disk, and what chromadb has left behind is cleared away."""
SLACK_BYTES = 32 << 20
WATCHED_EVERY = 5_000
RETRY_S = 60.0
"""A server that did not answer is asked again after this time."""


@dataclass(slots=True)
class _Embedder:
    """What is known of the vectors of one embedder."""

    id: int
    dimension: int
    exact: Exact | None = None
    chroma: Chroma | None = None
    is_to_check: bool = False  # `exact` was read from a state of the index that may be older than it knows


class Vectors:
    """Nearest chunks by their vectors; any thread may search, one takes in.

    Args:
        folder: `data/documents/chroma`; None in a process that does not own the index, which compares
            exactly what it reads.
        token: Names the index.db: chromadb's data of another one is refused.
        server: Address of a chroma server to use instead of the folder; empty for none.
        small: Up to so many vectors chromadb is not used.
    """

    def __init__(self, folder: Path | None, *, token: str, server: str = "", small: int = SMALL) -> None:
        self._folder = Folder(folder, token) if folder is not None else None
        self._temporary = folder.parent if folder is not None else None
        self._server, self._small = server, small
        self._home = Home(self._folder, token=token, server=server) if self._folder is not None else None
        self._embedders: dict[int, _Embedder] = {}
        self._lock = RLock()
        self._added = 0
        self._retry_at = 0.0
        self.problem = ""
        """What was last wrong with chromadb or the server, for people; empty for nothing."""

    # --- searching ----------------------------------------------------------------------------------

    def search(
        self,
        connection: sqlite3.Connection,
        vector: Rows,
        *,
        limit: int = 50,
        allowed: Allowed | None = None,
    ) -> tuple[list[Hit], str]:
        """The nearest chunks of the embedder in force, and who found them: `exact`, `chroma`, `server`."""
        with self._lock:
            embedder = self._active(connection, len(vector))
            if embedder is None:
                return [], "exact"
            chroma = embedder.chroma
            if chroma is not None and not truth.is_behind(connection, embedder.id, BATCH):
                try:
                    if not self._is_narrow(chroma, allowed):
                        return chroma.search(vector, limit, allowed), self._kind
                except Broken as error:
                    self._give_up(error)
            if embedder.exact is None:
                embedder.exact = Exact(embedder.dimension, self._temporary)
                embedder.exact.load(truth.stored(connection, embedder.id))
                embedder.is_to_check = True
            exact = embedder.exact
        return exact.search(vector, limit, allowed), "exact"

    def rest(self) -> None:
        """Let go of memory; the next search reads anew what it needs."""
        with self._lock:
            for embedder in self._embedders.values():
                embedder.exact = embedder.chroma = None
            self._disconnect()

    def refresh(self) -> None:
        """Another process has written: read anew what it may have changed."""
        with self._lock:
            self._embedders.clear()

    def close(self) -> None:
        """Let go of everything."""
        self.rest()
        self._embedders.clear()

    # --- keeping in step ----------------------------------------------------------------------------

    def take_in(self, index: Database, *, limit: int = BATCH) -> int:
        """Carry the next changes named in `unsynced` over; returns how many, 0 when all is in step.

        Only the owner calls it, from the thread that writes vectors, again until it returns 0.
        """
        self._prepare(index)
        with index.reading() as connection:
            rows = connection.execute(
                "SELECT unsynced.chunk_id, unsynced.embedder_id, value FROM unsynced "
                "LEFT JOIN vector ON vector.chunk_id = unsynced.chunk_id LIMIT ?",
                (limit,),
            ).fetchall()
        if not self._carry_all(rows):
            return truth.mark_all(index)
        if not rows:
            self._check_exact(index)
            return 0
        with index.writing() as connection:
            connection.executemany("DELETE FROM unsynced WHERE chunk_id = ?", ((row[0],) for row in rows))
        self._watch(index, len(rows))
        return len(rows)

    def make_anew(self, index: Database) -> None:
        """Delete what chromadb has, and let `take_in` fill it again: after a purge, or when asked."""
        with self._lock:
            self._disconnect()
            if self._folder is not None and self._folder.exists:
                self._folder.wipe()
            for embedder in self._embedders.values():
                embedder.exact = embedder.chroma = None
        truth.mark_all(index)

    @property
    def size_bytes(self) -> int:
        """Of the folder."""
        return 0 if self._folder is None else self._folder.size_bytes

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _kind(self) -> str:
        return "server" if self._server else "chroma"

    def _is_narrow(self, chroma: Chroma, allowed: Allowed | None) -> bool:
        """Whether a filter leaves so little that comparing it is quicker, or surer, than over-fetching."""
        if allowed is None:
            return False
        return allowed.count <= self._small * NARROW or allowed.count * RARE < chroma.count()

    def _active(self, connection: sqlite3.Connection, dimension: int) -> _Embedder | None:
        row = connection.execute("SELECT id, dimension FROM embedder WHERE state = 'active'").fetchone()
        if row is None or row[1] != dimension:
            return None
        return self._embedders.setdefault(row[0], _Embedder(row[0], row[1]))

    def _prepare(self, index: Database) -> None:
        """Open chromadb for every embedder that has outgrown exact search."""
        if self._folder is None:
            return
        with index.reading() as connection:
            known = connection.execute("SELECT id, dimension FROM embedder").fetchall()
            counts = {row[0]: truth.count(connection, row[0], self._small) for row in known}
        for number, dimension in known:
            embedder = self._embedders.setdefault(number, _Embedder(number, dimension))
            if embedder.chroma is None and self._is_wanted(counts[number]):
                self._open(index, embedder)
        for number in [number for number in self._embedders if number not in counts]:
            self._forget(self._embedders.pop(number))
        is_large = any(count > self._small // 2 for count in counts.values())
        if self._folder.exists and (self._server or not is_large):
            self._folder.wipe()  # what is no longer kept in step is worth nothing

    def _is_wanted(self, count: int) -> bool:
        """Whether chromadb answers for so many vectors; some fewer do not make it go away again."""
        assert self._folder is not None
        if self._server:
            return time.monotonic() >= self._retry_at
        return count > self._small or (count > self._small // 2 and self._folder.exists)

    def _open(self, index: Database, embedder: _Embedder) -> None:
        """Open or make its collection; a damaged one is made again."""
        for is_second in (False, True):
            try:
                embedder.chroma = self._checked(index, embedder)
                self.problem = ""
                return
            except Broken as error:
                self._give_up(error)
                if is_second or self._server:
                    return
            truth.mark_all(index)

    def _checked(self, index: Database, embedder: _Embedder) -> Chroma:
        assert self._home is not None and self._folder is not None
        chroma = self._home.collection(embedder.id, embedder.dimension)
        if self._server:
            with index.writing() as connection:
                truth.mark_differences(connection, embedder.id, chroma.ids())
            return chroma
        with index.reading() as connection:
            truth.check(connection, embedder.id, chroma)
        self._folder.confirm()
        return chroma

    def _carry_all(self, rows: Sequence[tuple[int, int, bytes | None]]) -> bool:
        """Whether every index has taken them; the database is not asked while the vectors are locked."""
        with self._lock:
            for embedder in list(self._embedders.values()):
                try:
                    self._carry(embedder, [(row[0], row[2]) for row in rows if row[1] == embedder.id])
                except Broken as error:
                    self._give_up(error)
                    return False
        return True

    def _check_exact(self, index: Database) -> None:
        """Forget what a search has read while something was carried over that it did not see."""
        with self._lock:
            read = [(one, one.exact) for one in self._embedders.values() if one.is_to_check and one.exact]
        for embedder, exact in read:
            with index.reading() as connection:
                is_in_step = truth.digest(connection, embedder.id) == exact.digest()
            with self._lock:
                if embedder.exact is exact:
                    embedder.is_to_check = False
                    embedder.exact = exact if is_in_step else None

    def _carry(self, embedder: _Embedder, rows: Sequence[tuple[int, bytes | None]]) -> None:
        gone = [number for number, blob in rows if blob is None]
        there = [(number, blob) for number, blob in rows if blob is not None]
        ids = [number for number, _blob in there]
        vectors = truth.decoded([blob for _number, blob in there], embedder.dimension)
        for one in (embedder.exact, embedder.chroma):
            if one is not None and gone:
                one.remove(gone)
            if one is not None and ids:
                one.add(ids, vectors)

    def _watch(self, index: Database, added: int) -> None:
        """Clear away what chromadb has left behind when it takes too much of the disk."""
        self._added += added
        if self._added < WATCHED_EVERY or self._folder is None or self._server:
            return
        self._added = 0
        held = [one.chroma.count() * one.dimension * 4 for one in self._embedders.values() if one.chroma]
        if self._folder.size_bytes > BYTES_PER_VECTOR * sum(held) + SLACK_BYTES:
            log.info("chromadb takes %d bytes for %d of vectors: made again", self.size_bytes, sum(held))
            self.make_anew(index)

    def _give_up(self, error: Broken) -> None:
        """Go on without chromadb; its folder is emptied, since from index.db all can be made again."""
        log.info("chromadb cannot be used: %s", error)
        self._retry_at = time.monotonic() + RETRY_S
        if self._server:
            text = _("The Chroma server {address} cannot be used: {reason}. Vectors are compared here.")
            self.problem = text.format(address=self._server, reason=error)
        else:
            self.problem = _("The fast index of vectors was damaged. It is made again; nothing is lost.")
        with self._lock:
            for embedder in self._embedders.values():
                embedder.chroma = None
            self._disconnect()
            if self._folder is not None and not self._server:
                self._folder.wipe()

    def _forget(self, embedder: _Embedder) -> None:
        if embedder.chroma is not None:
            try:
                embedder.chroma.drop()
            except Broken as error:
                self._give_up(error)

    def _disconnect(self) -> None:
        if self._home is not None:
            self._home.disconnect()
