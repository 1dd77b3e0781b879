"""The store's conversations: made, changed, put into the trash, deleted, exported and imported whole."""

from __future__ import annotations

from typing import Any

from teahouse.ids import now_ms
from teahouse.messages import Conversation, Prompt, WholeConversation
from teahouse.store import conversations, prompts, trash, whole
from teahouse.store.opened import OpenedStore


class ConversationStore(OpenedStore):
    """Conversations as wholes, and the prompt library; see `Store`."""

    def create_conversation(
        self, *, title: str = "", model: str = "", system_prompt: str = ""
    ) -> Conversation:
        """Start an empty conversation."""
        with self._database.writing() as connection:
            return conversations.create(connection, title=title, model=model, system_prompt=system_prompt)

    def conversations(
        self, *, is_trashed: bool = False, is_archived: bool | None = None
    ) -> list[Conversation]:
        """Those outside the trash or those in it; the one whose messages changed last comes first.

        Args:
            is_archived: Only those that are archived, or only those that are not; None for both.
        """
        with self._database.reading() as connection:
            return conversations.list_all(connection, is_trashed=is_trashed, is_archived=is_archived)

    def conversation(self, conversation_id: str) -> Conversation:
        """One conversation, in the trash or not; StoreError when there is none with this id."""
        with self._database.reading() as connection:
            return conversations.find(connection, conversation_id)

    def change_conversation(self, conversation_id: str, **fields: Any) -> Conversation:
        """Set any of title, folder, tags, system_prompt, model, leaf_id, settings, draft, is_pinned,
        is_archived; each is replaced whole.

        The place in the list stays: only messages move a conversation up.

        Raises:
            StoreError: There is no such conversation, or `leaf_id` is not one of its messages.
            TypeError: A field that cannot be set.
        """
        with self._database.writing() as connection:
            return conversations.change(connection, conversation_id, fields)

    def replace_title(self, conversation_id: str, *, expected: str, title: str) -> bool:
        """Set the title unless somebody has given another one than `expected` meanwhile; whether it was set.

        Raises:
            StoreError: There is no such conversation.
        """
        with self._database.writing() as connection:
            return conversations.replace_title(connection, conversation_id, expected=expected, title=title)

    def trash_conversation(self, conversation_id: str) -> None:
        """Put a conversation into the trash, for 30 days; StoreError when there is none with this id."""
        with self._database.writing() as connection:
            trash.put(connection, conversation_id)

    def restore_conversation(self, conversation_id: str) -> None:
        """Take a conversation out of the trash; StoreError when there is none with this id."""
        with self._database.writing() as connection:
            trash.take_back(connection, conversation_id)

    def look_at_trash(self) -> bool:
        """Whether what is old in the trash may go now: not while the clock may be wrong; see `trash.look`."""
        return not self.is_read_only and trash.look(self._file, now=now_ms())

    def purge_trash(self, older_than_ms: int) -> list[str]:
        """Delete for good what was put into the trash before a moment; the ids of what is gone."""
        with self._database.writing() as connection:
            gone = trash.list_older(connection, older_than_ms)
            trash.delete(connection, gone)
        self._database.fold_log()
        return gone

    def delete_conversation(self, conversation_id: str) -> None:
        """Delete a conversation for good: its bytes are overwritten; backups that were made before have it.

        What engines saved of it is the caller's to delete. StoreError when there is none with this id.
        """
        with self._database.writing() as connection:
            conversations.find(connection, conversation_id)
            trash.delete(connection, [conversation_id])
        self._database.fold_log()

    # --- whole --------------------------------------------------------------------------------------

    def whole(self, conversation_id: str) -> WholeConversation:
        """A conversation with all that belongs to it; StoreError when there is none with this id."""
        with self._database.reading() as connection:
            return whole.read(connection, conversation_id)

    def add_whole(self, given: WholeConversation) -> Conversation:
        """Add a conversation with all that belongs to it, or nothing; see `whole.add`."""
        with self._database.writing() as connection:
            return whole.add(connection, given)

    # --- prompts ------------------------------------------------------------------------------------

    def prompts(self) -> list[Prompt]:
        """The prompt library, by name."""
        with self._database.reading() as connection:
            return prompts.list_all(connection)

    def save_prompt(self, name: str, text: str) -> None:
        """Add a prompt, or replace the text of the one with this name; StoreError for an empty name."""
        with self._database.writing() as connection:
            prompts.save(connection, name, text)

    def rename_prompt(self, name: str, new_name: str) -> None:
        """Give a prompt another name; StoreError for an empty or taken one, or where there is no such one."""
        with self._database.writing() as connection:
            prompts.rename(connection, name, new_name)

    def delete_prompt(self, name: str) -> None:
        """Delete a prompt; StoreError when there is none with this name."""
        with self._database.writing() as connection:
            prompts.delete(connection, name)
