"""Keeps the meter of the context true: counts what would be sent when nothing has changed for a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from teahouse.errors import ContextError
from teahouse.jobs import Job, JobEnded
from teahouse_desktop import operations
from teahouse_desktop.chat import prompts
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.composer import attaching
from teahouse_desktop.composer.attaching import given_by
from teahouse_desktop.operations import Operation
from teahouse_desktop.runner import Runner, in_words

if TYPE_CHECKING:
    from teahouse.app import App

WAIT_MS = 400
"""How long nothing must have been typed before it is counted."""


class ContextCount(QObject):
    """Counts for the meter, only while the model is in memory and answers nobody.

    Signals:
        counted: The `Prompt` that was counted, without its text.
    """

    counted = Signal(object)

    def __init__(self, app: App, runner: Runner, chat: ChatPage, parent: QObject) -> None:
        super().__init__(parent)
        self._app, self._runner, self._chat = app, runner, chat
        self._job: Job | None = None
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._count)
        # The document also tells what is put there by the program: a draft, an earlier message.
        chat.composer.field.document().contentsChanged.connect(self.recount)
        chat.conversation.changed.connect(self.recount)
        chat.talk.begun.connect(self.recount)
        chat.talk.ended.connect(self.recount)
        chat.composer.tray.changed.connect(self.recount)

    def recount(self, *_: object) -> None:
        """What was counted may not be true any more; it is counted again a little later."""
        self._chat.bar.meter.clear()
        if self._job is not None:
            operations.stop(self._job)
            self._job = None
        self._timer.start()

    def close(self) -> None:
        """Count no more: the window closes."""
        self._timer.stop()
        self._timer.blockSignals(True)

    def has_words(self) -> bool:
        """Whether there is anything to send, in a conversation that is on the disk."""
        chat = self._chat
        has_some = chat.transcript.column.items or chat.composer.text.strip() or chat.composer.tray.items
        return bool(chat.conversation.id and has_some)

    def of_now(self, make: Callable[..., Operation]) -> Operation:
        """An operation on what would be sent now: `prompts.count_prompt` or `prompts.preview_prompt`."""
        return make(
            app=self._app,
            conversation_id=self._chat.conversation.id,
            text=self._chat.composer.text.strip(),
            edited_id=self._chat.edited_id,
            files=given_by(self._chat.composer.tray.items),
        )

    # --- inside -----------------------------------------------------------------------------------

    def _count(self) -> None:
        if self._chat.talk.conversation_ids:
            return
        self._count_files()
        if self.has_words():
            self._job = self._runner.start(self.of_now(prompts.count_prompt), ended=self._on_ended)

    def _count_files(self) -> None:
        """Count each file for itself; the chips show it."""
        tray = self._chat.composer.tray
        given = [one.attachment for one in tray.items if one.attachment.text is not None]
        if given:
            count = attaching.count_tokens(
                app=self._app, conversation_id=self._chat.conversation.id, given=given
            )
            self._runner.start(count, ended=self._on_files_counted)

    def _on_files_counted(self, ended: JobEnded) -> None:
        self._chat.composer.tray.show_tokens(ended.result or {})  # without a model nobody knows

    def _on_ended(self, ended: JobEnded) -> None:
        if ended.job is not self._job:
            return
        self._job = None
        if ended.error is not None:
            text = self.tr("cannot be counted")
            if isinstance(ended.error, ContextError):
                text = self.tr("does not fit into the context")
            self._chat.bar.meter.show_problem(text, "\n".join(in_words(ended.error)))
        elif ended.result is not None:
            self._chat.bar.meter.show_prompt(ended.result)
            self.counted.emit(ended.result)
