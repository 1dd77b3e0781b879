"""The library as window, terminal and other code of the plugin see it: plain calls, answered by the child.

Every method waits for the documents child: call them in a job, never on the window's thread. Where another
process owns the index, the same calls are answered from a read-only look at it, and what changes
something is left as a request that the owner picks up.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.jobs import Cancel
from teahouse_documents.desk import Desk
from teahouse_documents.named import Mentioned, Named
from teahouse_documents.reader.excerpt import Excerpt
from teahouse_documents.scanning import names
from teahouse_documents.values import (
    CONVERSATIONS,
    Collection,
    DocumentsError,
    File,
    Filters,
    Found,
    Problem,
    Purged,
    Source,
    SourceOptions,
    Status,
)

if TYPE_CHECKING:
    from teahouse.app import App

ANYTHING = Filters()
USUAL = SourceOptions()


class Library:
    """The documents of an app. One for each app (`Library.of(app)`); any thread may call it.

    Every method raises DocumentsError (what happened, what was kept, what to do) where it cannot do what
    was asked, and EngineCrashed when the child died meanwhile: the next call starts a new one.

    Args:
        app: Whose documents; `DocumentsChanged` is published on its events.
    """

    def __init__(self, app: App) -> None:
        self._desk = Desk(app)

    @classmethod
    def of(cls, app: App) -> Library:
        """The one library of an app, which window, panel and commands share."""
        if (known := vars(app).get("documents_library")) is not None:
            return known  # type: ignore[no-any-return]
        made = cls(app)
        kept: Library = vars(app).setdefault("documents_library", made)  # of two at once one stays
        if kept is not made:
            made.close()
        return kept

    def start(self) -> None:
        """Have the child watch and index from now on; does nothing where there is nothing to index yet."""
        self._desk.start()

    def close(self) -> None:
        """End the child; what it was doing is resumed next time."""
        self._desk.close()

    # --- collections and sources --------------------------------------------------------------------

    def collections(self) -> list[Collection]:
        """All collections with their sources, by name."""
        return [Collection.from_json(one) for one in self._ask("collections")]

    def create_collection(self, name: str) -> Collection:
        """A new collection without sources; DocumentsError where the name is taken or empty."""
        return Collection.from_json(self._ask("create_collection", name=name))

    def rename_collection(self, name: str, new_name: str) -> None:
        """Give a collection another name."""
        self._ask("rename_collection", name=name, new_name=new_name)

    def remove_collection(self, name: str) -> None:
        """Remove a collection and all that was indexed for it; the files themselves stay."""
        self._ask("remove_collection", name=name)

    def add(self, collection: str, path: Path | str, options: SourceOptions = USUAL) -> Source:
        """Add a folder, a file or `CONVERSATIONS` to a collection, which is made where it is missing.

        Adding what is there already gives the new options to it.
        """
        place = CONVERSATIONS if str(path) == CONVERSATIONS else str(Path(path).expanduser().absolute())
        answer = self._ask("add", collection=collection, path=names.to_wire(place), options=options.as_json())
        self._desk.start()
        return Source.from_json(answer)

    def remove(self, source_id: int) -> None:
        """Remove a source and all that was indexed for it; the files themselves stay."""
        self._ask("remove", source_id=source_id)

    def files(
        self, source_id: int | None = None, *, states: Sequence[str] = (), limit: int = 500, offset: int = 0
    ) -> list[File]:
        """Files of a source (None: of all) by path, of these states (empty: of all)."""
        asked = {"source_id": source_id, "states": list(states), "limit": limit, "offset": offset}
        return [File.from_json(one) for one in self._ask("files", **asked)]

    def excerpt(self, path: str, passage: str, first: int | None = None) -> Excerpt | None:
        """The text of a file around a passage, as it was read; None where it is not among the documents.

        Args:
            first: Number of the first chunk; None: from a little before the passage.
        """
        told = self._ask("excerpt", path=names.to_wire(path), passage=passage, first=first)
        return None if told is None else Excerpt.from_json(told)

    # --- indexing -----------------------------------------------------------------------------------

    def status(self) -> Status:
        """How far everything is."""
        return Status.from_json(self._ask("status"))

    def problems(self) -> list[Problem]:
        """What did not go as wished, most important first."""
        return [Problem.from_json(one) for one in self._ask("problems")]

    def pause(self) -> None:
        """Index nothing until `resume`, also after a restart; searching goes on."""
        self._ask("pause")

    def resume(self) -> None:
        """Go on indexing."""
        self._ask("resume")

    def rescan(self, source_id: int | None = None) -> None:
        """Look through a source (None: all) for changes now."""
        self._ask("rescan", source_id=source_id)

    def reindex(self, *, source_id: int | None = None, file_id: int | None = None) -> int:
        """Read and embed anew a file, a source or (neither given) everything; returns how many files."""
        return int(self._ask("reindex", source_id=source_id, file_id=file_id))

    def retry(self) -> int:
        """Try again all files that failed or were quarantined; returns how many."""
        return int(self._ask("retry"))

    def prioritise(self, path: Path | str) -> None:
        """Index this file, or the files of this folder, before all others."""
        self._ask("prioritise", path=names.to_wire(str(Path(path).expanduser().absolute())))

    def purge(self, source_id: int, cancel: Cancel | None = None) -> Purged:
        """Remove a source so that no byte of its text stays in the app's folder; may take minutes.

        Returns:
            What was removed, and where else the text still stands.
        """
        return self._desk.purge(source_id, cancel)

    # --- searching ----------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        *,
        collections: Sequence[str] = (),
        filters: Filters = ANYTHING,
        limit: int = 10,
        has_second_look: bool = False,
        cancel: Cancel | None = None,
    ) -> Found:
        """The passages that answer a query best, by words and by meaning.

        Args:
            collections: Names; empty searches all.
            has_second_look: Look at the best again, word by word, and tell in `trace["fit"]` how well they
                fit; takes about a second where their texts were not looked at before.
        """
        asked: dict[str, Any] = {"query": query, "collections": list(collections)}
        asked["filters"] = filters.as_json()
        asked["has_second_look"] = has_second_look
        return Found.from_json(self._desk.ask("search", cancel, **asked, limit=limit))

    # --- by name ------------------------------------------------------------------------------------

    def files_named(self, typed: str, *, preferred: Sequence[str] = (), limit: int = 30) -> list[Named]:
        """Files that have what is typed in their name, best first; those of preferred collections before."""
        asked = {"typed": typed, "preferred": list(preferred), "limit": limit}
        return [Named.from_json(one) for one in self._ask("files_named", **asked)]

    def mentioned(self, text: str) -> Mentioned:
        """What of the library a text names with `@` and `#`; starts no child to find out.

        A program has a mark in each line, and a question may be one.
        """
        from teahouse_documents.index import glance
        from teahouse_documents.index.index import Unusable

        if self._desk.is_untouched:
            return Mentioned()
        try:
            return glance.mentioned(self._desk.index_file, text)
        except (Unusable, DocumentsError):  # the child mends it, or says what is the matter
            return Mentioned.from_json(self._ask("mentioned", text=text))

    def types(self, collections: Sequence[str] = ()) -> list[tuple[str, int]]:
        """Endings of file names (`pdf`) in collections (empty: all), and how many files have each."""
        return [(str(one), int(count)) for one, count in self._ask("types", collections=list(collections))]

    # --- inside -------------------------------------------------------------------------------------

    def _ask(self, verb: str, **args: Any) -> Any:
        return self._desk.ask(verb, **args)
