"""Which conversations the list shows: all, a folder, those with a tag, the archive, the trash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from teahouse.messages import Conversation


@dataclass(frozen=True, slots=True)
class Shelf:
    """A part of the conversations; `name` is of the folder or tag."""

    kind: Literal["all", "folder", "tag", "archive", "trash"] = "all"
    name: str = ""


ALL, ARCHIVE, TRASH = Shelf(), Shelf("archive"), Shelf("trash")


def pick(rows: Iterable[Conversation], shelf: Shelf) -> list[Conversation]:
    """Those on a shelf; pinned ones first, else in their order."""
    return sorted((row for row in rows if is_on(row, shelf)), key=lambda row: not row.is_pinned)


def is_on(row: Conversation, shelf: Shelf) -> bool:
    """Whether a conversation is on a shelf. What is in the trash is nowhere else."""
    if row.trashed_ms is not None or shelf.kind == "trash":
        return row.trashed_ms is not None and shelf.kind == "trash"
    if shelf.kind == "folder":
        return row.folder == shelf.name
    if shelf.kind == "tag":
        return shelf.name in row.tags
    return row.is_archived == (shelf.kind == "archive")


def shelf_of(row: Conversation) -> Shelf:
    """Where a conversation is listed without any choice of folder or tag."""
    return TRASH if row.trashed_ms is not None else ARCHIVE if row.is_archived else ALL


def shorten(name: str, widest: int) -> str:
    """A name with at most so many characters, for a button or a menu."""
    return name if len(name) <= widest else name[: widest - 1].rstrip() + "…"


def count_folders(rows: Sequence[Conversation]) -> dict[str, int]:
    """The folders with how many conversations each has, by name."""
    return _sorted(Counter(row.folder for row in rows if row.folder and row.trashed_ms is None))


def count_tags(rows: Sequence[Conversation]) -> dict[str, int]:
    """The tags with how many conversations each has, by name."""
    return _sorted(Counter(tag for row in rows if row.trashed_ms is None for tag in row.tags))


def read_tags(text: str) -> tuple[str, ...]:
    """Tags as people type them: separated by commas, with or without `#`, each once."""
    words = (
        word.strip().lstrip("#").strip() for word in text.replace("，", ",").replace("、", ",").split(",")
    )
    return tuple(dict.fromkeys(word for word in words if word))


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: item[0].casefold()))
