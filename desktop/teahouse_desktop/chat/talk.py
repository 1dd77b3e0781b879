"""Asks the model and follows the replies, whichever conversation is open meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from teahouse.jobs import JobEnded
from teahouse.messages import ContextFitted, ContextFound, ModelLoading, TextDelta, TurnSaved
from teahouse_desktop.chat.fitted import told_by
from teahouse_desktop.chat.replies import LiveReply, describe
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, force_stop
from teahouse_desktop.runner import Runner

SECOND_MS = 1000
FORCE_AFTER_MS = 1000
"""How long an engine has to stop before people are offered to end it."""


class Place(Protocol):
    """Where a conversation is open."""

    @property
    def id(self) -> str:
        """Id of the conversation; empty for a new one."""


class Talk(QObject):
    """The replies that are being made, at most one in each conversation.

    More than one conversation may be open; what a reply brings to do that must be done once is done where
    its conversation is open, else at the first place.

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
        self._places: list[Place] = []
        self._clock = QTimer(self, interval=SECOND_MS)
        self._clock.timeout.connect(self._tell_seconds)

    @property
    def conversation_ids(self) -> frozenset[str]:
        """Conversations in which a reply is being made."""
        return frozenset(self._live)

    def live_in(self, conversation_id: str) -> LiveReply | None:
        """The reply that is being made in a conversation."""
        return self._live.get(conversation_id)

    def join(self, place: Place) -> None:
        """A conversation is open here from now on."""
        self._places.append(place)

    def keeper_of(self, conversation_id: str) -> Place | None:
        """The place that does what a reply brings to do; None where none has joined."""
        here = (place for place in self._places if place.id == conversation_id)
        return next(here, next(iter(self._places), None))

    def ask(
        self,
        operation: Operation,
        live: LiveReply,
        *,
        then: Callable[[JobEnded], None] | None = None,
        progressed: Callable[[Any], None] | None = None,
    ) -> None:
        """Start an operation that makes this reply.

        Args:
            then: Called when it has ended, before others hear of it; may ask for the next one.
            progressed: Called with each value it yields, after this has taken it.
        """
        live.status = describe(None, others=len(self._live))
        self._live[live.conversation_id] = live
        self._clock.start()
        live.job = self._runner.start(
            operation,
            progressed=lambda value: self._on_progress(live, value, progressed),
            ended=lambda ended: self._on_ended(live, ended, then),
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

    def stop_loading(self) -> bool:
        """Ask the replies to stop for which a model is being loaded; False when there is none."""
        loading = [live for live in self._live.values() if live.is_loading]
        for live in loading:
            self.stop(live.conversation_id)
        return bool(loading)

    def _offer_force(self, live: LiveReply) -> None:
        if self._live.get(live.conversation_id) is live:
            live.can_force = True
            self.changed.emit(live)

    def _on_progress(self, live: LiveReply, value: object, then: Callable[[Any], None] | None = None) -> None:
        self._take(live, value)
        if then is not None:
            then(value)

    def _take(self, live: LiveReply, value: object) -> None:
        if isinstance(value, TurnSaved):
            live.user_id, live.reply_id = value.user_message_id or "", value.reply_id
            self.saved.emit(live)
            return
        live.is_loading = isinstance(value, ModelLoading)
        if isinstance(value, TextDelta):
            live.take(value)
            self.grew.emit(live, value.text, value.kind)
        if isinstance(value, ContextFitted):
            live.fitted = told_by(value)
            self.changed.emit(live)
            return
        if isinstance(value, ContextFound):
            live.found = value
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

    def _on_ended(self, live: LiveReply, ended: JobEnded, then: Callable[[JobEnded], None] | None) -> None:
        self._live.pop(live.conversation_id, None)
        if then is not None:
            then(ended)
        self.ended.emit(live, ended)
