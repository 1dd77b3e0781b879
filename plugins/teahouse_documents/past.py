"""Past conversations for the index: read from the store, handed to the child, which may not open it."""

from __future__ import annotations

import json
import logging
import os
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from teahouse.errors import StoreError
from teahouse.language import Translator
from teahouse.messages import Conversation
from teahouse.passages import Piece, Place
from teahouse_documents.values import Purged, Standing

if TYPE_CHECKING:
    from teahouse.app import App

_ = Translator("teahouse_documents")
log = logging.getLogger(__name__)

QUIET_S = 3.0
"""A conversation that has just changed may change again at once."""
AT_ONCE = 10
BESIDE_WORDS = ("passages", "citations", "summary")
"""Kinds of parts that can hold text of documents, and that the search of conversations passes over."""


class PastConversations:
    """Knows what the child has of the conversations, and gives it what it lacks.

    Args:
        ask: Of the child.
    """

    def __init__(self, app: App, ask: Callable[..., Any]) -> None:
        self._app, self._ask = app, ask
        self._is_changed = True
        self._changed_at = float("-inf")

    def note_change(self) -> None:
        """Some conversation is another one now; any thread."""
        self._changed_at = time.monotonic()
        self._is_changed = True

    def forget(self) -> None:
        """The child is a new one, or has a new source: compare again."""
        self._is_changed = True

    def hand_over(self) -> None:
        """Tell the child which conversations there are, and give it those that it wants."""
        if not self._is_changed or time.monotonic() - self._changed_at < QUIET_S:
            return
        self._is_changed = False
        there = {one.id: one for one in self._app.store.conversations()}
        listed = [{"id": one.id, "stamp": stamp_of(one)} for one in there.values()]
        wanted = [there[number] for number in self._ask("list_conversations", listed=listed)]
        for begin in range(0, len(wanted), AT_ONCE):
            batch = [
                handed for one in wanted[begin : begin + AT_ONCE] if (handed := self._read(one)) is not None
            ]
            self._ask("hand_over", conversations=batch)

    def where_else(
        self, purged: Purged, hashes: Sequence[str], phrases: Sequence[str], path: str = ""
    ) -> Purged:
        """A purge with the conversations and backups in which the text still stands.

        Args:
            path: Of the folder or file; passages that replies were made from keep theirs.
        """
        store = self._app.store
        found = store.find_in_parts(BESIDE_WORDS, [*phrases, *(_in_json(path) if path else ())])
        for phrase in phrases:
            for query in (f'"{phrase}"', f'"{phrase}" is:trashed'):
                found.update({hit.conversation_id: hit.title for hit in store.search(query, limit=20)})
        standing = [
            Standing("conversation", number, _("The conversation “{title}” quotes it.").format(title=title))
            for number, title in found.items()
        ]
        if any(self._is_attached(hash_) for hash_ in hashes):
            standing.append(Standing("conversation", "", _("It is attached to a conversation.")))
        if standing:
            standing += self._backups()
        return replace(purged, where_else=(*purged.where_else, *standing))

    # --- inside -------------------------------------------------------------------------------------

    def _read(self, conversation: Conversation) -> dict[str, Any] | None:
        """A conversation's visible path as pieces, one for each message; None when it is gone meanwhile."""
        try:
            messages = self._app.store.visible_path(conversation.id)
        except StoreError as error:
            log.info("a conversation was not handed over: %s", error)
            return None
        title = conversation.title
        heading = (title,) if title else ()
        pieces = [
            Piece(message.text, "text", Place(line=number, heading=heading)).as_json()
            for number, message in enumerate(messages, start=1)
            if message.role in ("user", "assistant") and message.text.strip()
        ]
        return {"id": conversation.id, "stamp": stamp_of(conversation), "title": title, "pieces": pieces}

    def _is_attached(self, hash_: str) -> bool:
        with suppress(StoreError):
            return bool(self._app.store.attachment(hash_))
        return False

    def _backups(self) -> list[Standing]:
        from teahouse.store import backups

        copies = backups.list_all(self._app.paths.database)
        text = _("The backup {name} may hold these conversations.")
        return [Standing("backup", str(one.path), text.format(name=one.path.name)) for one in copies]


def _in_json(path: str) -> tuple[str, str]:
    """How the path of a file, and how those of a folder's files begin, stand in JSON."""
    return json.dumps(path, ensure_ascii=False), json.dumps(path + os.sep, ensure_ascii=False)[:-1]


def stamp_of(conversation: Conversation) -> int:
    """Another number when the conversation's visible text may be another one."""
    version = zlib.crc32(f"{conversation.leaf_id} {conversation.title}".encode()) % 1_000_000
    return conversation.updated_ms * 1_000_000 + version
