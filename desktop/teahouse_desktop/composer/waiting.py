"""Messages that wait until the reply before them has ended, in each conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from teahouse_desktop.composer.attaching import Chosen


@dataclass(eq=False)
class WaitingMessage:
    """A message that is not sent yet.

    Attributes:
        is_held: It does not go by itself: the reply before it was stopped or failed.
    """

    text: str
    files: tuple[Chosen, ...] = ()
    is_held: bool = False


class Waiting(QObject):
    """The messages that wait, by conversation and in order, and what is being typed behind them.

    On the disk they are a part of the conversation's draft: after a crash their words come back into the
    field.

    Signals:
        changed: The id of a conversation in which others wait now.
    """

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages: dict[str, list[WaitingMessage]] = {}
        self._typed: dict[str, str] = {}

    def of(self, conversation_id: str) -> tuple[WaitingMessage, ...]:
        """What waits in a conversation, the first to be sent first."""
        return tuple(self._messages.get(conversation_id, ()))

    def next_of(self, conversation_id: str) -> WaitingMessage | None:
        """What is to be sent when a reply has ended well."""
        return next((one for one in self.of(conversation_id) if not one.is_held), None)

    def add(self, conversation_id: str, message: WaitingMessage) -> None:
        """Let a message wait behind the others."""
        self._messages.setdefault(conversation_id, []).append(message)
        self.changed.emit(conversation_id)

    def give_back(self, conversation_id: str, message: WaitingMessage) -> None:
        """Put a message that could not be sent before the others."""
        self._messages.setdefault(conversation_id, []).insert(0, message)
        self.changed.emit(conversation_id)

    def take(self, conversation_id: str, message: WaitingMessage) -> bool:
        """Take a message out; False when it is gone already."""
        messages = self._messages.get(conversation_id, [])
        if message not in messages:
            return False
        messages.remove(message)
        self.changed.emit(conversation_id)
        return True

    def hold(self, conversation_id: str) -> None:
        """Let nothing that waits here go by itself."""
        self._set_held(conversation_id, self.of(conversation_id), is_held=True)

    def release(self, conversation_id: str, message: WaitingMessage) -> None:
        """Let a message go by itself again."""
        self._set_held(conversation_id, [message], is_held=False)

    def _set_held(self, conversation_id: str, messages: Iterable[WaitingMessage], *, is_held: bool) -> None:
        others = [one for one in messages if one.is_held != is_held]
        for one in others:
            one.is_held = is_held
        if others:
            self.changed.emit(conversation_id)

    # --- the draft ----------------------------------------------------------------------------------

    def leave(self, conversation_id: str, typed: str) -> None:
        """Remember what was being typed when another conversation was opened."""
        if conversation_id:
            self._typed[conversation_id] = typed

    def typed_in(self, conversation_id: str, draft: str = "") -> str:
        """What was being typed when the conversation was left; `draft` where it was not left before.

        What is on the disk also holds what waits, and may not be up to date.
        """
        return self._typed.get(conversation_id, draft)

    def draft(self, conversation_id: str, typed: str) -> str:
        """The draft as it is kept on the disk: the words of all that waits, then what is being typed."""
        return joined(*(one.text for one in self.of(conversation_id)), typed)

    def files(self, conversation_id: str) -> tuple[Chosen, ...]:
        """The files of all that waits."""
        return tuple(file for one in self.of(conversation_id) for file in one.files)


def joined(*texts: str) -> str:
    """Texts with an empty line between them, the empty ones left out."""
    return "\n\n".join(text for text in texts if text)
