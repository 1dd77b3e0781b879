"""One turn: save what the person wrote, ask the model, store the reply while it grows."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from teahouse import store
from teahouse.chat.answer import Answered, Question, answer
from teahouse.engine.sampling import Sampling
from teahouse.errors import AppError, EngineCrashed, ModelError
from teahouse.events import changed
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.messages import (
    Conversation,
    Generation,
    Message,
    MessageState,
    Reply,
    StreamEvent,
    TextDelta,
    TurnSaved,
)

if TYPE_CHECKING:
    from teahouse.app import App

SLICE_S = 0.5
"""Longest time that text of a reply is not on disk yet."""

ROOT = store.ROOT
"""As `parent_id`: go on from the very beginning of the conversation."""


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """What the person asks for.

    Attributes:
        text: Their message; None answers an existing one again.
        parent_id: The message to go on from; the visible leaf when None, the beginning when `ROOT`.
            For an answer again it is the message to answer, so that the new reply becomes a sibling
            of the old one; for an edited message it is the parent of the one it replaces.
        model: Empty for the conversation's, else the default one.
    """

    conversation_id: str
    text: str | None = None
    parent_id: str | None = None
    model: str = ""
    sampling: Sampling | None = None
    max_tokens: int | None = None


def take_turn(app: App, request: TurnRequest) -> Work:
    """Work that yields `StreamEvent`s and returns the `Reply`.

    Everything is on disk before it is shown as done: the person's text before anything runs, the
    reply at least every second. Stopped by its cancel flag, it keeps what had been written.

    Raises:
        EngineCrashed: The partial reply is kept; ask again with the same `parent_id`.
        AppError: The reply is marked failed with the error's words.
    """

    def work(cancel: Cancel) -> Generator[StreamEvent, None, Reply]:
        return (yield from _Turn(app, request, cancel).run())

    return work


def wanted_model(app: App, conversation: Conversation | None = None, name: str = "") -> str:
    """The model to ask: the named one, the conversation's, the default, or the first there is.

    Raises:
        ModelError: There is no model at all.
    """
    chosen = name or (conversation.model if conversation else "") or app.settings.get("models.default")
    if chosen:
        return app.models.find(chosen).name
    usable = [model for model in app.models.list() if not model.problem]
    if not usable:
        raise ModelError(
            _("There is no model yet."),
            _("Get the starter model with “teahouse models get starter”, or on the window's first page."),
        )
    return usable[0].name


def sampling_of(app: App, conversation: Conversation) -> Sampling:
    """The sampler values in force for a conversation."""
    own = conversation.settings.get("chat.temperature")
    return Sampling(temperature=app.settings.get("chat.temperature") if own is None else float(own))


def max_tokens_of(app: App, conversation: Conversation) -> int:
    """The longest reply in force for a conversation."""
    return int(conversation.settings.get("chat.max_tokens") or app.settings.get("chat.max_tokens"))


def system_prompt_of(app: App, conversation: Conversation) -> str:
    """What the model is told before the conversation; empty for nothing."""
    return conversation.system_prompt or str(app.settings.get("chat.system_prompt"))


class _Turn:
    """One turn on its way."""

    def __init__(self, app: App, request: TurnRequest, cancel: Cancel) -> None:
        self._app = app
        self._store = app.store
        self._request = request
        self._cancel = cancel
        self._conversation = app.store.conversation(request.conversation_id)
        self._answered = Answered()
        self._unsaved = ""
        self._saved_at = time.monotonic()
        self._reply_id = ""

    def run(self) -> Generator[StreamEvent, None, Reply]:
        saved = self._save_question()
        error: AppError | None = None
        try:
            yield saved
            question = self._question()
            yield from self._answer(question)
        except AppError as failure:
            error = failure
            raise
        except (GeneratorExit, KeyboardInterrupt):
            self._cancel.set()
            raise
        except BaseException as failure:
            error = AppError(f"{type(failure).__name__}: {failure}")
            raise
        finally:
            self._finish(error)
        return self._reply()

    # --- before -------------------------------------------------------------------------------------

    def _save_question(self) -> TurnSaved:
        parent_id, user_id = self._parent_id(), None
        if self._request.text is not None:
            user = self._store.add_message(
                self._conversation.id, "user", self._request.text, parent_id=parent_id
            )
            parent_id = user_id = user.id
        reply = self._store.add_message(
            self._conversation.id, "assistant", "", parent_id=parent_id, state="streaming"
        )
        self._reply_id = reply.id
        self._publish()
        return TurnSaved(self._conversation.id, user_id, reply.id)

    def _parent_id(self) -> str | None:
        wanted = self._request.parent_id
        return self._conversation.leaf_id if wanted is None else wanted

    def _question(self) -> Question:
        path = self._store.path_to(
            self._reply_id
        )  # not the visible one, which the person may change meanwhile
        messages = [as_json(message) for message in path if message.id != self._reply_id and message.text]
        if system := system_prompt_of(self._app, self._conversation):
            messages.insert(0, {"role": "system", "content": system})
        return Question(
            model=wanted_model(self._app, self._conversation, self._request.model),
            messages=tuple(messages),
            sampling=self._request.sampling or sampling_of(self._app, self._conversation),
            max_tokens=self._request.max_tokens or max_tokens_of(self._app, self._conversation),
            reply_id=self._reply_id,
        )

    # --- while --------------------------------------------------------------------------------------

    def _answer(self, question: Question) -> Generator[StreamEvent, None, None]:
        steps = answer(self._app.engines, question, self._cancel, self._answered)
        try:
            for event in steps:
                self._keep(event)
                if event is not None:
                    yield event
        except GeneratorExit:
            # Stopped between two events: hear the engine out, so that the record is complete.
            self._cancel.set()
            for event in steps:
                self._keep(event)
            raise

    def _keep(self, event: StreamEvent | None) -> None:
        if isinstance(event, TextDelta):
            self._unsaved += event.text
        if self._unsaved and time.monotonic() - self._saved_at >= SLICE_S:
            self._flush()

    def _flush(self) -> None:
        if self._unsaved:
            self._store.append_text(self._reply_id, self._unsaved)
        self._unsaved = ""
        self._saved_at = time.monotonic()

    # --- after --------------------------------------------------------------------------------------

    def _finish(self, error: AppError | None) -> None:
        self._flush()
        self._store.finish_message(
            self._reply_id,
            self._state(error),
            generation=self._generation(),
            error=None if error is None else (error.text, error.hint),
        )
        self._publish()

    def _state(self, error: AppError | None) -> MessageState:
        if self._cancel.is_set():
            return "stopped"
        if isinstance(error, EngineCrashed):
            return "partial"
        return "failed" if error is not None else "complete"

    def _generation(self) -> Generation | None:
        done = self._answered
        if done.model is None or not done.prompt_ids:
            return None
        return Generation(
            message_id=self._reply_id,
            model=done.model.name,
            model_hash=done.model_hash,
            ids=tuple(done.ids),
            prompt_ids=tuple(done.prompt_ids),
            adapters=(),
            sampling=done.sampling.as_json(),
            seed=done.sampling.seed or 0,
            usage=done.usage,
            timings=done.timings,
            finish_reason="stopped" if self._cancel.is_set() else done.finish_reason,
            engine=done.engine,
        )

    def _reply(self) -> Reply:
        done = self._answered
        name = done.model.name if done.model else ""
        return Reply(
            self._conversation.id,
            self._reply_id,
            name,
            done.text,
            done.finish_reason,
            done.usage,
            done.timings,
        )

    def _publish(self) -> None:
        self._app.events.publish(
            changed("messages", "conversations", conversation_id=self._conversation.id, by=self)
        )


def as_json(message: Message) -> dict[str, Any]:
    """A message as chat templates take it."""
    return {"role": message.role, "content": message.text}
