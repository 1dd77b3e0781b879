"""What a person means by a path or a name: the source or the collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from teahouse import Translator
from teahouse.language import listed
from teahouse_documents.values import CONVERSATIONS, Collection, DocumentsError, Source

if TYPE_CHECKING:
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")


def find_collection(library: Library, name: str) -> Collection:
    """The collection of this name, in capitals or not.

    Raises:
        DocumentsError: There is none; names those there are.
    """
    known = library.collections()
    for collection in known:
        if collection.name.casefold() == name.strip().casefold():
            return collection
    names = listed(one.name for one in known)
    there = _("There are: {names}.").format(names=names) if names else _("There is none yet.")
    raise DocumentsError(
        _("There is no collection named “{name}”. Nothing was changed.").format(name=name), there
    )


def find_source(library: Library, path: str, *, collection: str = "") -> Source:
    """The folder, file or `conversations` with this path or this number.

    Args:
        collection: Look in this one only; empty looks in all.

    Raises:
        DocumentsError: It is not among the documents, or several times.
    """
    held = [find_collection(library, collection)] if collection else library.collections()
    absolute = path if path == CONVERSATIONS else str(Path(path).expanduser().absolute())
    sources = [source for one in held for source in one.sources]
    found = [one for one in sources if one.path in (path, absolute)]
    found = found or [one for one in sources if str(one.id) == path]
    if not found:
        raise DocumentsError(
            _("{path} is not among the documents. Nothing was changed.").format(path=absolute),
            _("See what is: teahouse docs list"),
            path=absolute,
        )
    if len(found) > 1:
        raise DocumentsError(
            _("{path} is in several collections. Nothing was changed.").format(path=absolute),
            _("Name one with --collection."),
            path=absolute,
        )
    return found[0]
