"""One turn: save what the person wrote, ask the model, store the reply while it grows."""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from teahouse import store
from teahouse.chat.answer import Answered, Question, answer, look
from teahouse.chat.history import Entry, read_history
from teahouse.chat.question import TurnRequest, question_of, wanted_model
from teahouse.chat.summary import Summary
from teahouse.errors import AppError, EngineCrashed, OutOfMemory
from teahouse.events import changed
from teahouse.jobs import Cancel, Work
from teahouse.messages import (
    ContextFitted,
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

__all__ = [
    "ROOT",
    "SLICE_S",
    "Preview",
    "TextKind",
    "TurnRequest",
    "preview",
    "preview_of",
    "take_turn",
    "wanted_model",
]

TextKind = Literal["text", "reasoning"]

SLICE_S = 0.5
"""Longest time that text of a reply is not on disk yet."""

ROOT = store.ROOT
"""As `parent_id`: go on from the very beginning of the conversation."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent now.

    Attributes:
        text: The whole prompt, control tokens as their text.
        not_sent: Ids of messages that would be left out, oldest first.
        is_summarised: Whether a summary would stand for them; one that is not yet written is not in `text`.
        repair: What was done to message roles that the template does not take (see `engine.roles`).
        ids: The prompt's token ids, as they would be sent.
    """

    model: str
    text: str
    prompt_tokens: int
    context: int
    not_sent: tuple[str, ...] = ()
    is_summarised: bool = False
    repair: str = ""
    ids: tuple[int, ...] = ()


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


def preview(app: App, request: TurnRequest) -> Work:
    """Work that returns the `Preview` of a turn; `request.text` may be a draft. Nothing is stored.

    Loads the model if need be, and yields how far that is.

    Raises:
        AppError: As from `take_turn`.
    """

    def work(cancel: Cancel) -> Generator[StreamEvent | None, None, Preview]:
        conversation = app.store.conversation(request.conversation_id)
        history = read_history(app.store, _path_before(app, conversation, request))
        if request.text:
            history.append(Entry("user", request.text))
        question = question_of(app, conversation, request, history=history)
        return (yield from preview_of(app, question, cancel))

    return work


def preview_of(app: App, question: Question, cancel: Cancel) -> Generator[StreamEvent | None, None, Preview]:
    """The same for a question that is in no conversation."""
    model, fitted = yield from look(app.engines, question, cancel)
    told = fitted.event(question.reply_id)
    return Preview(
        model.name,
        fitted.rendered.text,
        told.prompt_tokens,
        told.context,
        told.not_sent,
        told.is_summarised,
        told.repair,
        tuple(fitted.rendered.ids),
    )


def _path_before(app: App, conversation: Conversation, request: TurnRequest) -> list[Message]:
    parent_id = conversation.leaf_id if request.parent_id is None else request.parent_id
    return app.store.path_to(parent_id) if parent_id else []


class _Turn:
    """One turn on its way."""

    def __init__(self, app: App, request: TurnRequest, cancel: Cancel) -> None:
        self._app = app
        self._store = app.store
        self._request = request
        self._cancel = cancel
        self._conversation = app.store.conversation(request.conversation_id)
        self._answered = Answered()
        self._unsaved: dict[TextKind, str] = {}
        self._saved_at = time.monotonic()
        self._reply_id = ""
        self._kept_summary: Summary | None = None

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
        user, reply = self._store.add_turn(
            self._conversation.id, self._request.text, parent_id=self._request.parent_id
        )
        self._reply_id = reply.id
        self._publish()
        return TurnSaved(self._conversation.id, user.id if user else None, reply.id)

    def _question(self) -> Question:
        # Not the visible path, which the person may change meanwhile.
        path = [m for m in self._store.path_to(self._reply_id) if m.id != self._reply_id]
        return question_of(
            self._app,
            self._conversation,
            self._request,
            history=read_history(self._store, path),
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
        if isinstance(event, ContextFitted):
            self._keep_fitted(event)
        if isinstance(event, TextDelta):
            self._unsaved[event.kind] = self._unsaved.get(event.kind, "") + event.text
        if self._unsaved and time.monotonic() - self._saved_at >= SLICE_S:
            self._flush()

    def _keep_fitted(self, event: ContextFitted) -> None:
        """Store what was left out with the reply, and a summary with the last message that it covers."""
        made = self._answered.summary
        if made is not None and made.message_id and made is not self._kept_summary:
            self._store.add_part(
                made.message_id, "summary", made.text, source=made.source, is_trusted=made.is_trusted
            )
            self._kept_summary = made
        if event.not_sent or event.repair:
            told = {name: value for name, value in asdict(event).items() if name != "reply_id"}
            self._store.add_part(self._reply_id, "context", json.dumps(told))

    def _flush(self) -> None:
        unsaved, self._unsaved = self._unsaved, {}
        for kind, text in unsaved.items():
            self._store.append_text(self._reply_id, text, kind)
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
        has_begun = bool(self._answered.text or self._answered.reasoning)
        if isinstance(error, EngineCrashed) or (isinstance(error, OutOfMemory) and has_begun):
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
