"""When the engine explains a token for the drawings: not while a reply is made, and not too often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from teahouse.errors import AppError
from teahouse.jobs import Job, JobEnded
from teahouse_sampling.panel.controls import ControlsPanel
from teahouse_sampling.panel.explaining import Explained, Where, explain
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow

AFTER_MS = 150
"""So long nothing changes before the engine is asked."""


class ExplainerDesk(QObject):
    """Asks, and shows what comes."""

    def __init__(self, app: App, window: PanelWindow, panel: ControlsPanel) -> None:
        super().__init__(panel)
        self._app, self._window, self._panel = app, window, panel
        self._job: Job | None = None
        self._back = 0
        self._message_id = self._wanted_id = ""
        self._was_busy = window.is_busy
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._start)
        panel.where.moved.connect(self._move)
        panel.where.wanted.connect(self._want)
        panel.shown.connect(self.ask)
        window.messages_changed.connect(self.ask)
        window.conversation_changed.connect(self._on_conversation)
        window.busy_changed.connect(self._on_busy)

    def ask(self) -> None:
        """Ask soon, unless nobody looks."""
        if self._panel.isVisible():
            self._timer.start()

    # --- inside -----------------------------------------------------------------------------------

    def _start(self) -> None:
        self._stop()
        if self._window.is_busy:
            self._panel.show_explained(Explained(absence=_("No drawing while the model is answering.")))
            return
        operation = explain(
            app=self._app,
            conversation=self._window.conversation,
            model=self._window.model,
            where=self._where(),
        )
        self._job = self._window.run(operation, ended=self._on_ended)

    def _stop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            self._window.stop(job)

    def _where(self) -> Where:
        ids = tuple(one.id for one in reversed(self._window.messages) if one.role == "assistant")
        newest = ids[0] if ids else ""
        if newest != self._message_id:
            self._back, self._message_id = 0, newest
        return Where(ids, self._back, is_wanted=bool(newest) and newest == self._wanted_id)

    def _on_ended(self, ended: JobEnded) -> None:
        if ended.job is not self._job:
            return  # another one was asked for meanwhile
        self._job = None
        if isinstance(ended.result, Explained):
            self._panel.show_explained(ended.result)
        elif ended.error is not None:
            words = ended.error.text if isinstance(ended.error, AppError) else str(ended.error)
            self._panel.show_explained(Explained(absence=_("No drawing: {reason}").format(reason=words)))

    def _move(self, back: int) -> None:
        self._back = max(0, self._back + back)
        self.ask()

    def _want(self) -> None:
        self._wanted_id = self._message_id
        self.ask()

    def _on_conversation(self) -> None:
        self.ask()

    def _on_busy(self) -> None:
        is_busy, was_busy = self._window.is_busy, self._was_busy
        self._was_busy = is_busy
        if is_busy and not was_busy:
            self._stop()
        elif was_busy and not is_busy:
            # What was just written is in the model's context: looking at it costs next to nothing.
            newest = next((one.id for one in reversed(self._window.messages) if one.role == "assistant"), "")
            self._wanted_id = newest
        self.ask()
