"""The store: every way in which the app reads and changes conversations."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

from teahouse.messages import Conversation, Generation, Message, MessageState, Part, Role
from teahouse.store import conversations, generations, messages, recovery
from teahouse.store.database import Database
from teahouse.store.writers import Writer

ROOT = ""
"""As a parent: none, the message begins the conversation."""


class Store:
    """Conversations in one file; any thread may call any method, and other processes may share the file.

    A method that changes something returns after the change is on disk. Text is kept exactly, NUL
    included; lone surrogates, which no file can hold as UTF-8, become U+FFFD. What is damaged reads
    as a placeholder (see `rows`).

    Args:
        file: Created with its folder when missing; brought up to date when older.

    Raises:
        StoreError: From every method, when the file cannot be read or written; nothing was changed then.
    """

    def __init__(self, file: Path) -> None:
        with ExitStack() as opened:
            self._database = Database(file)
            opened.callback(self._database.close)
            self._writer = Writer(file.parent / "writers")
            opened.callback(self._writer.close)
            with self._database.writing() as connection:
                recovery.recover(connection, self._writer)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Let go of the file; replies that still stream become `partial` at the next opening."""
        self._opened.close()

    # --- conversations ------------------------------------------------------------------------------

    def create_conversation(
        self, *, title: str = "", model: str = "", system_prompt: str = ""
    ) -> Conversation:
        """Start an empty conversation."""
        with self._database.writing() as connection:
            return conversations.create(connection, title=title, model=model, system_prompt=system_prompt)

    def conversations(self) -> list[Conversation]:
        """All of them; the one whose messages changed last comes first."""
        with self._database.reading() as connection:
            return conversations.list_all(connection)

    def conversation(self, conversation_id: str) -> Conversation:
        """One conversation; StoreError when there is none with this id."""
        with self._database.reading() as connection:
            return conversations.find(connection, conversation_id)

    def change_conversation(self, conversation_id: str, **fields: Any) -> Conversation:
        """Set any of title, folder, system_prompt, model, leaf_id, settings, draft; each is replaced whole.

        The place in the list stays: only messages move a conversation up.

        Raises:
            StoreError: There is no such conversation, or `leaf_id` is not one of its messages.
            TypeError: A field that cannot be set.
        """
        with self._database.writing() as connection:
            return conversations.change(connection, conversation_id, fields)

    # --- messages -----------------------------------------------------------------------------------

    def add_message(
        self,
        conversation_id: str,
        role: Role,
        text: str,
        *,
        parent_id: str | None = None,
        state: MessageState = "complete",
    ) -> Message:
        """Add a message, make it the leaf, and return when it is on disk.

        A user message gives its first line to a conversation without title. A message added as
        `streaming` grows by `append_text` until `finish_message`.

        Args:
            parent_id: The message to add it below; None for the leaf, `ROOT` for a new version of the
                first message.

        Raises:
            StoreError: There is no such conversation, or `parent_id` is not one of its messages.
        """
        with self._database.writing() as connection:
            message_id = messages.add(
                connection,
                conversation_id,
                role=role,
                text=text,
                parent_id=parent_id,
                state=state,
                writer_id=self._writer.id,
            )
            return messages.find(connection, message_id)

    def add_turn(
        self, conversation_id: str, text: str | None, *, parent_id: str | None = None
    ) -> tuple[Message | None, Message]:
        """Add a question and the reply that will grow below it, both or neither.

        Args:
            text: The question; None where the parent is answered again.
            parent_id: As for `add_message`, of the question, or of the reply where there is none.

        Returns:
            (question or None, the empty reply, which is `streaming`).
        """
        turn: tuple[tuple[Role, str, MessageState], ...] = (
            ("user", text or "", "complete"),
            ("assistant", "", "streaming"),
        )
        added: list[Message] = []
        with self._database.writing() as connection:
            for role, words, state in turn if text is not None else turn[1:]:
                parent_id = messages.add(
                    connection,
                    conversation_id,
                    role=role,
                    text=words,
                    parent_id=parent_id,
                    state=state,
                    writer_id=self._writer.id,
                )
                added.append(messages.find(connection, parent_id))
        return (added[0] if text is not None else None), added[-1]

    def append_text(self, message_id: str, text: str, kind: Literal["text", "reasoning"] = "text") -> None:
        """Let a streaming message grow; StoreError when it is finished or missing."""
        with self._database.writing() as connection:
            messages.append(connection, message_id, text, kind=kind)

    def add_part(
        self, message_id: str, kind: str, data: str, *, source: str = "", is_trusted: bool = True
    ) -> None:
        """Add a part (see `Part`) after the others of a message; StoreError when there is no such message.

        A part of kind `context` or `summary` replaces a former one.
        """
        with self._database.writing() as connection:
            messages.add_part(connection, message_id, Part(kind, data, source, is_trusted))

    def pin_message(self, message_id: str, is_pinned: bool) -> None:
        """Pin a message, so that it is always sent, or let it go; StoreError when there is none."""
        with self._database.writing() as connection:
            messages.pin(connection, message_id, is_pinned)

    def finish_message(
        self,
        message_id: str,
        state: MessageState,
        *,
        generation: Generation | None = None,
        error: tuple[str, str] | None = None,
    ) -> None:
        """Give a message its last state and, once, what really happened when it was made.

        Args:
            error: Words and hint of what went wrong; kept as a part of kind `error`, a line each.

        Raises:
            StoreError: There is no such message, or it has a generation already.
        """
        with self._database.writing() as connection:
            messages.finish(connection, message_id, state, error=error)
            if generation is not None:
                generations.add(connection, message_id, generation)

    def message(self, message_id: str) -> Message:
        """One message; StoreError when there is none with this id."""
        with self._database.reading() as connection:
            return messages.find(connection, message_id)

    def visible_path(self, conversation_id: str) -> list[Message]:
        """The messages from the root to the leaf; StoreError when there is no such conversation."""
        with self._database.reading() as connection:
            return messages.list_path(connection, conversation_id)

    def path_to(self, message_id: str) -> list[Message]:
        """The messages from the root to this one; StoreError when there is none with this id."""
        with self._database.reading() as connection:
            return messages.list_path_to(connection, message_id)

    # --- versions -----------------------------------------------------------------------------------

    def siblings(self, message_id: str) -> list[str]:
        """Ids of the versions of a message, itself included, oldest first."""
        with self._database.reading() as connection:
            return messages.list_siblings(connection, message_id)

    def siblings_of(self, message_ids: Iterable[str]) -> dict[str, list[str]]:
        """`siblings` of many messages at once; a message that is not there has no key."""
        with self._database.reading() as connection:
            return messages.list_siblings_of(connection, message_ids)

    def show_version(self, message_id: str) -> None:
        """Move the leaf to the newest message at or below this one."""
        with self._database.writing() as connection:
            messages.show(connection, message_id)

    # --- what a reply stored ------------------------------------------------------------------------

    def generation(self, message_id: str) -> Generation | None:
        """What really happened when this reply was made; None where nothing was stored."""
        with self._database.reading() as connection:
            return generations.find(connection, message_id)

    def generations(self, message_ids: Iterable[str]) -> dict[str, Generation]:
        """`generation` of many messages at once, their `prompt_ids` left empty; no key for none."""
        with self._database.reading() as connection:
            return generations.list_of(connection, message_ids)
