"""What the window does with system prompts: shows that there is one, lets people write it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer
from shiboken6 import isValid

from teahouse.jobs import Cancel
from teahouse.messages import Conversation
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.chat.system_prompt import SystemPromptDialog
from teahouse_desktop.conversations import keeping
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse.app import App

WAIT_MS = 400
"""How long nothing must have been typed before it is counted."""


def read_conversation(*, app: App, conversation_id: str) -> Operation:
    """Read what is known of a conversation; the result is the `Conversation`."""
    title = translate("Operations", "Opening the conversation")
    return quick(title, lambda: app.store.conversation(conversation_id))


def count_tokens(*, app: App, text: str, conversation_id: str = "") -> Operation:
    """Count a text in the tokens of a conversation's model; None where that is not in memory."""

    def work(cancel: Cancel) -> Generator[Any, None, int | None]:
        from teahouse.chat.question import wanted_model

        yield from ()
        conversation = app.store.conversation(conversation_id) if conversation_id else None
        engine = app.engines.get(wanted_model(app, conversation))
        return engine.count([text], cancel)[0] if engine else None

    title = translate("Operations", "Counting what would be sent")
    return Operation(title, work, "model", is_background=True)


class InstructDesk(QObject):
    """Connects the mark in the bar above the chat and the menus with the system prompts."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place, self._app, self._runner = place, place.app, place.runner
        chat, topbar = place.chat, place.topbar
        self._mark = topbar.system_prompt
        topbar.system_prompt_requested.connect(self.open)
        self.join(chat)

    def join(self, chat: ChatPage) -> None:
        """Show of this page too whether its conversation has a system prompt."""
        chat.conversation.changed.connect(self.show_mark)

    def show_mark(self) -> None:
        """Show whether the conversation that people work on has a system prompt of its own."""
        self._mark.show_text(self._chat.conversation.system_prompt)

    def open(self) -> None:
        """Show the system prompt of the open conversation, or of the new one."""
        conversation = self._chat.conversation
        title = conversation.facts.title if conversation.facts else ""
        save = partial(self._save, conversation.id)
        self._show(conversation.id, title, conversation.system_prompt, save)

    def open_for(self, conversation_id: str) -> None:
        """Show the system prompt of any conversation."""
        if conversation_id == self._chat.conversation.id:
            self.open()
            return

        def show(found: Conversation) -> None:
            self._show(found.id, found.title, found.system_prompt, partial(self._save, found.id))

        self._runner.start(read_conversation(app=self._app, conversation_id=conversation_id), done=show)

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _chat(self) -> ChatPage:
        return self._place.active

    def _show(self, conversation_id: str, title: str, text: str, save: Callable[[str], None]) -> None:
        usual = str(self._app.settings.get("chat.system_prompt"))
        dialog = SystemPromptDialog(text, title=title, usual=usual, parent=self._chat.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(save)
        timer = QTimer(dialog, singleShot=True, interval=WAIT_MS)
        timer.timeout.connect(partial(self._count, dialog, conversation_id))
        dialog.typed.connect(timer.start)
        timer.start()
        dialog.open()

    def _count(self, dialog: SystemPromptDialog, conversation_id: str) -> None:
        """Only while the model answers nobody: a count is not worth a wait."""
        text = dialog.text
        if not text or self._chat.talk.conversation_ids:
            return

        def show(tokens: int | None) -> None:
            if isValid(dialog) and dialog.text == text:
                dialog.show_tokens(tokens)

        count = count_tokens(app=self._app, text=text, conversation_id=conversation_id)
        self._runner.start(count, done=show, ended=lambda _ended: None)

    def _save(self, conversation_id: str, text: str) -> None:
        here = self._chat.conversation
        if not conversation_id or conversation_id == here.id:
            if text != here.system_prompt:
                here.instruct(text)
            return
        instruct = keeping.instruct_conversation(app=self._app, conversation_id=conversation_id, text=text)
        self._runner.start(instruct)
