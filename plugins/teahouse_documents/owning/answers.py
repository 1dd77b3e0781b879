"""What can be asked of the index, by the verbs of the pipe: the owner answers all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from teahouse.language import Translator
from teahouse_documents.index import excerpts, keepsake, naming, orders, purge, reports
from teahouse_documents.index.index import Index
from teahouse_documents.indexing import handing
from teahouse_documents.indexing.handing import Handed, Listed
from teahouse_documents.owning.owner import Owner
from teahouse_documents.scanning import names, sources
from teahouse_documents.values import DocumentsError, Filters, Problem, SourceOptions

_ = Translator("teahouse_documents")

READS = ("collections", "files", "traces", "excerpt", "files_named", "mentioned", "types")
"""Answered from the database alone, also where another process owns it."""

CHANGES = (
    *("create_collection", "rename_collection", "remove_collection", "add", "remove", "purge"),
    *("pause", "resume", "rescan", "reindex", "retry", "prioritise"),
)
"""What only the owner does."""

KEPT = ("create_collection", "rename_collection", "remove_collection", "add", "remove", "purge")
"""What changes collections or sources."""


class Reads:
    """Answers that need the database only."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def collections(self) -> list[dict[str, Any]]:
        """All collections with their sources."""
        return [one.as_json() for one in sources.collections(self.index)]

    def files(
        self, source_id: int | None, states: list[str], limit: int, offset: int
    ) -> list[dict[str, Any]]:
        """Files of a source."""
        return [one.as_json() for one in reports.files(self.index, source_id, states, limit, offset)]

    def files_named(self, typed: str, preferred: list[str], limit: int) -> list[dict[str, Any]]:
        """Files by a part of their name."""
        return [one.as_json() for one in naming.complete(self.index, typed, preferred, limit)]

    def mentioned(self, text: str) -> dict[str, Any]:
        """What a text names."""
        return naming.mentioned(self.index, text).as_json()

    def types(self, collections: list[str]) -> list[tuple[str, int]]:
        """Which types of files there are."""
        return naming.types(self.index, collections)

    def traces(self, source_id: int) -> dict[str, Any]:
        """What of a source may stand elsewhere, asked before a purge."""
        traces = purge.trace(self.index, source_id)
        return {"hashes": sorted(traces.hashes), "phrases": list(traces.phrases), "path": traces.path}

    def excerpt(self, path: str, passage: str, first: int | None = None) -> dict[str, Any] | None:
        """The text of a file around a passage."""
        return excerpts.excerpt(self.index, names.from_wire(path), passage, first)

    def problems(self, of_index: list[Problem]) -> list[dict[str, Any]]:
        """What did not go as wished."""
        return [one.as_json() for one in [*of_index, *reports.problems(self.index)]]


class Answers(Reads):
    """All answers, of the owner."""

    def __init__(self, owner: Owner) -> None:
        super().__init__(owner.index)
        self._owner = owner

    def ask(self, verb: str, **args: Any) -> Any:
        """The answer to one of `CHANGES`.

        Raises:
            DocumentsError: It cannot be done.
        """
        if verb not in CHANGES:
            raise ValueError(verb)
        if self.index.is_read_only:
            raise DocumentsError(
                _("The index was written by a newer version. It is searched, and nothing in it is changed."),
                _("Install the newest Teahouse to go on indexing."),
            )
        answer: Callable[..., Any] = getattr(self, verb)
        value = answer(**args)
        if verb in KEPT:
            keepsake.write(self.index)
        self._owner.changed()
        self._owner.gate.wake()
        return value

    def create_collection(self, name: str) -> dict[str, Any]:
        """A new collection."""
        return sources.create(self.index, name).as_json()

    def rename_collection(self, name: str, new_name: str) -> None:
        """Give it another name."""
        sources.rename(self.index, name, new_name)

    def remove_collection(self, name: str) -> None:
        """Remove it with all its sources."""
        sources.remove_collection(self.index, name)
        self._removed()

    def add(self, collection: str, path: str, options: dict[str, Any]) -> dict[str, Any]:
        """Add a source and look through it."""
        source = sources.add(self.index, collection, names.from_wire(path), SourceOptions.from_json(options))
        self._owner.scanning.rescan(source.id)
        return source.as_json()

    def remove(self, source_id: int) -> None:
        """Remove a source."""
        sources.remove(self.index, source_id)
        self._removed()

    def purge(self, source_id: int) -> dict[str, Any]:
        """Remove a source without traces."""
        purged = next(purged for _word, purged in self._owner.purge(source_id) if purged is not None)
        return purged.as_json()

    def pause(self) -> None:
        """Index nothing for now."""
        self._owner.pause(True)

    def resume(self) -> None:
        """Go on."""
        self._owner.pause(False)

    def rescan(self, source_id: int | None) -> None:
        """Look through a source or all."""
        self._owner.scanning.rescan(source_id)

    def reindex(self, source_id: int | None, file_id: int | None) -> int:
        """Read and embed anew."""
        return orders.reindex(self.index, source_id=source_id, file_id=file_id)

    def retry(self) -> int:
        """Try again what failed."""
        return orders.retry(self.index)

    def prioritise(self, path: str) -> None:
        """Take a file first."""
        if not orders.prioritise(self.index, names.from_wire(path)):
            self._owner.scanning.rescan()

    # --- of the owner's own app only ------------------------------------------------------------------

    def status(self) -> dict[str, Any]:
        """How far everything is."""
        return self._owner.status().as_json()

    def all_problems(self) -> list[dict[str, Any]]:
        """What did not go as wished, with what is the matter now."""
        return self.problems(self._owner.problems_of_index())

    def search(
        self,
        query: str,
        collections: list[str],
        filters: dict[str, Any],
        limit: int,
        has_second_look: bool = False,
    ) -> dict[str, Any]:
        """The passages that answer a query best."""
        wanted = Filters.from_json(filters)
        return self._owner.search(
            query, collections, wanted, limit, has_second_look=has_second_look
        ).as_json()

    def pulse(self, hold_s: float) -> dict[str, Any]:
        """The status, and whether conversations are wanted; holds indexing back while a reply runs."""
        self._owner.gate.hold(hold_s)
        return {
            "status": self._owner.status().as_json(),
            "has_conversations": bool(handing.source_ids(self.index)),
        }

    def list_conversations(self, listed: list[dict[str, Any]]) -> list[str]:
        """Compare with the conversations that there are; returns the ids whose text is wanted."""
        return handing.compare(self.index, [Listed.from_json(one) for one in listed])

    def hand_over(self, conversations: list[dict[str, Any]]) -> None:
        """Take the text of conversations."""
        handing.hand_over(self.index, [Handed.from_json(one) for one in conversations])
        self._owner.changed()
        self._owner.gate.wake()

    def _removed(self) -> None:
        self._owner.finding.forget()
        self._owner.gate.wake()
