"""One turn: save what the person wrote, ask the model, store the reply while it grows."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse import store
from teahouse.chat.answer import Answered, Question, answer
from teahouse.chat.attachments import attachments_of, count_files, files_of
from teahouse.chat.beginning import Beginning, read_beginning
from teahouse.chat.branch import Branch, BranchPoint, read_branch
from teahouse.chat.following import Following
from teahouse.chat.history import read_history
from teahouse.chat.preview import Preview, preview, preview_of
from teahouse.chat.question import TurnRequest, question_of, wanted_model
from teahouse.chat.recording import SLICE_S, Record, TextKind, words_of
from teahouse.chat.sources import gather, read_sources
from teahouse.errors import AppError, ModelError
from teahouse.events import changed
from teahouse.jobs import Cancel, Work
from teahouse.messages import (
    Message,
    Reply,
    StreamEvent,
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
        self._reply_id = ""
        self._beginning: Beginning | None = None
        self._point: BranchPoint | None = None
        self._asked: Message | None = None

    def run(self) -> Generator[StreamEvent, None, Reply]:
        saved = self._save_question()
        record = self._record()
        error: AppError | None = None
        try:
            yield saved
            question = yield from self._gathered(self._question(), record)
            yield from self._answer(question, record)
            self._count_files(record.answered)
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
            record.finish(error)
            self._publish()
        return self._reply(record)

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

    def _record(self) -> Record:
        is_begun = self._beginning is not None and bool(self._beginning.ids)
        return Record(
            self._app,
            self._conversation,
            self._reply_id,
            self._cancel,
            told_alone=self._own_system_prompt,
            begins_with=self._request.continues if is_begun else "",
        )

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

    def _gathered(self, question: Question, record: Record) -> Generator[StreamEvent, None, Question]:
        """The question with what plugins find for it; a version that goes on keeps what was found before."""
        if continued := self._request.continues or (self._request.branch and self._request.branch.message_id):
            kept = read_sources(self._store.message(continued))
            if kept is not None:
                record.sources, record.answered.sent = kept
        else:
            asked = self._store.message(self._reply_id).parent_id
            own = {**self._conversation.settings, **self._request.settings}
            conversation = replace(self._conversation, model=question.model, settings=own, leaf_id=asked)
            query = words_of(self._store, asked)
            record.sources = yield from gather(self._app, query, conversation, self._cancel, self._reply_id)
        record.keep_sources()
        return replace(question, sources=record.sources)

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

    def _answer(self, question: Question, record: Record) -> Generator[StreamEvent, None, None]:
        following = Following(self._app, self._request, self._conversation, question.model)
        question = replace(question, steering=following.steering)
        steps = answer(self._app.engines, question, self._cancel, record.answered)
        try:
            for event in steps:
                following.take(event)
                following.look()
                record.keep(event)
                if event is not None:
                    yield event
        except GeneratorExit:
            # Stopped between two events: hear the engine out, so that the record is complete.
            self._cancel.set()
            for event in steps:
                record.keep(event)
            raise

    # --- after --------------------------------------------------------------------------------------

    def _count_files(self, done: Answered) -> None:
        """Store how long the files of the question are for the model that has read them."""
        engine = self._app.engines.get(done.model.name) if done.model else None
        if engine is None or self._asked is None or self._cancel.is_set():
            return
        if counts := count_files(engine, attachments_of(self._asked), self._cancel):
            self._store.note_tokens(self._asked.id, counts)

    def _reply(self, record: Record) -> Reply:
        done = record.answered
        name = done.model.name if done.model else ""
        said = (self._beginning.text if self._beginning else done.kept or "") + done.text
        return Reply(
            self._conversation.id,
            self._reply_id,
            name,
            said if record.corrected is None else record.corrected,
            done.finish_reason,
            done.usage,
            done.timings,
        )

    def _publish(self) -> None:
        self._app.events.publish(
            changed("messages", "conversations", conversation_id=self._conversation.id, by=self)
        )
