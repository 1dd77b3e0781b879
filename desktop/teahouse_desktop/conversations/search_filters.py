"""The menu of filters for a search: each entry writes what a person could have typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from teahouse.messages import Conversation
from teahouse_desktop.language.languages import translate

MOST = 30
"""Entries of one submenu: of more folders, tags or models the first ones."""

Insert = Callable[[str], None]


def make_filter_menu(
    parent: QWidget, rows: Sequence[Conversation], insert: Insert, *, today: date | None = None
) -> QMenu:
    """A menu in which every filter can be found and chosen.

    Args:
        rows: All conversations: what folders, tags and models there are.
        insert: Takes the filter's text, such as `in:work`.
        today: The day that the dates count from.
    """
    menu = QMenu(parent)
    for title, entries in (
        (translate("SearchFilters", "When"), _dates(today or date.today())),
        (translate("SearchFilters", "In the folder"), _named("in", (row.folder for row in rows))),
        (
            translate("SearchFilters", "With the tag"),
            _named("tag", (tag for row in rows for tag in row.tags)),
        ),
        (translate("SearchFilters", "Model"), _named("model", (row.model for row in rows))),
        (translate("SearchFilters", "Said by"), _roles()),
        (translate("SearchFilters", "Messages with"), _marks()),
        (translate("SearchFilters", "Only what is"), _states()),
    ):
        if entries:
            _add(menu.addMenu(title), entries, insert)
    return menu


def _add(menu: QMenu, entries: Iterable[tuple[str, str]], insert: Insert) -> None:
    for title, text in entries:
        # behind the tab stands what will be written: who reads it can type it the next time
        menu.addAction(f"{title.replace('&', '&&')}\t{text}", partial(insert, text))


def _dates(today: date) -> list[tuple[str, str]]:
    return [
        (translate("SearchFilters", "Today"), f"date:{today.isoformat()}"),
        (translate("SearchFilters", "The last 7 days"), f"date:>={(today - timedelta(days=6)).isoformat()}"),
        (
            translate("SearchFilters", "The last 30 days"),
            f"date:>={(today - timedelta(days=29)).isoformat()}",
        ),
        (translate("SearchFilters", "This month"), f"date:{today:%Y-%m}"),
        (translate("SearchFilters", "This year"), f"date:{today:%Y}"),
        (translate("SearchFilters", "Before this year"), f"date:<{today:%Y}"),
    ]


def _named(name: str, values: Iterable[str]) -> list[tuple[str, str]]:
    found = sorted({value for value in values if value}, key=str.casefold)[:MOST]
    return [(value, f"{name}:{_quoted(value)}") for value in found]


def _quoted(value: str) -> str:
    """A value as one word of a query: quotes around what has spaces, without quotes of its own."""
    plain = "".join(" " if character in '"“”「」' else character for character in value).strip()
    return f'"{plain}"' if any(character.isspace() for character in plain) else plain


def _roles() -> list[tuple[str, str]]:
    return [
        (translate("SearchFilters", "You"), "role:user"),
        (translate("SearchFilters", "The model"), "role:assistant"),
    ]


def _marks() -> list[tuple[str, str]]:
    return [
        (translate("SearchFilters", "A thumb"), "has:thumb"),
        (translate("SearchFilters", "A note"), "has:note"),
        (translate("SearchFilters", "A file"), "has:attachment"),
    ]


def _states() -> list[tuple[str, str]]:
    return [
        (translate("SearchFilters", "Pinned"), "is:pinned"),
        (translate("SearchFilters", "In the archive"), "is:archived"),
        (translate("SearchFilters", "In the trash"), "is:trashed"),
    ]
