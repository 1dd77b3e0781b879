"""A summary as a turn of a conversation: the wish is stored, the reply grows, and what it was made of."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, TypeVar

from teahouse.chat.answer import Answered
from teahouse.chat.question import wanted_model
from teahouse.chat.sources import Sources
from teahouse.chat.turn import SLICE_S
from teahouse.errors import AppError
from teahouse.events import changed
from teahouse.jobs import Cancel, Work
from teahouse.messages import (
    Attachment,
    Generation,
    MessageState,
    Reply,
    StreamEvent,
    Summarising,
    TextDelta,
    TurnSaved,
)
from teahouse.passages import Context, Passage, Piece
from teahouse_documents.summary import work as making
from teahouse_documents.summary.reading import Document, checked
from teahouse_documents.summary.steps import Made, Step

if TYPE_CHECKING:
    from teahouse.app import App

EXCERPT = 400
"""Characters of each part that are stored with the reply: the document itself stays where it is."""
PLUGIN = "documents"

Read = Callable[["App", Cancel], Generator[Step, None, Document]]
T = TypeVar("T")


def given(attachment: Attachment) -> Read:
    """What gives the text of a file that a message carries."""

    def read(_app: App, _cancel: Cancel) -> Generator[Step, None, Document]:
        yield Step("reading")
        return checked(Document(attachment.name, "", (Piece(attachment.text or ""),)))

    return read


def take_summary(app: App, conversation_id: str, read: Read, *, name: str, words: str) -> Work:
    """Work that yields what a turn does and returns the `Reply`: the whole document, summarised.

    Args:
        read: Gives the document.
        name: What people call it.
        words: The person's wish, as it is stored before the reply.
    """

    def run(cancel: Cancel) -> Generator[StreamEvent, None, Reply]:
        return (yield from _Turn(app, conversation_id, cancel, name).run(read, words))

    return run


class _Turn:
    """One such turn on its way."""

    def __init__(self, app: App, conversation_id: str, cancel: Cancel, name: str) -> None:
        self._app, self._cancel, self._name = app, cancel, name
        self._conversation = app.store.conversation(conversation_id)
        self._reply_id = self._unsaved = ""
        self._saved_at = time.monotonic()
        self._summarising: making.Summarising | None = None

    def run(self, read: Read, words: str) -> Generator[StreamEvent, None, Reply]:
        question, reply = self._app.store.add_turn(self._conversation.id, words)
        self._reply_id = reply.id
        self._publish()
        error: AppError | None = None
        made: Made | None = None
        try:
            yield TurnSaved(self._conversation.id, question.id if question else None, reply.id)
            made = yield from self._summarise(read, words)
        except AppError as failure:
            error = failure
            raise
        except GeneratorExit:
            self._cancel.set()
            raise
        finally:
            self._finish(made, error)
        done = self._done
        text = made.text if made else ""
        return Reply(
            self._conversation.id, reply.id, self._model, text, done.finish_reason, done.usage, done.timings
        )

    # --- inside -----------------------------------------------------------------------------------

    def _summarise(self, read: Read, words: str) -> Generator[StreamEvent, None, Made]:
        document = yield from self._told(read(self._app, self._cancel))
        model = wanted_model(self._app, self._conversation)
        self._summarising = making.Summarising(self._app, document, self._cancel, model)
        # Before a word of it is written: stopped or killed half-way, the reply is untrusted all the same.
        self._keep((_begins(document),), {}, words)
        made = yield from self._told(self._summarising.run())
        told = {"summarised": {**made.as_json(), "is_excerpt": True}}
        self._keep(_passages(made), told, words)
        return made

    def _keep(self, passages: tuple[Passage, ...], trace: dict[str, Any], words: str) -> None:
        """Store with the reply what it is made of, in the place of what was kept before."""
        sources = Sources(words, ((PLUGIN, Context(passages, "", trace)),))
        part = sources.as_part(len(passages))
        self._app.store.add_part(
            self._reply_id, part.kind, part.data, source=part.source, is_trusted=part.is_trusted
        )

    def _told(self, steps: Generator[Step, None, T]) -> Generator[StreamEvent, None, T]:
        """The steps as the events of a turn; what is written is on disk as it comes."""
        while True:
            try:
                step = next(steps)
            except StopIteration as stop:
                result: T = stop.value
                return result
            if step.text:
                self._unsaved += step.text
                if time.monotonic() - self._saved_at >= SLICE_S:
                    self._flush()
                yield TextDelta(self._reply_id, step.text)
            elif step.phase != "writing":
                yield Summarising(self._reply_id, step.done, max(1, step.total), self._name)

    def _flush(self) -> None:
        text, self._unsaved = self._unsaved, ""
        if text:
            self._app.store.append_text(self._reply_id, text)
        self._saved_at = time.monotonic()

    def _finish(self, made: Made | None, error: AppError | None) -> None:
        state: MessageState = "complete"
        if self._cancel.is_set():
            state = "stopped"
        elif error is not None or made is None:
            state = "failed"
        self._flush()
        self._app.store.finish_message(
            self._reply_id,
            state,
            generation=self._generation() if made is not None else None,
            error=None if error is None else (error.text, error.hint),
        )
        self._publish()

    def _generation(self) -> Generation | None:
        done = self._done
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

    @property
    def _done(self) -> Answered:
        return self._summarising.last if self._summarising is not None else Answered()

    @property
    def _model(self) -> str:
        return self._summarising.model if self._summarising is not None else ""

    def _publish(self) -> None:
        self._app.events.publish(
            changed("messages", "conversations", conversation_id=self._conversation.id, by=self)
        )


def _begins(document: Document) -> Passage:
    """How the document begins: what is known of it before it is cut into parts."""
    piece = document.pieces[0] if document.pieces else Piece("")
    return Passage(_excerpt(piece.text), document.path or document.name, piece.place, id=1)


def _passages(made: Made) -> tuple[Passage, ...]:
    """The parts of the document, as the sources of the reply: their beginnings and places."""
    return tuple(
        Passage(_excerpt(part.text), made.path or made.name, part.place, id=number)
        for number, part in enumerate(made.parts, start=1)
    )


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]} …"
