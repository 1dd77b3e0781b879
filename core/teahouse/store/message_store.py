"""The store's messages: trees that grow, judged, with files and with what made each reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from teahouse.messages import File, Generation, Message, MessageState, Part, Role
from teahouse.store import attachments, generations, messages
from teahouse.store.opened import OpenedStore

ROOT = ""
"""As a parent: none, the message begins the conversation."""


class MessageStore(OpenedStore):
    """Messages and their versions; see `Store`."""

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
                writer_id=self._writer_id,
            )
            return messages.find(connection, message_id)

    def add_turn(
        self,
        conversation_id: str,
        text: str | None,
        *,
        parent_id: str | None = None,
        files: Sequence[File] = (),
    ) -> tuple[Message | None, Message]:
        """Add a question and the reply that will grow below it, both or neither.

        Args:
            text: The question; None where the parent is answered again.
            parent_id: As for `add_message`, of the question, or of the reply where there is none.
            files: What the question carries.

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
                    writer_id=self._writer_id,
                )
                for file in files if role == "user" else ():
                    messages.attach(connection, parent_id, file)
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

        A part of kind `context`, `summary` or `passages` replaces a former one.
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
        parts: Sequence[Part] = (),
    ) -> None:
        """Give a message its last state and, once, what really happened when it was made.

        Args:
            error: Words and hint of what went wrong; kept as a part of kind `error`, a line each.
            parts: What is added to it; one of kind `text` takes the place of its text.

        Raises:
            StoreError: There is no such message, or it has a generation already.
        """
        with self._database.writing() as connection:
            messages.finish(connection, message_id, state, error=error, parts=parts)
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

    # --- judgement and files ------------------------------------------------------------------------

    def judge_message(self, message_id: str, *, thumb: int | None = None, note: str | None = None) -> None:
        """Set the thumb (-1, 0 or 1), the note, or both; StoreError when there is no such message."""
        with self._database.writing() as connection:
            messages.judge(connection, message_id, thumb=thumb, note=note)

    def rank_messages(self, ids_best_first: Sequence[str]) -> None:
        """Rank versions of one message; those left out have no rank then.

        Raises:
            StoreError: There is no such message.
            ValueError: They are not versions of one message.
        """
        with self._database.writing() as connection:
            messages.rank(connection, ids_best_first)

    def clear_rank(self, message_id: str) -> None:
        """Take the ranks of all versions of a message back; StoreError when there is no such message."""
        with self._database.writing() as connection:
            messages.clear_rank(connection, message_id)

    def attach(
        self,
        message_id: str,
        name: str,
        type: str,  # noqa: A002
        data: bytes,
        *,
        text: str | None = None,
        tokens: int | None = None,
    ) -> Part:
        """Add a file to a message; its bytes are stored once, however many messages carry it.

        Args:
            type: MIME type.
            text: What the model reads of it.
            tokens: The length of `text`.

        Raises:
            StoreError: There is no such message, or the file is larger than 64 MB.
        """
        with self._database.writing() as connection:
            return messages.attach(connection, message_id, File(name, type, data, text, tokens))

    def note_tokens(self, message_id: str, tokens: Mapping[str, int]) -> None:
        """Note how long the texts of a message's files are, by hash; StoreError when there is no message."""
        with self._database.writing() as connection:
            messages.note_tokens(connection, message_id, tokens)

    def attachment(self, hash: str) -> bytes:  # noqa: A002
        """The bytes of a file; StoreError when it is not there or damaged."""
        with self._database.reading() as connection:
            return attachments.find(connection, hash)

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
