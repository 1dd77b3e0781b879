"""Exactly what would be sent now; nothing is stored."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse.chat.answer import Question, look
from teahouse.chat.attachments import with_files
from teahouse.chat.history import Entry, read_history
from teahouse.chat.question import TurnRequest, question_of
from teahouse.jobs import Cancel, Work
from teahouse.messages import Conversation, Message, StreamEvent

if TYPE_CHECKING:
    from teahouse.app import App


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


def preview(app: App, request: TurnRequest) -> Work:
    """Work that returns the `Preview` of a turn; `request.text` may be a draft. Nothing is stored.

    Loads the model if need be, and yields how far that is.

    Raises:
        AppError: As from `take_turn`.
    """

    def work(cancel: Cancel) -> Generator[StreamEvent | None, None, Preview]:
        conversation = app.store.conversation(request.conversation_id)
        history = read_history(app.store, _path_before(app, conversation, request))
        if asked := with_files(request.text or "", request.attachments):
            history.append(Entry("user", asked, is_trusted=not request.attachments, files=_files(request)))
        question = question_of(app, conversation, request, history=history)
        return (yield from preview_of(app, question, cancel))

    return work


def _files(request: TurnRequest) -> tuple[str, ...]:
    return tuple(one.name for one in request.attachments if one.text is not None)


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
