"""The window as one plugin sees it: the `PanelWindow` that `create_panels` is given."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from teahouse.jobs import Job, JobEnded
from teahouse.messages import Conversation, Message
from teahouse.plugins import Guard
from teahouse.plugins.pace import paced
from teahouse.setting import Value
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.looks.look import Look
from teahouse_desktop.operations import Operation
from teahouse_desktop.pages.pages import SETTINGS
from teahouse_desktop.runner import is_there

if TYPE_CHECKING:
    from teahouse_desktop.chat.chat import ChatPage
    from teahouse_desktop.models.downloads import Downloads
    from teahouse_desktop.plugins.panels import PanelHost
    from teahouse_desktop.window import Window

TOLD = ("conversation_changed", "messages_changed", "message_selected", "busy_changed", "look_changed")


class PluginWindow(QObject):
    """What a plugin may use of the window; see `teahouse_desktop.panel.PanelWindow`, which it is.

    Args:
        page: The page whose conversation is the open one; None for that on which people work.
    """

    conversation_changed = Signal()
    messages_changed = Signal()
    message_selected = Signal(str)
    busy_changed = Signal()
    look_changed = Signal()

    def __init__(
        self, window: Window, host: PanelHost, plugin: str, guard: Guard, *, page: ChatPage | None = None
    ) -> None:
        super().__init__(window)
        self._window, self._host, self._plugin, self._guard = window, host, plugin, guard
        self._page = page
        self._jobs: weakref.WeakSet[Job] = weakref.WeakSet()

    @property
    def widget(self) -> QWidget:
        """The window itself, as the parent of dialogs."""
        return self._window

    @property
    def look(self) -> Look:
        """Theme and fonts in force."""
        return self._host.look

    # --- what is open -------------------------------------------------------------------------------

    @property
    def conversation_id(self) -> str:
        """Id of the open conversation."""
        return self._chat.conversation.id

    @property
    def conversation(self) -> Conversation | None:
        """The open conversation's facts."""
        return self._chat.conversation.facts

    @property
    def settings(self) -> Mapping[str, Value]:
        """What was chosen for the open conversation."""
        return self._chat.conversation.settings

    @property
    def model(self) -> str:
        """Name of the model that answers here."""
        facts = self._chat.conversation.facts
        return self._window.topbar.picker.meant_by(facts.model if facts else "")

    @property
    def messages(self) -> tuple[Message, ...]:
        """The visible messages."""
        return tuple(item.shown.message for item in self._chat.transcript.column.items)

    @property
    def message_id(self) -> str:
        """Id of the marked message."""
        transcript = self._chat.transcript
        return transcript.column.items[transcript.current].shown.message.id if transcript.current >= 0 else ""

    @property
    def is_busy(self) -> bool:
        """Whether a reply is being made anywhere."""
        return bool(self._chat.talk.conversation_ids)

    @property
    def downloads(self) -> Downloads:
        """The window's one queue of downloads."""
        return self._window.desks.models.downloads.queue

    # --- what can be done ---------------------------------------------------------------------------

    def choose(self, key: str, value: Value | None) -> None:
        """Use a value of a setting in the open conversation."""
        self._chat.conversation.choose(key, value)

    def open_conversation(self, conversation_id: str) -> None:
        """Open a conversation."""
        self._chat.open(conversation_id)

    def open_version(self, message_id: str) -> None:
        """Show this version of a message."""
        if self._chat.live is None:
            self._chat.conversation.show_version(message_id)

    def open_settings(self, key: str = "") -> None:
        """Open the page of settings."""
        self._window.pages.open(SETTINGS, key)

    def show_panel(self, key: str, argument: object = None) -> bool:
        """Open the plugin's panel of that key."""
        return self._host.show_panel(self._plugin, key, argument)

    def run(
        self,
        operation: Operation,
        *,
        done: Callable[[Any], None] | None = None,
        progressed: Callable[[Any], None] | None = None,
        ended: Callable[[JobEnded], None] | None = None,
    ) -> Job:
        """Start work beside the window."""
        job = self._window.runner.start(
            self._paced(operation),
            done=self._guarded("done", done),
            progressed=self._guarded("progressed", progressed),
            ended=self._guarded("ended", ended),
        )
        self._jobs.add(job)
        return job

    def ask(
        self,
        operation: Operation,
        *,
        replaces: str = "",
        question: str = "",
        progressed: Callable[[Any], None] | None = None,
        ended: Callable[[JobEnded], None] | None = None,
    ) -> Job | None:
        """Start work that makes a reply in the open conversation."""
        chat = self._chat
        if not chat.conversation.id or chat.live is not None:
            return None
        self._window.pages.close()
        live = LiveReply(chat.conversation.id, question, replaces=replaces)
        then, heard = self._guarded("ended", ended), self._guarded("progressed", progressed)
        chat.talk.ask(self._paced(operation), live, then=then, progressed=heard)
        if live.job is not None:
            self._jobs.add(live.job)
        return live.job

    def stop(self, job: Job) -> None:
        """Ask work to stop."""
        self._window.runner.stop(job)

    def tell(self, text: str, hint: str = "", *, is_error: bool = False) -> None:
        """Show a sentence above the composer."""
        self._chat.notices.show_text(text, hint, is_error=is_error)

    # --- for the host -------------------------------------------------------------------------------

    def pass_on(self, name: str, *values: object) -> None:
        """Tell the plugin's panels of something; a mark names the plugin meanwhile."""
        with self._guard.call(self._plugin, name):
            getattr(self, name).emit(*values)

    def close(self) -> None:
        """The plugin is off: its work is stopped, and it hears nothing any more."""
        for job in list(self._jobs):
            self._window.runner.stop(job)
        self.blockSignals(True)
        self.deleteLater()

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _chat(self) -> ChatPage:
        return self._page or self._window.chat

    def _paced(self, operation: Operation) -> Operation:
        return Operation(operation.title, paced(operation.work), operation.lane, operation.is_background)

    def _guarded(self, where: str, call: Callable[[Any], None] | None) -> Callable[[Any], None] | None:
        """What the plugin wants to hear, called only while it and its widget are there."""
        if call is None:
            return None

        def guarded(value: Any) -> None:
            if isValid(self) and not self.signalsBlocked() and is_there(call):
                with self._guard.call(self._plugin, where):
                    call(value)

        return guarded
