"""A window for tests of a panel: a conversation of the real store; work is done in the loop's next turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from teahouse.app import App
from teahouse.jobs import Job, JobEnded
from teahouse.messages import Conversation
from teahouse_desktop.operations import Operation
from teahouse_desktop.plugins.bare_window import BareWindow


class InlineWindow(BareWindow):
    """Does what a panel asks for, one thing after the other; `done` lists the titles of the work."""

    def __init__(self, app: App, widget: QWidget, *, model: str = "echo/echo") -> None:
        super().__init__(widget)
        self._app = app
        self.model = model
        self.conversation: Conversation | None = app.store.create_conversation()
        self.conversation_id = self.conversation.id
        self.done: list[str] = []
        self.pending = 0

    def choose(self, key: str, value: Any) -> None:
        assert self.conversation is not None
        super().choose(key, value)
        settings = {k: v for k, v in {**self.conversation.settings, key: value}.items() if v is not None}
        self.conversation = self._app.store.change_conversation(self.conversation.id, settings=settings)
        self.conversation_changed.emit()

    def run(
        self,
        operation: Operation,
        *,
        done: Callable[[Any], None] | None = None,
        progressed: Callable[[Any], None] | None = None,
        ended: Callable[[JobEnded], None] | None = None,
    ) -> Job:
        job = Job(operation.title, operation.work)

        def work() -> None:
            self.pending -= 1
            end = job.run(lambda event: None)
            self.done.append(operation.title)
            if ended:
                ended(end)
            if done and end.error is None and not end.is_cancelled:
                done(end.result)

        self.pending += 1
        QTimer.singleShot(0, self, work)
        return job
