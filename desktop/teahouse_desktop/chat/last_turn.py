"""What the window does with the last question and its reply: asks again, goes on, edits, copies."""

from __future__ import annotations

from PySide6.QtCore import QObject

from teahouse_desktop.transcript.footer import actions_of
from teahouse_desktop.workplace import Workplace


class LastTurnDesk(QObject):
    """Connects the actions that need no message marked with the end of the open conversation."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._chat = place.chat

    @property
    def reply_to_go_on(self) -> str:
        """Id of the last reply where it ended before the model was done; else empty."""
        last, index = self._last("assistant")
        if index < 0 or self._chat.live is not None:
            return ""
        actions = actions_of(self._chat.transcript.column.items[index], can_ask=True)
        return last if "continue" in actions else ""

    def answer_again(self) -> None:
        """Another version of the last reply."""
        self._chat.act("regenerate", self._last("assistant")[0])

    def go_on(self) -> None:
        """Let the model go on with the last reply, where it ended before it was done."""
        self._chat.act("continue", self.reply_to_go_on)

    def edit(self) -> None:
        """Another version of the last message of the person."""
        self._chat.act("edit", self._last("user")[0])

    def copy(self) -> None:
        """The last reply as Markdown on the clipboard."""
        _, index = self._last("assistant")
        if index >= 0:
            self._chat.transcript.act("copy", index)

    def _last(self, role: str) -> tuple[str, int]:
        """(id, index) of the last message of a role; empty and -1 for none."""
        found = self._chat.last_message_id(role)
        return found, self._chat.transcript.column.index_of(found)
