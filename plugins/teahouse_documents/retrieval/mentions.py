"""`@file` and `#collection` in a question: what can be named, and where the question is searched then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from teahouse.language import Translator, listed
from teahouse.mentions import LONGEST, Mention, has_mark
from teahouse.passages import Passage
from teahouse_documents.named import Mentioned, Named
from teahouse_documents.phrases import CONVERSATION, in_a_row, name_of
from teahouse_documents.retrieval.chosen import ANYTHING, Chosen, known_of
from teahouse_documents.values import DocumentsError, Filters

if TYPE_CHECKING:
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")

NOTHING = Mentioned()
MOST = 30
MOST_FILES, CHUNKS = 5, 8
FOLDERS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a question is searched.

    Attributes:
        names: Collections; empty with files of `filters` for these alone.
        gone: Collections that were chosen and are not there.
        said: What people call it, for a notice.
        paths: Files that the question itself names: their best passages are sent in any case.
    """

    names: tuple[str, ...] = ()
    filters: Filters = ANYTHING
    gone: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def is_named(self) -> bool:
        """Whether the question names a file."""
        return bool(self.paths)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to search."""
        return not self.names and not self.filters.file_ids


def mentioned(library: Library, text: str) -> Mentioned:
    """What a text names; asks the library only where it may name something."""
    return library.mentioned(text) if has_mark(text) else NOTHING


def scope_of(wanted: Chosen, named: Mentioned, known: Sequence[str]) -> Scope:
    """Where a question is searched: in what it names, else in what was chosen for the conversation.

    Args:
        known: Names of all collections.
    """
    if named.file_ids:  # whoever names a file means it, whatever else was chosen
        filters = Filters(file_ids=named.file_ids)
        return Scope(named.collections, filters, (), (*named.files, *named.collections), named.paths)
    if named.collections:
        return Scope(named.collections, wanted.filters, said=named.collections)
    names, gone = known_of(wanted.names, known)
    return Scope(tuple(names), wanted.filters, tuple(gone), tuple(names))


def judged(wanted: Chosen, scope: Scope) -> Chosen:
    """What was chosen, as it holds there."""
    return replace(wanted, needs_fit=wanted.needs_fit and not scope.is_named)


def beginnings(library: Library, paths: Sequence[str]) -> list[Passage]:
    """How the named files begin: for a question that has no word of theirs (“Summarise @plan.pdf”).

    Raises:
        DocumentsError: Nothing is known of any of them, which is no reason to say that nothing fits.
    """
    found: list[Passage] = []
    for path in paths[:MOST_FILES]:
        excerpt = library.excerpt(path, "", first=0)
        if excerpt is not None:
            chunks = excerpt.chunks[:CHUNKS]
            found += [Passage(one.text, path, one.place, kind=one.kind) for one in chunks]
    if not found:
        told = _("{name} has not been read yet, or holds no text.")
        raise DocumentsError(told.format(name=listed(name_of(path) for path in paths[:MOST_FILES])))
    return found


# --- while it is typed ------------------------------------------------------------------------------


def complete(library: Library, prefix: str, chosen: Sequence[str]) -> list[Mention]:
    """What fits what is typed.

    Args:
        prefix: `#` and a part of a collection's name, or `@` and a part of a file's.
        chosen: Collections of the conversation, whose files come first.
    """
    if prefix.startswith("#"):
        return _collections(library, prefix[1:])
    known = [one.name for one in library.collections()]
    preferred, _gone = known_of(chosen, known)
    found = library.files_named(prefix[1:], preferred=preferred, limit=MOST)
    return [_file(one, has_collection=len(known) > 1) for one in found]


def _collections(library: Library, typed: str) -> list[Mention]:
    from teahouse_documents.phrases import files_in_words

    wanted = typed.casefold()
    found = [one for one in library.collections() if wanted in one.name.casefold()]
    found.sort(key=lambda one: not one.name.casefold().startswith(wanted))
    return [
        Mention(f"#{one.name}", one.name, files_in_words(one.files), "folder")
        for one in found
        if one.name.isprintable() and len(one.name) < LONGEST
    ]


def _file(one: Named, *, has_collection: bool) -> Mention:
    is_past = one.path.startswith(CONVERSATION)
    above = PurePath(one.path).parent.parts[-FOLDERS_SHOWN:]
    folder = "" if is_past else "/".join(part.strip("/\\") for part in above)
    detail = " ".join(in_a_row((folder, one.collection if has_collection else "")).splitlines())
    return Mention(f"@{one.text}", one.name, detail, "messages-square" if is_past else "file-text")
