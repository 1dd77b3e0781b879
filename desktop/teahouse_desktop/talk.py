"""Asks the model and follows the replies, whichever conversation is open meanwhile."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from teahouse.jobs import JobEnded
from teahouse.messages import ContextFitted, TextDelta, TurnSaved
from teahouse_desktop.fitted import told_by
from teahouse_desktop.languages import translate
from teahouse_desktop.operations import Operation, force_stop
from teahouse_desktop.replies import LiveReply, describe
from teahouse_desktop.runner import Runner

SECOND_MS = 1000
FORCE_AFTER_MS = 1000
"""How long an engine has to stop before people are offered to end it."""


class Talk(QObject):
    """The replies that are being made, at most one in each conversation.

    Signals:
        begun: A `LiveReply` was asked for.
        saved: Its messages are in the store and have ids.
        changed: Its status has changed.
        grew: (LiveReply, text, kind): text has arrived, of the answer or the reasoning.
        ended: (LiveReply, JobEnded).
        stop_asked: The person pressed stop, whether or not a reply is being made.
    """

    begun = Signal(object)
    saved = Signal(object)
    changed = Signal(object)
    grew = Signal(object, str, str)
    ended = Signal(object, object)
    stop_asked = Signal()

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._live: dict[str, LiveReply] = {}
        self._clock = QTimer(self, interval=SECOND_MS)
        self._clock.timeout.connect(self._tell_seconds)

    @property
    def conversation_ids(self) -> frozenset[str]:
        """Conversations in which a reply is being made."""
        return frozenset(self._live)

    def live_in(self, conversation_id: str) -> LiveReply | None:
        """The reply that is being made in a conversation."""
        return self._live.get(conversation_id)

    def ask(self, operation: Operation, live: LiveReply) -> None:
        """Start an operation that makes this reply."""
        live.status = describe(None, others=len(self._live))
        self._live[live.conversation_id] = live
        self._clock.start()
        live.job = self._runner.start(
            operation,
            progressed=lambda value: self._on_progress(live, value),
            ended=lambda ended: self._on_ended(live, ended),
        )
        self.begun.emit(live)

    def stop(self, conversation_id: str) -> None:
        """Ask the reply made in a conversation to stop; where that takes long, end its engine."""
        live = self._live.get(conversation_id)
        if live and live.job and live.can_force:
            live.is_forced = True
            force_stop(live.job)
        elif live and live.job and not live.is_stopping:
            live.is_stopping = True
            live.status = translate("Replies", "Stopping …")
            self._runner.stop(live.job)
            QTimer.singleShot(FORCE_AFTER_MS, self, partial(self._offer_force, live))
            self.changed.emit(live)
        self.stop_asked.emit()

    def _offer_force(self, live: LiveReply) -> None:
        if self._live.get(live.conversation_id) is live:
            live.can_force = True
            self.changed.emit(live)

    def _on_progress(self, live: LiveReply, value: object) -> None:
        if isinstance(value, TurnSaved):
            live.user_id, live.reply_id = value.user_message_id or "", value.reply_id
            self.saved.emit(live)
            return
        if isinstance(value, TextDelta):
            live.take(value)
            self.grew.emit(live, value.text, value.kind)
        if isinstance(value, ContextFitted):
            live.fitted = told_by(value)
            self.changed.emit(live)
            return
        if not live.is_stopping and (status := describe(value)) != live.status:
            live.status = status
            self.changed.emit(live)

    def _tell_seconds(self) -> None:
        """A model that thinks shows for how long, also while no word comes."""
        for live in self._live.values():
            if live.is_thinking:
                self.changed.emit(live)
        if not self._live:
            self._clock.stop()

    def _on_ended(self, live: LiveReply, ended: JobEnded) -> None:
        self._live.pop(live.conversation_id, None)
        self.ended.emit(live, ended)
