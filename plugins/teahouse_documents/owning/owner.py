"""The one process that writes the index: what runs in it, and what it tells of itself."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.ids import new_id
from teahouse.language import Translator
from teahouse_documents.index import fts, index, purge, reports
from teahouse_documents.index.index import Index, Unusable
from teahouse_documents.indexing.gate import Gate
from teahouse_documents.indexing.indexing import Indexing
from teahouse_documents.indexing.ports import Embedding, Parser
from teahouse_documents.options import Options
from teahouse_documents.owning.finding import Finding, MakeReranking
from teahouse_documents.scanning.scan import Scanner
from teahouse_documents.scanning.scanning import Scanning
from teahouse_documents.scanning.watch import Watch
from teahouse_documents.values import Found, Problem, Purged, Status

if TYPE_CHECKING:
    from teahouse_documents.vectors import Vectors

_ = Translator("teahouse_documents")
log = logging.getLogger(__name__)

SYNC_EACH_S = 2.0
REST_AFTER_S = 120.0
CLEAN_EACH_S = 20.0
"""What a purge has left because another process was reading is tried again."""
SUSPECT = "index.suspect"
"""Lies beside an index that was found to be damaged while it was used."""

MakeParser = Callable[[Options], Parser]
MakeEmbedding = Callable[[dict[str, Any] | None], Embedding]
MakeVectors = Callable[[Path | None, str, str], "Vectors"]


class Owner:
    """Owns index.db and the vectors; the caller holds the lock.

    Args:
        folder: `data/documents`.
        make_parser, make_embedding, make_vectors, make_reranking: What the app's options ask for.
        has_threads: False for tests: nothing runs by itself.
        end: Called when the index is found damaged: the process must end, and the next one mends it.
    """

    def __init__(
        self,
        folder: Path,
        options: Options,
        *,
        make_parser: MakeParser,
        make_embedding: MakeEmbedding,
        make_vectors: MakeVectors,
        make_reranking: MakeReranking = lambda _spec: None,
        has_threads: bool = True,
        end: Callable[[], None] = lambda: os._exit(3),
    ) -> None:
        self.folder, self.options = folder, options
        self._make_parser, self._make_embedding = make_parser, make_embedding
        self._make_vectors, self._make_reranking = make_vectors, make_reranking
        self._has_threads, self._end = has_threads, end
        self.revision = 1
        self._synced_at = self._active_at = self._cleaned_at = time.monotonic()
        self._counted: tuple[int, dict[str, Any]] = (0, {})
        self.index, self.notes = _open(folder)
        self.gate = Gate(is_paused=self.index.meta("is_paused") == "1")
        self._begin()

    # --- life ---------------------------------------------------------------------------------------

    def configure(self, options: Options) -> None:
        """Go on with other options; another embedder is built beside the one that is searched with."""
        if options != self.options:
            self._rest()
            self.options = options
            self._begin()

    def close(self) -> None:
        """End everything that runs; what was begun is taken up again by the next owner."""
        self._rest()
        self.index.close()

    # --- what indexing tells ------------------------------------------------------------------------

    def changed(self) -> None:
        """Something that is searched or shown has changed."""
        self.revision += 1
        self._active_at = time.monotonic()

    def sync(self, *, is_idle: bool) -> bool:
        """Bring the vector index up to date, now and then; False where it is."""
        now = time.monotonic()
        if not is_idle and now - self._synced_at < SYNC_EACH_S:
            return False
        self._synced_at = now
        if self.vectors.take_in(self.index):
            return True
        if is_idle and now - self._cleaned_at > CLEAN_EACH_S and not self._current():
            self._cleaned_at = now
            if purge.has_ended(self.index):
                self.vectors.make_anew(self.index)
        if is_idle and now - self._active_at > REST_AFTER_S:
            self._active_at = now
            self.vectors.rest()
        return False

    def rescan(self, source_id: int) -> None:
        """A source differs from what was seen."""
        self.scanning.hint({source_id})

    def give_up(self, error: Unusable) -> None:
        """The index is damaged: end, so that the next owner finds out and begins anew."""
        log.info("the index is damaged: %s", error.__cause__ or error)
        (self.folder / SUSPECT).touch()
        self._end()

    # --- what is asked ------------------------------------------------------------------------------

    def pause(self, is_paused: bool) -> None:
        """Pause or go on, also after a restart."""
        self.index.set_meta("is_paused", "1" if is_paused else "0")
        if is_paused:
            self.gate.pause()
        else:
            self.gate.resume()
        self.changed()

    def search(
        self,
        query: str,
        collections: list[str],
        filters: Any,
        limit: int,
        *,
        has_second_look: bool = False,
    ) -> Found:
        """The passages that answer a query best."""
        self._active_at = time.monotonic()
        return self.finding.search(
            self.embedding, query, collections, filters, limit, has_second_look=has_second_look
        )

    def purge(self, source_id: int) -> Iterator[tuple[str, Purged | None]]:
        """Purge a source; indexing waits meanwhile."""
        self._rest()
        try:
            for step, purged in purge.purge(self.index, source_id):
                if purged is not None:
                    self.vectors.make_anew(self.index)
                yield step, purged
        finally:
            self._begin()
            self.changed()

    def status(self) -> Status:
        """How far everything is."""
        if self._counted[0] != self.revision:
            self._counted = (self.revision, reports.counts(self.index))
        counts = self._counted[1]
        problems = len(self.problems_of_index())
        return Status(
            **{**counts, "problems": counts["problems"] + problems},
            eta_s=self._eta_s() if counts["waiting"] else 0.0,
            bytes_on_disk=self.index.size_bytes + self.vectors.size_bytes,
            activity=self._activity(counts["waiting"]),
            current=self._current(),
            is_paused=self.gate.is_paused,
            is_read_only=self.index.is_read_only,
            is_yielding=self.gate.is_yielding and counts["waiting"] > 0,
            revision=self.revision,
        )

    def problems_of_index(self) -> list[Problem]:
        """What is the matter with the index itself, the embedder, the watching."""
        found = list(self.notes)
        if self.gate.fault is not None:
            found.insert(0, self.gate.fault)
        if self.options.why_none:
            found.append(Problem("embedder", self.options.why_none[0], "".join(self.options.why_none[1:2])))
        if self.options.why_not_reranked:
            found.append(Problem("reranker", *self.options.why_not_reranked))
        if self.scanning.problem:
            text = _(
                "Folders cannot be watched ({reason}): changes are found at the next look, within minutes."
            )
            hint = _("“Rescan” looks at once. On Linux, fs.inotify.max_user_watches can be raised.")
            found.append(Problem("source", text.format(reason=self.scanning.problem), hint))
        if self.vectors.problem:
            found.append(Problem("index", self.vectors.problem))
        return found

    # --- inside -------------------------------------------------------------------------------------

    def _begin(self) -> None:
        is_read_only = self.index.is_read_only
        options = replace(self.options, is_watched=False) if is_read_only else self.options
        self.parser = self._make_parser(options)
        self.embedding = self._make_embedding(options.embedder)
        self.vectors = self._make_vectors(self.folder / "chroma", self._token(), options.server)
        reranking = self._make_reranking(options.reranker)
        self.finding = Finding(self.index.file, self.vectors, self._make_embedding, reranking)
        own = {*options.own, str(self.folder)}
        scanner = Scanner(
            self.index,
            self.parser.wants,
            ignored=options.ignored,
            own=own,
            is_stopped=lambda: self.scanning.has_ended,
        )
        self.indexing: Indexing | None = None
        self.scanning = Scanning(
            self.index,
            scanner,
            Watch(lambda ids: self.scanning.hint(ids), own=own) if options.is_watched else None,
            changed=self._scanned,
            give_up=self.give_up,
        )
        if is_read_only:
            return
        self._bring_up_to_date()
        self.indexing = Indexing(self, self.index, self.parser, self.embedding, self.gate)
        if self._has_threads:
            self.indexing.start()
            self.scanning.start()

    def _rest(self) -> None:
        """End what runs, but keep the index open."""
        if self.indexing is not None:
            self.parser.stop()
            self.indexing.stop()
            self.scanning.stop()
        self.finding.close()
        self.parser.close()
        self.embedding.close()
        self.vectors.close()

    def _bring_up_to_date(self) -> None:
        """What this version reads, cuts or splits otherwise is done anew."""
        known = sorted(self.parser.identities)
        with self.index.writing() as connection:
            if not fts.is_current(connection):
                fts.make_anew(connection)
            marks = ", ".join("?" * len(known))
            connection.execute(
                "UPDATE file SET state = 'waiting' WHERE state IN ('done', 'embedding') AND loader != '' "
                f"AND loader != 'conversation/1' AND loader NOT IN ({marks})",
                known,
            )

    def _scanned(self) -> None:
        self.changed()
        self.gate.wake()

    def _token(self) -> str:
        token = self.index.meta("token")
        if not token and not self.index.is_read_only:
            token = new_id()
            self.index.set_meta("token", token)
        return token

    def _activity(self, waiting: int) -> Any:
        if self.gate.is_paused:
            return "paused"
        if self.gate.fault is not None:
            return "stopped"
        if self.scanning.is_active and not waiting:
            return "scanning"
        if self.indexing is not None and self.indexing.embedder.current:
            return "embedding"
        return "reading" if waiting else "idle"

    def _current(self) -> str:
        if self.indexing is None:
            return ""
        return self.indexing.embedder.current or self.indexing.reader.current

    def _eta_s(self) -> float | None:
        """Reading and embedding go on beside each other: the longer one counts."""
        if self.indexing is None:
            return None
        unembedded, expected, waiting_bytes = reports.left(self.index, self.indexing.embedder_id)
        reading = self.indexing.reader.speed.seconds_for(waiting_bytes)
        if not self.embedding.dimension:
            return reading
        embedding = self.indexing.embedder.speed.seconds_for(unembedded + expected)
        return None if embedding is None or reading is None else max(embedding, reading)


def _open(folder: Path) -> tuple[Index, list[Problem]]:
    """The index of a folder, mended where it is to be; what lay in its scratch folders is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / index.NAME
    suspect = folder / SUSPECT
    if suspect.exists():
        opened, notes = index.replace_damaged(file)
        suspect.unlink(missing_ok=True)
        return opened, notes
    return index.open_or_replace(file)
