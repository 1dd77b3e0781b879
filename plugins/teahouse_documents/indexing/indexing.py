"""Indexing as it runs: one thread reads ahead, one embeds, both stop at the gate before every small step."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from teahouse.errors import AppError
from teahouse.language import Translator
from teahouse_documents.index import generations
from teahouse_documents.index.index import Index, Unusable
from teahouse_documents.indexing.embedding_stage import Embedder
from teahouse_documents.indexing.gate import Gate
from teahouse_documents.indexing.ports import Embedding, Parser
from teahouse_documents.indexing.reading import Reader
from teahouse_documents.values import DocumentsError, Problem

_ = Translator("teahouse_documents")
log = logging.getLogger(__name__)

IDLE_S = 1.0
SHUT_S = 0.1


class Owner(Protocol):
    """Whom indexing tells what happens."""

    def changed(self) -> None:
        """Something that is searched or shown has changed."""

    def sync(self, *, is_idle: bool) -> bool:
        """Bring the vector index up to date; False where it is."""

    def rescan(self, source_id: int) -> None:
        """A source differs from what was seen."""

    def give_up(self, error: Unusable) -> None:
        """The index is damaged."""


class Indexing:
    """Two threads that make what is waiting searchable; `stop` and a new one change the embedder."""

    def __init__(self, owner: Owner, index: Index, parser: Parser, embedding: Embedding, gate: Gate) -> None:
        self._owner, self._index, self._gate = owner, index, gate
        self._embedding = embedding
        self._has_ended = threading.Event()
        self.embedder_id = generations.adopt(index, embedding)
        self.reader = Reader(index, parser, is_stopped=self._has_ended.is_set, found_gone=owner.rescan)
        self.embedder = Embedder(index)
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin."""
        steps: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("reading", self._read),
            ("embedding", self._embed),
        )
        for name, step in steps:
            thread = threading.Thread(target=self._run, args=(step,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End both threads and wait for them; what was begun is taken up again by another one."""
        self._has_ended.set()
        self._gate.wake()
        for thread in self._threads:
            thread.join()

    def run_here(self) -> None:
        """Do all that is waiting on this thread; for tests and measurements."""
        while self._read() or self._embed():
            pass

    # --- inside -------------------------------------------------------------------------------------

    def _run(self, step: Callable[[], bool]) -> None:
        while not self._has_ended.is_set():
            if not self._gate.is_open:
                self._gate.wait(SHUT_S if self._gate.is_yielding else IDLE_S)
                continue
            if not self._try(step):
                self._gate.wait(IDLE_S)

    def _try(self, step: Callable[[], bool]) -> bool:
        """Take a step; a fault shuts the gate for a while and is told."""
        try:
            has_done = step()
        except Unusable as error:
            self._owner.give_up(error)
            return False
        except DocumentsError as error:
            self._halt(Problem("index", error.text, error.hint))
            return False
        except AppError as error:
            self._halt(Problem("embedder", error.text, error.hint))
            return False
        except Exception as error:
            log.exception("indexing failed")
            text = _("Indexing failed ({error}). What was indexed before is kept.").format(error=error)
            self._halt(Problem("index", text, _("It is tried again in a minute. The log says more.")))
            return False
        if has_done:
            self._gate.clear()
        return has_done

    def _halt(self, fault: Problem) -> None:
        if self._has_ended.is_set():
            return  # it was ended in the middle of a step
        log.info("indexing waits: %s", fault.text)
        self._gate.halt(fault)
        self._owner.changed()

    def _read(self) -> bool:
        has_done = self.reader.read_next(self._embedding, self.embedder_id)
        if has_done:
            self._gate.wake()
            self._owner.changed()
        return has_done

    def _embed(self) -> bool:
        has_done = (
            self.embedder.embed_next(self._embedding, self.embedder_id)
            if self._embedding.dimension
            else False
        )
        if not has_done and generations.switch(self._index):
            has_done = True
        if not has_done:
            has_done = generations.sweep(self._index)
        has_synced = self._owner.sync(is_idle=not has_done)
        if has_done:
            self._owner.changed()
        return has_done or has_synced
