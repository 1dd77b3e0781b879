"""What each command of `teahouse docs` does with the library, and the JSON that it returns.

Each returns a JSON object whose fields stay. Progress is told while indexing goes on. Where another process
owns the index, what changes something is handed over to it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse_documents import needs
from teahouse_documents.cli import answers as say
from teahouse_documents.cli.asked import find_collection, find_source
from teahouse_documents.cli.waiting import wait_for
from teahouse_documents.retrieval.filtering import filters_of
from teahouse_documents.scanning.ignore import patterns
from teahouse_documents.values import DocumentsError, SourceOptions

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.jobs import Cancel, Work
    from teahouse.setting import Value
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")

Values = Mapping[str, "Value"]
Steps = Generator[object, None, dict[str, Any]]


# --- sources ------------------------------------------------------------------------------------------


def add(app: App, params: Values) -> Work:
    """Take a folder, a file or the past conversations in, and wait until it is read."""

    def run(library: Library, cancel: Cancel) -> Steps:
        path = str(params["docs.path"])
        options = SourceOptions(tuple(patterns(str(params["docs.ignore"]))), bool(params["docs.hidden"]))
        source = library.add(_collection(library, params), path, options)
        if not params["docs.no_wait"]:
            yield from wait_for(library, cancel, source_id=source.id)
        return {"source": _source(library, source.id), **_state(app, library)}

    return _work(app, run)


def remove(app: App, params: Values) -> Work:
    """Take a source out of the index; the files stay."""

    def run(library: Library, cancel: Cancel) -> Steps:
        yield from ()
        source = find_source(library, str(params["docs.path"]), collection=str(params["docs.collection"]))
        library.remove(source.id)
        return {"removed": source.as_json()}

    return _work(app, run)


def purge(app: App, params: Values) -> Work:
    """Erase every trace of a source from the folder of the index."""

    def run(library: Library, cancel: Cancel) -> Steps:
        source = find_source(library, str(params["docs.path"]), collection=str(params["docs.collection"]))
        if not params["docs.yes"]:
            raise DocumentsError(
                _("Nothing was erased yet: {path}. The files themselves would stay; so would conversations "
                  "that quote them, and backups of those.").format(path=source.path),
                _("To erase it from the index, add --yes."),
                path=source.path,
            )  # fmt: skip
        yield _("Erasing every trace …")
        return {"purged": library.purge(source.id, cancel).as_json(), "source": source.as_json()}

    return _work(app, run)


def list_(app: App, params: Values) -> Work:
    """All collections with their sources, or one."""

    def run(library: Library, cancel: Cancel) -> Steps:
        yield from ()
        return _collections(library, str(params["docs.collection"]))

    return _work(app, run)


# --- indexing -----------------------------------------------------------------------------------------


def status(app: App, params: Values) -> Work:
    """How far everything is."""

    def run(library: Library, cancel: Cancel) -> Steps:
        yield from ()
        return _state(app, library)

    return _work(app, run)


def problems(app: App, params: Values) -> Work:
    """What did not go as wished."""

    def run(library: Library, cancel: Cancel) -> Steps:
        yield from ()
        found = library.problems()
        count = max(len(found), library.status().problems)
        return {"problems": [problem.as_json() for problem in found], "count": count}

    return _work(app, run)


def rescan(app: App, params: Values) -> Work:
    """Look for changes, and wait until they are read."""

    def run(library: Library, cancel: Cancel) -> Steps:
        library.rescan(_source_id(library, params))
        if not params["docs.no_wait"]:
            yield from wait_for(library, cancel)
        return _state(app, library)

    return _work(app, run)


def reindex(app: App, params: Values) -> Work:
    """Read and embed anew, and wait for it."""

    def run(library: Library, cancel: Cancel) -> Steps:
        count = library.reindex(source_id=_source_id(library, params))
        if not params["docs.no_wait"]:
            yield from wait_for(library, cancel)
        return {"reindexed": count, **_state(app, library)}

    return _work(app, run)


def retry(app: App, params: Values) -> Work:
    """Try the failed files again, and wait for it."""

    def run(library: Library, cancel: Cancel) -> Steps:
        count = library.retry()
        if not params["docs.no_wait"]:
            yield from wait_for(library, cancel)
        return {"reindexed": count, **_state(app, library)}

    return _work(app, run)


def pause(app: App, params: Values) -> Work:
    """Index nothing until `resume`."""

    def run(library: Library, cancel: Cancel) -> Steps:
        yield from ()
        library.pause()
        return _state(app, library)

    return _work(app, run)


def resume(app: App, params: Values) -> Work:
    """Go on indexing, and wait for it."""

    def run(library: Library, cancel: Cancel) -> Steps:
        library.resume()
        if not params["docs.no_wait"]:
            yield from wait_for(library, cancel)
        return _state(app, library)

    return _work(app, run)


# --- searching ----------------------------------------------------------------------------------------


def search(app: App, params: Values) -> Work:
    """The best passages, each with its place, and its ranks by words and by meaning."""

    def run(library: Library, cancel: Cancel) -> Steps:
        yield _("Searching …")
        query, name = str(params["docs.query"]), str(params["docs.collection"])
        names = [find_collection(library, name).name] if name else []
        folder, types, since = (str(params[f"docs.{name}"]) for name in ("folder", "types", "since"))
        filters = filters_of(folder, types, since)
        limit = int(params["docs.limit"])
        found = library.search(query, collections=names, filters=filters, limit=limit, cancel=cancel)
        return {"query": query, "hits": say.hits_as_json(found), "trace": found.trace}

    return _work(app, run)


# --- collections --------------------------------------------------------------------------------------


def create(app: App, params: Values) -> Work:
    """A new collection."""

    def run(library: Library, cancel: Cancel) -> Steps:
        yield from ()
        made = library.create_collection(str(params["docs.name"]))
        return _collections(library, made.name)

    return _work(app, run)


def rename(app: App, params: Values) -> Work:
    """Another name for a collection."""

    def run(library: Library, cancel: Cancel) -> Steps:
        yield from ()
        name, new_name = find_collection(library, str(params["docs.name"])).name, str(params["docs.new_name"])
        library.rename_collection(name, new_name)
        return _collections(library, "")

    return _work(app, run)


def delete(app: App, params: Values) -> Work:
    """A collection goes; its files stay."""

    def run(library: Library, cancel: Cancel) -> Steps:
        yield from ()
        found = find_collection(library, str(params["docs.name"]))
        if found.sources and not params["docs.yes"]:
            text = _("Nothing was deleted yet: {name} has {count} sources. The files themselves would stay.")
            hint = _("To delete the collection, add --yes.")
            raise DocumentsError(text.format(name=found.name, count=len(found.sources)), hint)
        library.remove_collection(found.name)
        return _collections(library, "")

    return _work(app, run)


# --- inside -------------------------------------------------------------------------------------------


def _work(app: App, run: Callable[[Library, Cancel], Steps]) -> Work:
    """A job's work that first looks whether all that it needs is installed."""

    def work(cancel: Cancel) -> Steps:
        needs.check()
        from teahouse_documents.library import Library

        return (yield from run(Library.of(app), cancel))

    return work


def _collection(library: Library, params: Values) -> str:
    """The collection that something is added to: the named one, else the first, else a new one."""
    if named := str(params["docs.collection"]):
        return named
    known = library.collections()
    return known[0].name if known else _("My documents")


def _source_id(library: Library, params: Values) -> int | None:
    path = str(params["docs.source"])
    return find_source(library, path).id if path else None


def _source(library: Library, source_id: int) -> dict[str, Any] | None:
    """A source as it stands now; None while a request waits for the owner of the index."""
    sources = (source for one in library.collections() for source in one.sources)
    return next((source.as_json() for source in sources if source.id == source_id), None)


def _collections(library: Library, name: str) -> dict[str, Any]:
    found = [find_collection(library, name)] if name else library.collections()
    return {"collections": [collection.as_json() for collection in found]}


def _state(app: App, library: Library) -> dict[str, Any]:
    from teahouse_documents.offer import missing_embedder

    missing = missing_embedder(app)
    fetch = {"key": missing.key, "name": missing.name, "size_bytes": missing.size_bytes} if missing else None
    return {"status": library.status().as_json(), "missing_embedder": fetch}
