"""What the window does with branches: copies one into a conversation of its own, deletes one with Undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from teahouse.messages import Conversation
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick, tell
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.store.branches import TakenOut


def branch_from(*, app: App, message_id: str) -> Operation:
    """Copy the path up to a message into a new conversation; the result is the `Conversation`."""

    def copy() -> Conversation:
        made = app.store.copy_branch(message_id)
        tell(app, "conversations", made.id)
        return made

    return quick(translate("Operations", "Branching the conversation"), copy)


def delete_message(*, app: App, message_id: str) -> Operation:
    """Put a message and all below it into the trash; the result is a `TakenOut`, for `restore_message`."""

    def delete() -> TakenOut:
        taken = app.store.take_out(message_id)
        _tell(app, taken)
        return taken

    return quick(translate("Operations", "Deleting a message"), delete)


def restore_message(*, app: App, taken: TakenOut) -> Operation:
    """Put back what `delete_message` took out."""

    def restore() -> None:
        app.store.put_back(taken)
        _tell(app, taken)

    return quick(translate("Operations", "Taking a message back"), restore)


def _tell(app: App, taken: TakenOut) -> None:
    tell(app, "messages", taken.conversation_id)
    tell(app, "conversations", taken.trash_id)


class BranchDesk(QObject):
    """Connects the actions on messages with the branches that they begin."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._app, self._runner, self._chat = place.app, place.runner, place.chat
        chat = place.chat
        chat.transcript.action_requested.connect(self.act)

    def branch(self) -> None:
        """Go on in a copy of the conversation up to the marked message, else the last one."""
        self._on_current(lambda message_id: self.act("branch", message_id))

    def delete(self) -> None:
        """Delete the marked message with what follows it; nothing where none is marked."""
        if self._chat.transcript.current >= 0:
            self._on_current(lambda message_id: self.act("delete", message_id))

    def act(self, name: str, message_id: str) -> None:
        """Do what was chosen on a message."""
        if self._chat.live is not None:
            return
        if name == "branch":
            copy = branch_from(app=self._app, message_id=message_id)
            self._runner.start(copy, done=self._on_branched)
        elif name == "delete":
            delete = delete_message(app=self._app, message_id=message_id)
            self._runner.start(delete, done=self._on_deleted)

    def _on_current(self, act: Callable[[str], None]) -> None:
        transcript = self._chat.transcript
        items = transcript.column.items
        if items and (message_id := items[transcript.current].shown.message.id):
            act(message_id)

    def _on_branched(self, made: Conversation) -> None:
        self._chat.open(made.id)
        text = self.tr("This is a copy. The conversation that it branches from is as it was.")
        self._chat.notices.show_text(text)

    def _on_deleted(self, taken: TakenOut) -> None:
        self._chat.conversation.refresh()
        text = self.tr("Deleted messages: {count}. They are in the trash for 30 days.")
        self._chat.notices.offer(
            text.format(count=taken.count), self.tr("Undo"), lambda: self._take_back(taken)
        )

    def _take_back(self, taken: TakenOut) -> None:
        restore = restore_message(app=self._app, taken=taken)
        self._runner.start(restore, done=lambda _: self._chat.conversation.refresh())
