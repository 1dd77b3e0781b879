"""The store: every way in which the app reads and changes conversations."""

from __future__ import annotations

from teahouse.store.branch_store import BranchStore
from teahouse.store.conversation_store import ConversationStore
from teahouse.store.message_store import ROOT, MessageStore
from teahouse.store.search_store import SearchStore

__all__ = ["ROOT", "Store"]


class Store(ConversationStore, MessageStore, BranchStore, SearchStore):
    """Conversations in one file; any thread may call any method, and other processes may share the file.

    A method that changes something returns after the change is on disk. Text is kept exactly, NUL
    included; lone surrogates, which no file can hold as UTF-8, become U+FFFD. What is damaged reads
    as a placeholder (see `rows`). A file of a newer version, or one that is damaged, is only read.

    Args:
        file: Created with its folder when missing; brought up to date, after a backup, when older.

    Raises:
        StoreError: From every method, when the file cannot be read or written; nothing was changed then.
        StoreDamaged: The file is damaged: see `salvage` and `backups`.
    """
