"""What the window does with messages that wait: takes them, sends them one after the other."""

from __future__ import annotations

from PySide6.QtCore import QObject

from teahouse.jobs import JobEnded
from teahouse_desktop import operations
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.composer.waiting import WaitingMessage
from teahouse_desktop.workplace import Workplace


class WaitingDesk(QObject):
    """Connects composer and replies with the messages that wait.

    What waits is sent when the reply before it has ended well. After a stop or an error it stays in view
    until the person sends it.
    """

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._app, self._runner, self._chat = place.app, place.runner, place.chat
        chat = place.chat
        self._waiting = chat.waiting
        rows = chat.composer.rows
        chat.composer.queued.connect(self.add)
        rows.edit_requested.connect(self.edit)
        rows.removal_requested.connect(self.remove)
        rows.sending_requested.connect(self.send)
        self._waiting.changed.connect(self._on_changed)
        chat.conversation.changed.connect(self._show)
        chat.talk.begun.connect(self._show)
        chat.talk.ended.connect(self._on_ended)

    def add(self, text: str) -> None:
        """Let what was typed wait, with its files, until the reply has ended."""
        files = self._chat.composer.tray.take()
        self._waiting.add(self._chat.conversation.id, WaitingMessage(text, files))

    def edit(self, message: WaitingMessage) -> None:
        """Put a message back into the field."""
        if self._waiting.take(self._chat.conversation.id, message):
            self._chat.composer.give_back(message.text)
            self._chat.composer.tray.put_first(message.files)
            self._chat.focus_composer()

    def remove(self, message: WaitingMessage) -> None:
        """Do not send a message at all."""
        self._waiting.take(self._chat.conversation.id, message)
        self._chat.focus_composer()

    def send(self, message: WaitingMessage) -> None:
        """Send a message that was held, after the reply that is being made where there is one."""
        if self._chat.live is not None:
            self._waiting.release(self._chat.conversation.id, message)
        elif self._chat.composer.can_send:
            self._send(self._chat.conversation.id, message)
        self._chat.focus_composer()

    # --- inside -----------------------------------------------------------------------------------

    def _send(self, conversation_id: str, message: WaitingMessage) -> None:
        """Send a message that waits; it counts as a draft until it is on disk, as all that is sent."""
        if message in self._waiting.of(conversation_id):
            draft = self._chat.draft_of(conversation_id)
            self._chat.conversation.send_to(conversation_id, message.text, message.files, draft=draft)
            self._waiting.take(conversation_id, message)

    def _on_changed(self, conversation_id: str) -> None:
        if conversation_id == self._chat.conversation.id:
            self._show()
            self._chat.keep_draft()

    def _show(self, _live: object = None) -> None:
        chat = self._chat
        waiting = self._waiting.of(chat.conversation.id)
        chat.composer.rows.show_messages(waiting, is_replying=chat.live is not None)

    def _on_ended(self, live: LiveReply, ended: JobEnded) -> None:
        conversation_id = live.conversation_id
        if not self._chat.conversation.cares_for(conversation_id):
            return
        is_here = conversation_id == self._chat.conversation.id
        if not live.is_saved and live.has_question and not is_here:
            self._waiting.give_back(conversation_id, WaitingMessage(live.question, live.files))
        if live.is_forced:
            self._tell_forced()
        if ended.error is not None or ended.is_cancelled:
            self._waiting.hold(conversation_id)
        elif self._chat.talk.live_in(conversation_id):
            pass  # the next reply is being made already: it is waited for
        elif message := self._waiting.next_of(conversation_id):
            self._send(conversation_id, message)
        self._show()

    def _tell_forced(self) -> None:
        self._runner.start(operations.forget_ended(app=self._app))
        self._chat.notices.show_text(
            self.tr("The engine did not stop by itself and was ended."),
            self.tr("What had been written is kept. The model is loaded again with your next message."),
        )
