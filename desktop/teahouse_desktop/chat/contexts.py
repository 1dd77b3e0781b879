"""What the window does with the context: shows it, pins messages, keeps a conversation's choices."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from shiboken6 import isValid

from teahouse.events import Changed, EngineState
from teahouse.jobs import JobEnded
from teahouse.setting import Value
from teahouse_desktop.chat import preferences, prompts
from teahouse_desktop.chat.counting import ContextCount
from teahouse_desktop.looks.look import Look
from teahouse_desktop.operations import Operation
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse_desktop.chat.preview import PreviewDialog

CHOICES = ("chat.reasoning", "chat.overflow", "chat.reproducible")


class ContextDesk(QObject):
    """Connects the bar below the composer and the actions on messages with what is sent."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._app, self._runner, self._chat = place.app, place.runner, place.chat
        self._picker, self._look = place.topbar.picker, place.look
        app, runner, chat = place.app, place.runner, place.chat
        place.appearance.changed.connect(self.set_look)
        self._preview: PreviewDialog | None = None
        self.count = ContextCount(app, runner, chat, self)
        chat.conversation.changed.connect(self._show_choices)
        chat.transcript.action_requested.connect(self._act)
        chat.bar.chosen.connect(self._choose)
        chat.bar.meter.clicked.connect(self.show_preview)
        self._show_choices()

    # --- looking ------------------------------------------------------------------------------------

    def show_preview(self) -> None:
        """Show exactly what would be sent now."""
        if self._preview is None:
            self._preview = self._open(is_stored=False)
            self._preview.refresh_requested.connect(self._fill_preview)
            self._preview.finished.connect(self._forget_preview)
        self._preview.show()
        self._preview.raise_()
        self._fill_preview()

    def show_sent(self, message_id: str) -> None:
        """Show exactly what was sent for a reply."""
        dialog = self._open(is_stored=True)
        dialog.show()
        self._fill(dialog, prompts.read_sent_prompt(app=self._app, message_id=message_id))

    def show_facts(self, message_id: str) -> None:
        """Show how a reply was made."""
        from teahouse_desktop.chat.reply_facts_dialog import ReplyFactsDialog

        column = self._chat.transcript.column
        index = column.index_of(message_id)
        if index >= 0:
            dialog = ReplyFactsDialog(column.items[index].shown, self._chat.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _open(self, *, is_stored: bool) -> PreviewDialog:
        from teahouse_desktop.chat.preview import PreviewDialog

        dialog = PreviewDialog(self._look, self._chat.window(), is_stored=is_stored)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _fill_preview(self) -> None:
        if self._preview is None:
            return
        if self.count.has_words():
            self._fill(self._preview, self.count.of_now(prompts.preview_prompt))
        elif self._chat.composer.text.strip():
            self._chat.composer.flush_draft()  # once it is on the disk, `_show_choices` comes back here
        else:
            self._preview.show_problem(self.tr("Nothing would be sent: there is no message yet."))

    def _fill(self, dialog: PreviewDialog, operation: Operation) -> None:
        self._runner.start(operation, ended=partial(_show_ended, dialog))

    def _forget_preview(self, _code: int) -> None:
        self._preview = None

    # --- choosing -----------------------------------------------------------------------------------

    def pin(self, message_id: str, *, is_pinned: bool) -> None:
        """Send a message always, or treat it like the others again."""
        pin = preferences.pin_message(app=self._app, message_id=message_id, is_pinned=is_pinned)
        self._runner.start(pin, done=self._on_pinned)

    def toggle_pin(self) -> None:
        """Pin the marked message, else the last one of the person, or let it go."""
        column, current = self._chat.transcript.column, self._chat.transcript.current
        index = current if current >= 0 else column.index_of(self._chat.last_message_id("user"))
        if index >= 0 and (message := column.items[index].shown.message).id:
            self.pin(message.id, is_pinned=not message.is_pinned)

    def _on_pinned(self, _: object) -> None:
        self._chat.conversation.refresh()
        self.count.recount()

    def _act(self, name: str, message_id: str) -> None:
        if name == "sent":
            self.show_sent(message_id)
        elif name == "facts":
            self.show_facts(message_id)
        elif name in ("pin", "unpin"):
            self.pin(message_id, is_pinned=name == "pin")

    def _choose(self, key: str, value: Value) -> None:
        self._chat.conversation.choose(key, value)

    def _show_choices(self) -> None:
        """Another conversation is open, or what is known of this one or its model has changed."""
        own = self._chat.conversation.settings
        self._chat.bar.show_values({key: own.get(key, self._app.settings.get(key)) for key in CHOICES})
        facts = self._chat.conversation.facts
        engine = self._app.engines.get(self._picker.meant_by(facts.model if facts else ""))
        self._chat.bar.set_can_think(engine is not None and engine.can_switch_reasoning)
        if self._preview and self._preview.is_waiting:
            self._fill_preview()

    def on_event(self, event: object) -> None:
        """A model came into memory or left it, or a setting has changed."""
        is_engine = isinstance(event, EngineState) and event.state != "loading"
        if is_engine or (isinstance(event, Changed) and event.kinds & {"settings", "models"}):
            self._show_choices()
            self.count.recount()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        if self._preview:
            self._preview.set_look(look)


def _show_ended(dialog: PreviewDialog, ended: JobEnded) -> None:
    if not isValid(dialog):
        return  # closed while it was being read
    if ended.error is not None:
        dialog.show_problem("\n".join(in_words(ended.error)))
    elif ended.result is not None:
        dialog.show_prompt(ended.result)
