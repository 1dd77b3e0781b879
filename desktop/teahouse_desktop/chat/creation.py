"""A new conversation on its way to the disk, with what is to be sent or kept in it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from teahouse.jobs import Cancel
from teahouse.messages import Conversation
from teahouse_desktop import operations
from teahouse_desktop.composer.attaching import Chosen
from teahouse_desktop.operations import Operation

if TYPE_CHECKING:
    from teahouse.app import App

How = Callable[[str, str, tuple[Chosen, ...]], None]
"""Asks in its own way: (conversation id, text, files)."""


@dataclass(eq=False)
class Creation:
    """One conversation that is being made.

    Attributes:
        text: The message to be sent in it; empty where it begins with a draft.
        made: It, once it is there; set by the thread that makes it.
    """

    text: str = ""
    files: tuple[Chosen, ...] = ()
    how: How | None = None
    made: Conversation | None = None

    @property
    def is_to_be_sent(self) -> bool:
        """Whether there is a message, and not only a draft."""
        return bool(self.text or self.files)

    def making(self, new: Operation) -> Operation:
        """The operation that makes it, before all drafts that are kept later."""

        def work(cancel: Cancel) -> Generator[Any, None, Conversation]:
            made: Conversation = yield from new.work(cancel)
            self.made = made
            return made

        return replace(new, work=work, lane="drafts")

    def keep_behind(self, text: str, *, app: App, anew: Operation) -> Operation:
        """The operation that keeps what was typed since; it comes after the one that makes the conversation.

        Args:
            anew: Makes another one with this text, where that one could not be made.
        """

        def work(cancel: Cancel) -> Generator[Any, None, Conversation]:
            if self.made is None:
                again: Conversation = yield from anew.work(cancel)
                return again
            save = operations.save_draft(app=app, conversation_id=self.made.id, text=text)
            kept: Conversation = yield from save.work(cancel)
            return kept

        return replace(anew, work=work, lane="drafts")
