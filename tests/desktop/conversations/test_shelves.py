from __future__ import annotations

import pytest

from teahouse.messages import Conversation
from teahouse_desktop.conversations.shelves import (
    ALL,
    ARCHIVE,
    TRASH,
    Shelf,
    count_folders,
    count_tags,
    pick,
    read_tags,
)


def conversation(name: str, **facts: object) -> Conversation:
    return Conversation(name, name, 0, 0, **facts)  # type: ignore[arg-type]


ROWS = [
    conversation("plain"),
    conversation("pinned", is_pinned=True, folder="Work"),
    conversation("old", is_archived=True, folder="Work", tags=("tea",)),
    conversation("gone", trashed_ms=1, folder="Work", tags=("tea", "cake")),
    conversation("tagged", tags=("tea",)),
]


@pytest.mark.parametrize(
    ("shelf", "names"),
    [
        (ALL, ["pinned", "plain", "tagged"]),
        (ARCHIVE, ["old"]),
        (TRASH, ["gone"]),
        (Shelf("folder", "Work"), ["pinned", "old"]),
        (Shelf("tag", "tea"), ["old", "tagged"]),
        (Shelf("tag", "cake"), []),
    ],
)
def test_each_shelf_has_its_own_and_pinned_ones_come_first(shelf: Shelf, names: list[str]) -> None:
    assert [row.id for row in pick(ROWS, shelf)] == names


def test_what_is_in_the_trash_counts_nowhere() -> None:
    assert count_folders(ROWS) == {"Work": 2}
    assert count_tags(ROWS) == {"tea": 2}


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("tea, #cake , tea,", ("tea", "cake")),
        ("茶，点心、year end", ("茶", "点心", "year end")),
        (" , #", ()),
    ],
)
def test_tags_as_people_type_them(typed: str, tags: tuple[str, ...]) -> None:
    assert read_tags(typed) == tags
