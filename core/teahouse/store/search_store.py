"""The store's search."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from teahouse.errors import StoreError
from teahouse.jobs import Cancel
from teahouse.search import index
from teahouse.search.finder import Hit, find_entries, index_damaged, show
from teahouse.search.query import parse
from teahouse.store.opened import OpenedStore


class SearchStore(OpenedStore):
    """Search in titles, messages and attachments; see `Store`."""

    def search(self, query: str, *, limit: int = 50, offset: int = 0) -> list[Hit]:
        """What a query finds; see `search.finder` and, for what may be typed, `search.query`."""
        parsed = parse(query)
        try:
            with self._database.reading() as connection:
                entries = find_entries(connection, parsed, limit=limit, offset=offset)
        except StoreError as error:
            if error.data.get("is_index_damaged") and not self.is_read_only:
                with self._database.writing() as connection:
                    index.mark_damaged(connection)
            raise
        # Others may use the store again: snippets of long texts take their time.
        return show(parsed, entries)

    def find_in_parts(self, kinds: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
        """Conversations with any of these texts, letter by letter, in a part of these kinds: id → title.

        The search knows what was said; this looks into what was stored beside it. The trash counts too.
        """
        if not kinds or not texts:
            return {}
        marks, any_of = ", ".join("?" * len(kinds)), " OR ".join(["instr(part.data, ?) > 0"] * len(texts))
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT DISTINCT conversation.id, coalesce(conversation.title, '') FROM part "
                "JOIN message ON message.id = part.message_id "
                "JOIN conversation ON conversation.id = message.conversation_id "
                f"WHERE part.kind IN ({marks}) AND ({any_of})",
                (*kinds, *texts),
            ).fetchall()
        return {str(number): str(title) for number, title in rows}

    @property
    def is_search_complete(self) -> bool:
        """Whether everything is in the index; not so after an update of an older file, or damage."""
        with self._database.reading() as connection:
            return index.is_complete(connection)

    def complete_search(self, cancel: Cancel) -> Generator[int, None, int]:
        """Take what is missing into the index, while the store is used (work).

        Yields how many titles and messages are done, and returns it; what was done stays when it is stopped.

        Raises:
            StoreError: The index was damaged, and again after it had been made anew.
        """
        done = times_damaged = 0
        while not (self.is_read_only or cancel.is_set()):
            with self._database.writing() as connection:
                count = index.index_missing(connection)
                times_damaged += not index.has_index(connection)
            if times_damaged > 1:
                raise index_damaged()
            if not count:
                break
            done += count
            yield done
        return done
