"""Searching the conversations, and going to what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.search.finder import Hit

PAGE = 50
"""Hits that are read at once."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a query has found.

    Attributes:
        hits: The next ones after `offset`, the best first.
        problems: What of the query was not understood, in words.
        has_more: Whether there may be more.
        is_complete: Whether everything is in the search already.
    """

    query: str
    hits: tuple[Hit, ...]
    offset: int = 0
    problems: tuple[str, ...] = ()
    has_more: bool = False
    is_complete: bool = True


def search(*, app: App, query: str, offset: int = 0) -> Operation:
    """Look for a query; the result is `Found`."""

    def find() -> Found:
        from teahouse.search.query import parse

        hits = tuple(app.store.search(query, limit=PAGE, offset=offset))
        return Found(
            query,
            hits,
            offset,
            parse(query).problems,
            has_more=len(hits) == PAGE,
            is_complete=app.store.is_search_complete,
        )

    return quick(translate("Operations", "Searching"), find)


def bring_to_path(*, app: App, conversation_id: str, message_id: str) -> Operation:
    """Let a conversation show the branch that a message is on; the result is whether that was another one."""

    def show() -> bool:
        if app.store.is_read_only:
            return False  # the conversation can still be read, as it was left
        path = app.store.visible_path(conversation_id)
        if any(message.id == message_id for message in path):
            return False
        app.store.show_version(message_id)
        return True

    return quick(translate("Operations", "Showing the message"), show)
