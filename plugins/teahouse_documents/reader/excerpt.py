"""The text of a file around a passage, as the library tells it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from teahouse.passages import Piece
from teahouse_documents.scanning import names

if TYPE_CHECKING:
    from teahouse_documents.library import Library


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some chunks of a file, in order.

    Attributes:
        file: To be opened.
        chunks: As they were read.
        first: Number of the first of them in the file.
        count: How many the file has.
        at: Numbers of those that are the passage; empty where the file says something else now.
    """

    file: str
    chunks: tuple[Piece, ...] = ()
    first: int = 0
    count: int = 0
    at: tuple[int, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Excerpt:
        """What the library's process told."""
        chunks = tuple(Piece.from_json(one) for one in value.get("chunks", ()))
        numbers = tuple(int(one) for one in value.get("at", ()))
        return cls(
            names.from_wire(str(value["file"])), chunks, int(value["first"]), int(value["count"]), numbers
        )

    @property
    def last(self) -> int:
        """Number after that of the last chunk."""
        return self.first + len(self.chunks)


def file_of(library: Library, path: str) -> str:
    """The path to open, of one as people read it: in that `\\xNN` may stand for a byte that is no UTF-8."""
    if "\\x" not in path or os.path.lexists(path):
        return path
    known = library.excerpt(path, "", first=0)
    return path if known is None else known.file
