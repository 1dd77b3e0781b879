"""One turn: save what the person wrote, ask the model, store the reply while it grows."""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Literal

from teahouse import store
from teahouse.chat.adapter_changes import without_unused
from teahouse.chat.answer import Answered, Question, answer
from teahouse.chat.attachments import attachments_of, count_files, files_of
from teahouse.chat.beginning import Beginning, read_beginning
from teahouse.chat.branch import Branch, BranchPoint, read_branch
from teahouse.chat.following import Following
from teahouse.chat.history import read_history
from teahouse.chat.preview import Preview, preview, preview_of
from teahouse.chat.question import TurnRequest, question_of, wanted_model
from teahouse.chat.sources import Sources, gather, read_sources, review
from teahouse.chat.summary import Summary
from teahouse.errors import AppError, EngineCrashed, ModelError, OutOfMemory
from teahouse.events import changed
from teahouse.jobs import Cancel, Work
from teahouse.messages import (
    ContextFitted,
    Generation,
    Message,
    MessageState,
    Part,
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
    "Branch",
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


def take_turn(app: App, request: TurnRequest) -> Work:
    """Work that yields `StreamEvent`s and returns the `Reply`.

    Everything is on disk before it is shown as done: the person's text with its files before anything
    runs, the reply at least every second. Stopped by its cancel flag, it keeps what had been written.

    Raises:
        EngineCrashed: The partial reply is kept; ask again with the same `parent_id`.
        AppError: The reply is marked failed with the error's words.
    """

    def work(cancel: Cancel) -> Generator[StreamEvent, None, Reply]:
        return (yield from _Turn(app, request, cancel).run())

    return work


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
        self._beginning: Beginning | None = None
        self._point: BranchPoint | None = None
        self._asked: Message | None = None
        self._kept_summary: Summary | None = None
        self._sources: Sources | None = None
        self._corrected: str | None = None

    def run(self) -> Generator[StreamEvent, None, Reply]:
        saved = self._save_question()
        error: AppError | None = None
        try:
            yield saved
            question = yield from self._gathered(self._question())
            yield from self._answer(question)
            self._count_files()
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
        if self._request.continues:
            return self._save_beginning()
        if self._request.branch:
            return self._save_branch(self._request.branch)
        user, reply = self._store.add_turn(
            self._conversation.id,
            self._request.text,
            parent_id=self._request.parent_id,
            files=files_of(self._store, self._request.attachments),
        )
        self._reply_id, self._asked = reply.id, user
        self._publish()
        return TurnSaved(self._conversation.id, user.id if user else None, reply.id)

    def _save_beginning(self) -> TurnSaved:
        """Another version of a reply, which begins with what it has said."""
        self._beginning = read_beginning(self._store, self._request.continues)
        self._reply_id = self._store.begin_version(self._request.continues).id
        self._publish()
        return TurnSaved(self._conversation.id, None, self._reply_id)

    def _save_branch(self, branch: Branch) -> TurnSaved:
        """Another version of a reply; what it begins with is told when the model can spell it."""
        self._point = read_branch(self._store, branch)
        parent_id = self._store.message(branch.message_id).parent_id or ROOT
        _none, reply = self._store.add_turn(self._conversation.id, None, parent_id=parent_id)
        self._reply_id = reply.id
        self._publish()
        return TurnSaved(self._conversation.id, None, self._reply_id)

    def _question(self) -> Question:
        # Not the visible path, which the person may change meanwhile.
        path = [m for m in self._store.path_to(self._reply_id) if m.id != self._reply_id]
        return question_of(
            self._app,
            self._conversation,
            replace(
                self._request,
                model=self._model(),
                system_prompt=self._own_system_prompt,
            ),
            history=read_history(self._store, path),
            reply_id=self._reply_id,
            beginning=self._beginning,
            point=self._point,
        )

    def _gathered(self, question: Question) -> Generator[StreamEvent, None, Question]:
        """The question with what plugins find for it; a version that goes on keeps what was found before."""
        if continued := self._request.continues or (self._request.branch and self._request.branch.message_id):
            kept = read_sources(self._store.message(continued))
            if kept is not None:
                self._sources, self._answered.sent = kept
        else:
            asked = self._store.message(self._reply_id).parent_id
            own = {**self._conversation.settings, **self._request.settings}
            conversation = replace(self._conversation, model=question.model, settings=own, leaf_id=asked)
            query = self._words_of(asked)
            self._sources = yield from gather(self._app, query, conversation, self._cancel, self._reply_id)
        self._keep_sources()
        return replace(question, sources=self._sources)

    def _words_of(self, message_id: str | None) -> str:
        """A person's own words; empty where it is no message of theirs."""
        message = self._store.message(message_id) if message_id else None
        return message.text if message is not None and message.role == "user" else ""

    @property
    def _own_system_prompt(self) -> str | None:
        """What the model is told for this reply alone: a reply goes on as it has begun."""
        wanted, sent = self._request.system_prompt, self._point.sent if self._point else self._beginning
        return sent.system_prompt if wanted is None and sent else wanted

    def _model(self) -> str:
        """The model to ask; only the one that wrote it can begin a reply again."""
        return self._point.sent.model if self._point else self._request.model or self._writer()

    def _writer(self) -> str:
        """The model that wrote what is gone on with, where it can still be asked; else empty."""
        if self._beginning is None or not self._beginning.model:
            return ""
        try:
            return wanted_model(self._app, name=self._beginning.model)
        except ModelError:
            return ""

    # --- while --------------------------------------------------------------------------------------

    def _answer(self, question: Question) -> Generator[StreamEvent, None, None]:
        following = Following(self._app, self._request, self._conversation, question.model)
        question = replace(question, steering=following.steering)
        steps = answer(self._app.engines, question, self._cancel, self._answered)
        try:
            for event in steps:
                following.take(event)
                following.look()
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

    def _keep_sources(self) -> None:
        """Store what was searched with the reply, before it is sent and with what of it was sent."""
        if self._sources is not None:
            part = self._sources.as_part(self._answered.sent)
            self._store.add_part(
                self._reply_id, part.kind, part.data, source=part.source, is_trusted=part.is_trusted
            )

    def _keep_fitted(self, event: ContextFitted) -> None:
        """Store what was sent and left out with the reply, and a summary with the last message it covers."""
        self._keep_sources()
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

    def _count_files(self) -> None:
        """Store how long the files of the question are for the model that has read them."""
        model = self._answered.model
        engine = self._app.engines.get(model.name) if model else None
        if engine is None or self._asked is None or self._cancel.is_set():
            return
        if counts := count_files(engine, attachments_of(self._asked), self._cancel):
            self._store.note_tokens(self._asked.id, counts)

    def _reviewed(self) -> list[Part]:
        """What plugins add to the reply or correct of it."""
        if not self._answered.text:
            return []
        reply = self._store.message(self._reply_id)
        parts = review(self._app, self._conversation, self._words_of(reply.parent_id), reply)
        self._corrected = next((part.data for part in reversed(parts) if part.kind == "text"), None)
        return parts

    def _finish(self, error: AppError | None) -> None:
        self._flush()
        self._store.finish_message(
            self._reply_id,
            self._state(error),
            parts=self._reviewed() if error is None else (),
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
            adapters=done.adapters,
            sampling=done.sampling.as_json(),
            seed=done.sampling.seed or 0,
            usage=done.usage,
            timings=done.timings,
            finish_reason="stopped" if self._cancel.is_set() else done.finish_reason,
            engine=self._engine(),
        )

    def _engine(self) -> dict[str, Any]:
        """How the engine was set, and what this reply alone was told before."""
        own, done = self._own_system_prompt, self._answered
        engine = without_unused(done.engine, done.begun + len(done.ids))
        return engine if own is None else {**engine, "system_prompt": own}

    def _reply(self) -> Reply:
        done = self._answered
        name = done.model.name if done.model else ""
        said = (self._beginning.text if self._beginning else done.kept or "") + done.text
        return Reply(
            self._conversation.id,
            self._reply_id,
            name,
            said if self._corrected is None else self._corrected,
            done.finish_reason,
            done.usage,
            done.timings,
        )

    def _publish(self) -> None:
        self._app.events.publish(
            changed("messages", "conversations", conversation_id=self._conversation.id, by=self)
        )
