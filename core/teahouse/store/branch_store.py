"""The store's branches: copied, deleted with Undo, begun anew where a reply ended."""

from __future__ import annotations

from teahouse.messages import Conversation, Message
from teahouse.store import branches
from teahouse.store.branches import TakenOut
from teahouse.store.opened import OpenedStore


class BranchStore(OpenedStore):
    """What is done with a message and all above or below it; see `Store`."""

    def copy_branch(self, message_id: str) -> Conversation:
        """A new conversation with a copy of the path up to a message; the original stays as it is.

        Raises:
            StoreError: There is no such message, or a reply on its path is still being written.
        """
        with self._database.writing() as connection:
            return branches.copy(connection, message_id)

    def take_out(self, message_id: str) -> TakenOut:
        """Delete a message with all below it: into the trash, as a conversation of its own.

        Raises:
            StoreError: There is no such message, or a reply below it is still being written.
        """
        with self._database.writing() as connection:
            return branches.take_out(connection, message_id)

    def put_back(self, taken: TakenOut) -> None:
        """Undo `take_out`; StoreError when one side of it has been deleted for good meanwhile."""
        with self._database.writing() as connection:
            branches.put_back(connection, taken)

    def begin_version(self, message_id: str) -> Message:
        """Add a version of a reply that begins with its text and reasoning, and grows on from there."""
        with self._database.writing() as connection:
            return branches.begin_version(connection, message_id, writer_id=self._writer_id)
