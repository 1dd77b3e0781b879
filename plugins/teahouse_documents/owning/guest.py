"""A look at an index that another process owns: it is read, and changes are asked of the owner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from teahouse_documents.index import index, reports, requests
from teahouse_documents.index.index import Index
from teahouse_documents.options import Options
from teahouse_documents.owning.answers import Reads
from teahouse_documents.owning.finding import Finding, MakeReranking
from teahouse_documents.owning.owner import MakeEmbedding, MakeVectors
from teahouse_documents.scanning import names
from teahouse_documents.values import Filters, Status


class Guest(Reads):
    """Answers of a process that does not own the index.

    Args:
        folder: `data/documents`.
        is_owned: Whether there still is an owner.
    """

    def __init__(
        self,
        folder: Path,
        options: Options,
        *,
        make_embedding: MakeEmbedding,
        make_vectors: MakeVectors,
        make_reranking: MakeReranking = lambda _spec: None,
        is_owned: Callable[[], bool],
    ) -> None:
        super().__init__(Index(folder / index.NAME, is_read_only=True))
        self._is_owned = is_owned
        self._embedding = make_embedding(options.embedder)
        self._vectors = make_vectors(None, self.index.meta("token"), "")
        reranking = make_reranking(options.reranker)
        self._finding = Finding(self.index.file, self._vectors, make_embedding, reranking)
        self._seen = self.index.others_writes

    def close(self) -> None:
        """Let go of everything."""
        self._finding.close()
        self._embedding.close()
        self._vectors.close()
        self.index.close()

    def ask(self, verb: str, **args: Any) -> Any:
        """What changes something: asked of the owner."""
        return requests.ask(self.index.file, verb, args, is_owned=self._is_owned)

    def status(self) -> dict[str, Any]:
        """As far as the database tells."""
        counts = reports.counts(self.index)
        is_paused = self.index.meta("is_paused") == "1"
        status = Status(
            **counts,
            bytes_on_disk=self.index.size_bytes,
            activity="paused" if is_paused else "reading" if counts["waiting"] else "idle",
            is_paused=is_paused,
            is_owner=False,
            revision=self.index.others_writes,
        )
        return status.as_json()

    def all_problems(self) -> list[dict[str, Any]]:
        """Of sources and files."""
        return self.problems([])

    def search(
        self,
        query: str,
        collections: list[str],
        filters: dict[str, Any],
        limit: int,
        has_second_look: bool = False,
    ) -> dict[str, Any]:
        """The passages that answer a query best, compared in numpy with what the owner has written so far."""
        writes = self.index.others_writes
        if writes != self._seen:
            self._seen = writes
            self._vectors.refresh()
            self._finding.forget()
        wanted = Filters.from_json(filters)
        found = self._finding.search(
            self._embedding, query, collections, wanted, limit, has_second_look=has_second_look
        )
        return found.as_json()

    def pulse(self, hold_s: float) -> dict[str, Any]:
        """The status; conversations are handed over by the owner's own app."""
        return {"status": self.status(), "has_conversations": False}


def sent(path: str) -> str:
    """A path in a request."""
    return names.to_wire(path)
