"""What the library tells of names in messages: files that can be named, and what a text does name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from teahouse_documents.values import Record


@dataclass(frozen=True, slots=True)
class Named(Record):
    """A file that can be named in a message.

    Attributes:
        text: What is written: its name, with its folder where several files have this name.
        name: What people call it.
    """

    text: str
    name: str
    path: str
    collection: str


@dataclass(frozen=True, slots=True)
class Mentioned(Record):
    """What of the library a text names.

    Attributes:
        collections: Names.
        file_ids: Ids of files; several where they have the same name.
        files: Names of the files, as they are written in the text.
        paths: Of the files, as people read them.
        spans: (begin, end) of each mention in the text.
    """

    collections: tuple[str, ...] = ()
    file_ids: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Mentioned:
        """What `as_json` wrote."""
        return cls(
            tuple(value.get("collections", ())),
            tuple(value.get("file_ids", ())),
            tuple(value.get("files", ())),
            tuple(value.get("paths", ())),
            tuple((int(begin), int(end)) for begin, end in value.get("spans", ())),
        )

    def without(self, text: str) -> str:
        """The text without what it names; of a text that says nothing else the names alone."""
        rest, at = [], 0
        for begin, end in self.spans:
            rest.append(text[at:begin])
            at = end
        kept = " ".join(" ".join([*rest, text[at:]]).split())
        return kept if any(character.isalnum() for character in kept) else " ".join(self._names())

    def _names(self) -> tuple[str, ...]:
        return (*self.files, *self.collections)
