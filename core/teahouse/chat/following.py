"""Adapters that are chosen while a reply is written: the model is told, and goes on with them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.chat.question import TurnRequest
from teahouse.engine.steering import Steering
from teahouse.errors import AppError, StoreError
from teahouse.events import Notice
from teahouse.language import _, sentences
from teahouse.messages import AdaptersChanged, ContextFitted, Conversation, PromptRead, StreamEvent
from teahouse.models.adapter_choice import Chosen, choice_of, fitted

if TYPE_CHECKING:
    from teahouse.app import App

LOOK_EACH_S = 0.2


class Following:
    """Follows the choice of one conversation while its reply is written.

    One that stands still between two looks counts: while a slider is dragged nothing is read again.

    Args:
        conversation: As the reply was asked for.
        model: That writes it.

    Attributes:
        steering: By what the reply is told.
    """

    def __init__(self, app: App, request: TurnRequest, conversation: Conversation, model: str) -> None:
        self._app, self._request, self._model = app, request, model
        self.steering = request.steering or Steering(is_stepped=False)
        self._first = self._told = self._seen = self._choice(conversation)
        self._is_heard = False
        self._looked_s = time.monotonic()

    def look(self) -> None:
        """Tell the reply of another choice, if there is one; costs next to nothing if it is called often."""
        if not self._is_heard or time.monotonic() - self._looked_s < LOOK_EACH_S:
            return
        self._looked_s = time.monotonic()
        try:
            chosen = self._choice(self._app.store.conversation(self._request.conversation_id))
        except StoreError:  # the conversation is gone: storing the reply will say so
            return
        is_still, self._seen = chosen == self._seen, chosen
        if is_still and chosen != self._told:
            self._told = chosen
            self._tell(chosen)

    def take(self, event: StreamEvent | None) -> None:
        """Hear when the model can be told something, and say that it could not use what it was told of."""
        if isinstance(event, ContextFitted):
            # for the first time, or once more: an engine that was started again knows of no later choice
            self._told, self._is_heard = self._first, False
        if isinstance(event, PromptRead):
            self._is_heard = True
        if isinstance(event, AdaptersChanged) and event.refused:
            self._refuse(event.refused)

    def _tell(self, chosen: tuple[Chosen, ...]) -> None:
        try:
            found = fitted(self._app, chosen, self._model)
        except AppError as error:
            self._refuse(error.text)
            return
        told = {"adapters": [(one.sha256, one.scale) for one in found], "names": [one.name for one in found]}
        self.steering.set_adapters([(one.path, one.scale) for one in found], told)

    def _refuse(self, text: str) -> None:
        told = sentences(text, _("The reply that is being written goes on as it was."))
        self._app.events.publish(Notice(told))

    def _choice(self, conversation: Conversation) -> tuple[Chosen, ...]:
        own = {**conversation.settings, **self._request.settings}
        return choice_of(self._app, replace(conversation, settings=own), self._model)
